/* join.c: k users leave and enter again, in a room of n.
 *
 * Two figures are held to the bar: all that a leave and an entry deliver (3 n presences, 2 n of which are fan-out), and
 * the entry alone. Copying is that of the same presences from where the library has them; flat_ns is that of
 * whole stanzas that lie side by side.
 *
 * The payload of an occupant, for the heap, is the least that can be meant: real JID, nickname, and the children of the
 * presence as the others see them, each once. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

enum { SIZES = 3, USERS = 25 };
static const size_t sizes[SIZES] = {100, 1000, 10000};

typedef struct join {
    bench_world w;
    size_t n;
    size_t users[USERS];
    bench_stanza enter[USERS], leave[USERS];
} join;

static void begin(join *j, size_t n)
{
    bench_open(&j->w, false);
    j->n = n;
    bench_room(&j->w, 1, NULL);
    bench_fill(&j->w, 1, 0, n);
    uint64_t random = n;
    for (size_t i = 0; i < USERS; i++) {
        j->users[i] = bench_random(&random, n);
        bench_enter(&j->enter[i], 1, j->users[i]);
        bench_leave(&j->leave[i], 1, j->users[i]);
    }
    j->w.take = BENCH_COPY;
}

typedef struct times {
    bench_series time, copy;
} times;

/* One sample: all k users, n * k presences or three times as many. */
static void sample(join *j, times *whole, times *entry)
{
    double leaving = 0, entering = 0;
    for (size_t i = 0; i < USERS; i++) {
        double start = bench_cpu();
        bench_feed(&j->w, &j->leave[i]);
        double between = bench_cpu();
        bench_feed(&j->w, &j->enter[i]);
        leaving += between - start;
        entering += bench_cpu() - between;
    }
    bench_add(&whole->time, (leaving + entering) / USERS);
    bench_add(&entry->time, entering / USERS);
}

static void measure(join *j, const char *name, bool entry, bench_growth *growth)
{
    bench_copies *copies = bench_memory(sizeof *copies);
    const bench_stanza *both[] = {&j->leave[0], &j->enter[0]};
    times *all = bench_memory(2 * sizeof *all);
    if (entry)
        bench_feed(&j->w, both[0]);
    bench_record(&j->w, entry ? both + 1 : both, entry ? 1 : 2);
    bench_copies_begin(copies, &j->w);
    size_t samples = j->n >= 10000 ? 9 : 21;
    for (size_t i = 0; i < samples; i++) {
        sample(j, &all[0], &all[1]);
        bench_copies_sample(copies, &j->w, 1 + 3000 / j->n);
    }
    bench_series *time = &all[entry].time, *copy = &copies->pieces;
    double ratio = bench_ratio(time, copy), presences = (double)j->w.plan.n;
    double ns = bench_median(time), pieces = bench_median(&copies->pieces), flat = bench_median(&copies->whole);
    bool barred = j->n >= 1000;
    bench_line(barred ? ratio <= 2 : BENCH_FIGURE,
               "bench=%s n=%zu ns=%.1f spread=%.2f copy_ns=%.1f flat_ns=%.1f ratio=%.2f%s", name, j->n, ns / presences,
               bench_spread(time), pieces / presences, flat / presences, ratio, barred ? " bar=2" : "");
    bench_grow(growth, (double)j->n, ns);
    bench_copies_end(copies);
    free(all);
    free(copies);
}

/* ---- heap ------------------------------------------------------------------------------------------------------- */

static size_t payload_of(muc_room *room)
{
    size_t n = 0;
    for (muc_occupant *o = muc_occupant_next(room, NULL); o; o = muc_occupant_next(room, o)) {
        muc_session *session = muc_occupant_primary(o);
        n += strlen(muc_session_jid(session)) + strlen(muc_occupant_nick(o)) + muc_session_presence(session).n;
    }
    return n;
}

/* Bytes of an occupant beyond his payload, when all have entered and all have been shown to somebody. */
static void heap(size_t n, bool keep)
{
    bench_world *w = bench_memory(sizeof *w);
    bench_open_with(w, true, keep);
    muc_room *room = bench_room(w, 1, NULL);
    size_t before = w->heap.bytes;
    bench_fill(w, 1, 0, n);
    bench_stanza leave, enter;
    bench_leave(&leave, 1, 0);
    bench_enter(&enter, 1, 0);
    bench_feed(w, &leave);
    bench_feed(w, &enter);
    double held = (double)(w->heap.bytes - before) / (double)n, payload = (double)payload_of(room) / (double)n;
    double bar = keep ? 650 : 450;
    bench_line(held <= payload + bar, "bench=join_heap n=%zu views=%s bytes=%.0f payload=%.0f over=%.0f bar=%.0f", n,
               keep ? "kept" : "dropped", held, payload, held - payload, bar);
    bench_close(w);
    free(w);
}

void bench_join_heap(void)
{
    for (size_t i = 1; i < SIZES; i++) {
        heap(sizes[i], true);
        heap(sizes[i], false);
    }
}

void bench_join(void)
{
    bench_growth whole = {.n = 0}, entry = {.n = 0};
    for (size_t i = 0; i < SIZES; i++) {
        join *j = bench_memory(sizeof *j);
        begin(j, sizes[i]);
        measure(j, "join", false, &whole);
        measure(j, "join_entry", true, &entry);
        bench_close(&j->w);
        free(j);
    }
    bench_growth_line(&whole, "join", "1");
    bench_growth_line(&entry, "join_entry", "1");
    bench_join_heap();
}
