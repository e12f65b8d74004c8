/* draft_copy.c: drafts of somebody who is in the room: what was changed in one happens to him when it is saved.
 *
 * All of it is one transaction, made of the same steps as if he or the service had taken them one by one: new sessions
 * enter, presences change, sessions go, the role changes. */
#include <action/action.h>

#include <string.h>

/* ---- the copy --------------------------------------------------------------------------------------------------- */

static int copy_sessions(const muc_occupant *o, muc_occupant *draft)
{
    for (const muc_session *session = o->first; session; session = session->next) {
        muc_session *copy;
        int r =
            mu_session_add(draft, session->peer, mu_blob_ref(session->presence), muc_session_priority(session), &copy);
        if (r)
            return r;
        mu_session_set_turn(copy, mu_session_turn(session));
        if (session == o->primary)
            draft->primary = copy;
    }
    return MUC_OK;
}

int muc_occupant_copy(const muc_occupant *occupant, muc_occupant **out)
{
    *out = NULL;
    if (!occupant->present)
        return MUC_ERR_INVALID;
    muc_room *room = occupant->room;
    muc_occupant *draft = mu_occupant_make(room, muc_occupant_nick(occupant), occupant->key.p,
                                           mu_occupant_bare(occupant), mu_occupant_bare_key(occupant));
    if (!draft)
        return MUC_ERR_NOMEM;
    draft->copied = true;
    draft->role = occupant->role;
    int r = copy_sessions(occupant, draft);
    if (r) {
        mu_occupant_free(room->service->heap, draft);
        return r;
    }
    mu_room_pin(room);
    *out = draft;
    return MUC_OK;
}

/* ---- saving it -------------------------------------------------------------------------------------------------- */

static muc_session *counterpart(const muc_occupant *o, const muc_session *of)
{
    muc_session *session = o->first;
    while (session && !(session->peer->key.n == of->peer->key.n &&
                        memcmp(session->peer->key.p, of->peer->key.p, of->peer->key.n) == 0))
        session = session->next;
    return session;
}

/* Gives him a session of the draft, or its presence. *is_new is set when he did not have it. */
static int take_one(muc_occupant *o, const muc_session *from, bool *is_new)
{
    muc_session *session = counterpart(o, from);
    int priority = muc_session_priority(from);
    *is_new = !session;
    if (!session)
        return mu_session_add(o, from->peer, mu_blob_ref(from->presence), priority, NULL);
    if (mu_blob_same(session->presence, from->presence) && muc_session_priority(session) == priority)
        return MUC_OK;
    return mu_session_set_presence(session, mu_blob_ref(from->presence), priority);
}

/* A session that he did not have is told what who enters is told. */
static int welcome(muc_occupant *o, muc_session *session)
{
    muc_join_event join = {.jid = mu_peer_jid(session->peer),
                           .nick = muc_occupant_nick(o),
                           .affiliation = o->affiliation,
                           .role = o->role};
    muc_event event = {.room = o->room, .occupant = o, .as = {.join = &join}};
    mu_notice_about own = {.affiliation = o->affiliation,
                           .role = o->role,
                           .own_only = true,
                           .only = session,
                           .payload = session->presence};
    int r = mu_send_occupants(o->room, session);
    if (!r)
        r = mu_announce(o, &own, true);
    if (!r)
        r = mu_welcome_talk(session, &event);
    if (r || !o->present || !mu_session_is_in(session))
        return r;
    return mu_notify(o->room->service, MUC_ON_SESSION_ADDED, o->room, o, NULL, NULL, &join);
}

/* The presence by which the others know him may be another one, or another session's. */
static int show(muc_occupant *o, const muc_session *primary, const mu_blob *seen)
{
    bool same = mu_blob_same(o->primary->presence, seen);
    if (same && o->primary == primary)
        return MUC_OK;
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role, .others_only = same, .jid_only = same};
    return mu_announce(o, &about, mu_is_shown(o));
}

/* New sessions come behind those that he had. */
static int welcome_new(muc_occupant *o, size_t had)
{
    int r = MUC_OK;
    muc_session *next = o->first;
    for (; next && had > 0; had--)
        next = next->next;
    for (muc_session *session = next; session && !r && o->present; session = next) {
        next = session->next;
        r = welcome(o, session);
    }
    return r;
}

static int take_sessions(muc_occupant *o, const muc_occupant *draft)
{
    const muc_session *primary = o->primary;
    mu_blob *seen = mu_blob_ref(primary->presence);
    size_t had = mu_occupant_sessions(o);
    int r = MUC_OK;
    for (const muc_session *from = draft->first; from && !r; from = from->next) {
        bool is_new;
        r = take_one(o, from, &is_new);
    }
    if (!r)
        r = mu_occupant_choose(o);
    if (r >= 0)
        r = mu_occupant_prefer(counterpart(o, draft->primary));
    if (r >= 0)
        r = show(o, primary, seen);
    mu_blob_unref(o->room->service->heap, seen);
    return r ? r : welcome_new(o, had);
}

/* Those that the draft has no more. */
static int drop_sessions(muc_occupant *o, const muc_occupant *draft)
{
    int r = MUC_OK;
    muc_session *session = o->first;
    while (session && !r && o->present) {
        bool stays = counterpart(draft, session) != NULL;
        muc_session *gone = session;
        session = session->next;
        if (!stays && mu_session_is_in(gone)) {
            r = mu_leave(gone, NULL, NULL, NULL, true);
            session = o->first;
        }
    }
    return r;
}

int mu_draft_apply(const muc_occupant *draft)
{
    muc_room *room = draft->room;
    if (!draft->first)
        return MUC_ERR_INVALID;
    muc_occupant *o = mu_occupant_by_key(room, draft->key.p, draft->key.n);
    if (!o || strcmp(mu_occupant_bare_key(o), mu_occupant_bare_key(draft)) != 0)
        return MUC_ERR_NOT_FOUND;
    int r = take_sessions(o, draft);
    if (!r)
        r = drop_sessions(o, draft);
    if (!r && o->present && o->role != draft->role)
        r = mu_set_role(o, NULL, draft->role, NULL);
    return r < 0 ? r : MUC_OK;
}
