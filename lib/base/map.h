/* map.h: a keyed hash map over items that carry their own key.
 *
 * Keys are hashed with SipHash and the host's secret, so hostile names cannot make it slow. Room for an item is
 * reserved first (the only step that can fail), so that inserting during a commit and putting back during a rollback
 * cannot. */
#ifndef MU_BASE_MAP_H
#define MU_BASE_MAP_H

#include <base/mem.h>
#include <stdbool.h>
#include <stdint.h>

/* First member of everything that is mapped. The bytes belong to the item and do not change while it is in a map. */
typedef struct mu_key {
    const char *p;
    uint32_t n;
    uint32_t hash; /* set by mu_map_insert */
} mu_key;

typedef struct mu_map {
    mu_heap *heap;
    const uint8_t *secret; /* 16 bytes, the service's */
    mu_key **slots;        /* open addressing, linear probing, back-shift deletion */
    size_t cap, count;     /* cap 0 or a power of two */
} mu_map;

void mu_map_init(mu_map *m, mu_heap *heap, const uint8_t secret[16]);
void mu_map_free(mu_map *m); /* the table, not the items */
/* After 0, `more` inserts cannot fail (removals in between give their place back). 0 or MUC_ERR_NOMEM. */
int mu_map_reserve(mu_map *m, size_t more);
/* The key must not be in the map; room must have been reserved, or have been left by a removal. */
void mu_map_insert(mu_map *m, mu_key *item);
void mu_map_remove(mu_map *m, mu_key *item);
mu_key *mu_map_find(const mu_map *m, const char *p, size_t n);

uint64_t mu_siphash(const uint8_t secret[16], const void *p, size_t n);

#endif
