/* over.c: one event in worlds of several sizes: its time and how it grows, its instructions where they shall not. */
#include "bench.h"

#include <stdlib.h>

enum { SAMPLES = 200 };

/* Counting takes long: in the first world and in the last. */
static void count(const bench_event *event, void *ud, size_t n, bool last, double *fewest)
{
    double instructions = (double)bench_instructions(event->fn, ud, 1);
    if (!last) {
        *fewest = instructions;
        bench_line(BENCH_FIGURE, "bench=%s_instructions n=%zu instructions=%.0f", event->name, n, instructions);
        return;
    }
    double ratio = *fewest > 0 ? instructions / *fewest : 0;
    bench_line(ratio > 0 && ratio <= event->bar, "bench=%s_instructions n=%zu instructions=%.0f ratio=%.3f bar=%.1f",
               event->name, n, instructions, ratio, event->bar);
}

static void measure(const bench_event *event, void *ud, size_t n, bench_growth *growth)
{
    bench_series *time = bench_memory(sizeof *time);
    for (size_t i = 0; i < SAMPLES; i++) {
        double start = bench_wall();
        event->fn(ud, i);
        bench_add(time, bench_wall() - start);
    }
    double ns = bench_median(time);
    bench_line(BENCH_FIGURE, "bench=%s n=%zu ns=%.0f spread=%.2f", event->name, n, ns, bench_spread(time));
    bench_grow(growth, (double)n, ns);
    free(time);
}

void bench_over(const bench_event *event, const size_t *sizes, size_t count_of_sizes)
{
    bench_growth growth = {.n = 0};
    double fewest = 0;
    for (size_t i = 0; i < count_of_sizes; i++) {
        bool last = i + 1 == count_of_sizes;
        void *ud = bench_memory(event->size);
        event->begin(ud, sizes[i]);
        measure(event, ud, sizes[i], &growth);
        if (event->bar > 0 && (i == 0 || last))
            count(event, ud, sizes[i], last, &fewest);
        event->end(ud);
        free(ud);
    }
    bench_growth_line(&growth, event->name, event->bar > 0 ? "0" : "1");
}
