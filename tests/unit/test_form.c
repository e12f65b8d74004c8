/* test_form.c: data forms: building, writing, and which submissions are accepted. */
#include "failing.h"
#include "suites.h"

#include <string.h>
#include <xml/form.h>

#define TYPE "http://jabber.org/protocol/muc#roomconfig"

static const uint8_t secret[16] = {1, 2, 3};

static const muc_choice colours[] = {
    {"red", "Red", 0},
    {"blue", NULL, 0},
    {NULL, NULL, 0},
};

typedef struct fixture {
    mu_heap *heap;
    mu_reader reader;
    muc_form form;
    xmlDoc *doc;
    const char *bad;
} fixture;

static fixture f;

/* ---- help ------------------------------------------------------------------------------------------------------- */

static int lower_jid(const char *jid, mu_buf *out, void *ud)
{
    (void)ud;
    if (strchr(jid, ' '))
        return MUC_ERR_BAD_JID;
    for (; *jid; jid++)
        mu_buf_char(out, (char)(*jid >= 'A' && *jid <= 'Z' ? *jid + 32 : *jid));
    return out->failed ? MUC_ERR_NOMEM : MUC_OK;
}

static int add_all(muc_form *form)
{
    static const char *const jids[] = {"a@x", "b@x", NULL};
    static const muc_field fields[] = {
        {.var = "text", .type = MUC_FIELD_TEXT_SINGLE, .value = "old", .max_length = 8},
        {.var = "lines", .type = MUC_FIELD_TEXT_MULTI},
        {.var = "flag", .type = MUC_FIELD_BOOLEAN, .value = "1", .label = "Yes & no"},
        {.var = "one", .type = MUC_FIELD_LIST_SINGLE, .value = "red", .choices = colours},
        {.var = "many", .type = MUC_FIELD_LIST_MULTI, .choices = colours},
        {.var = "jids", .type = MUC_FIELD_JID_MULTI, .values = jids},
        {.var = "jid", .type = MUC_FIELD_JID_SINGLE},
        {.var = "number", .type = MUC_FIELD_TEXT_SINGLE, .value = "5", .min = 1, .max = 10},
        {.type = MUC_FIELD_FIXED, .value = "Read this"},
        {.ns = "urn:example", .var = "own", .type = MUC_FIELD_TEXT_SINGLE},
        {.var = "needed", .type = MUC_FIELD_TEXT_SINGLE, .required = 1},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        int r = muc_form_add(form, &fields[i]);
        if (r < 0)
            return r;
    }
    return MUC_OK;
}

static void renew(void)
{
    mu_form_free(&f.form);
    mu_form_init(&f.form, f.heap, secret, TYPE);
    f.form.jid = lower_jid;
    ck_assert_int_eq(add_all(&f.form), MUC_OK);
}

static void setup(void)
{
    memset(&f, 0, sizeof f);
    f.heap = mu_heap_new(NULL);
    mu_reader_init(&f.reader, 64);
    mu_form_init(&f.form, f.heap, secret, TYPE);
    renew();
}

static void teardown(void)
{
    mu_doc_free(f.doc);
    mu_form_free(&f.form);
    mu_reader_free(&f.reader);
    mu_heap_unref(f.heap);
}

/* Reads a submission of these fields into the form as it was. */
static int submit(const char *fields)
{
    char xml[4096] = "<x xmlns='jabber:x:data' type='submit'>";
    ck_assert(strlen(fields) < sizeof xml - 64);
    strcat(xml, fields);
    strcat(xml, "</x>");
    renew();
    mu_doc_free(f.doc);
    ck_assert_int_eq(mu_reader_parse(&f.reader, xml, strlen(xml), &f.doc), MUC_OK);
    f.form.state = MU_FORM_CHECKING;
    return mu_form_read(&f.form, xmlDocGetRootElement(f.doc), &f.bad);
}

#define NEEDED "<field var='needed'><value>x</value></field>"

static void accepts(const char *fields)
{
    char all[4096] = NEEDED;
    int r = submit(strcat(all, fields));
    ck_assert_msg(r == MUC_OK, "refused: %s", fields);
}

