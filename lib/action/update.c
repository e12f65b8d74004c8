/* update.c: an occupant's new presence (XEP-0045 section 7.7). */
#include <action/view.h>

/* Of several sessions one is shown; an update of another is seen by that session alone, unless it was the one that was
 * shown: `changed`. seen: what the others saw before. */
static int tell(mu_incoming *in, bool changed, const mu_blob *seen)
{
    muc_occupant *o = in->occupant;
    muc_session *session = in->session;
    bool shown = mu_is_shown(o);
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role, .id = in->st.id, .id_for = session};
    if (o->primary == session)
        return mu_announce(o, &about, shown);
    about.own_only = true;
    about.only = session;
    about.payload = session->presence;
    int r = mu_announce(o, &about, shown);
    if (r || !changed)
        return r;
    mu_notice_about now = {.affiliation = o->affiliation,
                           .role = o->role,
                           .others_only = true,
                           .jid_only = mu_blob_same(o->primary->presence, seen)};
    return mu_announce(o, &now, shown);
}

int mu_update(muc_service *s, mu_incoming *in)
{
    muc_occupant *o = in->occupant;
    muc_session *session = in->session;
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count = 0;
    muc_join_event join = {
        .jid = in->from, .nick = muc_occupant_nick(o), .affiliation = o->affiliation, .role = o->role};
    muc_event event = {.room = in->room, .occupant = o, .stanza = in->st.node, .from = in->from, .as = {.join = &join}};
    mu_firing firing = {.drops = drops, .drop_count = &drop_count};
    int r = mu_fire(s, MUC_ON_PRE_UPDATE, &event, &firing);
    if (r < 0)
        return r;
    mu_blob *blob;
    r = mu_presence_take(o, in->st.node, drops, drop_count, &blob);
    if (r)
        return r;
    mu_blob *seen = mu_blob_ref(o->primary->presence);
    r = mu_session_set_presence(session, blob, mu_presence_priority(in->st.node));
    if (!r)
        r = mu_occupant_choose(o);
    if (r >= 0)
        r = tell(in, r == MUC_CHANGED, seen);
    if (!r)
        r = mu_fire(s, MUC_ON_UPDATED, &event, &firing);
    if (r > 0)
        r = MUC_OK;
    mu_blob_unref(s->heap, seen);
    return r;
}
