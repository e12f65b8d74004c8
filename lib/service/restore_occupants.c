/* restore_occupants.c: who was in a saved room: nobody has to enter again.
 *
 * Each occupant is made with its sessions and then put into the room, as one who enters is. Affiliations come from the
 * list, priorities from the presences. The hosts' own pointers are not known: muc_peer_set_userdata(). */
#include <service/snapshot.h>

#include <action/action.h>
#include <base/text.h>
#include <string.h>

/* The sessions of one occupant. */
typedef struct group {
    muc_occupant *occupant;
    uint64_t turn; /* of the service before the first */
    size_t count;
    muc_session *primary;
} group;

static int restore_turn(const group *g, const xmlNode *element, muc_session *session)
{
    const char *text = muc_node_attr(element, "turn");
    int64_t turn;
    if (!text)
        return MUC_OK;
    if (!mu_number(text, strlen(text), &turn) || turn < 1 || (uint64_t)turn > g->count)
        return MUC_ERR_MALFORMED;
    mu_session_set_turn(session, g->turn + (uint64_t)turn);
    return MUC_OK;
}

/* Appends the key of the bare part of a full JID; *at: where it begins. */
static int add_bare_key(mu_restore *r, const char *jid, size_t *at)
{
    size_t n = 0;
    *at = r->key.n;
    if (!jid)
        return MUC_ERR_MALFORMED;
    int result = mu_real_key(r->service, jid, false, &r->key, &n);
    if (result < 0)
        return result;
    if (n == 0 || r->key.p[*at + n] != '/')
        return MUC_ERR_MALFORMED;
    mu_buf_cut(&r->key, *at + n + 1);
    r->key.p[*at + n] = '\0';
    return MUC_OK;
}

static int check_jid(mu_restore *r, const group *g, const char *jid)
{
    size_t at;
    mu_buf_reset(&r->key);
    int result = add_bare_key(r, jid, &at);
    if (result < 0)
        return result;
    return strcmp(r->key.p, mu_occupant_bare_key(g->occupant)) == 0 ? MUC_OK : MUC_ERR_MALFORMED;
}

static bool is_there(const group *g, const mu_peer *peer)
{
    for (const muc_session *s = g->occupant->first; s; s = s->next)
        if (s->peer == peer || (s->peer->key.n == peer->key.n && memcmp(s->peer->key.p, peer->key.p, peer->key.n) == 0))
            return true;
    return mu_session_find(g->occupant->room->service, g->occupant->room, peer) != NULL;
}

static int add_session(group *g, mu_peer *peer, const xmlNode *element)
{
    const xmlNode *presence = muc_node_child(element, "presence", MUC_NS_CLIENT);
    if (!presence || is_there(g, peer))
        return MUC_ERR_MALFORMED;
    mu_blob *blob;
    int result = mu_presence_blob(g->occupant, presence, NULL, 0, &blob);
    if (result < 0)
        return result;
    muc_session *session;
    result = mu_session_add(g->occupant, peer, blob, mu_presence_priority(presence), &session);
    if (result < 0)
        return result;
    const char *primary = muc_node_attr(element, "primary");
    if (primary && strcmp(primary, "1") == 0) {
        if (g->primary)
            return MUC_ERR_MALFORMED;
        g->primary = session;
    }
    return restore_turn(g, element, session);
}

static int restore_session(mu_restore *r, group *g, const xmlNode *element)
{
    const char *jid = muc_node_attr(element, "jid");
    if (!muc_node_is(element, "session", MU_NS_ROOM))
        return MUC_ERR_MALFORMED;
    int result = check_jid(r, g, jid);
    if (result < 0)
        return result;
    mu_peer *peer = mu_peer_get(r->service, jid);
    if (!peer)
        return MUC_ERR_NOMEM;
    result = add_session(g, peer, element);
    mu_peer_unref(r->service->heap, peer);
    return result;
}

