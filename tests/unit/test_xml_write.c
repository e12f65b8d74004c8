/* test_xml_write.c: the writer, and trees to bytes: the bytes themselves, and that reading them gives the same tree. */
#include "suites.h"

#include "failing.h"
#include "xml_equal.h"
#include <xml/xml.h>

static failing memory;
static mu_heap *heap;
static muc_xml x;
static mu_reader reader;

static void set_up(void)
{
    memory = (failing){.left = -1};
    muc_mem mem = failing_mem(&memory);
    heap = mu_heap_new(&mem);
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    mu_reader_init(&reader, 100);
}

static void tear_down(void)
{
    mu_reader_free(&reader);
    mu_xml_free(&x);
    mu_heap_unref(heap);
    ck_assert_int_eq(memory.live, 0);
}

static void expect(const char *bytes)
{
    mu_xml_settle(&x);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    ck_assert_str_eq(x.buf.p, bytes);
    mu_xml_reset(&x, MUC_NS_CLIENT);
}

/* Calls in a wrong order, and what cannot be written, are remembered; nothing happens after that. */
static void expect_invalid(void)
{
    ck_assert_int_eq(muc_xml_error(&x), MUC_ERR_INVALID);
    size_t n = x.buf.n;
    muc_xml_open(&x, "a", NULL);
    muc_xml_attr(&x, "b", "c");
    muc_xml_attr_number(&x, "d", 1);
    muc_xml_text(&x, "t");
    muc_xml_leaf(&x, "l", "t");
    mu_xml_raw(&x, "r", 1);
    muc_xml_close(&x);
    mu_xml_settle(&x);
    ck_assert_uint_eq(x.buf.n, n);
    ck_assert_int_eq(muc_xml_error(&x), MUC_ERR_INVALID);
    mu_xml_reset(&x, MUC_NS_CLIENT);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
}

START_TEST(elements)
{
    muc_xml_open(&x, "message", NULL);
    muc_xml_attr(&x, "to", "a'b\"c<d>&\t\r\n");
    muc_xml_attr(&x, "none", NULL);
    muc_xml_attr(&x, "xml:lang", "de");
    muc_xml_attr_number(&x, "least", INT64_MIN);
    muc_xml_leaf(&x, "body", "1 < 2 & \"x\"\t\r\n\xc3\xa4");
    muc_xml_leaf(&x, "subject", "");
    muc_xml_leaf(&x, "thread", NULL);
    muc_xml_close(&x);
    expect("<message to='a&apos;b&quot;c&lt;d&gt;&amp;&#9;&#13;&#10;' xml:lang='de' "
           "least='-9223372036854775808'>"
           "<body>1 &lt; 2 &amp; \"x\"\t&#13;&#10;\xc3\xa4</body><subject/><thread/></message>");
}
END_TEST

START_TEST(namespaces)
{
    muc_xml_open(&x, "message", "jabber:server");
    muc_xml_open(&x, "x", "urn:a&b");
    muc_xml_leaf(&x, "in", NULL);
    muc_xml_open(&x, "same", "urn:a&b");
    muc_xml_close(&x);
    muc_xml_open(&x, "body", MUC_NS_CLIENT);
    ck_assert_str_eq(mu_xml_ns(&x), MUC_NS_CLIENT);
    muc_xml_close(&x);
    ck_assert_str_eq(mu_xml_ns(&x), "urn:a&b");
    muc_xml_close(&x);
    muc_xml_leaf(&x, "body", "t");
    muc_xml_close(&x);
    expect("<message><x xmlns='urn:a&amp;b'><in/><same/><body "
           "xmlns='jabber:client'/></x><body>t</body></message>");

    mu_xml_reset(&x, "urn:x");
    muc_xml_leaf(&x, "y", NULL);
    muc_xml_open(&x, "body", MUC_NS_CLIENT);
    muc_xml_close(&x);
    expect("<y/><body xmlns='jabber:client'/>");
}
END_TEST

