/* test_prep.c: preparation by both profiles and by the host. */
#include "failing.h"
#include "random.h"
#include "suites.h"

#include <base/prep.h>
#include <base/text.h>
#include <muc/version.h>
#include <string.h>

#define LOCAL    MUC_PREP_LOCAL, MUC_PREP_ENFORCE
#define DOMAIN   MUC_PREP_DOMAIN, MUC_PREP_ENFORCE
#define RESOURCE MUC_PREP_RESOURCE, MUC_PREP_ENFORCE
#define NICK     MUC_PREP_NICK, MUC_PREP_ENFORCE
#define KEY      MUC_PREP_NICK, MUC_PREP_COMPARE

typedef int prep_fn(muc_prep_part, muc_prep_purpose, const char *, size_t, char *, size_t);

typedef struct prep_case {
    muc_prep_part part;
    muc_prep_purpose purpose;
    const char *in, *out; /* out NULL: refused */
} prep_case;

static void check_case(prep_fn *prep, const prep_case *c)
{
    char out[MU_PREP_MAX + 1], again[MU_PREP_MAX + 1];
    int n = prep(c->part, c->purpose, c->in, strlen(c->in), out, sizeof out);
    if (!c->out) {
        if (n != -1)
            ck_abort_msg("'%s' is not refused", c->in);
        return;
    }
    if (n < 0)
        ck_abort_msg("'%s' is refused", c->in);
    ck_assert_str_eq(out, c->out);
    ck_assert_int_eq(n, (int)strlen(c->out));
    ck_assert_int_eq(prep(c->part, c->purpose, out, (size_t)n, again, sizeof again), n);
    ck_assert_str_eq(again, out);
    ck_assert_int_eq(prep(c->part, c->purpose, out, (size_t)n, again, (size_t)n), -1);
    ck_assert_int_eq(prep(c->part, c->purpose, out, (size_t)n, again, (size_t)n + 1), n);
}

