/* test_commands.c: ad-hoc commands of one's own, at rooms and at the service (XEP-0050); tags, missing values and
 * conditions of one's own, which they need. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define COMMAND(node, more, x) "<command xmlns='" MUC_NS_COMMANDS "' node='" node "'" more ">" x "</command>"
#define FORM(fields)                                                                                                   \
    "<x xmlns='" MUC_NS_DATA "' type='submit'><field var='FORM_TYPE'><value>urn:example</value></field>" fields "</x>"
#define FIELD(v, t) "<field var='" v "'><value>" t "</value></field>"

static int iq(const char *from, const char *to, const char *type, const char *payload)
{
    char xml[2048];
    snprintf(xml, sizeof xml, "<iq from='%s' to='%s' type='%s' id='c'>%s</iq>", from, to, type, payload);
    return give(xml);
}

/* ---- the commands ----------------------------------------------------------------------------------------------- */

static const char *shown; /* to add_hour: the value of the field, NULL: no field but an error */
static int answer;        /* of run_hour */

static int is_owner(const muc_event *ev, const muc_command *command)
{
    ck_assert_ptr_nonnull(command);
    return ev->room && muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_OWNER;
}

static int anybody(const muc_event *ev, const muc_command *command)
{
    (void)command;
    return ev->from != NULL;
}

static int add_hour(const muc_event *ev, const muc_command *command, muc_form *form)
{
    (void)ev;
    ck_assert_str_eq(command->node, "bell");
    const muc_field field = {.var = "hour", .type = MUC_FIELD_TEXT_SINGLE, .value = shown, .min = 1, .max = 12};
    return shown ? muc_form_add(form, &field) : MUC_ERR_FORBIDDEN;
}

static int run_hour(muc_event *ev, const muc_command *command, const muc_form *form)
{
    ck_assert_str_eq(command->node, "bell");
    char line[64];
    snprintf(line, sizeof line, "rings: %s %d\n", muc_form_text(form, "tower"), (int)muc_form_number(form, "hour"));
    note(line);
    int r = muc_room_broadcast(ev->room, message("Ding"), MUC_EVERYONE);
    if (r < 0)
        return r;
    return answer == MUC_REJECT ? muc_reject(ev, MUC_CONFLICT, "it rings already") : answer;
}

static int run_time(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)command;
    ck_assert_ptr_null(form);
    muc_xml *x = muc_command_reply(ev);
    muc_command_note(x, MUC_NOTE_WARN, "It is late", NULL);
    muc_command_note(x, MUC_NOTE_INFO, "Time", ev->room ? muc_room_jid(ev->room) : "nowhere");
    return MUC_STOP;
}

static int run_nothing(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)ev, (void)command, (void)form;
    note("the second\n");
    return MUC_PASS;
}

static int run_strike(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)command, (void)form;
    return muc_command_done(ev, MUC_NOTE_ERROR, "The bell is cracked", "hour");
}

static const muc_field tower[] = {
    {.var = "tower", .type = MUC_FIELD_TEXT_SINGLE, .required = 1},
    {.var = NULL},
};
static const muc_command commands[] = {
    {.node = "bell",
     .name = "Ring",
     .where = MUC_COMMAND_ROOM,
     .form_type = "urn:example",
     .fields = tower,
     .may = is_owner,
     .build = add_hour,
     .run = run_hour},
    {.node = "time", .name = "Time", .where = MUC_COMMAND_ROOM | MUC_COMMAND_SERVICE, .may = anybody, .run = run_time},
    {.node = NULL},
};
static const muc_command more[] = {
    {.node = "time", .name = "Another", .where = MUC_COMMAND_SERVICE, .may = anybody, .run = run_nothing},
    {.node = "strike", .name = "Strike", .where = MUC_COMMAND_SERVICE, .may = anybody, .run = run_strike},
    {.node = "nothing", .name = "Nothing", .where = MUC_COMMAND_SERVICE, .may = anybody, .run = run_nothing},
    {.node = NULL},
};
static const muc_feature one = {.name = "one", .commands = commands}, two = {.name = "two", .commands = more};
static const muc_feature *const mine[] = {&one, &two, NULL};

static void setup(void)
{
    shown = "7";
    answer = MUC_PASS;
    host_prepare();
    world.settings.extra_features = mine;
    host_start();
    OK(muc_room_create(world.service, DEN, NULL, 0, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET, MUC_AFFILIATION_OWNER, NULL));
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    forget();
}

