/* tree.h: stanzas as trees: reading them, and writing them in one canonical way. */
#ifndef SCS_TREE_H
#define SCS_TREE_H

#include <libxml/tree.h>

#include "text.h"

/** Namespace of the attributes that a script gives to what it expects. */
#define NS_SCANSION "urn:local:scansion"

/** Reads any number of stanzas as children of a root that declares `jabber:client`, as a stream does. NULL when
 * they are not well-formed. */
xmlDoc *tree_read(const char *xml, size_t n);
/** Whether tree_read() can read them. If not, `why` is told where the first of them stands on line *line of a file, and
 * *line is where it goes wrong. */
int tree_check(const char *xml, size_t n, int *line, text *why);
/** The first stanza of it, or NULL. */
xmlNode *tree_first(const xmlDoc *doc);
/** The next element after a node, or NULL. */
xmlNode *tree_next(const xmlNode *node);
/** The first child element, or NULL. */
xmlNode *tree_child(const xmlNode *node);
/** The namespace; an element without any is in `jabber:client`. */
const char *tree_ns(const xmlNode *node);
/** Whether two elements have the same name and namespace. */
int tree_same_name(const xmlNode *a, const xmlNode *b);
/** The value of an attribute without namespace as a copy, or NULL. */
char *tree_attr(const xmlNode *node, const char *name);
/** The text directly inside as a copy; blanks around it are dropped when there are elements beside it. */
char *tree_text(const xmlNode *node);
/** An attribute's name as it is shown: "type", "xml:lang", "{namespace}name". */
void tree_attr_name(const xmlAttr *attr, text *out);

/** Writes canonically: attributes sorted, `to` first where given, no prefixes, no blanks between elements. */
void tree_canonical(const xmlNode *node, const char *to, text *out);
/** The same, one element a line; the attributes `omit` (ended by NULL, or NULL) of the root element are left out. */
void tree_pretty(const xmlNode *node, const char *const *omit, text *out);

#endif
