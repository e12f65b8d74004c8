/* test_mem.c: the counted heap. */
#include "failing.h"
#include "suites.h"

#include <base/mem.h>
#include <muc/error.h>
#include <string.h>

START_TEST(heap_is_counted)
{
    failing f = {-1, 0};
    muc_mem mem = failing_mem(&f);
    mu_heap *heap = mu_heap_new(&mem);
    ck_assert_ptr_nonnull(heap);
    ck_assert_ptr_eq(mu_heap_ref(heap), heap);
    mu_heap_unref(heap);
    ck_assert_int_eq(f.live, 1);
    char *copy = mu_strdup(heap, "hello");
    ck_assert_str_eq(copy, "hello");
    mu_free(heap, copy);
    mu_free(heap, NULL);
    mu_heap_unref(heap);
    mu_heap_unref(NULL);
    ck_assert_int_eq(f.live, 0);
}
END_TEST

START_TEST(heap_without_memory)
{
    failing f = {0, 0};
    muc_mem mem = failing_mem(&f);
    ck_assert_ptr_null(mu_heap_new(&mem));
    f.left = 1;
    mu_heap *heap = mu_heap_new(&mem);
    ck_assert_ptr_null(mu_alloc(heap, 1));
    ck_assert_ptr_null(mu_zalloc(heap, 1));
    ck_assert_ptr_null(mu_strndup(heap, "x", 1));
    mu_heap_unref(heap);
    ck_assert_int_eq(f.live, 0);
}
END_TEST

START_TEST(sizes_of_zero)
{
    mu_heap *heap = mu_heap_new(NULL);
    void *a = mu_alloc(heap, 0);
    void *b = mu_resize(heap, NULL, 0);
    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_nonnull(b);
    b = mu_resize(heap, b, 0);
    ck_assert_ptr_nonnull(b);
    char *copy = mu_strndup(heap, NULL, 0);
    ck_assert_str_eq(copy, "");
    unsigned char *zero = mu_zalloc(heap, 64);
    for (int i = 0; i < 64; i++)
        ck_assert_int_eq(zero[i], 0);
    mu_free(heap, a);
    mu_free(heap, b);
    mu_free(heap, copy);
    mu_free(heap, zero);
    mu_heap_unref(heap);
}
END_TEST

START_TEST(grow)
{
    failing f = {-1, 0};
    muc_mem mem = failing_mem(&f);
    mu_heap *heap = mu_heap_new(&mem);
    int *list = NULL;
    size_t cap = 0;
    for (size_t i = 0; i < 1000; i++) {
        ck_assert_int_eq(mu_grow(heap, &list, &cap, i + 1, sizeof *list), MUC_OK);
        ck_assert_uint_gt(cap, i);
        list[i] = (int)i;
    }
    ck_assert_uint_lt(cap, 1600);
    for (int i = 0; i < 1000; i++)
        ck_assert_int_eq(list[i], i);
    size_t before = cap;
    int *same = list;
    f.left = 0;
    ck_assert_int_eq(mu_grow(heap, &list, &cap, cap + 1, sizeof *list), MUC_ERR_NOMEM);
    f.left = -1;
    ck_assert_int_eq(mu_grow(heap, &list, &cap, SIZE_MAX / 2, sizeof *list), MUC_ERR_NOMEM);
    ck_assert_uint_eq(cap, before);
    ck_assert_ptr_eq(list, same);
    mu_free(heap, list);
    mu_heap_unref(heap);
    ck_assert_int_eq(f.live, 0);
}
END_TEST

Suite *suite_mem(void)
{
    Suite *s = suite_create("mem");
    TCase *c = tcase_create("mem");
    tcase_add_test(c, heap_is_counted);
    tcase_add_test(c, heap_without_memory);
    tcase_add_test(c, sizes_of_zero);
    tcase_add_test(c, grow);
    suite_add_tcase(s, c);
    return s;
}
