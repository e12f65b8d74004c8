/* chat.c: messages in 200 rooms of 5, room and sender at random: what a message costs from its bytes in to all bytes
 * out, against parsing the same messages in the same order. */
#include "bench.h"

#include <stdlib.h>

enum { ROOMS = 200, EACH = 5, MESSAGES = 500, SAMPLES = 41 };

typedef struct chat {
    bench_world w;
    bench_stanza says[MESSAGES];
} chat;

static void begin(chat *c)
{
    bench_open(&c->w, false);
    static const muc_option_value history[] = {{"historylength", "20"}, {NULL, NULL}};
    for (size_t room = 0; room < ROOMS; room++) {
        bench_room(&c->w, room, history);
        bench_fill(&c->w, room, room * EACH, EACH);
    }
    c->w.take = BENCH_COPY;
    uint64_t random = 4;
    for (size_t i = 0; i < MESSAGES; i++) {
        size_t room = bench_random(&random, ROOMS);
        bench_say(&c->says[i], room, room * EACH + bench_random(&random, EACH));
    }
}

void bench_chat(void)
{
    chat *c = bench_memory(sizeof *c);
    bench_parser *parser = bench_parser_new();
    bench_series time = {.n = 0}, parse = {.n = 0};
    begin(c);
    bench_series *each = bench_memory(2 * sizeof *each);
    for (size_t s = 0; s < SAMPLES; s++) {
        each[0].n = each[1].n = 0;
        for (size_t i = 0; i < MESSAGES; i++) {
            double start = bench_wall();
            bench_feed(&c->w, &c->says[i]);
            bench_add(&each[0], bench_wall() - start);
        }
        for (size_t i = 0; i < MESSAGES; i++)
            bench_add(&each[1], bench_parse(parser, &c->says[i]));
        /* All messages are alike; what is far off was another process. */
        bench_add(&time, bench_median(&each[0]));
        bench_add(&parse, bench_median(&each[1]));
    }
    double ratio = bench_ratio(&time, &parse), ns = bench_median(&time);
    bench_line(ratio <= 2, "bench=chat n=%d ns=%.0f spread=%.2f parse_ns=%.0f ratio=%.2f bar=2", ROOMS, ns,
               bench_spread(&time), bench_median(&parse), ratio);
    bench_parser_free(parser);
    bench_close(&c->w);
    free(each);
    free(c);
}
