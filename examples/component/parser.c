/* parser.c: libxml2's push parser on a stream that does not end (RFC 6120 section 4 and 11).
 *
 * libstrophe, which could do the whole connection, drops the prefixes of attributes: `xml:lang` arrives as `lang`, and
 * `z:a` as `a` (0.12.2; as a component it does not survive the handshake either). So libxml2 builds its tree, with two
 * changes. It stops to build inside of an element that is too large or too deep, which a user may send: that must not
 * end the stream of everybody, and the element is handed over `cut`. And names gather in the parser's dictionary for as
 * long as it lives: when they are too many, the parser is replaced between two elements, and the new one is given the
 * stream's start tag again. */
#include <libxml/SAX2.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parser.h"
#include "tags.h"

/* Only the five entities: a document type does not get that far. "Huge": libxml2 ends the whole stream where its own
 * limits are reached; ours skip one element. */
enum { OPTIONS = XML_PARSE_NOENT | XML_PARSE_NOCDATA | XML_PARSE_NONET | XML_PARSE_COMPACT | XML_PARSE_HUGE };
enum { MAX_HEADER = 16384, DICTIONARY_BYTES = 500000, GIVE_UP = 8, SLICE = 4096 };
/* Looking up a prefix takes as long as there are declarations in scope, those of the stream aside. */
enum { IN_SCOPE = 200 };

struct parser {
    xmlParserCtxt *xml;
    xmlSAXHandler sax;
    parser_limits limits;
    const parser_events *events;
    void *ud;
    char header[MAX_HEADER]; /* everything up to the end of the stream's start tag */
    size_t header_n;
    int opened;   /* its event has been given */
    size_t depth; /* open elements, that of the stream included */
    size_t built; /* how many of them are in the tree */
    int cut;      /* the rest of the current top-level element is skipped */
    size_t since; /* bytes since the last top-level element ended */
    int closed;
    struct tags tags;
    char error[256];
    const char *condition; /* NULL: it is not well-formed */
    unsigned declared[];   /* in scope at each depth */
};

static struct parser *parser_of(void *context)
{
    return ((xmlParserCtxt *)context)->_private;
}

static void fail(struct parser *p, const char *condition, const char *why)
{
    if (p->error[0])
        return;
    snprintf(p->error, sizeof p->error, "%s", why);
    p->condition = condition;
}

/* ---- what libxml2 calls ----------------------------------------------------------------------------------------- */

static void on_start(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri, int ns_count,
                     const xmlChar **ns, int count, int defaulted, const xmlChar **attributes)
{
    struct parser *p = parser_of(context);
    size_t depth = ++p->depth;
    if (depth > p->limits.max_depth + 1)
        p->cut = 1;
    if (p->cut)
        return;
    p->declared[depth] = depth < 2 ? 0 : p->declared[depth - 1] + (unsigned)ns_count;
    /* What the element itself is has to be known all the same. */
    int much = p->declared[depth] > IN_SCOPE || ns_count + count >= TAGS_VALUES;
    p->cut = depth > 1 && much;
    if (p->cut && depth > 2)
        return;
    xmlSAX2StartElementNs(context, name, prefix, uri, ns_count, ns, count, defaulted, attributes);
    p->built = depth;
}

static void on_end(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri)
{
    struct parser *p = parser_of(context);
    xmlNode *node = p->xml->node;
    if (p->depth == p->built) {
        p->built--;
        xmlSAX2EndElementNs(context, name, prefix, uri);
    }
    if (--p->depth == 1 && node) {
        node->_private = p->cut ? p : NULL;
        p->cut = 0;
    }
    p->closed |= p->depth == 0;
}

/* Text between top-level elements keeps the connection alive and means nothing. */
static void on_text(void *context, const xmlChar *text, int n)
{
    struct parser *p = parser_of(context);
    if (p->depth > 1 && !p->cut)
        xmlSAX2Characters(context, text, n);
}

static void on_error(void *context, xmlError *error)
{
    if (error->level != XML_ERR_FATAL)
        return;
    char text[200];
    snprintf(text, sizeof text, "%s", error->message ? error->message : "no XML");
    text[strcspn(text, "\n")] = 0;
    fail(parser_of(context), error->code == XML_ERR_NO_MEMORY ? "resource-constraint" : NULL, text);
}

/* ---- the parser, which is replaced now and then ----------------------------------------------------------------- */

static void drop(struct parser *p)
{
    if (!p->xml)
        return;
    xmlDoc *doc = p->xml->myDoc;
    xmlFreeParserCtxt(p->xml);
    xmlFreeDoc(doc);
    p->xml = NULL;
}

static int renew(struct parser *p)
{
    drop(p);
    p->depth = p->built = 0;
    p->xml = xmlCreatePushParserCtxt(&p->sax, NULL, NULL, 0, NULL);
    if (!p->xml)
        return -1;
    p->xml->_private = p;
    (void)xmlCtxtUseOptions(p->xml, OPTIONS);
    return 0;
}

