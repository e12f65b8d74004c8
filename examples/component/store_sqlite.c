/* store_sqlite.c: rooms in an SQLite database: one file, of one process. What it is and how safe: sqlite_open.c. */
#include <stdio.h>
#include <string.h>

#include "sqlite.h"

/* ---- statements -------------------------------------------------------------------------------------------------- */

const char *const sqlite_statements[STATEMENTS] = {
    [BEGIN] = "BEGIN IMMEDIATE",
    [COMMIT] = "COMMIT",
    [ROLLBACK] = "ROLLBACK",
    [ROOM] = "SELECT id FROM room WHERE jid = ?1",
    [PUT_ROOM] = "INSERT INTO room (jid, listed) VALUES (?1, ?2) ON CONFLICT (jid) DO UPDATE SET listed = ?2",
    [REMOVE_ROOM] = "DELETE FROM room WHERE jid = ?1",
    [PUT_DOCUMENT] = "INSERT INTO document (room, kind, xml) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (room, kind) DO UPDATE SET xml = ?3",
    [PUT_AFFILIATION] = "INSERT INTO affiliation (room, jid, xml) VALUES (?1, ?2, ?3)"
                        " ON CONFLICT (room, jid) DO UPDATE SET xml = ?3",
    [PUT_MESSAGE] = "INSERT INTO message (room, place, xml)"
                    " VALUES (?1, (SELECT COALESCE(MAX(place), 0) + 1 FROM message WHERE room = ?1), ?3)",
    [PUT_OCCUPANT] = "INSERT INTO occupant (room, nick, xml) VALUES (?1, ?2, ?3)"
                     " ON CONFLICT (room, nick) DO UPDATE SET xml = ?3",
    [REMOVE_DOCUMENT] = "DELETE FROM document WHERE room = ?1 AND kind = ?2",
    [REMOVE_AFFILIATION] = "DELETE FROM affiliation WHERE room = ?1 AND jid = ?2",
    [REMOVE_OCCUPANT] = "DELETE FROM occupant WHERE room = ?1 AND nick = ?2",
    [TRIM] = "DELETE FROM message WHERE room = ?1 AND place <="
             " (SELECT MAX(place) FROM message WHERE room = ?1) - ?2",
    [READ_BEGIN] = "BEGIN",
    [READ_COMMIT] = "COMMIT",
    [READ_ROOM] = "SELECT id FROM room WHERE jid = ?1",
    [DOCUMENTS] = "SELECT kind, xml FROM document WHERE room = ?1 ORDER BY kind",
    [AFFILIATIONS] = "SELECT 6, xml FROM affiliation WHERE room = ?1 ORDER BY id",
    [MESSAGES] = "SELECT 7, xml FROM message WHERE room = ?1 ORDER BY place",
    [OCCUPANTS] = "SELECT 8, xml FROM occupant WHERE room = ?1 ORDER BY id",
    [LIST] = "SELECT jid, listed FROM room WHERE listed IS NOT NULL AND jid > ?1 ORDER BY jid LIMIT ?2",
    [OCCUPIED] = "SELECT DISTINCT occupant.room, room.jid FROM occupant JOIN room ON room.id = occupant.room"
                 " WHERE occupant.room > ?1 ORDER BY occupant.room LIMIT ?2",
    [SECRET] = "SELECT value FROM meta WHERE name = 'secret'",
};

int sqlite_side(int statement)
{
    return statement < WRITES ? STORE_WRITING : STORE_READING;
}

store_result sqlite_fail(sqlite *s, int side, store_result result, const char *what)
{
    snprintf(s->base.why[side], sizeof s->base.why[side], "%s", what);
    return result;
}

store_result sqlite_fail_sql(sqlite *s, int side)
{
    int code = sqlite3_extended_errcode(s->db[side]), plain = code & 0xff;
    const char *what = code == SQLITE_READONLY_DIRECTORY ? "its folder may not be written, where -wal and -shm are made"
                                                         : sqlite3_errmsg(s->db[side]);
    return sqlite_fail(s, side, plain == SQLITE_CORRUPT || plain == SQLITE_NOTADB ? STORE_UNUSABLE : STORE_FAILED,
                       what);
}

/* Values are bound before, and forgotten after: they have to last that long only. */
static void bind_text(sqlite *s, int statement, int place, const char *text, size_t n)
{
    sqlite3_bind_text64(s->statement[statement], place, text, n, SQLITE_STATIC, SQLITE_UTF8);
}

static void bind_string(sqlite *s, int statement, int place, const char *text)
{
    if (text)
        bind_text(s, statement, place, text, strlen(text));
}

static void bind_number(sqlite *s, int statement, int place, int64_t number)
{
    sqlite3_bind_int64(s->statement[statement], place, number);
}

static void reset(sqlite *s, int statement)
{
    sqlite3_reset(s->statement[statement]);
    sqlite3_clear_bindings(s->statement[statement]);
}

/* Runs one that gives no rows. */
static store_result run(sqlite *s, int statement)
{
    int r = sqlite3_step(s->statement[statement]);
    store_result result = r == SQLITE_DONE || r == SQLITE_ROW ? STORE_OK : sqlite_fail_sql(s, sqlite_side(statement));
    reset(s, statement);
    return result;
}

