/* test_record.c: what is kept for a room for a time: its bounds, its end, and that it belongs to the transaction. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void set(const char *key, const char *text, int64_t until)
{
    const muc_record record = {.key = key, .text = {text, NULL, "last"}, .until = until};
    OK(muc_record_set(room("den"), "pigeons", &record));
}

/* The keys that are there, one after the other. */
static const char *keys(void)
{
    static char all[100];
    muc_record found;
    size_t cursor = 0;
    all[0] = '\0';
    while (muc_record_next(room("den"), "pigeons", &cursor, &found)) {
        ck_assert(muc_record_find(room("den"), "pigeons", found.key, NULL));
        strcat(all, found.key);
    }
    return all;
}

static void set_up(void)
{
    host_prepare();
    world.settings.max_records = 3;
    host_start();
    const muc_option_value kept = {"persistent", "1"};
    OK(muc_room_create(world.service, DEN, &kept, 1, NULL));
    forget();
}

START_TEST(kept_and_forgotten)
{
    muc_record found;
    set("a", "one", 0);
    said("store " DEN " parts=20");
    ck_assert(muc_record_find(room("den"), "pigeons", "a", &found));
    ck_assert_str_eq(found.text[0], "one");
    ck_assert_str_eq(found.text[1], "");
    ck_assert_str_eq(found.text[2], "last");
    ck_assert(!muc_record_find(room("den"), "doves", "a", NULL));
    set("a", "two", 0);
    ck_assert_str_eq(keys(), "a");
    ck_assert(muc_record_find(room("den"), "pigeons", "a", &found));
    ck_assert_str_eq(found.text[0], "two");
    OK(muc_record_remove(room("den"), "doves", "a"));
    CHANGED(muc_record_remove(room("den"), "pigeons", "a"));
    OK(muc_record_remove(room("den"), "pigeons", "a"));
    ck_assert_str_eq(keys(), "");
}
END_TEST

START_TEST(they_end)
{
    set("a", NULL, world.clock + 1000);
    set("b", NULL, 0);
    world.clock += 999;
    ck_assert_str_eq(keys(), "ab");
    world.clock += 1;
    ck_assert_str_eq(keys(), "b");
    ck_assert(!muc_record_find(room("den"), "pigeons", "a", NULL));
}
END_TEST

/* The first to end makes place, of the same owner alone. */
START_TEST(bounded)
{
    const muc_record other = {.key = "x", .until = 1};
    OK(muc_record_set(room("den"), "doves", &other));
    set("a", NULL, 0);
    set("b", NULL, world.clock + 1000);
    set("c", NULL, world.clock + 2000);
    set("d", NULL, world.clock + 3000);
    ck_assert_str_eq(keys(), "acd");
    set("c", NULL, 0);
    set("e", NULL, 0);
    ck_assert_str_eq(keys(), "ace");
    set("f", NULL, 0);
    ck_assert_str_eq(keys(), "cef");
    world.clock = 0;
    ck_assert(muc_record_find(room("den"), "doves", "x", NULL));
}
END_TEST

START_TEST(what_is_none)
{
    char *long_text = malloc(MUC_RECORD_BYTES + 1);
    ck_assert_ptr_nonnull(long_text);
    memset(long_text, 'x', MUC_RECORD_BYTES);
    long_text[MUC_RECORD_BYTES] = '\0';
    const muc_record wrong[] = {{.key = NULL},
                                {.key = ""},
                                {.key = "a\x01"},
                                {.key = "a", .until = -1},
                                {.key = "a", .text = {"\xff"}},
                                {.key = "a", .text = {NULL, NULL, NULL, long_text}}};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        GIVES(MUC_ERR_INVALID, muc_record_set(room("den"), "pigeons", &wrong[i]));
    const muc_record fine = {.key = "a"};
    GIVES(MUC_ERR_INVALID, muc_record_set(room("den"), NULL, &fine));
    GIVES(MUC_ERR_INVALID, muc_record_set(room("den"), "pigeons", NULL));
    ck_assert_str_eq(keys(), "");
    free(long_text);
}
END_TEST

