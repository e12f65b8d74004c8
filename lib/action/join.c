/* join.c: entering a room: first session, further session of a nickname, and asking for everything again (XEP-0045
 * section 7.2). */
#include <action/view.h>

#include <string.h>

/* One entry on its way. */
typedef struct mu_entry_plan {
    mu_incoming *in;
    muc_join_event join;
    muc_event event;
    mu_buf nick; /* another nickname, set by a handler */
    size_t nick_key_at;
    const xmlNode *drops[MU_MAX_DROPS];
    size_t drop_count;
    mu_codes codes; /* for the own presence */
    mu_firing firing;
    bool shown;    /* the others have something new to see */
    bool jid_only; /* namely another real JID and nothing else */
} mu_entry_plan;

static const char *text_of(const xmlNode *node)
{
    const char *text = muc_node_text(node);
    return node && !text ? "" : text;
}

static void plan(mu_entry_plan *p, muc_service *s, mu_incoming *in)
{
    const xmlNode *x = muc_node_child(in->st.node, "x", MUC_NS);
    const xmlNode *password = x ? muc_node_child(x, "password", NULL) : NULL;
    *p = (mu_entry_plan){.in = in};
    mu_buf_init(&p->nick, s->heap);
    p->join = (muc_join_event){.jid = in->from, .nick = in->nick, .password = password ? text_of(password) : NULL};
    p->event = (muc_event){.room = in->room, .stanza = in->st.node, .from = in->from, .as = {.join = &p->join}};
    p->firing = (mu_firing){.codes = &p->codes,
                            .nick = &p->nick,
                            .nick_key_at = &p->nick_key_at,
                            .drops = p->drops,
                            .drop_count = &p->drop_count};
}

/* The nickname and its key after the handlers had their say. */
static const char *nick_of(const mu_entry_plan *p)
{
    return p->nick.n ? p->nick.p : p->in->nick;
}

static const char *nick_key_of(const mu_entry_plan *p)
{
    return p->nick.n ? p->nick.p + p->nick_key_at : p->in->nick_key;
}

static muc_span bare_of(const mu_peer *peer)
{
    return (muc_span){peer->key.p, peer->bare_n};
}

int mu_nick_taken(muc_service *s, muc_room *room, const char *nick_key, const mu_peer *by, muc_occupant **holder)
{
    *holder = mu_occupant_by_key(room, nick_key, strlen(nick_key));
    if (*holder && !mu_same_user(*holder, by))
        return mu_refuse(s, MUC_CONFLICT, MUC_ERROR_CANCEL, NULL);
    const mu_affiliation *reserved = mu_affiliation_by_nick(room, nick_key);
    if (reserved && !(reserved->key.n == by->bare_n && memcmp(reserved->key.p, by->key.p, by->bare_n) == 0))
        return mu_refuse(s, MUC_CONFLICT, MUC_ERROR_CANCEL, NULL);
    return MUC_OK;
}

static int check_sessions(muc_room *room, const mu_peer *peer)
{
    muc_service *s = room->service;
    bool below;
    int r = mu_room_user_is_below(room, peer, s->settings.max_sessions, &below);
    if (!r && !below)
        r = mu_refuse(s, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "too many sessions");
    return r;
}

bool mu_nick_is_other(const mu_incoming *in, const char *nick)
{
    return strlen(nick) != in->to.nick.n || memcmp(nick, in->to.nick.p, in->to.nick.n) != 0;
}

typedef struct visits {
    size_t n, max;
} visits;

static int count_visit(muc_session *session, void *ud)
{
    visits *v = ud;
    v->n += session == session->occupant->first;
    return v->n >= v->max;
}

/* Nicknames that he has in all rooms. */
static int check_rooms(muc_service *s, const mu_incoming *in)
{
    visits v = {.max = s->settings.max_user_rooms};
    if (v.max == 0 || !mu_by_user_each(s, bare_of(in->peer), count_visit, &v) || muc_service_is_admin(s, in->from))
        return MUC_OK;
    return mu_refuse(s, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "in too many rooms");
}

