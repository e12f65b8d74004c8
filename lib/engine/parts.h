/* parts.h: what the files of this floor share and the floors above do not see. */
#ifndef MU_ENGINE_PARTS_H
#define MU_ENGINE_PARTS_H

#include <engine/engine.h>
#include <engine/pending.h>

/* ---- points (points.c) ------------------------------------------------------------------------------------------ */

typedef enum mu_class { MU_DECIDE, MU_BUILD, MU_APPLY, MU_SERVE, MU_NOTIFY } mu_class;
/* Which part of muc_event.as a point has. */
typedef enum mu_detail {
    MU_DETAIL_NONE,
    MU_DETAIL_CREATE,
    MU_DETAIL_DESTROY,
    MU_DETAIL_JOIN,
    MU_DETAIL_LEAVE,
    MU_DETAIL_ROLE,
    MU_DETAIL_AFFILIATION,
    MU_DETAIL_DATA,
    MU_DETAIL_MESSAGE,
    MU_DETAIL_HISTORY,
    MU_DETAIL_IQ,
    MU_DETAIL_INVITE,
    MU_DETAIL_VOICE,
    MU_DETAIL_BUILD,
    MU_DETAIL_CONFIG,
    MU_DETAIL_REGISTER,
    MU_DETAIL_DISCO,
    MU_DETAIL_SNAPSHOT,
    MU_DETAIL_SWEEP,
    MU_DETAILS
} mu_detail;
typedef struct mu_point {
    const char *name;
    mu_class class;
    mu_detail detail;
    bool keyed;
} mu_point;
extern const mu_point mu_points[MUC_POINT_COUNT];

/* ---- queue (queue.c) -------------------------------------------------------------------------------------------- */

struct muc_delivery {
    mu_heap *heap;
    mu_packet *packet;
    mu_audience *audience; /* NULL: peer alone */
    mu_peer *peer;
    muc_span to; /* of the peer alone */
    muc_room *room;
    mu_hole but; /* of the audience */
    size_t n;    /* of the audience: what is behind it came later; at least what `but` takes out */
};

mu_peer *mu_delivery_peer(const muc_delivery *d, size_t i); /* recipient i (delivery.c) */

typedef struct mu_notice mu_notice; /* a firing that waits: notify.c */

/* A delivery, several of them to one peer, or a notice behind the deliveries of its transaction. */
typedef struct mu_item {
    muc_delivery delivery; /* with a roster: to whom */
    mu_roster *roster;
    mu_notice *notice;
    size_t at, end, but; /* of the roster: the place that comes next, where it ended, one that is passed over */
    size_t count;        /* deliveries that are still to come of it */
    muc_room *pinned;    /* stays as long as this, or NULL */
} mu_item;
void mu_item_drop(mu_item *item); /* with what it holds */
/* Goes on to the next delivery of an item: sets its packet; false: there is none. Here, because it is asked for every
 * presence that somebody who enters is sent. */
static inline bool mu_item_next(mu_item *item)
{
    muc_delivery *d = &item->delivery;
    if (item->count == 0)
        return false;
    item->count--;
    while (item->roster && item->at < item->end) {
        size_t at = item->at++;
        d->packet = item->roster->packets[at];
        if (d->packet && at != item->but)
            return true;
    }
    return !item->roster;
}

typedef struct mu_items {
    mu_item *p;
    size_t n, cap;
    size_t count; /* deliveries */
} mu_items;
int mu_items_add(mu_heap *heap, mu_items *list, const mu_item *item); /* takes it, also on failure */
void mu_items_cut(mu_items *list, size_t n);                          /* drops those from n on */

/* First in, first out. */
typedef struct mu_queue {
    mu_item *p;
    size_t head, n, cap;
    size_t deliveries, notices;
} mu_queue;
int mu_queue_reserve(mu_heap *heap, mu_queue *q, size_t more);
void mu_queue_push(mu_queue *q, const mu_item *item); /* room was reserved */
mu_item mu_queue_pop(mu_queue *q);
void mu_queue_free(mu_heap *heap, mu_queue *q);
/* Both give a large array back when it is empty. */
void mu_items_shrink(mu_heap *heap, mu_items *list);
void mu_queue_shrink(mu_heap *heap, mu_queue *q);

/* ---- output that waits for the store (held.c) ------------------------------------------------------------------- */

