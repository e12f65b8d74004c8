/* test_tombstone.c: what remains of rooms that were destroyed, by the API; and rooms that the host makes when they are
 * wanted. */
#include "host.h"
#include "suites.h"

#include <string.h>

static void set_up(void)
{
    host_prepare();
    world.settings.tombstone_time = 60;
    world.settings.max_tombstones = 2;
    host_start();
}

static void bury(const char *jid, const char *alternate, const char *reason)
{
    muc_room *one;
    OK(muc_room_create(world.service, jid, &(muc_option_value){"persistent", "1"}, 1, &one));
    OK(muc_room_destroy(one, alternate, reason, "secret"));
}

/* proves 45-10.9-7 */
START_TEST(a_room_leaves_what_its_end_said)
{
    muc_tombstone t;
    bury("den@" SERVICE, "cave@" SERVICE, "too small");
    ck_assert_int_eq(muc_tombstone_find(world.service, "den@" SERVICE "/Juliet", &t), 1);
    ck_assert_str_eq(t.jid, "den@" SERVICE);
    ck_assert_str_eq(t.alternate, "cave@" SERVICE);
    ck_assert_str_eq(t.reason, "too small");
    ck_assert_int_eq(t.at, world.clock);
    ck_assert_int_eq(t.until, world.clock + 60000);
    ck_assert_int_eq(muc_tombstone_find(world.service, "other@" SERVICE, &t), 0);
    ck_assert_int_eq(muc_tombstone_find(world.service, "den@elsewhere.example", &t), 0);
    ck_assert_int_eq(muc_tombstone_find(world.service, NULL, &t), 0);
    world.clock += 60000;
    ck_assert_int_eq(muc_tombstone_find(world.service, "den@" SERVICE, &t), 0);
    ck_assert_int_eq(muc_tombstone_next(world.service, NULL, &t), 1);
    GIVES(MUC_ERR_BAD_JID, muc_tombstone_lift(world.service, SERVICE));
    GIVES(MUC_ERR_BAD_JID, muc_tombstone_lift(world.service, "den@elsewhere.example"));
    GIVES(MUC_ERR_NOT_FOUND, muc_tombstone_lift(world.service, "other@" SERVICE));
    OK(muc_tombstone_lift(world.service, "den@" SERVICE));
    ck_assert_int_eq(muc_tombstone_next(world.service, NULL, &t), 0);
}
END_TEST

START_TEST(the_oldest_is_forgotten)
{
    muc_tombstone t;
    bury("a@" SERVICE, NULL, NULL);
    bury("b@" SERVICE, NULL, NULL);
    bury("c@" SERVICE, NULL, NULL);
    ck_assert_int_eq(muc_tombstone_find(world.service, "a@" SERVICE, &t), 0);
    ck_assert_int_eq(muc_tombstone_next(world.service, NULL, &t), 1);
    ck_assert_str_eq(t.jid, "b@" SERVICE);
    ck_assert_ptr_null(t.alternate);
    ck_assert_ptr_null(t.reason);
    ck_assert_int_eq(muc_tombstone_next(world.service, "b@" SERVICE, &t), 1);
    ck_assert_str_eq(t.jid, "c@" SERVICE);
    ck_assert_int_eq(muc_tombstone_next(world.service, "c@" SERVICE, &t), 0);
    ck_assert_int_eq(muc_tombstone_next(world.service, "a@" SERVICE, &t), 0);
}
END_TEST

/* A handler of the host decides for itself. */
static int on_pre_destroy(muc_event *ev, void *ud)
{
    ev->as.destroy->gone_for = *(const int64_t *)ud;
    return MUC_PASS;
}

START_TEST(a_handler_says_for_how_long)
{
    muc_tombstone t;
    int64_t time = INT64_MAX;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_PRE_DESTROY, NULL, 0, on_pre_destroy, &time), 0);
    bury("a@" SERVICE, NULL, NULL);
    ck_assert_int_eq(muc_tombstone_find(world.service, "a@" SERVICE, &t), 1);
    ck_assert_int_gt(t.until, world.clock);
    time = 0;
    bury("b@" SERVICE, NULL, NULL);
    ck_assert_int_eq(muc_tombstone_find(world.service, "b@" SERVICE, &t), 0);
    time = -1;
    bury("c@" SERVICE, NULL, NULL);
    ck_assert_int_eq(muc_tombstone_find(world.service, "c@" SERVICE, &t), 1);
    ck_assert_int_eq(t.until, 0);
}
END_TEST

START_TEST(a_saved_one_comes_back)
{
    static const char saved[] =
        "<room xmlns='urn:libmuc:room:1' jid='den@" SERVICE "'>"
        "<destroyed at='2025-01-01T00:00:00Z' jid='cave@" SERVICE "'><reason>why</reason></destroyed></room>";
    static const char damaged[] = "<room xmlns='urn:libmuc:room:1' jid='pit@" SERVICE "'><destroyed/></room>";
    muc_tombstone t;
    muc_room *one = NULL;
    OK(muc_room_restore(world.service, saved, sizeof saved - 1, &one));
    ck_assert_ptr_null(one);
    ck_assert_int_eq(muc_tombstone_find(world.service, "den@" SERVICE, &t), 1);
    ck_assert_int_eq(t.until, 0);
    ck_assert_str_eq(t.reason, "why");
    ck_assert_str_eq(t.alternate, "cave@" SERVICE);
    GIVES(MUC_ERR_MALFORMED, muc_room_restore(world.service, damaged, sizeof damaged - 1, NULL));
    GIVES(MUC_ERR_EXISTS, muc_room_create(world.service, "den@" SERVICE, NULL, 0, NULL));
}
END_TEST

