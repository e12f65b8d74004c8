/* build.c: the tree of one stanza, made from what libxml2's parser reports.
 *
 * libxml2's own handlers lose attributes, namespaces and text without a word when memory is short, and allocate each
 * node. These look at every result, and build in an arena. Limits that need the structure are here, too; what they
 * refuse stops the parser. */
#include <xml/build.h>

#include <libxml/parserInternals.h>
#include <string.h>

static void fail(mu_build *b, int error)
{
    if (b->error == MUC_OK)
        b->error = error;
    xmlStopParser(b->parser);
}

static void link_child(mu_build *b, xmlNode *child)
{
    xmlNode *parent = b->node ? b->node : (xmlNode *)&b->doc->doc;
    child->parent = parent;
    child->prev = parent->last;
    if (parent->last)
        parent->last->next = child;
    else
        parent->children = child;
    parent->last = child;
}

static void *nomem(mu_build *b)
{
    fail(b, MUC_ERR_NOMEM);
    return NULL;
}

static void *zalloc(mu_build *b, size_t n)
{
    void *p = mu_arena_zalloc(&b->doc->arena, n);
    return p ? p : nomem(b);
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

/* Names, prefixes and namespaces are the dictionary's: what is the same is nearly always in the same place. */
static bool same(const xmlChar *a, const xmlChar *b)
{
    return a == b || (a && b && strcmp((const char *)a, (const char *)b) == 0);
}

static bool declare(mu_build *b, xmlNode *node, xmlNs **end, const xmlChar *prefix, const xmlChar *href)
{
    xmlNs *ns = zalloc(b, sizeof *ns);
    if (!ns)
        return false;
    ns->type = XML_LOCAL_NAMESPACE;
    ns->prefix = prefix;
    ns->href = href;
    if (*end)
        (*end)->next = ns;
    else
        node->nsDef = ns;
    *end = ns;
    b->prefixes += prefix != NULL;
    return true;
}

static bool declare_all(mu_build *b, xmlNode *node, int count, const xmlChar **ns)
{
    xmlNs *end = NULL;
    for (int i = 0; i < count; i++)
        if (!declare(b, node, &end, ns[2 * i], ns[2 * i + 1]))
            return false;
    if (b->prefixes > MU_XML_PREFIXES)
        fail(b, MUC_ERR_MALFORMED);
    return b->error == MUC_OK;
}

/* What the parser resolved is found again in the tree. */
static xmlNs *resolve(mu_build *b, const xmlNode *node, const xmlChar *prefix, const xmlChar *href)
{
    for (; node && node->type == XML_ELEMENT_NODE; node = node->parent)
        for (xmlNs *ns = node->nsDef; ns; ns = ns->next)
            if (same(ns->prefix, prefix))
                return same(ns->href, href) ? ns : nomem(b);
    return same(b->doc->xml.prefix, prefix) ? &b->doc->xml : nomem(b);
}

static xmlChar *copy(mu_build *b, const xmlChar *p, size_t n)
{
    xmlChar *text = mu_arena_alloc(&b->doc->arena, n + 1);
    if (!text)
        return nomem(b);
    memcpy(text, p, n);
    text[n] = '\0';
    return text;
}

static xmlNode *new_text(mu_build *b)
{
    xmlNode *text = zalloc(b, sizeof *text);
    if (!text)
        return NULL;
    text->type = XML_TEXT_NODE;
    text->name = xmlStringText;
    text->doc = &b->doc->doc;
    return text;
}

/* field: local name, prefix, namespace, value, end of the value. A prefix without a namespace is an error that the
 * parser has reported. */
static bool add_attribute(mu_build *b, xmlNode *node, xmlAttr **end, const xmlChar **field)
{
    xmlNs *ns = NULL;
    if (field[1] && field[2] && !(ns = resolve(b, node, field[1], field[2])))
        return false;
    xmlAttr *a = zalloc(b, sizeof *a);
    xmlNode *value = a ? new_text(b) : NULL;
    if (!value || !(value->content = copy(b, field[3], (size_t)(field[4] - field[3]))))
        return false;
    a->type = XML_ATTRIBUTE_NODE;
    a->name = field[0];
    a->ns = ns;
    a->parent = node;
    a->doc = &b->doc->doc;
    a->children = a->last = value;
    value->parent = (xmlNode *)a;
    a->prev = *end;
    if (*end)
        (*end)->next = a;
    else
        node->properties = a;
    *end = a;
    return true;
}

static void start_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *href,
                          int namespaces, const xmlChar **ns, int attributes, int defaulted, const xmlChar **attribute)
{
    mu_build *b = context;
    (void)defaulted;
    if (b->error != MUC_OK)
        return;
    if (b->depth == b->max_depth || attributes > MU_XML_ATTRIBUTES) {
        fail(b, MUC_ERR_MALFORMED);
        return;
    }
    xmlNode *node = zalloc(b, sizeof *node);
    if (!node)
        return;
    node->type = XML_ELEMENT_NODE;
    node->name = name;
    node->doc = &b->doc->doc;
    link_child(b, node);
    b->node = node;
    b->text = NULL;
    b->depth++;
    if (!declare_all(b, node, namespaces, ns) || (href && !(node->ns = resolve(b, node, prefix, href))))
        return;
    xmlAttr *end = NULL;
    for (int i = 0; i < attributes; i++)
        if (!add_attribute(b, node, &end, attribute + 5 * i))
            return;
}

