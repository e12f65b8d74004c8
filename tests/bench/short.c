/* short.c: a fixed short form of each load, in which callgrind counts what happens within bench_counted(): the same
 * figures again and again, for tests/bench/instructions. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LIST = 200 };

typedef struct state {
    bench_world w;
    muc_room *room;
    bench_stanza list[LIST];
    char *saved;
    size_t saved_n;
    char gone[BENCH_NAME];
} state;

static void feed(void *ud, size_t i)
{
    state *s = ud;
    bench_feed(&s->w, &s->list[i % LIST]);
}

static void make_owner(state *s)
{
    char owner[BENCH_NAME];
    bench_bare(0, owner);
    bench_must(muc_affiliation_set(s->room, NULL, owner, MUC_AFFILIATION_OWNER, NULL) == MUC_CHANGED, "an owner");
}

/* A room of n, in which user 0 is owner. */
static void fill(state *s, size_t n, const char *history)
{
    const muc_option_value more[] = {
        {"historylength", history}, {"maxhistoryfetch", "100"}, {"default_history_messages", "100"}, {NULL, NULL}};
    s->room = bench_room(&s->w, 1, more);
    make_owner(s);
    bench_fill(&s->w, 1, 0, n);
}

static void ready_fanout(state *s)
{
    fill(s, 100, "20");
    for (size_t i = 0; i < LIST; i++)
        bench_say(&s->list[i], 1, i % 100);
}

static void ready_join(state *s)
{
    fill(s, 100, "0");
    for (size_t i = 0; i < LIST; i += 2) {
        bench_leave(&s->list[i], 1, 1 + i % 99);
        bench_enter(&s->list[i + 1], 1, 1 + i % 99);
    }
}

static void ready_nickchange(state *s)
{
    fill(s, 100, "0");
    for (size_t i = 0; i < LIST; i += 2) {
        bench_rename(&s->list[i], 1, 1 + i % 99, 100 + i);
        bench_rename(&s->list[i + 1], 1, 1 + i % 99, 1 + i % 99);
    }
}

static void ready_rolechange(state *s)
{
    fill(s, 100, "0");
    for (size_t i = 0; i < LIST; i++)
        bench_role(&s->list[i], 1, 1 + i / 2 % 99, i % 2 ? "participant" : "visitor");
}

static void ready_chat(state *s)
{
    uint64_t random = 4;
    for (size_t room = 0; room < 40; room++) {
        bench_room(&s->w, room, NULL);
        bench_fill(&s->w, room, room * 5, 5);
    }
    for (size_t i = 0; i < LIST; i++) {
        size_t room = bench_random(&random, 40);
        bench_say(&s->list[i], room, room * 5 + bench_random(&random, 5));
    }
}

static void create(void *ud, size_t i)
{
    state *s = ud;
    s->room = bench_room(&s->w, i, NULL);
    make_owner(s);
}

static void ready_nothing(state *s)
{
    s->w.take = BENCH_COPY;
}

static void page(void *ud, size_t i)
{
    state *s = ud;
    muc_room_list *list;
    char after[BENCH_NAME];
    bench_room_jid(i * 7, after);
    const muc_room_list_query query = {.after = after, .max = 50};
    bench_must(muc_room_list_new(s->w.service, &query, &list) == MUC_OK, "a page");
    muc_room_list_free(list);
}

static void ready_page(state *s)
{
    for (size_t i = 0; i < 500; i++)
        bench_room(&s->w, i, NULL);
}

static void go(void *ud, size_t i)
{
    (void)i;
    state *s = ud;
    bench_must(muc_peer_gone(s->w.service, s->gone, NULL) == MUC_OK, "going");
}

static void ready_gone(state *s)
{
    bench_stanza enter;
    bench_user(1000, s->gone);
    for (size_t room = 0; room < 50; room++) {
        bench_room(&s->w, room, NULL);
        bench_fill(&s->w, room, room * 5, 5);
        bench_enter(&enter, room, 1000);
        bench_feed(&s->w, &enter);
    }
}

