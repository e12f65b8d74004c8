/* test_jid.c: taking JIDs apart. */
#include "suites.h"

#include <base/jid.h>
#include <base/text.h>
#include <string.h>

static const struct {
    const char *text, *local, *domain, *resource, *bare; /* domain NULL: refused */
} table[] = {
    {"example.com", "", "example.com", "", "example.com"},
    {"a@b", "a", "b", "", "a@b"},
    {"a@b/c", "a", "b", "c", "a@b"},
    {"b/c", "", "b", "c", "b"},
    {"a@b/c/d@e", "a", "b", "c/d@e", "a@b"},
    {"b/c@d", "", "b", "c@d", "b"},
    {"a@b/ ", "a", "b", " ", "a@b"},
    {"a@b@c", "a", "b@c", "", "a@b@c"},
    {"a@b./c", "a", "b", "c", "a@b"},
    {"b.", "", "b", "", "b"},
    {"b..", "", "b.", "", "b."},
    {"a@[::1]/x", "a", "[::1]", "x", "a@[::1]"},
    {"\xc3\xa4@b/\xe2\x98\x83", "\xc3\xa4", "b", "\xe2\x98\x83", "\xc3\xa4@b"},
    {"", NULL, NULL, NULL, NULL},
    {"@", NULL, NULL, NULL, NULL},
    {"/", NULL, NULL, NULL, NULL},
    {".", NULL, NULL, NULL, NULL},
    {"@b", NULL, NULL, NULL, NULL},
    {"a@", NULL, NULL, NULL, NULL},
    {"a@.", NULL, NULL, NULL, NULL},
    {"a@/c", NULL, NULL, NULL, NULL},
    {"/c", NULL, NULL, NULL, NULL},
    {"a@b/", NULL, NULL, NULL, NULL},
    {"@b/c", NULL, NULL, NULL, NULL},
    {"a@b/\xff", NULL, NULL, NULL, NULL},
    {"\xc3@b", NULL, NULL, NULL, NULL},
};

START_TEST(split)
{
    mu_jid jid;
    bool ok = mu_jid_split(table[_i].text, strlen(table[_i].text), &jid);
    ck_assert_int_eq(ok, table[_i].domain != NULL);
    if (!ok)
        return;
    ck_assert(mu_span_is(jid.local, table[_i].local));
    ck_assert(mu_span_is(jid.domain, table[_i].domain));
    ck_assert(mu_span_is(jid.resource, table[_i].resource));
    ck_assert(mu_span_is(jid.bare, table[_i].bare));
}
END_TEST

/* local@domain/resource of these lengths. */
static bool splits(size_t local, size_t domain, size_t resource)
{
    char text[4000];
    mu_jid jid;
    size_t n = local + 1 + domain + 1 + resource;
    memset(text, 'x', n);
    text[local] = '@';
    text[local + 1 + domain] = '/';
    return mu_jid_split(text, n, &jid) && jid.resource.n == resource;
}

START_TEST(lengths)
{
    ck_assert(splits(1023, 1023, 1023));
    ck_assert(!splits(1024, 1023, 1023));
    ck_assert(!splits(1023, 1024, 1023));
    ck_assert(!splits(1023, 1023, 1024));
}
END_TEST

Suite *suite_jid(void)
{
    Suite *s = suite_create("jid");
    TCase *c = tcase_create("jid");
    tcase_add_loop_test(c, split, 0, sizeof table / sizeof *table);
    tcase_add_test(c, lengths);
    suite_add_tcase(s, c);
    return s;
}
