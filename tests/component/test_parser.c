/* test_parser.c: a stream cut anywhere gives the same elements, and nothing in one of them ends it. */
#include <component/parser.h>
#include <component/tags.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "suites.h"

/* What came, as text: the stream's id, then each element as libxml2 writes it, "CUT" before those that are cut. */
typedef struct transcript {
    char text[65536];
    size_t n;
    int closed;
} transcript;

static void add(transcript *t, const char *text)
{
    t->n += (size_t)snprintf(t->text + t->n, sizeof t->text - t->n, "%s\n", text);
}

static int on_opened(const xmlNode *stream, void *ud)
{
    xmlChar *id = xmlGetNoNsProp(stream, (const xmlChar *)"id");
    add(ud, (const char *)id);
    xmlFree(id);
    return 0;
}

static int on_element(const xmlNode *element, int cut, void *ud)
{
    xmlBuffer *buffer = xmlBufferCreate();
    xmlNodeDump(buffer, element->doc, (xmlNode *)(uintptr_t)element, 0, 0);
    if (cut)
        add(ud, "CUT");
    add(ud, (const char *)xmlBufferContent(buffer));
    xmlBufferFree(buffer);
    return 0;
}

static int on_closed(void *ud)
{
    ((transcript *)ud)->closed = 1;
    return 1;
}

static const parser_events events = {on_opened, on_element, on_closed};
static const parser_limits limits = {8000, 5};
static transcript got;

static struct parser *begin(void)
{
    got = (transcript){.n = 0};
    struct parser *p = parser_new(&limits, &events, &got);
    ck_assert_ptr_nonnull(p);
    return p;
}

#define HEADER                                                                                                         \
    "<?xml version='1.0'?>\n<stream:stream xmlns:stream='http://etherx.jabber.org/streams' "                           \
    "xmlns='jabber:component:accept' xmlns:f='urn:f' id='a&lt;&gt;b'>"

static struct parser *begin_stream(void)
{
    struct parser *p = begin();
    ck_assert_int_eq(parser_feed(p, HEADER, strlen(HEADER)), 0);
    return p;
}

static int feed(struct parser *p, const char *text)
{
    return parser_feed(p, text, strlen(text));
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static const char sample[] =
    HEADER " \n<handshake/>  <message xml:lang='de' to=\"r'&gt;>\" f:z='1' z='2'><body>a &amp; "
           "\xc3\xbc &#65;</body><f:x xmlns='urn:x'><y/>]]&gt;</f:x><![CDATA[<a b='c]]]></message>"
           "<presence/><iq type='get' ><q xmlns='urn:q'/></iq >\n"
           "</stream:stream>";
static const char expected[] = "a<>b\n<handshake/>\n"
                               "<message xml:lang=\"de\" to=\"r'&gt;&gt;\" f:z=\"1\" z=\"2\"><body>a &amp; \xc3\xbc A"
                               "</body><f:x xmlns=\"urn:x\"><y/>]]&gt;</f:x>&lt;a b='c]</message>\n"
                               "<presence/>\n<iq type=\"get\"><q xmlns=\"urn:q\"/></iq>\n";

static void finish(struct parser *p, int r)
{
    ck_assert_msg(r == 1, "%d %s", r, parser_error(p));
    ck_assert_int_eq(got.closed, 1);
    ck_assert_str_eq(got.text, expected);
    parser_free(p);
}

START_TEST(at_once_is_as_byte_by_byte)
{
    struct parser *p = begin();
    finish(p, feed(p, sample));
    p = begin();
    int r = 0;
    for (const char *c = sample; *c && r == 0; c++)
        r = parser_feed(p, c, 1);
    finish(p, r);
}
END_TEST

START_TEST(cut_in_two_anywhere)
{
    for (size_t at = 1; at < sizeof sample - 1; at++) {
        struct parser *p = begin();
        int r = parser_feed(p, sample, at);
        finish(p, r ? r : feed(p, sample + at));
    }
}
END_TEST

/* A stanza is told with its last byte, not with the next one's first. */
START_TEST(nothing_waits_for_more)
{
    struct parser *p = begin_stream();
    ck_assert_str_eq(got.text, "a<>b\n");
    ck_assert_int_eq(feed(p, "<presence><x/></presence>"), 0);
    ck_assert_str_eq(got.text, "a<>b\n<presence><x/></presence>\n");
    parser_free(p);
}
END_TEST

/* ---- what is too much ------------------------------------------------------------------------------------------- */

/* Feeds an element that is too much; what is told of it, and that the next one is whole. */
static void expect_cut(struct parser *p, const char *told)
{
    char all[8192];
    ck_assert_int_eq(feed(p, "<presence/>"), 0);
    snprintf(all, sizeof all, "a<>b\nCUT\n%s\n<presence/>\n", told);
    ck_assert_str_eq(got.text, all);
    parser_free(p);
}

START_TEST(too_deep)
{
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, "<message id='1'><b><c><d><e>5<f>no<g/></f></e></d></c></b><h>no</h></message>"), 0);
    expect_cut(p, "<message id=\"1\"><b><c><d><e>5</e></d></c></b></message>");
}
END_TEST