static void refuses(const char *fields, const char *bad)
{
    char all[4096] = NEEDED;
    int r = submit(strcat(all, fields));
    ck_assert_msg(r == MUC_ERR_INVALID, "accepted: %s", fields);
    ck_assert_str_eq(f.bad, bad);
}

static const char *text(const char *var)
{
    return muc_form_text(&f.form, var);
}

/* ---- building --------------------------------------------------------------------------------------------------- */

START_TEST(build)
{
    muc_form *form = &f.form;
    ck_assert_uint_eq(muc_form_count(form), 11);
    ck_assert_str_eq(muc_form_var(form, 0), "text");
    ck_assert_ptr_null(muc_form_var(form, 8));
    ck_assert_str_eq(muc_form_var(form, 9), "{urn:example}own");
    ck_assert_ptr_null(muc_form_var(form, 11));
    ck_assert(muc_form_has(form, "{urn:example}own"));
    ck_assert(!muc_form_has(form, "own"));
    ck_assert(!muc_form_submitted(form, "flag"));
    ck_assert_int_eq(muc_form_flag(form, "flag"), 1);
    ck_assert_int_eq(muc_form_number(form, "number"), 5);
    ck_assert_uint_eq(muc_form_value_count(form, "jids"), 2);
    ck_assert_str_eq(muc_form_value(form, "jids", 1), "b@x");
    ck_assert_ptr_null(muc_form_value(form, "jids", 2));
    ck_assert_str_eq(text("none"), "");

    muc_field first = {.var = "first", .type = MUC_FIELD_TEXT_SINGLE, .before = "text"};
    ck_assert_int_eq(muc_form_add(form, &first), MUC_OK);
    ck_assert_str_eq(muc_form_var(form, 0), "first");
    ck_assert_int_eq(muc_form_add(form, &first), MUC_ERR_EXISTS);
    ck_assert_int_eq(muc_form_remove(form, "text"), MUC_OK);
    ck_assert_int_eq(muc_form_remove(form, "text"), MUC_ERR_NOT_FOUND);
    ck_assert_str_eq(muc_form_var(form, 1), "lines");
    ck_assert_int_eq(muc_form_set(form, "number", "7"), MUC_OK);
    ck_assert_int_eq(muc_form_set(form, "number", "11"), MUC_ERR_INVALID);
    ck_assert_int_eq(muc_form_set(form, "text", "x"), MUC_ERR_NOT_FOUND);
    ck_assert_int_eq(muc_form_number(form, "number"), 7);
    for (int i = 0; i < 20; i++)
        ck_assert_int_eq(muc_form_add_value(form, "lines", "line"), MUC_OK);
    ck_assert_uint_eq(muc_form_value_count(form, "lines"), 20);
    ck_assert_int_eq(muc_form_add_value(form, "number", "1"), MUC_ERR_INVALID);
    form->max_items = 20;
    ck_assert_int_eq(muc_form_add_value(form, "lines", "line"), MUC_ERR_LIMIT);
    form->max_items = 11;
    first.var = "second";
    ck_assert_int_eq(muc_form_add(form, &first), MUC_ERR_LIMIT);
    form->state = MU_FORM_CLOSED;
    ck_assert_int_eq(muc_form_set(form, "number", "7"), MUC_ERR_INVALID);
}
END_TEST

