/* test_options.c: the table of options, and values in the words of the form. */
#include "service_fixture.h"
#include "suites.h"

#include <string.h>

static service_fixture fixture;
static muc_service *service;

static void setup(void)
{
    service_fixture_setup(&fixture);
    service = &fixture.service;
}

static void teardown(void)
{
    service_fixture_teardown(&fixture);
}

START_TEST(rows_are_in_the_order_of_the_form)
{
    static const char *const names[] = {"title", "mode", "public", "limit", "whois", "presence_broadcast",
                                        "langs", NULL};
    const muc_option *row = NULL;
    for (size_t i = 0; names[i]; i++) {
        row = muc_option_next(service, row);
        ck_assert_str_eq(row->name, names[i]);
        ck_assert_int_eq(mu_option_index(service, row), (int)i);
        ck_assert_ptr_eq(muc_option_find(service, row->name), row);
    }
    ck_assert_ptr_null(muc_option_next(service, row));
    ck_assert_str_eq(muc_option_find(service, "muc#roomconfig_whois")->name, "whois");
    ck_assert_ptr_null(muc_option_find(service, "x"));
    ck_assert_ptr_null(muc_option_find(service, NULL));
    static const muc_option stranger = {.name = "stranger"};
    ck_assert_ptr_null(muc_option_next(service, &stranger));
    ck_assert_int_eq(mu_option_index(service, NULL), -1);
}
END_TEST

static int collect(const muc_option *rows, const muc_option_value *defaults, size_t count)
{
    muc_feature feature = {.name = "more", .options = rows};
    mu_options_free(service);
    fixture.features[1] = &feature;
    service->feature_count = 2;
    int r = mu_options_collect(service, defaults, count);
    service->feature_count = 1;
    return r;
}

