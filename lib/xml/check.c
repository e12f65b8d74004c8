/* check.c: whether a tree from outside keeps to the rules that read.c enforces on bytes (RFC 6120 section 11.1), so
 * that what is written from it is well-formed. */
#include <xml/xml.h>

#include <base/text.h>
#include <xml/scope.h>
#include <string.h>

typedef struct check {
    mu_scope scope;
    const xmlNode *top;
    bool stanza; /* top itself is not written, and what it declares has to be carried to its children */
    size_t depth, max_depth, carried;
} check;

static bool good_name(const xmlChar *name)
{
    return name && mu_xml_name((const char *)name);
}

static bool good_text(const xmlChar *text)
{
    return !text || mu_xml_valid((const char *)text, strlen((const char *)text));
}

static bool is(const xmlChar *a, const char *b)
{
    return strcmp((const char *)a, b) == 0;
}

/* No declaration may name these (Namespaces in XML 1.0 section 3). */
static bool reserved(const xmlChar *href)
{
    return is(href, (const char *)XML_XML_NAMESPACE) || is(href, "http://www.w3.org/2000/xmlns/");
}

/* A namespace that goes with a prefix, as a declaration or on a name. "xml" is known to everybody. */
static bool good_prefixed(const xmlNs *ns)
{
    if (!ns->href || ns->href[0] == '\0' || !good_text(ns->href) || !good_name(ns->prefix))
        return false;
    if (is(ns->prefix, "xml"))
        return is(ns->href, (const char *)XML_XML_NAMESPACE);
    return !is(ns->prefix, "xmlns") && !reserved(ns->href);
}

/* As a default. */
static bool good_plain(const xmlNs *ns)
{
    return !ns->href || (good_text(ns->href) && !reserved(ns->href));
}

static bool good_declarations(const xmlNode *node)
{
    for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
        if (!(ns->prefix ? good_prefixed(ns) : good_plain(ns)))
            return false;
    return true;
}

static bool same_attribute(const xmlAttr *a, const xmlAttr *b)
{
    if (strcmp((const char *)a->name, (const char *)b->name) != 0 || !a->ns != !b->ns)
        return false;
    return !a->ns || strcmp((const char *)a->ns->href, (const char *)b->ns->href) == 0;
}

static bool good_value(const xmlNode *value)
{
    return !value || (value->type == XML_TEXT_NODE && !value->next && good_text(value->content));
}

static bool good_attributes(const xmlNode *node)
{
    size_t count = 0;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        if (++count > MU_XML_ATTRIBUTES || !good_name(a->name) || !good_value(a->children))
            return false;
        if (a->ns ? !good_prefixed(a->ns) : is(a->name, "xmlns"))
            return false;
        for (const xmlAttr *b = node->properties; b != a; b = b->next)
            if (same_attribute(a, b))
                return false;
    }
    return true;
}

static bool good_element(const xmlNode *node)
{
    if (!good_name(node->name) || !good_declarations(node) || !good_attributes(node))
        return false;
    return mu_node_prefix(node) ? good_prefixed(node->ns) : !node->ns || good_plain(node->ns);
}

static bool need(check *c, const xmlNs *ns, const xmlNode *node)
{
    mu_need n = mu_scope_need(&c->scope, ns, node);
    if (n == MU_NEED_DECLARATION)
        c->carried += strlen((const char *)ns->prefix) + strlen((const char *)ns->href);
    return n != MU_NEED_REFUSED && (!c->stanza || c->carried <= MU_XML_CARRIED);
}

/* Follows what copy.c will do. */
static bool good_scope(check *c, const xmlNode *node)
{
    if (c->stanza && node == c->top)
        return true;
    for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
        if (ns->prefix && !is(ns->prefix, "xml") && !mu_scope_declare(&c->scope, ns, node))
            return false;
    if (mu_node_prefix(node) && !need(c, node->ns, node))
        return false;
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (a->ns && !need(c, a->ns, node))
            return false;
    return true;
}

static bool enter(check *c, const xmlNode *node)
{
    if (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE)
        return good_text(node->content);
    if (node->type != XML_ELEMENT_NODE || c->depth++ == c->max_depth)
        return false;
    return good_element(node) && good_scope(c, node);
}

static void leave(check *c, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE)
        return;
    c->depth--;
    mu_scope_leave(&c->scope, node);
}

static int walk(check *c)
{
    const xmlNode *node = c->top;
    if (!node || node->type != XML_ELEMENT_NODE)
        return MUC_ERR_MALFORMED;
    for (;;) {
        if (!enter(c, node))
            return MUC_ERR_MALFORMED;
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
            continue;
        }
        for (leave(c, node); node != c->top && !node->next; leave(c, node))
            node = node->parent;
        if (node == c->top)
            return MUC_OK;
        node = node->next;
    }
}

int mu_node_check(const xmlNode *root, size_t max_depth)
{
    check c = {.top = root, .stanza = true, .max_depth = max_depth};
    return walk(&c);
}

int mu_element_check(const xmlNode *element, size_t max_depth)
{
    check c = {.top = element, .max_depth = max_depth};
    return walk(&c);
}
