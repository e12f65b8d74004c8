/* loading.c: rooms come from the store: when they are wanted, and by themselves when somebody was in them.
 *
 * A file on this machine is read at once; a database that is shared is read by a thread, and what is sent to the room
 * waits: also as long as another process has it, which may be about to give it up, or not be there any more. */
#include <stdlib.h>
#include <string.h>

#include "keeping.h"
#include "log.h"

enum {
    WAKE = 20,      /* how many rooms come back at once, */
    WAKE_PAUSE = 5, /* milliseconds between those; */
    WATCH = 10000   /* and until rooms of a shared database that nobody has any more are looked for again */
};

static void note_reading(struct rooms *r, const char *jid, store_result result, const char *why)
{
    if (result == STORE_TAKEN)
        log_warning("%s is another process's: %s", jid, why);
    else if (!r->unreadable)
        log_error("%s cannot be read: %s", jid, why);
    r->unreadable = result != STORE_TAKEN;
}

/* What was asked before the end is as old as that: it is restored once. */
static void forget_asked(struct rooms *r, const char *jid)
{
    keeping_step step;
    size_t place;
    muc_room *room = muc_room_find(r->service, jid);
    if (!room || !keeping_begin(r, jid, room, &step, &place))
        return;
    batch_remove(r->gathered, place, STORE_ASKED, NULL);
    (void)keeping_end(r, &step, 1);
}

/* What room_wanted answers by what was read. */
static int restore(struct rooms *r, const char *jid, store_result result, pieces *p, const char *why)
{
    if (result == STORE_NONE)
        return MUC_ROOM_UNKNOWN;
    if (result != STORE_OK || pieces_end(p) < 0) {
        note_reading(r, jid, result, why);
        return MUC_ERR_HOST;
    }
    r->unreadable = 0;
    int answer = muc_room_restore(r->service, p->xml, p->n, NULL);
    if (answer < 0)
        log_error("%s cannot be restored from what is stored: %s", jid, muc_strerror(answer));
    else if (p->asked)
        forget_asked(r, jid);
    return answer < 0 ? answer : MUC_ROOM_RESTORED;
}

int loading_room(struct rooms *r, const char *jid)
{
    if (r->loader)
        return r->leaving || loader_ask(r->loader, jid, r->patience) < 0 ? MUC_ERR_HOST : MUC_ROOM_PENDING;
    pieces p = {.xml = NULL};
    store_result result = r->store->backend->load(r->store, jid, pieces_take, &p);
    int answer = restore(r, jid, result, &p, r->store->why[STORE_READING]);
    free(p.xml);
    return answer;
}

/* ---- by a thread ------------------------------------------------------------------------------------------------- */

/* A room that is not wanted any more has been taken all the same. */
static void give_back(struct rooms *r, const char *jid)
{
    keeping_step step;
    size_t place;
    if (!keeping_begin(r, jid, NULL, &step, &place))
        return;
    batch_release_room(r->gathered, place);
    (void)keeping_end(r, &step, 1);
}

static void take_room(struct rooms *r, loaded *one)
{
    int answer = MUC_ERR_HOST;
    if (muc_room_find(r->service, one->jid))
        answer = MUC_ROOM_RESTORED;
    else if (!r->leaving)
        answer = restore(r, one->jid, one->result, &one->p, one->why);
    else if (one->result == STORE_OK)
        give_back(r, one->jid);
    (void)muc_room_wanted_answer(r->service, one->jid, answer);
}

static void watch_again(struct rooms *r)
{
    static const struct timeval later = {WATCH / 1000, 0};
    if (r->watching)
        evtimer_add(r->wake, &later);
}

static void take_names(struct rooms *r, const loaded *one)
{
    for (size_t i = 0; i < one->count && r->watching; i++)
        r->events.orphan(one->names[i], r->ud);
    if (one->count == 0 || !r->watching || loader_ask_occupied(r->loader, 0) < 0)
        watch_again(r);
}

void loading_done(struct rooms *r)
{
    loaded one;
    while (loader_next(r->loader, &one)) {
        if (one.jid)
            take_room(r, &one);
        else
            take_names(r, &one);
        loaded_free(&one);
    }
}

/* ---- coming back ------------------------------------------------------------------------------------------------- */

typedef struct names {
    char *jid[WAKE];
    size_t n;
} names;

static int add_name(const char *jid, const char *name, void *ud)
{
    names *all = ud;
    (void)name;
    if (all->n < WAKE && (all->jid[all->n] = strdup(jid)))
        all->n++;
    return 0;
}

void loading_wake(struct rooms *r)
{
    static const struct timeval pause = {0, WAKE_PAUSE * 1000};
    names all = {.n = 0};
    if (r->loader) {
        if (loader_ask_occupied(r->loader, 1) < 0)
            watch_again(r);
        return;
    }
    if (r->store->backend->occupied(r->store, &r->cursor, WAKE, add_name, &all) != STORE_OK)
        log_error("the rooms in which somebody was cannot be read: %s", r->store->why[STORE_READING]);
    for (size_t i = 0; i < all.n; i++) {
        (void)muc_room_load(r->service, all.jid[i], NULL);
        free(all.jid[i]);
    }
    if (all.n > 0)
        evtimer_add(r->wake, &pause);
    else if (r->events.awake)
        r->events.awake(r->ud);
}
