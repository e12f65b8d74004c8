/* test_pgsql.c: what a store does that several processes share, with a PostgreSQL server that is begun here. */
#include "suites.h"

#if COMPONENT_PGSQL
#include <component/pgsql.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stores.h"

/* ---- several processes ------------------------------------------------------------------------------------------- */

static void server(const char *what)
{
    char command[200];
    snprintf(command, sizeof command, "tests/component/postgres.sh %s %s", what, folder);
    ck_assert_int_eq(system(command), 0);
}

/* Once for all tests. */
static void begin_server(void)
{
    does = &store_pgsql;
    make_folder();
    snprintf(path, sizeof path, "postgresql:///postgres?host=%s&user=muc", folder);
    server("start");
}

static void end_server(void)
{
    char command[100];
    server("stop");
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}

/* By another connection. */
static void ask(const char *statement)
{
    PGconn *db = PQconnectdb(path);
    PGresult *answer = PQexec(db, statement);
    ExecStatusType status = PQresultStatus(answer);
    ck_assert_msg(status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK, "%s", PQerrorMessage(db));
    snprintf(text, sizeof text, "%s", PQntuples(answer) ? PQgetvalue(answer, 0, 0) : "");
    PQclear(answer);
    PQfinish(db);
}

static void set_up_shared(void)
{
    ask("SET client_min_messages = error; DROP SCHEMA IF EXISTS muc CASCADE");
    OK(open_it(&s));
}

static void tear_down_shared(void)
{
    does->close(s);
}

static store_result load_by(store *by)
{
    *text = '\0';
    return does->load(by, TEA, add_piece, NULL);
}

static void make_tea(void)
{
    begin();
    put(TEA, STORE_CONFIG, NULL, "tea");
    commit();
}

START_TEST(a_room_is_one_process_s)
{
    store *other = NULL;
    OK(open_it(&other));
    make_tea();
    ck_assert_int_eq(load_by(other), STORE_TAKEN);
    ck_assert_int_eq(write_by(other, "wrong"), STORE_LOST);
    IS("2:tea ");
    /* Given back. */
    OK(does->begin(s));
    OK(does->release(s, TEA));
    OK(does->commit(s));
    OK(load_by(other));
    ck_assert_str_eq(text, "2:tea ");
    OK(write_by(other, "coffee"));
    ck_assert_int_eq(write_by(s, "late"), STORE_LOST);
    ck_assert_int_eq(load_by(s), STORE_TAKEN);
    /* At the end everything is. */
    does->close(other);
    IS("2:coffee ");
}
END_TEST

/* A process that was late goes on as long as nobody wants what it has. */
START_TEST(a_lease_that_has_run_out)
{
    store *other = NULL;
    int64_t again_in = 0;
    OK(open_it(&other));
    make_tea();
    ask("UPDATE muc.process SET until = now() - interval '1 s' WHERE id = 1");
    OK(does->renew(s, &again_in));
    ck_assert_int_eq(again_in, 20000);
    ck_assert_int_eq(load_by(other), STORE_TAKEN);
    ask("UPDATE muc.process SET until = now() - interval '1 s' WHERE id = 1");
    OK(write_by(s, "late"));
    ck_assert_int_eq(load_by(other), STORE_TAKEN);
    ask("UPDATE muc.process SET until = now() - interval '1 s' WHERE id = 1");
    OK(load_by(other));
    ck_assert_str_eq(text, "2:late ");
    /* Its session has been ended, which it meets first. */
    ck_assert_int_eq(does->renew(s, &again_in), STORE_FAILED);
    ck_assert_int_eq(does->renew(s, &again_in), STORE_LOST);
    ck_assert_int_eq(write_by(s, "too late"), STORE_LOST);
    OK(write_by(other, "other"));
    OK(load_by(other));
    ck_assert_str_eq(text, "2:other ");
    does->close(other);
}
END_TEST

/* One that sleeps in the middle of a batch is in nobody's way. */
START_TEST(asleep_in_a_batch)
{
    store *other = NULL;
    pgsql *inside = (pgsql *)s;
    OK(open_it(&other));
    make_tea();
    ask("UPDATE muc.process SET until = now() - interval '1 s' WHERE id = 1");
    begin();
    put(TEA, STORE_CONFIG, NULL, "half");
    const char *const values[] = {inside->lease, "60000", "99"};
    OK(pgsql_send(inside, BATCH, 3, values, (pgsql_sent){ANYTHING, NULL}));
    OK(pgsql_collect(inside));
    OK(load_by(other));
    ck_assert_str_eq(text, "2:tea ");
    ck_assert_int_eq(does->commit(s), STORE_FAILED);
    does->rollback(s);
    ck_assert_int_eq(write_by(s, "late"), STORE_LOST);
    OK(load_by(other));
    ck_assert_str_eq(text, "2:tea ");
    does->close(other);
}
END_TEST

