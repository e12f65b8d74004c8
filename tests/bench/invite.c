/* invite.c: invitations (XEP-0045 section 7.8.2): one in a room of n occupants, in which as many are open as a room
 * remembers; and n in one message. */
#include "bench.h"

#include <stdio.h>

enum { MOST = 25, OCCUPANTS = 100, TURNS = 4 };

typedef struct invite {
    bench_world w;
    bench_stanza say[TURNS];
    size_t each; /* invitations in one of them */
} invite;

/* From user 0, to users from `first` on. */
static void write(bench_stanza *out, size_t first, size_t count)
{
    char from[BENCH_NAME], to[BENCH_NAME], whom[BENCH_NAME];
    char all[MOST * 50] = "";
    size_t n = 0;
    for (size_t i = 0; i < count; i++) {
        bench_bare(first + i, whom);
        n += (size_t)snprintf(all + n, sizeof all - n, "<invite to='%s'/>", whom);
    }
    bench_user(0, from);
    bench_room_jid(1, to);
    bench_write(
        out, "<message from='%s' to='%s' id='i%07zu'><x xmlns='http://jabber.org/protocol/muc#user'>%s</x></message>",
        from, to, first, all);
}

/* n invitations are open, or as many as are remembered. */
static void begin(invite *s, size_t n, size_t each)
{
    bench_stanza open;
    bench_open(&s->w, false);
    bench_room(&s->w, 1, NULL);
    bench_fill(&s->w, 1, 0, n);
    for (size_t i = 0; i < n; i++) {
        write(&open, 2000000 + i, 1);
        bench_feed(&s->w, &open);
    }
    for (size_t i = 0; i < TURNS; i++)
        write(&s->say[i], 3000000 + 100 * i, each);
    s->each = each;
    s->w.take = BENCH_COPY;
}

static void begin_one(void *ud, size_t n)
{
    begin(ud, n, 1);
}

static void begin_many(void *ud, size_t n)
{
    begin(ud, OCCUPANTS, n);
}

static void end(void *ud)
{
    invite *s = ud;
    bench_close(&s->w);
}

static void send(void *ud, size_t i)
{
    invite *s = ud;
    size_t before = s->w.deliveries;
    bench_feed(&s->w, &s->say[i % TURNS]);
    bench_must(s->w.deliveries == before + s->each, "invitations");
}

const bench_event bench_invite_event = {"invite", sizeof(invite), begin_one, send, end, 1.1};

void bench_invite(void)
{
    static const bench_event many = {"invite_many", sizeof(invite), begin_many, send, end, 0};
    static const size_t occupants[] = {10, 100, 1000}, invitations[] = {1, 5, MOST};
    bench_over(&bench_invite_event, occupants, sizeof occupants / sizeof *occupants);
    bench_over(&many, invitations, sizeof invitations / sizeof *invitations);
}
