/* leave.c: sessions and occupants that go, by their own will or not (XEP-0045 sections 7.14, 8.2, 9.1, 11.1). */
#include <action/view.h>

#include <string.h>

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
        r = mu_announce(o, &now, mu_is_shown(o));
    }
    mu_blob_unref(o->room->service->heap, seen);
    return r;
}

int mu_leave(muc_session *session, const xmlNode *presence, const mu_firing *firing, const mu_notice_about *about,
             bool forced)
{
    muc_occupant *o = session->occupant;
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
    r = mu_presence_take(o, presence, firing ? firing->drops : NULL, firing ? *firing->drop_count : 0, &said.payload);
    /* Whoever says too much goes without a word. */
    if (r == MUC_ERR_REJECTED)
        r = mu_presence_take(o, NULL, NULL, 0, &said.payload);
    if (r)
        return r;
    if (last) {
        r = mu_session_list(session, false);
        if (!r)
            r = mu_announce(o, &said, mu_is_shown(o));
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

int mu_fire_all_gone(muc_occupant *o)
{
    int r = MUC_OK;
    for (muc_session *session = o->first; session && !r && o->present; session = session->next)
        r = mu_fire_gone(session, !session->next, true);
    return r;
}

static int unlist(const muc_occupant *o)
{
    int r = MUC_OK;
    for (muc_session *session = o->first; session && !r; session = session->next)
        r = mu_session_list(session, false);
    return r;
}

/* He is on no list any more. */
static int say_and_take_out(muc_occupant *o, const mu_notice_about *about, const char *from)
{
    muc_room *room = o->room;
    mu_notice_about said = *about;
    said.unavailable = true;
    said.role = MUC_ROLE_NONE;
    int r = mu_presence_blob(o, NULL, NULL, 0, &said.payload);
    if (!r)
        r = mu_announce(o, &said, mu_is_shown(o));
    mu_blob_unref(room->service->heap, said.payload);
    if (!r)
        r = take_out(o, from, true);
    return r || said.own_lane != MU_LANE_FIRST ? r : mu_silence(o);
}

int mu_remove(muc_occupant *o, const mu_notice_about *about, const char *from)
{
    int r = mu_fire_all_gone(o);
    if (r || !o->present)
        return r;
    r = unlist(o);
    return r ? r : say_and_take_out(o, about, from);
}

int mu_pick(muc_room *room, muc_filter_fn *filter, void *ud, muc_occupant ***out)
{
    muc_service *s = room->service;
    size_t n = 0;
    muc_occupant **picked = mu_alloc(s->heap, (room->live->occupants.count + 1) * sizeof *picked);
    *out = picked;
    if (!picked)
        return MUC_ERR_NOMEM;
    mu_phase before = mu_phase_set(s, MU_PHASE_FIXED);
    for (muc_occupant *o = room->live->first_occupant; o; o = o->next)
        if (!filter || filter(o, ud))
            picked[n++] = o;
    (void)mu_phase_set(s, before);
    picked[n] = NULL;
    return MUC_OK;
}

static int gather(muc_room *room, muc_occupant *const *those, size_t n, int view, mu_audience **out)
{
    mu_audience *stay;
    int r = mu_room_audience(room, view, &stay);
    if (r || (view == MU_VIEW_ANONYMOUS && mu_sees_jids(room, MUC_ROLE_VISITOR)))
        return r;
    mu_audience *all = *out = mu_audience_new(room->service->heap, stay ? stay->n : 0);
    for (size_t i = 0; all && stay && i < stay->n; i++)
        (void)mu_audience_add(all, mu_audience_peer(stay, i));
    for (size_t i = n; all && i-- > 0;) {
        bool hears = those[i]->present && mu_sees_jids(room, those[i]->role) == (view == MU_VIEW_FULL);
        for (muc_session *session = hears ? those[i]->first : NULL; session; session = session->next)
            (void)mu_audience_add(all, session->peer);
    }
    mu_audience_unref(stay);
    return all ? MUC_OK : MUC_ERR_NOMEM;
}

static int go(muc_occupant *o, mu_leaving *leaving, const mu_notice_about *about, const char *from)
{
    muc_room *room = o->room;
    const char *key = mu_occupant_bare_key(o);
    leaving->gone[mu_sees_jids(room, o->role)] += (uint32_t)mu_occupant_sessions(o);
    mu_notice_about said = *about;
    said.affiliation = mu_affiliation_of(room, (muc_span){key, strlen(key)});
    said.leaving = leaving;
    return say_and_take_out(o, &said, from);
}

int mu_remove_all(muc_room *room, muc_occupant *const *those, const mu_notice_about *about, const char *from)
{
    mu_leaving leaving = {.gone = {0}};
    size_t n = 0;
    int r = MUC_OK;
    for (; those[n] && !r; n++)
        r = those[n]->present ? mu_fire_all_gone(those[n]) : MUC_OK;
    /* Looking for each of them would be quadratic. */
    if (!r && n > 1)
        r = mu_save_touch(&room->service->journal, mu_room_forget_audiences, room);
    for (size_t i = 0; i < n && !r; i++)
        r = those[i]->present ? unlist(those[i]) : MUC_OK;
    for (int view = 0; n > 0 && view < MU_VIEWS && !r; view++)
        r = gather(room, those, n, view, &leaving.to[view]);
    for (size_t i = 0; i < n && !r; i++)
        r = those[i]->present ? go(those[i], &leaving, about, from) : MUC_OK;
    for (int view = 0; view < MU_VIEWS; view++)
        mu_audience_unref(leaving.to[view]);
    return r;
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

int muc_room_remove_occupants(muc_room *room, muc_filter_fn *filter, void *ud, int status, const char *reason)
{
    muc_service *s = room->service;
    mu_txn txn;
    if (!room->present || status < 100 || status > 999)
        return MUC_ERR_INVALID;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    muc_occupant **those;
    mu_notice_about about = {.reason = reason, .codes = {{status}, 1}};
    r = mu_pick(room, filter, ud, &those);
    if (!r)
        r = mu_remove_all(room, those, &about, NULL);
    mu_free(s->heap, those);
    return mu_end(&txn, r);
}
