/* lock.c: closing rooms and opening them: those that wait for their configuration (XEP-0045 section 10.1), and others
 * by hand. */
#include <action/action.h>

/* Those inside are told that the configuration is another one; a room that waits for its first has nobody to tell. */
static int tell(muc_room *room)
{
    mu_codes codes = {{104}, 1};
    return mu_send_codes(room, &codes);
}

int mu_unlock(muc_room *room, const char *actor)
{
    bool by_hand = room->locked_by_hand;
    int r = mu_room_set_locked(room, 0, false);
    if (!r && by_hand)
        r = tell(room);
    return r ? r : mu_notify(room->service, MUC_ON_UNLOCKED, room, NULL, actor, NULL, NULL);
}

static int lock(muc_room *room)
{
    int r = mu_room_set_locked(room, mu_now(room->service), true);
    if (!r)
        r = tell(room);
    return r ? r : mu_notify(room->service, MUC_ON_LOCKED, room, NULL, NULL, NULL, NULL);
}

int mu_lock_expire(muc_room *room)
{
    muc_service *s = room->service;
    const muc_settings *t = &s->settings;
    if (!room->locked || room->locked_by_hand || !t->lock_timeout ||
        (mu_now(s) - room->locked) / 1000 < t->lock_timeout)
        return MUC_OK;
    int r = MUC_ERR_REJECTED;
    if (t->lock_timeout_destroys) {
        mu_mark mark;
        mu_mark_set(s, &mark);
        r = mu_destroy(room, NULL, NULL, NULL, NULL);
        /* A handler wants it to stay: then it shall be of use. */
        if (r == MUC_ERR_REJECTED)
            mu_undo_to(s, &mark);
    }
    if (r == MUC_ERR_REJECTED)
        r = mu_unlock(room, NULL);
    return r < 0 ? r : MUC_CHANGED;
}

/* ---- API -------------------------------------------------------------------------------------------------------- */

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return d->number ? muc_room_lock(d->room) : muc_room_unlock(d->room);
}

static int set_locked(muc_room *room, bool locked)
{
    muc_service *s = room->service;
    if (!room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(s, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(s, &(mu_deferred){.run = run_deferred, .room = room, .number = locked});
    if (r)
        return r;
    bool same = locked ? room->locked_by_hand : !room->locked;
    if (!same)
        r = locked ? lock(room) : mu_unlock(room, NULL);
    return mu_end(&txn, r ? r : same ? MUC_OK : MUC_CHANGED);
}

int muc_room_lock(muc_room *room)
{
    return set_locked(room, true);
}

int muc_room_unlock(muc_room *room)
{
    return set_locked(room, false);
}

int muc_room_expire_lock(muc_room *room)
{
    if (!room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    return r ? r : mu_end(&txn, mu_lock_expire(room));
}
