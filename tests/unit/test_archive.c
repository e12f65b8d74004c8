/* test_archive.c: history that comes from an archive, what is said around it, and subjects of the host. */
#include "host.h"
#include "suites.h"

#include <libxml/parser.h>
#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

/* ---- an archive that gives history ------------------------------------------------------------------------------- */

typedef struct archive {
    int n, asked, ended; /* messages, questions, ends */
    int failure;         /* given after the last one */
    const char *inside;  /* what each message holds beside its body */
    char xml[500];
} archive;

static archive kept;

static int next_message(muc_history_entry *out, void *ud)
{
    archive *a = ud;
    GIVES(MUC_ERR_BUSY, muc_history_clear(room("den")));
    if (a->asked == a->n)
        return a->failure;
    int i = a->asked++;
    snprintf(a->xml, sizeof a->xml,
             "<message xmlns='jabber:client' from='%s' type='groupchat' id='m%d'><body>no %d</body>%s</message>",
             i == 0 ? "moor@" SERVICE "/Ghost" : DEN "/Ghost", i, i, a->inside ? a->inside : "");
    out->xml = (muc_span){a->xml, i == 1 ? 7 : strlen(a->xml)};
    out->at = 1000000000000 + i * 1000;
    return 1;
}

static void end(void *ud)
{
    ((archive *)ud)->ended++;
}

static int give_archive(muc_event *ev, void *ud)
{
    muc_history_event *wanted = ev->as.history;
    wanted->next = next_message;
    wanted->end = end;
    wanted->ud = ud;
    return MUC_STOP;
}

static void set_up(void)
{
    host_setup();
    kept = (archive){.n = 12};
    talk("den", ROMEO, "not of the archive");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_HISTORY_WANTED, NULL, MUC_PRIORITY_EFFECT, give_archive, &kept),
                     0);
    forget();
}

static void enter(const char *history)
{
    char xml[500];
    snprintf(xml, sizeof xml, "<presence from='" NURSE "' to='" DEN "/Nurse'><x xmlns='%s'>%s</x></presence>", MUC_NS,
             history);
    OK(give(xml));
}

/* The first two make no sense: another room's, and none at all. */
START_TEST(instead_of_the_room)
{
    enter("");
    ck_assert_uint_eq(times("<body>no "), 10);
    said("send " NURSE " <message to='" NURSE "' from='" DEN "/Ghost' type='groupchat' id='m2'><body>no 2</body>"
         "<delay xmlns='urn:xmpp:delay' from='" DEN "' stamp='2001-09-09T01:46:42Z'/></message>");
    unsaid("not of the archive");
    ck_assert_uint_lt(place("<body>no 2<"), place("<body>no 11<"));
    ck_assert_uint_lt(place("<body>no 11<"), place("<subject/>"));
    ck_assert_int_eq(kept.asked, 12);
    ck_assert_int_eq(kept.ended, 1);
}
END_TEST

START_TEST(the_latest_within_the_limits)
{
    enter("<history maxstanzas='3'/>");
    ck_assert_uint_eq(times("<body>no "), 3);
    ck_assert_uint_lt(place("<body>no 9<"), place("<body>no 10<"));
    ck_assert_uint_lt(place("<body>no 10<"), place("<body>no 11<"));
    OK(muc_peer_gone(world.service, NURSE, NULL));
    forget();
    kept.asked = 0;
    enter("<history since='2001-09-09T01:46:50Z'/>");
    ck_assert_uint_eq(times("<body>no "), 2);
    said("<body>no 10<");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    forget();
    kept.asked = 0;
    enter("<history maxchars='500'/>");
    ck_assert_uint_eq(times("<body>no "), 2);
    said("<body>no 11<");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    forget();
    kept.asked = 0;
    enter("<history maxchars='0'/>");
    unsaid("<body>");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    kept.asked = 0;
    enter("<history maxstanzas='0'/>");
    unsaid("<body>");
    ck_assert_int_eq(kept.asked, 0);
    ck_assert_int_eq(kept.ended, 5);
}
END_TEST

/* What the room said is shown as it said it; a delay of the room would be there twice, one of somebody else is its own.
 */
START_TEST(words_of_the_room)
{
    kept.n = 3;
    kept.inside =
        "<stanza-id xmlns='urn:xmpp:sid:0' by='" DEN "' id='s'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='o'/>"
        "<delay xmlns='urn:xmpp:delay' from='" DEN "' stamp='2000-01-01T00:00:00Z'/>";
    enter("");
    said("by='" DEN
         "' id='s'/><occupant-id xmlns='urn:xmpp:occupant-id:0' id='o'/><delay xmlns='urn:xmpp:delay' from='" DEN
         "' stamp='2001-");
    unsaid("2000-01");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    forget();
    kept.asked = 0;
    kept.inside = "<delay xmlns='urn:xmpp:delay' from='juliet@example.org' stamp='2000-01-01T00:00:00Z'/>";
    enter("");
    said("2000-01-01");
    unsaid("stamp='2001-");
}
END_TEST

