/* test_store.c: what every storage backend does, shown with that of SQLite, and batches of writes. */
#include <component/batch.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "suites.h"

#define TEA      "tea@rooms.example.org"
#define COFFEE   "coffee@rooms.example.org"
#define OK(call) ck_assert_int_eq((call), STORE_OK)
#define IS(text) ck_assert_str_eq(read_room(TEA), (text))

static char folder[64], path[80];
static store *s;

static store_result open_it(store **out)
{
    const store_config config = {.place = path, .domain = "rooms.example.org"};
    return store_sqlite.open(out, &config);
}

static void set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/libmuc-store-%s",
             "XX"
             "XX"
             "XX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/rooms.db", folder);
    OK(open_it(&s));
}

static void tear_down(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[90];
    store_sqlite.close(s);
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

static void again(void)
{
    store_sqlite.close(s);
    OK(open_it(&s));
}

/* ---- what is there ----------------------------------------------------------------------------------------------- */

static char text[4096];

static int add_piece(store_kind kind, const char *bytes, size_t n, void *ud)
{
    size_t at = strlen(text);
    snprintf(text + at, sizeof text - at, "%d:%.*s ", (int)kind, (int)n, bytes);
    return ud ? --*(int *)ud == 0 : 0;
}

/* "kind:bytes " for each piece; "none". */
static const char *read_room(const char *jid)
{
    *text = '\0';
    store_result result = store_sqlite.load(s, jid, add_piece, NULL);
    if (result == STORE_NONE)
        return "none";
    OK(result);
    return text;
}

static int add_room(const char *jid, const char *name, void *ud)
{
    size_t at = strlen(text);
    snprintf(text + at, sizeof text - at, "%s=%s ", jid, name);
    return ud != NULL;
}

static const char *read_list(const char *after, size_t max)
{
    *text = '\0';
    OK(store_sqlite.list(s, after, max, add_room, NULL));
    return text;
}

static void put(const char *jid, store_kind kind, const char *key, const char *bytes)
{
    OK(store_sqlite.put(s, jid, kind, key, bytes, strlen(bytes)));
}

static void begin(void)
{
    OK(store_sqlite.begin(s));
    OK(store_sqlite.put_room(s, TEA, "Tea"));
}

static void commit(void)
{
    OK(store_sqlite.commit(s));
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
    OK(store_sqlite.remove(s, TEA, STORE_AFFILIATION, "o@x"));
    OK(store_sqlite.remove(s, TEA, STORE_OCCUPANT, "a"));
    OK(store_sqlite.remove(s, TEA, STORE_OCCUPANT, "nobody"));
    OK(store_sqlite.remove(s, TEA, STORE_CONFIG, NULL));
    OK(store_sqlite.remove(s, TEA, STORE_SUBJECT, NULL));
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
        OK(store_sqlite.trim(s, TEA, 3));
    }
    commit();
    IS("7:m4 7:m5 7:m6 ");
    begin();
    OK(store_sqlite.trim(s, TEA, 9));
    OK(store_sqlite.trim(s, TEA, 1));
    commit();
    IS("7:m6 ");
    begin();
    OK(store_sqlite.trim(s, TEA, 0));
    OK(store_sqlite.trim(s, TEA, 0));
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
    OK(store_sqlite.put_room(s, COFFEE, NULL));
    put(COFFEE, STORE_CONFIG, NULL, "config");
    commit();
    begin();
    OK(store_sqlite.remove_room(s, TEA));
    OK(store_sqlite.remove_room(s, "milk@rooms.example.org"));
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
    store_sqlite.rollback(s);
    IS("none");
    ck_assert_int_eq(store_sqlite.begin(s), STORE_OK);
    ck_assert_int_eq(store_sqlite.put(s, TEA, STORE_CONFIG, NULL, "x", 1), STORE_LOST);
    ck_assert_str_ne(s->why[STORE_WRITING], "");
    store_sqlite.rollback(s);
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
    ck_assert_int_eq(store_sqlite.load(s, TEA, add_piece, &left), STORE_ABORTED);
    ck_assert_str_eq(text, "1:start 2:config ");
    *text = '\0';
    ck_assert_int_eq(store_sqlite.list(s, "", 10, add_room, &left), STORE_ABORTED);
    IS("1:start 2:config 4:other ");
}
END_TEST

