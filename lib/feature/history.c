/* history.c: how much of the past is kept and shown to newcomers (XEP-0045 sections 7.2.13 and 16.5.3). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>

enum { LENGTH, UNASKED, FETCH };

static const muc_option options[] = {
    [LENGTH] = {.name = "historylength",
                .type = MUC_OPTION_NUMBER,
                .field = "muc#roomconfig_historylength",
                .label = "How many messages the room keeps",
                .rank = MUC_RANK_OTHER,
                .fallback = "20"},
    [UNASKED] = {.name = "default_history_messages",
                 .type = MUC_OPTION_NUMBER,
                 .field = "muc#roomconfig_defaulthistorymessages",
                 .label = "How many messages newcomers are shown who ask for no number",
                 .rank = MUC_RANK_OTHER + 5,
                 .fallback = "20"},
    [FETCH] = {.name = "maxhistoryfetch",
               .type = MUC_OPTION_NUMBER,
               .field = "muc#maxhistoryfetch",
               .label = "How many messages newcomers are shown at most",
               .rank = MUC_RANK_OTHER + 10,
               .fallback = "20",
               .info_field = "muc#maxhistoryfetch"},
    {.name = NULL},
};

static int on_wanted(muc_event *ev, void *ud)
{
    (void)ud;
    muc_history_event *wanted = ev->as.history;
    int64_t kept = muc_room_get_historylength(ev->room);
    int64_t shown = muc_room_get_number(ev->room, &options[FETCH]);
    int64_t most = kept < shown ? kept : shown;
    int64_t unasked = muc_room_get_default_history_messages(ev->room);
    if (!wanted->asked && unasked < most)
        most = unasked;
    if (wanted->max_stanzas < 0 || wanted->max_stanzas > most)
        wanted->max_stanzas = most;
    return MUC_PASS;
}

/* What is over the limit goes when the next message comes; a room that keeps nothing forgets at once. */
static int on_effect(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_event_changes(ev, &options[LENGTH]) || muc_room_get_historylength(ev->room) > 0)
        return MUC_PASS;
    int r = muc_history_clear(ev->room);
    return r < 0 ? r : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_HISTORY_WANTED, NULL, MUC_PRIORITY_DEFAULT, on_wanted},
    {MUC_ON_CONFIG_EFFECT, NULL, MUC_PRIORITY_EFFECT, on_effect},
    {.fn = NULL},
};

const muc_feature muc_feature_history = {.name = "history", .hooks = hooks, .options = options};

int64_t muc_room_get_historylength(const muc_room *room)
{
    return muc_room_get_number(room, &options[LENGTH]);
}

int muc_room_set_historylength(muc_room *room, int64_t messages)
{
    return muc_room_set_number(room, &options[LENGTH], messages);
}

int64_t muc_room_get_maxhistoryfetch(const muc_room *room)
{
    return muc_room_get_number(room, &options[FETCH]);
}

int muc_room_set_maxhistoryfetch(muc_room *room, int64_t messages)
{
    return muc_room_set_number(room, &options[FETCH], messages);
}

int64_t muc_room_get_default_history_messages(const muc_room *room)
{
    return muc_room_get_number(room, &options[UNASKED]);
}

int muc_room_set_default_history_messages(muc_room *room, int64_t messages)
{
    return muc_room_set_number(room, &options[UNASKED], messages);
}
