/* pgsql_lease.c: which process has which room: leases, kept in the database and measured by its clock.
 *
 * A process is a row with a time; it is alive as long as that row is there. It moves the time on again and again, and
 * with every batch that it writes. When the time has come, whoever wants a room of it may delete the row, and nobody
 * else does: as long as nobody wants one of its rooms, a process that was late goes on. A room has the number of its
 * owner, which is the fencing token: numbers are given once. Every write names it (store_pgsql.c), and a batch holds
 * the row of the process while it is committed, so that the row is deleted before a batch or behind it, never in
 * between: a process that has slept writes nothing into a room that another one has by now. Where it sleeps in the
 * middle of a batch its session is ended, which undoes that.
 *
 * What needs no write needs a clock: store.until is when this process cannot be sure any more, counted from before the
 * database was asked. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "pgsql.h"

void pgsql_note_lease(pgsql *s, int64_t sent)
{
    atomic_store(&s->base.until, sent + s->lease_ms);
}

static const char *milliseconds(const pgsql *s, char text[24])
{
    snprintf(text, 24, "%lld", (long long)s->lease_ms);
    return text;
}

store_result pgsql_enter(pgsql *s)
{
    char host[64] = "", ms[24];
    gethostname(host, sizeof host - 1);
    snprintf(host + strlen(host), sizeof host - strlen(host), "/%ld", (long)getpid());
    const char *const values[] = {s->domain, milliseconds(s, ms), host};
    PGresult *answer = NULL;
    int64_t now = clock_now();
    store_result result = pgsql_ask(s, ENTER, 3, values, &answer);
    if (result != STORE_OK)
        return result;
    snprintf(s->lease, sizeof s->lease, "%s", PQgetvalue(answer, 0, 0));
    PQclear(answer);
    pgsql_note_lease(s, now);
    return pgsql_name_session(s);
}

void pgsql_leave(pgsql *s)
{
    const char *const values[] = {s->lease};
    if (*s->lease && s->db[STORE_WRITING])
        (void)pgsql_ask(s, LEAVE, 1, values, NULL);
}

/* The connection that the loop uses is made here when it is lost: the loop does not wait for that. */
static void mend_listing(pgsql *s)
{
    pthread_mutex_lock(&s->listing);
    /* The last words of a server that has gone, and then its end. */
    for (int i = 0; i < 2 && s->db[STORE_LISTING] && PQconsumeInput(s->db[STORE_LISTING]); i++)
        (void)PQisBusy(s->db[STORE_LISTING]);
    (void)pgsql_connect(s, STORE_LISTING);
    pthread_mutex_unlock(&s->listing);
}

store_result pgsql_renew(store *base, int64_t *again)
{
    pgsql *s = (pgsql *)base;
    char ms[24];
    const char *const values[] = {s->lease, milliseconds(s, ms)};
    PGresult *answer = NULL;
    int64_t now = clock_now();
    *again = s->lease_ms / 10;
    store_result result = pgsql_ask(s, RENEW, 2, values, &answer);
    if (result != STORE_OK)
        return result;
    int there = atoi(PQcmdTuples(answer)) > 0;
    PQclear(answer);
    if (!there)
        return pgsql_fail(s, STORE_WRITING, STORE_LOST, "the lease has run out, and another process has taken a room");
    *again = s->lease_ms / 3;
    pgsql_note_lease(s, now);
    mend_listing(s);
    return STORE_OK;
}

/* ---- rooms ------------------------------------------------------------------------------------------------------- */

/* Whose it is. */
typedef enum owner { NOBODY, OURS, ALIVE, OVERDUE } owner;

static store_result ask_owner(pgsql *s, const char *jid, char room[24], char id[24], owner *whose)
{
    const char *const values[] = {jid};
    PGresult *answer = NULL;
    store_result result = pgsql_ask(s, OWNER, 1, values, &answer);
    if (result == STORE_OK && PQntuples(answer) == 0)
        result = STORE_NONE;
    if (result == STORE_OK) {
        snprintf(room, 24, "%s", PQgetvalue(answer, 0, 0));
        snprintf(id, 24, "%s", PQgetvalue(answer, 0, 1));
        const char *state = PQgetvalue(answer, 0, 2); /* whether it is overdue; "": it is not there */
        *whose = strcmp(id, s->lease) == 0 ? OURS : !*state ? NOBODY : *state == 't' ? OVERDUE : ALIVE;
    }
    PQclear(answer);
    return result;
}

/* Runs one that changes a row, or finds that another process was faster: STORE_TAKEN. */
static store_result change(pgsql *s, int statement, int n, const char *const *values)
{
    PGresult *answer = NULL;
    store_result result = pgsql_ask(s, statement, n, values, &answer);
    if (result != STORE_OK)
        return result;
    int changed = atoi(PQcmdTuples(answer)) > 0;
    PQclear(answer);
    return changed ? STORE_OK : pgsql_fail(s, STORE_READING, STORE_TAKEN, "another process has it");
}

/* An owner that was not there when he was looked for never comes back: numbers are given once. */
store_result pgsql_take(pgsql *s, const char *jid, char room[24])
{
    char id[24];
    owner whose = NOBODY;
    store_result result = ask_owner(s, jid, room, id, &whose);
    if (result != STORE_OK || whose == OURS)
        return result;
    const char *const ended[] = {id};
    if (whose == ALIVE)
        return pgsql_fail(s, STORE_READING, STORE_TAKEN, "another process has it");
    if (whose == OVERDUE)
        (void)pgsql_ask(s, END_SESSION, 1, ended, NULL);
    if (whose == OVERDUE && (result = change(s, END_LEASE, 1, ended)) != STORE_OK)
        return result;
    const char *const values[] = {room, s->lease, *id ? id : NULL};
    return change(s, TAKE, 3, values);
}
