/* node.c: looking at a libxml2 tree without changing it.
 *
 * XMPP's content namespaces (RFC 6120 section 4.8.2) are one here, so that a component, a client and a server
 * connection see the same rooms. */
#include <xml/xml.h>

#include <string.h>

const char *mu_ns_fold(const char *href)
{
    if (!href || href[0] == '\0')
        return MUC_NS_CLIENT;
    if (strncmp(href, "jabber:", 7) != 0)
        return href;
    return strcmp(href, "jabber:server") == 0 || strcmp(href, "jabber:component:accept") == 0 ? MUC_NS_CLIENT : href;
}

const char *mu_ns_name(const xmlNs *ns)
{
    return mu_ns_fold(ns ? (const char *)ns->href : NULL);
}

const char *mu_node_prefix(const xmlNode *node)
{
    if (!node->ns || !node->ns->prefix || strcmp(mu_ns_name(node->ns), MUC_NS_CLIENT) == 0)
        return NULL;
    return (const char *)node->ns->prefix;
}

const char *muc_node_ns(const xmlNode *node)
{
    return mu_ns_name(node ? node->ns : NULL);
}

int muc_node_is(const xmlNode *node, const char *name, const char *ns)
{
    if (!node || node->type != XML_ELEMENT_NODE)
        return 0;
    if (name && !mu_name_is(node->name, name))
        return 0;
    return !ns || strcmp(muc_node_ns(node), mu_ns_fold(ns)) == 0;
}

static const xmlNode *element_from(const xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

const xmlNode *mu_first(const xmlNode *parent)
{
    return parent ? element_from(parent->children) : NULL;
}

const xmlNode *mu_after(const xmlNode *node)
{
    return node ? element_from(node->next) : NULL;
}

static const xmlNode *find_from(const xmlNode *node, const char *name, const char *ns)
{
    while (node && !muc_node_is(node, name, ns))
        node = node->next;
    return node;
}

const xmlNode *muc_node_child(const xmlNode *parent, const char *name, const char *ns)
{
    return parent ? find_from(parent->children, name, ns) : NULL;
}

const xmlNode *muc_node_next(const xmlNode *node, const char *name, const char *ns)
{
    return node ? find_from(node->next, name, ns) : NULL;
}

/* The value of an attribute; the namespace is NULL or its name. */
static const char *value_of(const xmlNode *node, const char *name, const char *ns)
{
    if (!node || node->type != XML_ELEMENT_NODE)
        return NULL;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        if (!a->ns != !ns || !mu_name_is(a->name, name) || (ns && strcmp((const char *)a->ns->href, ns) != 0))
            continue;
        return a->children && a->children->content ? (const char *)a->children->content : "";
    }
    return NULL;
}

const char *muc_node_attr(const xmlNode *node, const char *name)
{
    return value_of(node, name, NULL);
}

const char *muc_node_lang(const xmlNode *node)
{
    return value_of(node, "lang", (const char *)XML_XML_NAMESPACE);
}

static bool is_text(const xmlNode *node)
{
    return (node->type == XML_TEXT_NODE || node->type == XML_CDATA_SECTION_NODE) && node->content;
}

const char *muc_node_text(const xmlNode *node)
{
    if (!node)
        return NULL;
    const char *text = NULL;
    for (const xmlNode *c = node->children; c; c = c->next) {
        if (!is_text(c))
            continue;
        if (text)
            return NULL;
        text = (const char *)c->content;
    }
    return text ? text : "";
}

void mu_node_text(const xmlNode *node, mu_buf *out)
{
    for (const xmlNode *c = node ? node->children : NULL; c; c = c->next)
        if (is_text(c))
            mu_buf_str(out, (const char *)c->content);
}

size_t muc_node_copy_text(const xmlNode *node, char *out, size_t size)
{
    size_t n = 0;
    for (const xmlNode *c = node ? node->children : NULL; c; c = c->next) {
        if (!is_text(c))
            continue;
        size_t piece = strlen((const char *)c->content);
        size_t room = n + 1 < size ? size - n - 1 : 0;
        if (room)
            memcpy(out + n, c->content, piece < room ? piece : room);
        n += piece;
    }
    if (size)
        out[n < size ? n : size - 1] = '\0';
    return n;
}
