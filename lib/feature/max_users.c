/* max_users.c: rooms that get full (XEP-0045 section 7.2.9). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/service.h>

#include <stdint.h>

static const muc_choice choices[] = {
    {"none", "As many as the service allows", 0},
    {"10", NULL, 10},
    {"20", NULL, 20},
    {"30", NULL, 30},
    {"50", NULL, 50},
    {"100", NULL, 100},
    {"200", NULL, 200},
    {"500", NULL, 500},
    {"1000", NULL, 1000},
    {NULL, NULL, 0},
};

static int64_t most(const muc_settings *settings)
{
    return (int64_t)settings->max_occupants;
}

static const muc_option options[] = {
    {.name = "max_users",
     .type = MUC_OPTION_NUMBER,
     .field = "muc#roomconfig_maxusers",
     .label = "How many may be in the room",
     .rank = MUC_RANK_ACCESS + 30,
     .choices = choices,
     .most = most},
    {.name = NULL},
};

/* How many there may be for somebody to find a place; 0: any number. Owners and admins find one in a full room. */
static size_t limit_for(const muc_event *ev)
{
    size_t max = (size_t)muc_room_get_max_users(ev->room);
    if (max == 0 || ev->as.join->affiliation < MUC_AFFILIATION_ADMIN)
        return max;
    size_t over = muc_service_settings(ev->service)->max_over;
    return over == 0 || max > SIZE_MAX - over ? 0 : max + over;
}

/* Further sessions take no place. */
static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    size_t max = limit_for(ev);
    if (max == 0 || !join->first_session || muc_occupant_count(ev->room) < max ||
        muc_service_is_admin(ev->service, join->jid))
        return MUC_PASS;
    return muc_reject_as(ev, MUC_SERVICE_UNAVAILABLE, MUC_ERROR_WAIT, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_MAX_USERS, on_pre_join},
    {.fn = NULL},
};

const muc_feature muc_feature_max_users = {
    .name = "max-users",
    .hooks = hooks,
    .options = options,
};

int64_t muc_room_get_max_users(const muc_room *room)
{
    return muc_room_get_number(room, options);
}

int muc_room_set_max_users(muc_room *room, int64_t users)
{
    return muc_room_set_number(room, options, users);
}
