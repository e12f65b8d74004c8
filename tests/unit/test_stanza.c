/* test_stanza.c: what a stanza is taken for, and its error element, there and back. */
#include "suites.h"

#include <string.h>
#include <xml/xml.h>

static mu_heap *heap;
static mu_reader reader;
static xmlDoc *doc;
static mu_stanza stanza;

static void set_up(void)
{
    heap = mu_heap_new(NULL);
    mu_reader_init(&reader, 100);
    doc = NULL;
}

static void tear_down(void)
{
    mu_doc_free(doc);
    mu_reader_free(&reader);
    mu_heap_unref(heap);
}

static bool take(const char *s)
{
    mu_doc_free(doc);
    ck_assert_int_eq(mu_reader_parse(&reader, s, strlen(s), &doc), MUC_OK);
    return mu_stanza_read(&stanza, doc->children);
}

static const struct {
    const char *bytes;
    mu_kind kind;
    mu_type type;
} kinds[] = {
    {"<message/>", MU_MESSAGE, MU_TYPE_NONE},
    {"<message type=''/>", MU_MESSAGE, MU_TYPE_OTHER},
    {"<message type='get'/>", MU_MESSAGE, MU_TYPE_OTHER},
    {"<message type='normal'/>", MU_MESSAGE, MU_TYPE_NORMAL},
    {"<message type='chat'/>", MU_MESSAGE, MU_TYPE_CHAT},
    {"<message type='groupchat' xmlns='jabber:component:accept'/>", MU_MESSAGE, MU_TYPE_GROUPCHAT},
    {"<message type='headline'/>", MU_MESSAGE, MU_TYPE_HEADLINE},
    {"<message type='error'/>", MU_MESSAGE, MU_TYPE_ERROR},
    {"<presence xmlns='jabber:server'/>", MU_PRESENCE, MU_TYPE_NONE},
    {"<presence type='unavailable'/>", MU_PRESENCE, MU_TYPE_UNAVAILABLE},
    {"<presence type='probe'/>", MU_PRESENCE, MU_TYPE_PROBE},
    {"<presence type='subscribe'/>", MU_PRESENCE, MU_TYPE_SUBSCRIPTION},
    {"<presence type='unsubscribed'/>", MU_PRESENCE, MU_TYPE_SUBSCRIPTION},
    {"<presence type='error'/>", MU_PRESENCE, MU_TYPE_ERROR},
    {"<presence type='groupchat'/>", MU_PRESENCE, MU_TYPE_OTHER},
    {"<iq type='get'/>", MU_IQ, MU_TYPE_GET},
    {"<iq type='set'/>", MU_IQ, MU_TYPE_SET},
    {"<iq type='result'/>", MU_IQ, MU_TYPE_RESULT},
    {"<iq type='error'/>", MU_IQ, MU_TYPE_ERROR},
    {"<iq type='GET'/>", MU_IQ, MU_TYPE_OTHER},
    {"<message xmlns='urn:x'/>", MU_NONE, MU_TYPE_NONE},
    {"<Message/>", MU_NONE, MU_TYPE_NONE},
    {"<stream/>", MU_NONE, MU_TYPE_NONE},
};

START_TEST(kinds_and_types)
{
    ck_assert_int_eq(take(kinds[_i].bytes), kinds[_i].kind != MU_NONE);
    ck_assert_int_eq(stanza.kind, kinds[_i].kind);
    ck_assert_int_eq(stanza.type, kinds[_i].type);
    if (stanza.kind != MU_NONE)
        ck_assert_str_eq(mu_kind_name(stanza.kind), (const char *)doc->children->name);
    bool normal = kinds[_i].kind == MU_MESSAGE && (kinds[_i].type == MU_TYPE_NONE || kinds[_i].type == MU_TYPE_OTHER ||
                                                   kinds[_i].type == MU_TYPE_NORMAL);
    ck_assert_int_eq(muc_node_is_normal_message(doc->children), normal);
}
END_TEST

START_TEST(attributes)
{
    ck_assert(take("<iq from='a' to='b' id='c' xml:lang='d' type='get'>\n<query xmlns='urn:q'/>\n</iq>"));
    ck_assert_str_eq(stanza.from, "a");
    ck_assert_str_eq(stanza.to, "b");
    ck_assert_str_eq(stanza.id, "c");
    ck_assert_str_eq(stanza.lang, "d");
    ck_assert(muc_node_is(stanza.payload, "query", "urn:q"));
    ck_assert(take("<iq><a/><b/></iq>"));
    ck_assert_ptr_null(stanza.payload);
    ck_assert(take("<iq/>"));
    ck_assert_ptr_null(stanza.payload);
    ck_assert_ptr_null(stanza.from);
    ck_assert_ptr_null(stanza.to);
    ck_assert_ptr_null(stanza.id);
    ck_assert_ptr_null(stanza.lang);
    ck_assert(take("<message><a/></message>"));
    ck_assert_ptr_null(stanza.payload);
}
END_TEST

START_TEST(conditions)
{
    take("<message type='error'><error type='cancel'><text "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>x</text>"
         "<gone xmlns='urn:x'/><conflict "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
    ck_assert_int_eq(mu_stanza_condition(&stanza), MUC_CONFLICT);
    take("<message><error><conflict "
         "xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></message>");
    ck_assert_int_eq(mu_stanza_condition(&stanza), 0);
    take("<message type='error'><error><conflict/></error></message>");
    ck_assert_int_eq(mu_stanza_condition(&stanza), 0);
    take("<message type='error'/>");
    ck_assert_int_eq(mu_stanza_condition(&stanza), 0);
}
END_TEST

START_TEST(every_error_there_and_back)
{
    muc_xml x;
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    for (muc_condition c = MUC_BAD_REQUEST; c <= MUC_UNEXPECTED_REQUEST; c++) {
        mu_xml_reset(&x, MUC_NS_CLIENT);
        muc_xml_open(&x, "iq", NULL);
        muc_xml_attr(&x, "type", "error");
        mu_xml_error_element(&x, c, MUC_ERROR_DEFAULT, "room@muc.example", "why");
        muc_xml_close(&x);
        ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
        take(x.buf.p);
        ck_assert_int_eq(mu_stanza_condition(&stanza), c);
    }
    mu_xml_free(&x);
}
END_TEST

START_TEST(error_bytes)
{
    muc_xml x;
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    mu_xml_error_element(&x, MUC_ITEM_NOT_FOUND, MUC_ERROR_DEFAULT, NULL, NULL);
    ck_assert_str_eq(x.buf.p, "<error type='cancel'>"
                              "<item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error>");
    mu_xml_reset(&x, MUC_NS_CLIENT);
    mu_xml_error_element(&x, (muc_condition)0, MUC_ERROR_WAIT, "a@b", "x & y");
    ck_assert_str_eq(x.buf.p, "<error type='wait' by='a@b'>"
                              "<undefined-condition xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"
                              "<text xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'>x &amp; y</text></error>");
    mu_xml_free(&x);
}
END_TEST

Suite *suite_stanza(void)
{
    Suite *s = suite_create("stanza");
    TCase *c = tcase_create("stanzas");
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_loop_test(c, kinds_and_types, 0, sizeof kinds / sizeof *kinds);
    tcase_add_test(c, attributes);
    tcase_add_test(c, conditions);
    tcase_add_test(c, every_error_there_and_back);
    tcase_add_test(c, error_bytes);
    suite_add_tcase(s, c);
    return s;
}
