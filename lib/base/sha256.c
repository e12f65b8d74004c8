/* sha256.c: SHA-256 (FIPS 180-4) and HMAC with it (RFC 2104). */
#include <muc/digest.h>

#include <string.h>

enum { BLOCK = 64, DIGEST = 32 };

typedef struct mu_sha256 {
    uint32_t h[8];
    uint64_t bytes;
    uint8_t block[BLOCK];
} mu_sha256;

static const uint32_t rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

static uint32_t turn(uint32_t v, unsigned bits)
{
    return v >> bits | v << (32 - bits);
}

static void schedule(const uint8_t *block, uint32_t w[64])
{
    for (size_t i = 0; i < 16; i++)
        w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 | (uint32_t)block[4 * i + 2] << 8 |
               (uint32_t)block[4 * i + 3];
    for (size_t i = 16; i < 64; i++) {
        uint32_t a = turn(w[i - 15], 7) ^ turn(w[i - 15], 18) ^ w[i - 15] >> 3;
        uint32_t b = turn(w[i - 2], 17) ^ turn(w[i - 2], 19) ^ w[i - 2] >> 10;
        w[i] = w[i - 16] + a + w[i - 7] + b;
    }
}

/* v: a to h of the standard. */
static void compress(mu_sha256 *s)
{
    uint32_t w[64], v[8];
    schedule(s->block, w);
    memcpy(v, s->h, sizeof v);
    for (size_t i = 0; i < 64; i++) {
        uint32_t e = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25);
        uint32_t choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
        uint32_t first = v[7] + e + choice + rounds[i] + w[i];
        uint32_t a = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22);
        uint32_t most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
        memmove(v + 1, v, 7 * sizeof *v);
        v[4] += first;
        v[0] = first + a + most;
    }
    for (size_t i = 0; i < 8; i++)
        s->h[i] += v[i];
}

static void begin(mu_sha256 *s)
{
    static const uint32_t start[8] = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    memcpy(s->h, start, sizeof start);
    s->bytes = 0;
}

static void add(mu_sha256 *s, const void *bytes, size_t n)
{
    const uint8_t *p = bytes;
    while (n > 0) {
        size_t at = s->bytes % BLOCK, part = n < BLOCK - at ? n : BLOCK - at;
        memcpy(s->block + at, p, part);
        s->bytes += part;
        p += part;
        n -= part;
        if (s->bytes % BLOCK == 0)
            compress(s);
    }
}

static void end(mu_sha256 *s, uint8_t out[DIGEST])
{
    static const uint8_t pad[BLOCK] = {0x80};
    uint64_t bits = s->bytes * 8;
    size_t at = s->bytes % BLOCK;
    add(s, pad, at < 56 ? 56 - at : BLOCK + 56 - at);
    uint8_t length[8];
    for (size_t i = 0; i < 8; i++)
        length[i] = (uint8_t)(bits >> (56 - 8 * i));
    add(s, length, sizeof length);
    for (size_t i = 0; i < DIGEST; i++)
        out[i] = (uint8_t)(s->h[i / 4] >> (24 - 8 * (i % 4)));
}

/* Begins with a key that every byte is changed of. */
static void begin_with(mu_sha256 *s, const uint8_t key[BLOCK], uint8_t change)
{
    uint8_t pad[BLOCK];
    for (size_t i = 0; i < BLOCK; i++)
        pad[i] = key[i] ^ change;
    begin(s);
    add(s, pad, BLOCK);
}

void muc_hmac_sha256(const void *key, size_t key_n, const void *bytes, size_t n, uint8_t out[32])
{
    uint8_t block[BLOCK] = {0}, inner[DIGEST];
    mu_sha256 s;
    if (key_n > BLOCK) {
        begin(&s);
        add(&s, key, key_n);
        end(&s, block);
    } else if (key_n > 0) {
        memcpy(block, key, key_n);
    }
    begin_with(&s, block, 0x36);
    add(&s, bytes, n);
    end(&s, inner);
    begin_with(&s, block, 0x5c);
    add(&s, inner, DIGEST);
    end(&s, out);
}
