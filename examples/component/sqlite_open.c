/* sqlite_open.c: the database of the SQLite backend: making it, opening it, knowing what it is.
 *
 * Two connections, one for each side, in write-ahead mode, so that reading never waits for a write. `synchronous` is
 * FULL: a commit returns when the log has been flushed to the disk, so what was told survives the end of the process
 * and that of the power; NORMAL would save that flush and lose the latest commits when the power fails. The file is
 * locked as a whole (flock) against a second process; tools may read it meanwhile, and back it up by SQLite's own means
 * (`sqlite3 FILE ".backup COPY"`). It has to be on a local file system.
 *
 * The file knows what it is (application_id) and how its tables look (user_version): older ones are brought up to date
 * step by step, one of a later version is refused. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sqlite.h"

/* ---- schema ------------------------------------------------------------------------------------------------------ */

/* "muc1" */
#define APPLICATION_ID 0x6d756331

/* Step i makes version i + 1 of version i. Those that have been released stay as they are. */
static const char *const steps[] = {
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;"
    /* listed: the name in the room list; NULL: it is not there. */
    "CREATE TABLE room (id INTEGER PRIMARY KEY, jid TEXT NOT NULL UNIQUE, listed TEXT);"
    "CREATE INDEX room_listed ON room (jid, listed) WHERE listed IS NOT NULL;"
    /* With a number, as affiliations: what is longer than a quarter of a page has a page of its own otherwise. */
    "CREATE TABLE document (id INTEGER PRIMARY KEY, room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,"
    " kind INTEGER NOT NULL, xml TEXT NOT NULL, UNIQUE (room, kind));"
    "CREATE TABLE affiliation (id INTEGER PRIMARY KEY, room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,"
    " jid TEXT NOT NULL, xml TEXT NOT NULL, UNIQUE (room, jid));"
    "CREATE TABLE message (room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE, place INTEGER NOT NULL,"
    " xml TEXT NOT NULL, PRIMARY KEY (room, place)) WITHOUT ROWID;"
    "CREATE TABLE occupant (id INTEGER PRIMARY KEY, room INTEGER NOT NULL REFERENCES room ON DELETE CASCADE,"
    " nick TEXT NOT NULL, xml TEXT NOT NULL, UNIQUE (room, nick));",
};
enum { VERSION = sizeof steps / sizeof *steps };

/* ---- opening ----------------------------------------------------------------------------------------------------- */

static store_result take_file(sqlite *s, const char *path)
{
    char why[200];
    int there = access(path, F_OK) == 0;
    s->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (s->lock < 0) {
        snprintf(why, sizeof why, "cannot be %s: %s", there ? "opened" : "made", strerror(errno));
        return sqlite_fail(s, STORE_WRITING, there ? STORE_UNUSABLE : STORE_CANNOT, why);
    }
    if (flock(s->lock, LOCK_EX | LOCK_NB) == 0)
        return STORE_OK;
    if (errno == EWOULDBLOCK)
        return sqlite_fail(s, STORE_WRITING, STORE_TAKEN, "another process is using it");
    snprintf(why, sizeof why, "cannot be locked: %s", strerror(errno));
    return sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE, why);
}

static store_result run_text(sqlite *s, int side, const char *text)
{
    return sqlite3_exec(s->db[side], text, NULL, NULL, NULL) == SQLITE_OK ? STORE_OK : sqlite_fail_sql(s, side);
}

/* The number that a pragma answers. */
static store_result ask(sqlite *s, const char *pragma, int64_t *out)
{
    sqlite3_stmt *q = NULL;
    if (sqlite3_prepare_v2(s->db[STORE_WRITING], pragma, -1, &q, NULL) != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW) {
        sqlite3_finalize(q);
        return sqlite_fail_sql(s, STORE_WRITING);
    }
    *out = sqlite3_column_int64(q, 0);
    sqlite3_finalize(q);
    return STORE_OK;
}

/* Before anything is changed in it. */
static store_result recognise(sqlite *s)
{
    int64_t id = 0, version = 0, tables = 0;
    store_result result = ask(s, "PRAGMA application_id", &id);
    if (result == STORE_OK)
        result = ask(s, "PRAGMA user_version", &version);
    if (result == STORE_OK)
        result = ask(s, "SELECT COUNT(*) FROM sqlite_master", &tables);
    if (result != STORE_OK)
        return result;
    if (id != APPLICATION_ID && (id || version || tables))
        return sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE, "it is the database of another program");
    if (version > VERSION)
        return sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE,
                           "it was made by a later version of this program, which is needed to read it");
    return STORE_OK;
}

static store_result connect_side(sqlite *s, int side, const char *path)
{
    static const char *const set_up[STORE_SIDES] = {
        [STORE_WRITING] = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
        [STORE_READING] = "PRAGMA query_only = ON",
    };
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
    if (sqlite3_open_v2(path, &s->db[side], flags, NULL) != SQLITE_OK)
        return sqlite_fail_sql(s, side);
    sqlite3_busy_timeout(s->db[side], 5000);
    store_result result = side == STORE_WRITING ? recognise(s) : STORE_OK;
    return result == STORE_OK ? run_text(s, side, set_up[side]) : result;
}

