/* test_rewrite.c: what handlers change in what is about to happen, and the calls that let them look. */
#include "host.h"
#include "suites.h"

#include <muc/config.h>
#include <muc/property.h>
#include <muc/rules.h>
#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

static void hook(muc_point point, muc_hook_fn *fn)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, -2000, fn, NULL), 0);
}

/* ---- roles ------------------------------------------------------------------------------------------------------- */

static int a_visitor_enters(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_int_eq(ev->as.join->role, MUC_ROLE_PARTICIPANT);
    ev->as.join->role = MUC_ROLE_VISITOR;
    return MUC_PASS;
}

START_TEST(who_enters_gets_another_role)
{
    hook(MUC_ON_PRE_JOIN, a_visitor_enters);
    join("den", NURSE, "Nurse");
    ck_assert_int_eq(muc_occupant_role(occupant("den", "Nurse")), MUC_ROLE_VISITOR);
    said("role='visitor'");
}
END_TEST

static muc_role usual;

static int say_usual(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.role->role = usual;
    return MUC_PASS;
}

START_TEST(another_role_is_the_usual_one)
{
    hook(MUC_ON_DEFAULT_ROLE, say_usual);
    usual = MUC_ROLE_MODERATOR;
    join("den", NURSE, "Nurse");
    ck_assert_int_eq(muc_occupant_role(occupant("den", "Nurse")), MUC_ROLE_MODERATOR);
    usual = MUC_ROLE_NONE;
    forget();
    OK(give("<presence from='paris@example.org/square' to='" DEN "/Paris'><x xmlns='" MUC_NS "'/></presence>"));
    said("<registration-required");
    ck_assert_ptr_null(occupant("den", "Paris"));
}
END_TEST

static int set_role_count;

static int role_is_set(muc_event *ev, void *ud)
{
    (void)ud;
    set_role_count++;
    ck_assert_int_eq(ev->as.role->former, MUC_ROLE_PARTICIPANT);
    ck_assert_int_eq(ev->as.role->role, MUC_ROLE_VISITOR);
    CHANGED(muc_affiliation_set(ev->room, NULL, muc_occupant_bare_jid(ev->occupant), MUC_AFFILIATION_MEMBER, NULL));
    return MUC_PASS;
}

START_TEST(what_follows_from_a_role)
{
    set_role_count = 0;
    hook(MUC_ON_ROLE_SET, role_is_set);
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_VISITOR, NULL));
    ck_assert_int_eq(set_role_count, 1);
    ck_assert_int_eq(muc_affiliation_get(room("den"), ROMEO), MUC_AFFILIATION_MEMBER);
}
END_TEST

/* ---- history ----------------------------------------------------------------------------------------------------- */

static int other_way_round(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->keep = !ev->as.message->keep;
    return MUC_PASS;
}

START_TEST(what_becomes_history)
{
    hook(MUC_ON_HISTORY_KEEP, other_way_round);
    talk("den", ROMEO, "spoken");
    ck_assert_uint_eq(muc_history_count(room("den")), 0);
    OK(give("<message from='" ROMEO "' to='" DEN "' type='groupchat'><x xmlns='urn:silent'/></message>"));
    ck_assert_uint_eq(muc_history_count(room("den")), 1);
}
END_TEST

static int archive(muc_event *ev, void *ud)
{
    (void)ud;
    note(muc_role_name(muc_occupant_role(ev->occupant)));
    note(muc_occupant_bare_jid(ev->occupant));
    return MUC_PASS;
}

/* Who keeps it knows what the speaker was when he spoke. */
START_TEST(who_said_it)
{
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_MODERATOR, NULL));
    hook(MUC_ON_KEPT, archive);
    forget();
    talk("den", ROMEO, "spoken");
    said("moderator\nromeo@example.org\n");
}
END_TEST

static int only_the_last(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.history->max_stanzas = 1;
    return MUC_PASS;
}

START_TEST(how_much_is_shown)
{
    talk("den", ROMEO, "first");
    talk("den", ROMEO, "second");
    hook(MUC_ON_HISTORY_WANTED, only_the_last);
    forget();
    join("den", NURSE, "Nurse");
    unsaid("first");
    said("second");
}
END_TEST

/* ---- configuration ----------------------------------------------------------------------------------------------- */

static int tell_field(muc_event *ev, void *ud)
{
    (void)ud;
    note(ev->as.config->var);
    return MUC_PASS;
}

#define FIELD(var, value) "<field var='muc#roomconfig_" var "'><value>" value "</value></field>"
#define SUBMIT(fields)                                                                                                 \
    "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_OWNER                                 \
    "'><x xmlns='jabber:x:data' type='submit'>" fields "</x></query></iq>"

