/* photo.c: the name of a picture: SHA-1 (RFC 3174) of what its base64 (RFC 4648) stands for (XEP-0153 section 3.1). */
#include <feature/vcard.h>

#include <string.h>

enum { BLOCK = 64, LENGTH_AT = BLOCK - 8, ROUNDS = 80 };

static uint32_t rotate(uint32_t v, unsigned bits)
{
    return v << bits | v >> (32 - bits);
}

static void schedule(const uint8_t *p, uint32_t w[ROUNDS])
{
    for (int i = 0; i < 16; i++)
        w[i] = (uint32_t)p[4 * i] << 24 | (uint32_t)p[4 * i + 1] << 16 | (uint32_t)p[4 * i + 2] << 8 | p[4 * i + 3];
    for (int i = 16; i < ROUNDS; i++)
        w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
}

static void absorb(uint32_t h[5], const uint8_t *p)
{
    uint32_t w[ROUNDS], a = h[0], b = h[1], c = h[2], d = h[3], e = h[4];
    schedule(p, w);
    for (int i = 0; i < ROUNDS; i++) {
        uint32_t f = i < 20   ? (b & c) | (~b & d)
                     : i < 40 ? b ^ c ^ d
                     : i < 60 ? (b & c) | (b & d) | (c & d)
                              : b ^ c ^ d;
        static const uint32_t k[] = {0x5a827999, 0x6ed9eba1, 0x8f1bbcdc, 0xca62c1d6};
        uint32_t next = rotate(a, 5) + f + e + k[i / 20] + w[i];
        e = d, d = c, c = rotate(b, 30), b = a, a = next;
    }
    h[0] += a, h[1] += b, h[2] += c, h[3] += d, h[4] += e;
}

/* The last bytes, a one, zeros, and how many bits there were. */
static void finish(uint32_t h[5], const uint8_t *rest, size_t n, uint64_t bits)
{
    uint8_t last[2 * BLOCK] = {0};
    size_t size = n < LENGTH_AT ? BLOCK : 2 * BLOCK;
    if (n)
        memcpy(last, rest, n);
    last[n] = 0x80;
    for (unsigned i = 0; i < 8; i++)
        last[size - 1 - i] = (uint8_t)(bits >> 8 * i);
    for (size_t at = 0; at < size; at += BLOCK)
        absorb(h, last + at);
}

void mu_sha1_hex(const uint8_t *p, size_t n, char out[MU_SHA1_HEX])
{
    uint32_t h[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
    uint64_t bits = (uint64_t)n * 8;
    for (; n >= BLOCK; p += BLOCK, n -= BLOCK)
        absorb(h, p);
    finish(h, p, n, bits);
    for (unsigned i = 0; i < 2 * MU_SHA1_BYTES; i++)
        out[i] = "0123456789abcdef"[h[i / 8] >> (28 - 4 * (i % 8)) & 15];
    out[2 * MU_SHA1_BYTES] = '\0';
}

long mu_base64_decode(char *text)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint32_t bits = 0;
    size_t count = 0, pads = 0;
    char *out = text;
    for (const char *p = text; *p; p++) {
        const char *digit = strchr(digits, *p);
        if (strchr(" \t\r\n", *p))
            continue;
        if (*p == '=' && ++pads <= 2)
            continue;
        if (!digit || pads)
            return -1;
        bits = bits << 6 | (uint32_t)(digit - digits);
        if (++count % 4 == 0)
            *out++ = (char)(bits >> 16), *out++ = (char)(bits >> 8), *out++ = (char)bits;
    }
    if (count % 4 == 1 || (pads && (count + pads) % 4))
        return -1;
    if (count % 4 == 2)
        *out++ = (char)(bits >> 4);
    if (count % 4 == 3)
        *out++ = (char)(bits >> 10), *out++ = (char)(bits >> 2);
    return (long)(out - text);
}
