/* evict.c: persistent rooms that nobody uses leave memory; room_wanted brings them back. */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

/* Rooms are looked at in their order, so many for each thing that may be done, again and again in four parts of the
 * time after which they go. */
enum { LOOKS = 100, PARTS = 4 };

typedef struct progress {
    int64_t again; /* when the next walk begins */
    char at[];     /* the room that comes next; "": the first */
} progress;

static int remember(muc_service *service, int64_t again, const muc_room *at)
{
    const char *jid = at ? muc_room_jid(at) : "";
    progress *p = muc_feature_service_data(service, &muc_feature_evict);
    p = muc_service_resize(service, p, sizeof *p + strlen(jid) + 1);
    if (!p)
        return MUC_ERR_NOMEM;
    p->again = again;
    memcpy(p->at, jid, strlen(jid) + 1);
    return muc_feature_set_service_data(service, &muc_feature_evict, p);
}

/* Whether nobody is there who would miss it. One that waits for its owner to configure it has a time of its own. */
static int is_left(muc_room *room)
{
    int owners_go = muc_service_settings(muc_room_service(room))->evict_owners && !muc_room_awaits_config(room);
    muc_occupant *o = NULL;
    while ((o = muc_occupant_next(room, o)))
        if (!owners_go || muc_occupant_affiliation(o) != MUC_AFFILIATION_OWNER)
            return 0;
    return 1;
}

/* That owners go is a transaction of its own, which the store is told of before the room is out of memory. */
static int evict(muc_room *room, muc_sweep_event *sweep)
{
    int r = muc_occupant_count(room) ? muc_room_clear(room, 0, "nobody else is here") : MUC_OK;
    if (r == MUC_OK)
        r = muc_room_evict(room);
    if (r == MUC_OK)
        sweep->work--;
    return r == MUC_ERR_NOMEM ? r : MUC_PASS;
}

static int on_sweep(muc_event *ev, void *ud)
{
    (void)ud;
    muc_service *service = ev->service;
    muc_sweep_event *sweep = ev->as.sweep;
    int64_t after = muc_service_settings(service)->evict_after;
    const progress *p = muc_feature_service_data(service, &muc_feature_evict);
    if (after <= 0)
        return MUC_PASS;
    after *= 1000;
    if (p && !*p->at && sweep->now < p->again) {
        sweep->next = p->again < sweep->next ? p->again : sweep->next;
        return MUC_PASS;
    }
    /* A room that is not there any more sends the walk back to the start. */
    muc_room *room = p && *p->at ? muc_room_find(service, p->at) : NULL, *next;
    room = room ? room : muc_room_next(service, NULL);
    size_t looks = sweep->work * LOOKS;
    int r = MUC_PASS;
    for (; room && looks > 0 && sweep->work > 0 && !r; room = next, looks--) {
        next = muc_room_next(service, room);
        if (muc_room_used(room) + after <= sweep->now && muc_room_get_persistent(room) && is_left(room))
            r = evict(room, sweep);
    }
    int64_t again = room ? sweep->now : sweep->now + after / PARTS;
    sweep->next = again < sweep->next ? again : sweep->next;
    return r ? r : remember(service, again, room);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_SWEEP, NULL, MUC_PRIORITY_LAST, on_sweep},
    {.fn = NULL},
};

static void service_free(muc_service *service, void *data)
{
    muc_service_release(service, data);
}

const muc_feature muc_feature_evict = {
    .name = "evict",
    .hooks = hooks,
    .service_free = service_free,
};
