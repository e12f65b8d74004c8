/* memory.c: an allocator that counts what a service holds, malloc's overhead included. */
#include "bench.h"

#include <malloc.h>
#include <stdlib.h>
#include <sys/resource.h>

/* glibc has the size of a block in front of it. */
static size_t cost(void *p)
{
    return malloc_usable_size(p) + sizeof(size_t);
}

static void *noted(bench_heap *heap, void *p)
{
    heap->calls++;
    if (p) {
        heap->bytes += cost(p);
        heap->blocks++;
    }
    return p;
}

static void forgotten(bench_heap *heap, void *p)
{
    heap->bytes -= cost(p);
    heap->blocks--;
}

static void *count_alloc(size_t size, void *ud)
{
    return noted(ud, malloc(size));
}

static void *count_resize(void *p, size_t size, void *ud)
{
    bench_heap *heap = ud;
    forgotten(heap, p);
    void *other = realloc(p, size);
    if (!other)
        noted(heap, p);
    return noted(heap, other);
}

static void count_release(void *p, void *ud)
{
    forgotten(ud, p);
    free(p);
}

muc_mem bench_mem(bench_heap *heap)
{
    return (muc_mem){.ud = heap, .alloc = count_alloc, .resize = count_resize, .release = count_release};
}

double bench_peak(void)
{
    struct rusage usage;
    return getrusage(RUSAGE_SELF, &usage) == 0 ? (double)usage.ru_maxrss * 1024 : 0;
}
