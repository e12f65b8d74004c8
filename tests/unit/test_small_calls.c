/* test_small_calls.c: calls that read or write one thing: of trees, of the event that a handler is shown, of a room, of
 * the service. */
#include "host.h"
#include "suites.h"

#include <libxml/parser.h>
#include <string.h>

#define QUERY(to) "<iq from='" ROMEO "' to='" to "' type='get' id='q'><query xmlns='urn:x'/></iq>"

static xmlDoc *tree(const char *xml)
{
    return xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
}

static void hook(muc_point point, muc_hook_fn *fn, void *ud)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, MUC_PRIORITY_FIRST, fn, ud), 0);
}

/* ---- trees ------------------------------------------------------------------------------------------------------- */

START_TEST(the_text_of_a_node)
{
    xmlDoc *doc = tree("<a>one<b>no</b><![CDATA[two]]></a>");
    const xmlNode *node = xmlDocGetRootElement(doc);
    char out[7];
    ck_assert_ptr_null(muc_node_text(node));
    ck_assert_uint_eq(muc_node_copy_text(node, out, sizeof out), 6);
    ck_assert_str_eq(out, "onetwo");
    ck_assert_uint_eq(muc_node_copy_text(node, out, 3), 6);
    ck_assert_str_eq(out, "on");
    ck_assert_uint_eq(muc_node_copy_text(node, NULL, 0), 6);
    ck_assert_uint_eq(muc_node_copy_text(NULL, out, sizeof out), 0);
    ck_assert_str_eq(out, "");
    xmlFreeDoc(doc);
}
END_TEST

START_TEST(the_bytes_of_a_node)
{
    char *out;
    xmlDoc *doc = tree("<a xmlns='urn:a'>\n<b c='&apos;'/></a>"), *bad = tree("<a xmlns='urn:a'><!-- no --></a>");
    OK(muc_node_bytes(world.service, xmlDocGetRootElement(doc), &out));
    ck_assert_ptr_nonnull(strstr(out, "<a xmlns='urn:a'>"));
    ck_assert_ptr_null(strchr(out, '\n'));
    muc_service_release(world.service, out);
    GIVES(MUC_ERR_INVALID, muc_node_bytes(world.service, xmlDocGetRootElement(bad), &out));
    ck_assert_ptr_null(out);
    world.memory.left = 0;
    GIVES(MUC_ERR_NOMEM, muc_node_bytes(world.service, xmlDocGetRootElement(doc), &out));
    world.memory.left = -1;
    ck_assert_ptr_null(out);
    xmlFreeDoc(doc);
    xmlFreeDoc(bad);
}
END_TEST

/* host_stop() sees when it is not given back. */
START_TEST(a_stanza_that_is_not_sent)
{
    muc_xml *x = message("never");
    ck_assert_ptr_nonnull(x);
    muc_xml_free(x);
    muc_xml_free(NULL);
    ck_assert_str_eq(world.log, "");
}
END_TEST

/* ---- of an event ------------------------------------------------------------------------------------------------- */

static const muc_occupant *target;
static int look_at_target(muc_event *ev, void *ud)
{
    (void)ud;
    target = muc_event_target(ev);
    const char *nick = muc_event_nick(ev);
    note(nick ? nick : "(nobody)");
    return MUC_PASS;
}

START_TEST(whom_a_stanza_is_addressed_to)
{
    hook(MUC_ON_IQ, look_at_target, NULL);
    OK(give(QUERY(DEN "/Juliet")));
    said("Juliet");
    ck_assert_ptr_eq(target, occupant("den", "Juliet"));
    OK(give(QUERY(DEN "/Nurse")));
    said("Nurse");
    ck_assert_ptr_null(target);
    forget();
    OK(give(QUERY(DEN)));
    said("(nobody)");
    ck_assert_ptr_null(target);
}
END_TEST

static int refuse_to(muc_event *ev, void *ud)
{
    return muc_reject_to(ev, MUC_REDIRECT, ud, "there");
}

