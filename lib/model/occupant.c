/* occupant.c: nicknames in a room (XEP-0045 section 5.1), and drafts of them.
 *
 * A draft belongs to whoever made it and is in no map or list: its changes go by no journal, until it is added. */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

/* A string and its key one behind the other; a key that is the same is not written. */
static size_t pair_size(const char *s, const char *key)
{
    return strlen(s) + 1 + (strcmp(s, key) == 0 ? 0 : strlen(key) + 1);
}

/* Returns where the key is. */
static const char *put_pair(char *at, const char *s, const char *key)
{
    size_t n = strlen(s) + 1;
    memcpy(at, s, n);
    if (strcmp(s, key) == 0)
        return at;
    memcpy(at + n, key, strlen(key) + 1);
    return at + n;
}

static mu_key key_at(const char *key)
{
    return (mu_key){key, (uint32_t)strlen(key), 0};
}

static muc_span bare_span(const muc_occupant *o)
{
    const char *key = mu_occupant_bare_key(o);
    return (muc_span){key, strlen(key)};
}

/* Where the nickname is with which he was made. */
static char *own_name(muc_occupant *o)
{
    const char *key = mu_occupant_bare_key(o);
    return o->text + (key - o->text) + strlen(key) + 1;
}

const char *mu_occupant_bare(const muc_occupant *occupant)
{
    return occupant->text;
}

const char *mu_occupant_bare_key(const muc_occupant *occupant)
{
    return occupant->own_key ? occupant->text : occupant->text + strlen(occupant->text) + 1;
}

muc_occupant *mu_occupant_make(muc_room *room, const char *nick, const char *nick_key, const char *bare,
                               const char *bare_key)
{
    size_t name_n = pair_size(nick, nick_key), bare_n = pair_size(bare, bare_key);
    muc_occupant *o = mu_zalloc(room->service->heap, offsetof(muc_occupant, text) + name_n + bare_n);
    if (!o)
        return NULL;
    o->room = room;
    o->own_key = put_pair(o->text, bare, bare_key) == o->text;
    o->name = own_name(o);
    o->key = key_at(put_pair(o->name, nick, nick_key));
    o->draft = true;
    o->affiliation = mu_affiliation_of(room, bare_span(o));
    return o;
}

void mu_occupant_free(mu_heap *heap, void *occupant)
{
    muc_occupant *o = occupant;
    while (o->first) {
        muc_session *session = o->first;
        o->first = session->next;
        mu_session_free(heap, session);
    }
    mu_occupant_stale(o);
    if (o->name != own_name(o))
        mu_free(heap, o->name);
    mu_free(heap, o);
}

void mu_occupant_stale(muc_occupant *occupant)
{
    for (int i = 0; i < MU_VIEWS; i++) {
        mu_roster_stale(occupant, i);
        mu_packet_unref(occupant->views[i]);
        occupant->views[i] = NULL;
    }
}

static void touch(void *occupant)
{
    mu_occupant_stale(occupant);
}

int mu_occupant_touch(muc_occupant *occupant)
{
    return mu_save_touch(&occupant->room->service->journal, touch, occupant);
}

int mu_occupant_note(muc_occupant *occupant)
{
    muc_room *room = occupant->room;
    return mu_save_note(&room->service->journal, room, MUC_PART_OCCUPANTS, 0, occupant);
}

muc_occupant *mu_occupant_by_key(const muc_room *room, const char *nick_key, size_t n)
{
    return (muc_occupant *)mu_map_find(&room->live->occupants, nick_key, n);
}

static int add(muc_occupant *occupant)
{
    muc_room *room = occupant->room;
    mu_journal *j = &room->service->journal;
    if (mu_occupant_by_key(room, occupant->key.p, occupant->key.n))
        return MUC_ERR_CONFLICT;
    muc_affiliation affiliation = mu_affiliation_of(room, bare_span(occupant));
    if (mu_room_enliven(room) || mu_save_made_pinned(j, mu_occupant_free, occupant, &occupant->pins, &occupant->kept) ||
        mu_occupant_touch(occupant) || MU_SET(j, occupant->affiliation, affiliation) ||
        MU_SET(j, occupant->draft, false) || MU_SET(j, occupant->present, true) ||
        mu_save_map_insert(j, &room->live->occupants, &occupant->key) ||
        MU_APPEND(j, room->live->first_occupant, room->live->last_occupant, occupant))
        return MUC_ERR_NOMEM;
    for (muc_session *session = occupant->first; session; session = session->next) {
        int r = mu_session_enter(session);
        if (r)
            return r;
    }
    if (mu_save_undone(j, mu_room_forget_rosters, room))
        return MUC_ERR_NOMEM;
    mu_roster_enter(occupant);
    return mu_occupant_note(occupant);
}

