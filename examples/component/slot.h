/* slot.h: whether the server sends us anything, where several connections share a domain.
 *
 * A server that balances them (ejabberd: domain_balancing) gives each of so many connections a slot, and each room to a
 * slot. A connection beyond those gets nothing, and nobody tells it so, neither that it has none nor that one is free.
 * So it is tried out: small stanzas to rooms that there are not come back to whoever has their slot. Who gets none back
 * has no slot, and comes again later: it stands by. */
#ifndef COMPONENT_SLOT_H
#define COMPONENT_SLOT_H

#include <event2/event.h>
#include <libxml/tree.h>

#include "stream.h"

struct slot;

/** What it tells. */
typedef struct slot_events {
    void (*found)(void *ud);                 /**< there is one */
    void (*missing)(void *ud);               /**< there is none */
    void (*wake)(const char *jid, void *ud); /**< somebody has called a room of ours: slot_call() */
} slot_events;

/** The domain stays. NULL: no memory. */
struct slot *slot_new(struct event_base *base, struct stream *stream, const char *domain, const slot_events *events,
                      void *ud);
/** The stream is up: found or missing follows. */
void slot_look(struct slot *s);
/** The stream is down. */
void slot_stop(struct slot *s);
/** Tells whoever has the slot of that room that it should be in memory. */
void slot_call(struct slot *s, const char *jid);
/** Takes a stanza that is of this kind, whoever sent it: 1; 0: it is none. */
int slot_take(struct slot *s, const xmlNode *stanza);
/** NULL is fine. */
void slot_free(struct slot *s);

#endif
