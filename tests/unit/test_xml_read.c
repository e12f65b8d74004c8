/* test_xml_read.c: bytes to a tree: what is taken, what is refused, and looking at it; trees that a host built. */
#define _POSIX_C_SOURCE 200809L
#include "suites.h"

#include "silence.h"
#include "xml_equal.h"
#include <libxml/parser.h>
#include <xml/xml.h>

enum { MAX_DEPTH = 10 };

static mu_reader reader;
static xmlDoc *doc;
static silence quiet;

static void set_up(void)
{
    mu_reader_init(&reader, MAX_DEPTH);
    doc = NULL;
    silence_begin(&quiet);
}

static void tear_down(void)
{
    mu_doc_free(doc);
    mu_reader_free(&reader);
    ck_assert_int_eq(silence_end(&quiet), 0);
}

static int parse_n(const char *s, size_t n)
{
    mu_doc_free(doc);
    return mu_reader_parse(&reader, s, n, &doc);
}

static const xmlNode *parse(const char *s)
{
    ck_assert_msg(parse_n(s, strlen(s)) == MUC_OK, "refused: %.100s", s);
    ck_assert_int_eq(mu_node_check(doc->children, MAX_DEPTH), MUC_OK);
    return doc->children;
}

static const char *const accepted[] = {
    "<message/>",
    " \r\n\t<message></message >\n",
    "<message xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'/>",
    "<message xmlns='not a URI at all'/>",
    "<message xmlns:p='relative'><p:a p:b='1' b='2'/></message>",
    "<message xml:lang='de'/>",
    "<message xmlns=''/>",
    "<message><x xmlns='urn:x'><y xmlns=''/></x></message>",
    "<message>a<![CDATA[<b> & <!-- ]] > -->]]>c</message>",
    "<message a='&lt;&gt;&amp;&apos;&quot;&#10;&#x20AC;'/>",
    "<message>&lt;&gt;&amp;&apos;&quot;&#10;&#x20AC;</message>",
    "<message a=\">\">></message>",
    "<\xc3\xa4 \xc3\xb6='\xf0\x9f\x98\x80'/>",
    "<\xc7\xb6-.9\xc2\xb7\xcc\x80/>",
    "<a><b><c><d><e><f><g><h><i><j/></i></h></g></f></e></d></c></b></a>",
};

static const char *const refused[] = {
    "",
    " ",
    "<",
    "<message",
    "<message>",
    "<message><body></message>",
    "<message></body>",
    "message",
    "<message/>x",
    "x<message/>",
    "<message/><message/>",
    "<?xml version='1.0'?><message/>",
    "<?xml version='1.0' encoding='UTF-16'?><message/>",
    "<!DOCTYPE message><message/>",
    "<!DOCTYPE m [<!ENTITY a 'b'>]><m>&a;</m>",
    "<message><!DOCTYPE m></message>",
    "<!-- c --><message/>",
    "<message><!-- c --></message>",
    "<message/><!-- c -->",
    "<?pi?><message/>",
    "<message><?pi?></message>",
    "<message/><?pi?>",
    "<message>&nbsp;</message>",
    "<message a='&nbsp;'/>",
    "<message>&</message>",
    "<message>& amp;</message>",
    "<message>&#0;</message>",
    "<message>&#1;</message>",
    "<message>&#xFFFE;</message>",
    "<message>&#xD800;</message>",
    "<message>&#x110000;</message>",
    "<message>&#99999999999;</message>",
    "<message>]]></message>",
    "<message><![CDATA[</message>",
    "<message><![CDATA[]]</message>",
    "<message><![cdata[x]]></message>",
    "<message>\x01</message>",
    "<message>\xc3</message>",
    "<message>\xc0\xaf</message>",
    "<message>\xed\xa0\x80</message>",
    "<message>\xef\xbf\xbf</message>",
    "<message>\xf4\x90\x80\x80</message>",
    "\xef\xbb\xbf<message/>",
    "<message a='\xff'/>",
    "<message a='1' a='2'/>",
    "<message a=1/>",
    "<message a/>",
    "<message a='1'b='2'/>",
    "<message a='<'/>",
    "<p:message/>",
    "<message p:a='1'/>",
    "<message xmlns:p=''/>",
    "<message xmlns:xml='urn:x'/>",
    "<message xmlns:xmlns='urn:x'/>",
    "<message xmlns='http://www.w3.org/XML/1998/namespace'/>",
    "<message xmlns='http://www.w3.org/2000/xmlns/'/>",
    "<message xmlns:p='http://www.w3.org/XML/1998/namespace'/>",
    "<message xmlns:p='u' xmlns:q='u' p:a='' q:a=''/>",
    "<message xmlns='a' xmlns='b'/>",
    "<a:b:c xmlns:a='u'/>",
    "<:a/>",
    "<a: xmlns:a='u'/>",
    "<1/>",
    "< a/>",
    "</a>",
    "<a/ >",
    "<a><b><c><d><e><f><g><h><i><j><k/></j></i></h></g></f></e></d></c></b></a>",
};

