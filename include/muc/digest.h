/* digest.h: the one digest that features need: names that last and tell nothing. */
#ifndef MUC_DIGEST_H
#define MUC_DIGEST_H

#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes the HMAC-SHA-256 (RFC 2104, FIPS 180-4) of n bytes, under a key of key_n bytes. */
MUC_EXTERN void muc_hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n, uint8_t out[32]);

#ifdef __cplusplus
}
#endif
#endif
