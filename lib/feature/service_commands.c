/* service_commands.c: what service administrators may have done by commands: rooms are made and destroyed, and
 * affiliations set in them, by the service itself. */
#include <muc/affiliation.h>
#include <muc/command.h>
#include <muc/feature.h>
#include <muc/hook.h>
#include <muc/option.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* What is not his fault, or what a handler has to say, is an error; anything else is told by a note. The sentence is
 * what was done. */
static int outcome(muc_event *ev, int result, const char *done, const char *about)
{
    if (result >= 0)
        return muc_command_done(ev, MUC_NOTE_INFO, done, about);
    if (muc_is_temporary(result) || result == MUC_ERR_REJECTED)
        return muc_reject_result(ev, result);
    return muc_command_done(ev, MUC_NOTE_ERROR, muc_strerror(result), about);
}

/* What was filled in, or NULL. */
static const char *text_of(const muc_form *form, const char *var)
{
    const char *text = muc_form_text(form, var);
    return *text ? text : NULL;
}

/* The room of that JID; that of an occupant is none. */
static int load(muc_event *ev, const char *jid, muc_room **out)
{
    return strchr(jid, '/') ? MUC_ERR_BAD_JID : muc_room_load(ev->service, jid, out);
}

/* ---- destroying ------------------------------------------------------------------------------------------------- */

static const muc_field destroy_fields[] = {
    {.var = "rooms", .type = MUC_FIELD_JID_MULTI, .label = "Rooms to destroy", .required = 1},
    {.var = "reason", .type = MUC_FIELD_TEXT_SINGLE, .label = "Reason"},
    {.var = "alternate", .type = MUC_FIELD_JID_SINGLE, .label = "Room that takes their place"},
    {.var = NULL},
};

/* All or none: the first that is not there is told before anything happens, and a room that may not be destroyed takes
 * back the end of the others. */
static int destroy(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)command;
    muc_room *room;
    size_t count = muc_form_value_count(form, "rooms");
    for (size_t i = 0; i < count; i++) {
        const char *jid = muc_form_value(form, "rooms", i);
        int r = load(ev, jid, &room);
        if (r < 0)
            return outcome(ev, r, NULL, jid);
    }
    for (size_t i = 0; i < count; i++) {
        int r = load(ev, muc_form_value(form, "rooms", i), &room);
        if (!r)
            r = muc_room_destroy(room, text_of(form, "alternate"), text_of(form, "reason"), NULL);
        if (r < 0)
            return muc_reject_result(ev, r);
    }
    muc_xml *x = muc_command_reply(ev);
    for (size_t i = 0; i < count; i++)
        muc_command_note(x, MUC_NOTE_INFO, "Destroyed", muc_form_value(form, "rooms", i));
    return MUC_STOP;
}

/* ---- affiliations ----------------------------------------------------------------------------------------------- */

static const muc_choice affiliations[] = {
    {"owner", "Owner", 0},         {"admin", "Administrator", 0}, {"member", "Member", 0},
    {"none", "No affiliation", 0}, {"outcast", "Outcast", 0},     {NULL, NULL, 0},
};

static const muc_field affiliation_fields[] = {
    {.var = "room", .type = MUC_FIELD_JID_SINGLE, .label = "Room", .required = 1},
    {.var = "jid", .type = MUC_FIELD_JID_SINGLE, .label = "Address of the user", .required = 1},
    {.var = "affiliation",
     .type = MUC_FIELD_LIST_SINGLE,
     .label = "Affiliation",
     .choices = affiliations,
     .required = 1},
    {.var = "reason", .type = MUC_FIELD_TEXT_SINGLE, .label = "Reason"},
    {.var = NULL},
};

static int set_affiliation(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)command;
    muc_room *room;
    muc_affiliation affiliation;
    const char *jid = muc_form_text(form, "room");
    int r = load(ev, jid, &room);
    if (r < 0)
        return outcome(ev, r, NULL, jid);
    jid = muc_form_text(form, "jid");
    if (!muc_affiliation_from_name(muc_form_text(form, "affiliation"), &affiliation))
        return MUC_ERR_INVALID;
    r = muc_affiliation_set(room, NULL, jid, affiliation, text_of(form, "reason"));
    return outcome(ev, r, r == MUC_OK ? "Nothing to change" : "Affiliation set", jid);
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

static const muc_field create_fields[] = {
    {.var = "room", .type = MUC_FIELD_JID_SINGLE, .label = "Address of the room", .required = 1},
    {.var = "owner", .type = MUC_FIELD_JID_SINGLE, .label = "Address of its owner"},
    {.var = NULL},
};

/* Options of the room, by their names, where the service has them. */
static const muc_field create_options[] = {
    {.var = "public", .type = MUC_FIELD_BOOLEAN, .label = "The list of rooms shows it", .value = "1"},
    {.var = "persistent", .type = MUC_FIELD_BOOLEAN, .label = "It stays when nobody is in it", .value = "1"},
    {.var = "password", .type = MUC_FIELD_TEXT_PRIVATE, .label = "Password"},
};
enum { CREATE_OPTIONS = sizeof create_options / sizeof *create_options };

static int add_options(const muc_event *ev, const muc_command *command, muc_form *form)
{
    (void)command;
    int r = MUC_OK;
    for (size_t i = 0; i < CREATE_OPTIONS && !r; i++)
        if (muc_option_find(ev->service, create_options[i].var))
            r = muc_form_add(form, &create_options[i]);
    return r;
}

static int create(muc_event *ev, const muc_command *command, const muc_form *form)
{
    (void)command;
    muc_option_value config[CREATE_OPTIONS];
    const muc_affiliation_entry owner = {.jid = text_of(form, "owner"), .affiliation = MUC_AFFILIATION_OWNER};
    muc_room_plan plan = {.jid = muc_form_text(form, "room"), .config = config};
    for (size_t i = 0; i < CREATE_OPTIONS; i++) {
        const char *name = create_options[i].var;
        if (muc_form_has(form, name))
            config[plan.config_count++] = (muc_option_value){name, muc_form_text(form, name)};
    }
    if (owner.jid) {
        plan.affiliations = &owner;
        plan.affiliation_count = 1;
    }
    return outcome(ev, muc_room_create_as(ev->service, &plan, NULL), "Created", plan.jid);
}

/* ---- the commands ----------------------------------------------------------------------------------------------- */

#define DESTROY     "http://prosody.im/protocol/muc#destroy"
#define AFFILIATION "http://prosody.im/protocol/muc#set-affiliation"
#define CREATE      "urn:libmuc:commands#create"

static const muc_command commands[] = {
    {.node = CREATE,
     .name = "Create a room",
     .where = MUC_COMMAND_SERVICE,
     .form_type = CREATE,
     .fields = create_fields,
     .build = add_options,
     .run = create},
    {.node = DESTROY,
     .name = "Destroy rooms",
     .where = MUC_COMMAND_SERVICE,
     .form_type = DESTROY,
     .instructions = "Everybody who is in them is sent out.",
     .fields = destroy_fields,
     .run = destroy},
    {.node = AFFILIATION,
     .name = "Set an affiliation in a room",
     .where = MUC_COMMAND_SERVICE,
     .form_type = AFFILIATION,
     .fields = affiliation_fields,
     .run = set_affiliation},
    {.node = NULL},
};

const muc_feature muc_feature_service_commands = {.name = "service-commands", .commands = commands};
