/* restore_talk.c: the subject, the history and the private messages of a saved room, and what remains of one that was
 * destroyed.
 *
 * The messages become the same bytes again, in the same pieces: attributes in their order, then what is inside. */
#include <model/recent.h>
#include <service/snapshot.h>

#include <string.h>

/* `to` is put in for each recipient, and a prefix would need a declaration. */
static const char *attribute_prefix(const xmlAttr *a)
{
    if (!a->ns)
        return strcmp((const char *)a->name, "to") == 0 ? NULL : "";
    return strcmp((const char *)a->ns->href, (const char *)XML_XML_NAMESPACE) == 0 ? "xml:" : NULL;
}

static void put_attributes(mu_buf *out, const xmlNode *message)
{
    for (const xmlAttr *a = message->properties; a; a = a->next) {
        const char *prefix = attribute_prefix(a);
        if (!prefix)
            continue;
        mu_buf_char(out, ' ');
        mu_buf_str(out, prefix);
        mu_buf_str(out, (const char *)a->name);
        mu_buf_str(out, "='");
        if (a->children && a->children->content) {
            const char *value = (const char *)a->children->content;
            mu_buf_escape(out, value, strlen(value), true);
        }
        mu_buf_char(out, '\'');
    }
    mu_buf_char(out, '>');
}

/* ` from='...' ...>` and what follows. */
static int message_blob(mu_restore *r, const xmlNode *message, mu_blob **out)
{
    if (!message || !muc_node_attr(message, "from"))
        return MUC_ERR_MALFORMED;
    mu_xml_reset(&r->x, MUC_NS_CLIENT);
    put_attributes(&r->x.buf, message);
    mu_xml_children(&r->x, message, NULL, NULL);
    int result = muc_xml_error(&r->x);
    if (result != MUC_OK)
        return result == MUC_ERR_INVALID ? MUC_ERR_MALFORMED : result;
    *out = mu_blob_new(r->service->heap, r->x.buf.p, r->x.buf.n);
    return *out ? MUC_OK : MUC_ERR_NOMEM;
}

int mu_restore_private(mu_restore *r, const xmlNode *marks)
{
    const char *text = mu_restore_text(r, marks);
    return text ? mu_recent_read(r->room, text) : MUC_ERR_NOMEM;
}

int mu_restore_tombstone(mu_restore *r, muc_span key, const xmlNode *destroyed)
{
    mu_epitaph says = {.alternate = muc_node_attr(destroyed, "jid")};
    const xmlNode *reason = muc_node_child(destroyed, "reason", MU_NS_ROOM);
    if (!mu_restore_time(destroyed, "at", &says.at) ||
        (muc_node_attr(destroyed, "until") && !mu_restore_time(destroyed, "until", &says.until)))
        return MUC_ERR_MALFORMED;
    if (reason && !(says.reason = mu_restore_text(r, reason)))
        return MUC_ERR_NOMEM;
    if (mu_unknown_remove(r->service, key))
        return MUC_ERR_NOMEM;
    return mu_tombstone_add(r->service, key, &says, true);
}

int mu_restore_subject(mu_restore *r, const xmlNode *subject)
{
    const xmlNode *message = muc_node_child(subject, "message", MUC_NS_CLIENT);
    const xmlNode *element = muc_node_child(message, "subject", MUC_NS_CLIENT);
    const char *from = muc_node_attr(subject, "from");
    int64_t at;
    mu_blob *body = NULL;
    if (!from || !element || !mu_restore_time(subject, "at", &at))
        return MUC_ERR_MALFORMED;
    int result = message_blob(r, message, &body);
    if (result < 0)
        return result;
    const char *text = mu_restore_text(r, element);
    if (!text) {
        mu_blob_unref(r->service->heap, body);
        return MUC_ERR_NOMEM;
    }
    return mu_room_set_subject(r->room, body, text, from, at);
}

static int restore_entry(mu_restore *r, const xmlNode *entry, size_t max)
{
    int64_t at;
    mu_blob *body = NULL;
    const char *own = muc_node_attr(entry, "own-delay");
    if (!muc_node_is(entry, "entry", MU_NS_ROOM) || !mu_restore_time(entry, "at", &at))
        return MUC_ERR_MALFORMED;
    int result = message_blob(r, muc_node_child(entry, "message", MUC_NS_CLIENT), &body);
    if (result < 0)
        return result;
    static const muc_span head = {"<message", 8}, tail = {"</message>", 10};
    mu_packet *packet = mu_packet_new(r->service->heap, head, body, tail);
    mu_blob_unref(r->service->heap, body);
    if (!packet)
        return MUC_ERR_NOMEM;
    result = mu_history_append(r->room, packet, at, own && strcmp(own, "1") == 0, max);
    mu_packet_unref(r->service->heap, packet);
    return result;
}

/* More than fits now: the latest stay. */
int mu_restore_history(mu_restore *r, const xmlNode *history)
{
    int64_t wanted = mu_restore_number(r, "historylength", -1);
    size_t max = wanted < 0 ? SIZE_MAX : (size_t)wanted;
    int result = MUC_OK;
    for (const xmlNode *entry = mu_first(history); entry && result >= 0; entry = mu_after(entry))
        result = restore_entry(r, entry, max);
    return result;
}
