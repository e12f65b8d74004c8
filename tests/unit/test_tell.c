/* test_tell.c: telling by hand, and asking what would be allowed. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

static int except_romeo(muc_occupant *o, void *ud)
{
    /* A filter looks, and changes nothing. */
    GIVES(MUC_ERR_BUSY, muc_occupant_set_role(o, NULL, MUC_ROLE_VISITOR, NULL));
    ck_assert_str_eq(ud, "ud");
    return strcmp(muc_occupant_nick(o), "Romeo") != 0;
}

static muc_session *session_of(const char *jid)
{
    muc_session *session = muc_session_by_jid(room("den"), jid);
    ck_assert_ptr_nonnull(session);
    return session;
}

/* ---- what handlers add ------------------------------------------------------------------------------------------- */

static const char *hat;

static int wear(muc_event *ev, void *ud)
{
    (void)ud;
    GIVES(MUC_ERR_BUSY, muc_occupant_refresh(ev->occupant));
    muc_xml_leaf(ev->as.build->out, "hat", hat);
    return MUC_PASS;
}

START_TEST(presences_are_written_anew)
{
    join("den", NURSE, "Nurse");
    hat = "straw";
    int id = muc_hook_add(world.service, MUC_ON_PRESENCE_BUILD, NULL, 0, wear, NULL);
    ck_assert_int_gt(id, 0);
    forget();
    join("den", "tybalt@example.org/street", "Tybalt");
    ck_assert_uint_eq(times("straw"), 7);
    hat = "felt";
    OK(muc_occupant_refresh(occupant("den", "Nurse")));
    forget();
    join("den", "paris@example.org/square", "Paris");
    ck_assert_uint_eq(times("straw"), 3);
    ck_assert_uint_eq(times("felt"), 6);
    OK(muc_hook_remove(world.service, id));
    forget();
    join("den", "abram@example.org/square", "Abram");
    unsaid("<hat");
}
END_TEST

/* ---- stanzas ----------------------------------------------------------------------------------------------------- */

START_TEST(a_filter_picks_who_hears)
{
    muc_broadcast how = {.filter = except_romeo, .ud = "ud"};
    OK(muc_room_broadcast_as(room("den"), message("hush"), &how));
    said("send " JULIET " <message to='" JULIET "' from='" DEN "'");
    unsaid("send " ROMEO);
    ck_assert_uint_eq(muc_history_count(room("den")), 0);
}
END_TEST

START_TEST(somebody_who_is_not_there_speaks)
{
    muc_broadcast how = {.nick = "Ghost"};
    OK(muc_room_broadcast_as(room("den"), message("Hu"), &how));
    said("send " ROMEO " <message to='" ROMEO "' from='" DEN "/Ghost'");
    said("send " JULIET " <message to='" JULIET "' from='" DEN "/Ghost'");
    ck_assert_uint_eq(muc_history_count(room("den")), 1);
    OK(muc_room_route_as(room("den"), message("psst"), "Ghost", ROMEO));
    said("send " ROMEO " <message to='" ROMEO "' from='" DEN "/Ghost' type='groupchat'><body>psst");
    unsaid("send " JULIET " <message to='" JULIET "' from='" DEN "/Ghost' type='groupchat'><body>psst");
}
END_TEST

START_TEST(names_that_cannot_be)
{
    muc_broadcast how = {.nick = "\x01"};
    GIVES(MUC_ERR_BAD_JID, muc_room_broadcast_as(room("den"), message("Hu"), &how));
    GIVES(MUC_ERR_BAD_JID, muc_room_route_as(room("den"), message("Hu"), "", ROMEO));
    GIVES(MUC_ERR_INVALID, muc_room_route_as(room("den"), message("Hu"), "Ghost", ""));
    ck_assert_uint_eq(world.log_n, 0);
}
END_TEST

/* ---- presence ---------------------------------------------------------------------------------------------------- */

static void write_badge(muc_xml *x, void *ud)
{
    muc_xml_open(x, "badge", ud);
    muc_xml_close(x);
}

