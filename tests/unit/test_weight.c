/* test_weight.c: what is only there while it is needed: the live part of a room, an index of affiliations
 * and of visits, views, and what only few of those have. */
#include "service_fixture.h"
#include "suites.h"

#include <stdio.h>
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

/* ---- affiliations ----------------------------------------------------------------------------------------------- */

static int give_to(size_t i, muc_affiliation affiliation, const char *reason)
{
    char jid[32];
    int n = snprintf(jid, sizeof jid, "u%zu@example.org", i);
    return mu_affiliation_store(room, (muc_span){jid, (size_t)n}, affiliation, reason);
}

static muc_affiliation of(size_t i)
{
    char jid[32];
    int n = snprintf(jid, sizeof jid, "u%zu@example.org", i);
    return mu_affiliation_of(room, (muc_span){jid, (size_t)n});
}

static void fill(size_t first, size_t end)
{
    for (size_t i = first; i < end; i++)
        ck_assert_int_eq(give_to(i, MUC_AFFILIATION_MEMBER, NULL), MUC_OK);
}

START_TEST(few_affiliations_have_no_index)
{
    fill(0, MU_FEW);
    ck_assert(!room->index && muc_affiliation_count(room) == MU_FEW);
    ck_assert_int_eq(of(MU_FEW - 1), MUC_AFFILIATION_MEMBER);
    ck_assert_int_eq(of(MU_FEW), MUC_AFFILIATION_NONE);
    ck_assert_ptr_null(mu_affiliation_by_nick(room, "mia"));
    ck_assert_int_eq(give_to(0, MUC_AFFILIATION_NONE, NULL), MUC_OK);
    fill(MU_FEW, MU_FEW + 1);
    ck_assert(!room->index && muc_affiliation_count(room) == MU_FEW);
    checked();
    fill(MU_FEW + 1, MU_FEW + 20);
    ck_assert(room->index && muc_affiliation_count(room) == MU_FEW + 19);
    ck_assert_int_eq(of(0), MUC_AFFILIATION_NONE);
    for (size_t i = 1; i < MU_FEW + 20; i++)
        ck_assert_int_eq(of(i), MUC_AFFILIATION_MEMBER);
    checked();
    for (size_t i = 1; i < MU_FEW + 20; i++)
        ck_assert_int_eq(give_to(i, MUC_AFFILIATION_NONE, NULL), MUC_OK);
    ck_assert_uint_eq(muc_affiliation_count(room), 0);
    checked();
}
END_TEST

/* The index goes with the entries for which it was made, and those from before are found again. */
START_TEST(an_index_is_undone)
{
    fill(0, MU_FEW - 1);
    service_fixture_commit(&fixture);
    fill(MU_FEW - 1, MU_FEW + 3);
    ck_assert_int_eq(give_to(2, MUC_AFFILIATION_NONE, NULL), MUC_OK);
    ck_assert(room->index != NULL);
    mu_journal_undo(&service->journal, 0);
    ck_assert(!room->index && muc_affiliation_count(room) == MU_FEW - 1);
    ck_assert_int_eq(of(2), MUC_AFFILIATION_MEMBER);
    checked();
    fill(MU_FEW - 1, MU_FEW + 3);
    service_fixture_commit(&fixture);
    for (size_t i = 0; i < MU_FEW; i++)
        ck_assert_int_eq(give_to(i, MUC_AFFILIATION_NONE, NULL), MUC_OK);
    checked();
    mu_journal_undo(&service->journal, 0);
    ck_assert(room->index && muc_affiliation_count(room) == MU_FEW + 3);
    ck_assert_int_eq(of(0), MUC_AFFILIATION_MEMBER);
}
END_TEST

START_TEST(an_index_without_memory)
{
    fill(0, MU_FEW);
    service_fixture_commit(&fixture);
    int failures = 0;
    for (int r = MUC_ERR_NOMEM; r; failures += r != MUC_OK) {
        fixture.memory.left = failures;
        r = give_to(MU_FEW, MUC_AFFILIATION_OWNER, "a reason");
        fixture.memory.left = -1;
        if (r)
            mu_journal_undo(&service->journal, 0);
        checked();
        ck_assert_uint_eq(muc_affiliation_count(room), r ? MU_FEW : MU_FEW + 1);
    }
    ck_assert_int_ge(failures, 4);
}
END_TEST

