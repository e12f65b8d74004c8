/* rooms.c: rooms in a store: they come when they are wanted, and what changes in them is stored before anybody is told.
 */
#include "rooms.h"

#include <search.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "exits.h"
#include "keeping.h"
#include "log.h"
#include "pieces.h"
#include "service.h"

enum {
    EVICT_AFTER = 3600, /* seconds */
    DRAIN = 30,         /* seconds that the end waits for the disk */
    WAKE = 20,          /* how many rooms come back at once, */
    WAKE_PAUSE = 5      /* milliseconds between those */
};

/* ---- what the library asks and tells ----------------------------------------------------------------------------- */

static struct rooms *rooms_of(void *ud)
{
    return ((struct component *)ud)->rooms;
}

/* Whether that is so does not change within a call of the library: a call is refused as a whole. */
static int refuses(const struct rooms *r)
{
    return r->pause || r->full || r->broken;
}

static int on_changed(muc_room *room, const muc_change *change, void *ud)
{
    struct rooms *r = rooms_of(ud);
    keeping_step step;
    size_t place;
    if (refuses(r) || !keeping_begin(r, muc_room_jid(room), room, &step, &place))
        return -1;
    int wrote = pieces_write_change(r->gathered, place, room, change);
    int result = keeping_end(r, &step, wrote);
    return result > 0 ? MUC_HOLD : result;
}

/* What no change said; of a room that leaves memory, and at the end. */
static int write_rest(struct rooms *r, muc_room *room, int leaves)
{
    keeping_step step;
    size_t place;
    if (!keeping_begin(r, muc_room_jid(room), room, &step, &place))
        return -1;
    pieces_write_rest(r->gathered, place, room);
    if (leaves)
        batch_release_room(r->gathered, place);
    return keeping_end(r, &step, 1);
}

