/* test_policy.c: rules of the host's own, made by hooks: who may make rooms, what people may be called, what owners
 * are offered (XEP-0045 sections 7.2.11, 7.6, 10.1 and 10.2, XEP-0030, XEP-0068). */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define ROSALINE        "rosaline@example.org/x"
#define ENTER           "<x xmlns='" MUC_NS "'/>"
#define STATUS(code)    "<status code='" code "'/>"
#define CONDITION(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

static void on(muc_point point, const char *key, int priority, muc_hook_fn *fn, const void *ud)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, key, priority, fn, (void *)(uintptr_t)ud), 0);
}

/* The n-th stanza that was sent to a JID, from 0; "" when there are not so many. Valid until the next call. */
static const char *sent(const char *jid, size_t n)
{
    static char line[16384];
    char start[256] = "send ";
    strcat(strcat(start, jid), " ");
    const char *p = world.log;
    for (; *p; p = strchr(p, '\n') + 1)
        if (strncmp(p, start, strlen(start)) == 0 && n-- == 0)
            break;
    size_t length = strcspn(p, "\n");
    ck_assert_uint_lt(length, sizeof line);
    memcpy(line, p, length);
    line[length] = '\0';
    return line;
}

static void has(const char *stanza, const char *text)
{
    ck_assert_msg(strstr(stanza, text) != NULL, "no %s in %s", text, stanza);
}

static void lacks(const char *stanza, const char *text)
{
    ck_assert_msg(strstr(stanza, text) == NULL, "%s in %s", text, stanza);
}

typedef struct refusal {
    muc_condition condition;
    muc_error_type type;
} refusal;

static int refuse(muc_event *ev, void *ud)
{
    const refusal *with = ud;
    return muc_reject_as(ev, with->condition, with->type, NULL);
}

/* ---- rooms ------------------------------------------------------------------------------------------------------- */

/* proves 45-10.1.1-1 45-7.2.11-2 */
START_TEST(not_everybody_makes_rooms)
{
    static const refusal not_allowed = {MUC_NOT_ALLOWED, MUC_ERROR_DEFAULT};
    on(MUC_ON_PRE_CREATE, NULL, 0, refuse, &not_allowed);
    char *before = state();
    join("hall", ROSALINE, "Rosaline");
    same_state(before);
    ck_assert_ptr_null(room("hall"));
    ck_assert_uint_eq(times("send "), 1);
    ck_assert_uint_eq(times("store "), 0);
    const char *answer = sent(ROSALINE, 0);
    has(answer, "<presence ");
    has(answer, " type='error'");
    has(answer, " from='hall@" SERVICE "/Rosaline'");
    has(answer, ENTER);
    has(answer, "<error type='cancel' by='hall@" SERVICE "'>" CONDITION("not-allowed") "</error>");
}
END_TEST

/* ---- nicknames --------------------------------------------------------------------------------------------------- */

static int rewrite(muc_event *ev, void *ud)
{
    return muc_join_set_nick(ev, ud);
}

/* proves 45-7.2.2-8 45-7.2.2-9 */
START_TEST(newcomers_are_called_otherwise)
{
    on(MUC_ON_PRE_JOIN, NULL, 0, rewrite, "Miss Capulet");
    join("den", ROSALINE, "Rosaline");
    ck_assert_ptr_null(occupant("den", "Rosaline"));
    ck_assert_ptr_nonnull(occupant("den", "Miss Capulet"));
    const char *own = sent(ROSALINE, 2);
    has(own, " from='" DEN "/Miss Capulet'");
    has(own, STATUS("110"));
    has(own, STATUS("210"));
    const char *other = sent(ROMEO, 0);
    has(other, " from='" DEN "/Miss Capulet'");
    lacks(other, "<status");
}
END_TEST

