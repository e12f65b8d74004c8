/* failing.h: an allocator that fails when told to and knows what is still out. */
#ifndef MU_TESTS_FAILING_H
#define MU_TESTS_FAILING_H

#include <muc/types.h>
#include <stdlib.h>

typedef struct failing {
    long left; /* allocations until the first failure; negative: never */
    long live; /* blocks not given back */
} failing;

static inline int failing_now(failing *f)
{
    if (f->left == 0)
        return 1;
    if (f->left > 0)
        f->left--;
    return 0;
}

static inline void *failing_alloc(size_t size, void *ud)
{
    failing *f = ud;
    void *p = failing_now(f) ? NULL : malloc(size);
    f->live += p != NULL;
    return p;
}

static inline void *failing_resize(void *p, size_t size, void *ud)
{
    return failing_now(ud) ? NULL : realloc(p, size);
}

static inline void failing_release(void *p, void *ud)
{
    failing *f = ud;
    f->live--;
    free(p);
}

static inline muc_mem failing_mem(failing *f)
{
    return (muc_mem){f, failing_alloc, failing_resize, failing_release};
}

#endif