START_TEST(pages_of_the_room_list)
{
    char jid[40];
    OK(store_sqlite.begin(s));
    for (int i = 9; i >= 0; i--) {
        snprintf(jid, sizeof jid, "r%d@rooms.example.org", i);
        OK(store_sqlite.put_room(s, jid, i % 2 ? NULL : i == 4 ? "" : "Name"));
    }
    commit();
    ck_assert_str_eq(read_list("", 2), "r0@rooms.example.org=Name r2@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("r2@rooms.example.org", 2), "r4@rooms.example.org= r6@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("r7", 9), "r8@rooms.example.org=Name ");
    ck_assert_str_eq(read_list("s", 9), "");
    begin();
    OK(store_sqlite.put_room(s, "r0@rooms.example.org", NULL));
    commit();
    ck_assert_str_eq(read_list("", 1), "r2@rooms.example.org=Name ");
}
END_TEST

START_TEST(rooms_that_somebody_is_in)
{
    int64_t cursor = 0;
    begin();
    OK(store_sqlite.put_room(s, COFFEE, NULL));
    OK(store_sqlite.put_room(s, "milk@rooms.example.org", NULL));
    put(TEA, STORE_OCCUPANT, "a", "ann");
    put(TEA, STORE_OCCUPANT, "b", "bob");
    put("milk@rooms.example.org", STORE_OCCUPANT, "a", "ann");
    commit();
    *text = '\0';
    OK(store_sqlite.occupied(s, &cursor, 1, add_room, NULL));
    ck_assert_str_eq(text, TEA "= ");
    *text = '\0';
    OK(store_sqlite.occupied(s, &cursor, 9, add_room, NULL));
    ck_assert_str_eq(text, "milk@rooms.example.org= ");
    *text = '\0';
    OK(store_sqlite.occupied(s, &cursor, 9, add_room, NULL));
    ck_assert_str_eq(text, "");
}
END_TEST

START_TEST(one_secret_for_ever)
{
    uint8_t first[32], second[32];
    memset(first, 7, sizeof first);
    memset(second, 8, sizeof second);
    OK(store_sqlite.secret(s, first, sizeof first));
    OK(store_sqlite.secret(s, second, sizeof second));
    ck_assert_mem_eq(first, second, sizeof first);
    again();
    memset(second, 9, sizeof second);
    OK(store_sqlite.secret(s, second, sizeof second));
    ck_assert_mem_eq(first, second, sizeof first);
}
END_TEST

START_TEST(one_process)
{
    store *other = NULL;
    ck_assert_int_eq(open_it(&other), STORE_TAKEN);
    store_sqlite.close(other);
    begin();
    put(TEA, STORE_CONFIG, NULL, "still mine");
    commit();
    IS("2:still mine ");
}
END_TEST

/* ---- batches ----------------------------------------------------------------------------------------------------- */

static void add_document(batch *b, size_t room, const char *bytes)
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

Suite *store_suite(void)
{
    Suite *suite = suite_create("store");
    TCase *c = tcase_create("SQLite");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, pieces_in_their_order);
    tcase_add_test(c, others_in_their_place);
    tcase_add_test(c, the_latest_messages);
    tcase_add_test(c, a_room_goes_with_all_of_it);
    tcase_add_test(c, all_or_nothing);
    tcase_add_test(c, whoever_reads_may_stop);
    tcase_add_test(c, pages_of_the_room_list);
    tcase_add_test(c, rooms_that_somebody_is_in);
    tcase_add_test(c, one_secret_for_ever);
    tcase_add_test(c, one_process);
    tcase_add_test(c, a_batch);
    tcase_add_test(c, a_batch_with_rooms_that_are_lost);
    suite_add_tcase(suite, c);
    return suite;
}
