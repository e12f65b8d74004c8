/* pgsql_talk.c: connections to PostgreSQL: statements go out, answers are waited for, but not for ever.
 *
 * What is written goes out in one piece (a pipeline), so that a group of changes costs two turns of the network,
 * however many there are. A connection that does not answer in time is given up, and made anew when it is needed next.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "pgsql.h"

/* Milliseconds until a database that says nothing is taken for dead; the loop waits for the list, so not long. */
enum { PATIENCE = 10000, PATIENCE_LISTING = 1000 };

int pgsql_side(int statement)
{
    return statement < READS ? STORE_WRITING : statement < LISTS ? STORE_READING : STORE_LISTING;
}

store_result pgsql_fail(pgsql *s, int side, store_result result, const char *what)
{
    char *why = s->base.why[side];
    snprintf(why, sizeof s->base.why[side], "%s", what);
    why[strcspn(why, "\n")] = '\0';
    return result;
}

store_result pgsql_fail_sql(pgsql *s, int side, PGresult *answer)
{
    const char *said = answer ? PQresultErrorMessage(answer) : "";
    pgsql_fail(s, side, STORE_FAILED, *said ? said : PQerrorMessage(s->db[side]));
    PQclear(answer);
    return STORE_FAILED;
}

/* ---- waiting ----------------------------------------------------------------------------------------------------- */

/* A connection that is broken: nothing that was sent counts, nothing comes any more. */
static store_result drop(pgsql *s, int side, const char *why)
{
    store_result result = why ? pgsql_fail(s, side, STORE_FAILED, why) : pgsql_fail_sql(s, side, NULL);
    PQfinish(s->db[side]);
    s->db[side] = NULL;
    if (side == STORE_WRITING)
        s->sent_count = 0;
    return result;
}

static int64_t patience(int side)
{
    return clock_now() + (side == STORE_LISTING ? PATIENCE_LISTING : PATIENCE);
}

/* Sends what waits to be sent, and reads until there is an answer, which may be NULL: the end of those of a statement.
 */
static store_result next(pgsql *s, int side, int64_t end, PGresult **answer)
{
    PGconn *db = s->db[side];
    for (;;) {
        int unsent = PQflush(db);
        if (unsent < 0)
            return drop(s, side, NULL);
        if (!unsent && !PQisBusy(db))
            break;
        struct pollfd fd = {PQsocket(db), (short)(unsent ? POLLIN | POLLOUT : POLLIN), 0};
        int64_t left = end - clock_now();
        int r = left > 0 ? poll(&fd, 1, (int)left) : 0;
        if (r == 0)
            return drop(s, side, "the database does not answer");
        if (r < 0 && errno != EINTR)
            return drop(s, side, strerror(errno));
        if (!PQconsumeInput(db))
            return drop(s, side, NULL);
    }
    *answer = PQgetResult(db);
    return STORE_OK;
}

static int is_good(const PGresult *answer)
{
    ExecStatusType status = PQresultStatus(answer);
    return status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
}