START_TEST(what_few_entries_have_is_apart)
{
    fill(0, 2);
    mu_affiliation *a = room->first_affiliation;
    ck_assert(!a->more && !room->index);
    ck_assert_int_eq(give_to(0, MUC_AFFILIATION_MEMBER, "why"), MUC_OK);
    ck_assert_str_eq(mu_affiliation_reason(a), "why");
    ck_assert(!mu_affiliation_nick(a) && !room->index);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(give_to(0, MUC_AFFILIATION_MEMBER, NULL), MUC_OK);
    ck_assert_int_eq(mu_affiliation_store_nick(room, a, "Mia", "mia"), MUC_OK);
    ck_assert_ptr_eq(mu_affiliation_by_nick(room, "mia"), a);
    checked();
    ck_assert_int_eq(mu_affiliation_store_nick(room, a->next, "Mia", "mia"), MUC_ERR_CONFLICT);
    ck_assert_int_eq(mu_affiliation_store_nick(room, a->next, "Olaf", "olaf"), MUC_OK);
    ck_assert_int_eq(give_to(1, MUC_AFFILIATION_NONE, NULL), MUC_OK);
    checked();
    ck_assert_ptr_null(mu_affiliation_by_nick(room, "olaf"));
    mu_journal_undo(&service->journal, 0);
    ck_assert(!room->index && !mu_affiliation_nick(a) && !a->next->more);
    ck_assert_str_eq(mu_affiliation_reason(a), "why");
}
END_TEST

/* ---- who is in many rooms --------------------------------------------------------------------------------------- */

static muc_room *nth_room(size_t i)
{
    char key[32];
    snprintf(key, sizeof key, "v%zu@rooms.example.org", i);
    muc_room *found = mu_room_by_key(service, key, strlen(key));
    return found ? found : fixture_room(&fixture, key);
}

static void enter_rooms(size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        (void)fixture_occupant(nth_room(i), "mia", "mia@example.org/a", MUC_ROLE_VISITOR);
        checked();
    }
}

static const muc_session *session_in(size_t i)
{
    mu_peer *peer = mu_peer_get(service, "mia@example.org/a");
    const muc_session *session = mu_session_find(service, nth_room(i), peer);
    mu_peer_unref(service->heap, peer);
    return session;
}

static void leave_rooms(size_t first, size_t end)
{
    for (size_t i = first; i < end; i++) {
        const muc_session *session = session_in(i);
        ck_assert(mu_session_is_in(session));
        ck_assert_int_eq(mu_occupant_remove(session->occupant), MUC_OK);
        ck_assert(!session_in(i) && !mu_session_is_in(session));
        checked();
    }
}

START_TEST(few_rooms_are_looked_through)
{
    enter_rooms(0, MU_FEW);
    ck_assert_uint_eq(service->visits.count, 0);
    ck_assert_ptr_eq(session_in(0)->occupant, nth_room(0)->live->first_occupant);
    ck_assert_ptr_null(session_in(MU_FEW));
    leave_rooms(0, 1);
    enter_rooms(MU_FEW, MU_FEW + 1);
    ck_assert_uint_eq(service->visits.count, 0);
    enter_rooms(0, 1);
    ck_assert_uint_eq(service->visits.count, MU_FEW + 1);
    enter_rooms(MU_FEW + 1, MU_FEW + 20);
    (void)fixture_occupant(nth_room(0), "olaf", "olaf@example.org/a", MUC_ROLE_VISITOR);
    ck_assert_uint_eq(service->visits.count, MU_FEW + 20);
    for (size_t i = 0; i < MU_FEW + 20; i++)
        ck_assert_ptr_eq(session_in(i)->occupant, nth_room(i)->live->first_occupant);
    ck_assert_ptr_null(session_in(MU_FEW + 20));
}
END_TEST

/* The index goes with the last room, and what is looked through is found from there on. */
START_TEST(visits_end)
{
    enter_rooms(0, MU_FEW + 2);
    service_fixture_commit(&fixture);
    leave_rooms(0, MU_FEW + 1);
    ck_assert_uint_eq(service->visits.count, 1);
    ck_assert_ptr_nonnull(session_in(MU_FEW + 1));
    leave_rooms(MU_FEW + 1, MU_FEW + 2);
    ck_assert_uint_eq(service->visits.count, 0);
    enter_rooms(0, 2);
    ck_assert_uint_eq(service->visits.count, 0);
    mu_journal_undo(&service->journal, 0);
    checked();
    ck_assert_uint_eq(service->visits.count, MU_FEW + 2);
    ck_assert_ptr_nonnull(session_in(0));
}
END_TEST

START_TEST(visits_are_undone)
{
    enter_rooms(0, MU_FEW);
    service_fixture_commit(&fixture);
    enter_rooms(MU_FEW, MU_FEW + 3);
    ck_assert_uint_eq(service->visits.count, MU_FEW + 3);
    mu_journal_undo(&service->journal, 0);
    checked();
    ck_assert_uint_eq(service->visits.count, 0);
    ck_assert_ptr_null(mu_session_find(service, room, session_in(0)->peer));
    enter_rooms(MU_FEW, MU_FEW + 1);
    ck_assert_ptr_nonnull(session_in(MU_FEW));
}
END_TEST

