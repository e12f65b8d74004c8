/* destroy.c: the end of a room (XEP-0045 section 10.9), and forgetting one. */
#include <action/actor.h>

static int dismiss(muc_occupant *o, const char *from, const mu_notice_about *farewell)
{
    muc_service *s = o->room->service;
    mu_notice_about about = *farewell;
    about.unavailable = about.own_only = true;
    about.own_lane = MU_LANE_FIRST;
    int r = mu_presence_blob(o, NULL, NULL, 0, &about.payload);
    if (!about.destroy)
        about.affiliation = o->affiliation;
    if (!r)
        r = mu_announce(o, &about, false);
    mu_blob_unref(s->heap, about.payload);
    muc_leave_event leave = {.nick = muc_occupant_nick(o), .last_session = true, .forced = true};
    if (!r)
        r = mu_occupant_remove(o);
    if (!r)
        r = mu_silence(o);
    return r ? r : mu_notify(s, MUC_ON_LEFT, o->room, o, from, NULL, &leave);
}

/* Everybody gets his own unavailable presence, before the answer to who asked for the end; nobody gets another's. */
static int say_goodbye(muc_room *room, const char *from, const mu_notice_about *farewell)
{
    muc_occupant *next;
    /* Taking all out one by one would look for each of them. */
    if (mu_save_touch(&room->service->journal, mu_room_forget_audiences, room))
        return MUC_ERR_NOMEM;
    int r = MUC_OK;
    for (muc_occupant *o = room->live->first_occupant; o && !r; o = next) {
        next = o->next;
        r = mu_fire_all_gone(o);
        /* A handler may have been faster. */
        if (!r && o->present && room->present)
            r = dismiss(o, from, farewell);
    }
    /* Whom handlers have let in meanwhile: nobody is asked again, or there would be no end. */
    while (!r && room->present && room->live->first_occupant)
        r = dismiss(room->live->first_occupant, from, farewell);
    return r;
}

int mu_destroy(muc_room *room, const char *from, const char *alternate, const char *reason, const char *password)
{
    muc_service *s = room->service;
    muc_destroy_event destroy = {.alternate = alternate, .reason = reason, .password = password};
    muc_event event = {.room = room, .from = from, .as = {.destroy = &destroy}};
    int r = mu_fire(s, MUC_ON_PRE_DESTROY, &event, NULL);
    if (r >= 0)
        r = say_goodbye(room, from, &(mu_notice_about){.destroy = &destroy});
    if (!r && !room->present)
        return MUC_OK;
    if (!r)
        r = mu_notify(s, MUC_ON_DESTROYED, room, NULL, from, NULL, &destroy);
    if (!r)
        r = mu_query_end_room(room);
    if (!r)
        r = mu_room_remove(room);
    return r || !destroy.gone_for ? r : mu_tombstone_set(room, &destroy);
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_room_destroy(d->room, d->text[0], d->text[1], d->text[2]);
}

/* What everybody is told to turn to is an address. */
static int check_address(muc_service *s, const char *jid)
{
    mu_buf key;
    mu_buf_init(&key, s->heap);
    int r = mu_user_key(s, jid, true, &key);
    mu_buf_free(&key);
    return r;
}

int muc_room_destroy(muc_room *room, const char *alternate, const char *reason, const char *password)
{
    const muc_service *s = room->service;
    if (!room->present || mu_reason_check(s, reason) || mu_reason_check(s, password))
        return MUC_ERR_INVALID;
    if (alternate && !*alternate)
        alternate = NULL;
    int r = alternate ? check_address(room->service, alternate) : MUC_OK;
    if (r)
        return r;
    mu_txn txn;
    r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(room->service,
                        &(mu_deferred){.run = run_deferred, .room = room, .text = {alternate, reason, password}});
    return r ? r : mu_end(&txn, mu_destroy(room, NULL, alternate, reason, password));
}

int muc_room_clear(muc_room *room, int status, const char *reason)
{
    mu_txn txn;
    if (!room->present || (status && (status < 100 || status > 999)) || mu_reason_check(room->service, reason))
        return MUC_ERR_INVALID;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    mu_notice_about about = {.reason = reason};
    if (status)
        (void)mu_codes_add(&about.codes, status);
    bool some = room->live->occupants.count > 0;
    r = say_goodbye(room, NULL, &about);
    return mu_end(&txn, r || !some ? r : mu_fire_empty(room));
}

static int drop(muc_room *room, bool evict)
{
    muc_service *s = room->service;
    if (!room->present)
        return MUC_ERR_INVALID;
    if (evict && (room->live->occupants.count || room->live->held))
        return MUC_ERR_BUSY;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    muc_event event = {.room = room};
    r = evict ? mu_fire(s, MUC_ON_PRE_EVICT, &event, NULL) : MUC_PASS;
    if (r < 0)
        return mu_end(&txn, r);
    /* What is held could not come back if the transaction around this one is undone. */
    if (room->live->held && !txn.outermost)
        return mu_end(&txn, MUC_ERR_BUSY);
    /* As at the end of a room: looking for each of them would be quadratic. */
    r = mu_save_touch(&s->journal, mu_room_forget_audiences, room);
    muc_occupant *next;
    for (muc_occupant *o = room->live->first_occupant; o && !r; o = next) {
        next = o->next;
        r = mu_occupant_remove(o);
    }
    if (!r)
        r = mu_query_end_room(room);
    if (!r)
        r = mu_room_remove(room);
    /* What the store has stays there. */
    if (!r)
        r = mu_save_note(&s->journal, room, 0, MU_NOTE_FORGOTTEN, NULL);
    /* What is held is lost only when all is well. A handler may release it before, which would free the room. */
    bool held = room->live->held != NULL;
    if (held)
        mu_room_pin(room);
    r = mu_end(&txn, r);
    if (held && r >= 0)
        mu_held_drop(room);
    if (held)
        mu_room_unpin(room);
    return r;
}

int muc_room_forget(muc_room *room)
{
    return drop(room, false);
}

int muc_room_evict(muc_room *room)
{
    return drop(room, true);
}
