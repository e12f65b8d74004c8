/* creation_date.c: when a room was made, for service discovery (`x-muc#roominfo_creationdate`, a field that Openfire
 * has).
 *
 * Not among the features that a service has unasked: every room has a value of its own by it, which is what an idle
 * room weighs most by. */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/service.h>

static const muc_option options[] = {
    {.name = "creation_date",
     .type = MUC_OPTION_TEXT,
     .label = "When the room was made",
     .rank = MUC_RANK_ABOUT + 28,
     .max_length = MUC_STAMP_SIZE,
     .info_field = "x-muc#roominfo_creationdate",
     .flags = MUC_OPTION_NO_FIELD | MUC_OPTION_INFO_WHEN_SET},
    {.name = NULL},
};

static int on_made(muc_event *ev, void *ud)
{
    (void)ud;
    char stamp[MUC_STAMP_SIZE];
    muc_stamp(muc_service_now(ev->service), stamp);
    int r = muc_room_set_text(ev->room, options, stamp);
    return r < 0 ? r : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MADE, NULL, MUC_PRIORITY_DEFAULT, on_made},
    {.fn = NULL},
};

const muc_feature muc_feature_creation_date = {.name = "creation-date", .hooks = hooks, .options = options};

const char *muc_room_get_creation_date(const muc_room *room)
{
    return muc_room_get_text(room, options);
}
