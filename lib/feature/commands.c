/* commands.c: requests to run a command: the form, the form filled in, giving it up (XEP-0050 sections 2.4 and 4.1). */
#include <feature/commands.h>
#include <muc/feature.h>
#include <muc/service.h>

#include <string.h>

/* ---- which there are -------------------------------------------------------------------------------------------- */

const muc_command *mu_command_next(const muc_event *ev, mu_command_walk *walk)
{
    const muc_feature *const *all = muc_service_settings(ev->service)->features;
    unsigned here = ev->room ? MUC_COMMAND_ROOM : MUC_COMMAND_SERVICE;
    while (all[walk->feature]) {
        const muc_command *rows = all[walk->feature]->commands;
        if (!rows || !rows[walk->row].node) {
            *walk = (mu_command_walk){.feature = walk->feature + 1};
            continue;
        }
        const muc_command *c = &rows[walk->row++];
        if (c->where & here)
            return c;
    }
    return NULL;
}

const muc_command *mu_command_find(const muc_event *ev, const char *node)
{
    mu_command_walk walk = {0, 0};
    const muc_command *c;
    while ((c = mu_command_next(ev, &walk)) && strcmp(c->node, node) != 0)
        continue;
    return c;
}

int mu_command_may(const muc_event *ev, const muc_command *command)
{
    return command->may ? command->may(ev, command) : muc_service_is_admin(ev->service, ev->from);
}

int mu_command_forbid(muc_event *ev)
{
    return muc_reject_as(ev, MUC_FORBIDDEN, MUC_ERROR_CANCEL, NULL);
}

/* ---- answers ---------------------------------------------------------------------------------------------------- */

static int refuse(muc_event *ev, const char *why)
{
    return muc_reject_with(ev, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, why, MUC_NS_COMMANDS);
}

static const xmlNode *request_of(const muc_event *ev)
{
    return muc_node_child(ev->stanza, "command", MUC_NS_COMMANDS);
}

static muc_xml *reply(muc_event *ev, const char *session, const char *status)
{
    muc_xml *x = muc_reply(ev, "command", MUC_NS_COMMANDS);
    muc_xml_attr(x, "node", muc_node_attr(request_of(ev), "node"));
    muc_xml_attr(x, "sessionid", session);
    muc_xml_attr(x, "status", status);
    muc_xml_attr(x, "xml:lang", "en");
    return x;
}

muc_xml *muc_command_reply(muc_event *event)
{
    const char *node = muc_node_attr(request_of(event), "node");
    const char *session = muc_node_attr(request_of(event), "sessionid");
    char id[MU_COMMAND_SESSION];
    if (!session && node && mu_command_session(event, node, id) == MUC_OK)
        session = id;
    return reply(event, session, "completed");
}

void muc_command_note(muc_xml *x, muc_note_type type, const char *text, const char *about)
{
    static const char *const types[] = {[MUC_NOTE_INFO] = "info", [MUC_NOTE_WARN] = "warn", [MUC_NOTE_ERROR] = "error"};
    muc_xml_open(x, "note", NULL);
    muc_xml_attr(x, "type", types[type]);
    muc_xml_text(x, text);
    if (about) {
        muc_xml_text(x, ": ");
        muc_xml_text(x, about);
    }
    muc_xml_close(x);
}

int muc_command_done(muc_event *event, muc_note_type type, const char *text, const char *about)
{
    muc_command_note(muc_command_reply(event), type, text, about);
    return MUC_STOP;
}

/* ---- the two requests ------------------------------------------------------------------------------------------- */

static int make_form(const muc_event *ev, const muc_command *c, muc_form **out)
{
    muc_form *form;
    int r = muc_form_new(ev->service, c->form_type, &form);
    for (const muc_field *f = c->fields; !r && f && f->var; f++)
        r = muc_form_add(form, f);
    if (!r && c->build)
        r = c->build(ev, c, form);
    if (r < 0) {
        muc_form_free(form);
        form = NULL;
    }
    *out = form;
    return r < 0 ? r : MUC_OK;
}

