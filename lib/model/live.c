/* live.c: the part of a room that it needs while somebody is in it, and for its subject, its history, and what features
 * keep.
 *
 * Most rooms of a large service are idle: they share one empty part, so that whoever looks at it finds nothing and
 * needs not ask. Who writes makes sure of a room's own first. That is no change of the model: undoing leaves it, and it
 * goes with the end of the call that leaves nothing in it. */
#include <model/model.h>

static const mu_live nothing;

mu_live *mu_live_nothing(void)
{
    return (mu_live *)(uintptr_t)&nothing;
}

bool mu_room_is_live(const muc_room *room)
{
    return room->live != &nothing;
}

int mu_room_enliven(muc_room *room)
{
    muc_service *s = room->service;
    if (!mu_room_is_live(room)) {
        mu_live *live = mu_zalloc(s->heap, sizeof *live);
        if (!live)
            return MUC_ERR_NOMEM;
        mu_map_init(&live->occupants, s->heap, s->secret);
        room->live = live;
    }
    if (!room->live->watched) {
        room->live->watched = true;
        room->live->next_watched = s->watched;
        s->watched = room;
    }
    return MUC_OK;
}

static bool has_data(const muc_room *room)
{
    size_t n = room->live->data ? room->service->feature_count : 0;
    for (size_t i = 0; i < n; i++)
        if (room->live->data[i])
            return true;
    return false;
}

bool mu_room_is_idle(const muc_room *room)
{
    const mu_live *live = room->live;
    return !live->first_occupant && !live->first_message && !live->first_record && !live->subject.body &&
           !live->subject.text && !live->subject.from && live->subject.at == 0 && !live->unknown && !live->held &&
           !has_data(room);
}

void mu_room_deaden(mu_heap *heap, muc_room *room)
{
    mu_live *live = room->live;
    if (!mu_room_is_live(room))
        return;
    mu_room_forget_audiences(room);
    mu_room_forget_rosters(room);
    room->live = mu_live_nothing();
    mu_map_free(&live->occupants);
    mu_free(heap, live->data);
    mu_free(heap, live->recent);
    mu_free(heap, live);
}

void mu_settle(muc_service *s)
{
    while (s->watched) {
        muc_room *room = s->watched;
        s->watched = room->live->next_watched;
        room->live->watched = false;
        if (mu_room_is_idle(room))
            mu_room_deaden(s->heap, room);
    }
    mu_journal_bury(&s->journal);
}