START_TEST(a_presence_with_reasons_and_more)
{
    static const int codes[] = {170, 171};
    muc_announcement how = {
        .actor = JULIET, .reason = "why", .codes = codes, .code_count = 2, .extra = write_badge, .ud = "urn:badge"};
    OK(muc_occupant_announce(occupant("den", "Romeo"), &how));
    said("<item affiliation='none' role='participant' jid='" ROMEO "'><actor nick='Juliet'/><reason>why</reason></item>"
         "<status code='110'/><status code='170'/><status code='171'/><badge xmlns='urn:badge'/></x>");
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'");
    forget();
    /* The plain view that is kept has learned nothing of it. */
    OK(muc_occupant_announce(occupant("den", "Romeo"), NULL));
    unsaid("badge");
    unsaid("reason");
    said("send " JULIET);
}
END_TEST

START_TEST(nobody_learns_a_jid_by_it)
{
    join("den", NURSE, "Nurse");
    forget();
    muc_announcement how = {.actor = JULIET};
    OK(muc_occupant_announce(occupant("den", "Romeo"), &how));
    OK(muc_occupant_show(occupant("den", "Romeo"), session_of(NURSE), &how));
    OK(muc_session_show_all(session_of(NURSE), NULL, NULL));
    ck_assert_uint_eq(times("send " NURSE " <presence to='" NURSE "' from='" DEN "/Romeo'><x"), 3);
    for (char *line = world.log; (line = strstr(line, "send " NURSE)); line++) {
        size_t n = strcspn(line, "\n");
        char end = line[n];
        line[n] = '\0';
        ck_assert_ptr_null(strstr(line, "romeo@"));
        ck_assert_ptr_null(strstr(line, "juliet@"));
        line[n] = end;
    }
}
END_TEST

START_TEST(shown_as_gone_to_one)
{
    muc_announcement gone = {.unavailable = 1};
    OK(muc_occupant_show(occupant("den", "Juliet"), session_of(ROMEO), &gone));
    said("send " ROMEO " <presence type='unavailable' to='" ROMEO "' from='" DEN "/Juliet'");
    said("affiliation='owner' role='none'");
    unsaid("send " JULIET);
    ck_assert_ptr_nonnull(occupant("den", "Juliet"));
    /* Oneself: with 110. */
    forget();
    OK(muc_occupant_show(occupant("den", "Romeo"), session_of(ROMEO), NULL));
    said("<status code='110'/>");
}
END_TEST

START_TEST(hidden_roles_stay_hidden)
{
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_MODERATORS));
    forget();
    OK(muc_occupant_announce(occupant("den", "Romeo"), NULL));
    OK(muc_occupant_show(occupant("den", "Romeo"), session_of(JULIET), NULL));
    unsaid("send " JULIET);
    muc_announcement shown = {.shown = 1};
    OK(muc_occupant_announce(occupant("den", "Romeo"), &shown));
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'");
}
END_TEST

static int only_juliet(muc_occupant *o, void *ud)
{
    (void)ud;
    return strcmp(muc_occupant_nick(o), "Juliet") == 0;
}

START_TEST(the_list_with_a_filter)
{
    join("den", NURSE, "Nurse");
    forget();
    OK(muc_session_show_all(session_of(ROMEO), only_juliet, NULL));
    said("send " ROMEO " <presence to='" ROMEO "' from='" DEN "/Juliet'");
    ck_assert_uint_eq(times("send"), 1);
}
END_TEST

