/* tree.c: stanzas as trees; see tree.h. */
#include <stdlib.h>
#include <string.h>

#include <libxml/parser.h>

#include "tree.h"

/* Stanzas in an element that declares what a stream does. */
static void put_into(const char *root, const char *xml, size_t n, text *all)
{
    text_format(all,
                "<%s xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'"
                " xmlns:scansion='" NS_SCANSION "'>",
                root);
    text_add_n(all, xml, n);
    text_format(all, "</%s>", root);
}

xmlDoc *tree_read(const char *xml, size_t n)
{
    text all = {0};
    put_into("stream:stream", xml, n, &all);
    xmlDoc *doc =
        xmlReadMemory(all.p, (int)all.n, NULL, "UTF-8", XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    text_free(&all);
    return doc;
}

/* Reads byte by byte, to stop at the first error: the reader remembers only the latest one. */
static void find_error(const text *all, int *line, text *why)
{
    xmlParserCtxt *reader = xmlCreatePushParserCtxt(NULL, NULL, NULL, 0, NULL);
    if (!reader)
        return;
    xmlCtxtUseOptions(reader, XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
    for (size_t i = 0; i < all->n && reader->wellFormed; i++)
        xmlParseChunk(reader, all->p + i, 1, i + 1 == all->n);
    const xmlError *error = xmlCtxtGetLastError(reader);
    if (error && error->message) {
        *line = error->line;
        text_add_n(why, error->message, strcspn(error->message, "\n"));
    }
    xmlFreeDoc(reader->myDoc);
    xmlFreeParserCtxt(reader);
    xmlResetLastError();
}

int tree_check(const char *xml, size_t n, int *line, text *why)
{
    xmlDoc *doc = tree_read(xml, n);
    xmlFreeDoc(doc);
    xmlResetLastError(); /* a prefix that nobody declared is an error, too, if not one of being well-formed */
    if (doc)
        return 0;
    /* libxml2 names lines and the root in its words, too. */
    text all = {0};
    for (int i = 1; i < *line; i++)
        text_add(&all, "\n");
    put_into("the-step", xml, n, &all);
    find_error(&all, line, why);
    text_free(&all);
    return -1;
}

static xmlNode *element_from(xmlNode *node)
{
    while (node && node->type != XML_ELEMENT_NODE)
        node = node->next;
    return node;
}

xmlNode *tree_first(const xmlDoc *doc)
{
    const xmlNode *root = doc ? doc->children : NULL;
    return root ? element_from(root->children) : NULL;
}

xmlNode *tree_next(const xmlNode *node)
{
    return element_from(node->next);
}

xmlNode *tree_child(const xmlNode *node)
{
    return element_from(node->children);
}

const char *tree_ns(const xmlNode *node)
{
    return node->ns && node->ns->href ? (const char *)node->ns->href : "jabber:client";
}

int tree_same_name(const xmlNode *a, const xmlNode *b)
{
    return strcmp((const char *)a->name, (const char *)b->name) == 0 && strcmp(tree_ns(a), tree_ns(b)) == 0;
}

/* Text of several nodes in a row, entities being impossible here. */
static void join_text(const xmlNode *first, text *out)
{
    for (const xmlNode *n = first; n; n = n->next)
        if ((n->type == XML_TEXT_NODE || n->type == XML_CDATA_SECTION_NODE) && n->content)
            text_add(out, (const char *)n->content);
}

static char *attr_value(const xmlAttr *attr)
{
    text value = {0};
    join_text(attr->children, &value);
    char *p = copy(text_string(&value));
    text_free(&value);
    return p;
}

char *tree_attr(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next)
        if (!a->ns && strcmp((const char *)a->name, name) == 0)
            return attr_value(a);
    return NULL;
}

char *tree_text(const xmlNode *node)
{
    text t = {0};
    join_text(node->children, &t);
    const char *from = text_string(&t), *to = from + t.n;
    if (tree_child(node)) {
        while (*from && strchr(" \t\r\n", *from))
            from++;
        while (to > from && strchr(" \t\r\n", to[-1]))
            to--;
    }
    char *p = copy_n(from, (size_t)(to - from));
    text_free(&t);
    return p;
}

void tree_attr_name(const xmlAttr *attr, text *out)
{
    if (attr->ns && attr->ns->prefix && strcmp((const char *)attr->ns->prefix, "xml") == 0)
        text_add(out, "xml:");
    else if (attr->ns)
        text_format(out, "{%s}", (const char *)attr->ns->href);
    text_add(out, (const char *)attr->name);
}

static int is_omitted(const char *name, const char *const *omit)
{
    for (; omit && *omit; omit++)
        if (strcmp(name, *omit) == 0)
            return 1;
    return 0;
}

/* An attribute as it is written, and what it is sorted by. */
typedef struct written_attr {
    text name; /* as tree_attr_name() gives it */
    char *value;
    const xmlAttr *is;
} written_attr;

static int compare_attrs(const void *a, const void *b)
{
    return strcmp(((const written_attr *)a)->name.p, ((const written_attr *)b)->name.p);
}

/* A prefix of its own for each attribute that needs one: the n-th in the order of names. */
static void write_attr(const written_attr *attr, size_t n, text *out)
{
    if (attr->name.p[0] == '{') {
        text_format(out, " xmlns:a%zu='", n);
        text_add_escaped(out, (const char *)attr->is->ns->href);
        text_format(out, "' a%zu:%s='", n, (const char *)attr->is->name);
    } else {
        text_format(out, " %s='", attr->name.p);
    }
    text_add_escaped(out, attr->value);
    text_add(out, "'");
}

static void write_attrs(const xmlNode *node, const char *to, const char *const *omit, text *out)
{
    written_attr *all = NULL;
    size_t count = 0;
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        if (a->ns && strcmp((const char *)a->ns->href, NS_SCANSION) == 0)
            continue;
        text name = {0};
        tree_attr_name(a, &name);
        if ((to && strcmp(name.p, "to") == 0) || is_omitted(name.p, omit)) {
            text_free(&name);
            continue;
        }
        all = grow(all, (count + 1) * sizeof *all);
        all[count++] = (written_attr){name, attr_value(a), a};
    }
    if (count)
        qsort(all, count, sizeof *all, compare_attrs);
    if (to) {
        text_add(out, " to='");
        text_add_escaped(out, to);
        text_add(out, "'");
    }
    for (size_t i = 0; i < count; i++) {
        write_attr(&all[i], i, out);
        text_free(&all[i].name);
        free(all[i].value);
    }
    free(all);
}

