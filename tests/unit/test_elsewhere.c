/* test_elsewhere.c: rooms that another service of the domain has in memory: what is sent to them is passed on. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define CELL "cell@" SERVICE

static void hook(muc_point point, muc_hook_fn *fn)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, MUC_PRIORITY_DEFAULT, fn, NULL), 0);
}

static struct {
    int where;  /* what room_wanted answers */
    int answer; /* of pass_on */
    int asked;
} other;

static int look_elsewhere(muc_service *service, const char *jid, void *ud)
{
    (void)service;
    (void)jid;
    (void)ud;
    other.asked++;
    return other.where;
}

static int pass_on(muc_service *service, const char *jid, const xmlNode *stanza, void *ud)
{
    ck_assert_ptr_eq(ud, &world);
    ck_assert_ptr_eq(service, world.service);
    ck_assert_str_eq(jid, CELL);
    /* It may look, and change nothing. */
    ck_assert_ptr_null(muc_room_find(service, jid));
    GIVES(MUC_ERR_BUSY, muc_room_create(service, "new@" SERVICE, NULL, 0, NULL));
    char line[200];
    snprintf(line, sizeof line, "passed %s %s %s", (const char *)stanza->name, muc_node_attr(stanza, "from"),
             muc_node_attr(stanza, "id"));
    note(line);
    return other.answer;
}

static void start_elsewhere(void)
{
    memset(&other, 0, sizeof other);
    other.where = MUC_ROOM_ELSEWHERE;
    host_prepare();
    world.callbacks.room_wanted = look_elsewhere;
    world.callbacks.pass_on = pass_on;
    host_start();
}

#define TO_CELL(id) "<message from='" ROMEO "' to='" CELL "' type='groupchat' id='" id "'><body>x</body></message>"

/* Whatever it is, also what answers nothing; nothing of it stays, and the registry is asked each time. */
START_TEST(elsewhere_at_once)
{
    start_elsewhere();
    char *before = state();
    OK(give("<presence from='" ROMEO "' to='" CELL "/Romeo' id='1'><x xmlns='" MUC_NS "'/></presence>"));
    OK(give(TO_CELL("2")));
    OK(give("<iq from='" ROMEO "' to='" CELL "/Nurse' type='result' id='3'/>"));
    OK(give("<message from='" ROMEO "' to='" CELL "' type='error' id='4'/>"));
    OK(give("<presence from='" ROMEO "' to='" CELL "/Romeo' type='unavailable' id='5'/>"));
    ck_assert_uint_eq(times("passed"), 5);
    said("passed presence " ROMEO " 1\npassed message " ROMEO " 2\npassed iq " ROMEO " 3\n");
    unsaid("send");
    ck_assert_int_eq(other.asked, 5);
    same_state(before);
    /* The other service is gone, and the room is nobody's. */
    other.where = MUC_ROOM_UNKNOWN;
    OK(give(TO_CELL("6")));
    said("<item-not-found");
    ck_assert_uint_eq(times("passed"), 5);
}
END_TEST

START_TEST(elsewhere_and_not_to_be_reached)
{
    start_elsewhere();
    other.answer = -1;
    OK(give(TO_CELL("1")));
    said("passed message " ROMEO " 1");
    said("<internal-server-error");
    said("type='wait'");
    host_stop();
    start_elsewhere();
    world.callbacks.pass_on = NULL;
    host_stop();
    host_start();
    OK(give(TO_CELL("1")));
    said("<internal-server-error");
}
END_TEST

/* The registry takes its time: what has waited is passed on, that of each sender in its order. */
START_TEST(elsewhere_after_a_while)
{
    start_elsewhere();
    other.where = MUC_ROOM_PENDING;
    OK(give(TO_CELL("1")));
    OK(give(TO_CELL("2")));
    OK(give("<iq from='" JULIET "' to='" CELL "' type='get' id='3'><query xmlns='urn:x'/></iq>"));
    ck_assert_uint_eq(muc_pending_count(world.service), 3);
    ck_assert_int_eq(other.asked, 1);
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_ELSEWHERE));
    ck_assert_uint_lt(place("passed message " ROMEO " 1\n"), place("passed message " ROMEO " 2\n"));
    said("passed iq " JULIET " 3\n");
    ck_assert_uint_eq(times("passed"), 3);
    unsaid("send");
    ck_assert_int_eq(other.asked, 1);
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    OK(give(TO_CELL("4")));
    ck_assert_int_eq(other.asked, 2);
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_UNKNOWN));
    said("<item-not-found");
}
END_TEST

