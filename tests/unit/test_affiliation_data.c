/* test_affiliation_data.c: what is kept with an affiliation: its bounds, its end, a restart, and who is told. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define JULIET_BARE "juliet@example.org"

static int set(const char *key, const char *value)
{
    return muc_affiliation_set_data(room("den"), JULIET_BARE, key, value);
}

static const char *get(const char *key)
{
    return muc_affiliation_get_data(room("den"), JULIET_BARE, key);
}

/* All as `key=value `. */
static const char *all(void)
{
    static char out[200];
    const char *key, *value;
    size_t cursor = 0;
    out[0] = '\0';
    while (muc_affiliation_next_data(room("den"), JULIET_BARE, &cursor, &key, &value))
        sprintf(out + strlen(out), "%s=%s ", key, value);
    return out;
}

static int on_data(muc_event *ev, void *ud)
{
    const muc_data_event *data = ev->as.data;
    char line[200];
    snprintf(line, sizeof line, "%s data %s %s: %s, was %s", (const char *)ud, ev->key, data->jid,
             data->value ? data->value : "none", data->former ? data->former : "none");
    ck_assert_str_eq(ev->key, data->key);
    note(line);
    return MUC_PASS;
}

static void listen(const char *key)
{
    static char any[] = "any", one[] = "one";
    GIVES(1, muc_hook_add(world.service, MUC_ON_AFFILIATION_DATA, key, 0, on_data, key ? one : any) > 0);
}

static void set_up(void)
{
    host_setup();
    CHANGED(muc_room_set_persistent(room("den"), 1));
    forget();
}

START_TEST(kept_and_forgotten)
{
    ck_assert_ptr_null(get("hat"));
    CHANGED(set("hat", "feather"));
    said("store " DEN " parts=2");
    CHANGED(set("shoe", ""));
    CHANGED(set("cape", "red"));
    ck_assert_str_eq(all(), "hat=feather shoe= cape=red ");
    forget();
    OK(set("hat", "feather"));
    OK(set("glove", NULL));
    unsaid("store");
    CHANGED(set("hat", "straw"));
    ck_assert_str_eq(all(), "hat=straw shoe= cape=red ");
    CHANGED(set("shoe", NULL));
    ck_assert_str_eq(all(), "hat=straw cape=red ");
    ck_assert_ptr_null(get("shoe"));
    CHANGED(set("hat", NULL));
    CHANGED(set("cape", NULL));
    ck_assert_str_eq(all(), "");
    CHANGED(set("hat", "again"));
    ck_assert_str_eq(get("hat"), "again");
}
END_TEST

/* What was read may be written. */
START_TEST(its_own_text)
{
    CHANGED(set("hat", "feather"));
    CHANGED(set("cape", get("hat")));
    CHANGED(set("hat", get("hat") + 1));
    ck_assert_str_eq(all(), "hat=eather cape=feather ");
}
END_TEST

START_TEST(belongs_to_the_affiliation)
{
    GIVES(MUC_ERR_NOT_FOUND, muc_affiliation_set_data(room("den"), "romeo@example.org", "hat", "feather"));
    CHANGED(muc_affiliation_set(room("den"), NULL, "example.org", MUC_AFFILIATION_MEMBER, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_affiliation_set_data(room("den"), "romeo@example.org", "hat", "feather"));
    CHANGED(muc_affiliation_set_data(room("den"), "example.org", "hat", "family"));
    ck_assert_ptr_null(get("hat"));
    CHANGED(muc_affiliation_set_data(room("den"), "Juliet@Example.ORG/balcony", "hat", "feather"));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET_BARE, MUC_AFFILIATION_ADMIN, "older"));
    CHANGED(muc_affiliation_set_nick(room("den"), JULIET_BARE, "Juliet"));
    ck_assert_str_eq(get("hat"), "feather");
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET_BARE, MUC_AFFILIATION_NONE, NULL));
    ck_assert_ptr_null(get("hat"));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET_BARE, MUC_AFFILIATION_MEMBER, NULL));
    ck_assert_str_eq(all(), "");
}
END_TEST

/* Who is more than a member stays what he is when he ends his registration. */
START_TEST(outlasts_a_registration)
{
    muc_affiliation_entry entry;
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET_BARE, MUC_AFFILIATION_ADMIN, "elder"));
    CHANGED(set("hat", "feather"));
    CHANGED(muc_room_register(room("den"), NULL, JULIET_BARE, "Capulet"));
    CHANGED(muc_room_register(room("den"), NULL, JULIET_BARE, "Juliet"));
    ck_assert_str_eq(get("hat"), "feather");
    CHANGED(muc_room_unregister(room("den"), NULL, JULIET_BARE));
    ck_assert_str_eq(get("hat"), "feather");
    ck_assert_int_eq(muc_affiliation_find(room("den"), JULIET_BARE, &entry), 1);
    ck_assert_ptr_null(entry.nick);
    ck_assert_str_eq(entry.reason, "elder");
}
END_TEST

