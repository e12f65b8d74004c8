/* test_buf.c: growable bytes, escaping, and what a failed buffer does. */
#include "failing.h"
#include "suites.h"

#include <base/buf.h>
#include <limits.h>
#include <string.h>

static mu_heap *heap;
static mu_buf buf;

static void setup(void)
{
    heap = mu_heap_new(NULL);
    mu_buf_init(&buf, heap);
}

static void teardown(void)
{
    mu_buf_free(&buf);
    mu_heap_unref(heap);
}

START_TEST(append)
{
    mu_buf_add(&buf, NULL, 0);
    ck_assert_str_eq(buf.p, "");
    mu_buf_str(&buf, "one");
    mu_buf_char(&buf, ' ');
    mu_buf_span(&buf, (muc_span){"two three", 3});
    mu_buf_add(&buf, "\0x", 2);
    ck_assert_uint_eq(buf.n, 9);
    ck_assert_mem_eq(buf.p, "one two\0x", 10);
    mu_buf_cut(&buf, 100);
    ck_assert_uint_eq(buf.n, 9);
    mu_buf_cut(&buf, 3);
    ck_assert_str_eq(buf.p, "one");
    mu_buf_reset(&buf);
    ck_assert_uint_eq(buf.n, 0);
    ck_assert_str_eq(buf.p, "");
}
END_TEST

START_TEST(integers)
{
    static const struct {
        long long v;
        const char *text;
    } table[] = {
        {0, "0"},
        {7, "7"},
        {-10, "-10"},
        {1234567890123, "1234567890123"},
        {LLONG_MAX, "9223372036854775807"},
        {LLONG_MIN, "-9223372036854775808"},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        mu_buf_reset(&buf);
        mu_buf_int(&buf, table[i].v);
        ck_assert_str_eq(buf.p, table[i].text);
    }
}
END_TEST

START_TEST(escape)
{
    static const char raw[] = "a<b>&'\"\t\n\r c";
    mu_buf_escape(&buf, raw, sizeof raw - 1, false);
    ck_assert_str_eq(buf.p, "a&lt;b&gt;&amp;'\"\t&#10;&#13; c");
    mu_buf_reset(&buf);
    mu_buf_escape(&buf, raw, sizeof raw - 1, true);
    ck_assert_str_eq(buf.p, "a&lt;b&gt;&amp;&apos;&quot;&#9;&#10;&#13; c");
    mu_buf_reset(&buf);
    mu_buf_escape(&buf, NULL, 0, true);
    mu_buf_escape(&buf, "&", 1, true);
    ck_assert_str_eq(buf.p, "&amp;");
}
END_TEST

/* Eight bytes at a time give what one by one gave: each byte at each place, among neighbours low and high. */
START_TEST(escape_everywhere)
{
    static const char fill[] = {'a', ' ', '\x7f', '\x80', '\xff', '%', ';', '\''};
    bool attribute = _i % 2;
    for (size_t f = 0; f < sizeof fill; f++)
        for (int c = 1; c < 256; c++)
            for (size_t at = 0; at < 17; at++) {
                char text[17];
                memset(text, fill[f], sizeof text);
                text[at] = (char)c;
                mu_buf_reset(&buf);
                for (size_t i = 0; i < sizeof text; i++)
                    mu_buf_escape(&buf, text + i, 1, attribute);
                size_t n = buf.n;
                mu_buf_escape(&buf, text, sizeof text, attribute);
                ck_assert_uint_eq(buf.n, 2 * n);
                ck_assert_mem_eq(buf.p, buf.p + n, n);
            }
}
END_TEST

START_TEST(large)
{
    char block[100];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 5000; i++)
        mu_buf_add(&buf, block, sizeof block);
    ck_assert_uint_eq(buf.n, 500000);
    ck_assert_int_eq(buf.p[buf.n], 0);
    ck_assert_ptr_null(memchr(buf.p, 'y', buf.n));
    ck_assert(!mu_buf_reserve(&buf, SIZE_MAX - 10));
    ck_assert(buf.failed);
    ck_assert_uint_eq(buf.n, 500000);
}
END_TEST

static void write_all(mu_buf *b)
{
    for (int i = 0; i < 40; i++) {
        mu_buf_str(b, "element ");
        mu_buf_int(b, i);
        mu_buf_escape(b, "<&>", 3, true);
    }
}

START_TEST(every_allocation_fails_once)
{
    write_all(&buf);
    int failures = 0;
    for (long k = 0;; k++) {
        failing f = {-1, 0};
        muc_mem mem = failing_mem(&f);
        mu_heap *other = mu_heap_new(&mem);
        f.left = k;
        mu_buf b;
        mu_buf_init(&b, other);
        write_all(&b);
        bool failed = b.failed;
        f.left = -1;
        if (failed) {
            failures++;
            size_t n = b.n;
            mu_buf_str(&b, "ignored");
            ck_assert_uint_eq(b.n, n);
            ck_assert_mem_eq(b.p ? b.p : "", buf.p, n);
            mu_buf_reset(&b);
            mu_buf_str(&b, "again");
            ck_assert_str_eq(b.p, "again");
        } else {
            ck_assert_str_eq(b.p, buf.p);
        }
        mu_buf_free(&b);
        mu_heap_unref(other);
        ck_assert_int_eq(f.live, 0);
        if (!failed)
            break;
    }
    ck_assert_int_gt(failures, 3);
}
END_TEST

Suite *suite_buf(void)
{
    Suite *s = suite_create("buf");
    TCase *c = tcase_create("buf");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, append);
    tcase_add_test(c, integers);
    tcase_add_test(c, escape);
    tcase_add_loop_test(c, escape_everywhere, 0, 2);
    tcase_add_test(c, large);
    tcase_add_test(c, every_allocation_fails_once);
    suite_add_tcase(s, c);
    return s;
}