/* ---- what the store is told ------------------------------------------------------------------------------------- */

static const muc_option_value stays = {"persistent", "1"};

static int end_and_begin(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    OK(muc_room_create(ev->service, DEN, NULL, 0, NULL));
    return MUC_STOP;
}

/* The next room of that name comes before the store has heard of the tombstone. _i: the first one was stored. */
START_TEST(one_that_the_store_never_had)
{
    OK(muc_room_create(world.service, DEN, &stays, (size_t)_i, NULL));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, end_and_begin, NULL), 0);
    forget();
    talk("den", JULIET, "x");
    ck_assert_ptr_nonnull(room("den"));
    ck_assert_uint_eq(times("store " DEN " gone"), (size_t)_i);
    ck_assert_uint_eq(times("store"), (size_t)_i);
}
END_TEST

static int take_its_place(muc_event *ev, void *ud)
{
    const int *how = ud;
    if (*how)
        OK(muc_room_create(ev->service, DEN, &stays, 1, NULL));
    else
        OK(muc_tombstone_lift(ev->service, DEN));
    CHANGED(muc_room_set_name(room("hut"), "H"));
    return MUC_STOP;
}

/* The call is undone in which a room takes its place (_i), or in which it is lifted: the store has it again. */
START_TEST(one_that_comes_back_is_told_again)
{
    muc_tombstone t;
    OK(muc_room_create(world.service, "hut@" SERVICE, &stays, 1, NULL));
    bury(DEN, NULL, "why");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, take_its_place, &_i), 0);
    world.change_of = "hut@" SERVICE;
    world.change_answer = -1;
    forget();
    talk("hut", JULIET, "x");
    ck_assert_ptr_null(room("den"));
    ck_assert_int_eq(muc_tombstone_find(world.service, DEN, &t), 1);
    ck_assert_str_eq(t.reason, "why");
    ck_assert_uint_lt(place(_i ? "store " DEN " new" : "store " DEN " gone"), place("store hut"));
    ck_assert_uint_lt(place("store hut"), place("store " DEN " tombstone"));
    ck_assert_uint_eq(times("store"), 3);
    world.change_answer = 0;
    forget();
    OK(muc_tombstone_lift(world.service, DEN));
    ck_assert_uint_eq(times("store " DEN " gone"), 1);
}
END_TEST

/* One that the host brings back is in its store. */
START_TEST(one_that_came_from_the_store_is_lifted)
{
    static const char saved[] = "<room xmlns='urn:libmuc:room:1' jid='" DEN "'>"
                                "<destroyed at='2025-01-01T00:00:00Z'/></room>";
    OK(muc_room_restore(world.service, saved, sizeof saved - 1, NULL));
    OK(muc_tombstone_lift(world.service, DEN));
    ck_assert_uint_eq(times("store " DEN " gone"), 1);
}
END_TEST

/* ---- rooms that shall be there ---------------------------------------------------------------------------------- */

static int wanted;

/* A host that makes the room that is asked for, and knows no other. */
static int on_wanted(muc_service *service, const char *jid, void *ud)
{
    (void)ud;
    wanted++;
    if (strncmp(jid, "hall@", 5) != 0)
        return MUC_ROOM_UNKNOWN;
    int r = muc_room_create(service, jid, &(muc_option_value){"name", "Hall"}, 1, NULL);
    return r < 0 ? r : MUC_ROOM_RESTORED;
}

START_TEST(the_host_makes_what_is_wanted)
{
    muc_room *hall = NULL;
    wanted = 0;
    join("hall", ROMEO, "Romeo");
    hall = room("hall");
    ck_assert_ptr_nonnull(hall);
    ck_assert_str_eq(muc_room_get_name(hall), "Hall");
    ck_assert_int_eq(muc_affiliation_get(hall, ROMEO), MUC_AFFILIATION_NONE);
    ck_assert_int_eq(wanted, 1);
    GIVES(MUC_ERR_EXISTS, muc_room_create(world.service, "hall@" SERVICE, NULL, 0, NULL));
    OK(muc_room_destroy(hall, NULL, NULL, NULL));
    GIVES(MUC_ERR_EXISTS, muc_room_create(world.service, "hall@" SERVICE, NULL, 0, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_room_load(world.service, "pit@" SERVICE, &hall));
}
END_TEST

static void set_up_wanted(void)
{
    host_prepare();
    world.callbacks.room_wanted = on_wanted;
    host_start();
}

Suite *suite_tombstone(void)
{
    Suite *suite = suite_create("tombstone");
    TCase *tests = tcase_create("tombstone");
    tcase_add_checked_fixture(tests, set_up, host_stop);
    suite_add_tcase(suite, tests);
    tcase_add_test(tests, a_room_leaves_what_its_end_said);
    tcase_add_test(tests, the_oldest_is_forgotten);
    tcase_add_test(tests, a_handler_says_for_how_long);
    tcase_add_test(tests, a_saved_one_comes_back);
    tcase_add_loop_test(tests, one_that_the_store_never_had, 0, 2);
    tcase_add_loop_test(tests, one_that_comes_back_is_told_again, 0, 2);
    tcase_add_test(tests, one_that_came_from_the_store_is_lifted);
    TCase *making = tcase_create("wanted");
    tcase_add_checked_fixture(making, set_up_wanted, host_stop);
    suite_add_tcase(suite, making);
    tcase_add_test(making, the_host_makes_what_is_wanted);
    return suite;
}
