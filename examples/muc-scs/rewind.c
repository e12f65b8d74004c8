/* rewind.c: saving all that a service is, and bringing it back in a new one.
 *
 * Mode restore does so between every two steps, mode nomem after a call that got along without some memory. */
#include <stdlib.h>
#include <string.h>

#include "host.h"

void past_take(host *h, past *s)
{
    size_t count = muc_room_count(h->service);
    *s = (past){.loads = h->loads, .random = h->random, .store_count = h->store_count};
    s->rooms = fresh((count + 1) * sizeof *s->rooms);
    for (muc_room *room = muc_room_next(h->service, NULL); room; room = muc_room_next(h->service, room)) {
        if (s->count == count || store_snapshot(room, MUC_PART_ALL, &s->rooms[s->count]) < 0) {
            text_add(&h->problem, "a room was not saved, or muc_room_count() is not what muc_room_next() walks\n");
            break;
        }
        s->count++;
    }
    s->store = store_copy(h->store, h->store_count);
}

void past_free(past *s)
{
    for (size_t i = 0; i < s->count; i++)
        text_free(&s->rooms[i]);
    free(s->rooms);
    store_free(s->store, s->store_count);
}

int past_is(host *h, const past *s)
{
    past now;
    past_take(h, &now);
    int same = now.count == s->count;
    for (size_t i = 0; i < s->count && same; i++)
        same = strcmp(text_string(&now.rooms[i]), text_string(&s->rooms[i])) == 0;
    past_free(&now);
    return same;
}

static void restore_room(host *h, const text *saved)
{
    muc_room *room = NULL;
    text again = {0};
    int result = muc_room_restore(h->service, text_string(saved), saved->n, &room);
    if (result < 0 || !room)
        text_format(&h->problem, "a room was not restored: %s\n  %s\n", muc_strerror(result), text_string(saved));
    else if (store_snapshot(room, MUC_PART_ALL, &again) < 0 || strcmp(text_string(&again), text_string(saved)) != 0)
        text_format(&h->problem, "a restored room is another one\n  saved:    %s\n  restored: %s\n", text_string(saved),
                    text_string(&again));
    text_free(&again);
}

static void restore_tombstone(host *h, const stored *s)
{
    int result = muc_room_restore(h->service, text_string(&s->xml), s->xml.n, NULL);
    if (result < 0)
        text_format(&h->problem, "a tombstone was not restored: %s\n  %s\n", muc_strerror(result),
                    text_string(&s->xml));
}

int past_bring_back(host *h, const past *s)
{
    muc_service_free(h->service);
    int result = host_make(h);
    if (result < 0)
        text_format(&h->problem, "the service was not made again: %s\n", muc_strerror(result));
    for (size_t i = 0; i < s->count && h->problem.n == 0; i++)
        restore_room(h, &s->rooms[i]);
    h->random = s->random;
    h->loads = s->loads;
    store_free(h->store, h->store_count);
    h->store = store_copy(s->store, s->store_count);
    h->store_count = s->store_count;
    for (size_t i = 0; i < h->store_count && h->problem.n == 0; i++)
        if (h->store[i].is_tombstone)
            restore_tombstone(h, &h->store[i]);
    return h->problem.n ? -1 : 0;
}

int host_renew(host *h)
{
    past s;
    /* What is held exists in memory only. */
    if (h->mode != MODE_RESTORE || !h->dirty || h->held.count)
        return 0;
    past_take(h, &s);
    int result = h->problem.n ? -1 : past_bring_back(h, &s);
    past_free(&s);
    h->dirty = 0;
    return result;
}
