/* notice.c: what the service's administrators have to say to everybody: in every room, by the room itself. */
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

/* What is said: the bodies of a message, in all their languages, or one text. */
typedef struct notice {
    const xmlNode *message;
    const char *body;
} notice;

static muc_xml *write_notice(muc_service *service, const notice *n)
{
    muc_xml *x = muc_xml_new(service, "message");
    muc_xml_attr(x, "type", "groupchat");
    if (!n->message) {
        muc_xml_leaf(x, "body", n->body);
        return x;
    }
    muc_xml_attr(x, "id", muc_node_attr(n->message, "id"));
    muc_xml_attr(x, "xml:lang", muc_node_lang(n->message));
    const xmlNode *body = muc_node_child(n->message, "body", MUC_NS_CLIENT);
    for (; body; body = muc_node_next(body, "body", MUC_NS_CLIENT))
        muc_xml_node(x, body);
    return x;
}

static int say_everywhere(muc_service *service, const notice *n)
{
    int r = MUC_OK;
    muc_room *next;
    for (muc_room *room = muc_room_next(service, NULL); room && r >= 0; room = next) {
        next = muc_room_next(service, room);
        if (muc_occupant_count(room) > 0)
            r = muc_room_broadcast(room, write_notice(service, n), MUC_EVERYONE);
    }
    return r;
}

int muc_service_notice(muc_service *service, const char *body)
{
    return body ? say_everywhere(service, &(notice){.body = body}) : MUC_ERR_INVALID;
}

static int on_message(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_node_child(ev->stanza, "body", MUC_NS_CLIENT) || !muc_service_is_admin(ev->service, ev->from))
        return MUC_PASS;
    int r = say_everywhere(ev->service, &(notice){.message = ev->stanza});
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_SERVICE_MESSAGE, NULL, MUC_PRIORITY_DEFAULT, on_message},
    {.fn = NULL},
};

const muc_feature muc_feature_notice = {
    .name = "notice",
    .hooks = hooks,
};
