/* config_form.c: the options of a room as fields of a form, and back (XEP-0045 section 16.5.3). */
#include <action/config.h>
#include <action/form_new.h>

#include <string.h>

enum { MAX_WORDS = MU_MAX_SET + 1 };

/* ---- values as words -------------------------------------------------------------------------------------------- */

/* Takes a text apart at its blanks. */
static int split(muc_form *form, const char *text, muc_span *out, size_t *count)
{
    for (text += strspn(text, " "); *text && *count < MU_MAX_SET; text += strspn(text, " ")) {
        size_t n = strcspn(text, " ");
        const char *copy = mu_form_copy(form, text, n);
        if (!copy)
            return MUC_ERR_NOMEM;
        out[(*count)++] = (muc_span){copy, n};
        text += n;
    }
    return MUC_OK;
}

static int words_of(muc_form *form, const muc_option *row, const mu_value *value, muc_span *out, size_t *count)
{
    *count = 0;
    if (row->type == MUC_OPTION_SET) {
        for (size_t i = 0; i < MAX_WORDS && row->choices[i].value; i++)
            if (value->number & ((int64_t)1 << i))
                out[(*count)++] = (muc_span){row->choices[i].value, strlen(row->choices[i].value)};
        return MUC_OK;
    }
    if (row->type == MUC_OPTION_JIDS)
        return split(form, value->text ? value->text : "", out, count);
    mu_buf words;
    mu_buf_init(&words, form->heap);
    mu_value_write(row, value, &words);
    const char *copy = words.failed ? NULL : mu_form_copy(form, words.n ? words.p : "", words.n);
    out[0] = (muc_span){copy, words.n};
    *count = 1;
    mu_buf_free(&words);
    return copy ? MUC_OK : MUC_ERR_NOMEM;
}

/* What a submitted field says, as mu_value_parse() takes it. */
static int parse_field(mu_submission *sub, const mu_form_field *f, mu_value *out)
{
    muc_service *s = sub->room->service;
    if (f->value_count == 0)
        return mu_value_parse(s, f->option, f->type == MUC_FIELD_BOOLEAN ? "0" : "", out);
    bool jids = f->option->type == MUC_OPTION_JIDS;
    if (f->option->type != MUC_OPTION_SET && !jids)
        return mu_value_parse(s, f->option, f->values[0], out);
    mu_buf joined;
    mu_buf_init(&joined, sub->form.heap);
    for (size_t i = 0; i < f->value_count; i++) {
        if (i > 0)
            mu_buf_char(&joined, jids ? ' ' : ',');
        mu_buf_add(&joined, f->values[i], jids ? strcspn(f->values[i], "/") : strlen(f->values[i]));
    }
    int r = joined.failed ? MUC_ERR_NOMEM : mu_value_parse(s, f->option, joined.p, out);
    mu_buf_free(&joined);
    return r;
}

/* ---- rows as fields --------------------------------------------------------------------------------------------- */

static muc_field_type field_type(const muc_option *row)
{
    switch (row->type) {
    case MUC_OPTION_FLAG:
        return MUC_FIELD_BOOLEAN;
    case MUC_OPTION_SECRET:
        return MUC_FIELD_TEXT_PRIVATE;
    case MUC_OPTION_CHOICE:
        return MUC_FIELD_LIST_SINGLE;
    case MUC_OPTION_SET:
        return MUC_FIELD_LIST_MULTI;
    case MUC_OPTION_JIDS:
        return MUC_FIELD_JID_MULTI;
    case MUC_OPTION_NUMBER:
        return row->choices ? MUC_FIELD_LIST_SINGLE : MUC_FIELD_TEXT_SINGLE;
    default:
        return MUC_FIELD_TEXT_SINGLE;
    }
}

/* The choices of a row that the service allows, and the present value when it is another (XEP-0045 section 16.5.3,
 * maxusers). */
static const muc_choice *choices_of(muc_form *form, const muc_option *row, const char *word, int64_t most)
{
    size_t n = 0, count = 0;
    bool found = false;
    if (row->type != MUC_OPTION_NUMBER)
        return row->choices;
    while (row->choices[count].value)
        count++;
    muc_choice *offered = mu_form_take(form, (count + 2) * sizeof *offered);
    for (size_t i = 0; offered && i < count; i++) {
        if (row->choices[i].number > most)
            continue;
        found = found || strcmp(row->choices[i].value, word) == 0;
        offered[n++] = row->choices[i];
    }
    if (offered && !found)
        offered[n++] = (muc_choice){.value = word};
    if (offered)
        offered[n] = (muc_choice){0};
    return offered;
}

/* The greatest number that the service allows. */
static int64_t most_of(const muc_service *s, const muc_option *row)
{
    return row->type == MUC_OPTION_NUMBER && row->choices && row->most ? row->most(&s->settings) : INT64_MAX;
}

static void set_bounds(const muc_option *row, muc_field *field)
{
    bool open = row->min == 0 && row->max == 0;
    if (row->type != MUC_OPTION_NUMBER)
        return;
    field->min = row->min;
    field->max = open ? INT32_MAX : row->max;
}

