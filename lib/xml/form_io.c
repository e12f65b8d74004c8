/* form_io.c: a data form as XML, and its submission (XEP-0004 sections 3.1 and 3.2, XEP-0068). */
#include <xml/form.h>

#include <base/text.h>
#include <string.h>

static const char *const type_names[] = {
    [MUC_FIELD_TEXT_SINGLE] = "text-single",
    [MUC_FIELD_TEXT_MULTI] = "text-multi",
    [MUC_FIELD_TEXT_PRIVATE] = "text-private",
    [MUC_FIELD_BOOLEAN] = "boolean",
    [MUC_FIELD_LIST_SINGLE] = "list-single",
    [MUC_FIELD_LIST_MULTI] = "list-multi",
    [MUC_FIELD_JID_SINGLE] = "jid-single",
    [MUC_FIELD_JID_MULTI] = "jid-multi",
    [MUC_FIELD_HIDDEN] = "hidden",
    [MUC_FIELD_FIXED] = "fixed",
};

static void write_field(const mu_form_field *f, muc_xml *x)
{
    muc_xml_open(x, "field", NULL);
    muc_xml_attr(x, "label", f->label);
    muc_xml_attr(x, "type", type_names[f->type]);
    muc_xml_attr(x, "var", f->key.p);
    if (f->required)
        muc_xml_leaf(x, "required", NULL);
    for (size_t i = 0; i < f->value_count; i++)
        muc_xml_leaf(x, "value", f->values[i]);
    for (size_t i = 0; i < f->choice_count; i++) {
        muc_xml_open(x, "option", NULL);
        muc_xml_attr(x, "label", f->choices[i].label);
        muc_xml_leaf(x, "value", f->choices[i].value);
        muc_xml_close(x);
    }
    muc_xml_close(x);
}

void mu_form_write(const muc_form *form, muc_xml *x, const char *title, const char *instructions)
{
    muc_xml_open(x, "x", MUC_NS_DATA);
    muc_xml_attr(x, "type", "form");
    if (title)
        muc_xml_leaf(x, "title", title);
    if (instructions)
        muc_xml_leaf(x, "instructions", instructions);
    muc_xml_open(x, "field", NULL);
    muc_xml_attr(x, "type", "hidden");
    muc_xml_attr(x, "var", "FORM_TYPE");
    muc_xml_leaf(x, "value", form->type);
    muc_xml_close(x);
    for (size_t i = 0; i < form->n; i++)
        write_field(form->fields[i], x);
    muc_xml_close(x);
}

/* ---- reading ---------------------------------------------------------------------------------------------------- */

static const xmlNode *first_value(const xmlNode *field)
{
    return muc_node_child(field, "value", MUC_NS_DATA);
}

static int text_of(muc_form *form, const xmlNode *node, muc_span *out)
{
    const char *text = muc_node_text(node);
    if (text) {
        *out = (muc_span){text, strlen(text)};
        return MUC_OK;
    }
    mu_buf joined;
    mu_buf_init(&joined, form->heap);
    mu_node_text(node, &joined);
    out->n = joined.n;
    out->p = joined.failed ? NULL : mu_form_copy(form, joined.n > 0 ? joined.p : "", joined.n);
    mu_buf_free(&joined);
    return out->p ? MUC_OK : MUC_ERR_NOMEM;
}

static int read_values(muc_form *form, mu_form_field *f, const xmlNode *field)
{
    size_t count = 0, i = 0;
    for (const xmlNode *v = first_value(field); v; v = muc_node_next(v, "value", MUC_NS_DATA))
        if (++count > form->max_items)
            return MUC_ERR_INVALID;
    muc_span *values = mu_form_take(form, count * sizeof *values);
    if (!values)
        return MUC_ERR_NOMEM;
    for (const xmlNode *v = first_value(field); v; v = muc_node_next(v, "value", MUC_NS_DATA)) {
        int r = text_of(form, v, &values[i++]);
        if (r < 0)
            return r;
    }
    int r = mu_form_put(form, f, values, count, false);
    if (r == MUC_OK && f->required && f->value_count == 0)
        return MUC_ERR_INVALID;
    return r;
}

static int check_type(muc_form *form, const xmlNode *field)
{
    const xmlNode *v = first_value(field);
    muc_span text;
    if (!v)
        return MUC_ERR_INVALID;
    int r = text_of(form, v, &text);
    if (r < 0)
        return r;
    return mu_span_is(text, form->type) ? MUC_OK : MUC_ERR_INVALID;
}

/* By its var, else by the name of its option: others spell it so. */
static mu_form_field *find_field(muc_form *form, const char *var)
{
    mu_form_field *f = mu_form_find(form, var);
    for (size_t i = 0; i < form->n && !f; i++)
        if (form->fields[i]->option && strcmp(form->fields[i]->option->name, var) == 0)
            f = form->fields[i];
    return f;
}

/* Fields that are not in the form are none of ours. */
static int read_field(muc_form *form, const xmlNode *field, const char *var)
{
    if (strcmp(var, "FORM_TYPE") == 0)
        return check_type(form, field);
    mu_form_field *f = find_field(form, var);
    if (!f || f->type == MUC_FIELD_FIXED)
        return MUC_OK;
    if (f->submitted)
        return MUC_ERR_INVALID;
    f->submitted = true;
    return read_values(form, f, field);
}

/* A submission without any field takes everything as it is (XEP-0045 section 10.1.2). */
static int check_required(const muc_form *form, const char **bad)
{
    bool any = false;
    const mu_form_field *missing = NULL;
    for (size_t i = 0; i < form->n; i++) {
        any = any || form->fields[i]->submitted;
        if (form->fields[i]->required && !form->fields[i]->submitted && !missing)
            missing = form->fields[i];
    }
    if (!any || !missing)
        return MUC_OK;
    *bad = missing->key.p;
    return MUC_ERR_INVALID;
}

int mu_form_read(muc_form *form, const xmlNode *x, const char **bad)
{
    size_t count = 0;
    *bad = "";
    for (const xmlNode *field = muc_node_child(x, "field", MUC_NS_DATA); field;
         field = muc_node_next(field, "field", MUC_NS_DATA)) {
        const char *var = muc_node_attr(field, "var");
        /* Those of options are once there at most. */
        const mu_form_field *f = var ? find_field(form, var) : NULL;
        if (!(f && f->option) && ++count > form->max_items)
            return MUC_ERR_INVALID;
        if (!var)
            continue;
        int r = read_field(form, field, var);
        if (r < 0) {
            *bad = var;
            return r;
        }
    }
    return check_required(form, bad);
}
