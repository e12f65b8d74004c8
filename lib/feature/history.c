/* history.c: how much of the past is kept and shown to newcomers (XEP-0045 sections 7.2.13 and 16.5.3). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/xml.h>

#include <string.h>

enum { LENGTH, UNASKED, FETCH };

static const muc_option options[] = {
    [LENGTH] = {.name = "historylength",
                .type = MUC_OPTION_NUMBER,
                .field = "muc#roomconfig_historylength",
                .label = "How many messages the room keeps",
                .rank = MUC_RANK_OTHER,
                .initial = "20"},
    [UNASKED] = {.name = "default_history_messages",
                 .type = MUC_OPTION_NUMBER,
                 .field = "muc#roomconfig_defaulthistorymessages",
                 .label = "How many messages newcomers are shown who ask for no number",
                 .rank = MUC_RANK_OTHER + 5,
                 .initial = "20"},
    [FETCH] = {.name = "maxhistoryfetch",
               .type = MUC_OPTION_NUMBER,
               .field = "muc#maxhistoryfetch",
               .label = "How many messages newcomers are shown at most",
               .rank = MUC_RANK_OTHER + 10,
               .initial = "20",
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

/* Whether a piece of a stanza holds a text. */
static int has(muc_span xml, const char *text)
{
    size_t n = strlen(text);
    for (const char *p = xml.p; xml.n >= n && (p = memchr(p, text[0], xml.n - (size_t)(p - xml.p) - n + 1)); p++) {
        if (memcmp(p, text, n) == 0)
            return 1;
        if ((size_t)(p - xml.p) == xml.n - n)
            break;
    }
    return 0;
}

/* Whether some message says who said it (XEP-0033), by this service or by the host that brought it. A text with the
 * same words is mistaken for it, which costs no more than what newcomers see. */
static int tells_jids(const muc_room *room)
{
    muc_span xml[3];
    for (size_t i = 0; muc_history_get(room, i, xml, NULL); i++)
        for (size_t k = 0; k < 3; k++)
            if (has(xml[k], "type='ofrom'"))
                return 1;
    return 0;
}

static int hides_jids(const muc_event *ev)
{
    return muc_event_changes(ev, muc_option_find(ev->service, "whois")) &&
           muc_room_get_whois(ev->room) == MUC_ROLE_MODERATOR && tells_jids(ev->room);
}

/* Who makes the history shorter wants what is longer to be forgotten; a room that keeps nothing any more, or hides what
 * its history tells, forgets all of it, and so does an archive. */
static int on_effect(muc_event *ev, void *ud)
{
    (void)ud;
    int changes = muc_event_changes(ev, &options[LENGTH]);
    int64_t kept = muc_room_get_historylength(ev->room);
    int r = MUC_OK;
    if ((changes && kept == 0) || hides_jids(ev))
        r = muc_history_clear(ev->room);
    else if (changes)
        r = muc_history_trim(ev->room, (size_t)kept);
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
