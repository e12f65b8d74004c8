/* disco.c: requests for service discovery of the service and its rooms (XEP-0045 section 6, XEP-0030). */
#include <feature/disco.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* What is said about nodes of rooms that no handler knows (sections 7.12 and 18.1.1); else it is item-not-found. */
static const struct {
    const char *node;
    muc_condition condition;
} unknown[] = {
    {"x-roomuser-item", MUC_FEATURE_NOT_IMPLEMENTED},
    {"http://jabber.org/protocol/muc#traffic", MUC_SERVICE_UNAVAILABLE},
};

static int reject_node(muc_event *ev, const char *node, int items)
{
    muc_condition condition = MUC_ITEM_NOT_FOUND;
    for (size_t i = 0; i < sizeof unknown / sizeof *unknown; i++) {
        if (ev->room && !items && strcmp(unknown[i].node, node) == 0)
            condition = unknown[i].condition;
    }
    return muc_reject_as(ev, condition, MUC_ERROR_CANCEL, NULL);
}

/* Writes the answer for a node of the service or of a room. */
static int answer(muc_event *ev, const xmlNode *query, int items)
{
    const char *given = muc_node_attr(query, "node");
    const char *node = given ? given : "";
    if (items && !*node && !ev->room)
        return mu_disco_rooms(ev, query);
    muc_xml *x = muc_reply(ev, "query", items ? MU_NS_DISCO_ITEMS : MU_NS_DISCO_INFO);
    muc_xml_attr(x, "node", given);
    int known = !*node;
    if (!items && !*node)
        mu_disco_describe(ev, x);
    if (items && !*node)
        mu_disco_occupants(ev, x);
    int r = muc_fire_disco(ev, items, node, x, &known);
    if (r != MUC_PASS)
        return r;
    if (!known)
        return reject_node(ev, node, items);
    if (!items && !*node && ev->room)
        mu_disco_form(ev, x);
    return MUC_STOP;
}

static int on_disco(muc_event *ev, int items)
{
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!type || strcmp(type, "get") != 0)
        return muc_reject(ev, MUC_SERVICE_UNAVAILABLE, NULL);
    if (ev->room && muc_event_nick(ev))
        return ev->occupant ? MUC_PASS : muc_reject(ev, MUC_BAD_REQUEST, NULL);
    const char *ns = items ? MU_NS_DISCO_ITEMS : MU_NS_DISCO_INFO;
    return answer(ev, muc_node_child(ev->stanza, "query", ns), items);
}

static int on_info(muc_event *ev, void *ud)
{
    (void)ud;
    return on_disco(ev, 0);
}

static int on_items(muc_event *ev, void *ud)
{
    (void)ud;
    return on_disco(ev, 1);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" MU_NS_DISCO_INFO "}query", MUC_PRIORITY_DEFAULT, on_info},
    {MUC_ON_IQ, "{" MU_NS_DISCO_ITEMS "}query", MUC_PRIORITY_DEFAULT, on_items},
    {.fn = NULL},
};

static const char *const service_info[] = {
    MU_NS_DISCO_INFO, MU_NS_DISCO_ITEMS, MUC_NS, MUC_NS "#stable_id", MU_NS_RSM, NULL,
};
static const char *const room_info[] = {
    MU_NS_DISCO_INFO, MU_NS_DISCO_ITEMS, MUC_NS, MUC_NS "#stable_id", MUC_NS "#roominfo", NULL,
};

const muc_feature muc_feature_disco = {
    .name = "disco",
    .hooks = hooks,
    .options = mu_disco_options,
    .service_info = service_info,
    .room_info = room_info,
};