/* What cannot be stored is not there. */
START_TEST(undone)
{
    set("a", "one", 0);
    set("b", "two", 0);
    char *before = state();
    const muc_record record = {.key = "a", .text = {"three"}};
    world.change_answer = -1;
    GIVES(MUC_ERR_STORE, muc_record_set(room("den"), "pigeons", &record));
    GIVES(MUC_ERR_STORE, muc_record_remove(room("den"), "pigeons", "a"));
    world.change_answer = 0;
    same_state(before);
    ck_assert_str_eq(keys(), "ab");
}
END_TEST

static int on_decide(muc_event *ev, void *ud)
{
    const muc_record record = {.key = "d"};
    GIVES(MUC_ERR_BUSY, muc_record_set(ev->room, "pigeons", &record));
    (void)ud;
    return MUC_PASS;
}

static int on_said(muc_event *ev, void *ud)
{
    const muc_record record = {.key = "s"};
    (void)ud;
    return muc_record_set(ev->room, "pigeons", &record);
}

START_TEST(in_handlers)
{
    join("den", JULIET, "Juliet");
    muc_hook_add(world.service, MUC_ON_GROUPCHAT, NULL, 0, on_decide, NULL);
    muc_hook_add(world.service, MUC_ON_SAID, NULL, 0, on_said, NULL);
    talk("den", JULIET, "hello");
    ck_assert_str_eq(keys(), "s");
}
END_TEST

static int append(const char *bytes, size_t n, void *ud)
{
    strncat(ud, bytes, n);
    return 0;
}

#define RECORDS                                                                                                        \
    "<records><record owner='pigeons' key='a' until='2100-01-01T00:00:00Z'><text>&lt;one&gt;</text><text/>"            \
    "<text>last</text><text/></record><record owner='' key='b'><text/><text/><text/><text/></record></records>"

START_TEST(saved_and_restored)
{
    static const char *const damaged[] = {
        "<record key='a'/>",
        "<record owner='x'/>",
        "<record owner='x' key=''/>",
        "<record owner='x' key='a' until='soon'/>",
        "<record owner='x' key='a'><other/></record>",
        "<record owner='x' key='a'><text/><text/><text/><text/><text/></record>",
        "<thing owner='x' key='a'/>",
    };
    char xml[2000] = "";
    muc_record found;
    const char *snapshot = "<room xmlns='urn:libmuc:room:1' jid='nest@" SERVICE "'>" RECORDS "</room>";
    OK(muc_room_restore(world.service, snapshot, strlen(snapshot), NULL));
    ck_assert(muc_record_find(room("nest"), "pigeons", "a", &found));
    ck_assert_str_eq(found.text[0], "<one>");
    ck_assert_str_eq(found.text[2], "last");
    OK(muc_room_save(room("nest"), MUC_PART_OTHER, append, xml));
    ck_assert_ptr_nonnull(strstr(xml, RECORDS));
    xml[0] = '\0';
    OK(muc_room_save(room("nest"), MUC_PART_CONFIG, append, xml));
    ck_assert_ptr_null(strstr(xml, "record"));
    for (size_t i = 0; i < sizeof damaged / sizeof *damaged; i++) {
        snprintf(xml, sizeof xml, "<room xmlns='urn:libmuc:room:1' jid='x@" SERVICE "'><records>%s</records></room>",
                 damaged[i]);
        GIVES(MUC_ERR_MALFORMED, muc_room_restore(world.service, xml, strlen(xml), NULL));
    }
}
END_TEST

Suite *suite_record(void)
{
    Suite *suite = suite_create("record");
    TCase *tc = tcase_create("record");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, kept_and_forgotten);
    tcase_add_test(tc, they_end);
    tcase_add_test(tc, bounded);
    tcase_add_test(tc, what_is_none);
    tcase_add_test(tc, undone);
    tcase_add_test(tc, in_handlers);
    tcase_add_test(tc, saved_and_restored);
    suite_add_tcase(suite, tc);
    return suite;
}
