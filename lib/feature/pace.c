/* pace.c: how fast an occupant may talk and change his presence (XEP-0045 section 14.6).
 *
 * Whoever is too fast is refused, and nothing is held back or put into another order. What is kept is when somebody may
 * go on, and only as long as that is to come: a table of bounded size, by a keyed sum of room and real JID. Where it is
 * full, who may go on soonest is forgotten. */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stdbool.h>
#include <string.h>

/* A record is at its home or one of the next places. */
enum { REACH = 16, LEAST = 64, MOST = 65536 };

typedef struct record {
    uint64_t who;
    int64_t free_at; /* the place is free from then on */
} record;

typedef struct table {
    uint64_t secret;
    size_t cap; /* a power of two */
    record records[];
} table;

/* ---- who -------------------------------------------------------------------------------------------------------- */

static uint64_t mix(uint64_t h, const char *p)
{
    for (; *p; p++) {
        h = (h ^ (unsigned char)*p) * UINT64_C(0x9fb21c651e98df25);
        h ^= h >> 28;
    }
    return h;
}

/* kind: what is counted apart. */
static uint64_t sum(const table *t, const muc_event *ev, uint64_t kind)
{
    return mix(mix(t->secret + kind, ev->from) ^ t->secret, muc_room_jid(ev->room));
}

static record *place_of(table *t, uint64_t who, int64_t now)
{
    record *best = NULL;
    for (size_t i = 0; i < REACH; i++) {
        record *r = &t->records[(who + i) & (t->cap - 1)];
        if (r->who == who && r->free_at > now)
            return r;
        if (!best || r->free_at < best->free_at)
            best = r;
    }
    return best;
}

/* ---- the table -------------------------------------------------------------------------------------------------- */

static table *make(muc_service *service, size_t cap, uint64_t secret)
{
    table *t = muc_service_alloc(service, sizeof *t + cap * sizeof *t->records);
    if (!t)
        return NULL;
    memset(t, 0, sizeof *t + cap * sizeof *t->records);
    t->secret = secret;
    t->cap = cap;
    if (muc_feature_set_service_data(service, &muc_feature_pace, t) == MUC_OK)
        return t;
    muc_service_release(service, t);
    return NULL;
}

static table *grow(muc_service *service, table *old, int64_t now)
{
    table *t = make(service, old->cap * 2, old->secret);
    for (size_t i = 0; t && i < old->cap; i++)
        if (old->records[i].free_at > now)
            *place_of(t, old->records[i].who, now) = old->records[i];
    if (t)
        muc_service_release(service, old);
    return t;
}

static table *table_of(muc_service *service)
{
    table *t = muc_feature_service_data(service, &muc_feature_pace);
    uint64_t secret;
    if (t || muc_service_random(service, (uint8_t *)&secret, sizeof secret) < 0)
        return t;
    return make(service, LEAST, secret);
}

/* ---- deciding, counting ----------------------------------------------------------------------------------------- */

/* Whether he may go on: what he was accepted with before takes `interval` each, and so many may come at once. */
static int ask(muc_event *ev, uint64_t kind, int64_t interval)
{
    table *t = interval > 0 ? muc_feature_service_data(ev->service, &muc_feature_pace) : NULL;
    if (!t)
        return MUC_PASS;
    int64_t now = muc_service_now(ev->service), burst = muc_service_settings(ev->service)->pace_burst;
    uint64_t who = sum(t, ev, kind);
    const record *r = place_of(t, who, now);
    if (r->who != who || r->free_at <= now + (burst - 1) * interval || muc_service_is_admin(ev->service, ev->from))
        return MUC_PASS;
    return muc_reject_as(ev, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "too fast");
}

static int count(muc_event *ev, uint64_t kind, int64_t interval)
{
    if (interval <= 0 || !ev->from)
        return MUC_PASS;
    table *t = table_of(ev->service);
    if (!t)
        return MUC_ERR_NOMEM;
    int64_t now = muc_service_now(ev->service);
    uint64_t who = sum(t, ev, kind);
    record *r = place_of(t, who, now);
    while (r->free_at > now && r->who != who && t->cap < MOST) {
        t = grow(ev->service, t, now);
        if (!t)
            return MUC_ERR_NOMEM;
        r = place_of(t, who, now);
    }
    bool known = r->who == who && r->free_at > now;
    *r = (record){who, (known ? r->free_at : now) + interval};
    return MUC_PASS;
}

enum { TALK, PRESENCE };

static int on_groupchat(muc_event *ev, void *ud)
{
    (void)ud;
    return ask(ev, TALK, muc_service_settings(ev->service)->min_message_interval_ms);
}

static int on_said(muc_event *ev, void *ud)
{
    (void)ud;
    return count(ev, TALK, muc_service_settings(ev->service)->min_message_interval_ms);
}

static int on_pre_update(muc_event *ev, void *ud)
{
    (void)ud;
    return ask(ev, PRESENCE, muc_service_settings(ev->service)->min_presence_interval_ms);
}

static int on_updated(muc_event *ev, void *ud)
{
    (void)ud;
    return count(ev, PRESENCE, muc_service_settings(ev->service)->min_presence_interval_ms);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_GROUPCHAT, NULL, MUC_PRIORITY_ACCESS, on_groupchat},
    {MUC_ON_SAID, NULL, MUC_PRIORITY_EFFECT, on_said},
    {MUC_ON_PRE_UPDATE, NULL, MUC_PRIORITY_ACCESS, on_pre_update},
    {MUC_ON_PRE_RENAME, NULL, MUC_PRIORITY_ACCESS, on_pre_update},
    {MUC_ON_UPDATED, NULL, MUC_PRIORITY_EFFECT, on_updated},
    {.fn = NULL},
};

static void service_free(muc_service *service, void *data)
{
    muc_service_release(service, data);
}

const muc_feature muc_feature_pace = {
    .name = "pace",
    .hooks = hooks,
    .service_free = service_free,
};
