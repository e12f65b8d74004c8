/* form_value.c: which values a field takes (XEP-0004 section 3.3). */
#include <xml/form.h>

#include <base/jid.h>
#include <base/text.h>
#include <string.h>

static bool is_multi(muc_field_type type)
{
    return type == MUC_FIELD_TEXT_MULTI || type == MUC_FIELD_LIST_MULTI || type == MUC_FIELD_JID_MULTI ||
           type == MUC_FIELD_HIDDEN || type == MUC_FIELD_FIXED;
}

static bool among_choices(const mu_form_field *f, muc_span v)
{
    for (size_t i = 0; i < f->choice_count; i++)
        if (mu_span_is(v, f->choices[i].value))
            return true;
    return false;
}

static bool among_values(const mu_form_field *f, muc_span v)
{
    for (size_t i = 0; i < f->value_count; i++)
        if (mu_span_is(v, f->values[i]))
            return true;
    return false;
}

static int take_boolean(muc_span v, const char **out)
{
    v = mu_trim(v);
    if (mu_span_is(v, "1") || mu_span_is(v, "true"))
        *out = "1";
    else if (mu_span_is(v, "0") || mu_span_is(v, "false"))
        *out = "0";
    else
        return MUC_ERR_INVALID;
    return MUC_OK;
}

static int take_copy(muc_form *form, muc_span v, const char **out)
{
    *out = mu_form_copy(form, v.p, v.n);
    return *out ? MUC_OK : MUC_ERR_NOMEM;
}

/* A JID that was shown may be sent back even when it would not be prepared like that today. */
static int take_jid(muc_form *form, const mu_form_field *f, muc_span v, const char **out)
{
    v = mu_trim(v);
    mu_jid parts;
    if (among_values(f, v))
        return take_copy(form, v, out);
    if (!mu_jid_split(v.p, v.n, &parts))
        return MUC_ERR_INVALID;
    int r = take_copy(form, v, out);
    if (r < 0 || !form->jid)
        return r;
    mu_buf prepared;
    mu_buf_init(&prepared, form->heap);
    r = form->jid(*out, &prepared, form->ud);
    if (r == MUC_OK)
        r = take_copy(form, (muc_span){prepared.p, prepared.n}, out);
    mu_buf_free(&prepared);
    return r == MUC_OK || r == MUC_ERR_NOMEM ? r : MUC_ERR_INVALID;
}

static int take_text(muc_form *form, const mu_form_field *f, muc_span v, const char **out)
{
    if (f->type == MUC_FIELD_TEXT_SINGLE && f->min < f->max) {
        int64_t number;
        v = mu_trim(v);
        if (!mu_integer(v.p, v.n, &number) || number < f->min || number > f->max)
            return MUC_ERR_INVALID;
    }
    return take_copy(form, v, out);
}

static int take_value(muc_form *form, const mu_form_field *f, muc_span v, bool trusted, const char **out)
{
    if (!mu_xml_valid(v.p, v.n) || (!trusted && v.n > f->max_length))
        return MUC_ERR_INVALID;
    switch (f->type) {
    case MUC_FIELD_BOOLEAN:
        return take_boolean(v, out);
    case MUC_FIELD_LIST_SINGLE:
    case MUC_FIELD_LIST_MULTI:
        if (!trusted && !among_choices(f, v))
            return MUC_ERR_INVALID;
        return take_copy(form, v, out);
    case MUC_FIELD_JID_SINGLE:
    case MUC_FIELD_JID_MULTI:
        return trusted ? take_copy(form, v, out) : take_jid(form, f, v, out);
    default:
        return trusted ? take_copy(form, v, out) : take_text(form, f, v, out);
    }
}

/* Keeps the first of equal values. */
static int drop_doubles(muc_form *form, const char **values, size_t *count)
{
    mu_map seen;
    mu_map_init(&seen, form->heap, form->by_var.secret);
    mu_key *keys = mu_form_take(form, *count * sizeof *keys);
    int r = keys ? mu_map_reserve(&seen, *count) : MUC_ERR_NOMEM;
    size_t kept = 0;
    for (size_t i = 0; r == MUC_OK && i < *count; i++) {
        size_t n = strlen(values[i]);
        if (mu_map_find(&seen, values[i], n))
            continue;
        keys[kept] = (mu_key){.p = values[i], .n = (uint32_t)n};
        mu_map_insert(&seen, &keys[kept]);
        values[kept++] = values[i];
    }
    mu_map_free(&seen);
    *count = kept;
    return r;
}

int mu_form_put(muc_form *form, mu_form_field *f, const muc_span *values, size_t count, bool trusted)
{
    if (count > 1 && !is_multi(f->type))
        return MUC_ERR_INVALID;
    const char **taken = mu_form_take(form, count * sizeof *taken);
    if (!taken)
        return MUC_ERR_NOMEM;
    bool lines = is_multi(f->type) && f->type != MUC_FIELD_LIST_MULTI && f->type != MUC_FIELD_JID_MULTI && count > 1;
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        if (values[i].n == 0 && !lines)
            continue;
        int r = take_value(form, f, values[i], trusted, &taken[n++]);
        if (r < 0)
            return r;
    }
    if (f->type == MUC_FIELD_JID_MULTI || f->type == MUC_FIELD_LIST_MULTI) {
        int r = drop_doubles(form, taken, &n);
        if (r < 0)
            return r;
    }
    f->values = taken;
    f->value_count = n;
    f->value_cap = count;
    return MUC_OK;
}

int mu_form_append(muc_form *form, mu_form_field *f, muc_span value)
{
    if (!is_multi(f->type))
        return MUC_ERR_INVALID;
    if (f->value_count == f->value_cap) {
        size_t cap = f->value_cap * 2 + 4;
        const char **more = mu_form_take(form, cap * sizeof *more);
        if (!more)
            return MUC_ERR_NOMEM;
        if (f->value_count > 0)
            memcpy(more, f->values, f->value_count * sizeof *more);
        f->values = more;
        f->value_cap = cap;
    }
    int r = take_value(form, f, value, true, &f->values[f->value_count]);
    if (r == MUC_OK)
        f->value_count++;
    return r;
}
