/* text.h: what a string from outside may hold: UTF-8, characters legal in XML, numbers. */
#ifndef MU_BASE_TEXT_H
#define MU_BASE_TEXT_H

#include <muc/types.h>
#include <stdbool.h>
#include <stdint.h>

/* Well-formed UTF-8 (no overlong forms, surrogates or code points past U+10FFFF). */
bool mu_utf8_valid(const char *p, size_t n);
/* UTF-8 whose characters may stand in XML 1.0: what setters and builders check. */
bool mu_xml_valid(const char *p, size_t n);
/* Code points in valid UTF-8. */
size_t mu_utf8_length(const char *p, size_t n);
/* Decodes one code point at p < end of valid UTF-8 and moves p past it. */
uint32_t mu_utf8_next(const char **p, const char *end);
/* All ASCII, no upper-case letter, no control: needs no preparation. */
bool mu_ascii_lower(const char *p, size_t n);
bool mu_ascii(const char *p, size_t n);
/* A decimal number without sign or white space, saturating at INT64_MAX; false when it is none. */
bool mu_number(const char *p, size_t n, int64_t *out);
/* The same with an optional leading minus. */
bool mu_integer(const char *p, size_t n, int64_t *out);
bool mu_span_is(muc_span s, const char *text);
/* Less white space (blank, tab, CR, LF) at both ends. */
muc_span mu_trim(muc_span s);
/* Equality in a time that depends on the lengths alone: for passwords. */
bool mu_equal_secret(const char *a, size_t an, const char *b, size_t bn);

#endif
