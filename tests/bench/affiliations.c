/* affiliations.c: a room with n affiliations: what an entry costs (of a member, and of one who is banned), a ban, a
 * change; and what the store is handed for one: the delta, which is one thing. */
#include "bench.h"

#include <stdlib.h>

enum { SIZES = 3, SAMPLES = 400 };
static const size_t sizes[SIZES] = {1000, 10000, 100000};

typedef struct list {
    bench_world w;
    muc_room *room;
    size_t n;
} list;

static int set(list *l, size_t user, muc_affiliation affiliation)
{
    char jid[BENCH_NAME];
    bench_bare(user, jid);
    return muc_affiliation_set(l->room, NULL, jid, affiliation, NULL);
}

/* Every tenth is banned, the others are members. */
static void begin(list *l, size_t n)
{
    bench_open(&l->w, false);
    l->n = n;
    l->room = bench_room(&l->w, 1, NULL);
    for (size_t i = 0; i < n; i++)
        bench_must(set(l, i, i % 10 ? MUC_AFFILIATION_MEMBER : MUC_AFFILIATION_OUTCAST) == MUC_CHANGED, "an entry");
    bench_fill(&l->w, 1, n, 1);
    l->w.take = BENCH_COPY;
}

/* Each gives the time of one event, and undoes it. */

static double enter(list *l, size_t i)
{
    bench_stanza stanza, leave;
    size_t user = i / 10 * 10 + 1;
    bench_enter(&stanza, 1, user);
    bench_leave(&leave, 1, user);
    double start = bench_wall();
    bench_feed(&l->w, &stanza);
    double time = bench_wall() - start;
    bench_must(muc_occupant_count(l->room) == 2, "entering");
    bench_feed(&l->w, &leave);
    return time;
}

static double be_refused(list *l, size_t i)
{
    bench_stanza stanza;
    bench_enter(&stanza, 1, i / 10 * 10);
    double start = bench_wall();
    bench_feed(&l->w, &stanza);
    double time = bench_wall() - start;
    bench_must(muc_occupant_count(l->room) == 1, "staying outside");
    return time;
}

static double change_to(list *l, size_t user, muc_affiliation affiliation, muc_affiliation before)
{
    double start = bench_wall();
    bench_must(set(l, user, affiliation) == MUC_CHANGED, "a change");
    double time = bench_wall() - start;
    bench_must(set(l, user, before) == MUC_CHANGED, "changing back");
    return time;
}

static double ban(list *l, size_t i)
{
    return change_to(l, l->n + 1 + i, MUC_AFFILIATION_OUTCAST, MUC_AFFILIATION_NONE);
}

static double promote(list *l, size_t i)
{
    return change_to(l, i / 10 * 10 + 1, MUC_AFFILIATION_ADMIN, MUC_AFFILIATION_MEMBER);
}

static const struct kind {
    const char *name;
    double (*event)(list *l, size_t i);
} kinds[] = {{"affiliations_entry", enter},
             {"affiliations_refusal", be_refused},
             {"affiliations_ban", ban},
             {"affiliations_set", promote}};
enum { KINDS = sizeof kinds / sizeof *kinds };

static void measure_delta(list *l)
{
    size_t changes = l->w.changes, items = l->w.items;
    bench_must(set(l, 1, MUC_AFFILIATION_ADMIN) == MUC_CHANGED, "a change");
    changes = l->w.changes - changes;
    items = l->w.items - items;
    bench_line(changes == 1 && items == 1, "bench=affiliations_delta n=%zu items=%zu bar=1", l->n, items);
}

void bench_affiliations(void)
{
    bench_growth growth[KINDS] = {{.n = 0}};
    list *l = bench_memory(sizeof *l);
    for (size_t i = 0; i < SIZES; i++) {
        begin(l, sizes[i]);
        for (size_t k = 0; k < KINDS; k++) {
            bench_series time = {.n = 0};
            uint64_t random = k;
            for (size_t s = 0; s < SAMPLES; s++)
                bench_add(&time, kinds[k].event(l, bench_random(&random, l->n)));
            double ns = bench_median(&time);
            bench_line(BENCH_FIGURE, "bench=%s n=%zu ns=%.0f spread=%.2f", kinds[k].name, l->n, ns,
                       bench_spread(&time));
            bench_grow(&growth[k], (double)l->n, ns);
        }
        measure_delta(l);
        bench_close(&l->w);
    }
    for (size_t k = 0; k < KINDS; k++)
        bench_growth_line(&growth[k], kinds[k].name, "0");
    free(l);
}