static void indent(text *out, int depth)
{
    if (depth >= 0)
        for (int i = 0; i < depth; i++)
            text_add(out, "  ");
}

/* depth < 0: on one line. Recursion is bounded by the depth that libxml2's reader allows. */
static void write_node(const xmlNode *node, const char *parent_ns, const char *to, const char *const *omit, int depth,
                       text *out)
{
    const char *ns = tree_ns(node);
    const xmlNode *child = tree_child(node);
    char *inside = tree_text(node);
    indent(out, depth);
    text_format(out, "<%s", (const char *)node->name);
    if (strcmp(ns, parent_ns) != 0) {
        text_add(out, " xmlns='");
        text_add_escaped(out, ns);
        text_add(out, "'");
    }
    write_attrs(node, to, omit, out);
    text_add(out, child || *inside ? ">" : "/>");
    text_add_escaped(out, inside);
    if (child && depth >= 0)
        text_add(out, "\n");
    for (; child; child = tree_next(child))
        write_node(child, ns, NULL, NULL, depth < 0 ? -1 : depth + 1, out);
    if (tree_child(node))
        indent(out, depth);
    if (tree_child(node) || *inside)
        text_format(out, "</%s>", (const char *)node->name);
    if (depth >= 0)
        text_add(out, "\n");
    free(inside);
}

void tree_canonical(const xmlNode *node, const char *to, text *out)
{
    write_node(node, "jabber:client", to, NULL, -1, out);
}

void tree_pretty(const xmlNode *node, const char *const *omit, text *out)
{
    write_node(node, "jabber:client", NULL, omit, 0, out);
}
