/* form.c: building a data form and looking at it: what form.h of the interface declares. */
#include <xml/form.h>

#include <base/text.h>
#include <string.h>

/* ---- memory ----------------------------------------------------------------------------------------------------- */

enum { CHUNK = 4096, ALIGN = 16 };

struct mu_form_chunk {
    struct mu_form_chunk *next;
    size_t used, size;
    _Alignas(ALIGN) char p[];
};

void mu_form_init(muc_form *form, mu_heap *heap, const uint8_t *secret, const char *type)
{
    memset(form, 0, sizeof *form);
    form->heap = heap;
    mu_map_init(&form->by_var, heap, secret);
    form->type = type;
    form->max_items = form->max_text = SIZE_MAX;
}

void mu_form_free(muc_form *form)
{
    while (form->chunks) {
        struct mu_form_chunk *next = form->chunks->next;
        mu_free(form->heap, form->chunks);
        form->chunks = next;
    }
    mu_map_free(&form->by_var);
    mu_free(form->heap, form->fields);
    form->fields = NULL;
    form->n = form->cap = 0;
}

void *mu_form_take(muc_form *form, size_t size)
{
    if (size > SIZE_MAX / 2)
        return NULL;
    size = (size + ALIGN - 1) / ALIGN * ALIGN;
    struct mu_form_chunk *c = form->chunks;
    if (!c || c->size - c->used < size) {
        size_t room = size > CHUNK ? size : CHUNK;
        c = mu_alloc(form->heap, sizeof *c + room);
        if (!c)
            return NULL;
        *c = (struct mu_form_chunk){.next = form->chunks, .size = room};
        form->chunks = c;
    }
    void *p = c->p + c->used;
    c->used += size;
    return p;
}

const char *mu_form_copy(muc_form *form, const char *p, size_t n)
{
    char *copy = mu_form_take(form, n + 1);
    if (copy) {
        memcpy(copy, p, n);
        copy[n] = '\0';
    }
    return copy;
}

/* ---- adding ----------------------------------------------------------------------------------------------------- */

mu_form_field *mu_form_find(const muc_form *form, const char *var)
{
    return form && var ? (mu_form_field *)mu_map_find(&form->by_var, var, strlen(var)) : NULL;
}

static bool legal(const char *text)
{
    return !text || mu_xml_valid(text, strlen(text));
}

static bool is_list(muc_field_type type)
{
    return type == MUC_FIELD_LIST_SINGLE || type == MUC_FIELD_LIST_MULTI;
}

static bool field_valid(const muc_field *field)
{
    if (field->type < MUC_FIELD_TEXT_SINGLE || field->type > MUC_FIELD_FIXED)
        return false;
    if (field->type != MUC_FIELD_FIXED && (!field->var || field->var[0] == '\0'))
        return false;
    if (!legal(field->ns) || !legal(field->var) || !legal(field->label))
        return false;
    if (!is_list(field->type) || !field->choices)
        return !is_list(field->type);
    for (const muc_choice *c = field->choices; c->value; c++)
        if (!legal(c->value) || !legal(c->label))
            return false;
    return true;
}

/* "var" or "{ns}var". */
static int set_var(muc_form *form, mu_form_field *f, const muc_field *from)
{
    if (!from->var)
        return MUC_OK;
    size_t var_n = strlen(from->var), ns_n = from->ns ? strlen(from->ns) : 0;
    size_t n = from->ns ? var_n + ns_n + 2 : var_n;
    if (n > UINT32_MAX)
        return MUC_ERR_INVALID;
    char *p = mu_form_take(form, n + 1);
    if (!p)
        return MUC_ERR_NOMEM;
    if (from->ns) {
        p[0] = '{';
        memcpy(p + 1, from->ns, ns_n);
        p[ns_n + 1] = '}';
    }
    memcpy(p + n - var_n, from->var, var_n + 1);
    f->key = (mu_key){.p = p, .n = (uint32_t)n};
    return strcmp(p, "FORM_TYPE") == 0 ? MUC_ERR_EXISTS : MUC_OK;
}

static int set_choices(muc_form *form, mu_form_field *f, const muc_choice *choices)
{
    if (!is_list(f->type))
        return MUC_OK;
    size_t n = 0;
    while (choices[n].value)
        n++;
    f->choices = mu_form_take(form, n * sizeof *f->choices);
    if (!f->choices)
        return MUC_ERR_NOMEM;
    for (f->choice_count = 0; f->choice_count < n; f->choice_count++) {
        const muc_choice *from = &choices[f->choice_count];
        muc_choice *to = &f->choices[f->choice_count];
        to->number = from->number;
        to->value = mu_form_copy(form, from->value, strlen(from->value));
        to->label = from->label ? mu_form_copy(form, from->label, strlen(from->label)) : NULL;
        if (!to->value || (from->label && !to->label))
            return MUC_ERR_NOMEM;
    }
    return MUC_OK;
}

static int set_values(muc_form *form, mu_form_field *f, const muc_field *from)
{
    const char *one[] = {from->value, NULL};
    const char *const *values = from->values ? from->values : one;
    size_t n = 0;
    while (values[n])
        n++;
    muc_span *spans = mu_form_take(form, n * sizeof *spans);
    if (!spans)
        return MUC_ERR_NOMEM;
    for (size_t i = 0; i < n; i++)
        spans[i] = (muc_span){values[i], strlen(values[i])};
    return mu_form_put(form, f, spans, n, true);
}