START_TEST(an_archive_that_fails)
{
    kept.failure = MUC_ERR_HOST;
    char *before = state();
    enter("");
    said("<internal-server-error");
    unsaid("<body>");
    ck_assert_int_eq(kept.ended, 1);
    same_state(before);
    muc_history_event wanted = {.max_stanzas = -1, .max_chars = -1, .since = -1};
    kept.asked = 0;
    GIVES(MUC_ERR_HOST, muc_session_send_history(muc_session_by_jid(room("den"), ROMEO), &wanted));
    ck_assert_int_eq(kept.ended, 2);
}
END_TEST

/* By hand, as nodes, and no more than the room may hold. */
static xmlDoc *doc;

static int next_node(muc_history_entry *out, void *ud)
{
    int *left = ud;
    out->node = xmlDocGetRootElement(doc);
    out->at = 1000000000000;
    return (*left)-- > 0;
}

START_TEST(by_hand)
{
    static const char xml[] = "<message from='" DEN "' type='groupchat'><body>no</body></message>";
    doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
    int left = 500;
    muc_history_event wanted = {.max_stanzas = -1, .max_chars = -1, .since = -1, .next = next_node, .ud = &left};
    host_stop();
    host_setup();
    forget();
    OK(muc_session_send_history(muc_session_by_jid(room("den"), ROMEO), &wanted));
    ck_assert_uint_eq(times("send " ROMEO " <message"), 20);
    ck_assert_int_eq(left, -1);
    xmlFreeDoc(doc);
}
END_TEST

START_TEST(into_the_history)
{
    static const char xml[] = "<message from='" DEN "/Ghost' type='groupchat'><body>no</body>"
                              "<stanza-id xmlns='urn:xmpp:sid:0' by='" DEN "' id='s'/>"
                              "<delay xmlns='urn:xmpp:delay' from='" DEN "' stamp='2000-01-01T00:00:00Z'/></message>";
    doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
    CHANGED(muc_history_clear(room("den")));
    OK(muc_history_add(room("den"), xmlDocGetRootElement(doc), 1000000000000));
    xmlFreeDoc(doc);
    muc_span part[3];
    ck_assert_int_eq(muc_history_get(room("den"), 0, part, NULL), 1);
    char body[500];
    snprintf(body, sizeof body, "%.*s", (int)part[1].n, part[1].p);
    ck_assert_ptr_nonnull(strstr(body, "<stanza-id xmlns='urn:xmpp:sid:0' by='" DEN "' id='s'/>"));
    ck_assert_ptr_null(strstr(body, "<delay"));
}
END_TEST

/* ---- around it --------------------------------------------------------------------------------------------------- */

static int welcome(muc_event *ev, void *ud)
{
    ck_assert_str_eq(ev->as.join->nick, "Nurse");
    return muc_room_route(ev->room, message(ud), ev->from);
}

static int send_away(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_occupant_remove(ev->occupant, 307, NULL);
}

START_TEST(slots)
{
    static char one[] = "one", two[] = "two";
    muc_hook_add(world.service, MUC_ON_BEFORE_HISTORY, NULL, 0, welcome, one);
    muc_hook_add(world.service, MUC_ON_BEFORE_SUBJECT, NULL, 0, welcome, two);
    enter("");
    ck_assert_uint_lt(place("<status code='110'"), place("<body>one<"));
    ck_assert_uint_lt(place("<body>one<"), place("<body>no 2<"));
    ck_assert_uint_lt(place("<body>no 11<"), place("<body>two<"));
    ck_assert_uint_lt(place("<body>two<"), place("<subject/>"));
    forget();
    enter("");
    ck_assert_uint_eq(times("<body>two<"), 1);
}
END_TEST

START_TEST(sent_away_in_a_slot)
{
    static const muc_point points[] = {MUC_ON_BEFORE_HISTORY, MUC_ON_BEFORE_SUBJECT};
    for (size_t i = 0; i < 2; i++) {
        kept.asked = 0;
        int id = muc_hook_add(world.service, points[i], NULL, 0, send_away, NULL);
        forget();
        enter("");
        said("send " NURSE " <presence type='unavailable' to='" NURSE "'");
        unsaid("<subject");
        ck_assert_uint_eq(times("<body>no "), i * 10);
        ck_assert_uint_eq(muc_occupant_count(room("den")), 2);
        OK(muc_hook_remove(world.service, id));
    }
}
END_TEST

/* ---- subjects ---------------------------------------------------------------------------------------------------- */

static int mark(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_ptr_nonnull(ev->stanza);
    ck_assert_str_eq(ev->as.build->message->subject, "Tea");
    muc_xml_leaf(ev->as.build->out, "mark", NULL);
    return MUC_PASS;
}

