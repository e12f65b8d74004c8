/* affiliation_data.c: what features and hosts keep with an affiliation, by the API. */
#include <action/action.h>
#include <base/text.h>
#include <model/affiliation_data.h>

#include <string.h>

/* The entry of exactly that JID, NULL for none. */
static int find(muc_room *room, const char *jid, mu_affiliation **out)
{
    mu_buf key;
    mu_buf_init(&key, room->service->heap);
    int r = mu_user_key(room->service, jid, true, &key);
    *out = r ? NULL : mu_affiliation_find(room, key.p, strlen(key.p));
    mu_buf_free(&key);
    return r;
}

const char *muc_affiliation_get_data(muc_room *room, const char *jid, const char *key)
{
    mu_affiliation *a;
    return jid && key && !find(room, jid, &a) && a ? mu_affiliation_data(a, key) : NULL;
}

int muc_affiliation_next_data(muc_room *room, const char *jid, size_t *cursor, const char **key, const char **value)
{
    mu_affiliation *a;
    if (!jid || find(room, jid, &a) || !a)
        return 0;
    const char *at = mu_affiliation_next_data(a, NULL);
    for (size_t i = 0; at && i < *cursor; i++)
        at = mu_affiliation_next_data(a, at);
    if (!at)
        return 0;
    ++*cursor;
    *key = at;
    *value = mu_affiliation_data_value(at);
    return 1;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

static bool is_text(const char *text)
{
    return mu_xml_valid(text, strlen(text));
}

static int change(muc_room *room, mu_affiliation *a, const char *key, const char *value)
{
    muc_service *s = room->service;
    /* What is replaced lives on in the journal. */
    muc_data_event event = {.jid = a->key.p, .key = key, .value = value, .former = mu_affiliation_data(a, key)};
    if (value && mu_affiliation_data_size(a, key, value) > s->settings.max_affiliation_data)
        return MUC_ERR_LIMIT;
    int r = mu_affiliation_store_data(room, a, key, value);
    if (r != MUC_CHANGED)
        return r;
    r = mu_notify(s, MUC_ON_AFFILIATION_DATA, room, NULL, NULL, key, &event);
    return r ? r : MUC_CHANGED;
}

static int set_data(muc_room *room, const char *jid, const char *key, const char *value)
{
    mu_affiliation *a;
    int r = find(room, jid, &a);
    return r ? r : a ? change(room, a, key, value) : MUC_ERR_NOT_FOUND;
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_affiliation_set_data(d->room, d->text[0], d->text[1], d->text[2]);
}

int muc_affiliation_set_data(muc_room *room, const char *jid, const char *key, const char *value)
{
    if (!room->present || !jid || !key || !*key || !is_text(key) || (value && !is_text(value)))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(room->service, &(mu_deferred){.run = run_deferred, .room = room, .text = {jid, key, value}});
    return r ? r : mu_end(&txn, set_data(room, jid, key, value));
}
