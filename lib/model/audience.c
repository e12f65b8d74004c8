/* audience.c: immutable lists of recipients, and the one of a whole room. */
#include <model/model.h>

mu_audience *mu_audience_new(mu_heap *heap, size_t cap)
{
    if (cap > (SIZE_MAX - sizeof(mu_audience)) / sizeof(mu_peer *))
        return NULL;
    mu_audience *a = mu_alloc(heap, sizeof *a + cap * sizeof(mu_peer *));
    if (!a)
        return NULL;
    a->heap = mu_heap_ref(heap);
    a->refs = 1;
    a->n = 0;
    return a;
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
        mu_peer_unref(a->peers[i]);
    mu_free(heap, a);
    mu_heap_unref(heap);
}

mu_audience *mu_room_everyone(muc_room *room, bool *empty)
{
    *empty = room->session_count == 0;
    if (*empty)
        return NULL;
    if (!room->everyone) {
        mu_audience *a = mu_audience_new(room->service->heap, room->session_count);
        if (!a)
            return NULL;
        for (muc_occupant *o = room->first_occupant; o; o = o->next) {
            for (muc_session *session = o->first; session; session = session->next)
                a->peers[a->n++] = mu_peer_ref(session->peer);
        }
        room->everyone = a;
    }
    return mu_audience_ref(room->everyone);
}
