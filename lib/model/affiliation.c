/* affiliation.c: how bare JIDs and domains belong to a room, and the nicknames reserved for them
 * (XEP-0045 sections 5.2 and 7.10). */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

void mu_affiliation_free(mu_heap *heap, void *object)
{
    mu_affiliation *a = object;
    mu_free(heap, a->nick);
    mu_free(heap, a->reason);
    mu_free(heap, a);
}

mu_affiliation *mu_affiliation_find(const muc_room *room, const char *key, size_t n)
{
    return (mu_affiliation *)mu_map_find(&room->affiliations, key, n);
}

muc_affiliation mu_affiliation_of(const muc_room *room, muc_span bare_key)
{
    const mu_affiliation *a = mu_affiliation_find(room, bare_key.p, bare_key.n);
    const char *at = a || bare_key.n == 0 ? NULL : memchr(bare_key.p, '@', bare_key.n);
    if (at)
        a = mu_affiliation_find(room, at + 1, bare_key.n - (size_t)(at + 1 - bare_key.p));
    return a ? a->affiliation : MUC_AFFILIATION_NONE;
}

/* owner_count after the affiliation of one entry changed. */
static int count_owner(muc_room *room, muc_affiliation before, muc_affiliation after)
{
    size_t count = room->owner_count;
    count += (after == MUC_AFFILIATION_OWNER);
    count -= (before == MUC_AFFILIATION_OWNER);
    return count == room->owner_count ? MUC_OK : MU_SET(&room->service->journal, room->owner_count, count);
}

static int add(muc_room *room, muc_span key, muc_affiliation affiliation, const char *reason)
{
    mu_journal *j = &room->service->journal;
    mu_affiliation *a = mu_zalloc(j->heap, sizeof *a + key.n + 1);
    if (mu_save_made(j, mu_affiliation_free, a))
        return MUC_ERR_NOMEM;
    char *name = (char *)(a + 1);
    memcpy(name, key.p, key.n);
    a->key.p = name;
    a->key.n = (uint32_t)key.n;
    a->affiliation = affiliation;
    a->reason = reason ? mu_strdup(j->heap, reason) : NULL;
    if ((reason && !a->reason) || mu_save_map_insert(j, &room->affiliations, &a->key) ||
        MU_APPEND(j, room->first_affiliation, room->last_affiliation, a) ||
        count_owner(room, MUC_AFFILIATION_NONE, affiliation) || mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

static int remove_entry(muc_room *room, mu_affiliation *a)
{
    mu_journal *j = &room->service->journal;
    if ((a->nick && mu_save_map_remove(j, &room->nicks, &a->by_nick)) ||
        mu_save_map_remove(j, &room->affiliations, &a->key) ||
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
    if (!same_text(a->reason, reason)) {
        char *copy = reason ? mu_strdup(j->heap, reason) : NULL;
        if ((reason && mu_save_made(j, mu_free, copy)) || mu_save_gone(j, mu_free, a->reason) ||
            MU_SET(j, a->reason, copy))
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
    mu_key *item = mu_map_find(&room->nicks, nick_key, strlen(nick_key));
    return item ? (mu_affiliation *)((char *)item - offsetof(mu_affiliation, by_nick)) : NULL;
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
    if (same_text(a->nick, nick))
        return MUC_OK;
    const mu_affiliation *holder = nick ? mu_affiliation_by_nick(room, nick_key) : NULL;
    if (holder && holder != a)
        return MUC_ERR_CONFLICT;
    char *block = NULL;
    if ((nick && make_nick(j, nick, nick_key, &block)) || mu_save_gone(j, mu_free, a->nick) ||
        (a->nick && mu_save_map_remove(j, &room->nicks, &a->by_nick)))
        return MUC_ERR_NOMEM;
    mu_key key = {NULL, 0, 0};
    if (nick)
        key = (mu_key){block + strlen(nick) + 1, (uint32_t)strlen(nick_key), 0};
    if (MU_SET(j, a->nick, block) || MU_SET(j, a->nick_key, nick ? block + strlen(nick) + 1 : NULL) ||
        MU_SET(j, a->by_nick, key) || (nick && mu_save_map_insert(j, &room->nicks, &a->by_nick)) ||
        mu_save_note(j, room, MUC_PART_AFFILIATIONS, 0, a))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}
