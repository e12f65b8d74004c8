/* test_rooms.c: rooms between the library and a store that is slow, full, or shared. */
#include <component/exits.h>
#include <component/service.h>
#include <component/store.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "played.h"
#include "suites.h"

/* ---- a store that does as it is told ----------------------------------------------------------------------------- */

/* SQLite's, but for these. */
store_backend backend;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed = PTHREAD_COND_INITIALIZER;
static int closed; /* commits wait */
static int broken; /* so many commits fail */
static store_result commit_fails, put_fails;
_Atomic store_result load_fails;
static int commits;

static store_result open_it(store **out, const store_config *config)
{
    store_result result = store_sqlite.open(out, config);
    if (*out)
        (*out)->backend = &backend;
    return result;
}

static store_result commit(store *s)
{
    pthread_mutex_lock(&mutex);
    while (closed)
        pthread_cond_wait(&changed, &mutex);
    int fails = broken > 0 && broken--;
    commits += !fails;
    pthread_mutex_unlock(&mutex);
    return fails ? commit_fails : store_sqlite.commit(s);
}

static void set(int *what, int value)
{
    pthread_mutex_lock(&mutex);
    *what = value;
    pthread_cond_broadcast(&changed);
    pthread_mutex_unlock(&mutex);
}

static store_result put(store *s, const char *jid, store_kind kind, const char *key, const char *bytes, size_t n)
{
    return put_fails != STORE_OK && kind == STORE_MESSAGE ? put_fails : store_sqlite.put(s, jid, kind, key, bytes, n);
}

static store_result load(store *s, const char *jid, store_piece_fn *piece, void *ud)
{
    store_result fails = load_fails;
    return fails != STORE_OK ? fails : store_sqlite.load(s, jid, piece, ud);
}

/* ---- a program around it ----------------------------------------------------------------------------------------- */

static char folder[64], path[80];
char sent[1 << 16];
struct component program;
int over;
static int is_awake, saved;
static int64_t clock_now;

static int64_t now(void *ud)
{
    (void)ud;
    return clock_now;
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    static uint8_t next;
    (void)ud;
    for (size_t i = 0; i < n; i++)
        bytes[i] = next++;
    return 0;
}

static int send_it(muc_service *service, const muc_delivery *delivery, void *ud)
{
    (void)service, (void)ud;
    for (size_t i = 0; i < muc_delivery_count(delivery); i++) {
        size_t at = strlen(sent), n = muc_delivery_size(delivery, i);
        ck_assert_uint_lt(at + n + 2, sizeof sent);
        muc_delivery_write(delivery, i, sent + at);
        memcpy(sent + at + n, "\n", 2);
    }
    return 0;
}

static void awake(void *ud)
{
    (void)ud;
    is_awake = 1;
}

static void end(int status, void *ud)
{
    (void)ud;
    over = status;
}

static void drained(int status, void *ud)
{
    (void)ud;
    saved = status;
}

static int drain(void)
{
    saved = -1;
    rooms_drain(program.rooms);
    for (int i = 0; i < 1000 && saved < 0; i++) {
        event_base_loop(program.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    return saved;
}

void played_start(void)
{
    static const rooms_events events = {.awake = awake, .broken = end, .saved = drained};
    const struct rooms_config config = {.domain = SERVICE, .db = path, .backend = &backend};
    muc_settings settings;
    muc_callbacks callbacks;
    program = (struct component){.base = event_base_new()};
    muc_settings_init(&settings, sizeof settings);
    muc_callbacks_init(&callbacks, sizeof callbacks);
    settings.domain = SERVICE;
    settings.lock_new_rooms = 0;
    callbacks.now = now;
    callbacks.random = chance;
    callbacks.send = send_it;
    ck_assert_int_eq(rooms_open(&program.rooms, &config, program.base), 0);
    rooms_callbacks(program.rooms, &callbacks, &settings);
    ck_assert_int_eq(muc_service_new(&program.service, &settings, &callbacks, NULL, &program), MUC_OK);
    rooms_attach(program.rooms, program.service, &events, &program);
    *sent = '\0';
    is_awake = 0;
}

void played_stop(void)
{
    muc_service_free(program.service);
    rooms_close(program.rooms);
    event_base_free(program.base);
}

void played_set_up(void)
{
    snprintf(folder, sizeof folder, "/tmp/libmuc-rooms-%s",
             "XX"
             "XX"
             "XX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/rooms.db", folder);
    backend = store_sqlite;
    backend.open = open_it;
    backend.commit = commit;
    backend.put = put;
    backend.load = load;
    closed = broken = commits = over = is_awake = 0;
    commit_fails = put_fails = STORE_OK;
    load_fails = STORE_OK;
    clock_now = 1000000000000;
    played_start();
}

void played_tear_down(void)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char name[90];
    set(&closed, 0);
    played_stop();
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        snprintf(name, sizeof name, "%s%s", path, ends[i]);
        unlink(name);
    }
    ck_assert_int_eq(rmdir(folder), 0);
}

