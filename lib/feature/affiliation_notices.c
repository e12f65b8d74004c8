/* affiliation_notices.c: messages about changed affiliations of those who are not in the room: to those who are
 * (XEP-0045 sections 10.3, 10.6 and 10.7), and to himself (section 18.1, code 101). */
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/room.h>

#include <string.h>

enum { STATUS_CHANGED_WHILE_ABSENT = 101 };
enum { ALL, HIMSELF };

static const muc_option options[] = {
    [ALL] = {.name = "affiliation_notices",
             .type = MUC_OPTION_FLAG,
             .field = "{urn:libmuc:roomconfig}affiliation_notices",
             .label = "Those who see real addresses are told of changed affiliations of those who are not here",
             .rank = MUC_RANK_PERMISSIONS + 60},
    [HIMSELF] = {.name = "affiliation_notices_to_absent",
                 .type = MUC_OPTION_FLAG,
                 .field = "{urn:libmuc:roomconfig}affiliation_notices_to_absent",
                 .label = "Who is not here is told himself that his affiliation has changed",
                 .rank = MUC_RANK_PERMISSIONS + 61},
    {.name = NULL},
};

/* Who he is, is for those alone who may see real JIDs. */
static int tell_room(muc_event *ev)
{
    const muc_affiliation_event *change = ev->as.affiliation;
    muc_roles to = muc_room_get_whois(ev->room) < MUC_ROLE_MODERATOR ? MUC_EVERYONE : MUC_MODERATORS;
    muc_xml *x = muc_xml_new(ev->service, "message");
    muc_xml_open(x, "x", MUC_NS_USER);
    muc_xml_open(x, "item", NULL);
    muc_xml_attr(x, "affiliation", muc_affiliation_name(change->affiliation));
    muc_xml_attr(x, "jid", change->jid);
    muc_xml_attr(x, "role", muc_role_name(MUC_ROLE_NONE));
    muc_xml_close(x);
    muc_xml_close(x);
    return muc_room_broadcast(ev->room, x, to);
}

static int tell_him(muc_event *ev)
{
    muc_xml *x = muc_xml_new(ev->service, "message");
    muc_xml_open(x, "x", MUC_NS_USER);
    muc_xml_open(x, "status", NULL);
    muc_xml_attr_number(x, "code", STATUS_CHANGED_WHILE_ABSENT);
    muc_xml_close(x);
    muc_xml_close(x);
    return muc_room_route(ev->room, x, ev->as.affiliation->jid);
}

static int on_affiliation_set(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->as.affiliation->present)
        return MUC_PASS;
    int r = muc_room_get_affiliation_notices(ev->room) ? tell_room(ev) : MUC_OK;
    /* A domain is nobody who could be told. */
    if (r >= 0 && strchr(ev->as.affiliation->jid, '@') && muc_room_get_affiliation_notices_to_absent(ev->room))
        r = tell_him(ev);
    return r < 0 ? r : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_AFFILIATION_SET, NULL, MUC_PRIORITY_EFFECT, on_affiliation_set},
    {.fn = NULL},
};

const muc_feature muc_feature_affiliation_notices = {.name = "affiliation-notices", .hooks = hooks, .options = options};

int muc_room_get_affiliation_notices(const muc_room *room)
{
    return muc_room_get_number(room, &options[ALL]) != 0;
}

int muc_room_set_affiliation_notices(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ALL], on != 0);
}

int muc_room_get_affiliation_notices_to_absent(const muc_room *room)
{
    return muc_room_get_number(room, &options[HIMSELF]) != 0;
}

int muc_room_set_affiliation_notices_to_absent(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[HIMSELF], on != 0);
}
