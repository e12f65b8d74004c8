/* copy.c: a tree to bytes, with what its namespaces need where it goes (Namespaces in XML 1.0).
 *
 * Every groupchat message passes here. End tags come from the tree, so the levels of the writer stay as they are. */
#include <xml/xml.h>

#include <xml/put.h>
#include <xml/scope.h>
#include <string.h>

typedef struct copy {
    muc_xml *x;
    mu_buf *out;
    const xmlNode *top;
    mu_change_fn *change;
    const void *context; /* of change */ /* NULL: nothing is hidden */
    const char *outside;                 /* the default namespace around top */
    const char *ns;                      /* the default namespace where the next thing is written */
    mu_scope scope;
} copy;

static void add(copy *c, const xmlChar *s)
{
    mu_put_str(c->out, (const char *)s);
}

static void add_name(copy *c, const char *prefix, const xmlChar *name)
{
    if (prefix) {
        mu_put_str(c->out, prefix);
        mu_put_char(c->out, ':');
    }
    add(c, name);
}

static void add_value(copy *c, const char *value)
{
    mu_put(c->out, "='", 2);
    if (value)
        mu_buf_escape(c->out, value, strlen(value), true);
    mu_put_char(c->out, '\'');
}

/* ---- namespaces ------------------------------------------------------------------------------------------------- */

static void add_declaration(copy *c, const xmlNs *ns)
{
    mu_put(c->out, " xmlns:", 7);
    add(c, ns->prefix);
    add_value(c, (const char *)ns->href);
}

static void need(copy *c, const xmlNs *ns, const xmlNode *node)
{
    mu_need n = mu_scope_need(&c->scope, ns, node);
    if (n == MU_NEED_DECLARATION)
        add_declaration(c, ns);
    else if (n == MU_NEED_REFUSED && c->x->error == MUC_OK)
        c->x->error = MUC_ERR_INVALID;
}

/* The default namespace inside a node: its own when it has no prefix, else what it declares or what is around it. */
static const char *inside(const copy *c, const xmlNode *node)
{
    for (;; node = node->parent) {
        if (!mu_node_prefix(node))
            return mu_ns_name(node->ns);
        for (const xmlNs *ns = node->nsDef; ns; ns = ns->next)
            if (!ns->prefix)
                return mu_ns_name(ns);
        if (node == c->top)
            return c->outside;
    }
}

static void add_namespaces(copy *c, const xmlNode *node)
{
    const char *ns = node == c->top || node->nsDef || node->ns != node->parent->ns ? inside(c, node) : c->ns;
    if (ns != c->ns && strcmp(ns, c->ns) != 0) {
        mu_put(c->out, " xmlns", 6);
        add_value(c, ns);
    }
    c->ns = ns;
    for (const xmlNs *d = node->nsDef; d; d = d->next) {
        if (!d->prefix || strcmp((const char *)d->prefix, "xml") == 0)
            continue;
        if (mu_scope_declare(&c->scope, d, node))
            add_declaration(c, d);
        else if (c->x->error == MUC_OK)
            c->x->error = MUC_ERR_INVALID;
    }
    if (mu_node_prefix(node))
        need(c, node->ns, node);
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (a->ns)
            need(c, a->ns, node);
}

/* ---- the walk --------------------------------------------------------------------------------------------------- */

static void add_attributes(copy *c, const xmlNode *node)
{
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        const char *value = a->children ? (const char *)a->children->content : NULL;
        if (c->change && !a->ns && !(value = c->change(node, (const char *)a->name, value ? value : "", c->context)))
            continue;
        mu_put_char(c->out, ' ');
        add_name(c, a->ns ? (const char *)a->ns->prefix : NULL, a->name);
        add_value(c, value);
    }
}

static void enter(copy *c, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE) {
        if (node->content)
            mu_buf_escape(c->out, (const char *)node->content, strlen((const char *)node->content), false);
        return;
    }
    mu_put_char(c->out, '<');
    add_name(c, mu_node_prefix(node), node->name);
    add_namespaces(c, node);
    add_attributes(c, node);
    mu_put_str(c->out, node->children ? ">" : "/>");
}

static void leave(copy *c, const xmlNode *node)
{
    if (node->type != XML_ELEMENT_NODE)
        return;
    if (node->children) {
        mu_put(c->out, "</", 2);
        add_name(c, mu_node_prefix(node), node->name);
        mu_put_char(c->out, '>');
    }
    mu_scope_leave(&c->scope, node);
    c->ns = node == c->top ? c->outside : inside(c, node->parent);
}

static void walk(copy *c, const xmlNode *top)
{
    c->top = top;
    c->scope.n = 0;
    for (const xmlNode *node = top;;) {
        enter(c, node);
        if (node->type == XML_ELEMENT_NODE && node->children) {
            node = node->children;
            continue;
        }
        for (leave(c, node); node != top && !node->next; leave(c, node))
            node = node->parent;
        if (node == top)
            return;
        node = node->next;
    }
}

static void begin(copy *c, muc_xml *x)
{
    mu_xml_settle(x);
    c->x = x;
    c->change = NULL;
    c->out = &x->buf;
    c->ns = c->outside = mu_xml_ns(x);
}

void mu_xml_children(muc_xml *x, const xmlNode *stanza, mu_skip_fn *skip, const void *context)
{
    if (muc_xml_error(x) != MUC_OK)
        return;
    copy c;
    begin(&c, x);
    for (const xmlNode *node = stanza->children; node; node = node->next)
        if (!skip || node->type != XML_ELEMENT_NODE || !skip(node, context))
            walk(&c, node);
}

void mu_xml_node_but(muc_xml *x, const xmlNode *node, mu_change_fn *change, const void *context)
{
    if (muc_xml_error(x) != MUC_OK)
        return;
    if (mu_element_check(node, SIZE_MAX) != MUC_OK) {
        x->error = MUC_ERR_INVALID;
        return;
    }
    copy c;
    begin(&c, x);
    c.change = change;
    c.context = context;
    walk(&c, node);
}

void muc_xml_node(muc_xml *x, const xmlNode *node)
{
    mu_xml_node_but(x, node, NULL, NULL);
}
