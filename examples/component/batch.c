/* batch.c: writes that are gathered and then made in one transaction. */
#include "batch.h"

#include <stdlib.h>
#include <string.h>

enum { PUT_ROOM, REMOVE_ROOM, RELEASE, PUT, REMOVE, TRIM, DONE };
/* What a large batch took is given back. */
enum { KEEP = 1 << 20 };
/* A key that there is none of. */
#define NOTHING SIZE_MAX

/* ---- memory ------------------------------------------------------------------------------------------------------ */

static int grow(batch *b, void *array, size_t *cap, size_t n, size_t size)
{
    void *p;
    memcpy(&p, array, sizeof p);
    if (n <= *cap)
        return 1;
    size_t more = *cap ? *cap : 64;
    while (more < n)
        more *= 2;
    p = realloc(p, more * size);
    if (!p) {
        b->failed = 1;
        return 0;
    }
    memcpy(array, &p, sizeof p);
    *cap = more;
    return 1;
}

int batch_append(const char *bytes, size_t n, void *ud)
{
    batch *b = ud;
    if (!grow(b, &b->bytes, &b->cap, b->n + n, 1))
        return -1;
    memcpy(b->bytes + b->n, bytes, n);
    b->n += n;
    return 0;
}

static size_t add_text(batch *b, const char *text)
{
    size_t at = b->n;
    if (!text)
        return NOTHING;
    return batch_append(text, strlen(text) + 1, b) == 0 ? at : NOTHING;
}

void batch_clear(batch *b)
{
    if (b->cap > KEEP) {
        batch_free(b);
        return;
    }
    b->count = b->room_count = b->n = 0;
    b->failed = 0;
}

void batch_free(batch *b)
{
    free(b->writes);
    free(b->rooms);
    free(b->bytes);
    *b = (batch){.writes = NULL};
}

batch_mark batch_here(const batch *b)
{
    return (batch_mark){b->count, b->room_count, b->n};
}

void batch_cut(batch *b, batch_mark mark)
{
    b->count = mark.count;
    b->room_count = mark.room_count;
    b->n = mark.n;
    b->failed = 0;
}

/* ---- gathering --------------------------------------------------------------------------------------------------- */

size_t batch_add_room(batch *b, const char *jid, void *ud)
{
    size_t at = add_text(b, jid);
    if (!grow(b, &b->rooms, &b->room_cap, b->room_count + 1, sizeof *b->rooms))
        return 0;
    b->rooms[b->room_count] = (batch_room){.jid = at, .ud = ud};
    return b->room_count++;
}

static batch_write *add(batch *b, int what, size_t room, store_kind kind, const char *key)
{
    size_t at = add_text(b, key);
    if (!grow(b, &b->writes, &b->write_cap, b->count + 1, sizeof *b->writes))
        return NULL;
    batch_write *w = &b->writes[b->count++];
    *w = (batch_write){.what = (uint8_t)what, .kind = (uint8_t)kind, .room = room, .key = at};
    return w;
}

void batch_put_room(batch *b, size_t room, const char *listed)
{
    (void)add(b, PUT_ROOM, room, STORE_WHOLE, listed);
}

void batch_remove_room(batch *b, size_t room)
{
    (void)add(b, REMOVE_ROOM, room, STORE_WHOLE, NULL);
}

void batch_release_room(batch *b, size_t room)
{
    (void)add(b, RELEASE, room, STORE_WHOLE, NULL);
}

void batch_remove(batch *b, size_t room, store_kind kind, const char *key)
{
    (void)add(b, REMOVE, room, kind, key);
}

void batch_trim(batch *b, size_t room, size_t keep)
{
    batch_write *w = add(b, TRIM, room, STORE_MESSAGE, NULL);
    if (w)
        w->n = keep;
}

void batch_begin(batch *b, size_t room, store_kind kind, const char *key)
{
    batch_write *w = add(b, PUT, room, kind, key);
    if (w)
        w->text = b->n;
}

void batch_end(batch *b)
{
    if (!b->failed)
        b->writes[b->count - 1].n = b->n - b->writes[b->count - 1].text;
}

void batch_end_removed(batch *b)
{
    if (b->failed)
        return;
    b->writes[b->count - 1].what = REMOVE;
    b->n = b->writes[b->count - 1].text;
}

/* ---- making them ------------------------------------------------------------------------------------------------- */

static store_result make(const batch *b, const batch_write *w, store *s)
{
    const store_backend *does = s->backend;
    const char *jid = b->bytes + b->rooms[w->room].jid, *key = w->key == NOTHING ? NULL : b->bytes + w->key;
    switch (w->what) {
    case PUT_ROOM:
        return does->put_room(s, jid, key);
    case REMOVE_ROOM:
        return does->remove_room(s, jid);
    case RELEASE:
        return does->release(s, jid);
    case PUT:
        return does->put(s, jid, (store_kind)w->kind, key, b->bytes + w->text, w->n);
    case REMOVE:
        return does->remove(s, jid, (store_kind)w->kind, key);
    case TRIM:
        return does->trim(s, jid, w->n);
    default:
        return STORE_OK;
    }
}

/* Of a room whose messages are trimmed again and again the last time does, if it leaves as few. */
static void join_trims(batch *b)
{
    for (size_t i = 0; i < b->room_count; i++)
        b->rooms[i].keep = SIZE_MAX;
    for (size_t i = b->count; i-- > 0;) {
        batch_write *w = &b->writes[i];
        size_t *keep = &b->rooms[w->room].keep;
        if (w->what != TRIM)
            continue;
        if (*keep <= w->n)
            w->what = DONE;
        else
            *keep = w->n;
    }
}

static store_result make_all(batch *b, store *s)
{
    for (size_t i = 0; i < b->count; i++) {
        batch_room *room = &b->rooms[b->writes[i].room];
        store_result result = room->lost ? STORE_OK : make(b, &b->writes[i], s);
        if (result == STORE_LOST)
            room->lost = 1;
        if (result != STORE_OK)
            return result;
    }
    return s->backend->commit(s);
}

/* Each time that a room is lost the others are written anew. */
store_result batch_apply(batch *b, store *s)
{
    store_result result;
    join_trims(b);
    do {
        result = s->backend->begin(s);
        if (result != STORE_OK)
            break;
        result = make_all(b, s);
        if (result != STORE_OK)
            s->backend->rollback(s);
    } while (result == STORE_LOST);
    return result;
}