/* Both profiles give the same. */
static const prep_case common[] = {
    {LOCAL, "room", "room"},
    {LOCAL, "RooM-1_x", "room-1_x"},
    {LOCAL, "!#$%()*+,-.;=?[\\]^_`{|}~", "!#$%()*+,-.;=?[\\]^_`{|}~"},
    {LOCAL, "", NULL},
    {LOCAL, "a b", NULL},
    {LOCAL, "a\"b", NULL},
    {LOCAL, "a&b", NULL},
    {LOCAL, "a'b", NULL},
    {LOCAL, "a/b", NULL},
    {LOCAL, "a:b", NULL},
    {LOCAL, "a<b", NULL},
    {LOCAL, "a>b", NULL},
    {LOCAL, "a@b", NULL},
    {LOCAL, "a\nb", NULL},
    {LOCAL, "a\x7f", NULL},
    {LOCAL, "a\xc2\xa0", NULL},
    {LOCAL, "a\xe2\x80\x8b", NULL},
    {LOCAL, "a\xff", NULL},
    {LOCAL,
     "b\xc3\xbc"
     "cher",
     "b\xc3\xbc"
     "cher"},
    {DOMAIN, "Example.COM", "example.com"},
    {DOMAIN, "example.com.", "example.com"},
    {DOMAIN, "localhost", "localhost"},
    {DOMAIN, "10.0.0.1", "10.0.0.1"},
    {DOMAIN, "xn--bcher-kva.example", "xn--bcher-kva.example"},
    {DOMAIN,
     "b\xc3\xbc"
     "cher.example",
     "b\xc3\xbc"
     "cher.example"},
    {DOMAIN, "[::1]", "[::1]"},
    {DOMAIN, "[::]", "[::]"},
    {DOMAIN, "[2001:DB8::A]", "[2001:db8::a]"},
    {DOMAIN, "[1:2:3:4:5:6:7:8]", "[1:2:3:4:5:6:7:8]"},
    {DOMAIN, "[1:2:3:4:5:6:7::]", "[1:2:3:4:5:6:7::]"},
    {DOMAIN, "[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]"},
    {DOMAIN, "[1:2:3:4:5:6:7]", NULL},
    {DOMAIN, "[1:2:3:4:5:6:7:8:9]", NULL},
    {DOMAIN, "[1::2::3]", NULL},
    {DOMAIN, "[1:2:3:4::5:6:7:8]", NULL},
    {DOMAIN, "[:1]", NULL},
    {DOMAIN, "[1:]", NULL},
    {DOMAIN, "[12345::]", NULL},
    {DOMAIN, "[::1.2.3]", NULL},
    {DOMAIN, "[::1.2.3.256]", NULL},
    {DOMAIN, "[::1.2.3.4.5]", NULL},
    {DOMAIN, "[:::]", NULL},
    {DOMAIN, "[]", NULL},
    {DOMAIN, "[::1", NULL},
    {DOMAIN, "", NULL},
    {DOMAIN, ".", NULL},
    {DOMAIN, "a..b", NULL},
    {DOMAIN, ".a", NULL},
    {DOMAIN, "a@b", NULL},
    {DOMAIN, "a b", NULL},
    {DOMAIN, "-a.b", NULL},
    {DOMAIN, "a-.b", NULL},
    {DOMAIN, "a_b", NULL},
    {DOMAIN, "a\xe2\x80\x8b.b", NULL},
    {DOMAIN, "a1234567890123456789012345678901234567890123456789012345678901234.b", NULL},
    {RESOURCE, "Home", "Home"},
    {RESOURCE, "My Home @/", "My Home @/"},
    {RESOURCE, " ", " "},
    {RESOURCE, "", NULL},
    {RESOURCE, "a\nb", NULL},
    {RESOURCE, "a\xc2\x85", NULL},
    {RESOURCE, "a\xef\xbf\xbe", NULL},
    {RESOURCE, "\xe2\x98\x83", "\xe2\x98\x83"},
    {NICK, "Thirdwitch", "Thirdwitch"},
    {NICK, " two  words ", " two  words "},
    {NICK, "\xe2\x98\x83", "\xe2\x98\x83"},
    {NICK, "", NULL},
    {NICK, " ", NULL},
    {NICK, "   ", NULL},
    {NICK, "\t", NULL},
    {NICK, "\xc2\xa0\xe3\x80\x80", NULL},
    {NICK, "\xc2\xad", NULL},
    {NICK, "\xe2\x80\x8b", NULL},
    {NICK, "\xe2\x80\x8b\xef\xbb\xbf ", NULL},
    {NICK, "\xe2\xa0\x80", NULL},
    {NICK, "\xe3\x85\xa4", NULL},
    {NICK, "a\nb", NULL},
    {KEY, "Thirdwitch", "thirdwitch"},
    {KEY, " Two  Words ", "two words"},
    {KEY,
     "a\xc2\xa0\xe3\x80\x80"
     "b",
     "a b"},
    {KEY, "", NULL},
    {KEY, " ", NULL},
    {KEY, "\xe2\x80\x8b", NULL},
    {KEY, "\xe2\x80\x83\xe2\x80\x83", NULL},
    {KEY, "\xe2\xa0\x80", NULL},
};

START_TEST(common_basic)
{
    check_case(mu_prep_basic, &common[_i]);
}
END_TEST

static const prep_case basic[] = {
    {LOCAL, "\xc3\x84", "\xc3\x84"},
    {RESOURCE, "a\xc2\xa0", "a\xc2\xa0"},
    {KEY, "\xc3\x84X", "\xc3\x84x"},
    {KEY,
     "bo\xe2\x80\x8b"
     "b",
     "bob"},
};

START_TEST(only_basic)
{
    check_case(mu_prep_basic, &basic[_i]);
}
END_TEST

#if MUC_WITH_PRECIS
START_TEST(common_precis)
{
    check_case(mu_prep_precis, &common[_i]);
}
END_TEST

