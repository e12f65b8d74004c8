/* compare.h: what a script expects against what was received. */
#ifndef SCS_COMPARE_H
#define SCS_COMPARE_H

#include <libxml/tree.h>

#include "text.h"

/** Values that scripts kept by {scansion:capture:NAME}. */
typedef struct captures {
    struct capture {
        char *name, *value;
    } * list;
    size_t count;
} captures;

/** The latest value of a name, or NULL. */
const char *captures_find(const captures *c, const char *name);
/** Forgets all but the first n. */
void captures_cut(captures *c, size_t n);

/** Whether `received` is what `expected` describes. `lenient`: it may hold more. When it is not, nothing was
 * captured and `why` says the first difference. */
int compare_stanza(const xmlNode *expected, const xmlNode *received, int lenient, captures *c, text *why);
/** Whether a line is what a line with {scansion:...} in it describes. */
int compare_line(const char *expected, const char *received);
/** Whether an element says of itself, or of one inside, that there may be more than what is written. */
int compare_allows_more(const xmlNode *expected);
/** Root attributes that a script need not mention, ended by NULL. */
extern const char *const compare_tolerated[];

#endif
