/* logging.c: rooms that are logged in public, and where the logs are (XEP-0045 sections 7.2.12, 14.2 and 16.5.4).
 *
 * The library writes no logs; the host that does is told by the option. An archive that only occupants may read is no
 * public log. */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>

enum { STATUS_LOGGED = 170, STATUS_NOT_LOGGED = 171 };
enum { LOGGING, URL };

static const muc_option options[] = {
    [LOGGING] = {.name = "logging",
                 .type = MUC_OPTION_FLAG,
                 .field = "muc#roomconfig_enablelogging",
                 .label = "What is said here is logged in public",
                 .rank = MUC_RANK_OTHER + 20,
                 .code_on = STATUS_LOGGED,
                 .code_off = STATUS_NOT_LOGGED},
    [URL] = {.name = "logs",
             .type = MUC_OPTION_TEXT,
             .label = "Where the logs are",
             .rank = MUC_RANK_OTHER + 21,
             .info_field = "muc#roominfo_logs",
             .flags = MUC_OPTION_NO_FIELD | MUC_OPTION_INFO_WHEN_SET},
    {.name = NULL},
};

static int on_welcome(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_room_get_logging(ev->room) ? muc_event_status(ev, STATUS_LOGGED) : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_WELCOME, NULL, MUC_PRIORITY_DEFAULT, on_welcome},
    {.fn = NULL},
};

const muc_feature muc_feature_logging = {.name = "logging", .hooks = hooks, .options = options};

int muc_room_get_logging(const muc_room *room)
{
    return muc_room_get_number(room, &options[LOGGING]) != 0;
}

int muc_room_set_logging(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[LOGGING], on != 0);
}

const char *muc_room_get_logs(const muc_room *room)
{
    return muc_room_get_text(room, &options[URL]);
}

int muc_room_set_logs(muc_room *room, const char *url)
{
    return muc_room_set_text(room, &options[URL], url);
}
