/* snapshot.c: saving and restoring a room with n affiliations, n occupants and a history of 100 messages. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>

enum { SIZES = 3, SAMPLES = 11 };
static const size_t sizes[SIZES] = {100, 1000, 10000};

typedef struct saved {
    char *p;
    size_t n, cap;
} saved;

static int keep(const char *bytes, size_t n, void *ud)
{
    saved *s = ud;
    if (n > s->cap - s->n)
        return -1;
    memcpy(s->p + s->n, bytes, n);
    s->n += n;
    return 0;
}

static muc_room *begin(bench_world *w, size_t n)
{
    bench_open(w, false);
    static const muc_option_value more[] = {{"historylength", "100"}, {NULL, NULL}};
    muc_room *room = bench_room(w, 1, more);
    char jid[BENCH_NAME];
    bench_stanza say;
    for (size_t i = 0; i < n; i++) {
        bench_bare(i, jid);
        bench_must(muc_affiliation_set(room, NULL, jid, MUC_AFFILIATION_MEMBER, NULL) == MUC_CHANGED, "a member");
    }
    bench_fill(w, 1, 0, n);
    bench_say(&say, 1, 0);
    for (size_t i = 0; i < 100; i++)
        bench_feed(w, &say);
    return room;
}

static void report(const char *name, size_t n, const saved *s, bench_series *time, bench_growth *growth)
{
    double ns = bench_median(time);
    bench_line(BENCH_FIGURE, "bench=%s n=%zu ns=%.0f spread=%.2f bytes=%zu mb_per_s=%.0f", name, n, ns,
               bench_spread(time), s->n, (double)s->n / ns * 1e3);
    bench_grow(growth, (double)n, ns);
}

void bench_snapshot(void)
{
    bench_growth saving = {.n = 0}, restoring = {.n = 0};
    bench_world *w = bench_memory(sizeof *w);
    saved s = {.cap = 64u << 20};
    s.p = bench_memory(s.cap);
    for (size_t i = 0; i < SIZES; i++) {
        bench_series save = {.n = 0}, restore = {.n = 0};
        muc_room *room = begin(w, sizes[i]);
        for (size_t k = 0; k < SAMPLES; k++) {
            s.n = 0;
            double start = bench_cpu();
            bench_must(muc_room_save(room, MUC_PART_ALL, keep, &s) == MUC_OK, "saving");
            bench_add(&save, bench_cpu() - start);
            bench_must(muc_room_forget(room) == MUC_OK, "dropping a room");
            start = bench_cpu();
            bench_must(muc_room_restore(w->service, s.p, s.n, &room) == MUC_OK, "restoring");
            bench_add(&restore, bench_cpu() - start);
        }
        report("snapshot_save", sizes[i], &s, &save, &saving);
        report("snapshot_restore", sizes[i], &s, &restore, &restoring);
        bench_close(w);
    }
    bench_growth_line(&saving, "snapshot_save", "1");
    bench_growth_line(&restoring, "snapshot_restore", "1");
    free(s.p);
    free(w);
}
