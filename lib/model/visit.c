/* visit.c: which session somebody has in a room.
 *
 * Most are in a few rooms, and those are looked through; who is in more has an index of all of his, and keeps it until
 * he has left the last room. */
#include <model/model.h>

/* One session of somebody who has an index. */
typedef struct visit {
    mu_key key; /* in the service's map: the two that follow */
    const muc_room *room;
    const mu_peer *peer;
    muc_session *session;
} visit;

static visit *find(const muc_service *s, const muc_room *room, const mu_peer *peer)
{
    const void *pair[2] = {room, peer};
    return (visit *)mu_map_find(&s->visits, (const char *)pair, sizeof pair);
}

muc_session *mu_session_find(muc_service *s, const muc_room *room, const mu_peer *peer)
{
    if (!peer->sessions)
        peer = (const mu_peer *)mu_map_find(&s->peers, peer->key.p, peer->key.n);
    if (!peer)
        return NULL;
    if (peer->indexed) {
        const visit *v = find(s, room, peer);
        return v ? v->session : NULL;
    }
    muc_session *session = peer->sessions;
    while (session && session->occupant->room != room)
        session = session->peer_next;
    return session;
}

static int add(muc_session *session)
{
    muc_service *s = session->occupant->room->service;
    visit *v = mu_zalloc(s->heap, sizeof *v);
    if (mu_save_made(&s->journal, mu_free, v))
        return MUC_ERR_NOMEM;
    v->room = session->occupant->room;
    v->peer = session->peer;
    v->session = session;
    v->key.p = (const char *)&v->room;
    v->key.n = sizeof(const void *[2]);
    return mu_save_map_insert(&s->journal, &s->visits, &v->key);
}

static bool has_few(const mu_peer *peer)
{
    size_t n = 0;
    for (const muc_session *session = peer->sessions; session && n <= MU_FEW; session = session->peer_next)
        n++;
    return n <= MU_FEW;
}

int mu_visit_begin(muc_session *session)
{
    mu_peer *peer = session->peer;
    if (peer->indexed)
        return add(session);
    if (has_few(peer))
        return MUC_OK;
    for (session = peer->sessions; session; session = session->peer_next)
        if (add(session))
            return MUC_ERR_NOMEM;
    return MU_SET(&peer->sessions->occupant->room->service->journal, peer->indexed, true);
}

int mu_visit_end(muc_session *session)
{
    muc_service *s = session->occupant->room->service;
    mu_peer *peer = session->peer;
    if (!peer->indexed)
        return MUC_OK;
    visit *v = find(s, session->occupant->room, peer);
    if (mu_save_map_remove(&s->journal, &s->visits, &v->key) || mu_save_gone(&s->journal, mu_free, v))
        return MUC_ERR_NOMEM;
    return peer->sessions ? MUC_OK : MU_SET(&s->journal, peer->indexed, false);
}

void mu_visits_free(muc_service *s)
{
    for (size_t i = 0; i < s->visits.cap; i++)
        mu_free(s->heap, s->visits.slots[i]);
    mu_map_free(&s->visits);
}
