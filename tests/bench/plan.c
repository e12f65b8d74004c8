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

static void begin_stanza(bench_plan *plan)
{
    plan->first = grown(plan->first, &plan->cap, plan->n + 2, sizeof *plan->first);
    plan->first[plan->n] = (uint32_t)plan->span_count;
}

/* Pieces that lie next to each other are one. */
static void add_span(bench_plan *plan, muc_span span)
{
    if (span.n == 0)
        return;
    if (plan->span_count > plan->first[plan->n]) {
        muc_span *last = &plan->spans[plan->span_count - 1];
        if (last->p + last->n == span.p) {
            last->n += span.n;
            return;
        }
    }
    plan->spans = grown(plan->spans, &plan->span_cap, plan->span_count + 1, sizeof *plan->spans);
    plan->spans[plan->span_count++] = span;
}

static void end_stanza(bench_plan *plan)
{
    plan->first[++plan->n] = (uint32_t)plan->span_count;
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
        begin_stanza(plan);
        for (size_t k = 0; k < MUC_PIECES; k++)
            add_span(plan, pieces[k]);
        end_stanza(plan);
    }
}

void bench_plan_flatten(const bench_plan *plan, bench_plan *flat)
{
    *flat = (bench_plan){.blocks = bench_memory(plan->n * sizeof(char *))};
    for (size_t i = 0; i < plan->n; i++) {
        size_t n = 0;
        for (uint32_t k = plan->first[i]; k < plan->first[i + 1]; k++)
            n += plan->spans[k].n;
        char *at = flat->blocks[i] = bench_memory(n);
        for (uint32_t k = plan->first[i]; k < plan->first[i + 1]; k++) {
            memcpy(at, plan->spans[k].p, plan->spans[k].n);
            at += plan->spans[k].n;
        }
        begin_stanza(flat);
        add_span(flat, (muc_span){flat->blocks[i], n});
        end_stanza(flat);
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
    free(plan->first);
    *plan = (bench_plan){0};
}

void bench_plan_copy(const bench_plan *plan, char *out)
{
    for (size_t i = 0; i < plan->n; i++) {
        char *at = out;
        for (uint32_t k = plan->first[i]; k < plan->first[i + 1]; k++) {
            memcpy(at, plan->spans[k].p, plan->spans[k].n);
            at += plan->spans[k].n;
        }
    }
}

size_t bench_plan_bytes(const bench_plan *plan)
{
    size_t n = 0;
    for (size_t k = 0; k < plan->span_count; k++)
        n += plan->spans[k].n;
    return n;
}
