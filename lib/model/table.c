/* table.c: the table of options: the rows of all features in the order of the form, and their defaults. */
#include <base/text.h>
#include <model/model.h>

#include <string.h>

static size_t count_rows(const muc_option *rows)
{
    size_t n = 0;
    while (rows && rows[n].name)
        n++;
    return n;
}

/* Behind all rows of no lesser rank: equal ones stay in the order of their features. */
static void insert(muc_service *s, const muc_option *row)
{
    size_t i = s->option_count++;
    for (; i > 0 && s->options[i - 1]->rank > row->rank; i--)
        s->options[i] = s->options[i - 1];
    s->options[i] = row;
}

static bool row_sane(const muc_option *row)
{
    size_t choices = 0;
    if (!mu_xml_valid(row->name, strlen(row->name)))
        return false;
    while (row->choices && row->choices[choices].value)
        choices++;
    switch (row->type) {
    case MUC_OPTION_FLAG:
    case MUC_OPTION_TEXT:
    case MUC_OPTION_SECRET:
    case MUC_OPTION_JIDS:
        return true;
    case MUC_OPTION_NUMBER:
        return row->min <= row->max;
    case MUC_OPTION_CHOICE:
        return choices > 0;
    case MUC_OPTION_SET:
        return choices > 0 && choices <= MU_MAX_SET;
    }
    return false;
}

/* Adds the rows; MUC_ERR_INVALID: one makes no sense. */
static int add_rows(muc_service *s, const muc_option *rows)
{
    for (; rows && rows->name; rows++) {
        if (!row_sane(rows))
            return MUC_ERR_INVALID;
        insert(s, rows);
    }
    return MUC_OK;
}

/* ---- finding them again ----------------------------------------------------------------------------------------- */

/* Every message asks for the values of some options: they are found by the addresses of their rows. */
static size_t slot_of(const muc_option *row)
{
    return (size_t)((uint64_t)(uintptr_t)row * UINT64_C(0x9e3779b97f4a7c15) >> 32) % MU_OPTION_SLOTS;
}

static void fill_slots(muc_service *s)
{
    memset(s->option_slots, 0, sizeof s->option_slots);
    for (size_t i = 0; i < s->option_count; i++) {
        size_t slot = slot_of(s->options[i]);
        while (s->option_slots[slot])
            slot = (slot + 1) % MU_OPTION_SLOTS;
        s->option_slots[slot] = (uint16_t)(i + 1);
    }
}

/* What is asked for may come from outside, what is in the table never does: the sum needs no secret. */
static size_t name_slot_of(const char *name)
{
    uint32_t sum = 2166136261u;
    for (const char *p = name; *p; p++)
        sum = (sum ^ (unsigned char)*p) * 16777619u;
    return sum % MU_NAME_SLOTS;
}

static bool has_name(const muc_option *row, const char *name)
{
    return strcmp(row->name, name) == 0 || (row->field && strcmp(row->field, name) == 0);
}

/* Where the name is, or would be. */
static size_t find_name(const muc_service *s, const char *name)
{
    size_t slot = name_slot_of(name);
    while (s->name_slots[slot] && !has_name(s->options[s->name_slots[slot] - 1], name))
        slot = (slot + 1) % MU_NAME_SLOTS;
    return slot;
}

/* false: it means another option already. */
static bool add_name(muc_service *s, const char *name, size_t index)
{
    size_t slot = name ? find_name(s, name) : 0;
    if (!name || s->name_slots[slot] == index + 1)
        return true;
    bool is_free = s->name_slots[slot] == 0;
    s->name_slots[slot] = (uint16_t)(index + 1);
    return is_free;
}

static int fill_names(muc_service *s)
{
    memset(s->name_slots, 0, sizeof s->name_slots);
    for (size_t i = 0; i < s->option_count; i++)
        if (!add_name(s, s->options[i]->name, i) || !add_name(s, s->options[i]->field, i))
            return MUC_ERR_INVALID;
    return MUC_OK;
}

static int collect(muc_service *s)
{
    size_t n = count_rows(mu_core_options);
    for (size_t i = 0; i < s->feature_count; i++)
        n += count_rows(s->features[i]->options);
    if (n >= MU_OPTION_SLOTS)
        return MUC_ERR_INVALID;
    s->options = mu_zalloc(s->heap, n * sizeof(*s->options));
    s->defaults = mu_zalloc(s->heap, n * sizeof(*s->defaults));
    if (!s->options || !s->defaults)
        return MUC_ERR_NOMEM;
    int r = add_rows(s, mu_core_options);
    for (size_t i = 0; i < s->feature_count && !r; i++)
        r = add_rows(s, s->features[i]->options);
    fill_slots(s);
    return r ? r : fill_names(s);
}

/* Replaces the default of the option by what the text says. */
static int set_default(muc_service *s, const muc_option *row, const char *text, mu_value *at)
{
    mu_value value;
    int r = mu_value_parse(s, row, text, &value);
    if (r)
        return r;
    mu_free(s->heap, at->text);
    *at = value;
    return MUC_OK;
}

int mu_options_defaults(muc_service *s, const muc_option_value *defaults, size_t count, mu_value *out)
{
    int r = MUC_OK;
    for (size_t i = 0; i < s->option_count && !r; i++)
        r = mu_value_first(s, s->options[i], &out[i]);
    for (size_t i = 0; i < count && !r; i++) {
        const muc_option *row = defaults[i].name ? muc_option_find(s, defaults[i].name) : NULL;
        r = row && defaults[i].value ? set_default(s, row, defaults[i].value, &out[mu_option_index(s, row)])
                                     : MUC_ERR_INVALID;
    }
    return r;
}

int mu_options_collect(muc_service *s, const muc_option_value *defaults, size_t count)
{
    int r = collect(s);
    if (!r)
        r = mu_options_defaults(s, defaults, count, s->defaults);
    if (r) {
        mu_options_free(s);
        return r;
    }
    s->whois = mu_option_index(s, muc_option_find(s, "whois"));
    s->is_public = mu_option_index(s, muc_option_find(s, "public"));
    s->history = mu_option_index(s, muc_option_find(s, "historylength"));
    s->broadcast = mu_option_index(s, muc_option_find(s, "presence_broadcast"));
    return MUC_OK;
}

void mu_options_free(muc_service *s)
{
    for (size_t i = 0; s->defaults && i < s->option_count; i++)
        mu_free(s->heap, s->defaults[i].text);
    mu_free(s->heap, s->defaults);
    mu_free(s->heap, s->options);
    s->defaults = NULL;
    s->options = NULL;
    s->option_count = 0;
}

int mu_option_index(const muc_service *s, const muc_option *row)
{
    if (!row || !s->option_count)
        return -1;
    for (size_t slot = slot_of(row); s->option_slots[slot]; slot = (slot + 1) % MU_OPTION_SLOTS) {
        int index = s->option_slots[slot] - 1;
        if (s->options[index] == row)
            return index;
    }
    return -1;
}

const muc_option *muc_option_find(const muc_service *service, const char *name)
{
    uint16_t found = name ? service->name_slots[find_name(service, name)] : 0;
    return found ? service->options[found - 1] : NULL;
}

const muc_option *muc_option_next(const muc_service *service, const muc_option *after)
{
    int index = mu_option_index(service, after);
    if (after && index < 0)
        return NULL;
    size_t next = (size_t)(index + 1);
    return next < service->option_count ? service->options[next] : NULL;
}
