/* test_config_hook.c: a host puts a field of its own into the configuration form, and what configuring does, by the
 * public interface alone (XEP-0045 sections 10.1 and 10.2). */
#include "host.h"
#include "suites.h"

#include <stdbool.h>
#include <string.h>

#define OWNER "owner@example/pc"
#define GUEST "guest@example/pc"

static int options_notified;

/* What is in the log afterwards is what came of it. */
static void tell(const char *xml)
{
    forget();
    OK(give(xml));
}

static void enter(const char *jid, const char *nick)
{
    forget();
    join("den", jid, nick);
}

static void owner_query(const char *type, const char *inside)
{
    char xml[4096] = "<iq from='" OWNER "' to='" DEN "' id='c' type='";
    strcat(xml, type);
    strcat(xml, "'><query xmlns='" MUC_NS_OWNER "'>");
    strcat(xml, inside);
    strcat(xml, "</query></iq>");
    tell(xml);
}

static void submit(const char *fields)
{
    char xml[2048] = "<x xmlns='jabber:x:data' type='submit'>";
    strcat(xml, fields);
    strcat(xml, "</x>");
    owner_query("set", xml);
}

#define FIELD(var, value) "<field var='" var "'><value>" value "</value></field>"
#define STATUS(code)      "<status code='" code "'/>"

static int on_option(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(ev->as.config->option->name, ev->key);
    options_notified++;
    return MUC_PASS;
}

static void setup(void)
{
    host_prepare();
    world.settings.lock_new_rooms = 1;
    world.callbacks.room_changed = NULL;
    host_start();
    options_notified = 0;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_OPTION, NULL, 0, on_option, NULL), 0);
    enter(OWNER, "o");
    said(STATUS("201"));
}

static void setup_open(void)
{
    setup();
    submit("");
    said("type='result'");
    enter(GUEST, "g");
    said(STATUS("110"));
}

/* ---- a field of one's own --------------------------------------------------------------------------------------- */

static int handle_form(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_field field = {
        .var = "test",
        .type = MUC_FIELD_BOOLEAN,
        .label = "Does it work?",
        .value = "1",
    };
    return muc_form_add(ev->as.config->form, &field);
}

static int handle_submit(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_form_submitted(ev->as.config->form, "test"))
        return MUC_PASS;
    muc_xml *message = muc_xml_new(ev->service, "message");
    muc_xml_attr(message, "type", "groupchat");
    muc_xml_leaf(message, "x", NULL);
    bool works = muc_form_flag(ev->as.config->form, "test");
    muc_xml_leaf(message, "body", works ? "It works!" : "It doesn't work :(");
    int r = muc_room_broadcast(ev->room, message, MUC_EVERYONE);
    ev->as.config->changed = 1;
    return r;
}

START_TEST(own_field)
{
    muc_hook_add(world.service, MUC_ON_CONFIG_FORM, NULL, 0, handle_form, NULL);
    muc_hook_add(world.service, MUC_ON_CONFIG_SUBMITTED, NULL, 0, handle_submit, NULL);
    owner_query("get", "");
    said("<field label='Does it work?' type='boolean' var='test'><value>1</value></field>");
    submit(FIELD("test", "true"));
    said("to='" GUEST "'");
    said("<x/><body>It works!</body>");
    said(STATUS("104"));
    ck_assert_uint_lt(place("type='result'"), place("It works!"));
    ck_assert_uint_lt(place("It works!"), place(STATUS("104")));
    submit(FIELD("test", "0"));
    said("<body>It doesn't work :(</body>");
    submit(FIELD("test", "maybe"));
    said("<not-acceptable");
    said("test");
    unsaid("<body>");
    submit("");
    unsaid("<body>");
    unsaid("<status");
}
END_TEST

/* A handler that may not change anything yet: the option is set right after. */
static int set_in_apply(muc_event *ev, void *ud)
{
    (void)ud;
    if (muc_room_get_moderated(ev->room))
        return MUC_PASS;
    muc_option_value both[] = {{"moderated", "1"}, {"name", "A, b = c"}};
    GIVES(MUC_QUEUED, muc_room_set(ev->room, both, 2));
    GIVES(MUC_QUEUED, muc_room_set_number(ev->room, muc_option_find(ev->service, "max_users"), 37));
    return MUC_PASS;
}

