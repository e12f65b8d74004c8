/* session.c: full real JIDs in a room, each with its latest presence. */
#include <model/model.h>

void mu_session_free(mu_heap *heap, void *object)
{
    muc_session *session = object;
    mu_peer_unref(heap, session->peer);
    mu_blob_unref(heap, session->presence);
    mu_free(heap, session);
}

/* ---- rank ------------------------------------------------------------------------------------------------------- */

/* From above: 8 bits of priority, 55 of turn, one that says whether it is listed, which decides nothing between two
 * turns. One number makes the session fit into a smaller block. */
enum { TURN_BITS = 55, PRIORITY_ZERO = 128 };
static const uint64_t turn_mask = ((uint64_t)1 << TURN_BITS) - 1;

static uint64_t rank_of(int priority, uint64_t turn, bool listed)
{
    return (uint64_t)(uint8_t)(priority + PRIORITY_ZERO) << (TURN_BITS + 1) | (turn & turn_mask) << 1 | listed;
}

uint64_t mu_session_turn(const muc_session *session)
{
    return session->rank >> 1 & turn_mask;
}

bool mu_session_is_listed(const muc_session *session)
{
    return session->rank & 1;
}

void mu_session_set_turn(muc_session *session, uint64_t turn)
{
    session->rank = rank_of(muc_session_priority(session), turn, mu_session_is_listed(session));
}

