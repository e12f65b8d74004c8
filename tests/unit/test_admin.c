/* test_admin.c: what the API of an administrator offers, operation by operation, made of public calls alone. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define HUT  "hut@" SERVICE
#define HALL "hall@" SERVICE

static int note_room(muc_room *of, void *ud)
{
    (void)ud;
    note(muc_room_jid(of));
    return 0;
}

static int note_session(muc_session *session, void *ud)
{
    (void)ud;
    note(muc_session_jid(session));
    return 0;
}

/* ---- users ------------------------------------------------------------------------------------------------------- */

START_TEST(rooms_of_a_user)
{
    join("hut", ROMEO, "Montague");
    join("hut", "romeo@example.org/two", "Montague");
    join("hall", "romeo@example.org/two", "Romeo");
    join("hall", JULIET, "Juliet");
    forget();
    OK(muc_peer_rooms(world.service, "Romeo@example.org", note_room, NULL));
    ck_assert_uint_eq(times(DEN), 1);
    ck_assert_uint_eq(times(HUT), 1);
    ck_assert_uint_eq(times(HALL), 1);
    forget();
    OK(muc_peer_rooms(world.service, ROMEO, note_room, NULL));
    unsaid(HALL);
    said(HUT);
    GIVES(MUC_ERR_BAD_JID, muc_peer_rooms(world.service, NULL, note_room, NULL));
}
END_TEST

/* Whoever comes and goes is known to the index of users, and who shares the beginning of an address is another. */
START_TEST(users_come_and_go)
{
    OK(muc_peer_rooms(world.service, "nobody@example.org", note_room, NULL));
    join("den", "romeo@example.org.evil.example/x", "Other");
    join("hut", "romeo@example.org/two", "Montague");
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    forget();
    OK(muc_peer_sessions(world.service, "romeo@example.org", note_session, NULL));
    ck_assert_str_eq(world.log, "romeo@example.org/two\n");
    free(state());
    OK(muc_room_destroy(room("hut"), NULL, NULL, NULL));
    forget();
    OK(muc_peer_sessions(world.service, "romeo@example.org", note_session, NULL));
    ck_assert_str_eq(world.log, "");
}
END_TEST

/* A look inside a transaction that is undone. */
static int look_and_fail(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_peer_rooms(ev->service, "romeo@example.org", note_room, NULL));
    return MUC_ERR_INVALID;
}

START_TEST(looked_for_in_what_is_undone)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_WELCOME, NULL, 0, look_and_fail, NULL), 0);
    char *before = state();
    join("hut", ROMEO, "Montague");
    said(HUT);
    same_state(before);
    forget();
    OK(muc_peer_rooms(world.service, "romeo@example.org", note_room, NULL));
    ck_assert_str_eq(world.log, DEN "\n");
}
END_TEST

Suite *suite_admin(void)
{
    Suite *suite = suite_create("admin");
    TCase *tc = tcase_create("admin");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, rooms_of_a_user);
    tcase_add_test(tc, users_come_and_go);
    tcase_add_test(tc, looked_for_in_what_is_undone);
    suite_add_tcase(suite, tc);
    return suite;
}