START_TEST(set_later)
{
    muc_hook_add(world.service, MUC_ON_CONFIG_SUBMITTED, NULL, 0, set_in_apply, NULL);
    submit(FIELD("muc#roomconfig_lang", "en"));
    ck_assert_str_eq(muc_room_get_language(room("den")), "en");
    ck_assert_str_eq(muc_room_get_name(room("den")), "A, b = c");
    ck_assert_int_eq(muc_room_get_moderated(room("den")), 1);
    ck_assert_int_eq(muc_room_get_max_users(room("den")), 37);
    owner_query("get", "");
    said("<value>37</value><option");
    said("<option><value>37</value></option>");
}
END_TEST

static int refuse(muc_event *ev, void *ud)
{
    const char *text = muc_form_text(ev->as.config->form, "muc#roomconfig_roomname");
    return strcmp(text, ud) == 0 ? muc_reject(ev, MUC_POLICY_VIOLATION, NULL) : MUC_PASS;
}

START_TEST(check_refuses)
{
    static char bad[] = "bad";
    muc_hook_add(world.service, MUC_ON_CONFIG_CHECK, NULL, 0, refuse, bad);
    GIVES(MUC_ERR_REJECTED, muc_room_set_name(room("den"), "bad"));
    CHANGED(muc_room_set_name(room("den"), "good"));
    submit(FIELD("muc#roomconfig_roomname", "bad") FIELD("muc#roomconfig_moderatedroom", "1"));
    said("<policy-violation");
    ck_assert_str_eq(muc_room_get_name(room("den")), "good");
    ck_assert_int_eq(muc_room_get_moderated(room("den")), 0);
}
END_TEST

/* ---- codes and effects ------------------------------------------------------------------------------------------ */

START_TEST(codes)
{
    submit(FIELD("muc#roomconfig_whois", "anyone"));
    said(STATUS("172"));
    unsaid(STATUS("104"));
    ck_assert_int_eq(options_notified, 1);
    ck_assert_int_eq(muc_room_get_whois(room("den")), MUC_ROLE_VISITOR);
    submit(FIELD("muc#roomconfig_whois", "anyone"));
    unsaid("<status");
    submit(FIELD("muc#roomconfig_whois", "none"));
    said("<not-acceptable");
    submit(FIELD("muc#roomconfig_whois", "moderators") FIELD("muc#roomconfig_roomname", "N"));
    said(STATUS("173") STATUS("104") "</x>");
    forget();
    CHANGED(muc_room_set_whois(room("den"), MUC_ROLE_VISITOR));
    said(STATUS("172"));
    said("jid='" OWNER "'");
    forget();
    OK(muc_room_set_whois(room("den"), MUC_ROLE_VISITOR));
    OK(muc_room_set_name(room("den"), "N"));
    GIVES(MUC_ERR_INVALID, muc_room_set_name(room("den"), "a\x01"));
    GIVES(MUC_ERR_INVALID, muc_room_set_max_users(room("den"), -1));
    ck_assert_uint_eq(world.log_n, 0);
}
END_TEST

START_TEST(members_only)
{
    submit(FIELD("muc#roomconfig_membersonly", "1"));
    said(STATUS("322"));
    ck_assert_uint_eq(muc_occupant_count(room("den")), 1);
    enter(GUEST, "g");
    said("<registration-required");
}
END_TEST

START_TEST(broadcast)
{
    forget();
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_MODERATORS));
    ck_assert_uint_eq(muc_room_get_presence_broadcast(room("den")), MUC_MODERATORS);
    said("<presence type='unavailable' to='" OWNER "' from='" DEN "/g'");
    unsaid("to='" GUEST "' from='" DEN "/g'");
    forget();
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_EVERYONE));
    said("<presence to='" OWNER "' from='" DEN "/g'");
    unsaid("unavailable");
    unsaid("to='" GUEST "' from='" DEN "/g'");
}
END_TEST

START_TEST(password)
{
    submit(FIELD("muc#roomconfig_passwordprotectedroom", "1"));
    said("<not-acceptable");
    submit(FIELD("muc#roomconfig_passwordprotectedroom", "1") FIELD("muc#roomconfig_roomsecret", "abc"));
    ck_assert_str_eq(muc_room_get_password(room("den")), "abc");
    enter("other@example/pc", "x");
    said("<not-authorized");
    submit(FIELD("muc#roomconfig_passwordprotectedroom", "0") FIELD("muc#roomconfig_roomsecret", "abc"));
    ck_assert_str_eq(muc_room_get_password(room("den")), "");
}
END_TEST

