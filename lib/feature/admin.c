/* admin.c: changes of roles and affiliations by `muc#admin` (XEP-0045 sections 8.2 to 9.8, 10.3 to 10.8, 17.4).
 *
 * Whether a change is within the rank of who asks is decided where it is made. A refused item takes the others back:
 * the transaction of the stanza is undone. */
#include <feature/admin.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

enum { BARE_JID_SIZE = 2048 }; /* two parts of 1023 bytes, `@` and NUL */

/* ---- who asks --------------------------------------------------------------------------------------------------- */

int mu_admin_of_affiliations(const muc_event *ev)
{
    return muc_affiliation_get(ev->room, ev->from) >= MUC_AFFILIATION_ADMIN ||
           muc_service_is_admin(ev->service, ev->from);
}

static int is_moderator(const muc_occupant *occupant)
{
    return muc_occupant_role(occupant) == MUC_ROLE_MODERATOR;
}

/* The bare JID counts: another client of his may be the one that is in the room. */
static int moderates(const muc_event *ev)
{
    if (ev->occupant && is_moderator(ev->occupant))
        return 1;
    muc_occupant *o = muc_occupant_next_of(ev->room, ev->from, NULL);
    while (o && !is_moderator(o))
        o = muc_occupant_next_of(ev->room, ev->from, o);
    return o != NULL;
}

int mu_admin_of_roles(const muc_event *ev)
{
    return mu_admin_of_affiliations(ev) || moderates(ev);
}

/* ---- items ------------------------------------------------------------------------------------------------------ */

/* Whether it names a role or an affiliation, one of them and a known one. */
static int read_item(const xmlNode *node, mu_item *out)
{
    const char *role = muc_node_attr(node, "role");
    const char *affiliation = muc_node_attr(node, "affiliation");
    if (!role == !affiliation)
        return 0;
    *out = (mu_item){.node = node, .about_role = role != NULL};
    return affiliation ? muc_affiliation_from_name(affiliation, &out->affiliation)
                       : muc_role_from_name(role, &out->role);
}

static const char *reason_of(const mu_item *item)
{
    return muc_node_text(muc_node_child(item->node, "reason", MUC_NS_ADMIN));
}

/* Whether the room ended when its last occupant was shown out. */
static int room_ended(const muc_event *ev)
{
    return muc_room_find(ev->service, muc_room_jid(ev->room)) != ev->room;
}

/* Somebody else who goes by a nickname that becomes another's is shown out, as far as who asks may do that. */
static int make_way(muc_event *ev, const char *bare, const char *nick)
{
    muc_occupant *holder = muc_occupant_by_nick(ev->room, nick);
    const char *owner = muc_affiliation_nick_owner(ev->room, nick);
    muc_affiliation_entry entry;
    if (!holder || owner || !muc_affiliation_find(ev->room, bare, &entry))
        return MUC_OK;
    for (muc_occupant *o = NULL; (o = muc_occupant_next_of(ev->room, bare, o));)
        if (o == holder)
            return MUC_OK;
    return muc_occupant_set_role(holder, ev->from, MUC_ROLE_NONE, "This nickname is reserved");
}

/* The nickname that an item reserves or, when it is empty, gives back. */
static int set_nick(muc_event *ev, const char *jid, const char *nick)
{
    char bare[BARE_JID_SIZE];
    size_t n = strcspn(jid, "/");
    if (n >= sizeof bare)
        return muc_reject_result(ev, MUC_ERR_BAD_JID);
    memcpy(bare, jid, n);
    bare[n] = '\0';
    int r = make_way(ev, bare, nick);
    if (r >= 0 && !room_ended(ev))
        r = muc_affiliation_set_nick(ev->room, bare, nick);
    return r < 0 ? muc_reject_result(ev, r) : MUC_PASS;
}

static int set_affiliation(muc_event *ev, const mu_item *item)
{
    const char *jid = muc_node_attr(item->node, "jid");
    if (!jid)
        return muc_reject(ev, MUC_BAD_REQUEST, "An affiliation belongs to a JID");
    int r = muc_affiliation_set(ev->room, ev->from, jid, item->affiliation, reason_of(item));
    if (r < 0)
        return muc_reject_result(ev, r);
    const char *nick = muc_node_attr(item->node, "nick");
    if (!nick || item->affiliation != MUC_AFFILIATION_MEMBER)
        return MUC_PASS;
    return set_nick(ev, jid, nick);
}

