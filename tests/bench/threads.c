/* threads.c: the same work once in one thread and once in each of two, with a service of its own in each thread.
 *
 * "Linear" is read as: two threads do at least 1.8 times as much in the same wall time. machine= is what the machine
 * gives in the same run to two threads that share nothing at all: where that is far below 2 (another process has a core
 * to itself), the bar cannot be met, whatever the library does. */
#include "bench.h"

#include <libxml/parser.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

enum { ROOMS = 200, EACH = 5, MESSAGES = 500, ROUNDS = 20, SAMPLES = 9, MOST = 2 };

typedef struct worker {
    pthread_t thread;
    bench_world w;
    bench_stanza says[MESSAGES];
    size_t rounds;
} worker;

static void prepare(worker *k)
{
    bench_open(&k->w, false);
    for (size_t room = 0; room < ROOMS; room++) {
        bench_room(&k->w, room, NULL);
        bench_fill(&k->w, room, room * EACH, EACH);
    }
    k->w.take = BENCH_COPY;
    uint64_t random = 8;
    for (size_t i = 0; i < MESSAGES; i++) {
        size_t room = bench_random(&random, ROOMS);
        bench_say(&k->says[i], room, room * EACH + bench_random(&random, EACH));
    }
}

static void *work(void *ud)
{
    worker *k = ud;
    for (size_t round = 0; round < k->rounds; round++)
        for (size_t i = 0; i < MESSAGES; i++)
            bench_feed(&k->w, &k->says[i]);
    return NULL;
}

/* As many random numbers as take about as long as the work. */
static void *spin(void *ud)
{
    worker *k = ud;
    for (size_t i = 0; i < k->rounds * 500000; i++)
        (void)bench_random(&k->w.random, UINT64_MAX);
    return NULL;
}

static double run(worker *k, size_t threads, size_t rounds, void *(*what)(void *ud))
{
    double start = bench_wall();
    for (size_t i = 0; i < threads; i++) {
        k[i].rounds = rounds;
        bench_must(pthread_create(&k[i].thread, NULL, what, &k[i]) == 0, "a thread");
    }
    for (size_t i = 0; i < threads; i++)
        bench_must(pthread_join(k[i].thread, NULL) == 0, "the end of a thread");
    return bench_wall() - start;
}

void bench_threads(void)
{
    worker *k = bench_memory(MOST * sizeof *k);
    bench_series one = {.n = 0}, two = {.n = 0}, spin_one = {.n = 0}, spin_two = {.n = 0};
    xmlInitParser();
    for (size_t i = 0; i < MOST; i++)
        prepare(&k[i]);
    run(k, MOST, 1, work);
    for (size_t s = 0; s < SAMPLES; s++) {
        bench_add(&one, run(k, 1, ROUNDS, work));
        bench_add(&two, run(k, MOST, ROUNDS, work));
        bench_add(&spin_one, run(k, 1, ROUNDS, spin));
        bench_add(&spin_two, run(k, MOST, ROUNDS, spin));
    }
    double scale = MOST * bench_ratio(&one, &two), machine = MOST * bench_ratio(&spin_one, &spin_two);
    double messages = (double)ROUNDS * MESSAGES;
    double ns = bench_median(&one), both = bench_median(&two);
    bench_line(BENCH_FIGURE, "bench=threads n=1 ns=%.0f spread=%.2f", ns / messages, bench_spread(&one));
    bench_line(scale >= 1.8, "bench=threads n=2 ns=%.0f spread=%.2f scale=%.2f machine=%.2f bar=1.8",
               both / messages / MOST, bench_spread(&two), scale, machine);
    for (size_t i = 0; i < MOST; i++)
        bench_close(&k[i].w);
    free(k);
}

void bench_threads_once(void)
{
    worker *k = bench_memory(MOST * sizeof *k);
    xmlInitParser();
    for (size_t i = 0; i < MOST; i++)
        prepare(&k[i]);
    run(k, MOST, 2, work);
    for (size_t i = 0; i < MOST; i++)
        bench_close(&k[i].w);
    free(k);
}
