/* test_query.c: what occupants ask one another, as handlers see it; what the room and the service ask. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

/* The id with which the latest iq went out. */
static const char *sent_id(void)
{
    static char id[128];
    const char *at = NULL;
    for (const char *p = world.log; (p = strstr(p, " id='")); p++)
        at = p + 5;
    ck_assert_ptr_nonnull(at);
    size_t n = strcspn(at, "'");
    ck_assert_uint_lt(n, sizeof id);
    memcpy(id, at, n);
    id[n] = '\0';
    return id;
}

static int iq(const char *from, const char *to, const char *type, const char *id, const char *payload)
{
    char xml[1024];
    snprintf(xml, sizeof xml, "<iq from='%s' to='%s' type='%s' id='%s'>%s</iq>", from, to, type, id, payload);
    return give(xml);
}

#define TO_JULIET DEN "/Juliet"
#define TO_ROMEO  DEN "/Romeo"
#define VERSION   "<query xmlns='jabber:iq:version'/>"

/* ---- between occupants ------------------------------------------------------------------------------------------- */

static int refuse(muc_event *ev, void *ud)
{
    ck_assert_ptr_nonnull(ev->as.iq->to);
    ck_assert_ptr_nonnull(ev->stanza);
    (*(int *)ud)++;
    return muc_reject(ev, MUC_POLICY_VIOLATION, "not here");
}

static int to_account(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(muc_occupant_nick(ev->as.iq->to), "Juliet");
    ck_assert_str_eq(muc_occupant_nick(ev->occupant), "Romeo");
    ck_assert_int_eq(ev->as.iq->account, 0);
    ev->as.iq->account = 1;
    return MUC_PASS;
}

