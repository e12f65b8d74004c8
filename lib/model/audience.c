/* audience.c: lists of recipients, and those of a room: everybody, and everybody by what he sees.
 *
 * A room keeps its lists and changes them by one session, so that telling a room costs nothing but the copying. They
 * are no data: undoing drops them, and they are made anew when they are needed. Occupants stand in the order of entry,
 * and so do the sessions of each, whether a list is new or changed. */
#include <model/model.h>

#include <string.h>

mu_audience *mu_audience_new(mu_heap *heap, size_t cap)
{
    mu_audience *a = mu_zalloc(heap, sizeof *a);
    if (!a)
        return NULL;
    if (cap > 0 && mu_grow(heap, &a->to, &a->cap, cap, sizeof *a->to)) {
        mu_free(heap, a);
        return NULL;
    }
    a->heap = mu_heap_ref(heap);
    a->refs = 1;
    return a;
}

mu_peer *mu_audience_peer(const mu_audience *a, size_t i)
{
    return (mu_peer *)(uintptr_t)(a->to[i].p - offsetof(mu_peer, p));
}

mu_audience *mu_audience_ref(mu_audience *a)
{
    if (a)
        a->refs++;
    return a;
}

void mu_audience_unref(mu_audience *a)
{
    if (!a || --a->refs > 0)
        return;
    mu_heap *heap = a->heap;
    for (size_t i = 0; i < a->n; i++)
        mu_peer_unref(heap, mu_audience_peer(a, i));
    mu_free(heap, a->to);
    mu_free(heap, a);
    mu_heap_unref(heap);
}

int mu_audience_add(mu_audience *a, mu_peer *peer)
{
    if (mu_grow(a->heap, &a->to, &a->cap, a->n + 1, sizeof *a->to))
        return MUC_ERR_NOMEM;
    a->to[a->n++] = mu_peer_attr(mu_peer_ref(peer));
    return MUC_OK;
}

int mu_audience_insert(mu_audience *a, size_t i, mu_peer *peer)
{
    if (mu_audience_add(a, peer))
        return MUC_ERR_NOMEM;
    memmove(a->to + i + 1, a->to + i, (a->n - 1 - i) * sizeof *a->to);
    a->to[i] = mu_peer_attr(peer);
    return MUC_OK;
}

void mu_audience_remove(mu_audience *a, size_t i)
{
    mu_peer_unref(a->heap, mu_audience_peer(a, i));
    memmove(a->to + i, a->to + i + 1, (--a->n - i) * sizeof *a->to);
}

size_t mu_audience_find(const mu_audience *a, const mu_peer *peer)
{
    for (size_t i = a->n; i > 0; i--)
        if (a->to[i - 1].p == peer->p)
            return i - 1;
    return a->n;
}

/* ---- those of a room -------------------------------------------------------------------------------------------- */

static bool all_see(const muc_room *room)
{
    return mu_sees_jids(room, MUC_ROLE_VISITOR);
}

static bool hears(const muc_session *session, int which)
{
    const muc_room *room = session->occupant->room;
    bool listed = mu_session_is_listed(session);
    if (!listed || which == MU_TO_ALL)
        return listed;
    return (which == MU_TO_FULL) == mu_sees_jids(room, session->occupant->role);
}

static mu_audience *build(muc_room *room, int which)
{
    mu_audience *a = mu_audience_new(room->service->heap, which == MU_TO_ALL ? room->live->session_count : 0);
    for (const muc_occupant *o = a ? room->live->first_occupant : NULL; o; o = o->next)
        for (const muc_session *session = o->first; session; session = session->next)
            if (hears(session, which) && mu_audience_add(a, session->peer)) {
                mu_audience_unref(a);
                return NULL;
            }
    return a;
}

int mu_room_audience(muc_room *room, int which, mu_audience **out)
{
    *out = NULL;
    if (!room->live->first_occupant)
        return MUC_OK;
    /* Where all see the same nothing is kept twice. */
    if (which != MU_TO_ALL && all_see(room)) {
        if (which == MU_TO_ANONYMOUS)
            return MUC_OK;
        which = MU_TO_ALL;
    }
    mu_audience **kept = &room->live->audiences[which];
    if (!*kept && !(*kept = build(room, which)))
        return MUC_ERR_NOMEM;
    if ((*kept)->n > 0)
        *out = mu_audience_ref(*kept);
    return MUC_OK;
}

mu_audience *mu_room_everyone(muc_room *room, bool *empty)
{
    mu_audience *everyone;
    int r = mu_room_audience(room, MU_TO_ALL, &everyone);
    *empty = !r && !everyone;
    return everyone;
}

static void let_go(mu_audience **kept)
{
    if (*kept) {
        mu_audience_unref(*kept);
        *kept = NULL;
    }
}

void mu_room_forget_views(void *object)
{
    muc_room *room = object;
    let_go(&room->live->audiences[MU_TO_ANONYMOUS]);
    let_go(&room->live->audiences[MU_TO_FULL]);
}

void mu_room_forget_audiences(void *object)
{
    muc_room *room = object;
    mu_room_forget_views(room);
    mu_room_forget_users(room);
    let_go(&room->live->audiences[MU_TO_ALL]);
}

/* Where a session belongs that is not on a list yet; SIZE_MAX: somewhere in the middle. */
static size_t place_for(const mu_audience *a, const muc_session *session)
{
    const muc_occupant *o = session->occupant;
    const muc_session *before = NULL;
    for (const muc_session *other = o->first; other && other != session; other = other->next)
        if (mu_session_is_listed(other))
            before = other;
    if (before)
        return mu_audience_find(a, before->peer) + 1;
    return o == o->room->live->last_occupant ? a->n : SIZE_MAX;
}

/* Puts a session on a list that a room keeps. false: it has to be made anew. */
static bool put(mu_audience *a, const muc_session *session)
{
    size_t at = place_for(a, session);
    return (at == a->n || (at < a->n && a->refs == 1)) && !mu_audience_insert(a, at, session->peer);
}

static void join(muc_session *session)
{
    muc_room *room = session->occupant->room;
    mu_room_count_user(room, session->peer, 1);
    for (int i = 0; i < MU_AUDIENCES; i++) {
        mu_audience **kept = &room->live->audiences[i];
        if (*kept && hears(session, i) && !put(*kept, session))
            let_go(kept);
    }
}

/* Of a crowd that has left. */
static bool is_mostly_empty(const mu_audience *a)
{
    return a->cap > 32 && a->n < a->cap / 4;
}

static void quit(muc_session *session)
{
    muc_room *room = session->occupant->room;
    mu_room_count_user(room, session->peer, -1);
    for (int i = 0; i < MU_AUDIENCES; i++) {
        mu_audience **kept = &room->live->audiences[i];
        if (!*kept || !hears(session, i))
            continue;
        size_t at = mu_audience_find(*kept, session->peer);
        if ((*kept)->refs > 1 || at == (*kept)->n || is_mostly_empty(*kept))
            let_go(kept);
        else
            mu_audience_remove(*kept, at);
    }
}

int mu_session_list(muc_session *session, bool listed)
{
    muc_room *room = session->occupant->room;
    mu_journal *j = &room->service->journal;
    if (mu_session_is_listed(session) == listed)
        return MUC_OK;
    if (mu_save_undone(j, mu_room_forget_audiences, room))
        return MUC_ERR_NOMEM;
    if (!listed)
        quit(session);
    if (MU_SET(j, session->rank, session->rank ^ 1))
        return MUC_ERR_NOMEM;
    if (listed)
        join(session);
    return MUC_OK;
}