/* A room of which something is still being written is in use. */
static int on_pre_evict(muc_event *ev, void *ud)
{
    (void)ud;
    struct rooms *r = rooms_of(muc_service_userdata(ev->service));
    if (refuses(r) || keeping_find(r, muc_room_jid(ev->room)) || write_rest(r, ev->room, 1) < 0)
        return muc_reject(ev, MUC_RESOURCE_CONSTRAINT, NULL);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {{MUC_ON_PRE_EVICT, NULL, MUC_PRIORITY_LAST, on_pre_evict}, {.fn = NULL}};
const muc_feature keeping = {.name = "keeping", .hooks = hooks, .room_free = keeping_room_free};

static void note_reading(struct rooms *r, const char *jid, store_result result)
{
    if (result == STORE_TAKEN)
        log_warning("%s is another process's: %s", jid, r->store->why[STORE_READING]);
    else if (!r->unreadable)
        log_error("%s cannot be read: %s", jid, r->store->why[STORE_READING]);
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

int rooms_load(struct rooms *r, const char *jid)
{
    pieces p = {.xml = NULL};
    store_result result = r->store->backend->load(r->store, jid, pieces_take, &p);
    int answer = MUC_ERR_HOST;
    if (result == STORE_NONE) {
        answer = MUC_ROOM_UNKNOWN;
    } else if (result != STORE_OK || pieces_end(&p) < 0) {
        note_reading(r, jid, result);
    } else {
        r->unreadable = 0;
        answer = muc_room_restore(r->service, p.xml, p.n, NULL);
        if (answer < 0)
            log_error("%s cannot be restored from what is stored: %s", jid, muc_strerror(answer));
        else if (p.asked)
            forget_asked(r, jid);
    }
    free(p.xml);
    return answer < 0 ? answer : result == STORE_NONE ? MUC_ROOM_UNKNOWN : MUC_ROOM_RESTORED;
}

/* What the store says of a room that is being written is not true yet, or not any more. */
static int on_wanted(muc_service *service, const char *jid, void *ud)
{
    (void)service;
    struct rooms *r = rooms_of(ud);
    kept *k = keeping_find(r, jid);
    if (!k)
        return rooms_load(r, jid);
    k->wanted = 1;
    return MUC_ROOM_PENDING;
}

typedef struct taker {
    muc_stored_room_fn *add;
    void *list;
    int result;
} taker;

static int take(const char *jid, const char *name, void *ud)
{
    taker *t = ud;
    t->result = t->add(t->list, jid, name);
    return t->result < 0;
}

static int on_stored_rooms(muc_service *service, const char *after, size_t max, muc_stored_room_fn *add, void *list,
                           void *ud)
{
    (void)service;
    const struct rooms *r = rooms_of(ud);
    taker t = {add, list, MUC_OK};
    store_result result = r->store->backend->list(r->store, after ? after : "", max, take, &t);
    if (result != STORE_OK && result != STORE_ABORTED)
        log_error("the room list cannot be read: %s", r->store->why[STORE_LISTING]);
    return t.result < 0 ? t.result : result == STORE_OK ? 0 : -1;
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

/* Rooms in which somebody was come back by themselves: there are things to be done in them, whoever writes there. */
static void on_wake(evutil_socket_t fd, short what, void *ud)
{
    static const struct timeval pause = {0, WAKE_PAUSE * 1000};
    struct rooms *r = ud;
    names all = {.n = 0};
    (void)fd, (void)what;
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

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* Of rooms that were used since the start. */
static void gather_rest(struct rooms *r)
{
    for (muc_room *room = muc_room_next(r->service, NULL); room; room = muc_room_next(r->service, room))
        if (muc_occupant_count(room) > 0 || muc_room_used(room) >= r->opened)
            (void)write_rest(r, room, 0);
}

static void end_drain(struct rooms *r, int status)
{
    r->draining = 0;
    if (r->late)
        evtimer_del(r->late);
    if (r->events.saved)
        r->events.saved(status, r->ud);
}

static void check_drain(struct rooms *r)
{
    if (r->draining && !r->broken && !r->writing && r->gathered->count == 0)
        end_drain(r, 0);
}

/* ---- events ------------------------------------------------------------------------------------------------------ */

static void on_done(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    keeping_done(ud);
    check_drain(ud);
}

static void on_retry(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    keeping_retry(ud);
}

static void on_flush(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    keeping_give(ud);
}

static void on_over(evutil_socket_t fd, short what, void *ud)
{
    struct rooms *r = ud;
    (void)fd, (void)what;
    if (r->draining)
        end_drain(r, r->broken);
    else if (r->events.broken)
        r->events.broken(r->broken, r->ud);
}

static void on_late(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    end_drain(ud, EXIT_STORAGE);
}

/* ---- interface --------------------------------------------------------------------------------------------------- */

static int open_failed(const struct rooms *r, const char *place, store_result result)
{
    static const struct {
        store_result result;
        int status;
        const char *advice;
    } known[] = {{STORE_TAKEN, EXIT_IN_USE, "end that first, or give this one a database of its own"},
                 {STORE_CANNOT, EXIT_CANNOT_MAKE, "see that it may be made there"},
                 {STORE_UNUSABLE, EXIT_STORAGE, "it is left as it is"}};
    const char *why = r->store ? r->store->why[STORE_WRITING] : "no memory";
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (known[i].result == result) {
            log_error("%s: %s: %s", place, why, known[i].advice);
            return known[i].status;
        }
    log_error("%s: %s", place, why);
    return EXIT_STORAGE;
}

static const store_backend *backend_of(const char *place)
{
    if (strncmp(place, "postgresql://", 13) != 0 && strncmp(place, "postgres://", 11) != 0)
        return &store_sqlite;
#if COMPONENT_PGSQL
    return &store_pgsql;
#else
    return NULL;
#endif
}

static int open_store(struct rooms *r, const struct rooms_config *config)
{
    const store_config where = {.place = config->db, .domain = config->domain, .lease = config->lease};
    const store_backend *backend = config->backend ? config->backend : backend_of(config->db);
    if (!backend) {
        log_error("%s: this program was built without PostgreSQL (make WITH_PGSQL=yes)", config->db);
        return EXIT_CONFIG;
    }
    store_result result = backend->open(&r->store, &where);
    if (result == STORE_OK)
        result = r->store->backend->secret(r->store, r->secret, ROOMS_SECRET);
    if (result != STORE_OK)
        return open_failed(r, config->db, result);
    r->gathered = &r->batches[0];
    r->writer = writer_new(r->store);
    if (!r->writer)
        return EXIT_SOFTWARE;
    r->done = event_new(r->base, writer_fd(r->writer), EV_READ | EV_PERSIST, on_done, r);
    r->flush = evtimer_new(r->base, on_flush, r);
    r->retry = evtimer_new(r->base, on_retry, r);
    r->wake = evtimer_new(r->base, on_wake, r);
    r->over = evtimer_new(r->base, on_over, r);
    r->late = evtimer_new(r->base, on_late, r);
    int all = r->done && r->flush && r->retry && r->wake && r->over && r->late;
    return all && event_add(r->done, NULL) == 0 ? 0 : EXIT_SOFTWARE;
}

int rooms_open(struct rooms **out, const struct rooms_config *config, struct event_base *base)
{
    struct rooms *r = *out = calloc(1, sizeof *r);
    if (!r || getrandom(r->secret, ROOMS_SECRET, 0) != (ssize_t)ROOMS_SECRET) {
        log_error("no memory, or no random bytes, to begin with");
        return EXIT_SOFTWARE;
    }
    r->base = base;
    r->extra[0] = &keeping;
    return config->db ? open_store(r, config) : 0;
}

const void *rooms_secret(const struct rooms *r, size_t *n)
{
    *n = ROOMS_SECRET;
    return r->secret;
}

void rooms_callbacks(struct rooms *r, muc_callbacks *callbacks, muc_settings *settings)
{
    settings->secret = rooms_secret(r, &settings->secret_n);
    if (!r->store)
        return;
    callbacks->room_wanted = on_wanted;
    callbacks->room_changed = on_changed;
    callbacks->stored_rooms = on_stored_rooms;
    settings->extra_features = r->extra;
    settings->store_parts = MUC_PART_ALL;
    settings->store_temporary = 1;
    settings->evict_after = EVICT_AFTER;
}

void rooms_attach(struct rooms *r, muc_service *service, const rooms_events *events, void *ud)
{
    static const struct timeval now = {0, 0};
    r->service = service;
    r->events = *events;
    r->ud = ud;
    r->opened = muc_service_now(service);
    if (r->store)
        evtimer_add(r->wake, &now);
}

int rooms_commit(struct rooms *r)
{
    if (r->store)
        keeping_give(r);
    return r->pause || r->broken ? -1 : 0;
}

void rooms_drain(struct rooms *r)
{
    static const struct timeval most = {DRAIN, 0};
    r->draining = 1;
    /* Nothing of it comes back: everybody is told (XEP-0045 section 11.2). */
    if (!r->store) {
        (void)muc_service_shutdown(r->service);
        end_drain(r, 0);
        return;
    }
    evtimer_del(r->wake);
    if (r->broken) {
        end_drain(r, r->broken);
        return;
    }
    evtimer_add(r->late, &most);
    gather_rest(r);
    keeping_give(r);
    if (r->waiting)
        event_active(r->retry, EV_TIMEOUT, 0);
    check_drain(r);
}

static void free_kept(void *k)
{
    free(k);
}

void rooms_close(struct rooms *r)
{
    if (!r)
        return;
    struct event *const events[] = {r->done, r->flush, r->retry, r->wake, r->over, r->late};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    writer_free(r->writer);
    if (r->store)
        r->store->backend->close(r->store);
    tdestroy(r->by_jid, free_kept);
    batch_free(&r->batches[0]);
    batch_free(&r->batches[1]);
    free(r);
}