START_TEST(an_error_says_where_to_turn_to)
{
    static char far[1025];
    hook(MUC_ON_IQ, refuse_to, "xmpp:hut@" SERVICE "?join");
    OK(give(QUERY(DEN)));
    said("<redirect xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>xmpp:hut@" SERVICE "?join</redirect>");
    said(">there</text>");
    host_stop();
    host_setup();
    memset(far, 'x', sizeof far - 1);
    hook(MUC_ON_IQ, refuse_to, far);
    OK(give(QUERY(DEN)));
    said("<redirect xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>");
    unsaid("xxx");
}
END_TEST

static int refuse_by_result(muc_event *ev, void *ud)
{
    return muc_reject_result(ev, *(const int *)ud);
}

START_TEST(an_error_of_a_result)
{
    int result = MUC_ERR_FORBIDDEN;
    hook(MUC_ON_IQ, refuse_by_result, &result);
    OK(give(QUERY(DEN)));
    said("<forbidden");
    result = MUC_ERR_BUSY;
    GIVES(MUC_ERR_BUSY, give(QUERY(DEN)));
    result = MUC_ERR_NOMEM;
    GIVES(MUC_ERR_NOMEM, give(QUERY(DEN)));
    forget();
    result = MUC_OK;
    OK(give(QUERY(DEN)));
    said("<service-unavailable");
}
END_TEST

static int answer_bytes(muc_event *ev, void *ud)
{
    muc_reply_bytes(ev, ud, strlen(ud));
    return MUC_STOP;
}

START_TEST(an_answer_given_as_bytes)
{
    hook(MUC_ON_IQ, answer_bytes, "<answer xmlns='urn:x'><a b='c'/></answer>");
    OK(give(QUERY(DEN)));
    said("type='result' id='q'");
    said("<answer xmlns='urn:x'><a b='c'/></answer>");
    host_stop();
    host_setup();
    hook(MUC_ON_IQ, answer_bytes, "<answer xmlns='urn:x'>");
    OK(give(QUERY(DEN)));
    unsaid("<answer");
    said("<internal-server-error");
}
END_TEST

static int name_feature(muc_event *ev, void *ud)
{
    (void)ud;
    muc_disco_feature_to(ev, "urn:x:feature", muc_reply(ev, "query", "urn:x"));
    return MUC_STOP;
}

