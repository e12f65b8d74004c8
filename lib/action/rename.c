/* rename.c: another nickname (XEP-0045 section 7.6).
 *
 * A nickname is an occupant: where several sessions share it all of them go with it, each told as if it had asked. */
#include <action/view.h>

#include <string.h>

/* Every session's presence says who it is from. */
static int move_presences(mu_incoming *in, const mu_firing *firing)
{
    muc_occupant *o = in->occupant;
    for (muc_session *session = o->first; session; session = session->next) {
        bool asking = session == in->session;
        int priority = asking ? mu_presence_priority(in->st.node) : muc_session_priority(session);
        mu_blob *blob = asking ? NULL : mu_presence_renamed(session->presence, o->room, muc_occupant_nick(o));
        int r = blob ? MUC_OK : MUC_ERR_NOMEM;
        if (asking)
            r = mu_presence_take(o->room, muc_occupant_nick(o), in->st.node, firing->drops, *firing->drop_count, &blob);
        if (!r)
            r = mu_session_set_presence(session, blob, priority);
        if (r)
            return r;
    }
    return MUC_OK;
}

static int announce(mu_incoming *in, const char *new_nick, mu_notice_about *about)
{
    muc_occupant *o = in->occupant;
    bool shown = mu_role_is_broadcast(in->room, o->role);
    *about = (mu_notice_about){
        .unavailable = true, .affiliation = o->affiliation, .role = o->role, .new_nick = new_nick, .codes = {{303}, 1}};
    about->payload = mu_presence_blob(in->room, muc_occupant_nick(o), NULL, NULL, 0);
    int r = about->payload ? mu_announce(o, about, shown) : MUC_ERR_NOMEM;
    mu_blob_unref(in->room->service->heap, about->payload);
    *about = (mu_notice_about){.affiliation = o->affiliation, .role = o->role, .id = in->st.id, .id_for = in->session};
    if (mu_nick_is_other(in, new_nick))
        (void)mu_codes_add(&about->own_codes, 210);
    return r;
}

static int perform(muc_service *s, mu_incoming *in, const char *nick, const char *nick_key, const mu_firing *firing)
{
    muc_occupant *o = in->occupant;
    mu_notice_about about;
    int r = announce(in, nick, &about);
    char *former = r ? NULL : mu_strdup(s->heap, muc_occupant_nick(o));
    if (!former)
        return r ? r : MUC_ERR_NOMEM;
    r = mu_occupant_rename(o, nick, nick_key);
    if (!r)
        r = move_presences(in, firing);
    if (!r)
        r = mu_occupant_choose(o);
    if (r >= 0)
        r = mu_announce(o, &about, mu_role_is_broadcast(in->room, o->role));
    muc_join_event join = {
        .jid = in->from, .nick = former, .former_nick = former, .affiliation = o->affiliation, .role = o->role};
    if (!r)
        r = mu_notify(s, MUC_ON_RENAMED, in->room, o, in->from, NULL, &join);
    mu_free(s->heap, former);
    return r;
}

int mu_rename(muc_service *s, mu_incoming *in)
{
    muc_occupant *o = in->occupant;
    mu_buf other;
    size_t key_at = 0;
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count = 0;
    mu_buf_init(&other, s->heap);
    muc_join_event join = {.jid = in->from,
                           .nick = in->nick,
                           .former_nick = muc_occupant_nick(o),
                           .affiliation = o->affiliation,
                           .role = o->role};
    muc_event event = {.room = in->room, .occupant = o, .stanza = in->st.node, .from = in->from, .as = {.join = &join}};
    mu_firing firing = {.nick = &other, .nick_key_at = &key_at, .drops = drops, .drop_count = &drop_count};
    int r = mu_fire(s, MUC_ON_PRE_RENAME, &event, &firing);
    const char *nick = other.n ? other.p : in->nick;
    const char *nick_key = other.n ? other.p + key_at : in->nick_key;
    muc_occupant *holder = NULL;
    if (r >= 0)
        r = mu_nick_taken(s, in->room, nick_key, in->peer, &holder);
    /* Two nicknames of one user stay two. */
    if (!r && holder && holder != o)
        r = mu_refuse(s, MUC_CONFLICT, MUC_ERROR_CANCEL, NULL);
    if (!r)
        r = perform(s, in, nick, nick_key, &firing);
    mu_buf_free(&other);
    return r;
}