/* Runs one whose rows are a number and a text, which `row` takes. */
typedef int row_fn(int64_t number, const char *text, size_t n, void *ud);
static store_result each(sqlite *s, int statement, row_fn *row, void *ud)
{
    sqlite3_stmt *q = s->statement[statement];
    store_result result = STORE_OK;
    int r;
    while ((r = sqlite3_step(q)) == SQLITE_ROW && result == STORE_OK) {
        const char *text = (const char *)sqlite3_column_text(q, 1);
        if (!text)
            result = sqlite_fail(s, sqlite_side(statement), STORE_FAILED, "no memory");
        else if (row(sqlite3_column_int64(q, 0), text, (size_t)sqlite3_column_bytes(q, 1), ud) != 0)
            result = STORE_ABORTED;
    }
    if (result == STORE_OK && r != SQLITE_DONE)
        result = sqlite_fail_sql(s, sqlite_side(statement));
    reset(s, statement);
    return result;
}

/* The number of a room. STORE_NONE: there is none. */
static store_result find(sqlite *s, int statement, const char *jid, int64_t *room)
{
    bind_string(s, statement, 1, jid);
    int r = sqlite3_step(s->statement[statement]);
    store_result result = r == SQLITE_ROW    ? STORE_OK
                          : r == SQLITE_DONE ? STORE_NONE
                                             : sqlite_fail_sql(s, sqlite_side(statement));
    if (result == STORE_OK)
        *room = sqlite3_column_int64(s->statement[statement], 0);
    reset(s, statement);
    return result;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

static store_result begin(store *base)
{
    return run((sqlite *)base, BEGIN);
}

/* Behind it, too, since the log is there after the first one at the latest. */
static store_result commit(store *base)
{
    sqlite *s = (sqlite *)base;
    store_result result = s->log.number ? sqlite_in_place(s) : STORE_OK;
    if (result == STORE_OK)
        result = run(s, COMMIT);
    return result == STORE_OK ? sqlite_in_place(s) : result;
}

/* SQLite may have done it already, when the disk was full. */
static void rollback(store *base)
{
    sqlite *s = (sqlite *)base;
    *s->room_jid = '\0';
    if (!sqlite3_get_autocommit(s->db[STORE_WRITING]))
        (void)run(s, ROLLBACK);
}

/* Binds the number of the room as the first value. */
static store_result bind_room(sqlite *s, int statement, const char *jid)
{
    if (strcmp(s->room_jid, jid) != 0) {
        *s->room_jid = '\0';
        store_result result = find(s, ROOM, jid, &s->room);
        if (result == STORE_NONE)
            return sqlite_fail(s, STORE_WRITING, STORE_LOST, "there is no such room in the database any more");
        if (result != STORE_OK)
            return result;
        snprintf(s->room_jid, sizeof s->room_jid, "%s", jid);
    }
    bind_number(s, statement, 1, s->room);
    return STORE_OK;
}

static store_result put_room(store *base, const char *jid, const char *listed)
{
    sqlite *s = (sqlite *)base;
    bind_string(s, PUT_ROOM, 1, jid);
    bind_string(s, PUT_ROOM, 2, listed);
    return run(s, PUT_ROOM);
}

static store_result remove_room(store *base, const char *jid)
{
    sqlite *s = (sqlite *)base;
    *s->room_jid = '\0';
    bind_string(s, REMOVE_ROOM, 1, jid);
    return run(s, REMOVE_ROOM);
}

static store_result put(store *base, const char *jid, store_kind kind, const char *key, const char *bytes, size_t n)
{
    sqlite *s = (sqlite *)base;
    int statement = kind == STORE_AFFILIATION ? PUT_AFFILIATION
                    : kind == STORE_MESSAGE   ? PUT_MESSAGE
                    : kind == STORE_OCCUPANT  ? PUT_OCCUPANT
                                              : PUT_DOCUMENT;
    store_result result = bind_room(s, statement, jid);
    if (result != STORE_OK)
        return result;
    if (statement == PUT_DOCUMENT)
        bind_number(s, statement, 2, kind);
    else if (statement != PUT_MESSAGE)
        bind_string(s, statement, 2, key);
    bind_text(s, statement, 3, bytes, n);
    return run(s, statement);
}

static store_result remove_piece(store *base, const char *jid, store_kind kind, const char *key)
{
    sqlite *s = (sqlite *)base;
    int statement = kind == STORE_AFFILIATION ? REMOVE_AFFILIATION
                    : kind == STORE_OCCUPANT  ? REMOVE_OCCUPANT
                                              : REMOVE_DOCUMENT;
    store_result result = bind_room(s, statement, jid);
    if (result != STORE_OK)
        return result;
    if (statement == REMOVE_DOCUMENT)
        bind_number(s, statement, 2, kind);
    else
        bind_string(s, statement, 2, key);
    return run(s, statement);
}

static store_result trim(store *base, const char *jid, size_t keep)
{
    sqlite *s = (sqlite *)base;
    store_result result = bind_room(s, TRIM, jid);
    bind_number(s, TRIM, 2, (int64_t)keep);
    return result == STORE_OK ? run(s, TRIM) : result;
}

/* All rooms are this process's, as long as it has the file. */
static store_result release(store *base, const char *jid)
{
    (void)base, (void)jid;
    return STORE_OK;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

typedef struct taker {
    store_piece_fn *piece;
    void *ud;
} taker;

static int take_piece(int64_t kind, const char *text, size_t n, void *ud)
{
    const taker *t = ud;
    return t->piece((store_kind)kind, text, n, t->ud);
}

static store_result load_pieces(sqlite *s, const char *jid, taker *t)
{
    static const int parts[] = {DOCUMENTS, AFFILIATIONS, MESSAGES, OCCUPANTS};
    int64_t room = 0;
    store_result result = find(s, READ_ROOM, jid, &room);
    for (size_t i = 0; i < sizeof parts / sizeof *parts && result == STORE_OK; i++) {
        bind_number(s, parts[i], 1, room);
        result = each(s, parts[i], take_piece, t);
    }
    return result;
}

static store_result load(store *base, const char *jid, store_piece_fn *piece, void *ud)
{
    sqlite *s = (sqlite *)base;
    taker t = {piece, ud};
    store_result result = run(s, READ_BEGIN);
    if (result != STORE_OK)
        return result;
    result = load_pieces(s, jid, &t);
    store_result ended = run(s, READ_COMMIT);
    return result == STORE_OK ? ended : result;
}

static store_result list(store *base, const char *after, size_t max, store_room_fn *room, void *ud)
{
    sqlite *s = (sqlite *)base;
    sqlite3_stmt *q = s->statement[LIST];
    store_result result = STORE_OK;
    int r;
    bind_string(s, LIST, 1, after);
    bind_number(s, LIST, 2, (int64_t)max);
    while ((r = sqlite3_step(q)) == SQLITE_ROW && result == STORE_OK) {
        const char *jid = (const char *)sqlite3_column_text(q, 0), *name = (const char *)sqlite3_column_text(q, 1);
        if (!jid || !name)
            result = sqlite_fail(s, STORE_LISTING, STORE_FAILED, "no memory");
        else if (room(jid, name, ud) != 0)
            result = STORE_ABORTED;
    }
    if (result == STORE_OK && r != SQLITE_DONE)
        result = sqlite_fail(s, STORE_LISTING, STORE_FAILED, sqlite3_errmsg(s->db[STORE_READING]));
    reset(s, LIST);
    return result;
}

typedef struct occupied_taker {
    store_room_fn *room;
    void *ud;
    int64_t *cursor;
} occupied_taker;

static int take_occupied(int64_t id, const char *jid, size_t n, void *ud)
{
    const occupied_taker *t = ud;
    (void)n;
    *t->cursor = id;
    return t->room(jid, "", t->ud);
}

static store_result occupied(store *base, int64_t *cursor, size_t max, store_room_fn *room, void *ud)
{
    sqlite *s = (sqlite *)base;
    occupied_taker t = {room, ud, cursor};
    bind_number(s, OCCUPIED, 1, *cursor);
    bind_number(s, OCCUPIED, 2, (int64_t)max);
    return each(s, OCCUPIED, take_occupied, &t);
}

/* Asked before anything is written: by the writing side, when there is none yet. */
static store_result secret(store *base, uint8_t *bytes, size_t n)
{
    sqlite *s = (sqlite *)base;
    sqlite3_stmt *q = s->statement[SECRET];
    store_result result = STORE_NONE;
    int r = sqlite3_step(q);
    if (r == SQLITE_ROW && (size_t)sqlite3_column_bytes(q, 0) == n) {
        memcpy(bytes, sqlite3_column_blob(q, 0), n);
        result = STORE_OK;
    } else if (r != SQLITE_DONE) {
        result = r == SQLITE_ROW ? sqlite_fail(s, STORE_READING, STORE_UNUSABLE, "its secret has another length")
                                 : sqlite_fail_sql(s, STORE_READING);
    }
    reset(s, SECRET);
    if (result != STORE_NONE)
        return result;
    sqlite3_stmt *put_secret = NULL;
    r = sqlite3_prepare_v2(s->db[STORE_WRITING], "INSERT INTO meta (name, value) VALUES ('secret', ?1)", -1,
                           &put_secret, NULL);
    if (r == SQLITE_OK)
        r = sqlite3_bind_blob64(put_secret, 1, bytes, n, SQLITE_STATIC);
    if (r == SQLITE_OK)
        r = sqlite3_step(put_secret);
    result = r == SQLITE_DONE ? STORE_OK : sqlite_fail_sql(s, STORE_WRITING);
    sqlite3_finalize(put_secret);
    return result;
}

const store_backend store_sqlite = {
    .name = "SQLite",
    .open = sqlite_open,
    .close = sqlite_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .put_room = put_room,
    .remove_room = remove_room,
    .put = put,
    .remove = remove_piece,
    .trim = trim,
    .release = release,
    .load = load,
    .list = list,
    .occupied = occupied,
    .secret = secret,
};
