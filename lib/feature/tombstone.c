/* tombstone.c: the end of a persistent room is remembered at its address (XEP-0045 section 10.9). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>
#include <muc/tombstone.h>

#include <stdint.h>

static const muc_option options[] = {
    {.name = "retire_on_destroy",
     .type = MUC_OPTION_FLAG,
     .field = "{http://igniterealtime.org}muc#roomconfig_retireondel",
     .label = "Nobody may use the address again once the room is destroyed",
     .rank = MUC_RANK_ABOUT + 40,
     .flags = MUC_OPTION_ADMIN_ONLY},
    {.name = NULL},
};

static int on_pre_destroy(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_settings *settings = muc_service_settings(ev->service);
    /* One that waits for its configuration has never been. */
    if (muc_room_awaits_config(ev->room))
        return MUC_PASS;
    /* An owner could make the room temporary first. */
    if (muc_room_get_retire_on_destroy(ev->room))
        ev->as.destroy->gone_for = -1;
    else if (muc_room_get_persistent(ev->room))
        ev->as.destroy->gone_for = settings->tombstone_time;
    return MUC_PASS;
}

static int on_sweep(muc_event *ev, void *ud)
{
    (void)ud;
    muc_sweep_event *sweep = ev->as.sweep;
    muc_tombstone t;
    for (const char *left = NULL; muc_tombstone_next(ev->service, left, &t);) {
        int over = t.until && t.until <= sweep->now;
        if (t.until && t.until < sweep->next && (!over || !sweep->work))
            sweep->next = t.until;
        if (!over || !sweep->work) {
            left = t.jid;
            continue;
        }
        sweep->work--;
        int r = muc_tombstone_lift(ev->service, t.jid);
        if (r < 0)
            return r;
    }
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_SWEEP, NULL, MUC_PRIORITY_DEFAULT, on_sweep},
    {MUC_ON_PRE_DESTROY, NULL, MUC_PRIORITY_FIRST, on_pre_destroy},
    {.fn = NULL},
};

const muc_feature muc_feature_tombstone = {.name = "tombstone", .hooks = hooks, .options = options};

int muc_room_get_retire_on_destroy(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_retire_on_destroy(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
