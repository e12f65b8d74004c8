/* arena.c: the memory of one document.
 *
 * A stanza is a hundred small pieces that live and die together: one allocation instead of one for each node, value and
 * text was a quarter of the time of reading it. */
#include <xml/arena.h>

#include <libxml/xmlmemory.h>
#include <stdint.h>
#include <string.h>

enum { ALIGN = sizeof(void *), MOST = 65536 };

mu_arena_block *mu_arena_block_new(size_t n)
{
    if (n > SIZE_MAX / 2)
        return NULL;
    mu_arena_block *block = xmlMalloc(sizeof *block + n);
    if (!block)
        return NULL;
    block->next = NULL;
    block->size = n;
    return block;
}

void mu_arena_blocks_free(mu_arena_block *blocks)
{
    while (blocks) {
        mu_arena_block *next = blocks->next;
        xmlFree(blocks);
        blocks = next;
    }
}

void mu_arena_init(mu_arena *a, mu_arena_block *first)
{
    a->blocks = first;
    a->at = first->p;
    a->end = first->p + first->size;
}

/* Blocks double, so that there are few of them, up to a size that wastes little. */
static int add_block(mu_arena *a, size_t n)
{
    size_t size = a->blocks->size < MOST / 2 ? 2 * a->blocks->size : MOST;
    mu_arena_block *block = mu_arena_block_new(n > size ? n : size);
    if (!block)
        return -1;
    block->next = a->blocks;
    mu_arena_init(a, block);
    return 0;
}

void *mu_arena_alloc(mu_arena *a, size_t n)
{
    if (n > SIZE_MAX / 4)
        return NULL;
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (n > (size_t)(a->end - a->at) && add_block(a, n))
        return NULL;
    void *p = a->at;
    a->at += n;
    return p;
}

void *mu_arena_zalloc(mu_arena *a, size_t n)
{
    void *p = mu_arena_alloc(a, n);
    if (p)
        memset(p, 0, n);
    return p;
}

void *mu_arena_extend(mu_arena *a, void *last, size_t n)
{
    n = (n + ALIGN - 1) / ALIGN * ALIGN;
    if (n > (size_t)(a->end - (char *)last))
        return NULL;
    a->at = (char *)last + n;
    return last;
}