START_TEST(lists)
{
    submit("<field var='muc#roomconfig_roomowners'/>");
    said("<conflict");
    submit(FIELD("muc#roomconfig_roomadmins", "Guest@example"));
    ck_assert_int_eq(muc_affiliation_get(room("den"), GUEST), MUC_AFFILIATION_ADMIN);
    said("affiliation='admin'");
    owner_query("get", "");
    said("var='muc#roomconfig_roomadmins'><value>guest@example</value>");
    submit("<field var='muc#roomconfig_roomadmins'/>");
    ck_assert_int_eq(muc_affiliation_get(room("den"), GUEST), MUC_AFFILIATION_NONE);
    submit(FIELD("muc#roomconfig_roomowners", "guest@example"));
    said("type='result'");
    ck_assert_int_eq(muc_affiliation_get(room("den"), GUEST), MUC_AFFILIATION_OWNER);
    ck_assert_int_eq(muc_affiliation_get(room("den"), OWNER), MUC_AFFILIATION_ADMIN);
    owner_query("get", "");
    said("<forbidden");
}
END_TEST

START_TEST(first_configuration)
{
    ck_assert_int_eq(muc_room_is_locked(room("den")), 1);
    enter(GUEST, "g");
    said("<item-not-found");
    submit(FIELD("muc#roomconfig_passwordprotectedroom", "1"));
    ck_assert_int_eq(muc_room_is_locked(room("den")), 1);
    owner_query("set", "<x xmlns='jabber:x:data' type='cancel'/>");
    said("<destroy");
    said("type='result'");
    ck_assert_ptr_null(room("den"));
    enter(OWNER, "o");
    said(STATUS("201"));
    tell("<presence type='unavailable' from='" OWNER "' to='" DEN "/o'/>");
    said("<destroy");
    ck_assert_ptr_null(room("den"));
}
END_TEST

/* ---- what the host keeps to itself ------------------------------------------------------------------------------ */

static int hide_logging(muc_event *ev, void *ud)
{
    (void)ud;
    return ev->from ? muc_form_remove(ev->as.config->form, "muc#roomconfig_enablelogging") : MUC_PASS;
}

/* A field that is not shown is not taken, in none of its spellings; the API sets the option all the same. */
START_TEST(hidden_field)
{
    submit(FIELD("muc#roomconfig_enablelogging", "1"));
    said(STATUS("170"));
    submit(FIELD("muc#roomconfig_enablelogging", "0"));
    said(STATUS("171"));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_CONFIG_FORM, NULL, 0, hide_logging, NULL), 0);
    owner_query("get", "");
    unsaid("enablelogging");
    submit(FIELD("muc#roomconfig_enablelogging", "1") FIELD("muc#roomconfig_roomname", "N"));
    said("type='result'");
    unsaid(STATUS("170"));
    submit(FIELD("logging", "1"));
    said("type='result'");
    ck_assert_int_eq(muc_room_get_logging(room("den")), 0);
    ck_assert_str_eq(muc_room_get_name(room("den")), "N");
    forget();
    CHANGED(muc_room_set_logging(room("den"), 1));
    said(STATUS("170"));
}
END_TEST

static int veto(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(ev->as.config->option->name, "logging");
    return ev->from ? muc_reject(ev, MUC_NOT_ALLOWED, NULL) : MUC_PASS;
}

/* One that is shown can be refused to those who may not have it changed, and all of the submission with it. */
START_TEST(refused_field)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_CONFIG_FIELD, "muc#roomconfig_enablelogging", 0, veto, NULL),
                     0);
    submit(FIELD("logging", "1") FIELD("muc#roomconfig_roomname", "N"));
    said("<not-allowed");
    unsaid("<status");
    ck_assert_int_eq(muc_room_get_logging(room("den")), 0);
    ck_assert_str_eq(muc_room_get_name(room("den")), "");
    CHANGED(muc_room_set_logging(room("den"), 1));
}
END_TEST

/* ---- what new rooms begin with ---------------------------------------------------------------------------------- */