static int make_field(muc_form *form, const muc_field *from, mu_form_field **out)
{
    mu_form_field *f = mu_form_take(form, sizeof *f);
    if (!f)
        return MUC_ERR_NOMEM;
    *f = (mu_form_field){.type = from->type, .min = from->min, .max = from->max};
    f->required = from->required != 0;
    f->max_length = from->max_length ? from->max_length : form->max_text;
    *out = f;
    int r = set_var(form, f, from);
    if (r == MUC_OK && f->key.p && mu_form_find(form, f->key.p))
        r = MUC_ERR_EXISTS;
    if (r == MUC_OK && from->label) {
        f->label = mu_form_copy(form, from->label, strlen(from->label));
        r = f->label ? MUC_OK : MUC_ERR_NOMEM;
    }
    if (r == MUC_OK)
        r = set_choices(form, f, from->choices);
    return r == MUC_OK ? set_values(form, f, from) : r;
}

static size_t place_of(const muc_form *form, const char *var)
{
    const mu_form_field *f = mu_form_find(form, var);
    size_t i = 0;
    while (f && i < form->n && form->fields[i] != f)
        i++;
    return f ? i : form->n;
}

int muc_form_add(muc_form *form, const muc_field *field)
{
    if (!form || !field || form->state != MU_FORM_BUILDING || !field_valid(field))
        return MUC_ERR_INVALID;
    if (form->n >= form->more_fields && form->n - form->more_fields >= form->max_items)
        return MUC_ERR_LIMIT;
    mu_form_field *f = NULL;
    int r = make_field(form, field, &f);
    if (r < 0)
        return r;
    if (mu_grow(form->heap, &form->fields, &form->cap, form->n + 1, sizeof(mu_form_field *)) < 0 ||
        mu_map_reserve(&form->by_var, 1) < 0)
        return MUC_ERR_NOMEM;
    size_t at = place_of(form, field->before);
    memmove(form->fields + at + 1, form->fields + at, (form->n - at) * sizeof(mu_form_field *));
    form->fields[at] = f;
    form->n++;
    if (f->key.p)
        mu_map_insert(&form->by_var, &f->key);
    return MUC_OK;
}

int muc_form_remove(muc_form *form, const char *var)
{
    mu_form_field *f = mu_form_find(form, var);
    if (!f || form->state != MU_FORM_BUILDING)
        return MUC_ERR_NOT_FOUND;
    size_t at = place_of(form, var);
    mu_map_remove(&form->by_var, &f->key);
    form->n--;
    memmove(form->fields + at, form->fields + at + 1, (form->n - at) * sizeof(mu_form_field *));
    return MUC_OK;
}

int muc_form_set(muc_form *form, const char *var, const char *value)
{
    if (!form || form->state == MU_FORM_CLOSED)
        return MUC_ERR_INVALID;
    mu_form_field *f = mu_form_find(form, var);
    if (!f)
        return MUC_ERR_NOT_FOUND;
    muc_span span = {value, value ? strlen(value) : 0};
    int r = mu_form_put(form, f, &span, value ? 1 : 0, false);
    if (r == MUC_OK && form->state == MU_FORM_CHECKING)
        f->submitted = true;
    return r;
}

int muc_form_add_value(muc_form *form, const char *var, const char *value)
{
    if (!form || !value || form->state != MU_FORM_BUILDING)
        return MUC_ERR_INVALID;
    mu_form_field *f = mu_form_find(form, var);
    if (!f)
        return MUC_ERR_NOT_FOUND;
    if (f->value_count >= form->max_items)
        return MUC_ERR_LIMIT;
    return mu_form_append(form, f, (muc_span){value, strlen(value)});
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

size_t muc_form_count(const muc_form *form)
{
    return form ? form->n : 0;
}

const char *muc_form_var(const muc_form *form, size_t i)
{
    return form && i < form->n ? form->fields[i]->key.p : NULL;
}

int muc_form_has(const muc_form *form, const char *var)
{
    return mu_form_find(form, var) != NULL;
}

int muc_form_submitted(const muc_form *form, const char *var)
{
    const mu_form_field *f = mu_form_find(form, var);
    return f && f->submitted;
}

const char *muc_form_missing(const muc_form *form)
{
    for (size_t i = 0; form && i < form->n; i++) {
        const mu_form_field *f = form->fields[i];
        if (f->required && (f->value_count == 0 || !*f->values[0]))
            return f->key.p;
    }
    return NULL;
}

size_t muc_form_value_count(const muc_form *form, const char *var)
{
    const mu_form_field *f = mu_form_find(form, var);
    return f ? f->value_count : 0;
}

const char *muc_form_value(const muc_form *form, const char *var, size_t i)
{
    const mu_form_field *f = mu_form_find(form, var);
    return f && i < f->value_count ? f->values[i] : NULL;
}

const char *muc_form_text(const muc_form *form, const char *var)
{
    const char *value = muc_form_value(form, var, 0);
    return value ? value : "";
}

int muc_form_flag(const muc_form *form, const char *var)
{
    const char *text = muc_form_text(form, var);
    return strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
}

int64_t muc_form_number(const muc_form *form, const char *var)
{
    const char *text = muc_form_text(form, var);
    int64_t number = 0;
    return mu_integer(text, strlen(text), &number) ? number : 0;
}
