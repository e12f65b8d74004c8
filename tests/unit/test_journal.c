/* test_journal.c: every kind of entry, undone and committed, with memory and without. */
#include "service_fixture.h"
#include "suites.h"

#include <string.h>

static service_fixture fixture;
static int freed, touched;

static void setup(void)
{
    service_fixture_setup(&fixture);
    freed = touched = 0;
}

static void teardown(void)
{
    service_fixture_teardown(&fixture);
}

static void count_free(mu_heap *heap, void *object)
{
    (void)heap;
    (void)object;
    freed++;
}

static void count_touch(void *object)
{
    (void)object;
    touched++;
}

START_TEST(undo_goes_back_to_the_mark)
{
    mu_journal *j = &fixture.service.journal;
    int a = 1;
    int64_t b[2] = {2, 3};
    ck_assert_int_eq(MU_SET(j, a, 10), MUC_OK);
    size_t mark = j->n;
    ck_assert_int_eq(mu_save_bytes(j, b, sizeof b), MUC_OK);
    b[0] = b[1] = 7;
    ck_assert_int_eq(MU_SET(j, a, 20), MUC_OK);
    ck_assert_int_eq(MU_SET(j, a, 30), MUC_OK);
    mu_journal_undo(j, mark);
    ck_assert_int_eq(a, 10);
    ck_assert_int_eq(b[0], 2);
    ck_assert_int_eq(b[1], 3);
    mu_journal_undo(j, 0);
    ck_assert_int_eq(a, 1);
}
END_TEST

START_TEST(objects_end_when_they_should)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    ck_assert_int_eq(mu_save_made(j, count_free, NULL), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_save_gone(j, count_free, NULL), MUC_OK);
    ck_assert_uint_eq(j->n, 0);
    ck_assert_int_eq(mu_save_made(j, count_free, &object), MUC_OK);
    ck_assert_int_eq(mu_save_gone(j, count_free, &object), MUC_OK);
    mu_journal_undo(j, 0);
    ck_assert_int_eq(freed, 1); /* the made one */
    ck_assert_int_eq(mu_save_made(j, count_free, &object), MUC_OK);
    ck_assert_int_eq(mu_save_gone(j, count_free, &object), MUC_OK);
    ck_assert_int_eq(mu_journal_prepare(j), MUC_OK);
    fixture.memory.left = 0;
    mu_journal_commit(j);
    fixture.memory.left = -1;
    ck_assert_int_eq(freed, 1);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 2); /* the gone one */
}
END_TEST

START_TEST(a_pinned_object_waits)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    mu_pins pins = {0};
    mu_pin(&pins);
    ck_assert_int_eq(mu_save_gone_pinned(j, count_free, &object, &pins), MUC_OK);
    ck_assert_int_eq(mu_save_gone(j, count_free, &object), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(freed, 1);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 1);
    mu_unpin(j, &pins);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 2);
}
END_TEST

/* What waits is looked at when one of it waits no longer, and not at the end of every call. */
START_TEST(what_waits_is_left_alone)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    mu_pins pins[3] = {{0}};
    for (int i = 0; i < 3; i++) {
        mu_pin(&pins[i]);
        ck_assert_int_eq(mu_save_gone_pinned(j, count_free, &object, &pins[i]), MUC_OK);
        service_fixture_commit(&fixture);
        ck_assert_uint_eq(j->grave_kept, (size_t)i + 1);
    }
    mu_pins other = {0};
    mu_pin(&other);
    mu_unpin(j, &other);
    mu_pin(&pins[0]);
    mu_unpin(j, &pins[0]);
    ck_assert(!j->unpinned);
    mu_unpin(j, &pins[1]);
    ck_assert(j->unpinned);
    mu_pin(&pins[1]);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 0);
    mu_unpin(j, &pins[1]);
    mu_unpin(j, &pins[2]);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 2);
    ck_assert_uint_eq(j->grave_kept, 1);
    mu_unpin(j, &pins[0]);
    mu_journal_bury(j);
    ck_assert_int_eq(freed, 3);
    ck_assert(!j->unpinned && !pins[0].kept);
}
END_TEST

START_TEST(free_does_not_wait)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    mu_pins pins = {.n = 1};
    ck_assert_int_eq(mu_save_gone_pinned(j, count_free, &object, &pins), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(mu_save_made(j, count_free, &object), MUC_OK);
    mu_journal_free(j);
    ck_assert_int_eq(freed, 2);
}
END_TEST

START_TEST(touch_is_now_and_after_the_change_is_undone)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    ck_assert_int_eq(mu_save_touch(j, count_touch, &object), MUC_OK);
    ck_assert_int_eq(touched, 1);
    mu_journal_undo(j, 0);
    ck_assert_int_eq(touched, 2);
}
END_TEST

