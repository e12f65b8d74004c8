/* map.c: the keyed hash map: open addressing, linear probing, back-shift deletion; never more than 3/4 full. */
#include <base/map.h>

#include <muc/error.h>
#include <string.h>

enum { FIRST_CAP = 8 };

void mu_map_init(mu_map *m, mu_heap *heap, const uint8_t secret[16])
{
    memset(m, 0, sizeof *m);
    m->heap = heap;
    m->secret = secret;
}

void mu_map_free(mu_map *m)
{
    mu_free(m->heap, m->slots);
    mu_map_init(m, m->heap, m->secret);
}

/* The hash is already in the key. */
static void place(mu_map *m, mu_key *item)
{
    size_t i = item->hash & (m->cap - 1);
    while (m->slots[i])
        i = (i + 1) & (m->cap - 1);
    m->slots[i] = item;
}

int mu_map_reserve(mu_map *m, size_t more)
{
    if (more > SIZE_MAX / sizeof(mu_key *) / 4 - m->count)
        return MUC_ERR_NOMEM;
    size_t want = m->count + more;
    size_t cap = m->cap ? m->cap : FIRST_CAP;
    while (want > cap / 4 * 3)
        cap *= 2;
    if (cap == m->cap)
        return MUC_OK;
    mu_key **slots = mu_alloc(m->heap, cap * sizeof(mu_key *));
    if (!slots)
        return MUC_ERR_NOMEM;
    for (size_t i = 0; i < cap; i++)
        slots[i] = NULL;
    mu_key **old = m->slots;
    size_t old_cap = m->cap;
    m->slots = slots;
    m->cap = cap;
    for (size_t i = 0; i < old_cap; i++) {
        if (old[i])
            place(m, old[i]);
    }
    mu_free(m->heap, old);
    return MUC_OK;
}

void mu_map_insert(mu_map *m, mu_key *item)
{
    item->hash = (uint32_t)mu_siphash(m->secret, item->p, item->n);
    place(m, item);
    m->count++;
}

void mu_map_remove(mu_map *m, mu_key *item)
{
    if (m->cap == 0)
        return;
    size_t mask = m->cap - 1;
    size_t hole = item->hash & mask;
    while (m->slots[hole] != item) {
        if (!m->slots[hole])
            return;
        hole = (hole + 1) & mask;
    }
    /* Moves back whatever follows in the run and would not be found any more behind a hole. */
    for (size_t i = (hole + 1) & mask; m->slots[i]; i = (i + 1) & mask) {
        size_t home = m->slots[i]->hash & mask;
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            m->slots[hole] = m->slots[i];
            hole = i;
        }
    }
    m->slots[hole] = NULL;
    m->count--;
}

mu_key *mu_map_find(const mu_map *m, const char *p, size_t n)
{
    if (m->count == 0)
        return NULL;
    uint32_t hash = (uint32_t)mu_siphash(m->secret, p, n);
    size_t mask = m->cap - 1;
    for (size_t i = hash & mask; m->slots[i]; i = (i + 1) & mask) {
        mu_key *item = m->slots[i];
        if (item->hash == hash && item->n == n && (n == 0 || memcmp(item->p, p, n) == 0))
            return item;
    }
    return NULL;
}