START_TEST(a_question_refused)
{
    int calls = 0;
    muc_hook_add(world.service, MUC_ON_QUERY, NULL, 0, refuse, &calls);
    OK(iq(ROMEO, TO_JULIET, "get", "q1", VERSION));
    ck_assert_int_eq(calls, 1);
    said("policy-violation");
    unsaid("to='" JULIET "'");
    /* What the room answers itself, and what goes nowhere, is no question. */
    forget();
    OK(iq(ROMEO, TO_ROMEO, "get", "q2", "<ping xmlns='urn:xmpp:ping'/>"));
    OK(iq(ROMEO, DEN "/Nobody", "get", "q3", VERSION));
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(an_answer_refused)
{
    int calls = 0;
    muc_hook_add(world.service, MUC_ON_ANSWER, NULL, 0, refuse, &calls);
    OK(iq(ROMEO, TO_JULIET, "get", "q1", VERSION));
    said("to='" JULIET "'");
    char id[128];
    snprintf(id, sizeof id, "%s", sent_id());
    forget();
    OK(iq(JULIET, TO_ROMEO, "result", id, VERSION));
    said("policy-violation");
    said("not here");
    said("id='q1'");
    ck_assert_uint_eq(times("send"), 1);
    OK(iq(JULIET, TO_ROMEO, "result", id, VERSION));
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(a_question_turned_to_the_account)
{
    muc_hook_add(world.service, MUC_ON_QUERY, NULL, 0, to_account, NULL);
    OK(iq(ROMEO, TO_JULIET, "get", "q1", VERSION));
    said("send juliet@example.org <iq");
}
END_TEST

/* What waits is reported with the occupants, to who keeps those. */
START_TEST(told_to_the_store)
{
    host_stop();
    host_prepare();
    world.settings.store_parts = MUC_PART_ALL;
    host_start();
    const muc_option_value config = {"persistent", "1"};
    OK(muc_room_create(world.service, DEN, &config, 1, NULL));
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    forget();
    OK(iq(ROMEO, TO_JULIET, "get", "q1", VERSION));
    said("item part=10 option=- jid=- nick=-");
}
END_TEST

START_TEST(no_random_bytes_no_question)
{
    /* The host's bytes are always the same: after a few tries there is no id that is free. */
    world.clock = 5;
    for (int i = 0; i < 64; i++)
        OK(iq(i % 2 ? ROMEO : JULIET, i % 2 ? TO_JULIET : TO_ROMEO, "get", "q", VERSION));
    unsaid("internal-server-error");
    OK(iq(ROMEO, TO_JULIET, "get", "q", VERSION));
    said("internal-server-error");
}
END_TEST

/* ---- by the room ------------------------------------------------------------------------------------------------- */

static int outcomes[8], calls;
static muc_room *asked_by;
static int answer_of_callback;

static int on_answer(const muc_answer *answer, void *ud)
{
    ck_assert_ptr_eq(ud, &calls);
    ck_assert_ptr_eq(answer->service, world.service);
    ck_assert_int_lt(calls, 8);
    outcomes[calls++] = (int)answer->outcome;
    asked_by = answer->room;
    if (answer->outcome == MUC_OUTCOME_RESULT)
        ck_assert_ptr_nonnull(muc_node_child(answer->stanza, "query", "jabber:iq:version"));
    else if (answer->outcome == MUC_OUTCOME_ERROR)
        ck_assert_int_eq(answer->condition, MUC_FORBIDDEN);
    else
        ck_assert_ptr_null(answer->stanza);
    if (answer->room && answer->outcome != MUC_OUTCOME_ENDED)
        OK(muc_room_broadcast(answer->room, message("answered"), MUC_EVERYONE));
    return answer_of_callback;
}

static muc_xml *version(void)
{
    muc_xml *x = muc_xml_new(world.service, "iq");
    muc_xml_attr(x, "type", "get");
    muc_xml_open(x, "query", "jabber:iq:version");
    muc_xml_close(x);
    return x;
}

static int ask(const char *to, int64_t timeout)
{
    return muc_room_query(room("den"), version(), to, timeout, on_answer, &calls);
}

static void set_up(void)
{
    host_setup();
    calls = answer_of_callback = 0;
    asked_by = NULL;
}

START_TEST(the_room_asks)
{
    OK(ask(JULIET, 0));
    said("send " JULIET " <iq to='" JULIET "' from='" DEN "' type='get'");
    char id[128];
    snprintf(id, sizeof id, "%s", sent_id());
    forget();
    /* Somebody else, another address, another id. */
    OK(iq(ROMEO, DEN, "result", id, VERSION));
    OK(iq(JULIET, TO_ROMEO, "result", id, VERSION));
    OK(iq(JULIET, SERVICE, "result", id, VERSION));
    OK(iq(JULIET, DEN, "result", "other", VERSION));
    ck_assert_int_eq(calls, 0);
    OK(iq(JULIET, DEN, "result", id, VERSION));
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(outcomes[0], MUC_OUTCOME_RESULT);
    ck_assert_ptr_eq(asked_by, room("den"));
    ck_assert_uint_eq(times("answered"), 2);
    OK(iq(JULIET, DEN, "result", id, VERSION));
    ck_assert_int_eq(calls, 1);
}
END_TEST

START_TEST(an_error_comes)
{
    OK(ask("rosaline@example.org", 0));
    answer_of_callback = MUC_ERR_INVALID;
    GIVES(MUC_INCOMPLETE, iq("rosaline@example.org/x", DEN, "error", sent_id(),
                             "<error type='auth'><forbidden xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>"));
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(outcomes[0], MUC_OUTCOME_ERROR);
}
END_TEST

START_TEST(nobody_answers)
{
    int64_t next;
    OK(ask(JULIET, 500));
    OK(ask("rosaline@example.org", 0));
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 500);
    world.clock += 500;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(outcomes[0], MUC_OUTCOME_TIMEOUT);
    ck_assert_int_eq(next, world.clock + 59500);
    world.clock += 60000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(calls, 2);
    ck_assert_int_eq(next, INT64_MAX);
}
END_TEST

/* No more than so many in a sweep. */
START_TEST(a_little_at_a_time)
{
    host_stop();
    host_prepare();
    world.settings.max_sweep = 2;
    host_start();
    join("den", JULIET, "Juliet");
    for (int i = 0; i < 3; i++)
        OK(ask("rosaline@example.org", 10));
    world.clock += 10;
    int64_t next;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(calls, 2);
    ck_assert_int_le(next, world.clock);
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(calls, 3);
}
END_TEST

START_TEST(he_goes)
{
    OK(ask(ROMEO, 0));
    OK(muc_service_query(world.service, version(), ROMEO, 0, on_answer, &calls));
    OK(give("<presence from='" ROMEO "' to='" DEN "' type='unavailable'/>"));
    ck_assert_int_eq(calls, 1);
    ck_assert_int_eq(outcomes[0], MUC_OUTCOME_GONE);
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    ck_assert_int_eq(calls, 2);
    ck_assert_int_eq(outcomes[1], MUC_OUTCOME_GONE);
    ck_assert_ptr_null(asked_by);
}
END_TEST

START_TEST(the_room_ends)
{
    OK(ask("rosaline@example.org", 0));
    OK(ask(JULIET, 0));
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_int_eq(calls, 2);
    ck_assert_int_eq(outcomes[0], MUC_OUTCOME_GONE);
    ck_assert_int_eq(outcomes[1], MUC_OUTCOME_ENDED);
    ck_assert_ptr_null(asked_by);
    OK(muc_room_create(world.service, DEN, NULL, 0, NULL));
    OK(ask("rosaline@example.org", 0));
    OK(muc_room_evict(room("den")));
    ck_assert_int_eq(calls, 3);
    ck_assert_int_eq(outcomes[2], MUC_OUTCOME_ENDED);
}
END_TEST

static int on_end(const muc_answer *answer, void *ud)
{
    (*(int *)ud)++;
    ck_assert_int_eq(answer->outcome, MUC_OUTCOME_ENDED);
    ck_assert_ptr_nonnull(answer->room);
    GIVES(MUC_ERR_BUSY, muc_room_destroy(answer->room, NULL, NULL, NULL));
    return MUC_OK;
}

START_TEST(the_service_ends)
{
    int ended = 0;
    OK(muc_room_query(room("den"), version(), "rosaline@example.org", 0, on_end, &ended));
    OK(iq(ROMEO, TO_JULIET, "get", "q1", VERSION));
    muc_service_free(world.service);
    ck_assert_int_eq(ended, 1);
    ck_assert_int_eq(world.memory.live, 0);
    host_start();
}
END_TEST

START_TEST(what_cannot_be_asked)
{
    muc_xml *x = muc_xml_new(world.service, "iq");
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), x, JULIET, 0, on_answer, &calls));
    x = muc_xml_new(world.service, "message");
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), x, JULIET, 0, on_answer, &calls));
    x = version();
    muc_xml_open(x, "open", NULL);
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), x, JULIET, 0, on_answer, &calls));
    x = muc_xml_new(world.service, "iq");
    muc_xml_attr(x, "id", "mine");
    muc_xml_attr(x, "type", "get");
    muc_xml_leaf(x, "query", NULL);
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), x, JULIET, 0, on_answer, &calls));
    GIVES(MUC_ERR_NOMEM, muc_room_query(room("den"), NULL, JULIET, 0, on_answer, &calls));
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), version(), "", 0, on_answer, &calls));
    GIVES(MUC_ERR_INVALID, muc_room_query(room("den"), version(), JULIET, 0, NULL, &calls));
    GIVES(MUC_ERR_INVALID, ask(JULIET, -1));
    GIVES(MUC_ERR_BAD_JID, ask("@", 0));
    ck_assert_uint_eq(world.log_n, 0);
    ck_assert_int_eq(calls, 0);
}
END_TEST

