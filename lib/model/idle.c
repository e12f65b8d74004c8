/* idle.c: when each full JID that is in some room was heard of last; see idle.h. */
#include <model/model.h>

#include <string.h>

/* An answer to a ping may take that part of the time between pings. */
enum { SECOND = 1000, ANSWER_PART = 4 };

static bool is_wanted(const muc_service *s)
{
    return s->settings.idle_ping || s->settings.idle_kick;
}

static void write_hex(uint64_t number, char *out)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        *out++ = "0123456789abcdef"[number >> shift & 15];
}

/* ---- when ------------------------------------------------------------------------------------------------------- */

int64_t mu_idle_when(const muc_service *s, const mu_idle *idle)
{
    int64_t ping = s->settings.idle_ping * SECOND, kick = s->settings.idle_kick * SECOND;
    int64_t when = INT64_MAX;
    if (ping)
        when = idle->pinged ? idle->pinged + ping / ANSWER_PART : idle->heard + ping;
    if (kick && idle->heard + kick < when)
        when = idle->heard + kick;
    return when;
}

/* A key for the tree: the time, and what makes it unlike all others. */
static void set_due(muc_service *s, mu_idle *idle)
{
    idle->at = mu_idle_when(s, idle);
    write_hex(idle->at < 0 ? 0 : (uint64_t)idle->at, idle->due_key);
    write_hex(++s->turn, idle->due_key + 16);
    idle->due_key[MU_IDLE_DUE - 1] = '\0';
}

void mu_idle_settle(muc_service *s, mu_idle *idle)
{
    mu_tree_remove(&s->idle_due, &idle->due);
    set_due(s, idle);
    mu_tree_insert(&s->idle_due, &idle->due, idle->due_key, idle->key.hash);
}

/* ---- coming and going ------------------------------------------------------------------------------------------- */

static void free_idle(mu_heap *heap, void *object)
{
    mu_idle *idle = object;
    mu_peer_unref(heap, idle->peer);
    mu_free(heap, idle);
}

int mu_idle_come(muc_service *s, mu_peer *peer)
{
    mu_journal *j = &s->journal;
    if (!is_wanted(s))
        return MUC_OK;
    mu_idle *idle = mu_zalloc(s->heap, sizeof *idle);
    if (!idle)
        return MUC_ERR_NOMEM;
    idle->peer = mu_peer_ref(peer);
    idle->key = (mu_key){.p = peer->key.p, .n = peer->key.n};
    idle->heard = mu_now(s);
    set_due(s, idle);
    if (mu_save_made(j, free_idle, idle) || mu_save_map_insert(j, &s->idle, &idle->key))
        return MUC_ERR_NOMEM;
    return mu_save_tree_insert(j, &s->idle_due, &idle->due, idle->due_key, idle->key.hash);
}

static int remove_one(muc_service *s, mu_idle *idle)
{
    mu_journal *j = &s->journal;
    return mu_save_map_remove(j, &s->idle, &idle->key) || mu_save_tree_remove(j, &s->idle_due, &idle->due)
               ? MUC_ERR_NOMEM
               : mu_save_gone(j, free_idle, idle);
}

int mu_idle_go(muc_service *s, const mu_peer *peer)
{
    mu_idle *idle = mu_idle_find(s, peer);
    return idle ? remove_one(s, idle) : MUC_OK;
}

int mu_idle_configure(muc_service *s)
{
    int r = MUC_OK;
    mu_idle *idle;
    for (mu_tree_node *next, *n = mu_tree_at(&s->idle_due, 0); n && !is_wanted(s) && !r; n = next) {
        next = mu_tree_next(n);
        idle = (mu_idle *)(void *)((char *)n - offsetof(mu_idle, due));
        r = remove_one(s, idle);
    }
    for (size_t i = 0; i < s->peers.cap && is_wanted(s) && !r; i++) {
        mu_peer *peer = (mu_peer *)s->peers.slots[i];
        idle = peer ? mu_idle_find(s, peer) : NULL;
        if (peer && !idle)
            r = mu_idle_come(s, peer);
    }
    return r;
}

void mu_idle_clear(muc_service *s)
{
    for (size_t i = 0; i < s->idle.cap; i++)
        if (s->idle.slots[i])
            free_idle(s->heap, s->idle.slots[i]);
    mu_map_free(&s->idle);
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

mu_idle *mu_idle_find(const muc_service *s, const mu_peer *peer)
{
    return s->idle.count ? (mu_idle *)mu_map_find(&s->idle, peer->key.p, peer->key.n) : NULL;
}

int mu_idle_heard(muc_service *s, const mu_peer *peer)
{
    mu_idle *idle = mu_idle_find(s, peer);
    if (!idle)
        return MUC_OK;
    int r = MU_SET(&s->journal, idle->heard, mu_now(s));
    return r ? r : MU_SET(&s->journal, idle->pinged, 0);
}

mu_idle *mu_idle_at(const muc_service *s, size_t i)
{
    mu_tree_node *node = mu_tree_at(&s->idle_due, i);
    return node ? (mu_idle *)(void *)((char *)node - offsetof(mu_idle, due)) : NULL;
}

void mu_idle_token(const muc_service *s, const mu_idle *idle, char out[MU_IDLE_TOKEN])
{
    uint64_t words[2] = {(uint64_t)idle->pinged, mu_siphash(s->secret, idle->key.p, idle->key.n)};
    write_hex(mu_siphash(s->secret, words, sizeof words), out);
    out[MU_IDLE_TOKEN - 1] = '\0';
}

int64_t muc_session_heard(const muc_session *session)
{
    const mu_idle *idle = mu_idle_find(session->occupant->room->service, session->peer);
    return idle ? idle->heard : 0;
}

const char *mu_idle_check(const muc_service *s)
{
    if (s->idle.count != (is_wanted(s) ? s->peers.count : 0) || mu_tree_count(&s->idle_due) != s->idle.count)
        return "number of those who may be idle";
    return NULL;
}
