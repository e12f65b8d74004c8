/* refusal.c: stanzas that never reached the service are answered all the same (RFC 6120 section 8.3): they were too
 * large, or there was no room for what they would lead to; or their answer is too large for the server. */
#include <muc/muc.h>
#include <stdlib.h>
#include <string.h>

#include "refusal.h"

enum { LONGEST = 3072 }; /* of an attribute that is given back: a full JID */

static int is_type(const xmlNode *stanza, const char *type)
{
    const char *own = muc_node_attr(stanza, "type");
    return own && strcmp(own, type) == 0;
}

static muc_span span(const char *text)
{
    return (muc_span){text, strlen(text)};
}

/* Writes ` name='value'`, escaped. */
static void write_attr(struct stream *s, const char *name, const char *value)
{
    static const struct {
        char c;
        const char *entity;
    } escapes[] = {{'&', "&amp;"}, {'<', "&lt;"}, {'\'', "&apos;"}, {'\n', "&#10;"}, {'\t', "&#9;"}, {'\r', "&#13;"}};
    muc_span start[] = {span(" "), span(name), span("='")};
    stream_write(s, start, 3);
    while (*value) {
        size_t n = strcspn(value, "&<'\n\t\r");
        muc_span piece[] = {{value, n}, {"", 0}};
        for (size_t i = 0; i < sizeof escapes / sizeof escapes[0]; i++)
            if (value[n] == escapes[i].c)
                piece[1] = span(escapes[i].entity);
        stream_write(s, piece, 2);
        value += n + (value[n] != 0);
    }
    muc_span end = span("'");
    stream_write(s, &end, 1);
}

static int known(const xmlNode *stanza)
{
    static const char *const names[] = {"message", "presence", "iq"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (muc_node_is(stanza, names[i], MUC_NS_CLIENT))
            return 1;
    return 0;
}

/* What is answered: a question, a message, who wants to enter. */
static int answerable(const xmlNode *stanza)
{
    const char *type = muc_node_attr(stanza, "type");
    if (!known(stanza) || is_type(stanza, "error"))
        return 0;
    if (muc_node_is(stanza, "iq", NULL))
        return is_type(stanza, "get") || is_type(stanza, "set");
    return muc_node_is(stanza, "message", NULL) || !type;
}

static muc_condition condition_of(int result)
{
    switch (result) {
    case MUC_ERR_TOO_BIG:
        return MUC_POLICY_VIOLATION;
    case MUC_ERR_MALFORMED:
        return MUC_BAD_REQUEST;
    case MUC_NOT_MINE:
        return MUC_ITEM_NOT_FOUND;
    default:
        return MUC_RESOURCE_CONSTRAINT;
    }
}

static void write_error(struct stream *s, const xmlNode *stanza, const char *from, const char *to,
                        muc_condition condition)
{
    static const char *const types[] = {[MUC_ERROR_AUTH] = "auth",
                                        [MUC_ERROR_CANCEL] = "cancel",
                                        [MUC_ERROR_MODIFY] = "modify",
                                        [MUC_ERROR_WAIT] = "wait"};
    const char *id = muc_node_attr(stanza, "id");
    if (!from || !to || !*from || !*to || strlen(from) > LONGEST || strlen(to) > LONGEST)
        return;
    muc_span start[] = {span("<"), span((const char *)stanza->name)};
    stream_write(s, start, 2);
    write_attr(s, "from", from);
    write_attr(s, "to", to);
    write_attr(s, "type", "error");
    if (id && strlen(id) <= LONGEST)
        write_attr(s, "id", id);
    muc_span end[] = {span("><error type='"),
                      span(types[muc_condition_type(condition)]),
                      span("'><"),
                      span(muc_condition_name(condition)),
                      span(" xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></"),
                      span((const char *)stanza->name),
                      span(">")};
    stream_write(s, end, sizeof end / sizeof end[0]);
}

void refusal_send(struct stream *s, const xmlNode *stanza, int result)
{
    if (answerable(stanza))
        write_error(s, stanza, muc_node_attr(stanza, "to"), muc_node_attr(stanza, "from"), condition_of(result));
}

void refusal_replace(struct stream *s, const xmlNode *answer, const char *to)
{
    if (muc_node_is(answer, "iq", MUC_NS_CLIENT) && is_type(answer, "result"))
        write_error(s, answer, muc_node_attr(answer, "from"), to, MUC_RESOURCE_CONSTRAINT);
}
