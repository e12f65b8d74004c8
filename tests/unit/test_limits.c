/* test_limits.c: what a service bounds for each of its users (XEP-0045 sections 7.2.9 and 14.6). */
#include "host.h"
#include "suites.h"

#include <model/model.h>
#include <stdio.h>

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

Suite *suite_limits(void)
{
    Suite *suite = suite_create("limits");
    TCase *tc = tcase_create("limits");
    tcase_add_test(tc, rooms_of_one_user);
    tcase_add_test(tc, admins_in_a_full_room);
    tcase_add_test(tc, a_crowd_leaves);
    suite_add_tcase(suite, tc);
    return suite;
}
