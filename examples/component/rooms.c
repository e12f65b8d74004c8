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
    DRAIN = 30          /* seconds that the end waits for the disk */
};

/* ---- what the library asks and tells ----------------------------------------------------------------------------- */

static struct rooms *rooms_of(void *ud)
{
    return ((struct component *)ud)->rooms;
}

/* Whether that is so does not change within a call of the library: a call is refused as a whole. */
static int refuses(const struct rooms *r)
{
    return r->pause || r->full || r->broken || r->overdue;
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
int rooms_write_rest(struct rooms *r, muc_room *room, int leaves)
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
    if (refuses(r) || keeping_find(r, muc_room_jid(ev->room)) || rooms_write_rest(r, ev->room, 1) < 0)
        return muc_reject(ev, MUC_RESOURCE_CONSTRAINT, NULL);
    return MUC_PASS;
}

static int on_restored(muc_event *ev, void *ud)
{
    (void)ud;
    const struct rooms *r = rooms_of(muc_service_userdata(ev->service));
    if (r->loader && r->events.restored && muc_occupant_count(ev->room) > 0)
        r->events.restored(ev->room, r->ud);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {{MUC_ON_PRE_EVICT, NULL, MUC_PRIORITY_LAST, on_pre_evict},
                                     {MUC_ON_RESTORED, NULL, MUC_PRIORITY_LAST, on_restored},
                                     {.fn = NULL}};
const muc_feature keeping = {.name = "keeping", .hooks = hooks, .room_free = keeping_room_free};

/* What the store says of a room that is being written is not true yet, or not any more. */
static int on_wanted(muc_service *service, const char *jid, void *ud)
{
    (void)service;
    struct rooms *r = rooms_of(ud);
    kept *k = keeping_find(r, jid);
    if (!k)
        return loading_room(r, jid);
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

/* ---- the end ----------------------------------------------------------------------------------------------------- */

/* Of rooms that were used since the start. */
static void gather_rest(struct rooms *r)
{
    for (muc_room *room = muc_room_next(r->service, NULL); room; room = muc_room_next(r->service, room))
        if (muc_occupant_count(room) > 0 || muc_room_used(room) >= r->opened)
            (void)rooms_write_rest(r, room, 0);
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

static void on_loaded(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    loading_done(ud);
}

static void on_wake(evutil_socket_t fd, short what, void *ud)
{
    (void)fd, (void)what;
    loading_wake(ud);
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
    } known[] = {
        {STORE_TAKEN, EXIT_IN_USE, "end that first, or give this one a database of its own"},
        {STORE_CANNOT, EXIT_CANNOT_MAKE, "see that it may be made there"},
        {STORE_FAILED, EXIT_IN_USE, "see that it runs and lets this user in, and try again"},
        {STORE_UNUSABLE, EXIT_STORAGE, "it is left as it is; mend that, put a copy in its place, or name another one"}};
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

/* The threads, and what the loop hears of them. A store that is shared may be far away: it is read by a thread, too. */
static int begin(struct rooms *r)
{
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
    if (!r->done || !r->flush || !r->retry || !r->wake || !r->over || !r->late || event_add(r->done, NULL) < 0)
        return EXIT_SOFTWARE;
    if (!r->store->backend->renew)
        return 0;
    r->loader = loader_new(r->store);
    r->loaded = r->loader ? event_new(r->base, loader_fd(r->loader), EV_READ | EV_PERSIST, on_loaded, r) : NULL;
    return r->loaded && event_add(r->loaded, NULL) == 0 ? 0 : EXIT_SOFTWARE;
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
    return result == STORE_OK ? begin(r) : open_failed(r, config->db, result);
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
    int64_t patience = muc_service_settings(service)->pending_timeout;
    r->patience = patience ? patience * 1000 : INT64_MAX / 2;
    if (r->store && !r->loader)
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
    if (!r->overdue)
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
    struct event *const events[] = {r->done, r->flush, r->retry, r->wake, r->over, r->late, r->loaded};
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (events[i])
            event_free(events[i]);
    loader_free(r->loader);
    writer_free(r->writer);
    if (r->store)
        r->store->backend->close(r->store);
    tdestroy(r->by_jid, free_kept);
    batch_free(&r->batches[0]);
    batch_free(&r->batches[1]);
    free(r);
}