/* The limits of the service, and who else is called that: told last, to those who might enter. */
static int check_place(muc_service *s, mu_entry_plan *p, muc_room *room, muc_occupant **occupant)
{
    const mu_peer *peer = p->in->peer;
    const char *nick_key = nick_key_of(p);
    muc_occupant *there = mu_occupant_by_key(room, nick_key, strlen(nick_key));
    bool own = there && mu_same_user(there, peer);
    if (!own && room->live->occupants.count >= s->settings.max_occupants)
        return mu_refuse(s, MUC_SERVICE_UNAVAILABLE, MUC_ERROR_WAIT, "the room is full");
    int r = own ? MUC_OK : check_rooms(s, p->in);
    if (!r)
        r = check_sessions(room, peer);
    return r ? r : mu_nick_taken(s, room, nick_key, peer, occupant);
}

/* Who he will be, and whether the rules let him in. */
static int decide(muc_service *s, mu_entry_plan *p, muc_room *room)
{
    mu_peer *peer = p->in->peer;
    p->event.room = room;
    p->join.affiliation = mu_affiliation_of(room, bare_of(peer));
    muc_occupant *there = mu_occupant_by_key(room, p->in->nick_key, strlen(p->in->nick_key));
    p->join.first_session = !there || !mu_same_user(there, peer);
    int r = mu_default_role(room, mu_peer_jid(peer), p->join.affiliation, &p->join.role);
    if (r)
        return r;
    if (!p->join.first_session)
        p->join.role = there->role;
    r = mu_fire(s, MUC_ON_PRE_JOIN, &p->event, &p->firing);
    if (r < 0)
        return r;
    if (p->join.role == MUC_ROLE_NONE && p->join.affiliation < MUC_AFFILIATION_MEMBER &&
        !muc_service_is_admin(s, p->in->from))
        return mu_refuse(s, MUC_REGISTRATION_REQUIRED, MUC_ERROR_DEFAULT, NULL);
    if (p->join.role == MUC_ROLE_NONE)
        p->join.role = MUC_ROLE_PARTICIPANT;
    return MUC_OK;
}

static int new_occupant(mu_entry_plan *p, muc_room *room, muc_occupant **out)
{
    muc_service *s = room->service;
    const mu_peer *peer = p->in->peer;
    const char *slash = strchr(mu_peer_jid(peer), '/');
    char *bare = mu_strndup(s->heap, mu_peer_jid(peer), slash ? (size_t)(slash - mu_peer_jid(peer)) : peer->jid_n);
    char *key = mu_strndup(s->heap, peer->key.p, peer->bare_n);
    *out = bare && key ? mu_occupant_make(room, nick_of(p), nick_key_of(p), bare, key) : NULL;
    mu_free(s->heap, bare);
    mu_free(s->heap, key);
    return *out ? MUC_OK : MUC_ERR_NOMEM;
}

/* What the others see of the occupant now that `seen` and who said it may not stand for him any more. */
static void compare(mu_entry_plan *p, const muc_occupant *occupant, const muc_session *primary, const mu_blob *seen)
{
    p->jid_only = mu_blob_same(occupant->primary->presence, seen);
    p->shown = !p->jid_only || occupant->primary != primary;
}

/* So many are there that nobody is shown who comes now. It is decided once, on entry: whoever was seen to come is seen
 * to change and to go, and whoever was not is not, however many they are by then. */
static bool is_crowded(const muc_room *room)
{
    size_t most = room->service->settings.max_users_presence;
    return most > 0 && room->live->occupants.count >= most;
}