START_TEST(as_deep_as_allowed)
{
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, "<message><b><c><d><e>5</e></d></c></b></message>"), 0);
    ck_assert_str_eq(got.text, "a<>b\n<message><b><c><d><e>5</e></d></c></b></message>\n");
    parser_free(p);
}
END_TEST

START_TEST(far_too_deep)
{
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, "<message>"), 0);
    for (int i = 0; i < 3000; i++)
        ck_assert_int_eq(feed(p, "<b>"), 0);
    for (int i = 0; i < 1500; i++)
        ck_assert_int_eq(feed(p, "</b>"), 0);
    parser_free(p);
}
END_TEST

START_TEST(too_large)
{
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, "<message id='1'><body>"), 0);
    for (int i = 0; i < 1100; i++)
        ck_assert_int_eq(feed(p, "12345678"), 0);
    ck_assert_int_eq(feed(p, "<more/></body><more/>"), 0);
    ck_assert_int_eq(feed(p, "</message>"), 0);
    /* How much of the text is there is libxml2's choice, within the limit. */
    ck_assert_ptr_nonnull(strstr(got.text, "CUT\n<message id=\"1\"><body>12345678"));
    ck_assert_uint_le(got.n, strlen("a<>b\nCUT\n") + limits.max_element);
    ck_assert_ptr_null(strstr(got.text, "<more"));
    got.n = 0;
    ck_assert_int_eq(feed(p, "<presence/>"), 0);
    ck_assert_str_eq(got.text, "<presence/>\n");
    parser_free(p);
}
END_TEST

/* Many small ones are not one large one. */
START_TEST(many_are_not_large)
{
    struct parser *p = begin_stream();
    for (int i = 0; i < 1000; i++) {
        got.n = 0;
        ck_assert_int_eq(feed(p, "<presence/><a"), 0);
        ck_assert_int_eq(feed(p, "/>"), 0);
        ck_assert_str_eq(got.text, "<presence/>\n<a/>\n");
    }
    parser_free(p);
}
END_TEST

START_TEST(without_end)
{
    struct parser *p = begin_stream();
    int r = feed(p, "<message>");
    for (int i = 0; i < 9000 && r == 0; i++)
        r = feed(p, "12345678");
    ck_assert_int_eq(r, -1);
    ck_assert_str_eq(parser_error(p), "an element that does not end");
    parser_free(p);
}
END_TEST

static void put_attributes(char *text, const char *format, int count)
{
    for (int i = 0; i < count; i++)
        sprintf(text + strlen(text), format, i, i);
}

START_TEST(too_many_attributes)
{
    static char text[100000];
    struct parser *p = begin_stream();
    strcpy(text, "<message id='1'><a ");
    put_attributes(text, "a%d='%d' ", 5000);
    strcat(text, "><b/></a></message>");
    ck_assert_int_eq(feed(p, text), 0);
    expect_cut(p, "<message id=\"1\"/>");
}
END_TEST

/* What the element itself says is known: it is answered. */
START_TEST(too_many_attributes_at_the_top)
{
    static char text[100000];
    struct parser *p = begin_stream();
    strcpy(text, "<message id='1' ");
    put_attributes(text, "a%d='%d' ", 5000);
    strcat(text, "/>");
    ck_assert_int_eq(feed(p, text), 0);
    ck_assert_ptr_nonnull(strstr(got.text, "CUT\n<message id=\"1\" a0=\"0\""));
    ck_assert_ptr_nonnull(strstr(got.text, " a198=\"198\"/>\n"));
    parser_free(p);
}
END_TEST

START_TEST(too_many_declarations)
{
    static char text[100000];
    struct parser *p = begin_stream();
    strcpy(text, "<message id='1'><a ");
    put_attributes(text, "xmlns:a%d='%d' ", 150);
    strcat(text, "><b ");
    put_attributes(text, "xmlns:b%d='%d' ", 150);
    strcat(text, "/></a></message>");
    ck_assert_int_eq(feed(p, text), 0);
    ck_assert_ptr_nonnull(strstr(got.text, "CUT\n<message id=\"1\"><a"));
    ck_assert_ptr_null(strstr(got.text, "<b"));
    parser_free(p);
}
END_TEST

/* What only looks like a tag is left alone, and behind it counting goes on. */
START_TEST(sections_are_no_tags)
{
    static char text[20000];
    strcpy(text, "<message><![CDATA[<a ");
    put_attributes(text, "a%d='%d' ", 300);
    strcat(text, "]] ]><a '>]]]>");
    for (int k = 0; k < 2; k++) {
        strcat(text, "<b ");
        put_attributes(text, "a%d='%d' ", 150);
        strcat(text, "/>");
    }
    strcat(text, "\n<c '=''/></message>");
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, text), -1);
    strcpy(strstr(text, "<c"), "<c/></message>");
    parser_free(p);
    p = begin_stream();
    ck_assert_int_eq(feed(p, text), 0);
    ck_assert_ptr_null(strstr(got.text, "CUT"));
    ck_assert_ptr_nonnull(strstr(got.text, " a149=\"149\"/>\n<c/></message>"));
    ck_assert_ptr_nonnull(strstr(got.text, "a299='299' ]] ]&gt;&lt;a '&gt;]"));
    parser_free(p);
}
END_TEST

