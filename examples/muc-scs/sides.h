/* sides.h: what was expected and what was received, side by side. */
#ifndef SCS_SIDES_H
#define SCS_SIDES_H

#include "text.h"

/** How sides are shown. */
typedef struct sides_style {
    int loose;                       /* more than what is expected is no difference */
    const char *red, *bold, *normal; /* what switches colours on and off; "" without */
} sides_style;

/** Writes two stanzas, one element a line each, with lines that fit each other on the same rows. Lines that differ
 * have an exclamation mark, and what differs within them has carets below. */
void sides_write(const sides_style *style, const char *expected, const char *received, text *out);

#endif
