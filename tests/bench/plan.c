/* plan.c: the bare copying loop over what the library delivered: the same recipients and bytes, in the same order, into
 * the same buffer. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

static void *grown(void *p, size_t *cap, size_t want, size_t size)
{
    if (want <= *cap)
        return p;
    *cap = want + want / 2;
    p = realloc(p, *cap * size);
    bench_must(p != NULL, "memory");
    return p;
}

/* Pieces that lie next to each other are one; the empty ones come last. */
static void add_stanza(bench_plan *plan, const muc_span *pieces, size_t n)
{
    plan->spans = grown(plan->spans, &plan->cap, (plan->n + 1) * MUC_PIECES, sizeof *plan->spans);
    muc_span *spans = plan->spans + plan->n++ * MUC_PIECES;
    size_t count = 0;
    for (size_t k = 0; k < n; k++) {
        if (pieces[k].n == 0)
            continue;
        if (count > 0 && spans[count - 1].p + spans[count - 1].n == pieces[k].p)
            spans[count - 1].n += pieces[k].n;
        else
            spans[count++] = pieces[k];
    }
    while (count < MUC_PIECES)
        spans[count++] = (muc_span){"", 0};
}

void bench_plan_add(bench_plan *plan, const muc_delivery *delivery)
{
    muc_delivery *kept = muc_delivery_keep(delivery);
    bench_must(kept != NULL, "keeping a delivery");
    plan->kept = grown(plan->kept, &plan->kept_cap, plan->kept_count + 1, sizeof(muc_delivery *));
    plan->kept[plan->kept_count++] = kept;
    for (size_t i = 0; i < muc_delivery_count(kept); i++) {
        muc_span pieces[MUC_PIECES];
        muc_delivery_pieces(kept, i, pieces);
        add_stanza(plan, pieces, MUC_PIECES);
    }
}

void bench_plan_flatten(const bench_plan *plan, bench_plan *flat)
{
    *flat = (bench_plan){.blocks = bench_memory(plan->n * sizeof(char *))};
    for (size_t i = 0; i < plan->n; i++) {
        const muc_span *spans = plan->spans + i * MUC_PIECES;
        size_t n = 0;
        for (size_t k = 0; k < MUC_PIECES; k++)
            n += spans[k].n;
        flat->blocks[i] = bench_memory(n);
        char *at = flat->blocks[i];
        for (size_t k = 0; k < MUC_PIECES; k++)
            at = bench_put(at, spans[k]);
        muc_span whole = {flat->blocks[i], n};
        add_stanza(flat, &whole, 1);
    }
}

void bench_plan_free(bench_plan *plan)
{
    for (size_t i = 0; i < plan->kept_count; i++)
        muc_delivery_free(plan->kept[i]);
    for (size_t i = 0; plan->blocks && i < plan->n; i++)
        free(plan->blocks[i]);
    free(plan->kept);
    free(plan->blocks);
    free(plan->spans);
    *plan = (bench_plan){0};
}

/* As good a loop as there is: most stanzas have three or four pieces, whole ones have one. */
void bench_plan_copy(const bench_plan *plan, char *out)
{
    const muc_span *end = plan->spans + plan->n * MUC_PIECES;
    for (const muc_span *s = plan->spans; s < end; s += MUC_PIECES) {
        char *at = bench_put(out, s[0]);
        if (s[1].n == 0)
            continue;
        at = bench_put(bench_put(at, s[1]), s[2]);
        if (s[3].n > 0)
            (void)bench_put(at, s[3]);
    }
}

size_t bench_plan_bytes(const bench_plan *plan)
{
    size_t n = 0;
    for (size_t k = 0; k < plan->n * MUC_PIECES; k++)
        n += plan->spans[k].n;
    return n;
}
