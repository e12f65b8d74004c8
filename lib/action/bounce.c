/* bounce.c: a stanza of type error came back (XEP-0045 section 18.1.2): who is not there any more is removed, and who
 * sent a private message or an invitation learns that it did not arrive. */
#include <action/action.h>
#include <model/recent.h>

#include <string.h>

/* Conditions that say that the occupant is not there any more. */
static bool means_gone(const muc_service *s, muc_condition condition)
{
    switch (condition) {
    case MUC_SERVICE_UNAVAILABLE:
        return s->settings.unavailable_is_gone != 0;
    case MUC_GONE:
    case MUC_ITEM_NOT_FOUND:
    case MUC_RECIPIENT_UNAVAILABLE:
    case MUC_REDIRECT:
    case MUC_REMOTE_SERVER_NOT_FOUND:
    case MUC_REMOTE_SERVER_TIMEOUT:
        return true;
    default:
        return false;
    }
}

/* Type and condition only: texts, addresses and what is brought back may hold the real JID of who bounced it. */
static mu_packet *bounce(const mu_incoming *in)
{
    mu_heap *heap = in->room->service->heap;
    mu_buf from;
    muc_xml x;
    mu_buf_init(&from, heap);
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    mu_buf_add(&from, in->room->key.p, in->room->key.n);
    mu_buf_char(&from, '/');
    mu_buf_str(&from, muc_occupant_nick(in->occupant));
    muc_xml_open(&x, "message", NULL);
    muc_xml_attr(&x, "from", from.failed ? NULL : from.p);
    muc_xml_attr(&x, "type", "error");
    muc_xml_attr(&x, "id", in->st.id);
    mu_xml_error_element(&x, mu_stanza_condition(&in->st), mu_stanza_error_type(&in->st), NULL, NULL);
    muc_xml_close(&x);
    size_t head = sizeof("<message") - 1;
    mu_packet *packet = NULL;
    if (!from.failed && !muc_xml_error(&x))
        packet = mu_packet_new(heap, (muc_span){x.buf.p, head}, NULL, (muc_span){x.buf.p + head, x.buf.n - head});
    mu_xml_free(&x);
    mu_buf_free(&from);
    return packet;
}

static muc_span user_of(const muc_occupant *occupant)
{
    const char *key = mu_occupant_bare_key(occupant);
    return (muc_span){key, strlen(key)};
}

int mu_private_sent(const mu_incoming *in, const muc_occupant *to)
{
    return mu_recent_add(in->room, user_of(in->occupant), user_of(to), in->st.id);
}

/* Which session wrote the private message is not known: all of its nickname hear of it, as they do of answers. What
 * comes back of no message, or once more, is for nobody: it would be a way around all that holds for messages. */
static int return_private(mu_incoming *in)
{
    muc_occupant *to = mu_occupant_by_key(in->room, in->nick_key, strlen(in->nick_key));
    int r = to ? mu_recent_take(in->room, user_of(to), user_of(in->occupant), in->st.id) : MUC_ERR_NOT_FOUND;
    if (r)
        return r == MUC_ERR_NOT_FOUND ? MUC_OK : r;
    mu_packet *packet = bounce(in);
    r = packet ? MUC_OK : MUC_ERR_NOMEM;
    for (muc_session *session = to->first; session && !r; session = session->next)
        if (session != in->session)
            r = mu_send(in->room->service, MU_LANE_REST, in->room, packet, session->peer);
    mu_packet_unref(in->room->service->heap, packet);
    return r;
}

int mu_bounced(mu_incoming *in)
{
    int r = in->room && in->st.kind == MU_MESSAGE && !in->nick ? mu_invite_bounced(in) : MUC_OK;
    if (r || !in->session)
        return r;
    if (in->st.kind == MU_MESSAGE && in->nick)
        r = return_private(in);
    if (r || !means_gone(in->room->service, mu_stanza_condition(&in->st)))
        return r;
    mu_notice_about about = {.codes = {{333}, 1}};
    return mu_leave(in->session, NULL, NULL, &about, true);
}
