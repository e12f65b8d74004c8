/* read.c: bytes to a tree, by the restrictions of RFC 6120 section 11.1.
 *
 * libxml2 parses; the tree is built here, not by its default handlers, because those lose attributes, namespaces and
 * text without a word when memory is short. */
#include <xml/xml.h>

#include <base/text.h>
#include <libxml/dict.h>
#include <libxml/parser.h>
#include <limits.h>
#include <string.h>

/* Entities beyond the five are refused when they are looked up; "substitute" keeps the five out of attribute values. */
enum { OPTIONS = XML_PARSE_NOENT | XML_PARSE_NONET };
/* The names of all stanzas gather in the parser's dictionary: above this many bytes it is thrown away. */
enum { DICTIONARY_BYTES = 100000 };

typedef struct build {
    xmlParserCtxt *parser;
    xmlDoc *doc;
    xmlNode *node; /* the innermost open element, NULL outside of the root */
    xmlNode *text; /* the last child of it, as long as it is text that may grow */
    size_t text_len, text_cap;
    size_t depth, max_depth, prefixes;
    int error; /* MUC_OK, MUC_ERR_MALFORMED, MUC_ERR_NOMEM */
} build;

static void fail(build *b, int error)
{
    if (b->error == MUC_OK)
        b->error = error;
    xmlStopParser(b->parser);
}

