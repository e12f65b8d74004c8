/* presence.c: what a presence stanza means: entering, renaming, updating, leaving, or nothing (XEP-0045 section 17.3).
 */
#include <action/view.h>

#include <string.h>

static int unavailable(muc_service *s, mu_incoming *in)
{
    if (!in->session)
        return MUC_OK;
    muc_leave_event leave = {.jid = in->from,
                             .nick = muc_occupant_nick(in->occupant),
                             .last_session = mu_occupant_sessions(in->occupant) == 1};
    muc_event event = {
        .room = in->room, .occupant = in->occupant, .stanza = in->st.node, .from = in->from, .as = {.leave = &leave}};
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count = 0;
    mu_firing firing = {.drops = drops, .drop_count = &drop_count};
    int r = mu_fire(s, MUC_ON_PRE_LEAVE, &event, &firing);
    if (r == MUC_ERR_REJECTED || r == MUC_STOP)
        return MUC_OK;
    return r < 0 ? r : mu_leave(in->session, in->st.node, &firing, NULL, false);
}

/* XEP-0045 section 17.3: an occupant may ask for another's presence; an outsider learns nothing. Who has his nickname
 * reserved and is not there is said to be away. */
static int probe(mu_incoming *in)
{
    if (!in->session || !in->nick)
        return MUC_OK;
    muc_occupant *o = mu_occupant_by_key(in->room, in->nick_key, strlen(in->nick_key));
    const mu_affiliation *absent = o ? NULL : mu_affiliation_by_nick(in->room, in->nick_key);
    if (absent)
        return mu_show_absent(in->room, absent, in->session);
    if (!o || (o != in->occupant && !mu_is_shown(o)))
        return MUC_OK;
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role};
    return mu_show(o, &about, in->session);
}

/* XEP-0045 section 7.2.18: presence without `<x/>` from who is not in the room: he thinks he is. He is told that he is
 * not. */
static int desynced(muc_service *s, mu_incoming *in)
{
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    muc_xml_open(&x, "presence", NULL);
    muc_xml_attr(&x, "from", in->st.to);
    muc_xml_attr(&x, "type", "unavailable");
    muc_xml_attr(&x, "id", in->st.id);
    muc_xml_open(&x, "x", MUC_NS_USER);
    muc_xml_open(&x, "item", NULL);
    muc_xml_attr(&x, "affiliation", "none");
    muc_xml_attr(&x, "role", "none");
    muc_xml_leaf(&x, "reason", "You are not in this room.");
    muc_xml_close(&x);
    static const int codes[] = {110, 307, 333};
    for (size_t i = 0; i < sizeof(codes) / sizeof(*codes); i++) {
        muc_xml_open(&x, "status", NULL);
        muc_xml_attr_number(&x, "code", codes[i]);
        muc_xml_close(&x);
    }
    muc_xml_close(&x);
    muc_xml_close(&x);
    int r = muc_xml_error(&x);
    size_t head = sizeof("<presence") - 1;
    mu_packet *packet =
        r ? NULL : mu_packet_new(s->heap, (muc_span){x.buf.p, head}, NULL, (muc_span){x.buf.p + head, x.buf.n - head});
    if (!r)
        r = packet ? mu_send(s, MU_LANE_REPLY, in->room, packet, in->peer) : MUC_ERR_NOMEM;
    mu_packet_unref(s->heap, packet);
    mu_xml_free(&x);
    return r;
}

static int available(muc_service *s, mu_incoming *in)
{
    bool joins = muc_node_child(in->st.node, "x", MUC_NS) != NULL;
    if (in->session) {
        muc_occupant *o = in->occupant;
        bool own = !in->nick || strcmp(in->nick, muc_occupant_nick(o)) == 0;
        if (!own)
            return mu_rename(s, in);
        return joins && in->nick ? mu_join(s, in) : mu_update(s, in);
    }
    if (in->tombstone && !mu_tombstone_gives_way(s, in))
        return mu_tombstone_refuse(s, in->tombstone);
    if (!in->nick)
        return mu_refuse(s, MUC_JID_MALFORMED, MUC_ERROR_DEFAULT, "a nickname is needed to enter");
    if (joins || (in->room && s->settings.groupchat_1_0))
        return mu_join(s, in);
    if (!in->room || in->room->locked)
        return mu_refuse(s, MUC_ITEM_NOT_FOUND, MUC_ERROR_DEFAULT, NULL);
    return desynced(s, in);
}

int mu_presence(muc_service *s, mu_incoming *in)
{
    switch (in->st.type) {
    case MU_TYPE_NONE:
        return available(s, in);
    case MU_TYPE_UNAVAILABLE:
        return unavailable(s, in);
    case MU_TYPE_PROBE:
        return probe(in);
    case MU_TYPE_ERROR:
        return mu_bounced(in);
    default:
        return MUC_OK;
    }
}
