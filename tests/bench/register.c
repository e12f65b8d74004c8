/* register.c: registration with a room (XEP-0045 section 7.10) in which n nicknames are reserved: its form, and another
 * nickname. */
#include "bench.h"

#include <stdio.h>

static const size_t sizes[] = {100, 1000, 10000};

typedef struct reg {
    bench_world w;
    bench_stanza get, set[2];
} reg;

static void write_get(bench_stanza *out)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(0, from);
    bench_room_jid(1, to);
    bench_write(out, "<iq from='%s' to='%s' type='get' id='g'><query xmlns='jabber:iq:register'/></iq>", from, to);
}

static void write_set(bench_stanza *out, const char *nick)
{
    char from[BENCH_NAME], to[BENCH_NAME];
    bench_user(0, from);
    bench_room_jid(1, to);
    bench_write(out,
                "<iq from='%s' to='%s' type='set' id='s'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' "
                "type='submit'><field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
                "<field var='muc#register_roomnick'><value>%s</value></field></x></query></iq>",
                from, to, nick);
}

static void begin(void *ud, size_t n)
{
    reg *s = ud;
    char jid[BENCH_NAME], nick[BENCH_NAME];
    bench_open(&s->w, false);
    muc_room *room = bench_room(&s->w, 1, NULL);
    for (size_t i = 0; i < n; i++) {
        bench_bare(i, jid);
        snprintf(nick, sizeof nick, "nick%07zu", i);
        bench_must(muc_affiliation_set(room, NULL, jid, MUC_AFFILIATION_MEMBER, NULL) == MUC_CHANGED, "a member");
        bench_must(muc_affiliation_set_nick(room, jid, nick) == MUC_CHANGED, "a nickname");
    }
    write_get(&s->get);
    write_set(&s->set[0], "somebody");
    write_set(&s->set[1], "else");
    s->w.take = BENCH_COPY;
}

static void end(void *ud)
{
    reg *s = ud;
    bench_close(&s->w);
}

static void get(void *ud, size_t i)
{
    (void)i;
    reg *s = ud;
    bench_feed(&s->w, &s->get);
}

static void set(void *ud, size_t i)
{
    reg *s = ud;
    size_t before = s->w.changes;
    bench_feed(&s->w, &s->set[i % 2]);
    bench_must(s->w.changes == before + 1 || i == 0, "another nickname");
}

const bench_event bench_register_event = {"register_nick", sizeof(reg), begin, set, end, 1.1};

void bench_register(void)
{
    static const bench_event form = {"register_form", sizeof(reg), begin, get, end, 1.1};
    bench_over(&form, sizes, sizeof sizes / sizeof *sizes);
    bench_over(&bench_register_event, sizes, sizeof sizes / sizeof *sizes);
}
