/* rooms.c: r idle persistent rooms: a name, one owner, no history.
 *
 * Their heap; making, restoring and listing them; a sweep in which nothing is due; and one message in a random one of
 * them, for which two users each have entered some (they are there after the heap was measured). Instructions are
 * counted exactly, in a copy of the process. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TALKING = 500, MESSAGES = 400, COUNTED = 15, RESTORED = 300, OCCUPIED = 1000 };

typedef struct rooms {
    bench_world w;
    size_t r;
    bench_stanza says[MESSAGES];
} rooms;

typedef struct text {
    char p[16384];
    size_t n;
} text;

static void say(void *ud, size_t i)
{
    rooms *s = ud;
    bench_feed(&s->w, &s->says[i % MESSAGES]);
}

static void make(rooms *s)
{
    char name[BENCH_NAME], owner[BENCH_NAME];
    for (size_t i = 0; i < s->r; i++) {
        snprintf(name, sizeof name, "The room %07zu", i);
        const muc_option_value more[] = {{"name", name}, {"historylength", "0"}, {NULL, NULL}};
        muc_room *room = bench_room(&s->w, i, more);
        bench_bare(i, owner);
        bench_must(muc_affiliation_set(room, NULL, owner, MUC_AFFILIATION_OWNER, NULL) == MUC_CHANGED, "an owner");
    }
}

static void enter_some(rooms *s)
{
    uint64_t random = 5;
    size_t talking[TALKING];
    for (size_t i = 0; i < TALKING; i++) {
        talking[i] = bench_random(&random, s->r);
        bench_fill(&s->w, talking[i], 2 * i, 2);
    }
    for (size_t i = 0; i < MESSAGES; i++) {
        size_t k = bench_random(&random, TALKING);
        bench_say(&s->says[i], talking[k], 2 * k + bench_random(&random, 2));
    }
    s->w.take = BENCH_COPY;
}

static void time_messages(rooms *s, bench_growth *growth)
{
    bench_series time = {.n = 0};
    for (size_t i = 0; i < 3 * MESSAGES; i++) {
        double start = bench_wall();
        say(s, i);
        bench_add(&time, bench_wall() - start);
    }
    double ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=rooms_message n=%zu ns=%.0f spread=%.2f", s->r, ns, bench_spread(&time));
    bench_grow(growth, (double)s->r, ns);
}

static int keep(const char *bytes, size_t n, void *ud)
{
    text *t = ud;
    if (n > sizeof t->p - t->n)
        return -1;
    memcpy(t->p + t->n, bytes, n);
    t->n += n;
    return 0;
}

/* Rooms that nobody is in are saved, dropped and brought back. */
static void time_restore(rooms *s, bench_growth *growth)
{
    bench_series time = {.n = 0};
    uint64_t random = 6;
    text *saved = bench_memory(sizeof *saved);
    while (time.n < RESTORED) {
        char jid[BENCH_NAME];
        bench_room_jid(bench_random(&random, s->r), jid);
        muc_room *room = muc_room_find(s->w.service, jid);
        bench_must(room != NULL, "a room");
        if (muc_occupant_count(room) > 0)
            continue;
        saved->n = 0;
        bench_must(muc_room_save(room, MUC_PART_ALL, keep, saved) == MUC_OK, "saving");
        bench_must(muc_room_evict(room) == MUC_OK, "dropping a room");
        double start = bench_wall();
        bench_must(muc_room_restore(s->w.service, saved->p, saved->n, NULL) == MUC_OK, "restoring");
        bench_add(&time, bench_wall() - start);
    }
    double ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=rooms_restore n=%zu ns=%.0f spread=%.2f", s->r, ns, bench_spread(&time));
    bench_grow(growth, (double)s->r, ns);
    free(saved);
}