int muc_session_priority(const muc_session *session)
{
    return (int)(session->rank >> (TURN_BITS + 1)) - PRIORITY_ZERO;
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static void free_blob(mu_heap *heap, void *blob)
{
    mu_blob_unref(heap, blob);
}

static void free_peer(mu_heap *heap, void *peer)
{
    mu_peer_unref(heap, peer);
}

/* ---- in the rooms ----------------------------------------------------------------------------------------------- */

/* Makes the session refer to the one peer of its JID: another may have come into the map since this one was made. */
static int settle_peer(muc_session *session)
{
    muc_service *s = session->occupant->room->service;
    mu_journal *j = &s->journal;
    mu_peer *old = session->peer;
    if (old->sessions)
        return MUC_OK;
    mu_peer *mapped = (mu_peer *)mu_map_find(&s->peers, old->key.p, old->key.n);
    if (!mapped)
        return mu_save_map_insert(j, &s->peers, &old->key) || mu_idle_come(s, old) ? MUC_ERR_NOMEM
                                                                                   : mu_by_user_come(s, old);
    if (!mapped->host)
        mapped->host = old->host;
    return mu_save_made(j, free_peer, mu_peer_ref(mapped)) || mu_save_gone(j, free_peer, old)
               ? MUC_ERR_NOMEM
               : MU_SET(j, session->peer, mapped);
}

int mu_session_enter(muc_session *session)
{
    muc_room *room = session->occupant->room;
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    if (mu_session_find(s, room, session->peer))
        return MUC_ERR_CONFLICT;
    if (settle_peer(session))
        return MUC_ERR_NOMEM;
    mu_peer *peer = session->peer;
    session->peer_prev = NULL;
    session->peer_next = peer->sessions;
    if ((peer->sessions && MU_SET(j, peer->sessions->peer_prev, session)) || MU_SET(j, peer->sessions, session) ||
        mu_visit_begin(session) || MU_SET(j, room->live->session_count, room->live->session_count + 1) ||
        MU_SET(j, s->tally.sessions, s->tally.sessions + 1))
        return MUC_ERR_NOMEM;
    return mu_session_list(session, true);
}

bool mu_session_is_in(const muc_session *session)
{
    /* Who goes is taken out of the list, and goes on pointing there. */
    return (session->peer_prev ? session->peer_prev->peer_next : session->peer->sessions) == session;
}

int mu_session_exit(muc_session *session)
{
    muc_room *room = session->occupant->room;
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    mu_peer *peer = session->peer;
    if (mu_session_list(session, false) || mu_query_quit(session) ||
        (session->peer_next && MU_SET(j, session->peer_next->peer_prev, session->peer_prev)) ||
        (session->peer_prev ? MU_SET(j, session->peer_prev->peer_next, session->peer_next)
                            : MU_SET(j, peer->sessions, session->peer_next)) ||
        mu_visit_end(session) ||
        (!peer->sessions &&
         (mu_by_user_go(s, peer) || mu_idle_go(s, peer) || mu_save_map_remove(j, &s->peers, &peer->key))) ||
        MU_SET(j, room->live->session_count, room->live->session_count - 1) ||
        MU_SET(j, s->tally.sessions, s->tally.sessions - 1))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

/* ---- the sessions of an occupant -------------------------------------------------------------------------------- */

static muc_session *make(muc_occupant *occupant, mu_peer *peer, mu_blob *presence, int priority)
{
    muc_service *s = occupant->room->service;
    muc_session *session = mu_zalloc(s->heap, sizeof *session);
    if (!session) {
        mu_blob_unref(s->heap, presence);
        return NULL;
    }
    session->peer = mu_peer_ref(peer);
    session->occupant = occupant;
    session->presence = presence;
    session->rank = rank_of(priority, ++s->turn, false);
    return session;
}

/* What refers to a session of his; NULL: what will to the next one. He has a few. */
static muc_session **link_to(muc_occupant *occupant, const muc_session *session)
{
    muc_session **link = &occupant->first;
    while (*link != session)
        link = &(*link)->next;
    return link;
}

size_t mu_occupant_sessions(const muc_occupant *occupant)
{
    size_t n = 0;
    for (const muc_session *session = occupant->first; session; session = session->next)
        n++;
    return n;
}

muc_session *mu_occupant_last(const muc_occupant *occupant)
{
    muc_session *session = occupant->first;
    while (session && session->next)
        session = session->next;
    return session;
}

/* Behind the others of a draft. */
static void append_to_draft(muc_occupant *occupant, muc_session *session)
{
    *link_to(occupant, NULL) = session;
    if (!occupant->primary)
        occupant->primary = session;
}

static int append(muc_occupant *occupant, muc_session *session)
{
    mu_journal *j = &occupant->room->service->journal;
    muc_session **link = link_to(occupant, NULL);
    if (mu_save_made(j, mu_session_free, session))
        return MUC_ERR_NOMEM;
    int r = mu_session_enter(session);
    if (r)
        return r;
    if (MU_SET(j, *link, session) ||
        (!occupant->primary && (mu_occupant_touch(occupant) || MU_SET(j, occupant->primary, session))))
        return MUC_ERR_NOMEM;
    return mu_occupant_note(occupant);
}

int mu_session_add(muc_occupant *occupant, mu_peer *peer, mu_blob *presence, int priority, muc_session **out)
{
    muc_session *session = make(occupant, peer, presence, priority);
    if (!session)
        return MUC_ERR_NOMEM;
    if (occupant->draft) {
        append_to_draft(occupant, session);
    } else {
        int r = append(occupant, session);
        if (r)
            return r;
    }
    if (out)
        *out = session;
    return MUC_OK;
}

static void remove_from_draft(muc_occupant *occupant, muc_session *session)
{
    *link_to(occupant, session) = session->next;
    if (occupant->primary == session)
        occupant->primary = NULL;
    mu_session_free(occupant->room->service->heap, session);
}

int mu_session_remove(muc_session *session)
{
    muc_occupant *occupant = session->occupant;
    mu_journal *j = &occupant->room->service->journal;
    if (occupant->draft) {
        remove_from_draft(occupant, session);
        return MUC_OK;
    }
    muc_session **link = link_to(occupant, session);
    if (mu_session_exit(session) || MU_SET(j, *link, session->next) ||
        (occupant->primary == session && (mu_occupant_touch(occupant) || MU_SET(j, occupant->primary, NULL))) ||
        mu_occupant_note(occupant) || mu_save_gone_pinned(j, mu_session_free, session, &occupant->pins))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

int mu_session_set_presence(muc_session *session, mu_blob *presence, int priority)
{
    muc_occupant *occupant = session->occupant;
    muc_service *s = occupant->room->service;
    mu_journal *j = &s->journal;
    if (occupant->draft) {
        mu_blob_unref(s->heap, session->presence);
        session->presence = presence;
        session->rank = rank_of(priority, ++s->turn, false);
        return MUC_OK;
    }
    if ((presence && mu_save_made(j, free_blob, presence)) || mu_occupant_touch(occupant) ||
        mu_save_gone(j, free_blob, session->presence) || MU_SET(j, session->presence, presence) ||
        MU_SET(j, session->rank, rank_of(priority, s->turn + 1, mu_session_is_listed(session))))
        return MUC_ERR_NOMEM;
    s->turn++;
    return mu_occupant_note(occupant);
}