/* proves 45-7.6-6 45-16.6-12 */
START_TEST(who_changes_his_nickname_is_called_otherwise)
{
    on(MUC_ON_PRE_RENAME, NULL, 0, rewrite, "Mister Montague");
    OK(give("<presence from='" ROMEO "' to='" DEN "/Rom'/>"));
    ck_assert_ptr_null(occupant("den", "Rom"));
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_ptr_nonnull(occupant("den", "Mister Montague"));
    ck_assert_uint_eq(times("send "), 4);
    const char *gone = sent(ROMEO, 0);
    has(gone, " type='unavailable'");
    has(gone, " from='" DEN "/Romeo'");
    has(gone, " nick='Mister Montague'");
    has(gone, STATUS("303"));
    has(gone, STATUS("110"));
    const char *own = sent(ROMEO, 1);
    lacks(own, "unavailable");
    has(own, " from='" DEN "/Mister Montague'");
    has(own, STATUS("110"));
    has(own, STATUS("210"));
    gone = sent(JULIET, 0);
    has(gone, " type='unavailable'");
    has(gone, " nick='Mister Montague'");
    has(gone, STATUS("303"));
    lacks(gone, STATUS("110"));
    own = sent(JULIET, 1);
    has(own, " from='" DEN "/Mister Montague'");
    lacks(own, "<status");
}
END_TEST

/* proves 45-7.6-10 */
START_TEST(nicknames_stay_as_they_are)
{
    static const refusal not_acceptable = {MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL};
    on(MUC_ON_PRE_RENAME, NULL, 0, refuse, &not_acceptable);
    char *before = state();
    OK(give("<presence from='" ROMEO "' to='" DEN "/Rom' id='n1'>" ENTER "<show>away</show></presence>"));
    same_state(before);
    ck_assert_uint_eq(times("send "), 1);
    const char *answer = sent(ROMEO, 0);
    has(answer, " type='error'");
    has(answer, " id='n1'");
    has(answer, " from='" DEN "/Rom'");
    has(answer, ENTER);
    has(answer, "<error type='cancel' by='" DEN "'>" CONDITION("not-acceptable") "</error>");
}
END_TEST

/* ---- discovery --------------------------------------------------------------------------------------------------- */

static const struct {
    refusal with;
    const char *error;
} disco_refusals[] = {
    {{MUC_SERVICE_UNAVAILABLE, MUC_ERROR_CANCEL},
     "<error type='cancel' by='" DEN "'>" CONDITION("service-unavailable")},
    {{MUC_FORBIDDEN, MUC_ERROR_AUTH}, "<error type='auth' by='" DEN "'>" CONDITION("forbidden")},
    {{MUC_NOT_ALLOWED, MUC_ERROR_CANCEL}, "<error type='cancel' by='" DEN "'>" CONDITION("not-allowed")},
};

/* proves 30-11 */
START_TEST(discovery_is_refused)
{
    on(MUC_ON_DISCO_INFO, "", 100, refuse, &disco_refusals[_i].with);
    on(MUC_ON_DISCO_ITEMS, "", 100, refuse, &disco_refusals[_i].with);
    static const char *const kinds[] = {"info", "items"};
    for (size_t k = 0; k < 2; k++) {
        char xml[512] = "<iq from='" ROMEO "' to='" DEN "' id='d' type='get'>"
                        "<query xmlns='http://jabber.org/protocol/disco#";
        forget();
        OK(give(strcat(strcat(xml, kinds[k]), "'/></iq>")));
        ck_assert_uint_eq(times("send "), 1);
        has(sent(ROMEO, 0), " type='error'");
        has(sent(ROMEO, 0), disco_refusals[_i].error);
        unsaid("<identity");
    }
}
END_TEST

/* ---- configuration ----------------------------------------------------------------------------------------------- */

static void ask_for_form(const char *of)
{
    char xml[512] = "<iq from='" JULIET "' id='o' type='get' to='";
    OK(give(strcat(strcat(xml, of), "'><query xmlns='" MUC_NS_OWNER "'/></iq>")));
}

