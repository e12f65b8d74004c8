/* test_xml_nomem.c: reading a stanza with every single allocation of libxml2 failing once, and with all failing from
 * some point on: the tree is complete or there is none, nothing is lost in silence, leaks or is printed. */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "silence.h"
#include <libxml/parser.h>
#include <libxml/xmlmemory.h>
#include <xml/xml.h>

enum { MAX_DEPTH = 100 };

static struct {
    long count, fail_at, live;
    bool forever;
} memory;

static bool fails(void)
{
    long n = ++memory.count;
    return memory.fail_at > 0 && (memory.forever ? n >= memory.fail_at : n == memory.fail_at);
}

static void *take(size_t size)
{
    void *p = fails() ? NULL : malloc(size);
    memory.live += p != NULL;
    return p;
}

static void *retake(void *p, size_t size)
{
    if (fails())
        return NULL;
    memory.live += p == NULL;
    return realloc(p, size);
}

static void give(void *p)
{
    memory.live -= p != NULL;
    free(p);
}

static char *copy_string(const char *s)
{
    size_t n = strlen(s) + 1;
    char *p = take(n);
    if (p)
        memcpy(p, s, n);
    return p;
}

static const char *const stanzas[] = {
    "<message/>",
    "<message to='room@muc.example/nick' type='groupchat' id='a1' xml:lang='en'>"
    "<body>Hello &amp; &lt;welcome&gt;</body><body xml:lang='de'>Gr\xc3\xbc\xc3\x9f Gott "
    "&#x1F600;</body></message>",
    "<presence xmlns='jabber:client' from='u@example/r' to='room@muc.example/nick'>"
    "<x xmlns='http://jabber.org/protocol/muc'><history "
    "maxstanzas='0'/><password>secret</password></x>"
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' ver='x=' node='n'/></presence>",
    "<iq xmlns:p='urn:p' type='set' id='x'><p:query p:a='1' b='2' xmlns:q='urn:q'><q:item "
    "q:p='&apos;'/>"
    "text<![CDATA[ <raw> & ]]>more</p:query></iq>",
    "<message a1='1' a2='2' a3='3' a4='4' a5='5' a6='6' a7='7' a8='8' a9='9' a10='10' a11='11' "
    "a12='12'>"
    "<a><b><c><d><e><f><g><h><i><j><k><l/></k></j></i></h></g></f></e></d></c></b></a></message>",
    "<message xmlns='not a uri' xmlns:p='relative'><p:x y='&#10;line&#10;&quot;'/></message>",
};

static const char *const malformed[] = {
    "<message><body></message>",
    "<message><?pi?></message>",
    "<message><!-- c --></message>",
    "<message>&other;</message>",
    "<p:message/>",
    "<message a='1' a='2'/>",
};

/* A text long enough for libxml2 to give it in several pieces and to grow its own buffers. */
static char *long_stanza(void)
{
    enum { REPEAT = 3000 };
    char *s = malloc(40u * REPEAT + 100);
    ck_assert_ptr_nonnull(s);
    char *p = s + sprintf(s, "<message v='");
    for (int i = 0; i < REPEAT; i++)
        p += sprintf(p, "v%d&lt;", i % 7);
    p += sprintf(p, "'><body>");
    for (int i = 0; i < REPEAT; i++)
        p += sprintf(p, "\xc3\xa4%d &#228;", i % 7);
    sprintf(p, "</body></message>");
    return s;
}

/* As many attributes, prefixes and levels as are allowed, for libxml2's tables. */
static char *wide_stanza(void)
{
    char *s = malloc(100000);
    ck_assert_ptr_nonnull(s);
    char *p = s + sprintf(s, "<message");
    for (int i = 0; i < MU_XML_ATTRIBUTES; i++)
        p += sprintf(p, " a%d='%d'", i, i);
    for (int i = 0; i < MU_XML_PREFIXES; i++)
        p += sprintf(p, " xmlns:p%d='urn:%d'", i, i);
    *p++ = '>';
    for (int i = 1; i < MAX_DEPTH; i++)
        p += sprintf(p, "<p%d:d%d p%d:a='%d'>", i % 64, i, (i + 1) % 64, i);
    for (int i = MAX_DEPTH - 1; i > 0; i--)
        p += sprintf(p, "</p%d:d%d>", i % 64, i);
    sprintf(p, "</message>");
    return s;
}