static const prep_case precis[] = {
    /* UsernameCaseMapped: case, width, NFC, the string class. */
    {LOCAL, "\xc3\x84PFEL", "\xc3\xa4pfel"},
    {LOCAL, "A\xcc\x88", "\xc3\xa4"},
    {LOCAL, "\xef\xbc\xa1\xef\xbc\x91", "a1"},
    {LOCAL, "\xef\xbd\xb6\xef\xbe\x9e", "\xe3\x82\xac"},
    {LOCAL, "\xef\xbc\xa0", NULL},
    {LOCAL, "\xef\xbc\x8f", NULL},
    {LOCAL,
     "Stra\xc3\x9f"
     "e",
     "stra\xc3\x9f"
     "e"},
    {LOCAL, "\xce\xa3\xce\x91\xce\xa3", "\xcf\x83\xce\xb1\xcf\x82"},
    {LOCAL, "\xce\xa3", "\xcf\x83"},
    {LOCAL, "\xc4\xb0", "i\xcc\x87"},
    {LOCAL, "henry\xe2\x85\xa3", NULL},
    {LOCAL, "\xef\xac\x81", NULL},
    {LOCAL, "\xe2\x84\xab", NULL},
    {LOCAL, "\xe2\x99\x9a", NULL},
    {LOCAL, "a\xc2\xad", NULL},
    {LOCAL, "\xe1\x84\x80\xe1\x85\xa1", NULL},
    {LOCAL, "\xea\xb0\x80", "\xea\xb0\x80"},
    {LOCAL, "\xd9\x80", NULL},
    {LOCAL, "\xcd\xb8", NULL},
    {LOCAL, "\xee\x80\x80", NULL},
    {LOCAL, "\xe3\x80\x87", "\xe3\x80\x87"},
    /* Context. */
    {LOCAL, "L\xc2\xb7L", "l\xc2\xb7l"},
    {LOCAL,
     "l\xc2\xb7"
     "a",
     NULL},
    {LOCAL, "\xcd\xb5\xce\xb1", "\xcd\xb5\xce\xb1"},
    {LOCAL,
     "\xcd\xb5"
     "a",
     NULL},
    {LOCAL, "\xd7\x90\xd7\xb3", "\xd7\x90\xd7\xb3"},
    {LOCAL, "a\xd7\xb3", NULL},
    {LOCAL, "\xe3\x82\xa2\xe3\x83\xbb", "\xe3\x82\xa2\xe3\x83\xbb"},
    {LOCAL, "a\xe3\x83\xbb", NULL},
    {LOCAL, "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d", "\xe0\xa4\x95\xe0\xa5\x8d\xe2\x80\x8d"},
    {LOCAL, "a\xe2\x80\x8d", NULL},
    {LOCAL, "\xe2\x80\x8c", NULL},
    {LOCAL, "\xd8\xa7\xd9\xa1", "\xd8\xa7\xd9\xa1"},
    {LOCAL, "\xd8\xa7\xd9\xa1\xdb\xb1", NULL},
    /* Direction. */
    {LOCAL, "\xd7\x90\xd7\x91", "\xd7\x90\xd7\x91"},
    {LOCAL, "\xd7\x90\xd6\xb8", "\xd7\x90\xd6\xb8"},
    {LOCAL,
     "\xd7\x90"
     "1",
     "\xd7\x90"
     "1"},
    {LOCAL, "\xd7\x90-", NULL},
    {LOCAL,
     "\xd7\x90"
     "a",
     NULL},
    {LOCAL, "a\xd7\x90", NULL},
    {LOCAL, "1\xd7\x90", NULL},
    {LOCAL,
     "\xd8\xa7"
     "1\xd9\xa1",
     NULL},
    {RESOURCE, "a\xd7\x90", "a\xd7\x90"},
    /* Domains. */
    {DOMAIN,
     "B\xc3\x9c"
     "CHER.example",
     "b\xc3\xbc"
     "cher.example"},
    {DOMAIN,
     "a\xe3\x80\x82"
     "b",
     "a.b"},
    {DOMAIN,
     "a\xef\xbc\x8e"
     "b",
     "a.b"},
    {DOMAIN, "\xd7\x90.example", "\xd7\x90.example"},
    {DOMAIN,
     "\xd7\x90"
     "a.example",
     NULL},
    {DOMAIN, "\xe2\x98\x83.example", NULL},
    /* OpaqueString. */
    {RESOURCE,
     "a\xc2\xa0"
     "b",
     "a b"},
    {RESOURCE, "A\xcc\x88", "\xc3\x84"},
    {RESOURCE, "\xe2\x84\xab", "\xc3\x85"},
    {RESOURCE, "\xef\xac\x81", "\xef\xac\x81"},
    {RESOURCE, "\xef\xbc\xa1", "\xef\xbc\xa1"},
    {RESOURCE, "a\xe2\x80\x8b", NULL},
    {RESOURCE, "\xf0\x9f\x98\x80", "\xf0\x9f\x98\x80"},
    {NICK,
     "Foo\xe3\x80\x80"
     "Bar",
     "Foo Bar"},
    {NICK,
     "bo\xe2\x80\x8b"
     "b",
     NULL},
    {NICK,
     "bo\xc2\xad"
     "b",
     NULL},
    /* Nickname (the examples of RFC 8266 section 2 among them). */
    {KEY, "Foo", "foo"},
    {KEY, "Foo Bar", "foo bar"},
    {KEY, "\xce\xa3", "\xcf\x83"},
    {KEY, "\xcf\x82", "\xcf\x82"},
    {KEY, "\xcf\xb9", "\xcf\x82"},
    {KEY, "\xe2\x99\x9a", "\xe2\x99\x9a"},
    {KEY, "Richard \xe2\x85\xa3", "richard iv"},
    {KEY, "\xef\xbc\xa2o\xef\xbd\x82", "bob"},
    {KEY, "\xef\xac\x81", "fi"},
    {KEY, "\xc2\xb4", "\xcc\x81"},
    {KEY, "\xf0\x9d\x90\x80", "a"},
    {KEY, "A\xcc\x88", "\xc3\xa4"},
    {KEY,
     "bo\xe2\x80\x8b"
     "b",
     NULL},
};

