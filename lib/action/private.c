/* private.c: a message to one occupant (XEP-0045 section 7.5). */
#include <action/talk.h>

#include <string.h>

static int send_to_all_sessions(muc_room *room, mu_packet *packet, muc_occupant *to)
{
    for (muc_session *session = to->first; session; session = session->next) {
        int r = mu_send(room->service, MU_LANE_REST, room, packet, session->peer);
        if (r)
            return r;
    }
    return MUC_OK;
}

static int deliver(muc_service *s, mu_incoming *in, muc_occupant *to)
{
    const xmlNode *body_node = muc_node_child(in->st.node, "body", MUC_NS_CLIENT);
    muc_message_event message = {.to = to, .body = body_node ? muc_node_text(body_node) : NULL};
    muc_event event = {.room = in->room,
                       .occupant = in->occupant,
                       .stanza = in->st.node,
                       .from = in->from,
                       .as = {.message = &message}};
    int r = mu_fire(s, MUC_ON_PRIVATE, &event, NULL);
    if (r < 0 || message.discard)
        return r < 0 ? r : MUC_OK;
    /* Tells servers and clients that this is no ordinary chat (sections 7.5, 17.2; XEP-0280). */
    mu_blob *body;
    r = mu_message_blob(in, MUC_ON_PRIVATE_BUILD, &message, muc_node_attr(in->st.node, "type"),
                        "<x xmlns='" MUC_NS_USER "'/>", &body);
    if (r)
        return r;
    mu_packet *packet = mu_message_packet(s, body);
    r = packet ? send_to_all_sessions(in->room, packet, to) : MUC_ERR_NOMEM;
    if (!r)
        r = mu_private_sent(in, to);
    if (!r)
        r = mu_notify(s, MUC_ON_PRIVATE_SENT, in->room, in->occupant, in->from, NULL, &message);
    mu_packet_unref(s->heap, packet);
    mu_blob_unref(s->heap, body);
    return r;
}

int mu_private(muc_service *s, mu_incoming *in)
{
    if (!in->occupant)
        return mu_refuse(s, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, "only occupants may send private messages");
    if (in->st.type == MU_TYPE_GROUPCHAT)
        return mu_refuse(s, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, "a private message is not of type groupchat");
    muc_occupant *to = mu_occupant_by_key(in->room, in->nick_key, strlen(in->nick_key));
    if (!to)
        return mu_refuse(s, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
    return deliver(s, in, to);
}
