/* about.c: what a room is about: its name, description and language (XEP-0045 sections 16.5.3 and 16.5.4). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>

enum { NAME, DESCRIPTION, LANGUAGE };

static const muc_option options[] = {
    [NAME] = {.name = "name",
              .type = MUC_OPTION_TEXT,
              .field = "muc#roomconfig_roomname",
              .label = "Name of the room",
              .rank = MUC_RANK_ABOUT,
              .info_field = "muc#roomconfig_roomname"},
    [DESCRIPTION] = {.name = "description",
                     .type = MUC_OPTION_TEXT,
                     .field = "muc#roomconfig_roomdesc",
                     .label = "Description of the room",
                     .rank = MUC_RANK_ABOUT + 10,
                     .info_field = "muc#roominfo_description"},
    [LANGUAGE] = {.name = "language",
                  .type = MUC_OPTION_TEXT,
                  .field = "muc#roomconfig_lang",
                  .label = "Language of the room, as a tag like \"en\"",
                  .rank = MUC_RANK_ABOUT + 20,
                  .max_length = 64,
                  .info_field = "muc#roominfo_lang"},
    {.name = NULL},
};

const muc_feature muc_feature_about = {.name = "about", .options = options};

const char *muc_room_get_name(const muc_room *room)
{
    return muc_room_get_text(room, &options[NAME]);
}

int muc_room_set_name(muc_room *room, const char *name)
{
    return muc_room_set_text(room, &options[NAME], name);
}

const char *muc_room_get_description(const muc_room *room)
{
    return muc_room_get_text(room, &options[DESCRIPTION]);
}

int muc_room_set_description(muc_room *room, const char *description)
{
    return muc_room_set_text(room, &options[DESCRIPTION], description);
}

const char *muc_room_get_language(const muc_room *room)
{
    return muc_room_get_text(room, &options[LANGUAGE]);
}

int muc_room_set_language(muc_room *room, const char *language)
{
    return muc_room_set_text(room, &options[LANGUAGE], language);
}