START_TEST(who_is_away)
{
    CHANGED(muc_affiliation_set(room("den"), NULL, "nurse@example.org", MUC_AFFILIATION_MEMBER, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_session_show_absent(session_of(ROMEO), "nurse@example.org"));
    CHANGED(muc_affiliation_set_nick(room("den"), "nurse@example.org", "Nurse"));
    forget();
    OK(muc_session_show_absent(session_of(ROMEO), "nurse@example.org"));
    said("send " ROMEO " <presence type='unavailable' to='" ROMEO "' from='" DEN "/Nurse'");
    said("'><x xmlns='" MUC_NS_USER "'><item affiliation='member' nick='Nurse' role='none'/></x></presence>");
    forget();
    OK(muc_session_show_absent(session_of(JULIET), "nurse@example.org"));
    said("jid='nurse@example.org'");
    join("den", NURSE, "Nurse");
    GIVES(MUC_ERR_NOT_FOUND, muc_session_show_absent(session_of(JULIET), "nurse@example.org"));
    GIVES(MUC_ERR_BAD_JID, muc_session_show_absent(session_of(JULIET), "@"));
}
END_TEST

START_TEST(announcements_that_make_no_sense)
{
    static const int codes[] = {99};
    muc_announcement bad[] = {
        {.codes = codes, .code_count = 1}, {.reason = "\x01"}, {.extra = write_badge, .ud = "\x01"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        GIVES(MUC_ERR_INVALID, muc_occupant_announce(occupant("den", "Romeo"), &bad[i]));
    muc_occupant *draft;
    OK(muc_occupant_new(room("den"), "bot@example.org", "Bot", &draft));
    GIVES(MUC_ERR_INVALID, muc_occupant_announce(draft, NULL));
    muc_occupant_discard(draft);
    ck_assert_uint_eq(world.log_n, 0);
}
END_TEST

/* ---- talk -------------------------------------------------------------------------------------------------------- */

START_TEST(history_and_subject_to_one)
{
    talk("den", ROMEO, "first");
    talk("den", ROMEO, "second");
    CHANGED(muc_room_set_subject(room("den"), NULL, "Balconies"));
    forget();
    static const muc_history_event one = {.max_stanzas = 1, .max_chars = -1, .since = -1};
    OK(muc_session_send_history(session_of(ROMEO), &one));
    unsaid("first");
    said("second");
    said("<delay ");
    OK(muc_session_send_history(session_of(ROMEO), NULL));
    said("first");
    OK(muc_session_send_subject(session_of(ROMEO)));
    said("<subject>Balconies</subject>");
    unsaid("send " JULIET);
}
END_TEST

/* ---- questions --------------------------------------------------------------------------------------------------- */

START_TEST(usual_roles)
{
    muc_role role;
    OK(muc_room_default_role(room("den"), "x@example.org", MUC_AFFILIATION_NONE, &role));
    ck_assert_int_eq(role, MUC_ROLE_PARTICIPANT);
    CHANGED(muc_room_set_moderated(room("den"), 1));
    OK(muc_room_default_role(room("den"), NULL, MUC_AFFILIATION_NONE, &role));
    ck_assert_int_eq(role, MUC_ROLE_VISITOR);
    OK(muc_room_default_role(room("den"), NULL, MUC_AFFILIATION_OWNER, &role));
    ck_assert_int_eq(role, MUC_ROLE_MODERATOR);
    OK(muc_room_default_role(room("den"), NULL, MUC_AFFILIATION_OUTCAST, &role));
    ck_assert_int_eq(role, MUC_ROLE_NONE);
    GIVES(MUC_ERR_BAD_JID, muc_room_default_role(room("den"), "@", MUC_AFFILIATION_NONE, &role));
}
END_TEST

static int allow(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    return MUC_STOP;
}

START_TEST(who_may_give_which_role)
{
    OK(muc_occupant_may_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_NONE));
    GIVES(MUC_ERR_FORBIDDEN, muc_occupant_may_set_role(occupant("den", "Juliet"), ROMEO, MUC_ROLE_NONE));
    GIVES(MUC_ERR_FORBIDDEN, muc_occupant_set_role(occupant("den", "Romeo"), ROMEO, MUC_ROLE_MODERATOR, NULL));
    /* A handler that stops has the last word. */
    int id = muc_hook_add(world.service, MUC_ON_PRE_ROLE, NULL, 0, allow, NULL);
    OK(muc_occupant_may_set_role(occupant("den", "Romeo"), ROMEO, MUC_ROLE_MODERATOR));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), ROMEO, MUC_ROLE_MODERATOR, NULL));
    OK(muc_hook_remove(world.service, id));
}
END_TEST

