/* test_text.c: UTF-8, XML characters, numbers and spans. */
#include "suites.h"

#include <base/text.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    size_t n;
    bool utf8, xml;
} table[] = {
    {"", 0, true, true},
    {"abc", 3, true, true},
    {"\t\n\r ", 4, true, true},
    {"\0", 1, true, false},
    {"a\x1f", 2, true, false},
    {"\x7f", 1, true, true},
    {"\x80", 1, false, false},
    {"\xbf", 1, false, false},
    {"\xc0\x80", 2, false, false},
    {"\xc1\xbf", 2, false, false},
    {"\xc2\x80", 2, true, true},
    {"\xc2", 1, false, false},
    {"\xc2\x20", 2, false, false},
    {"\xc2\xc0", 2, false, false},
    {"\xdf\xbf", 2, true, true},
    {"\xe0\x9f\xbf", 3, false, false},
    {"\xe0\xa0\x80", 3, true, true},
    {"\xe0\xa0", 2, false, false},
    {"\xed\x9f\xbf", 3, true, true},
    {"\xed\xa0\x80", 3, false, false},
    {"\xed\xbf\xbf", 3, false, false},
    {"\xee\x80\x80", 3, true, true},
    {"\xef\xbf\xbd", 3, true, true},
    {"\xef\xbf\xbe", 3, true, false},
    {"\xef\xbf\xbf", 3, true, false},
    {"\xf0\x8f\xbf\xbf", 4, false, false},
    {"\xf0\x90\x80\x80", 4, true, true},
    {"\xf0\x90\x80", 3, false, false},
    {"\xf4\x8f\xbf\xbf", 4, true, true},
    {"\xf4\x90\x80\x80", 4, false, false},
    {"\xf5\x80\x80\x80", 4, false, false},
    {"\xf8\x88\x80\x80\x80", 5, false, false},
    {"\xfe", 1, false, false},
    {"\xff", 1, false, false},
};

START_TEST(validity)
{
    /* A copy of the exact size, so that reading too far is seen by the sanitizers. */
    char *copy = malloc(table[_i].n + 1);
    memcpy(copy + 1, table[_i].text, table[_i].n);
    ck_assert_int_eq(mu_utf8_valid(copy + 1, table[_i].n), table[_i].utf8);
    ck_assert_int_eq(mu_xml_valid(copy + 1, table[_i].n), table[_i].xml);
    free(copy);
}
END_TEST

static size_t encode(uint32_t c, char *p)
{
    if (c < 0x80) {
        p[0] = (char)c;
        return 1;
    }
    size_t n = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = n - 1; i > 0; i--, c >>= 6)
        p[i] = (char)(0x80 | (c & 0x3f));
    p[0] = (char)(c | (0xf00u >> n & 0xff));
    return n;
}

START_TEST(every_code_point)
{
    for (uint32_t c = 0; c < 0x110000; c++) {
        char text[4];
        size_t n = encode(c, text);
        if (c >= 0xd800 && c <= 0xdfff) {
            ck_assert(!mu_utf8_valid(text, n));
            continue;
        }
        const char *p = text;
        if (!mu_utf8_valid(text, n) || mu_utf8_next(&p, text + n) != c || p != text + n ||
            mu_utf8_length(text, n) != 1 || (n > 1 && mu_utf8_valid(text, n - 1)))
            ck_abort_msg("U+%04X", c);
    }
}
END_TEST

START_TEST(ascii)
{
    ck_assert(mu_ascii_lower("", 0));
    ck_assert(mu_ascii_lower("az [~", 5));
    ck_assert(!mu_ascii_lower("aZ", 2));
    ck_assert(!mu_ascii_lower("A", 1));
    ck_assert(!mu_ascii_lower("a\x7f", 2));
    ck_assert(!mu_ascii_lower("a\n", 2));
    ck_assert(!mu_ascii_lower("\xc3\xa4", 2));
    ck_assert(mu_ascii("A\x7f\n", 3));
    ck_assert(!mu_ascii("a\x80", 2));
}
END_TEST

START_TEST(numbers)
{
    static const struct {
        const char *text;
        bool number, integer;
        int64_t v;
    } cases[] = {
        {"0", true, true, 0},
        {"007", true, true, 7},
        {"9223372036854775806", true, true, INT64_MAX - 1},
        {"9223372036854775807", true, true, INT64_MAX},
        {"9223372036854775808", true, true, INT64_MAX},
        {"99999999999999999999999", true, true, INT64_MAX},
        {"-5", false, true, -5},
        {"", false, false, 0},
        {"-", false, false, 0},
        {"--1", false, false, 0},
        {"+1", false, false, 0},
        {" 1", false, false, 0},
        {"1 ", false, false, 0},
        {"1.0", false, false, 0},
        {"0x10", false, false, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        size_t n = strlen(cases[i].text);
        int64_t v = 0;
        ck_assert_int_eq(mu_number(cases[i].text, n, &v), cases[i].number);
        if (cases[i].number)
            ck_assert_int_eq(v, cases[i].v);
        ck_assert_int_eq(mu_integer(cases[i].text, n, &v), cases[i].integer);
        if (cases[i].integer)
            ck_assert_int_eq(v, cases[i].v);
    }
}
END_TEST

START_TEST(spans)
{
    ck_assert(mu_span_is((muc_span){"abcd", 3}, "abc"));
    ck_assert(!mu_span_is((muc_span){"abcd", 4}, "abc"));
    ck_assert(!mu_span_is((muc_span){"abd", 3}, "abc"));
    ck_assert(mu_span_is((muc_span){NULL, 0}, ""));
    ck_assert(mu_span_is(mu_trim((muc_span){" \t\r\n a b \n", 10}), "a b"));
    ck_assert_uint_eq(mu_trim((muc_span){" \n\t ", 4}).n, 0);
    ck_assert_uint_eq(mu_trim((muc_span){NULL, 0}).n, 0);
    ck_assert(mu_equal_secret("secret", 6, "secret", 6));
    ck_assert(mu_equal_secret(NULL, 0, "", 0));
    ck_assert(!mu_equal_secret("secret", 6, "secreT", 6));
    ck_assert(!mu_equal_secret("Xecret", 6, "secret", 6));
    ck_assert(!mu_equal_secret("secret", 6, "secret!", 7));
}
END_TEST

Suite *suite_text(void)
{
    Suite *s = suite_create("text");
    TCase *c = tcase_create("text");
    tcase_set_timeout(c, 60);
    tcase_add_loop_test(c, validity, 0, sizeof table / sizeof *table);
    tcase_add_test(c, every_code_point);
    tcase_add_test(c, ascii);
    tcase_add_test(c, numbers);
    tcase_add_test(c, spans);
    suite_add_tcase(s, c);
    return s;
}
