/* world.c: a host whose network is a buffer, and the stanzas that its users send. */
#include "bench.h"

#include <libxml/parser.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { OUT = 1 << 20, MESSAGE = 300 };

/* ---- the host --------------------------------------------------------------------------------------------------- */

static int64_t on_now(void *ud)
{
    bench_world *w = ud;
    return w->clock += 7;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    bench_world *w = ud;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)bench_random(&w->random, 256);
    return 0;
}

static void copy_out(bench_world *w, const muc_delivery *delivery)
{
    muc_span pieces[MUC_PIECES];
    const muc_span *to;
    char *out = w->out;
    size_t bytes = 0;
    if (w->wait_first) {
        w->first = bench_wall();
        w->wait_first = false;
    }
    if (muc_delivery_count(delivery) == 1) {
        muc_delivery_pieces(delivery, 0, pieces);
        w->bytes +=
            (size_t)(bench_put(bench_put(bench_put(bench_put(out, pieces[0]), pieces[1]), pieces[2]), pieces[3]) - out);
        return;
    }
    muc_delivery_shared(delivery, pieces);
    for (size_t first = 0, n; (to = muc_delivery_to(delivery, first, &n)); first += n)
        for (size_t i = 0; i < n; i++) {
            char *at = bench_put(out, pieces[0]);
            at = bench_put(at, to[i]);
            at = bench_put(at, pieces[2]);
            /* Messages end with the shared piece. */
            if (pieces[3].n)
                at = bench_put(at, pieces[3]);
            bytes += (size_t)(at - out);
        }
    w->bytes += bytes;
}

static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    (void)service;
    bench_world *w = ud;
    w->deliveries += muc_delivery_count(delivery);
    if (w->take == BENCH_COPY)
        copy_out(w, delivery);
    else if (w->take == BENCH_RECORD)
        bench_plan_add(&w->plan, delivery);
    return 0;
}

static int on_changed(muc_room *room, const muc_change *change, void *ud)
{
    (void)room;
    bench_world *w = ud;
    size_t cursor = 0;
    muc_change_item item;
    w->changes++;
    while (muc_change_next(change, &cursor, &item))
        w->items++;
    return 0;
}

void bench_open(bench_world *w, bool counted)
{
    bench_open_with(w, counted, true);
}

void bench_open_with(bench_world *w, bool counted, bool keep_views)
{
    *w = (bench_world){.random = 1, .clock = INT64_C(1767225600000), .out = bench_memory(OUT)};
    muc_mem mem = bench_mem(&w->heap);
    muc_callbacks callbacks;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.send = on_send;
    callbacks.now = on_now;
    callbacks.random = on_random;
    callbacks.room_changed = on_changed;
    muc_settings_init(&w->settings, sizeof w->settings);
    w->settings.domain = "rooms.example.org";
    w->settings.keep_views = keep_views;
    w->settings.max_rooms = 2000000;
    w->settings.max_affiliations = 200000;
    w->settings.max_history = 1000;
    w->settings.max_history_bytes = 1 << 20;
    bench_must(muc_service_new(&w->service, &w->settings, &callbacks, counted ? &mem : NULL, w) == MUC_OK, "a service");
}

void bench_close(bench_world *w)
{
    bench_plan_free(&w->plan);
    muc_service_free(w->service);
    free(w->out);
}

muc_room *bench_room(bench_world *w, size_t room, const muc_option_value *more)
{
    static const muc_option_value plain[] = {{"historylength", "0"}, {NULL, NULL}};
    muc_option_value all[8] = {{"persistent", "1"}};
    size_t n = 1;
    for (const muc_option_value *m = more ? more : plain; m->name; m++)
        all[n++] = *m;
    char jid[BENCH_NAME];
    bench_room_jid(room, jid);
    muc_room *made = NULL;
    bench_must(muc_room_create(w->service, jid, all, n, &made) == MUC_OK, "a room");
    return made;
}

void bench_feed(bench_world *w, const bench_stanza *stanza)
{
    bench_must(muc_dispatch_text(w->service, stanza->p, stanza->n, w) == MUC_OK, "a stanza");
}

void bench_fill(bench_world *w, size_t room, size_t first, size_t n)
{
    bench_stanza enter;
    for (size_t i = 0; i < n; i++) {
        bench_enter(&enter, room, first + i);
        bench_feed(w, &enter);
    }
}

void bench_record(bench_world *w, const bench_stanza *const *stanzas, size_t n)
{
    bench_take before = w->take;
    bench_plan_free(&w->plan);
    w->take = BENCH_RECORD;
    for (size_t i = 0; i < n; i++)
        bench_feed(w, stanzas[i]);
    w->take = before;
}

/* ---- stanzas ---------------------------------------------------------------------------------------------------- */

void bench_user(size_t user, char out[BENCH_NAME])
{
    snprintf(out, BENCH_NAME, "user%07zu@example.org/client.%06zx", user, user * 7919 % 0x1000000);
}