START_TEST(behind_sections_there_are_tags)
{
    static const char *const before[] = {"<![CDATA[]]]>", "<![CDATA[]a]]>", "<?xml a?>"};
    for (size_t i = 0; i < sizeof before / sizeof before[0]; i++) {
        static char text[20000], out[20000];
        struct tags t = {0};
        sprintf(text, "%s<a ", before[i]);
        put_attributes(text, "a%d='%d' ", 300);
        size_t n = tags_bound(&t, text, strlen(text), out);
        const char *last = strstr(text, " a200");
        ck_assert_uint_eq(n, (size_t)(last - text));
        ck_assert_mem_eq(out, text, n);
    }
}
END_TEST

/* Names gather in the parser: it is replaced, without a word lost. */
START_TEST(names_without_end)
{
    struct parser *p = begin_stream();
    for (int i = 0; i < 100000; i++) {
        char text[200], told[200];
        got.n = 0;
        snprintf(text, sizeof text, "<f:name%d-%060d f:a='1'/><half%d>", i, i, i);
        snprintf(told, sizeof told, "<f:name%d-%060d f:a=\"1\"/>\n", i, i);
        ck_assert_int_eq(feed(p, text), 0);
        ck_assert_str_eq(got.text, told);
        snprintf(text, sizeof text, "</half%d>", i);
        ck_assert_int_eq(feed(p, text), 0);
    }
    parser_free(p);
}
END_TEST

/* ---- no stream -------------------------------------------------------------------------------------------------- */

static const char *const broken[] = {
    "<!DOCTYPE x [<!ENTITY a 'b'>]><stream id='1'>",
    HEADER "<message>&a;</message>",
    HEADER "<message></iq>",
    HEADER "<message><<a/></message>",
    HEADER "<message a='1' a='2'/>",
    HEADER "<message>\x01</message>",
    HEADER "<message>\xff</message>",
    HEADER "</stream>",
    "HTTP/1.1 400 Bad Request\r\n\r\n",
};

static const char *const restricted[] = {
    "<!--", "<message><!-- a --></message>", "<?a", "<message><?xml", "<!DOCTYPE a>", "<message><!E"};

/* What came before is there, and it is not waited for its end. */
START_TEST(is_restricted)
{
    for (size_t i = 0; i < sizeof restricted / sizeof restricted[0]; i++) {
        struct parser *p = begin_stream();
        got.n = 0;
        char text[100];
        snprintf(text, sizeof text, "<iq/>%s", restricted[i]);
        ck_assert_int_eq(feed(p, text), -1);
        ck_assert_str_eq(got.text, "<iq/>\n");
        ck_assert_str_eq(parser_condition(p), "restricted-xml");
        parser_free(p);
    }
    struct parser *p = begin_stream();
    ck_assert_int_eq(feed(p, "<message></iq>"), -1);
    ck_assert_str_eq(parser_condition(p), "not-well-formed");
    parser_free(p);
}
END_TEST

START_TEST(is_no_stream)
{
    struct parser *p = begin();
    ck_assert_int_eq(feed(p, broken[_i]), -1);
    ck_assert_str_ne(parser_error(p), "");
    parser_free(p);
    p = begin();
    int r = 0;
    for (const char *c = broken[_i]; *c && r == 0; c++)
        r = parser_feed(p, c, 1);
    ck_assert_int_eq(r, -1);
    parser_free(p);
}
END_TEST

START_TEST(header_without_end)
{
    struct parser *p = begin();
    int r = feed(p, "<stream:stream id='");
    for (int i = 0; i < 9000 && r == 0; i++)
        r = feed(p, "12345678");
    ck_assert_int_eq(r, -1);
    parser_free(p);
}
END_TEST

Suite *parser_suite(void)
{
    Suite *suite = suite_create("parser");
    TCase *c = tcase_create("parser");
    tcase_set_timeout(c, 60);
    tcase_add_test(c, at_once_is_as_byte_by_byte);
    tcase_add_test(c, cut_in_two_anywhere);
    tcase_add_test(c, nothing_waits_for_more);
    tcase_add_test(c, too_deep);
    tcase_add_test(c, as_deep_as_allowed);
    tcase_add_test(c, far_too_deep);
    tcase_add_test(c, too_large);
    tcase_add_test(c, many_are_not_large);
    tcase_add_test(c, without_end);
    tcase_add_test(c, too_many_attributes);
    tcase_add_test(c, too_many_attributes_at_the_top);
    tcase_add_test(c, too_many_declarations);
    tcase_add_test(c, sections_are_no_tags);
    tcase_add_test(c, behind_sections_there_are_tags);
    tcase_add_test(c, names_without_end);
    tcase_add_test(c, is_restricted);
    tcase_add_loop_test(c, is_no_stream, 0, sizeof broken / sizeof broken[0]);
    tcase_add_test(c, header_without_end);
    suite_add_tcase(suite, c);
    return suite;
}
