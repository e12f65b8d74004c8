/* test_hooks.c: hooks: order, answers, keys, coming and going while a point fires; what is in each event. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static int ids[16];

static int add(muc_point point, const char *key, int priority, muc_hook_fn *fn, const char *ud)
{
    int id = muc_hook_add(world.service, point, key, priority, fn, (void *)(uintptr_t)ud);
    ck_assert_int_gt(id, 0);
    return id;
}

static int say(muc_event *ev, void *ud)
{
    (void)ev;
    note(ud);
    return MUC_PASS;
}

static int stop(muc_event *ev, void *ud)
{
    (void)say(ev, ud);
    return MUC_STOP;
}

/* The lines that handlers wrote, without what was sent. */
static void heard(const char *lines)
{
    char got[8192] = "";
    for (const char *p = world.log; *p; p = strchr(p, '\n') + 1)
        if (strncmp(p, "send ", 5) != 0 && strncmp(p, "store ", 6) != 0 && strncmp(p, "item ", 5) != 0)
            strncat(got, p, (size_t)(strchr(p, '\n') + 1 - p));
    ck_assert_str_eq(got, lines);
    forget();
}

/* ---- order ------------------------------------------------------------------------------------------------------- */

START_TEST(high_priorities_come_first_and_equal_ones_in_order)
{
    add(MUC_ON_GROUPCHAT, NULL, 0, say, "a0");
    add(MUC_ON_GROUPCHAT, NULL, 5000, say, "b5");
    add(MUC_ON_GROUPCHAT, NULL, -5000, say, "c-5");
    add(MUC_ON_GROUPCHAT, NULL, 5000, say, "d5");
    add(MUC_ON_GROUPCHAT, NULL, 0, say, "e0");
    add(MUC_ON_GROUPCHAT, NULL, -5000, say, "f-5");
    talk("den", JULIET, "x");
    heard("b5\nd5\na0\ne0\nc-5\nf-5\n");
    add(MUC_ON_GROUPCHAT, NULL, 1, stop, "stop");
    talk("den", JULIET, "x");
    said("send " ROMEO);
    heard("b5\nd5\nstop\n");
}
END_TEST

