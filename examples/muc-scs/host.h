/* host.h: the server around a service: clock, random bytes, store, and what the service sends. */
#ifndef SCS_HOST_H
#define SCS_HOST_H

#include <muc/muc.h>

#include "text.h"

/** The ways in which a script is played. All must give the same transcript. */
typedef enum mode {
    MODE_BYTES,   /* bytes in; send callback, pieces out */
    MODE_NODES,   /* trees in, trees out */
    MODE_PULL,    /* bytes in; deliveries fetched */
    MODE_RESTORE, /* every room saved and restored into a new service between every two steps */
    MODE_NOMEM,   /* every allocation fails once */
    MODE_COUNT
} mode;

/** Their names: "bytes" and so on. */
extern const char *const mode_names[MODE_COUNT];

/** A stanza for one recipient. */
typedef struct delivered {
    char *to;
    char *xml; /* canonical, once the call is over */
    void *userdata;
    text bytes;
    muc_delivery *kept; /* nodes */
} delivered;

/** A room in the store. */
typedef struct stored {
    char *jid, *name;
    text xml;
    int is_public, is_tombstone;
} stored;

/** A list of words. */
typedef struct words {
    char **list;
    size_t count;
} words;

typedef struct host {
    mode mode;
    muc_service *service; /* NULL until the first step that needs it */
    muc_settings settings;
    char *domain, *name;
    words option_names, option_values; /* room defaults */
    const char **allowed;              /* the list of payloads, ended by NULL; NULL: all */
    words admins, without, held, payloads;
    muc_room *ended; /* the one that ended last while it was held */
    muc_option_value *defaults;
    const char *wrong; /* what kept the service from being made; NULL: something else */
    const muc_feature **features;
    const words *spared; /* features left out by the command line: their options are passed over */
    int64_t clock;
    uint64_t seed, random;
    int store_fails;
    int scratch;  /* a service that only makes a snapshot: nothing is stored */
    size_t loads; /* rooms that room_wanted brought */
    stored *store;
    size_t store_count;
    delivered *out; /* what the latest call sent */
    size_t out_count;
    text problem; /* what is wrong apart from results; "" when nothing is */
    int dirty;    /* something was called since the rooms were restored */
} host;

/** A call of the library; resolves what it needs itself, for it may be made again. */
typedef int host_fn(host *h, void *arg);

void words_add(words *w, const char *word);
int words_have(const words *w, const char *word);
void words_remove(words *w, const char *word);
void words_free(words *w);

void host_init(host *h, mode how);
/** Frees the service and everything else. */
void host_end(host *h);
/** Makes the service, if it is not there. 0, or -1 with `problem`. */
int host_start(host *h);
/** Makes a call as the mode wants it, and gathers what it sends in `out`. The result of the call; `problem` may be
 * set. */
int host_call(host *h, host_fn *fn, void *arg);
/** Makes the service anew, with the same settings, clock and secret. What muc_service_new() says. */
int host_make(host *h);
/** Whether an option is of a feature that the command line leaves out: scripts that set it say nothing by that. */
int host_spares(const host *h, const char *option);
/** Says which settings of rooms the service cannot take, as far as can be seen. */
void host_blame(const host *h, const muc_option_value *list, size_t count, text *why);
/** In restore mode: saves all rooms and brings them back in a new service. 0, or -1 with `problem`. */
int host_renew(host *h);
/** Forgets what the latest call sent. */
void host_clear(host *h);
/** The room in memory, found without failing allocations; or NULL. */
muc_room *host_room(host *h, const char *jid);
/** Sets the random source to the start of the sequence of a seed. */
void host_seed(host *h, uint64_t seed);
/** The next 64 bits of a sequence. */
uint64_t random_next(uint64_t *state);

/* pressure.c: mode nomem. */

/** Makes the service once for every allocation that can fail, and at last without a failure. */
int pressure_make(host *h);
/** The same for a call: the result and the output of the last time. */
int pressure_call(host *h, host_fn *fn, void *arg);

/* rewind.c: going back to a former state. */

/** All that a service and its host are. */
typedef struct past {
    text *rooms;
    size_t count, loads;
    uint64_t random;
    stored *store;
    size_t store_count;
} past;

void past_take(host *h, past *s);
/** Whether the rooms are as they were then. */
int past_is(host *h, const past *s);
/** Brings all of it back in a new service. 0, or -1 with `problem`. */
int past_bring_back(host *h, const past *s);
void past_free(past *s);

/* store.c: what the host keeps. */

/** Fills in the callbacks of the store. */
void store_callbacks(muc_callbacks *callbacks);
/** Saves a room whole into a text; what muc_room_save() says. */
int store_snapshot(const muc_room *room, unsigned parts, text *out);
/** Keeps a room as it is. */
int store_put(host *h, muc_room *room);
/** The stored room of that JID, or NULL. */
stored *store_find(host *h, const char *jid);
void store_delete(host *h, const char *jid);
void store_free(stored *store, size_t count);
/** A copy of the store. */
stored *store_copy(const stored *store, size_t count);

#endif
