/* affiliation.c: how bare JIDs and domains belong to a room, and the nicknames reserved for them
 * (XEP-0045 sections 5.2 and 7.10). */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

void mu_affiliation_free(mu_heap *heap, void *object)
{
    mu_affiliation *a = object;
    if (a->more) {
        mu_free(heap, a->more->nick);
        mu_free(heap, a->more->reason);
        mu_free(heap, a->more->data);
        mu_free(heap, a->more);
    }
    mu_free(heap, a);
}

const char *mu_affiliation_nick(const mu_affiliation *a)
{
    return a->more ? a->more->nick : NULL;
}

const char *mu_affiliation_reason(const mu_affiliation *a)
{
    return a->more ? a->more->reason : NULL;
}

/* ---- looking up ------------------------------------------------------------------------------------------------- */

void mu_affiliation_index_free(mu_heap *heap, void *object)
{
    mu_affiliation_index *index = object;
    mu_map_free(&index->by_jid);
    mu_map_free(&index->by_nick);
    mu_free(heap, index);
}

static mu_affiliation_index *make_index(const muc_room *room)
{
    muc_service *s = room->service;
    mu_affiliation_index *index = mu_zalloc(s->heap, sizeof *index);
    if (!index)
        return NULL;
    mu_map_init(&index->by_jid, s->heap, s->secret);
    mu_map_init(&index->by_nick, s->heap, s->secret);
    for (mu_affiliation *a = room->first_affiliation; a; a = a->next) {
        if (mu_map_reserve(&index->by_jid, 1)) {
            mu_affiliation_index_free(s->heap, index);
            return NULL;
        }
        mu_map_insert(&index->by_jid, &a->key);
    }
    return index;
}

/* Makes sure of the index. Undone it is gone, like those who came after it; else it stays. */
static int need_index(muc_room *room)
{
    mu_journal *j = &room->service->journal;
    if (room->index)
        return MUC_OK;
    mu_affiliation_index *index = make_index(room);
    return mu_save_made(j, mu_affiliation_index_free, index) ? MUC_ERR_NOMEM : MU_SET(j, room->index, index);
}

size_t mu_affiliation_count(const muc_room *room)
{
    size_t n = 0;
    if (room->index)
        return room->index->by_jid.count;
    for (const mu_affiliation *a = room->first_affiliation; a; a = a->next)
        n++;
    return n;
}

mu_affiliation *mu_affiliation_find(const muc_room *room, const char *key, size_t n)
{
    if (room->index)
        return (mu_affiliation *)mu_map_find(&room->index->by_jid, key, n);
    mu_affiliation *a = room->first_affiliation;
    while (a && (a->key.n != n || memcmp(a->key.p, key, n) != 0))
        a = a->next;
    return a;
}

muc_affiliation mu_affiliation_of(const muc_room *room, muc_span bare_key)
{
    const mu_affiliation *a = mu_affiliation_find(room, bare_key.p, bare_key.n);
    const char *at = a || bare_key.n == 0 ? NULL : memchr(bare_key.p, '@', bare_key.n);
    if (at)
        a = mu_affiliation_find(room, at + 1, bare_key.n - (size_t)(at + 1 - bare_key.p));
    return a ? a->affiliation : MUC_AFFILIATION_NONE;
}

/* ---- changing --------------------------------------------------------------------------------------------------- */

/* owner_count after the affiliation of one entry changed. */
static int count_owner(muc_room *room, muc_affiliation before, muc_affiliation after)
{
    uint32_t count = room->owner_count;
    count += (after == MUC_AFFILIATION_OWNER);
    count -= (before == MUC_AFFILIATION_OWNER);
    return count == room->owner_count ? MUC_OK : MU_SET(&room->service->journal, room->owner_count, count);
}

/* Undone it is gone. */
int mu_affiliation_need_more(mu_journal *j, mu_affiliation *a)
{
    if (a->more)
        return MUC_OK;
    mu_affiliation_more *more = mu_zalloc(j->heap, sizeof *more);
    if (mu_save_made(j, mu_free, more))
        return MUC_ERR_NOMEM;
    more->of = a;
    return MU_SET(j, a->more, more);
}

static int set_reason(mu_journal *j, mu_affiliation *a, const char *reason)
{
    if (mu_affiliation_need_more(j, a))
        return MUC_ERR_NOMEM;
    char *copy = reason ? mu_strdup(j->heap, reason) : NULL;
    if ((reason && mu_save_made(j, mu_free, copy)) || mu_save_gone(j, mu_free, a->more->reason))
        return MUC_ERR_NOMEM;
    return MU_SET(j, a->more->reason, copy);
}

