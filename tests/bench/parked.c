/* parked.c: a message that a handler answers later (pending.h), from its coming in to the answer, while n others wait.
 */
#include "bench.h"

enum { EACH = 10 };
static const size_t sizes[] = {10, 100, 1000, 9000};

typedef struct parked {
    bench_world w;
    uint64_t token;
    bench_stanza say;
} parked;

static int on_groupchat(muc_event *ev, void *ud)
{
    parked *s = ud;
    return muc_pend(ev, &s->token);
}

static void begin(void *ud, size_t n)
{
    parked *s = ud;
    bench_stanza say;
    bench_open(&s->w, false);
    muc_settings settings = *muc_service_settings(s->w.service);
    settings.pending_timeout = 0;
    bench_must(muc_service_configure(s->w.service, &settings) == MUC_OK, "other settings");
    bench_room(&s->w, 1, NULL);
    size_t users = (n + EACH - 1) / EACH;
    bench_fill(&s->w, 1, 0, 1);
    for (size_t user = 1; user <= users; user++) {
        bench_room(&s->w, 1 + user, NULL);
        bench_fill(&s->w, 1 + user, user, 1);
    }
    bench_must(muc_hook_add(s->w.service, MUC_ON_GROUPCHAT, NULL, MUC_PRIORITY_ACCESS, on_groupchat, s) > 0, "a hook");
    for (size_t i = 0; i < n; i++) {
        bench_say(&say, 2 + i / EACH, 1 + i / EACH);
        bench_feed(&s->w, &say);
    }
    bench_must(muc_pending_count(s->w.service) == n, "waiting");
    bench_say(&s->say, 1, 0);
    s->w.take = BENCH_COPY;
}

static void end(void *ud)
{
    parked *s = ud;
    bench_close(&s->w);
}

static void park(void *ud, size_t i)
{
    (void)i;
    parked *s = ud;
    size_t before = s->w.deliveries;
    bench_feed(&s->w, &s->say);
    bench_must(muc_pending_answer(s->w.service, s->token, MUC_PASS) == MUC_OK, "an answer");
    bench_must(s->w.deliveries == before + 1, "a message");
}

const bench_event bench_parked_event = {"parked", sizeof(parked), begin, park, end, 1.1};

void bench_parked(void)
{
    bench_over(&bench_parked_event, sizes, sizeof sizes / sizeof *sizes);
}