static void set(void *ud, size_t i)
{
    state *s = ud;
    char jid[BENCH_NAME];
    bench_bare(i, jid);
    bench_must(muc_affiliation_set(s->room, NULL, jid, MUC_AFFILIATION_ADMIN, NULL) == MUC_CHANGED, "a change");
}

static void ready_set(state *s)
{
    char jid[BENCH_NAME];
    s->room = bench_room(&s->w, 1, NULL);
    for (size_t i = 0; i < 1000; i++) {
        bench_bare(i, jid);
        bench_must(muc_affiliation_set(s->room, NULL, jid, MUC_AFFILIATION_MEMBER, NULL) == MUC_CHANGED, "a member");
    }
}

static void ready_replay(state *s)
{
    fill(s, 1, "100");
    bench_stanza say;
    bench_say(&say, 1, 0);
    for (size_t i = 0; i < 110; i++)
        bench_feed(&s->w, &say);
    for (size_t i = 0; i < LIST; i += 2) {
        bench_enter_all(&s->list[i], 1, 1);
        bench_leave(&s->list[i + 1], 1, 1);
    }
}

enum { SAVED = 1 << 20 };

static int keep(const char *bytes, size_t n, void *ud)
{
    state *s = ud;
    if (n > SAVED - s->saved_n)
        return -1;
    memcpy(s->saved + s->saved_n, bytes, n);
    s->saved_n += n;
    return 0;
}

static void save(void *ud, size_t i)
{
    (void)i;
    state *s = ud;
    s->saved_n = 0;
    bench_must(muc_room_save(s->room, MUC_PART_ALL, keep, s) == MUC_OK, "saving");
}

static void restore(void *ud, size_t i)
{
    (void)i;
    state *s = ud;
    bench_must(muc_room_forget(s->room) == MUC_OK, "dropping a room");
    bench_must(muc_room_restore(s->w.service, s->saved, s->saved_n, &s->room) == MUC_OK, "restoring");
}

static void ready_snapshot(state *s)
{
    fill(s, 100, "20");
    s->saved = bench_memory(SAVED);
    save(s, 0);
}

static const struct form {
    const char *name;
    void (*ready)(state *s);
    bench_fn *fn;
    size_t times;
} forms[] = {{"fanout", ready_fanout, feed, 100},
             {"join", ready_join, feed, 20},
             {"nickchange", ready_nickchange, feed, 20},
             {"rolechange", ready_rolechange, feed, 20},
             {"chat", ready_chat, feed, 200},
             {"rooms_create", ready_nothing, create, 200},
             {"rooms_page", ready_page, page, 20},
             {"gone", ready_gone, go, 1},
             {"affiliations_set", ready_set, set, 200},
             {"history_replay", ready_replay, feed, 20},
             {"snapshot_save", ready_snapshot, save, 5},
             {"snapshot_restore", ready_snapshot, restore, 5}};

/* What over.c measures, in one size. */
static const struct {
    const bench_event *event;
    size_t n, times;
} events[] = {{&bench_lists_event, 200, 5},  {&bench_invite_event, 100, 20}, {&bench_register_event, 100, 20},
              {&bench_query_event, 100, 20}, {&bench_voice_event, 100, 20},  {&bench_parked_event, 100, 20}};

static bool short_event(const char *name)
{
    for (size_t i = 0; i < sizeof events / sizeof *events; i++) {
        const bench_event *event = events[i].event;
        if (!name) {
            puts(event->name);
        } else if (strcmp(event->name, name) == 0) {
            void *ud = bench_memory(event->size);
            event->begin(ud, events[i].n);
            bench_counted(event->fn, ud, events[i].times);
            event->end(ud);
            free(ud);
            return true;
        }
    }
    return !name;
}

bool bench_short(const char *name)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!name) {
            puts(forms[i].name);
        } else if (strcmp(forms[i].name, name) == 0) {
            state *s = bench_memory(sizeof *s);
            bench_open(&s->w, false);
            forms[i].ready(s);
            s->w.take = BENCH_COPY;
            bench_counted(forms[i].fn, s, forms[i].times);
            bench_close(&s->w);
            free(s->saved);
            free(s);
            return true;
        }
    }
    return short_event(name);
}
