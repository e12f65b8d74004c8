/* affiliation_data.c: texts under keys that are kept with an affiliation, and end with it. There are few: all are in
 * one block, `key NUL value NUL` each and a NUL behind the last, which is written anew when one changes. */
#include <model/affiliation_data.h>

#include <string.h>

/* ---- looking ---------------------------------------------------------------------------------------------------- */

const char *mu_affiliation_data_value(const char *key)
{
    return key + strlen(key) + 1;
}

const char *mu_affiliation_next_data(const mu_affiliation *a, const char *key)
{
    const char *next = a->more ? a->more->data : NULL;
    if (key) {
        next = mu_affiliation_data_value(key);
        next += strlen(next) + 1;
    }
    return next && *next ? next : NULL;
}

static const char *find(const mu_affiliation *a, const char *key)
{
    const char *at = mu_affiliation_next_data(a, NULL);
    while (at && strcmp(at, key) != 0)
        at = mu_affiliation_next_data(a, at);
    return at;
}

const char *mu_affiliation_data(const mu_affiliation *a, const char *key)
{
    const char *at = find(a, key);
    return at ? mu_affiliation_data_value(at) : NULL;
}

static size_t size_of(const char *key, const char *value)
{
    return strlen(key) + strlen(value);
}

size_t mu_affiliation_data_size(const mu_affiliation *a, const char *key, const char *value)
{
    size_t n = value ? size_of(key, value) : 0;
    for (const char *at = mu_affiliation_next_data(a, NULL); at; at = mu_affiliation_next_data(a, at))
        n += strcmp(at, key) != 0 ? size_of(at, mu_affiliation_data_value(at)) : 0;
    return n;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

static void add(mu_buf *b, const char *key, const char *value)
{
    mu_buf_add(b, key, strlen(key) + 1);
    mu_buf_add(b, value, strlen(value) + 1);
}

/* All as they will be: what has another value keeps its place. */
static void write(mu_buf *b, const mu_affiliation *a, const char *key, const char *value)
{
    bool new = true;
    for (const char *at = mu_affiliation_next_data(a, NULL); at; at = mu_affiliation_next_data(a, at)) {
        bool same = strcmp(at, key) == 0;
        new = new && !same;
        if (!same)
            add(b, at, mu_affiliation_data_value(at));
        else if (value)
            add(b, key, value);
    }
    if (new &&value)
        add(b, key, value);
    mu_buf_char(b, '\0');
}

/* A copy of a block that holds nothing but what it needs; NULL when that is nothing. */
static int make(muc_service *s, const mu_affiliation *a, const char *key, const char *value, char **out)
{
    mu_buf b;
    mu_buf_init(&b, s->heap);
    write(&b, a, key, value);
    bool some = !b.failed && b.n > 1;
    *out = some ? mu_alloc(s->heap, b.n) : NULL;
    if (*out)
        memcpy(*out, b.p, b.n);
    int r = b.failed || (some && mu_save_made(&s->journal, mu_free, *out)) ? MUC_ERR_NOMEM : MUC_OK;
    mu_buf_free(&b);
    return r;
}

int mu_affiliation_store_data(muc_room *room, mu_affiliation *a, const char *key, const char *value)
{
    mu_journal *j = &room->service->journal;
    const char *former = mu_affiliation_data(a, key);
    if (former && value ? strcmp(former, value) == 0 : former == value)
        return MUC_OK;
    char *block;
    if (mu_affiliation_need_more(j, a) || make(room->service, a, key, value, &block) ||
        mu_save_gone(j, mu_free, a->more->data) || MU_SET(j, a->more->data, block) ||
        mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_CHANGED;
}
