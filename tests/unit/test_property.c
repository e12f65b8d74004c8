/* test_property.c: the setters of property.h, each: changed, the same, refused; and that all hear of it what they would
 * hear of the form. */
#include "host.h"
#include "suites.h"

#include <muc/property.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct row {
    const char *name; /* of the option */
    const char *word; /* the new value as the form has it, values of a set divided by commas */
    const char *code; /* what is announced */
    int (*flag)(muc_room *room, int on);
    int (*number)(muc_room *room, int64_t number);
    int (*text)(muc_room *room, const char *text);
    int (*other)(muc_room *room); /* with the value inside */
    int (*is)(const muc_room *room);
    int64_t (*count)(const muc_room *room);
    const char *(*says)(const muc_room *room);
    int words; /* the form of an owner does not have it */
} row;

static int whois(muc_room *r)
{
    return muc_room_set_whois(r, MUC_ROLE_VISITOR);
}
static int presence_broadcast(muc_room *r)
{
    return muc_room_set_presence_broadcast(r, MUC_MODERATORS);
}
static int show_absent(muc_room *r)
{
    return muc_room_set_show_absent(r, 1);
}
static int allow_pm(muc_room *r)
{
    return muc_room_set_allow_pm(r, MUC_MODERATORS);
}
static int allow_pm_from_visitors(muc_room *r)
{
    return muc_room_set_allow_pm_from_visitors(r, 0);
}
static int member_list_roles(muc_room *r)
{
    return muc_room_set_member_list_roles(r, MUC_MODERATORS | 1u << MUC_ROLE_PARTICIPANT);
}
static int hidden(muc_room *r)
{
    return muc_room_set_hidden(r, 1);
}
static int registration(muc_room *r)
{
    return muc_room_set_registration(r, MUC_REGISTRATION_ANYONE);
}

#define FLAG(name, word)                                                                                               \
    {                                                                                                                  \
#name, word, "104", .flag = muc_room_set_##name, .is = muc_room_get_##name                                     \
    }
#define NUMBER(name, word)                                                                                             \
    {                                                                                                                  \
#name, word, "104", .number = muc_room_set_##name, .count = muc_room_get_##name                                \
    }
#define TEXT(name, word)                                                                                               \
    {                                                                                                                  \
#name, word, "104", .text = muc_room_set_##name, .says = muc_room_get_##name                                   \
    }

static const row rows[] = {
    TEXT(name, "Den"),
    TEXT(description, "Where they meet"),
    TEXT(language, "it"),
    TEXT(pubsub, "xmpp:pubsub.example.org?;node=den"),
    TEXT(ldap_group, "cn=lovers"),
    TEXT(password, "secret"),
    TEXT(logs, "https://example.org/"),
    TEXT(contacts, "nurse@example.org"),
    FLAG(public, "0"),
    FLAG(public_list, "1"),
    FLAG(public_count, "0"),
    FLAG(public_subject, "1"),
    FLAG(persistent, "1"),
    {"retire_on_destroy", "1", "104", .flag = muc_room_set_retire_on_destroy, .is = muc_room_get_retire_on_destroy,
     .words = 1},
    FLAG(members_only, "1"),
    FLAG(allow_member_invites, "1"),
    FLAG(moderated, "1"),
    FLAG(allow_voice_requests, "0"),
    FLAG(changesubject, "1"),
    FLAG(affiliation_notices, "1"),
    FLAG(affiliation_notices_to_absent, "1"),
    FLAG(allow_nick_change, "0"),
    FLAG(allow_visitor_nickchange, "0"),
    FLAG(enforce_registered_nick, "1"),
    FLAG(allow_modpm, "1"),
    FLAG(members_by_default, "0"),
    FLAG(allow_visitor_status, "0"),
    FLAG(allow_multisessions, "0"),
    FLAG(allow_query_users, "0"),
    {"logging", "1", "170", .flag = muc_room_set_logging, .is = muc_room_get_logging},
    NUMBER(voice_request_min_interval, "7"),
    NUMBER(historylength, "7"),
    NUMBER(default_history_messages, "7"),
    NUMBER(maxhistoryfetch, "7"),
    NUMBER(max_users, "10"),
    {"whois", "anyone", "172", .other = whois},
    {"presence_broadcast", "moderator", "104", .other = presence_broadcast},
    {"presence_broadcast", "visitor,participant,moderator,none", "102", .other = show_absent},
    {"allow_pm", "moderators", "104", .other = allow_pm},
    {"allow_private_messages_from_visitors", "nobody", "104", .other = allow_pm_from_visitors},
    {"get_member_list", "moderator,participant", "104", .other = member_list_roles},
    {"public", "0", "104", .other = hidden},
    {"registration", "anyone", "104", .other = registration},
};

static int set(const row *r)
{
    muc_room *den = room("den");
    if (r->flag)
        return r->flag(den, r->word[0] == '1');
    if (r->number)
        return r->number(den, atoi(r->word));
    return r->text ? r->text(den, r->word) : r->other(den);
}