static muc_condition refusal(const char *jid, const char *nick, const char *password)
{
    muc_condition condition;
    int r = muc_room_may_enter(room("den"), jid, nick, password, &condition);
    ck_assert_int_eq(r, condition ? MUC_ERR_REJECTED : MUC_OK);
    return condition;
}

START_TEST(who_may_enter)
{
    ck_assert_int_eq(refusal(NURSE, NULL, NULL), 0);
    ck_assert_int_eq(refusal(NURSE, "Romeo", NULL), MUC_CONFLICT);
    ck_assert_int_eq(refusal(ROMEO, "Romeo", NULL), 0);
    ck_assert_int_eq(refusal(NURSE, "\x01", NULL), MUC_JID_MALFORMED);
    CHANGED(muc_room_set_password(room("den"), "secret"));
    ck_assert_int_eq(refusal("nurse@example.org", NULL, "public"), MUC_NOT_AUTHORIZED);
    ck_assert_int_eq(refusal("nurse@example.org", NULL, "secret"), 0);
    CHANGED(muc_room_set_members_only(room("den"), 1));
    ck_assert_int_eq(refusal(NURSE, NULL, "secret"), MUC_REGISTRATION_REQUIRED);
    CHANGED(muc_affiliation_set(room("den"), NULL, NURSE, MUC_AFFILIATION_OUTCAST, NULL));
    ck_assert_int_eq(refusal(NURSE, NULL, "secret"), MUC_FORBIDDEN);
    ck_assert_ptr_null(occupant("den", "Nurse"));
}
END_TEST

static muc_condition unread(const char *jid)
{
    muc_condition condition;
    int r = muc_room_may_read(room("den"), jid, &condition);
    ck_assert_int_eq(r, condition ? MUC_ERR_REJECTED : MUC_OK);
    return condition;
}

/* What a room has kept is for those who are inside, and for those who could come in. */
START_TEST(who_may_read)
{
    ck_assert_int_eq(unread(NURSE), 0);
    CHANGED(muc_room_set_password(room("den"), "secret"));
    ck_assert_int_eq(unread(NURSE), MUC_NOT_AUTHORIZED);
    ck_assert_int_eq(unread("nurse@example.org"), MUC_NOT_AUTHORIZED);
    ck_assert_int_eq(unread(ROMEO), 0);
    ck_assert_int_eq(unread("romeo@example.org/street"), 0);
    OK(muc_occupant_remove(occupant("den", "Romeo"), 307, NULL));
    ck_assert_int_eq(unread(ROMEO), MUC_NOT_AUTHORIZED);
    CHANGED(muc_room_set_password(room("den"), ""));
    CHANGED(muc_room_set_members_only(room("den"), 1));
    ck_assert_int_eq(unread(NURSE), MUC_REGISTRATION_REQUIRED);
    CHANGED(muc_affiliation_set(room("den"), NULL, NURSE, MUC_AFFILIATION_OUTCAST, NULL));
    ck_assert_int_eq(unread(NURSE), MUC_FORBIDDEN);
    CHANGED(muc_room_lock(room("den")));
    ck_assert_int_eq(unread(NURSE), MUC_ITEM_NOT_FOUND);
    ck_assert_int_eq(unread(JULIET), 0);
    GIVES(MUC_ERR_INVALID, muc_room_may_read(room("den"), NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_may_read(room("den"), "", NULL));
}
END_TEST

static int call_him_romeo(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_join_set_nick(ev, "Romeo");
}

/* Under the nickname that a handler gives him he finds himself, or somebody else. */
START_TEST(who_may_enter_under_another_nickname)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_PRE_JOIN, NULL, 0, call_him_romeo, NULL), 0);
    ck_assert_int_eq(refusal(ROMEO, "Ghost", NULL), 0);
    ck_assert_int_eq(refusal("romeo@example.org/street", NULL, NULL), 0);
    ck_assert_int_eq(refusal(NURSE, "Ghost", NULL), MUC_CONFLICT);
}
END_TEST

