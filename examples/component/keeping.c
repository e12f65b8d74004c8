/* keeping.c: rooms that are being written, and what waits for that. */
#include "keeping.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>

#include "exits.h"
#include "log.h"

enum {
    GATHERED = 64 << 20, /* bytes that may wait to be written before changes are refused */
    FIRST_RETRY = 100,   /* milliseconds before what could not be written is tried again; */
    LAST_RETRY = 10000   /* doubled each time up to this, but at the end */
};

/* ---- which ------------------------------------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    return strcmp(((const kept *)a)->jid, ((const kept *)b)->jid);
}

static kept *kept_new(const char *jid)
{
    size_t n = strlen(jid) + 1;
    kept *k = calloc(1, sizeof *k + n);
    if (k)
        k->jid = memcpy(k->text, jid, n);
    return k;
}

kept *keeping_find(const struct rooms *r, const char *jid)
{
    const kept key = {.jid = jid};
    void *found = tfind(&key, &r->by_jid, compare);
    return found ? *(kept **)found : NULL;
}

static void take_out(struct rooms *r, kept *k)
{
    tdelete(k, &r->by_jid, compare);
    if (k->room)
        (void)muc_feature_set_data(k->room, &keeping, NULL);
}

static void let_go(struct rooms *r, kept *k)
{
    take_out(r, k);
    free(k);
}

/* The room of that name is another one now: what is held of both goes out with it, not before. */
static void change_room(kept *k, muc_room *room)
{
    if (k->room && room)
        (void)muc_feature_set_data(k->room, &keeping, NULL);
    k->room = room;
    k->held = 0;
}

/* In the tree. */
static kept *keep(struct rooms *r, const char *jid, muc_room *room)
{
    kept *k = room ? muc_feature_data(room, &keeping) : NULL;
    k = k ? k : keeping_find(r, jid);
    if (k && k->room == room)
        return k;
    if (!k) {
        k = kept_new(jid);
        if (!k || !tsearch(k, &r->by_jid, compare)) {
            free(k);
            return NULL;
        }
    }
    if (room && muc_feature_set_data(room, &keeping, k) < 0) {
        if (!k->batches)
            let_go(r, k);
        return NULL;
    }
    change_room(k, room);
    return k;
}

void keeping_room_free(muc_service *service, void *data)
{
    (void)service;
    ((kept *)data)->room = NULL;
}

/* Its place in the batch that is gathered. */
static size_t place_of(struct rooms *r, kept *k)
{
    if (k->gathered)
        return k->place;
    k->place = batch_add_room(r->gathered, k->jid, k);
    k->gathered = 1;
    k->batches++;
    return k->place;
}

/* The loop gets to it when it has dealt with what came in. */
static void flush_later(struct rooms *r)
{
    if (!r->writing)
        event_active(r->flush, EV_TIMEOUT, 0);
}

kept *keeping_begin(struct rooms *r, const char *jid, muc_room *room, keeping_step *step, size_t *place)
{
    kept *k = keep(r, jid, room);
    if (!k)
        return NULL;
    *step = (keeping_step){k, batch_here(r->gathered), k->gathered};
    *place = place_of(r, k);
    return k;
}

/* What the batch has of a room is not what became of it when there is no memory to say that: then nothing of it may be
 * written, and it is over. */
int keeping_end(struct rooms *r, const keeping_step *step, int wrote)
{
    kept *k = step->k;
    int failed = r->gathered->failed;
    if (wrote && !failed) {
        flush_later(r);
        return 1;
    }
    batch_cut(r->gathered, step->mark);
    if (!step->was_gathered) {
        k->gathered = 0;
        k->batches--;
    } else if (failed) {
        log_error("no memory for what has to be written");
        keeping_break(r, EXIT_SOFTWARE);
    }
    if (!k->batches)
        let_go(r, k);
    return failed ? -1 : 0;
}

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/* Hands over what has been gathered, if the writer has nothing to do. */
void keeping_give(struct rooms *r)
{
    batch *b = r->gathered;
    r->full = b->n > GATHERED;
    if (r->writing || b->count == 0 || r->broken)
        return;
    for (size_t i = 0; i < b->room_count; i++) {
        kept *k = b->rooms[i].ud;
        k->gathered = 0;
        k->held = k->room ? muc_room_held(k->room) : 0;
    }
    r->writing = b;
    r->gathered = b == &r->batches[0] ? &r->batches[1] : &r->batches[0];
    r->full = 0;
    writer_give(r->writer, r->writing);
}

/* Another process goes on with it: here it ends without a word, what waited for the store too. */
static void lose(kept *k)
{
    log_warning("%s is another process's by now", k->jid);
    if (k->room)
        (void)muc_room_forget(k->room);
}

/* One batch less has something of it. */
static void settle(struct rooms *r, kept *k)
{
    if (--k->batches > 0) {
        if (k->room)
            (void)muc_room_release_to(k->room, k->held);
        return;
    }
    take_out(r, k);
    if (k->room)
        (void)muc_room_release(k->room);
    int answer = k->wanted ? loading_room(r, k->jid) : MUC_ROOM_PENDING;
    if (answer != MUC_ROOM_PENDING)
        (void)muc_room_wanted_answer(r->service, k->jid, answer);
    free(k);
}

static void finish(struct rooms *r)
{
    batch *b = r->writing;
    if (r->pause)
        log_info("the database can be written again");
    r->pause = 0;
    for (size_t i = 0; i < b->room_count; i++) {
        kept *k = b->rooms[i].ud;
        if (b->rooms[i].lost)
            lose(k);
        settle(r, k);
    }
    batch_clear(b);
    r->writing = NULL;
    keeping_give(r);
}

void keeping_break(struct rooms *r, int status)
{
    r->broken = r->broken ? r->broken : status;
    event_active(r->over, EV_TIMEOUT, 0);
}

static void fail(struct rooms *r, store_result result)
{
    const char *why = r->store->why[STORE_WRITING];
    if (result == STORE_LOST) {
        log_error("other processes have the rooms by now: %s", why);
        keeping_break(r, EXIT_IN_USE);
        return;
    }
    if (result == STORE_UNUSABLE) {
        log_error("the database cannot be used any more (%s): put it back, or a copy of it", why);
        keeping_break(r, EXIT_STORAGE);
        return;
    }
    if (!r->pause)
        log_error("the database cannot be written (%s): changes are refused until it can", why);
    int64_t next = r->pause && !r->draining ? r->pause * 2 : FIRST_RETRY;
    r->pause = next < LAST_RETRY ? next : LAST_RETRY;
    r->waiting = 1;
    struct timeval t = {r->pause / 1000, r->pause % 1000 * 1000};
    evtimer_add(r->retry, &t);
}

void keeping_done(struct rooms *r)
{
    store_result result;
    if (writer_done(r->writer, &result)) {
        if (result == STORE_OK)
            finish(r);
        else
            fail(r, result);
    }
    if (!r->broken && writer_leases(r->writer) != STORE_OK) {
        log_error("other processes have the rooms by now: the lease was not renewed in time");
        keeping_break(r, EXIT_IN_USE);
    }
}

void keeping_retry(struct rooms *r)
{
    if (!r->waiting)
        return;
    r->waiting = 0;
    writer_give(r->writer, r->writing);
}
