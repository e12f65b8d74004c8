/* test_tree.c: the ordered tree against a sorted array. */
#include "random.h"
#include "suites.h"

#include <base/tree.h>
#include <string.h>

enum { NODES = 300 };

static mu_tree_node nodes[NODES];
static char keys[NODES][8];
static mu_tree_node *sorted[NODES];
static size_t count;

static void setup(void)
{
    count = 0;
    for (int i = 0; i < NODES; i++) {
        memset(&nodes[i], 0, sizeof nodes[i]);
        /* Bytes over 0x7f too: they come after ASCII. */
        keys[i][0] = (char)(i % 3 == 0 ? 0xc3 : 'a' + i % 7);
        keys[i][1] = (char)('!' + i % 90);
        keys[i][2] = (char)('!' + i / 90);
        keys[i][3] = '\0';
    }
}

static size_t lower_bound(const char *key)
{
    size_t i = 0;
    while (i < count && strcmp(sorted[i]->key, key) < 0)
        i++;
    return i;
}

static uint32_t check_shape(const mu_tree_node *node, const mu_tree_node *parent)
{
    if (!node)
        return 0;
    ck_assert_ptr_eq(node->parent, parent);
    if (parent)
        ck_assert_uint_le(node->weight, parent->weight);
    uint32_t size = check_shape(node->left, node) + check_shape(node->right, node) + 1;
    ck_assert_uint_eq(node->size, size);
    return size;
}

static void check_order(const mu_tree *t)
{
    ck_assert_uint_eq(mu_tree_count(t), count);
    ck_assert_uint_eq(check_shape(t->root, NULL), count);
    mu_tree_node *at = mu_tree_at(t, 0);
    for (size_t i = 0; i < count; i++, at = mu_tree_next(at)) {
        ck_assert_ptr_eq(at, sorted[i]);
        ck_assert_ptr_eq(mu_tree_at(t, i), sorted[i]);
    }
    ck_assert_ptr_null(at);
    ck_assert_ptr_null(mu_tree_at(t, count));
    for (int i = 0; i < NODES; i++) {
        size_t rank = lower_bound(keys[i]);
        ck_assert_uint_eq(mu_tree_rank(t, keys[i]), rank);
        bool inside = rank < count && sorted[rank] == &nodes[i];
        ck_assert_ptr_eq(mu_tree_find(t, keys[i]), inside ? &nodes[i] : NULL);
    }
}

/* _i: how many different weights there are; with few of them the ties decide. */
START_TEST(against_a_sorted_array)
{
    static const uint32_t weights[] = {1, 4, 1u << 30};
    uint64_t state = 7;
    mu_tree t = {NULL};
    for (int step = 0; step < 6000; step++) {
        uint32_t i = random_below(&state, NODES);
        size_t at = lower_bound(keys[i]);
        if (at < count && sorted[at] == &nodes[i]) {
            mu_tree_remove(&t, &nodes[i]);
            count--;
            memmove(&sorted[at], &sorted[at + 1], (count - at) * sizeof *sorted);
        } else {
            mu_tree_insert(&t, &nodes[i], keys[i], i * 2654435761u % weights[_i]);
            memmove(&sorted[at + 1], &sorted[at], (count - at) * sizeof *sorted);
            sorted[at] = &nodes[i];
            count++;
        }
        if (step % 40 == 0)
            check_order(&t);
    }
    check_order(&t);
    while (count > 0)
        mu_tree_remove(&t, sorted[--count]);
    check_order(&t);
}
END_TEST

static void shape(const mu_tree_node *node, int depth, int *out)
{
    if (!node)
        return;
    out[node - nodes] = depth;
    shape(node->left, depth + 1, out);
    shape(node->right, depth + 1, out);
}

START_TEST(shape_depends_on_keys_alone)
{
    int forward[NODES], backward[NODES];
    mu_tree t = {NULL};
    for (int i = 0; i < NODES; i++)
        mu_tree_insert(&t, &nodes[i], keys[i], (uint32_t)i * 2654435761u >> 26);
    shape(t.root, 1, forward);
    t.root = NULL;
    for (int i = NODES - 1; i >= 0; i--)
        mu_tree_insert(&t, &nodes[i], keys[i], (uint32_t)i * 2654435761u >> 26);
    shape(t.root, 1, backward);
    ck_assert_mem_eq(forward, backward, sizeof forward);
}
END_TEST

Suite *suite_tree(void)
{
    Suite *s = suite_create("tree");
    TCase *c = tcase_create("tree");
    tcase_add_checked_fixture(c, setup, NULL);
    tcase_add_loop_test(c, against_a_sorted_array, 0, 3);
    tcase_add_test(c, shape_depends_on_keys_alone);
    suite_add_tcase(s, c);
    return s;
}
