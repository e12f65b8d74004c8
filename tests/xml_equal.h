/* xml_equal.h: whether two trees say the same: names, namespaces, prefixes, attributes in order, declarations, text. */
#ifndef MU_TESTS_XML_EQUAL_H
#define MU_TESTS_XML_EQUAL_H

#include <stdbool.h>
#include <string.h>
#include <xml/xml.h>

static inline bool xml_same(const void *a, const void *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

static inline const char *xml_value(const xmlAttr *a)
{
    return a->children && a->children->content ? (const char *)a->children->content : "";
}

static inline bool xml_same_attributes(const xmlAttr *a, const xmlAttr *b)
{
    for (; a && b; a = a->next, b = b->next)
        if (!xml_same(a->name, b->name) || strcmp(xml_value(a), xml_value(b)) != 0 || !a->ns != !b->ns ||
            (a->ns && (!xml_same(a->ns->href, b->ns->href) || !xml_same(a->ns->prefix, b->ns->prefix))))
            return false;
    return a == b;
}

/* Every prefix that a declares is declared by b, which may declare more. */
static inline bool xml_same_prefixes(const xmlNs *a, const xmlNs *b)
{
    for (; a; a = a->next) {
        const xmlNs *other = b;
        while (other && !xml_same(a->prefix, other->prefix))
            other = other->next;
        if (a->prefix && (!other || !xml_same(a->href, other->href)))
            return false;
    }
    return true;
}

/* The next element, and whether the text before it (in any number of pieces) is the same in both. */
static inline bool xml_same_text(const xmlNode **a, const xmlNode **b)
{
    const char *p = "", *q = "";
    for (;;) {
        while (*p == '\0' && *a && (*a)->type != XML_ELEMENT_NODE) {
            p = (*a)->content ? (const char *)(*a)->content : "";
            *a = (*a)->next;
        }
        while (*q == '\0' && *b && (*b)->type != XML_ELEMENT_NODE) {
            q = (*b)->content ? (const char *)(*b)->content : "";
            *b = (*b)->next;
        }
        if (*p != *q)
            return false;
        if (*p == '\0')
            return true;
        p++, q++;
    }
}

static inline bool xml_equal(const xmlNode *a, const xmlNode *b);

static inline bool xml_equal_children(const xmlNode *a, const xmlNode *b)
{
    a = a->children, b = b->children;
    for (;;) {
        if (!xml_same_text(&a, &b))
            return false;
        if (!a || !b)
            return a == b;
        if (!xml_equal(a, b))
            return false;
        a = a->next, b = b->next;
    }
}

static inline bool xml_equal(const xmlNode *a, const xmlNode *b)
{
    return xml_same(a->name, b->name) && strcmp(muc_node_ns(a), muc_node_ns(b)) == 0 &&
           xml_same(mu_node_prefix(a), mu_node_prefix(b)) && xml_same_attributes(a->properties, b->properties) &&
           xml_same_prefixes(a->nsDef, b->nsDef) && xml_equal_children(a, b);
}

#endif