START_TEST(maps_and_trees_come_back)
{
    mu_journal *j = &fixture.service.journal;
    mu_map map;
    mu_map_init(&map, fixture.service.heap, fixture.service.secret);
    mu_key a = {"a", 1, 0};
    mu_key b = {"b", 1, 0};
    mu_tree tree = {NULL};
    mu_tree_node node;
    ck_assert_int_eq(mu_save_map_insert(j, &map, &a), MUC_OK);
    ck_assert_int_eq(mu_save_tree_insert(j, &tree, &node, "n", 5), MUC_OK);
    size_t mark = j->n;
    ck_assert_int_eq(mu_save_map_remove(j, &map, &a), MUC_OK);
    ck_assert_int_eq(mu_save_map_insert(j, &map, &b), MUC_OK);
    ck_assert_int_eq(mu_save_tree_remove(j, &tree, &node), MUC_OK);
    ck_assert_ptr_null(mu_tree_find(&tree, "n"));
    fixture.memory.left = 0;
    mu_journal_undo(j, mark);
    fixture.memory.left = -1;
    ck_assert_ptr_eq(mu_map_find(&map, "a", 1), &a);
    ck_assert_ptr_null(mu_map_find(&map, "b", 1));
    ck_assert_ptr_eq(mu_tree_find(&tree, "n"), &node);
    mu_journal_undo(j, 0);
    ck_assert_uint_eq(map.count, 0);
    ck_assert_uint_eq(mu_tree_count(&tree), 0);
    mu_map_free(&map);
}
END_TEST

/* Whatever cannot be written down is not done. */
START_TEST(without_memory_nothing_is_done)
{
    mu_journal *j = &fixture.service.journal;
    mu_map map;
    mu_map_init(&map, fixture.service.heap, fixture.service.secret);
    mu_key a = {"a", 1, 0};
    mu_tree tree = {NULL};
    mu_tree_node node;
    int value = 1;
    muc_room room = {.service = &fixture.service, .live = mu_live_nothing()};
    fixture.memory.left = 0;
    ck_assert_int_eq(MU_SET(j, value, 2), MUC_ERR_NOMEM);
    ck_assert_int_eq(value, 1);
    ck_assert_int_eq(mu_save_map_insert(j, &map, &a), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_save_tree_insert(j, &tree, &node, "n", 5), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_save_touch(j, count_touch, &value), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_save_note(j, &room, 0, 0, NULL), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_save_gone(j, count_free, &value), MUC_ERR_NOMEM);
    ck_assert_int_eq(touched + freed, 0);
    ck_assert_int_eq(mu_save_made(j, count_free, &value), MUC_ERR_NOMEM);
    ck_assert_int_eq(freed, 1);
    fixture.memory.left = -1;
    ck_assert_uint_eq(j->n, 0);
    ck_assert_int_eq(mu_save_map_insert(j, &map, &a), MUC_OK);
    j->cap = j->n;
    fixture.memory.left = 0;
    ck_assert_int_eq(mu_save_map_remove(j, &map, &a), MUC_ERR_NOMEM);
    fixture.memory.left = -1;
    ck_assert_ptr_eq(mu_map_find(&map, "a", 1), &a);
    mu_journal_undo(j, 0);
    mu_map_free(&map);
}
END_TEST

/* A long transaction does not keep its memory for ever. */
START_TEST(large_arrays_are_given_back)
{
    mu_journal *j = &fixture.service.journal;
    int object = 0;
    for (int i = 0; i < 5000; i++)
        ck_assert_int_eq(mu_save_gone(j, count_free, &object), MUC_OK);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(freed, 5000);
    ck_assert_uint_eq(j->cap, 0);
    ck_assert_uint_eq(j->grave_cap, 0);
}
END_TEST

Suite *suite_journal(void)
{
    Suite *suite = suite_create("journal");
    TCase *tests = tcase_create("journal");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, undo_goes_back_to_the_mark);
    tcase_add_test(tests, objects_end_when_they_should);
    tcase_add_test(tests, a_pinned_object_waits);
    tcase_add_test(tests, what_waits_is_left_alone);
    tcase_add_test(tests, free_does_not_wait);
    tcase_add_test(tests, touch_is_now_and_after_the_change_is_undone);
    tcase_add_test(tests, maps_and_trees_come_back);
    tcase_add_test(tests, without_memory_nothing_is_done);
    tcase_add_test(tests, large_arrays_are_given_back);
    suite_add_tcase(suite, tests);
    return suite;
}