START_TEST(takes)
{
    parse(accepted[_i]);
}
END_TEST

START_TEST(refuses)
{
    ck_assert_int_eq(parse_n(refused[_i], strlen(refused[_i])), MUC_ERR_MALFORMED);
    ck_assert_ptr_null(doc);
    parse("<message/>");
}
END_TEST

START_TEST(refuses_nul_and_other_encodings)
{
    static const char nul[] = "<message>\0</message>";
    ck_assert_int_eq(parse_n(nul, sizeof nul - 1), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_n("<message/>", 11), MUC_ERR_MALFORMED);
    static const char utf16[] = "\xff\xfe<\0m\0/\0>\0";
    ck_assert_int_eq(parse_n(utf16, sizeof utf16 - 1), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_n(utf16 + 2, sizeof utf16 - 3), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_n(NULL, 0), MUC_ERR_MALFORMED);
}
END_TEST

/* `count` times a piece between two others. */
static char *repeat(const char *before, const char *piece, int count, const char *after)
{
    size_t n = strlen(piece);
    char *s = malloc(strlen(before) + strlen(after) + (n + 10) * (size_t)count + 1);
    ck_assert_ptr_nonnull(s);
    char *p = s + sprintf(s, "%s", before);
    for (int i = 0; i < count; i++)
        p += sprintf(p, piece, i);
    sprintf(p, "%s", after);
    return s;
}

static int parse_repeated(const char *before, const char *piece, int count, const char *after)
{
    char *s = repeat(before, piece, count, after);
    int result = parse_n(s, strlen(s));
    free(s);
    return result;
}

START_TEST(limits)
{
    ck_assert_int_eq(parse_repeated("<a", " a%d='1'", MU_XML_ATTRIBUTES, "/>"), MUC_OK);
    ck_assert_int_eq(parse_repeated("<a", " a%d='1'", MU_XML_ATTRIBUTES + 1, "/>"), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_repeated("<a", " xmlns:p%d='u'", MU_XML_PREFIXES, "/>"), MUC_OK);
    ck_assert_int_eq(parse_repeated("<a", " xmlns:p%d='u'", MU_XML_PREFIXES + 1, "/>"), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_repeated("<a>", "<b%d xmlns:p='u'/>", 100, "</a>"), MUC_OK);
    ck_assert_int_eq(parse_repeated("", "<a%d>", 1000000, ""), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_n("<a/>", (size_t)MU_XML_BYTES + 1), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_repeated("<a>", "<abc%07d/>", 50000, "</a>"), MUC_OK);
    ck_assert_int_eq(parse_repeated("<a>", "0123456789%d", 10000, "</a>"), MUC_OK);
}
END_TEST