static int counted_bytes(uint8_t *bytes, size_t n, void *ud)
{
    static uint8_t count;
    (void)ud;
    for (size_t i = 0; i < n; i++)
        bytes[i] = ++count;
    return 0;
}

START_TEST(bounded)
{
    host_stop();
    host_prepare();
    world.settings.max_queries = 3;
    world.settings.max_queried = 2;
    host_start();
    join("den", JULIET, "Juliet");
    OK(ask(JULIET, 0));
    OK(ask(JULIET, 0));
    GIVES(MUC_ERR_LIMIT, ask(JULIET, 0));
    OK(ask("rosaline@example.org", 0));
    GIVES(MUC_ERR_LIMIT, ask("rosaline@example.org", 0));
    /* The service has its own. */
    OK(muc_service_query(world.service, version(), "rosaline@example.org", 0, on_answer, &calls));
    GIVES(MUC_ERR_LIMIT, muc_service_query(world.service, version(), "rosaline@example.org", 0, on_answer, &calls));
}
END_TEST

/* A host that never sweeps: what is overdue keeps nobody from asking, though others wait for longer. */
START_TEST(what_is_overdue_takes_no_place)
{
    host_stop();
    host_prepare();
    world.settings.max_queries = 4;
    world.settings.max_queried = 10;
    world.callbacks.random = counted_bytes;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    for (int i = 0; i < 4; i++)
        OK(ask("rosaline@example.org", 60000));
    for (int i = 0; i < 4; i++)
        OK(iq(JULIET, TO_ROMEO, "get", "j", VERSION));
    for (int i = 0; i < 4; i++)
        OK(iq(ROMEO, TO_JULIET, "get", "r", VERSION));
    forget();
    OK(iq(ROMEO, TO_JULIET, "get", "r", VERSION));
    said("<resource-constraint");
    world.clock += 60000;
    forget();
    OK(iq(ROMEO, TO_JULIET, "get", "r", VERSION));
    unsaid("<resource-constraint");
    said("send " JULIET " <iq");
    ck_assert_uint_eq(times("<recipient-unavailable"), 4);
    for (int i = 0; i < 3; i++)
        OK(ask("rosaline@example.org", 0));
    ck_assert_int_eq(calls, 4);
}
END_TEST

