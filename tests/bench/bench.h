/* bench.h: what every load uses: the harness (time, medians, result lines) and the world around a service.
 *
 * A load is a file: it makes a world, measures, and prints one line a result,
 *     bench=NAME n=N key=value ... [PASS|FAIL]
 * with times in nanoseconds (ns=), the spread of repeated runs as the distance of their quartiles over their median
 * (spread=), what copying the same bytes costs (copy_ns=), a ratio of two times of the same run (ratio=) and what it
 * may be (bar=). Everything is made from fixed seeds. */
#ifndef BENCH_H
#define BENCH_H

#include <muc/muc.h>
#include <stdbool.h>
#include <string.h>

/* ---- harness.c -------------------------------------------------------------------------------------------------- */

/* CPU time of this thread, for what takes some microseconds: others on the machine do not count. */
double bench_cpu(void);
/* Wall time, which costs less to ask for: for single short calls. */
double bench_wall(void);
/* Ends the program when something did not happen that must. */
void bench_must(bool happened, const char *what);
/* Memory, or the end. */
void *bench_memory(size_t n);

/* Repeated figures. */
enum { BENCH_SAMPLES = 2000 };
typedef struct bench_series {
    double v[BENCH_SAMPLES];
    size_t n;
} bench_series;
void bench_add(bench_series *series, double value);
/* Sorts. */
double bench_median(bench_series *series);
double bench_spread(bench_series *series);
/* Median of a / b, sample by sample. Does not sort; to be asked before the medians. */
double bench_ratio(const bench_series *a, const bench_series *b);

/* Prints a line. `passed` 1 and 0 add the verdict, BENCH_FIGURE does not. */
enum { BENCH_FIGURE = -1 };
__attribute__((format(printf, 2, 3))) void bench_line(int passed, const char *format, ...);
/* How many bars were met and missed. */
void bench_verdicts(size_t *passed, size_t *failed);

/* Cost against n: the exponent is the slope of the line through the logarithms, by least squares. */
typedef struct bench_growth {
    double x[16], y[16];
    size_t n;
} bench_growth;
void bench_grow(bench_growth *growth, double n, double cost);
void bench_growth_line(const bench_growth *growth, const char *load, const char *expected);

/* A number below n; the same sequence from the same state. */
uint64_t bench_random(uint64_t *state, uint64_t n);

/* Calls fn(ud, i) for i < times. tests/bench/instructions counts what happens in here and nowhere else. */
typedef void bench_fn(void *ud, size_t i);
void bench_counted(bench_fn *fn, void *ud, size_t times);

/* The processor instructions of fn(ud, i) for i < times, in a copy of this process; 0 where that cannot be traced. */
uint64_t bench_instructions(bench_fn *fn, void *ud, size_t times);

/* ---- memory.c --------------------------------------------------------------------------------------------------- */

/* What a service holds: malloc's own overhead is in the bytes. */
typedef struct bench_heap {
    size_t bytes, blocks, calls;
} bench_heap;
muc_mem bench_mem(bench_heap *heap);
/* The most that this process had in memory, in bytes. */
double bench_peak(void);

/* ---- plan.c ----------------------------------------------------------------------------------------------------- */

static inline char *bench_put(char *at, muc_span span)
{
    memcpy(at, span.p, span.n);
    return at + span.n;
}

/* Stanzas that were delivered, to be copied again without the library, in the order of delivery. */
typedef struct bench_plan {
    muc_span *spans; /* MUC_PIECES each */
    size_t n, cap;   /* stanzas; spans */
    muc_delivery **kept;
    size_t kept_count, kept_cap;
    char **blocks; /* of a plan of whole stanzas */
} bench_plan;
void bench_plan_add(bench_plan *plan, const muc_delivery *delivery);
/* The same stanzas, each in one block of its own. */
void bench_plan_flatten(const bench_plan *plan, bench_plan *flat);
void bench_plan_free(bench_plan *plan);
/* The bare copying loop: every stanza to the start of `out`. */
void bench_plan_copy(const bench_plan *plan, char *out);
/* Bytes of all stanzas. */
size_t bench_plan_bytes(const bench_plan *plan);

/* ---- world.c ---------------------------------------------------------------------------------------------------- */

/* What is done with what is delivered. */
typedef enum bench_take {
    BENCH_DROP,   /* only counted: while a load is made ready */
    BENCH_COPY,   /* every piece goes to `out` */
    BENCH_RECORD, /* kept in `plan` */
} bench_take;

typedef struct bench_world {
    muc_service *service;
    muc_settings settings;
    bench_heap heap; /* when counted */
    bench_take take;
    char *out;
    size_t deliveries, bytes; /* since they were last cleared */
    bool wait_first;          /* note in `first` when the first piece comes */
    double first;
    bench_plan plan;
    size_t changes, items; /* rooms and things that the store was told of */
    uint64_t random;
    int64_t clock;
} bench_world;

