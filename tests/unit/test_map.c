/* test_map.c: the hash and the map, against the published vectors and a naive model. */
#include "failing.h"
#include "random.h"
#include "suites.h"

#include <base/map.h>
#include <muc/error.h>
#include <string.h>

static const uint8_t secret[16] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

/* The first vectors of the reference implementation, and the example of the paper (15 bytes). */
START_TEST(siphash_vectors)
{
    static const uint64_t expected[] = {
        0x726fdb47dd0e0e31, 0x74f839c593dc67fd, 0x0d6c8009d9a94f5a, 0x85676696d7fb7e2d, 0xcf2794e0277187b7,
        0x18765564cd99a68d, 0xcbc9466e58fee3ce, 0xab0200f58b01d137, 0x93f5f5799a932462, 0x9e0082df0ba9e4b0,
    };
    uint8_t text[16];
    for (uint8_t i = 0; i < 16; i++)
        text[i] = i;
    for (size_t n = 0; n < sizeof expected / sizeof *expected; n++)
        ck_assert_uint_eq(mu_siphash(secret, text, n), expected[n]);
    ck_assert_uint_eq(mu_siphash(secret, text, 15), 0xa129ca6149be45e5);
}
END_TEST

enum { ITEMS = 600 };

typedef struct item {
    mu_key key;
    char text[8];
    bool inside;
} item;

static item items[ITEMS];

static void name_items(void)
{
    memset(items, 0, sizeof items);
    for (int i = 0; i < ITEMS; i++) {
        item *it = &items[i];
        int n = 0;
        for (int v = i; v > 0; v /= 10)
            it->text[n++] = (char)('0' + v % 10);
        it->key.p = it->text;
        it->key.n = (uint32_t)n;
    }
}

static void check_all(const mu_map *m)
{
    size_t count = 0;
    for (int i = 0; i < ITEMS; i++) {
        mu_key *found = mu_map_find(m, items[i].text, items[i].key.n);
        ck_assert_ptr_eq(found, items[i].inside ? &items[i].key : NULL);
        count += items[i].inside;
    }
    ck_assert_uint_eq(m->count, count);
}

/* _i chooses how many items are in use: small tables wrap around their end often. */
START_TEST(against_a_model)
{
    static const uint32_t widths[] = {5, 7, 40, ITEMS};
    uint32_t width = widths[_i];
    uint64_t state = 42 + (uint64_t)_i;
    mu_heap *heap = mu_heap_new(NULL);
    mu_map m;
    mu_map_init(&m, heap, secret);
    name_items();
    for (int step = 0; step < 20000; step++) {
        item *it = &items[random_below(&state, width)];
        if (it->inside) {
            mu_map_remove(&m, &it->key);
        } else {
            ck_assert_int_eq(mu_map_reserve(&m, 1), MUC_OK);
            mu_map_insert(&m, &it->key);
        }
        it->inside = !it->inside;
        ck_assert_uint_le(m.count * 4, m.cap * 3);
        if (step % 50 == 0)
            check_all(&m);
    }
    check_all(&m);
    mu_map_free(&m);
    ck_assert_uint_eq(m.count, 0);
    mu_heap_unref(heap);
}
END_TEST

START_TEST(removing_what_is_not_there)
{
    mu_heap *heap = mu_heap_new(NULL);
    mu_map m;
    mu_map_init(&m, heap, secret);
    name_items();
    ck_assert_ptr_null(mu_map_find(&m, "1", 1));
    mu_map_remove(&m, &items[1].key);
    mu_map_reserve(&m, 2);
    mu_map_insert(&m, &items[1].key);
    mu_map_remove(&m, &items[2].key);
    ck_assert_uint_eq(m.count, 1);
    mu_map_insert(&m, &items[0].key);
    ck_assert_ptr_eq(mu_map_find(&m, NULL, 0), &items[0].key);
    mu_map_free(&m);
    mu_heap_unref(heap);
}
END_TEST

START_TEST(reserved_room_needs_no_memory)
{
    failing f = {-1, 0};
    muc_mem mem = failing_mem(&f);
    mu_heap *heap = mu_heap_new(&mem);
    mu_map m;
    mu_map_init(&m, heap, secret);
    name_items();
    ck_assert_int_eq(mu_map_reserve(&m, 300), MUC_OK);
    f.left = 0;
    size_t cap = m.cap;
    for (int i = 0; i < 300; i++) {
        ck_assert_int_eq(mu_map_reserve(&m, 1), MUC_OK);
        mu_map_insert(&m, &items[i].key);
        items[i].inside = true;
    }
    ck_assert_uint_eq(m.cap, cap);
    ck_assert_int_eq(mu_map_reserve(&m, 5000), MUC_ERR_NOMEM);
    ck_assert_int_eq(mu_map_reserve(&m, SIZE_MAX), MUC_ERR_NOMEM);
    check_all(&m);
    mu_map_remove(&m, &items[5].key);
    mu_map_insert(&m, &items[5].key);
    check_all(&m);
    mu_map_free(&m);
    mu_heap_unref(heap);
    ck_assert_int_eq(f.live, 0);
}
END_TEST

Suite *suite_map(void)
{
    Suite *s = suite_create("map");
    TCase *c = tcase_create("map");
    tcase_add_test(c, siphash_vectors);
    tcase_add_loop_test(c, against_a_model, 0, 4);
    tcase_add_test(c, removing_what_is_not_there);
    tcase_add_test(c, reserved_room_needs_no_memory);
    suite_add_tcase(s, c);
    return s;
}