static void link_child(build *b, xmlNode *child)
{
    xmlNode *parent = b->node ? b->node : (xmlNode *)b->doc;
    child->parent = parent;
    child->prev = parent->last;
    if (parent->last)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

static bool same(const xmlChar *a, const xmlChar *b)
{
    return a == b || (a && b && strcmp((const char *)a, (const char *)b) == 0);
}

static bool declare(build *b, xmlNode *node, const xmlChar *prefix, const xmlChar *href)
{
    const xmlNs *ns = xmlNewNs(node, href, prefix);
    if (!ns || !same(ns->href, href) || !same(ns->prefix, prefix)) {
        fail(b, MUC_ERR_NOMEM);
        return false;
    }
    b->prefixes += prefix != NULL;
    return true;
}

/* What the parser resolved is found again in the tree. */
static xmlNs *resolve(build *b, xmlNode *node, const xmlChar *prefix, const xmlChar *href)
{
    xmlNs *ns = xmlSearchNs(b->doc, node, prefix);
    if (ns && same(ns->href, href) && same(ns->prefix, prefix))
        return ns;
    fail(b, MUC_ERR_NOMEM);
    return NULL;
}

/* field: local name, prefix, namespace, value, end of the value. */
static bool add_attribute(build *b, xmlNode *node, const xmlChar **field)
{
    xmlNs *ns = NULL;
    if (field[1] && !(ns = resolve(b, node, field[1], field[2])))
        return false;
    xmlAttr *a = xmlNewNsPropEatName(node, ns, (xmlChar *)(uintptr_t)field[0], NULL);
    xmlNode *value = a ? xmlNewDocTextLen(b->doc, field[3], (int)(field[4] - field[3])) : NULL;
    if (value) {
        value->parent = (xmlNode *)a;
        a->children = a->last = value;
    }
    if (value && value->content)
        return true;
    fail(b, MUC_ERR_NOMEM);
    return false;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix,
                          const xmlChar *href, int namespaces, const xmlChar **ns, int attributes,
                          int defaulted, const xmlChar **attribute)
{
    build *b = context;
    (void)defaulted;
    if (b->error != MUC_OK)
        return;
    if (b->depth == b->max_depth || namespaces + attributes > MU_XML_ATTRIBUTES) {
        fail(b, MUC_ERR_MALFORMED);
        return;
    }
    xmlNode *node = xmlNewDocNodeEatName(b->doc, NULL, (xmlChar *)(uintptr_t)name, NULL);
    if (!node) {
        fail(b, MUC_ERR_NOMEM);
        return;
    }
    link_child(b, node);
    b->node = node;
    b->text = NULL;
    b->depth++;
    for (int i = 0; i < namespaces; i++)
        if (!declare(b, node, ns[2 * i], ns[2 * i + 1]))
            return;
    if (b->prefixes > MU_XML_PREFIXES) {
        fail(b, MUC_ERR_MALFORMED);
        return;
    }
    if (href && !(node->ns = resolve(b, node, prefix, href)))
        return;
    for (int i = 0; i < attributes; i++)
        if (!add_attribute(b, node, attribute + 5 * i))
            return;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix,
                        const xmlChar *href)
{
    build *b = context;
    (void)name, (void)prefix, (void)href;
    if (b->error != MUC_OK)
        return;
    for (const xmlNs *ns = b->node->nsDef; ns; ns = ns->next)
        b->prefixes -= ns->prefix != NULL;
    b->node = --b->depth > 0 ? b->node->parent : NULL;
    b->text = NULL;
}

/* ---- text -------------------------------------------------------------------------------------------------------- */

/* Text comes in pieces of some hundred bytes: growing by doubling keeps a long one linear. */
static bool grow_text(build *b, size_t more)
{
    if (b->text_len + more < b->text_cap)
        return true;
    size_t cap = 2 * (b->text_len + more) + 1;
    xmlChar *p = xmlRealloc(b->text->content, cap);
    if (!p)
        return false;
    b->text->content = p;
    b->text_cap = cap;
    return true;
}

static void characters(void *context, const xmlChar *p, int n)
{
    build *b = context;
    if (b->error != MUC_OK || !b->node || n <= 0)
        return;
    size_t len = (size_t)n;
    if (!b->text) {
        xmlNode *text = xmlNewDocTextLen(b->doc, p, n);
        if (text)
            link_child(b, text);
        if (!text || !text->content) {
            fail(b, MUC_ERR_NOMEM);
            return;
        }
        b->text = text;
        b->text_len = len;
        b->text_cap = len + 1;
    } else if (grow_text(b, len)) {
        memcpy(b->text->content + b->text_len, p, len);
        b->text_len += len;
        b->text->content[b->text_len] = '\0';
    } else {
        fail(b, MUC_ERR_NOMEM);
    }
}

/* ---- what is refused --------------------------------------------------------------------------------------------- */

static void refuse_instruction(void *context, const xmlChar *target, const xmlChar *data)
{
    (void)target, (void)data;
    fail(context, MUC_ERR_MALFORMED);
}

static void refuse_comment(void *context, const xmlChar *text)
{
    (void)text;
    fail(context, MUC_ERR_MALFORMED);
}

/* The parser does not ask for the five. */
static xmlEntity *refuse_entity(void *context, const xmlChar *name)
{
    (void)name;
    fail(context, MUC_ERR_MALFORMED);
    return NULL;
}

/* ---- one parse --------------------------------------------------------------------------------------------------- */

static void take_handlers(xmlSAXHandler *sax)
{
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = start_element;
    sax->endElementNs = end_element;
    sax->characters = sax->ignorableWhitespace = sax->cdataBlock = characters;
    sax->processingInstruction = refuse_instruction;
    sax->comment = refuse_comment;
    sax->getEntity = refuse_entity;
}

static void drop_parser(mu_reader *r)
{
    xmlFreeParserCtxt(r->context);
    r->context = NULL;
}

static xmlParserCtxt *parser_of(mu_reader *r)
{
    xmlParserCtxt *parser = r->context;
    if (parser)
        return parser;
    parser = r->context = xmlNewParserCtxt();
    if (parser)
        take_handlers(parser->sax);
    return parser;
}

/* The document shares the parser's dictionary, which holds the names. */
static bool new_doc(build *b)
{
    b->doc = xmlNewDoc((const xmlChar *)"1.0");
    if (!b->doc)
        return false;
    b->doc->dict = b->parser->dict;
    xmlDictReference(b->doc->dict);
    return true;
}

static int verdict(const build *b, const mu_xml_guard *g)
{
    if (b->error == MUC_ERR_NOMEM || mu_xml_guard_nomem(g))
        return MUC_ERR_NOMEM;
    if (b->error != MUC_OK || g->code != 0 || !b->parser->wellFormed)
        return MUC_ERR_MALFORMED;
    /* Nothing was wrong, and yet not everything was read. */
    return b->doc->children && !b->node ? MUC_OK : MUC_ERR_NOMEM;
}

/* *final: more than libxml2's opinion. A parser that failed is not used again. */
static int parse_once(mu_reader *r, const char *p, int n, xmlDoc **out, bool *final)
{
    mu_xml_guard g;
    mu_xml_guard_begin(&g);
    build b = {.parser = parser_of(r), .max_depth = r->max_depth};
    int result = MUC_ERR_NOMEM;
    if (b.parser && new_doc(&b)) {
        b.parser->userData = &b;
        /* No document comes from here: the handlers build it. */
        (void)xmlCtxtReadMemory(b.parser, p, n, NULL, NULL, OPTIONS);
        result = verdict(&b, &g);
        xmlCtxtReset(b.parser);
    }
    mu_xml_guard_end(&g);
    *final = b.error != MUC_OK;
    if (result == MUC_OK) {
        *out = b.doc;
        if (xmlDictGetUsage(b.parser->dict) > DICTIONARY_BYTES)
            drop_parser(r);
    } else {
        mu_doc_free(b.doc);
        drop_parser(r);
    }
    return result;
}

/* Declarations on the stanza itself are carried to its children: how much that is, is looked at only when there are any. */
static bool carries_too_much(const xmlDoc *doc, size_t max_depth)
{
    for (const xmlNs *ns = doc->children->nsDef; ns; ns = ns->next)
        if (ns->prefix)
            return mu_node_check(doc->children, max_depth) != MUC_OK;
    return false;
}

/* ---- interface --------------------------------------------------------------------------------------------------- */

void mu_reader_init(mu_reader *r, size_t max_depth)
{
    r->context = NULL;
    r->max_depth = max_depth;
}

void mu_reader_free(mu_reader *r)
{
    drop_parser(r);
}

int mu_reader_parse(mu_reader *r, const char *p, size_t n, xmlDoc **out)
{
    *out = NULL;
    muc_span s = mu_trim((muc_span){p, n});
    /* A start tag comes first, so that no declaration or DTD gets as far as the parser. */
    if (s.n < 4 || s.n > INT_MAX || s.p[0] != '<' || s.p[1] == '?' || s.p[1] == '!' ||
        !mu_xml_valid(s.p, s.n))
        return MUC_ERR_MALFORMED;
    xmlDoc *doc = NULL;
    bool final;
    int result = parse_once(r, s.p, (int)s.n, &doc, &final);
    /* libxml2 takes some failed allocations for bad input: bad input stays bad. */
    if (result == MUC_ERR_MALFORMED && !final)
        result = parse_once(r, s.p, (int)s.n, &doc, &final);
    if (result == MUC_OK && carries_too_much(doc, r->max_depth)) {
        mu_doc_free(doc);
        return MUC_ERR_MALFORMED;
    }
    if (result == MUC_OK)
        *out = doc;
    return result;
}

void mu_doc_free(xmlDoc *doc)
{
    if (doc)
        xmlFreeDoc(doc);
}