static void time_list(rooms *s, bench_growth *growth)
{
    bench_series time = {.n = 0};
    uint64_t random = 7;
    for (size_t i = 0; i < RESTORED; i++) {
        char after[BENCH_NAME];
        muc_room_list *list;
        bench_room_jid(bench_random(&random, s->r - 200), after);
        const muc_room_list_query query = {.after = after, .max = 100};
        double start = bench_wall();
        bench_must(muc_room_list_new(s->w.service, &query, &list) == MUC_OK, "a page");
        bench_add(&time, bench_wall() - start);
        bench_must(muc_room_list_size(list) == 100, "a full page");
        muc_room_list_free(list);
    }
    double ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=rooms_page n=%zu ns=%.0f spread=%.2f", s->r, ns, bench_spread(&time));
    bench_grow(growth, (double)s->r, ns);
}

/* Nothing is due. */
static void sweep(void *ud, size_t i)
{
    (void)i;
    rooms *s = ud;
    int64_t next;
    bench_must(muc_service_sweep(s->w.service, &next) == MUC_OK, "a sweep");
}

static void count_instructions(rooms *s, const char *name, bench_fn *fn, double *fewest)
{
    double n = (double)bench_instructions(fn, s, COUNTED) / COUNTED;
    if (n <= 0) {
        bench_line(0, "bench=%s n=%zu instructions=none reason=cannot_trace", name, s->r);
        return;
    }
    if (*fewest <= 0)
        *fewest = n;
    bool barred = s->r == 1000000;
    bench_line(barred ? n <= 1.1 * *fewest : BENCH_FIGURE, "bench=%s n=%zu instructions=%.0f ratio=%.3f%s", name, s->r,
               n, n / *fewest, barred ? " bar=1.1" : "");
}

/* Time for a room. */
static double open_and_make(rooms *s)
{
    bench_open(&s->w, true);
    size_t before = s->w.heap.bytes;
    double start = bench_cpu();
    make(s);
    double created = (bench_cpu() - start) / (double)s->r;
    double held = (double)(s->w.heap.bytes - before) / (double)s->r;
    bench_line(held <= 400, "bench=rooms_heap n=%zu bytes=%.0f bar=400", s->r, held);
    return created;
}

/* What each of n rooms weighs with one occupant inside, his peer included. */
static void weigh_occupied(size_t n)
{
    bench_world *w = bench_memory(sizeof *w);
    bench_open(w, true);
    size_t before = w->heap.bytes;
    for (size_t room = 0; room < n; room++) {
        bench_room(w, room, NULL);
        bench_fill(w, room, room, 1);
    }
    double held = (double)(w->heap.bytes - before) / (double)n;
    bench_line(BENCH_FIGURE, "bench=rooms_occupied n=%zu bytes=%.0f", n, held);
    bench_close(w);
    free(w);
}

void bench_rooms_heap(void)
{
    weigh_occupied(OCCUPIED);
    rooms *s = bench_memory(sizeof *s);
    for (s->r = 1000; s->r <= 100000; s->r *= 10) {
        (void)open_and_make(s);
        bench_close(&s->w);
    }
    free(s);
}

void bench_rooms(void)
{
    static const size_t sizes[] = {1000, 10000, 100000, 1000000};
    static const char *const names[] = {"rooms_create", "rooms_message", "rooms_restore", "rooms_page"};
    bench_growth growth[4] = {{.n = 0}};
    double fewest = 0, fewest_of_sweep = 0;
    weigh_occupied(OCCUPIED);
    rooms *s = bench_memory(sizeof *s);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        s->r = sizes[i];
        double created = open_and_make(s);
        bench_line(BENCH_FIGURE, "bench=rooms_create n=%zu ns=%.0f", s->r, created);
        bench_grow(&growth[0], (double)s->r, created);
        enter_some(s);
        time_messages(s, &growth[1]);
        count_instructions(s, "rooms_instructions", say, &fewest);
        count_instructions(s, "rooms_sweep", sweep, &fewest_of_sweep);
        time_restore(s, &growth[2]);
        time_list(s, &growth[3]);
        bench_close(&s->w);
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        bench_growth_line(&growth[i], names[i], "0");
    free(s);
}
