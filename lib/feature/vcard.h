/* vcard.h: what vcard.c needs of photo.c. */
#ifndef MU_FEATURE_VCARD_H
#define MU_FEATURE_VCARD_H

#include <stddef.h>
#include <stdint.h>

enum { MU_SHA1_BYTES = 20, MU_SHA1_HEX = 2 * MU_SHA1_BYTES + 1 };

/* SHA-1 (RFC 3174) of n bytes in lower-case hexadecimal: a name for a picture (XEP-0153), no protection. */
void mu_sha1_hex(const uint8_t *p, size_t n, char out[MU_SHA1_HEX]);
/* Decodes base64 (RFC 4648 section 4) in place, white space anywhere. The length, or -1: it is none. */
long mu_base64_decode(char *text);

#endif
