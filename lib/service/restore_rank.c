/* restore_rank.c: the affiliations of a saved room, with their reasons, reserved nicknames and what is kept with them.
 */
#include <service/snapshot.h>

#include <model/affiliation_data.h>
#include <muc/affiliation.h>
#include <string.h>

static const char *reason_of(mu_restore *r, const xmlNode *item, int *result)
{
    const xmlNode *reason = muc_node_child(item, "reason", MU_NS_ROOM);
    if (!reason)
        return NULL;
    const char *text = mu_restore_text(r, reason);
    if (!text)
        *result = MUC_ERR_NOMEM;
    return text;
}

static int restore_entry(mu_restore *r, const xmlNode *item, mu_affiliation **out)
{
    const char *jid = muc_node_attr(item, "jid");
    muc_affiliation affiliation;
    if (!jid || !muc_node_is(item, "item", MU_NS_ROOM) ||
        !muc_affiliation_from_name(muc_node_attr(item, "affiliation"), &affiliation) ||
        affiliation == MUC_AFFILIATION_NONE)
        return MUC_ERR_MALFORMED;
    mu_buf_reset(&r->key);
    int result = mu_real_key(r->service, jid, true, &r->key, NULL);
    if (result < 0)
        return result;
    size_t n = strlen(r->key.p);
    if (n == 0 || mu_affiliation_find(r->room, r->key.p, n))
        return MUC_ERR_MALFORMED;
    const char *reason = reason_of(r, item, &result);
    if (result >= 0)
        result = mu_affiliation_store(r->room, (muc_span){r->key.p, n}, affiliation, reason);
    if (result >= 0)
        *out = mu_affiliation_find(r->room, r->key.p, n);
    return result;
}

/* A nickname that is not allowed any more is not reserved any more. */
static int restore_reservation(mu_restore *r, const xmlNode *item, mu_affiliation *a)
{
    const char *nick = muc_node_attr(item, "nick");
    size_t at = 0;
    if (!nick)
        return MUC_OK;
    int result = mu_restore_nick(r, nick, &at);
    if (result == MUC_OK)
        result = mu_affiliation_store_nick(r->room, a, r->key.p, r->key.p + at);
    else if (result == MUC_ERR_BAD_JID)
        result = MUC_OK;
    return result == MUC_ERR_CONFLICT ? MUC_ERR_MALFORMED : result;
}

static int restore_data(mu_restore *r, const xmlNode *item, mu_affiliation *a)
{
    int result = MUC_OK;
    for (const xmlNode *data = mu_first(item); data && result >= 0; data = mu_after(data)) {
        const char *key = muc_node_attr(data, "key");
        if (!muc_node_is(data, "data", MU_NS_ROOM))
            continue;
        if (!key || !*key)
            return MUC_ERR_MALFORMED;
        const char *value = mu_restore_text(r, data);
        result = value ? mu_affiliation_store_data(r->room, a, key, value) : MUC_ERR_NOMEM;
    }
    return result;
}

int mu_restore_affiliations(mu_restore *r, const xmlNode *affiliations)
{
    int result = MUC_OK;
    const xmlNode *item = mu_first(affiliations);
    for (; item && result >= 0; item = mu_after(item)) {
        mu_affiliation *a = NULL;
        result = restore_entry(r, item, &a);
        if (result >= 0)
            result = restore_reservation(r, item, a);
        if (result >= 0)
            result = restore_data(r, item, a);
    }
    return result;
}