void bench_bare(size_t user, char out[BENCH_NAME])
{
    snprintf(out, BENCH_NAME, "user%07zu@example.org", user);
}

void bench_room_jid(size_t room, char out[BENCH_NAME])
{
    snprintf(out, BENCH_NAME, "room%07zu@rooms.example.org", room);
}

void bench_write(bench_stanza *out, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    int n = vsnprintf(out->p, sizeof out->p, format, arguments);
    va_end(arguments);
    bench_must(n > 0 && (size_t)n < sizeof out->p, "room for a stanza");
    out->n = (size_t)n;
}

static void enter(bench_stanza *out, size_t room, size_t user, const char *history)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(user, from);
    bench_room_jid(room, to);
    uint64_t photo = user + 1;
    uint64_t a = bench_random(&photo, UINT64_MAX), b = bench_random(&photo, UINT64_MAX);
    bench_write(out,
                "<presence from='%s' to='%s/nick%07zu' id='e%07zu'>"
                "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example.org' "
                "ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
                "<x xmlns='vcard-temp:x:update'><photo>%016llx%016llx%08llx</photo></x>"
                "<x xmlns='http://jabber.org/protocol/muc'>%s</x></presence>",
                from, to, user, user, (unsigned long long)a, (unsigned long long)b, (unsigned long long)(a ^ b) >> 32,
                history);
}

void bench_enter(bench_stanza *out, size_t room, size_t user)
{
    enter(out, room, user, "<history maxstanzas='0'/>");
}

void bench_enter_all(bench_stanza *out, size_t room, size_t user)
{
    enter(out, room, user, "");
}

void bench_leave(bench_stanza *out, size_t room, size_t user)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(user, from);
    bench_room_jid(room, to);
    bench_write(out, "<presence from='%s' to='%s/nick%07zu' type='unavailable'/>", from, to, user);
}

void bench_rename(bench_stanza *out, size_t room, size_t user, size_t nick)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(user, from);
    bench_room_jid(room, to);
    bench_write(out, "<presence from='%s' to='%s/nick%07zu'/>", from, to, nick);
}

void bench_say(bench_stanza *out, size_t room, size_t user)
{
    static const char words[] = "But soft, what light through yonder window breaks? It is the east, and Juliet is the "
                                "sun. Arise, fair sun, and kill the envious moon, who is already sick and pale with "
                                "grief that thou her maid art far more fair than she.";
    static const char end[] = "</body></message>";
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(user, from);
    bench_room_jid(room, to);
    bench_write(out, "<message from='%s' to='%s' type='groupchat' id='m%07zu'><body>", from, to, user);
    size_t room_left = MESSAGE - out->n - (sizeof end - 1);
    bench_must(room_left < sizeof words, "words enough");
    memcpy(out->p + out->n, words, room_left);
    memcpy(out->p + out->n + room_left, end, sizeof end);
    out->n = MESSAGE;
}

void bench_role(bench_stanza *out, size_t room, size_t user, const char *role)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(0, from);
    bench_room_jid(room, to);
    bench_write(out,
                "<iq from='%s' to='%s' type='set' id='r%07zu'><query xmlns='http://jabber.org/protocol/muc#admin'>"
                "<item nick='nick%07zu' role='%s'/></query></iq>",
                from, to, user, user, role);
}

/* ---- what it is held against ------------------------------------------------------------------------------------ */

void bench_copies_begin(bench_copies *c, const bench_world *w)
{
    c->pieces.n = c->whole.n = 0;
    bench_plan_flatten(&w->plan, &c->flat);
}

static double copy_time(const bench_plan *plan, char *out, size_t times)
{
    bench_plan_copy(plan, out);
    double start = bench_cpu();
    for (size_t i = 0; i < times; i++)
        bench_plan_copy(plan, out);
    return (bench_cpu() - start) / (double)times;
}

void bench_copies_sample(bench_copies *c, const bench_world *w, size_t times)
{
    bench_add(&c->pieces, copy_time(&w->plan, w->out, times));
    bench_add(&c->whole, copy_time(&c->flat, w->out, times));
}

void bench_copies_end(bench_copies *c)
{
    bench_plan_free(&c->flat);
}

struct bench_parser {
    xmlParserCtxt *context;
};

bench_parser *bench_parser_new(void)
{
    bench_parser *parser = bench_memory(sizeof *parser);
    parser->context = xmlNewParserCtxt();
    bench_must(parser->context != NULL, "a parser");
    return parser;
}

double bench_parse(bench_parser *parser, const bench_stanza *stanza)
{
    double start = bench_wall();
    xmlDoc *doc = xmlCtxtReadMemory(parser->context, stanza->p, (int)stanza->n, NULL, NULL, XML_PARSE_NONET);
    double time = bench_wall() - start;
    bench_must(doc != NULL, "parsing");
    xmlFreeDoc(doc);
    return time;
}

void bench_parser_free(bench_parser *parser)
{
    xmlFreeParserCtxt(parser->context);
    free(parser);
}
