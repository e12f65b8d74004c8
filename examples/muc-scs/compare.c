/* compare.c: what a script expects against what was received; see compare.h.
 *
 * Children of one element may come in any order, those of one name in the order written. Below the stanza element
 * nothing may be there that the script does not say, unless the run is lenient or `scansion:strict='false'` allows
 * it. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "tree.h"

#define WILD    "{scansion:any}"
#define CAPTURE "{scansion:capture:"

const char *const compare_tolerated[] = {"to", "id", "xml:lang", NULL};

/* How much more than written an element may hold. */
typedef enum rigour {
    ROOT,   /* the tolerated attributes */
    STRICT, /* nothing */
    LOOSE   /* anything */
} rigour;

typedef struct comparison {
    captures *captures;
    text *why;
} comparison;

const char *captures_find(const captures *c, const char *name)
{
    for (size_t i = c->count; i-- > 0;)
        if (strcmp(c->list[i].name, name) == 0)
            return c->list[i].value;
    return NULL;
}

void captures_cut(captures *c, size_t n)
{
    while (c->count > n) {
        c->count--;
        free(c->list[c->count].name);
        free(c->list[c->count].value);
    }
    if (n == 0) {
        free(c->list);
        c->list = NULL;
    }
}

static void capture(captures *c, const char *name, size_t n, const char *value)
{
    c->list = grow(c->list, (c->count + 1) * sizeof *c->list);
    c->list[c->count++] = (struct capture){copy_n(name, n), copy(value)};
}

static int value_fits(const char *expected, const char *received, captures *c)
{
    size_t n = strlen(expected);
    if (strcmp(expected, WILD) == 0)
        return 1;
    if (starts(expected, CAPTURE) && expected[n - 1] == '}') {
        size_t skip = strlen(CAPTURE);
        capture(c, expected + skip, n - skip - 1, received);
        return 1;
    }
    return strcmp(expected, received) == 0;
}

static const xmlAttr *find_attr(const xmlNode *node, const char *name)
{
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        text t = {0};
        tree_attr_name(a, &t);
        int same = strcmp(t.p, name) == 0;
        text_free(&t);
        if (same)
            return a;
    }
    return NULL;
}

static char *value_of(const xmlAttr *attr)
{
    xmlNode holder = {0};
    holder.children = attr->children;
    return tree_text(&holder);
}

static int is_tolerated(const char *name)
{
    for (size_t i = 0; compare_tolerated[i]; i++)
        if (strcmp(compare_tolerated[i], name) == 0)
            return 1;
    return 0;
}

static int is_scansion(const xmlAttr *attr)
{
    return attr->ns && strcmp((const char *)attr->ns->href, NS_SCANSION) == 0;
}

static int attr_fits(const xmlAttr *want, const xmlNode *received, comparison *cmp)
{
    text name = {0};
    tree_attr_name(want, &name);
    const xmlAttr *got = find_attr(received, name.p);
    char *expected = value_of(want), *value = got ? value_of(got) : NULL;
    int fits = value && value_fits(expected, value, cmp->captures);
    if (!fits && value)
        text_format(cmp->why, "attribute '%s' of <%s> is '%s', not '%s'", name.p, (const char *)received->name, value,
                    expected);
    else if (!fits)
        text_format(cmp->why, "attribute '%s' of <%s> is missing", name.p, (const char *)received->name);
    free(expected);
    free(value);
    text_free(&name);
    return fits;
}

static int attrs_fit(const xmlNode *expected, const xmlNode *received, rigour how, comparison *cmp)
{
    for (const xmlAttr *a = expected->properties; a; a = a->next)
        if (!is_scansion(a) && !attr_fits(a, received, cmp))
            return 0;
    if (how == LOOSE)
        return 1;
    int fits = 1;
    for (const xmlAttr *a = received->properties; a && fits; a = a->next) {
        text name = {0};
        tree_attr_name(a, &name);
        fits = find_attr(expected, name.p) || (how == ROOT && is_tolerated(name.p));
        if (!fits)
            text_format(cmp->why, "attribute '%s' of <%s> is not expected", name.p, (const char *)received->name);
        text_free(&name);
    }
    return fits;
}

static int text_fits(const xmlNode *expected, const xmlNode *received, rigour how, comparison *cmp)
{
    char *want = tree_text(expected), *got = tree_text(received);
    int fits = (how == LOOSE && !*want) || value_fits(want, got, cmp->captures);
    if (!fits)
        text_format(cmp->why, "the text of <%s> is '%s', not '%s'", (const char *)received->name, got, want);
    free(want);
    free(got);
    return fits;
}