START_TEST(build_invalid)
{
    static const muc_field fields[] = {
        {.type = MUC_FIELD_TEXT_SINGLE},
        {.var = "", .type = MUC_FIELD_TEXT_SINGLE},
        {.var = "x", .type = MUC_FIELD_LIST_SINGLE},
        {.var = "x", .type = MUC_FIELD_BOOLEAN, .value = "yes"},
        {.var = "x", .type = MUC_FIELD_TEXT_SINGLE, .value = "\x01"},
        {.var = "x", .type = MUC_FIELD_TEXT_SINGLE, .label = "\xff"},
        {.var = "x", .type = (muc_field_type)99},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        ck_assert_int_eq(muc_form_add(&f.form, &fields[i]), MUC_ERR_INVALID);
    ck_assert_int_eq(muc_form_add(&f.form, NULL), MUC_ERR_INVALID);
    ck_assert_int_eq(muc_form_add(NULL, &fields[0]), MUC_ERR_INVALID);
    muc_field type = {.var = "FORM_TYPE", .type = MUC_FIELD_HIDDEN, .value = "x"};
    ck_assert_int_eq(muc_form_add(&f.form, &type), MUC_ERR_EXISTS);
    ck_assert_uint_eq(muc_form_count(&f.form), 11);
}
END_TEST

START_TEST(write)
{
    muc_form form;
    mu_form_init(&form, f.heap, secret, "urn:t");
    static const muc_field fields[] = {
        {.var = "flag", .type = MUC_FIELD_BOOLEAN, .value = "true", .label = "Yes & no"},
        {.var = "one", .type = MUC_FIELD_LIST_SINGLE, .value = "red", .choices = colours},
        {.type = MUC_FIELD_FIXED, .value = "Read this"},
        {.ns = "urn:e", .var = "own", .type = MUC_FIELD_TEXT_SINGLE, .required = 1},
    };
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        ck_assert_int_eq(muc_form_add(&form, &fields[i]), MUC_OK);
    muc_xml x;
    mu_xml_init(&x, f.heap, MUC_NS_OWNER);
    mu_form_write(&form, &x, "T", "I");
    mu_xml_settle(&x);
    ck_assert_int_eq(muc_xml_error(&x), MUC_OK);
    ck_assert_str_eq(x.buf.p, "<x xmlns='jabber:x:data' type='form'><title>T</title>"
                              "<instructions>I</instructions>"
                              "<field type='hidden' var='FORM_TYPE'><value>urn:t</value></field>"
                              "<field label='Yes &amp; no' type='boolean' var='flag'>"
                              "<value>1</value></field>"
                              "<field type='list-single' var='one'><value>red</value>"
                              "<option label='Red'><value>red</value></option>"
                              "<option><value>blue</value></option></field>"
                              "<field type='fixed'><value>Read this</value></field>"
                              "<field type='text-single' var='{urn:e}own'><required/></field></x>");
    mu_xml_free(&x);
    mu_form_free(&form);
}
END_TEST

/* ---- reading ---------------------------------------------------------------------------------------------------- */

START_TEST(read_values)
{
    accepts("<field var='flag'><value>false</value></field>"
            "<field var='text' type='text-single'><value>new</value></field>"
            "<field var='unknown'><value>1</value></field><field><value>2</value></field>"
            "<field var='{urn:example}own'><value>a<![CDATA[<b>]]></value></field>");
    ck_assert(muc_form_submitted(&f.form, "flag"));
    ck_assert(!muc_form_submitted(&f.form, "one"));
    ck_assert_str_eq(text("flag"), "0");
    ck_assert_str_eq(text("text"), "new");
    ck_assert_str_eq(text("one"), "red");
    ck_assert_str_eq(text("{urn:example}own"), "a<b>");
    accepts("<field var='text'/>");
    ck_assert_str_eq(text("text"), "");
    ck_assert(muc_form_submitted(&f.form, "text"));
    accepts("<field var='text'><value/></field>");
    ck_assert_uint_eq(muc_form_value_count(&f.form, "text"), 0);
    accepts("<field var='lines'><value>a</value><value/><value>c</value></field>");
    ck_assert_uint_eq(muc_form_value_count(&f.form, "lines"), 3);
    accepts("<field var='FORM_TYPE'><value>" TYPE "</value></field>");
    refuses("<field var='FORM_TYPE'><value>urn:other</value></field>", "FORM_TYPE");
    refuses("<field var='FORM_TYPE'/>", "FORM_TYPE");
    refuses("<field var='text'/><field var='text'/>", "text");
    refuses("<field var='text'><value>1</value><value>2</value></field>", "text");
    accepts("<field var='text'><value>12345678</value></field>");
    refuses("<field var='text'><value>123456789</value></field>", "text");
}
END_TEST

START_TEST(read_types)
{
    accepts("<field var='flag'><value> true </value></field>");
    ck_assert_str_eq(text("flag"), "1");
    refuses("<field var='flag'><value>yes</value></field>", "flag");
    accepts("<field var='one'><value>blue</value></field>");
    refuses("<field var='one'><value>green</value></field>", "one");
    accepts("<field var='many'><value>red</value><value>blue</value><value>red</value></field>");
    ck_assert_uint_eq(muc_form_value_count(&f.form, "many"), 2);
    refuses("<field var='many'><value>red</value><value>green</value></field>", "many");
    accepts("<field var='jids'><value>C@x</value><value>a@x</value><value>c@x</value></field>");
    ck_assert_uint_eq(muc_form_value_count(&f.form, "jids"), 2);
    ck_assert_str_eq(muc_form_value(&f.form, "jids", 0), "c@x");
    accepts("<field var='jids'/>");
    ck_assert_uint_eq(muc_form_value_count(&f.form, "jids"), 0);
    refuses("<field var='jids'><value>a b@x</value></field>", "jids");
    refuses("<field var='jid'><value>@x</value></field>", "jid");
    accepts("<field var='number'><value>10</value></field>");
    refuses("<field var='number'><value>0</value></field>", "number");
    refuses("<field var='number'><value>1e1</value></field>", "number");
}
END_TEST

START_TEST(read_required)
{
    ck_assert_int_eq(submit(""), MUC_OK);
    ck_assert_int_eq(submit("<field var='FORM_TYPE'><value>" TYPE "</value></field>"), MUC_OK);
    ck_assert_int_eq(submit("<field var='flag'><value>0</value></field>"), MUC_ERR_INVALID);
    ck_assert_str_eq(f.bad, "needed");
    ck_assert_int_eq(submit("<field var='needed'/>"), MUC_ERR_INVALID);
}
END_TEST

START_TEST(change_while_checking)
{
    accepts("");
    ck_assert_int_eq(muc_form_set(&f.form, "text", "x"), MUC_OK);
    ck_assert(muc_form_submitted(&f.form, "text"));
    ck_assert_str_eq(text("text"), "x");
    muc_field field = {.var = "late", .type = MUC_FIELD_TEXT_SINGLE};
    ck_assert_int_eq(muc_form_add(&f.form, &field), MUC_ERR_INVALID);
    ck_assert_int_eq(muc_form_remove(&f.form, "text"), MUC_ERR_NOT_FOUND);
}
END_TEST

START_TEST(limits)
{
    f.form.max_items = SIZE_MAX;
    accepts("<field var='lines'><value>1</value><value>2</value><value>3</value></field>");
    xmlNode *x = xmlDocGetRootElement(f.doc);
    renew();
    f.form.max_items = 2;
    ck_assert_int_eq(mu_form_read(&f.form, x, &f.bad), MUC_ERR_INVALID);
    ck_assert_str_eq(f.bad, "lines");
    renew();
    f.form.max_items = 1;
    ck_assert_int_eq(mu_form_read(&f.form, x, &f.bad), MUC_ERR_INVALID);
}
END_TEST

START_TEST(nomem)
{
    accepts("<field var='jids'><value>C@x</value><value>d@x</value></field>"
            "<field var='text'><value>a<![CDATA[b]]></value></field>");
    failing mem = {.left = -1};
    muc_mem functions = failing_mem(&mem);
    int r = MUC_ERR_NOMEM;
    for (long k = 0; r != MUC_OK; k++) {
        ck_assert_int_lt(k, 1000);
        mem.left = -1;
        mu_heap *heap = mu_heap_new(&functions);
        muc_form form;
        mu_form_init(&form, heap, secret, TYPE);
        form.jid = lower_jid;
        mem.left = k;
        r = add_all(&form);
        if (r == MUC_OK)
            r = mu_form_read(&form, xmlDocGetRootElement(f.doc), &f.bad);
        ck_assert(r == MUC_OK || r == MUC_ERR_NOMEM);
        mu_form_free(&form);
        mu_heap_unref(heap);
        ck_assert_int_eq(mem.live, 0);
    }
}
END_TEST

Suite *suite_form(void)
{
    Suite *s = suite_create("form");
    TCase *c = tcase_create("form");
    tcase_add_checked_fixture(c, setup, teardown);
    tcase_add_test(c, build);
    tcase_add_test(c, build_invalid);
    tcase_add_test(c, write);
    tcase_add_test(c, read_values);
    tcase_add_test(c, read_types);
    tcase_add_test(c, read_required);
    tcase_add_test(c, change_while_checking);
    tcase_add_test(c, limits);
    tcase_add_test(c, nomem);
    suite_add_tcase(s, c);
    return s;
}
