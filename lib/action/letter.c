/* letter.c: messages of a room to those who are not in it: how they are sent, and how it is known whom they were about.
 */
#include <action/invite.h>

#include <string.h>

/* ---- sending ---------------------------------------------------------------------------------------------------- */

static mu_packet *packet_of(const mu_letter *letter, const muc_event *event, const muc_xml *added)
{
    muc_room *room = event->room;
    muc_service *s = room->service;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_attr_from(&x.buf, room, NULL);
    mu_attr(&x.buf, "id", letter->id);
    mu_attr(&x.buf, "xml:lang", letter->lang);
    mu_buf_char(&x.buf, '>');
    if (!event->as.invite->replaced)
        letter->write(&x, room, event->as.invite);
    mu_xml_settle(&x);
    mu_xml_raw(&x, added->buf.p, added->buf.n);
    mu_blob *body = muc_xml_error(&x) ? NULL : mu_blob_new(s->heap, x.buf.p, x.buf.n);
    mu_packet *packet = body ? mu_message_packet(s, body) : NULL;
    mu_blob_unref(s->heap, body);
    mu_xml_free(&x);
    return packet;
}

static int send(const mu_letter *letter, const muc_event *event, const muc_xml *added)
{
    muc_service *s = event->room->service;
    mu_packet *packet = packet_of(letter, event, added);
    mu_peer *to = packet ? mu_peer_get(s, letter->to) : NULL;
    int r = to ? mu_send(s, MU_LANE_REST, event->room, packet, to) : MUC_ERR_NOMEM;
    mu_peer_unref(s->heap, to);
    mu_packet_unref(s->heap, packet);
    return r;
}

int mu_letter_send(const mu_letter *letter, muc_event *event)
{
    muc_service *s = event->room->service;
    muc_invite_event *invite = event->as.invite;
    muc_xml added;
    mu_xml_init(&added, s->heap, MUC_NS_CLIENT);
    invite->out = &added;
    int r = mu_fire(s, letter->point, event, NULL);
    invite->out = NULL;
    mu_xml_settle(&added);
    if (r >= 0)
        r = added.depth ? MUC_ERR_INVALID : muc_xml_error(&added);
    if (!r && letter->to && !invite->handled)
        r = send(letter, event, &added);
    mu_xml_free(&added);
    return r;
}

/* ---- whom it is about ------------------------------------------------------------------------------------------- */

/* The key of an address: of the room with a nickname as nicknames are compared, else bare. */
static int add_key(muc_room *room, const char *jid, mu_buf *out)
{
    muc_service *s = room->service;
    mu_address to;
    mu_buf parts;
    mu_buf_init(&parts, s->heap);
    int r = mu_address_read(s, jid, &parts, &to);
    if (r == MUC_OK && to.room.n && to.nick.n) {
        mu_buf nick;
        size_t key_at;
        mu_buf_init(&nick, s->heap);
        r = mu_nick_prepare(s, to.nick, &nick, &key_at);
        mu_buf_span(out, to.room);
        mu_buf_char(out, '/');
        if (!r)
            mu_buf_str(out, nick.p + key_at);
        mu_buf_free(&nick);
    } else if (r == MUC_OK || r == MUC_NOT_MINE) {
        r = mu_real_key(s, jid, true, out, NULL);
        if (!r)
            mu_buf_cut(out, out->n - 1);
    }
    mu_buf_free(&parts);
    return r;
}

int mu_invite_key(muc_room *room, const char *invitee, const char *inviter, mu_buf *out)
{
    int r = mu_real_key(room->service, invitee, true, out, NULL);
    if (r)
        return r;
    mu_buf_cut(out, out->n - 1);
    mu_buf_char(out, ' ');
    r = add_key(room, inviter, out);
    return out->failed ? MUC_ERR_NOMEM : r;
}
