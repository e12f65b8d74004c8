/* test_store.c: what every storage backend does, shown here with that of SQLite, and batches of writes. */
#include <component/batch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "stores.h"
#include "suites.h"

char folder[64], path[160], text[4096];
const store_backend *does;
store *s;

store_result open_it(store **out)
{
    const store_config config = {.place = path, .domain = "rooms.example.org", .lease = 60000};
    return does->open(out, &config);
}

void make_folder(void)
{
    snprintf(folder, sizeof folder, "/tmp/libmuc-store-%s",
             "XX"
             "XX"
             "XX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
}

static void set_up(void)
{
    does = &store_sqlite;
    make_folder();
    snprintf(path, sizeof path, "%s/rooms.db", folder);
    OK(open_it(&s));
}

static void tear_down(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[170];
    does->close(s);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

static void again(void)
{
    does->close(s);
    OK(open_it(&s));
}

/* ---- what is there ----------------------------------------------------------------------------------------------- */

int add_piece(store_kind kind, const char *bytes, size_t n, void *ud)
{
    size_t at = strlen(text);
    snprintf(text + at, sizeof text - at, "%d:%.*s ", (int)kind, (int)n, bytes);
    return ud ? --*(int *)ud == 0 : 0;
}

/* "kind:bytes " for each piece; "none". */
const char *read_room(const char *jid)
{
    *text = '\0';
    store_result result = does->load(s, jid, add_piece, NULL);
    if (result == STORE_NONE)
        return "none";
    OK(result);
    return text;
}

int add_room(const char *jid, const char *name, void *ud)
{
    size_t at = strlen(text);
    snprintf(text + at, sizeof text - at, "%s=%s ", jid, name);
    return ud != NULL;
}

const char *read_list(const char *after, size_t max)
{
    *text = '\0';
    OK(does->list(s, after, max, add_room, NULL));
    return text;
}

void put(const char *jid, store_kind kind, const char *key, const char *bytes)
{
    OK(does->put(s, jid, kind, key, bytes, strlen(bytes)));
}

void begin(void)
{
    OK(does->begin(s));
    OK(does->put_room(s, TEA, "Tea"));
}

void commit(void)
{
    OK(does->commit(s));
}

/* Writes a configuration of a room that there is, and once more where the end says that it is lost. */
store_result write_by(store *by, const char *bytes)
{
    store_result result = STORE_LOST;
    for (int i = 0; i < 2 && result == STORE_LOST; i++) {
        if ((result = does->begin(by)) != STORE_OK)
            return result;
        result = does->put(by, TEA, STORE_CONFIG, NULL, bytes, strlen(bytes));
        if (result == STORE_OK)
            result = does->commit(by);
        if (result != STORE_OK)
            does->rollback(by);
    }
    return result;
}

/* ---- rooms ------------------------------------------------------------------------------------------------------- */

START_TEST(pieces_in_their_order)
{
    IS("none");
    begin();
    put(TEA, STORE_OCCUPANT, "z", "zoe");
    put(TEA, STORE_MESSAGE, NULL, "one");
    put(TEA, STORE_AFFILIATION, "o@x", "owner");
    put(TEA, STORE_CONFIG, NULL, "config");
    put(TEA, STORE_START, NULL, "start");
    put(TEA, STORE_OCCUPANT, "a", "ann");
    put(TEA, STORE_MESSAGE, NULL, "two");
    put(TEA, STORE_AFFILIATION, "a@x", "admin");
    ck_assert_str_eq(read_room(TEA), "none");
    commit();
    IS("1:start 2:config 6:owner 6:admin 7:one 7:two 8:zoe 8:ann ");
    again();
    IS("1:start 2:config 6:owner 6:admin 7:one 7:two 8:zoe 8:ann ");
}
END_TEST

START_TEST(others_in_their_place)
{
    begin();
    put(TEA, STORE_CONFIG, NULL, "config");
    put(TEA, STORE_AFFILIATION, "o@x", "owner");
    put(TEA, STORE_AFFILIATION, "a@x", "admin");
    put(TEA, STORE_OCCUPANT, "z", "zoe");
    put(TEA, STORE_OCCUPANT, "a", "ann");
    put(TEA, STORE_AFFILIATION, "o@x", "member");
    put(TEA, STORE_OCCUPANT, "z", "zoe away");
    put(TEA, STORE_CONFIG, NULL, "other");
    commit();
    IS("2:other 6:member 6:admin 8:zoe away 8:ann ");
    begin();
    OK(does->remove(s, TEA, STORE_AFFILIATION, "o@x"));
    OK(does->remove(s, TEA, STORE_OCCUPANT, "a"));
    OK(does->remove(s, TEA, STORE_OCCUPANT, "nobody"));
    OK(does->remove(s, TEA, STORE_CONFIG, NULL));
    OK(does->remove(s, TEA, STORE_SUBJECT, NULL));
    commit();
    IS("6:admin 8:zoe away ");
}
END_TEST

START_TEST(the_latest_messages)
{
    char one[16];
    begin();
    for (int i = 0; i < 7; i++) {
        snprintf(one, sizeof one, "m%d", i);
        put(TEA, STORE_MESSAGE, NULL, one);
        OK(does->trim(s, TEA, 3));
    }
    commit();
    IS("7:m4 7:m5 7:m6 ");
    begin();
    OK(does->trim(s, TEA, 9));
    OK(does->trim(s, TEA, 1));
    commit();
    IS("7:m6 ");
    begin();
    OK(does->trim(s, TEA, 0));
    OK(does->trim(s, TEA, 0));
    put(TEA, STORE_MESSAGE, NULL, "again");
    commit();
    IS("7:again ");
}
END_TEST

START_TEST(a_room_goes_with_all_of_it)
{
    begin();
    put(TEA, STORE_AFFILIATION, "o@x", "owner");
    put(TEA, STORE_MESSAGE, NULL, "one");
    OK(does->put_room(s, COFFEE, NULL));
    put(COFFEE, STORE_CONFIG, NULL, "config");
    commit();
    begin();
    OK(does->remove_room(s, TEA));
    OK(does->remove_room(s, "milk@rooms.example.org"));
    commit();
    IS("none");
    ck_assert_str_eq(read_room(COFFEE), "2:config ");
    begin();
    put(TEA, STORE_CONFIG, NULL, "new");
    commit();
    IS("2:new ");
}
END_TEST

START_TEST(all_or_nothing)
{
    begin();
    put(TEA, STORE_CONFIG, NULL, "config");
    does->rollback(s);
    IS("none");
    ck_assert_int_eq(write_by(s, "x"), STORE_LOST);
    ck_assert_str_ne(s->why[STORE_WRITING], "");
    begin();
    commit();
    IS("");
}
END_TEST

START_TEST(whoever_reads_may_stop)
{
    int left = 2;
    begin();
    put(TEA, STORE_START, NULL, "start");
    put(TEA, STORE_CONFIG, NULL, "config");
    put(TEA, STORE_OTHER, NULL, "other");
    commit();
    *text = '\0';
    ck_assert_int_eq(does->load(s, TEA, add_piece, &left), STORE_ABORTED);
    ck_assert_str_eq(text, "1:start 2:config ");
    *text = '\0';
    ck_assert_int_eq(does->list(s, "", 10, add_room, &left), STORE_ABORTED);
    IS("1:start 2:config 4:other ");
}
END_TEST

START_TEST(pages_of_the_room_list)
{
    char jid[40];
    OK(does->begin(s));
    for (int i = 9; i >= 0; i--) {
        snprintf(jid, sizeof jid, "r%d@rooms.example.org", i);
        OK(does->put_room(s, jid, i % 2 ? NULL : i == 4 ? "" : "Name"));
    }
    commit();
    ck_assert_str_eq(read_list("", 2), "r0@rooms.example.org=Name r2@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("r2@rooms.example.org", 2), "r4@rooms.example.org= r6@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("r7", 9), "r8@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("s", 9), "");
    begin();
    OK(does->put_room(s, "r0@rooms.example.org", NULL));
    commit();
    ck_assert_str_eq(read_list("", 1), "r2@rooms.example.org=Name ");
}
END_TEST

START_TEST(rooms_that_somebody_is_in)
{
    int64_t cursor = 0;
    begin();
    OK(does->put_room(s, COFFEE, NULL));
    OK(does->put_room(s, "milk@rooms.example.org", NULL));
    put(TEA, STORE_OCCUPANT, "a", "ann");
    put(TEA, STORE_OCCUPANT, "b", "bob");
    put("milk@rooms.example.org", STORE_OCCUPANT, "a", "ann");
    commit();
    again();
    *text = '\0';
    OK(does->occupied(s, &cursor, 1, add_room, NULL));
    ck_assert_str_eq(text, TEA "= ");
    *text = '\0';
    OK(does->occupied(s, &cursor, 9, add_room, NULL));
    ck_assert_str_eq(text, "milk@rooms.example.org= ");
    *text = '\0';
    OK(does->occupied(s, &cursor, 9, add_room, NULL));
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(one_secret_for_ever)
{
    uint8_t first[32], second[32];
    memset(first, 7, sizeof first);
    memset(second, 8, sizeof second);
    OK(does->secret(s, first, sizeof first));
    OK(does->secret(s, second, sizeof second));
    ck_assert_mem_eq(first, second, sizeof first);
    again();
    memset(second, 9, sizeof second);
    OK(does->secret(s, second, sizeof second));
    ck_assert_mem_eq(first, second, sizeof first);
}
END_TEST

/* ---- batches ----------------------------------------------------------------------------------------------------- */

void add_document(batch *b, size_t room, const char *bytes)
{
    batch_begin(b, room, STORE_CONFIG, NULL);
    ck_assert_int_eq(batch_append(bytes, strlen(bytes), b), 0);
    batch_end(b);
}

START_TEST(a_batch)
{
    batch b = {.writes = NULL};
    size_t tea = batch_add_room(&b, TEA, NULL), coffee = batch_add_room(&b, COFFEE, NULL);
    batch_remove_room(&b, tea);
    batch_put_room(&b, tea, "Tea");
    add_document(&b, tea, "config");
    batch_begin(&b, tea, STORE_AFFILIATION, "o@x");
    ck_assert_int_eq(batch_append("own", 3, &b), 0);
    ck_assert_int_eq(batch_append("er", 2, &b), 0);
    batch_end(&b);
    batch_mark here = batch_here(&b);
    batch_put_room(&b, coffee, NULL);
    add_document(&b, batch_add_room(&b, "milk@rooms.example.org", NULL), "milk");
    batch_cut(&b, here);
    batch_begin(&b, tea, STORE_SUBJECT, NULL);
    ck_assert_int_eq(batch_append("half", 4, &b), 0);
    batch_end_removed(&b);
    batch_release_room(&b, tea);
    OK(batch_apply(&b, s));
    IS("2:config 6:owner ");
    ck_assert_str_eq(read_room(COFFEE), "none");
    batch_clear(&b);
    OK(batch_apply(&b, s));
    batch_free(&b);
}
END_TEST

/* Rooms of others are left out; all else is written. */
START_TEST(a_batch_with_rooms_that_are_lost)
{
    batch b = {.writes = NULL};
    size_t lost = batch_add_room(&b, COFFEE, NULL), tea = batch_add_room(&b, TEA, NULL);
    size_t also = batch_add_room(&b, "milk@rooms.example.org", NULL);
    batch_put_room(&b, tea, NULL);
    add_document(&b, lost, "not there");
    add_document(&b, tea, "config");
    add_document(&b, also, "not there");
    OK(batch_apply(&b, s));
    ck_assert(b.rooms[lost].lost && b.rooms[also].lost && !b.rooms[tea].lost);
    IS("2:config ");
    batch_free(&b);
}
END_TEST

void add_store_tests(TCase *c)
{
    tcase_add_test(c, pieces_in_their_order);
    tcase_add_test(c, others_in_their_place);
    tcase_add_test(c, the_latest_messages);
    tcase_add_test(c, a_room_goes_with_all_of_it);
    tcase_add_test(c, all_or_nothing);
    tcase_add_test(c, whoever_reads_may_stop);
    tcase_add_test(c, pages_of_the_room_list);
    tcase_add_test(c, rooms_that_somebody_is_in);
    tcase_add_test(c, one_secret_for_ever);
    tcase_add_test(c, a_batch);
    tcase_add_test(c, a_batch_with_rooms_that_are_lost);
}

/* ---- one process ------------------------------------------------------------------------------------------------- */

START_TEST(one_process)
{
    store *other = NULL;
    ck_assert_int_eq(open_it(&other), STORE_TAKEN);
    does->close(other);
    begin();
    put(TEA, STORE_CONFIG, NULL, "still mine");
    commit();
    IS("2:still mine ");
}
END_TEST

Suite *store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *c = tcase_create("SQLite");
    tcase_add_checked_fixture(c, set_up, tear_down);
    add_store_tests(c);
    tcase_add_test(c, one_process);
    suite_add_tcase(suite, c);
    add_shared_tests(suite);
    return suite;
}