static int add_thing(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_field field = {.ns = "urn:example", .var = "thing", .type = MUC_FIELD_TEXT_SINGLE, .value = "a rose"};
    OK(muc_form_add(ev->as.config->form, &field));
    ck_assert_int_eq(muc_form_has(ev->as.config->form, "{urn:example}thing"), 1);
    return MUC_PASS;
}

/* proves 68-2 */
START_TEST(own_fields_have_a_namespace)
{
    on(MUC_ON_CONFIG_FORM, NULL, 0, add_thing, NULL);
    ask_for_form(DEN);
    said("<field type='text-single' var='{urn:example}thing'><value>a rose</value></field>");
    unsaid("var='thing'");
}
END_TEST

static int remove_all(muc_event *ev, void *ud)
{
    (void)ud;
    muc_form *form = ev->as.config->form;
    while (muc_form_count(form) > 0)
        OK(muc_form_remove(form, muc_form_var(form, 0)));
    return MUC_PASS;
}

static int lock(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.create->locked = 1;
    return MUC_PASS;
}

/* proves 45-10.1.1-7 45-10.2-3 */
START_TEST(nothing_is_offered)
{
    on(MUC_ON_PRE_CREATE, NULL, 0, lock, NULL);
    on(MUC_ON_CONFIG_FORM, NULL, MUC_PRIORITY_LAST, remove_all, NULL);
    join("hall", JULIET, "Juliet");
    ck_assert_int_eq(muc_room_is_locked(room("hall")), 1);
    static const char *const rooms[] = {"hall@" SERVICE, DEN};
    for (size_t i = 0; i < 2; i++) {
        forget();
        ask_for_form(rooms[i]);
        ck_assert_uint_eq(times("send "), 1);
        has(sent(JULIET, 0), " type='result'");
        has(sent(JULIET, 0), "><query xmlns='" MUC_NS_OWNER "'/></iq>");
    }
    OK(give("<iq from='" JULIET "' to='hall@" SERVICE "' id='o' type='set'><query xmlns='" MUC_NS_OWNER "'>"
            "<x xmlns='jabber:x:data' type='submit'/></query></iq>"));
    ck_assert_int_eq(muc_room_is_locked(room("hall")), 0);
}
END_TEST

/* ---- how many, and what with them -------------------------------------------------------------------------------- */

static int own_few(muc_event *ev, void *ud)
{
    (void)ud;
    size_t own = 0;
    for (muc_room *r = muc_room_next(ev->service, NULL); r; r = muc_room_next(ev->service, r))
        own += muc_affiliation_get(r, ev->from) == MUC_AFFILIATION_OWNER;
    return own < 2 ? MUC_PASS : muc_reject_as(ev, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "You own two rooms");
}

/* proves 45-14-8 */
START_TEST(nobody_owns_more_than_two)
{
    on(MUC_ON_PRE_CREATE, NULL, 0, own_few, NULL);
    join("hall", ROSALINE, "Rosaline");
    join("loft", ROSALINE, "Rosaline");
    forget();
    OK(give("<presence from='" ROSALINE "' to='hut@" SERVICE "/r'>" ENTER "</presence>"));
    has(sent(ROSALINE, 0), "<error type='wait'");
    has(sent(ROSALINE, 0), CONDITION("resource-constraint"));
    ck_assert_ptr_null(room("hut"));
    /* Who gives one away may make another one. */
    OK(muc_room_destroy(room("loft"), NULL, NULL, NULL));
    join("hut", ROSALINE, "Rosaline");
    ck_assert_ptr_nonnull(room("hut"));
}
END_TEST

/* Nobody but Juliet may have a room logged in public. */
static int may_log(const char *jid)
{
    return jid && strcmp(jid, JULIET) == 0;
}

static int hide_logging(muc_event *ev, void *ud)
{
    (void)ud;
    if (!may_log(ev->from))
        (void)muc_form_remove(ev->as.config->form, "muc#roomconfig_enablelogging");
    return MUC_PASS;
}

static int say_where(muc_event *ev, void *ud)
{
    (void)ud;
    int r = muc_room_set_logs(ev->room, muc_room_get_logging(ev->room) ? "https://logs.example.org/den" : "");
    return r < 0 ? r : MUC_PASS;
}