static int add(muc_room *room, muc_span key, muc_affiliation affiliation, const char *reason)
{
    mu_journal *j = &room->service->journal;
    if (mu_affiliation_count(room) >= MU_FEW && need_index(room))
        return MUC_ERR_NOMEM;
    mu_affiliation *a = mu_zalloc(j->heap, offsetof(mu_affiliation, name) + key.n + 1);
    if (mu_save_made(j, mu_affiliation_free, a))
        return MUC_ERR_NOMEM;
    memcpy(a->name, key.p, key.n);
    a->key.p = a->name;
    a->key.n = (uint32_t)key.n;
    a->affiliation = affiliation;
    if ((reason && set_reason(j, a, reason)) || (room->index && mu_save_map_insert(j, &room->index->by_jid, &a->key)) ||
        MU_APPEND(j, room->first_affiliation, room->last_affiliation, a) ||
        count_owner(room, MUC_AFFILIATION_NONE, affiliation) || mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

static int remove_entry(muc_room *room, mu_affiliation *a)
{
    mu_journal *j = &room->service->journal;
    if ((mu_affiliation_nick(a) && mu_save_map_remove(j, &room->index->by_nick, &a->more->by_nick)) ||
        (room->index && mu_save_map_remove(j, &room->index->by_jid, &a->key)) ||
        MU_UNLINK(j, room->first_affiliation, room->last_affiliation, a) ||
        count_owner(room, a->affiliation, MUC_AFFILIATION_NONE) || mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a) ||
        mu_save_gone(j, mu_affiliation_free, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

static bool same_text(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

static int change(muc_room *room, mu_affiliation *a, muc_affiliation affiliation, const char *reason)
{
    mu_journal *j = &room->service->journal;
    if (!same_text(mu_affiliation_reason(a), reason)) {
        if (set_reason(j, a, reason))
            return MUC_ERR_NOMEM;
    } else if (a->affiliation == affiliation) {
        return MUC_OK;
    }
    if (count_owner(room, a->affiliation, affiliation) || MU_SET(j, a->affiliation, affiliation) ||
        mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

int mu_affiliation_store(muc_room *room, muc_span key, muc_affiliation affiliation, const char *reason)
{
    mu_affiliation *a = mu_affiliation_find(room, key.p, key.n);
    if (affiliation == MUC_AFFILIATION_NONE)
        return a ? remove_entry(room, a) : MUC_OK;
    return a ? change(room, a, affiliation, reason) : add(room, key, affiliation, reason);
}

/* ---- reserved nicknames ----------------------------------------------------------------------------------------- */

mu_affiliation *mu_affiliation_by_nick(const muc_room *room, const char *nick_key)
{
    const mu_affiliation_more *more =
        room->index ? (mu_affiliation_more *)mu_map_find(&room->index->by_nick, nick_key, strlen(nick_key)) : NULL;
    return more ? more->of : NULL;
}

/* Nickname and key in one block, as one object of the journal. */
static int make_nick(mu_journal *j, const char *nick, const char *nick_key, char **out)
{
    size_t n = strlen(nick) + 1;
    size_t key_n = strlen(nick_key) + 1;
    *out = mu_alloc(j->heap, n + key_n);
    if (mu_save_made(j, mu_free, *out))
        return MUC_ERR_NOMEM;
    memcpy(*out, nick, n);
    memcpy(*out + n, nick_key, key_n);
    return MUC_OK;
}

int mu_affiliation_store_nick(muc_room *room, mu_affiliation *a, const char *nick, const char *nick_key)
{
    mu_journal *j = &room->service->journal;
    const char *former = mu_affiliation_nick(a);
    if (same_text(former, nick))
        return MUC_OK;
    const mu_affiliation *holder = nick ? mu_affiliation_by_nick(room, nick_key) : NULL;
    if (holder && holder != a)
        return MUC_ERR_CONFLICT;
    char *block = NULL;
    if (need_index(room) || mu_affiliation_need_more(j, a))
        return MUC_ERR_NOMEM;
    mu_affiliation_more *more = a->more;
    if ((nick && make_nick(j, nick, nick_key, &block)) || mu_save_gone(j, mu_free, more->nick) ||
        (former && mu_save_map_remove(j, &room->index->by_nick, &more->by_nick)))
        return MUC_ERR_NOMEM;
    mu_key key = {NULL, 0, 0};
    if (nick)
        key = (mu_key){block + strlen(nick) + 1, (uint32_t)strlen(nick_key), 0};
    if (MU_SET(j, more->nick, block) || MU_SET(j, more->by_nick, key) ||
        (nick && mu_save_map_insert(j, &room->index->by_nick, &more->by_nick)) ||
        mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}
