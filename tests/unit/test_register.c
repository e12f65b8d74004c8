/* test_register.c: registration by the API, what handlers add to it and refuse, forms of one's own; nicknames given by
 * the service (XEP-0045 sections 7.10 and 9.9). */
#include "host.h"
#include "suites.h"

#include <string.h>

#define ROSALINE       "rosaline@example.org/x"
#define ROSALINE_BARE  "rosaline@example.org"
#define SUBMIT(fields) "<x xmlns='" MUC_NS_DATA "' type='submit'>" FIELD("FORM_TYPE", MUC_NS_REGISTER) fields "</x>"
#define FIELD(v, t)    "<field var='" v "'><value>" t "</value></field>"
#define REQUEST(who, x)                                                                                                \
    "<iq type='set' id='r' from='" who "' to='" DEN "'><query xmlns='jabber:iq:register'>" x "</query></iq>"

static void on(muc_point point, muc_hook_fn *fn, const void *ud)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, 0, fn, (void *)(uintptr_t)ud), 0);
}

static const char *nick_of(const char *jid)
{
    muc_affiliation_entry entry;
    return muc_affiliation_find(room("den"), jid, &entry) ? entry.nick : NULL;
}

/* ---- by the API ------------------------------------------------------------------------------------------------- */

static int write_down(muc_event *ev, void *ud)
{
    const muc_register_event *e = ev->as.registration;
    char line[512];
    snprintf(line, sizeof line, "%s %s %s after %s, was %s, by %s%s\n", (const char *)ud, e->jid,
             e->nick ? e->nick : "-", e->former_nick ? e->former_nick : "-", muc_affiliation_name(e->affiliation),
             ev->from ? ev->from : "-", e->form ? ", form" : "");
    note(line);
    return MUC_PASS;
}

START_TEST(registering)
{
    on(MUC_ON_PRE_REGISTER, write_down, "asked");
    on(MUC_ON_REGISTER_SET, write_down, "set");
    on(MUC_ON_REGISTERED, write_down, "done");
    CHANGED(muc_room_register(room("den"), JULIET, ROSALINE, "Rosa"));
    said("asked " ROSALINE_BARE " Rosa after -, was none, by " JULIET ", form\n");
    said("set " ROSALINE_BARE " Rosa after -, was none, by " JULIET ", form\n");
    said("done " ROSALINE_BARE " Rosa after -, was none, by " JULIET "\n");
    ck_assert_int_eq(muc_affiliation_get(room("den"), ROSALINE), MUC_AFFILIATION_MEMBER);
    ck_assert_str_eq(muc_affiliation_nick_owner(room("den"), "rosa"), ROSALINE_BARE);
    forget();
    OK(muc_room_register(room("den"), NULL, ROSALINE, "Rosa"));
    said("set " ROSALINE_BARE " Rosa after Rosa, was member, by -, form\n");
    unsaid("done");
    forget();
    CHANGED(muc_room_unregister(room("den"), NULL, ROSALINE));
    said("asked " ROSALINE_BARE " - after Rosa, was member, by -\n");
    said("done " ROSALINE_BARE " - after Rosa, was member, by -\n");
    ck_assert_int_eq(muc_affiliation_get(room("den"), ROSALINE), MUC_AFFILIATION_NONE);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_unregister(room("den"), NULL, ROSALINE));
}
END_TEST