/* The session of the latest answer. */
static const char *session(void)
{
    static char id[64];
    const char *at = strstr(world.log, "sessionid='");
    ck_assert_ptr_nonnull(at);
    at += strlen("sessionid='");
    size_t n = strcspn(at, "'");
    ck_assert_uint_lt(n, sizeof id);
    memcpy(id, at, n);
    id[n] = '\0';
    return id;
}

static int complete(const char *from, const char *id, const char *form)
{
    char payload[1024];
    snprintf(payload, sizeof payload, "<command xmlns='%s' node='bell' sessionid='%s'>%s</command>", MUC_NS_COMMANDS,
             id, form);
    return iq(from, DEN, "set", payload);
}

/* ---- tests ------------------------------------------------------------------------------------------------------ */

/* proves 50-2 50-3 50-5 50-6 */
START_TEST(a_command_of_a_room)
{
    OK(iq(JULIET, DEN, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='" MUC_NS_COMMANDS "'/>"));
    said("<item jid='" DEN "' node='bell' name='Ring'/><item jid='" DEN "' node='time' name='Time'/></query>");
    OK(iq(JULIET, DEN, "set", COMMAND("bell", "", "")));
    said("status='executing'");
    said("<field type='text-single' var='tower'><required/></field>");
    said("<field type='text-single' var='hour'><value>7</value></field>");
    const char *id = session();
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old") FIELD("hour", "12"))));
    said("rings: Old 12\n");
    said("status='completed' xml:lang='en'/>");
    said("<body>Ding</body>");
    ck_assert_uint_lt(place("status='completed'"), place("<body>Ding</body>"));
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old") FIELD("hour", "13"))));
    said("<bad-payload xmlns='" MUC_NS_COMMANDS "'/></error>");
    unsaid("rings:");
}
END_TEST

/* proves 50-2 50-4 50-10 */
START_TEST(who_may_not)
{
    OK(iq(ROMEO, DEN, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='" MUC_NS_COMMANDS "'/>"));
    said("<item jid='" DEN "' node='time' name='Time'/></query>");
    unsaid("rings:");
    OK(iq(ROMEO, DEN, "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='bell'/>"));
    said("<forbidden");
    forget();
    OK(iq(ROMEO, DEN, "set", COMMAND("bell", "", "")));
    said("<error type='cancel' by='" DEN "'><forbidden");
    forget();
    OK(iq(JULIET, SERVICE, "set", COMMAND("bell", "", "")));
    said("<item-not-found");
    /* He may when it begins, and may not any more when he comes back. */
    OK(iq(JULIET, DEN, "set", COMMAND("bell", "", "")));
    const char *id = session();
    CHANGED(muc_affiliation_set(room("den"), NULL, ROMEO, MUC_AFFILIATION_OWNER, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET, MUC_AFFILIATION_MEMBER, NULL));
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old"))));
    said("<forbidden");
    unsaid("rings:");
    forget();
    OK(complete(ROMEO, id, FORM(FIELD("tower", "Old"))));
    said("<bad-sessionid");
}
END_TEST

START_TEST(what_is_refused_is_undone)
{
    OK(iq(JULIET, DEN, "set", COMMAND("bell", "", "")));
    const char *id = session();
    answer = MUC_REJECT;
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old"))));
    said("<conflict");
    said("it rings already");
    unsaid("Ding");
    answer = MUC_ERR_LIMIT;
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old"))));
    said("<resource-constraint");
    unsaid("Ding");
    shown = NULL;
    forget();
    OK(complete(JULIET, id, FORM(FIELD("tower", "Old"))));
    said("<forbidden");
    unsaid("rings:");
    forget();
    OK(iq(JULIET, DEN, "set", COMMAND("bell", "", "")));
    said("<forbidden");
}
END_TEST

/* proves 50-9 */
START_TEST(without_a_form)
{
    OK(iq(ROMEO, SERVICE, "set", COMMAND("time", "", "")));
    said("status='completed' xml:lang='en'><note type='warn'>It is late</note><note type='info'>Time: nowhere</note>");
    unsaid("the second");
    char payload[256];
    snprintf(payload, sizeof payload, "<command xmlns='%s' node='time' sessionid='%s'/>", MUC_NS_COMMANDS, session());
    forget();
    OK(iq(ROMEO, SERVICE, "set", payload));
    said("<not-allowed");
    said("<session-expired xmlns='" MUC_NS_COMMANDS "'/>");
    forget();
    OK(iq(ROMEO, DEN, "set", COMMAND("time", "", "")));
    said("Time: " DEN);
    forget();
    OK(iq(ROMEO, SERVICE, "set", COMMAND("nothing", "", "")));
    said("the second\n");
    said("status='completed' xml:lang='en'/>");
    forget();
    OK(iq(ROMEO, SERVICE, "set", COMMAND("strike", "", "")));
    said("status='completed' xml:lang='en'><note type='error'>The bell is cracked: hour</note></command>");
    forget();
    OK(iq(ROMEO, SERVICE, "get", "<query xmlns='http://jabber.org/protocol/disco#items' node='" MUC_NS_COMMANDS "'/>"));
    said("name='Time'/>");
    unsaid("name='Another'");
    forget();
    OK(iq(ROMEO, SERVICE, "get", "<query xmlns='http://jabber.org/protocol/disco#info' node='time'/>"));
    said("<identity category='automation' type='command-node' name='Time'/><feature var='" MUC_NS_COMMANDS
         "'/></query>");
}
END_TEST

static int chance; /* how much of it is left; negative: without end */

static int rarely(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return chance && chance-- ? 0 : -1;
}

START_TEST(without_random_bytes)
{
    host_stop();
    host_prepare();
    world.settings.extra_features = mine;
    world.callbacks.random = rarely;
    chance = -1;
    host_start();
    OK(muc_room_create(world.service, DEN, NULL, 0, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET, MUC_AFFILIATION_OWNER, NULL));
    chance = 0;
    OK(iq(JULIET, DEN, "set", COMMAND("bell", "", "")));
    said("<internal-server-error");
    OK(iq(JULIET, DEN, "set", COMMAND("time", "", "")));
    said("<command xmlns='" MUC_NS_COMMANDS "' node='time' status='completed'");
}
END_TEST

START_TEST(tags)
{
    uint64_t tag = muc_service_tag(world.service, "a");
    ck_assert_uint_eq(muc_service_tag(world.service, "a"), tag);
    ck_assert_uint_ne(muc_service_tag(world.service, "b"), tag);
    ck_assert_uint_ne(muc_service_tag(world.service, ""), tag);
}
END_TEST

static int refuse_join(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject_with(ev, MUC_POLICY_VIOLATION, MUC_ERROR_WAIT, "too-late", "urn:example");
}

START_TEST(a_condition_of_ones_own)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_PRE_JOIN, NULL, 1000, refuse_join, NULL), 0);
    join("den", "tybalt@example.org/x", "Tybalt");
    said("<error type='wait' by='" DEN "'><policy-violation xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
         "<too-late xmlns='urn:example'/></error>");
}
END_TEST

START_TEST(a_value_that_is_missing)
{
    muc_form *form;
    OK(muc_form_new(world.service, "urn:example", &form));
    ck_assert_ptr_null(muc_form_missing(form));
    OK(muc_form_add(form, &(muc_field){.var = "a"}));
    OK(muc_form_add(form, &(muc_field){.var = "b", .required = 1, .value = "shown"}));
    ck_assert_ptr_null(muc_form_missing(form));
    OK(muc_form_add(form, &(muc_field){.var = "c", .required = 1, .value = ""}));
    ck_assert_str_eq(muc_form_missing(form), "c");
    OK(muc_form_add(form, &(muc_field){.ns = "urn:x", .var = "d", .required = 1, .before = "c"}));
    ck_assert_str_eq(muc_form_missing(form), "{urn:x}d");
    muc_form_free(form);
    ck_assert_ptr_null(muc_form_missing(NULL));
}
END_TEST

Suite *suite_commands(void)
{
    Suite *s = suite_create("commands");
    TCase *t = tcase_create("commands");
    tcase_add_checked_fixture(t, setup, host_stop);
    tcase_add_test(t, a_command_of_a_room);
    tcase_add_test(t, who_may_not);
    tcase_add_test(t, what_is_refused_is_undone);
    tcase_add_test(t, without_a_form);
    tcase_add_test(t, without_random_bytes);
    tcase_add_test(t, tags);
    tcase_add_test(t, a_condition_of_ones_own);
    tcase_add_test(t, a_value_that_is_missing);
    suite_add_tcase(s, t);
    return s;
}
