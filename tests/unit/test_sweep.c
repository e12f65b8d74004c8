/* test_sweep.c: what is done because time has passed. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

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

/* What waited for the store and is released by a handler goes out at once, the end of a room too. */
static muc_room *ended;
static int release_it(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    muc_room *room = ended;
    ended = NULL;
    return room ? muc_room_release(room) : MUC_OK;
}

START_TEST(a_handler_releases)
{
    muc_hook_add(world.service, MUC_ON_SWEEP, NULL, 0, release_it, NULL);
    CHANGED(muc_room_set_persistent(room("den"), 1));
    ended = room("den");
    world.change_answer = MUC_HOLD;
    forget();
    OK(muc_room_destroy(ended, NULL, "closed", NULL));
    unsaid("send");
    world.change_answer = 0;
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_uint_eq(times("<reason>closed</reason>"), 2);
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
    ck_assert_int_eq(next, world.clock + 1000);
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

/* ---- who is silent ----------------------------------------------------------------------------------------------- */

static void configure(unsigned ping, unsigned kick)
{
    muc_settings settings = *muc_service_settings(world.service);
    settings.idle_ping = ping;
    settings.idle_kick = kick;
    OK(muc_service_configure(world.service, &settings));
}

/* Switched on and off while people are inside; those who are there are heard of from then on. */
START_TEST(silence_is_kept_when_wanted)
{
    int64_t next;
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), ROMEO)), 0);
    configure(60, 0);
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), ROMEO)), world.clock);
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 60000);
    world.clock += 30000;
    talk("den", ROMEO, "here");
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), ROMEO)), world.clock);
    configure(0, 0);
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), ROMEO)), 0);
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, INT64_MAX);
}
END_TEST

static int speak_and_refuse(muc_event *ev, void *ud)
{
    (void)ud;
    if (strcmp(ev->from, JULIET) != 0)
        return MUC_PASS;
    OK(give("<message from='" ROMEO "' to='" DEN "' type='groupchat'><body>me too</body></message>"));
    return MUC_ERR_NOMEM;
}

/* What did not happen was not heard. */
START_TEST(what_is_undone_was_not_said)
{
    configure(60, 0);
    int64_t then = world.clock;
    world.clock += 30000;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, speak_and_refuse, NULL), 0);
    GIVES(MUC_ERR_NOMEM, give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>here</body></message>"));
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), ROMEO)), then);
    ck_assert_int_eq(muc_session_heard(muc_session_by_jid(room("den"), JULIET)), then);
}
END_TEST

/* One ping, however many rooms; out of all of them. What is left of the work waits. */
START_TEST(silent_in_several_rooms)
{
    int64_t next;
    configure(60, 0);
    join("attic", ROMEO, "Romeo");
    for (int i = 0; i < 3; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "guest%d@example.org/x", i);
        join("attic", jid, jid);
    }
    forget();
    world.clock += 60000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_uint_eq(times("urn:xmpp:ping"), 2);
    ck_assert_int_le(next, world.clock);
    for (int i = 0; i < 5; i++)
        OK(muc_service_sweep(world.service, &next));
    ck_assert_uint_eq(times("urn:xmpp:ping"), 5);
    ck_assert_int_eq(next, world.clock + 15000);
    talk("den", JULIET, "here");
    forget();
    world.clock += 15000;
    for (int i = 0; i < 5; i++)
        OK(muc_service_sweep(world.service, &next));
    ck_assert_ptr_null(room("attic"));
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_ptr_nonnull(occupant("den", "Juliet"));
    ck_assert_int_eq(next, world.clock + 45000);
}
END_TEST

