/* large.c: a room of 20,000 occupants, all of whom enter once, with presence broadcast on and limited to moderators,
 * who then talk; and a service with 1,000,000 rooms, of which every hundredth is talked in. Both within 4 GiB. */
#include "bench.h"

#include <stdlib.h>

enum { OCCUPANTS = 20000, ROOMS = 1000000, MESSAGES = 100 };
#define BAR (4.0 * 1024 * 1024 * 1024)

static void report(const char *name, size_t n, double seconds, const bench_world *w)
{
    bench_line(bench_peak() <= BAR, "bench=%s n=%zu seconds=%.1f delivered=%zu peak_mib=%.0f bar=4096", name, n,
               seconds, w->deliveries, bench_peak() / 1024 / 1024);
}

static void one_room(const char *name, const char *broadcast, size_t presences)
{
    bench_world *w = bench_memory(sizeof *w);
    bench_open(w, false);
    const muc_option_value more[] = {{"historylength", "20"}, {"presence_broadcast", broadcast}, {NULL, NULL}};
    muc_room *room = bench_room(w, 1, more);
    w->take = BENCH_COPY;
    double start = bench_cpu();
    bench_fill(w, 1, 0, OCCUPANTS);
    bench_must(muc_occupant_count(room) == OCCUPANTS, "everybody inside");
    /* Everybody got the subject, and at least himself. */
    bench_must(w->deliveries >= presences + OCCUPANTS, "all presences");
    size_t before = w->deliveries;
    bench_stanza say;
    for (size_t i = 0; i < MESSAGES; i++) {
        bench_say(&say, 1, i * (OCCUPANTS / MESSAGES));
        bench_feed(w, &say);
    }
    bench_must(w->deliveries - before == (size_t)MESSAGES * OCCUPANTS, "messages to everybody");
    report(name, OCCUPANTS, (bench_cpu() - start) / 1e9, w);
    bench_close(w);
    free(w);
}

static void many_rooms(void)
{
    bench_world *w = bench_memory(sizeof *w);
    bench_open(w, false);
    double start = bench_cpu();
    for (size_t i = 0; i < ROOMS; i++)
        bench_room(w, i, NULL);
    w->take = BENCH_COPY;
    bench_stanza say;
    for (size_t i = 0; i < ROOMS; i += 100) {
        bench_fill(w, i, i, 2);
        bench_say(&say, i, i);
        size_t before = w->deliveries;
        bench_feed(w, &say);
        bench_must(w->deliveries - before == 2, "a message to both");
    }
    bench_must(muc_room_count(w->service) == ROOMS, "all rooms");
    report("large_rooms", ROOMS, (bench_cpu() - start) / 1e9, w);
    bench_close(w);
    free(w);
}

void bench_large(void)
{
    /* Sorted by what they need, since the peak is that of the process. */
    one_room("large_room_moderators", "moderator", OCCUPANTS);
    one_room("large_room", "moderator,participant,visitor", (size_t)OCCUPANTS * OCCUPANTS);
    many_rooms();
}