/* The tree as text; the root's own tag too. */
static void written(mu_buf *out, const xmlDoc *doc)
{
    muc_xml x;
    mu_xml_init(&x, out->heap, MUC_NS_CLIENT);
    muc_xml_node(&x, doc->children);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    mu_buf_reset(out);
    mu_buf_add(out, x.buf.p, x.buf.n);
    mu_xml_free(&x);
}

/* One parse with the k-th allocation failing. Returns whether there was a k-th. */
static bool disturb(mu_reader *r, const char *stanza, const char *expected, mu_buf *out, long k)
{
    xmlDoc *doc;
    memory.count = 0;
    memory.fail_at = k;
    int result = mu_reader_parse(r, stanza, strlen(stanza), &doc);
    memory.fail_at = 0;
    if (result == MUC_OK) {
        ck_assert_msg(expected, "allocation %ld of %.60s: accepted", k, stanza);
        written(out, doc);
        ck_assert_msg(strcmp(out->p, expected) == 0, "allocation %ld of %.60s: %.200s", k, stanza, out->p);
    } else {
        ck_assert_ptr_null(doc);
        if (expected)
            ck_assert_msg(result == MUC_ERR_NOMEM, "allocation %ld of %.60s: result %d", k, stanza, result);
    }
    mu_doc_free(doc);
    return memory.count >= k;
}

/* warm: the reader has parsed before, and keeps what it can. */
static void disturb_all(const char *stanza, bool valid, bool warm)
{
    mu_heap *heap = mu_heap_new(NULL);
    mu_buf out, expected;
    mu_buf_init(&out, heap);
    mu_buf_init(&expected, heap);
    mu_reader r;
    mu_reader_init(&r, MAX_DEPTH);
    xmlDoc *doc;
    ck_assert_int_eq(mu_reader_parse(&r, stanza, strlen(stanza), &doc), valid ? MUC_OK : MUC_ERR_MALFORMED);
    if (valid)
        written(&expected, doc);
    mu_doc_free(doc);
    mu_reader_free(&r);
    xmlResetLastError();
    long live = memory.live;
    for (long k = 1, more = 1; more; k++) {
        mu_reader_init(&r, MAX_DEPTH);
        if (warm) {
            ck_assert_int_eq(mu_reader_parse(&r, "<a b='c'>d</a>", 14, &doc), MUC_OK);
            mu_doc_free(doc);
        }
        more = disturb(&r, stanza, valid ? expected.p : NULL, &out, k);
        /* The same reader works as soon as there is memory again. */
        int result = mu_reader_parse(&r, stanza, strlen(stanza), &doc);
        ck_assert_int_eq(result, valid ? MUC_OK : MUC_ERR_MALFORMED);
        mu_doc_free(doc);
        mu_reader_free(&r);
        xmlResetLastError();
        ck_assert_msg(memory.live == live, "allocation %ld of %.60s: %ld blocks leak", k, stanza, memory.live - live);
    }
    mu_buf_free(&out);
    mu_buf_free(&expected);
    mu_heap_unref(heap);
}

static void run(bool forever)
{
    xmlFreeFunc old_free;
    xmlMallocFunc old_malloc;
    xmlReallocFunc old_realloc;
    xmlStrdupFunc old_strdup;
    xmlMemGet(&old_free, &old_malloc, &old_realloc, &old_strdup);
    ck_assert_int_eq(xmlMemSetup(give, take, retake, copy_string), 0);
    memory.forever = forever;
    silence s;
    silence_begin(&s);
    for (int warm = 0; warm < 2; warm++) {
        for (size_t i = 0; i < sizeof stanzas / sizeof *stanzas; i++)
            disturb_all(stanzas[i], true, warm);
        for (size_t i = 0; i < sizeof malformed / sizeof *malformed; i++)
            disturb_all(malformed[i], false, warm);
        char *stanza = long_stanza();
        disturb_all(stanza, true, warm);
        free(stanza);
        stanza = wide_stanza();
        disturb_all(stanza, true, warm);
        free(stanza);
    }
    ck_assert_int_eq(silence_end(&s), 0);
    xmlMemSetup(old_free, old_malloc, old_realloc, old_strdup);
}

START_TEST(one_failure)
{
    run(false);
}
END_TEST

START_TEST(all_failing_from_here)
{
    run(true);
}
END_TEST

Suite *suite_xml_nomem(void)
{
    Suite *s = suite_create("xml out of memory");
    TCase *c = tcase_create("reading");
    tcase_set_timeout(c, 60);
    tcase_set_tags(c, "slow");
    tcase_add_test(c, one_failure);
    tcase_add_test(c, all_failing_from_here);
    suite_add_tcase(s, c);
    return s;
}
