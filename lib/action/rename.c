/* rename.c: another nickname (XEP-0045 section 7.6).
 *
 * A nickname is an occupant: where several sessions share it all of them go with it, each told as if it had asked. */
#include <action/view.h>

#include <string.h>

/* One change of a nickname. */
typedef struct renaming {
    muc_occupant *occupant;
    const char *nick, *nick_key;
    mu_incoming *in; /* who asked for it; NULL: the service calls him so */
    const mu_firing *firing;
} renaming;

/* Every session's presence says who it is from. */
static int move_presences(const renaming *n)
{
    muc_occupant *o = n->occupant;
    for (muc_session *session = o->first; session; session = session->next) {
        bool asking = n->in && session == n->in->session;
        const xmlNode *presence = asking ? n->in->st.node : NULL;
        int priority = asking ? mu_presence_priority(presence) : muc_session_priority(session);
        mu_blob *blob = asking ? NULL : mu_presence_renamed(session->presence, o->room, muc_occupant_nick(o));
        int r = blob ? MUC_OK : MUC_ERR_NOMEM;
        if (asking)
            r = mu_presence_take(o, presence, n->firing->drops, *n->firing->drop_count, &blob);
        if (!r)
            r = mu_session_set_presence(session, blob, priority);
        if (r)
            return r;
    }
    return MUC_OK;
}

static int announce_former(const renaming *n)
{
    muc_occupant *o = n->occupant;
    mu_notice_about about = {
        .unavailable = true, .affiliation = o->affiliation, .role = o->role, .new_nick = n->nick, .codes = {{303}, 1}};
    int r = mu_presence_blob(o, NULL, NULL, 0, &about.payload);
    if (!r)
        r = mu_announce(o, &about, mu_is_shown(o));
    mu_blob_unref(o->room->service->heap, about.payload);
    return r;
}

/* What nobody asked for is said to all (section 7.10); another nickname than was asked for, to who asked. */
static int announce_new(const renaming *n)
{
    muc_occupant *o = n->occupant;
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role};
    if (!n->in) {
        (void)mu_codes_add(&about.codes, 210);
    } else {
        about.id = n->in->st.id;
        about.id_for = n->in->session;
        if (mu_nick_is_other(n->in, n->nick))
            (void)mu_codes_add(&about.own_codes, 210);
    }
    return mu_announce(o, &about, mu_is_shown(o));
}

static int perform(const renaming *n)
{
    muc_occupant *o = n->occupant;
    muc_service *s = o->room->service;
    const char *from = n->in ? n->in->from : NULL;
    int r = announce_former(n);
    char *former = r ? NULL : mu_strdup(s->heap, muc_occupant_nick(o));
    if (!former)
        return r ? r : MUC_ERR_NOMEM;
    r = mu_occupant_rename(o, n->nick, n->nick_key);
    if (!r)
        r = move_presences(n);
    if (!r)
        r = mu_occupant_choose(o);
    if (r >= 0)
        r = announce_new(n);
    muc_join_event join = {.jid = from ? from : mu_peer_jid(o->primary->peer),
                           .nick = former,
                           .former_nick = former,
                           .affiliation = o->affiliation,
                           .role = o->role};
    muc_event event = {.room = o->room, .occupant = o, .from = from, .as = {.join = &join}};
    if (!r && n->in)
        r = mu_fire(s, MUC_ON_UPDATED, &event, NULL);
    if (r >= 0)
        r = mu_notify(s, MUC_ON_RENAMED, o->room, o, from, NULL, &join);
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
        r = perform(&(renaming){.occupant = o, .nick = nick, .nick_key = nick_key, .in = in, .firing = &firing});
    mu_buf_free(&other);
    return r;
}

/* ---- by the service --------------------------------------------------------------------------------------------- */

/* Whether somebody else has a nickname, or has it reserved. */
static bool is_anothers(const muc_occupant *o, const char *nick_key)
{
    const muc_occupant *holder = mu_occupant_by_key(o->room, nick_key, strlen(nick_key));
    const mu_affiliation *owner = mu_affiliation_by_nick(o->room, nick_key);
    return (holder && holder != o) || (owner && strcmp(owner->name, mu_occupant_bare_key(o)) != 0);
}

static int call(muc_occupant *o, const char *nick)
{
    mu_buf buf;
    size_t key_at;
    mu_buf_init(&buf, o->room->service->heap);
    int r = mu_nick_prepare(o->room->service, mu_nick_span(o->room, nick), &buf, &key_at);
    if (!r && is_anothers(o, buf.p + key_at))
        r = MUC_ERR_CONFLICT;
    if (!r && strcmp(buf.p, muc_occupant_nick(o)) != 0) {
        r = perform(&(renaming){.occupant = o, .nick = buf.p, .nick_key = buf.p + key_at});
        r = r ? r : MUC_CHANGED;
    }
    mu_buf_free(&buf);
    return r;
}

int muc_occupant_set_nick(muc_occupant *o, const char *nick)
{
    if (!o->present || !nick)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(o->room->service, &txn);
    return r ? r : mu_end(&txn, call(o, nick));
}
