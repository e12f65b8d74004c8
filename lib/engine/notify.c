/* notify.c: firings of the notify class, kept until the output of their transaction has gone out. */
#include <engine/parts.h>

#include <stddef.h>
#include <string.h>

enum { MAX_STRINGS = 6 };
/* The largest of them. */
union details {
    muc_join_event join;
    muc_message_event message;
    muc_invite_event invite;
};
enum { MAX_DETAIL = sizeof(union details) };

/* The details that are notified, and where their strings are: those are copied with them. */
static const struct {
    size_t size;
    size_t strings[MAX_STRINGS];
    size_t count;
} kinds[MU_DETAILS] = {
    [MU_DETAIL_DESTROY] = {sizeof(muc_destroy_event),
                           {offsetof(muc_destroy_event, alternate), offsetof(muc_destroy_event, reason),
                            offsetof(muc_destroy_event, password)},
                           3},
    [MU_DETAIL_JOIN] = {sizeof(muc_join_event),
                        {offsetof(muc_join_event, jid), offsetof(muc_join_event, nick),
                         offsetof(muc_join_event, former_nick), offsetof(muc_join_event, password)},
                        4},
    [MU_DETAIL_LEAVE] = {sizeof(muc_leave_event), {offsetof(muc_leave_event, jid), offsetof(muc_leave_event, nick)}, 2},
    [MU_DETAIL_ROLE] = {sizeof(muc_role_event), {offsetof(muc_role_event, jid), offsetof(muc_role_event, reason)}, 2},
    [MU_DETAIL_AFFILIATION] = {sizeof(muc_affiliation_event),
                               {offsetof(muc_affiliation_event, jid), offsetof(muc_affiliation_event, reason)},
                               2},
    [MU_DETAIL_DATA] = {sizeof(muc_data_event),
                        {offsetof(muc_data_event, jid), offsetof(muc_data_event, key), offsetof(muc_data_event, value),
                         offsetof(muc_data_event, former)},
                        4},
    [MU_DETAIL_MESSAGE] = {sizeof(muc_message_event),
                           {offsetof(muc_message_event, body), offsetof(muc_message_event, subject),
                            offsetof(muc_message_event, nick)},
                           3},
    [MU_DETAIL_INVITE] = {sizeof(muc_invite_event),
                          {offsetof(muc_invite_event, invitee), offsetof(muc_invite_event, inviter),
                           offsetof(muc_invite_event, to), offsetof(muc_invite_event, reason),
                           offsetof(muc_invite_event, password), offsetof(muc_invite_event, thread)},
                          6},
    [MU_DETAIL_REGISTER] = {sizeof(muc_register_event),
                            {offsetof(muc_register_event, jid), offsetof(muc_register_event, nick),
                             offsetof(muc_register_event, former_nick)},
                            3},
    [MU_DETAIL_VOICE] = {sizeof(muc_voice_event), {offsetof(muc_voice_event, jid), offsetof(muc_voice_event, nick)}, 2},
    [MU_DETAIL_CONFIG] = {sizeof(muc_config_event), {offsetof(muc_config_event, var)}, 1},
};

struct mu_notice {
    mu_heap *heap;
    muc_point point;
    muc_room *room;
    muc_occupant *occupant;
    muc_occupant *to; /* of a private message */
    char *from, *key;
    char *strings[MAX_STRINGS];
    union {
        char bytes[MAX_DETAIL];
        void *align;
        int64_t align_number;
    } detail;
};

/* The pointer to text that stands at an offset of a detail. */
static const char *string_at(const char *detail, size_t offset)
{
    const char *text;
    memcpy(&text, detail + offset, sizeof(text));
    return text;
}

/* Copies a string that may be NULL. */
static bool keep(mu_heap *heap, const char *text, char **out)
{
    *out = text ? mu_strdup(heap, text) : NULL;
    return !text || *out;
}

void mu_notice_free(mu_notice *n)
{
    if (!n)
        return;
    if (n->room)
        mu_room_unpin(n->room);
    if (n->occupant)
        mu_occupant_unpin(n->occupant);
    if (n->to)
        mu_occupant_unpin(n->to);
    mu_free(n->heap, n->from);
    mu_free(n->heap, n->key);
    for (size_t i = 0; i < MAX_STRINGS; i++)
        mu_free(n->heap, n->strings[i]);
    mu_free(n->heap, n);
}

static mu_notice *notice_new(muc_service *s, muc_point point, muc_room *room, muc_occupant *occupant)
{
    mu_notice *n = mu_zalloc(s->heap, sizeof(*n));
    if (!n)
        return NULL;
    *n = (mu_notice){.heap = s->heap, .point = point, .room = room, .occupant = occupant};
    if (room)
        mu_room_pin(room);
    if (occupant)
        mu_occupant_pin(occupant);
    return n;
}

/* The details as they are, with copies of their strings. */
static bool keep_detail(mu_notice *n, const void *detail)
{
    mu_detail kind = mu_points[n->point].detail;
    if (kinds[kind].size)
        memcpy(n->detail.bytes, detail, kinds[kind].size);
    if (kind == MU_DETAIL_MESSAGE && ((const muc_message_event *)detail)->to) {
        n->to = ((const muc_message_event *)detail)->to;
        mu_occupant_pin(n->to);
    }
    bool kept = true;
    for (size_t i = 0; kept && i < kinds[kind].count; i++) {
        size_t offset = kinds[kind].strings[i];
        kept = keep(n->heap, string_at(detail, offset), &n->strings[i]);
        memcpy(n->detail.bytes + offset, &n->strings[i], sizeof(char *));
    }
    return kept;
}

int mu_notify(muc_service *s, muc_point point, muc_room *room, muc_occupant *occupant, const char *from,
              const char *key, const void *detail)
{
    if (!mu_hooked(s, point))
        return MUC_OK;
    mu_notice *n = notice_new(s, point, room, occupant);
    if (!n)
        return MUC_ERR_NOMEM;
    if (!keep(s->heap, from, &n->from) || !keep(s->heap, key, &n->key) || (detail && !keep_detail(n, detail))) {
        mu_notice_free(n);
        return MUC_ERR_NOMEM;
    }
    mu_item item = {.delivery = {.room = room}, .notice = n};
    return mu_items_add(s->heap, &s->engine->notices, &item);
}

int mu_notice_fire(muc_service *s, mu_notice *n)
{
    muc_event event = {.room = n->room, .occupant = n->occupant, .from = n->from, .key = n->key};
    event.as.none = n->detail.bytes;
    return mu_fire(s, n->point, &event, NULL);
}