START_TEST(what_cannot_be_registered)
{
    CHANGED(muc_affiliation_set(room("den"), NULL, "example.net", MUC_AFFILIATION_OUTCAST, NULL));
    CHANGED(muc_room_register(room("den"), NULL, JULIET, "Capulet"));
    char *before = state();
    GIVES(MUC_ERR_CONFLICT, muc_room_register(room("den"), NULL, ROSALINE, "capulet"));
    GIVES(MUC_ERR_CONFLICT, muc_room_register(room("den"), NULL, ROSALINE, "Romeo"));
    GIVES(MUC_ERR_BAD_JID, muc_room_register(room("den"), NULL, ROSALINE, ""));
    GIVES(MUC_ERR_BAD_JID, muc_room_register(room("den"), NULL, ROSALINE, "\x01"));
    GIVES(MUC_ERR_BAD_JID, muc_room_register(room("den"), NULL, "@", "Rosa"));
    GIVES(MUC_ERR_NOT_ALLOWED, muc_room_register(room("den"), NULL, "paris@example.net", "Paris"));
    GIVES(MUC_ERR_NOT_ALLOWED, muc_room_unregister(room("den"), NULL, "paris@example.net"));
    GIVES(MUC_ERR_FORBIDDEN, muc_room_register(room("den"), ROMEO, ROSALINE, "Rosa"));
    GIVES(MUC_ERR_INVALID, muc_room_register(room("den"), NULL, ROSALINE, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_register(room("den"), NULL, NULL, "Rosa"));
    GIVES(MUC_ERR_INVALID, muc_register_submit(room("den"), NULL, ROSALINE, NULL));
    same_state(before);
}
END_TEST

/* Reason and affiliation stay. */
START_TEST(nothing_else_is_lost)
{
    CHANGED(muc_affiliation_set(room("den"), NULL, ROSALINE, MUC_AFFILIATION_ADMIN, "a niece"));
    muc_affiliation_entry entry;
    CHANGED(muc_room_register(room("den"), NULL, ROSALINE, "Rosa"));
    CHANGED(muc_room_unregister(room("den"), NULL, ROSALINE));
    ck_assert_int_eq(muc_affiliation_find(room("den"), ROSALINE, &entry), 1);
    ck_assert_int_eq(entry.affiliation, MUC_AFFILIATION_ADMIN);
    ck_assert_str_eq(entry.reason, "a niece");
    ck_assert_ptr_null(entry.nick);
}
END_TEST

/* Whom his domain makes an admin neither becomes less nor keeps it longer than his domain. */
START_TEST(ranks_of_domains)
{
    CHANGED(muc_affiliation_set(room("den"), NULL, "example.net", MUC_AFFILIATION_ADMIN, NULL));
    char *before = state();
    muc_form *form;
    OK(muc_register_form(room("den"), "paris@example.net", &form));
    OK(muc_form_set(form, MUC_REGISTER_NICK, "Paris"));
    GIVES(MUC_ERR_NOT_ALLOWED, muc_register_check(room("den"), NULL, "paris@example.net", form));
    muc_form_free(form);
    GIVES(MUC_ERR_NOT_ALLOWED, muc_room_register(room("den"), NULL, "paris@example.net", "Paris"));
    GIVES(MUC_ERR_NOT_FOUND, muc_room_unregister(room("den"), NULL, "paris@example.net"));
    same_state(before);
    CHANGED(muc_affiliation_set(room("den"), NULL, "example.net", MUC_AFFILIATION_MEMBER, NULL));
    CHANGED(muc_room_register(room("den"), NULL, "paris@example.net", "Paris"));
    CHANGED(muc_affiliation_set(room("den"), NULL, "example.net", MUC_AFFILIATION_OWNER, NULL));
    ck_assert_int_eq(muc_affiliation_get(room("den"), "paris@example.net"), MUC_AFFILIATION_MEMBER);
    OK(muc_room_register(room("den"), NULL, "paris@example.net", "Paris"));
}
END_TEST

/* ---- handlers --------------------------------------------------------------------------------------------------- */

static int ask_for_age(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_field age = {.ns = "urn:example",
                           .var = "age",
                           .type = MUC_FIELD_TEXT_SINGLE,
                           .label = "Age",
                           .required = 1,
                           .min = 1,
                           .max = 99};
    return muc_form_add(ev->as.registration->form, &age);
}

static int check_age(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_register_event *e = ev->as.registration;
    if (e->form && muc_form_number(e->form, "{urn:example}age") < 14)
        return muc_reject(ev, MUC_FORBIDDEN, "Too young");
    return e->form ? muc_form_set(e->form, MUC_REGISTER_NICK, "Miss Capulet") : MUC_PASS;
}

static int keep_age(muc_event *ev, void *ud)
{
    (void)ud;
    char line[64];
    snprintf(line, sizeof line, "%s years", muc_form_text(ev->as.registration->form, "{urn:example}age"));
    note(line);
    int r = muc_affiliation_set(ev->room, NULL, ev->as.registration->jid, MUC_AFFILIATION_ADMIN, "old enough");
    return r < 0 ? r : MUC_PASS;
}

/* proves 45-7.10-6 45-7.10-11 45-16.5.1-3 */
START_TEST(fields_of_ones_own)
{
    CHANGED(muc_room_set_registration(room("den"), MUC_REGISTRATION_ANYONE));
    on(MUC_ON_REGISTER_FORM, ask_for_age, NULL);
    on(MUC_ON_PRE_REGISTER, check_age, NULL);
    on(MUC_ON_REGISTER_SET, keep_age, NULL);
    OK(give("<iq type='get' id='g' from='" ROSALINE "' to='" DEN "'><query xmlns='jabber:iq:register'/></iq>"));
    said("var='{urn:example}age'><required/></field>");
    char *before = state();
    OK(give(REQUEST(ROSALINE, SUBMIT(FIELD(MUC_REGISTER_NICK, "Rosa")))));
    OK(give(REQUEST(ROSALINE, SUBMIT(FIELD(MUC_REGISTER_NICK, "Rosa") FIELD("{urn:example}age", "old")))));
    ck_assert_uint_eq(times("<bad-request"), 2);
    OK(give(REQUEST(ROSALINE, SUBMIT(FIELD(MUC_REGISTER_NICK, "Rosa") FIELD("{urn:example}age", "13")))));
    said("<forbidden");
    said("Too young");
    same_state(before);
    unsaid("years");
    OK(give(REQUEST(ROSALINE, SUBMIT(FIELD(MUC_REGISTER_NICK, "Rosa") FIELD("{urn:example}age", "17")))));
    said("17 years\n");
    ck_assert_str_eq(nick_of(ROSALINE), "Miss Capulet");
    ck_assert_int_eq(muc_affiliation_get(room("den"), ROSALINE), MUC_AFFILIATION_ADMIN);
}
END_TEST

/* What was filled in waits with the request, is shown to the admin, and is there when he has approved. */
/* proves 45-9.9-1 45-9.9-2 */
START_TEST(fields_wait_with_the_request)
{
    CHANGED(muc_room_set_registration(room("den"), MUC_REGISTRATION_APPROVED));
    on(MUC_ON_REGISTER_FORM, ask_for_age, NULL);
    on(MUC_ON_PRE_REGISTER, check_age, NULL);
    forget();
    OK(give(REQUEST(ROSALINE, SUBMIT(FIELD(MUC_REGISTER_NICK, "Rosa") FIELD("{urn:example}age", "17")))));
    said("send " JULIET " <message ");
    said("var='{urn:example}age'><required/><value>17</value></field>");
    said("<value>Miss Capulet</value>");
    ck_assert_uint_eq(times("send " ROMEO), 0);
    on(MUC_ON_REGISTER_SET, keep_age, NULL);
    OK(give("<message from='" JULIET "' to='" DEN "'>" SUBMIT(FIELD("muc#jid", ROSALINE_BARE) FIELD(
        MUC_REGISTER_NICK, "Miss Capulet") FIELD("muc#register_allow", "1")) "</message>"));
    said("17 years\n");
    ck_assert_str_eq(nick_of(ROSALINE), "Miss Capulet");
}
END_TEST

/* ---- nicknames by the service ----------------------------------------------------------------------------------- */

/* proves 45-7.10-13 */
START_TEST(the_service_gives_nicknames)
{
    CHANGED(muc_affiliation_set_nick(room("den"), "juliet@example.org", "Capulet"));
    muc_occupant *romeo = occupant("den", "Romeo");
    forget();
    GIVES(MUC_ERR_CONFLICT, muc_occupant_set_nick(romeo, "juliet"));
    GIVES(MUC_ERR_CONFLICT, muc_occupant_set_nick(romeo, "Capulet"));
    GIVES(MUC_ERR_BAD_JID, muc_occupant_set_nick(romeo, ""));
    GIVES(MUC_ERR_INVALID, muc_occupant_set_nick(romeo, NULL));
    OK(muc_occupant_set_nick(romeo, "Romeo"));
    ck_assert_uint_eq(times("send "), 0);
    CHANGED(muc_occupant_set_nick(romeo, DEN "/Montague"));
    ck_assert_str_eq(muc_occupant_nick(romeo), "Montague");
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_uint_eq(times("send "), 4);
    ck_assert_uint_eq(times("<status code='303'/>"), 2);
    ck_assert_uint_eq(times("<status code='210'/>"), 2);
    CHANGED(muc_occupant_set_nick(romeo, "montague"));
    ck_assert_str_eq(muc_occupant_nick(romeo), "montague");
}
END_TEST

START_TEST(nicknames_are_reserved_once)
{
    muc_affiliation_entry entry;
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_MEMBER, "a friend"));
    CHANGED(muc_affiliation_set_nick(room("den"), "juliet@example.org", "Capulet"));
    GIVES(MUC_ERR_CONFLICT, muc_affiliation_set_nick(room("den"), "romeo@example.org", "capulet"));
    CHANGED(muc_affiliation_set_nick(room("den"), "juliet@example.org", "Rose"));
    ck_assert_ptr_null(muc_affiliation_nick_owner(room("den"), "Capulet"));
    CHANGED(muc_affiliation_set_nick(room("den"), "romeo@example.org", "Capulet"));
    ck_assert_str_eq(muc_affiliation_nick_owner(room("den"), "capulet"), "romeo@example.org");
    ck_assert_int_eq(muc_affiliation_find(room("den"), "romeo@example.org", &entry), 1);
    ck_assert_str_eq(entry.reason, "a friend");
}
END_TEST

