/* pgsql_open.c: the database of the PostgreSQL backend: making its tables, opening it, knowing what it is.
 *
 * Everything is in a schema of its own, `muc`, which says how its tables look (muc.version): older ones are brought up
 * to date step by step, one of a later version is refused. Several processes may do that at once: one of them does.
 * Several domains may be in one database. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "pgsql.h"

/* ---- schema ------------------------------------------------------------------------------------------------------ */

/* Step i makes version i + 1 of version i. Those that have been released stay as they are. Texts are compared as bytes,
 * as everywhere in the program. */
static const char *const steps[] = {
    "CREATE SCHEMA muc;"
    "CREATE TABLE muc.version (number int NOT NULL);"
    "INSERT INTO muc.version VALUES (0);"
    "CREATE TABLE muc.meta (name text PRIMARY KEY, value text NOT NULL);"
    /* A process, as long as it is alive: until then nobody else may end it. No number comes twice. batch: the latest
     * one that it has committed. */
    "CREATE TABLE muc.process (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, domain text NOT NULL,"
    " until timestamptz NOT NULL, batch bigint NOT NULL DEFAULT 0, host text NOT NULL) WITH (fillfactor = 50);"
    /* listed: the name in the room list; NULL: it is not there. owner: the process that has it; one that is not there
     * any more, or NULL: nobody has it. */
    "CREATE TABLE muc.room (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, domain text COLLATE \"C\" NOT NULL,"
    " jid text COLLATE \"C\" NOT NULL UNIQUE, listed text, owner bigint);"
    "CREATE INDEX room_listed ON muc.room (domain, jid) WHERE listed IS NOT NULL;"
    "CREATE TABLE muc.document (room bigint NOT NULL REFERENCES muc.room ON DELETE CASCADE, kind int NOT NULL,"
    " xml text NOT NULL, PRIMARY KEY (room, kind));"
    "CREATE TABLE muc.affiliation (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " room bigint NOT NULL REFERENCES muc.room ON DELETE CASCADE, jid text COLLATE \"C\" NOT NULL, xml text NOT NULL,"
    " UNIQUE (room, jid));"
    "CREATE TABLE muc.message (room bigint NOT NULL REFERENCES muc.room ON DELETE CASCADE, place bigint NOT NULL,"
    " xml text NOT NULL, PRIMARY KEY (room, place));"
    "CREATE TABLE muc.occupant (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
    " room bigint NOT NULL REFERENCES muc.room ON DELETE CASCADE, nick text COLLATE \"C\" NOT NULL, xml text NOT NULL,"
    " UNIQUE (room, nick));",
};
enum { VERSION = sizeof steps / sizeof *steps };

/* ---- opening ----------------------------------------------------------------------------------------------------- */

/* Asks for one value, which may be missing: "". */
static store_result ask(pgsql *s, const char *question, char *out, size_t size)
{
    PGresult *answer = PQexec(s->db[STORE_WRITING], question);
    if (PQresultStatus(answer) != PGRES_TUPLES_OK)
        return pgsql_fail_sql(s, STORE_WRITING, answer);
    snprintf(out, size, "%s", PQntuples(answer) ? PQgetvalue(answer, 0, 0) : "");
    PQclear(answer);
    return STORE_OK;
}

/* Before anything is changed in it. */
static store_result recognise(pgsql *s, int *version)
{
    char encoding[32], schema[16], table[16], number[16] = "0";
    store_result result = ask(s, "SHOW server_encoding", encoding, sizeof encoding);
    if (result == STORE_OK && strcmp(encoding, "UTF8") != 0)
        return pgsql_fail(s, STORE_WRITING, STORE_UNUSABLE, "its encoding is not UTF8");
    if (result == STORE_OK)
        result = ask(s, "SELECT to_regnamespace('muc')", schema, sizeof schema);
    if (result == STORE_OK)
        result = ask(s, "SELECT to_regclass('muc.version')::oid", table, sizeof table);
    if (result == STORE_OK && *schema && !*table)
        return pgsql_fail(s, STORE_WRITING, STORE_UNUSABLE, "its schema muc is that of another program");
    if (result == STORE_OK && *table)
        result = ask(s, "SELECT number FROM muc.version", number, sizeof number);
    *version = atoi(number);
    if (result == STORE_OK && *version > VERSION)
        return pgsql_fail(s, STORE_WRITING, STORE_UNUSABLE,
                          "it was made by a later version of this program, which is needed to read it");
    return result;
}

/* Makes the tables, or brings them up to date, one process at a time. */
static store_result migrate(pgsql *s)
{
    char text[100];
    int version = 0;
    store_result result = pgsql_run(s, STORE_WRITING, "BEGIN; SELECT pg_advisory_xact_lock(1836409649)");
    if (result == STORE_OK)
        result = recognise(s, &version);
    for (int i = version; i < VERSION && result == STORE_OK; i++)
        if (pgsql_run(s, STORE_WRITING, steps[i]) != STORE_OK)
            result = STORE_CANNOT;
    snprintf(text, sizeof text, "UPDATE muc.version SET number = %d", VERSION);
    if (result == STORE_OK && version < VERSION)
        result = pgsql_run(s, STORE_WRITING, text);
    return result == STORE_OK ? pgsql_run(s, STORE_WRITING, "COMMIT") : result;
}

static store_result connect_all(pgsql *s)
{
    store_result result = pgsql_connect(s, STORE_WRITING);
    if (result == STORE_OK)
        result = migrate(s);
    s->made = result == STORE_OK;
    if (result == STORE_OK)
        result = pgsql_prepare(s, STORE_WRITING);
    for (int side = 0; side < STORE_SIDES && result == STORE_OK; side++)
        if ((result = pgsql_connect(s, side)) != STORE_OK && side != STORE_WRITING)
            memcpy(s->base.why[STORE_WRITING], s->base.why[side], sizeof s->base.why[side]);
    return result;
}

store_result pgsql_open(store **out, const store_config *config)
{
    pgsql *s = calloc(1, sizeof *s);
    *out = (store *)s;
    if (!s)
        return STORE_FAILED;
    s->base.backend = &store_pgsql;
    pthread_mutex_init(&s->listing, NULL);
    s->place = strdup(config->place);
    s->domain = strdup(config->domain);
    s->lease_ms = config->lease;
    if (!s->place || !s->domain)
        return pgsql_fail(s, STORE_WRITING, STORE_FAILED, "no memory");
    store_result result = connect_all(s);
    return result == STORE_OK ? pgsql_enter(s) : result;
}

void pgsql_close(store *base)
{
    pgsql *s = (pgsql *)base;
    if (!s)
        return;
    pgsql_leave(s);
    for (int side = 0; side < STORE_SIDES; side++)
        PQfinish(s->db[side]);
    pthread_mutex_destroy(&s->listing);
    free(s->sent);
    free(s->place);
    free(s->domain);
    free(s);
}
