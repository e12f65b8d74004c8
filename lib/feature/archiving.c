/* archiving.c: rooms of which a host keeps an archive, and whether that outlives them (the subject of XEP-0313, and of
 * hosts).
 *
 * The library keeps none, so a service has these options only when it asks for them: an owner shall not be shown a
 * switch that does nothing. What an archive needs beside is said in lib/doc/archive.md. */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>

enum { ON, STAYS };

static const muc_option options[] = {
    [ON] = {.name = "archiving",
            .type = MUC_OPTION_FLAG,
            .field = "muc#roomconfig_enablearchiving",
            .label = "What is said here is kept in an archive",
            .rank = MUC_RANK_OTHER + 22},
    [STAYS] = {.name = "keep_archive",
               .type = MUC_OPTION_FLAG,
               .field = "{http://igniterealtime.org}muc#roomconfig_preservehistondel",
               .label = "The archive stays when the room ends",
               .rank = MUC_RANK_OTHER + 23},
    {.name = NULL},
};

const muc_feature muc_feature_archiving = {.name = "archiving", .options = options};

int muc_room_get_archiving(const muc_room *room)
{
    return muc_room_get_number(room, &options[ON]) != 0;
}

int muc_room_set_archiving(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ON], on != 0);
}

int muc_room_get_keep_archive(const muc_room *room)
{
    return muc_room_get_number(room, &options[STAYS]) != 0;
}

int muc_room_set_keep_archive(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[STAYS], on != 0);
}
