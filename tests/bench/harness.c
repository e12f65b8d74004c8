/* harness.c: time, medians, growth, result lines, counted instructions. */
#define _POSIX_C_SOURCE 200809L
#include "bench.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static size_t verdicts[2];

/* ---- time ------------------------------------------------------------------------------------------------------- */

static double ask(clockid_t clock)
{
    struct timespec t;
    bench_must(clock_gettime(clock, &t) == 0, "clock_gettime");
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

double bench_cpu(void)
{
    return ask(CLOCK_THREAD_CPUTIME_ID);
}

double bench_wall(void)
{
    return ask(CLOCK_MONOTONIC);
}

void bench_must(bool happened, const char *what)
{
    if (happened)
        return;
    fprintf(stderr, "muc-bench: failed: %s\n", what);
    exit(2);
}

void *bench_memory(size_t n)
{
    void *p = calloc(n ? n : 1, 1);
    bench_must(p != NULL, "memory");
    return p;
}

/* ---- figures ---------------------------------------------------------------------------------------------------- */

void bench_add(bench_series *series, double value)
{
    bench_must(series->n < BENCH_SAMPLES, "room for another sample");
    series->v[series->n++] = value;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double quantile(bench_series *series, double q)
{
    bench_must(series->n > 0, "a sample");
    qsort(series->v, series->n, sizeof *series->v, by_size);
    double place = q * (double)(series->n - 1);
    size_t i = (size_t)place;
    size_t next = i + 1 < series->n ? i + 1 : i;
    return series->v[i] + (place - (double)i) * (series->v[next] - series->v[i]);
}

double bench_median(bench_series *series)
{
    return quantile(series, 0.5);
}

double bench_spread(bench_series *series)
{
    return (quantile(series, 0.75) - quantile(series, 0.25)) / quantile(series, 0.5);
}

double bench_ratio(const bench_series *a, const bench_series *b)
{
    bench_series ratios = {.n = 0};
    for (size_t i = 0; i < a->n && i < b->n; i++)
        bench_add(&ratios, a->v[i] / b->v[i]);
    return bench_median(&ratios);
}

void bench_line(int passed, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vprintf(format, arguments);
    va_end(arguments);
    if (passed != BENCH_FIGURE) {
        fputs(passed ? " PASS" : " FAIL", stdout);
        verdicts[passed != 0]++;
    }
    putchar('\n');
    fflush(stdout);
}

void bench_verdicts(size_t *passed, size_t *failed)
{
    *passed = verdicts[1];
    *failed = verdicts[0];
}

void bench_grow(bench_growth *growth, double n, double cost)
{
    bench_must(growth->n < sizeof growth->x / sizeof *growth->x, "room for another size");
    growth->x[growth->n] = log(n);
    growth->y[growth->n++] = log(cost);
}

void bench_growth_line(const bench_growth *growth, const char *load, const char *expected)
{
    double n = (double)growth->n, x = 0, y = 0, xx = 0, xy = 0;
    for (size_t i = 0; i < growth->n; i++) {
        x += growth->x[i];
        y += growth->y[i];
        xx += growth->x[i] * growth->x[i];
        xy += growth->x[i] * growth->y[i];
    }
    double exponent = (n * xy - x * y) / (n * xx - x * x);
    bench_line(BENCH_FIGURE, "bench=growth load=%s exponent=%.2f expected=%s", load, exponent, expected);
}

uint64_t bench_random(uint64_t *state, uint64_t n)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % n;
}

__attribute__((noinline)) void bench_counted(bench_fn *fn, void *ud, size_t times)
{
    for (size_t i = 0; i < times; i++)
        fn(ud, i);
}