/* Past the limits that libxml2 has of its own. */
START_TEST(takes_much)
{
    enum { COUNT = 1000000 };
    reader.max_bytes = 30u * COUNT;
    ck_assert_int_eq(parse_repeated("<", "long_name%d_", 10000, "/>"), MUC_OK);
    ck_assert_int_eq(parse_repeated("<a b='", "&lt;%07d", COUNT, "'/>"), MUC_OK);
    ck_assert_uint_eq(strlen(muc_node_attr(doc->children, "b")), 8u * COUNT);
    ck_assert_int_eq(parse_repeated("<a>", "&lt;%07d", 2 * COUNT, "</a>"), MUC_OK);
    ck_assert_uint_eq(strlen(muc_node_text(doc->children)), 16u * COUNT);
    reader.max_depth = 5000;
    ck_assert_int_eq(parse_repeated("<a>", "<b>", 5000, ""), MUC_ERR_MALFORMED);
    char *s = repeat("<a>", "<b>", 4000, "");
    ck_assert_int_eq(parse_repeated(s, "</b>", 4000, "</a>"), MUC_OK);
    free(s);
}
END_TEST

/* A declaration on the stanza is written on every child that uses it: small input must not become huge output. */
START_TEST(limits_what_is_carried)
{
    char *before = repeat("<a xmlns:p='", "0123456789%d", 500, "'>");
    ck_assert_int_eq(parse_repeated(before, "<p:b%d/>", 5, "</a>"), MUC_OK);
    ck_assert_int_eq(parse_repeated(before, "<p:b%d/>", 100, "</a>"), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_repeated(before, "<b c%d='1' p:d='2'/>", 100, "</a>"), MUC_ERR_MALFORMED);
    ck_assert_int_eq(parse_repeated(before, "<b%d/>", 100, "</a>"), MUC_OK);
    free(before);
}
END_TEST

START_TEST(long_text_is_one_piece)
{
    char *s = repeat("<a>", "\xc3\xa4\xe2\x82\xac&amp;%d\r\n", 3000, "<![CDATA[!]]></a>");
    char *text = repeat("", "\xc3\xa4\xe2\x82\xac&%d\n", 3000, "!");
    ck_assert_str_eq(muc_node_text(parse(s)), text);
    free(s);
    free(text);
}
END_TEST

/* Names of one stanza after another do not gather for ever. */
START_TEST(forgets_names)
{
    char s[64];
    for (int i = 0; i < 20000; i++) {
        snprintf(s, sizeof s, "<name%d attribute%d=''/>", i, i);
        ck_assert_int_eq(muc_node_is(parse(s), "message", NULL), 0);
    }
}
END_TEST

START_TEST(keeps_the_handler_of_the_host)
{
    xmlSetStructuredErrorFunc(&reader, (xmlStructuredErrorFunc)0);
    ck_assert_int_eq(parse_n("<a>", 3), MUC_ERR_MALFORMED);
    ck_assert(xmlStructuredError == NULL);
    ck_assert(xmlStructuredErrorContext == &reader);
    xmlSetStructuredErrorFunc(NULL, NULL);
}
END_TEST

