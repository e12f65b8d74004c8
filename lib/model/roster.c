/* roster.c: presences that go to one peer one after the other, and those that a room keeps for who enters: everybody's
 * in one view, in the order of entry (XEP-0045 section 7.2.2).
 *
 * As long as there is a roster every occupant has a place, one after the other, on both; it is empty while his presence
 * in that view is not written. Like audiences, rosters are no data. */
#include <model/model.h>

#include <string.h>

mu_roster *mu_roster_new(mu_heap *heap)
{
    mu_roster *r = mu_zalloc(heap, sizeof *r);
    if (!r)
        return NULL;
    r->heap = mu_heap_ref(heap);
    r->refs = 1;
    return r;
}

mu_roster *mu_roster_ref(mu_roster *r)
{
    if (r)
        r->refs++;
    return r;
}

void mu_roster_unref(mu_roster *r)
{
    if (!r || --r->refs > 0)
        return;
    mu_heap *heap = r->heap;
    for (size_t i = 0; i < r->n; i++)
        mu_packet_unref(r->heap, r->packets[i]);
    mu_free(heap, r->packets);
    mu_free(heap, r);
    mu_heap_unref(heap);
}

int mu_roster_put(mu_roster *r, size_t place, mu_packet *packet)
{
    if (mu_grow(r->heap, &r->packets, &r->cap, place + 1, sizeof(mu_packet *)))
        return MUC_ERR_NOMEM;
    while (r->n <= place)
        r->packets[r->n++] = NULL;
    r->packets[place] = mu_packet_ref(packet);
    r->filled++;
    return MUC_OK;
}

void mu_roster_clear(mu_roster *r, size_t place)
{
    mu_packet_unref(r->heap, r->packets[place]);
    r->packets[place] = NULL;
    r->filled--;
}

/* ---- those of a room -------------------------------------------------------------------------------------------- */

static bool is_on(const mu_roster *r, const muc_occupant *o)
{
    return o->place < r->n && r->packets[o->place];
}

static void let_go(muc_room *room, int view)
{
    if (room->live->rosters[view]) {
        mu_roster_unref(room->live->rosters[view]);
        room->live->rosters[view] = NULL;
    }
}

void mu_room_forget_rosters(void *object)
{
    muc_room *room = object;
    for (int view = 0; view < MU_VIEWS; view++)
        let_go(room, view);
}

static void number(muc_room *room)
{
    room->live->places = 0;
    for (muc_occupant *o = room->live->first_occupant; o; o = o->next)
        o->place = room->live->places++;
}

/* When most places are of those who are gone, all are given anew. */
static void forget_sparse(muc_room *room)
{
    if (room->live->places / 2 > room->live->occupants.count + 8)
        mu_room_forget_rosters(room);
}

void mu_roster_enter(muc_occupant *o)
{
    muc_room *room = o->room;
    forget_sparse(room);
    o->place = room->live->places++;
    for (int view = 0; view < MU_VIEWS; view++)
        if (room->live->rosters[view])
            room->live->rosters[view]->missing += mu_is_shown(o);
}

void mu_roster_quit(muc_occupant *o)
{
    muc_room *room = o->room;
    forget_sparse(room);
    for (int view = 0; view < MU_VIEWS; view++) {
        mu_roster *r = room->live->rosters[view];
        if (r && !is_on(r, o))
            r->missing -= mu_is_shown(o);
        else if (r && r->refs > 1)
            let_go(room, view);
        else if (r)
            mu_roster_clear(r, o->place);
    }
}

void mu_roster_stale(muc_occupant *o, int view)
{
    muc_room *room = o->room;
    mu_roster *r = o->present ? room->live->rosters[view] : NULL;
    if (!r || !is_on(r, o))
        return;
    if (r->refs > 1) {
        let_go(room, view);
        return;
    }
    mu_roster_clear(r, o->place);
    r->missing++;
}

void mu_roster_rank(muc_occupant *o, muc_role former)
{
    muc_room *room = o->room;
    for (int view = 0; view < MU_VIEWS; view++) {
        mu_roster *r = room->live->rosters[view];
        if (!r)
            continue;
        r->missing += mu_is_shown(o);
        r->missing -= mu_would_be_shown(o, former);
    }
}

void mu_roster_show(muc_occupant *o, int view, mu_packet *packet)
{
    muc_room *room = o->room;
    mu_roster *r = o->present ? room->live->rosters[view] : NULL;
    if (!r || is_on(r, o) || !mu_is_shown(o))
        return;
    if ((r->refs > 1 && o->place < r->n) || mu_roster_put(r, o->place, packet))
        let_go(room, view);
    else
        r->missing--;
}

/* Who else than he is missing. */
bool mu_roster_lacks(const mu_roster *r, const muc_occupant *him)
{
    return r->missing > (!is_on(r, him) && mu_is_shown(him));
}

mu_roster *mu_room_roster(muc_room *room, int view, const muc_occupant *him)
{
    mu_roster *r = room->live->rosters[view];
    if (r && r->refs > 1 && mu_roster_lacks(r, him))
        let_go(room, view);
    else if (r)
        return r;
    if (!room->live->rosters[MU_VIEW_ANONYMOUS] && !room->live->rosters[MU_VIEW_FULL])
        number(room);
    r = room->live->rosters[view] = mu_roster_new(room->service->heap);
    for (const muc_occupant *o = r ? room->live->first_occupant : NULL; o; o = o->next)
        r->missing += mu_is_shown(o);
    return r;
}
