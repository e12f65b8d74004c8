/* tell.c: telling by hand: an occupant's presence to all or to one, and what who enters is told, from the API. */
#include <action/actor.h>
#include <action/talk.h>

#include <string.h>

/* ---- presence --------------------------------------------------------------------------------------------------- */

/* A notice as the API describes it, with what has to be freed. */
typedef struct mu_told {
    mu_notice_about about;
    mu_actor actor;
    muc_xml extra;
} mu_told;

static int add_codes(mu_codes *codes, const muc_announcement *how)
{
    for (size_t i = 0; i < how->code_count; i++)
        if (how->codes[i] < 100 || how->codes[i] > 999 || !mu_codes_add(codes, how->codes[i]))
            return MUC_ERR_INVALID;
    return MUC_OK;
}

/* What the host adds to `<x/>`. */
static int add_extra(mu_told *t, muc_service *s, const muc_announcement *how)
{
    if (!how->extra)
        return MUC_OK;
    mu_phase before = mu_phase_set(s, MU_PHASE_FIXED);
    how->extra(&t->extra, how->ud);
    (void)mu_phase_set(s, before);
    mu_xml_settle(&t->extra);
    t->about.extra = (muc_span){t->extra.buf.p, t->extra.buf.n};
    return t->extra.depth ? MUC_ERR_INVALID : muc_xml_error(&t->extra);
}

static int told_read(mu_told *t, muc_occupant *o, const muc_announcement *how)
{
    static const muc_announcement plain = {0};
    muc_service *s = o->room->service;
    how = how ? how : &plain;
    *t = (mu_told){.about = {.unavailable = how->unavailable,
                             .affiliation = o->affiliation,
                             .role = how->unavailable ? MUC_ROLE_NONE : o->role,
                             .reason = how->reason}};
    mu_xml_init(&t->extra, s->heap, MUC_NS_USER);
    int r = mu_actor_read(o->room, how->actor, &t->actor);
    t->about.actor_nick = t->actor.nick;
    if (!r)
        r = mu_reason_check(s, how->reason);
    if (!r)
        r = add_codes(&t->about.codes, how);
    if (!r)
        r = add_extra(t, s, how);
    if (!r && how->unavailable)
        r = mu_presence_blob(o, NULL, NULL, 0, &t->about.payload);
    return r;
}

static void told_free(mu_told *t, muc_service *s)
{
    mu_blob_unref(s->heap, t->about.payload);
    mu_actor_free(&t->actor);
    mu_xml_free(&t->extra);
}

/* To one session, or to all when that is NULL. */
static int tell(muc_occupant *o, const muc_announcement *how, muc_session *to)
{
    muc_service *s = o->room->service;
    mu_txn txn;
    int r = o->present ? mu_begin_send(s, &txn) : MUC_ERR_INVALID;
    if (r)
        return r;
    mu_told t;
    bool shown = (how && how->shown) || mu_is_shown(o);
    r = told_read(&t, o, how);
    if (!r && !to)
        r = mu_announce(o, &t.about, shown);
    else if (!r && (shown || to->occupant == o))
        r = mu_show(o, &t.about, to);
    told_free(&t, s);
    return mu_end(&txn, r);
}

int muc_occupant_announce(muc_occupant *occupant, const muc_announcement *how)
{
    return tell(occupant, how, NULL);
}

/* Whether a session is one of somebody in a room. */
static bool is_there(const muc_session *session)
{
    return session->occupant && session->occupant->present && mu_session_is_in(session);
}

int muc_occupant_refresh(muc_occupant *o)
{
    mu_txn txn;
    int r = o->present ? mu_begin_send(o->room->service, &txn) : MUC_ERR_INVALID;
    if (r)
        return r;
    mu_occupant_stale(o);
    return mu_end(&txn, MUC_OK);
}

int muc_occupant_show(muc_occupant *occupant, muc_session *to, const muc_announcement *how)
{
    return is_there(to) && to->occupant->room == occupant->room ? tell(occupant, how, to) : MUC_ERR_INVALID;
}

static int show_picked(muc_session *to, muc_filter_fn *filter, void *ud)
{
    muc_room *room = to->occupant->room;
    int r = MUC_OK;
    for (muc_occupant *o = room->live->first_occupant; o && !r; o = o->next) {
        mu_phase before = mu_phase_set(room->service, MU_PHASE_FIXED);
        bool picked = o != to->occupant && mu_is_shown(o) && filter(o, ud);
        (void)mu_phase_set(room->service, before);
        mu_notice_about about = {.affiliation = o->affiliation, .role = o->role};
        r = picked ? mu_show(o, &about, to) : MUC_OK;
    }
    return r;
}

/* Begins a call that sends to a session. */
static int begin(muc_session *to, mu_txn *txn)
{
    return is_there(to) ? mu_begin_send(to->occupant->room->service, txn) : MUC_ERR_INVALID;
}

int muc_session_show_all(muc_session *to, muc_filter_fn *filter, void *ud)
{
    mu_txn txn;
    int r = begin(to, &txn);
    if (r)
        return r;
    return mu_end(&txn, filter ? show_picked(to, filter, ud) : mu_send_occupants(to->occupant->room, to));
}

static int show_absent(muc_session *to, const char *jid)
{
    muc_room *room = to->occupant->room;
    mu_buf key;
    mu_buf_init(&key, room->service->heap);
    int r = mu_user_key(room->service, jid, true, &key);
    const mu_affiliation *a = r ? NULL : mu_affiliation_find(room, key.p, strlen(key.p));
    const char *nick_key = a && mu_affiliation_nick(a) ? a->more->by_nick.p : NULL;
    if (!r && (!nick_key || mu_occupant_by_key(room, nick_key, strlen(nick_key))))
        r = MUC_ERR_NOT_FOUND;
    mu_buf_free(&key);
    return r ? r : mu_show_absent(room, a, to);
}

int muc_session_show_absent(muc_session *to, const char *bare_jid)
{
    mu_txn txn;
    int r = bare_jid ? begin(to, &txn) : MUC_ERR_INVALID;
    return r ? r : mu_end(&txn, show_absent(to, bare_jid));
}

/* ---- talk ------------------------------------------------------------------------------------------------------- */

int muc_session_send_history(muc_session *to, const muc_history_event *wanted)
{
    mu_txn txn;
    int r = begin(to, &txn);
    if (r)
        return r;
    r = mu_send_history(to, NULL, wanted);
    return mu_end(&txn, r < 0 ? r : MUC_OK);
}

int muc_session_send_subject(muc_session *to)
{
    mu_txn txn;
    int r = begin(to, &txn);
    return r ? r : mu_end(&txn, mu_send_subject(to));
}