START_TEST(rows_that_make_no_sense_are_refused)
{
    static const muc_choice none[] = {{NULL, NULL, 0}};
    static const muc_option bad[][2] = {
        {{.name = "public"}, {.name = NULL}},
        {{.name = "new", .field = "x#public"}, {.name = NULL}},
        {{.name = "x#public"}, {.name = NULL}},
        {{.name = "new", .type = MUC_OPTION_CHOICE}, {.name = NULL}},
        {{.name = "new", .type = MUC_OPTION_SET, .choices = none}, {.name = NULL}},
        {{.name = "new", .type = MUC_OPTION_NUMBER, .min = 2, .max = 1}, {.name = NULL}},
        {{.name = "new", .initial = "perhaps"}, {.name = NULL}},
        {{.name = "new", .type = (muc_option_type)17}, {.name = NULL}},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        ck_assert_int_eq(collect(bad[i], NULL, 0), MUC_ERR_INVALID);
}
END_TEST

START_TEST(defaults_of_the_service)
{
    static const muc_option more[] = {
        {.name = "text", .type = MUC_OPTION_TEXT, .initial = "hello"},
        {.name = "from_five", .type = MUC_OPTION_NUMBER, .min = 5, .max = 9},
        {.name = NULL},
    };
    static const muc_option_value good[] = {{"x#public", "0"}, {"text", "bye"}, {"text", "ciao"}, {"langs", " a, c"}};
    static const muc_option_value bad[][1] = {{{"nothing", "1"}}, {{NULL, "1"}}, {{"public", NULL}}, {{"limit", "51"}}};
    ck_assert_int_eq(collect(more, good, 4), MUC_OK);
    muc_room *room = fixture_room(&fixture, "r@rooms.example.org");
    ck_assert_int_eq(muc_room_get_number(room, muc_option_find(service, "public")), 0);
    ck_assert_uint_eq(mu_tree_count(&service->listed), 0);
    ck_assert_int_eq(muc_room_get_number(room, muc_option_find(service, "from_five")), 5);
    ck_assert_int_eq(muc_room_get_number(room, muc_option_find(service, "langs")), 5);
    ck_assert_str_eq(muc_room_get_text(room, muc_option_find(service, "text")), "ciao");
    ck_assert_int_eq(muc_room_get_number(room, muc_option_find(service, "text")), 0);
    ck_assert_str_eq(muc_room_get_text(room, muc_option_find(service, "public")), "");
    mu_journal_undo(&service->journal, 0);
    for (size_t i = 0; i < 4; i++)
        ck_assert_int_eq(collect(more, bad[i], 1), MUC_ERR_INVALID);
    for (long left = 0;; left++) {
        mu_options_free(service);
        fixture.memory.left = left;
        int r = collect(more, good, 4);
        fixture.memory.left = -1;
        if (r == MUC_OK)
            break;
        ck_assert_int_eq(r, MUC_ERR_NOMEM);
    }
}
END_TEST

START_TEST(words_become_values_and_back)
{
    static const struct {
        const char *option, *words, *back; /* NULL: refused */
    } rows[] = {
        {"public", "true", "1"},   {"public", " 0 ", "0"},       {"public", "false", "0"},
        {"public", "", "0"},       {"public", "yes", NULL},      {"public", "2", NULL},
        {"limit", "none", "none"}, {"limit", "0", "none"},       {"limit", "10", "10"},
        {"limit", "50", "50"},     {"limit", "51", NULL},        {"limit", "-1", NULL},
        {"limit", "", NULL},       {"limit", "x", NULL},         {"title", "Tea & time", "Tea & time"},
        {"title", "", ""},         {"title", "a\nb", NULL},      {"title", "012345678901234567890", NULL},
        {"title", "\x01", NULL},   {"title", "\xff", NULL},      {"langs", "c,a", "a,c"},
        {"langs", "", ""},         {"langs", "a, b,c", "a,b,c"}, {"langs", "d", NULL},
        {"langs", "a,,b", NULL},   {"mode", "fast", "fast"},     {"mode", "", NULL},
        {"mode", "1", NULL},
    };
    muc_room *room = fixture_room(&fixture, "r@rooms.example.org");
    mu_buf out;
    mu_buf_init(&out, service->heap);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const muc_option *row = muc_option_find(service, rows[i].option);
        mu_value value;
        int r = mu_value_parse(service, row, rows[i].words, &value);
        ck_assert_int_eq(r, rows[i].back ? MUC_OK : MUC_ERR_INVALID);
        if (r)
            continue;
        mu_buf_reset(&out);
        mu_value_write(row, &value, &out);
        mu_buf_char(&out, '\0');
        ck_assert_str_eq(out.p, rows[i].back);
        ck_assert_int_eq(mu_value_check(service, row, &value), MUC_OK);
        ck_assert_int_ge(mu_room_store(room, mu_option_index(service, row), &value), MUC_OK);
        char got[32];
        ck_assert_uint_eq(muc_room_get(room, row, got, sizeof got), strlen(rows[i].back));
        ck_assert_str_eq(got, rows[i].back);
        mu_free(service->heap, value.text);
    }
    mu_buf_free(&out);
    mu_value value;
    ck_assert_int_eq(mu_value_parse(service, service->options[0], NULL, &value), MUC_ERR_INVALID);
}
END_TEST

START_TEST(values_are_checked)
{
    static const struct {
        const char *option;
        int64_t number;
        int result;
    } rows[] = {{"public", 2, MUC_ERR_INVALID}, {"limit", 50, MUC_OK},
                {"limit", 51, MUC_ERR_INVALID}, {"mode", 1, MUC_OK},
                {"mode", 2, MUC_ERR_INVALID},   {"mode", -1, MUC_ERR_INVALID},
                {"langs", 7, MUC_OK},           {"langs", 8, MUC_ERR_INVALID},
                {"langs", -1, MUC_ERR_INVALID}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const muc_option *row = muc_option_find(service, rows[i].option);
        ck_assert_int_eq(mu_value_check(service, row, &(mu_value){rows[i].number, NULL}), rows[i].result);
    }
    static const muc_option wide = {.name = "wide", .type = MUC_OPTION_NUMBER};
    ck_assert_int_eq(mu_value_check(service, &wide, &(mu_value){INT32_MAX, NULL}), MUC_OK);
    ck_assert_int_eq(mu_value_check(service, &wide, &(mu_value){(int64_t)INT32_MAX + 1, NULL}), MUC_ERR_INVALID);
}
END_TEST

