/* nick.c: what people may call themselves, and finding out what they should (XEP-0045 sections 7.2.2, 7.6, 7.10, 7.12).
 *
 * Who has a nickname reserved may be held to it. He is then renamed rather than refused when he enters, with every
 * client of his, so that all of them are one occupant. */
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/option.h>
#include <muc/property.h>

#include <stddef.h>
#include <string.h>

enum { ALLOW_CHANGE, ALLOW_VISITORS, ENFORCE };

static const muc_option options[] = {
    [ALLOW_CHANGE] = {.name = "allow_nick_change",
                      .type = MUC_OPTION_FLAG,
                      .field = "x-muc#roomconfig_canchangenick",
                      .label = "Occupants may change their nicknames",
                      .rank = MUC_RANK_PERMISSIONS + 50,
                      .initial = "1"},
    [ALLOW_VISITORS] = {.name = "allow_visitor_nickchange",
                        .type = MUC_OPTION_FLAG,
                        .field = "muc#roomconfig_allowvisitornickchange",
                        .label = "Visitors may change their nicknames",
                        .rank = MUC_RANK_PERMISSIONS + 51,
                        .initial = "1"},
    [ENFORCE] = {.name = "enforce_registered_nick",
                 .type = MUC_OPTION_FLAG,
                 .field = "x-muc#roomconfig_reservednick",
                 .label = "Who has a reserved nickname goes by no other",
                 .rank = MUC_RANK_PERMISSIONS + 52},
    {.name = NULL},
};

/* The nickname reserved for a bare or full JID, or NULL. */
static const char *reserved_for(muc_room *room, const char *jid)
{
    muc_affiliation_entry entry;
    return jid && muc_affiliation_find(room, jid, &entry) ? entry.nick : NULL;
}

/* The only one that he may have, NULL: he is free. */
static const char *bound_to(muc_room *room, const char *jid)
{
    return muc_room_get_enforce_registered_nick(room) ? reserved_for(room, jid) : NULL;
}

/* ---- entering and renaming -------------------------------------------------------------------------------------- */

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const char *nick = bound_to(ev->room, ev->as.join->jid);
    if (!nick || strcmp(nick, ev->as.join->nick) == 0)
        return MUC_PASS;
    int r = muc_join_set_nick(ev, nick);
    return r < 0 ? muc_reject_result(ev, r) : MUC_PASS;
}

static int on_pre_rename(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (!muc_room_get_allow_nick_change(ev->room))
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, "Nicknames cannot be changed here");
    if (join->role == MUC_ROLE_VISITOR && !muc_room_get_allow_visitor_nickchange(ev->room))
        return muc_reject(ev, MUC_NOT_ALLOWED, "Visitors cannot change their nicknames here");
    const char *nick = bound_to(ev->room, join->jid);
    if (nick && strcmp(nick, join->nick) != 0)
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, "You have registered another nickname");
    return MUC_PASS;
}

/* Who registers while he is inside is called by his new name; of several that he has there, the first changes. */
static int on_register(muc_event *ev, void *ud)
{
    (void)ud;
    const char *nick = bound_to(ev->room, ev->as.registration->jid);
    muc_occupant *o = muc_occupant_next_of(ev->room, ev->as.registration->jid, NULL);
    if (!nick || !o || muc_occupant_by_nick(ev->room, nick))
        return MUC_PASS;
    int r = muc_occupant_set_nick(o, nick);
    return r < 0 ? r : MUC_PASS;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static int on_roomuser_item(muc_event *ev, void *ud)
{
    (void)ud;
    muc_disco_event *disco = ev->as.disco;
    if (!ev->room)
        return MUC_PASS;
    disco->known = 1;
    const char *nick = reserved_for(ev->room, ev->from);
    if (!nick)
        return MUC_PASS;
    muc_xml_open(disco->out, "identity", NULL);
    muc_xml_attr(disco->out, "category", "conference");
    muc_xml_attr(disco->out, "type", "text");
    muc_xml_attr(disco->out, "name", nick);
    muc_xml_close(disco->out);
    return MUC_PASS;
}

/* Before anybody counts newcomers, and after all who ask who it is: under another name he may be no newcomer. */
static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_MAX_USERS + 5, on_pre_join},
    {MUC_ON_PRE_RENAME, NULL, MUC_PRIORITY_ACCESS, on_pre_rename},
    {MUC_ON_REGISTER_SET, NULL, MUC_PRIORITY_EFFECT, on_register},
    {MUC_ON_DISCO_INFO, "x-roomuser-item", MUC_PRIORITY_DEFAULT, on_roomuser_item},
    {.fn = NULL},
};

const muc_feature muc_feature_nick = {.name = "nick", .hooks = hooks, .options = options};

/* ---- properties ------------------------------------------------------------------------------------------------- */

int muc_room_get_allow_nick_change(const muc_room *room)
{
    return muc_room_get_number(room, &options[ALLOW_CHANGE]) != 0;
}

int muc_room_set_allow_nick_change(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ALLOW_CHANGE], on != 0);
}

int muc_room_get_allow_visitor_nickchange(const muc_room *room)
{
    return muc_room_get_number(room, &options[ALLOW_VISITORS]) != 0;
}

int muc_room_set_allow_visitor_nickchange(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ALLOW_VISITORS], on != 0);
}

int muc_room_get_enforce_registered_nick(const muc_room *room)
{
    return muc_room_get_number(room, &options[ENFORCE]) != 0;
}

int muc_room_set_enforce_registered_nick(muc_room *room, int on)
{
    return muc_room_set_number(room, &options[ENFORCE], on != 0);
}
