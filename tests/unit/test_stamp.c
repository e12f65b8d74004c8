/* test_stamp.c: XEP-0082 stamps both ways. */
#include "random.h"
#include "suites.h"

#include <base/stamp.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    int64_t ms;
    const char *text;
} formats[] = {
    {0, "1970-01-01T00:00:00Z"},
    {-1, "1969-12-31T23:59:59.999Z"},
    {-86400000, "1969-12-31T00:00:00Z"},
    {1, "1970-01-01T00:00:00.001Z"},
    {951782400000, "2000-02-29T00:00:00Z"},
    {951868800000, "2000-03-01T00:00:00Z"},
    {4107542400000, "2100-03-01T00:00:00Z"},
    {-2203891200000, "1900-03-01T00:00:00Z"},
    {1709251199000, "2024-02-29T23:59:59Z"},
    {1767225600000, "2026-01-01T00:00:00Z"},
    {1767225599120, "2025-12-31T23:59:59.120Z"},
    {1234567890123, "2009-02-13T23:31:30.123Z"},
    {253402300799999, "9999-12-31T23:59:59.999Z"},
    {-62135596800000, "0001-01-01T00:00:00Z"},
};

START_TEST(known_times)
{
    char out[MU_STAMP_SIZE];
    size_t n = mu_stamp_format(formats[_i].ms, out);
    ck_assert_str_eq(out, formats[_i].text);
    ck_assert_uint_eq(n, strlen(out));
    int64_t ms = 5;
    ck_assert(mu_stamp_parse(out, n, &ms));
    ck_assert_int_eq(ms, formats[_i].ms);
}
END_TEST

START_TEST(clamped)
{
    char out[MU_STAMP_SIZE];
    mu_stamp_format(INT64_MAX, out);
    ck_assert_str_eq(out, "9999-12-31T23:59:59.999Z");
    mu_stamp_format(INT64_MIN, out);
    ck_assert_str_eq(out, "0001-01-01T00:00:00Z");
}
END_TEST

/* Counts days like a calendar on the wall does, without the arithmetic under test. */
START_TEST(every_day)
{
    static const int lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int64_t ms = -62135596800000;
    for (int year = 1; year <= 9999; year++) {
        for (int month = 0; month < 12; month++) {
            bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
            int days = lengths[month] + (month == 1 && leap);
            for (int day = 1; day <= days; day++, ms += 86400000) {
                char out[MU_STAMP_SIZE];
                int64_t back = 0;
                size_t n = mu_stamp_format(ms, out);
                int got = (out[0] - '0') * 1000 + (out[1] - '0') * 100 + (out[2] - '0') * 10 + out[3] - '0';
                if (n != 20 || got != year || (out[5] - '0') * 10 + out[6] - '0' != month + 1 ||
                    (out[8] - '0') * 10 + out[9] - '0' != day || !mu_stamp_parse(out, n, &back) || back != ms)
                    ck_abort_msg("%d-%d-%d: %s", year, month + 1, day, out);
            }
        }
    }
    ck_assert_int_eq(ms, 253402300800000);
}
END_TEST

START_TEST(round_trip)
{
    uint64_t state = 3;
    for (int i = 0; i < 20000; i++) {
        int64_t ms = (int64_t)((uint64_t)random_next(&state) << 31 | random_next(&state)) % 250000000000000;
        if (i % 4 == 0)
            ms /= -5;
        char out[MU_STAMP_SIZE];
        int64_t back = 0;
        ck_assert(mu_stamp_parse(out, mu_stamp_format(ms, out), &back));
        ck_assert_int_eq(back, ms);
    }
}
END_TEST

static const struct {
    const char *text;
    int64_t ms;
} parses[] = {
    {"2026-01-01T00:00:00Z", 1767225600000},
    {"2026-01-01T00:00:00+00:00", 1767225600000},
    {"2026-01-01T00:00:00-00:00", 1767225600000},
    {"2026-01-01T02:30:00+02:30", 1767225600000},
    {"2025-12-31T16:00:00-08:00", 1767225600000},
    {"2026-01-01T00:00:00.5Z", 1767225600500},
    {"2026-01-01T00:00:00.05Z", 1767225600050},
    {"2026-01-01T00:00:00.123456789012345678901234567890Z", 1767225600123},
    {"2026-01-01T01:00:00.9999+01:00", 1767225600999},
    {"20260101T00:00:00", 1767225600000},
    {"20240229T12:34:56", 1709210096000},
};

START_TEST(accepted)
{
    int64_t ms = 5;
    ck_assert(mu_stamp_parse(parses[_i].text, strlen(parses[_i].text), &ms));
    ck_assert_int_eq(ms, parses[_i].ms);
}
END_TEST

static const char *const malformed[] = {
    "",
    "Z",
    "2026-01-01",
    "2026-01-01T00:00:00",
    "2026-01-01T00:00:00z",
    "2026-01-01t00:00:00Z",
    "2026-01-01 00:00:00Z",
    "2026-01-01T00:00Z",
    "2026-01-01T00:00:00.Z",
    "2026-01-01T00:00:00.5",
    "2026-01-01T00:00:00,5Z",
    "2026-01-01T00:00:00ZZ",
    "2026-01-01T00:00:00Z ",
    " 2026-01-01T00:00:00Z",
    "2026-01-01T00:00:00+0100",
    "2026-01-01T00:00:00+1:00",
    "2026-01-01T00:00:00+01",
    "2026-01-01T00:00:00+24:00",
    "2026-01-01T00:00:00+01:60",
    "2026-01-01T00:00:00+01:00Z",
    "2026-1-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-01-00T00:00:00Z",
    "2026-01-32T00:00:00Z",
    "2026-04-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2100-02-29T00:00:00Z",
    "2026-01-01T24:00:00Z",
    "2026-01-01T00:60:00Z",
    "2026-01-01T00:00:60Z",
    "0000-01-01T00:00:00Z",
    "-026-01-01T00:00:00Z",
    "12026-01-01T00:00:00Z",
    "2026-01-0aT00:00:00Z",
    "20260101T00:00:00Z",
    "20260101T000000",
    "20261301T00:00:00",
    "20260101 00:00:00",
};

START_TEST(refused)
{
    int64_t ms = 5;
    size_t n = strlen(malformed[_i]);
    char *copy = malloc(n + 1);
    memcpy(copy + 1, malformed[_i], n);
    ck_assert(!mu_stamp_parse(copy + 1, n, &ms));
    ck_assert_int_eq(ms, 5);
    free(copy);
}
END_TEST

Suite *suite_stamp(void)
{
    Suite *s = suite_create("stamp");
    TCase *c = tcase_create("stamp");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, known_times, 0, sizeof formats / sizeof *formats);
    tcase_add_test(c, clamped);
    tcase_add_test(c, every_day);
    tcase_add_test(c, round_trip);
    tcase_add_loop_test(c, accepted, 0, sizeof parses / sizeof *parses);
    tcase_add_loop_test(c, refused, 0, sizeof malformed / sizeof *malformed);
    suite_add_tcase(s, c);
    return s;
}