static int node_fits(const xmlNode *expected, const xmlNode *received, rigour how, comparison *cmp);

/* The received child for an expected one: the next of that name (`after` is the one used for the same name
 * before); with LOOSE, the next that fits. */
static const xmlNode *partner(const xmlNode *want, const xmlNode *parent, const xmlNode *after, rigour how,
                              comparison *cmp)
{
    size_t why = cmp->why->n;
    int seen = 0;
    const xmlNode *got = after ? tree_next(after) : tree_child(parent);
    for (; got; got = tree_next(got)) {
        if (!tree_same_name(want, got))
            continue;
        size_t kept = cmp->captures->count;
        seen = 1;
        if (node_fits(want, got, how, cmp))
            break;
        captures_cut(cmp->captures, kept);
        if (how == STRICT)
            return NULL;
    }
    if (got)
        text_cut(cmp->why, why);
    else if (!seen)
        text_format(cmp->why, "<%s xmlns='%s'> is missing in <%s>", (const char *)want->name, tree_ns(want),
                    (const char *)parent->name);
    return got;
}

static const xmlNode *former_of_name(const xmlNode *want, const xmlNode *const *used, const xmlNode *expected)
{
    const xmlNode *found = NULL;
    size_t i = 0;
    for (const xmlNode *w = tree_child(expected); w != want; w = tree_next(w), i++)
        if (tree_same_name(w, want))
            found = used[i];
    return found;
}

static int is_used(const xmlNode *node, const xmlNode *const *used, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (used[i] == node)
            return 1;
    return 0;
}

static int children_fit(const xmlNode *expected, const xmlNode *received, rigour how, comparison *cmp)
{
    const xmlNode **used = NULL;
    size_t count = 0;
    int fits = 1;
    for (const xmlNode *want = tree_child(expected); want && fits; want = tree_next(want)) {
        const xmlNode *got = partner(want, received, former_of_name(want, used, expected), how, cmp);
        used = grow(used, (count + 1) * sizeof *used);
        used[count++] = got;
        fits = got != NULL;
    }
    for (const xmlNode *got = tree_child(received); got && fits && how != LOOSE; got = tree_next(got)) {
        fits = is_used(got, used, count);
        if (!fits)
            text_format(cmp->why, "<%s xmlns='%s'> in <%s> is not expected", (const char *)got->name, tree_ns(got),
                        (const char *)received->name);
    }
    free(used);
    return fits;
}

/* What an element says about itself and what is in it. */
static rigour rigour_of(const xmlNode *expected, rigour inherited)
{
    for (const xmlAttr *a = expected->properties; a; a = a->next)
        if (is_scansion(a) && strcmp((const char *)a->name, "strict") == 0) {
            char *value = value_of(a);
            rigour said = strcmp(value, "false") == 0 || strcmp(value, "0") == 0 ? LOOSE : STRICT;
            free(value);
            return said;
        }
    return inherited;
}

static int node_fits(const xmlNode *expected, const xmlNode *received, rigour how, comparison *cmp)
{
    how = rigour_of(expected, how);
    return attrs_fit(expected, received, how, cmp) &&
           children_fit(expected, received, how == ROOT ? STRICT : how, cmp) && text_fits(expected, received, how, cmp);
}

int compare_stanza(const xmlNode *expected, const xmlNode *received, int lenient, captures *c, text *why)
{
    comparison cmp = {c, why};
    size_t kept = c->count;
    if (!tree_same_name(expected, received)) {
        text_format(why, "a <%s> was expected, not a <%s>", (const char *)expected->name, (const char *)received->name);
        return 0;
    }
    if (node_fits(expected, received, lenient ? LOOSE : ROOT, &cmp))
        return 1;
    captures_cut(c, kept);
    return 0;
}

/* Recursion is bounded by the depth that libxml2's reader allows. */
int compare_allows_more(const xmlNode *expected)
{
    int more = rigour_of(expected, STRICT) == LOOSE;
    for (const xmlNode *child = tree_child(expected); child && !more; child = tree_next(child))
        more = compare_allows_more(child);
    return more;
}

int compare_line(const char *expected, const char *received)
{
    const char *wild;
    while ((wild = strstr(expected, "{scansion:")) != NULL) {
        size_t n = (size_t)(wild - expected);
        const char *rest = strchr(wild, '}');
        if (!rest || strncmp(expected, received, n) != 0)
            return 0;
        rest++;
        received += n;
        /* A value ends with the quote or the tag that follows it in the script. */
        while (*received && *received != *rest)
            received++;
        expected = rest;
    }
    return strcmp(expected, received) == 0;
}
