/* play.c: stanzas as clients send them; what comes back is known by count before, and what is not so ends the program.
 *
 * A result is a line for each process: what was played, the stanzas and bytes that were delivered, what it has used. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "play.h"

/* Milliseconds: a load that stands still for so long is lost; a process that rests for so long has done its work; one
 * that does not is measured as it is. */
enum { LOST = 120000, RESTS = 100, RESTS_NEVER = 5000 };
/* Nanoseconds of processor time of a process that rests. */
enum { RESTING = 1000000 };

#define CAPS                                                                                                           \
    "<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://example.org/client' "                       \
    "ver='QgayPKawpkPSDYmwT/WM94uAlu0='/>"
#define PHOTO "<x xmlns='vcard-temp:x:update'><photo>sha1-hash-of-image-of-forty-hex-digits01</photo></x>"
#define WORDS                                                                                                          \
    "But soft, what light through yonder window breaks? It is the east, and Juliet is the sun. Arise, fair "           \
    "sun, and kill the envious moon."

/* ---- stanzas ---------------------------------------------------------------------------------------------------- */

static void enter(play *p, const char *room, size_t user)
{
    wire_send(&p->wire,
              "<presence from='user%05zu@%s/client' to='%s@%s/nick%05zu'>"
              "<x xmlns='http://jabber.org/protocol/muc'/>" CAPS PHOTO "</presence>",
              user, p->people, room, p->rooms, user);
}

static void talk(play *p, const char *room, size_t user, size_t id)
{
    wire_send(&p->wire,
              "<message from='user%05zu@%s/client' to='%s@%s' type='groupchat' id='m%07zu'><body>" WORDS
              "</body></message>",
              user, p->people, room, p->rooms, id);
}

static void leave(play *p, const char *room, size_t user)
{
    wire_send(&p->wire, "<presence from='user%05zu@%s/client' to='%s@%s/nick%05zu' type='unavailable'/>", user,
              p->people, room, p->rooms, user);
}

static void own(play *p, const char *room, size_t user, const char *payload)
{
    wire_send(&p->wire,
              "<iq from='user%05zu@%s/client' to='%s@%s' type='set' id='own'>"
              "<query xmlns='http://jabber.org/protocol/muc#owner'>%s</query></iq>",
              user, p->people, room, p->rooms, payload);
}

/* ---- waiting ---------------------------------------------------------------------------------------------------- */

/* Until so many have come. */
static void await(play *p, const uint64_t *count, uint64_t wanted, const char *what)
{
    for (int ms = 0; *count < wanted;) {
        ms = wire_pump(&p->wire, 100) ? 0 : ms + 100;
        if (ms > LOST)
            die("%" PRIu64 " of %" PRIu64 " %s came", *count, wanted, what);
    }
}

/* Until nobody is at work. */
static void rest(play *p)
{
    uint64_t used[WATCHED] = {0};
    for (int ms = 0; ms < RESTS_NEVER; ms += RESTS) {
        for (int i = 0; i < RESTS / 10; i++)
            wire_pump(&p->wire, 10);
        int busy = 0;
        for (size_t i = 0; i < p->watching; i++) {
            uint64_t ns = watch_usage(&p->watched[i]).ns;
            busy |= ns - used[i] > RESTING;
            used[i] = ns;
        }
        if (!busy)
            return;
    }
}

/* ---- measuring -------------------------------------------------------------------------------------------------- */

typedef struct mark {
    scan seen;
    usage used[WATCHED];
} mark;

static uint64_t stanzas_of(const scan *s)
{
    return s->presences + s->messages + s->results + s->others;
}

static mark mark_now(play *p)
{
    rest(p);
    mark m = {.seen = p->wire.seen};
    for (size_t i = 0; i < p->watching; i++)
        m.used[i] = watch_usage(&p->watched[i]);
    return m;
}

/* n: what memory is divided by. Returns the end, where something else may begin. */
static mark report(play *p, const mark *before, const char *what, size_t n, int round)
{
    mark now = mark_now(p);
    uint64_t stanzas = stanzas_of(&now.seen) - stanzas_of(&before->seen);
    for (size_t i = 0; i < p->watching; i++) {
        uint64_t ns = now.used[i].ns - before->used[i].ns;
        double bytes = ((double)now.used[i].rss - (double)before->used[i].rss) / (double)n;
        printf("bench=load what=%s n=%zu round=%d process=%s stanzas=%" PRIu64 " bytes=%" PRIu64 " cpu_ms=%.3f "
               "ns=%.0f rss=%" PRIu64 " rss_each=%.0f\n",
               what, n, round, p->watched[i].name, stanzas, now.seen.bytes - before->seen.bytes, (double)ns / 1e6,
               stanzas ? (double)ns / (double)stanzas : 0.0, now.used[i].rss, bytes);
    }
    fflush(stdout);
    return now;
}