START_TEST(who_may_configure)
{
    ck_assert_int_eq(muc_room_may_configure(room("den"), JULIET), 1);
    ck_assert_int_eq(muc_room_may_configure(room("den"), ROMEO), 0);
}
END_TEST

/* ---- clearing ---------------------------------------------------------------------------------------------------- */

START_TEST(a_room_is_emptied)
{
    CHANGED(muc_room_set_persistent(room("den"), 1));
    forget();
    OK(muc_room_clear(room("den"), 332, "closing time"));
    said("send " ROMEO " <presence type='unavailable' to='" ROMEO "' from='" DEN "/Romeo'");
    said("<item affiliation='owner' role='none' jid='" JULIET "'><reason>closing time</reason></item>"
         "<status code='110'/><status code='332'/>");
    ck_assert_uint_eq(times("send"), 2);
    ck_assert_uint_eq(muc_occupant_count(room("den")), 0);
    OK(muc_room_clear(room("den"), 0, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_clear(room("den"), 99, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_clear(room("den"), 0, "\x01"));
}
END_TEST

static int come_back(muc_event *ev, void *ud)
{
    (void)ud;
    char xml[300];
    snprintf(xml, sizeof xml, "<presence from='%s/again' to='" DEN "/%s again'><x xmlns='" MUC_NS "'/></presence>",
             muc_occupant_bare_jid(ev->occupant), muc_occupant_nick(ev->occupant));
    OK(give(xml));
    return MUC_PASS;
}

/* Nobody stays in a room that is no more, and nobody keeps it from ending by coming back. */
START_TEST(who_comes_back_while_a_room_ends)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_SESSION_GONE, NULL, 0, come_back, NULL), 0);
    CHANGED(muc_room_set_persistent(room("den"), 1));
    OK(muc_room_clear(room("den"), 0, NULL));
    ck_assert_uint_eq(muc_occupant_count(room("den")), 0);
    join("den", JULIET, "Juliet");
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_ptr_null(room("den"));
    ck_assert_ptr_null(muc_peer_userdata(world.service, "juliet@example.org/again"));
    OK(muc_peer_gone(world.service, "juliet@example.org/again", NULL));
}
END_TEST

START_TEST(a_room_for_a_while_ends_with_it)
{
    OK(muc_room_clear(room("den"), 0, NULL));
    ck_assert_ptr_null(room("den"));
    ck_assert_uint_eq(times("send"), 2);
}
END_TEST

Suite *suite_tell(void)
{
    Suite *suite = suite_create("tell");
    TCase *tc = tcase_create("telling and asking");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, a_filter_picks_who_hears);
    tcase_add_test(tc, somebody_who_is_not_there_speaks);
    tcase_add_test(tc, names_that_cannot_be);
    tcase_add_test(tc, a_presence_with_reasons_and_more);
    tcase_add_test(tc, nobody_learns_a_jid_by_it);
    tcase_add_test(tc, shown_as_gone_to_one);
    tcase_add_test(tc, hidden_roles_stay_hidden);
    tcase_add_test(tc, the_list_with_a_filter);
    tcase_add_test(tc, who_is_away);
    tcase_add_test(tc, announcements_that_make_no_sense);
    tcase_add_test(tc, history_and_subject_to_one);
    tcase_add_test(tc, usual_roles);
    tcase_add_test(tc, who_may_give_which_role);
    tcase_add_test(tc, who_may_enter);
    tcase_add_test(tc, who_may_enter_under_another_nickname);
    tcase_add_test(tc, who_may_read);
    tcase_add_test(tc, who_may_configure);
    tcase_add_test(tc, presences_are_written_anew);
    tcase_add_test(tc, a_room_is_emptied);
    tcase_add_test(tc, who_comes_back_while_a_room_ends);
    tcase_add_test(tc, a_room_for_a_while_ends_with_it);
    suite_add_tcase(suite, tc);
    return suite;
}
