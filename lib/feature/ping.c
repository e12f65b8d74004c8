/* ping.c: pings of the service and of rooms (XEP-0199), and of oneself: am I still in the room (XEP-0410)? */
#include <muc/feature.h>

#include <stddef.h>
#include <string.h>

#define NS_PING "urn:xmpp:ping"

/* A ping to an occupant JID: MUC_STOP when it is to be answered here. */
static int ask_occupant(muc_event *ev)
{
    /* The same for nicknames that exist and that do not. */
    if (!ev->occupant)
        return muc_reject_as(ev, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, NULL);
    const muc_occupant *target = muc_event_target(ev);
    if (!target)
        return muc_reject(ev, MUC_ITEM_NOT_FOUND, NULL);
    return target == ev->occupant ? MUC_STOP : MUC_PASS;
}

static int on_ping(muc_event *ev, void *ud)
{
    (void)ud;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!type || strcmp(type, "get") != 0)
        return MUC_PASS;
    int answer = ev->room && muc_event_nick(ev) ? ask_occupant(ev) : MUC_STOP;
    if (answer == MUC_STOP)
        muc_reply(ev, NULL, NULL);
    return answer;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" NS_PING "}ping", MUC_PRIORITY_DEFAULT, on_ping},
    {.fn = NULL},
};

static const char *const service_info[] = {NS_PING, NULL};
static const char *const room_info[] = {
    NS_PING,
    "http://jabber.org/protocol/muc#self-ping-optimization",
    NULL,
};

const muc_feature muc_feature_ping = {
    .name = "ping",
    .hooks = hooks,
    .service_info = service_info,
    .room_info = room_info,
};