START_TEST(wrong_registrations_are_refused)
{
    GIVES(MUC_ERR_INVALID, muc_hook_add(world.service, MUC_POINT_COUNT, NULL, 0, say, NULL));
    GIVES(MUC_ERR_INVALID, muc_hook_add(world.service, (muc_point)-1, NULL, 0, say, NULL));
    GIVES(MUC_ERR_INVALID, muc_hook_add(world.service, MUC_ON_SENT, NULL, 0, NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_hook_add(world.service, MUC_ON_SENT, "key", 0, say, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_hook_remove(world.service, 0));
    int id = add(MUC_ON_SENT, NULL, 0, say, "x");
    OK(muc_hook_remove(world.service, id));
    GIVES(MUC_ERR_NOT_FOUND, muc_hook_remove(world.service, id));
    for (int i = 0; i < MUC_POINT_COUNT; i++)
        ck_assert_uint_gt(strlen(muc_point_name((muc_point)i)), 0);
    ck_assert_str_eq(muc_point_name(MUC_POINT_COUNT), "");
    ck_assert_str_eq(muc_point_name(MUC_ON_PRE_JOIN), "muc-occupant-pre-join");
}
END_TEST

static size_t count;
static int tick(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    count++;
    return MUC_PASS;
}

START_TEST(thousands_of_hooks)
{
    enum { MANY = 5000 };
    static int many[MANY];
    for (int i = 0; i < MANY; i++)
        many[i] = i % 2 ? add(MUC_ON_GROUPCHAT, NULL, i % 7, tick, NULL)
                        : add(MUC_ON_MESSAGE, "{urn:example}nothing", i % 7, tick, NULL);
    count = 0;
    talk("den", JULIET, "x");
    ck_assert_uint_eq(count, MANY / 2);
    for (int i = 0; i < MANY; i += 5)
        OK(muc_hook_remove(world.service, many[i]));
    count = 0;
    talk("den", JULIET, "x");
    ck_assert_uint_eq(count, MANY / 2 - MANY / 10);
}
END_TEST

/* ---- coming and going -------------------------------------------------------------------------------------------- */

static int remove_self(muc_event *ev, void *ud)
{
    (void)say(ev, ud);
    OK(muc_hook_remove(ev->service, ids[0]));
    GIVES(MUC_ERR_NOT_FOUND, muc_hook_remove(ev->service, ids[0]));
    return MUC_PASS;
}

static int remove_others(muc_event *ev, void *ud)
{
    (void)say(ev, ud);
    OK(muc_hook_remove(ev->service, ids[1]));
    OK(muc_hook_remove(ev->service, ids[2]));
    return MUC_PASS;
}

static int add_here(muc_event *ev, void *ud)
{
    (void)say(ev, ud);
    OK(muc_hook_remove(ev->service, ids[3]));
    add(MUC_ON_GROUPCHAT, NULL, 1000, say, "new before");
    add(MUC_ON_GROUPCHAT, NULL, -2000, say, "new behind");
    OK(muc_hook_remove(ev->service, add(MUC_ON_GROUPCHAT, NULL, 0, say, "never")));
    /* Another point does not fire now: it is called at once. */
    add(MUC_ON_MESSAGE_BUILD, NULL, 0, say, "build");
    return MUC_PASS;
}

START_TEST(hooks_come_and_go_while_they_fire)
{
    ids[1] = add(MUC_ON_GROUPCHAT, NULL, 900, say, "earlier");
    ids[0] = add(MUC_ON_GROUPCHAT, NULL, 800, remove_self, "self");
    add(MUC_ON_GROUPCHAT, NULL, 700, remove_others, "others");
    ids[2] = add(MUC_ON_GROUPCHAT, NULL, 600, say, "later");
    ids[3] = add(MUC_ON_GROUPCHAT, NULL, 500, add_here, "add");
    int last = add(MUC_ON_GROUPCHAT, NULL, -900, say, "last");
    talk("den", JULIET, "x");
    heard("earlier\nself\nothers\nadd\nlast\nbuild\n");
    OK(muc_hook_remove(world.service, last));
    ids[1] = add(MUC_ON_GROUPCHAT, NULL, 1, say, "1");
    ids[2] = add(MUC_ON_GROUPCHAT, NULL, 1, say, "2");
    talk("den", JULIET, "x");
    heard("new before\nothers\nnew behind\nbuild\n");
}
END_TEST

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static int given;
static int answer(muc_event *ev, void *ud)
{
    (void)say(ev, ud);
    return given == MUC_REJECT ? muc_reject(ev, MUC_POLICY_VIOLATION, "tut") : given;
}

typedef struct answers {
    muc_point point;
    int given;
    const char *second; /* what the handler behind it says */
    const char *error;  /* the condition that the sender is told, "" for none: his message went out */
    int result;         /* of the call */
} answers;

static const answers rows[] = {
    {MUC_ON_GROUPCHAT, MUC_PASS, "second\n", "", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_STOP, "", "", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_REJECT, "", "<policy-violation", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_ERR_FORBIDDEN, "", "<forbidden", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_ERR_NOMEM, "", "", MUC_ERR_NOMEM},
    {MUC_ON_GROUPCHAT, MUC_ERR_BUSY, "", "", MUC_ERR_BUSY},
    {MUC_ON_GROUPCHAT, MUC_PENDING, "", "<error", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_CHANGED, "second\n", "", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_INCOMPLETE, "second\n", "", MUC_OK},
    {MUC_ON_GROUPCHAT, MUC_BAD_REQUEST, "", "<bad-request", MUC_OK},
    {MUC_ON_MESSAGE, MUC_CHANGED, "second\n", "", MUC_OK},
    {MUC_ON_SAID, MUC_PASS, "second\n", "", MUC_OK},
    {MUC_ON_SAID, MUC_REJECT, "second\n", "", MUC_OK},
    {MUC_ON_MESSAGE_BUILD, MUC_PASS, "second\n", "", MUC_OK},
    {MUC_ON_MESSAGE_BUILD, MUC_STOP, "", "", MUC_OK},
    {MUC_ON_MESSAGE_BUILD, MUC_REJECT, "", "<policy-violation", MUC_OK},
    {MUC_ON_MESSAGE_BUILD, MUC_PENDING, "", "<error", MUC_OK},
    {MUC_ON_MESSAGE, MUC_PASS, "second\n", "", MUC_OK},
    {MUC_ON_MESSAGE, MUC_REJECT, "", "<policy-violation", MUC_OK},
    {MUC_ON_MESSAGE, MUC_ERR_NOT_FOUND, "", "<item-not-found", MUC_OK},
    {MUC_ON_MESSAGE, MUC_PENDING, "", "<error", MUC_OK},
    {MUC_ON_SENT, MUC_PASS, "second\n", "", MUC_OK},
    {MUC_ON_SENT, MUC_STOP, "second\n", "", MUC_OK},
    {MUC_ON_SENT, MUC_REJECT, "second\n", "", MUC_OK},
    {MUC_ON_SENT, MUC_ERR_FORBIDDEN, "second\n", "", MUC_INCOMPLETE},
    {MUC_ON_SENT, MUC_PENDING, "second\n", "", MUC_INCOMPLETE},
};

START_TEST(what_answers_mean)
{
    const answers *row = &rows[_i];
    given = row->given;
    add(row->point, NULL, 2, answer, "first");
    add(row->point, NULL, 1, say, "second");
    char *before = state();
    GIVES(row->result, give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>hi</body></message>"));
    bool undone = row->error[0] || row->result < 0;
    if (undone)
        same_state(before);
    else
        free(before);
    if (row->error[0])
        said(row->error);
    else
        unsaid("<error");
    ck_assert_uint_eq(times("send "), row->error[0] ? 1 : row->result < 0 ? 0 : 2);
    char lines[64];
    snprintf(lines, sizeof lines, "first\n%s", row->second);
    heard(lines);
}
END_TEST

START_TEST(apply_handlers_refuse_nothing)
{
    static const int gives[] = {MUC_PASS, MUC_STOP, MUC_REJECT, MUC_ERR_HOST, MUC_PENDING};
    static const int results[] = {MUC_CHANGED, MUC_CHANGED, MUC_CHANGED, MUC_ERR_HOST, MUC_ERR_INVALID};
    given = gives[_i];
    add(MUC_ON_CONFIG_SUBMITTED, NULL, 0, answer, "first");
    char *before = state();
    GIVES(results[_i], muc_room_set_name(room("den"), "Den"));
    if (results[_i] < 0)
        same_state(before);
    else
        free(before);
    ck_assert_uint_eq(times("send "), results[_i] < 0 ? 0 : 2);
}
END_TEST

START_TEST(a_stanza_that_is_served_goes_no_further)
{
    add(MUC_ON_MESSAGE, NULL, 0, stop, "served");
    talk("den", JULIET, "x");
    ck_assert_str_eq(world.log, "served\n");
}
END_TEST

static const char *reason;
static int reject_as(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject_as(ev, MUC_GONE, MUC_ERROR_MODIFY, reason);
}

START_TEST(texts_of_a_rejection)
{
    add(MUC_ON_GROUPCHAT, NULL, 0, reject_as, NULL);
    reason = "less <noise> & \"more\" \xc3\xa4";
    talk("den", JULIET, "x");
    said("type='modify'");
    said("<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>");
    said("less &lt;noise&gt; &amp; ");
    said("\xc3\xa4</text>");
    forget();
    reason = "bad \x01 text";
    talk("den", JULIET, "x");
    unsaid("<text");
    forget();
    char longer[1024];
    for (size_t i = 0; i + 3 < sizeof longer; i += 3)
        memcpy(longer + i, "\xe2\x82\xac", 4);
    reason = longer;
    talk("den", JULIET, "x");
    said("\xe2\x82\xac</text>");
    forget();
    reason = NULL;
    talk("den", JULIET, "x");
    unsaid("<text");
}
END_TEST

/* ---- keys -------------------------------------------------------------------------------------------------------- */

static int key(muc_event *ev, void *ud)
{
    char line[256];
    snprintf(line, sizeof line, "%s %s", (const char *)ud, ev->key ? ev->key : "(none)");
    note(line);
    return MUC_PASS;
}

START_TEST(keyed_points)
{
    add(MUC_ON_IQ, NULL, 1, key, "any");
    add(MUC_ON_IQ, "{urn:a}q", 0, key, "mine");
    add(MUC_ON_IQ, "{urn:b}q", 0, key, "other");
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><q xmlns='urn:a'/></iq>"));
    heard("any {urn:a}q\nmine {urn:a}q\n");
    add(MUC_ON_MESSAGE, NULL, 1, key, "each");
    add(MUC_ON_MESSAGE, "{jabber:client}body", 0, key, "body");
    add(MUC_ON_MESSAGE, "{urn:x}x", 0, key, "x");
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>a</body><x xmlns='urn:x'/>"
            "<y xmlns='urn:x'/></message>"));
    heard("each {jabber:client}body\nbody {jabber:client}body\neach {urn:x}x\nx {urn:x}x\neach {urn:x}y\n");
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'/>"));
    heard("each (none)\n");
    add(MUC_ON_OPTION, "name", 0, key, "option");
    CHANGED(muc_room_set_description(room("den"), "d"));
    heard("");
    CHANGED(muc_room_set_name(room("den"), "n"));
    heard("option name\n");
    add(MUC_ON_CONFIG_FIELD, "muc#roomconfig_roomname", 0, key, "field");
    CHANGED(muc_room_set_description(room("den"), "d2"));
    heard("");
    CHANGED(muc_room_set_name(room("den"), "n2"));
    heard("field muc#roomconfig_roomname\noption name\n");
    add(MUC_ON_DISCO_INFO, "", 0, key, "plain");
    add(MUC_ON_DISCO_INFO, "n", 0, key, "node");
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><query "
            "xmlns='http://jabber.org/protocol/disco#info'/></iq>"));
    heard("any {http://jabber.org/protocol/disco#info}query\nplain \n");
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><query "
            "xmlns='http://jabber.org/protocol/disco#info' node='n'/></iq>"));
    said("<item-not-found");
    heard("any {http://jabber.org/protocol/disco#info}query\nnode n\n");
}
END_TEST