/* So large a file takes a moment to read; what is larger is checked where it is read. */
enum { CHECKED = 64 << 20 };

static store_result check(sqlite *s)
{
    struct stat file;
    sqlite3_stmt *q = NULL;
    store_result result = STORE_OK;
    if (fstat(s->lock, &file) < 0 || file.st_size > CHECKED)
        return STORE_OK;
    int r = sqlite3_prepare_v2(s->db[STORE_WRITING], "PRAGMA quick_check(1)", -1, &q, NULL);
    if (r != SQLITE_OK || sqlite3_step(q) != SQLITE_ROW)
        result = sqlite_fail_sql(s, STORE_WRITING);
    else if (strcmp((const char *)sqlite3_column_text(q, 0), "ok") != 0)
        result = sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE, (const char *)sqlite3_column_text(q, 0));
    sqlite3_finalize(q);
    return result;
}

/* Makes the tables, or brings them up to date. */
static store_result migrate(sqlite *s)
{
    char text[100];
    int64_t version = 0;
    store_result result = ask(s, "PRAGMA user_version", &version);
    if (result != STORE_OK || version == VERSION)
        return result == STORE_OK ? check(s) : result;
    result = run_text(s, STORE_WRITING, "BEGIN IMMEDIATE");
    for (int64_t i = version; i < VERSION && result == STORE_OK; i++)
        result = run_text(s, STORE_WRITING, steps[i]);
    snprintf(text, sizeof text, "PRAGMA application_id = %d; PRAGMA user_version = %d; COMMIT", APPLICATION_ID,
             VERSION);
    return result == STORE_OK ? run_text(s, STORE_WRITING, text) : result;
}

/* ---- being there ------------------------------------------------------------------------------------------------- */

/* Notes which file is there, the first time; later whether it is the same. */
static int is_same(sqlite_file *file, const char *path)
{
    struct stat st;
    if (stat(path, &st) < 0)
        return 0;
    if (!file->number)
        *file = (sqlite_file){st.st_dev, st.st_ino};
    return st.st_dev == file->device && st.st_ino == file->number;
}

/* What is written into a file that has been removed is lost with the process, and SQLite does not look. */
store_result sqlite_in_place(sqlite *s)
{
    const char *path = sqlite3_db_filename(s->db[STORE_WRITING], "main");
    char log[4096];
    int n = snprintf(log, sizeof log, "%s-wal", path);
    if (!is_same(&s->data, path))
        return sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE, "somebody has moved, removed or replaced the file");
    if (n < (int)sizeof log && !is_same(&s->log, log))
        return sqlite_fail(s, STORE_WRITING, STORE_UNUSABLE, "somebody has removed or replaced its -wal file");
    return STORE_OK;
}

static store_result prepare(sqlite *s)
{
    for (int i = 0; i < STATEMENTS; i++)
        if (sqlite3_prepare_v3(s->db[sqlite_side(i)], sqlite_statements[i], -1, SQLITE_PREPARE_PERSISTENT,
                               &s->statement[i], NULL) != SQLITE_OK)
            return sqlite_fail_sql(s, sqlite_side(i));
    return STORE_OK;
}

store_result sqlite_open(store **out, const store_config *config)
{
    sqlite *s = calloc(1, sizeof *s);
    *out = (store *)s;
    if (!s)
        return STORE_FAILED;
    s->base.backend = &store_sqlite;
    store_result result = take_file(s, config->place);
    if (result == STORE_OK)
        result = connect_side(s, STORE_WRITING, config->place);
    if (result == STORE_OK)
        result = migrate(s);
    int side = result == STORE_OK ? STORE_READING : STORE_WRITING;
    if (result == STORE_OK)
        result = connect_side(s, STORE_READING, config->place);
    if (result == STORE_OK)
        result = prepare(s);
    if (result != STORE_OK && side == STORE_READING && *s->base.why[STORE_READING])
        memcpy(s->base.why[STORE_WRITING], s->base.why[STORE_READING], sizeof s->base.why[STORE_WRITING]);
    return result == STORE_FAILED ? STORE_UNUSABLE : result;
}

/* The lock goes last: closing any descriptor of the file would take SQLite's own ones. */
void sqlite_close(store *base)
{
    sqlite *s = (sqlite *)base;
    if (!s)
        return;
    for (int i = 0; i < STATEMENTS; i++)
        sqlite3_finalize(s->statement[i]);
    sqlite3_close(s->db[STORE_READING]);
    /* Closing does that, too, but not where the file has been moved, to which what is in the log belongs all the same.
     */
    if (s->db[STORE_WRITING])
        sqlite3_wal_checkpoint_v2(s->db[STORE_WRITING], NULL, SQLITE_CHECKPOINT_FULL, NULL, NULL);
    sqlite3_close(s->db[STORE_WRITING]);
    if (s->lock >= 0)
        close(s->lock);
    free(s);
}
