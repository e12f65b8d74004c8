/* query.c: an iq of one occupant to another, and its answer (XEP-0045 section 17.4): in a room of n occupants, and with
 * n questions open in the service. */
#include "bench.h"

#include <stdio.h>
#include <string.h>

static const size_t sizes[] = {20, 200, 2000};

typedef struct query {
    bench_world w;
    bench_stanza ask;
} query;

static void write_ask(bench_stanza *out, size_t asker, size_t whom, size_t id)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(asker, from);
    bench_room_jid(1, to);
    bench_write(out, "<iq from='%s' to='%s/nick%07zu' type='get' id='q%07zu'><query xmlns='jabber:iq:version'/></iq>",
                from, to, whom, id);
}

static void begin(query *s, size_t occupants, size_t open)
{
    bench_stanza ask;
    bench_open(&s->w, false);
    bench_room(&s->w, 1, NULL);
    bench_fill(&s->w, 1, 0, occupants);
    s->w.take = BENCH_COPY;
    /* Nobody is asked by, or asks, too many. */
    for (size_t i = 0; i < open; i++) {
        write_ask(&ask, 2 + i % (occupants - 2), 2 + (i + 1) % (occupants - 2), i);
        bench_feed(&s->w, &ask);
    }
    write_ask(&s->ask, 0, 1, 9999999);
}

static void begin_room(void *ud, size_t n)
{
    begin(ud, n, 0);
}

static void begin_open(void *ud, size_t n)
{
    begin(ud, 2002, n);
}

/* The id under which the question has gone out is in the buffer of the host's network. */
static void ask(void *ud, size_t i)
{
    (void)i;
    query *s = ud;
    bench_stanza answer;
    char from[BENCH_NAME], to[BENCH_NAME];
    size_t before = s->w.deliveries;
    s->w.bytes = 0;
    bench_feed(&s->w, &s->ask);
    bench_must(s->w.deliveries == before + 1, "a question");
    s->w.out[s->w.bytes] = '\0';
    const char *id = strstr(s->w.out, " id='");
    bench_must(id != NULL, "an id");
    bench_user(1, from);
    bench_room_jid(1, to);
    bench_write(&answer,
                "<iq from='%s' to='%s/nick%07zu' type='result' id='%.*s'><query xmlns='jabber:iq:version'/></iq>", from,
                to, (size_t)0, (int)strcspn(id + 5, "'"), id + 5);
    bench_feed(&s->w, &answer);
    bench_must(s->w.deliveries == before + 2, "an answer");
}

static void end(void *ud)
{
    query *s = ud;
    bench_close(&s->w);
}

const bench_event bench_query_event = {"query", sizeof(query), begin_room, ask, end, 1.1};

void bench_query(void)
{
    static const bench_event open = {"query_open", sizeof(query), begin_open, ask, end, 1.1};
    bench_over(&bench_query_event, sizes, sizeof sizes / sizeof *sizes);
    bench_over(&open, sizes, sizeof sizes / sizeof *sizes);
}
