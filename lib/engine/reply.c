/* reply.c: answers to the stanza that is being dealt with (RFC 6120 sections 8.2.3 and 8.3). */
#include <engine/parts.h>

#include <string.h>

bool mu_answerable(const mu_stanza *st)
{
    switch (st->kind) {
    case MU_IQ:
        return st->type != MU_TYPE_RESULT && st->type != MU_TYPE_ERROR;
    case MU_PRESENCE:
        return st->type == MU_TYPE_NONE || st->type == MU_TYPE_OTHER;
    case MU_MESSAGE:
        return st->type != MU_TYPE_ERROR;
    default:
        return false;
    }
}

/* Sends `<kind` + to + what x holds, to who sent the stanza. */
static int send(muc_service *s, const mu_stanza *st, muc_room *room, muc_xml *x)
{
    int r = muc_xml_error(x);
    if (r)
        return r;
    mu_buf head;
    mu_buf_init(&head, s->heap);
    mu_buf_char(&head, '<');
    mu_buf_str(&head, mu_kind_name(st->kind));
    mu_packet *packet = head.failed ? NULL
                                    : mu_packet_new(s->heap, (muc_span){head.p, head.n}, NULL,
                                                    (muc_span){x->buf.p + head.n, x->buf.n - head.n});
    mu_peer *to = packet ? mu_sender(s) : NULL;
    r = to ? mu_send(s, MU_LANE_REPLY, room, packet, to) : MUC_ERR_NOMEM;
    mu_peer_unref(s->heap, to);
    mu_packet_unref(s->heap, packet);
    mu_buf_free(&head);
    return r;
}

static void start(muc_xml *x, const mu_stanza *st, const char *type)
{
    muc_xml_open(x, mu_kind_name(st->kind), NULL);
    muc_xml_attr(x, "from", st->to);
    muc_xml_attr(x, "type", type);
    muc_xml_attr(x, "id", st->id);
}

/* What an error brings back of the stanza: all of a message, the payload of an iq, the bare `<x/>` of a presence, less
 * its password. */
static void echo(muc_xml *x, const mu_stanza *st)
{
    if (st->kind == MU_PRESENCE) {
        if (muc_node_child(st->node, "x", MUC_NS)) {
            muc_xml_open(x, "x", MUC_NS);
            muc_xml_close(x);
        }
    } else if (st->kind == MU_MESSAGE) {
        mu_xml_children(x, st->node, NULL, NULL);
    } else if (st->payload) {
        muc_xml_node(x, st->payload);
    }
}

int mu_reply_error(muc_service *s, const mu_stanza *st, muc_room *room, const mu_verdict *verdict, const char *by)
{
    if (!mu_answerable(st))
        return MUC_OK;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    start(&x, st, "error");
    echo(&x, st);
    const mu_error_extra extra = {
        .uri = verdict->uri[0] ? verdict->uri : NULL, .name = verdict->name, .ns = verdict->ns};
    mu_xml_error_with(&x, verdict->condition, verdict->type, by, verdict->text, &extra);
    muc_xml_close(&x);
    int r = send(s, st, room, &x);
    mu_xml_free(&x);
    return r;
}

muc_xml *muc_reply(muc_event *event, const char *name, const char *ns)
{
    struct mu_engine *e = event->service->engine;
    const mu_firing *f = event->reserved[0];
    if (!f || !f->stanza)
        return NULL;
    mu_xml_reset(&e->reply, MUC_NS_CLIENT);
    start(&e->reply, f->stanza, "result");
    e->replying = true;
    if (!name)
        return NULL;
    muc_xml_open(&e->reply, name, ns);
    return &e->reply;
}

int mu_reply_finish(muc_service *s, const mu_stanza *st, muc_room *room)
{
    struct mu_engine *e = s->engine;
    if (!e->replying)
        return MUC_OK;
    e->replying = false;
    while (e->reply.depth > 0 && !muc_xml_error(&e->reply))
        muc_xml_close(&e->reply);
    int r = send(s, st, room, &e->reply);
    /* What is wrong with the answer is nothing that the sender has done. */
    return r == MUC_ERR_INVALID ? mu_refuse(s, MUC_INTERNAL_SERVER_ERROR, MUC_ERROR_DEFAULT, NULL) : r;
}
