/* test_voice.c: voice through the API, and what handlers make of requests and answers. */
#include "host.h"
#include "suites.h"

#define REQUEST                                                                                                        \
    "<message from='" ROMEO "' to='" DEN "' id='v'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"     \
    "<value>http://jabber.org/protocol/muc#request</value></field></x></message>"

static void set_up(void)
{
    host_setup();
    CHANGED(muc_room_set_moderated(room("den"), 1));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_VISITOR, NULL));
    forget();
}

static muc_role role(void)
{
    return muc_occupant_role(occupant("den", "Romeo"));
}

START_TEST(by_the_host)
{
    CHANGED(muc_room_set_allow_voice_requests(room("den"), 0));
    ck_assert_int_eq(muc_room_get_allow_voice_requests(room("den")), 0);
    OK(muc_room_set_voice_request_min_interval(room("den"), 1800));
    ck_assert_int_eq(muc_room_get_voice_request_min_interval(room("den")), 1800);
    forget();
    OK(muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
    OK(muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
    ck_assert_uint_eq(times("send " JULIET), 2);
    ck_assert_uint_eq(times("send "), 2);
    said("<value>" ROMEO "</value>");
    OK(muc_room_answer_voice(room("den"), NULL, ROMEO, 0, NULL));
    ck_assert_int_eq(role(), MUC_ROLE_VISITOR);
    CHANGED(muc_room_answer_voice(room("den"), NULL, ROMEO, 1, NULL));
    ck_assert_int_eq(role(), MUC_ROLE_PARTICIPANT);
    OK(muc_room_answer_voice(room("den"), NULL, ROMEO, 1, NULL));
    GIVES(MUC_ERR_NOT_ALLOWED, muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
}
END_TEST

/* By the rank of who answers. */
START_TEST(by_somebody)
{
    GIVES(MUC_ERR_FORBIDDEN, muc_room_answer_voice(room("den"), ROMEO, ROMEO, 1, NULL));
    CHANGED(muc_room_answer_voice(room("den"), JULIET, ROMEO, 1, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_answer_voice(room("den"), JULIET, NULL, 1, NULL));
    OK(muc_room_answer_voice(room("den"), JULIET, "nobody@example.org/x", 1, NULL));
    muc_occupant *draft;
    OK(muc_occupant_new(room("den"), "nurse@example.org", "Nurse", &draft));
    GIVES(MUC_ERR_INVALID, muc_occupant_request_voice(draft, NULL));
    muc_occupant_discard(draft);
}
END_TEST

static int on_refuse(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject(ev, MUC_POLICY_VIOLATION, NULL);
}

static int on_form(muc_event *ev, void *ud)
{
    const char *how = ud;
    muc_xml *out = ev->as.voice->out;
    muc_xml_open(out, "field", NULL);
    muc_xml_attr(out, "var", "why");
    if (*how != 'o')
        muc_xml_close(out);
    ev->as.voice->handled = *how == 'h';
    return MUC_PASS;
}

static int on_requested(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(ev->as.voice->nick, "Romeo");
    ck_assert_str_eq(ev->as.voice->jid, ROMEO);
    CHANGED(muc_room_answer_voice(ev->room, NULL, ev->as.voice->jid, 1, NULL));
    return MUC_PASS;
}

static int on_response(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(ev->from, JULIET);
    ev->as.voice->allow = !ev->as.voice->allow;
    return MUC_PASS;
}

/* What was refused does not count as asked. */
START_TEST(refused)
{
    int id = muc_hook_add(world.service, MUC_ON_VOICE_REQUEST, NULL, 0, on_refuse, NULL);
    OK(give(REQUEST));
    said("policy-violation");
    OK(muc_hook_remove(world.service, id));
    forget();
    OK(give(REQUEST));
    said("muc#request_allow");
}
END_TEST

START_TEST(forms)
{
    int id = muc_hook_add(world.service, MUC_ON_VOICE_FORM, NULL, 0, on_form, "more");
    OK(muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
    said("<field var='why'/></x></message>");
    OK(muc_hook_remove(world.service, id));
    forget();
    id = muc_hook_add(world.service, MUC_ON_VOICE_FORM, NULL, 0, on_form, "handled");
    OK(muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
    OK(muc_hook_remove(world.service, id));
    id = muc_hook_add(world.service, MUC_ON_VOICE_FORM, NULL, 0, on_form, "open");
    GIVES(MUC_ERR_INVALID, muc_occupant_request_voice(occupant("den", "Romeo"), NULL));
    ck_assert_uint_eq(times("send "), 0);
}
END_TEST

/* A bot that says yes to everybody. */
START_TEST(given_at_once)
{
    muc_hook_add(world.service, MUC_ON_VOICE_REQUESTED, NULL, 0, on_requested, NULL);
    OK(give(REQUEST));
    ck_assert_int_eq(role(), MUC_ROLE_PARTICIPANT);
}
END_TEST

START_TEST(answers_are_changed)
{
    muc_hook_add(world.service, MUC_ON_VOICE_RESPONSE, NULL, 0, on_response, NULL);
    OK(muc_room_answer_voice(room("den"), JULIET, ROMEO, 1, NULL));
    ck_assert_int_eq(role(), MUC_ROLE_VISITOR);
    CHANGED(muc_room_answer_voice(room("den"), JULIET, ROMEO, 0, NULL));
    ck_assert_int_eq(role(), MUC_ROLE_PARTICIPANT);
}
END_TEST

Suite *suite_voice(void)
{
    Suite *suite = suite_create("voice");
    TCase *tc = tcase_create("voice");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, by_the_host);
    tcase_add_test(tc, by_somebody);
    tcase_add_test(tc, refused);
    tcase_add_test(tc, forms);
    tcase_add_test(tc, given_at_once);
    tcase_add_test(tc, answers_are_changed);
    suite_add_tcase(suite, tc);
    return suite;
}
