/* core_options.c: the two options that the model itself needs: who sees real JIDs and whose presence is seen
 * (XEP-0045 sections 4.2, 7.2.3 and 10.2.1). */
#include <model/model.h>

static const muc_choice whois_choices[] = {
    {"moderators", "Moderators only", 0},
    {"anyone", "Everybody in the room", 0},
    {NULL, NULL, 0},
};

enum { WHOIS_ANYONE = 1 };

/* Bit i of the set is role i + 1, the last one says that the absent are shown, too: Prosody's word. */
static const muc_choice broadcast_choices[] = {
    {"visitor", "Visitors", 0},
    {"participant", "Participants", 0},
    {"moderator", "Moderators", 0},
    {"none", "Members, admins and owners who are not here", 0},
    {NULL, NULL, 0},
};

const muc_option mu_core_options[] = {
    {.name = "whois",
     .type = MUC_OPTION_CHOICE,
     .field = "muc#roomconfig_whois",
     .label = "Who may see real addresses",
     .rank = MUC_RANK_PERMISSIONS + 10,
     .choices = whois_choices,
     .info_on = "muc_nonanonymous",
     .info_off = "muc_semianonymous",
     .code_on = 172,
     .code_off = 173},
    {.name = "presence_broadcast",
     .type = MUC_OPTION_SET,
     .field = "muc#roomconfig_presencebroadcast",
     .label = "Roles whose presence is shown to others",
     .rank = MUC_RANK_PERMISSIONS + 20,
     .initial = "visitor,participant,moderator",
     .choices = broadcast_choices},
    {.name = NULL},
};

muc_role muc_room_get_whois(const muc_room *room)
{
    bool anyone = mu_room_value(room, room->service->whois).number == WHOIS_ANYONE;
    return anyone ? MUC_ROLE_VISITOR : MUC_ROLE_MODERATOR;
}

muc_roles muc_room_get_presence_broadcast(const muc_room *room)
{
    return (muc_roles)mu_room_value(room, room->service->broadcast).number << MUC_ROLE_VISITOR & MUC_EVERYONE;
}

bool mu_absent_are_shown(const muc_room *room)
{
    return (mu_room_value(room, room->service->broadcast).number & MU_BROADCAST_ABSENT) != 0;
}

int muc_room_get_show_absent(const muc_room *room)
{
    return mu_absent_are_shown(room);
}

bool mu_sees_jids(const muc_room *room, muc_role role)
{
    return role >= muc_room_get_whois(room);
}

bool mu_would_be_shown(const muc_occupant *o, muc_role role)
{
    return !o->unseen && (muc_room_get_presence_broadcast(o->room) >> role & 1u) != 0;
}

bool mu_is_shown(const muc_occupant *o)
{
    return mu_would_be_shown(o, o->role);
}

int muc_occupant_is_shown(const muc_occupant *occupant)
{
    return mu_is_shown(occupant);
}
