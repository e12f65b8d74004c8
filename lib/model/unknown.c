/* unknown.c: names of rooms that the host's store does not have, the latest of them: nobody is asked twice.
 *
 * Only saves work, so what is added goes by no journal. What is removed because the room is there now comes back when
 * that is undone: else whoever may not make a room could have the store asked by each attempt. */
#include <model/model.h>

#include <string.h>

struct mu_unknown {
    mu_key key;
    struct mu_unknown *next; /* order of asking */
    struct mu_unknown *prev;
    muc_service *service;
    char name[];
};

bool mu_unknown_has(muc_service *s, muc_span key)
{
    return mu_map_find(&s->unknown, key.p, key.n) != NULL;
}

static void take_out(struct mu_unknown *u)
{
    muc_service *s = u->service;
    mu_map_remove(&s->unknown, &u->key);
    if (u->prev)
        u->prev->next = u->next;
    else
        s->first_unknown = u->next;
    if (u->next)
        u->next->prev = u->prev;
    else
        s->last_unknown = u->prev;
}

static void drop(struct mu_unknown *u)
{
    take_out(u);
    mu_free(u->service->heap, u);
}

/* Behind all others, of which there are no more than may be. */
static void put_back(void *object)
{
    struct mu_unknown *u = object;
    muc_service *s = u->service;
    while (s->unknown.count >= s->settings.max_unknown_rooms && s->first_unknown)
        drop(s->first_unknown);
    if (mu_map_reserve(&s->unknown, 1)) {
        mu_free(s->heap, u);
        return;
    }
    u->next = NULL;
    u->prev = s->last_unknown;
    if (u->prev)
        u->prev->next = u;
    else
        s->first_unknown = u;
    s->last_unknown = u;
    mu_map_insert(&s->unknown, &u->key);
}

void mu_unknown_add(muc_service *s, muc_span key)
{
    if (s->settings.max_unknown_rooms == 0 || key.n >= UINT32_MAX || mu_unknown_has(s, key))
        return;
    struct mu_unknown *u = mu_zalloc(s->heap, sizeof *u + key.n);
    if (!u)
        return;
    memcpy(u->name, key.p, key.n);
    u->key.p = u->name;
    u->key.n = (uint32_t)key.n;
    u->service = s;
    put_back(u);
}

int mu_unknown_remove(muc_service *s, muc_span key)
{
    struct mu_unknown *u = (struct mu_unknown *)mu_map_find(&s->unknown, key.p, key.n);
    if (!u)
        return MUC_OK;
    if (mu_save_gone(&s->journal, mu_free, u) || mu_save_undone(&s->journal, put_back, u))
        return MUC_ERR_NOMEM;
    take_out(u);
    return MUC_OK;
}

void mu_unknown_clear(muc_service *s)
{
    while (s->first_unknown)
        drop(s->first_unknown);
    mu_map_free(&s->unknown);
}
