/* precis.h: the PRECIS framework (RFC 8264) on the character data of utf8proc: classes, context, direction. */
#ifndef MU_BASE_PRECIS_H
#define MU_BASE_PRECIS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum mu_precis_class { MU_PRECIS_IDENTIFIER, MU_PRECIS_FREEFORM } mu_precis_class;

/* Whether the class has the code point (RFC 8264 section 8). For those that need a context, it only says "perhaps". */
bool mu_precis_allows(mu_precis_class class, int32_t c);
/* Whether each code point of a string that needs a context stands in it (RFC 5892 appendix A). */
bool mu_precis_context(const int32_t *c, size_t n);
/* The Bidi rule (RFC 5893 section 2), for strings with right-to-left characters; others pass. */
bool mu_precis_bidi(const int32_t *c, size_t n);

#endif