static int show(muc_event *ev, const muc_command *c)
{
    char session[MU_COMMAND_SESSION];
    muc_form *form;
    int r = mu_command_session(ev, c->node, session);
    if (!r)
        r = make_form(ev, c, &form);
    if (r < 0)
        return muc_reject_result(ev, r);
    muc_xml *x = reply(ev, session, "executing");
    muc_xml_open(x, "actions", NULL);
    muc_xml_attr(x, "execute", "complete");
    muc_xml_leaf(x, "complete", NULL);
    muc_xml_close(x);
    r = muc_form_write(form, x, c->name, c->instructions);
    muc_form_free(form);
    return r < 0 ? r : MUC_STOP;
}

static int run(muc_event *ev, const muc_command *c, const muc_form *form)
{
    int r = c->run(ev, c, form);
    if (r < 0)
        return muc_reject_result(ev, r);
    if (r > MUC_INCOMPLETE)
        return r;
    (void)muc_command_reply(ev);
    return MUC_STOP;
}

/* A form that is given up is not one that was filled in with nothing. */
static int complete(muc_event *ev, const muc_command *c, const xmlNode *x)
{
    muc_form *form;
    int r = x ? make_form(ev, c, &form) : MUC_OK;
    if (r < 0)
        return muc_reject_result(ev, r);
    if (x)
        r = muc_form_read(form, x, NULL);
    if (!x || r == MUC_ERR_INVALID || (!r && muc_form_missing(form)))
        r = refuse(ev, "bad-payload");
    else if (!r)
        r = run(ev, c, form);
    if (x)
        muc_form_free(form);
    return r;
}

/* A session of a command without a form is over as soon as it has begun. */
static int go_on(muc_event *ev, const muc_command *c, const xmlNode *request, const char *action)
{
    const char *session = muc_node_attr(request, "sessionid");
    mu_session_state state = mu_command_session_state(ev, c->node, session);
    if (state == MU_SESSION_UNKNOWN)
        return refuse(ev, "bad-sessionid");
    if (state == MU_SESSION_OVER || !c->form_type)
        return muc_reject_with(ev, MUC_NOT_ALLOWED, MUC_ERROR_CANCEL, "session-expired", MUC_NS_COMMANDS);
    if (strcmp(action, "prev") == 0)
        return refuse(ev, "bad-action");
    if (strcmp(action, "cancel") == 0) {
        (void)reply(ev, session, "canceled");
        return MUC_STOP;
    }
    return complete(ev, c, muc_node_child(request, "x", MUC_NS_DATA));
}

static int is_action(const char *action)
{
    static const char *const actions[] = {"execute", "next", "complete", "prev", "cancel"};
    for (size_t i = 0; i < sizeof actions / sizeof *actions; i++)
        if (strcmp(actions[i], action) == 0)
            return 1;
    return 0;
}

static int serve(muc_event *ev, const muc_command *c, const xmlNode *request)
{
    const char *action = muc_node_attr(request, "action");
    if (!action)
        action = "execute";
    if (!is_action(action))
        return refuse(ev, "malformed-action");
    if (muc_node_attr(request, "sessionid"))
        return go_on(ev, c, request, action);
    if (strcmp(action, "execute") != 0)
        return refuse(ev, "bad-action");
    return c->form_type ? show(ev, c) : run(ev, c, NULL);
}

static int on_command(muc_event *ev, void *ud)
{
    (void)ud;
    if (muc_event_nick(ev))
        return MUC_PASS;
    const xmlNode *request = request_of(ev);
    const char *type = muc_node_attr(ev->stanza, "type");
    const char *node = muc_node_attr(request, "node");
    if (!type || strcmp(type, "set") != 0 || !node)
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    const muc_command *c = mu_command_find(ev, node);
    if (!c)
        return muc_reject(ev, MUC_ITEM_NOT_FOUND, NULL);
    return mu_command_may(ev, c) ? serve(ev, c, request) : mu_command_forbid(ev);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" MUC_NS_COMMANDS "}command", MUC_PRIORITY_DEFAULT, on_command},
    {MUC_ON_DISCO_INFO, NULL, MUC_PRIORITY_DEFAULT, mu_commands_info},
    {MUC_ON_DISCO_ITEMS, NULL, MUC_PRIORITY_DEFAULT, mu_commands_items},
    {.fn = NULL},
};

const muc_feature muc_feature_commands = {.name = "commands", .hooks = hooks};
