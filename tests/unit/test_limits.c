/* test_limits.c: what a service bounds for each of its users (XEP-0045 sections 7.2.9 and 14.6). */
#include "host.h"
#include "suites.h"

#include <model/model.h>
#include <stdio.h>
#include <string.h>

#define ROSALINE        "rosaline@example.org/x"
#define CONDITION(name) "<" name " xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"

static int is_admin(const char *bare_jid, void *ud)
{
    (void)ud;
    return bare_jid[0] == 'a';
}

static void begin(size_t user_rooms, size_t over)
{
    host_prepare();
    world.settings.max_user_rooms = user_rooms;
    world.settings.max_over = over;
    world.callbacks.is_admin = is_admin;
    host_start();
}

/* proves 45-14-5 */
START_TEST(rooms_of_one_user)
{
    begin(2, 0);
    join("one", ROMEO, "Romeo");
    join("two", "romeo@example.org/other", "Romeo");
    forget();
    char *before = state();
    join("three", ROMEO, "Romeo");
    said("<error type='wait' by='three@" SERVICE "'>" CONDITION("resource-constraint"));
    same_state(before);
    /* A further session of a nickname is no further room. */
    forget();
    join("two", ROMEO, "Romeo");
    unsaid("type='error'");
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    join("three", ROMEO, "Romeo");
    unsaid("type='error'");
    for (int i = 0; i < 4; i++) {
        const char name[] = {(char)('a' + i), '\0'};
        join(name, "admin@example.org/x", "Admin");
    }
    unsaid("type='error'");
    host_stop();
}
END_TEST

/* proves 45-7.2.9-3 */
START_TEST(admins_in_a_full_room)
{
    begin(0, 1);
    join("den", JULIET, "Juliet");
    CHANGED(muc_room_set_max_users(room("den"), 1));
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_ADMIN, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, "rosaline@example.org", MUC_AFFILIATION_OWNER, NULL));
    forget();
    join("den", ROMEO, "Romeo");
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    join("den", ROSALINE, "Rosaline");
    ck_assert_ptr_null(occupant("den", "Rosaline"));
    said("<error type='wait' by='" DEN "'>" CONDITION("service-unavailable"));
    join("den", "admin@example.org/x", "Admin");
    ck_assert_ptr_nonnull(occupant("den", "Admin"));
    host_stop();
}
END_TEST

/* What is kept for a crowd goes with it. */
START_TEST(a_crowd_leaves)
{
    enum { CROWD = 200 };
    char jid[64], xml[256];
    host_prepare();
    world.settings.max_sessions = 2;
    host_start();
    join("den", JULIET, "Juliet");
    for (int i = 0; i < CROWD; i++) {
        snprintf(jid, sizeof jid, "u%d@example.org/x", i);
        join("den", jid, jid);
        forget();
    }
    const mu_live *live = room("den")->live;
    ck_assert_uint_ge(live->audiences[MU_TO_ALL]->cap, CROWD);
    ck_assert_uint_ge(live->rosters[MU_VIEW_ANONYMOUS]->cap, CROWD);
    ck_assert_uint_ge(live->users_cap, CROWD);
    for (int i = 0; i < CROWD; i++) {
        snprintf(xml, sizeof xml, "<presence from='u%d@example.org/x' to='" DEN "/x' type='unavailable'/>", i);
        OK(give(xml));
        ck_assert_ptr_null(mu_check(world.service));
        forget();
    }
    for (int i = 0; i < MU_AUDIENCES; i++)
        ck_assert(!live->audiences[i] || live->audiences[i]->cap <= 32);
    ck_assert(!live->rosters[MU_VIEW_ANONYMOUS] || live->rosters[MU_VIEW_ANONYMOUS]->cap <= 64);
    ck_assert_uint_le(live->users_cap, 32);
    host_stop();
}
END_TEST

/* ---- pace -------------------------------------------------------------------------------------------------------- */

#define TOO_FAST "<error type='wait' by='" DEN "'>" CONDITION("resource-constraint")

static void begin_paced(int burst)
{
    host_prepare();
    static const muc_feature *const more[] = {&muc_feature_pace, NULL};
    world.settings.extra_features = more;
    world.settings.min_message_interval_ms = 1000;
    world.settings.min_presence_interval_ms = 3000;
    world.settings.pace_burst = burst;
    world.callbacks.is_admin = is_admin;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    join("hut", ROMEO, "Romeo");
    forget();
}

