/* pieces.c: a room as pieces of a store, and back.
 *
 * One change is one row, whatever else there is in the room: an affiliation, a message, an occupant. All else that a
 * room has is a document of its part. */
#include "pieces.h"

#include <stdlib.h>
#include <string.h>

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static const struct {
    unsigned part;
    store_kind kind;
} documents[] = {{MUC_PART_CONFIG, STORE_CONFIG}, {MUC_PART_SUBJECT, STORE_SUBJECT}, {MUC_PART_OTHER, STORE_OTHER}};
enum { DOCUMENTS = sizeof documents / sizeof *documents };

/* Ends a piece that the library was asked for. */
static void end(batch *b, int result)
{
    if (result == MUC_ERR_NOT_FOUND)
        batch_end_removed(b);
    else if (result == MUC_OK)
        batch_end(b);
    else
        b->failed = 1;
}

/* How the room list shows it. */
static const char *listed(const muc_room *room)
{
    return muc_room_get_public(room) && !muc_room_is_locked(room) ? muc_room_get_name(room) : NULL;
}

static void write_start(batch *b, size_t place, muc_room *room)
{
    batch_begin(b, place, STORE_START, NULL);
    end(b, muc_room_save_start(room, batch_append, b));
}

/* A part that the room has nothing of is no document. */
static void write_documents(batch *b, size_t place, muc_room *room, unsigned parts)
{
    if (parts & MUC_PART_CONFIG) {
        batch_put_room(b, place, listed(room));
        write_start(b, place, room);
    }
    for (size_t i = 0; i < DOCUMENTS; i++) {
        if (!(parts & documents[i].part))
            continue;
        batch_begin(b, place, documents[i].kind, NULL);
        size_t before = b->n;
        int result = muc_room_save_parts(room, documents[i].part, batch_append, b);
        end(b, result == MUC_OK && b->n == before ? MUC_ERR_NOT_FOUND : result);
    }
}

static void write_row(batch *b, size_t place, muc_room *room, const muc_change_item *item)
{
    store_kind kind = item->part == MUC_PART_AFFILIATIONS ? STORE_AFFILIATION
                      : item->part == MUC_PART_HISTORY    ? STORE_MESSAGE
                                                          : STORE_OCCUPANT;
    batch_begin(b, place, kind, item->jid ? item->jid : item->nick);
    end(b, muc_room_save_item(room, item, batch_append, b));
}

static void write_affiliations(batch *b, size_t place, muc_room *room)
{
    muc_affiliation_entry entry;
    for (size_t cursor = 0; muc_affiliation_next(room, &cursor, &entry);)
        write_row(b, place, room, &(muc_change_item){.part = MUC_PART_AFFILIATIONS, .jid = entry.jid});
}

static void write_occupants(batch *b, size_t place, muc_room *room)
{
    for (muc_occupant *o = muc_occupant_next(room, NULL); o; o = muc_occupant_next(room, o))
        write_row(b, place, room, &(muc_change_item){.part = MUC_PART_OCCUPANTS, .nick = muc_occupant_nick(o)});
}

static void write_history(batch *b, size_t place, muc_room *room)
{
    for (size_t i = 0; i < muc_history_count(room); i++)
        write_row(b, place, room, &(muc_change_item){.part = MUC_PART_HISTORY, .message = i});
}

static void write_tombstone(batch *b, size_t place, muc_room *room)
{
    batch_remove_room(b, place);
    batch_put_room(b, place, NULL);
    batch_begin(b, place, STORE_WHOLE, NULL);
    end(b, muc_room_save(room, MUC_PART_ALL, batch_append, b));
}

void pieces_write_room(batch *b, size_t place, muc_room *room)
{
    batch_remove_room(b, place);
    write_documents(b, place, room, MUC_PART_ALL);
    write_affiliations(b, place, room);
    write_history(b, place, room);
    write_occupants(b, place, room);
}

static void write_items(batch *b, size_t place, muc_room *room, const muc_change *change)
{
    muc_change_item item;
    int history = 0;
    for (size_t cursor = 0; muc_change_next(change, &cursor, &item);) {
        history |= item.part == MUC_PART_HISTORY;
        if (item.jid || item.nick || (item.part == MUC_PART_HISTORY && item.message != MUC_NO_MESSAGE))
            write_row(b, place, room, &item);
    }
    if (history)
        batch_trim(b, place, muc_history_count(room));
}

/* What occupants ask one another is written at the end alone: it is many writes for what nobody misses after a crash.
 */
int pieces_write_change(batch *b, size_t place, muc_room *room, const muc_change *change)
{
    size_t before = b->count;
    if (muc_change_is_gone(change))
        batch_remove_room(b, place);
    else if (muc_change_is_tombstone(change))
        write_tombstone(b, place, room);
    else if (muc_change_is_new(change))
        pieces_write_room(b, place, room);
    else {
        write_documents(b, place, room, muc_change_parts(change));
        write_items(b, place, room, change);
    }
    return b->failed || b->count > before;
}

void pieces_write_rest(batch *b, size_t place, muc_room *room)
{
    write_start(b, place, room);
    if (muc_occupant_count(room) == 0)
        return;
    batch_begin(b, place, STORE_ASKED, NULL);
    size_t before = b->n;
    int result = muc_room_save_item(room, &(muc_change_item){.part = MUC_PART_OCCUPANTS}, batch_append, b);
    end(b, result == MUC_OK && b->n == before ? MUC_ERR_NOT_FOUND : result);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/* The elements around rows. */
static const char *const tags[][2] = {
    [STORE_AFFILIATION] = {"<affiliations>", "</affiliations>"},
    [STORE_MESSAGE] = {"<history>", "</history>"},
    [STORE_OCCUPANT] = {"<occupants>", "</occupants>"},
};

static int add(pieces *p, const char *bytes, size_t n)
{
    if (p->n + n > p->cap) {
        size_t cap = 2 * (p->n + n) + 4096;
        char *xml = realloc(p->xml, cap);
        if (!xml)
            return -1;
        p->xml = xml;
        p->cap = cap;
    }
    memcpy(p->xml + p->n, bytes, n);
    p->n += n;
    return 0;
}

static int add_text(pieces *p, const char *text)
{
    return add(p, text, strlen(text));
}

static int begin_rows(pieces *p, int kind)
{
    if (kind == p->kind)
        return 0;
    if (p->kind && add_text(p, tags[p->kind][1]) < 0)
        return -1;
    p->kind = kind;
    return kind ? add_text(p, tags[kind][0]) : 0;
}

int pieces_take(store_kind kind, const char *bytes, size_t n, void *ud)
{
    pieces *p = ud;
    p->whole |= kind == STORE_WHOLE;
    p->asked |= kind == STORE_ASKED;
    if (begin_rows(p, kind >= STORE_AFFILIATION ? (int)kind : 0) < 0)
        return -1;
    return add(p, bytes, n);
}

int pieces_end(pieces *p)
{
    if (p->whole)
        return 0;
    return begin_rows(p, 0) < 0 ? -1 : add_text(p, "</room>");
}
