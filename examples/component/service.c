/* service.c: stanzas of the server go to the service, and what it sends to the server; time passes; the end. */
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "again.h"
#include "exits.h"
#include "ghosts.h"
#include "log.h"
#include "numbers.h"
#include "refusal.h"
#include "service.h"
#include "shared/load.h"
#include "slot.h"

/* Milliseconds: what is due is never looked for later than that. */
enum { SWEEP_AT_LEAST = 10000 };

/* ---- what the library asks for ---------------------------------------------------------------------------------- */

static int64_t on_now(void *ud)
{
    (void)ud;
    struct timespec t;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    return getrandom(bytes, n, 0) == (ssize_t)n ? 0 : -1;
}

static int on_is_admin(const char *bare_jid, void *ud)
{
    const struct component *c = ud;
    for (size_t i = 0; i < c->config.admins.count; i++)
        if (strcmp(c->config.admins.item[i].value, bare_jid) == 0)
            return 1;
    return 0;
}

/* A server ends the stream when a stanza is larger than it takes: better that this one is missing. */
static void replace(struct component *c, const muc_delivery *delivery, size_t i, size_t n)
{
    muc_span to = muc_delivery_jid(delivery, i);
    char *jid = strndup(to.p, to.n);
    const xmlNode *stanza = jid ? muc_delivery_node(delivery) : NULL;
    log_warning("a stanza of %zu bytes to %.*s is not sent: max-sent is %zu", n, (int)to.n, to.p, c->config.sent);
    if (stanza)
        refusal_replace(c->stream, stanza, jid);
    free(jid);
}

/* Bots that are features have addresses of the service's own: there is nothing to send. */
static int is_inside(const struct component *c, muc_span jid)
{
    const char *at = memchr(jid.p, '@', jid.n), *domain = at ? at + 1 : jid.p;
    size_t n = strlen(c->config.domain.value), left = jid.n - (size_t)(domain - jid.p);
    return left >= n && memcmp(domain, c->config.domain.value, n) == 0 && (left == n || domain[n] == '/');
}

/* A process that has slept may not know that another one goes on with its rooms: it says nothing of them. */
static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    struct component *c = ud;
    (void)service;
    if (!stream_is_up(c->stream) || !rooms_may_send(c->rooms))
        return 0;
    muc_span pieces[MUC_PIECES];
    const muc_span *to;
    muc_delivery_shared(delivery, pieces);
    int has_bots = loaded_features() != NULL;
    size_t shared = pieces[0].n + pieces[2].n + pieces[3].n;
    for (size_t first = 0, n; (to = muc_delivery_to(delivery, first, &n)); first += n)
        for (size_t i = 0; i < n; i++) {
            pieces[1] = to[i];
            if (has_bots && is_inside(c, muc_delivery_jid(delivery, first + i)))
                continue;
            if (shared + to[i].n <= c->config.sent)
                stream_write(c->stream, pieces, MUC_PIECES);
            else
                replace(c, delivery, first + i, shared + to[i].n);
        }
    return 0;
}

/* ---- stanzas in ------------------------------------------------------------------------------------------------- */

static void on_stanza(const xmlNode *stanza, int cut, void *ud)
{
    struct component *c = ud;
    if (c->slot && slot_take(c->slot, stanza))
        return;
    int r = cut ? MUC_ERR_TOO_BIG : !rooms_may_serve(c->rooms) ? MUC_ERR_HOST : muc_dispatch(c->service, stanza, NULL);
    if (r == MUC_OK || r == MUC_INCOMPLETE)
        return;
    const char *from = muc_node_attr(stanza, "from"), *to = muc_node_attr(stanza, "to");
    log_line(r == MUC_ERR_NOMEM ? LOG_ERROR : LOG_DEBUG, "not taken: a stanza from %s to %s: %s",
             from ? from : "nobody", to ? to : "nobody",
             r == MUC_NOT_MINE ? "it is for another domain" : muc_strerror(r));
    refusal_send(c->stream, stanza, r);
}

static void on_batch(void *ud)
{
    struct component *c = ud;
    (void)rooms_commit(c->rooms);
}

/* ---- the connection --------------------------------------------------------------------------------------------- */

static void on_up(void *ud)
{
    struct component *c = ud;
    log_line(c->standing_by ? LOG_DEBUG : LOG_INFO, "connected to %s:%s as %s", c->config.host, c->config.port,
             c->config.domain.value);
    again_connected(c->service);
    ghosts_look(c->ghosts);
    if (!c->slot)
        rooms_watch(c->rooms, 1);
    else if (rooms_may_serve(c->rooms))
        slot_look(c->slot);
    else
        stream_again(c->stream, (int)c->config.standby_ms); /* a place is for who reaches the database */
}

static void on_slot(void *ud)
{
    struct component *c = ud;
    log_info("the server has a place for this process");
    c->standing_by = 0;
    rooms_watch(c->rooms, 1);
}

static void on_no_slot(void *ud)
{
    struct component *c = ud;
    if (!c->standing_by)
        log_info("the server has no place for this process: it stands by");
    c->standing_by = 1;
    stream_again(c->stream, (int)c->config.standby_ms);
}

