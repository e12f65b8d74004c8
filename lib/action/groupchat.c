/* groupchat.c: a message to all, and the subject, which is one (XEP-0045 sections 7.4 and 8.1). */
#include <action/talk.h>

#include <string.h>

/* What a message says, looked up once. */
typedef struct mu_talk {
    mu_incoming *in;
    muc_message_event message;
    muc_event event;
    bool is_subject, hinted, foreign_delay;
    mu_buf body, subject; /* text in several pieces, joined */
} mu_talk;

/* The text of an element, "" when it is empty; joined in buf when it is in pieces. NULL: no such element, or no memory.
 */
static const char *child_text(const xmlNode *stanza, const char *name, mu_buf *buf)
{
    const xmlNode *child = muc_node_child(stanza, name, MUC_NS_CLIENT);
    if (!child)
        return NULL;
    const char *text = muc_node_text(child);
    if (text)
        return text;
    mu_node_text(child, buf);
    return buf->failed ? NULL : buf->n ? buf->p : "";
}

bool mu_has_own_delay(const xmlNode *stanza, const muc_room *room)
{
    const xmlNode *delay = muc_node_child(stanza, "delay", "urn:xmpp:delay");
    mu_strip strip = {.service = room->service, .room = room};
    for (; delay; delay = muc_node_next(delay, "delay", "urn:xmpp:delay"))
        if (!mu_forged(delay, &strip))
            return true;
    return false;
}

static int talk_read(mu_talk *t, muc_service *s, mu_incoming *in)
{
    const xmlNode *node = in->st.node;
    *t = (mu_talk){.in = in};
    mu_buf_init(&t->body, s->heap);
    mu_buf_init(&t->subject, s->heap);
    t->message.body = child_text(node, "body", &t->body);
    /* A subject with a body or a thread is a message that happens to have one (section 8.1). */
    t->is_subject = muc_node_child(node, "subject", MUC_NS_CLIENT) && !muc_node_child(node, "body", MUC_NS_CLIENT) &&
                    !muc_node_child(node, "thread", MUC_NS_CLIENT);
    if (t->is_subject)
        t->message.subject = child_text(node, "subject", &t->subject);
    t->hinted = muc_node_child(node, "no-store", "urn:xmpp:hints") ||
                muc_node_child(node, "no-permanent-store", "urn:xmpp:hints");
    /* Old messages are brought in by those whom the room belongs to; what others say was said when they said it. */
    t->foreign_delay =
        in->occupant && in->occupant->affiliation == MUC_AFFILIATION_OWNER && mu_has_own_delay(node, in->room);
    t->event = (muc_event){
        .room = in->room, .occupant = in->occupant, .stanza = node, .from = in->from, .as = {.message = &t->message}};
    return t->body.failed || t->subject.failed ? MUC_ERR_NOMEM : MUC_OK;
}

static void talk_free(mu_talk *t)
{
    mu_buf_free(&t->body);
    mu_buf_free(&t->subject);
}

#define END "</message>"
/* Bytes that nearly all messages need no more than, as they are written. */
enum { USUAL = 1000 };

/* ` from='..'`: of who sent it, or of whom a handler put in his place. */
static int add_from(mu_incoming *in, const muc_message_event *message, mu_buf *b)
{
    if (!message->nick) {
        mu_attr_from(b, in->room, muc_occupant_nick(in->occupant));
        return MUC_OK;
    }
    mu_buf nick;
    size_t key_at;
    mu_buf_init(&nick, in->room->service->heap);
    int r = mu_nick_prepare(in->room->service, (muc_span){message->nick, strlen(message->nick)}, &nick, &key_at);
    if (!r)
        mu_attr_from(b, in->room, nick.p);
    mu_buf_free(&nick);
    return r;
}