START_TEST(raw_and_spans)
{
    muc_xml_open(&x, "a", NULL);
    mu_xml_span(&x, "b", (muc_span){"cdef", 2});
    mu_xml_raw(&x, "<r/>", 4);
    mu_xml_text_span(&x, (muc_span){"<text", 3});
    mu_xml_text_span(&x, (muc_span){NULL, 0});
    muc_xml_close(&x);
    expect("<a b='cd'><r/>&lt;te</a>");
}
END_TEST

START_TEST(wrong_order)
{
    muc_xml_close(&x);
    expect_invalid();
    muc_xml_attr(&x, "a", "b");
    expect_invalid();
    muc_xml_open(&x, "a", NULL);
    muc_xml_text(&x, "t");
    muc_xml_attr(&x, "a", "b");
    expect_invalid();
    muc_xml_open(&x, "a", NULL);
    mu_xml_settle(&x);
    x.base = x.depth;
    muc_xml_leaf(&x, "b", NULL);
    muc_xml_close(&x);
    expect_invalid();
}
END_TEST

START_TEST(doubled_attributes)
{
    muc_xml_open(&x, "a", "urn:x");
    muc_xml_attr(&x, "b", "c='d' e='");
    muc_xml_attr(&x, "c", "");
    muc_xml_attr(&x, "bb", " b=");
    muc_xml_attr(&x, "e", "");
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    muc_xml_attr(&x, "bb", "again");
    expect_invalid();
}
END_TEST

static const char *const bad_names[] = {"", "a b", "p:a", "1", "-", "xml:", "a>", "\xff", NULL};

START_TEST(what_cannot_be_written)
{
    for (size_t i = 0; i < sizeof bad_names / sizeof *bad_names; i++) {
        muc_xml_open(&x, bad_names[i], NULL);
        expect_invalid();
        muc_xml_open(&x, "a", NULL);
        muc_xml_attr(&x, bad_names[i], "v");
        expect_invalid();
    }
    muc_xml_open(&x, "a", NULL);
    muc_xml_attr(&x, "xmlns", "v");
    expect_invalid();
    muc_xml_open(&x, "a", "\x01");
    expect_invalid();
    muc_xml_open(&x, "a", NULL);
    muc_xml_attr(&x, "a", "\xc3");
    expect_invalid();
    muc_xml_open(&x, "a", NULL);
    muc_xml_text(&x, "\x02");
    expect_invalid();
    muc_xml_leaf(&x, "a", "\xef\xbf\xbf");
    expect_invalid();
    muc_xml_open(&x, "\xc3\xa4", NULL);
    muc_xml_close(&x);
    expect("<\xc3\xa4/>");
}
END_TEST

START_TEST(no_writer)
{
    muc_xml_open(NULL, "a", NULL);
    muc_xml_attr(NULL, "a", "b");
    muc_xml_attr_number(NULL, "a", 1);
    muc_xml_text(NULL, "t");
    muc_xml_leaf(NULL, "a", "t");
    muc_xml_node(NULL, NULL);
    muc_xml_close(NULL);
    ck_assert_int_eq(muc_xml_error(NULL), MUC_ERR_NOMEM);
    muc_xml_node(&x, NULL);
    expect_invalid();
}
END_TEST

START_TEST(no_memory)
{
    mu_xml_free(&x);
    int result = MUC_ERR_NOMEM;
    for (long k = 0; result != MUC_OK; k++) {
        memory.left = k;
        mu_xml_init(&x, heap, MUC_NS_CLIENT);
        for (int i = 0; i < 20; i++)
            muc_xml_open(&x, "a_rather_long_name", i % 2 ? "urn:x" : "urn:y");
        for (int i = 0; i < 20; i++)
            muc_xml_close(&x);
        result = muc_xml_error(&x);
        ck_assert(result == MUC_OK || result == MUC_ERR_NOMEM);
        ck_assert_str_eq(result == MUC_OK ? "" : mu_xml_ns(&x), result == MUC_OK ? "" : MUC_NS_CLIENT);
        memory.left = -1;
        mu_xml_reset(&x, MUC_NS_CLIENT);
        muc_xml_leaf(&x, "a", "b");
        expect("<a>b</a>");
        mu_xml_free(&x);
    }
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
}
END_TEST

/* ---- trees ------------------------------------------------------------------------------------------------------ */

