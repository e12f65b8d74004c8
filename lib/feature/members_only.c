/* members_only.c: rooms that only members may enter (XEP-0045 sections 7.2.6, 9.4, 9.5 and 10.2). */
#include <muc/feature.h>
#include <muc/invite.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>

enum { STATUS_MEMBERS_ONLY_NOW = 322 };

static const muc_option options[] = {
    {.name = "members_only",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_membersonly",
     .label = "Only members may enter",
     .rank = MUC_RANK_ACCESS,
     .info_on = "muc_membersonly",
     .info_off = "muc_open"},
    {.name = NULL},
};

/* Those who administer the service may be in every room. */
static int admitted(const muc_event *ev, muc_affiliation affiliation, const char *jid)
{
    return affiliation >= MUC_AFFILIATION_MEMBER || !muc_room_get_members_only(ev->room) ||
           (jid && muc_service_is_admin(ev->service, jid));
}

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (join->resync || admitted(ev, join->affiliation, join->jid))
        return MUC_PASS;
    return muc_reject(ev, MUC_REGISTRATION_REQUIRED, NULL);
}

/* Also asked when somebody inside loses his membership. */
static int on_default_role(muc_event *ev, void *ud)
{
    (void)ud;
    muc_role_event *role = ev->as.role;
    if (!admitted(ev, role->affiliation, role->jid))
        role->role = MUC_ROLE_NONE;
    return MUC_PASS;
}

static int is_stranger(muc_occupant *o, void *ev)
{
    return !admitted(ev, muc_occupant_affiliation(o), muc_occupant_bare_jid(o));
}

static int on_effect(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_event_changes(ev, options))
        return MUC_PASS;
    int r = muc_room_remove_occupants(ev->room, is_stranger, ev, STATUS_MEMBERS_ONLY_NOW, NULL);
    return r < 0 ? r : MUC_PASS;
}

/* ---- invitations ------------------------------------------------------------------------------------------------ */

/* Who becomes a member of such a room hears of it (section 9.5), unless the service itself does it: nobody invites
 * then. That a handler refuses the invitation makes him no less a member. */
static int on_affiliation_set(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_affiliation_event *change = ev->as.affiliation;
    if (!ev->from || change->affiliation != MUC_AFFILIATION_MEMBER || change->former != MUC_AFFILIATION_NONE ||
        !muc_room_get_members_only(ev->room) || !muc_service_settings(ev->service)->invite_new_members ||
        muc_occupant_next_of(ev->room, change->jid, NULL))
        return MUC_PASS;
    const muc_invitation invitation = {.to = change->jid, .reason = change->reason, .stanza = ev->stanza};
    int r = muc_room_invite(ev->room, ev->from, &invitation, 1);
    return r == MUC_ERR_REJECTED || r == MUC_ERR_NOT_FOUND ? MUC_PASS : r;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_MEMBERS_ONLY, on_pre_join},
    {MUC_ON_DEFAULT_ROLE, NULL, MUC_PRIORITY_EFFECT, on_default_role},
    {MUC_ON_CONFIG_EFFECT, NULL, MUC_PRIORITY_EFFECT, on_effect},
    {MUC_ON_AFFILIATION_SET, NULL, MUC_PRIORITY_EFFECT, on_affiliation_set},
    {.fn = NULL},
};

const muc_feature muc_feature_members_only = {
    .name = "members-only",
    .hooks = hooks,
    .options = options,
};

int muc_room_get_members_only(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_members_only(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