START_TEST(calls_about_rooms_elsewhere)
{
    start_elsewhere();
    muc_room *r;
    muc_refusal why;
    GIVES(MUC_ERR_ELSEWHERE, muc_room_load(world.service, CELL, &r));
    ck_assert_ptr_null(r);
    GIVES(MUC_ERR_EXISTS, muc_room_create(world.service, CELL, NULL, 0, NULL));
    GIVES(MUC_ERR_ELSEWHERE, muc_tombstone_lift(world.service, CELL));
    GIVES(MUC_ERR_ELSEWHERE, muc_act_enter(world.service, ROMEO, CELL, "Romeo", NULL, &why));
    ck_assert_int_eq(why.condition, 0);
    ck_assert_uint_eq(world.log_n, 0);
}
END_TEST

static int load_cell(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_load(ev->service, CELL, &(muc_room *){NULL});
}

static int inside; /* what a dispatch inside of a handler gave */
static int send_on(muc_event *ev, void *ud)
{
    (void)ud;
    inside = give(TO_CELL("inner"));
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

/* What is passed on cannot be taken back when the handler that sent it fails. */
START_TEST(a_handler_sends_elsewhere)
{
    start_elsewhere();
    hook(MUC_ON_IQ, send_on);
    OK(give("<iq from='" JULIET "' to='" SERVICE "' type='get' id='1'><query xmlns='urn:x'/></iq>"));
    GIVES(MUC_ERR_ELSEWHERE, inside);
    unsaid("passed");
    ck_assert_uint_eq(times("<forbidden"), 1);
}
END_TEST

/* A handler that meets a room elsewhere while it deals with something else says no more than that it went wrong. */
START_TEST(a_handler_meets_a_room_elsewhere)
{
    start_elsewhere();
    other.where = MUC_ROOM_UNKNOWN;
    OK(muc_room_create(world.service, DEN, NULL, 0, NULL));
    hook(MUC_ON_IQ, load_cell);
    other.where = MUC_ROOM_ELSEWHERE;
    OK(give("<iq from='" ROMEO "' to='" SERVICE "' type='get' id='1'><query xmlns='urn:x'/></iq>"));
    OK(give("<iq from='" ROMEO "' to='" DEN "' type='get' id='2'><query xmlns='urn:x'/></iq>"));
    unsaid("passed");
    ck_assert_uint_eq(times("<internal-server-error"), 2);
}
END_TEST

static int forget_it(muc_event *ev, void *ud)
{
    (void)ud;
    return ev->room ? muc_room_forget(ev->room) : MUC_PASS;
}

/* A room that a handler forgets, and that is elsewhere then, is here again when the stanza is undone. */
START_TEST(a_handler_forgets_the_room)
{
    start_elsewhere();
    other.where = MUC_ROOM_UNKNOWN;
    OK(muc_room_create(world.service, CELL, NULL, 0, NULL));
    hook(MUC_ON_PRESENCE, forget_it);
    other.where = MUC_ROOM_ELSEWHERE;
    OK(give("<presence from='" ROMEO "' to='" CELL "/Romeo' id='1'><x xmlns='" MUC_NS "'/></presence>"));
    unsaid("passed");
    said("<error type='wait' by='" CELL "'><internal-server-error");
    ck_assert_ptr_nonnull(muc_room_find(world.service, CELL));
}
END_TEST

/* Without memory nothing is passed on, and it is once when there is some. */
START_TEST(elsewhere_without_memory)
{
    start_elsewhere();
    int r;
    for (long left = 0; left < 100; left++) {
        world.memory.left = left;
        r = give(TO_CELL("1"));
        world.memory.left = -1;
        if (r == MUC_OK)
            break;
        GIVES(MUC_ERR_NOMEM, r);
        unsaid("passed");
    }
    OK(r);
    ck_assert_uint_eq(times("passed"), 1);
}
END_TEST

Suite *suite_elsewhere(void)
{
    Suite *suite = suite_create("elsewhere");
    TCase *tc = tcase_create("elsewhere");
    tcase_add_checked_fixture(tc, NULL, host_stop);
    tcase_add_test(tc, elsewhere_at_once);
    tcase_add_test(tc, elsewhere_and_not_to_be_reached);
    tcase_add_test(tc, elsewhere_after_a_while);
    tcase_add_test(tc, calls_about_rooms_elsewhere);
    tcase_add_test(tc, a_handler_meets_a_room_elsewhere);
    tcase_add_test(tc, a_handler_sends_elsewhere);
    tcase_add_test(tc, a_handler_forgets_the_room);
    tcase_add_test(tc, elsewhere_without_memory);
    suite_add_tcase(suite, tc);
    return suite;
}