static int furnish(muc_event *ev, void *ud)
{
    int *made = ud;
    (*made)++;
    ck_assert_uint_eq(muc_occupant_count(ev->room), 0);
    CHANGED(muc_room_set_moderated(ev->room, 1));
    CHANGED(muc_affiliation_set(ev->room, NULL, "nurse@example", MUC_AFFILIATION_ADMIN, NULL));
    return muc_room_set_subject(ev->room, NULL, "Welcome");
}

START_TEST(furnished)
{
    int made = 0;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MADE, NULL, 0, furnish, &made), 0);
    tell("<presence from='" GUEST "' to='hall@" SERVICE "/g'><x xmlns='" MUC_NS "'/></presence>");
    ck_assert_int_eq(made, 1);
    said(STATUS("201"));
    said("<subject>Welcome</subject>");
    unsaid(STATUS("104"));
    muc_room *hall = muc_room_find(world.service, "hall@" SERVICE);
    ck_assert_int_eq(muc_room_get_moderated(hall), 1);
    ck_assert_int_eq(muc_affiliation_get(hall, "nurse@example"), MUC_AFFILIATION_ADMIN);
    ck_assert_int_eq(muc_affiliation_get(hall, GUEST), MUC_AFFILIATION_OWNER);
    OK(muc_room_create(world.service, "cell@" SERVICE, NULL, 0, &hall));
    ck_assert_int_eq(made, 2);
    ck_assert_str_eq(muc_room_get_subject(hall, NULL, NULL), "Welcome");
}
END_TEST

static int tear_down(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_destroy(ev->room, NULL, NULL, NULL);
}

static int refuse_made(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject(ev, MUC_RESOURCE_CONSTRAINT, NULL);
}

START_TEST(not_made_after_all)
{
    int id = muc_hook_add(world.service, MUC_ON_MADE, NULL, 0, tear_down, NULL);
    tell("<presence from='" GUEST "' to='hall@" SERVICE "/g'><x xmlns='" MUC_NS "'/></presence>");
    said("<not-allowed");
    GIVES(MUC_ERR_REJECTED, muc_room_create(world.service, "cell@" SERVICE, NULL, 0, NULL));
    OK(muc_hook_remove(world.service, id));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MADE, NULL, 0, refuse_made, NULL), 0);
    tell("<presence from='" GUEST "' to='hall@" SERVICE "/g'><x xmlns='" MUC_NS "'/></presence>");
    said("<resource-constraint");
    ck_assert_uint_eq(muc_room_count(world.service), 1);
}
END_TEST

START_TEST(creation_date)
{
    static const muc_feature *const more[] = {&muc_feature_creation_date, NULL};
    ck_assert_str_eq(muc_room_get_creation_date(room("den")), "");
    host_stop();
    host_prepare();
    world.settings.extra_features = more;
    host_start();
    muc_room *hall;
    OK(muc_room_create(world.service, "hall@" SERVICE, NULL, 0, &hall));
    ck_assert_str_eq(muc_room_get_creation_date(hall), "1970-01-01T00:16:40Z");
    tell("<iq from='" GUEST "' to='hall@" SERVICE "' id='d' type='get'>"
         "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>");
    said("var='x-muc#roominfo_creationdate'");
    said("<value>1970-01-01T00:16:40Z</value>");
}
END_TEST

START_TEST(contacts)
{
    muc_room *r = room("den");
    CHANGED(muc_room_set_contacts(r, " a@example  b@example "));
    ck_assert_str_eq(muc_room_get_contacts(r), " a@example  b@example ");
    owner_query("get", "");
    said("<value>a@example</value><value>b@example</value></field>");
    GIVES(MUC_ERR_INVALID, muc_room_set_contacts(r, "a@example/x"));
    GIVES(MUC_ERR_INVALID, muc_room_set_contacts(r, "a@example @"));
    char many[63 * 4 + 1] = "";
    for (int i = 0; i < 62; i++)
        strcat(many, "a@b ");
    CHANGED(muc_room_set_contacts(r, many));
    GIVES(MUC_ERR_INVALID, muc_room_set_contacts(r, strcat(many, "c@d")));
    CHANGED(muc_room_set_contacts(r, NULL));
    ck_assert_str_eq(muc_room_get_contacts(r), "");
    CHANGED(muc_room_set_pubsub(r, "xmpp:p"));
    ck_assert_str_eq(muc_room_get_pubsub(r), "xmpp:p");
    CHANGED(muc_room_set_ldap_group(r, "cn=a"));
    ck_assert_str_eq(muc_room_get_ldap_group(r), "cn=a");
}
END_TEST

