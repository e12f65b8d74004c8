/* check.c: what always holds between the parts of the model; for tests. */
#include <model/model.h>

#include <string.h>

/* ---- one room --------------------------------------------------------------------------------------------------- */

static const char *check_affiliations(const muc_room *room)
{
    size_t n = 0;
    size_t owners = 0;
    size_t nicks = 0;
    const mu_affiliation *before = NULL;
    for (const mu_affiliation *a = room->first_affiliation; a; before = a, a = a->next, n++) {
        owners += a->affiliation == MUC_AFFILIATION_OWNER;
        nicks += mu_affiliation_nick(a) != NULL;
        if (a->prev != before)
            return "list of affiliations";
        if (mu_affiliation_find(room, a->key.p, a->key.n) != a)
            return "affiliation is not in the map";
        if (a->affiliation == MUC_AFFILIATION_NONE)
            return "entry without an affiliation";
        if (a->more && (a->more->of != a || (a->more->nick == NULL) != (a->more->by_nick.p == NULL)))
            return "reserved nickname";
        if (mu_affiliation_nick(a) && mu_affiliation_by_nick(room, a->more->by_nick.p) != a)
            return "reserved nickname is not in the map";
    }
    if (room->last_affiliation != before || mu_affiliation_count(room) != n || (!room->index && n > MU_FEW))
        return "number of affiliations";
    if (room->owner_count != owners || (room->index ? room->index->by_nick.count : 0) != nicks)
        return "number of owners or reserved nicknames";
    return NULL;
}

static bool in_list_of_peer(const muc_session *session)
{
    const muc_session *before = NULL;
    for (const muc_session *s = session->peer->sessions; s; before = s, s = s->peer_next) {
        if (s->peer_prev != before || s->peer != session->peer)
            return false;
        if (s == session)
            return true;
    }
    return false;
}

static const char *check_session(const muc_session *session, const muc_occupant *o)
{
    muc_service *s = o->room->service;
    if (session->occupant != o || !mu_session_is_in(session))
        return "session of another occupant";
    if (mu_map_find(&s->peers, session->peer->key.p, session->peer->key.n) != &session->peer->key)
        return "peer is not in the map";
    if (mu_session_find(s, o->room, session->peer) != session)
        return "session is not found";
    return in_list_of_peer(session) ? NULL : "session is not in the list of its peer";
}

/* The end that presences of a rank share is that of his. */
static bool has_end_of_rank(const muc_occupant *o)
{
    const muc_service *s = o->room->service;
    const mu_packet *view = s->settings.keep_views ? o->views[MU_VIEW_ANONYMOUS] : NULL;
    return !view || !view->tail || view->tail == s->tails[o->affiliation - MUC_AFFILIATION_OUTCAST][o->role];
}

static const char *check_occupant(const muc_occupant *o)
{
    const char *wrong = NULL;
    size_t n = 0;
    bool primary = false;
    for (const muc_session *s = o->first; s && !wrong; s = s->next, n++) {
        primary = primary || s == o->primary;
        wrong = check_session(s, o);
    }
    if (wrong)
        return wrong;
    if (n == 0)
        return "number of sessions";
    if (!primary)
        return "primary session";
    if (o->draft || !o->present || mu_occupant_by_key(o->room, o->key.p, o->key.n) != o)
        return "occupant is not in the map, or a draft is in the room";
    const char *bare = mu_occupant_bare_key(o);
    if (o->affiliation != mu_affiliation_of(o->room, (muc_span){bare, strlen(bare)}))
        return "affiliation of an occupant";
    if (!has_end_of_rank(o))
        return "presence of another rank";
    return o->key.n == strlen(o->key.p) ? NULL : "key of a nickname";
}

