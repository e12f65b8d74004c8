/* test_order.c: what fires in one call, in which order: the last table of lib/doc/hooks.md. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

/* ---- what has fired ---------------------------------------------------------------------------------------------- */

enum { BAR = -1, END = -2, MOST = 64 };
static int fired[MOST];
static size_t fired_n;

/* What fires several times in a row is there once. */
static void add(int point)
{
    if (fired_n > 0 && fired[fired_n - 1] == point)
        return;
    ck_assert_uint_lt(fired_n, MOST);
    fired[fired_n++] = point;
}

static int on_point(muc_event *ev, void *ud)
{
    (void)ud;
    add((int)ev->point);
    return MUC_PASS;
}

/* The bar: what was decided goes out. */
static void on_output(const muc_delivery *d)
{
    (void)d;
    bool there = false;
    for (size_t i = 0; i < fired_n; i++)
        there = there || fired[i] == BAR;
    if (!there)
        add(BAR);
}

static const char *words(const int *points, size_t n)
{
    static char text[2][4096];
    static int which;
    char *out = text[which ^= 1];
    *out = '\0';
    for (size_t i = 0; i < n && points[i] != END; i++) {
        strcat(out, points[i] == BAR ? "/" : muc_point_name((muc_point)points[i]));
        strcat(out, "\n");
    }
    return out;
}

/* ---- what is done before ----------------------------------------------------------------------------------------- */

static void configure(void)
{
    OK(muc_service_configure(world.service, &world.settings));
}

static void locked(void)
{
    world.settings.lock_new_rooms = 1;
    configure();
}

static void silenced(void)
{
    CHANGED(muc_room_set_moderated(room("den"), 1));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_VISITOR, NULL));
}

static void alone(void)
{
    OK(muc_peer_gone(world.service, ROMEO, NULL));
}

static char id[64];
static void asked(void)
{
    forget();
    OK(give("<iq from='" JULIET "' to='" DEN "/Romeo' type='get' id='q'><query xmlns='jabber:iq:version'/></iq>"));
    ck_assert_int_eq(sscanf(strstr(world.log, " id='"), " id='%63[^']", id), 1);
}

static void invited(void)
{
    OK(give("<message from='" JULIET "' to='" DEN "'><x xmlns='" MUC_NS_USER
            "'><invite to='nurse@example.org'/></x></message>"));
}

static void wants_voice(void)
{
    silenced();
    OK(muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
}

static void waiting(void)
{
    locked();
    join("new", JULIET, "Juliet");
}

static void open_for_members(void)
{
    CHANGED(muc_room_set(room("den"), &(muc_option_value){"registration", "anyone"}, 1));
}

static int nick_of_stranger(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->nick = "Bridge";
    return MUC_PASS;
}

static void bridged(void)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_STRANGER, NULL, 0, nick_of_stranger, NULL), 0);
}

/* ---- what is done by a call -------------------------------------------------------------------------------------- */

static int say(void)
{
    return muc_room_broadcast(room("den"), message("x"), MUC_EVERYONE);
}

static int connection_gone(void)
{
    return muc_peer_gone(world.service, ROMEO, NULL);
}

static int set_name(void)
{
    return muc_room_set_name(room("den"), "n");
}

static int answer(void)
{
    char xml[512];
    snprintf(xml, sizeof xml, "<iq from='" ROMEO "' to='" DEN "/Juliet' type='result' id='%s'/>", id);
    return give(xml);
}

/* ---- the table --------------------------------------------------------------------------------------------------- */

#define FIRES(...)                .fires = {__VA_ARGS__, END}
#define P(name)                   MUC_ON_##name
#define FROM(kind, jid, to, rest) "<" kind " from='" jid "' to='" to "'" rest "</" kind ">"
#define MUC_X                     "<x xmlns='" MUC_NS "'/>"
#define QUERY                     " type='set' id='1'><query xmlns='"
#define ADMIN(item)               FROM("iq", JULIET, DEN, QUERY MUC_NS_ADMIN "'>" item "</query>")

#define SUBMIT(to)                                                                                                     \
    FROM("iq", JULIET, to,                                                                                             \
         " type='set' id='1'><query xmlns='" MUC_NS_OWNER "'><x xmlns='jabber:x:data' type='submit'>"                  \
         "<field var='muc#roomconfig_roomname'><value>n</value></field></x></query>")
#define INVITE FROM("message", JULIET, DEN, "><x xmlns='" MUC_NS_USER "'><invite to='nurse@example.org'/></x>")
#define VOICE(jid, more)                                                                                               \
    FROM("message", jid, DEN,                                                                                          \
         "><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"                                             \
         "<value>http://jabber.org/protocol/muc#request</value></field>" more "</x>")
