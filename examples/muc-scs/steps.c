/* steps.c: what clients do, with the server between them and the service; see player.h. */
#include <stdlib.h>
#include <string.h>

#include "player.h"
#include "report.h"
#include "tree.h"

static int fail(player *p, text *why)
{
    report_failure(p, text_string(why));
    text_free(why);
    return -1;
}

static int fail_with(player *p, const char *why)
{
    return report_failure(p, why);
}

/* What the client got and the script said nothing of. */
static int fail_unexpected(player *p, const client *c, const char *why)
{
    return report_mismatch(p, NULL, c->inbox.list[0], why);
}

int step_connects(player *p, client *c)
{
    if (c->online)
        return fail_with(p, "the client is connected already");
    c->online = 1;
    return 0;
}

/* ---- sending ---------------------------------------------------------------------------------------------------- */

/* A server remembers where available presence went, to take it back when the connection ends. */
static void remember_presence(client *c, const xmlNode *stanza, const char *to)
{
    char *type = tree_attr(stanza, "type");
    if (strcmp((const char *)stanza->name, "presence") == 0 && (!type || strcmp(type, "unavailable") == 0)) {
        char *room = copy_n(to, strcspn(to, "/"));
        for (size_t i = 0; i < c->rooms.count; i++)
            if (strcmp(c->rooms.list[i], room) == 0) {
                char *former = copy(c->directed.list[i]);
                words_remove(&c->rooms, room);
                words_remove(&c->directed, former);
                free(former);
            }
        if (!type) {
            words_add(&c->rooms, room);
            words_add(&c->directed, to);
        }
        free(room);
    }
    free(type);
}

/* A stanza for another domain: the server gives it to the client it is for. */
static void route_elsewhere(player *p, const xmlNode *stanza, const char *to)
{
    for (size_t i = 0; i < p->count; i++) {
        client *c = &p->clients[i];
        if (!c->online || (strcmp(to, c->full) != 0 && strcmp(to, c->jid) != 0))
            continue;
        text xml = {0};
        tree_canonical(stanza, NULL, &xml);
        words_add(&c->inbox, text_string(&xml));
        text_free(&xml);
    }
}

static int send_one(player *p, client *c, xmlNode *stanza, text *why)
{
    char *to = tree_attr(stanza, "to");
    int result = 0;
    xmlSetProp(stanza, (const xmlChar *)"from", (const xmlChar *)c->full);
    /* What has no `to` is for the user's own server. */
    if (to || p->step->expects_result) {
        xmlBuffer *bytes = xmlBufferCreate();
        xmlNodeDump(bytes, stanza->doc, stanza, 0, 0);
        result = player_dispatch(p, c, (const char *)xmlBufferContent(bytes), (size_t)xmlBufferLength(bytes), why);
        xmlBufferFree(bytes);
    }
    if (to && result == 0) {
        if (p->result == MUC_NOT_MINE)
            route_elsewhere(p, stanza, to);
        else if (p->result >= 0)
            remember_presence(c, stanza, to);
    }
    free(to);
    return result;
}

/* The stanzas of the step with ${...} filled in; NULL with `why`. */
static xmlDoc *read_body(const player *p, text *why)
{
    text body = {0};
    xmlDoc *doc = NULL;
    if (player_expand(p, text_string(&p->step->body), 1, &body, why) == 0) {
        doc = tree_read(text_string(&body), body.n);
        if (!doc)
            text_add(why, "the stanza in the script is not well-formed");
    }
    text_free(&body);
    return doc;
}

int step_sends(player *p, client *c)
{
    text why = {0};
    if (!c->online)
        return fail_with(p, "the client is not connected");
    xmlDoc *doc = read_body(p, &why);
    if (!doc)
        return fail(p, &why);
    int result = 0;
    for (xmlNode *stanza = tree_first(doc); stanza && result == 0; stanza = tree_next(stanza))
        result = send_one(p, c, stanza, &why);
    xmlFreeDoc(doc);
    if (result < 0)
        return fail(p, &why);
    text_free(&why);
    return 0;
}

int step_disconnects(player *p, client *c)
{
    text why = {0};
    int result = 0;
    if (!c->online)
        return fail_with(p, "the client is not connected");
    if (c->inbox.count && !p->options->lenient)
        return fail_unexpected(p, c, "this stanza was received before, and the script does not expect it");
    c->online = 0;
    for (size_t i = 0; i < c->directed.count && result == 0; i++) {
        text xml = {0};
        text_add(&xml, "<presence type='unavailable' from='");
        text_add_escaped(&xml, c->full);
        text_add(&xml, "' to='");
        text_add_escaped(&xml, c->directed.list[i]);
        text_add(&xml, "'/>");
        result = player_dispatch(p, c, xml.p, xml.n, &why);
        text_free(&xml);
    }
    words_free(&c->rooms);
    words_free(&c->directed);
    words_free(&c->inbox);
    if (result < 0)
        return fail(p, &why);
    text_free(&why);
    return 0;
}

/* ---- receiving -------------------------------------------------------------------------------------------------- */

static void take_first(client *c, size_t n)
{
    for (size_t i = 0; i < n; i++)
        free(c->inbox.list[i]);
    c->inbox.count -= n;
    memmove(c->inbox.list, c->inbox.list + n, c->inbox.count * sizeof *c->inbox.list);
}

static int fits(player *p, const xmlNode *expected, const char *xml, text *why)
{
    xmlDoc *doc = tree_read(xml, strlen(xml));
    if (!doc)
        text_add(why, "what was received is not well-formed");
    int same = doc && compare_stanza(expected, tree_first(doc), p->options->lenient, &p->captures, why);
    xmlFreeDoc(doc);
    return same;
}

static int receive_one(player *p, client *c, const xmlNode *expected)
{
    text why = {0};
    size_t i = 0, last = p->options->lenient ? c->inbox.count : 1;
    if (c->inbox.count == 0)
        return report_mismatch(p, expected, "", "nothing was received");
    while (i < last && !fits(p, expected, c->inbox.list[i], &why)) {
        if (i + 1 < last)
            text_cut(&why, 0);
        i++;
    }
    if (i < last)
        take_first(c, i + 1);
    else
        report_mismatch(p, expected, c->inbox.list[last - 1], text_string(&why));
    text_free(&why);
    return i < last ? 0 : -1;
}

int step_receives(player *p, client *c)
{
    text why = {0};
    if (!c->online)
        return fail_with(p, "the client is not connected");
    xmlDoc *doc = read_body(p, &why);
    if (!doc)
        return fail(p, &why);
    int result = 0;
    for (xmlNode *expected = tree_first(doc); expected && result == 0; expected = tree_next(expected))
        result = receive_one(p, c, expected);
    xmlFreeDoc(doc);
    return result;
}
