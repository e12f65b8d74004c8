/* mem.c: the counted heap over the host's allocator. */
#include <base/mem.h>

#include <muc/error.h>
#include <stdlib.h>
#include <string.h>

static void *default_alloc(size_t size, void *ud)
{
    (void)ud;
    return malloc(size);
}

static void *default_resize(void *p, size_t size, void *ud)
{
    (void)ud;
    return realloc(p, size);
}

static void default_release(void *p, void *ud)
{
    (void)ud;
    free(p);
}

mu_heap *mu_heap_new(const muc_mem *mem)
{
    static const muc_mem libc = {NULL, default_alloc, default_resize, default_release};
    if (!mem || !mem->alloc)
        mem = &libc;
    mu_heap *heap = mem->alloc(sizeof *heap, mem->ud);
    if (!heap)
        return NULL;
    *heap = (mu_heap){.mem = *mem, .refs = 1};
    return heap;
}

mu_heap *mu_heap_ref(mu_heap *heap)
{
    heap->refs++;
    return heap;
}

void mu_heap_unref(mu_heap *heap)
{
    if (!heap || --heap->refs > 0)
        return;
    muc_mem mem = heap->mem;
    mem.release(heap, mem.ud);
}

static void *noted(mu_heap *heap, void *p)
{
    heap->failed = heap->failed || !p;
    return p;
}

void *mu_alloc(mu_heap *heap, size_t size)
{
    return noted(heap, heap->mem.alloc(size ? size : 1, heap->mem.ud));
}

void *mu_zalloc(mu_heap *heap, size_t size)
{
    void *p = mu_alloc(heap, size);
    if (p)
        memset(p, 0, size);
    return p;
}

void *mu_resize(mu_heap *heap, void *p, size_t size)
{
    if (!p)
        return mu_alloc(heap, size);
    return noted(heap, heap->mem.resize(p, size ? size : 1, heap->mem.ud));
}

void mu_free(mu_heap *heap, void *p)
{
    if (p)
        heap->mem.release(p, heap->mem.ud);
}

int mu_grow(mu_heap *heap, void *p, size_t *cap, size_t want, size_t size)
{
    if (want <= *cap)
        return MUC_OK;
    size_t most = SIZE_MAX / (size ? size : 1);
    if (want > most)
        return MUC_ERR_NOMEM;
    size_t next = *cap > most - *cap / 2 ? most : *cap + *cap / 2;
    if (next < want)
        next = want;
    /* p is a T ** of any T: its bytes are copied, since no pointer type may stand for all of them. */
    void *block;
    memcpy(&block, p, sizeof block);
    block = mu_resize(heap, block, next * size);
    if (!block)
        return MUC_ERR_NOMEM;
    memcpy(p, &block, sizeof block);
    *cap = next;
    return MUC_OK;
}

char *mu_strndup(mu_heap *heap, const char *s, size_t n)
{
    char *copy = n < SIZE_MAX ? mu_alloc(heap, n + 1) : NULL;
    if (!copy)
        return NULL;
    if (n > 0)
        memcpy(copy, s, n);
    copy[n] = '\0';
    return copy;
}

char *mu_strdup(mu_heap *heap, const char *s)
{
    return mu_strndup(heap, s, strlen(s));
}