/* However they come: so one field never depends on where another one stands. */
START_TEST(fields_are_asked_in_the_order_of_the_form)
{
    static const char *const submissions[] = {
        SUBMIT(FIELD("historylength", "5") FIELD("defaulthistorymessages", "3") FIELD("roomname", "Den")),
        SUBMIT(FIELD("roomname", "Den") FIELD("defaulthistorymessages", "3") FIELD("historylength", "5")),
    };
    hook(MUC_ON_CONFIG_FIELD, tell_field);
    for (size_t i = 0; i < 2; i++) {
        CHANGED(muc_room_set_historylength(room("den"), 2));
        CHANGED(muc_room_set_default_history_messages(room("den"), 1));
        forget();
        OK(give(submissions[i]));
        size_t name = place("muc#roomconfig_roomname\n"), length = place("muc#roomconfig_historylength\n");
        ck_assert_uint_lt(name, length);
        ck_assert_uint_lt(length, place("muc#roomconfig_defaulthistorymessages\n"));
        ck_assert_int_eq(muc_room_get_historylength(room("den")), 5);
        ck_assert_int_eq(muc_room_get_default_history_messages(room("den")), 3);
    }
}
END_TEST

/* ---- the end ----------------------------------------------------------------------------------------------------- */

static int end_otherwise(muc_event *ev, void *ud)
{
    (void)ud;
    muc_destroy_event *end = ev->as.destroy;
    ck_assert_str_eq(end->alternate, "hut@" SERVICE);
    ck_assert_str_eq(end->reason, "storm");
    ck_assert_str_eq(end->password, "hush");
    *end = (muc_destroy_event){.alternate = "hall@" SERVICE, .reason = "flood", .password = "sesame"};
    return MUC_PASS;
}

START_TEST(a_room_ends_in_another_way)
{
    hook(MUC_ON_PRE_DESTROY, end_otherwise);
    OK(muc_room_destroy(room("den"), "hut@" SERVICE, "storm", "hush"));
    said("<destroy jid='hall@" SERVICE "'><reason>flood</reason><password>sesame</password></destroy>");
    unsaid("storm");
    unsaid("hush");
}
END_TEST

/* ---- invitations ------------------------------------------------------------------------------------------------- */

static int sent_by_hand(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.invite->handled = 1;
    note("by hand");
    return MUC_PASS;
}

static int written_by_hand(muc_event *ev, void *ud)
{
    (void)ud;
    muc_xml_leaf(ev->as.invite->out, "body", "Come");
    ev->as.invite->replaced = 1;
    return MUC_PASS;
}

START_TEST(an_invitation_is_sent_in_another_way)
{
    const muc_invitation invitation = {.to = "paris@example.org"};
    int id = muc_hook_add(world.service, MUC_ON_INVITE, NULL, 0, sent_by_hand, NULL);
    OK(muc_room_invite(room("den"), JULIET, &invitation, 1));
    said("by hand");
    unsaid("send ");
    OK(muc_hook_remove(world.service, id));
    hook(MUC_ON_INVITE, written_by_hand);
    OK(muc_room_invite(room("den"), JULIET, &invitation, 1));
    said("<body>Come</body>");
    unsaid("<invite");
}
END_TEST

/* ---- closing, the service, updates ------------------------------------------------------------------------------- */

static int tell_point(muc_event *ev, void *ud)
{
    (void)ud;
    note(muc_point_name(ev->point));
    return MUC_PASS;
}

START_TEST(closed_and_opened)
{
    hook(MUC_ON_LOCKED, tell_point);
    hook(MUC_ON_UNLOCKED, tell_point);
    CHANGED(muc_room_lock(room("den")));
    said("muc-room-locked");
    unsaid("muc-room-unlocked");
    OK(muc_room_lock(room("den")));
    ck_assert_uint_eq(times("muc-room-locked"), 1);
    CHANGED(muc_room_unlock(room("den")));
    ck_assert_uint_eq(times("muc-room-unlocked"), 1);
}
END_TEST

static int hear(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_ptr_null(ev->room);
    note(muc_node_text(muc_node_child(ev->stanza, "body", NULL)));
    return MUC_STOP;
}

START_TEST(who_writes_to_the_service_is_heard)
{
    static const char xml[] =
        "<message from='" JULIET "' to='" SERVICE "'><body>to whom it may concern</body></message>";
    OK(give(xml));
    said("<service-unavailable");
    forget();
    hook(MUC_ON_SERVICE_MESSAGE, hear);
    OK(give(xml));
    ck_assert_str_eq(world.log, "to whom it may concern\n");
}
END_TEST

START_TEST(updates_are_counted)
{
    hook(MUC_ON_UPDATED, tell_point);
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>"));
    OK(give("<presence from='" ROMEO "' to='" DEN "/Montague'/>"));
    ck_assert_uint_eq(times(muc_point_name(MUC_ON_UPDATED)), 2);
}
END_TEST

/* ---- looking ----------------------------------------------------------------------------------------------------- */

static int ask_form(muc_event *ev, void *ud)
{
    (void)ud;
    muc_xml *x = muc_reply(ev, "mine", "urn:mine");
    OK(muc_config_write(ev->room, ev->from, x));
    return MUC_STOP;
}

static int say_feature(muc_event *ev, void *ud)
{
    (void)ud;
    muc_disco_feature(ev, "urn:mine");
    return MUC_PASS;
}

