/* pressure.c: mode nomem: every allocation of a call fails once.
 *
 * A call that says MUC_ERR_NOMEM must have done nothing, and is made again. One that gets along without the memory
 * must do what it does with it; then all is brought back to where it was, for there are more allocations that can
 * fail. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "memory.h"

int pressure_make(host *h)
{
    size_t live = memory_live();
    for (size_t k = 1;; k++) {
        memory_fail(k);
        int result = host_make(h);
        int reached = memory_fail_no_more();
        if (result != MUC_ERR_NOMEM || !reached)
            return result;
        if (h->service || memory_live() != live) {
            text_format(&h->problem, "muc_service_new() left something behind when allocation %zu failed\n", k);
            return result;
        }
    }
}

/* What a call said and sent. */
static void describe(const host *h, int result, text *out)
{
    text_format(out, "%s\n", muc_strerror(result));
    for (size_t i = 0; i < h->out_count; i++)
        text_format(out, "%s\n", text_string(&h->out[i].bytes));
}

static void check_nothing_happened(host *h, const past *before, size_t k)
{
    if (h->out_count)
        text_format(&h->problem, "something was sent although allocation %zu failed\n", k);
    else if (h->loads == before->loads && !past_is(h, before))
        text_format(&h->problem, "a room is not as it was after allocation %zu failed\n", k);
}

static void check_same(host *h, const text *with, const text *without, size_t k)
{
    if (with->n && strcmp(text_string(with), text_string(without)) != 0)
        text_format(&h->problem, "allocation %zu failed, and the call did something else\n  with:    %s  without: %s",
                    k, text_string(without), text_string(with));
}

/* One time, with the k-th allocation failing. Whether there is more to fail. */
static int once(host *h, host_fn *fn, void *arg, const past *before, size_t k, text *odd, size_t *odd_k, int *result)
{
    text did = {0};
    h->random = before->random;
    memory_fail(k);
    *result = fn(h, arg);
    int reached = memory_fail_no_more(), more = reached;
    if (reached && *result == MUC_ERR_NOMEM) {
        check_nothing_happened(h, before, k);
    } else {
        describe(h, *result, &did);
        check_same(h, odd, &did, *odd_k);
        /* What is held cannot be brought back. */
        more = reached && h->held.count == 0;
    }
    if (more && did.n && h->problem.n == 0) {
        *odd_k = k;
        text_cut(odd, 0);
        text_add(odd, did.p);
        host_clear(h);
        past_bring_back(h, before);
    }
    text_free(&did);
    return more && h->problem.n == 0;
}

int pressure_call(host *h, host_fn *fn, void *arg)
{
    past before;
    text odd = {0};
    size_t k = 1, odd_k = 0;
    int result;
    past_take(h, &before);
    while (once(h, fn, arg, &before, k, &odd, &odd_k, &result))
        k++;
    text_free(&odd);
    past_free(&before);
    return result;
}
