/* tags.h: what of a stream may go to a parser that takes more than XMPP allows (RFC 6120 section 11.1), and whose work
 * grows with the square of the attributes in one tag. */
#ifndef COMPONENT_TAGS_H
#define COMPONENT_TAGS_H

#include <stddef.h>

/** Where in the markup the bytes have come to; 0 at the start. */
struct tags {
    int state;
    char quote;
    int values;             /* of attributes in this tag */
    size_t match;           /* bytes of what ends a section */
    int begun;              /* behind the first `<` there may be an XML declaration */
    const char *restricted; /* NULL; or what has come that nobody may send: there nothing is left any more */
};

/** Values of attributes and declarations that a tag may have; of those behind nothing is left. */
enum { TAGS_VALUES = 200 };

/** Copies n bytes to out, which has room for them, less what is over the bound. Exact for well-formed XML; what
 * is not stays malformed. Returns how many are left: up to what is restricted. */
size_t tags_bound(struct tags *t, const char *bytes, size_t n, char *out);

#endif