/* ---- an answer that was begun ------------------------------------------------------------------------------------ */

static int serve(muc_event *ev, void *ud)
{
    muc_xml *x = muc_reply(ev, "pong", "urn:a");
    muc_xml_attr(x, "n", "1");
    if (ud)
        GIVES(MUC_ERR_INVALID,
              muc_room_create(ev->service, "x@" SERVICE, &(muc_option_value){"nonsense", "1"}, 1, NULL));
    muc_xml_leaf(x, "in", "side");
    return MUC_STOP;
}

START_TEST(a_call_that_fails_leaves_the_answer)
{
    add(MUC_ON_IQ, "{urn:a}q", 0, serve, NULL);
    add(MUC_ON_IQ, "{urn:b}q", 0, serve, "failing");
    static const char pong[] =
        "from='" DEN "' type='result' id='1'><pong xmlns='urn:a' n='1'><in>side</in></pong></iq>";
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><q xmlns='urn:a'/></iq>"));
    said(pong);
    forget();
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><q xmlns='urn:b'/></iq>"));
    said(pong);
}
END_TEST

/* ---- nicknames, codes and drops: only where they mean something -------------------------------------------------- */

static int try_all(muc_event *ev, void *ud)
{
    (void)ud;
    char line[128];
    const xmlNode *child = ev->stanza ? muc_node_child(ev->stanza, "drop", NULL) : NULL;
    snprintf(line, sizeof line, "nick %d status %d drop %d", muc_join_set_nick(ev, "Rosaline"),
             muc_event_status(ev, 170), muc_build_drop(ev, child));
    note(line);
    return MUC_PASS;
}

