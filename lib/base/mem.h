/* mem.h: the service's allocator, counted so that output may outlive the service.
 *
 * Everything the library allocates comes from the muc_mem that the host gave to muc_service_new(). An object that can
 * be kept by the host past the service (a delivery) holds a reference to the heap, never to the service. */
#ifndef MU_BASE_MEM_H
#define MU_BASE_MEM_H

#include <muc/types.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct mu_heap {
    muc_mem mem;
    size_t refs;
    bool failed; /* an allocation failed since this was last cleared: for those who cannot say so themselves */
} mu_heap;

/* A heap with one reference; mem NULL takes malloc, realloc and free. NULL when out of memory. */
mu_heap *mu_heap_new(const muc_mem *mem);
mu_heap *mu_heap_ref(mu_heap *heap);
void mu_heap_unref(mu_heap *heap);

/* Sizes of 0 are rounded up to 1, so NULL always means out of memory. */
void *mu_alloc(mu_heap *heap, size_t size);
void *mu_zalloc(mu_heap *heap, size_t size);
void *mu_resize(mu_heap *heap, void *p, size_t size);
void mu_free(mu_heap *heap, void *p);
/* Makes room for want elements of size bytes in *p, of which *cap fit now. Grows by half. 0 or MUC_ERR_NOMEM. */
int mu_grow(mu_heap *heap, void *p, size_t *cap, size_t want, size_t size);
/* A NUL-terminated copy. */
char *mu_strndup(mu_heap *heap, const char *s, size_t n);
char *mu_strdup(mu_heap *heap, const char *s);

#endif