/* A room has values of its own only where they differ from the service's. */
START_TEST(rooms_keep_what_differs)
{
    muc_room *room = fixture_room(&fixture, "r@rooms.example.org");
    const muc_option *title = muc_option_find(service, "title");
    int index = mu_option_index(service, title);
    char text[] = "Tea";
    ck_assert_int_eq(mu_room_store(room, index, &(mu_value){0, text}), MUC_CHANGED);
    ck_assert_int_eq(mu_room_store(room, index, &(mu_value){0, text}), MUC_OK);
    ck_assert_int_eq(mu_room_store(room, service->whois, &(mu_value){1, NULL}), MUC_CHANGED);
    ck_assert_uint_eq(room->value_count, 2);
    ck_assert_str_eq(muc_room_get_text(room, title), "Tea");
    char few[3];
    ck_assert_uint_eq(muc_room_get(room, title, few, sizeof few), 3);
    ck_assert_str_eq(few, "Te");
    ck_assert_uint_eq(muc_room_get(room, title, NULL, 0), 3);
    ck_assert_int_eq(mu_room_store(room, index, &(mu_value){0, NULL}), MUC_CHANGED);
    ck_assert_int_eq(mu_room_store(room, service->whois, &(mu_value){0, NULL}), MUC_CHANGED);
    ck_assert_uint_eq(room->value_count, 0);
    ck_assert_ptr_null(room->values);
}
END_TEST

START_TEST(rows_of_strangers_give_their_first_value)
{
    static const muc_option rows[] = {
        {.name = "n", .type = MUC_OPTION_NUMBER, .initial = "-12", .min = -20, .max = 0},
        {.name = "t", .type = MUC_OPTION_TEXT, .initial = "hello"},
        {.name = "e", .type = MUC_OPTION_TEXT},
    };
    muc_room *room = fixture_room(&fixture, "r@rooms.example.org");
    char got[8];
    ck_assert_int_eq(muc_room_get_number(room, &rows[0]), -12);
    ck_assert_uint_eq(muc_room_get(room, &rows[0], got, sizeof got), 3);
    ck_assert_str_eq(got, "-12");
    ck_assert_str_eq(muc_room_get_text(room, &rows[1]), "hello");
    ck_assert_str_eq(muc_room_get_text(room, &rows[2]), "");
}
END_TEST

START_TEST(the_two_options_of_the_core)
{
    muc_room *room = fixture_room(&fixture, "r@rooms.example.org");
    ck_assert_int_eq(muc_room_get_whois(room), MUC_ROLE_MODERATOR);
    ck_assert_uint_eq(muc_room_get_presence_broadcast(room), MUC_EVERYONE);
    ck_assert(!mu_sees_jids(room, MUC_ROLE_PARTICIPANT) && mu_sees_jids(room, MUC_ROLE_MODERATOR));
    ck_assert_int_eq(mu_room_store(room, service->whois, &(mu_value){1, NULL}), MUC_CHANGED);
    ck_assert(!mu_sees_jids(room, MUC_ROLE_NONE) && mu_sees_jids(room, MUC_ROLE_VISITOR));
    mu_value value;
    ck_assert_int_eq(mu_value_parse(service, service->options[service->broadcast], "moderator", &value), MUC_OK);
    ck_assert_int_eq(mu_room_store(room, service->broadcast, &value), MUC_CHANGED);
    ck_assert_uint_eq(muc_room_get_presence_broadcast(room), MUC_MODERATORS);
    muc_roles shown = muc_room_get_presence_broadcast(room);
    ck_assert(shown & 1u << MUC_ROLE_MODERATOR && !(shown & 1u << MUC_ROLE_VISITOR));
}
END_TEST

Suite *suite_options(void)
{
    Suite *suite = suite_create("options");
    TCase *tests = tcase_create("options");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, rows_are_in_the_order_of_the_form);
    tcase_add_test(tests, rows_that_make_no_sense_are_refused);
    tcase_add_test(tests, defaults_of_the_service);
    tcase_add_test(tests, words_become_values_and_back);
    tcase_add_test(tests, values_are_checked);
    tcase_add_test(tests, rooms_keep_what_differs);
    tcase_add_test(tests, rows_of_strangers_give_their_first_value);
    tcase_add_test(tests, the_two_options_of_the_core);
    suite_add_tcase(suite, tests);
    return suite;
}
