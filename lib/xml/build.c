/* build.c: the tree of one stanza, made from what libxml2's parser reports.
 *
 * libxml2's own handlers lose attributes, namespaces and text without a word when memory is short. These look at every
 * result. Limits that need the structure are here, too; what they refuse stops the parser. */
#include <xml/build.h>

#include <libxml/dict.h>
#include <string.h>

static void fail(mu_build *b, int error)
{
    if (b->error == MUC_OK)
        b->error = error;
    xmlStopParser(b->parser);
}

static void link_child(mu_build *b, xmlNode *child)
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

static bool declare(mu_build *b, xmlNode *node, const xmlChar *prefix, const xmlChar *href)
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
static xmlNs *resolve(mu_build *b, xmlNode *node, const xmlChar *prefix, const xmlChar *href)
{
    xmlNs *ns = xmlSearchNs(b->doc, node, prefix);
    if (ns && same(ns->href, href) && same(ns->prefix, prefix))
        return ns;
    fail(b, MUC_ERR_NOMEM);
    return NULL;
}

/* field: local name, prefix, namespace, value, end of the value. A prefix without a namespace is an error that the
 * parser has reported. */
static bool add_attribute(mu_build *b, xmlNode *node, const xmlChar **field)
{
    xmlNs *ns = NULL;
    if (field[1] && field[2] && !(ns = resolve(b, node, field[1], field[2])))
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
    mu_build *b = context;
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

xmlDoc *mu_build_doc(xmlParserCtxt *parser)
{
    xmlDoc *doc = xmlNewDoc((const xmlChar *)"1.0");
    if (!doc)
        return NULL;
    doc->dict = parser->dict;
    xmlDictReference(doc->dict);
    return doc;
}
