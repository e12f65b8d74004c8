/* sqlite.h: the two files of the SQLite backend: sqlite_open.c makes and opens the database, store_sqlite.c writes and
 * reads rooms. */
#ifndef COMPONENT_SQLITE_H
#define COMPONENT_SQLITE_H

#include <sqlite3.h>
#include <sys/types.h>

#include "store.h"

/* The prepared statements: those of the writing side, then those of the reading one. */
enum {
    BEGIN,
    COMMIT,
    ROLLBACK,
    ROOM,
    PUT_ROOM,
    REMOVE_ROOM,
    PUT_DOCUMENT,
    PUT_AFFILIATION,
    PUT_MESSAGE,
    PUT_OCCUPANT,
    REMOVE_DOCUMENT,
    REMOVE_AFFILIATION,
    REMOVE_OCCUPANT,
    TRIM,
    WRITES,
    READ_BEGIN = WRITES,
    READ_COMMIT,
    READ_ROOM,
    DOCUMENTS,
    AFFILIATIONS,
    MESSAGES,
    OCCUPANTS,
    LIST,
    OCCUPIED,
    SECRET,
    STATEMENTS
};

extern const char *const sqlite_statements[STATEMENTS];

/* Which file is at a place. */
typedef struct sqlite_file {
    dev_t device;
    ino_t number; /* 0: not known yet */
} sqlite_file;

typedef struct sqlite {
    store base;
    int lock;              /* of the file, with its lock */
    sqlite_file data, log; /* those that are open */
    sqlite3 *db[STORE_SIDES];
    sqlite3_stmt *statement[STATEMENTS];
    /* The room that was written last: writes come in groups. */
    int64_t room;
    char room_jid[3072]; /* "": none */
} sqlite;

/* The side of a statement. */
int sqlite_side(int statement);
/* Notes what went wrong, and returns `result`; what SQLite says, and what that means. */
store_result sqlite_fail(sqlite *s, int side, store_result result, const char *what);
store_result sqlite_fail_sql(sqlite *s, int side);

/* Whether the files that are open are still those at their places. STORE_OK, STORE_UNUSABLE. */
store_result sqlite_in_place(sqlite *s);

/* store_backend.open and close. */
store_result sqlite_open(store **out, const store_config *config);
void sqlite_close(store *base);

#endif
