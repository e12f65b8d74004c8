/* store_pgsql.c: rooms in a PostgreSQL database that several processes share. Whose a room is: pgsql_lease.c.
 *
 * A batch is one transaction, sent in two turns: all writes, and when none of them says that its room is lost, the
 * commit. Where the connection ends within the second one nobody knows whether it was committed; the number of the
 * batch, which is written with it, tells when it is to be made again. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "pgsql.h"

/* ---- statements -------------------------------------------------------------------------------------------------- */

/* The number of the room with that JID, if it is that process's: every write has it. */
#define MINE      "(SELECT id FROM room WHERE jid = $1 AND owner = $2::bigint)"
#define FROM_MINE "FROM room WHERE jid = $1 AND owner = $2::bigint"

const char *const pgsql_statements[STATEMENTS] = {
    [ENTER] = "INSERT INTO process (domain, until, host)"
              " VALUES ($1, clock_timestamp() + $2::bigint * interval '1 ms', $3) RETURNING id",
    [RENEW] = "UPDATE process SET until = clock_timestamp() + $2::bigint * interval '1 ms' WHERE id = $1::bigint",
    [LEAVE] = "DELETE FROM process WHERE id = $1::bigint OR until < clock_timestamp() - interval '1 hour'",
    [BATCH] = "UPDATE process SET batch = $3::bigint, until = clock_timestamp() + $2::bigint * interval '1 ms'"
              " WHERE id = $1::bigint",
    [COMMITTED] = "SELECT batch FROM process WHERE id = $1::bigint FOR UPDATE",
    [ROOM] = "SELECT 1 " FROM_MINE,
    [PUT_ROOM] = "INSERT INTO room (jid, owner, domain, listed) VALUES ($1, $2::bigint, $3, $4)"
                 " ON CONFLICT (jid) DO UPDATE SET listed = EXCLUDED.listed WHERE room.owner = EXCLUDED.owner",
    [REMOVE_ROOM] = "WITH gone AS (DELETE FROM room WHERE jid = $1 AND owner = $2::bigint)"
                    " SELECT 1 FROM room WHERE jid = $1 AND owner IS DISTINCT FROM $2::bigint",
    [RELEASE] = "UPDATE room SET owner = NULL WHERE jid = $1 AND owner = $2::bigint",
    [PUT_DOCUMENT] = "INSERT INTO document (room, kind, xml) SELECT id, $3::int, $4 " FROM_MINE
                     " ON CONFLICT (room, kind) DO UPDATE SET xml = EXCLUDED.xml",
    [PUT_AFFILIATION] = "INSERT INTO affiliation (room, jid, xml) SELECT id, $3, $4 " FROM_MINE
                        " ON CONFLICT (room, jid) DO UPDATE SET xml = EXCLUDED.xml",
    [PUT_MESSAGE] = "INSERT INTO message (room, place, xml) SELECT id, COALESCE((SELECT MAX(place) FROM message"
                    " WHERE room = room.id), 0) + 1, $4 " FROM_MINE " AND $3::text IS NULL",
    [PUT_OCCUPANT] = "INSERT INTO occupant (room, nick, xml) SELECT id, $3, $4 " FROM_MINE
                     " ON CONFLICT (room, nick) DO UPDATE SET xml = EXCLUDED.xml",
    [REMOVE_DOCUMENT] = "DELETE FROM document WHERE room = " MINE " AND kind = $3::int",
    [REMOVE_AFFILIATION] = "DELETE FROM affiliation WHERE room = " MINE " AND jid = $3",
    [REMOVE_OCCUPANT] = "DELETE FROM occupant WHERE room = " MINE " AND nick = $3",
    [TRIM] = "DELETE FROM message WHERE room = " MINE " AND place <= (SELECT MAX(place) FROM message WHERE room = " MINE
             ") - $3::bigint",
    [PUT_SECRET] = "INSERT INTO meta (name, value) VALUES ('secret', $1) ON CONFLICT (name) DO NOTHING",
    [SECRET] = "SELECT value FROM meta WHERE name = 'secret'",
    [OWNER] = "SELECT room.id, room.owner, process.until < clock_timestamp() FROM room"
              " LEFT JOIN process ON process.id = room.owner WHERE jid = $1",
    [END_SESSION] = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity JOIN process ON process.id = $1::bigint"
                    " WHERE until < clock_timestamp() AND application_name = 'muc-component ' || $1",
    [END_LEASE] = "DELETE FROM process WHERE id = $1::bigint AND until < clock_timestamp()",
    [TAKE] = "UPDATE room SET owner = $2::bigint WHERE id = $1::bigint AND owner IS NOT DISTINCT FROM $3::bigint",
    [PIECES] = "SELECT kind, xml FROM (SELECT kind, 0 AS place, xml FROM document WHERE room = $1::bigint"
               " UNION ALL SELECT 6, id, xml FROM affiliation WHERE room = $1::bigint"
               " UNION ALL SELECT 7, place, xml FROM message WHERE room = $1::bigint"
               " UNION ALL SELECT 8, id, xml FROM occupant WHERE room = $1::bigint) AS piece ORDER BY kind, place",
    [OCCUPIED] = "SELECT room.id, room.jid FROM (SELECT DISTINCT room FROM occupant WHERE room > $2::bigint) AS inside"
                 " JOIN room ON room.id = inside.room LEFT JOIN process ON process.id = room.owner"
                 " WHERE room.domain = $1 AND (process.id IS NULL OR process.until < clock_timestamp())"
                 " ORDER BY room.id LIMIT $3::bigint",
    [LIST] = "SELECT jid, listed FROM room WHERE domain = $1 AND listed IS NOT NULL AND jid > $2"
             " ORDER BY jid LIMIT $3::bigint",
};