START_TEST(looks)
{
    const xmlNode *node = parse("<message xmlns='jabber:server' to='a&amp;b' e='' xml:lang='de' xmlns:p='u' p:id='x'>"
                                "<body>one</body>&#10;<x xmlns='urn:x'>t<y/>u</x><p:body/><body/></message>");
    ck_assert(muc_node_is(node, "message", NULL));
    ck_assert(muc_node_is(node, "message", MUC_NS_CLIENT));
    ck_assert(muc_node_is(node, "message", "jabber:component:accept"));
    ck_assert(!muc_node_is(node, "message", "urn:x"));
    ck_assert(!muc_node_is(node, "iq", NULL));
    ck_assert(!muc_node_is(NULL, "iq", NULL));
    ck_assert_str_eq(muc_node_ns(node), MUC_NS_CLIENT);
    ck_assert_str_eq(muc_node_ns(NULL), MUC_NS_CLIENT);
    ck_assert_str_eq(muc_node_attr(node, "to"), "a&b");
    ck_assert_str_eq(muc_node_attr(node, "e"), "");
    ck_assert_ptr_null(muc_node_attr(node, "id"));
    ck_assert_ptr_null(muc_node_attr(node, "lang"));
    ck_assert_str_eq(muc_node_lang(node), "de");

    const xmlNode *body = muc_node_child(node, "body", MUC_NS_CLIENT);
    ck_assert_ptr_eq(body, mu_first(node));
    ck_assert_ptr_null(muc_node_lang(body));
    ck_assert_str_eq(muc_node_text(body), "one");
    const xmlNode *x = mu_after(body);
    ck_assert_str_eq(muc_node_ns(x), "urn:x");
    ck_assert_ptr_null(muc_node_text(x));
    ck_assert_ptr_null(muc_node_text(NULL));
    const xmlNode *last = muc_node_next(body, "body", MUC_NS_CLIENT);
    ck_assert_str_eq(muc_node_text(last), "");
    ck_assert_ptr_null(mu_after(last));
    ck_assert_str_eq(muc_node_ns(muc_node_next(body, "body", NULL)), "u");
    ck_assert_ptr_null(muc_node_next(last, "body", NULL));
    ck_assert_ptr_null(muc_node_child(NULL, "body", NULL));
    ck_assert_ptr_null(mu_first(NULL));
    ck_assert_ptr_null(mu_after(NULL));

    mu_heap *heap = mu_heap_new(NULL);
    mu_buf text;
    mu_buf_init(&text, heap);
    mu_node_text(x, &text);
    ck_assert_str_eq(text.p, "tu");
    mu_buf_free(&text);
    mu_heap_unref(heap);
}
END_TEST

/* ---- trees that a host built ------------------------------------------------------------------------------------ */

static const xmlChar *str(const char *s)
{
    return (const xmlChar *)s;
}

static xmlNode *element(const char *name)
{
    return xmlNewNode(NULL, str(name));
}

static void refused_tree(xmlNode *node)
{
    ck_assert_int_eq(mu_node_check(node, MAX_DEPTH), MUC_ERR_MALFORMED);
    xmlFreeNode(node);
}

static xmlNode *with_child(xmlNode *child)
{
    xmlNode *node = element("message");
    xmlAddChild(node, child);
    return node;
}

static xmlNode *with_attribute(const char *name, const char *value)
{
    xmlNode *node = element("message");
    xmlNewProp(node, str(name), str(value));
    return node;
}

static xmlNode *with_namespace(const char *prefix, const char *href)
{
    xmlNode *node = element("message");
    xmlNs *ns = xmlNewNs(node, str("urn:x"), str("p"));
    xmlFree((void *)(uintptr_t)ns->prefix);
    xmlFree((void *)(uintptr_t)ns->href);
    ns->prefix = prefix ? xmlStrdup(str(prefix)) : NULL;
    ns->href = href ? xmlStrdup(str(href)) : NULL;
    return node;
}

