/* store.c: the rooms that the host keeps: persistent ones as they change, evicted ones, and those that a script
 * puts there. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "memory.h"

static int write_text(const char *bytes, size_t n, void *ud)
{
    text_add_n(ud, bytes, n);
    return 0;
}

int store_snapshot(const muc_room *room, unsigned parts, text *out)
{
    return muc_room_save(room, parts, write_text, out);
}

stored *store_find(host *h, const char *jid)
{
    for (size_t i = 0; i < h->store_count; i++)
        if (strcmp(h->store[i].jid, jid) == 0)
            return &h->store[i];
    return NULL;
}

static void free_stored(stored *s)
{
    free(s->jid);
    free(s->name);
    text_free(&s->xml);
}

void store_delete(host *h, const char *jid)
{
    stored *s = store_find(h, jid);
    if (!s)
        return;
    free_stored(s);
    *s = h->store[--h->store_count];
}

void store_free(stored *store, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free_stored(&store[i]);
    free(store);
}

stored *store_copy(const stored *store, size_t count)
{
    stored *all = fresh((count + 1) * sizeof *all);
    for (size_t i = 0; i < count; i++) {
        all[i] = (stored){.jid = copy(store[i].jid),
                          .name = copy(store[i].name),
                          .is_public = store[i].is_public,
                          .is_tombstone = store[i].is_tombstone};
        text_add_n(&all[i].xml, text_string(&store[i].xml), store[i].xml.n);
    }
    return all;
}

/* Saving fails at every allocation by itself, apart from the call in which it happens: inside a dispatch a failure of
 * the store is told to the user. */
static int save_under_pressure(const muc_room *room, unsigned parts, text *out)
{
    memory_plan plan = memory_pause();
    int result = MUC_ERR_NOMEM, reached = 1;
    for (size_t k = 1; result == MUC_ERR_NOMEM && reached; k++) {
        text_cut(out, 0);
        memory_fail(k);
        result = store_snapshot(room, parts, out);
        reached = memory_fail_no_more();
    }
    memory_resume(plan);
    return result;
}

int store_put(host *h, muc_room *room)
{
    const unsigned parts = MUC_PART_ALL & ~MUC_PART_OCCUPANTS;
    stored one = {.is_public = muc_room_get_public(room)};
    int result =
        h->mode == MODE_NOMEM ? save_under_pressure(room, parts, &one.xml) : store_snapshot(room, parts, &one.xml);
    if (result < 0) {
        text_free(&one.xml);
        return result;
    }
    one.jid = copy(muc_room_jid(room));
    one.name = copy(muc_room_get_name(room));
    store_delete(h, one.jid);
    h->store = grow(h->store, (h->store_count + 1) * sizeof *h->store);
    h->store[h->store_count++] = one;
    return MUC_OK;
}

static int on_room_changed(muc_room *room, const muc_change *change, void *ud)
{
    host *h = ud;
    if (h->scratch)
        return 0;
    if (h->store_fails)
        return -1;
    if (muc_change_is_gone(change)) {
        store_delete(h, muc_room_jid(room));
        if (words_have(&h->held, muc_room_jid(room)))
            h->ended = room;
    } else {
        int result = store_put(h, room);
        if (result < 0)
            return result;
        if (muc_change_is_tombstone(change))
            store_find(h, muc_room_jid(room))->is_tombstone = 1;
    }
    return words_have(&h->held, muc_room_jid(room)) ? MUC_HOLD : 0;
}

static int on_room_wanted(muc_service *service, const char *room_jid, void *ud)
{
    host *h = ud;
    const stored *s = store_find(h, room_jid);
    if (!s)
        return MUC_ROOM_UNKNOWN;
    int result = muc_room_restore(service, text_string(&s->xml), s->xml.n, NULL);
    if (result < 0 && result != MUC_ERR_NOMEM)
        text_format(&h->problem, "stored room %s was not restored: %s\n", room_jid, muc_strerror(result));
    h->loads++;
    return result < 0 ? result : MUC_ROOM_RESTORED;
}

static int by_jid(const void *a, const void *b)
{
    return strcmp(((const stored *)a)->jid, ((const stored *)b)->jid);
}

static int on_stored_rooms(muc_service *service, const char *after, size_t max, muc_stored_room_fn *add, void *list,
                           void *ud)
{
    host *h = ud;
    (void)service;
    int result = MUC_OK;
    if (h->store_count)
        qsort(h->store, h->store_count, sizeof *h->store, by_jid);
    for (size_t i = 0; i < h->store_count && max > 0 && result == MUC_OK; i++) {
        const stored *s = &h->store[i];
        if (!s->is_public || s->is_tombstone || (after && strcmp(s->jid, after) <= 0))
            continue;
        result = add(list, s->jid, s->name[0] ? s->name : NULL);
        max--;
    }
    return result;
}

void store_callbacks(muc_callbacks *callbacks)
{
    callbacks->room_changed = on_room_changed;
    callbacks->room_wanted = on_room_wanted;
    callbacks->stored_rooms = on_stored_rooms;
}