static int add_row(muc_service *s, muc_form *form, const muc_option *row, const mu_value *v)
{
    muc_span words[MAX_WORDS];
    const char *values[MAX_WORDS + 1];
    size_t n;
    int64_t most = most_of(s, row);
    mu_value shown = {v->number < most ? v->number : most, v->text};
    int r = words_of(form, row, &shown, words, &n);
    if (r < 0)
        return r;
    for (size_t i = 0; i < n; i++)
        values[i] = words[i].p;
    values[n] = NULL;
    muc_field field = {.var = row->field,
                       .type = field_type(row),
                       .label = row->label,
                       .values = values,
                       .max_length = mu_option_is_text(row) ? mu_option_length(s, row) : row->max_length};
    set_bounds(row, &field);
    if (row->choices) {
        field.choices = choices_of(form, row, n > 0 ? values[0] : "", most);
        if (!field.choices)
            return MUC_ERR_NOMEM;
    }
    r = muc_form_add(form, &field);
    if (r == MUC_OK)
        mu_form_find(form, row->field)->option = row;
    return r;
}

static bool shown_to(const muc_option *row, bool admin, bool owner)
{
    if (!row->field || (row->flags & MUC_OPTION_NO_FIELD))
        return false;
    if ((row->flags & MUC_OPTION_ADMIN_ONLY) && !admin)
        return false;
    return row->type != MUC_OPTION_SECRET || owner;
}

static int add_rows(mu_submission *sub)
{
    muc_room *room = sub->room;
    muc_service *s = room->service;
    bool admin = !sub->actor || muc_service_is_admin(s, sub->actor);
    bool owner = admin || muc_affiliation_get(room, sub->actor) == MUC_AFFILIATION_OWNER;
    for (size_t i = 0; i < s->option_count; i++) {
        if (!shown_to(s->options[i], admin, owner))
            continue;
        mu_value value = mu_room_value(room, (int)i);
        int r = add_row(s, &sub->form, s->options[i], &value);
        if (r < 0)
            return r;
    }
    return MUC_OK;
}

int mu_submission_begin(mu_submission *sub, muc_room *room, const char *actor)
{
    muc_service *s = room->service;
    *sub = (mu_submission){.room = room, .actor = actor};
    mu_form_start(&sub->form, s, "http://jabber.org/protocol/muc#roomconfig");
    sub->form.more_fields = s->option_count;
    sub->values = mu_form_take(&sub->form, s->option_count * sizeof *sub->values);
    sub->words = mu_form_take(&sub->form, s->option_count * sizeof *sub->words);
    int r = sub->values && sub->words ? add_rows(sub) : MUC_ERR_NOMEM;
    if (r < 0)
        return r;
    muc_config_event config = {.form = &sub->form};
    muc_event event = {.room = room, .from = actor, .as.config = &config};
    r = mu_fire(s, MUC_ON_CONFIG_FORM, &event, NULL);
    sub->form.state = MU_FORM_CHECKING;
    return r < 0 ? r : MUC_OK;
}

void mu_submission_end(mu_submission *sub)
{
    for (size_t i = 0; i < sub->count; i++)
        mu_free(sub->form.heap, sub->values[i].value.text);
    mu_form_free(&sub->form);
}

/* ---- fields as assignments -------------------------------------------------------------------------------------- */

/* The place of an option among the values; a new one at their end. */
static size_t slot_of(mu_submission *sub, int index)
{
    size_t i = 0;
    while (i < sub->count && sub->values[i].index != index)
        i++;
    if (i == sub->count) {
        sub->values[i] = (mu_assignment){.index = index};
        sub->words[i] = NULL;
        sub->count++;
    }
    return i;
}

int mu_submission_give(mu_submission *sub, int index, const mu_value *value)
{
    const muc_option *row = sub->room->service->options[index];
    char *text = value->text ? mu_strdup(sub->form.heap, value->text) : NULL;
    if (value->text && !text)
        return MUC_ERR_NOMEM;
    size_t i = slot_of(sub, index);
    mu_free(sub->form.heap, sub->values[i].value.text);
    sub->values[i].value = (mu_value){.number = value->number, .text = text};
    mu_form_field *f = row->field ? mu_form_find(&sub->form, row->field) : NULL;
    if (!f || f->option != row)
        return MUC_OK;
    muc_span words[MAX_WORDS];
    size_t n;
    int r = words_of(&sub->form, row, value, words, &n);
    if (r == MUC_OK)
        r = mu_form_put(&sub->form, f, words, n, true);
    f->submitted = true;
    sub->words[i] = f->values;
    return r;
}

int mu_submission_collect(mu_submission *sub, const char **bad)
{
    for (size_t i = 0; i < sub->form.n; i++) {
        const mu_form_field *f = sub->form.fields[i];
        if (!f->submitted || !f->option)
            continue;
        size_t at = slot_of(sub, mu_option_index(sub->room->service, f->option));
        if (sub->words[at] == f->values)
            continue;
        mu_value value = {0};
        int r = parse_field(sub, f, &value);
        if (r < 0) {
            *bad = f->key.p;
            return r;
        }
        mu_free(sub->form.heap, sub->values[at].value.text);
        sub->values[at].value = value;
        sub->words[at] = f->values;
    }
    return MUC_OK;
}
