/* visitors.c: who is a visitor, and what the others see of visitors (XEP-0045 sections 5.1 and 5.1.2).
 *
 * Whether newcomers may speak at once and whether a room is moderated are two questions: a room that is not moderated
 * can have visitors, and then they speak. */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>

enum { MEMBERS_BY_DEFAULT, STATUS };

static const muc_option options[] = {
    [MEMBERS_BY_DEFAULT] = {.name = "members_by_default",
                            .type = MUC_OPTION_FLAG,
                            .field = "members_by_default",
                            .label = "Newcomers are participants",
                            .rank = MUC_RANK_PERMISSIONS + 5,
                            .initial = "1"},
    [STATUS] = {.name = "allow_visitor_status",
                .type = MUC_OPTION_FLAG,
                .field = "muc#roomconfig_allowvisitorstatus",
                .label = "The status texts of visitors are shown",
                .rank = MUC_RANK_PERMISSIONS + 46,
                .initial = "1"},
    {.name = NULL},
};

static int on_default_role(muc_event *ev, void *ud)
{
    (void)ud;
    muc_role_event *role = ev->as.role;
    if (role->affiliation == MUC_AFFILIATION_NONE && role->role == MUC_ROLE_PARTICIPANT &&
        !muc_room_get_members_by_default(ev->room))
        role->role = MUC_ROLE_VISITOR;
    return MUC_PASS;
}

static int drop_status(muc_event *ev, muc_role role)
{
    if (role != MUC_ROLE_VISITOR || muc_room_get_allow_visitor_status(ev->room))
        return MUC_PASS;
    const xmlNode *status = muc_node_child(ev->stanza, "status", MUC_NS_CLIENT);
    int r = MUC_OK;
    for (; status && r == MUC_OK; status = muc_node_next(status, "status", MUC_NS_CLIENT))
        r = muc_build_drop(ev, status);
    return r == MUC_ERR_LIMIT ? muc_reject(ev, MUC_POLICY_VIOLATION, "Too many status texts") : r;
}

static int on_presence(muc_event *ev, void *ud)
{
    (void)ud;
    return drop_status(ev, ev->as.join->role);
}

static int on_leave(muc_event *ev, void *ud)
{
    (void)ud;
    return drop_status(ev, muc_occupant_role(ev->occupant));
}

/* Other handlers of an entry may choose the role. */
static const muc_hook_row hooks[] = {
    {MUC_ON_DEFAULT_ROLE, NULL, MUC_PRIORITY_DEFAULT, on_default_role},
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_EFFECT, on_presence},
    {MUC_ON_PRE_UPDATE, NULL, MUC_PRIORITY_EFFECT, on_presence},
    {MUC_ON_PRE_RENAME, NULL, MUC_PRIORITY_EFFECT, on_presence},
    {MUC_ON_PRE_LEAVE, NULL, MUC_PRIORITY_EFFECT, on_leave},
    {.fn = NULL},
};

const muc_feature muc_feature_visitors = {.name = "visitors", .hooks = hooks, .options = options};

int muc_room_get_members_by_default(const muc_room *room)
{
    return muc_room_get_number(room, &options[MEMBERS_BY_DEFAULT]) != 0;
}

int muc_room_set_members_by_default(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[MEMBERS_BY_DEFAULT], on != 0);
}

int muc_room_get_allow_visitor_status(const muc_room *room)
{
    return muc_room_get_number(room, &options[STATUS]) != 0;
}

int muc_room_set_allow_visitor_status(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[STATUS], on != 0);
}
