/* test_sweep.c: what is done because time has passed. */
#include "host.h"
#include "suites.h"

static int result_inside;
static int64_t due = INT64_MAX;

static int on_sweep(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_int_eq(ev->as.sweep->now, world.clock);
    ck_assert_uint_eq(ev->as.sweep->work, 3);
    ck_assert_ptr_null(ev->room);
    ev->as.sweep->work--;
    if (due < ev->as.sweep->next)
        ev->as.sweep->next = due;
    result_inside = muc_service_sweep(world.service, NULL);
    OK(muc_room_broadcast(room("den"), message("time"), MUC_EVERYONE));
    return MUC_PASS;
}

static int on_sweep_too(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_uint_eq(ev->as.sweep->work, 2);
    GIVES(MUC_ERR_FORBIDDEN, muc_occupant_set_role(occupant("den", "Juliet"), ROMEO, MUC_ROLE_NONE, NULL));
    return MUC_ERR_STORE;
}

static void set_up(void)
{
    host_prepare();
    world.settings.max_sweep = 3;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    forget();
}

START_TEST(nobody_waits)
{
    int64_t next = 0;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, INT64_MAX);
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_uint_eq(world.log_n, 0);
}
END_TEST

/* A handler's calls are transactions of their own: that another one fails does not undo them. */
START_TEST(handlers_join_in)
{
    int64_t next = 0;
    due = world.clock + 5000;
    muc_hook_add(world.service, MUC_ON_SWEEP, NULL, 10, on_sweep, NULL);
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, due);
    GIVES(MUC_ERR_BUSY, result_inside);
    ck_assert_uint_eq(times("time"), 2);
    muc_hook_add(world.service, MUC_ON_SWEEP, NULL, 0, on_sweep_too, NULL);
    GIVES(MUC_INCOMPLETE, muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock);
    ck_assert_uint_eq(times("time"), 4);
}
END_TEST

/* The clock is asked once, whatever handlers do. */
START_TEST(one_time)
{
    muc_hook_add(world.service, MUC_ON_SWEEP, NULL, 10, on_sweep, NULL);
    world.asked = 0;
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_int_eq(world.asked, 1);
}
END_TEST

START_TEST(no_work_is_no_setting)
{
    muc_service *s;
    world.settings.max_sweep = 0;
    GIVES(MUC_ERR_INVALID, muc_service_new(&s, &world.settings, &world.callbacks, NULL, &world));
}
END_TEST

Suite *suite_sweep(void)
{
    Suite *suite = suite_create("sweep");
    TCase *tc = tcase_create("sweep");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, nobody_waits);
    tcase_add_test(tc, handlers_join_in);
    tcase_add_test(tc, one_time);
    tcase_add_test(tc, no_work_is_no_setting);
    suite_add_tcase(suite, tc);
    return suite;
}
