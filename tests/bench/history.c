/* history.c: a room that keeps n messages: appending one when it is full (a message in a room of one), and the replay
 * of all to a newcomer, against copying what he gets. */
#include "bench.h"

#include <stdlib.h>

enum { SIZES = 3, SAMPLES = 41 };
static const struct size {
    size_t n;
    const char *text;
} sizes[SIZES] = {{10, "10"}, {100, "100"}, {1000, "1000"}};

typedef struct past {
    bench_world w;
    bench_stanza say, enter, leave;
} past;

static void begin(past *p, const struct size *size)
{
    bench_open(&p->w, false);
    const muc_option_value more[] = {{"historylength", size->text},
                                     {"maxhistoryfetch", size->text},
                                     {"default_history_messages", size->text},
                                     {NULL, NULL}};
    bench_room(&p->w, 1, more);
    bench_fill(&p->w, 1, 0, 1);
    bench_say(&p->say, 1, 0);
    bench_enter_all(&p->enter, 1, 1);
    bench_leave(&p->leave, 1, 1);
    p->w.take = BENCH_COPY;
    for (size_t i = 0; i < size->n + 10; i++)
        bench_feed(&p->w, &p->say);
}

static void time_append(past *p, size_t n, bench_growth *growth)
{
    bench_series time = {.n = 0};
    for (size_t i = 0; i < 1000; i++) {
        double start = bench_wall();
        bench_feed(&p->w, &p->say);
        bench_add(&time, bench_wall() - start);
    }
    double ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=history_append n=%zu ns=%.0f spread=%.2f bytes_per_s=%.0f", n, ns,
               bench_spread(&time), (double)p->say.n / ns * 1e9);
    bench_grow(growth, (double)n, ns);
}

static void time_replay(past *p, size_t n, bench_growth *growth)
{
    bench_series time = {.n = 0};
    bench_copies *copies = bench_memory(sizeof *copies);
    const bench_stanza *entry = &p->enter;
    bench_record(&p->w, &entry, 1);
    bench_feed(&p->w, &p->leave);
    bench_must(p->w.plan.n > n, "a replay");
    bench_copies_begin(copies, &p->w);
    size_t times = 1 + 2000 / n;
    for (size_t s = 0; s < SAMPLES; s++) {
        double sum = 0;
        for (size_t i = 0; i < times; i++) {
            double start = bench_cpu();
            bench_feed(&p->w, &p->enter);
            sum += bench_cpu() - start;
            bench_feed(&p->w, &p->leave);
        }
        bench_add(&time, sum / (double)times);
        bench_copies_sample(copies, &p->w, times);
    }
    double stanzas = (double)p->w.plan.n, ratio = bench_ratio(&time, &copies->pieces);
    double ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=history_replay n=%zu ns=%.1f spread=%.2f copy_ns=%.1f ratio=%.2f mb_per_s=%.0f", n,
               ns / stanzas, bench_spread(&time), bench_median(&copies->pieces) / stanzas, ratio,
               (double)bench_plan_bytes(&p->w.plan) / ns * 1e3);
    bench_grow(growth, (double)n, ns);
    bench_copies_end(copies);
    free(copies);
}

void bench_history(void)
{
    bench_growth append = {.n = 0}, replay = {.n = 0};
    past *p = bench_memory(sizeof *p);
    for (size_t i = 0; i < SIZES; i++) {
        begin(p, &sizes[i]);
        time_append(p, sizes[i].n, &append);
        time_replay(p, sizes[i].n, &replay);
        bench_close(&p->w);
    }
    bench_growth_line(&append, "history_append", "0");
    bench_growth_line(&replay, "history_replay", "1");
    free(p);
}