#define ALLOW                                                                                                          \
    "<field var='muc#jid'><value>" ROMEO "</value></field><field var='muc#request_allow'><value>1</value></field>"     \
    "<field var='muc#role'><value>participant</value></field>"
#define REGISTER                                                                                                       \
    FROM("iq", NURSE, DEN,                                                                                             \
         " type='set' id='1'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"                \
         "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"                       \
         "<field var='muc#register_roomnick'><value>Nurse</value></field></x></query>")

static const struct {
    const char *what; /* the row of the document */
    void (*before)(void);
    const char *xml;
    int (*call)(void); /* instead */
    int fires[MOST];
} rows[] = {
    {.what = "an entry",
     .xml = FROM("presence", NURSE, DEN "/Nurse", ">" MUC_X),
     FIRES(P(PRESENCE), P(DEFAULT_ROLE), P(PRE_JOIN), P(PAYLOAD_BUILD), P(WELCOME), P(PRESENCE_BUILD),
           P(BEFORE_HISTORY), P(HISTORY_WANTED), P(BEFORE_SUBJECT), P(ENTERED), BAR, P(JOINED), P(SESSION_ADDED))},
    {.what = "an entry",
     .xml = FROM("presence", ROMEO "2", DEN "/Romeo", ">" MUC_X),
     FIRES(P(PRESENCE), P(DEFAULT_ROLE), P(PRE_JOIN), P(PAYLOAD_BUILD), P(WELCOME), P(PRESENCE_BUILD),
           P(BEFORE_HISTORY), P(HISTORY_WANTED), P(BEFORE_SUBJECT), BAR, P(SESSION_ADDED))},
    {.what = "an entry",
     .xml = FROM("presence", NURSE, "new@" SERVICE "/Nurse", ">" MUC_X),
     FIRES(P(PRESENCE), P(PRE_CREATE), P(MADE), P(DEFAULT_ROLE), P(PRE_JOIN), P(PAYLOAD_BUILD), P(WELCOME),
           P(PRESENCE_BUILD), P(BEFORE_HISTORY), P(HISTORY_WANTED), P(BEFORE_SUBJECT), P(ENTERED), BAR, P(CREATED),
           P(JOINED), P(SESSION_ADDED))},
    {.what = "an entry",
     .before = locked,
     .xml = FROM("presence", NURSE, "new@" SERVICE "/Nurse", ">" MUC_X),
     FIRES(P(PRESENCE), P(PRE_CREATE), P(MADE), P(DEFAULT_ROLE), P(PRE_JOIN), P(PAYLOAD_BUILD), P(WELCOME),
           P(PRESENCE_BUILD), P(BEFORE_HISTORY), P(HISTORY_WANTED), P(BEFORE_SUBJECT), P(ENTERED), BAR, P(CREATED),
           P(LOCKED), P(JOINED), P(SESSION_ADDED))},
    {.what = "a presence update",
     .xml = FROM("presence", ROMEO, DEN "/Romeo", "><show>away</show>"),
     FIRES(P(PRESENCE), P(PRE_UPDATE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(UPDATED), BAR)},
    {.what = "asking for everything again",
     .xml = FROM("presence", ROMEO, DEN "/Romeo", ">" MUC_X),
     FIRES(P(PRESENCE), P(PRE_UPDATE), P(PAYLOAD_BUILD), P(WELCOME), P(PRESENCE_BUILD), P(BEFORE_HISTORY),
           P(HISTORY_WANTED), P(BEFORE_SUBJECT), P(UPDATED), BAR, P(SESSION_ADDED))},
    {.what = "a message to all",
     .xml = FROM("message", ROMEO, DEN, " type='groupchat'><body>x</body>"),
     FIRES(P(MESSAGE), P(GROUPCHAT), P(HISTORY_KEEP), P(MESSAGE_BUILD), P(KEPT), P(SAID), BAR, P(SENT))},
    {.what = "a message to all",
     .xml = FROM("message", JULIET, DEN, " type='groupchat'><subject>x</subject>"),
     FIRES(P(MESSAGE), P(GROUPCHAT), P(PRE_SUBJECT), P(HISTORY_KEEP), P(MESSAGE_BUILD), P(SAID), BAR, P(SUBJECT),
           P(SENT))},
    {.what = "a message to all",
     .before = bridged,
     .xml = FROM("message", NURSE, DEN, " type='groupchat'><body>x</body>"),
     FIRES(P(MESSAGE), P(STRANGER), P(HISTORY_KEEP), P(MESSAGE_BUILD), P(KEPT), P(SAID), BAR, P(SENT))},
    {.what = "a message of the room itself", .call = say, FIRES(P(HISTORY_KEEP), P(MESSAGE_BUILD), P(KEPT), BAR)},
    {.what = "a private message",
     .xml = FROM("message", ROMEO, DEN "/Juliet", " type='chat'><body>x</body>"),
     FIRES(P(MESSAGE), P(PRIVATE), P(PRIVATE_BUILD), BAR, P(PRIVATE_SENT))},
    {.what = "an iq to the room",
     .xml = FROM("iq", ROMEO, DEN, " type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#info'/>"),
     FIRES(P(IQ), P(DISCO_FEATURE), P(DISCO_INFO), P(DISCO_FEATURE), BAR)},
    {.what = "an iq to the room",
     .xml = FROM("iq", ROMEO, DEN, " type='get' id='1'><query xmlns='http://jabber.org/protocol/disco#items'/>"),
     FIRES(P(IQ), P(DISCO_ITEMS), BAR)},
    {.what = "an iq to the room",
     .xml = FROM("iq", ROMEO, DEN, " type='get' id='1'><ping xmlns='urn:xmpp:ping'/>"),
     FIRES(P(IQ), BAR)},
    {.what = "an iq to an occupant, and its answer",
     .xml = FROM("iq", JULIET, DEN "/Romeo", " type='get' id='1'><query xmlns='jabber:iq:version'/>"),
     FIRES(P(IQ), P(QUERY), BAR)},
    {.what = "an iq to an occupant, and its answer", .before = asked, .call = answer, FIRES(P(ANSWER), BAR)},
    {.what = "a nickname change",
     .xml = FROM("presence", ROMEO, DEN "/Other", ">"),
     FIRES(P(PRESENCE), P(PRE_RENAME), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(PAYLOAD_BUILD), P(PRESENCE_BUILD),
           P(UPDATED), BAR, P(RENAMED))},
    {.what = "a leave",
     .xml = FROM("presence", ROMEO, DEN "/Romeo", " type='unavailable'>"),
     FIRES(P(PRESENCE), P(PRE_LEAVE), P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), BAR, P(LEFT))},
    {.what = "a leave",
     .before = alone,
     .xml = FROM("presence", JULIET, DEN "/Juliet", " type='unavailable'>"),
     FIRES(P(PRESENCE), P(PRE_LEAVE), P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(EMPTY), P(PRE_DESTROY),
           BAR, P(LEFT), P(DESTROYED))},
    {.what = "a connection that is gone",
     .call = connection_gone,
     FIRES(P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), BAR, P(LEFT))},
    {.what = "a role change",
     .xml = ADMIN("<item nick='Romeo' role='visitor'/>"),
     FIRES(P(IQ), P(PRE_ROLE), P(PRESENCE_BUILD), P(ROLE_SET), BAR, P(ROLE))},
    {.what = "a kick",
     .xml = ADMIN("<item nick='Romeo' role='none'/>"),
     FIRES(P(IQ), P(PRE_ROLE), P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(ROLE_SET), BAR, P(LEFT),
           P(ROLE))},
    {.what = "an affiliation change",
     .xml = ADMIN("<item jid='romeo@example.org' affiliation='admin'/>"),
     FIRES(P(IQ), P(PRE_AFFILIATION), P(DEFAULT_ROLE), P(PRESENCE_BUILD), P(AFFILIATION_SET), BAR, P(AFFILIATION))},
    {.what = "an affiliation change",
     .xml = ADMIN("<item jid='nurse@example.org' affiliation='member'/>"),
     FIRES(P(IQ), P(PRE_AFFILIATION), P(AFFILIATION_SET), BAR, P(AFFILIATION))},
    {.what = "an affiliation change",
     .xml = ADMIN("<item jid='romeo@example.org' affiliation='outcast'/>"),
     FIRES(P(IQ), P(PRE_AFFILIATION), P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(AFFILIATION_SET), BAR,
           P(LEFT), P(AFFILIATION))},
    {.what = "a submission",
     .xml = SUBMIT(DEN),
     FIRES(P(IQ), P(CONFIG_FORM), P(CONFIG_FIELD), P(CONFIG_CHECK), P(CONFIG_SUBMITTED), P(CONFIG_EFFECT), BAR,
           P(OPTION))},
    {.what = "a submission",
     .before = waiting,
     .xml = SUBMIT("new@" SERVICE),
     FIRES(P(IQ), P(CONFIG_FORM), P(CONFIG_FIELD), P(CONFIG_CHECK), P(CONFIG_SUBMITTED), P(CONFIG_EFFECT), BAR,
           P(OPTION), P(UNLOCKED))},
    {.what = "an option set by a call",
     .call = set_name,
     FIRES(P(CONFIG_FORM), P(CONFIG_FIELD), P(CONFIG_CHECK), P(CONFIG_SUBMITTED), P(CONFIG_EFFECT), BAR, P(OPTION))},
    {.what = "an invitation",
     .xml = INVITE,
     FIRES(P(MESSAGE), P(PRE_INVITE), P(INVITE), P(INVITE_EFFECT), BAR, P(INVITED))},
    {.what = "a decline",
     .before = invited,
     .xml = FROM("message", NURSE, DEN, "><x xmlns='" MUC_NS_USER "'><decline to='" DEN "/Juliet'/></x>"),
     FIRES(P(MESSAGE), P(PRE_DECLINE), P(DECLINE), BAR, P(DECLINED))},
    {.what = "a request for voice",
     .before = silenced,
     .xml = VOICE(ROMEO, ""),
     FIRES(P(MESSAGE), P(VOICE_REQUEST), P(VOICE_FORM), BAR, P(VOICE_REQUESTED))},
    {.what = "its answer",
     .before = wants_voice,
     .xml = VOICE(JULIET, ALLOW),
     FIRES(P(MESSAGE), P(VOICE_RESPONSE), P(PRE_ROLE), P(PRESENCE_BUILD), P(ROLE_SET), BAR, P(ROLE))},
    {.what = "a registration",
     .before = open_for_members,
     .xml = REGISTER,
     FIRES(P(IQ), P(REGISTER_FORM), P(PRE_REGISTER), P(PRE_AFFILIATION), P(AFFILIATION_SET), P(REGISTER_SET), BAR,
           P(AFFILIATION), P(REGISTERED))},
    {.what = "the end of a room",
     .xml = FROM("iq", JULIET, DEN, " type='set' id='1'><query xmlns='" MUC_NS_OWNER "'><destroy/></query>"),
     FIRES(P(IQ), P(PRE_DESTROY), P(SESSION_GONE), P(PAYLOAD_BUILD), P(PRESENCE_BUILD), P(SESSION_GONE),
           P(PAYLOAD_BUILD), P(PRESENCE_BUILD), BAR, P(LEFT), P(DESTROYED))},
};