START_TEST(visits_without_memory)
{
    enter_rooms(0, MU_FEW);
    muc_room *next = nth_room(MU_FEW);
    service_fixture_commit(&fixture);
    int failures = 0;
    for (int r = MUC_ERR_NOMEM; r; failures += r != MUC_OK) {
        muc_occupant *o = mu_occupant_make(next, "mia", "mia", "mia@example.org", "mia@example.org");
        mu_peer *peer = mu_peer_get(service, "mia@example.org/a");
        ck_assert_int_eq(mu_session_add(o, peer, NULL, 0, NULL), MUC_OK);
        mu_peer_unref(service->heap, peer);
        fixture.memory.left = failures;
        r = mu_occupant_add(o);
        fixture.memory.left = -1;
        checked();
        ck_assert_uint_eq(service->visits.count, r ? 0 : MU_FEW + 1);
        if (r)
            mu_occupant_free(service->heap, o);
    }
    ck_assert_int_ge(failures, MU_FEW + 1);
}
END_TEST

/* ---- an occupant's strings -------------------------------------------------------------------------------------- */

static void is_called(const muc_occupant *o, const char *nick, const char *key)
{
    ck_assert_str_eq(muc_occupant_nick(o), nick);
    ck_assert_str_eq(o->key.p, key);
    ck_assert_int_eq(muc_occupant_nick(o) == o->key.p, strcmp(nick, key) == 0);
    ck_assert_str_eq(mu_occupant_bare(o), "Mia@example.org");
    ck_assert_str_eq(mu_occupant_bare_key(o), "mia@example.org");
    checked();
}

/* Behind the views, of which there may be none. */
START_TEST(strings_are_where_views_end)
{
    service->settings.keep_views = _i;
    muc_occupant *o = mu_occupant_make(room, "Mia", "mia", "Mia@example.org", "mia@example.org");
    ck_assert_ptr_eq(mu_occupant_bare(o), (const char *)(o->views + (_i ? MU_VIEWS : 0)));
    mu_peer *peer = mu_peer_get(service, "mia@example.org/a");
    ck_assert_int_eq(mu_session_add(o, peer, NULL, 0, NULL), MUC_OK);
    mu_peer_unref(service->heap, peer);
    ck_assert_int_eq(mu_occupant_add(o), MUC_OK);
    service_fixture_commit(&fixture);
    is_called(o, "Mia", "mia");
    ck_assert_int_eq(mu_occupant_rename(o, "olaf", "olaf"), MUC_OK);
    is_called(o, "olaf", "olaf");
    size_t mark = service->journal.n;
    ck_assert_int_eq(mu_occupant_rename(o, "Olaf", "olaf"), MUC_OK);
    is_called(o, "Olaf", "olaf");
    mu_journal_undo(&service->journal, mark);
    is_called(o, "olaf", "olaf");
    mu_journal_undo(&service->journal, 0);
    is_called(o, "Mia", "mia");
    ck_assert_int_eq(mu_occupant_rename(o, "Mia", "mia"), MUC_OK);
    service_fixture_commit(&fixture);
    is_called(o, "Mia", "mia");
    ck_assert_int_eq(mu_occupant_remove(o), MUC_OK);
    service_fixture_commit(&fixture);
}
END_TEST

Suite *suite_weight(void)
{
    Suite *suite = suite_create("weight");
    TCase *tests = fixture_tests(suite, "live", setup, teardown);
    tcase_add_test(tests, an_idle_room_has_nothing_of_its_own);
    tcase_add_test(tests, a_room_is_idle_again);
    tcase_add_test(tests, undoing_leaves_the_live_part_to_the_end_of_the_call);
    tcase_add_test(tests, a_room_without_memory_for_its_live_part_stays_idle);
    tcase_add_test(tests, data_of_features_keeps_a_room_live);
    tcase_add_test(tests, a_room_that_ends_is_watched_no_more);
    tests = fixture_tests(suite, "affiliations", setup, teardown);
    tcase_add_test(tests, few_affiliations_have_no_index);
    tcase_add_test(tests, an_index_is_undone);
    tcase_add_test(tests, an_index_without_memory);
    tcase_add_test(tests, what_few_entries_have_is_apart);
    tests = fixture_tests(suite, "visits", setup, teardown);
    tcase_add_test(tests, few_rooms_are_looked_through);
    tcase_add_test(tests, visits_end);
    tcase_add_test(tests, visits_are_undone);
    tcase_add_test(tests, visits_without_memory);
    tests = fixture_tests(suite, "strings", setup, teardown);
    tcase_add_loop_test(tests, strings_are_where_views_end, 0, 2);
    return suite;
}