static const char *number(int64_t value, char text[24])
{
    snprintf(text, 24, "%lld", (long long)value);
    return text;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* Whether the batch that was being committed when the connection ended is there. The lock waits for that to be over. */
static store_result look_for_batch(pgsql *s)
{
    const char *const values[] = {s->lease};
    PGresult *answer = NULL;
    store_result result = pgsql_ask(s, COMMITTED, 1, values, &answer);
    if (result != STORE_OK)
        return result;
    s->done = PQntuples(answer) && strtoll(PQgetvalue(answer, 0, 0), NULL, 10) >= s->batch;
    s->unsure = 0;
    PQclear(answer);
    return STORE_OK;
}

static store_result begin(store *base)
{
    pgsql *s = (pgsql *)base;
    if (s->over)
        return pgsql_fail(s, STORE_WRITING, STORE_LOST, "the lease has ended");
    store_result result = s->unsure ? look_for_batch(s) : pgsql_connect(s, STORE_WRITING);
    if (result != STORE_OK || s->done)
        return result;
    s->sent_count = 0;
    s->batch++;
    if (!PQenterPipelineMode(s->db[STORE_WRITING]))
        return pgsql_fail_sql(s, STORE_WRITING, NULL);
    return pgsql_send_text(s, "BEGIN");
}

/* Last it moves the lease on, if it is there still: then nobody can end it before this is over. */
static store_result send_batch(pgsql *s)
{
    char ms[24], batch[24];
    const char *const values[] = {s->lease, number(s->lease_ms, ms), number(s->batch, batch)};
    return pgsql_send(s, BATCH, 3, values, (pgsql_sent){A_ROW, NULL});
}

static store_result commit(store *base)
{
    pgsql *s = (pgsql *)base;
    int64_t now = clock_now();
    if (s->done) {
        s->done = 0;
        return STORE_OK;
    }
    store_result result = send_batch(s);
    if (result == STORE_OK)
        result = pgsql_collect(s);
    if (result == STORE_OK)
        result = pgsql_send_text(s, "COMMIT");
    if (result != STORE_OK)
        return result;
    s->unsure = 1;
    result = pgsql_collect(s);
    if (result != STORE_OK)
        return result;
    s->unsure = 0;
    PQexitPipelineMode(s->db[STORE_WRITING]);
    pgsql_note_lease(s, now);
    return STORE_OK;
}

/* In the pipeline, or without a connection there is nothing to be undone: the database does it. */
static void rollback(store *base)
{
    pgsql *s = (pgsql *)base;
    if (!s->db[STORE_WRITING] || PQpipelineStatus(s->db[STORE_WRITING]) == PQ_PIPELINE_OFF)
        return;
    if (s->sent_count)
        (void)pgsql_collect(s);
    if (!s->db[STORE_WRITING] ||
        (PQexitPipelineMode(s->db[STORE_WRITING]) && pgsql_run(s, STORE_WRITING, "ROLLBACK") == STORE_OK))
        return;
    PQfinish(s->db[STORE_WRITING]);
    s->db[STORE_WRITING] = NULL;
}

/* That a room is lost has turned out at the end of the last try; now it can be said. */
static store_result write_room(pgsql *s, int statement, int n, const char *const *values, pgsql_answer answer)
{
    if (s->done)
        return STORE_OK;
    if (*s->lost && strcmp(s->lost, values[0]) == 0) {
        *s->lost = '\0';
        return STORE_LOST;
    }
    return pgsql_send(s, statement, n, values, (pgsql_sent){answer, values[0]});
}

static store_result put_room(store *base, const char *jid, const char *listed)
{
    pgsql *s = (pgsql *)base;
    const char *const values[] = {jid, s->lease, s->domain, listed};
    return write_room(s, PUT_ROOM, 4, values, A_ROW);
}

static store_result remove_room(store *base, const char *jid)
{
    pgsql *s = (pgsql *)base;
    const char *const values[] = {jid, s->lease};
    return write_room(s, REMOVE_ROOM, 2, values, NO_ROW);
}

static store_result put(store *base, const char *jid, store_kind kind, const char *key, const char *bytes, size_t n)
{
    pgsql *s = (pgsql *)base;
    char what[24];
    int statement = kind == STORE_AFFILIATION ? PUT_AFFILIATION
                    : kind == STORE_MESSAGE   ? PUT_MESSAGE
                    : kind == STORE_OCCUPANT  ? PUT_OCCUPANT
                                              : PUT_DOCUMENT;
    char *text = malloc(n + 1);
    if (!text)
        return pgsql_fail(s, STORE_WRITING, STORE_FAILED, "no memory");
    memcpy(text, bytes, n);
    text[n] = '\0';
    const char *const values[] = {jid, s->lease, statement == PUT_DOCUMENT ? number(kind, what) : key, text};
    store_result result = write_room(s, statement, 4, values, A_ROW);
    free(text);
    return result;
}

static store_result remove_piece(store *base, const char *jid, store_kind kind, const char *key)
{
    pgsql *s = (pgsql *)base;
    char what[24];
    int statement = kind == STORE_AFFILIATION ? REMOVE_AFFILIATION
                    : kind == STORE_OCCUPANT  ? REMOVE_OCCUPANT
                                              : REMOVE_DOCUMENT;
    const char *const values[] = {jid, s->lease, statement == REMOVE_DOCUMENT ? number(kind, what) : key};
    store_result result = write_room(s, ROOM, 2, values, A_ROW);
    return result == STORE_OK ? write_room(s, statement, 3, values, ANYTHING) : result;
}

static store_result trim(store *base, const char *jid, size_t keep)
{
    pgsql *s = (pgsql *)base;
    char count[24];
    const char *const values[] = {jid, s->lease, number((int64_t)keep, count)};
    store_result result = write_room(s, ROOM, 2, values, A_ROW);
    return result == STORE_OK ? write_room(s, TRIM, 3, values, ANYTHING) : result;
}

static store_result release(store *base, const char *jid)
{
    pgsql *s = (pgsql *)base;
    const char *const values[] = {jid, s->lease};
    return write_room(s, RELEASE, 2, values, ANYTHING);
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static store_result load(store *base, const char *jid, store_piece_fn *piece, void *ud)
{
    pgsql *s = (pgsql *)base;
    char room[24];
    PGresult *answer = NULL;
    store_result result = pgsql_take(s, jid, room);
    const char *const values[] = {room};
    if (result == STORE_OK)
        result = pgsql_ask(s, PIECES, 1, values, &answer);
    for (int i = 0; result == STORE_OK && i < PQntuples(answer); i++)
        if (piece((store_kind)atoi(PQgetvalue(answer, i, 0)), PQgetvalue(answer, i, 1),
                  (size_t)PQgetlength(answer, i, 1), ud) != 0)
            result = STORE_ABORTED;
    PQclear(answer);
    return result;
}

/* The connection may be being made by the writer's thread: then there is none now. */
static store_result ask_list(pgsql *s, const char *const *values, PGresult **answer)
{
    if (pthread_mutex_trylock(&s->listing) != 0)
        return pgsql_fail(s, STORE_LISTING, STORE_FAILED, "the database is being reached again");
    store_result result = s->db[STORE_LISTING] && PQstatus(s->db[STORE_LISTING]) == CONNECTION_OK
                              ? pgsql_ask(s, LIST, 3, values, answer)
                              : pgsql_fail(s, STORE_LISTING, STORE_FAILED, "the database is out of reach");
    pthread_mutex_unlock(&s->listing);
    return result;
}

static store_result list(store *base, const char *after, size_t max, store_room_fn *room, void *ud)
{
    pgsql *s = (pgsql *)base;
    char count[24];
    PGresult *answer = NULL;
    const char *const values[] = {s->domain, after, number((int64_t)max, count)};
    store_result result = ask_list(s, values, &answer);
    for (int i = 0; result == STORE_OK && i < PQntuples(answer); i++)
        if (room(PQgetvalue(answer, i, 0), PQgetvalue(answer, i, 1), ud) != 0)
            result = STORE_ABORTED;
    PQclear(answer);
    return result;
}

static store_result occupied(store *base, int64_t *cursor, size_t max, store_room_fn *room, void *ud)
{
    pgsql *s = (pgsql *)base;
    char from[24], count[24];
    PGresult *answer = NULL;
    const char *const values[] = {s->domain, number(*cursor, from), number((int64_t)max, count)};
    store_result result = pgsql_ask(s, OCCUPIED, 3, values, &answer);
    for (int i = 0; result == STORE_OK && i < PQntuples(answer); i++) {
        *cursor = strtoll(PQgetvalue(answer, i, 0), NULL, 10);
        if (room(PQgetvalue(answer, i, 1), "", ud) != 0)
            result = STORE_ABORTED;
    }
    PQclear(answer);
    return result;
}

/* ---- the secret -------------------------------------------------------------------------------------------------- */

/* As hexadecimal digits. Of several processes that begin at once the first one gives it. */
static store_result secret(store *base, uint8_t *bytes, size_t n)
{
    pgsql *s = (pgsql *)base;
    char text[2 * 64 + 1] = "";
    const char *const values[] = {text};
    PGresult *answer = NULL;
    for (size_t i = 0; i < n && i < 64; i++)
        snprintf(text + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    store_result result = pgsql_ask(s, PUT_SECRET, 1, values, NULL);
    if (result == STORE_OK)
        result = pgsql_ask(s, SECRET, 0, NULL, &answer);
    if (result != STORE_OK)
        return result;
    const char *digits = PQntuples(answer) ? PQgetvalue(answer, 0, 0) : "";
    if (strlen(digits) != 2 * n)
        result = pgsql_fail(s, STORE_WRITING, STORE_UNUSABLE, "its secret has another length");
    for (size_t i = 0; result == STORE_OK && i < n; i++) {
        const char two[3] = {digits[2 * i], digits[2 * i + 1], '\0'};
        bytes[i] = (uint8_t)strtoul(two, NULL, 16);
    }
    PQclear(answer);
    return result;
}

const store_backend store_pgsql = {
    .name = "PostgreSQL",
    .open = pgsql_open,
    .close = pgsql_close,
    .begin = begin,
    .commit = commit,
    .rollback = rollback,
    .put_room = put_room,
    .remove_room = remove_room,
    .put = put,
    .remove = remove_piece,
    .trim = trim,
    .release = release,
    .renew = pgsql_renew,
    .load = load,
    .list = list,
    .occupied = occupied,
    .secret = secret,
};