/* ---- loads ------------------------------------------------------------------------------------------------------ */

/* A persistent room, with its owner in it. */
static void make(play *p, const char *room, size_t owner)
{
    const scan *seen = &p->wire.seen;
    uint64_t presences = seen->presences + 1, results = seen->results + 1;
    enter(p, room, owner);
    await(p, &seen->presences, presences, "presences of who makes a room");
    own(p, room, owner,
        "<x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
        "<value>http://jabber.org/protocol/muc#roomconfig</value></field>"
        "<field var='muc#roomconfig_persistentroom'><value>1</value></field></x>");
    await(p, &seen->results, results, "answers to a configuration");
}

/* Who enters a room of k is sent k presences and his own, and k are sent his: so many in all when n entered one of
 * `from`. */
static uint64_t presences_of(uint64_t from, uint64_t n)
{
    return (from + n) * (from + n) - from * from;
}

/* Users from 1 on enter, behind the owner. */
static void storm(play *p, const char *room)
{
    const scan *seen = &p->wire.seen;
    uint64_t before = seen->presences;
    for (size_t i = 1; i < p->users; i++) {
        if (p->window && i > p->window)
            await(p, &seen->presences, before + presences_of(1, i - p->window), "presences");
        enter(p, room, i);
        wire_pump(&p->wire, 0);
    }
    await(p, &seen->presences, before + presences_of(1, p->users - 1), "presences");
}

static void chat(play *p, const char *room)
{
    const scan *seen = &p->wire.seen;
    uint64_t before = seen->messages;
    for (size_t i = 0; i < p->messages; i++) {
        if (p->window && i >= p->window)
            await(p, &seen->messages, before + (i - p->window + 1) * p->users, "messages");
        talk(p, room, i % p->users, i);
        wire_pump(&p->wire, 0);
    }
    await(p, &seen->messages, before + p->messages * p->users, "messages");
}

/* Nothing but what was waited for has come. */
static void check(uint64_t came, uint64_t wanted, const char *what)
{
    if (came != wanted)
        die("%" PRIu64 " %s came where %" PRIu64 " were due", came, what, wanted);
}

void play_room(play *p)
{
    const scan *seen = &p->wire.seen;
    for (int round = 0; round < p->rounds; round++) {
        char room[32];
        snprintf(room, sizeof room, "room%d", round);
        make(p, room, 0);
        mark empty = mark_now(p);
        storm(p, room);
        mark full = report(p, &empty, "join", p->users, round);
        check(full.seen.presences - empty.seen.presences, presences_of(1, p->users - 1), "presences");

        chat(p, room);
        mark said = report(p, &full, "message", p->users, round);
        check(said.seen.messages - full.seen.messages, p->users * p->messages, "messages");

        own(p, room, 0, "<destroy/>");
        await(p, &seen->presences, said.seen.presences + p->users, "presences of a room's end");
    }
}

/* Who is the k-th in a room: others in each room, as far as there are. */
static size_t user_of(const play *p, size_t room, size_t k)
{
    return (room * p->inside + k) % p->users;
}

void play_weight(play *p)
{
    const scan *seen = &p->wire.seen;
    char room[32];
    make(p, "warm", 0);
    mark before = mark_now(p);
    for (size_t i = 0; i < p->count; i++) {
        snprintf(room, sizeof room, "idle%zu", i);
        make(p, room, user_of(p, i, 0));
        uint64_t presences = seen->presences + 1;
        leave(p, room, user_of(p, i, 0));
        await(p, &seen->presences, presences, "presences of who leaves");
    }
    before = report(p, &before, "idle", p->count, 0);
    for (size_t i = 0; i < p->count; i++) {
        snprintf(room, sizeof room, "room%zu", i);
        make(p, room, user_of(p, i, 0));
    }
    before = report(p, &before, "rooms", p->count, 0);
    for (size_t i = 0; i < p->count; i++) {
        snprintf(room, sizeof room, "room%zu", i);
        uint64_t presences = seen->presences + presences_of(1, p->inside - 1);
        for (size_t k = 1; k < p->inside; k++)
            enter(p, room, user_of(p, i, k));
        await(p, &seen->presences, presences, "presences");
    }
    (void)report(p, &before, "occupants", p->count * (p->inside - 1), 0);
}