int mu_occupant_add(muc_occupant *occupant)
{
    mu_journal *j = &occupant->room->service->journal;
    size_t mark = j->n;
    bool kept = occupant->kept;
    occupant->kept = true;
    int r = add(occupant);
    if (r)
        mu_journal_undo(j, mark);
    occupant->kept = kept;
    return r;
}

int mu_occupant_remove(muc_occupant *occupant)
{
    muc_room *room = occupant->room;
    mu_journal *j = &room->service->journal;
    for (muc_session *session = occupant->first; session; session = session->next) {
        if (mu_session_exit(session))
            return MUC_ERR_NOMEM;
    }
    if (mu_room_enliven(room) || mu_save_undone(j, mu_room_forget_rosters, room))
        return MUC_ERR_NOMEM;
    mu_roster_quit(occupant);
    if (mu_save_map_remove(j, &room->live->occupants, &occupant->key) ||
        MU_UNLINK(j, room->live->first_occupant, room->live->last_occupant, occupant) ||
        MU_SET(j, occupant->present, false) || mu_occupant_note(occupant) ||
        mu_save_gone_pinned(j, mu_occupant_free, occupant, &occupant->pins))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

int mu_occupant_rename(muc_occupant *occupant, const char *nick, const char *nick_key)
{
    muc_room *room = occupant->room;
    mu_journal *j = &room->service->journal;
    const muc_occupant *holder = mu_occupant_by_key(room, nick_key, strlen(nick_key));
    if (holder && holder != occupant)
        return MUC_ERR_CONFLICT;
    char *name = mu_alloc(j->heap, pair_size(nick, nick_key)), *former = occupant->name;
    if (mu_save_made(j, mu_free, name))
        return MUC_ERR_NOMEM;
    mu_key key = key_at(put_pair(name, nick, nick_key));
    if (mu_occupant_touch(occupant) || mu_save_map_remove(j, &room->live->occupants, &occupant->key) ||
        MU_SET(j, occupant->key, key) || mu_save_map_insert(j, &room->live->occupants, &occupant->key) ||
        mu_save_note(j, room, MUC_PART_OCCUPANTS, MU_NOTE_FORMER, former) ||
        (former != own_name(occupant) && mu_save_gone(j, mu_free, former)) || MU_SET(j, occupant->name, name))
        return MUC_ERR_NOMEM;
    return mu_occupant_note(occupant);
}

int mu_occupant_set_rank(muc_occupant *occupant, muc_role role, muc_affiliation affiliation)
{
    mu_journal *j = &occupant->room->service->journal;
    if (occupant->role == role && occupant->affiliation == affiliation)
        return MUC_OK;
    if (occupant->draft) {
        occupant->role = role;
        occupant->affiliation = affiliation;
        mu_occupant_stale(occupant);
        return MUC_OK;
    }
    muc_role former = occupant->role;
    muc_room *room = occupant->room;
    bool same_view = mu_sees_jids(room, former) == mu_sees_jids(room, role);
    if ((!same_view && mu_save_touch(j, mu_room_forget_views, room)) ||
        mu_save_undone(j, mu_room_forget_rosters, room) || mu_occupant_touch(occupant) ||
        MU_SET(j, occupant->role, role) || MU_SET(j, occupant->affiliation, affiliation))
        return MUC_ERR_NOMEM;
    mu_roster_rank(occupant, former);
    return mu_occupant_note(occupant);
}

/* Whether session a rather than b stands for their occupant. */
static bool precedes(const muc_session *a, const muc_session *b)
{
    return a->rank > b->rank;
}

int mu_occupant_choose(muc_occupant *occupant)
{
    muc_session *best = occupant->first;
    for (muc_session *session = best; session; session = session->next) {
        if (precedes(session, best))
            best = session;
    }
    if (occupant->primary == best)
        return MUC_OK;
    if (occupant->draft) {
        occupant->primary = best;
        mu_occupant_stale(occupant);
        return MUC_CHANGED;
    }
    if (mu_occupant_touch(occupant) || MU_SET(&occupant->room->service->journal, occupant->primary, best))
        return MUC_ERR_NOMEM;
    return MUC_CHANGED;
}

bool mu_same_user(const muc_occupant *occupant, const mu_peer *peer)
{
    muc_span bare = bare_span(occupant);
    return bare.n == peer->bare_n && memcmp(bare.p, peer->key.p, bare.n) == 0;
}
