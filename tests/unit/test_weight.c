/* test_weight.c: what is only there while it is needed: the live part of a room. */
#include "service_fixture.h"
#include "suites.h"

#include <string.h>

static service_fixture fixture;
static muc_service *service;
static muc_room *room;

static void setup(void)
{
    service_fixture_setup(&fixture);
    service = &fixture.service;
    room = fixture_room(&fixture, "r@rooms.example.org");
    service_fixture_commit(&fixture);
}

static void checked(void)
{
    const char *wrong = mu_check(service);
    ck_assert_msg(!wrong, "%s", wrong);
}

static void teardown(void)
{
    checked();
    service_fixture_teardown(&fixture);
}

/* ---- the live part of a room ------------------------------------------------------------------------------------ */

START_TEST(an_idle_room_has_nothing_of_its_own)
{
    ck_assert_ptr_null(muc_occupant_by_nick(room, "mia"));
    long blocks = fixture.memory.live;
    ck_assert(!mu_room_is_live(room) && room->live == mu_live_nothing());
    ck_assert_ptr_null(muc_occupant_next(room, NULL));
    ck_assert_uint_eq(muc_occupant_count(room), 0);
    ck_assert_uint_eq(muc_history_count(room), 0);
    ck_assert_ptr_null(muc_feature_data(room, &service_fixture_feature));
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, NULL), MUC_OK);
    ck_assert_int_eq(mu_history_trim(room, 0), MUC_OK);
    bool empty = false;
    ck_assert_ptr_null(mu_room_everyone(room, &empty));
    ck_assert(empty && !mu_room_is_live(room));
    ck_assert_int_eq(fixture.memory.live, blocks);
}
END_TEST

START_TEST(a_room_is_idle_again)
{
    muc_occupant *o = fixture_occupant(room, "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
    ck_assert(mu_room_is_live(room));
    service_fixture_commit(&fixture);
    ck_assert(mu_room_is_live(room) && !room->live->watched);
    ck_assert_int_eq(mu_occupant_remove(o), MUC_OK);
    ck_assert(mu_room_is_live(room));
    checked();
    service_fixture_commit(&fixture);
    ck_assert(!mu_room_is_live(room) && !service->watched);
}
END_TEST

/* Undoing walks through the live part: it stays until all is over. */
START_TEST(undoing_leaves_the_live_part_to_the_end_of_the_call)
{
    (void)fixture_occupant(room, "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
    mu_journal_undo(&service->journal, 0);
    ck_assert(mu_room_is_live(room));
    checked();
    service_fixture_commit(&fixture);
    ck_assert(!mu_room_is_live(room));
    muc_occupant *o = fixture_occupant(room, "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(mu_occupant_remove(o), MUC_OK);
    mu_journal_undo(&service->journal, 0);
    service_fixture_commit(&fixture);
    ck_assert(mu_room_is_live(room) && room->live->first_occupant == o);
    ck_assert_int_eq(mu_room_set_subject(room, NULL, "text", NULL, 5), MUC_OK);
    ck_assert_int_eq(mu_occupant_remove(o), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert(mu_room_is_live(room));
    ck_assert_int_eq(mu_room_set_subject(room, NULL, NULL, NULL, 0), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert(!mu_room_is_live(room));
}
END_TEST

START_TEST(a_room_without_memory_for_its_live_part_stays_idle)
{
    fixture.memory.left = 0;
    ck_assert_int_eq(mu_room_enliven(room), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_room_set_subject(room, NULL, "text", NULL, 5), MUC_ERR_NOMEM);
    fixture.memory.left = -1;
    mu_journal_undo(&service->journal, 0);
    ck_assert(!mu_room_is_live(room) && !service->watched);
}
END_TEST

START_TEST(data_of_features_keeps_a_room_live)
{
    int data = 0;
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, &data), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert(mu_room_is_live(room));
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, NULL), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert(!mu_room_is_live(room));
}
END_TEST

START_TEST(a_room_that_ends_is_watched_no_more)
{
    muc_occupant *o = fixture_occupant(room, "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
    ck_assert_int_eq(mu_occupant_remove(o), MUC_OK);
    ck_assert_int_eq(mu_room_remove(room), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert_ptr_null(service->watched);
    room = fixture_room(&fixture, "s@rooms.example.org");
    (void)fixture_occupant(room, "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
    mu_journal_undo(&service->journal, 0);
    service_fixture_commit(&fixture);
    ck_assert_ptr_null(service->watched);
}
END_TEST

static TCase *tests_of(Suite *suite, const char *name)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, setup, teardown);
    suite_add_tcase(suite, tests);
    return tests;
}

Suite *suite_weight(void)
{
    Suite *suite = suite_create("weight");
    TCase *tests = tests_of(suite, "live");
    tcase_add_test(tests, an_idle_room_has_nothing_of_its_own);
    tcase_add_test(tests, a_room_is_idle_again);
    tcase_add_test(tests, undoing_leaves_the_live_part_to_the_end_of_the_call);
    tcase_add_test(tests, a_room_without_memory_for_its_live_part_stays_idle);
    tcase_add_test(tests, data_of_features_keeps_a_room_live);
    tcase_add_test(tests, a_room_that_ends_is_watched_no_more);
    return suite;
}