/* A stanza to be dispatched, of up to some 1500 bytes. */
typedef struct bench_stanza {
    char p[1536];
    size_t n;
} bench_stanza;

/* Settings are those of the library, but for limits that would be in the way. counted: through the counting allocator.
 */
void bench_open(bench_world *w, bool counted);
void bench_open_with(bench_world *w, bool counted, bool keep_views);
void bench_close(bench_world *w);
/* Room number i, persistent and without history unless told otherwise (options of muc_room_create(), ended by a name
 * of NULL; NULL: those). */
muc_room *bench_room(bench_world *w, size_t room, const muc_option_value *more);
/* Feeds a stanza. */
void bench_feed(bench_world *w, const bench_stanza *stanza);

/* Names have a fixed width, so that numbers do not matter. */
enum { BENCH_NAME = 64 };
void bench_user(size_t user, char out[BENCH_NAME]);
void bench_bare(size_t user, char out[BENCH_NAME]);
void bench_room_jid(size_t room, char out[BENCH_NAME]);

/* Presence as clients send it: capabilities (XEP-0115), the hash of a photo (XEP-0153), no history wanted but by
 * bench_enter_all(). */
void bench_enter(bench_stanza *out, size_t room, size_t user);
void bench_enter_all(bench_stanza *out, size_t room, size_t user);
void bench_leave(bench_stanza *out, size_t room, size_t user);
void bench_rename(bench_stanza *out, size_t room, size_t user, size_t nick);
/* A groupchat message of 300 bytes in all, as it comes in. */
void bench_say(bench_stanza *out, size_t room, size_t user);
/* A change of role, by user 0. */
void bench_role(bench_stanza *out, size_t room, size_t user, const char *role);
/* Any other. */
__attribute__((format(printf, 2, 3))) void bench_write(bench_stanza *out, const char *format, ...);
/* Users from `first` on, n of them, enter. */
void bench_fill(bench_world *w, size_t room, size_t first, size_t n);
/* Records what a stanza makes; the plan is replaced. */
void bench_record(bench_world *w, const bench_stanza *const *stanzas, size_t n);

/* Time of copying what was recorded from where the library has it: the same bytes for the same recipients, which is
 * what a load is held against. And, as a figure beside it, of copying whole stanzas that lie side by side, as nothing
 * that makes them could have them. */
typedef struct bench_copies {
    bench_plan flat;
    bench_series pieces, whole;
} bench_copies;
void bench_copies_begin(bench_copies *c, const bench_world *w);
/* One sample of each, in nanoseconds for all stanzas. */
void bench_copies_sample(bench_copies *c, const bench_world *w, size_t times);
void bench_copies_end(bench_copies *c);

/* libxml2's parse with a context that is used again: time of one, without freeing the tree, which is the stricter
 * reading. */
typedef struct bench_parser bench_parser;
bench_parser *bench_parser_new(void);
double bench_parse(bench_parser *parser, const bench_stanza *stanza);
void bench_parser_free(bench_parser *parser);

/* ---- over.c ----------------------------------------------------------------------------------------------------- */

/* One event, in worlds of several sizes. */
typedef struct bench_event {
    const char *name;
    size_t size; /* of *ud, which is zeroes before each world */
    void (*begin)(void *ud, size_t n);
    bench_fn *fn; /* the event; leaves things as they were, or as many as they were */
    void (*end)(void *ud);
    double bar; /* instructions in the largest world against those in the smallest; 0: it grows with n */
} bench_event;
void bench_over(const bench_event *event, const size_t *sizes, size_t count);
/* In lists.c, invite.c, register.c, query.c, voice.c, parked.c. */
extern const bench_event bench_lists_event, bench_invite_event, bench_register_event, bench_query_event,
    bench_voice_event, bench_parked_event;

/* ---- loads ------------------------------------------------------------------------------------------------------ */

void bench_fanout(void);
void bench_join(void);
void bench_join_heap(void); /* its lines about memory alone */
void bench_churn(void);
void bench_chat(void);
void bench_rooms(void);
void bench_rooms_heap(void); /* the same */
void bench_gone(void);
void bench_affiliations(void);
void bench_history(void);
void bench_snapshot(void);
void bench_lists(void);
void bench_invite(void);
void bench_register(void);
void bench_query(void);
void bench_voice(void);
void bench_parked(void);
/* Not part of `make bench`. */
void bench_large(void);
void bench_threads(void);
/* The same work once, for the thread sanitizer. */
void bench_threads_once(void);
/* Short forms, for callgrind. 1, or 0 when there is none of that name; NULL prints the names. */
bool bench_short(const char *name);

#endif