START_TEST(what_handlers_may_add)
{
    static const struct {
        muc_point point;
        const char *line;
    } points[] = {
        {MUC_ON_PRE_JOIN, "nick 0 status -1 drop 0\n"},    {MUC_ON_WELCOME, "nick -1 status 0 drop -1\n"},
        {MUC_ON_GROUPCHAT, "nick -1 status -1 drop -1\n"}, {MUC_ON_MESSAGE_BUILD, "nick -1 status -1 drop 0\n"},
        {MUC_ON_PRE_UPDATE, "nick -1 status -1 drop 0\n"}, {MUC_ON_PRE_RENAME, "nick 0 status -1 drop 0\n"},
        {MUC_ON_JOINED, "nick -1 status -1 drop -1\n"},
    };
    static const char rename[] = "<presence from='" ROMEO "' to='" DEN "/Nick'><drop xmlns='urn:d'/></presence>";
    static const char enter[] = "<presence from='rosaline@example.org/x' to='" DEN "/R'><x xmlns='" MUC_NS
                                "'/><drop xmlns='urn:d'/></presence>";
    static const char speak[] = "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>b</body>"
                                "<drop xmlns='urn:d'/></message>";
    static const char again[] =
        "<presence from='" ROMEO "' to='" DEN "/Romeo'><x xmlns='" MUC_NS "'/><drop xmlns='urn:d'/></presence>";
    muc_point point = points[_i].point;
    add(point, NULL, 0, try_all, NULL);
    OK(give(point == MUC_ON_PRE_UPDATE                                   ? again
            : point == MUC_ON_PRE_RENAME                                 ? rename
            : point == MUC_ON_GROUPCHAT || point == MUC_ON_MESSAGE_BUILD ? speak
                                                                         : enter));
    bool named = strstr(points[_i].line, "nick 0") != NULL;
    bool dropped = strstr(points[_i].line, "drop 0") != NULL;
    ck_assert_int_eq(times("<status code='210'/>") > 0, named);
    ck_assert_int_eq(occupant("den", "Rosaline") != NULL, named);
    ck_assert_int_eq(times("<drop ") == 0, dropped);
    ck_assert_int_eq(times("<status code='170'/>") > 0, point == MUC_ON_WELCOME);
    heard(points[_i].line);
}
END_TEST

