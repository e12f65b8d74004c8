/* commands_disco.c: commands in service discovery (XEP-0050 sections 2.1 and 2.2): what somebody may not run is not
 * there for him. */
#include <feature/commands.h>
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

/* The next one that who asks may run; of those with one node the first. */
static const muc_command *next_of_his(const muc_event *ev, mu_command_walk *walk)
{
    const muc_command *c;
    while ((c = mu_command_next(ev, walk)))
        if (mu_command_find(ev, c->node) == c && mu_command_may(ev, c))
            return c;
    return NULL;
}

static int has_any(const muc_event *ev)
{
    mu_command_walk walk = {0, 0};
    return next_of_his(ev, &walk) != NULL;
}

static void write_identity(muc_event *ev, const char *type, const char *name)
{
    muc_xml *x = ev->as.disco->out;
    muc_xml_open(x, "identity", NULL);
    muc_xml_attr(x, "category", "automation");
    muc_xml_attr(x, "type", type);
    muc_xml_attr(x, "name", name);
    muc_xml_close(x);
    ev->as.disco->known = 1;
}

int mu_commands_info(muc_event *ev, void *ud)
{
    (void)ud;
    const char *node = ev->as.disco->node;
    int of_list = strcmp(node, MUC_NS_COMMANDS) == 0;
    if (!*node || of_list) {
        if (!has_any(ev))
            return MUC_PASS;
        if (of_list)
            write_identity(ev, "command-list", "Commands");
        muc_disco_feature(ev, MUC_NS_COMMANDS);
        return MUC_PASS;
    }
    const muc_command *c = mu_command_find(ev, node);
    if (!c)
        return MUC_PASS;
    if (!mu_command_may(ev, c))
        return mu_command_forbid(ev);
    write_identity(ev, "command-node", c->name);
    muc_disco_feature(ev, MUC_NS_COMMANDS);
    if (c->form_type)
        muc_disco_feature(ev, MUC_NS_DATA);
    return MUC_PASS;
}

static void write_item(const muc_event *ev, const muc_command *c)
{
    muc_xml *x = ev->as.disco->out;
    muc_xml_open(x, "item", NULL);
    muc_xml_attr(x, "jid", ev->room ? muc_room_jid(ev->room) : muc_service_domain(ev->service));
    muc_xml_attr(x, "node", c->node);
    muc_xml_attr(x, "name", c->name);
    muc_xml_close(x);
}

/* A command has no items, but who may run it is told so. */
int mu_commands_items(muc_event *ev, void *ud)
{
    (void)ud;
    muc_disco_event *disco = ev->as.disco;
    const muc_command *c;
    if (strcmp(disco->node, MUC_NS_COMMANDS) == 0) {
        mu_command_walk walk = {0, 0};
        while ((c = next_of_his(ev, &walk))) {
            write_item(ev, c);
            disco->known = 1;
        }
        return MUC_PASS;
    }
    c = *disco->node ? mu_command_find(ev, disco->node) : NULL;
    if (c && !mu_command_may(ev, c))
        return mu_command_forbid(ev);
    if (c)
        disco->known = 1;
    return MUC_PASS;
}