static int hide_feature(muc_event *ev, void *ud)
{
    (void)ud;
    note(ev->key);
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

START_TEST(a_feature_in_an_answer)
{
    hook(MUC_ON_IQ, name_feature, NULL);
    OK(give(QUERY(DEN)));
    said("<query xmlns='urn:x'><feature var='urn:x:feature'/></query>");
    hook(MUC_ON_DISCO_FEATURE, hide_feature, NULL);
    forget();
    OK(give(QUERY(DEN)));
    said("urn:x:feature\n");
    said("<query xmlns='urn:x'/>");
}
END_TEST

static int count_changes(muc_event *ev, void *ud)
{
    static const char *const names[] = {"name", "moderated", "password"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (muc_event_changes(ev, muc_option_find(ev->service, names[i])))
            note(names[i]);
    *(int *)ud += muc_event_changes(ev, NULL);
    return MUC_PASS;
}

START_TEST(what_a_form_changes)
{
    int nothing = 0;
    hook(MUC_ON_CONFIG_EFFECT, count_changes, &nothing);
    const muc_option_value values[] = {{"name", "Den"}, {"moderated", "0"}};
    CHANGED(muc_room_set(room("den"), values, 2));
    said("name\n");
    unsaid("moderated\n");
    unsaid("password\n");
    ck_assert_int_eq(nothing, 0);
}
END_TEST

/* ---- of a room --------------------------------------------------------------------------------------------------- */

START_TEST(since_when_a_room_is_closed)
{
    ck_assert_int_eq(muc_room_locked_since(room("den")), 0);
    CHANGED(muc_room_lock(room("den")));
    ck_assert_int_eq(muc_room_locked_since(room("den")), world.clock);
    world.clock += 1000;
    OK(muc_room_lock(room("den")));
    ck_assert_int_eq(muc_room_locked_since(room("den")), world.clock - 1000);
    CHANGED(muc_room_unlock(room("den")));
    ck_assert_int_eq(muc_room_locked_since(room("den")), 0);
}
END_TEST

START_TEST(the_vcard_of_a_room)
{
    xmlDoc *doc = tree("<vCard xmlns='vcard-temp'><PHOTO><BINVAL>YWJj</BINVAL></PHOTO></vCard>");
    ck_assert_str_eq(muc_room_get_vcard(room("den")), "");
    ck_assert_str_eq(muc_room_get_avatar_hash(room("den")), "");
    CHANGED(muc_room_set_vcard(room("den"), xmlDocGetRootElement(doc)));
    ck_assert_ptr_nonnull(strstr(muc_room_get_vcard(room("den")), "YWJj"));
    ck_assert_str_eq(muc_room_get_avatar_hash(room("den")), "a9993e364706816aba3e25717850c26c9cd0d89d");
    OK(muc_room_set_vcard(room("den"), xmlDocGetRootElement(doc)));
    CHANGED(muc_room_set_vcard(room("den"), NULL));
    ck_assert_str_eq(muc_room_get_avatar_hash(room("den")), "");
    xmlFreeDoc(doc);
}
END_TEST

/* ---- of the service ---------------------------------------------------------------------------------------------- */

START_TEST(who_may_make_rooms)
{
    ck_assert_int_eq(muc_service_may_create(world.service, ROMEO), 1);
    muc_settings settings = *muc_service_settings(world.service);
    settings.room_creation = MUC_CREATION_LOCAL;
    OK(muc_service_configure(world.service, &settings));
    ck_assert_int_eq(muc_service_may_create(world.service, "romeo@example.org"), 1);
    ck_assert_int_eq(muc_service_may_create(world.service, "romeo@elsewhere.org/a"), 0);
    ck_assert_int_eq(muc_service_may_create(world.service, "romeo@sub.example.org"), 0);
    settings.room_creation = MUC_CREATION_ADMINS;
    OK(muc_service_configure(world.service, &settings));
    ck_assert_int_eq(muc_service_may_create(world.service, ROMEO), 0);
    ck_assert_int_eq(muc_service_may_create(world.service, "@"), 0);
}
END_TEST

START_TEST(names_that_nobody_else_has)
{
    char one[33], two[33];
    muc_service_unique(world.service, one);
    muc_service_unique(world.service, two);
    ck_assert_uint_eq(strlen(one), 32);
    ck_assert_uint_eq(strspn(one, "0123456789abcdef"), 32);
    ck_assert_str_ne(one, two);
}
END_TEST

/* What a service has when nothing is said is that list, each once. */
START_TEST(the_features_of_the_library)
{
    const muc_feature *const *all = muc_features_full(), *const *taken = muc_service_settings(world.service)->features;
    size_t n = 0;
    for (; all[n]; n++)
        for (size_t i = 0; i < n; i++)
            ck_assert_str_ne(all[i]->name, all[n]->name);
    ck_assert_uint_gt(n, 30);
    for (size_t i = 0; i <= n; i++)
        ck_assert_ptr_eq(all[i], taken[i]);
}
END_TEST

Suite *suite_small_calls(void)
{
    Suite *suite = suite_create("small calls");
    TCase *tc = tcase_create("small calls");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, the_text_of_a_node);
    tcase_add_test(tc, the_bytes_of_a_node);
    tcase_add_test(tc, a_stanza_that_is_not_sent);
    tcase_add_test(tc, whom_a_stanza_is_addressed_to);
    tcase_add_test(tc, an_error_says_where_to_turn_to);
    tcase_add_test(tc, an_error_of_a_result);
    tcase_add_test(tc, an_answer_given_as_bytes);
    tcase_add_test(tc, a_feature_in_an_answer);
    tcase_add_test(tc, what_a_form_changes);
    tcase_add_test(tc, since_when_a_room_is_closed);
    tcase_add_test(tc, the_vcard_of_a_room);
    tcase_add_test(tc, who_may_make_rooms);
    tcase_add_test(tc, names_that_nobody_else_has);
    tcase_add_test(tc, the_features_of_the_library);
    suite_add_tcase(suite, tc);
    return suite;
}
