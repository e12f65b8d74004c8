/* pgsql.h: the files of the PostgreSQL backend: pgsql_open.c makes and opens the database, pgsql_talk.c asks it,
 * pgsql_lease.c has the leases, store_pgsql.c writes and reads rooms. */
#ifndef COMPONENT_PGSQL_H
#define COMPONENT_PGSQL_H

#include <libpq-fe.h>
#include <pthread.h>

#include "store.h"

/* The prepared statements, side by side. */
enum {
    /* writing */
    ENTER,
    RENEW,
    LEAVE,
    BATCH,
    COMMITTED,
    ROOM,
    PUT_ROOM,
    REMOVE_ROOM,
    RELEASE,
    PUT_DOCUMENT,
    PUT_AFFILIATION,
    PUT_MESSAGE,
    PUT_OCCUPANT,
    REMOVE_DOCUMENT,
    REMOVE_AFFILIATION,
    REMOVE_OCCUPANT,
    TRIM,
    PUT_SECRET,
    SECRET,
    /* reading */
    OWNER,
    END_SESSION,
    END_LEASE,
    TAKE,
    PIECES,
    OCCUPIED,
    /* listing */
    LIST,
    STATEMENTS,
    READS = OWNER,
    LISTS = LIST
};

extern const char *const pgsql_statements[STATEMENTS];

/* What a statement that has been sent is to answer; another answer: the room is lost. */
typedef enum pgsql_answer { ANYTHING, A_ROW, NO_ROW } pgsql_answer;
typedef struct pgsql_sent {
    pgsql_answer answer;
    const char *jid;
} pgsql_sent;

typedef struct pgsql {
    store base;
    char *place, *domain;
    PGconn *db[STORE_SIDES];
    pthread_mutex_t listing; /* that connection: the loop uses it, the writer's thread brings it back */
    char lease[24];          /* the number of this process, in digits */
    int64_t lease_ms;
    int made;      /* the tables are there */
    int64_t batch; /* the number of the latest one */
    int unsure;    /* nobody knows whether it has been committed, */
    int done;      /* or it has */
    pgsql_sent *sent;
    size_t sent_count, sent_cap;
    char lost[3072]; /* a room that has turned out to be lost at the end; "": none */
    int over;        /* so has the lease */
} pgsql;

/* The side of a statement. */
int pgsql_side(int statement);
/* Notes what went wrong, and returns `result`. */
store_result pgsql_fail(pgsql *s, int side, store_result result, const char *what);
/* The same in the words of the database, whose answer is freed, or of the connection (NULL). */
store_result pgsql_fail_sql(pgsql *s, int side, PGresult *answer);

/* ---- asking (pgsql_talk.c) --------------------------------------------------------------------------------------- */

/* Values are texts; NULL is NULL. Waits for the answer of a statement: STORE_OK and *answer, to be cleared. */
store_result pgsql_ask(pgsql *s, int statement, int n, const char *const *values, PGresult **answer);
/* The same for text with several statements, or without values. */
store_result pgsql_run(pgsql *s, int side, const char *text);
/* Sends one of the writing side without waiting; the answer is looked at by pgsql_collect(). statement < 0: text. */
store_result pgsql_send(pgsql *s, int statement, int n, const char *const *values, pgsql_sent expected);
store_result pgsql_send_text(pgsql *s, const char *text);
/* Waits for all of them. STORE_LOST: s->lost is. */
store_result pgsql_collect(pgsql *s);
/* Connects, or connects again, when there is no connection. */
store_result pgsql_connect(pgsql *s, int side);
store_result pgsql_name_session(pgsql *s);
/* Prepares its statements, which connecting does when the tables are there. */
store_result pgsql_prepare(pgsql *s, int side);

/* ---- leases (pgsql_lease.c) -------------------------------------------------------------------------------------- */

store_result pgsql_enter(pgsql *s);
void pgsql_leave(pgsql *s);
/* It has been renewed by what was sent then. */
void pgsql_note_lease(pgsql *s, int64_t sent);
/* store_backend.renew. */
store_result pgsql_renew(store *base, int64_t *again);
/* Takes a room for this process: its number in `room`. STORE_NONE, STORE_TAKEN. */
store_result pgsql_take(pgsql *s, const char *jid, char room[24]);

/* ---- opening (pgsql_open.c) -------------------------------------------------------------------------------------- */

store_result pgsql_open(store **out, const store_config *config);
void pgsql_close(store *base);

#endif
