/* tags.h: what of a stream may go to a parser whose work grows with the square of the attributes in one tag. */
#ifndef COMPONENT_TAGS_H
#define COMPONENT_TAGS_H

#include <stddef.h>

/** Where in the markup the bytes have come to; 0 at the start. */
struct tags {
    int state;
    char quote;
    int values;   /* of attributes in this tag */
    size_t match; /* bytes of what ends a section, or tells its kind */
};

/** Values of attributes and declarations that a tag may have; of those behind nothing is left. */
enum { TAGS_VALUES = 200 };

/** Copies n bytes to out, which has room for them, less what is over the bound. Exact for well-formed XML without a
 * document type; what is not stays malformed. Returns how many are left. */
size_t tags_bound(struct tags *t, const char *bytes, size_t n, char *out);

#endif
