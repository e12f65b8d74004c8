/* test_invite.c: invitations and declines through the API, and what handlers can make of them. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"
#define PARIS "paris@example.org"

static int invite(const char *actor, const char *to, const char *reason)
{
    const muc_invitation invitation = {.to = to, .reason = reason};
    return muc_room_invite(room("den"), actor, &invitation, 1);
}

/* ---- without handlers ------------------------------------------------------------------------------------------- */

START_TEST(by_the_room)
{
    forget();
    OK(invite(NULL, PARIS, "Come"));
    said("send " PARIS " <message to='" PARIS "' from='" DEN "' id='");
    said("<x xmlns='http://jabber.org/protocol/muc#user'><invite from='" DEN "'><reason>Come</reason></invite></x>");
    /* Nobody hears that it was declined but handlers. */
    forget();
    OK(muc_room_decline(room("den"), PARIS "/park", DEN, NULL, NULL));
    ck_assert_uint_eq(world.log_n, 0);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_decline(room("den"), PARIS "/park", DEN, NULL, NULL));
}
END_TEST

/* By the rules for who asks: inside, or an admin. */
START_TEST(by_somebody)
{
    OK(invite(ROMEO, PARIS, NULL));
    said("<invite from='" DEN "/Romeo'/>");
    forget();
    OK(invite("romeo@example.org", PARIS, NULL));
    said("<invite from='" DEN "/Romeo'/>");
    GIVES(MUC_ERR_REJECTED, invite(NURSE, PARIS, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, NURSE, MUC_AFFILIATION_ADMIN, NULL));
    forget();
    OK(invite(NURSE, PARIS, NULL));
    said("<invite from='" DEN "'/>");
    forget();
    OK(muc_room_decline(room("den"), PARIS, DEN, "no", NULL));
    said("send nurse@example.org <message to='nurse@example.org' from='" DEN "'>");
    CHANGED(muc_room_set_members_only(room("den"), 1));
    CHANGED(muc_affiliation_set(room("den"), NULL, NURSE, MUC_AFFILIATION_NONE, NULL));
    GIVES(MUC_ERR_REJECTED, invite(NURSE, PARIS, NULL));
    CHANGED(muc_room_set_allow_member_invites(room("den"), 1));
    ck_assert_int_eq(muc_room_get_allow_member_invites(room("den")), 1);
    GIVES(MUC_ERR_REJECTED, invite(NURSE, PARIS, NULL));
}
END_TEST

START_TEST(what_is_none)
{
    static char long_text[5000];
    memset(long_text, 'x', sizeof long_text - 1);
    char *before = state();
    GIVES(MUC_ERR_INVALID, invite(NULL, NULL, NULL));
    GIVES(MUC_ERR_BAD_JID, invite(NULL, "@", NULL));
    GIVES(MUC_ERR_NOT_FOUND, invite(NULL, "example.org", NULL));
    GIVES(MUC_ERR_NOT_FOUND, invite(NULL, DEN "/Romeo", NULL));
    GIVES(MUC_ERR_INVALID, invite(NULL, PARIS, long_text));
    GIVES(MUC_ERR_INVALID, invite(NULL, PARIS, "\x01"));
    const muc_invitation two[] = {{.to = PARIS}, {.to = "example.org"}};
    GIVES(MUC_ERR_NOT_FOUND, muc_room_invite(room("den"), NULL, two, 2));
    const muc_invitation thread = {.to = PARIS, .continues = 1, .thread = long_text};
    GIVES(MUC_ERR_INVALID, muc_room_invite(room("den"), NULL, &thread, 1));
    GIVES(MUC_ERR_INVALID, muc_room_invite(room("den"), NULL, NULL, 1));
    GIVES(MUC_ERR_INVALID, muc_room_decline(room("den"), NULL, DEN, NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_decline(room("den"), PARIS, DEN, long_text, NULL));
    same_state(before);
    OK(muc_room_invite(room("den"), NULL, NULL, 0));
}
END_TEST

/* proves 249-2 249-3 */
START_TEST(direct)
{
    CHANGED(muc_room_set_password(room("den"), "rose"));
    CHANGED(muc_room_set_members_only(room("den"), 1));
    join("den", JULIET, "Juliet");
    const muc_invitation list[] = {
        {.to = PARIS, .reason = "Come", .direct = 1, .continues = 1, .thread = "t1"},
        {.to = "juliet@example.org", .direct = 1},
        {.to = "nurse@example.org", .direct = 1},
    };
    forget();
    OK(muc_room_invite(room("den"), NULL, list, 3));
    said("<x xmlns='jabber:x:conference' jid='" DEN "' password='rose' reason='Come' continue='true' thread='t1'/>");
    said("<x xmlns='jabber:x:conference' jid='" DEN "' password='rose'/>");
    ck_assert_uint_eq(times("send "), 2);
    ck_assert_int_eq(muc_affiliation_get(room("den"), PARIS), MUC_AFFILIATION_NONE);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_decline(room("den"), PARIS, DEN, NULL, NULL));
}
END_TEST