static void on_wake(const char *jid, void *ud)
{
    struct component *c = ud;
    if (rooms_may_serve(c->rooms))
        (void)muc_room_load(c->service, jid, NULL);
}

static const slot_events slot_handlers = {on_slot, on_no_slot, on_wake};

/* A room that somebody is in, and whose process is gone. Only the server knows whose it is now. */
static void on_orphan(const char *jid, void *ud)
{
    struct component *c = ud;
    if (c->slot)
        slot_call(c->slot, jid);
    else
        on_wake(jid, c);
}

static void on_restored(muc_room *room, void *ud)
{
    struct component *c = ud;
    ghosts_look_in(c->ghosts, room);
}

/* Those who were in a room when the program ended last may have left since. */
static void on_awake(void *ud)
{
    struct component *c = ud;
    if (stream_is_up(c->stream))
        ghosts_look(c->ghosts);
}

/* When others have the rooms by now there is nothing to be saved, and nothing more to be said. */
static void on_broken(int status, void *ud)
{
    struct component *c = ud;
    if (status != EXIT_IN_USE) {
        component_end(c, status);
        return;
    }
    c->ending = 1;
    c->status = status;
    event_base_loopbreak(c->base);
}

static void note_unsaved(void)
{
    log_error("not everything is saved: what was not is what nobody has been told");
}

/* Now that nobody waits for the disk any more. */
static void on_saved(int status, void *ud)
{
    struct component *c = ud;
    c->saved = 1;
    c->status = status ? status : c->wanted;
    if (status)
        note_unsaved();
    if (c->over)
        event_base_loopbreak(c->base);
    else
        stream_end(c->stream);
}

static const rooms_events rooms_handlers = {on_awake, on_restored, on_orphan, on_broken, on_saved};

/* Rooms and who is in them stay: when the server is back, those who are not are found (ghosts.h). But where processes
 * share them another one may have their slot from now on. */
static void on_down(int was_up, void *ud)
{
    struct component *c = ud;
    ghosts_stop(c->ghosts);
    if (c->slot)
        slot_stop(c->slot);
    if (was_up)
        log_line(c->standing_by ? LOG_DEBUG : LOG_INFO, "disconnected from %s:%s", c->config.host, c->config.port);
    int r = c->ending ? 0 : rooms_leave(c->rooms);
    if (r)
        on_broken(r, c);
    if (c->config.once)
        component_end(c, EXIT_UNREACHABLE);
}

static void on_over(int status, void *ud)
{
    struct component *c = ud;
    c->over = 1;
    if (!c->ending)
        component_end(c, status);
    else if (c->saved)
        event_base_loopbreak(c->base);
}

static const stream_events stream_handlers = {on_up, on_stanza, on_batch, on_down, on_over};

/* ---- time ------------------------------------------------------------------------------------------------------- */

/* Nothing that happens by itself is lost on a server that is away: it waits. */
static void on_sweep(evutil_socket_t fd, short what, void *ud)
{
    struct component *c = ud;
    (void)fd;
    (void)what;
    int64_t now = on_now(c), next = now + SWEEP_AT_LEAST, wanted = next;
    if (stream_is_up(c->stream) && rooms_may_serve(c->rooms)) {
        (void)muc_service_sweep(c->service, &wanted);
        (void)rooms_commit(c->rooms);
    }
    next = wanted < next ? wanted : next;
    int64_t wait = next > now ? next - now : 0;
    struct timeval t = {wait / 1000, wait % 1000 * 1000};
    evtimer_add(c->sweep, &t);
}

/* ---- life ------------------------------------------------------------------------------------------------------- */

static stream_config stream_config_of(const struct component *c)
{
    const muc_settings *settings = muc_service_settings(c->service);
    return (stream_config){
        .domain = c->config.domain.value,
        .host = c->config.host,
        .port = c->config.port,
        .secret = c->secret,
        .max_element = settings->max_stanza,
        .max_depth = settings->max_depth,
        .max_queued = c->config.queued,
    };
}

/* Where several processes share the domain, whoever is asked as the service would take rooms that are sent to others:
 * there are no commands for that. */
static int join_features(struct component *c, muc_settings *settings)
{
    static const muc_feature *const own[] = {&again, NULL};
    const muc_feature *const *lists[] = {muc_features_full(), own, settings->extra_features, loaded_features()};
    size_t n = 0;
    free(c->features);
    c->features = NULL;
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++)
        for (const muc_feature *const *f = lists[i]; f && *f; f++) {
            const muc_feature **more = realloc(c->features, (n + 2) * sizeof *more);
            if (!more)
                return MUC_ERR_NOMEM;
            c->features = more;
            if (*f != &muc_feature_service_commands || !c->config.standby_ms)
                more[n++] = *f;
            more[n] = NULL;
        }
    settings->features = c->features;
    settings->extra_features = NULL;
    return MUC_OK;
}

