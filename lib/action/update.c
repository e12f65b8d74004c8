/* update.c: an occupant's new presence (XEP-0045 section 7.7). */
#include <action/view.h>

int mu_update(muc_service *s, mu_incoming *in)
{
    muc_occupant *o = in->occupant;
    muc_session *session = in->session;
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count = 0;
    muc_join_event join = {.jid = in->from, .nick = o->name, .affiliation = o->affiliation, .role = o->role};
    muc_event event = {.room = in->room, .occupant = o, .stanza = in->st.node, .from = in->from, .as = {.join = &join}};
    mu_firing firing = {.drops = drops, .drop_count = &drop_count};
    int r = mu_fire(s, MUC_ON_PRE_UPDATE, &event, &firing);
    if (r < 0)
        return r;
    mu_blob *blob = mu_presence_blob(in->room, o->name, in->st.node, drops, drop_count);
    r = blob ? mu_session_set_presence(session, blob, mu_presence_priority(in->st.node)) : MUC_ERR_NOMEM;
    if (!r)
        r = mu_occupant_choose(o);
    if (r < 0)
        return r;
    /* Of several sessions one is shown; an update of another is seen by that session alone. */
    bool seen = r == MUC_CHANGED || o->primary == session;
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role, .id = in->st.id, .id_for = session};
    if (!seen) {
        about.own_only = true;
        about.only = session;
        about.payload = session->presence;
    }
    return mu_announce(o, &about, mu_role_is_broadcast(in->room, o->role));
}
