/* monkey.h: who makes the calls of calls.c: what the monkey holds, what it draws, and what it can do. */
#ifndef MONKEY_H
#define MONKEY_H

#include <engine/parts.h>

enum { ROOMS = 3, USERS = 4, NICKS = 7, DRAFTS = 3, KEPT = 4, HELD = 16, SNAPSHOTS = 3, HOOKS = 12, TOKENS = 4 };

/* How deep handlers call, and how many calls are made inside of one. */
enum { DEEPEST = 4, CALLS_A_CALL = 24 };

typedef struct text {
    char *p;
    size_t n;
} text;

/* What runs: the event of a handler, or NULL in a callback. */
typedef struct frame {
    struct frame *outer;
    mu_class class;
    muc_event *event;
} frame;

typedef struct monkey {
    const uint8_t *at, *end;
    muc_service *service;
    muc_mem mem;
    size_t blocks;      /* allocated */
    unsigned long fail; /* which allocation from now on fails, 0: none */
    bool for_good;      /* and all after it */
    bool pulling, storing, starved, refused, released, several, quiet;
    int64_t now;
    size_t sent;
    unsigned calls;
    size_t asked, answered; /* questions of rooms and of the service */
    frame *frame;
    muc_room *room; /* seen inside of a call: good until the outermost one is over */
    muc_occupant *occupant;
    muc_occupant *drafts[DRAFTS];
    muc_delivery *kept[KEPT];
    text picture; /* after the latest step */
    text snapshots[SNAPSHOTS], store[ROOMS];
    bool strayed[ROOMS];  /* the store could not, or was passed over */
    muc_room *held[HELD]; /* which the store is writing, in the order in which it has begun */
    size_t held_n;
    int hooks[HOOKS];
    uint64_t tokens[TOKENS]; /* of what waits for an answer */
} monkey;

#define require(rule) check((rule), __FILE__, __LINE__, #rule)

/* Whatever comes to mind, inside of a handler or callback (calls.c). */
void play_inside(monkey *m, frame *f);
int play_hook(muc_event *ev, void *ud);

/* draw.c */
extern const char *const rooms[ROOMS], *const nicks[NICKS];
void check(bool holds, const char *file, int line, const char *rule);
unsigned draw(monkey *m, unsigned below);
const char *draw_user(monkey *m);
const char *draw_bare(monkey *m);
const char *draw_word(monkey *m);
const char *draw_nick(monkey *m);
muc_room *draw_room(monkey *m);
muc_occupant *draw_occupant(monkey *m);
muc_session *draw_session(monkey *m);
const char *maybe_actor(monkey *m);
muc_xml *draw_stanza(monkey *m, const char *name);
/* Whom a filter picks. */
int pick(muc_occupant *occupant, void *ud);
xmlDoc *tree(const char *xml);

/* host.c */
void be_host(monkey *m, muc_callbacks *callbacks);
int append(const char *bytes, size_t n, void *ud);
void drop(text *t);
void look_at(const muc_delivery *d);
/* What the store has is what the room is. */
void check_store(monkey *m);
int keep(monkey *m, muc_delivery *d);
/* The store has written that room, or one of its name that came later. */
int store_is_done(monkey *m, muc_room *room);
/* A part of what waits for that. */
int store_is_done_to(monkey *m, muc_room *room);
/* What the store is writing is valid. */
void check_held(const monkey *m);

/* rooms.c */
int create(monkey *m), create_as(monkey *m), destroy(monkey *m), empty(monkey *m), forget(monkey *m), lock(monkey *m),
    let_go(monkey *m), let_some_go(monkey *m), load(monkey *m), snapshot(monkey *m), restore(monkey *m),
    set_option(monkey *m), persist(monkey *m), configure(monkey *m), show_config(monkey *m), set_vcard(monkey *m),
    note(monkey *m);

/* What the monkey keeps for occupants (service.c). */
extern const muc_feature monkey_feature;

/* service.c */
int gone(monkey *m), hook(monkey *m), fetch(monkey *m), look(monkey *m), sweep(monkey *m), settle(monkey *m),
    lift(monkey *m), answer(monkey *m), attach(monkey *m), foresee(monkey *m);

/* people.c */
int set_role(monkey *m), rename_one(monkey *m), expel(monkey *m), expel_some(monkey *m), affiliate(monkey *m),
    reserve(monkey *m), draft(monkey *m), save_draft(monkey *m), invite(monkey *m), decline(monkey *m),
    enrol(monkey *m), strike(monkey *m), ask_for_voice(monkey *m), give_voice(monkey *m);

/* talk.c */
int say(monkey *m), set_subject(monkey *m), history(monkey *m), ask(monkey *m), tell(monkey *m), show(monkey *m),
    show_past(monkey *m), join(monkey *m), stanza(monkey *m), act(monkey *m);

#endif
