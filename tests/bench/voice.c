/* voice.c: a visitor asks n moderators for voice (XEP-0045 section 7.13). */
#include "bench.h"

static const size_t sizes[] = {100, 1000, 10000};

typedef struct voice {
    bench_world w;
    size_t moderators;
    bench_stanza request;
} voice;

static void begin(void *ud, size_t n)
{
    voice *s = ud;
    s->moderators = n;
    static const muc_option_value more[] = {{"historylength", "0"},
                                            {"moderated", "1"},
                                            {"members_by_default", "0"},
                                            {"voice_request_min_interval", "0"},
                                            {NULL, NULL}};
    char jid[BENCH_NAME], to[BENCH_NAME];
    bench_open(&s->w, false);
    muc_room *room = bench_room(&s->w, 1, more);
    for (size_t i = 0; i < n; i++) {
        bench_bare(i, jid);
        bench_must(muc_affiliation_set(room, NULL, jid, MUC_AFFILIATION_ADMIN, NULL) == MUC_CHANGED, "an admin");
    }
    bench_fill(&s->w, 1, 0, n + 1);
    bench_user(n, jid);
    bench_room_jid(1, to);
    bench_write(&s->request,
                "<message from='%s' to='%s'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'><value>"
                "http://jabber.org/protocol/muc#request</value></field><field var='muc#role'><value>participant"
                "</value></field></x></message>",
                jid, to);
    s->w.take = BENCH_COPY;
}

static void end(void *ud)
{
    voice *s = ud;
    bench_close(&s->w);
}

static void ask(void *ud, size_t i)
{
    (void)i;
    voice *s = ud;
    size_t before = s->w.deliveries;
    bench_feed(&s->w, &s->request);
    bench_must(s->w.deliveries == before + s->moderators, "a form for each");
}

const bench_event bench_voice_event = {"voice", sizeof(voice), begin, ask, end, 0};

void bench_voice(void)
{
    bench_over(&bench_voice_event, sizes, sizeof sizes / sizeof *sizes);
}