/* ---- handlers --------------------------------------------------------------------------------------------------- */

static int on_refuse(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject(ev, MUC_POLICY_VIOLATION, "not now");
}

static int on_change(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.invite->reason = "by order of the Prince";
    ev->as.invite->password = NULL;
    return MUC_PASS;
}

static int on_redirect(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_str_eq(ev->as.invite->to, ROMEO);
    ev->as.invite->to = NURSE;
    return MUC_PASS;
}

static int on_build(muc_event *ev, void *ud)
{
    muc_invite_event *build = ev->as.invite;
    const char *how = ud;
    ck_assert_ptr_nonnull(build->out);
    if (strcmp(how, "open") == 0)
        muc_xml_open(build->out, "body", NULL);
    else
        muc_xml_leaf(build->out, "body", "See you");
    build->replaced = strcmp(how, "replace") == 0;
    build->handled = strcmp(how, "handle") == 0;
    return MUC_PASS;
}

static int on_told(muc_event *ev, void *ud)
{
    char line[300];
    const muc_invite_event *told = ev->as.invite;
    snprintf(line, sizeof line, "%s %s %s by %s as %s: %s\n", (const char *)ud, muc_point_name(ev->point),
             told->invitee, ev->from ? ev->from : "-", told->inviter, told->reason ? told->reason : "-");
    ck_assert_ptr_null(told->out);
    note(line);
    return MUC_PASS;
}

static void hook(muc_point point, muc_hook_fn *fn, const char *ud)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, 200, fn, (void *)(uintptr_t)ud), 0);
}

START_TEST(refused)
{
    hook(MUC_ON_PRE_INVITE, on_refuse, NULL);
    char *before = state();
    forget();
    GIVES(MUC_ERR_REJECTED, invite(NULL, PARIS, NULL));
    same_state(before);
    OK(give("<message from='" ROMEO "' to='" DEN
            "' id='m'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='" PARIS "'/></x></message>"));
    said("policy-violation");
    ck_assert_uint_eq(times("send "), 1);
    /* Members are made all the same. */
    CHANGED(muc_room_set_members_only(room("den"), 1));
    forget();
    CHANGED(muc_affiliation_set(room("den"), JULIET, PARIS, MUC_AFFILIATION_MEMBER, NULL));
    unsaid("<invite");
}
END_TEST

START_TEST(changed)
{
    CHANGED(muc_room_set_password(room("den"), "rose"));
    hook(MUC_ON_PRE_INVITE, on_change, NULL);
    forget();
    OK(invite(ROMEO, PARIS, "love"));
    said("<reason>by order of the Prince</reason></invite></x>");
    unsaid("rose");
}
END_TEST

START_TEST(added)
{
    hook(MUC_ON_INVITE, on_build, "add");
    hook(MUC_ON_DECLINE, on_build, "add");
    forget();
    OK(invite(ROMEO, PARIS, NULL));
    said("<invite from='" DEN "/Romeo'/></x><body>See you</body></message>");
    OK(muc_room_decline(room("den"), PARIS, DEN "/Romeo", NULL, NULL));
    said("<decline from='" PARIS "'/></x><body>See you</body></message>");
}
END_TEST

START_TEST(replaced)
{
    hook(MUC_ON_INVITE, on_build, "replace");
    hook(MUC_ON_DECLINE, on_build, "replace");
    forget();
    OK(invite(ROMEO, PARIS, NULL));
    OK(muc_room_decline(room("den"), PARIS, DEN "/Romeo", NULL, NULL));
    said("<body>See you</body></message>");
    unsaid("<invite");
    unsaid("<decline");
    ck_assert_uint_eq(times("send "), 2);
}
END_TEST

