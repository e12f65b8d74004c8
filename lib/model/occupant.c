/* occupant.c: nicknames in a room (XEP-0045 section 5.1), and drafts of them.
 *
 * A draft belongs to whoever made it and is in no map or list: its changes go by no journal, until it is added. */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

/* Two strings one behind the other; the second is not written when it is the same. */
static size_t pair_size(const char *a, const char *b)
{
    return strlen(a) + 1 + (strcmp(a, b) == 0 ? 0 : strlen(b) + 1);
}

/* Whether they are the same. */
static bool put_pair(char *at, const char *a, const char *b)
{
    size_t n = strlen(a) + 1;
    memcpy(at, a, n);
    if (strcmp(a, b) == 0)
        return true;
    memcpy(at + n, b, strlen(b) + 1);
    return false;
}

static size_t view_count(const muc_room *room)
{
    return room->service->settings.keep_views ? MU_VIEWS : 0;
}

static char *text_of(const muc_occupant *o)
{
    return (char *)(uintptr_t)(o->views + view_count(o->room));
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

/* Where the nickname is with which he was made, with its key. */
static char *first_name(const muc_occupant *o)
{
    const char *key = mu_occupant_bare_key(o);
    return (char *)(uintptr_t)(key + strlen(key) + 1);
}

/* The block of another one, or NULL. */
static void *later_name(const muc_occupant *o)
{
    return o->key.p == first_name(o) ? NULL : (void *)(uintptr_t)o->key.p;
}

const char *mu_occupant_bare(const muc_occupant *occupant)
{
    return text_of(occupant);
}

const char *mu_occupant_bare_key(const muc_occupant *occupant)
{
    const char *bare = text_of(occupant);
    return occupant->own_key ? bare : bare + strlen(bare) + 1;
}

muc_occupant *mu_occupant_make(muc_room *room, const char *nick, const char *nick_key, const char *bare,
                               const char *bare_key)
{
    size_t strings = pair_size(bare, bare_key) + pair_size(nick_key, nick);
    muc_occupant *o =
        mu_zalloc(room->service->heap, offsetof(muc_occupant, views) + view_count(room) * sizeof *o->views + strings);
    if (!o)
        return NULL;
    o->room = room;
    o->own_key = put_pair(text_of(o), bare, bare_key);
    o->own_nick = put_pair(first_name(o), nick_key, nick);
    o->key = key_at(first_name(o));
    o->draft = true;
    o->affiliation = mu_affiliation_of(room, bare_span(o));
    return o;
}

void mu_occupant_free(mu_heap *heap, void *occupant)
{
    muc_occupant *o = occupant;
    mu_attached_free(o);
    while (o->first) {
        muc_session *session = o->first;
        o->first = session->next;
        mu_session_free(heap, session);
    }
    mu_occupant_stale(o);
    mu_free(heap, later_name(o));
    mu_free(heap, o);
}

void mu_occupant_pin(muc_occupant *occupant)
{
    mu_pin(&occupant->pins);
}

void mu_occupant_unpin(muc_occupant *occupant)
{
    mu_unpin(&occupant->room->service->journal, &occupant->pins);
}

void mu_occupant_stale(muc_occupant *occupant)
{
    for (int i = 0; i < (int)view_count(occupant->room); i++) {
        mu_roster_stale(occupant, i);
        mu_packet_unref(occupant->room->service->heap, occupant->views[i]);
        occupant->views[i] = NULL;
    }
}

void mu_presences_forget(muc_service *s)
{
    for (muc_room *room = s->first_room; room; room = room->next)
        for (muc_occupant *o = room->live->first_occupant; o; o = o->next)
            mu_occupant_stale(o);
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
        MU_SET(j, room->service->tally.occupants, room->service->tally.occupants + 1) ||
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
        MU_SET(j, occupant->present, false) ||
        MU_SET(j, room->service->tally.occupants, room->service->tally.occupants - 1) || mu_occupant_note(occupant) ||
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
    const char *former = muc_occupant_nick(occupant);
    char *name = mu_alloc(j->heap, pair_size(nick_key, nick));
    if (mu_save_made(j, mu_free, name))
        return MUC_ERR_NOMEM;
    bool own_nick = put_pair(name, nick_key, nick);
    mu_key key = key_at(name);
    if (mu_occupant_touch(occupant) || mu_save_gone(j, mu_free, later_name(occupant)) ||
        mu_save_map_remove(j, &room->live->occupants, &occupant->key) || MU_SET(j, occupant->key, key) ||
        MU_SET(j, occupant->own_nick, own_nick) || mu_save_map_insert(j, &room->live->occupants, &occupant->key) ||
        mu_save_note(j, room, MUC_PART_OCCUPANTS, MU_NOTE_FORMER, former))
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

int mu_occupant_prefer(muc_session *session)
{
    muc_occupant *occupant = session->occupant;
    if (occupant->primary == session)
        return MUC_OK;
    if (occupant->draft) {
        occupant->primary = session;
        mu_occupant_stale(occupant);
        return MUC_CHANGED;
    }
    if (mu_occupant_touch(occupant) || MU_SET(&occupant->room->service->journal, occupant->primary, session))
        return MUC_ERR_NOMEM;
    return MUC_CHANGED;
}

int mu_occupant_choose(muc_occupant *occupant)
{
    muc_session *best = occupant->first;
    for (muc_session *session = best; session; session = session->next) {
        if (precedes(session, best))
            best = session;
    }
    if (best)
        return mu_occupant_prefer(best);
    occupant->primary = NULL;
    return MUC_OK;
}

bool mu_same_user(const muc_occupant *occupant, const mu_peer *peer)
{
    muc_span bare = bare_span(occupant);
    return bare.n == peer->bare_n && memcmp(bare.p, peer->key.p, bare.n) == 0;
}