static int ask_disco(muc_event *ev, void *ud)
{
    (void)ud;
    int known = 0;
    GIVES(MUC_PASS, muc_fire_disco(ev, 0, "", muc_reply(ev, "mine", "urn:mine"), &known));
    return MUC_STOP;
}

START_TEST(what_the_library_would_say)
{
    int id = muc_hook_add(world.service, MUC_ON_IQ, "{urn:q}q", 0, ask_form, NULL);
    static const char xml[] = "<iq from='" JULIET "' to='" DEN "' id='1' type='get'><q xmlns='urn:q'/></iq>";
    OK(give(xml));
    said("<mine xmlns='urn:mine'><x xmlns='jabber:x:data' type='form'>");
    said("var='muc#roomconfig_roomname'");
    OK(muc_hook_remove(world.service, id));
    forget();
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_IQ, "{urn:q}q", 0, ask_disco, NULL), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_DISCO_INFO, "", 0, say_feature, NULL), 0);
    OK(give(xml));
    said("<feature var='urn:mine'/>");
}
END_TEST

static int is_romeo(muc_occupant *o, void *ud)
{
    (void)ud;
    return strcmp(muc_occupant_nick(o), "Romeo") == 0;
}

START_TEST(who_somebody_is)
{
    char jid[64];
    muc_occupant *romeo = occupant("den", "Romeo"), *juliet = occupant("den", "Juliet");
    ck_assert_uint_eq(muc_occupant_jid(romeo, jid, sizeof jid), strlen(DEN "/Romeo"));
    ck_assert_str_eq(jid, DEN "/Romeo");
    ck_assert_uint_eq(muc_occupant_jid(romeo, jid, 4), strlen(DEN "/Romeo"));
    ck_assert_str_eq(jid, "den");
    join("den", "romeo@example.org/street", "Montague");
    ck_assert_ptr_eq(muc_occupant_next_of(room("den"), "Romeo@EXAMPLE.org/any", NULL), romeo);
    ck_assert_ptr_eq(muc_occupant_next_of(room("den"), ROMEO, romeo), occupant("den", "Montague"));
    ck_assert_ptr_null(muc_occupant_next_of(room("den"), ROMEO, occupant("den", "Montague")));
    ck_assert_int_eq(muc_occupant_is_shown(romeo), 1);
    ck_assert_int_eq(muc_occupant_may_send_pm(romeo, juliet), 1);
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_MODERATORS));
    CHANGED(muc_room_set_allow_pm(room("den"), MUC_MODERATORS));
    ck_assert_int_eq(muc_occupant_is_shown(romeo), 0);
    ck_assert_int_eq(muc_occupant_is_shown(juliet), 1);
    ck_assert_int_eq(muc_occupant_may_send_pm(romeo, juliet), 0);
    ck_assert_int_eq(muc_occupant_may_send_pm(juliet, romeo), 1);
    forget();
    OK(muc_room_remove_occupants(room("den"), is_romeo, NULL, 307, "out"));
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_uint_eq(muc_occupant_count(room("den")), 2);
    said("<status code='307'/>");
    GIVES(MUC_ERR_INVALID, muc_room_remove_occupants(room("den"), NULL, NULL, 99, NULL));
}
END_TEST

START_TEST(what_the_host_keeps_for_a_room)
{
    int mine;
    ck_assert_ptr_null(muc_room_userdata(room("den")));
    muc_room_set_userdata(room("den"), &mine);
    ck_assert_ptr_eq(muc_room_userdata(room("den")), &mine);
    ck_assert_ptr_eq(muc_room_service(room("den")), world.service);
    const muc_option *row = muc_option_find(world.service, "name");
    CHANGED(muc_room_set_text(room("den"), row, "The den"));
    OK(muc_room_set_text(room("den"), row, "The den"));
    ck_assert_str_eq(muc_room_get_name(room("den")), "The den");
    GIVES(MUC_ERR_INVALID, muc_room_set_text(room("den"), row, "\x01"));
}
END_TEST

Suite *suite_rewrite(void)
{
    Suite *suite = suite_create("rewrite");
    TCase *tc = tcase_create("what handlers change");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, who_enters_gets_another_role);
    tcase_add_test(tc, another_role_is_the_usual_one);
    tcase_add_test(tc, what_follows_from_a_role);
    tcase_add_test(tc, what_becomes_history);
    tcase_add_test(tc, who_said_it);
    tcase_add_test(tc, how_much_is_shown);
    tcase_add_test(tc, fields_are_asked_in_the_order_of_the_form);
    tcase_add_test(tc, a_room_ends_in_another_way);
    tcase_add_test(tc, an_invitation_is_sent_in_another_way);
    tcase_add_test(tc, closed_and_opened);
    tcase_add_test(tc, who_writes_to_the_service_is_heard);
    tcase_add_test(tc, updates_are_counted);
    tcase_add_test(tc, what_the_library_would_say);
    tcase_add_test(tc, who_somebody_is);
    tcase_add_test(tc, what_the_host_keeps_for_a_room);
    suite_add_tcase(suite, tc);
    return suite;
}
