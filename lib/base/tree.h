/* tree.h: items in the byte order of their keys, with their rank, for lists that are paged (XEP-0059).
 *
 * An intrusive treap: the item carries the node, so adding and removing cannot fail. All operations are O(log n). */
#ifndef MU_BASE_TREE_H
#define MU_BASE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct mu_tree_node {
    struct mu_tree_node *left, *right, *parent;
    const char *key; /* NUL-terminated, the item's */
    uint32_t weight; /* set by mu_tree_insert from a hash of the key: the shape depends on the keys alone */
    uint32_t size;   /* of this subtree */
} mu_tree_node;

typedef struct mu_tree {
    mu_tree_node *root;
} mu_tree;

void mu_tree_insert(mu_tree *t, mu_tree_node *node, const char *key, uint32_t weight);
void mu_tree_remove(mu_tree *t, mu_tree_node *node);
size_t mu_tree_count(const mu_tree *t);
mu_tree_node *mu_tree_at(const mu_tree *t, size_t rank);
/* How many keys are less than `key`; with the key itself in it, its rank. */
size_t mu_tree_rank(const mu_tree *t, const char *key);
mu_tree_node *mu_tree_find(const mu_tree *t, const char *key);
mu_tree_node *mu_tree_next(const mu_tree_node *node);

#endif