/* Whether its getter says so. */
static void is_set(const row *r)
{
    const muc_room *den = room("den");
    if (r->is)
        ck_assert_int_eq(r->is(den), r->word[0] == '1');
    if (r->count)
        ck_assert_int_eq(r->count(den), atoi(r->word));
    if (r->says)
        ck_assert_str_eq(r->says(den), r->word);
    if (r->other == hidden)
        ck_assert_int_eq(muc_room_get_hidden(den), 1);
    if (r->other == registration)
        ck_assert_int_eq(muc_room_get_registration(den), MUC_REGISTRATION_ANYONE);
}

/* The same by the form, or where no form has it by the words of one. */
static void submit(const row *r)
{
    const muc_option *option = muc_option_find(world.service, r->name);
    ck_assert_ptr_nonnull(option);
    char xml[2000], words[200];
    if (!option->field || r->words) {
        const muc_option_value one = {r->name, r->word};
        CHANGED(muc_room_set(room("den"), &one, 1));
        return;
    }
    snprintf(words, sizeof words, "%s", r->word);
    int n = snprintf(xml, sizeof xml,
                     "<iq type='set' id='f' from='" JULIET "' to='" DEN "'><query xmlns='" MUC_NS_OWNER
                     "'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>" MUC_NS "#roomconfig"
                     "</value></field><field var='%s'>",
                     option->field);
    for (char *word = strtok(words, ","); word; word = strtok(NULL, ","))
        n += snprintf(xml + n, sizeof xml - (size_t)n, "<value>%s</value>", word);
    snprintf(xml + n, sizeof xml - (size_t)n, "</field></x></query></iq>");
    OK(give(xml));
    said("<iq to='" JULIET "' from='" DEN "' type='result' id='f'");
}

/* The log less the answer to the form. */
static char *announced(void)
{
    char *out = calloc(1, world.log_n + 1);
    for (const char *line = world.log; *line;) {
        const char *end = strchr(line, '\n');
        size_t n = end ? (size_t)(end + 1 - line) : strlen(line);
        if (strncmp(line, "send " JULIET " <iq", strlen("send " JULIET " <iq")) != 0)
            strncat(out, line, n);
        line += n;
    }
    return out;
}

static void start(void)
{
    host_stop();
    host_setup();
    join("den", "nurse@example.org/house", "Nurse");
    CHANGED(muc_affiliation_set(room("den"), NULL, "nurse@example.org", MUC_AFFILIATION_MEMBER, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, "tybalt@example.org", MUC_AFFILIATION_MEMBER, NULL));
    forget();
}

START_TEST(as_the_form)
{
    const row *r = &rows[_i];
    char code[50];
    snprintf(code, sizeof code, "<status code='%s'/>", r->code);
    start();
    CHANGED(set(r));
    is_set(r);
    said(code);
    char *by_call = announced();
    forget();
    OK(set(r));
    ck_assert_str_eq(world.log, "");
    start();
    submit(r);
    char *by_form = announced();
    ck_assert_str_eq(by_call, by_form);
    free(by_call);
    free(by_form);
}
END_TEST

START_TEST(what_cannot_be)
{
    const row *r = &rows[_i];
    start();
    if (r->text)
        GIVES(MUC_ERR_INVALID, r->text(room("den"), "\x01"));
    if (r->number)
        GIVES(MUC_ERR_INVALID, r->number(room("den"), -1));
    GIVES(MUC_ERR_INVALID, muc_room_set_whois(room("den"), MUC_ROLE_PARTICIPANT));
    GIVES(MUC_ERR_INVALID, muc_room_set_presence_broadcast(room("den"), 1));
    GIVES(MUC_ERR_INVALID, muc_room_set_allow_pm(room("den"), 1));
    ck_assert_str_eq(world.log, "");
}
END_TEST

/* Back again, for those that say something else then. */
START_TEST(the_way_back)
{
    start();
    CHANGED(muc_room_set_whois(room("den"), MUC_ROLE_VISITOR));
    CHANGED(muc_room_set_logging(room("den"), 1));
    CHANGED(muc_room_set_show_absent(room("den"), 1));
    forget();
    CHANGED(muc_room_set_whois(room("den"), MUC_ROLE_MODERATOR));
    said("<status code='173'/>");
    unsaid("<status code='104'/>");
    CHANGED(muc_room_set_logging(room("den"), 0));
    said("<status code='171'/>");
    CHANGED(muc_room_set_show_absent(room("den"), 0));
    said("<status code='103'/>");
    forget();
    CHANGED(muc_room_set_members_only(room("den"), 1));
    said("send " ROMEO " <presence type='unavailable' to='" ROMEO "'");
    said("<status code='322'/>");
    said("<status code='104'/>");
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
}
END_TEST

Suite *suite_property(void)
{
    Suite *suite = suite_create("property");
    TCase *tests = tcase_create("property");
    int n = (int)(sizeof rows / sizeof *rows);
    tcase_add_checked_fixture(tests, host_setup, host_stop);
    tcase_add_loop_test(tests, as_the_form, 0, n);
    tcase_add_loop_test(tests, what_cannot_be, 0, n);
    tcase_add_test(tests, the_way_back);
    suite_add_tcase(suite, tests);
    return suite;
}