/* It is an invitation all the same: it can be declined, and is told of. */
START_TEST(handled)
{
    hook(MUC_ON_INVITE, on_build, "handle");
    hook(MUC_ON_DECLINE, on_build, "handle");
    hook(MUC_ON_INVITED, on_told, "told");
    hook(MUC_ON_DECLINED, on_told, "told");
    forget();
    OK(invite(ROMEO, PARIS, "love"));
    OK(muc_room_decline(room("den"), PARIS "/park", DEN "/Romeo", "no", NULL));
    said("told muc-invited " PARIS " by " ROMEO " as " DEN "/Romeo: love");
    said("told muc-declined " PARIS " by " PARIS "/park as " DEN "/Romeo: no");
    ck_assert_uint_eq(times("send "), 0);
}
END_TEST

/* An element that stays open spoils the invitation, and nothing of it is left. */
START_TEST(spoilt)
{
    hook(MUC_ON_INVITE, on_build, "open");
    char *before = state();
    GIVES(MUC_ERR_INVALID, invite(ROMEO, PARIS, NULL));
    same_state(before);
}
END_TEST

START_TEST(declines_refused_and_redirected)
{
    OK(invite(ROMEO, PARIS, NULL));
    int id = muc_hook_add(world.service, MUC_ON_PRE_DECLINE, NULL, 0, on_refuse, NULL);
    forget();
    GIVES(MUC_ERR_REJECTED, muc_room_decline(room("den"), PARIS, DEN "/Romeo", NULL, NULL));
    OK(muc_hook_remove(world.service, id));
    hook(MUC_ON_PRE_DECLINE, on_redirect, NULL);
    OK(muc_room_decline(room("den"), PARIS, DEN "/Romeo", NULL, NULL));
    said("send " NURSE " <message");
    ck_assert_uint_eq(times("send "), 1);
}
END_TEST

/* Who becomes a member is invited by the same way. */
START_TEST(new_members)
{
    CHANGED(muc_room_set_members_only(room("den"), 1));
    hook(MUC_ON_INVITED, on_told, "told");
    forget();
    CHANGED(muc_affiliation_set(room("den"), JULIET, PARIS, MUC_AFFILIATION_MEMBER, "family"));
    said("told muc-invited " PARIS " by " JULIET " as " DEN "/Juliet: family");
    ck_assert_uint_eq(times("<invite"), 1);
    forget();
    OK(invite(NULL, "tybalt@example.org", NULL));
    ck_assert_uint_eq(times("<invite"), 1);
    ck_assert_int_eq(muc_affiliation_get(room("den"), "tybalt@example.org"), MUC_AFFILIATION_MEMBER);
}
END_TEST

static int on_end(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_destroy(ev->room, NULL, NULL, NULL);
}

START_TEST(the_room_ends_on_the_way)
{
    hook(MUC_ON_INVITE_EFFECT, on_end, NULL);
    const muc_invitation two[] = {{.to = PARIS}, {.to = "nurse@example.org"}};
    GIVES(MUC_ERR_INVALID, muc_room_invite(room("den"), NULL, two, 2));
    ck_assert_ptr_nonnull(room("den"));
    OK(muc_room_invite(room("den"), NULL, two, 1));
    ck_assert_ptr_null(room("den"));
}
END_TEST

Suite *suite_invite(void)
{
    Suite *suite = suite_create("invite");
    TCase *tc = tcase_create("invite");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, by_the_room);
    tcase_add_test(tc, by_somebody);
    tcase_add_test(tc, what_is_none);
    tcase_add_test(tc, direct);
    tcase_add_test(tc, refused);
    tcase_add_test(tc, changed);
    tcase_add_test(tc, added);
    tcase_add_test(tc, replaced);
    tcase_add_test(tc, handled);
    tcase_add_test(tc, spoilt);
    tcase_add_test(tc, declines_refused_and_redirected);
    tcase_add_test(tc, new_members);
    tcase_add_test(tc, the_room_ends_on_the_way);
    suite_add_tcase(suite, tc);
    return suite;
}
