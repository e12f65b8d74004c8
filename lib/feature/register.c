/* register.c: requests of users to register with a room, and to end that (XEP-0045 section 7.10, XEP-0077).
 *
 * Who may not register is told so before anything is looked at that would tell who has which nickname. */
#include <feature/register.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/property.h>
#include <muc/register.h>

#include <stddef.h>
#include <string.h>

#define NS_IQ_REGISTER "jabber:iq:register"

static const muc_choice choices[] = {
    [MUC_REGISTRATION_NONE] = {"none", "Nobody", 0},
    [MUC_REGISTRATION_AFFILIATED] = {"affiliated", "Members, admins and owners, a nickname", 0},
    [MUC_REGISTRATION_APPROVED] = {"approved", "Everybody whom an admin approves, as a member", 0},
    [MUC_REGISTRATION_ANYONE] = {"anyone", "Everybody, as a member", 0},
    {NULL, NULL, 0},
};

static const muc_option options[] = {
    {.name = "registration",
     .type = MUC_OPTION_CHOICE,
     .field = "{urn:libmuc:roomconfig}registration",
     .label = "Who may register with the room",
     .rank = MUC_RANK_ACCESS + 40,
     .initial = "affiliated",
     .choices = choices},
    {.name = NULL},
};

/* ---- get -------------------------------------------------------------------------------------------------------- */

static int show(muc_event *ev)
{
    muc_affiliation_entry entry;
    if (muc_affiliation_find(ev->room, ev->from, &entry) && entry.nick) {
        muc_xml *x = muc_reply(ev, "query", NS_IQ_REGISTER);
        muc_xml_leaf(x, "registered", NULL);
        muc_xml_leaf(x, "username", entry.nick);
        return MUC_STOP;
    }
    muc_form *form;
    int r = muc_register_form(ev->room, ev->from, &form);
    if (r < 0)
        return muc_reject_result(ev, r);
    static const char instructions[] = "Say what you want to be called in this room.";
    muc_xml *x = muc_reply(ev, "query", NS_IQ_REGISTER);
    muc_xml_leaf(x, "instructions", instructions);
    r = muc_form_write(form, x, "Registration", instructions);
    muc_form_free(form);
    return r < 0 ? r : MUC_STOP;
}

/* ---- set -------------------------------------------------------------------------------------------------------- */

static int done(muc_event *ev, int result)
{
    switch (result) {
    case MUC_ERR_BAD_JID:
    case MUC_ERR_INVALID:
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    case MUC_ERR_NOT_FOUND:
        return muc_reject(ev, MUC_REGISTRATION_REQUIRED, NULL);
    case MUC_ERR_LIMIT:
        return muc_reject_as(ev, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, NULL);
    default:
        if (result < 0)
            return muc_reject_result(ev, result);
        muc_reply(ev, NULL, NULL);
        return MUC_STOP;
    }
}

/* Who is something already needs nobody's leave for a nickname. */
static int needs_approval(const muc_event *ev)
{
    return muc_room_get_registration(ev->room) == MUC_REGISTRATION_APPROVED &&
           muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_NONE;
}

static int take(muc_event *ev, muc_form *form, const xmlNode *x)
{
    int r = muc_form_read(form, x, NULL);
    if (!r && !muc_form_submitted(form, MUC_REGISTER_NICK))
        r = MUC_ERR_INVALID;
    if (r < 0)
        return r;
    if (!needs_approval(ev))
        return muc_register_submit(ev->room, NULL, ev->from, form);
    r = muc_register_check(ev->room, NULL, ev->from, form);
    return r < 0 ? r : mu_register_ask(ev, form);
}

static int submit(muc_event *ev, const xmlNode *x)
{
    const char *type = muc_node_attr(x, "type");
    if (type && strcmp(type, "cancel") == 0)
        return done(ev, MUC_OK);
    muc_form *form;
    int r = muc_register_form(ev->room, ev->from, &form);
    if (r < 0)
        return muc_reject_result(ev, r);
    r = take(ev, form, x);
    muc_form_free(form);
    return done(ev, r);
}

static int resign(muc_event *ev)
{
    int r = muc_room_unregister(ev->room, NULL, ev->from);
    return done(ev, r == MUC_ERR_NOT_FOUND ? mu_register_withdraw(ev) : r);
}

/* What was shown beside the form may come back with it: the form counts (XEP-0077 sections 4 and 6). */
static int change(muc_event *ev, const xmlNode *query)
{
    const xmlNode *child = muc_node_child(query, NULL, NULL);
    if (child && !muc_node_next(child, NULL, NULL) && muc_node_is(child, "remove", NS_IQ_REGISTER))
        return resign(ev);
    const xmlNode *x = muc_node_child(query, "x", MUC_NS_DATA);
    if (!x || muc_node_next(x, "x", MUC_NS_DATA) || muc_node_child(query, "remove", NS_IQ_REGISTER))
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    return submit(ev, x);
}

static int on_query(muc_event *ev, void *ud)
{
    (void)ud;
    /* What a room does not offer is answered like anything unknown. */
    if (!ev->room || muc_event_nick(ev) || muc_room_get_registration(ev->room) == MUC_REGISTRATION_NONE)
        return MUC_PASS;
    muc_affiliation affiliation = muc_affiliation_get(ev->room, ev->from);
    if (affiliation == MUC_AFFILIATION_OUTCAST ||
        (affiliation == MUC_AFFILIATION_NONE && muc_room_get_registration(ev->room) == MUC_REGISTRATION_AFFILIATED))
        return muc_reject(ev, MUC_NOT_ALLOWED, NULL);
    const char *type = muc_node_attr(ev->stanza, "type");
    const xmlNode *query = muc_node_child(ev->stanza, "query", NS_IQ_REGISTER);
    return type && strcmp(type, "set") == 0 ? change(ev, query) : show(ev);
}

/* ---- the feature ------------------------------------------------------------------------------------------------ */

static int on_disco(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->room || muc_room_get_registration(ev->room) == MUC_REGISTRATION_NONE)
        return MUC_PASS;
    muc_disco_feature(ev, NS_IQ_REGISTER);
    muc_disco_feature(ev, MUC_NS_REGISTER);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" NS_IQ_REGISTER "}query", MUC_PRIORITY_DEFAULT, on_query},
    {MUC_ON_DISCO_INFO, "", MUC_PRIORITY_DEFAULT, on_disco},
    {MUC_ON_MESSAGE, "{" MUC_NS_DATA "}x", MUC_PRIORITY_DEFAULT, mu_register_on_message},
    {MUC_ON_ENTERED, NULL, MUC_PRIORITY_DEFAULT, mu_register_on_entered},
    {MUC_ON_AFFILIATION_SET, NULL, MUC_PRIORITY_DEFAULT, mu_register_on_affiliation},
    {.fn = NULL},
};

/* Admins get their forms in messages (XEP-0004 section 6). */
static const char *const room_info[] = {MUC_NS_DATA, NULL};

const muc_feature muc_feature_register = {
    .name = "register",
    .hooks = hooks,
    .options = options,
    .room_info = room_info,
};

muc_registration muc_room_get_registration(const muc_room *room)
{
    return (muc_registration)muc_room_get_number(room, options);
}

int muc_room_set_registration(muc_room *room, muc_registration who)
{
    return muc_room_set_number(room, options, who);
}