/* Output of one room, kept back after MUC_HOLD. */
struct mu_held {
    mu_key key; /* the room's, in the map as long as there is none later */
    mu_queue queue;
    uint64_t sent; /* items that were in the queue and have gone out before the rest */
    muc_room *room;
    struct mu_held *former, *later; /* of rooms of the same name: they go out before, after this */
    struct mu_held *next, *prev;    /* of all rooms that are held */
};
/* Behind what the output of a room waits: its own, or that of a former room of its name. NULL: nothing. */
struct mu_held *mu_held_of(const muc_room *room);
/* Before the store is told of a room: makes sure that it can be held with so many items more, and so can every room
 * that the store would have to be told of again. MUC_OK or MUC_ERR_NOMEM. */
int mu_hold_prepare(muc_room *room, size_t items);
/* Makes its output wait for muc_room_release(). */
void mu_hold(muc_room *room);
void mu_held_free(struct mu_held *held); /* with its output */
void mu_spares_shrink(muc_service *s, size_t keep);

/* ---- taking back (output.c) ------------------------------------------------------------------------------------- */

/* Who hears nothing of what his room had put into MU_LANE_REST before one of its places. */
typedef struct mu_silence_entry {
    const muc_room *room;
    mu_peer *peer; /* counted */
    size_t until;
    struct mu_silence_entry *next; /* of the same peer, while they are applied; NULL: it is the first, and has */
    void *host;                    /* what was peer->host, where this list begins meanwhile */
} mu_silence_entry;
typedef struct mu_silences {
    mu_silence_entry *p;
    size_t n, cap;
} mu_silences;
int mu_silences_apply(muc_service *s); /* all, in one walk over the lane */
void mu_silences_cut(muc_service *s, size_t n);

/* ---- notices (notify.c) ----------------------------------------------------------------------------------------- */

void mu_notice_free(mu_notice *notice);
/* Fires it. Negative results of handlers are returned, nothing else. */
int mu_notice_fire(muc_service *s, mu_notice *notice);

/* ---- hooks (hook.c) --------------------------------------------------------------------------------------------- */

typedef struct mu_hook {
    muc_hook_fn *fn;
    void *ud;
    char *key;        /* NULL: all */
    const char *name; /* in a key that is the {ns}name of an element: the name */
    int priority, id;
    muc_point point;
    bool dead;
} mu_hook;
typedef struct mu_hooks {
    mu_hook *p;
    size_t n, cap;
    unsigned firing; /* within each other */
    bool dead;       /* some of them are */
} mu_hooks;

/* ---- the engine ------------------------------------------------------------------------------------------------- */

struct mu_engine {
    mu_phase phase;
    unsigned depth; /* calls of the API within each other */
    mu_items lanes[MU_LANES];
    mu_items notices;
    mu_silences silences;
    mu_queue queue;
    struct mu_held *held;   /* rooms whose output waits for the store */
    mu_map held_at;         /* the latest of each name */
    struct mu_held *spares; /* to be taken when the store wants a room held, by next */
    size_t spare_n;
    bool flushing, incomplete;
    bool
        presences_stale; /* who adds to presences has changed: those that are kept are forgotten before the next call */
    bool released;       /* held output has come to the queue, which is not flushed yet */
    unsigned told;       /* how often the store was told of something in the current commit */
    size_t owed;         /* rooms that it would have to be told of again, should that commit fail */
    uint64_t commits;
    int persistent; /* index of that option, -1 when no feature has it */
    mu_hooks hooks[MUC_POINT_COUNT];
    mu_hooks newcomers; /* added while their point fires */
    int last_hook;
    mu_verdict verdict;
    mu_reader reader;
    muc_xml reply;
    bool replying, reply_empty;
    mu_peer *sender;
    struct mu_deferred_call *deferred; /* in order; see defer.c */
    mu_pending pending;
    size_t deferred_n, deferred_cap;
};

/* txn.c: a call of the API begins: the clock is asked anew. */
void mu_call_enter(muc_service *s);
/* txn.c: gives the host what is queued, as far as it takes it. */
void mu_flush(muc_service *s);
/* defer.c */
void mu_deferred_run(muc_service *s, size_t from);
void mu_deferred_cut(muc_service *s, size_t n);
/* hook.c */
void mu_hooks_free(muc_service *s);
/* What a handler's answer means: MUC_PASS, MUC_STOP or a negative result. */
int mu_meaning(mu_class class, int answer);
/* pending.c: asks a decide handler in a dispatch that may wait; the same. */
int mu_ask(muc_service *s, int hook, muc_hook_fn *fn, void *ud, muc_event *event);
/* question.c: the same for the same question to whomever, another one for another. */
uint64_t mu_question_of(const muc_event *ev);

#endif