/* What is kept to save work is what making it anew would give. */
static const char *check_audiences(const muc_room *room)
{
    bool all_see = mu_sees_jids(room, MUC_ROLE_VISITOR);
    size_t n[MU_AUDIENCES] = {0};
    for (const muc_occupant *o = room->live->first_occupant; o; o = o->next)
        for (const muc_session *s = o->first; s; s = s->next) {
            const int lists[] = {MU_TO_ALL, mu_sees_jids(room, o->role) ? MU_TO_FULL : MU_TO_ANONYMOUS};
            for (int i = 0; mu_session_is_listed(s) && i < (all_see ? 1 : 2); i++) {
                const mu_audience *a = room->live->audiences[lists[i]];
                if (a && (n[lists[i]] >= a->n || mu_audience_peer(a, n[lists[i]]) != s->peer))
                    return "somebody hears nothing, or out of turn";
                n[lists[i]]++;
            }
        }
    size_t counted = 0;
    for (uint32_t i = 0; i < room->live->users_cap; i++)
        counted += room->live->users[i];
    if (room->live->users && counted != n[MU_TO_ALL])
        return "users of a room";
    for (int i = 0; i < MU_AUDIENCES; i++)
        if (room->live->audiences[i] && room->live->audiences[i]->n != n[i])
            return "audience of a room";
    return NULL;
}

static const char *check_roster(const muc_room *room, int view)
{
    const mu_roster *r = room->live->rosters[view];
    size_t filled = 0, missing = 0;
    for (const muc_occupant *o = room->live->first_occupant; r && o; o = o->next) {
        const mu_packet *packet = o->place < r->n ? r->packets[o->place] : NULL;
        bool shown = mu_is_shown(o);
        if (packet && (packet != o->views[view] || !shown))
            return "presence on a roster";
        filled += packet != NULL;
        missing += shown && !packet;
    }
    return r && (r->filled != filled || r->missing != missing) ? "roster of a room" : NULL;
}

static const char *check_rosters(const muc_room *room)
{
    bool placed = room->live->rosters[MU_VIEW_ANONYMOUS] || room->live->rosters[MU_VIEW_FULL];
    for (const muc_occupant *o = room->live->first_occupant; placed && o; o = o->next)
        if (o->place >= room->live->places || (o->next && o->place >= o->next->place))
            return "places of occupants";
    const char *wrong = check_roster(room, MU_VIEW_ANONYMOUS);
    return wrong ? wrong : check_roster(room, MU_VIEW_FULL);
}

static const char *check_occupants(const muc_room *room, size_t *sessions)
{
    size_t n = 0;
    size_t here = 0;
    const muc_occupant *before = NULL;
    for (const muc_occupant *o = room->live->first_occupant; o; before = o, o = o->next, n++) {
        const char *wrong = o->prev != before || o->room != room ? "list of occupants" : check_occupant(o);
        if (wrong)
            return wrong;
        here += mu_occupant_sessions(o);
    }
    *sessions += here;
    if (room->live->last_occupant != before || room->live->occupants.count != n)
        return "number of occupants";
    if (room->live->session_count != here)
        return "number of sessions of a room";
    const char *wrong = check_audiences(room);
    return wrong ? wrong : check_rosters(room);
}

static const char *check_history(const muc_room *room)
{
    size_t n = 0;
    size_t bytes = 0;
    const mu_message *before = NULL;
    for (const mu_message *m = room->live->first_message; m; before = m, m = m->next, n++) {
        bytes += mu_message_bytes(m);
        if (m->prev != before)
            return "list of messages";
    }
    bool counted =
        room->live->last_message == before && room->live->message_count == n && room->live->message_bytes == bytes;
    return counted ? NULL : "number of messages";
}

static const char *check_values(const muc_room *room)
{
    muc_service *s = room->service;
    for (size_t i = 0; i < room->value_count; i++) {
        int index = room->values[i].index;
        for (size_t k = 0; k < i; k++)
            if (room->values[k].index == index)
                return "option of a room is there twice";
        if ((size_t)index >= s->option_count)
            return "option that is not there";
        const muc_option *row = s->options[index];
        mu_value value = mu_room_value(room, index);
        int r = mu_value_check(s, row, &value);
        if ((r < 0 && r != MUC_ERR_NOMEM) || mu_value_equal(row, &value, &s->defaults[index]))
            return "value of an option";
    }
    return NULL;
}

