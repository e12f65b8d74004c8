/* stanza_id.c: what the room calls a message (XEP-0359): in the message that all get, and so in the history. */
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

#define NS_SID "urn:xmpp:sid:0"

/* What a host or a bot says in the room's name may have its name already. */
static const char *own_id(const muc_event *ev)
{
    const xmlNode *id = ev->from ? NULL : muc_node_child(ev->stanza, "stanza-id", NS_SID);
    return id ? muc_node_attr(id, "id") : NULL;
}

static int on_build(muc_event *ev, void *ud)
{
    (void)ud;
    muc_message_event *message = ev->as.build->message;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!type || strcmp(type, "groupchat") != 0 || own_id(ev))
        return MUC_PASS;
    if (!message->id[0])
        muc_service_unique(ev->service, message->id);
    muc_xml *out = ev->as.build->out;
    muc_xml_open(out, "stanza-id", NS_SID);
    muc_xml_attr(out, "by", muc_room_jid(ev->room));
    muc_xml_attr(out, "id", message->id);
    muc_xml_close(out);
    return MUC_PASS;
}

static int on_info(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->room)
        muc_disco_feature(ev, NS_SID);
    return MUC_PASS;
}

static int is_wanted(const muc_settings *settings)
{
    return settings->stanza_ids;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MESSAGE_BUILD, NULL, MUC_PRIORITY_LAST, on_build},
    {MUC_ON_DISCO_INFO, "", MUC_PRIORITY_DEFAULT, on_info},
    {.fn = NULL},
};

const muc_feature muc_feature_stanza_id = {.name = "stanza-id", .hooks = hooks, .wanted = is_wanted};