/* ---- forms ------------------------------------------------------------------------------------------------------ */

START_TEST(forms)
{
    muc_form *form;
    const char *bad;
    GIVES(MUC_ERR_INVALID, muc_form_new(world.service, NULL, &form));
    GIVES(MUC_ERR_INVALID, muc_form_new(world.service, "\x01", &form));
    OK(muc_form_new(world.service, "urn:example", &form));
    OK(muc_form_add(form, &(muc_field){.var = "who", .type = MUC_FIELD_JID_SINGLE, .required = 1}));
    OK(muc_form_add(form, &(muc_field){.var = "how", .type = MUC_FIELD_BOOLEAN, .value = "1"}));
    muc_xml *x = muc_xml_new(world.service, "message");
    OK(muc_form_write(form, x, "A title", NULL));
    OK(muc_service_route(world.service, x, ROSALINE));
    said("<x xmlns='jabber:x:data' type='form'><title>A title</title><field type='hidden' var='FORM_TYPE'>"
         "<value>urn:example</value></field><field type='jid-single' var='who'><required/></field>"
         "<field type='boolean' var='how'><value>1</value></field></x>");
    static const char *const wrong[] = {
        "<x xmlns='jabber:x:data' type='form'/>",
        "<x xmlns='urn:example' type='submit'/>",
        "<x xmlns='jabber:x:data'/>",
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>urn:other</value></field></x>",
        "<x xmlns='jabber:x:data' type='submit'><field var='how'><value>perhaps</value></field></x>",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        xmlDoc *doc = xmlReadMemory(wrong[i], (int)strlen(wrong[i]), NULL, NULL, XML_PARSE_NONET);
        GIVES(MUC_ERR_INVALID, muc_form_read(form, xmlDocGetRootElement(doc), &bad));
        ck_assert_str_eq(bad, i == 3 ? "FORM_TYPE" : i == 4 ? "how" : "");
        xmlFreeDoc(doc);
        muc_form_free(form);
        OK(muc_form_new(world.service, "urn:example", &form));
        OK(muc_form_add(form, &(muc_field){.var = "how", .type = MUC_FIELD_BOOLEAN, .value = "1"}));
    }
    static const char right[] =
        "<x xmlns='jabber:x:data' type='submit'><field var='how'><value>false</value></field></x>";
    xmlDoc *doc = xmlReadMemory(right, sizeof right - 1, NULL, NULL, XML_PARSE_NONET);
    OK(muc_form_read(form, xmlDocGetRootElement(doc), NULL));
    ck_assert_int_eq(muc_form_flag(form, "how"), 0);
    ck_assert_int_eq(muc_form_submitted(form, "how"), 1);
    GIVES(MUC_ERR_INVALID, muc_form_read(form, xmlDocGetRootElement(doc), NULL));
    GIVES(MUC_ERR_INVALID, muc_form_add(form, &(muc_field){.var = "late", .type = MUC_FIELD_BOOLEAN}));
    xmlFreeDoc(doc);
    muc_form_free(form);
    muc_form_free(NULL);
}
END_TEST

Suite *suite_register(void)
{
    Suite *suite = suite_create("register");
    TCase *tc = tcase_create("register");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, registering);
    tcase_add_test(tc, what_cannot_be_registered);
    tcase_add_test(tc, nothing_else_is_lost);
    tcase_add_test(tc, ranks_of_domains);
    tcase_add_test(tc, fields_of_ones_own);
    tcase_add_test(tc, fields_wait_with_the_request);
    tcase_add_test(tc, the_service_gives_nicknames);
    tcase_add_test(tc, nicknames_are_reserved_once);
    tcase_add_test(tc, forms);
    suite_add_tcase(suite, tc);
    return suite;
}
