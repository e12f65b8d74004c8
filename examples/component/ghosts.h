/* ghosts.h: who is not there any more after the connection was lost for a while.
 *
 * While there is no connection the server cannot say who leaves, and when it comes back it does not tell what happened.
 * So everybody who is in a room is asked once (XEP-0199), and whose server says that he is not there is taken out;
 * where that may be the answer of a client that knows no pings, it is tried whether a message comes back.
 * Whoever says nothing stays: his client may sleep. */
#ifndef COMPONENT_GHOSTS_H
#define COMPONENT_GHOSTS_H

#include <event2/event.h>
#include <muc/muc.h>

struct ghosts;

/** NULL: no memory. */
struct ghosts *ghosts_new(struct event_base *base, muc_service *service);
/** Begins to ask everybody who is in a room now; a few at a time. */
void ghosts_look(struct ghosts *ghosts);
/** Asks those who are in that room, too, in its name: where several processes share a domain, answers to the service
 * may come to another one. */
void ghosts_look_in(struct ghosts *ghosts, muc_room *room);
/** Asks no more. */
void ghosts_stop(struct ghosts *ghosts);
/** Before the service is freed. NULL is fine. */
void ghosts_free(struct ghosts *ghosts);

#endif
