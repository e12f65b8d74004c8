/* churn.c: what changes in a room of n: users replace each other (churn), take other nicknames (nickchange), get other
 * roles (rolechange). Times are those of one such event; copying is that of what one of them delivers. */
#include "bench.h"

#include <stdlib.h>

enum { SIZES = 4, TURNS = 16, SAMPLES = 11 };
static const size_t sizes[SIZES] = {10, 100, 1000, 10000};

typedef struct churn {
    bench_world w;
    size_t n;
    bench_stanza there[TURNS], back[TURNS], more[2][TURNS];
} churn;

/* Each turn undoes itself, so that the room stays as it is: two events. */
static void replace(void *ud, size_t i)
{
    churn *c = ud;
    i %= TURNS;
    bench_feed(&c->w, &c->there[i]);
    bench_feed(&c->w, &c->more[0][i]);
    bench_feed(&c->w, &c->more[1][i]);
    bench_feed(&c->w, &c->back[i]);
}

static void there_and_back(void *ud, size_t i)
{
    churn *c = ud;
    bench_feed(&c->w, &c->there[i % TURNS]);
    bench_feed(&c->w, &c->back[i % TURNS]);
}

static void make_churn(churn *c, size_t i, size_t user)
{
    bench_leave(&c->there[i], 1, user);
    bench_enter(&c->more[0][i], 1, c->n + user);
    bench_leave(&c->more[1][i], 1, c->n + user);
    bench_enter(&c->back[i], 1, user);
}

static void make_nick(churn *c, size_t i, size_t user)
{
    bench_rename(&c->there[i], 1, user, c->n + user);
    bench_rename(&c->back[i], 1, user, user);
}

static void make_role(churn *c, size_t i, size_t user)
{
    bench_role(&c->there[i], 1, user, "visitor");
    bench_role(&c->back[i], 1, user, "participant");
}

static const struct kind {
    const char *name;
    void (*make)(churn *c, size_t i, size_t user);
    bench_fn *turn;
} kinds[] = {{"churn", make_churn, replace},
             {"nickchange", make_nick, there_and_back},
             {"rolechange", make_role, there_and_back}};

static void begin(churn *c, const struct kind *kind, size_t n)
{
    bench_open(&c->w, false);
    c->n = n;
    muc_room *room = bench_room(&c->w, 1, NULL);
    char owner[BENCH_NAME];
    bench_bare(0, owner);
    bench_must(muc_affiliation_set(room, NULL, owner, MUC_AFFILIATION_OWNER, NULL) == MUC_CHANGED, "an owner");
    bench_fill(&c->w, 1, 0, n);
    c->w.take = BENCH_COPY;
    uint64_t random = n;
    for (size_t i = 0; i < TURNS; i++)
        kind->make(c, i, 1 + bench_random(&random, n - 1));
}

static void record(churn *c, const struct kind *kind)
{
    const bench_stanza *two[] = {&c->there[0], kind->make == make_churn ? &c->more[0][0] : &c->back[0]};
    const bench_stanza *rest[] = {&c->more[1][0], &c->back[0]};
    bench_record(&c->w, two, 2);
    c->w.take = BENCH_DROP;
    if (kind->make == make_churn)
        for (size_t i = 0; i < 2; i++)
            bench_feed(&c->w, rest[i]);
    c->w.take = BENCH_COPY;
}

static void measure(const struct kind *kind, size_t n, bench_growth *growth)
{
    churn *c = bench_memory(sizeof *c);
    bench_copies *copies = bench_memory(sizeof *copies);
    bench_series time = {.n = 0};
    begin(c, kind, n);
    kind->turn(c, 0);
    record(c, kind);
    /* An event of churn is a leave and an entry: half of a turn, as it is of the others; what was recorded is one event
     * of churn, and two of the others. */
    double recorded = kind->make == make_churn ? 1 : 2;
    bench_copies_begin(copies, &c->w);
    size_t times = n >= 10000 ? 1 : 1 + 3000 / n;
    for (size_t s = 0; s < SAMPLES; s++) {
        double start = bench_cpu();
        for (size_t i = 0; i < times; i++)
            kind->turn(c, s + i);
        bench_add(&time, (bench_cpu() - start) / (double)times / 2);
        bench_copies_sample(copies, &c->w, times);
    }
    double ratio = bench_ratio(&time, &copies->pieces) * recorded;
    double copy = bench_median(&copies->pieces) / recorded, ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=%s n=%zu ns=%.0f spread=%.2f copy_ns=%.0f ratio=%.2f delivered=%.0f", kind->name, n,
               ns, bench_spread(&time), copy, ratio, (double)c->w.plan.n / recorded);
    /* In smaller rooms it is the fixed part that counts. */
    if (n >= 100)
        bench_grow(growth, (double)n, ns);
    bench_copies_end(copies);
    bench_close(&c->w);
    free(copies);
    free(c);
}

void bench_churn(void)
{
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bench_growth growth = {.n = 0};
        for (size_t i = 0; i < SIZES; i++)
            measure(&kinds[k], sizes[i], &growth);
        bench_growth_line(&growth, kinds[k].name, "1");
    }
}