/* Who has asked elsewhere as much as he may does not keep a room from coming back. */
static char saved[8192];
static int save(const char *bytes, size_t n, void *ud)
{
    size_t *at = ud;
    ck_assert_uint_lt(*at + n, sizeof saved);
    memcpy(saved + *at, bytes, n);
    *at += n;
    return 0;
}

START_TEST(asked_elsewhere_meanwhile)
{
    size_t n = 0;
    host_stop();
    host_prepare();
    world.settings.max_queries = 3;
    world.callbacks.random = counted_bytes;
    host_start();
    for (int i = 0; i < 2; i++) {
        join(i ? "hut" : "den", JULIET, "Juliet");
        join(i ? "hut" : "den", ROMEO, "Romeo");
    }
    OK(iq(ROMEO, TO_JULIET, "get", "r1", VERSION));
    OK(iq(ROMEO, TO_JULIET, "get", "r2", VERSION));
    OK(muc_room_save(room("den"), MUC_PART_ALL, save, &n));
    OK(muc_room_forget(room("den")));
    OK(iq(ROMEO, "hut@" SERVICE "/Juliet", "get", "h1", VERSION));
    OK(iq(ROMEO, "hut@" SERVICE "/Juliet", "get", "h2", VERSION));
    forget();
    OK(muc_room_restore(world.service, saved, n, NULL));
    ck_assert_uint_eq(times("send "), 1);
    said("send " ROMEO " <iq to='" ROMEO "' from='" TO_JULIET "' type='error' id='r");
    said("<recipient-unavailable");
}
END_TEST

/* A transaction that is undone has asked nothing. */
static int ask_and_fail(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    OK(ask(JULIET, 0));
    return MUC_ERR_INVALID;
}

START_TEST(undone)
{
    muc_hook_add(world.service, MUC_ON_IQ, NULL, 0, ask_and_fail, NULL);
    (void)iq(ROMEO, DEN, "get", "q", VERSION);
    unsaid("to='" JULIET "'");
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_int_eq(calls, 0);
}
END_TEST

Suite *suite_query(void)
{
    Suite *suite = suite_create("query");
    TCase *tc = tcase_create("query");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, a_question_refused);
    tcase_add_test(tc, an_answer_refused);
    tcase_add_test(tc, a_question_turned_to_the_account);
    tcase_add_test(tc, told_to_the_store);
    tcase_add_test(tc, no_random_bytes_no_question);
    tcase_add_test(tc, the_room_asks);
    tcase_add_test(tc, an_error_comes);
    tcase_add_test(tc, nobody_answers);
    tcase_add_test(tc, a_little_at_a_time);
    tcase_add_test(tc, he_goes);
    tcase_add_test(tc, the_room_ends);
    tcase_add_test(tc, the_service_ends);
    tcase_add_test(tc, what_cannot_be_asked);
    tcase_add_test(tc, bounded);
    tcase_add_test(tc, what_is_overdue_takes_no_place);
    tcase_add_test(tc, asked_elsewhere_meanwhile);
    tcase_add_test(tc, undone);
    suite_add_tcase(suite, tc);
    return suite;
}
