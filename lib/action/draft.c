/* draft.c: occupants that the API makes (a bot, a bridge): drafts, and putting them into the room. */
#include <action/action.h>

#include <string.h>

int muc_occupant_new(muc_room *room, const char *bare_jid, const char *nick, muc_occupant **out)
{
    muc_service *s = room->service;
    *out = NULL;
    if (!room->present || !bare_jid || !nick)
        return MUC_ERR_INVALID;
    mu_buf key, name;
    size_t nick_key_at = 0;
    mu_buf_init(&key, s->heap);
    mu_buf_init(&name, s->heap);
    muc_role role = MUC_ROLE_NONE;
    int r = mu_user_key(s, bare_jid, true, &key);
    if (!r)
        r = mu_nick_prepare(s, (muc_span){nick, strlen(nick)}, &name, &nick_key_at);
    muc_affiliation affiliation = r ? MUC_AFFILIATION_NONE : mu_affiliation_of(room, (muc_span){key.p, strlen(key.p)});
    if (!r)
        r = mu_default_role(room, key.p, affiliation, &role);
    if (!r) {
        *out = mu_occupant_make(room, name.p, name.p + nick_key_at, key.p, key.p);
        r = *out ? MUC_OK : MUC_ERR_NOMEM;
    }
    if (!r) {
        (*out)->role = role;
        (*out)->affiliation = affiliation;
        mu_room_pin(room);
    }
    mu_buf_free(&key);
    mu_buf_free(&name);
    return r;
}

static muc_session *find_session(muc_occupant *draft, const mu_peer *peer)
{
    muc_session *session = draft->first;
    while (session &&
           !(session->peer->key.n == peer->key.n && memcmp(session->peer->key.p, peer->key.p, peer->key.n) == 0))
        session = session->next;
    return session;
}

static int set_session(muc_occupant *draft, mu_peer *peer, const xmlNode *presence, int primary)
{
    muc_service *s = draft->room->service;
    if (!mu_same_user(draft, peer))
        return MUC_ERR_BAD_JID;
    muc_session *session = find_session(draft, peer);
    if (!session && mu_occupant_sessions(draft) >= s->settings.max_sessions)
        return MUC_ERR_LIMIT;
    mu_blob *blob;
    int r = mu_presence_blob(draft, presence, NULL, 0, &blob);
    if (r)
        return r;
    int priority = mu_presence_priority(presence);
    r = session ? mu_session_set_presence(session, blob, priority)
                : mu_session_add(draft, peer, blob, priority, &session);
    if (!r)
        r = mu_occupant_choose(draft);
    if (r >= 0 && primary)
        draft->primary = session;
    return r < 0 ? r : MUC_OK;
}

/* A draft is nobody's business but the caller's, so changing it is allowed everywhere, and no transaction takes it
 * back: what it writes to the journal is undone at once when it fails, and settled when it does not. */
static int finish(muc_service *s, size_t mark, int r)
{
    if (r >= 0 && mu_journal_prepare(&s->journal))
        r = MUC_ERR_NOMEM;
    if (r < 0)
        mu_journal_undo(&s->journal, mark);
    else
        mu_journal_commit_from(&s->journal, mark);
    return r;
}

int muc_occupant_set_session(muc_occupant *draft, const char *full_jid, const xmlNode *presence, int primary)
{
    if (!draft->draft || !full_jid || !strchr(full_jid, '/'))
        return MUC_ERR_INVALID;
    muc_service *s = draft->room->service;
    size_t mark = s->journal.n;
    mu_peer *peer = mu_peer_get(s, full_jid);
    int r = peer ? set_session(draft, peer, presence, primary) : MUC_ERR_NOMEM;
    mu_peer_unref(s->heap, peer);
    return finish(s, mark, r);
}

int muc_occupant_remove_session(muc_occupant *draft, const char *full_jid)
{
    if (!draft->draft || !full_jid)
        return MUC_ERR_INVALID;
    muc_service *s = draft->room->service;
    size_t mark = s->journal.n;
    mu_peer *peer = mu_peer_get(s, full_jid);
    muc_session *session = peer ? find_session(draft, peer) : NULL;
    int r = !peer ? MUC_ERR_NOMEM : !session ? MUC_ERR_NOT_FOUND : mu_session_remove(session);
    if (!r)
        r = mu_occupant_choose(draft);
    mu_peer_unref(s->heap, peer);
    return finish(s, mark, r < 0 ? r : MUC_OK);
}

int muc_occupant_set_draft_role(muc_occupant *draft, muc_role role)
{
    if (!draft->draft || role <= MUC_ROLE_NONE || role > MUC_ROLE_MODERATOR)
        return MUC_ERR_INVALID;
    draft->role = role;
    return MUC_OK;
}

static int save(muc_occupant *draft)
{
    muc_room *room = draft->room;
    muc_service *s = room->service;
    if (!draft->first || draft->role == MUC_ROLE_NONE)
        return MUC_ERR_INVALID;
    const mu_affiliation *reserved = mu_affiliation_by_nick(room, draft->key.p);
    if (mu_occupant_by_key(room, draft->key.p, draft->key.n) ||
        (reserved && strcmp(reserved->key.p, mu_occupant_bare_key(draft)) != 0))
        return MUC_ERR_CONFLICT;
    for (muc_session *session = draft->first; session; session = session->next)
        if (mu_session_find(s, room, session->peer))
            return MUC_ERR_CONFLICT;
    if (room->live->occupants.count >= s->settings.max_occupants)
        return MUC_ERR_LIMIT;
    draft->affiliation =
        mu_affiliation_of(room, (muc_span){mu_occupant_bare_key(draft), strlen(mu_occupant_bare_key(draft))});
    return mu_enter(draft);
}

int muc_occupant_save(muc_occupant *draft)
{
    if (!draft->draft || !draft->room->present)
        return MUC_ERR_INVALID;
    muc_room *room = draft->room;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    if (draft->copied) {
        r = mu_end(&txn, mu_draft_apply(draft));
        if (r >= 0)
            muc_occupant_discard(draft);
        return r;
    }
    /* Until it is all over he is still the caller's; and what runs in mu_end() may have taken him out again. */
    draft->kept = true;
    mu_occupant_pin(draft);
    r = mu_end(&txn, save(draft));
    mu_occupant_unpin(draft);
    draft->kept = r < 0;
    if (r >= 0)
        mu_room_unpin(room);
    return r;
}

void muc_occupant_discard(muc_occupant *draft)
{
    if (!draft || !draft->draft)
        return;
    mu_room_unpin(draft->room);
    mu_occupant_free(draft->room->service->heap, draft);
}
