/* test_sharing.c: rooms in a store that several processes share. */
#include "played.h"

#include <component/exits.h>
#include <component/keeping.h>
#include <pthread.h>
#include <string.h>

#include "suites.h"

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static store_result renewed;

static store_result renew(store *s, int64_t *again)
{
    (void)s;
    *again = 1;
    pthread_mutex_lock(&mutex);
    store_result result = renewed;
    pthread_mutex_unlock(&mutex);
    return result;
}

static void share(void)
{
    played_stop();
    renewed = STORE_OK;
    backend.renew = renew;
    played_start();
}

/* Who wants the room waits until it is free. */
START_TEST(a_room_that_another_process_has)
{
    share();
    load_fails = STORE_TAKEN;
    enter(ANN, TEA, "ann");
    run_a_while();
    ck_assert_str_eq(sent, "");
    load_fails = STORE_OK;
    ck_assert(run_until("code='201'"));
}
END_TEST

START_TEST(rooms_are_given_up)
{
    share();
    make_tea();
    say("one");
    ck_assert_int_eq(rooms_leave(program.rooms), 0);
    ck_assert_ptr_nonnull(strstr(sent, "<body>one"));
    ck_assert_uint_eq(muc_room_count(program.service), 0);
    *sent = '\0';
    enter(BOB, TEA, "bob");
    ck_assert(run_until("<body>one"));
    ck_assert_uint_eq(muc_occupant_count(muc_room_find(program.service, TEA)), 2);
}
END_TEST

START_TEST(an_overdue_lease)
{
    share();
    make_tea();
    ck_assert(rooms_may_serve(program.rooms) && rooms_may_send(program.rooms));
    atomic_store(&program.rooms->store->until, 1);
    ck_assert(!rooms_may_serve(program.rooms) && !rooms_may_send(program.rooms));
    say("one");
    ck_assert_ptr_nonnull(strstr(sent, "<internal-server-error"));
    atomic_store(&program.rooms->store->until, INT64_MAX);
    ck_assert(rooms_may_serve(program.rooms) && rooms_may_send(program.rooms));
    say("two");
    ck_assert(run_until("<body>two"));
}
END_TEST

START_TEST(all_leases_are_lost)
{
    share();
    make_tea();
    ck_assert_int_eq(over, 0);
    pthread_mutex_lock(&mutex);
    renewed = STORE_LOST;
    pthread_mutex_unlock(&mutex);
    run_a_while();
    ck_assert_int_eq(over, EXIT_IN_USE);
}
END_TEST

void add_sharing_tests(Suite *suite)
{
    TCase *c = tcase_create("sharing");
    tcase_add_checked_fixture(c, played_set_up, played_tear_down);
    tcase_add_test(c, a_room_that_another_process_has);
    tcase_add_test(c, rooms_are_given_up);
    tcase_add_test(c, an_overdue_lease);
    tcase_add_test(c, all_leases_are_lost);
    suite_add_tcase(suite, c);
}
