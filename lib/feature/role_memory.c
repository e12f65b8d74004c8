/* role_memory.c: in a moderated room, voice that was granted or revoked outlasts the visit (XEP-0045 section 5.1).
 *
 * By the bare JID, as long as its affiliation stays what it was; a kick forgets it. */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/property.h>
#include <muc/record.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

#define OWNER "role-memory"
enum { ROLE, AFFILIATION, JID_SIZE = 2048 };

static int remembers(const muc_room *room)
{
    const muc_settings *settings = muc_service_settings(muc_room_service(room));
    return settings->role_memory && (settings->role_memory_everywhere || muc_room_get_moderated(room));
}

/* The bare JID of a real one as it is compared. 1, or 0: it is none that could be kept. */
static int prepare(muc_service *service, const char *jid, char out[JID_SIZE])
{
    int n = muc_service_prepare(service, jid, out, JID_SIZE);
    if (n <= 0 || n >= JID_SIZE)
        return 0;
    out[strcspn(out, "/")] = '\0';
    return 1;
}

static int on_default_role(muc_event *ev, void *ud)
{
    (void)ud;
    muc_role_event *role = ev->as.role;
    char jid[JID_SIZE];
    muc_record record;
    if (role->role == MUC_ROLE_NONE || role->affiliation >= MUC_AFFILIATION_ADMIN || !role->jid ||
        !remembers(ev->room) || !prepare(ev->service, role->jid, jid) ||
        !muc_record_find(ev->room, OWNER, jid, &record) ||
        strcmp(record.text[AFFILIATION], muc_affiliation_name(role->affiliation)) != 0)
        return MUC_PASS;
    (void)muc_role_from_name(record.text[ROLE], &role->role);
    return MUC_PASS;
}

/* A moderator by role alone was given voice with it; the rest of that ends with the visit. */
static int on_role_set(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_role_event *role = ev->as.role;
    muc_service *service = ev->service;
    char jid[JID_SIZE];
    if (!prepare(service, muc_occupant_bare_jid(ev->occupant), jid))
        return MUC_PASS;
    if (role->role == MUC_ROLE_NONE)
        return muc_record_remove(ev->room, OWNER, jid);
    if (role->affiliation >= MUC_AFFILIATION_ADMIN)
        return MUC_PASS;
    /* What was granted or revoked before is not so any more. */
    if (!remembers(ev->room))
        return muc_record_remove(ev->room, OWNER, jid);
    muc_role kept = role->role == MUC_ROLE_VISITOR ? MUC_ROLE_VISITOR : MUC_ROLE_PARTICIPANT;
    int64_t seconds = muc_service_settings(service)->role_memory;
    muc_record record = {
        .key = jid,
        .text = {[ROLE] = muc_role_name(kept), [AFFILIATION] = muc_affiliation_name(role->affiliation)},
        .until = muc_service_now(service) + seconds * 1000};
    return muc_record_set(ev->room, OWNER, &record);
}

static int on_affiliation_set(muc_event *ev, void *ud)
{
    (void)ud;
    const char *jid = ev->as.affiliation->jid;
    return muc_record_find(ev->room, OWNER, jid, NULL) ? muc_record_remove(ev->room, OWNER, jid) : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_DEFAULT_ROLE, NULL, MUC_PRIORITY_EFFECT, on_default_role},
    {MUC_ON_ROLE_SET, NULL, MUC_PRIORITY_DEFAULT, on_role_set},
    {MUC_ON_AFFILIATION_SET, NULL, MUC_PRIORITY_DEFAULT, on_affiliation_set},
    {.fn = NULL},
};

const muc_feature muc_feature_role_memory = {.name = OWNER, .hooks = hooks};
