/* tree.c: the ordered list with ranks: an intrusive treap with parent pointers and subtree sizes. */
#include <base/tree.h>

#include <string.h>

static uint32_t size_of(const mu_tree_node *node)
{
    return node ? node->size : 0;
}

static void resize(mu_tree_node *node)
{
    node->size = size_of(node->left) + size_of(node->right) + 1;
}

/* Ties go by key, so that the shape depends on nothing else. */
static bool outranks(const mu_tree_node *a, const mu_tree_node *b)
{
    return a->weight != b->weight ? a->weight > b->weight : strcmp(a->key, b->key) < 0;
}

/* Hangs `to` (or nothing) where `from` hung. */
static void replace(mu_tree *t, const mu_tree_node *from, mu_tree_node *to)
{
    mu_tree_node *parent = from->parent;
    if (!parent)
        t->root = to;
    else if (parent->left == from)
        parent->left = to;
    else
        parent->right = to;
    if (to)
        to->parent = parent;
}

/* Turns `node` and its parent around, keeping the order. */
static void rotate_up(mu_tree *t, mu_tree_node *node)
{
    mu_tree_node *parent = node->parent;
    replace(t, parent, node);
    mu_tree_node *moved;
    if (parent->left == node) {
        moved = node->right;
        parent->left = moved;
        node->right = parent;
    } else {
        moved = node->left;
        parent->right = moved;
        node->left = parent;
    }
    if (moved)
        moved->parent = parent;
    parent->parent = node;
    resize(parent);
    resize(node);
}

void mu_tree_insert(mu_tree *t, mu_tree_node *node, const char *key, uint32_t weight)
{
    node->left = node->right = node->parent = NULL;
    node->key = key;
    node->weight = weight;
    node->size = 1;
    mu_tree_node **link = &t->root;
    while (*link) {
        node->parent = *link;
        node->parent->size++;
        link = strcmp(key, node->parent->key) < 0 ? &node->parent->left : &node->parent->right;
    }
    *link = node;
    while (node->parent && outranks(node, node->parent))
        rotate_up(t, node);
}

void mu_tree_remove(mu_tree *t, mu_tree_node *node)
{
    while (node->left && node->right)
        rotate_up(t, outranks(node->left, node->right) ? node->left : node->right);
    replace(t, node, node->left ? node->left : node->right);
    for (mu_tree_node *up = node->parent; up; up = up->parent)
        up->size--;
    node->left = node->right = node->parent = NULL;
}

size_t mu_tree_count(const mu_tree *t)
{
    return size_of(t->root);
}

mu_tree_node *mu_tree_at(const mu_tree *t, size_t rank)
{
    mu_tree_node *node = t->root;
    while (node && rank != size_of(node->left)) {
        if (rank < size_of(node->left)) {
            node = node->left;
        } else {
            rank -= size_of(node->left) + 1u;
            node = node->right;
        }
    }
    return node;
}

size_t mu_tree_rank(const mu_tree *t, const char *key)
{
    size_t less = 0;
    const mu_tree_node *node = t->root;
    while (node) {
        if (strcmp(key, node->key) <= 0) {
            node = node->left;
        } else {
            less += size_of(node->left) + 1u;
            node = node->right;
        }
    }
    return less;
}

mu_tree_node *mu_tree_find(const mu_tree *t, const char *key)
{
    mu_tree_node *node = t->root;
    while (node) {
        int order = strcmp(key, node->key);
        if (order == 0)
            break;
        node = order < 0 ? node->left : node->right;
    }
    return node;
}

mu_tree_node *mu_tree_next(const mu_tree_node *node)
{
    if (node->right) {
        mu_tree_node *next = node->right;
        while (next->left)
            next = next->left;
        return next;
    }
    while (node->parent && node->parent->right == node)
        node = node->parent;
    return node->parent;
}