/* A room whose output waits for the store, as much as may wait: he is passed over, and it is tried again. */
START_TEST(a_room_that_is_busy)
{
    int64_t next;
    host_stop();
    host_prepare();
    world.settings.idle_kick = 10;
    world.settings.max_held = 1;
    host_start();
    const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, DEN, &stays, 1, NULL));
    join("den", ROMEO, "Romeo");
    join("attic", JULIET, "Juliet");
    world.change_answer = MUC_HOLD;
    world.change_of = DEN;
    CHANGED(muc_room_set_name(room("den"), "Held"));
    forget();
    world.clock += 10000;
    GIVES(MUC_INCOMPLETE, muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 1000);
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    ck_assert_ptr_null(room("attic"));
    world.change_answer = 0;
    OK(muc_room_release(room("den")));
    OK(muc_service_sweep(world.service, &next));
    ck_assert_ptr_null(occupant("den", "Romeo"));
}
END_TEST

static uint64_t token;
static int wait_for_it(muc_event *ev, void *ud)
{
    (void)ud;
    return strcmp(ev->from, ROMEO) == 0 ? muc_pend(ev, &token) : MUC_PASS;
}

/* Whose stanza waits for an answer has said something, and is not removed for his silence. */
START_TEST(who_waits_is_not_silent)
{
    host_stop();
    host_prepare();
    world.settings.pending_timeout = 1000;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    configure(_i ? 60 : 0, _i ? 0 : 60);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_GROUPCHAT, NULL, 500, wait_for_it, NULL), 0);
    talk("den", ROMEO, "here");
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    forget();
    for (int i = 0; i < 4; i++) {
        world.clock += 60000;
        OK(muc_service_sweep(world.service, NULL));
    }
    ck_assert_ptr_null(occupant("den", "Juliet"));
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    ck_assert_uint_eq(times("urn:xmpp:ping"), (size_t)_i);
    OK(muc_pending_answer(world.service, token, MUC_PASS));
    said("<body>here");
    for (int i = 0; i < 4; i++) {
        world.clock += 60000;
        OK(muc_service_sweep(world.service, NULL));
    }
    ck_assert_ptr_null(room("den"));
}
END_TEST

/* What a room says waits for the store: the ping does not. */
START_TEST(a_ping_is_not_held)
{
    int64_t next;
    const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, "hut@" SERVICE, &stays, 1, NULL));
    join("hut", JULIET, "Juliet");
    configure(60, 0);
    world.change_answer = MUC_HOLD;
    world.change_of = "hut@" SERVICE;
    CHANGED(muc_room_set_name(room("hut"), "Held"));
    forget();
    world.clock += 60000;
    OK(muc_service_sweep(world.service, &next));
    const char *ping = strstr(world.log, "send " JULIET " <iq");
    ck_assert_ptr_nonnull(ping);
    said("from='" SERVICE "'");
    ck_assert_uint_eq(times("urn:xmpp:ping"), 2);
    const char *id = strstr(ping, "id='") + 4;
    char answer[256];
    snprintf(answer, sizeof answer, "<iq from='" JULIET "' to='" SERVICE "' type='%s' id='%.16s'>%s</iq>",
             _i ? "error" : "result", id,
             _i ? "<error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>" : "");
    OK(give(answer));
    ck_assert_int_eq(occupant("hut", "Juliet") == NULL, _i);
    world.clock += 15000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(occupant("hut", "Juliet") == NULL, _i);
    world.change_answer = 0;
    OK(muc_room_release(room("hut")));
}
END_TEST

Suite *suite_sweep(void)
{
    Suite *suite = suite_create("sweep");
    TCase *tc = tcase_create("sweep");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, nobody_waits);
    tcase_add_test(tc, a_handler_releases);
    tcase_add_test(tc, handlers_join_in);
    tcase_add_test(tc, one_time);
    tcase_add_test(tc, no_work_is_no_setting);
    tcase_add_test(tc, silence_is_kept_when_wanted);
    tcase_add_test(tc, what_is_undone_was_not_said);
    tcase_add_test(tc, silent_in_several_rooms);
    tcase_add_test(tc, a_room_that_is_busy);
    tcase_add_loop_test(tc, who_waits_is_not_silent, 0, 2);
    tcase_add_loop_test(tc, a_ping_is_not_held, 0, 2);
    suite_add_tcase(suite, tc);
    return suite;
}