/* The loop, until there is that in what was sent, or for a while. */
int run_until(const char *text)
{
    for (int i = 0; i < 1000 && !strstr(sent, text); i++) {
        event_base_loop(program.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    return strstr(sent, text) != NULL;
}

void run_a_while(void)
{
    for (int i = 0; i < 30; i++) {
        event_base_loop(program.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
}

/* The loop, until the number is there. */
static void run_until_is(const int *what, int value)
{
    for (int i = 0; i < 5000 && *what != value; i++) {
        event_base_loop(program.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    ck_assert_int_eq(*what, value);
}

static int dispatch(const char *xml)
{
    return muc_dispatch_text(program.service, xml, strlen(xml), NULL);
}

void enter(const char *jid, const char *room, const char *nick)
{
    char xml[400];
    snprintf(xml, sizeof xml, "<presence from='%s' to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
             jid, room, nick);
    ck_assert_int_eq(dispatch(xml), MUC_OK);
}

static void leave(const char *jid, const char *room)
{
    char xml[400];
    snprintf(xml, sizeof xml, "<presence type='unavailable' from='%s' to='%s/x'/>", jid, room);
    ck_assert_int_eq(dispatch(xml), MUC_OK);
}

void say(const char *text)
{
    char xml[400];
    snprintf(xml, sizeof xml, "<message type='groupchat' from='" ANN "' to='" TEA "'><body>%s</body></message>", text);
    ck_assert_int_eq(dispatch(xml), MUC_OK);
}

void make_tea(void)
{
    enter(ANN, TEA, "ann");
    ck_assert(run_until("code='201'"));
    ck_assert_int_ge(muc_room_set_persistent(muc_room_find(program.service, TEA), 1), 0);
    ck_assert(run_until("code='104'"));
}

/* ---- tests ------------------------------------------------------------------------------------------------------- */

START_TEST(nothing_is_told_before_it_is_stored)
{
    set(&closed, 1);
    enter(ANN, TEA, "ann");
    run_a_while();
    ck_assert_str_eq(sent, "");
    set(&closed, 0);
    ck_assert(run_until("code='201'"));
}
END_TEST

/* What came while one batch was in work is one more, however much it is. */
START_TEST(commits_are_grouped)
{
    make_tea();
    run_a_while();
    set(&closed, 1);
    commits = 0;
    say("one");
    run_a_while();
    for (int i = 0; i < 50; i++)
        say("more");
    say("last");
    run_a_while();
    set(&closed, 0);
    ck_assert(run_until("<body>last"));
    ck_assert_int_eq(commits, 2);
}
END_TEST

START_TEST(a_busy_room_is_not_held_for_ever)
{
    make_tea();
    set(&closed, 1);
    say("one");
    run_a_while();
    say("two");
    set(&closed, 0);
    for (int i = 0; i < 1000 && !strstr(sent, "<body>one"); i++) {
        say("more");
        event_base_loop(program.base, EVLOOP_NONBLOCK);
        usleep(1000);
    }
    ck_assert_ptr_nonnull(strstr(sent, "<body>one"));
    say("last");
    ck_assert(run_until("<body>last"));
}
END_TEST

START_TEST(refused_while_it_cannot_be_written)
{
    make_tea();
    commit_fails = STORE_FAILED;
    set(&broken, 1000000);
    say("one");
    for (int i = 0; i < 1000 && broken == 1000000; i++)
        run_a_while();
    run_a_while();
    enter(BOB, "coffee@" SERVICE, "bob");
    ck_assert_ptr_nonnull(strstr(sent, "<internal-server-error"));
    ck_assert_ptr_null(strstr(sent, "<body>one"));
    ck_assert_ptr_null(muc_room_find(program.service, "coffee@" SERVICE));
    set(&broken, 0);
    ck_assert(run_until("<body>one"));
    enter(BOB, "coffee@" SERVICE, "bob");
    ck_assert(run_until("code='201'"));
    ck_assert_int_eq(over, 0);
}
END_TEST

START_TEST(a_damaged_database_ends_it)
{
    make_tea();
    commit_fails = STORE_UNUSABLE;
    set(&broken, 1);
    say("one");
    run_until_is(&over, EXIT_STORAGE);
    ck_assert_ptr_null(strstr(sent, "<body>one"));
    ck_assert_int_eq(drain(), EXIT_STORAGE);
}
END_TEST

/* It goes on elsewhere: here it is not known any more, and what was not stored is not told. */
START_TEST(a_room_that_is_lost)
{
    make_tea();
    enter(BOB, "coffee@" SERVICE, "bob");
    ck_assert(run_until("coffee"));
    put_fails = STORE_LOST;
    say("one");
    ck_assert_int_ge(muc_room_set_name(muc_room_find(program.service, "coffee@" SERVICE), "Coffee"), 0);
    run_a_while();
    put_fails = STORE_OK;
    ck_assert_ptr_null(muc_room_find(program.service, TEA));
    ck_assert_ptr_nonnull(muc_room_find(program.service, "coffee@" SERVICE));
    ck_assert_ptr_null(strstr(sent, "<body>one"));
    say("two");
    ck_assert(run_until("<body>two"));
    ck_assert_ptr_null(strstr(sent, "<body>one"));
}
END_TEST

/* A room whose end is not on disk yet is neither there nor brought back. */
START_TEST(asked_for_while_its_end_is_written)
{
    make_tea();
    run_a_while();
    set(&closed, 1);
    ck_assert_int_eq(muc_room_destroy(muc_room_find(program.service, TEA), NULL, NULL, NULL), MUC_OK);
    run_a_while();
    say("anybody?");
    run_a_while();
    ck_assert_ptr_null(strstr(sent, "<item-not-found"));
    ck_assert_ptr_null(strstr(sent, "<destroy"));
    set(&closed, 0);
    ck_assert(run_until("<item-not-found"));
    ck_assert(strstr(sent, "<destroy") < strstr(sent, "<item-not-found"));
    ck_assert_ptr_null(muc_room_find(program.service, TEA));
}
END_TEST

START_TEST(out_of_memory_and_back)
{
    make_tea();
    say("before");
    ck_assert(run_until("<body>before"));
    leave(ANN, TEA);
    clock_now += 7200 * 1000;
    /* As long as it is being written it stays. */
    for (int i = 0; i < 100 && muc_room_find(program.service, TEA); i++) {
        run_a_while();
        ck_assert_int_eq(muc_service_sweep(program.service, NULL), MUC_OK);
    }
    ck_assert_ptr_null(muc_room_find(program.service, TEA));
    *sent = '\0';
    enter(BOB, TEA, "bob");
    ck_assert(run_until("<body>before"));
    ck_assert_int_eq(muc_room_used(muc_room_find(program.service, TEA)) / 1000, clock_now / 1000);
}
END_TEST

START_TEST(a_room_that_cannot_be_read)
{
    load_fails = STORE_FAILED;
    enter(ANN, TEA, "ann");
    run_a_while();
    ck_assert_ptr_nonnull(strstr(sent, "<internal-server-error"));
    ck_assert_ptr_null(muc_room_find(program.service, TEA));
    load_fails = STORE_TAKEN;
    *sent = '\0';
    enter(ANN, TEA, "ann");
    run_a_while();
    ck_assert_ptr_nonnull(strstr(sent, "<internal-server-error"));
    load_fails = STORE_OK;
    enter(ANN, TEA, "ann");
    ck_assert(run_until("code='201'"));
}
END_TEST

/* As if it had been killed: what was told is there, and who was inside is. */
START_TEST(after_a_crash)
{
    make_tea();
    enter(BOB, TEA, "bob");
    ck_assert(run_until("<presence to='" BOB "' from='" TEA "/bob'"));
    enter(BOB, "coffee@" SERVICE, "bob");
    ck_assert(run_until("coffee"));
    run_a_while();
    played_stop();
    played_start();
    ck_assert_ptr_null(muc_room_find(program.service, TEA));
    run_until_is(&is_awake, 1);
    ck_assert_uint_eq(muc_occupant_count(muc_room_find(program.service, TEA)), 2);
    ck_assert_uint_eq(muc_occupant_count(muc_room_find(program.service, "coffee@" SERVICE)), 1);
    leave(BOB, "coffee@" SERVICE);
    ck_assert(run_until("type='unavailable'"));
    played_stop();
    played_start();
    run_until_is(&is_awake, 1);
    ck_assert_ptr_null(muc_room_find(program.service, "coffee@" SERVICE));
}
END_TEST

START_TEST(the_end_waits_for_the_disk)
{
    make_tea();
    say("one");
    ck_assert_int_eq(drain(), 0);
    ck_assert_ptr_nonnull(strstr(sent, "<body>one"));
}
END_TEST

/* It does not end before, and the loop goes on meanwhile. */
START_TEST(the_end_waits_for_a_disk_that_fails)
{
    make_tea();
    commit_fails = STORE_FAILED;
    set(&broken, 1000000);
    say("one");
    run_a_while();
    saved = -1;
    rooms_drain(program.rooms);
    run_a_while();
    ck_assert_int_eq(saved, -1);
    set(&broken, 0);
    ck_assert(run_until("<body>one"));
    run_until_is(&saved, 0);
}
END_TEST

Suite *rooms_suite(void)
{
    Suite *suite = suite_create("rooms");
    TCase *c = tcase_create("rooms");
    tcase_add_checked_fixture(c, played_set_up, played_tear_down);
    tcase_add_test(c, nothing_is_told_before_it_is_stored);
    tcase_add_test(c, commits_are_grouped);
    tcase_add_test(c, a_busy_room_is_not_held_for_ever);
    tcase_add_test(c, refused_while_it_cannot_be_written);
    tcase_add_test(c, a_damaged_database_ends_it);
    tcase_add_test(c, a_room_that_is_lost);
    tcase_add_test(c, asked_for_while_its_end_is_written);
    tcase_add_test(c, out_of_memory_and_back);
    tcase_add_test(c, a_room_that_cannot_be_read);
    tcase_add_test(c, after_a_crash);
    tcase_add_test(c, the_end_waits_for_the_disk);
    tcase_add_test(c, the_end_waits_for_a_disk_that_fails);
    suite_add_tcase(suite, c);
    add_sharing_tests(suite);
    return suite;
}
