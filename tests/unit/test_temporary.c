/* test_temporary.c: temporary rooms that are stored until they end (settings.store_temporary). */
#include "host.h"
#include "suites.h"

#include <string.h>

static void set_up(void)
{
    host_prepare();
    world.settings.store_temporary = 1;
    world.settings.store_parts = MUC_PART_ALL;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
}

START_TEST(told_from_the_first_to_the_last)
{
    ck_assert_uint_eq(place("store " DEN " new parts=3f"), 0);
    ck_assert_uint_eq(times(" new "), 1);
    forget();
    talk("den", ROMEO, "hello");
    ck_assert_uint_eq(place("store " DEN " parts=8\n"), 0);
    forget();
    CHANGED(muc_room_set_persistent(room("den"), 1));
    said("store " DEN " parts=1\nitem part=1 option=persistent");
    CHANGED(muc_room_set_persistent(room("den"), 0));
    unsaid("gone");
    forget();
    OK(muc_peer_gone(world.service, JULIET, NULL));
    said("store " DEN " parts=10\nitem part=10 option=- jid=- nick=Juliet\n");
    forget();
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    ck_assert_uint_eq(place("store " DEN " gone"), 0);
    ck_assert_uint_eq(times("store "), 1);
    ck_assert_ptr_null(room("den"));
}
END_TEST

START_TEST(goes_on_after_a_restart)
{
    save_room("den");
    host_stop();
    host_start();
    forget();
    OK(muc_room_restore(world.service, world.saved, world.saved_n, NULL));
    ck_assert_str_eq(world.log, "");
    talk("den", ROMEO, "hello again");
    said("send " JULIET " ");
    said("store " DEN " parts=8\n");
    unsaid(" new ");
    OK(muc_peer_gone(world.service, JULIET, NULL));
    forget();
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    ck_assert_uint_eq(place("store " DEN " gone"), 0);
}
END_TEST

/* A room that the store does not take is not made. */
START_TEST(refused_by_the_store)
{
    world.change_answer = -1;
    forget();
    join("hut", JULIET, "Juliet");
    said("<internal-server-error");
    ck_assert_ptr_null(room("hut"));
    world.change_answer = 0;
    forget();
    join("hut", JULIET, "Juliet");
    said("store hut@" SERVICE " new");
    said("<status code='201'/>");
}
END_TEST

Suite *suite_temporary(void)
{
    Suite *suite = suite_create("temporary");
    TCase *tc = tcase_create("temporary");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, told_from_the_first_to_the_last);
    tcase_add_test(tc, goes_on_after_a_restart);
    tcase_add_test(tc, refused_by_the_store);
    suite_add_tcase(suite, tc);
    return suite;
}