int mu_message_blob(mu_incoming *in, muc_point point, muc_message_event *message, const char *type, const char *suffix,
                    mu_blob **out)
{
    muc_service *s = in->room->service;
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count = 0;
    muc_xml added, x;
    bool asked = mu_hooked(s, point);
    if (asked)
        mu_xml_init(&added, s->heap, MUC_NS_CLIENT);
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_buf_reserve(&x.buf, USUAL);
    muc_build_event build = {.out = &added, .to = message->to, .message = message};
    muc_event event = {
        .room = in->room, .occupant = in->occupant, .stanza = in->st.node, .from = in->from, .as = {.build = &build}};
    mu_firing firing = {.drops = drops, .drop_count = &drop_count};
    int r = asked ? mu_fire(s, point, &event, &firing) : MUC_OK;
    r = r < 0 ? r : add_from(in, message, &x.buf);
    mu_attr(&x.buf, "type", type);
    mu_attr(&x.buf, "id", in->st.id);
    mu_attr(&x.buf, "xml:lang", in->st.lang);
    mu_buf_char(&x.buf, '>');
    size_t start = x.buf.n;
    mu_strip strip = {.service = s, .room = in->room, .drops = drops, .drop_count = drop_count};
    mu_xml_children(&x, in->st.node, mu_forged, &strip);
    mu_xml_settle(&x);
    if (asked) {
        mu_xml_settle(&added);
        mu_xml_raw(&x, added.buf.p, added.buf.n);
        r = r < 0 ? r : muc_xml_error(&added);
    }
    mu_xml_raw(&x, suffix, strlen(suffix));
    mu_xml_raw(&x, END, sizeof(END) - 1);
    r = r < 0 ? r : muc_xml_error(&x);
    /* A tree that a host dispatches has no size before this. */
    if (!r && x.buf.n - start - (sizeof(END) - 1) > s->settings.max_stanza)
        r = mu_refuse(s, MUC_POLICY_VIOLATION, MUC_ERROR_MODIFY, "the message is too big");
    *out = r ? NULL : mu_blob_new_closed(s->heap, x.buf.p, x.buf.n, sizeof(END) - 1);
    if (asked)
        mu_xml_free(&added);
    mu_xml_free(&x);
    return r ? r : *out ? MUC_OK : MUC_ERR_NOMEM;
}

mu_packet *mu_message_packet(muc_service *s, mu_blob *body)
{
    static const muc_span head = {"<message", sizeof("<message") - 1};
    static const muc_span tail = {END, sizeof(END) - 1}, none = {"", 0};
    return mu_packet_new(s->heap, head, body, body->end_n ? none : tail);
}

int mu_say(muc_room *room, mu_packet *packet, mu_audience *to, bool keep, bool foreign_delay)
{
    muc_service *s = room->service;
    int r = to ? mu_send_all(s, MU_LANE_REST, room, packet, to) : MUC_OK;
    if (!r)
        r = mu_room_set_used(room, mu_now(s));
    s->tally.said += !r;
    if (!r && keep)
        r = mu_history_append(room, packet, mu_now(s), foreign_delay, mu_history_limit(room));
    return r;
}

static int keep_it(mu_talk *t, bool *keep)
{
    t->message.keep = t->message.body && !t->is_subject && !t->hinted;
    int r = mu_fire(t->in->room->service, MUC_ON_HISTORY_KEEP, &t->event, NULL);
    *keep = t->message.keep && !t->message.filter;
    return r < 0 ? r : MUC_OK;
}

static int set_subject(mu_talk *t, mu_blob *body)
{
    muc_room *room = t->in->room;
    muc_service *s = room->service;
    mu_buf from;
    mu_buf_init(&from, s->heap);
    int r = MUC_OK;
    if (t->message.nick) {
        r = mu_address_of(room, t->message.nick, &from);
    } else {
        mu_buf_add(&from, room->key.p, room->key.n);
        mu_buf_char(&from, '/');
        mu_buf_str(&from, muc_occupant_nick(t->in->occupant));
    }
    if (!r)
        r = from.failed ? MUC_ERR_NOMEM
                        : mu_room_set_subject(room, mu_blob_ref(body), t->message.subject, from.p, mu_now(s));
    mu_buf_free(&from);
    return r < 0 ? r : mu_notify(s, MUC_ON_SUBJECT, room, t->in->occupant, t->in->from, NULL, &t->message);
}

