/* gone.c: one user in k rooms disconnects, with sessions elsewhere: few of them, and a million. */
#include "bench.h"

#include <stdlib.h>

enum { EACH = 5, SIZES = 4, SAMPLES = 11 };
static const size_t sizes[SIZES] = {1, 10, 100, 1000};
static const size_t sessions[] = {5000, 1000000};

typedef struct gone {
    bench_world w;
    size_t user, k;
    char jid[BENCH_NAME];
} gone;

static void begin(gone *g, size_t others)
{
    bench_open(&g->w, false);
    for (size_t room = 0; room < others / EACH; room++) {
        bench_room(&g->w, room, NULL);
        bench_fill(&g->w, room, room * EACH, EACH);
    }
    g->user = others;
    bench_user(g->user, g->jid);
}

static void enter(gone *g)
{
    bench_stanza stanza;
    g->w.take = BENCH_DROP;
    for (size_t room = 0; room < g->k; room++) {
        bench_enter(&stanza, room, g->user);
        bench_feed(&g->w, &stanza);
    }
    g->w.take = BENCH_COPY;
}

static void measure(gone *g, size_t others, double *few, bench_growth *growth)
{
    bench_series time = {.n = 0};
    for (size_t i = 0; i < SAMPLES; i++) {
        enter(g);
        double start = bench_cpu();
        bench_must(muc_peer_gone(g->w.service, g->jid, NULL) == MUC_OK, "going");
        bench_add(&time, bench_cpu() - start);
    }
    double ns = bench_median(&time);
    if (*few <= 0)
        *few = ns;
    bench_line(BENCH_FIGURE, "bench=gone n=%zu sessions=%zu ns=%.0f spread=%.2f ratio=%.2f", g->k, others, ns,
               bench_spread(&time), ns / *few);
    bench_grow(growth, (double)g->k, ns);
}

void bench_gone(void)
{
    double few[SIZES] = {0};
    gone *g = bench_memory(sizeof *g);
    for (size_t s = 0; s < sizeof sessions / sizeof *sessions; s++) {
        bench_growth growth = {.n = 0};
        begin(g, sessions[s]);
        for (size_t i = 0; i < SIZES; i++) {
            g->k = sizes[i];
            measure(g, sessions[s], &few[i], &growth);
        }
        bench_growth_line(&growth, s == 0 ? "gone" : "gone_among_1000000", "1");
        bench_close(&g->w);
    }
    free(g);
}
