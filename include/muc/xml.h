/* xml.h: reading the stanzas that handlers are shown, and writing what they add.
 *
 * Input is a const libxml2 tree that is never changed or kept. Output is written, not built as a tree: a writer latches
 * its first error (no memory, text that XML cannot hold), every later call on it does nothing, and whoever takes the
 * writer reports the error. NULL is a writer that is out of memory, so a handler never has to check. */
#ifndef MUC_XML_H
#define MUC_XML_H

#include <libxml/tree.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- reading ----------------------------------------------------------------------------------------------------- */

/** The content namespaces `jabber:client`, `jabber:server` and `jabber:component:accept` are one and the same here: a
 * node in any of them, or in none, is in the namespace "jabber:client". */
#define MUC_NS_CLIENT "jabber:client"
#define MUC_NS        "http://jabber.org/protocol/muc"       /**< XEP-0045: who wants to enter */
#define MUC_NS_USER   "http://jabber.org/protocol/muc#user"  /**< XEP-0045: what everybody is told and may ask */
#define MUC_NS_ADMIN  "http://jabber.org/protocol/muc#admin" /**< XEP-0045: roles and affiliations */
#define MUC_NS_OWNER  "http://jabber.org/protocol/muc#owner" /**< XEP-0045: configuration and destroying */
/** Data forms (XEP-0004). */
#define MUC_NS_DATA "jabber:x:data"

/** Whether `node` is an element of that name and namespace (NULL: any, for either). NULL is none. 1 or 0. */
MUC_EXTERN int muc_node_is(const xmlNode *node, const char *name, const char *ns);
/** The first child element of that name and namespace (NULL: any, for either), or NULL. */
MUC_EXTERN const xmlNode *muc_node_child(const xmlNode *parent, const char *name, const char *ns);
/** The next sibling element of that name and namespace (NULL: any, for either), or NULL. */
MUC_EXTERN const xmlNode *muc_node_next(const xmlNode *node, const char *name, const char *ns);
/** The value of an attribute without a namespace, or NULL. Valid as long as the tree. */
MUC_EXTERN const char *muc_node_attr(const xmlNode *node, const char *name);
/** The value of `xml:lang` on the node itself, or NULL. */
MUC_EXTERN const char *muc_node_lang(const xmlNode *node);
/** The text directly inside a node: a part of the tree, NUL-terminated, "" when there is none. NULL when the node is
 * NULL or its text is in several pieces (between elements, or CDATA beside text), which muc_node_copy_text() joins. */
MUC_EXTERN const char *muc_node_text(const xmlNode *node);
/** The text directly inside a node, however many pieces it is in: at most `size` bytes with the NUL go to out. Returns
 * the length it has, like snprintf. */
MUC_EXTERN size_t muc_node_copy_text(const xmlNode *node, char *out, size_t size);
/** The namespace of a node ("jabber:client" for the content namespaces and for none). Never NULL. */
MUC_EXTERN const char *muc_node_ns(const xmlNode *node);

/** Whether a stanza is a message of type normal: without a type, or of one that nobody knows (RFC 6121 section
 * 5.2.2). 1 or 0. */
MUC_EXTERN int muc_node_is_normal_message(const xmlNode *stanza);

/* ---- writing ----------------------------------------------------------------------------------------------------- */

/** Opens an element inside the current one. ns NULL: the namespace of the element it stands in. */
MUC_EXTERN void muc_xml_open(muc_xml *x, const char *name, const char *ns);
/** An attribute of the element opened last, before anything is put inside. value NULL: nothing is written. A name of
 * the form "xml:lang" is written as it is. */
MUC_EXTERN void muc_xml_attr(muc_xml *x, const char *name, const char *value);
/** The same with a number. */
MUC_EXTERN void muc_xml_attr_number(muc_xml *x, const char *name, int64_t value);
/** Text inside the current element; NULL writes nothing. */
MUC_EXTERN void muc_xml_text(muc_xml *x, const char *text);
/** Closes the element opened last. */
MUC_EXTERN void muc_xml_close(muc_xml *x);
/** An element with nothing but text; text NULL or "": an empty element. */
MUC_EXTERN void muc_xml_leaf(muc_xml *x, const char *name, const char *text);
/** A copy of an element with everything in it, its namespaces kept. Comments and processing instructions are an error.
 */
MUC_EXTERN void muc_xml_node(muc_xml *x, const xmlNode *node);
/** An element that is given as bytes, restricted as stanzas are (muc_dispatch_text()); the error of the writer is
 * MUC_ERR_INVALID when it is not well-formed. */
MUC_EXTERN void muc_xml_bytes(muc_xml *x, const char *xml, size_t n);
/** The bytes of an element, ended by NUL, on one line, its namespace declared: to be given back by
 * muc_service_release(). MUC_OK, MUC_ERR_INVALID (it holds what stanzas may not), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_node_bytes(muc_service *service, const xmlNode *node, char **out);
/** MUC_OK, or what went wrong first: MUC_ERR_NOMEM, MUC_ERR_INVALID (illegal text, calls in a wrong order). */
MUC_EXTERN int muc_xml_error(const muc_xml *x);

/** What muc_stamp() needs, with the NUL. */
#define MUC_STAMP_SIZE 32
/** Writes a time in milliseconds since the Unix epoch as XEP-0082 has it: "2026-01-01T00:00:00Z". Returns its length.
 */
MUC_EXTERN size_t muc_stamp(int64_t at, char out[MUC_STAMP_SIZE]);

/** A new stanza ("message", "presence" or "iq") to be given to muc_room_broadcast(), muc_room_route() or
 * muc_service_route(), which take it in every case; muc_xml_free() is for one that is not given away. NULL when out of
 * memory. `from` and `to` are set by whoever sends it. */
MUC_EXTERN muc_xml *muc_xml_new(muc_service *service, const char *stanza);
/** Frees a stanza that was not given away. NULL is fine. */
MUC_EXTERN void muc_xml_free(muc_xml *x);

#ifdef __cplusplus
}
#endif
#endif
