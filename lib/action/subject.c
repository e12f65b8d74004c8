/* subject.c: subject and history from the API: what a host or a bot says in the room's name. */
#include <action/talk.h>
#include <base/text.h>

#include <string.h>

/* ` from='..' type='groupchat'><subject>..</subject>` */
static mu_blob *subject_blob(muc_service *s, const char *from, const char *subject)
{
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_attr(&x.buf, "from", from);
    mu_buf_str(&x.buf, " type='groupchat'>");
    muc_xml_leaf(&x, "subject", subject);
    mu_blob *blob = muc_xml_error(&x) ? NULL : mu_blob_new(s->heap, x.buf.p, x.buf.n);
    mu_xml_free(&x);
    return blob;
}

/* Whether an address is the room's or an occupant's of it, as the room spells it. */
static bool is_of_room(const muc_room *room, const char *jid)
{
    size_t n = room->key.n;
    return strncmp(jid, room->key.p, n) == 0 && (jid[n] == '\0' || jid[n] == '/') && mu_xml_valid(jid, strlen(jid));
}

static int set_subject(muc_room *room, const char *from, const char *subject)
{
    muc_service *s = room->service;
    const mu_subject *now = &room->live->subject;
    if (strcmp(now->text ? now->text : "", subject) == 0 && now->from && strcmp(now->from, from) == 0)
        return MUC_OK;
    bool empty;
    mu_blob *body = subject_blob(s, from, subject);
    mu_packet *packet = body ? mu_message_packet(s, body) : NULL;
    mu_audience *everyone = packet ? mu_room_everyone(room, &empty) : NULL;
    int r = !packet || (!everyone && !empty) ? MUC_ERR_NOMEM : mu_say(room, packet, everyone, false, false);
    if (!r)
        r = mu_room_set_subject(room, mu_blob_ref(body), subject, from, mu_now(s));
    muc_message_event message = {.subject = subject};
    if (r >= 0)
        r = mu_notify(s, MUC_ON_SUBJECT, room, NULL, NULL, NULL, &message);
    mu_audience_unref(everyone);
    mu_packet_unref(s->heap, packet);
    mu_blob_unref(s->heap, body);
    return r < 0 ? r : MUC_CHANGED;
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_room_set_subject(d->room, d->text[0], d->text[1]);
}

int muc_room_set_subject(muc_room *room, const char *from, const char *subject)
{
    muc_service *s = room->service;
    subject = subject ? subject : "";
    if (!room->present || strlen(subject) > s->settings.max_text || !mu_xml_valid(subject, strlen(subject)))
        return MUC_ERR_INVALID;
    if (from && !is_of_room(room, from))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(s, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(s, &(mu_deferred){.run = run_deferred, .room = room, .text = {from, subject}});
    return r ? r : mu_end(&txn, set_subject(room, from ? from : room->key.p, subject));
}

/* ---- history ---------------------------------------------------------------------------------------------------- */

/* A message of an archive as if it had been sent: its own `from` and id, less what only the service may say. */
static mu_packet *archived(muc_room *room, const mu_stanza *st)
{
    muc_service *s = room->service;
    const char *names[] = {"from", "type", "id", "xml:lang"}, *values[] = {st->from, "groupchat", st->id, st->lang};
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        mu_attr(&x.buf, names[i], values[i]);
    mu_buf_char(&x.buf, '>');
    mu_strip strip = {.service = s, .room = room};
    mu_xml_children(&x, st->node, mu_forged, &strip);
    mu_xml_settle(&x);
    mu_blob *body = muc_xml_error(&x) ? NULL : mu_blob_new(s->heap, x.buf.p, x.buf.n);
    mu_packet *packet = body ? mu_message_packet(s, body) : NULL;
    mu_blob_unref(s->heap, body);
    mu_xml_free(&x);
    return packet;
}

int muc_history_add(muc_room *room, const xmlNode *message, int64_t at)
{
    muc_service *s = room->service;
    mu_stanza st;
    if (!room->present || mu_node_check(message, s->settings.max_depth) || !mu_stanza_read(&st, message) ||
        st.kind != MU_MESSAGE || !st.from || !is_of_room(room, st.from))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_packet *packet = archived(room, &st);
    r = packet ? mu_history_append(room, packet, at, false, mu_history_limit(room)) : MUC_ERR_NOMEM;
    mu_packet_unref(s->heap, packet);
    return mu_end(&txn, r);
}

int muc_history_clear(muc_room *room)
{
    if (!room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    bool some = room->live->message_count > 0;
    r = mu_history_trim(room, 0);
    return mu_end(&txn, r ? r : some ? MUC_CHANGED : MUC_OK);
}
