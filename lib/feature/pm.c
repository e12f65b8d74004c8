/* pm.c: who may send private messages (XEP-0045 section 7.5). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>

#include <stddef.h>

static const muc_choice choices[] = {
    {"anyone", "Everybody", 0},
    {"participants", "Participants and moderators", 0},
    {"moderators", "Moderators", 0},
    {"none", "Nobody", 0},
    {NULL, NULL, 0},
};

/* The roles that each choice stands for. */
static const muc_roles roles_of[] = {
    MUC_EVERYONE,
    1u << MUC_ROLE_PARTICIPANT | 1u << MUC_ROLE_MODERATOR,
    MUC_MODERATORS,
    0,
};

static const muc_option options[] = {
    {.name = "allow_pm",
     .type = MUC_OPTION_CHOICE,
     .field = "muc#roomconfig_allowpm",
     .label = "Who may send private messages",
     .rank = MUC_RANK_PERMISSIONS + 40,
     .choices = choices},
    {.name = NULL},
};

static int on_private(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->occupant || muc_room_get_allow_pm(ev->room) & 1u << muc_occupant_role(ev->occupant))
        return MUC_PASS;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRIVATE, NULL, MUC_PRIORITY_ACCESS, on_private},
    {.fn = NULL},
};

const muc_feature muc_feature_pm = {.name = "pm", .hooks = hooks, .options = options};

muc_roles muc_room_get_allow_pm(const muc_room *room)
{
    return roles_of[muc_room_get_number(room, options)];
}

int muc_room_set_allow_pm(muc_room *room, muc_roles roles)
{
    for (size_t i = 0; i < sizeof roles_of / sizeof *roles_of; i++)
        if (roles_of[i] == roles)
            return muc_room_set_number(room, options, (int64_t)i);
    return MUC_ERR_INVALID;
}