/* Puts the session, and a first one's occupant, into the room. */
static int admit(mu_entry_plan *p, muc_room *room, muc_occupant *occupant, muc_session **session)
{
    muc_service *s = room->service;
    const xmlNode *presence = p->in->st.node;
    int r = MUC_OK;
    bool first = !occupant;
    if (first)
        r = new_occupant(p, room, &occupant);
    if (r)
        return r;
    mu_blob *blob;
    r = mu_presence_take(occupant, presence, p->drops, p->drop_count, &blob);
    if (!r)
        r = mu_session_add(occupant, p->in->peer, blob, mu_presence_priority(presence), session);
    if (first) {
        occupant->role = p->join.role;
        occupant->affiliation = p->join.affiliation;
        occupant->unseen = is_crowded(room);
        if (!r)
            r = mu_occupant_choose(occupant);
        if (r >= 0)
            r = mu_occupant_add(occupant);
        if (r < 0)
            mu_occupant_free(s->heap, occupant);
        p->shown = true;
        return r;
    }
    const muc_session *primary = occupant->primary;
    if (!r)
        r = mu_occupant_choose(occupant);
    if (r < 0)
        return r;
    compare(p, occupant, primary, primary->presence);
    return MUC_OK;
}

static int welcome(mu_entry_plan *p, muc_session *session)
{
    muc_occupant *o = session->occupant;
    muc_room *room = o->room;
    muc_service *s = room->service;
    p->event.room = room;
    p->event.occupant = o;
    int r = mu_fire(s, MUC_ON_WELCOME, &p->event, &p->firing);
    if (r < 0)
        return r;
    r = mu_send_occupants(room, session);
    mu_notice_about about = {
        .affiliation = o->affiliation, .role = o->role, .others_only = true, .jid_only = p->jid_only};
    if (!r && p->shown)
        r = mu_announce(o, &about, mu_is_shown(o));
    about.others_only = false;
    about.own_only = true;
    about.payload = session->presence;
    about.own_codes = p->codes;
    about.only = about.id_for = session;
    about.id = p->in->st.id;
    if (!r)
        r = mu_announce(o, &about, true);
    return r ? r : mu_welcome_talk(session, &p->event);
}

static int tell(mu_entry_plan *p, muc_session *session)
{
    muc_room *room = session->occupant->room;
    muc_service *s = room->service;
    if (!session->occupant->present)
        return MUC_OK;
    p->join.nick = muc_occupant_nick(session->occupant);
    int r = mu_room_set_used(room, mu_now(s));
    if (!r && p->join.first_session)
        r = mu_fire(s, MUC_ON_ENTERED, &p->event, NULL);
    /* A handler may have sent him away. */
    if (r < 0 || !room->present || !session->occupant->present)
        return r < 0 ? r : MUC_OK;
    r = MUC_OK;
    s->tally.entered += (uint64_t)p->join.first_session;
    if (p->join.first_session)
        r = mu_notify(s, MUC_ON_JOINED, room, session->occupant, p->in->from, NULL, &p->join);
    return r ? r : mu_notify(s, MUC_ON_SESSION_ADDED, room, session->occupant, p->in->from, NULL, &p->join);
}

static int enter(muc_service *s, mu_entry_plan *p)
{
    mu_incoming *in = p->in;
    /* Sessions are full JIDs (section 17.3). */
    if (in->peer->bare_n == in->peer->key.n)
        return mu_refuse(s, MUC_JID_MALFORMED, MUC_ERROR_DEFAULT, "only a full JID may enter");
    muc_room *room = in->room;
    int r = MUC_OK;
    if (!room) {
        p->join.new_room = true;
        r = mu_room_make(s, in->to.room, NULL, 0, in, &room);
        if (r == MUC_ERR_LIMIT)
            return mu_refuse(s, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "no more rooms");
        (void)mu_codes_add(&p->codes, 201);
    }
    muc_occupant *occupant = NULL;
    muc_session *session = NULL;
    if (!r)
        r = decide(s, p, room);
    if (!r)
        r = check_place(s, p, room, &occupant);
    if (!r)
        r = admit(p, room, occupant, &session);
    if (r)
        return r;
    p->join.first_session = !occupant;
    if (room->service->whois >= 0 && mu_room_value(room, s->whois).number)
        (void)mu_codes_add(&p->codes, 100);
    if (mu_nick_is_other(in, muc_occupant_nick(session->occupant)))
        (void)mu_codes_add(&p->codes, 210);
    r = welcome(p, session);
    return r ? r : tell(p, session);
}