/* ---- playing ----------------------------------------------------------------------------------------------------- */

START_TEST(in_this_order)
{
    if (rows[_i].before)
        rows[_i].before();
    for (int i = 0; i < MUC_POINT_COUNT; i++)
        ck_assert_int_gt(muc_hook_add(world.service, (muc_point)i, NULL, 5000, on_point, NULL), 0);
    world.on_send = on_output;
    fired_n = 0;
    ck_assert_int_ge(rows[_i].call ? rows[_i].call() : give(rows[_i].xml), 0);
    ck_assert_str_eq(words(fired, fired_n), words(rows[_i].fires, MOST));
}
END_TEST

static int furnish(muc_event *ev, void *ud)
{
    (void)ud;
    CHANGED(muc_room_set_name(ev->room, "n"));
    CHANGED(muc_room_unlock(ev->room));
    return MUC_PASS;
}

/* Whatever the handlers of its making have done is told of later. */
START_TEST(a_new_room_is_told_of_first)
{
    static const muc_point points[] = {MUC_ON_CREATED, MUC_ON_LOCKED, MUC_ON_UNLOCKED, MUC_ON_OPTION, MUC_ON_JOINED};
    static const int order[] = {MUC_ON_CREATED, MUC_ON_LOCKED, MUC_ON_OPTION, MUC_ON_UNLOCKED, MUC_ON_JOINED};
    locked();
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MADE, NULL, 0, furnish, NULL), 0);
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_gt(muc_hook_add(world.service, points[i], NULL, 0, on_point, NULL), 0);
    fired_n = 0;
    join("new", NURSE, "Nurse");
    ck_assert_str_eq(words(fired, fired_n), words(order, 5));
}
END_TEST

Suite *suite_order(void)
{
    Suite *suite = suite_create("order");
    TCase *tests = tcase_create("order");
    tcase_add_checked_fixture(tests, host_setup, host_stop);
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, in_this_order, 0, sizeof rows / sizeof *rows);
    tcase_add_test(tests, a_new_room_is_told_of_first);
    return suite;
}