START_TEST(subjects)
{
    static const muc_subject both[] = {{NULL, "Tea"}, {"de", "Tee & Brot"}}, twice[] = {{NULL, "a"}, {"", "b"}};
    CHANGED(muc_room_set_subjects(room("den"), DEN "/Juliet", both, 2));
    said("send " ROMEO " <message to='" ROMEO "' from='" DEN "/Juliet' type='groupchat'><subject>Tea</subject>"
         "<subject xml:lang='de'>Tee &amp; Brot</subject></message>");
    ck_assert_str_eq(muc_room_get_subject(room("den"), NULL, NULL), "Tea");
    forget();
    enter("");
    said("<subject xml:lang='de'>Tee &amp; Brot</subject><delay");
    GIVES(MUC_ERR_INVALID, muc_room_set_subjects(room("den"), NULL, twice, 2));
    GIVES(MUC_ERR_INVALID, muc_room_set_subjects(room("den"), NULL, both, 0));
    GIVES(MUC_ERR_INVALID, muc_room_set_subjects(room("den"), "moor@" SERVICE, both, 2));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE_BUILD, NULL, 0, mark, NULL), 0);
    forget();
    CHANGED(muc_room_set_subject(room("den"), NULL, "Tea"));
    said("<subject>Tea</subject><mark/>");
    OK(muc_room_set_subject(room("den"), NULL, "Tea"));
}
END_TEST

/* ---- sessions ---------------------------------------------------------------------------------------------------- */

static muc_session *session_of(const char *jid)
{
    return muc_session_by_jid(room("den"), jid);
}

#define SECOND "romeo@example.org/second"

START_TEST(one_session_goes)
{
    join("den", SECOND, "Romeo");
    muc_session *primary = muc_occupant_primary(occupant("den", "Romeo"));
    ck_assert_ptr_eq(primary, session_of(SECOND));
    forget();
    GIVES(MUC_ERR_INVALID, muc_session_remove(primary, 99, NULL));
    OK(muc_session_remove(primary, 307, "enough"));
    said("send " SECOND " <presence type='unavailable' to='" SECOND "'");
    said("<reason>enough</reason></item><status code='110'/><status code='307'/>");
    unsaid("send " JULIET " <presence type='unavailable' to='" JULIET "'");
    ck_assert_ptr_null(session_of(SECOND));
    forget();
    OK(muc_session_remove(session_of(ROMEO), 0, NULL));
    said("send " JULIET " <presence type='unavailable' to='" JULIET "'");
    unsaid("307");
    ck_assert_ptr_null(occupant("den", "Romeo"));
}
END_TEST

START_TEST(another_stands_for_him)
{
    OK(give("<presence from='" SECOND "' to='" DEN "/Romeo'><status>second</status><x xmlns='" MUC_NS
            "'/></presence>"));
    ck_assert_ptr_eq(muc_occupant_primary(occupant("den", "Romeo")), session_of(SECOND));
    forget();
    OK(muc_session_make_primary(session_of(SECOND)));
    unsaid("send");
    CHANGED(muc_session_make_primary(session_of(ROMEO)));
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'><x");
    said("jid='" ROMEO "'");
    unsaid("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'><status>");
    ck_assert_ptr_eq(muc_occupant_primary(occupant("den", "Romeo")), session_of(ROMEO));
    OK(give("<presence from='" SECOND "' to='" DEN "/Romeo'><status>second</status></presence>"));
    ck_assert_ptr_eq(muc_occupant_primary(occupant("den", "Romeo")), session_of(SECOND));
}
END_TEST

/* ---- roles ------------------------------------------------------------------------------------------------------- */

static int on_role(muc_event *ev, void *ud)
{
    (void)ud;
    note(ev->as.role->jid);
    return MUC_PASS;
}

START_TEST(roles_are_of_users)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_DEFAULT_ROLE, NULL, MUC_PRIORITY_FIRST, on_role, NULL), 0);
    enter("");
    said("nurse@example.org\n");
}
END_TEST

Suite *suite_archive(void)
{
    Suite *suite = suite_create("archive");
    TCase *tests = tcase_create("archive");
    tcase_add_checked_fixture(tests, set_up, host_stop);
    tcase_add_test(tests, instead_of_the_room);
    tcase_add_test(tests, the_latest_within_the_limits);
    tcase_add_test(tests, words_of_the_room);
    tcase_add_test(tests, an_archive_that_fails);
    tcase_add_test(tests, by_hand);
    tcase_add_test(tests, into_the_history);
    tcase_add_test(tests, slots);
    tcase_add_test(tests, sent_away_in_a_slot);
    tcase_add_test(tests, subjects);
    tcase_add_test(tests, one_session_goes);
    tcase_add_test(tests, another_stands_for_him);
    tcase_add_test(tests, roles_are_of_users);
    suite_add_tcase(suite, tests);
    return suite;
}
