/* lock.c: a new room waits until its creator has configured it (XEP-0045 sections 7.2.10 and 10.1). */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* A room that the host makes is open at once. */
static int on_pre_create(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->stanza)
        ev->as.create->locked = muc_service_settings(ev->service)->lock_new_rooms != 0;
    return MUC_PASS;
}

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (!ev->room || !muc_room_is_locked(ev->room) || join->new_room || join->resync ||
        join->affiliation == MUC_AFFILIATION_OWNER || muc_service_is_admin(ev->service, join->jid))
        return MUC_PASS;
    return muc_reject_as(ev, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
}

/* Whether nobody who could configure the room is left when this session goes. */
static int is_last_owner(muc_room *room, muc_occupant *leaver)
{
    if (muc_occupant_affiliation(leaver) != MUC_AFFILIATION_OWNER ||
        muc_session_next(leaver, muc_session_next(leaver, NULL)))
        return 0;
    muc_occupant *o = NULL;
    while ((o = muc_occupant_next(room, o)))
        if (o != leaver && muc_occupant_affiliation(o) == MUC_AFFILIATION_OWNER)
            return 0;
    return 1;
}

/* A handler that keeps the room has its way. */
static int give_up(muc_room *room)
{
    int r = muc_room_destroy(room, NULL, NULL, NULL);
    if (r == MUC_ERR_REJECTED)
        return MUC_PASS;
    return r < 0 ? r : MUC_STOP;
}

/* The owner who gives up is told that the room is gone, not just that he left it. */
static int on_presence(muc_event *ev, void *ud)
{
    (void)ud;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!ev->room || !ev->occupant || !type || strcmp(type, "unavailable") != 0 || !muc_room_awaits_config(ev->room) ||
        !is_last_owner(ev->room, ev->occupant))
        return MUC_PASS;
    return give_up(ev->room);
}

/* His connection was lost. */
static int on_empty(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_awaits_config(ev->room) ? give_up(ev->room) : MUC_PASS;
}

/* ---- rooms that wait, the one that waits longest first ---------------------------------------------------------- */

typedef struct waiting {
    muc_room *room;
    struct waiting *next, *prev;
} waiting;

typedef struct queue {
    waiting *first, *last;
} queue;

static void leave_queue(muc_service *service, void *data)
{
    waiting *w = data;
    queue *q = muc_feature_service_data(service, &muc_feature_lock);
    *(w->prev ? &w->prev->next : &q->first) = w->next;
    *(w->next ? &w->next->prev : &q->last) = w->prev;
    muc_service_release(service, w);
}

/* Without memory the room is found by the next stanza to it alone. */
static void enqueue(muc_room *room, queue *q)
{
    muc_service *service = muc_room_service(room);
    waiting *w = muc_service_alloc(service, sizeof *w);
    if (!w)
        return;
    *w = (waiting){.room = room, .prev = q->last};
    if (muc_feature_set_data(room, &muc_feature_lock, w) < 0) {
        muc_service_release(service, w);
        return;
    }
    *(q->last ? &q->last->next : &q->first) = w;
    q->last = w;
}

static void dequeue(muc_room *room)
{
    waiting *w = muc_feature_data(room, &muc_feature_lock);
    if (!w)
        return;
    leave_queue(muc_room_service(room), w);
    (void)muc_feature_set_data(room, &muc_feature_lock, NULL);
}

static int on_locked(muc_event *ev, void *ud)
{
    (void)ud;
    queue *q = muc_feature_service_data(ev->service, &muc_feature_lock);
    if (!muc_room_awaits_config(ev->room) || muc_feature_data(ev->room, &muc_feature_lock))
        return MUC_PASS;
    if (!q) {
        q = muc_service_alloc(ev->service, sizeof *q);
        if (!q)
            return MUC_PASS;
        *q = (queue){NULL, NULL};
        (void)muc_feature_set_service_data(ev->service, &muc_feature_lock, q);
    }
    enqueue(ev->room, q);
    return MUC_PASS;
}

static int on_unlocked(muc_event *ev, void *ud)
{
    (void)ud;
    dequeue(ev->room);
    return MUC_PASS;
}

static void end_queue(muc_service *service, void *data)
{
    muc_service_release(service, data);
}

/* Those that wait longest come first, up to one that still may. */
static int on_sweep(muc_event *ev, void *ud)
{
    (void)ud;
    muc_sweep_event *sweep = ev->as.sweep;
    queue *q = muc_feature_service_data(ev->service, &muc_feature_lock);
    int64_t timeout = muc_service_settings(ev->service)->lock_timeout;
    while (q && q->first && timeout) {
        muc_room *room = q->first->room;
        int64_t due = muc_room_locked_since(room) + timeout * 1000;
        if (due > sweep->now || !sweep->work) {
            if (due < sweep->next)
                sweep->next = due;
            return MUC_PASS;
        }
        sweep->work--;
        dequeue(room);
        int r = muc_room_expire_lock(room);
        if (r < 0) {
            enqueue(room, q);
            return r;
        }
    }
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_LOCKED, NULL, MUC_PRIORITY_DEFAULT, on_locked},
    {MUC_ON_RESTORED, NULL, MUC_PRIORITY_DEFAULT, on_locked},
    {MUC_ON_UNLOCKED, NULL, MUC_PRIORITY_DEFAULT, on_unlocked},
    {MUC_ON_SWEEP, NULL, MUC_PRIORITY_DEFAULT, on_sweep},
    {MUC_ON_PRE_CREATE, NULL, MUC_PRIORITY_DEFAULT, on_pre_create},
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_LOCK, on_pre_join},
    {MUC_ON_PRESENCE, NULL, MUC_PRIORITY_DEFAULT, on_presence},
    {MUC_ON_EMPTY, NULL, MUC_PRIORITY_DEFAULT, on_empty},
    {.fn = NULL},
};

const muc_feature muc_feature_lock = {
    .name = "lock", .hooks = hooks, .room_free = leave_queue, .service_free = end_queue};
