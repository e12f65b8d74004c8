/* lists.c: what is shown of n affiliations: the list of members (XEP-0045 section 9.5), and the form that holds owners
 * and admins as long as they find room in it (section 10.2). */
#include "bench.h"

#include <stdlib.h>

enum { SAMPLES = 11, OUT = 16 << 20 };

typedef struct lists {
    bench_world w;
    bench_stanza get;
} lists;

/* User 0 owns the room, n others are something else. */
static void begin(lists *l, size_t n, muc_affiliation affiliation)
{
    char jid[BENCH_NAME];
    bench_open(&l->w, false);
    free(l->w.out);
    l->w.out = bench_memory(OUT);
    muc_settings settings = *muc_service_settings(l->w.service);
    settings.max_items = n + 1;
    bench_must(muc_service_configure(l->w.service, &settings) == MUC_OK, "other settings");
    muc_room *room = bench_room(&l->w, 1, NULL);
    for (size_t i = 0; i <= n; i++) {
        bench_bare(i, jid);
        bench_must(muc_affiliation_set(room, NULL, jid, i ? affiliation : MUC_AFFILIATION_OWNER, NULL) == MUC_CHANGED,
                   "an affiliation");
    }
    l->w.take = BENCH_COPY;
}

static void write_get(lists *l, const char *query)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(0, from);
    bench_room_jid(1, to);
    bench_write(&l->get, "<iq from='%s' to='%s' type='get' id='l'>%s</iq>", from, to, query);
}

static void end(void *ud)
{
    lists *l = ud;
    bench_close(&l->w);
}

#define MEMBERS "<query xmlns='http://jabber.org/protocol/muc#admin'><item affiliation='member'/></query>"
#define FORM    "<query xmlns='http://jabber.org/protocol/muc#owner'/>"

static void begin_members(void *ud, size_t n)
{
    begin(ud, n, MUC_AFFILIATION_MEMBER);
    write_get(ud, MEMBERS);
}

static void get(void *ud, size_t i)
{
    (void)i;
    lists *l = ud;
    bench_feed(&l->w, &l->get);
}

const bench_event bench_lists_event = {"lists_members", sizeof(lists), begin_members, get, end, 0};

/* One item: its time, against copying it. */
static void measure(lists *l, const char *name, size_t n, bench_growth *growth)
{
    bench_copies *copies = bench_memory(sizeof *copies);
    bench_series time = {.n = 0};
    const bench_stanza *get = &l->get;
    bench_record(&l->w, &get, 1);
    bench_copies_begin(copies, &l->w);
    size_t times = 1 + 3000 / n;
    for (size_t i = 0; i < SAMPLES; i++) {
        double start = bench_cpu();
        for (size_t k = 0; k < times; k++)
            bench_feed(&l->w, get);
        bench_add(&time, (bench_cpu() - start) / (double)times);
        bench_copies_sample(copies, &l->w, times);
    }
    double ratio = bench_ratio(&time, &copies->pieces), ns = bench_median(&time);
    bench_line(BENCH_FIGURE, "bench=%s n=%zu ns=%.1f spread=%.2f copy_ns=%.1f ratio=%.2f bytes=%zu", name, n,
               ns / (double)n, bench_spread(&time), bench_median(&copies->pieces) / (double)n, ratio,
               bench_plan_bytes(&l->w.plan));
    bench_grow(growth, (double)n, ns);
    bench_copies_end(copies);
    free(copies);
}

void bench_lists(void)
{
    static const struct kind {
        const char *name, *query;
        muc_affiliation affiliation;
    } kinds[] = {{"lists_members", MEMBERS, MUC_AFFILIATION_MEMBER}, {"lists_form", FORM, MUC_AFFILIATION_ADMIN}};
    static const size_t sizes[] = {1000, 10000, 100000};
    lists *l = bench_memory(sizeof *l);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++) {
        bench_growth growth = {.n = 0};
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
            begin(l, sizes[i], kinds[k].affiliation);
            write_get(l, kinds[k].query);
            measure(l, kinds[k].name, sizes[i], &growth);
            end(l);
        }
        bench_growth_line(&growth, kinds[k].name, "1");
    }
    free(l);
}