static int set_role(muc_event *ev, const mu_item *item)
{
    const char *nick = muc_node_attr(item->node, "nick");
    if (!nick)
        return muc_reject(ev, MUC_BAD_REQUEST, "A role belongs to a nickname");
    muc_occupant *occupant = muc_occupant_by_nick(ev->room, nick);
    if (!occupant)
        return muc_reject(ev, MUC_ITEM_NOT_FOUND, NULL);
    int r = muc_occupant_set_role(occupant, ev->from, item->role, reason_of(item));
    return r < 0 ? muc_reject_result(ev, r) : MUC_PASS;
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

static int check_items(muc_event *ev, const xmlNode *first, size_t *count)
{
    size_t most = muc_service_settings(ev->service)->max_items;
    int allowed[] = {0, 0}; /* affiliations, roles */
    for (const xmlNode *node = first; node; node = muc_node_next(node, "item", MUC_NS_ADMIN)) {
        mu_item item;
        if ((*count)++ == most)
            return muc_reject(ev, MUC_POLICY_VIOLATION, "Too many items");
        if (!read_item(node, &item))
            return muc_reject(ev, MUC_BAD_REQUEST, NULL);
        /* Asked before anything is looked up, which would tell him who is there. */
        int *yes = &allowed[item.about_role];
        if (!*yes)
            *yes = item.about_role ? mu_admin_of_roles(ev) : mu_admin_of_affiliations(ev);
        if (!*yes)
            return muc_reject(ev, MUC_FORBIDDEN, NULL);
    }
    return MUC_PASS;
}

/* Whether an item is about the affiliation of the sender. */
static int is_own(const muc_event *ev, const mu_item *item)
{
    const char *jid = muc_node_attr(item->node, "jid");
    muc_affiliation_entry his, own;
    return !item->about_role && jid && muc_affiliation_find(ev->room, jid, &his) &&
           muc_affiliation_find(ev->room, ev->from, &own) && strcmp(his.jid, own.jid) == 0;
}

static int apply_items(muc_event *ev, const xmlNode *first, int own, size_t *left)
{
    for (const xmlNode *node = first; node && !room_ended(ev); node = muc_node_next(node, "item", MUC_NS_ADMIN)) {
        mu_item item;
        if (!read_item(node, &item) || is_own(ev, &item) != own)
            continue;
        int answer = item.about_role ? set_role(ev, &item) : set_affiliation(ev, &item);
        if (answer != MUC_PASS)
            return answer;
        (*left)--;
    }
    return MUC_PASS;
}

/* What the sender is himself changes last: he asked for the rest as who he was, and may leave the room to other owners
 * whom the same request makes. */
static int set_items(muc_event *ev, const xmlNode *first)
{
    size_t left = 0;
    int answer = check_items(ev, first, &left);
    if (answer == MUC_PASS)
        answer = apply_items(ev, first, 0, &left);
    if (answer == MUC_PASS)
        answer = apply_items(ev, first, 1, &left);
    if (answer != MUC_PASS)
        return answer;
    /* A second one about himself, when he is on no list any more. */
    if (left > 0 && !room_ended(ev))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    muc_reply(ev, NULL, NULL);
    return MUC_STOP;
}

static int get_list(muc_event *ev, const xmlNode *node)
{
    mu_item item;
    if (muc_node_next(node, "item", MUC_NS_ADMIN) || !read_item(node, &item))
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    return mu_admin_list(ev, &item);
}

static int on_query(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->room || muc_event_nick(ev))
        return MUC_PASS;
    const xmlNode *query = muc_node_child(ev->stanza, "query", MUC_NS_ADMIN);
    const xmlNode *item = muc_node_child(query, "item", MUC_NS_ADMIN);
    if (!item)
        return muc_reject(ev, MUC_BAD_REQUEST, "No item");
    const char *type = muc_node_attr(ev->stanza, "type");
    return type && strcmp(type, "set") == 0 ? set_items(ev, item) : get_list(ev, item);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" MUC_NS_ADMIN "}query", MUC_PRIORITY_DEFAULT, on_query},
    {.fn = NULL},
};

const muc_feature muc_feature_admin = {.name = "admin", .hooks = hooks, .options = mu_admin_options};