static void end_element(void *context, const xmlChar *name, const xmlChar *prefix, const xmlChar *href)
{
    mu_build *b = context;
    (void)name, (void)prefix, (void)href;
    if (b->error != MUC_OK)
        return;
    for (const xmlNs *ns = b->node->nsDef; ns; ns = ns->next)
        b->prefixes -= ns->prefix != NULL;
    b->node = --b->depth > 0 ? b->node->parent : NULL;
    b->text = NULL;
}

/* ---- text ------------------------------------------------------------------------------------------------------- */

/* Text comes in pieces of some hundred bytes: growing by doubling keeps a long one linear. */
static bool grow_text(mu_build *b, size_t more)
{
    mu_arena *arena = &b->doc->arena;
    size_t n = b->text_len + more + 1;
    if (n <= b->text_cap)
        return true;
    xmlChar *p = mu_arena_extend(arena, b->text->content, n);
    if (!p) {
        p = mu_arena_alloc(arena, n *= 2);
        if (p)
            memcpy(p, b->text->content, b->text_len);
    }
    if (!p)
        return nomem(b);
    b->text->content = p;
    b->text_cap = n;
    return true;
}

static bool begin_text(mu_build *b)
{
    xmlNode *text = new_text(b);
    if (!text || !(text->content = copy(b, (const xmlChar *)"", 0)))
        return false;
    link_child(b, text);
    b->text = text;
    b->text_len = 0;
    b->text_cap = 1;
    return true;
}

static void characters(void *context, const xmlChar *p, int n)
{
    mu_build *b = context;
    if (b->error != MUC_OK || !b->node || n <= 0)
        return;
    size_t len = (size_t)n;
    if ((!b->text && !begin_text(b)) || !grow_text(b, len))
        return;
    memcpy(b->text->content + b->text_len, p, len);
    b->text_len += len;
    b->text->content[b->text_len] = '\0';
}

/* ---- interface -------------------------------------------------------------------------------------------------- */

/* The parser does not ask for the five. */
static xmlEntity *refuse_entity(void *context, const xmlChar *name)
{
    (void)name;
    fail(context, MUC_ERR_MALFORMED);
    return NULL;
}

void mu_build_handlers(xmlSAXHandler *sax)
{
    memset(sax, 0, sizeof *sax);
    sax->initialized = XML_SAX2_MAGIC;
    sax->startElementNs = start_element;
    sax->endElementNs = end_element;
    sax->characters = sax->ignorableWhitespace = sax->cdataBlock = characters;
    sax->getEntity = refuse_entity;
}

mu_doc *mu_doc_new(xmlParserCtxt *parser, mu_arena_block *block)
{
    mu_arena arena;
    mu_arena_init(&arena, block);
    mu_doc *d = mu_arena_zalloc(&arena, sizeof *d);
    d->arena = arena;
    d->doc.type = XML_DOCUMENT_NODE;
    d->doc.doc = &d->doc;
    d->doc.standalone = d->doc.compression = -1;
    d->doc.charset = XML_CHAR_ENCODING_UTF8;
    d->doc.properties = XML_DOC_USERBUILT;
    d->doc.version = (const xmlChar *)"1.0";
    d->xml.type = XML_LOCAL_NAMESPACE;
    d->xml.href = XML_XML_NAMESPACE;
    d->xml.prefix = (const xmlChar *)"xml";
    d->doc.oldNs = &d->xml;
    d->doc.dict = parser->dict;
    xmlDictReference(d->doc.dict);
    return d;
}
