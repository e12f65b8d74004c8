/* unknown.c: names of rooms that the host's store does not have, the latest of them: nobody is asked twice.
 *
 * Only saves work, so it goes by no journal. */
#include <model/model.h>

#include <string.h>

struct mu_unknown {
    mu_key key;
    struct mu_unknown *next; /* order of asking */
    struct mu_unknown *prev;
    char name[];
};

bool mu_unknown_has(muc_service *s, muc_span key)
{
    return mu_map_find(&s->unknown, key.p, key.n) != NULL;
}

static void drop(muc_service *s, struct mu_unknown *u)
{
    mu_map_remove(&s->unknown, &u->key);
    if (u->prev)
        u->prev->next = u->next;
    else
        s->first_unknown = u->next;
    if (u->next)
        u->next->prev = u->prev;
    else
        s->last_unknown = u->prev;
    mu_free(s->heap, u);
}

void mu_unknown_add(muc_service *s, muc_span key)
{
    if (s->settings.max_unknown_rooms == 0 || key.n >= UINT32_MAX || mu_unknown_has(s, key))
        return;
    struct mu_unknown *u = mu_zalloc(s->heap, sizeof *u + key.n);
    if (!u)
        return;
    while (s->unknown.count >= s->settings.max_unknown_rooms)
        drop(s, s->first_unknown);
    if (mu_map_reserve(&s->unknown, 1)) {
        mu_free(s->heap, u);
        return;
    }
    memcpy(u->name, key.p, key.n);
    u->key.p = u->name;
    u->key.n = (uint32_t)key.n;
    u->prev = s->last_unknown;
    if (u->prev)
        u->prev->next = u;
    else
        s->first_unknown = u;
    s->last_unknown = u;
    mu_map_insert(&s->unknown, &u->key);
}

void mu_unknown_remove(muc_service *s, muc_span key)
{
    struct mu_unknown *u = (struct mu_unknown *)mu_map_find(&s->unknown, key.p, key.n);
    if (u)
        drop(s, u);
}

void mu_unknown_clear(muc_service *s)
{
    while (s->first_unknown)
        drop(s, s->first_unknown);
    mu_map_free(&s->unknown);
}
