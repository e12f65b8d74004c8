/* test_talk.c: what handlers make of a message to all: who speaks, who hears, whether anybody does. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

static void hook(muc_point point, muc_hook_fn *fn)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, 0, fn, NULL), 0);
}

static int discard(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->discard = 1;
    return MUC_PASS;
}

START_TEST(a_message_vanishes)
{
    hook(MUC_ON_GROUPCHAT, discard);
    hook(MUC_ON_PRIVATE, discard);
    talk("den", ROMEO, "unheard");
    OK(give("<message from='" ROMEO "' to='" DEN "/Juliet' type='chat'><body>psst</body></message>"));
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'><subject>new</subject></message>"));
    ck_assert_uint_eq(world.log_n, 0);
    ck_assert_uint_eq(muc_history_count(room("den")), 0);
    ck_assert_str_eq(muc_room_get_subject(room("den"), NULL, NULL), "");
}
END_TEST

static int not_juliet(muc_occupant *o, void *ud)
{
    (void)ud;
    return strcmp(muc_occupant_nick(o), "Juliet") != 0;
}

static int hide_from_juliet(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->filter = not_juliet;
    return MUC_PASS;
}

START_TEST(some_do_not_hear)
{
    hook(MUC_ON_GROUPCHAT, hide_from_juliet);
    talk("den", ROMEO, "hush");
    said("send " ROMEO);
    unsaid("send " JULIET);
    ck_assert_uint_eq(muc_history_count(room("den")), 0);
}
END_TEST

static int as_ghost(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->nick = "Ghost";
    return MUC_PASS;
}

static int as_nobody(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->nick = "\x01";
    return MUC_PASS;
}

START_TEST(another_speaks)
{
    hook(MUC_ON_GROUPCHAT, as_ghost);
    talk("den", ROMEO, "Hu");
    said("from='" DEN "/Ghost' type='groupchat'><body>Hu</body>");
    unsaid(DEN "/Romeo");
    const char *from;
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'><subject>new</subject></message>"));
    ck_assert_str_eq(muc_room_get_subject(room("den"), &from, NULL), "new");
    ck_assert_str_eq(from, DEN "/Ghost");
}
END_TEST

START_TEST(a_name_that_cannot_be)
{
    hook(MUC_ON_GROUPCHAT, as_nobody);
    talk("den", ROMEO, "Hu");
    said("<jid-malformed");
    unsaid("send " JULIET);
}
END_TEST

START_TEST(a_stranger_speaks)
{
    talk("den", NURSE, "let me in");
    said("send " NURSE);
    said("<not-acceptable");
    forget();
    /* proves 45-7.4-9 */
    hook(MUC_ON_STRANGER, as_ghost);
    talk("den", NURSE, "thanks");
    said("send " ROMEO " <message to='" ROMEO "' from='" DEN "/Ghost' type='groupchat'><body>thanks</body>");
    unsaid("nurse");
    ck_assert_uint_eq(muc_history_count(room("den")), 1);
    /* Not the subject. */
    forget();
    OK(give("<message from='" NURSE "' to='" DEN "' type='groupchat'><subject>new</subject></message>"));
    said("<not-acceptable");
    unsaid("send " JULIET);
}
END_TEST

static int broken_payload(muc_event *ev, void *ud)
{
    (void)ud;
    muc_xml_open(ev->as.build->out, "never", "urn:x");
    return MUC_PASS;
}

static int payload(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_ptr_nonnull(ev->occupant);
    muc_xml_open(ev->as.build->out, "badge", "urn:badge");
    muc_xml_close(ev->as.build->out);
    return MUC_PASS;
}

START_TEST(a_payload_is_written_once)
{
    hook(MUC_ON_PAYLOAD_BUILD, payload);
    join("den", NURSE, "Nurse");
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Nurse'><badge xmlns='urn:badge'/><x ");
    hook(MUC_ON_PAYLOAD_BUILD, broken_payload);
    char *before = state();
    forget();
    OK(give("<presence from='b@example.org/b' to='" DEN "/B'><x xmlns='" MUC_NS "'/></presence>"));
    said("<internal-server-error");
    unsaid("send " JULIET);
    same_state(before);
}
END_TEST

static int refused_payload(muc_event *ev, void *ud)
{
    (void)ud;
    muc_xml_leaf(ev->as.build->out, "seal", "red");
    return muc_reject(ev, MUC_FORBIDDEN, "no");
}

/* Nobody is kept out, or in, by what would have been added. */
START_TEST(a_payload_is_no_rule)
{
    hook(MUC_ON_PAYLOAD_BUILD, refused_payload);
    join("den", NURSE, "Nurse");
    OK(give("<presence from='" NURSE "' to='" DEN "/Nurse'><show>away</show></presence>"));
    OK(muc_peer_gone(world.service, NURSE, NULL));
    ck_assert_ptr_null(occupant("den", "Nurse"));
    said("<presence type='unavailable' to='" JULIET "' from='" DEN "/Nurse'");
    unsaid("seal");
    unsaid("error");
}
END_TEST

static int as_pale_ghost(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.message->nick = "Pale\xc2\xa0Ghost"; /* a blank that does not break */
    return MUC_PASS;
}

START_TEST(another_sets_the_subject)
{
    const char *from, *text;
    char said_by[100];
    hook(MUC_ON_GROUPCHAT, as_pale_ghost);
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'><subject>new</subject></message>"));
    text = muc_room_get_subject(room("den"), &from, NULL);
    ck_assert_str_eq(text, "new");
    snprintf(said_by, sizeof said_by, "from='%s'", from);
    said(said_by);
}
END_TEST

Suite *suite_talk(void)
{
    Suite *suite = suite_create("talk");
    TCase *tc = tcase_create("messages and handlers");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, a_message_vanishes);
    tcase_add_test(tc, some_do_not_hear);
    tcase_add_test(tc, another_speaks);
    tcase_add_test(tc, a_name_that_cannot_be);
    tcase_add_test(tc, a_stranger_speaks);
    tcase_add_test(tc, a_payload_is_written_once);
    tcase_add_test(tc, a_payload_is_no_rule);
    tcase_add_test(tc, another_sets_the_subject);
    suite_add_tcase(suite, tc);
    return suite;
}