/* proves 45-14-6 */
START_TEST(who_talks_too_fast_is_refused)
{
    begin_paced(1);
    talk("den", ROMEO, "one");
    talk("den", ROMEO, "two");
    said(TOO_FAST);
    ck_assert_uint_eq(times("send " JULIET " "), 1);
    forget();
    /* Neither others nor other rooms have to wait, and what was refused costs nothing. */
    talk("den", JULIET, "three");
    talk("hut", ROMEO, "four");
    world.clock += 999;
    talk("den", ROMEO, "five");
    ck_assert_uint_eq(times("type='error'"), 1);
    world.clock += 1;
    talk("den", ROMEO, "six");
    ck_assert_uint_eq(times("type='error'"), 1);
    said("<body>six</body>");
    join("den", "admin@example.org/x", "Admin");
    forget();
    for (int i = 0; i < 5; i++)
        talk("den", "admin@example.org/x", "x");
    unsaid("type='error'");
    host_stop();
}
END_TEST

/* A tree has no size before it is written. */
START_TEST(a_tree_may_be_too_big)
{
    enum { MOST = 1000 };
    host_prepare();
    world.settings.max_stanza = MOST;
    world.settings.lock_new_rooms = 0;
    host_start();
    join("den", JULIET, "Juliet");
    char text[MOST + 1];
    memset(text, 'x', MOST);
    for (int spare = 0; spare < 2; spare++) {
        text[spare ? MOST - sizeof "<body></body>" : MOST] = '\0';
        xmlNode *stanza = xmlNewNode(NULL, (const xmlChar *)"message");
        xmlDoc *doc = xmlNewDoc(NULL);
        (void)xmlDocSetRootElement(doc, stanza);
        xmlSetNs(stanza, xmlNewNs(stanza, (const xmlChar *)MUC_NS_CLIENT, NULL));
        (void)xmlNewProp(stanza, (const xmlChar *)"from", (const xmlChar *)JULIET);
        (void)xmlNewProp(stanza, (const xmlChar *)"to", (const xmlChar *)DEN);
        (void)xmlNewProp(stanza, (const xmlChar *)"type", (const xmlChar *)"groupchat");
        (void)xmlNewTextChild(stanza, stanza->ns, (const xmlChar *)"body", (const xmlChar *)text);
        forget();
        OK(muc_dispatch(world.service, stanza, NULL));
        ck_assert_uint_eq(times(CONDITION("policy-violation")), spare ? 0 : 1);
        ck_assert_uint_eq(muc_history_count(room("den")), (size_t)spare);
        xmlFreeDoc(doc);
    }
    host_stop();
}
END_TEST

START_TEST(some_may_come_at_once)
{
    begin_paced(3);
    for (int i = 0; i < 4; i++)
        talk("den", ROMEO, "x");
    ck_assert_uint_eq(times("type='error'"), 1);
    world.clock += 1000;
    talk("den", ROMEO, "x");
    talk("den", ROMEO, "x");
    ck_assert_uint_eq(times("type='error'"), 2);
    host_stop();
}
END_TEST

static void update(const char *show)
{
    char xml[256];
    snprintf(xml, sizeof xml, "<presence from='%s' to='%s/Romeo'><show>%s</show></presence>", ROMEO, DEN, show);
    OK(give(xml));
}

/* proves 45-14-6 */
START_TEST(who_flickers_is_refused)
{
    begin_paced(1);
    update("away");
    unsaid("type='error'");
    update("dnd");
    ck_assert_uint_eq(times("type='error'"), 1);
    join("den", ROMEO, "Montague");
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    join("den", ROMEO, "Romeo"); /* asks for everything again */
    ck_assert_uint_eq(times("type='error'"), 3);
    /* Leaving and entering are not held up. */
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo' type='unavailable'/>"));
    join("den", ROMEO, "Romeo");
    ck_assert_uint_eq(times("type='error'"), 3);
    world.clock += 3000;
    join("den", ROMEO, "Montague");
    ck_assert_ptr_nonnull(occupant("den", "Montague"));
    ck_assert_uint_eq(times("type='error'"), 3);
    host_stop();
}
END_TEST

/* The table grows with those who talk at the same time, and each is still known. */
START_TEST(many_talk)
{
    enum { MANY = 100 };
    begin_paced(1);
    for (int i = 0; i < MANY; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "u%d@example.org/x", i);
        join("hut", jid, jid);
        forget();
        talk("hut", jid, "x");
        unsaid("type='error'");
    }
    for (int i = 0; i < MANY; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "u%d@example.org/x", i);
        forget();
        talk("hut", jid, "x");
        said("type='error'");
    }
    host_stop();
}
END_TEST

Suite *suite_limits(void)
{
    Suite *suite = suite_create("limits");
    TCase *tc = tcase_create("limits");
    tcase_add_test(tc, rooms_of_one_user);
    tcase_add_test(tc, admins_in_a_full_room);
    tcase_add_test(tc, a_crowd_leaves);
    tcase_add_test(tc, who_talks_too_fast_is_refused);
    tcase_add_test(tc, a_tree_may_be_too_big);
    tcase_add_test(tc, some_may_come_at_once);
    tcase_add_test(tc, who_flickers_is_refused);
    tcase_add_test(tc, many_talk);
    suite_add_tcase(suite, tc);
    return suite;
}