static xmlDoc *parse(const char *s, size_t n)
{
    xmlDoc *doc;
    ck_assert_msg(mu_reader_parse(&reader, s, n, &doc) == MUC_OK, "refused: %.200s", s);
    return doc;
}

/* What stands in <message xmlns:p='urn:p' xmlns:q='urn:q'>, and how it is written. NULL: just so. */
static const struct {
    const char *in, *out;
} trees[] = {
    {"<body>a&amp;b</body><x xmlns='urn:x'><y z='1'/></x>", NULL},
    {"text<body/>&gt;more", NULL},
    {"<body a=\"'&#10;&#9;\"> a\tb\r\nc </body>", "<body a='&apos;&#10;&#9;'> a\tb&#10;c </body>"},
    {"<a><![CDATA[<&>]]>x</a>", "<a>&lt;&amp;&gt;x</a>"},
    {"<a></a>", "<a/>"},
    {"<body xmlns='jabber:server'/>", "<body/>"},
    {"<body xmlns=''/>", "<body/>"},
    {"<x xmlns='urn:x'><body xmlns='jabber:component:accept'><b/></body><y/></x>",
     "<x xmlns='urn:x'><body xmlns='jabber:client'><b/></body><y/></x>"},
    {"<x xmlns='urn:x'><body xmlns=''/></x>", "<x xmlns='urn:x'><body xmlns='jabber:client'/></x>"},
    {"<p:a/><p:a><p:b/></p:a>", "<p:a xmlns:p='urn:p'/><p:a xmlns:p='urn:p'><p:b/></p:a>"},
    {"<a p:b='1' q:c='2' d='3'/>", "<a xmlns:p='urn:p' xmlns:q='urn:q' p:b='1' q:c='2' d='3'/>"},
    {"<a><b><p:c/></b><p:d/></a>", "<a><b><p:c xmlns:p='urn:p'/></b><p:d xmlns:p='urn:p'/></a>"},
    {"<a xmlns:p='urn:p'/>", NULL},
    {"<a xmlns:p='urn:other' p:b='p:type'/>", NULL},
    {"<p:a xmlns:p='urn:other'><p:b xmlns:p='urn:p'/><p:c/></p:a>", NULL},
    {"<r:a xmlns='urn:x' xmlns:r='urn:r'><b/><r:c/><d xmlns='jabber:client'/></r:a>", NULL},
    {"<x xmlns='urn:x'><p:a/><y/></x>", "<x xmlns='urn:x'><p:a xmlns:p='urn:p'/><y/></x>"},
    {"<x xmlns='urn:x'><p:a xmlns='urn:y' xmlns:p='urn:p'><z/></p:a><y/></x>", NULL},
    {"<c:a xmlns:c='jabber:client'><c:b c:d='e'/></c:a>", "<a xmlns:c='jabber:client'><b c:d='e'/></a>"},
    {"<a xml:lang='en' xml:space='preserve'/>", NULL},
    {"<x xmlns=\"urn:'&lt;&amp;\"/>", "<x xmlns='urn:&apos;&lt;&amp;'/>"},
    {"<a><b>1</b>2<c>3<d/>4</c>5</a>6<e/>", NULL},
};

#define STANZA "<message xmlns:p='urn:p' xmlns:q='urn:q'>"

static void add_stanza(mu_buf *b, const char *content, size_t n)
{
    mu_buf_reset(b);
    mu_buf_str(b, STANZA);
    mu_buf_add(b, content, n);
    mu_buf_str(b, "</message>");
}