static int restore_sessions(mu_restore *r, muc_occupant *occupant, const xmlNode *element)
{
    group g = {.occupant = occupant, .turn = r->service->turn};
    for (const xmlNode *session = mu_first(element); session; session = mu_after(session))
        g.count++;
    int result = MUC_OK;
    const xmlNode *session = mu_first(element);
    for (; session && result >= 0; session = mu_after(session))
        result = restore_session(r, &g, session);
    if (result < 0)
        return result;
    if (!g.primary)
        return mu_occupant_choose(occupant);
    occupant->primary = g.primary;
    return MUC_OK;
}

/* Whether a bare JID as somebody gave it goes with that key. */
static int check_bare(mu_restore *r, const char *bare, size_t key_at)
{
    size_t at = r->key.n;
    int result = mu_real_key(r->service, bare, true, &r->key, NULL);
    if (result < 0)
        return result;
    const char *key = r->key.p + key_at;
    return strcmp(key, r->key.p + at) == 0 || strcmp(key, bare) == 0 ? MUC_OK : MUC_ERR_MALFORMED;
}

/* Its keys, one behind the other, into r->key: nickname, key of it, key of the bare JID of its first session. */
static int read_keys(mu_restore *r, const xmlNode *element, size_t *nick_key, size_t *bare_key)
{
    const char *nick = muc_node_attr(element, "nick"), *bare = muc_node_attr(element, "jid");
    if (!nick || !bare || strchr(bare, '/'))
        return MUC_ERR_MALFORMED;
    int result = mu_restore_nick(r, nick, nick_key);
    if (result == MUC_OK)
        result = add_bare_key(r, muc_node_attr(mu_first(element), "jid"), bare_key);
    if (result == MUC_OK)
        result = check_bare(r, bare, *bare_key);
    return result == MUC_ERR_BAD_JID ? MUC_ERR_MALFORMED : result;
}

/* A draft without sessions. */
static int make_occupant(mu_restore *r, const xmlNode *element, muc_occupant **out)
{
    size_t nick_key, bare_key;
    muc_role role = MUC_ROLE_NONE;
    if (!muc_node_is(element, "occupant", MU_NS_ROOM) || !muc_role_from_name(muc_node_attr(element, "role"), &role) ||
        role == MUC_ROLE_NONE)
        return MUC_ERR_MALFORMED;
    int result = read_keys(r, element, &nick_key, &bare_key);
    if (result < 0)
        return result;
    const char *keys = r->key.p;
    if (mu_occupant_by_key(r->room, keys + nick_key, strlen(keys + nick_key)))
        return MUC_ERR_MALFORMED;
    *out = mu_occupant_make(r->room, keys, keys + nick_key, muc_node_attr(element, "jid"), keys + bare_key);
    if (!*out)
        return MUC_ERR_NOMEM;
    (*out)->role = role;
    (*out)->unseen = muc_node_attr(element, "unseen") != NULL;
    return MUC_OK;
}

/* When he was heard of last; what another room of his has brought is as true. */
static void restore_idle(mu_restore *r, const xmlNode *element)
{
    int64_t at;
    mu_peer *peer = mu_peer_find(r->service, muc_node_attr(element, "jid"));
    mu_idle *idle = peer && !peer->sessions->peer_next ? mu_idle_find(r->service, peer) : NULL;
    if (!idle)
        return;
    if (mu_restore_time(element, "heard", &at) && at < idle->heard)
        idle->heard = at;
    if (mu_restore_time(element, "pinged", &at) && at >= idle->heard)
        idle->pinged = at;
    mu_idle_settle(r->service, idle);
}

static int restore_occupant(mu_restore *r, const xmlNode *element)
{
    muc_occupant *occupant = NULL;
    int result = make_occupant(r, element, &occupant);
    if (result < 0)
        return result;
    result = restore_sessions(r, occupant, element);
    if (result >= 0)
        result = mu_occupant_add(occupant);
    if (result < 0)
        mu_occupant_free(r->service->heap, occupant);
    for (const xmlNode *session = result < 0 ? NULL : mu_first(element); session; session = mu_after(session))
        restore_idle(r, session);
    return result;
}

int mu_restore_occupants(mu_restore *r, const xmlNode *occupants)
{
    int result = MUC_OK;
    const xmlNode *element = mu_first(occupants);
    for (; element && result >= 0; element = mu_after(element))
        result = restore_occupant(r, element);
    return result;
}