START_TEST(only_precis)
{
    check_case(mu_prep_precis, &precis[_i]);
}
END_TEST
#endif

/* Strings that nobody thought of: what is given is valid, short enough and stays what it is. */
static void check_random(prep_fn *prep)
{
    static const uint32_t limits[] = {0x80, 0x700, 0x3100, 0x10000, 0x20000};
    uint64_t state = 99;
    for (int round = 0; round < 40000; round++) {
        char in[64], once[MU_PREP_MAX + 1], twice[MU_PREP_MAX + 1];
        size_t n = 0;
        for (uint32_t k = 1 + random_below(&state, 6); k > 0; k--) {
            uint32_t c = random_below(&state, limits[random_below(&state, 5)]);
            if (c < 0x80) {
                in[n++] = (char)c;
            } else if (c < 0x800) {
                in[n++] = (char)(0xc0 | c >> 6);
                in[n++] = (char)(0x80 | (c & 0x3f));
            } else {
                in[n++] = (char)(c < 0x10000 ? 0xe0 | c >> 12 : 0xf0);
                if (c >= 0x10000)
                    in[n++] = (char)(0x80 | c >> 12);
                in[n++] = (char)(0x80 | (c >> 6 & 0x3f));
                in[n++] = (char)(0x80 | (c & 0x3f));
            }
        }
        muc_prep_part part = (muc_prep_part)random_below(&state, 4);
        muc_prep_purpose purpose = (muc_prep_purpose)random_below(&state, 2);
        int got = prep(part, purpose, in, n, once, sizeof once);
        if (got < 0)
            continue;
        ck_assert(mu_xml_valid(once, (size_t)got));
        ck_assert_int_eq(once[got], 0);
        ck_assert_int_eq(prep(part, purpose, once, (size_t)got, twice, sizeof twice), got);
        ck_assert_str_eq(once, twice);
    }
}

START_TEST(random_strings)
{
    check_random(mu_prep_basic);
#if MUC_WITH_PRECIS
    check_random(mu_prep_precis);
#endif
}
END_TEST

