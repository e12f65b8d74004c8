/* multi_sessions.c: whether a user may be in a room under one nickname with several of his clients (XEP-0045
 * section 7.2.8). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>

#include <stddef.h>

static const muc_option options[] = {
    {.name = "allow_multisessions",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_allowmultisessions",
     .label = "Several clients of a user may share a nickname",
     .rank = MUC_RANK_ACCESS + 40,
     .initial = "1"},
    {.name = NULL},
};

/* Told last, like any conflict of nicknames. */
static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (join->first_session || join->resync || muc_room_get_allow_multisessions(ev->room))
        return MUC_PASS;
    return muc_reject(ev, MUC_CONFLICT, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_LAST, on_pre_join},
    {.fn = NULL},
};

const muc_feature muc_feature_multi_sessions = {.name = "multi-sessions", .hooks = hooks, .options = options};

int muc_room_get_allow_multisessions(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_allow_multisessions(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
