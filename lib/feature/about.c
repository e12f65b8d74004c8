/* about.c: what a room is about: its name, description and language (XEP-0045 sections 16.5.3 and 16.5.4). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/service.h>

static int64_t name_bytes(const muc_settings *settings)
{
    return (int64_t)settings->max_name_bytes;
}

static int64_t description_bytes(const muc_settings *settings)
{
    return (int64_t)settings->max_description_bytes;
}

enum { NAME, DESCRIPTION, LANGUAGE, CONTACTS, PUBSUB, GROUP };

static const muc_option options[] = {
    [NAME] = {.name = "name",
              .type = MUC_OPTION_TEXT,
              .field = "muc#roomconfig_roomname",
              .label = "Name of the room",
              .rank = MUC_RANK_ABOUT,
              .most = name_bytes,
              .info_field = "muc#roomconfig_roomname"},
    [DESCRIPTION] = {.name = "description",
                     .type = MUC_OPTION_TEXT,
                     .field = "muc#roomconfig_roomdesc",
                     .label = "Description of the room",
                     .rank = MUC_RANK_ABOUT + 10,
                     .most = description_bytes,
                     .info_field = "muc#roominfo_description"},
    [LANGUAGE] = {.name = "language",
                  .type = MUC_OPTION_TEXT,
                  .field = "muc#roomconfig_lang",
                  .label = "Language of the room, as a tag like \"en\"",
                  .rank = MUC_RANK_ABOUT + 20,
                  .max_length = 64,
                  .info_field = "muc#roominfo_lang"},
    [CONTACTS] = {.name = "contacts",
                  .type = MUC_OPTION_JIDS,
                  .field = "muc#roomconfig_contactjid",
                  .label = "Addresses of those who may be asked about the room, for everybody to see",
                  .rank = MUC_RANK_ABOUT + 22,
                  .info_field = "muc#roominfo_contactjid",
                  .flags = MUC_OPTION_INFO_WHEN_SET},
    [PUBSUB] = {.name = "pubsub",
                .type = MUC_OPTION_TEXT,
                .field = "muc#roomconfig_pubsub",
                .label = "Address of a pubsub node that goes with the room",
                .rank = MUC_RANK_ABOUT + 24,
                .info_field = "muc#roomconfig_pubsub",
                .flags = MUC_OPTION_INFO_WHEN_SET},
    [GROUP] = {.name = "ldap_group",
               .type = MUC_OPTION_TEXT,
               .label = "Group of the directory whose members the room is for",
               .rank = MUC_RANK_ABOUT + 26,
               .info_field = "muc#roominfo_ldapgroup",
               .flags = MUC_OPTION_NO_FIELD | MUC_OPTION_INFO_WHEN_SET},
    {.name = NULL},
};

/* A room speaks the language of who makes it, as far as he says, until he says something else in the form. */
static int on_made(muc_event *ev, void *ud)
{
    (void)ud;
    const char *lang = ev->stanza ? muc_node_lang(ev->stanza) : NULL;
    if (!lang)
        return MUC_PASS;
    int r = muc_room_set_language(ev->room, lang);
    return r == MUC_ERR_INVALID || r == MUC_ERR_REJECTED ? MUC_PASS : r;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MADE, NULL, MUC_PRIORITY_DEFAULT, on_made},
    {.fn = NULL},
};

const muc_feature muc_feature_about = {.name = "about", .hooks = hooks, .options = options};

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

const char *muc_room_get_contacts(const muc_room *room)
{
    return muc_room_get_text(room, &options[CONTACTS]);
}

int muc_room_set_contacts(muc_room *room, const char *jids)
{
    return muc_room_set_text(room, &options[CONTACTS], jids);
}

const char *muc_room_get_pubsub(const muc_room *room)
{
    return muc_room_get_text(room, &options[PUBSUB]);
}

int muc_room_set_pubsub(muc_room *room, const char *uri)
{
    return muc_room_set_text(room, &options[PUBSUB], uri);
}

const char *muc_room_get_ldap_group(const muc_room *room)
{
    return muc_room_get_text(room, &options[GROUP]);
}

int muc_room_set_ldap_group(muc_room *room, const char *dn)
{
    return muc_room_set_text(room, &options[GROUP], dn);
}
