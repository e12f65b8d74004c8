/* test_photo.c: SHA-1 against the vectors of RFC 3174 and FIPS 180, base64 against those of RFC 4648. */
#include "suites.h"

#include <feature/vcard.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text;
    int times;
    const char *hash;
} hashes[] = {
    {"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
    {"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1, "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
    {"0123456701234567012345670123456701234567012345670123456701234567", 10,
     "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
    {"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
    /* One block less a byte, with and without room for the length. */
    {"abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
     1, "a49b2446a02c645bf419f995b67091253a04a259"},
};

START_TEST(sha1)
{
    size_t n = strlen(hashes[_i].text);
    char *bytes = malloc(n * (size_t)hashes[_i].times + 1), hex[MU_SHA1_HEX];
    ck_assert_ptr_nonnull(bytes);
    for (int i = 0; i < hashes[_i].times; i++)
        memcpy(bytes + n * (size_t)i, hashes[_i].text, n);
    mu_sha1_hex((const uint8_t *)bytes, n * (size_t)hashes[_i].times, hex);
    ck_assert_str_eq(hex, hashes[_i].hash);
    free(bytes);
}
END_TEST

static const struct {
    const char *text, *bytes; /* bytes NULL: it is none */
} codes[] = {
    {"", ""},
    {"Zg==", "f"},
    {"Zm8=", "fo"},
    {"Zm9v", "foo"},
    {"Zm9vYg==", "foob"},
    {"Zm9vYmE=", "fooba"},
    {"Zm9vYmFy", "foobar"},
    {" Zm9v\r\n\tYmFy ", "foobar"},
    {"Zm9vYg", "foob"},
    {"+/+/", "\xfb\xff\xbf"},
    {"Z", NULL},
    {"Zm9vY", NULL},
    {"Zm=9", NULL},
    {"Zg===", NULL},
    {"Zg=", NULL},
    {"====", NULL},
    {"Zm9-", NULL},
    {"Zm9\xc3\xb6", NULL},
};

START_TEST(base64)
{
    char text[64];
    strcpy(text, codes[_i].text);
    long n = mu_base64_decode(text);
    if (!codes[_i].bytes) {
        ck_assert_int_eq(n, -1);
        return;
    }
    ck_assert_int_eq(n, (long)strlen(codes[_i].bytes));
    ck_assert_mem_eq(text, codes[_i].bytes, (size_t)n);
}
END_TEST

Suite *suite_photo(void)
{
    Suite *suite = suite_create("photo");
    TCase *tc = tcase_create("photo");
    tcase_add_loop_test(tc, sha1, 0, sizeof hashes / sizeof *hashes);
    tcase_add_loop_test(tc, base64, 0, sizeof codes / sizeof *codes);
    suite_add_tcase(suite, tc);
    return suite;
}