int mu_fire_kept(muc_service *s, muc_event *event, const mu_packet *packet)
{
    muc_span *xml = event->as.message->xml;
    if (!mu_hooked(s, MUC_ON_KEPT))
        return MUC_OK;
    xml[0] = mu_packet_head(packet);
    xml[1] = mu_packet_body(packet);
    xml[2] = mu_packet_tail(packet);
    int r = mu_fire(s, MUC_ON_KEPT, event, NULL);
    xml[0] = xml[1] = xml[2] = (muc_span){NULL, 0};
    return r < 0 ? r : MUC_OK;
}

/* Everybody, or those whom a handler's filter picks. */
static mu_audience *listeners(const mu_talk *t, bool *empty)
{
    const muc_message_event *m = &t->message;
    return m->filter ? mu_room_picked(t->in->room, m->filter, m->filter_ud) : mu_room_everyone(t->in->room, empty);
}

/* It is kept, and shown to everybody who enters. */
static int check_subject(const mu_talk *t, const mu_blob *body)
{
    muc_service *s = t->in->room->service;
    const xmlNode *subject = muc_node_child(t->in->st.node, "subject", MUC_NS_CLIENT);
    bool fits = mu_blob_children(body).n <= s->settings.max_presence;
    mu_buf text;
    mu_buf_init(&text, s->heap);
    for (; subject && fits; subject = muc_node_next(subject, "subject", MUC_NS_CLIENT)) {
        mu_buf_reset(&text);
        mu_node_text(subject, &text);
        fits = text.n <= s->settings.max_text;
    }
    bool failed = text.failed;
    mu_buf_free(&text);
    if (failed)
        return MUC_ERR_NOMEM;
    return fits ? MUC_OK : mu_refuse(s, MUC_POLICY_VIOLATION, MUC_ERROR_MODIFY, "the subject is too long");
}

static int send_talk(mu_talk *t)
{
    muc_room *room = t->in->room;
    muc_service *s = room->service;
    bool keep = false, empty = false;
    mu_blob *body = NULL;
    mu_packet *packet = NULL;
    mu_audience *everyone = NULL;
    int r = keep_it(t, &keep);
    if (!r)
        r = mu_message_blob(t->in, MUC_ON_MESSAGE_BUILD, &t->message, "groupchat", "", &body);
    if (!r && t->is_subject)
        r = check_subject(t, body);
    if (!r) {
        packet = mu_message_packet(s, body);
        everyone = listeners(t, &empty);
        r = packet && (everyone || empty) ? mu_say(room, packet, everyone, keep, t->foreign_delay) : MUC_ERR_NOMEM;
    }
    if (!r && keep)
        r = mu_fire_kept(s, &t->event, packet);
    if (!r)
        r = mu_fire(s, MUC_ON_SAID, &t->event, NULL);
    if (!r && t->is_subject)
        r = set_subject(t, body);
    if (!r)
        r = mu_notify(s, MUC_ON_SENT, room, t->in->occupant, t->in->from, NULL, &t->message);
    mu_audience_unref(everyone);
    mu_packet_unref(s->heap, packet);
    mu_blob_unref(s->heap, body);
    return r;
}

/* Whether who speaks may, and as whom. */
static int decide(muc_service *s, mu_talk *t)
{
    bool inside = t->in->occupant != NULL;
    int r = mu_fire(s, inside ? MUC_ON_GROUPCHAT : MUC_ON_STRANGER, &t->event, NULL);
    if (r >= 0 && !inside && (!t->message.nick || t->is_subject))
        r = mu_refuse(s, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, "only occupants may send messages to the room");
    if (r >= 0 && t->is_subject && !t->message.discard)
        r = mu_fire(s, MUC_ON_PRE_SUBJECT, &t->event, NULL);
    return r < 0 ? r : MUC_OK;
}

int mu_groupchat(muc_service *s, mu_incoming *in)
{
    mu_talk t;
    int r = talk_read(&t, s, in);
    if (!r)
        r = decide(s, &t);
    if (!r && !t.message.discard)
        r = send_talk(&t);
    talk_free(&t);
    return r;
}
