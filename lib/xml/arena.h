/* arena.h: the memory of one document: blocks that are filled in order and freed at once. */
#ifndef MU_XML_ARENA_H
#define MU_XML_ARENA_H

#include <stddef.h>

typedef struct mu_arena_block {
    struct mu_arena_block *next;
    size_t size;
    char p[];
} mu_arena_block;

typedef struct mu_arena {
    mu_arena_block *blocks; /* the newest first */
    char *at, *end;         /* what is free of it */
} mu_arena;

/* With a block to begin with, which it takes. */
void mu_arena_init(mu_arena *a, mu_arena_block *first);
/* Aligned for pointers; NULL: no memory. */
void *mu_arena_alloc(mu_arena *a, size_t n);
/* Zeroed. */
void *mu_arena_zalloc(mu_arena *a, size_t n);
/* Makes more of the memory that was given last, in its place; NULL: it has to be copied elsewhere. */
void *mu_arena_extend(mu_arena *a, void *last, size_t n);

/* A block of at least n bytes. NULL: no memory. */
mu_arena_block *mu_arena_block_new(size_t n);
void mu_arena_blocks_free(mu_arena_block *blocks);

#endif
