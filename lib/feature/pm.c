/* pm.c: who may send private messages (XEP-0045 section 7.5). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/rules.h>

#include <stddef.h>

static const muc_choice choices[] = {
    {"anyone", "Everybody", 0}, {"participants", "Participants and moderators", 0}, {"moderators", "Moderators", 0},
    {"none", "Nobody", 0},      {"affiliated", "Members, admins and owners", 0},    {NULL, NULL, 0},
};

static const muc_choice visitors_choices[] = {
    {"anyone", "To everybody", 0},
    {"moderators", "To moderators", 0},
    {"nobody", "To nobody", 0},
    {NULL, NULL, 0},
};

enum { ALLOW, MODERATORS, VISITORS };

enum { AFFILIATED = 4 };

/* The roles that each choice but the last stands for. */
static const muc_roles roles_of[] = {
    MUC_EVERYONE,
    1u << MUC_ROLE_PARTICIPANT | 1u << MUC_ROLE_MODERATOR,
    MUC_MODERATORS,
    0,
};

static const muc_option options[] = {
    [ALLOW] = {.name = "allow_pm",
               .type = MUC_OPTION_CHOICE,
               .field = "muc#roomconfig_allowpm",
               .label = "Who may send private messages",
               .rank = MUC_RANK_PERMISSIONS + 40,
               .choices = choices},
    [MODERATORS] = {.name = "allow_modpm",
                    .type = MUC_OPTION_FLAG,
                    .field = "{xmpp:prosody.im}muc#allow_modpm",
                    .label = "Private messages to and from moderators are always allowed",
                    .rank = MUC_RANK_PERMISSIONS + 42},
    [VISITORS] = {.name = "allow_private_messages_from_visitors",
                  .type = MUC_OPTION_CHOICE,
                  .field = "allow_private_messages_from_visitors",
                  .label = "To whom visitors may send private messages",
                  .rank = MUC_RANK_PERMISSIONS + 44,
                  .choices = visitors_choices},
    {.name = NULL},
};

static int may_send(const muc_room *room, const muc_occupant *from)
{
    if (muc_room_get_number(room, &options[ALLOW]) == AFFILIATED)
        return muc_occupant_affiliation(from) >= MUC_AFFILIATION_MEMBER;
    return (muc_room_get_allow_pm(room) & 1u << muc_occupant_role(from)) != 0;
}

/* Visitors have one more gate to pass, which depends on who is to hear them. */
static int may_reach(const muc_room *room, const muc_occupant *from, const muc_occupant *to)
{
    return muc_occupant_role(from) != MUC_ROLE_VISITOR ||
           (muc_room_get_allow_pm_from_visitors(room) & 1u << muc_occupant_role(to)) != 0;
}

int muc_occupant_may_send_pm(const muc_occupant *from, const muc_occupant *to)
{
    const muc_room *room = muc_occupant_room(from);
    return (may_send(room, from) && may_reach(room, from, to)) ||
           (muc_room_get_allow_modpm(room) &&
            (muc_occupant_role(from) == MUC_ROLE_MODERATOR || muc_occupant_role(to) == MUC_ROLE_MODERATOR));
}

static int on_private(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->occupant || muc_occupant_may_send_pm(ev->occupant, ev->as.message->to))
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
    int64_t choice = muc_room_get_number(room, &options[ALLOW]);
    return choice == AFFILIATED ? 0 : roles_of[choice];
}

int muc_room_set_allow_pm(muc_room *room, muc_roles roles)
{
    for (size_t i = 0; i < sizeof roles_of / sizeof *roles_of; i++)
        if (roles_of[i] == roles)
            return muc_room_set_number(room, &options[ALLOW], (int64_t)i);
    return MUC_ERR_INVALID;
}

int muc_room_get_allow_modpm(const muc_room *room)
{
    return muc_room_get_number(room, &options[MODERATORS]) != 0;
}

int muc_room_set_allow_modpm(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[MODERATORS], on != 0);
}

/* In the order of the choices. */
static const muc_roles reach_of[] = {MUC_EVERYONE, MUC_MODERATORS, 0};

muc_roles muc_room_get_allow_pm_from_visitors(const muc_room *room)
{
    return reach_of[muc_room_get_number(room, &options[VISITORS])];
}

int muc_room_set_allow_pm_from_visitors(muc_room *room, muc_roles to)
{
    for (size_t i = 0; i < sizeof reach_of / sizeof *reach_of; i++)
        if (reach_of[i] == to)
            return muc_room_set_number(room, &options[VISITORS], (int64_t)i);
    return MUC_ERR_INVALID;
}
