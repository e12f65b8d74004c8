/* backlog.c: history and subject for a newcomer (XEP-0045 sections 7.2.13 to 7.2.15). */
#include <action/talk.h>
#include <base/stamp.h>
#include <base/text.h>

#include <string.h>

static const char delay_ns[] = "urn:xmpp:delay";

size_t mu_history_limit(const muc_room *room)
{
    const muc_service *s = room->service;
    int64_t wanted = s->history < 0 ? 0 : mu_room_value(room, s->history).number;
    size_t most = s->settings.max_history;
    return wanted < 0 ? 0 : (uint64_t)wanted > most ? most : (size_t)wanted;
}

/* ---- how much --------------------------------------------------------------------------------------------------- */

/* An attribute with a number; one that is none is ignored. */
static void read_number(const xmlNode *history, const char *name, int64_t *out, int *asked)
{
    const char *text = muc_node_attr(history, name);
    int64_t value;
    if (text && mu_number(text, strlen(text), &value)) {
        *out = value;
        *asked = 1;
    }
}

static void read_request(muc_service *s, const xmlNode *presence, muc_history_event *wanted)
{
    const xmlNode *x = presence ? muc_node_child(presence, "x", MUC_NS) : NULL;
    const xmlNode *history = x ? muc_node_child(x, "history", NULL) : NULL;
    *wanted = (muc_history_event){.max_stanzas = -1, .max_chars = -1, .since = -1};
    if (!history)
        return;
    int64_t seconds = -1, since;
    read_number(history, "maxstanzas", &wanted->max_stanzas, &wanted->asked);
    read_number(history, "maxchars", &wanted->max_chars, &wanted->asked);
    read_number(history, "seconds", &seconds, &wanted->asked);
    int64_t now = mu_now(s);
    if (seconds == 0)
        wanted->max_stanzas = 0;
    else if (seconds > 0)
        wanted->since = seconds > now / 1000 ? 0 : now - seconds * 1000;
    const char *stamp = muc_node_attr(history, "since");
    if (stamp && mu_stamp_parse(stamp, strlen(stamp), &since)) {
        wanted->asked = 1;
        if (since > wanted->since)
            wanted->since = since;
    }
}

int64_t mu_characters(const mu_packet *packet, const mu_peer *to)
{
    muc_span parts[] = {mu_packet_head(packet), {to->p, to->attr_n}, mu_packet_body(packet), mu_packet_tail(packet)};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        n += mu_utf8_length(parts[i].p, parts[i].n);
    return (int64_t)n;
}

/* ---- one message ------------------------------------------------------------------------------------------------ */

mu_packet *mu_delayed(muc_room *room, mu_blob *body, int64_t at)
{
    mu_heap *heap = room->service->heap;
    char stamp[MU_STAMP_SIZE];
    size_t n = mu_stamp_format(at, stamp);
    mu_buf tail;
    mu_buf_init(&tail, heap);
    mu_buf_str(&tail, "<delay xmlns='");
    mu_buf_str(&tail, delay_ns);
    mu_buf_str(&tail, "' from='");
    mu_buf_escape(&tail, room->key.p, room->key.n, true);
    mu_buf_str(&tail, "' stamp='");
    mu_buf_add(&tail, stamp, n);
    mu_buf_str(&tail, "'/></message>");
    static const muc_span head = {"<message", sizeof("<message") - 1};
    mu_packet *packet = tail.failed ? NULL : mu_packet_new(heap, head, body, (muc_span){tail.p, tail.n});
    mu_buf_free(&tail);
    return packet;
}

/* The form in which a message is shown to newcomers; kept with it. Not counted. NULL: memory. */
static mu_packet *shown(muc_room *room, mu_message *m)
{
    if (m->foreign_delay)
        return m->packet;
    if (!m->delayed)
        m->delayed = mu_delayed(room, m->packet->body, m->at);
    return m->delayed;
}

