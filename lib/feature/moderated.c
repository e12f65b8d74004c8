/* moderated.c: rooms where voice is given (XEP-0045 sections 5.1.2 and 7.4). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>

static const muc_option options[] = {
    {.name = "moderated",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_moderatedroom",
     .label = "Newcomers may not speak before they are given voice",
     .rank = MUC_RANK_PERMISSIONS,
     .info_on = "muc_moderated",
     .info_off = "muc_unmoderated"},
    {.name = NULL},
};

static int on_default_role(muc_event *ev, void *ud)
{
    (void)ud;
    muc_role_event *role = ev->as.role;
    if (role->affiliation == MUC_AFFILIATION_NONE && role->role == MUC_ROLE_PARTICIPANT &&
        muc_room_get_moderated(ev->room))
        role->role = MUC_ROLE_VISITOR;
    return MUC_PASS;
}

static int on_groupchat(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->occupant || muc_occupant_role(ev->occupant) != MUC_ROLE_VISITOR || !muc_room_get_moderated(ev->room))
        return MUC_PASS;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_DEFAULT_ROLE, NULL, MUC_PRIORITY_DEFAULT, on_default_role},
    {MUC_ON_GROUPCHAT, NULL, MUC_PRIORITY_ACCESS, on_groupchat},
    {.fn = NULL},
};

const muc_feature muc_feature_moderated = {
    .name = "moderated",
    .hooks = hooks,
    .options = options,
};

int muc_room_get_moderated(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_moderated(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
