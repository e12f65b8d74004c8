/* strip.c: what only the service may say, and is therefore never passed on from a user; and what the service does not
 * let through.
 *
 * XEP-0045 section 17.3 (the `#user` element), XEP-0203 (delay in the room's name), XEP-0359 (stanza-id by the room),
 * XEP-0421 (occupant-id), XEP-0317 (hats), XEP-0425 (moderated), XEP-0463 (mav), XEP-0033 (ofrom). */
#include <action/action.h>

#include <string.h>

/* When an element of that name and namespace is a forgery. */
typedef enum mu_rule { ALWAYS, BY_ROOM, FROM_ROOM, ORIGINAL_FROM } mu_rule;

#define NS(text) text, sizeof(text) - 1
static const struct {
    const char *ns;
    size_t ns_n;
    const char *name; /* NULL: any */
    mu_rule rule;
} rules[] = {
    {NS(MUC_NS_USER), "x", ALWAYS},
    {NS(MUC_NS), "x", ALWAYS},
    {NS("urn:xmpp:sid:0"), "stanza-id", BY_ROOM},
    {NS("urn:xmpp:delay"), "delay", FROM_ROOM},
    {NS("jabber:x:delay"), "x", FROM_ROOM},
    {NS("urn:xmpp:occupant-id:0"), NULL, ALWAYS},
    {NS("urn:xmpp:hats:0"), NULL, ALWAYS},
    {NS("xmpp:prosody.im/protocol/hats:1"), NULL, ALWAYS},
    {NS("urn:xmpp:message-moderate:0"), "moderated", ALWAYS},
    {NS("urn:xmpp:message-moderate:1"), "moderated", ALWAYS},
    {NS("urn:xmpp:muc:affiliations:1"), NULL, ALWAYS},
    {NS("urn:xmpp:muc:affiliations:0"), NULL, ALWAYS},
    {NS("http://jabber.org/protocol/address"), "addresses", ORIGINAL_FROM},
};

/* Whether an attribute names the room, in whatever spelling. One that is no address at all does not. */
static bool names_room(const mu_strip *strip, const char *jid)
{
    if (!jid)
        return false;
    if (strcmp(jid, strip->room->key.p) == 0)
        return true;
    mu_buf key;
    mu_buf_init(&key, strip->service->heap);
    /* Out of memory counts as a forgery: what is dropped by mistake is less bad than what passes by mistake. */
    int r = mu_user_key(strip->service, jid, true, &key);
    bool same = r == MUC_ERR_NOMEM || (r == MUC_OK && key.n == strip->room->key.n + 1u &&
                                       memcmp(key.p, strip->room->key.p, strip->room->key.n) == 0);
    mu_buf_free(&key);
    return same;
}

static bool has_ofrom(const xmlNode *addresses)
{
    for (const xmlNode *a = mu_first(addresses); a; a = mu_after(a)) {
        const char *type = muc_node_attr(a, "type");
        if (type && strcmp(type, "ofrom") == 0)
            return true;
    }
    return false;
}

static bool breaks(mu_rule rule, const xmlNode *child, const mu_strip *strip)
{
    switch (rule) {
    case BY_ROOM:
        return names_room(strip, muc_node_attr(child, "by"));
    case FROM_ROOM:
        return names_room(strip, muc_node_attr(child, "from"));
    case ORIGINAL_FROM:
        return has_ofrom(child);
    default:
        return true;
    }
}

/* XEP-0045 section 18.1: what a client shows of a message or presence passes always, of all else only what is named. */
static bool passes(const char *const *allowed, const char *ns)
{
    if (strcmp(ns, MUC_NS_CLIENT) == 0)
        return true;
    for (; *allowed; allowed++)
        if (strcmp(*allowed, ns) == 0)
            return true;
    return false;
}

bool mu_forged(const xmlNode *child, const void *context)
{
    const mu_strip *strip = context;
    bool own = strip->own;
    for (size_t i = 0; i < strip->drop_count; i++)
        if (strip->drops[i] == child)
            return true;
    const char *ns = muc_node_ns(child);
    /* This is asked about each child of each message, and lengths are compared sooner than names. */
    size_t n = strlen(ns);
    for (size_t i = 0; i < sizeof(rules) / sizeof(*rules); i++)
        if (rules[i].ns_n == n && memcmp(rules[i].ns, ns, n) == 0 && (!own || rules[i].rule == FROM_ROOM) &&
            (!rules[i].name || muc_node_is(child, rules[i].name, NULL)) && breaks(rules[i].rule, child, strip))
            return true;
    const char *const *allowed = strip->service->settings.allowed_payloads;
    return allowed && !own && !passes(allowed, ns);
}
