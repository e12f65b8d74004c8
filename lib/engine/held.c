/* held.c: output that waits for the store after MUC_HOLD. A former room of the same name goes first: who is at an
 * address hears what is said there in the order in which it was said.
 *
 * The room stays as long, whether it has ended, was forgotten, or was never made since the call failed: the store has
 * it in its hands. So what is needed to hold it is there before the store is asked. */
#include <engine/parts.h>

/* What waits at an address: that of the latest room. */
static struct mu_held *held_at(const muc_service *s, muc_span key)
{
    return s->engine->held ? (struct mu_held *)mu_map_find(&s->engine->held_at, key.p, key.n) : NULL;
}

struct mu_held *mu_held_of(const muc_room *room)
{
    return room->live->held ? room->live->held : held_at(room->service, (muc_span){room->key.p, room->key.n});
}

muc_room *mu_held_room(muc_service *s, muc_span key)
{
    const struct mu_held *held = held_at(s, key);
    return held ? held->room : NULL;
}

bool mu_room_is_held(const muc_room *room)
{
    return mu_held_of(room) != NULL;
}

/* So many are ready to be taken. */
static int have_spares(muc_service *s, size_t n)
{
    struct mu_engine *e = s->engine;
    while (e->spare_n < n) {
        struct mu_held *held = mu_zalloc(s->heap, sizeof *held);
        if (!held)
            return MUC_ERR_NOMEM;
        held->next = e->spares;
        e->spares = held;
        e->spare_n++;
    }
    return mu_map_reserve(&e->held_at, n);
}

int mu_hold_prepare(muc_room *room, size_t items)
{
    muc_service *s = room->service;
    struct mu_engine *e = s->engine;
    if (mu_room_enliven(room) || have_spares(s, e->owed + 1))
        return MUC_ERR_NOMEM;
    return mu_queue_reserve(s->heap, room->live->held ? &room->live->held->queue : &e->spares->queue, items);
}

static struct mu_held *take_spare(struct mu_engine *e)
{
    struct mu_held *held = e->spares;
    e->spares = held->next;
    e->spare_n--;
    held->next = NULL;
    return held;
}

void mu_hold(muc_room *room)
{
    struct mu_engine *e = room->service->engine;
    struct mu_held *former = mu_held_of(room), *held;
    if (room->live->held)
        return;
    held = take_spare(e);
    held->key = (mu_key){.p = room->key.p, .n = room->key.n};
    held->room = room;
    held->former = former;
    if (former) {
        former->later = held;
        mu_map_remove(&e->held_at, &former->key);
    }
    mu_map_insert(&e->held_at, &held->key);
    held->next = e->held;
    if (e->held)
        e->held->prev = held;
    e->held = room->live->held = held;
    mu_room_pin(room);
}

void mu_held_drop(muc_room *room)
{
    struct mu_held *held = room->live->held;
    if (!held)
        return;
    held->sent += held->queue.n;
    mu_queue_free(room->service->heap, &held->queue);
}

void mu_held_free(struct mu_held *held)
{
    muc_room *room = held->room;
    muc_service *s = room->service;
    struct mu_engine *e = s->engine;
    *(held->prev ? &held->prev->next : &e->held) = held->next;
    if (held->next)
        held->next->prev = held->prev;
    if (held->former)
        held->former->later = held->later;
    if (held->later) {
        held->later->former = held->former;
    } else {
        mu_map_remove(&e->held_at, &held->key);
        if (held->former)
            mu_map_insert(&e->held_at, &held->former->key);
    }
    mu_queue_free(s->heap, &held->queue);
    mu_free(s->heap, held);
    (void)mu_room_enliven(room);
    room->live->held = NULL;
    mu_room_unpin(room);
}

void mu_spares_shrink(muc_service *s, size_t keep)
{
    struct mu_engine *e = s->engine;
    while (e->spare_n > keep) {
        struct mu_held *held = take_spare(e);
        mu_queue_free(s->heap, &held->queue);
        mu_free(s->heap, held);
    }
    if (e->spares)
        mu_queue_shrink(s->heap, &e->spares->queue);
}

/* To the queue of the service, which has room. */
static void let_go(struct mu_held *held, size_t items)
{
    held->sent += items;
    while (items-- > 0) {
        mu_item item = mu_queue_pop(&held->queue);
        mu_queue_push(&held->room->service->engine->queue, &item);
    }
}

/* All that waits up to there, with what former rooms of the name have left, and so many items of its own. */
static int release(struct mu_held *last, size_t items, bool whole)
{
    muc_service *s = last->room->service;
    struct mu_engine *e = s->engine;
    struct mu_held *first = last, *next;
    size_t all = items;
    while (first->former) {
        first = first->former;
        all += first->queue.n;
    }
    if (mu_queue_reserve(s->heap, &e->queue, all))
        return MUC_ERR_NOMEM;
    mu_call_enter(s);
    for (struct mu_held *held = first; held; held = next) {
        next = held == last ? NULL : held->later;
        let_go(held, held == last ? items : held->queue.n);
        if (held != last || whole)
            mu_held_free(held);
    }
    e->released = !e->flushing;
    if (e->phase == MU_PHASE_IDLE)
        mu_flush(s);
    return mu_call_end(s, MUC_OK);
}

int muc_room_release(muc_room *room)
{
    struct mu_held *held = mu_held_of(room);
    if (room->service->engine->phase == MU_PHASE_FIXED)
        return MUC_ERR_BUSY;
    return held ? release(held, held->queue.n, true) : MUC_OK;
}

uint64_t muc_room_held(const muc_room *room)
{
    const struct mu_held *held = room->live->held;
    return held ? held->sent + held->queue.n : 0;
}

int muc_room_release_to(muc_room *room, uint64_t mark)
{
    struct mu_held *held = room->live->held;
    if (room->service->engine->phase == MU_PHASE_FIXED)
        return MUC_ERR_BUSY;
    if (!held || mark <= held->sent)
        return MUC_OK;
    uint64_t items = mark - held->sent;
    return release(held, items < held->queue.n ? (size_t)items : held->queue.n, false);
}
