/* parser.h: the bytes of an XML stream become its header and its top-level elements (RFC 6120 section 4). */
#ifndef COMPONENT_PARSER_H
#define COMPONENT_PARSER_H

#include <libxml/tree.h>
#include <stddef.h>

struct parser;

/** What is bounded. Over max_element or max_depth the rest of an element is skipped; over eight times max_element the
 * stream is given up. */
typedef struct parser_limits {
    size_t max_element; /**< bytes of a top-level element; it may be a read more before it is noticed */
    size_t max_depth;   /**< elements within each other in it, itself included */
} parser_limits;

/** What happens, in order. A function that returns anything but 0 ends parser_feed() with that. None may free the
 * parser. */
typedef struct parser_events {
    /** The start tag of the stream has come; the node is valid during the call. */
    int (*opened)(const xmlNode *stream, void *ud);
    /** A top-level element is complete, or `cut`: there was more in it than is allowed, which is missing. It is freed
     * after the call. Its namespaces may be declared on the stream. */
    int (*element)(const xmlNode *element, int cut, void *ud);
    /** The stream has ended as it should. */
    int (*closed)(void *ud);
} parser_events;

/** NULL: no memory. The events stay as long as the parser. */
struct parser *parser_new(const parser_limits *limits, const parser_events *events, void *ud);
/** Takes bytes. 0; what an event returned; or -1: it is no XML stream, parser_error() says why, and nothing may be fed
 * any more. */
int parser_feed(struct parser *p, const char *bytes, size_t n);
/** What is wrong with the stream, in a few words; and the stream error for that (RFC 6120 section 4.9.3). */
const char *parser_error(const struct parser *p);
const char *parser_condition(const struct parser *p);
/** NULL is fine. */
void parser_free(struct parser *p);

#endif