/* Every option has a default that a service can set by the option's name or its field. */
START_TEST(defaults_by_name)
{
    const muc_option *row = NULL;
    while ((row = muc_option_next(world.service, row))) {
        const char *names[] = {row->name, row->field};
        for (size_t i = 0; i < 2 && names[i]; i++) {
            char word[64];
            ck_assert_uint_lt(muc_room_get(room("den"), row, word, sizeof word), sizeof word);
            const muc_option_value value = {names[i], word};
            muc_settings settings;
            muc_settings_init(&settings, sizeof settings);
            settings.domain = "other.example";
            settings.room_defaults = &value;
            settings.room_default_count = 1;
            muc_service *other;
            ck_assert_msg(muc_service_new(&other, &settings, &world.callbacks, NULL, &world) == MUC_OK, "%s=%s",
                          names[i], word);
            muc_service_free(other);
        }
    }
}
END_TEST

START_TEST(accessors)
{
    muc_room *r = room("den");
    CHANGED(muc_room_set_logs(r, "https://example.org/"));
    ck_assert_str_eq(muc_room_get_logs(r), "https://example.org/");
    ck_assert_uint_eq(muc_room_get_member_list_roles(r), 0);
    CHANGED(muc_room_set_member_list_roles(r, MUC_MODERATORS));
    ck_assert_uint_eq(muc_room_get_member_list_roles(r), MUC_MODERATORS);
    GIVES(MUC_ERR_INVALID, muc_room_set_member_list_roles(r, 1));
    ck_assert_int_eq(muc_room_get_members_by_default(r), 1);
    CHANGED(muc_room_set_members_by_default(r, 0));
    ck_assert_int_eq(muc_room_get_members_by_default(r), 0);
    CHANGED(muc_room_set_allow_visitor_status(r, 0));
    ck_assert_int_eq(muc_room_get_allow_visitor_status(r), 0);
    CHANGED(muc_room_set_allow_multisessions(r, 0));
    ck_assert_int_eq(muc_room_get_allow_multisessions(r), 0);
    CHANGED(muc_room_set_default_history_messages(r, 3));
    ck_assert_int_eq(muc_room_get_default_history_messages(r), 3);
    CHANGED(muc_room_set_allow_modpm(r, 1));
    ck_assert_int_eq(muc_room_get_allow_modpm(r), 1);
    ck_assert_uint_eq(muc_room_get_allow_pm_from_visitors(r), MUC_EVERYONE);
    CHANGED(muc_room_set_allow_pm_from_visitors(r, MUC_MODERATORS));
    ck_assert_uint_eq(muc_room_get_allow_pm_from_visitors(r), MUC_MODERATORS);
    GIVES(MUC_ERR_INVALID, muc_room_set_allow_pm_from_visitors(r, 2));
    CHANGED(muc_room_set_allow_pm(r, MUC_MODERATORS));
    ck_assert_uint_eq(muc_room_get_allow_pm(r), MUC_MODERATORS);
    const muc_option_value affiliated = {"allow_pm", "affiliated"};
    CHANGED(muc_room_set(r, &affiliated, 1));
    ck_assert_uint_eq(muc_room_get_allow_pm(r), 0);
    CHANGED(muc_room_set_public_list(r, 1));
    ck_assert_int_eq(muc_room_get_public_list(r), 1);
    CHANGED(muc_room_set_public_count(r, 0));
    ck_assert_int_eq(muc_room_get_public_count(r), 0);
    CHANGED(muc_room_set_public_subject(r, 1));
    ck_assert_int_eq(muc_room_get_public_subject(r), 1);
    CHANGED(muc_room_set_affiliation_notices(r, 1));
    ck_assert_int_eq(muc_room_get_affiliation_notices(r), 1);
    CHANGED(muc_room_set_affiliation_notices_to_absent(r, 1));
    ck_assert_int_eq(muc_room_get_affiliation_notices_to_absent(r), 1);
}
END_TEST