START_TEST(host_trees)
{
    xmlNode *node = element("message");
    xmlNewNs(node, str("urn:x"), str("p"));
    xmlNewProp(node, str("to"), str("a"));
    xmlAddChild(node, xmlNewText(str("text")));
    xmlAddChild(node, xmlNewCDataBlock(NULL, str("<"), 1));
    ck_assert_int_eq(mu_node_check(node, MAX_DEPTH), MUC_OK);
    ck_assert_int_eq(mu_node_check(node->children, MAX_DEPTH), MUC_ERR_MALFORMED);
    ck_assert_int_eq(mu_node_check(NULL, MAX_DEPTH), MUC_ERR_MALFORMED);
    xmlFreeNode(node);

    refused_tree(element("a b"));
    refused_tree(element("p:a"));
    refused_tree(element(""));
    refused_tree(element("-a"));
    refused_tree(element("a\xc3"));
    refused_tree(element("a\xc3\x97"));
    refused_tree(element("\xcc\x80"));
    refused_tree(element("a/><b"));
    refused_tree(with_child(xmlNewComment(str("c"))));
    refused_tree(with_child(xmlNewPI(str("p"), NULL)));
    refused_tree(with_child(xmlNewReference(NULL, str("nbsp"))));
    refused_tree(with_child(xmlNewText(str("\x01"))));
    refused_tree(with_child(xmlNewText(str("\xff"))));
    refused_tree(with_attribute("xmlns", "urn:x"));
    refused_tree(with_attribute("xml:lang", "de"));
    refused_tree(with_attribute("a='b' c", "d"));
    refused_tree(with_attribute("a", "\x02"));
    refused_tree(with_namespace("x y", "urn:x"));
    refused_tree(with_namespace("xmlns", "urn:x"));
    refused_tree(with_namespace("xml", "urn:x"));
    refused_tree(with_namespace("p", ""));
    refused_tree(with_namespace("p", NULL));
    refused_tree(with_namespace("p", "\x03"));
    refused_tree(with_namespace("p", (const char *)XML_XML_NAMESPACE));
    refused_tree(with_namespace(NULL, "\x03"));
    refused_tree(with_namespace(NULL, (const char *)XML_XML_NAMESPACE));
}
END_TEST

START_TEST(host_trees_with_mixed_up_attributes)
{
    xmlNode *node = with_attribute("a", "1");
    xmlNewProp(node, str("a"), str("2"));
    refused_tree(node);

    node = with_attribute("a", "1");
    node->properties->children->next = xmlNewText(str("2"));
    refused_tree(node);

    /* Prefixes are checked where they are written: on the children. */
    node = element("message");
    xmlNs *one = xmlNewNs(node, str("urn:1"), str("p"));
    xmlNode *child = element("child");
    xmlAddChild(node, child);
    xmlNode *far = element("far");
    xmlNs *two = xmlNewNs(far, str("urn:2"), str("p"));
    xmlNewNsProp(child, one, str("a"), str("1"));
    xmlNewNsProp(child, two, str("b"), str("2"));
    ck_assert_int_eq(mu_node_check(node, MAX_DEPTH), MUC_ERR_MALFORMED);
    ck_assert_int_eq(mu_element_check(node, MAX_DEPTH), MUC_ERR_MALFORMED);
    xmlFreeNode(node);
    xmlFreeNode(far);

    node = element("message");
    one = xmlNewNs(node, str("urn:1"), NULL);
    xmlNewNsProp(node, one, str("a"), str("1"));
    refused_tree(node);
}
END_TEST

START_TEST(host_trees_too_deep)
{
    xmlNode *top = element("a"), *node = top;
    for (int i = 1; i < MAX_DEPTH; i++)
        node = xmlAddChild(node, element("a"));
    ck_assert_int_eq(mu_node_check(top, MAX_DEPTH), MUC_OK);
    xmlAddChild(node, xmlNewText(str("text counts not")));
    ck_assert_int_eq(mu_node_check(top, MAX_DEPTH), MUC_OK);
    xmlAddChild(node, element("a"));
    refused_tree(top);
}
END_TEST

Suite *suite_xml_read(void)
{
    Suite *s = suite_create("xml read");
    TCase *c = tcase_create("reading");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_set_timeout(c, 30);
    tcase_add_loop_test(c, takes, 0, sizeof accepted / sizeof *accepted);
    tcase_add_loop_test(c, refuses, 0, sizeof refused / sizeof *refused);
    tcase_add_test(c, refuses_nul_and_other_encodings);
    tcase_add_test(c, limits);
    tcase_add_test(c, takes_much);
    tcase_add_test(c, limits_what_is_carried);
    tcase_add_test(c, long_text_is_one_piece);
    tcase_add_test(c, forgets_names);
    tcase_add_test(c, keeps_the_handler_of_the_host);
    tcase_add_test(c, looks);
    tcase_add_test(c, host_trees);
    tcase_add_test(c, host_trees_with_mixed_up_attributes);
    tcase_add_test(c, host_trees_too_deep);
    suite_add_tcase(s, c);
    return s;
}
