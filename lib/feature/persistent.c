/* persistent.c: temporary rooms end with their last occupant, persistent ones stay (XEP-0045 section 4.2). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>

static const muc_option options[] = {
    {.name = "persistent",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_persistentroom",
     .label = "The room stays when the last one leaves",
     .rank = MUC_RANK_ABOUT + 30,
     .info_on = "muc_persistent",
     .info_off = "muc_temporary"},
    {.name = NULL},
};

/* A handler that keeps the room has its way; nobody's leaving is undone for that. */
static int end_room(muc_event *ev)
{
    int r = muc_room_destroy(ev->room, NULL, NULL, NULL);
    if (r == MUC_ERR_REJECTED)
        return MUC_PASS;
    return r < 0 ? r : MUC_STOP;
}

static int on_empty(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_get_persistent(ev->room) ? MUC_PASS : end_room(ev);
}

static int on_effect(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_event_changes(ev, options) || muc_room_get_persistent(ev->room) || muc_occupant_count(ev->room) > 0)
        return MUC_PASS;
    return end_room(ev);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_EMPTY, NULL, MUC_PRIORITY_EFFECT, on_empty},
    {MUC_ON_CONFIG_EFFECT, NULL, MUC_PRIORITY_LAST, on_effect},
    {.fn = NULL},
};

const muc_feature muc_feature_persistent = {
    .name = "persistent",
    .hooks = hooks,
    .options = options,
};

int muc_room_get_persistent(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_persistent(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
