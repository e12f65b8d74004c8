/* xml.h: the floor that knows XML and stanzas but not MUC: reading, looking at and writing them. */
#ifndef MU_XML_XML_H
#define MU_XML_XML_H

#include <base/buf.h>
#include <muc/error.h>
#include <muc/xml.h>
#include <string.h>

/* ---- errors of libxml2 (guard.c) -------------------------------------------------------------------------------- */

/* libxml2 reports errors to a thread-wide handler that prints by default. Between begin and end ours is set, which only
 * latches; the host's is put back. May nest. */
typedef struct mu_xml_guard {
    xmlStructuredErrorFunc handler;
    void *context;
    int code; /* the first xmlParserErrors seen, 0 for none; XML_ERR_NO_MEMORY stays once it was seen */
} mu_xml_guard;
void mu_xml_guard_begin(mu_xml_guard *g);
void mu_xml_guard_end(mu_xml_guard *g);
bool mu_xml_guard_nomem(const mu_xml_guard *g);

/* ---- limits of both inputs -------------------------------------------------------------------------------------- */

enum {
    MU_XML_BYTES = 8388608,  /* of one stanza: libxml2 takes its limit for a lack of memory */
    MU_XML_ATTRIBUTES = 128, /* of one element: finding a doubled one is quadratic */
    MU_XML_PREFIXES = 64,    /* declared in scope at once: looking one up is linear */
    MU_XML_VALUES = MU_XML_ATTRIBUTES + MU_XML_PREFIXES + 1, /* in one tag: with declarations */
    MU_XML_CARRIED = 65536 /* bytes of declarations that are put on the children of a stanza */
};

/* ---- bytes to tree (read.c) ------------------------------------------------------------------------------------- */

typedef struct mu_reader {
    void *context;                /* reused over stanzas; opaque here */
    char *bytes;                  /* what is parsed, ended by a NUL */
    size_t cap;                   /* of bytes */
    struct mu_arena_block *spare; /* for the next document, or NULL */
    size_t max_depth;
    size_t max_bytes; /* MU_XML_BYTES; may be set to more, up to INT_MAX, before the first parse */
} mu_reader;
void mu_reader_init(mu_reader *r, size_t max_depth);
void mu_reader_free(mu_reader *r);
/* One element in a document of its own. Restricted XML (RFC 6120 section 11.1): no DTD, no entity beyond the five, no
 * comment, no processing instruction; UTF-8 only; depth bounded; text only white space around the element. An element
 * without a namespace declaration is as it stands (muc_node_ns() calls it jabber:client).
 * MUC_OK, MUC_ERR_MALFORMED or MUC_ERR_NOMEM. */
int mu_reader_parse(mu_reader *r, const char *p, size_t n, xmlDoc **out);
/* Documents are read only: their nodes are not libxml2's to be freed. One may outlive its reader. */
void mu_doc_free(xmlDoc *doc);
/* The same, and the reader takes its memory for the next one. */
void mu_reader_recycle(mu_reader *r, xmlDoc *doc);
/* Whether there is no markup but tags and CDATA, and no tag with more than MU_XML_VALUES (scan.c). */
bool mu_xml_plain(const char *p, size_t n);
/* Whether a stanza that the host built keeps to the same rules: depth, node kinds, names, legal UTF-8, each attribute
 * once and its value in one piece, namespaces that can be written. MUC_OK or MUC_ERR_MALFORMED. Iterative (check.c). */
int mu_node_check(const xmlNode *root, size_t max_depth);
/* The same for an element that is written with its start tag: its own declarations need no carrying. */
int mu_element_check(const xmlNode *element, size_t max_depth);

/* A name without a colon (name.c). */
bool mu_xml_name(const char *name);

/* ---- looking (node.c) ------------------------------------------------------------------------------------------- */

/* Joins the text directly inside a node (text and CDATA) into out. */
void mu_node_text(const xmlNode *node, mu_buf *out);
/* The namespace's name; MUC_NS_CLIENT for a content namespace and for none (NULL). Never NULL. */
const char *mu_ns_name(const xmlNs *ns);
const char *mu_ns_fold(const char *href);
/* Whether two names are the same. Most differ in the first letter, which costs less to see than a call. */
static inline bool mu_name_is(const xmlChar *a, const char *b)
{
    return (char)a[0] == b[0] && strcmp((const char *)a, b) == 0;
}
/* The prefix of an element as it is written; NULL: none, as for every element of a content namespace. */
const char *mu_node_prefix(const xmlNode *node);
/* The first child element, next sibling element, whatever their names. */
const xmlNode *mu_first(const xmlNode *parent);
const xmlNode *mu_after(const xmlNode *node);

/* ---- writing (write.c) ------------------------------------------------------------------------------------------ */

/* The writer behind muc_xml. Elements are written unprefixed or with the prefix they had; `xmlns` is written where the
 * namespace differs from that of the element around. Every stanza is one line: line breaks are references. */