static void submit_logging(const char *from, const char *value)
{
    char stanza[1024];
    snprintf(stanza, sizeof stanza,
             "<iq from='%s' to='" DEN "' id='l' type='set'><query xmlns='" MUC_NS_OWNER "'><x xmlns='jabber:x:data' "
             "type='submit'><field var='muc#roomconfig_enablelogging'><value>%s</value></field></x></query></iq>",
             from, value);
    OK(give(stanza));
}

START_TEST(who_may_have_a_room_logged)
{
    on(MUC_ON_CONFIG_FORM, NULL, 0, hide_logging, NULL);
    on(MUC_ON_OPTION, "logging", 0, say_where, NULL);
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_OWNER, NULL));
    submit_logging(ROMEO, "1");
    ck_assert_int_eq(muc_room_get_logging(room("den")), 0);
    submit_logging(JULIET, "1");
    ck_assert_int_eq(muc_room_get_logging(room("den")), 1);
    ck_assert_str_eq(muc_room_get_logs(room("den")), "https://logs.example.org/den");
    submit_logging(ROMEO, "0");
    ck_assert_int_eq(muc_room_get_logging(room("den")), 1);
    submit_logging(JULIET, "0");
    ck_assert_str_eq(muc_room_get_logs(room("den")), "");
}
END_TEST

static int cleared(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_uint_eq(muc_history_count(ev->room), 0);
    note("cleared");
    return MUC_PASS;
}

START_TEST(an_archive_forgets_too)
{
    on(MUC_ON_HISTORY_CLEARED, NULL, 0, cleared, NULL);
    talk("den", JULIET, "Good night");
    CHANGED(muc_history_clear(room("den")));
    OK(muc_history_clear(room("den")));
    ck_assert_uint_eq(times("cleared"), 1);
    talk("den", JULIET, "Parting is such sweet sorrow");
    CHANGED(muc_room_set_historylength(room("den"), 0));
    ck_assert_uint_eq(times("cleared"), 2);
}
END_TEST

START_TEST(a_room_forgets_what_an_archive_keeps)
{
    on(MUC_ON_HISTORY_CLEARED, NULL, 0, cleared, NULL);
    for (int i = 0; i < 5; i++)
        talk("den", JULIET, "Good night");
    OK(muc_history_trim(room("den"), 5));
    CHANGED(muc_history_trim(room("den"), 4));
    ck_assert_uint_eq(muc_history_count(room("den")), 4);
    CHANGED(muc_room_set_historylength(room("den"), 2));
    ck_assert_uint_eq(muc_history_count(room("den")), 2);
    CHANGED(muc_room_set_historylength(room("den"), 20));
    ck_assert_uint_eq(muc_history_count(room("den")), 2);
    CHANGED(muc_history_trim(room("den"), 0));
    OK(muc_history_trim(room("den"), 0));
    ck_assert_uint_eq(times("cleared"), 0);
}
END_TEST

Suite *suite_policy(void)
{
    Suite *suite = suite_create("policy");
    TCase *tc = tcase_create("policy");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, not_everybody_makes_rooms);
    tcase_add_test(tc, newcomers_are_called_otherwise);
    tcase_add_test(tc, who_changes_his_nickname_is_called_otherwise);
    tcase_add_test(tc, nicknames_stay_as_they_are);
    tcase_add_loop_test(tc, discovery_is_refused, 0, sizeof disco_refusals / sizeof *disco_refusals);
    tcase_add_test(tc, own_fields_have_a_namespace);
    tcase_add_test(tc, nothing_is_offered);
    tcase_add_test(tc, nobody_owns_more_than_two);
    tcase_add_test(tc, who_may_have_a_room_logged);
    tcase_add_test(tc, an_archive_forgets_too);
    tcase_add_test(tc, a_room_forgets_what_an_archive_keeps);
    suite_add_tcase(suite, tc);
    return suite;
}