static int bad_nick(muc_event *ev, void *ud)
{
    (void)ud;
    GIVES(MUC_ERR_BAD_JID, muc_join_set_nick(ev, ""));
    GIVES(MUC_ERR_INVALID, muc_join_set_nick(ev, NULL));
    OK(muc_join_set_nick(ev, "First"));
    OK(muc_join_set_nick(ev, "Second"));
    ck_assert_str_eq(ev->as.join->nick, "Second");
    return MUC_PASS;
}

static int many_codes(muc_event *ev, void *ud)
{
    (void)ud;
    GIVES(MUC_ERR_INVALID, muc_event_status(ev, 99));
    GIVES(MUC_ERR_INVALID, muc_event_status(ev, 1000));
    int r = MUC_OK;
    for (int code = 900; code < 920; code++)
        r = muc_event_status(ev, code);
    GIVES(MUC_ERR_LIMIT, r);
    return MUC_PASS;
}

START_TEST(bounds_of_what_handlers_add)
{
    add(MUC_ON_PRE_JOIN, NULL, 0, bad_nick, NULL);
    add(MUC_ON_WELCOME, NULL, 0, many_codes, NULL);
    join("den", "rosaline@example.org/x", "R");
    said("/Second'");
    said("<status code='210'/>");
    said("<status code='914'/>");
    unsaid("<status code='916'/>");
    ck_assert(!occupant("den", "R"));
}
END_TEST

static int more_drops(muc_event *ev, void *ud)
{
    (void)ud;
    const xmlNode *child = muc_node_child(ev->stanza, NULL, NULL);
    for (int i = 0; i < 64; i++, child = muc_node_next(child, NULL, NULL))
        OK(muc_build_drop(ev, child));
    ck_assert_int_lt(muc_build_drop(ev, child), 0);
    return MUC_PASS;
}

START_TEST(children_are_dropped_up_to_a_bound)
{
    add(MUC_ON_MESSAGE_BUILD, NULL, 0, more_drops, NULL);
    char xml[4096] = "<message from='" JULIET "' to='" DEN "' type='groupchat'>";
    for (int i = 0; i < 64; i++)
        strcat(xml, "<a xmlns='urn:a'/>");
    OK(give(strcat(xml, "<b xmlns='urn:b'/></message>")));
    unsaid("urn:a");
    said("urn:b");
}
END_TEST

Suite *suite_hooks(void)
{
    Suite *suite = suite_create("hooks");
    TCase *tc = tcase_create("hooks");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, high_priorities_come_first_and_equal_ones_in_order);
    tcase_add_test(tc, wrong_registrations_are_refused);
    tcase_add_test(tc, thousands_of_hooks);
    tcase_add_test(tc, hooks_come_and_go_while_they_fire);
    tcase_add_loop_test(tc, what_answers_mean, 0, sizeof rows / sizeof *rows);
    tcase_add_loop_test(tc, apply_handlers_refuse_nothing, 0, 5);
    tcase_add_test(tc, a_stanza_that_is_served_goes_no_further);
    tcase_add_test(tc, texts_of_a_rejection);
    tcase_add_test(tc, keyed_points);
    tcase_add_test(tc, a_call_that_fails_leaves_the_answer);
    tcase_add_loop_test(tc, what_handlers_may_add, 0, 7);
    tcase_add_test(tc, bounds_of_what_handlers_add);
    tcase_add_test(tc, children_are_dropped_up_to_a_bound);
    suite_add_tcase(suite, tc);
    return suite;
}