struct muc_xml {
    mu_buf buf;
    mu_heap *heap;
    int error;
    bool open_tag;               /* the last start tag still wants attributes or its '>' */
    const char *around;          /* the namespace that everything stands in */
    struct mu_xml_level *levels; /* the open elements */
    size_t depth, levels_cap;
    mu_buf names; /* the names and namespaces of the levels */
    size_t tag;   /* where the attributes of the open start tag begin */
    size_t base;  /* levels below belong to whoever lent the writer: closing them is an error */
    void *owner;  /* for the floor above: whose stanza this is */
};
/* Nothing that is written from now on counts; the first error is the one that is told. */
void mu_xml_fail(muc_xml *x, int error);
/* A writer whose content stands inside an element of namespace `ns`, itself not written (stanza level:
 * "jabber:client"); it is not copied. */
void mu_xml_init(muc_xml *x, mu_heap *heap, const char *ns);
void mu_xml_reset(muc_xml *x, const char *ns);
void mu_xml_free(muc_xml *x);
/* Bytes that are known to be well-formed in this place (written by this writer before). */
void mu_xml_raw(muc_xml *x, const char *p, size_t n);
void mu_xml_span(muc_xml *x, const char *name, muc_span value); /* attribute */
void mu_xml_text_span(muc_xml *x, muc_span text);
/* The default namespace where the next thing is written. */
const char *mu_xml_ns(const muc_xml *x);
/* Closes the pending start tag, so that buf.n is a clean cut. */
void mu_xml_settle(muc_xml *x);

/* Writes the children of a stanza, less those for which skip says so, as they stand inside a stanza of jabber:client.
 * Namespaces declared outside of a child are declared on it; content namespaces are dropped; prefixes and the order of
 * everything are kept. skip (NULL: nothing) is asked about elements. The tree was checked (read or mu_node_check): one
 * that was not may latch MUC_ERR_INVALID. Iterative (copy.c). */
typedef bool mu_skip_fn(const xmlNode *child, const void *context);
void mu_xml_children(muc_xml *x, const xmlNode *stanza, mu_skip_fn *skip, const void *context);
/* muc_xml_node() with other values of attributes, but those of a namespace of their own. value: the one that it has;
 * NULL is returned for one that is left out. */
typedef const char *mu_change_fn(const xmlNode *node, const char *name, const char *value, const void *context);
void mu_xml_node_but(muc_xml *x, const xmlNode *node, mu_change_fn *change, const void *context);

/* ---- one stanza (stanza.c) -------------------------------------------------------------------------------------- */

typedef enum mu_kind { MU_NONE, MU_MESSAGE, MU_PRESENCE, MU_IQ } mu_kind;
typedef enum mu_type {
    MU_TYPE_NONE, /* absent: available presence, normal message */
    MU_TYPE_OTHER,
    MU_TYPE_NORMAL,
    MU_TYPE_CHAT,
    MU_TYPE_GROUPCHAT,
    MU_TYPE_HEADLINE,
    MU_TYPE_ERROR,
    MU_TYPE_UNAVAILABLE,
    MU_TYPE_PROBE,
    MU_TYPE_SUBSCRIPTION, /* subscribe, subscribed, unsubscribe, unsubscribed */
    MU_TYPE_GET,
    MU_TYPE_SET,
    MU_TYPE_RESULT
} mu_type;

/* What is looked at again and again, taken out once. The strings are the tree's. */
typedef struct mu_stanza {
    const xmlNode *node;
    mu_kind kind;
    mu_type type;
    const char *id, *from, *to, *lang; /* NULL when absent */
    const xmlNode *payload;            /* iq: its only child element; NULL when none or several */
} mu_stanza;
/* false: not a message, presence or iq of a content namespace. */
bool mu_stanza_read(mu_stanza *s, const xmlNode *node);
const char *mu_kind_name(mu_kind kind);
/* The condition of a stanza of type error, 0 when none is recognised. */
muc_condition mu_stanza_condition(const mu_stanza *s);
/* Its type; MUC_ERROR_DEFAULT when none is recognised. */
muc_error_type mu_stanza_error_type(const mu_stanza *s);

/* Writes `<error type=.. by=..><condition/><text/></error>`; by and text may be NULL. */
void mu_xml_error_element(muc_xml *x, muc_condition condition, muc_error_type type, const char *by, const char *text);
/* What an error may say beside that; unset members are NULL. */
typedef struct mu_error_extra {
    const char *uri;       /* inside of the condition */
    const char *name, *ns; /* a condition of an application's own (RFC 6120 section 8.3.4) */
} mu_error_extra;
void mu_xml_error_with(muc_xml *x, muc_condition condition, muc_error_type type, const char *by, const char *text,
                       const mu_error_extra *extra);

#endif
