/* lock.c: a new room waits until its creator has configured it (XEP-0045 sections 7.2.10 and 10.1). */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* A room that the host makes is open at once. */
static int on_pre_create(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->stanza)
        ev->as.create->locked = muc_service_settings(ev->service)->lock_new_rooms != 0;
    return MUC_PASS;
}

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (!ev->room || !muc_room_is_locked(ev->room) || join->new_room || join->resync ||
        join->affiliation == MUC_AFFILIATION_OWNER || muc_service_is_admin(ev->service, join->jid))
        return MUC_PASS;
    return muc_reject_as(ev, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
}

/* Whether nobody who could configure the room is left when this session goes. */
static int is_last_owner(muc_room *room, muc_occupant *leaver)
{
    if (muc_occupant_affiliation(leaver) != MUC_AFFILIATION_OWNER ||
        muc_session_next(leaver, muc_session_next(leaver, NULL)))
        return 0;
    muc_occupant *o = NULL;
    while ((o = muc_occupant_next(room, o)))
        if (o != leaver && muc_occupant_affiliation(o) == MUC_AFFILIATION_OWNER)
            return 0;
    return 1;
}

/* The owner who gives up is told that the room is gone, not just that he left it. */
static int on_presence(muc_event *ev, void *ud)
{
    (void)ud;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!ev->room || !ev->occupant || !type || strcmp(type, "unavailable") != 0 || !muc_room_is_locked(ev->room) ||
        !is_last_owner(ev->room, ev->occupant))
        return MUC_PASS;
    int r = muc_room_destroy(ev->room, NULL, NULL, NULL);
    if (r == MUC_ERR_REJECTED)
        return MUC_PASS;
    return r < 0 ? r : MUC_STOP;
}

/* His connection was lost. */
static int on_empty(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_room_is_locked(ev->room))
        return MUC_PASS;
    int r = muc_room_destroy(ev->room, NULL, NULL, NULL);
    if (r == MUC_ERR_REJECTED)
        return MUC_PASS;
    return r < 0 ? r : MUC_STOP;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_CREATE, NULL, MUC_PRIORITY_DEFAULT, on_pre_create},
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_LOCK, on_pre_join},
    {MUC_ON_PRESENCE, NULL, MUC_PRIORITY_DEFAULT, on_presence},
    {MUC_ON_EMPTY, NULL, MUC_PRIORITY_DEFAULT, on_empty},
    {.fn = NULL},
};

const muc_feature muc_feature_lock = {.name = "lock", .hooks = hooks};
