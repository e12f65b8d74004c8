/* public.c: public rooms are in the room list, hidden ones are not (XEP-0045 section 4.2). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>

static const muc_option options[] = {
    {.name = "public",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_publicroom",
     .label = "The room list shows this room",
     .rank = MUC_RANK_ABOUT + 40,
     .initial = "1",
     .info_on = "muc_public",
     .info_off = "muc_hidden"},
    {.name = NULL},
};

const muc_feature muc_feature_public = {.name = "public", .options = options};

int muc_room_get_public(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_public(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}

int muc_room_get_hidden(const muc_room *room)
{
    return !muc_room_get_public(room);
}

int muc_room_set_hidden(muc_room *room, int on)
{
    return muc_room_set_public(room, !on);
}