struct parser *parser_new(const parser_limits *limits, const parser_events *events, void *ud)
{
    struct parser *p = calloc(1, sizeof *p + (limits->max_depth + 2) * sizeof *p->declared);
    if (!p)
        return NULL;
    p->limits = *limits;
    p->events = events;
    p->ud = ud;
    xmlSAXVersion(&p->sax, 2);
    p->sax.startElementNs = on_start;
    p->sax.endElementNs = on_end;
    p->sax.characters = p->sax.ignorableWhitespace = on_text;
    p->sax.serror = on_error;
    if (renew(p) == 0)
        return p;
    parser_free(p);
    return NULL;
}

void parser_free(struct parser *p)
{
    if (!p)
        return;
    drop(p);
    free(p);
}

const char *parser_error(const struct parser *p)
{
    return p->error[0] ? p->error : "no XML";
}

const char *parser_condition(const struct parser *p)
{
    return p->condition ? p->condition : "not-well-formed";
}

/* ---- bytes ------------------------------------------------------------------------------------------------------ */

static int parse(struct parser *p, const char *bytes, size_t n)
{
    int r = xmlParseChunk(p->xml, bytes, (int)n, 0);
    if (r == XML_ERR_NO_MEMORY)
        fail(p, "resource-constraint", "no memory");
    return p->error[0] || !p->xml->wellFormed ? -1 : 0;
}

/* Where the parser can be replaced, or the header ends, is only known behind a '>'. */
static size_t piece_of(const struct parser *p, const char *bytes, size_t n)
{
    if (p->opened && xmlDictGetUsage(p->xml->dict) < DICTIONARY_BYTES)
        return n;
    const char *end = memchr(bytes, '>', n);
    return end ? (size_t)(end - bytes) + 1 : n;
}

static int take_header(struct parser *p, const char *bytes, size_t n)
{
    if (n > MAX_HEADER - p->header_n) {
        fail(p, "policy-violation", "the start of the stream is too long");
        return -1;
    }
    memcpy(p->header + p->header_n, bytes, n);
    p->header_n += n;
    return 0;
}

static xmlNode *root_of(const struct parser *p)
{
    return p->xml->myDoc ? xmlDocGetRootElement(p->xml->myDoc) : NULL;
}

/* Hands over what is complete, in order. */
static int hand_over(struct parser *p)
{
    xmlNode *root = root_of(p);
    if (!p->opened && p->depth) {
        p->opened = 1;
        int r = p->events->opened(root, p->ud);
        if (r)
            return r;
    }
    for (xmlNode *node; root && (node = root->children) && (p->depth < 2 || node->next);) {
        int r = p->events->element(node, node->_private == p, p->ud);
        xmlUnlinkNode(node);
        xmlFreeNode(node);
        if (r)
            return r;
    }
    return p->closed ? p->events->closed(p->ud) : 0;
}

static int count(struct parser *p, size_t n)
{
    p->since = p->depth < 2 ? 0 : p->since + n;
    if (p->since > p->limits.max_element)
        p->cut = 1;
    if (p->since / GIVE_UP <= p->limits.max_element)
        return 0;
    fail(p, "policy-violation", "an element that does not end");
    return -1;
}

static int replace(struct parser *p)
{
    const xmlParserInput *input = p->xml->input;
    if (p->depth != 1 || input->cur != input->end || xmlDictGetUsage(p->xml->dict) < DICTIONARY_BYTES)
        return 0;
    if (renew(p) == 0 && parse(p, p->header, p->header_n) == 0)
        return 0;
    fail(p, "resource-constraint", "no memory");
    return -1;
}

static int feed(struct parser *p, const char *bytes, size_t n)
{
    int r = 0;
    for (size_t piece; n && r == 0; bytes += piece, n -= piece) {
        piece = piece_of(p, bytes, n);
        if (!p->opened)
            r = take_header(p, bytes, piece);
        if (r == 0)
            r = parse(p, bytes, piece);
        if (r == 0)
            r = count(p, piece);
        if (r == 0)
            r = hand_over(p);
        if (r == 0 && p->opened && !p->closed)
            r = replace(p);
    }
    return r;
}

int parser_feed(struct parser *p, const char *bytes, size_t n)
{
    int r = 0;
    for (size_t slice; n && r == 0; bytes += slice, n -= slice) {
        char bounded[SLICE];
        slice = n < SLICE ? n : SLICE;
        /* libxml2 would wait for more. */
        if (memchr(bytes, 0, slice))
            return fail(p, NULL, "a NUL byte"), -1;
        r = feed(p, bounded, tags_bound(&p->tags, bytes, slice, bounded));
        if (r == 0 && p->tags.restricted)
            return fail(p, "restricted-xml", p->tags.restricted), -1;
    }
    return r;
}
