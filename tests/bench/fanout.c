/* fanout.c: one groupchat message in a room of n.
 *
 * What grows is the slope, (t(n) - t(1)) / (n - 1), against the slope of copying; what does not is the time from the
 * bytes in to the first piece out, against parsing the same bytes. "A 300-byte message" is read as the whole stanza as
 * it comes in: less to copy and to parse than with a body of 300 bytes. All rooms are in one service and take turns, so
 * that every ratio is of one run. */
#include "bench.h"

#include <stdlib.h>

#include <stdio.h>

enum { SIZES = 5, SAMPLES = 41, SENDERS = 16, SINGLE = 400 };
static const size_t sizes[SIZES] = {1, 10, 100, 1000, 10000};

typedef struct fanout {
    bench_world w;
    size_t n, room;
    bench_stanza says[SENDERS];
    bench_copies copies;
    bench_series time, slope, copy_slope, flat_slope;
} fanout;

static void say(void *ud, size_t i)
{
    fanout *f = ud;
    bench_feed(&f->w, &f->says[i % SENDERS]);
}

static void begin(fanout *f, size_t n, bool counted)
{
    bench_open(&f->w, counted);
    f->n = n;
    f->room = 1;
    static const muc_option_value history[] = {{"historylength", "20"}, {NULL, NULL}};
    bench_room(&f->w, f->room, history);
    bench_fill(&f->w, f->room, 0, n);
    uint64_t random = n;
    for (size_t i = 0; i < SENDERS; i++)
        bench_say(&f->says[i], f->room, bench_random(&random, n));
    f->w.take = BENCH_COPY;
    for (size_t i = 0; i < 100; i++)
        say(f, i);
    const bench_stanza *one = f->says;
    bench_record(&f->w, &one, 1);
    bench_must(f->w.plan.n == n, "a message to everybody");
    bench_copies_begin(&f->copies, &f->w);
}

static void end(fanout *f)
{
    bench_copies_end(&f->copies);
    bench_close(&f->w);
}

/* A sample is some hundred microseconds at least. */
static void sample(fanout *f)
{
    size_t times = 1 + 10000 / (f->n + 30);
    say(f, 0);
    double start = bench_cpu();
    for (size_t i = 0; i < times; i++)
        say(f, i);
    bench_add(&f->time, (bench_cpu() - start) / (double)times);
    bench_copies_sample(&f->copies, &f->w, times);
}

static void slopes(fanout *f, const fanout *one)
{
    const bench_series *copy = &f->copies.pieces, *copy_one = &one->copies.pieces, *flat = &f->copies.whole,
                       *flat_one = &one->copies.whole;
    double more = (double)f->n - 1;
    for (size_t i = 0; i < f->time.n; i++) {
        bench_add(&f->slope, (f->time.v[i] - one->time.v[i]) / more);
        bench_add(&f->copy_slope, (copy->v[i] - copy_one->v[i]) / more);
        bench_add(&f->flat_slope, (flat->v[i] - flat_one->v[i]) / more);
    }
}

static void report(fanout *f, const fanout *one)
{
    bool barred = f->n >= 1000;
    slopes(f, one);
    double ratio = bench_ratio(&f->slope, &f->copy_slope);
    double slope = bench_median(&f->slope), copy = bench_median(&f->copy_slope);
    bench_line(barred ? ratio <= 1.3 : BENCH_FIGURE,
               "bench=fanout n=%zu ns=%.1f spread=%.2f copy_ns=%.1f flat_ns=%.1f ratio=%.2f%s", f->n, slope,
               bench_spread(&f->slope), copy, bench_median(&f->flat_slope), ratio, barred ? " bar=1.3" : "");
}

static void report_fixed(fanout *f)
{
    bench_parser *parser = bench_parser_new();
    bench_series fixed = {.n = 0}, parse = {.n = 0};
    size_t times = f->n >= 10000 ? SINGLE / 4 : SINGLE;
    for (size_t i = 0; i < times; i++) {
        f->w.wait_first = true;
        double start = bench_wall();
        say(f, i);
        bench_add(&fixed, f->w.first - start);
        bench_add(&parse, bench_parse(parser, &f->says[i % SENDERS]));
    }
    double ratio = bench_ratio(&fixed, &parse), ns = bench_median(&fixed);
    bench_line(ratio <= 2, "bench=fanout_fixed n=%zu ns=%.0f spread=%.2f parse_ns=%.0f ratio=%.2f bar=2", f->n, ns,
               bench_spread(&fixed), bench_median(&parse), ratio);
    bench_parser_free(parser);
}

static size_t allocations(size_t n)
{
    fanout *f = bench_memory(sizeof *f);
    begin(f, n, true);
    enum { TIMES = 100 };
    size_t before = f->w.heap.calls;
    bench_counted(say, f, TIMES);
    size_t calls = f->w.heap.calls - before;
    end(f);
    free(f);
    return calls;
}

void bench_fanout(void)
{
    fanout *f = bench_memory(SIZES * sizeof *f);
    bench_growth growth = {.n = 0};
    for (size_t i = 0; i < SIZES; i++)
        begin(&f[i], sizes[i], false);
    for (size_t s = 0; s < SAMPLES; s++)
        for (size_t i = 0; i < SIZES; i++)
            sample(&f[i]);
    for (size_t i = 0; i < SIZES; i++) {
        if (i > 0)
            report(&f[i], f);
        report_fixed(&f[i]);
    }
    double alone = bench_median(&f[0].time);
    for (size_t i = 0; i < SIZES; i++) {
        double ns = bench_median(&f[i].time);
        bench_line(BENCH_FIGURE, "bench=fanout_total n=%zu ns=%.0f spread=%.2f", sizes[i], ns,
                   bench_spread(&f[i].time));
        /* What grows: the fixed part would hide it in the small rooms. */
        if (i > 0)
            bench_grow(&growth, (double)sizes[i], ns - alone);
    }
    bench_growth_line(&growth, "fanout", "1");
    for (size_t i = 0; i < SIZES; i++)
        end(&f[i]);
    free(f);
    size_t few = allocations(10), many = allocations(10000);
    bench_line(few == many, "bench=fanout_allocations n=10000 calls=%.2f calls_of_10=%.2f", (double)many / 100,
               (double)few / 100);
}