/* The oldest message that is still within all limits, NULL for none. */
static int first_wanted(muc_room *room, const muc_history_event *wanted, const mu_peer *to, mu_message **out)
{
    int64_t count = 0, chars = 0;
    *out = NULL;
    for (mu_message *m = room->live->last_message; m; m = m->prev) {
        if ((wanted->max_stanzas >= 0 && ++count > wanted->max_stanzas) ||
            (wanted->since >= 0 && m->at < wanted->since))
            break;
        if (wanted->max_chars >= 0) {
            const mu_packet *packet = shown(room, m);
            if (!packet)
                return MUC_ERR_NOMEM;
            chars += mu_characters(packet, to);
            if (chars > wanted->max_chars)
                break;
        }
        *out = m;
    }
    return MUC_OK;
}

/* A message and all that came after it, as one item. */
static int send_from(muc_session *to, mu_message *m)
{
    muc_room *room = to->occupant->room;
    mu_roster *all = mu_roster_new(room->service->heap);
    int r = all ? MUC_OK : MUC_ERR_NOMEM;
    for (; m && !r; m = m->next) {
        mu_packet *packet = shown(room, m);
        r = packet ? mu_roster_put(all, all->n, packet) : MUC_ERR_NOMEM;
    }
    if (!r)
        r = mu_send_roster(room->service, MU_LANE_REST, room, all, SIZE_MAX, to->peer);
    mu_roster_unref(all);
    return r;
}

static int send_archived(muc_session *to, const muc_history_event *wanted)
{
    muc_room *room = to->occupant->room;
    mu_roster *all;
    int r = mu_archive_read(room, wanted, to->peer, &all);
    if (!r && all->n)
        r = mu_send_roster(room->service, MU_LANE_REST, room, all, SIZE_MAX, to->peer);
    mu_roster_unref(all);
    return r;
}

int mu_send_history(muc_session *to, const xmlNode *presence, const muc_history_event *asked)
{
    muc_room *room = to->occupant->room;
    muc_service *s = room->service;
    muc_history_event wanted;
    if (asked)
        wanted = *asked;
    else
        read_request(s, presence, &wanted);
    muc_event event = {.room = room,
                       .occupant = to->occupant,
                       .stanza = presence,
                       .from = mu_peer_jid(to->peer),
                       .as = {.history = &wanted}};
    int r = mu_fire(s, MUC_ON_HISTORY_WANTED, &event, NULL);
    mu_message *m = NULL;
    if (r >= 0 && wanted.next)
        r = send_archived(to, &wanted);
    else if (r >= 0)
        r = first_wanted(room, &wanted, to->peer, &m);
    if (wanted.end)
        wanted.end(wanted.ud);
    return r < 0 || !m ? r : send_from(to, m);
}

/* The subject comes last, an empty one too: clients take it as the end of the entry. */
int mu_send_subject(muc_session *to)
{
    muc_room *room = to->occupant->room;
    muc_service *s = room->service;
    mu_packet *packet;
    if (room->live->subject.body) {
        packet = mu_delayed(room, room->live->subject.body, room->live->subject.at);
    } else {
        mu_buf b;
        mu_buf_init(&b, s->heap);
        mu_attr_from(&b, room, NULL);
        mu_buf_str(&b, " type='groupchat'><subject/></message>");
        static const muc_span head = {"<message", sizeof("<message") - 1};
        packet = b.failed ? NULL : mu_packet_new(s->heap, head, NULL, (muc_span){b.p, b.n});
        mu_buf_free(&b);
    }
    int r = packet ? mu_send(s, MU_LANE_REST, room, packet, to->peer) : MUC_ERR_NOMEM;
    mu_packet_unref(s->heap, packet);
    return r;
}

/* Whether there is still somebody to tell it: a handler may have sent him away. */
static bool is_there(const muc_session *to)
{
    return to->occupant->present && mu_session_is_in(to);
}

int mu_welcome_talk(muc_session *to, muc_event *event)
{
    muc_service *s = to->occupant->room->service;
    int r = mu_fire(s, MUC_ON_BEFORE_HISTORY, event, NULL);
    if (r >= 0 && is_there(to))
        r = mu_send_history(to, event->stanza, NULL);
    if (r >= 0 && is_there(to))
        r = mu_fire(s, MUC_ON_BEFORE_SUBJECT, event, NULL);
    if (r >= 0 && is_there(to))
        r = mu_send_subject(to);
    return r < 0 ? r : MUC_OK;
}