/* All answers of what was sent; the last one in *answer if it is wanted. */
static store_result wait(pgsql *s, int side, PGresult **answer)
{
    int64_t end = patience(side);
    PGresult *last = NULL, *one = NULL;
    store_result result = STORE_OK;
    while ((result = next(s, side, end, &one)) == STORE_OK && one) {
        PQclear(last);
        last = one;
    }
    if (result == STORE_OK && !is_good(last))
        return pgsql_fail_sql(s, side, last);
    if (result == STORE_OK && answer)
        *answer = last;
    else
        PQclear(last);
    return result;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

store_result pgsql_run(pgsql *s, int side, const char *text)
{
    if (!PQsendQuery(s->db[side], text))
        return pgsql_fail_sql(s, side, NULL);
    return wait(s, side, NULL);
}

static const char *name_of(int statement, char name[16])
{
    snprintf(name, 16, "s%d", statement);
    return name;
}

store_result pgsql_ask(pgsql *s, int statement, int n, const char *const *values, PGresult **answer)
{
    char name[16];
    int side = pgsql_side(statement);
    store_result result = pgsql_connect(s, side);
    if (result != STORE_OK)
        return result;
    if (!PQsendQueryPrepared(s->db[side], name_of(statement, name), n, values, NULL, NULL, 0))
        return drop(s, side, NULL);
    return wait(s, side, answer);
}

static store_result expect(pgsql *s, pgsql_sent expected)
{
    if (s->sent_count == s->sent_cap) {
        size_t cap = s->sent_cap ? 2 * s->sent_cap : 256;
        pgsql_sent *more = realloc(s->sent, cap * sizeof *more);
        if (!more)
            return pgsql_fail(s, STORE_WRITING, STORE_FAILED, "no memory");
        s->sent = more;
        s->sent_cap = cap;
    }
    s->sent[s->sent_count++] = expected;
    return STORE_OK;
}

store_result pgsql_send(pgsql *s, int statement, int n, const char *const *values, pgsql_sent expected)
{
    char name[16];
    if (!s->db[STORE_WRITING])
        return pgsql_fail(s, STORE_WRITING, STORE_FAILED, "the connection is lost");
    if (!PQsendQueryPrepared(s->db[STORE_WRITING], name_of(statement, name), n, values, NULL, NULL, 0))
        return drop(s, STORE_WRITING, NULL);
    return expect(s, expected);
}

store_result pgsql_send_text(pgsql *s, const char *text)
{
    if (!s->db[STORE_WRITING])
        return pgsql_fail(s, STORE_WRITING, STORE_FAILED, "the connection is lost");
    if (!PQsendQueryParams(s->db[STORE_WRITING], text, 0, NULL, NULL, NULL, NULL, 0))
        return drop(s, STORE_WRITING, NULL);
    return expect(s, (pgsql_sent){ANYTHING, NULL});
}

/* ---- what was sent ----------------------------------------------------------------------------------------------- */

static store_result look_at(pgsql *s, PGresult *answer, const pgsql_sent *sent)
{
    if (PQresultStatus(answer) == PGRES_PIPELINE_ABORTED) {
        PQclear(answer);
        return STORE_FAILED;
    }
    if (!is_good(answer))
        return pgsql_fail_sql(s, STORE_WRITING, answer);
    int rows = atoi(PQcmdTuples(answer)) > 0;
    PQclear(answer);
    if (sent->answer == ANYTHING || rows == (sent->answer == A_ROW))
        return STORE_OK;
    s->over |= !sent->jid;
    snprintf(s->lost, sizeof s->lost, "%s", sent->jid ? sent->jid : "");
    return pgsql_fail(s, STORE_WRITING, STORE_LOST, "another process has it by now");
}

/* Of several failures the first one is the reason. */
store_result pgsql_collect(pgsql *s)
{
    int64_t end = patience(STORE_WRITING);
    store_result result = STORE_OK;
    PGresult *answer = NULL;
    if (!s->db[STORE_WRITING])
        return STORE_FAILED;
    if (!PQpipelineSync(s->db[STORE_WRITING]))
        return drop(s, STORE_WRITING, NULL);
    size_t count = s->sent_count;
    for (size_t i = 0; i < count; i++) {
        store_result r = next(s, STORE_WRITING, end, &answer);
        if (r != STORE_OK)
            return r;
        r = look_at(s, answer, &s->sent[i]);
        result = result == STORE_OK ? r : result;
        if ((r = next(s, STORE_WRITING, end, &answer)) != STORE_OK)
            return r;
        end = patience(STORE_WRITING);
    }
    s->sent_count = 0;
    store_result synced = next(s, STORE_WRITING, end, &answer);
    if (synced == STORE_OK)
        PQclear(answer);
    return synced == STORE_OK ? result : synced;
}

/* ---- connecting -------------------------------------------------------------------------------------------------- */

store_result pgsql_prepare(pgsql *s, int side)
{
    char name[16];
    for (int i = 0; i < STATEMENTS; i++) {
        if (pgsql_side(i) != side)
            continue;
        if (!PQsendPrepare(s->db[side], name_of(i, name), pgsql_statements[i], 0, NULL))
            return pgsql_fail_sql(s, side, NULL);
        store_result result = wait(s, side, NULL);
        if (result != STORE_OK)
            return result;
    }
    return STORE_OK;
}

/* Every statement has an index that fits, however little the database knows of its tables yet; and only plain index
 * scans pass over the history that has been trimmed. Taking a room need not wait for the disk: if that is forgotten, so
 * is all that was written under it. */
#define SET_UP                                                                                                         \
    "SET search_path = muc; SET client_min_messages = warning; SET plan_cache_mode = force_generic_plan;"              \
    " SET enable_seqscan = off; SET enable_bitmapscan = off; SET jit = off"
static const char set_up[] = SET_UP, set_up_reading[] = SET_UP "; SET synchronous_commit = off";

/* By that name others find the session that writes (END_SESSION). */
store_result pgsql_name_session(pgsql *s)
{
    char text[80];
    snprintf(text, sizeof text, "SET application_name = 'muc-component %s'", s->lease);
    return pgsql_run(s, STORE_WRITING, text);
}

static store_result begin(pgsql *s, int side)
{
    store_result result = PQsetnonblocking(s->db[side], 1) == 0
                              ? pgsql_run(s, side, side == STORE_READING ? set_up_reading : set_up)
                              : pgsql_fail_sql(s, side, NULL);
    if (result == STORE_OK && s->made)
        result = pgsql_prepare(s, side);
    return result == STORE_OK && side == STORE_WRITING && *s->lease ? pgsql_name_session(s) : result;
}

/* What matters comes back as a failure. */
static void ignore(void *ud, const char *notice)
{
    (void)ud, (void)notice;
}

/* What the place says counts more than what is said here. */
store_result pgsql_connect(pgsql *s, int side)
{
    static const char *const names[] = {"application_name",
                                        "client_encoding",
                                        "connect_timeout",
                                        "keepalives_idle",
                                        "keepalives_interval",
                                        "keepalives_count",
                                        "tcp_user_timeout",
                                        "dbname",
                                        NULL};
    const char *const values[] = {"muc-component", "UTF8", "3", "5", "2", "2", "5000", s->place, NULL};
    if (s->db[side] && PQstatus(s->db[side]) == CONNECTION_OK)
        return STORE_OK;
    PQfinish(s->db[side]);
    s->db[side] = PQconnectdbParams(names, values, 1);
    PQsetNoticeProcessor(s->db[side], ignore, NULL);
    if (!s->db[side] || PQstatus(s->db[side]) != CONNECTION_OK)
        return drop(s, side, NULL);
    store_result result = begin(s, side);
    if (result != STORE_OK) {
        PQfinish(s->db[side]);
        s->db[side] = NULL;
    }
    return result;
}
