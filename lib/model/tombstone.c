/* tombstone.c: addresses of rooms that were destroyed and are to say so (XEP-0045 section 10.9).
 *
 * In the order of their making, the oldest first: over the bound it is forgotten. The store keeps a tombstone in the
 * room's place; so it is told of one by the room that ends, and of its end by a room that stands for it for a moment.
 */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

static void free_tombstone(mu_heap *heap, void *tombstone)
{
    mu_free(heap, tombstone);
}

/* Puts text, which may be NULL, behind what is there. */
static const char *put(char **end, const char *text)
{
    if (!text)
        return NULL;
    size_t n = strlen(text) + 1;
    char *at = memcpy(*end, text, n);
    *end += n;
    return at;
}

static mu_tombstone *make(muc_service *s, muc_span key, const mu_epitaph *epitaph)
{
    size_t alternate = epitaph->alternate ? strlen(epitaph->alternate) + 1 : 0;
    size_t reason = epitaph->reason ? strlen(epitaph->reason) + 1 : 0;
    mu_tombstone *t = key.n < UINT32_MAX ? mu_zalloc(s->heap, sizeof *t + key.n + 1 + alternate + reason) : NULL;
    if (!t)
        return NULL;
    memcpy(t->name, key.p, key.n);
    char *end = t->name + key.n + 1;
    t->key.p = t->name;
    t->key.n = (uint32_t)key.n;
    t->says = (mu_epitaph){.alternate = put(&end, epitaph->alternate),
                           .reason = put(&end, epitaph->reason),
                           .at = epitaph->at,
                           .until = epitaph->until};
    return t;
}

mu_tombstone *mu_tombstone_by_key(const muc_service *s, const char *key, size_t n)
{
    return s->tombstones.count ? (mu_tombstone *)mu_map_find(&s->tombstones, key, n) : NULL;
}

int mu_tombstone_remove(muc_service *s, mu_tombstone *t)
{
    mu_journal *j = &s->journal;
    if (mu_save_map_remove(j, &s->tombstones, &t->key) || MU_UNLINK(j, s->first_tombstone, s->last_tombstone, t) ||
        mu_save_gone(j, free_tombstone, t))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

int mu_tombstone_add(muc_service *s, muc_span key, const mu_epitaph *epitaph, bool stored)
{
    mu_journal *j = &s->journal;
    mu_tombstone *former = mu_tombstone_by_key(s, key.p, key.n);
    if (former && mu_tombstone_remove(s, former))
        return MUC_ERR_NOMEM;
    while (s->first_tombstone && s->tombstones.count >= s->settings.max_tombstones)
        if (mu_tombstone_remove(s, s->first_tombstone))
            return MUC_ERR_NOMEM;
    mu_tombstone *t = make(s, key, epitaph);
    if (mu_save_made(j, free_tombstone, t) || mu_save_map_insert(j, &s->tombstones, &t->key) ||
        MU_APPEND(j, s->first_tombstone, s->last_tombstone, t))
        return MUC_ERR_NOMEM;
    t->stored = stored;
    return MUC_OK;
}

int mu_tombstone_lift(muc_service *s, mu_tombstone *t)
{
    muc_room *room;
    /* It takes the place of the tombstone, also in the store, which is then told that it is gone. */
    int r = mu_room_add(s, (muc_span){t->key.p, t->key.n}, &room);
    return r ? r : mu_room_remove(room);
}

void mu_tombstones_free(muc_service *s)
{
    mu_tombstone *next;
    for (mu_tombstone *t = s->first_tombstone; t; t = next) {
        next = t->next;
        mu_free(s->heap, t);
    }
    mu_map_free(&s->tombstones);
}