/* Everything that the service is made and configured with. *defaults is to be freed behind that. */
static int gather(struct component *c, muc_settings *settings, muc_callbacks *callbacks, muc_option_value **defaults)
{
    muc_settings_init(settings, sizeof *settings);
    muc_callbacks_init(callbacks, sizeof *callbacks);
    callbacks->now = on_now;
    callbacks->random = on_random;
    callbacks->is_admin = on_is_admin;
    callbacks->send = on_send;
    rooms_callbacks(c->rooms, callbacks, settings);
    int r = join_features(c, settings);
    return r == MUC_OK && config_apply(&c->config, settings, defaults) < 0 ? MUC_ERR_NOMEM : r;
}

static int make_service(struct component *c)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_option_value *defaults = NULL;
    int r = gather(c, &settings, &callbacks, &defaults);
    if (r == MUC_OK)
        r = muc_service_new(&c->service, &settings, &callbacks, NULL, c);
    free(defaults);
    if (r == MUC_OK)
        return 0;
    log_error("the service cannot be made: %s", muc_strerror(r));
    return r == MUC_ERR_NOMEM || r == MUC_ERR_HOST ? EXIT_SOFTWARE : EXIT_CONFIG;
}

int component_open(struct component *c)
{
    if (!(c->secret = config_secret(&c->config)))
        return EXIT_CONFIG;
    struct rooms_config rooms = {
        .domain = c->config.domain.value, .db = c->config.db.value, .lease = c->config.lease_ms};
    int r = rooms_open(&c->rooms, &rooms, c->base);
    if (r == 0)
        r = make_service(c);
    if (r)
        return r;
    rooms_attach(c->rooms, c->service, &rooms_handlers, c);
    stream_config stream = stream_config_of(c);
    c->stream = stream_new(c->base, &stream, &stream_handlers, c);
    c->ghosts = ghosts_new(c->base, c->service);
    c->sweep = evtimer_new(c->base, on_sweep, c);
    if (c->stream && c->config.standby_ms)
        c->slot = slot_new(c->base, c->stream, c->config.domain.value, &slot_handlers, c);
    if (c->stream && c->ghosts && c->sweep && (c->slot || !c->config.standby_ms))
        return 0;
    log_error("no memory to begin with");
    return EXIT_SOFTWARE;
}

void component_start(struct component *c)
{
    stream_start(c->stream);
    on_sweep(-1, 0, c);
}

/* What only a start can change stays, the same string, which others have; `next` gets the new one. */
static void keep(const char *name, config_item *now, config_item *next)
{
    const char *value = now->value ? now->value : "unset";
    if (strcmp(value, next->value ? next->value : "unset") != 0)
        log_warning("%s: %s stays %s until the program is started anew", next->where ? next->where : "configuration",
                    name, value);
    config_item kept = *now;
    *now = *next;
    *next = kept;
}

static void note_objects(const config_list *now, const config_list *next)
{
    int same = now->count == next->count;
    for (size_t i = 0; same && i < now->count; i++)
        same = strcmp(now->item[i].value, next->item[i].value) == 0;
    if (!same)
        log_warning("the features of load stay what they were until the program is started anew");
}

static void note_numbers(const struct component *c, const muc_settings *wanted)
{
    const char *name;
    const muc_settings *now = muc_service_settings(c->service);
    for (size_t i = 0; (name = numbers_name(i)); i++)
        if (numbers_get(now, i) != numbers_get(wanted, i))
            log_warning("set %s stays %lld until the program is started anew", name, (long long)numbers_get(now, i));
}

int component_configure(struct component *c, struct config *next)
{
    char *secret = config_secret(next);
    if (!secret)
        return EXIT_CONFIG;
    keep("domain", &c->config.domain, &next->domain);
    keep("db", &c->config.db, &next->db);
    keep("standby", &c->config.standby, &next->standby);
    keep("lease", &c->config.lease, &next->lease);
    note_objects(&c->config.objects, &next->objects);
    struct config before = c->config;
    c->config = *next;
    *next = before;
    free(c->secret);
    c->secret = secret;

    muc_settings settings;
    muc_callbacks callbacks;
    muc_option_value *defaults = NULL;
    int r = gather(c, &settings, &callbacks, &defaults);
    if (r == MUC_OK)
        r = muc_service_configure(c->service, &settings);
    free(defaults);
    if (r != MUC_OK)
        log_error("the service keeps the settings that it had: %s", muc_strerror(r));
    else
        note_numbers(c, &settings);
    stream_config stream = stream_config_of(c);
    stream_configure(c->stream, &stream);
    return 0;
}

void component_end(struct component *c, int status)
{
    if (c->ending)
        return;
    c->ending = 1;
    c->wanted = status;
    c->status = EXIT_STORAGE;
    ghosts_stop(c->ghosts);
    evtimer_del(c->sweep);
    stream_hush(c->stream);
    rooms_drain(c->rooms);
}

void component_leave(struct component *c)
{
    if (!c->saved)
        note_unsaved();
    event_base_loopbreak(c->base);
}

void component_close(struct component *c)
{
    ghosts_free(c->ghosts);
    slot_free(c->slot);
    muc_service_free(c->service);
    rooms_close(c->rooms);
    stream_free(c->stream);
    if (c->sweep)
        event_free(c->sweep);
    free(c->secret);
    free(c->features);
}