/* XEP-0045 sections 7.2.1 and 17.3: the complete sequence once more, for a client that lost track. The others see it
 * only when what they see has changed. */
static int resync(muc_service *s, mu_entry_plan *p)
{
    mu_incoming *in = p->in;
    muc_session *session = in->session;
    p->join.resync = true;
    p->join.affiliation = in->occupant->affiliation;
    p->join.role = in->occupant->role;
    p->event.occupant = in->occupant;
    int r = mu_fire(s, MUC_ON_PRE_UPDATE, &p->event, &p->firing);
    if (r < 0)
        return r;
    mu_blob *blob;
    r = mu_presence_take(in->occupant, in->st.node, p->drops, p->drop_count, &blob);
    if (r)
        return r;
    const muc_session *primary = in->occupant->primary;
    mu_blob *seen = mu_blob_ref(primary->presence);
    bool same = mu_blob_same(session->presence, blob);
    if (same)
        mu_blob_unref(in->room->service->heap, blob);
    else
        r = mu_session_set_presence(session, blob, mu_presence_priority(in->st.node));
    if (!r && !same)
        r = mu_occupant_choose(in->occupant);
    compare(p, in->occupant, primary, seen);
    mu_blob_unref(in->room->service->heap, seen);
    if (r < 0)
        return r;
    if (mu_room_value(in->room, s->whois).number)
        (void)mu_codes_add(&p->codes, 100);
    r = welcome(p, session);
    if (!r)
        r = mu_fire(s, MUC_ON_UPDATED, &p->event, &p->firing);
    return r < 0 ? r : tell(p, session);
}

int mu_join(muc_service *s, mu_incoming *in)
{
    mu_entry_plan p;
    plan(&p, s, in);
    int r = in->session ? resync(s, &p) : enter(s, &p);
    mu_buf_free(&p.nick);
    return r;
}

int mu_may_enter(muc_service *s, mu_incoming *in, const char *password)
{
    mu_entry_plan p;
    muc_occupant *holder = NULL;
    plan(&p, s, in);
    p.join.password = password;
    int r = decide(s, &p, in->room);
    if (!r)
        r = check_place(s, &p, in->room, &holder);
    mu_buf_free(&p.nick);
    return r;
}

int mu_enter(muc_occupant *draft)
{
    muc_room *room = draft->room;
    muc_service *s = room->service;
    draft->unseen = is_crowded(room);
    int r = mu_occupant_add(draft);
    mu_notice_about about = {.affiliation = draft->affiliation, .role = draft->role};
    for (muc_session *session = draft->first; session && !r; session = session->next)
        r = mu_send_occupants(room, session);
    if (!r)
        r = mu_announce(draft, &about, mu_is_shown(draft));
    muc_join_event join = {.jid = mu_peer_jid(draft->primary->peer),
                           .nick = muc_occupant_nick(draft),
                           .affiliation = draft->affiliation,
                           .role = draft->role,
                           .first_session = 1};
    muc_event event = {.room = room, .occupant = draft, .as = {.join = &join}};
    for (muc_session *session = draft->first; session && !r && draft->present; session = session->next)
        r = mu_welcome_talk(session, &event);
    if (!draft->present)
        return r;
    if (!r)
        r = mu_room_set_used(room, mu_now(s));
    return r ? r : mu_notify(s, MUC_ON_JOINED, room, draft, NULL, NULL, &join);
}
