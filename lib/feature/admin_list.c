/* admin_list.c: who may read which list, and the lists (XEP-0045 sections 8.5, 9.2, 9.5, 9.8, 10.5, 10.8 and 17.4). */
#include <feature/admin.h>
#include <muc/affiliation.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/service.h>

#include <stddef.h>

/* An affiliation is looked for among the occupants as long as that takes no more comparisons than this in all. */
enum { MOST_COMPARISONS = 1000000 };

/* Bit i of the set is role i + 1. */
static const muc_choice roles[] = {
    {"visitor", "Visitors", 0},
    {"participant", "Participants", 0},
    {"moderator", "Moderators", 0},
    {NULL, NULL, 0},
};

const muc_option mu_admin_options[] = {
    {.name = "get_member_list",
     .type = MUC_OPTION_SET,
     .field = "muc#roomconfig_getmemberlist",
     .label = "Who may see the lists of members, admins and owners, where he may see real addresses",
     .rank = MUC_RANK_PERMISSIONS + 15,
     .choices = roles},
    {.name = NULL},
};

/* ---- who may read ----------------------------------------------------------------------------------------------- */

/* Lists are of real JIDs, and tell them to nobody who may not see those of the occupants (section 9.5). */
static int opened_to(const muc_event *ev)
{
    muc_role role = ev->occupant ? muc_occupant_role(ev->occupant) : MUC_ROLE_NONE;
    return role >= muc_room_get_whois(ev->room) && (muc_room_get_member_list_roles(ev->room) & 1u << role) != 0;
}

/* Where all see all JIDs, the lists tell members nothing new, and clients that encrypt for everybody need them. */
static int shares_lists(const muc_event *ev)
{
    return muc_room_get_whois(ev->room) < MUC_ROLE_MODERATOR &&
           muc_affiliation_get(ev->room, ev->from) >= MUC_AFFILIATION_MEMBER;
}

/* Who rules a room is for all of those inside to know. */
static int shares_rulers(const muc_event *ev)
{
    return shares_lists(ev) || (ev->occupant && muc_room_get_whois(ev->room) < MUC_ROLE_MODERATOR);
}

static int may_read(const muc_event *ev, const mu_item *item)
{
    if (item->about_role)
        return item->role == MUC_ROLE_MODERATOR ? mu_admin_of_affiliations(ev) : mu_admin_of_roles(ev);
    switch (item->affiliation) {
    case MUC_AFFILIATION_MEMBER:
        return mu_admin_of_affiliations(ev) || shares_lists(ev) || opened_to(ev);
    case MUC_AFFILIATION_ADMIN:
    case MUC_AFFILIATION_OWNER:
        return muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_OWNER ||
               muc_service_is_admin(ev->service, ev->from) || shares_rulers(ev) || opened_to(ev);
    default:
        return mu_admin_of_affiliations(ev);
    }
}

/* ---- what they hold --------------------------------------------------------------------------------------------- */

static void write_role(muc_event *ev, muc_role role, muc_xml *x)
{
    muc_occupant *o = NULL;
    while ((o = muc_occupant_next(ev->room, o))) {
        if (muc_occupant_role(o) != role)
            continue;
        muc_xml_open(x, "item", NULL);
        muc_xml_attr(x, "affiliation", muc_affiliation_name(muc_occupant_affiliation(o)));
        muc_xml_attr(x, "jid", muc_session_jid(muc_occupant_primary(o)));
        muc_xml_attr(x, "nick", muc_occupant_nick(o));
        muc_xml_attr(x, "role", muc_role_name(role));
        muc_xml_close(x);
    }
}

static const char *nick_in_room(muc_room *room, const char *bare_jid)
{
    const muc_occupant *o = muc_occupant_next_of(room, bare_jid, NULL);
    return o ? muc_occupant_nick(o) : NULL;
}

static void write_affiliation(muc_event *ev, muc_affiliation affiliation, muc_xml *x)
{
    size_t present = muc_occupant_count(ev->room);
    size_t lookups = present ? MOST_COMPARISONS / present : 0;
    size_t cursor = 0;
    muc_affiliation_entry entry;
    while (muc_affiliation_next(ev->room, &cursor, &entry)) {
        if (entry.affiliation != affiliation)
            continue;
        const char *nick = entry.nick;
        if (affiliation == MUC_AFFILIATION_OUTCAST) {
            nick = NULL;
        } else if (!nick && lookups > 0) {
            lookups--;
            nick = nick_in_room(ev->room, entry.jid);
        }
        muc_xml_open(x, "item", NULL);
        muc_xml_attr(x, "affiliation", muc_affiliation_name(affiliation));
        muc_xml_attr(x, "jid", entry.jid);
        muc_xml_attr(x, "nick", nick);
        if (entry.reason)
            muc_xml_leaf(x, "reason", entry.reason);
        muc_xml_close(x);
    }
}

int mu_admin_list(muc_event *ev, const mu_item *item)
{
    /* Those without role or affiliation are on no list. */
    if (item->about_role ? item->role == MUC_ROLE_NONE : item->affiliation == MUC_AFFILIATION_NONE)
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    if (!may_read(ev, item))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    muc_xml *x = muc_reply(ev, "query", MUC_NS_ADMIN);
    if (item->about_role)
        write_role(ev, item->role, x);
    else
        write_affiliation(ev, item->affiliation, x);
    return MUC_STOP;
}

muc_roles muc_room_get_member_list_roles(const muc_room *room)
{
    return (muc_roles)muc_room_get_number(room, mu_admin_options) << MUC_ROLE_VISITOR;
}

int muc_room_set_member_list_roles(muc_room *room, muc_roles roles_now)
{
    if (roles_now & ~MUC_EVERYONE)
        return MUC_ERR_INVALID;
    return muc_room_set_number(room, mu_admin_options, roles_now >> MUC_ROLE_VISITOR);
}
