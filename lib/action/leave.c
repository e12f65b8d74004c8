/* leave.c: sessions and occupants that go, by their own will or not (XEP-0045 sections 7.14, 8.2, 9.1, 11.1). */
#include <action/view.h>

int mu_fire_gone(muc_session *session, bool last, bool forced)
{
    muc_occupant *o = session->occupant;
    int r = mu_query_end_session(session);
    if (r)
        return r;
    muc_leave_event leave = {
        .jid = mu_peer_jid(session->peer), .nick = muc_occupant_nick(o), .last_session = last, .forced = forced};
    muc_event event = {.room = o->room, .occupant = o, .from = mu_peer_jid(session->peer), .as = {.leave = &leave}};
    r = mu_fire(o->room->service, MUC_ON_SESSION_GONE, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

/* The last one has gone: what that means is said by features (a room that is not persistent ends). */
int mu_fire_empty(muc_room *room)
{
    if (!room->present || room->live->occupants.count)
        return MUC_OK;
    muc_event event = {.room = room};
    int r = mu_fire(room->service, MUC_ON_EMPTY, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

static int take_out(muc_occupant *o, const char *from, bool forced)
{
    muc_room *room = o->room;
    muc_leave_event leave = {.nick = muc_occupant_nick(o), .last_session = true, .forced = forced};
    int r = mu_occupant_remove(o);
    if (!r)
        r = mu_room_set_used(room, mu_now(room->service));
    if (!r)
        r = mu_notify(room->service, MUC_ON_LEFT, room, o, from, NULL, &leave);
    return r ? r : mu_fire_empty(room);
}

/* One of several sessions goes: the others see at most another presence of the nickname. */
static int leave_one(muc_session *session, mu_notice_about *about)
{
    muc_occupant *o = session->occupant;
    mu_blob *seen = mu_blob_ref(o->primary->presence);
    about->own_only = true;
    int r = mu_announce(o, about, true);
    if (!r)
        r = mu_session_remove(session);
    if (!r)
        r = mu_occupant_choose(o);
    mu_notice_about now = {.affiliation = o->affiliation, .role = o->role};
    if (r == MUC_CHANGED) {
        now.jid_only = now.others_only = mu_blob_same(o->primary->presence, seen);
        r = mu_announce(o, &now, mu_role_is_broadcast(o->room, o->role));
    }
    mu_blob_unref(o->room->service->heap, seen);
    return r;
}

int mu_leave(muc_session *session, const xmlNode *presence, const mu_firing *firing, const mu_notice_about *about,
             bool forced)
{
    muc_occupant *o = session->occupant;
    muc_room *room = o->room;
    int r = mu_fire_gone(session, mu_occupant_sessions(o) == 1, forced);
    /* A handler may have been faster. */
    if (r || !o->present || !mu_session_is_in(session))
        return r;
    bool last = mu_occupant_sessions(o) == 1;
    mu_notice_about said = about ? *about : (mu_notice_about){.unavailable = true};
    said.unavailable = true;
    said.affiliation = o->affiliation;
    said.role = MUC_ROLE_NONE;
    said.only = session;
    r = mu_presence_take(room, muc_occupant_nick(o), presence, firing ? firing->drops : NULL,
                         firing ? *firing->drop_count : 0, &said.payload);
    /* Whoever says too much goes without a word. */
    if (r == MUC_ERR_REJECTED)
        r = mu_presence_take(room, muc_occupant_nick(o), NULL, NULL, 0, &said.payload);
    if (r)
        return r;
    if (last) {
        r = mu_session_list(session, false);
        if (!r)
            r = mu_announce(o, &said, mu_role_is_broadcast(room, o->role));
        if (!r)
            r = take_out(o, mu_peer_jid(session->peer), forced);
    } else {
        r = leave_one(session, &said);
    }
    mu_blob_unref(o->room->service->heap, said.payload);
    return r;
}

int mu_leave_all(mu_peer *peer, const xmlNode *presence, const mu_notice_about *about, bool forced)
{
    muc_session *next;
    int r = MUC_OK;
    for (muc_session *session = peer->sessions; session && !r; session = next) {
        next = session->peer_next;
        /* A room may have ended with another of its sessions in the meantime. */
        if (session->occupant->present)
            r = mu_leave(session, presence, NULL, about, forced);
    }
    return r;
}

int mu_silence(const muc_occupant *o)
{
    int r = MUC_OK;
    for (muc_session *session = o->first; session && !r; session = session->next)
        r = mu_unsend(o->room->service, o->room, session->peer);
    return r;
}

int mu_remove(muc_occupant *o, const mu_notice_about *about, const char *from)
{
    muc_room *room = o->room;
    for (muc_session *session = o->first; session; session = session->next) {
        int r = mu_fire_gone(session, !session->next, true);
        if (r || !room->present || !o->present)
            return r;
    }
    mu_notice_about said = *about;
    said.unavailable = true;
    said.role = MUC_ROLE_NONE;
    said.payload = mu_presence_blob(room, muc_occupant_nick(o), NULL, NULL, 0);
    if (!said.payload)
        return MUC_ERR_NOMEM;
    int r = MUC_OK;
    for (muc_session *session = o->first; session && !r; session = session->next)
        r = mu_session_list(session, false);
    if (!r)
        r = mu_announce(o, &said, mu_role_is_broadcast(room, o->role));
    mu_blob_unref(o->room->service->heap, said.payload);
    if (!r)
        r = take_out(o, from, true);
    return r || said.own_lane != MU_LANE_FIRST ? r : mu_silence(o);
}

int muc_occupant_remove(muc_occupant *o, int status, const char *reason)
{
    muc_service *s = o->room->service;
    mu_txn txn;
    if (!o->present || status < 100 || status > 999)
        return MUC_ERR_INVALID;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_notice_about about = {.affiliation = o->affiliation, .reason = reason, .codes = {{status}, 1}};
    return mu_end(&txn, mu_remove(o, &about, NULL));
}