START_TEST(refused)
{
    GIVES(MUC_ERR_INVALID, set("", "x"));
    GIVES(MUC_ERR_INVALID, set(NULL, "x"));
    GIVES(MUC_ERR_INVALID, set("a\x01", "x"));
    GIVES(MUC_ERR_INVALID, set("a", "\x01"));
    GIVES(MUC_ERR_INVALID, muc_affiliation_set_data(room("den"), NULL, "a", "x"));
    GIVES(MUC_ERR_BAD_JID, muc_affiliation_set_data(room("den"), "@", "a", "x"));
    ck_assert_ptr_null(muc_affiliation_get_data(room("den"), "@", "a"));
    ck_assert_str_eq(all(), "");
}
END_TEST

START_TEST(bounded)
{
    muc_settings next = *muc_service_settings(world.service);
    next.max_affiliation_data = 10;
    OK(muc_service_configure(world.service, &next));
    CHANGED(set("a", "1234"));
    CHANGED(set("b", "1234"));
    GIVES(MUC_ERR_LIMIT, set("a", "12345"));
    GIVES(MUC_ERR_LIMIT, set("c", ""));
    CHANGED(set("b", "123"));
    CHANGED(set("c", ""));
    ck_assert_str_eq(all(), "a=1234 b=123 c= ");
}
END_TEST

START_TEST(told)
{
    listen(NULL);
    listen("hat");
    CHANGED(set("hat", "feather"));
    said("any data hat juliet@example.org: feather, was none");
    said("one data hat");
    CHANGED(set("hat", "straw"));
    said("any data hat juliet@example.org: straw, was feather");
    forget();
    OK(set("hat", "straw"));
    unsaid("data hat");
    CHANGED(set("shoe", "left"));
    said("any data shoe");
    unsaid("one data");
    CHANGED(set("hat", NULL));
    said("one data hat juliet@example.org: none, was straw");
}
END_TEST

/* What a handler gives with an affiliation is part of the same change, and undone with it. */
static int give_hat(muc_event *ev, void *ud)
{
    const muc_affiliation_event *change = ev->as.affiliation;
    int r = muc_affiliation_set_data(ev->room, change->jid, "hat", "new");
    return r < 0 || !ud ? r : MUC_ERR_INVALID;
}

START_TEST(with_an_affiliation)
{
    int id = muc_hook_add(world.service, MUC_ON_AFFILIATION_SET, NULL, 0, give_hat, NULL);
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_MEMBER, NULL));
    ck_assert_str_eq(muc_affiliation_get_data(room("den"), "romeo@example.org", "hat"), "new");
    OK(muc_hook_remove(world.service, id));
    CHANGED(set("hat", "old"));
    char *before = state();
    GIVES(1, muc_hook_add(world.service, MUC_ON_AFFILIATION_SET, NULL, 0, give_hat, world.service) > 0);
    GIVES(MUC_ERR_INVALID, muc_affiliation_set(room("den"), NULL, JULIET_BARE, MUC_AFFILIATION_ADMIN, NULL));
    same_state(before);
    ck_assert_str_eq(get("hat"), "old");
}
END_TEST

static int collect(const char *bytes, size_t n, void *ud)
{
    strncat(ud, bytes, n);
    return 0;
}

START_TEST(survives_a_restart)
{
    static char saved[20000];
    saved[0] = '\0';
    CHANGED(set("hat", "a <b> & 'c'"));
    CHANGED(set("sho'e", ""));
    OK(muc_room_save(room("den"), MUC_PART_CONFIG | MUC_PART_AFFILIATIONS, collect, saved));
    OK(muc_room_forget(room("den")));
    OK(muc_room_restore(world.service, saved, strlen(saved), NULL));
    ck_assert_str_eq(all(), "hat=a <b> & 'c' sho'e= ");
    static const char broken[] = "<room xmlns='urn:libmuc:room:1' jid='hut@" SERVICE "'><affiliations>"
                                 "<item jid='a@b' affiliation='member'><data>x</data></item></affiliations></room>";
    GIVES(MUC_ERR_MALFORMED, muc_room_restore(world.service, broken, strlen(broken), NULL));
}
END_TEST

Suite *suite_affiliation_data(void)
{
    Suite *suite = suite_create("affiliation_data");
    TCase *tests = tcase_create("affiliation_data");
    tcase_add_checked_fixture(tests, set_up, host_stop);
    tcase_add_test(tests, kept_and_forgotten);
    tcase_add_test(tests, its_own_text);
    tcase_add_test(tests, belongs_to_the_affiliation);
    tcase_add_test(tests, outlasts_a_registration);
    tcase_add_test(tests, refused);
    tcase_add_test(tests, bounded);
    tcase_add_test(tests, told);
    tcase_add_test(tests, with_an_affiliation);
    tcase_add_test(tests, survives_a_restart);
    suite_add_tcase(suite, tests);
    return suite;
}
