/* owner.c: configuring and ending a room by `muc#owner` (XEP-0045 sections 10.1, 10.2 and 10.9). */
#include <feature/owner.h>
#include <muc/affiliation.h>
#include <muc/config.h>
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

static int done(muc_event *ev, int result)
{
    if (result < 0)
        return muc_reject_result(ev, result);
    muc_reply(ev, NULL, NULL);
    return MUC_STOP;
}

/* ---- configuration ---------------------------------------------------------------------------------------------- */

static int show(muc_event *ev, const xmlNode *query)
{
    if (muc_node_child(query, NULL, NULL))
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    muc_xml *out = muc_reply(ev, "query", MUC_NS_OWNER);
    int r = muc_config_write(ev->room, ev->from, out);
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static int refuse_field(muc_event *ev, const char *field)
{
    static const char begin[] = "Not a valid value: ";
    char text[200];
    size_t n = strlen(field);
    if (n == 0 || n >= sizeof text - sizeof begin)
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_MODIFY, NULL);
    memcpy(text, begin, sizeof begin - 1);
    memcpy(text + sizeof begin - 1, field, n + 1);
    return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_MODIFY, text);
}

static int submit(muc_event *ev, const xmlNode *form)
{
    const char *field = "";
    int r = muc_config_submit(ev->room, ev->from, form, &field);
    return r == MUC_ERR_INVALID ? refuse_field(ev, field) : done(ev, r);
}

/* A room whose first configuration is given up has never been (section 10.1.3). */
static int cancel(muc_event *ev)
{
    if (!muc_room_awaits_config(ev->room))
        return done(ev, MUC_OK);
    return done(ev, muc_room_destroy(ev->room, NULL, NULL, NULL));
}

static int configure(muc_event *ev, const xmlNode *form)
{
    const char *type = muc_node_attr(form, "type");
    if (type && strcmp(type, "submit") == 0)
        return submit(ev, form);
    if (type && strcmp(type, "cancel") == 0)
        return cancel(ev);
    return muc_reject(ev, MUC_BAD_REQUEST, NULL);
}

/* ---- the end ---------------------------------------------------------------------------------------------------- */

static const char *text_of(const xmlNode *parent, const char *name)
{
    return muc_node_text(muc_node_child(parent, name, MUC_NS_OWNER));
}

static int destroy(muc_event *ev, const xmlNode *node)
{
    return done(
        ev, muc_room_destroy(ev->room, muc_node_attr(node, "jid"), text_of(node, "reason"), text_of(node, "password")));
}

/* ---- requests --------------------------------------------------------------------------------------------------- */

static int change(muc_event *ev, const xmlNode *query)
{
    const xmlNode *child = muc_node_child(query, NULL, NULL);
    if (!child || muc_node_next(child, NULL, NULL))
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    if (muc_node_is(child, "destroy", MUC_NS_OWNER))
        return destroy(ev, child);
    if (muc_node_is(child, "x", MUC_NS_DATA))
        return configure(ev, child);
    return muc_reject(ev, MUC_BAD_REQUEST, NULL);
}

static int on_query(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->room || muc_event_nick(ev))
        return MUC_PASS;
    if (!mu_owner_may(ev))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    const xmlNode *query = muc_node_child(ev->stanza, "query", MUC_NS_OWNER);
    const char *type = muc_node_attr(ev->stanza, "type");
    return type && strcmp(type, "set") == 0 ? change(ev, query) : show(ev, query);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" MUC_NS_OWNER "}query", MUC_PRIORITY_DEFAULT, on_query},
    {MUC_ON_CONFIG_FORM, NULL, MUC_PRIORITY_DEFAULT, mu_owner_lists_form},
    {MUC_ON_CONFIG_CHECK, NULL, MUC_PRIORITY_VALIDATE, mu_owner_lists_check},
    {MUC_ON_CONFIG_EFFECT, NULL, MUC_PRIORITY_DEFAULT, mu_owner_lists_effect},
    {.fn = NULL},
};

static const char *const room_info[] = {MUC_NS "#roomconfig", NULL};

const muc_feature muc_feature_owner = {.name = "owner", .hooks = hooks, .room_info = room_info};