static const char *check_listing(const muc_room *room)
{
    bool listed = mu_tree_find(&room->service->listed, room->key.p) == &room->listing;
    if (listed != room->listed || listed != mu_room_may_be_listed(room))
        return "room list";
    return NULL;
}

/* Who writes makes a part of the room's own; what all idle rooms share stays empty. */
static const char *check_live(const muc_room *room)
{
    const mu_live *live = room->live;
    if (!mu_room_is_live(room) && (!mu_room_is_idle(room) || live->watched || live->data || live->occupants.slots))
        return "what idle rooms share";
    return NULL;
}

static const char *check_records(const muc_room *room)
{
    const mu_record *before = NULL;
    for (const mu_record *r = room->live->first_record; r; before = r, r = r->next)
        if (r->prev != before)
            return "list of records";
    return room->live->last_record == before ? NULL : "last record";
}

static const char *check_room(const muc_room *room, size_t *sessions)
{
    const char *wrong = check_affiliations(room);
    if (!wrong)
        wrong = check_occupants(room, sessions);
    if (!wrong)
        wrong = check_history(room);
    if (!wrong)
        wrong = check_records(room);
    if (!wrong)
        wrong = check_values(room);
    if (!wrong)
        wrong = check_live(room);
    return wrong ? wrong : check_listing(room);
}

/* ---- the service ------------------------------------------------------------------------------------------------ */

/* Every session is found by its peer: here, that there are no others. */
static const char *check_peers(const muc_service *s, size_t sessions)
{
    size_t all = 0, visits = 0;
    for (size_t i = 0; i < s->peers.cap; i++) {
        const mu_peer *peer = (const mu_peer *)s->peers.slots[i];
        size_t n = 0;
        for (const muc_session *session = peer ? peer->sessions : NULL; session; session = session->peer_next)
            n++;
        if (peer && (n == 0 || (n > MU_FEW && !peer->indexed)))
            return "peer without sessions, or without an index";
        if (peer && s->by_user_kept && !mu_by_user_has(s, peer))
            return "peer is not found by its user";
        all += n;
        visits += peer && peer->indexed ? n : 0;
    }
    if (all != sessions)
        return "number of sessions of the service";
    if (mu_tree_count(&s->by_user) != (s->by_user_kept ? s->peers.count : 0))
        return "number of peers by user";
    return visits == s->visits.count ? NULL : "number of visits";
}

static const char *check_tombstones(const muc_service *s)
{
    size_t n = 0;
    const mu_tombstone *before = NULL;
    for (const mu_tombstone *t = s->first_tombstone; t; before = t, t = t->next, n++) {
        if (t->prev != before || mu_tombstone_by_key(s, t->key.p, t->key.n) != t)
            return "list of tombstones";
        if (mu_map_find(&s->rooms, t->key.p, t->key.n))
            return "tombstone of a room that is there";
    }
    return s->last_tombstone == before && s->tombstones.count == n ? NULL : "number of tombstones";
}

const char *mu_check(muc_service *s)
{
    size_t n = 0;
    size_t listed = 0;
    size_t occupants = 0;
    size_t sessions = 0;
    const muc_room *before = NULL;
    for (muc_room *room = s->first_room; room; before = room, room = room->next, n++) {
        if (room->prev != before || !room->present || room->service != s ||
            mu_room_by_key(s, room->key.p, room->key.n) != room)
            return "list of rooms";
        const char *wrong = check_room(room, &sessions);
        if (wrong)
            return wrong;
        listed += room->listed;
        occupants += room->live->occupants.count;
    }
    if (s->tally.occupants != occupants || s->tally.sessions != sessions)
        return "tally";
    if (s->last_room != before || s->rooms.count != n)
        return "number of rooms";
    if (mu_tree_count(&s->listed) != listed)
        return "number of listed rooms";
    const char *wrong = check_tombstones(s);
    if (!wrong)
        wrong = mu_query_check(s);
    if (!wrong)
        wrong = mu_idle_check(s);
    return wrong ? wrong : check_peers(s, sessions);
}