/* The absent are a bit beside the roles, and neither disturbs the other. */
START_TEST(absent)
{
    muc_room *r = room("den");
    ck_assert_int_eq(muc_room_get_show_absent(r), 0);
    CHANGED(muc_room_set_show_absent(r, 1));
    said(STATUS("102"));
    ck_assert_uint_eq(muc_room_get_presence_broadcast(r), MUC_EVERYONE);
    CHANGED(muc_room_set_presence_broadcast(r, MUC_MODERATORS));
    ck_assert_int_eq(muc_room_get_show_absent(r), 1);
    forget();
    CHANGED(muc_room_set_show_absent(r, 0));
    said(STATUS("103"));
    ck_assert_uint_eq(muc_room_get_presence_broadcast(r), MUC_MODERATORS);
    OK(muc_room_set_show_absent(r, 0));
}
END_TEST

START_TEST(end_of_room)
{
    owner_query("set", "<x xmlns='jabber:x:data' type='cancel'/>");
    said("type='result'");
    ck_assert_ptr_nonnull(room("den"));
    CHANGED(muc_room_set_persistent(room("den"), 1));
    OK(muc_peer_gone(world.service, OWNER, NULL));
    OK(muc_peer_gone(world.service, GUEST, NULL));
    ck_assert_ptr_nonnull(room("den"));
    submit(FIELD("muc#roomconfig_persistentroom", "0"));
    said("type='result'");
    ck_assert_ptr_null(room("den"));
}
END_TEST

/* Whichever allocation fails, either all of it happened or nothing. */
START_TEST(nomem)
{
    static const char xml[] = "<iq from='" OWNER "' to='" DEN "' id='c' type='set'><query xmlns='" MUC_NS_OWNER "'>"
                              "<x xmlns='jabber:x:data' type='submit'>" FIELD("muc#roomconfig_membersonly", "1")
                                  FIELD("muc#roomconfig_whois", "anyone") FIELD("muc#roomconfig_roomname", "Name")
                                      FIELD("muc#roomconfig_roomadmins", "a@example")
                                          FIELD("muc#roomconfig_presencebroadcast", "visitor") "</x></query></iq>";
    int r = MUC_ERR_NOMEM;
    for (long k = 0; r != MUC_OK; k++) {
        ck_assert_int_lt(k, 10000);
        forget();
        world.memory.left = k;
        r = muc_dispatch_text(world.service, xml, sizeof xml - 1, NULL);
        world.memory.left = -1;
        ck_assert_uint_eq(muc_occupant_count(room("den")), r == MUC_OK ? 1 : 2);
        ck_assert_str_eq(muc_room_get_name(room("den")), r == MUC_OK ? "Name" : "");
        ck_assert_uint_eq(muc_affiliation_count(room("den")), r == MUC_OK ? 2 : 1);
        ck_assert_int_eq(muc_room_get_whois(room("den")), r == MUC_OK ? MUC_ROLE_VISITOR : MUC_ROLE_MODERATOR);
        ck_assert(r == MUC_OK || (r == MUC_ERR_NOMEM && world.log_n == 0));
    }
    said(STATUS("172"));
    said(STATUS("322"));
}
END_TEST

Suite *suite_config_hook(void)
{
    Suite *s = suite_create("config hook");
    TCase *c = tcase_create("open room");
    tcase_add_checked_fixture(c, setup_open, host_stop);
    tcase_add_test(c, own_field);
    tcase_add_test(c, set_later);
    tcase_add_test(c, check_refuses);
    tcase_add_test(c, codes);
    tcase_add_test(c, members_only);
    tcase_add_test(c, broadcast);
    tcase_add_test(c, password);
    tcase_add_test(c, lists);
    tcase_add_test(c, hidden_field);
    tcase_add_test(c, refused_field);
    tcase_add_test(c, furnished);
    tcase_add_test(c, not_made_after_all);
    tcase_add_test(c, creation_date);
    tcase_add_test(c, contacts);
    tcase_add_test(c, defaults_by_name);
    tcase_add_test(c, accessors);
    tcase_add_test(c, absent);
    tcase_add_test(c, end_of_room);
    tcase_add_test(c, nomem);
    suite_add_tcase(s, c);
    TCase *locked = tcase_create("locked room");
    tcase_add_checked_fixture(locked, setup, host_stop);
    tcase_add_test(locked, first_configuration);
    suite_add_tcase(s, locked);
    return s;
}
