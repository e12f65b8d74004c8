/* decline.c: what becomes of an invitation: it is declined, or it comes back (XEP-0045 section 7.8.2). */
#include <action/actor.h>
#include <action/invite.h>

#include <string.h>

/* ---- which invitation ------------------------------------------------------------------------------------------- */

/* By whom the invitee was told that he is invited; where he was told a real JID he may name the nickname instead. */
static int find(muc_room *room, const char *from, const char *to, muc_record *out)
{
    mu_buf key;
    mu_buf_init(&key, room->service->heap);
    int r = mu_invite_key(room, from, to, &key);
    int found = !r && muc_record_find(room, MU_INVITES, key.p, out);
    const muc_occupant *named = r || found ? NULL : muc_occupant_by_nick(room, to);
    if (named) {
        mu_buf_reset(&key);
        r = mu_invite_key(room, from, mu_occupant_bare(named), &key);
        found = !r && muc_record_find(room, MU_INVITES, key.p, out);
    }
    mu_buf_free(&key);
    return found ? MUC_OK : r == MUC_ERR_NOMEM ? r : MUC_ERR_NOT_FOUND;
}

/* ---- declining -------------------------------------------------------------------------------------------------- */

static void write_decline(muc_xml *x, const muc_room *room, const muc_invite_event *invite)
{
    (void)room;
    muc_xml_open(x, "x", MUC_NS_USER);
    muc_xml_open(x, "decline", NULL);
    muc_xml_attr(x, "from", invite->invitee);
    if (invite->reason && invite->reason[0])
        muc_xml_leaf(x, "reason", invite->reason);
    muc_xml_close(x);
    muc_xml_close(x);
}

static int send_decline(muc_event *event)
{
    muc_service *s = event->room->service;
    muc_invite_event *invite = event->as.invite;
    int r = mu_fire(s, MUC_ON_PRE_DECLINE, event, NULL);
    if (r >= 0)
        r = mu_reason_check(s, invite->reason);
    if (r)
        return r;
    mu_letter letter = {.point = MUC_ON_DECLINE,
                        .to = invite->to,
                        .lang = event->stanza ? muc_node_lang(event->stanza) : NULL,
                        .write = write_decline};
    r = mu_letter_send(&letter, event);
    return r ? r : mu_notify(s, MUC_ON_DECLINED, event->room, event->occupant, event->from, NULL, invite);
}

/* A copy of a JID, of its bare part when it is not to be more. NULL: memory. */
static char *copy(muc_service *s, const char *jid, bool bare)
{
    return mu_strndup(s->heap, jid, bare ? strcspn(jid, "/") : strlen(jid));
}

/* Who invited is told where he is, or was, in the room; the invitee is what the inviter called him. */
static int decline(muc_room *room, const char *from, const char *to, const char *reason, const xmlNode *stanza)
{
    muc_service *s = room->service;
    muc_record found;
    int r = find(room, from, to, &found);
    if (r)
        return r;
    const char *told = found.text[MU_INVITE_INVITER];
    char *inviter = copy(s, told, !muc_session_by_jid(room, told));
    char *invitee = copy(s, found.text[MU_INVITE_INVITEE], true);
    r = inviter && invitee ? mu_record_remove(room, MU_INVITES, found.key) : MUC_ERR_NOMEM;
    if (r >= 0) {
        muc_invite_event invite = {
            .invitee = invitee, .inviter = to, .to = inviter[0] ? inviter : NULL, .reason = reason};
        muc_event event = {.room = room,
                           .occupant = muc_occupant_by_jid(room, from),
                           .stanza = stanza,
                           .from = from,
                           .as = {.invite = &invite}};
        r = send_decline(&event);
    }
    mu_free(s->heap, inviter);
    mu_free(s->heap, invitee);
    return r;
}

int muc_room_decline(muc_room *room, const char *from, const char *to, const char *reason, const xmlNode *stanza)
{
    mu_txn txn;
    if (!room->present || !from || !to || mu_reason_check(room->service, reason))
        return MUC_ERR_INVALID;
    int r = mu_begin_now(room->service, &txn);
    return r ? r : mu_end(&txn, decline(room, from, to, reason, stanza));
}

/* ---- bouncing --------------------------------------------------------------------------------------------------- */

/* There is nobody of that JID; servers also say it in other words, so that nobody can ask them who there is. */
static muc_condition reason_of(const mu_stanza *st)
{
    muc_condition condition = mu_stanza_condition(st);
    if (!condition)
        return MUC_ITEM_NOT_FOUND;
    switch (condition) {
    case MUC_GONE:
    case MUC_RECIPIENT_UNAVAILABLE:
    case MUC_REMOTE_SERVER_NOT_FOUND:
    case MUC_SERVICE_UNAVAILABLE:
        return MUC_ITEM_NOT_FOUND;
    default:
        return condition;
    }
}

/* The condition alone and whom he invited: what else came back was not written for him. */
static mu_packet *bounce(muc_room *room, const muc_record *found, muc_condition condition)
{
    mu_heap *heap = room->service->heap;
    muc_xml x;
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    muc_xml_open(&x, "message", NULL);
    muc_xml_attr(&x, "from", room->key.p);
    muc_xml_attr(&x, "type", "error");
    muc_xml_attr(&x, "id", found->text[MU_INVITE_ASKED][0] ? found->text[MU_INVITE_ASKED] : NULL);
    muc_xml_open(&x, "x", MUC_NS_USER);
    muc_xml_open(&x, "invite", NULL);
    muc_xml_attr(&x, "to", found->text[MU_INVITE_INVITEE]);
    muc_xml_close(&x);
    muc_xml_close(&x);
    mu_xml_error_element(&x, condition, muc_condition_type(condition), NULL, NULL);
    muc_xml_close(&x);
    size_t head = sizeof("<message") - 1;
    mu_packet *packet = muc_xml_error(&x) ? NULL
                                          : mu_packet_new(heap, (muc_span){x.buf.p, head}, NULL,
                                                          (muc_span){x.buf.p + head, x.buf.n - head});
    mu_xml_free(&x);
    return packet;
}

/* Of the invitation that had that id, and went to who sends it back. */
static int find_returned(const mu_incoming *in, muc_record *out)
{
    size_t cursor = 0, n = in->peer->bare_n;
    while (muc_record_next(in->room, MU_INVITES, &cursor, out))
        if (strcmp(out->text[MU_INVITE_ID], in->st.id) == 0 && strncmp(out->key, in->peer->key.p, n) == 0 &&
            out->key[n] == ' ')
            return 1;
    return 0;
}

int mu_invite_bounced(const mu_incoming *in)
{
    muc_record found;
    if (!in->st.id || !find_returned(in, &found))
        return MUC_OK;
    muc_room *room = in->room;
    muc_service *s = room->service;
    const muc_session *inviter = muc_session_by_jid(room, found.text[MU_INVITE_INVITER]);
    mu_packet *packet = bounce(room, &found, reason_of(&in->st));
    int r = packet ? mu_record_remove(room, MU_INVITES, found.key) : MUC_ERR_NOMEM;
    if (r >= 0 && inviter)
        r = mu_send(s, MU_LANE_REST, room, packet, inviter->peer);
    mu_packet_unref(s->heap, packet);
    return r < 0 ? r : MUC_OK;
}