START_TEST(longest)
{
    char in[MU_PREP_MAX + 2], out[MU_PREP_MAX + 1];
    memset(in, 'X', sizeof in);
    ck_assert_int_eq(mu_prep_builtin(LOCAL, in, MU_PREP_MAX, out, sizeof out), MU_PREP_MAX);
    ck_assert_int_eq(out[0], 'x');
    ck_assert_int_eq(mu_prep_builtin(LOCAL, in, MU_PREP_MAX + 1, out, sizeof out), -1);
    for (size_t i = 0; i + 3 <= MU_PREP_MAX; i += 3)
        memcpy(in + i, "\xea\xb0\x81", 3); /* a syllable that decomposes into three */
    ck_assert_int_eq(mu_prep_builtin(RESOURCE, in, MU_PREP_MAX, out, sizeof out), MU_PREP_MAX);
    ck_assert_mem_eq(in, out, MU_PREP_MAX);
#if MUC_WITH_PRECIS
    for (size_t i = 0; i + 3 <= MU_PREP_MAX; i += 3)
        memcpy(in + i, "\xef\xb7\xba", 3); /* a ligature that stands for eighteen characters */
    ck_assert_int_eq(mu_prep_precis(KEY, in, MU_PREP_MAX, out, sizeof out), -1);
#endif
}
END_TEST

typedef struct host {
    int calls, answer;
    const char *text;
    char asked[32];
} host;

static int host_prep(muc_prep_part part, muc_prep_purpose purpose, const char *in, char *out, size_t size, void *ud)
{
    host *h = ud;
    (void)part;
    (void)purpose;
    h->calls++;
    strncpy(h->asked, in, sizeof h->asked - 1);
    if (h->text && strlen(h->text) < size)
        memcpy(out, h->text, strlen(h->text) + 1);
    return h->answer;
}

static mu_heap *heap;
static mu_buf out;

static void setup(void)
{
    heap = mu_heap_new(NULL);
    mu_buf_init(&out, heap);
}

static void teardown(void)
{
    mu_buf_free(&out);
    mu_heap_unref(heap);
}

static bool part(const mu_prep *p, muc_prep_part which, muc_prep_purpose purpose, const char *in)
{
    mu_buf_reset(&out);
    return mu_prep_part(p, which, purpose, (muc_span){in, strlen(in)}, &out);
}

START_TEST(plain_asks_nobody)
{
    host h = {0, -1, NULL, ""};
    mu_prep p = {host_prep, &h};
    ck_assert(part(&p, LOCAL, "room!"));
    ck_assert(part(&p, DOMAIN, "muc-1.example.com"));
    ck_assert(part(&p, DOMAIN, "[::1]"));
    ck_assert(part(&p, RESOURCE, "Home@/\"'<"));
    ck_assert(part(&p, NICK, "ThirdWitch"));
    ck_assert(part(&p, KEY, "third-witch"));
    ck_assert_str_eq(out.p, "third-witch");
    ck_assert_int_eq(h.calls, 0);
    static const prep_case asked[] = {
        {LOCAL, "Room", NULL},  {LOCAL, "a@b", NULL},     {LOCAL, "a b", NULL},      {DOMAIN, "A.b", NULL},
        {DOMAIN, "a.b.", NULL}, {DOMAIN, "a..b", NULL},   {RESOURCE, "a b", NULL},   {NICK, "a b", NULL},
        {KEY, "A", NULL},       {NICK, "\xc3\xa4", NULL}, {LOCAL, "\xc3\xa4", NULL},
    };
    for (size_t i = 0; i < sizeof asked / sizeof *asked; i++) {
        ck_assert(!part(&p, asked[i].part, asked[i].purpose, asked[i].in));
        ck_assert_int_eq(h.calls, (int)i + 1);
        ck_assert_str_eq(h.asked, asked[i].in);
        ck_assert_uint_eq(out.n, 0);
    }
    ck_assert(!part(&p, LOCAL, ""));
    ck_assert(!part(&p, RESOURCE, "\xff"));
    ck_assert(!mu_prep_part(&p, RESOURCE, (muc_span){"a\0b", 3}, &out));
    ck_assert_int_eq(h.calls, 11);
}
END_TEST