/* What a process that has lost its lease has to write about a room that has ended makes no new one. */
START_TEST(a_room_that_has_ended_elsewhere)
{
    store *other = NULL;
    OK(open_it(&other));
    make_tea();
    ask("UPDATE muc.process SET until = now() - interval '1 s' WHERE id = 1");
    OK(load_by(other));
    OK(does->begin(other));
    OK(does->remove_room(other, TEA));
    OK(does->commit(other));
    batch b = {.writes = NULL};
    size_t tea = batch_add_room(&b, TEA, NULL);
    batch_remove_room(&b, tea);
    batch_put_room(&b, tea, NULL);
    ck_assert_int_eq(batch_apply(&b, s), STORE_FAILED);
    ck_assert_int_eq(batch_apply(&b, s), STORE_LOST);
    batch_free(&b);
    ck_assert_int_eq(load_by(other), STORE_NONE);
    does->close(other);
}
END_TEST

/* Two make the same room: one of them has it. */
START_TEST(the_same_room_twice)
{
    store *other = NULL;
    batch b = {.writes = NULL};
    OK(open_it(&other));
    size_t tea = batch_add_room(&b, TEA, NULL), coffee = batch_add_room(&b, COFFEE, NULL);
    make_tea();
    batch_remove_room(&b, tea);
    batch_put_room(&b, tea, NULL);
    batch_put_room(&b, coffee, NULL);
    add_document(&b, tea, "no");
    add_document(&b, coffee, "coffee");
    OK(batch_apply(&b, other));
    ck_assert(b.rooms[tea].lost && !b.rooms[coffee].lost);
    IS("2:tea ");
    ck_assert_int_eq(does->load(s, COFFEE, add_piece, NULL), STORE_TAKEN);
    batch_free(&b);
    does->close(other);
}
END_TEST

/* The database is away for a while: what was not written is, and nothing twice. */
START_TEST(a_database_that_restarts)
{
    int64_t again_in = 0;
    make_tea();
    begin();
    put(TEA, STORE_MESSAGE, NULL, "one");
    server("stop");
    ck_assert_int_eq(does->commit(s), STORE_FAILED);
    ck_assert_str_ne(s->why[STORE_WRITING], "");
    does->rollback(s);
    ck_assert_int_eq(does->begin(s), STORE_FAILED);
    ck_assert_int_eq(does->renew(s, &again_in), STORE_FAILED);
    ck_assert_int_eq(load_by(s), STORE_FAILED);
    ck_assert_int_eq(does->list(s, "", 1, add_room, NULL), STORE_FAILED);
    server("resume");
    begin();
    put(TEA, STORE_MESSAGE, NULL, "one");
    commit();
    IS("2:tea 7:one ");
    OK(does->renew(s, &again_in));
    ck_assert_str_eq(read_list("", 1), TEA "=Tea ");
}
END_TEST

/* The connection ends within the commit: when it is made again, what is there is not made twice. */
START_TEST(a_commit_that_nobody_heard_of)
{
    pgsql *inside = (pgsql *)s;
    make_tea();
    begin();
    put(TEA, STORE_MESSAGE, NULL, "one");
    commit();
    inside->unsure = 1;
    begin();
    put(TEA, STORE_MESSAGE, NULL, "one");
    commit();
    IS("2:tea 7:one ");
    begin();
    put(TEA, STORE_MESSAGE, NULL, "two");
    does->rollback(s);
    inside->unsure = 1;
    begin();
    put(TEA, STORE_MESSAGE, NULL, "two");
    commit();
    IS("2:tea 7:one 7:two ");
}
END_TEST

START_TEST(tables_of_others)
{
    store *other = NULL;
    ask("UPDATE muc.version SET number = 99");
    ck_assert_int_eq(open_it(&other), STORE_UNUSABLE);
    ck_assert_ptr_nonnull(strstr(other->why[STORE_WRITING], "later version"));
    does->close(other);
    ask("UPDATE muc.version SET number = 1");
    does->close(s);
    s = NULL;
    ask("SET client_min_messages = error; DROP SCHEMA muc CASCADE; CREATE SCHEMA muc");
    ck_assert_int_eq(open_it(&other), STORE_UNUSABLE);
    does->close(other);
}
END_TEST

START_TEST(others_domains)
{
    store *other = NULL;
    const store_config config = {.place = path, .domain = "chat.example.org", .lease = 60000};
    OK(does->open(&other, &config));
    make_tea();
    OK(does->begin(other));
    OK(does->put_room(other, "tea@chat.example.org", "Other"));
    OK(does->commit(other));
    ck_assert_str_eq(read_list("", 9), TEA "=Tea ");
    does->close(other);
}
END_TEST

void add_shared_tests(Suite *suite)
{
    TCase *c = tcase_create("PostgreSQL");
    tcase_add_unchecked_fixture(c, begin_server, end_server);
    tcase_add_checked_fixture(c, set_up_shared, tear_down_shared);
    tcase_set_timeout(c, 60);
    add_store_tests(c);
    tcase_add_test(c, a_room_is_one_process_s);
    tcase_add_test(c, a_lease_that_has_run_out);
    tcase_add_test(c, asleep_in_a_batch);
    tcase_add_test(c, a_room_that_has_ended_elsewhere);
    tcase_add_test(c, the_same_room_twice);
    tcase_add_test(c, a_database_that_restarts);
    tcase_add_test(c, a_commit_that_nobody_heard_of);
    tcase_add_test(c, tables_of_others);
    tcase_add_test(c, others_domains);
    suite_add_tcase(suite, c);
}

#else

void add_shared_tests(Suite *suite)
{
    (void)suite;
}

#endif
