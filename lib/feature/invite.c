/* invite.c: who may invite to a room, and the invitations and declines that users send (XEP-0045 sections 7.8.2, 7.9
 * and 9.5). */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/invite.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

/* Everybody inside may invite to an open room, whatever the option says. */
static int told_of(const muc_room *room)
{
    return !muc_room_get_members_only(room) || muc_room_get_allow_member_invites(room);
}

static const muc_option options[] = {
    {.name = "allow_member_invites",
     .type = MUC_OPTION_FLAG,
     .field = "muc#roomconfig_allowinvites",
     .label = "Members may invite to a members-only room",
     .rank = MUC_RANK_ACCESS + 10,
     .info_field = "muc#roomconfig_allowinvites",
     .info = told_of},
    {.name = NULL},
};

/* ---- who may ---------------------------------------------------------------------------------------------------- */

static int on_pre_invite(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->from || muc_service_is_admin(ev->service, ev->from))
        return MUC_PASS;
    muc_affiliation affiliation = muc_affiliation_get(ev->room, ev->from);
    if (affiliation >= MUC_AFFILIATION_ADMIN)
        return MUC_PASS;
    if (!ev->occupant)
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, NULL);
    if (!muc_room_get_members_only(ev->room) ||
        (affiliation == MUC_AFFILIATION_MEMBER && muc_room_get_allow_member_invites(ev->room)))
        return MUC_PASS;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

/* By the room itself: who invites may be no more than a member. */
static int on_effect(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_invite_event *invite = ev->as.invite;
    if (invite->direct || !muc_room_get_members_only(ev->room) ||
        muc_affiliation_get(ev->room, invite->invitee) != MUC_AFFILIATION_NONE)
        return MUC_PASS;
    int r = muc_affiliation_set(ev->room, NULL, invite->invitee, MUC_AFFILIATION_MEMBER, NULL);
    return r < 0 ? r : MUC_PASS;
}

/* ---- what users send -------------------------------------------------------------------------------------------- */

/* The text of the reason in a node: a part of the tree, or *joined, which the caller releases. NULL: there is none. */
static const char *reason_in(muc_service *s, const xmlNode *node, char **joined)
{
    const xmlNode *reason = muc_node_child(node, "reason", MUC_NS_USER);
    const char *text = reason ? muc_node_text(reason) : NULL;
    if (!reason || text)
        return text;
    size_t n = muc_node_copy_text(reason, NULL, 0) + 1;
    *joined = muc_service_alloc(s, n);
    if (*joined)
        (void)muc_node_copy_text(reason, *joined, n);
    return *joined;
}

static int invite_all(muc_event *ev, const xmlNode *x, size_t count)
{
    muc_service *s = ev->service;
    size_t n = 0;
    muc_invitation *list = muc_service_alloc(s, count * sizeof *list);
    char **joined = muc_service_alloc(s, count * sizeof *joined);
    const xmlNode *node = list && joined ? muc_node_child(x, "invite", MUC_NS_USER) : NULL;
    for (; node; node = muc_node_next(node, "invite", MUC_NS_USER), n++) {
        const xmlNode *goes_on = muc_node_child(node, "continue", MUC_NS_USER);
        joined[n] = NULL;
        list[n] = (muc_invitation){.to = muc_node_attr(node, "to"),
                                   .reason = reason_in(s, node, &joined[n]),
                                   .continues = goes_on != NULL,
                                   .thread = goes_on ? muc_node_attr(goes_on, "thread") : NULL,
                                   .stanza = ev->stanza};
    }
    int r = list && joined ? muc_room_invite(ev->room, ev->from, list, n) : MUC_ERR_NOMEM;
    while (n > 0)
        muc_service_release(s, joined[--n]);
    muc_service_release(s, joined);
    muc_service_release(s, list);
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

/* Whom nobody invited is answered like everybody who is not inside. */
static int decline(muc_event *ev, const xmlNode *node)
{
    const char *to = muc_node_attr(node, "to");
    char *joined = NULL;
    const char *reason = reason_in(ev->service, node, &joined);
    int r = to ? muc_room_decline(ev->room, ev->from, to, reason, ev->stanza) : MUC_ERR_NOT_FOUND;
    muc_service_release(ev->service, joined);
    if (r == MUC_ERR_NOT_FOUND)
        return MUC_PASS;
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static size_t count_of(const xmlNode *x, const char *name)
{
    size_t n = 0;
    for (const xmlNode *node = muc_node_child(x, name, MUC_NS_USER); node;
         node = muc_node_next(node, name, MUC_NS_USER))
        n++;
    return n;
}

static int on_message(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->room || muc_event_nick(ev) || !muc_node_is_normal_message(ev->stanza))
        return MUC_PASS;
    const xmlNode *x = muc_node_child(ev->stanza, "x", MUC_NS_USER);
    size_t invites = count_of(x, "invite"), declines = count_of(x, "decline");
    int one = invites ? !declines : declines == 1;
    if (!one || muc_node_next(x, "x", MUC_NS_USER) || (invites && !ev->occupant))
        return MUC_PASS;
    if (declines)
        return decline(ev, muc_node_child(x, "decline", MUC_NS_USER));
    if (invites > muc_service_settings(ev->service)->max_invites)
        return muc_reject_as(ev, MUC_POLICY_VIOLATION, MUC_ERROR_MODIFY, "too many invitations in one message");
    return invite_all(ev, x, invites);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MESSAGE, "{" MUC_NS_USER "}x", MUC_PRIORITY_DEFAULT, on_message},
    {MUC_ON_PRE_INVITE, NULL, MUC_PRIORITY_ACCESS, on_pre_invite},
    {MUC_ON_INVITE_EFFECT, NULL, MUC_PRIORITY_EFFECT, on_effect},
    {.fn = NULL},
};

const muc_feature muc_feature_invite = {.name = "invite", .hooks = hooks, .options = options};

int muc_room_get_allow_member_invites(const muc_room *room)
{
    return muc_room_get_number(room, options) != 0;
}

int muc_room_set_allow_member_invites(muc_room *room, int on)
{
    return muc_room_set_number(room, options, on != 0);
}