START_TEST(what_the_host_may_answer)
{
    static const struct {
        int answer;
        const char *text;
        bool ok;
    } answers[] = {
        {3, "abc", true},   {2, "\xc3\xa4", true}, {0, "", false},       {-1, "abc", false}, {1, "\n", false},
        {1, "\x01", false}, {1, "\xff", false},    {2000, "abc", false}, {2, "a", false},    {1, " ", false},
    };
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        host h = {0, answers[i].answer, answers[i].text, ""};
        mu_prep p = {host_prep, &h};
        ck_assert_int_eq(part(&p, NICK, "a b"), answers[i].ok);
        ck_assert_int_eq(h.calls, 1);
        if (answers[i].ok)
            ck_assert_str_eq(out.p, answers[i].text);
    }
}
END_TEST

START_TEST(plain_takes_no_memory)
{
    failing f = {-1, 0};
    muc_mem mem = failing_mem(&f);
    mu_heap *other = mu_heap_new(&mem);
    mu_buf b;
    mu_buf_init(&b, other);
    mu_buf_reserve(&b, 100);
    f.left = 0;
    mu_prep p = {NULL, NULL};
    ck_assert(mu_prep_part(&p, LOCAL, (muc_span){"room", 4}, &b));
    ck_assert(mu_prep_part(&p, LOCAL, (muc_span){"ROOM", 4}, &b));
    ck_assert(!b.failed);
    ck_assert_str_eq(b.p, "roomroom");
    mu_buf_free(&b);
    mu_heap_unref(other);
}
END_TEST

START_TEST(whole_jids)
{
    static const struct {
        const char *in;
        bool with_resource;
        const char *key;
    } table[] = {
        {"Room@MUC.Example/Nick Name", false, "room@muc.example"},
        {"Room@MUC.Example/Nick Name", true, "room@muc.example/Nick Name"},
        {"Example.com", true, "example.com"},
        {"Example.com./R", true, "example.com/R"},
        {"a b@example.com", false, NULL},
        {"a@b@example.com", false, NULL},
        {"a@b..c", false, NULL},
        {"a@b/\x01", true, NULL},
        {"a@b/\x01", false, "a@b"},
    };
    mu_prep p = {NULL, NULL};
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        mu_jid jid;
        mu_buf_reset(&out);
        mu_buf_str(&out, "<");
        ck_assert(mu_jid_split(table[i].in, strlen(table[i].in), &jid));
        ck_assert_int_eq(mu_prep_jid(&p, &jid, table[i].with_resource, &out), table[i].key != NULL);
        ck_assert_str_eq(out.p + 1, table[i].key ? table[i].key : "");
    }
}
END_TEST

START_TEST(profile)
{
#if MUC_WITH_PRECIS
    ck_assert_str_eq(muc_prep_profile(), "precis");
#else
    ck_assert_str_eq(muc_prep_profile(), "basic");
#endif
}
END_TEST

Suite *suite_prep(void)
{
    Suite *s = suite_create("prep");
    TCase *c = tcase_create("prep");
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_loop_test(c, common_basic, 0, sizeof common / sizeof *common);
    tcase_add_loop_test(c, only_basic, 0, sizeof basic / sizeof *basic);
#if MUC_WITH_PRECIS
    tcase_add_loop_test(c, common_precis, 0, sizeof common / sizeof *common);
    tcase_add_loop_test(c, only_precis, 0, sizeof precis / sizeof *precis);
#endif
    tcase_add_test(c, random_strings);
    tcase_add_test(c, longest);
    tcase_add_test(c, plain_asks_nobody);
    tcase_add_test(c, what_the_host_may_answer);
    tcase_add_test(c, plain_takes_no_memory);
    tcase_add_test(c, whole_jids);
    tcase_add_test(c, profile);
    suite_add_tcase(s, c);
    return s;
}
