/* query.c: whether occupants may ask one another by iqs (XEP-0045 section 17.4). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/rules.h>
#include <muc/service.h>

#include <stddef.h>

static const muc_option options[] = {
    {.name = "allow_query_users",
     .type = MUC_OPTION_FLAG,
     .field = "allow_query_users",
     .label = "Occupants may query one another",
     .rank = MUC_RANK_PERMISSIONS + 45,
     .initial = "1",
     .info_field = "{urn:libmuc:roominfo}allow_query_users"},
    {.name = NULL},
};

static int may_ask(const muc_event *ev)
{
    return muc_room_get_allow_query_users(ev->room) && (!muc_service_settings(ev->service)->pm_rules_queries ||
                                                        muc_occupant_may_send_pm(ev->occupant, ev->as.iq->to));
}

/* What everybody shows everybody, and what somebody asks himself, passes always. */
static int on_query(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->as.iq->to == ev->occupant || may_ask(ev))
        return MUC_PASS;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (type && type[0] == 'g' && muc_node_child(ev->stanza, "vCard", "vcard-temp"))
        return MUC_PASS;
    return muc_reject(ev, MUC_NOT_ALLOWED, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_QUERY, NULL, MUC_PRIORITY_ACCESS, on_query},
    {.fn = NULL},
};

const muc_feature muc_feature_query = {.name = "query", .hooks = hooks, .options = options};

int muc_room_get_allow_query_users(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_allow_query_users(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
