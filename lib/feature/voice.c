/* voice.c: requests for voice and their answers as users send them, and when they are taken (XEP-0045 sections 7.13,
 * 8.6 and 16.5.2). */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/record.h>
#include <muc/service.h>
#include <muc/voice.h>
#include <muc/xml.h>

#include <string.h>

/* Who asked lately: records of this owner, by bare JID. */
#define OWNER   "voice"
#define REQUEST MUC_NS "#request"

enum { WORD_SIZE = 64, JID_SIZE = 3072 /* three parts of 1023 bytes, `@`, `/` and NUL */ };
enum { ALLOW, INTERVAL };

static const muc_option options[] = {
    [ALLOW] = {.name = "allow_voice_requests",
               .type = MUC_OPTION_FLAG,
               .field = "muc#roomconfig_allowvoicerequests",
               .label = "Visitors may ask for voice",
               .rank = MUC_RANK_PERMISSIONS + 6,
               .initial = "1",
               .info_on = REQUEST},
    [INTERVAL] = {.name = "voice_request_min_interval",
                  .type = MUC_OPTION_NUMBER,
                  .field = "muc#roomconfig_voicerequestmininterval",
                  .label = "Seconds between two requests for voice of one user",
                  .rank = MUC_RANK_PERMISSIONS + 7,
                  .initial = "1800"},
    {.name = NULL},
};

/* ---- whether a request is taken --------------------------------------------------------------------------------- */

/* The key of who sent a stanza. MUC_OK, or what muc_service_prepare() says. */
static int key_of(muc_event *ev, char key[JID_SIZE])
{
    const char *bare = muc_occupant_bare_jid(ev->occupant);
    int n = muc_service_prepare(ev->service, bare, key, JID_SIZE);
    if (n == MUC_ERR_BAD_JID && strlen(bare) < JID_SIZE) {
        memcpy(key, bare, strlen(bare) + 1);
        return MUC_OK;
    }
    return n < 0 ? n : MUC_OK;
}

static int on_request(muc_event *ev, void *ud)
{
    (void)ud;
    char key[JID_SIZE];
    if (!ev->from)
        return MUC_PASS;
    if (!muc_room_get_allow_voice_requests(ev->room))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    int r = key_of(ev, key);
    if (!r && muc_record_find(ev->room, OWNER, key, NULL))
        return muc_reject_as(ev, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "you have asked for voice not long ago");
    return r;
}

/* That he has asked. */
static int remember(muc_event *ev)
{
    char key[JID_SIZE];
    int64_t seconds = muc_room_get_voice_request_min_interval(ev->room);
    int r = seconds ? key_of(ev, key) : MUC_OK;
    if (r || !seconds)
        return r;
    const muc_record record = {.key = key, .until = muc_service_now(ev->service) + seconds * 1000};
    return muc_record_set(ev->room, OWNER, &record);
}

/* ---- forms ------------------------------------------------------------------------------------------------------ */

/* The first value of a field of a submission: at most size bytes with its NUL go to out. 1; 0: there is none, or it is
 * longer. */
static int value_of(const xmlNode *x, const char *name, char *out, size_t size)
{
    const xmlNode *field = muc_node_child(x, "field", MUC_NS_DATA);
    for (; field; field = muc_node_next(field, "field", MUC_NS_DATA)) {
        const char *var = muc_node_attr(field, "var");
        if (!var || strcmp(var, name) != 0)
            continue;
        const xmlNode *value = muc_node_child(field, "value", MUC_NS_DATA);
        return value && muc_node_copy_text(value, out, size) < size;
    }
    return 0;
}

static int has_value(const xmlNode *x, const char *name, const char *value)
{
    char word[WORD_SIZE];
    return value_of(x, name, word, sizeof word) && strcmp(word, value) == 0;
}

static int has_field(const xmlNode *x, const char *name)
{
    const xmlNode *field = muc_node_child(x, "field", MUC_NS_DATA);
    for (; field; field = muc_node_next(field, "field", MUC_NS_DATA)) {
        const char *var = muc_node_attr(field, "var");
        if (var && strcmp(var, name) == 0)
            return 1;
    }
    return 0;
}

/* ---- what users send -------------------------------------------------------------------------------------------- */

/* Who can speak has nothing to ask for, and who was not heard may ask again; he is not told who is inside. */
static int take_request(muc_event *ev)
{
    int r = muc_occupant_request_voice(ev->occupant, ev->stanza);
    if (r == MUC_ERR_NOT_ALLOWED || r == MUC_ERR_NOT_FOUND)
        return MUC_STOP;
    if (!r)
        r = remember(ev);
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static int take_answer(muc_event *ev, const xmlNode *x)
{
    char jid[JID_SIZE], word[WORD_SIZE];
    if (muc_occupant_role(ev->occupant) != MUC_ROLE_MODERATOR)
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    if (!value_of(x, "muc#jid", jid, sizeof jid) || !value_of(x, "muc#request_allow", word, sizeof word))
        return muc_reject_as(ev, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, NULL);
    int yes = strcmp(word, "1") == 0 || strcmp(word, "true") == 0;
    if (!yes && strcmp(word, "0") != 0 && strcmp(word, "false") != 0)
        return muc_reject_as(ev, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, NULL);
    int r = muc_room_answer_voice(ev->room, ev->from, jid, yes, ev->stanza);
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static int on_message(muc_event *ev, void *ud)
{
    (void)ud;
    const xmlNode *x = muc_node_child(ev->stanza, "x", MUC_NS_DATA);
    const char *type = muc_node_attr(x, "type");
    if (!ev->room || !ev->occupant || muc_event_nick(ev) || !muc_node_is_normal_message(ev->stanza) || !type ||
        !has_value(x, "FORM_TYPE", REQUEST))
        return MUC_PASS;
    if (strcmp(type, "cancel") == 0)
        return MUC_STOP;
    if (strcmp(type, "submit") != 0)
        return MUC_PASS;
    if (has_field(x, "muc#role") && !has_value(x, "muc#role", "participant"))
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_MODIFY, "voice is the role of a participant");
    return has_field(x, "muc#request_allow") ? take_answer(ev, x) : take_request(ev);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MESSAGE, "{" MUC_NS_DATA "}x", MUC_PRIORITY_DEFAULT, on_message},
    {MUC_ON_VOICE_REQUEST, NULL, MUC_PRIORITY_ACCESS, on_request},
    {.fn = NULL},
};

/* Forms come in messages (XEP-0004 section 6). */
static const char *const room_info[] = {MUC_NS_DATA, NULL};

const muc_feature muc_feature_voice = {.name = "voice", .hooks = hooks, .options = options, .room_info = room_info};

int muc_room_get_allow_voice_requests(const muc_room *room)
{
    return muc_room_get_number(room, &options[ALLOW]) != 0;
}

int muc_room_set_allow_voice_requests(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ALLOW], on != 0);
}

int64_t muc_room_get_voice_request_min_interval(const muc_room *room)
{
    return muc_room_get_number(room, &options[INTERVAL]);
}

int muc_room_set_voice_request_min_interval(muc_room *room, int64_t seconds)
{
    return muc_room_set_number(room, &options[INTERVAL], seconds);
}