START_TEST(children)
{
    const char *in = trees[_i].in;
    mu_buf bytes;
    mu_buf_init(&bytes, heap);
    add_stanza(&bytes, in, strlen(in));
    xmlDoc *first = parse(bytes.p, bytes.n);
    mu_xml_children(&x, first->children, NULL, NULL);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    ck_assert_str_eq(x.buf.p, trees[_i].out ? trees[_i].out : in);

    add_stanza(&bytes, x.buf.p, x.buf.n);
    xmlDoc *second = parse(bytes.p, bytes.n);
    ck_assert(xml_equal_children(first->children, second->children));

    /* The element itself, too, in whatever namespace it is put. */
    mu_xml_reset(&x, _i % 2 ? "urn:x" : MUC_NS_CLIENT);
    mu_buf_reset(&bytes);
    mu_buf_str(&bytes, _i % 2 ? "<a xmlns='urn:x'>" : "<a>");
    muc_xml_node(&x, first->children);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    mu_buf_add(&bytes, x.buf.p, x.buf.n);
    mu_buf_str(&bytes, "</a>");
    xmlDoc *third = parse(bytes.p, bytes.n);
    ck_assert(xml_equal(first->children, mu_first(third->children)));
    mu_doc_free(first);
    mu_doc_free(second);
    mu_doc_free(third);
    mu_buf_free(&bytes);
}
END_TEST

static bool is_named(const xmlNode *node, const void *context)
{
    return muc_node_is(node, context, NULL);
}

START_TEST(skips)
{
    static const char s[] = "<message>1<a/>2<b/>3<a><b/></a></message>";
    xmlDoc *doc = parse(s, sizeof s - 1);
    mu_xml_children(&x, doc->children, is_named, "a");
    expect("12<b/>3");
    mu_doc_free(doc);
}
END_TEST

START_TEST(node_inside_what_is_open)
{
    static const char s[] = "<x xmlns='urn:x' a='b'>t</x>";
    xmlDoc *doc = parse(s, sizeof s - 1);
    muc_xml_open(&x, "w", "urn:x");
    muc_xml_node(&x, doc->children);
    muc_xml_leaf(&x, "v", NULL);
    muc_xml_close(&x);
    muc_xml_node(&x, doc->children);
    expect("<w xmlns='urn:x'><x a='b'>t</x><v/></w><x xmlns='urn:x' a='b'>t</x>");
    mu_doc_free(doc);
}
END_TEST

/* Deeper than any stack would like. */
START_TEST(deep)
{
    enum { DEPTH = 200000 };
    xmlNode *top = xmlNewNode(NULL, (const xmlChar *)"a"), *node = top;
    for (int i = 1; i < DEPTH; i++) {
        xmlNode *child = xmlNewNode(NULL, (const xmlChar *)"a");
        child->parent = node;
        node->children = node->last = child;
        node = child;
    }
    muc_xml_node(&x, top);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    ck_assert_uint_eq(x.buf.n, 7u * (DEPTH - 1) + 4);
    xmlFreeNode(top);
}
END_TEST

START_TEST(trees_without_memory)
{
    static const char s[] = STANZA "<p:a b='c'>text<d/></p:a></message>";
    xmlDoc *doc = parse(s, sizeof s - 1);
    mu_xml_free(&x);
    int result = MUC_ERR_NOMEM;
    for (long k = 0; result != MUC_OK; k++) {
        memory.left = k;
        mu_xml_init(&x, heap, MUC_NS_CLIENT);
        mu_xml_children(&x, doc->children, NULL, NULL);
        muc_xml_node(&x, doc->children);
        result = muc_xml_error(&x);
        ck_assert(result == MUC_OK || result == MUC_ERR_NOMEM);
        memory.left = -1;
        if (result != MUC_OK)
            mu_xml_free(&x);
    }
    mu_doc_free(doc);
}
END_TEST

Suite *suite_xml_write(void)
{
    Suite *s = suite_create("xml write");
    TCase *c = tcase_create("writing");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_set_timeout(c, 30);
    tcase_add_test(c, elements);
    tcase_add_test(c, namespaces);
    tcase_add_test(c, raw_and_spans);
    tcase_add_test(c, wrong_order);
    tcase_add_test(c, doubled_attributes);
    tcase_add_test(c, what_cannot_be_written);
    tcase_add_test(c, no_writer);
    tcase_add_test(c, no_memory);
    tcase_add_loop_test(c, children, 0, sizeof trees / sizeof *trees);
    tcase_add_test(c, skips);
    tcase_add_test(c, node_inside_what_is_open);
    tcase_add_test(c, deep);
    tcase_add_test(c, trees_without_memory);
    suite_add_tcase(s, c);
    return s;
}
