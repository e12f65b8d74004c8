/* journal.c: writing down changes of the model, taking them back, and burying what is gone. */
#include <model/model.h>

#include <string.h>

/* What a long transaction made larger than this is given back. */
enum { KEEP = 1024 };

void mu_journal_init(mu_journal *j, mu_heap *heap)
{
    memset(j, 0, sizeof *j);
    j->heap = heap;
}

static mu_entry *push(mu_journal *j, mu_op op)
{
    if (mu_grow(j->heap, &j->entries, &j->cap, j->n + 1, sizeof *j->entries) < 0)
        return NULL;
    mu_entry *e = &j->entries[j->n++];
    e->op = op;
    return e;
}

int mu_save_bytes(mu_journal *j, void *at, size_t n)
{
    mu_entry *e = push(j, MU_OP_BYTES);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.bytes.at = at;
    e->u.bytes.n = n;
    memcpy(e->u.bytes.old, at, n);
    return MUC_OK;
}

static int push_map(mu_journal *j, mu_op op, mu_map *map, mu_key *item)
{
    mu_entry *e = push(j, op);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.map.map = map;
    e->u.map.item = item;
    return MUC_OK;
}

int mu_save_map_insert(mu_journal *j, mu_map *map, mu_key *item)
{
    if (mu_map_reserve(map, 1) || push_map(j, MU_OP_MAP_ADDED, map, item))
        return MUC_ERR_NOMEM;
    mu_map_insert(map, item);
    return MUC_OK;
}

int mu_save_map_remove(mu_journal *j, mu_map *map, mu_key *item)
{
    if (push_map(j, MU_OP_MAP_REMOVED, map, item))
        return MUC_ERR_NOMEM;
    mu_map_remove(map, item);
    return MUC_OK;
}

static int push_tree(mu_journal *j, mu_op op, mu_tree *tree, mu_tree_node *node)
{
    mu_entry *e = push(j, op);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.tree.tree = tree;
    e->u.tree.node = node;
    return MUC_OK;
}

int mu_save_tree_insert(mu_journal *j, mu_tree *tree, mu_tree_node *node, const char *key, uint32_t weight)
{
    if (push_tree(j, MU_OP_TREE_ADDED, tree, node))
        return MUC_ERR_NOMEM;
    mu_tree_insert(tree, node, key, weight);
    return MUC_OK;
}

int mu_save_tree_remove(mu_journal *j, mu_tree *tree, mu_tree_node *node)
{
    if (push_tree(j, MU_OP_TREE_REMOVED, tree, node))
        return MUC_ERR_NOMEM;
    mu_tree_remove(tree, node);
    return MUC_OK;
}

static int push_object(mu_journal *j, mu_op op, mu_free_fn *free, void *object, mu_pins *pins)
{
    mu_entry *e = push(j, op);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.object.free = free;
    e->u.object.object = object;
    e->u.object.pins = pins;
    e->u.object.kept = NULL;
    return MUC_OK;
}

int mu_save_made(mu_journal *j, mu_free_fn *free, void *object)
{
    if (!object)
        return MUC_ERR_NOMEM;
    int r = push_object(j, MU_OP_MADE, free, object, NULL);
    if (r)
        free(j->heap, object);
    return r;
}

int mu_save_made_pinned(mu_journal *j, mu_free_fn *free, void *object, mu_pins *pins, const bool *kept)
{
    int r = object ? mu_grow(j->heap, &j->graves, &j->grave_cap, j->grave_n + j->made + 1, sizeof *j->graves)
                   : MUC_ERR_NOMEM;
    if (!r)
        r = push_object(j, MU_OP_MADE, free, object, pins);
    if (r) {
        if (object && !(kept && *kept))
            free(j->heap, object);
        return MUC_ERR_NOMEM;
    }
    j->entries[j->n - 1].u.object.kept = kept;
    j->made++;
    return MUC_OK;
}

int mu_save_gone(mu_journal *j, mu_free_fn *free, void *object)
{
    return mu_save_gone_pinned(j, free, object, NULL);
}

int mu_save_gone_pinned(mu_journal *j, mu_free_fn *free, void *object, mu_pins *pins)
{
    return object ? push_object(j, MU_OP_GONE, free, object, pins) : MUC_OK;
}

void mu_pin(mu_pins *pins)
{
    pins->n++;
}

void mu_unpin(mu_journal *j, mu_pins *pins)
{
    if (--pins->n == 0 && pins->kept)
        j->unpinned = true;
}

int mu_save_undone(mu_journal *j, mu_touch_fn *touch, void *object)
{
    mu_entry *e = push(j, MU_OP_TOUCH);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.touch.touch = touch;
    e->u.touch.object = object;
    return MUC_OK;
}

int mu_save_touch(mu_journal *j, mu_touch_fn *touch, void *object)
{
    int r = mu_save_undone(j, touch, object);
    if (!r)
        touch(object);
    return r;
}

/* The first note of a room, of which there is one. The room remembers where it was: still true, unless that place was
 * undone and is another's now. */
static mu_note *first_note(mu_journal *j, muc_room *room)
{
    const mu_entry *e = room->live->noted < j->n ? &j->entries[room->live->noted] : NULL;
    if (!e || e->op != MU_OP_NOTE || e->u.note.room != room)
        room->live->noted = (uint32_t)(j->n - 1);
    return &j->entries[room->live->noted].u.note;
}

int mu_save_note(mu_journal *j, muc_room *room, unsigned part, unsigned flags, const void *subject)
{
    mu_entry *e = mu_room_enliven(room) ? NULL : push(j, MU_OP_NOTE);
    if (!e)
        return MUC_ERR_NOMEM;
    e->u.note = (mu_note){room, part, flags, subject, j->n - 1};
    first_note(j, room)->last = j->n - 1;
    return MUC_OK;
}

/* Handlers may have seen it, and drafts may be of it: there is a place among the graves. */
static void undo_pinned(mu_journal *j, const mu_entry *e)
{
    j->made--;
    if (!e->u.object.kept || !*e->u.object.kept)
        j->graves[j->grave_n++] = *e;
}

static void undo(mu_journal *j, const mu_entry *e)
{
    switch (e->op) {
    case MU_OP_BYTES:
        memcpy(e->u.bytes.at, e->u.bytes.old, e->u.bytes.n);
        break;
    case MU_OP_MAP_ADDED:
        mu_map_remove(e->u.map.map, e->u.map.item);
        break;
    case MU_OP_MAP_REMOVED:
        mu_map_insert(e->u.map.map, e->u.map.item);
        break;
    case MU_OP_TREE_ADDED:
        mu_tree_remove(e->u.tree.tree, e->u.tree.node);
        break;
    case MU_OP_TREE_REMOVED:
        mu_tree_insert(e->u.tree.tree, e->u.tree.node, e->u.tree.node->key, e->u.tree.node->weight);
        break;
    case MU_OP_MADE:
        if (e->u.object.pins)
            undo_pinned(j, e);
        else
            e->u.object.free(j->heap, e->u.object.object);
        break;
    case MU_OP_TOUCH:
        e->u.touch.touch(e->u.touch.object);
        break;
    case MU_OP_GONE:
    case MU_OP_NOTE:
        break;
    }
}

void mu_journal_undo(mu_journal *j, size_t n)
{
    while (j->n > n)
        undo(j, &j->entries[--j->n]);
}

int mu_journal_prepare(mu_journal *j)
{
    size_t gone = 0;
    for (size_t i = 0; i < j->n; i++)
        gone += j->entries[i].op == MU_OP_GONE;
    return mu_grow(j->heap, &j->graves, &j->grave_cap, j->grave_n + j->made + gone, sizeof *j->graves);
}

void mu_journal_commit_from(mu_journal *j, size_t n)
{
    for (size_t i = n; i < j->n; i++) {
        if (j->entries[i].op == MU_OP_GONE)
            j->graves[j->grave_n++] = j->entries[i];
        else if (j->entries[i].op == MU_OP_MADE && j->entries[i].u.object.pins)
            j->made--;
    }
    j->n = n;
}

void mu_journal_commit(mu_journal *j)
{
    mu_journal_commit_from(j, 0);
}

/* Nothing is open and nothing is kept: a large array is not needed soon. */
static void give_back(mu_journal *j, mu_entry **array, size_t n, size_t *cap)
{
    if (n > 0 || *cap <= KEEP)
        return;
    mu_free(j->heap, *array);
    *array = NULL;
    *cap = 0;
}

void mu_journal_bury(mu_journal *j)
{
    size_t kept = j->unpinned ? 0 : j->grave_kept;
    for (size_t i = kept; i < j->grave_n; i++) {
        mu_entry e = j->graves[i];
        if (e.u.object.pins && e.u.object.pins->n > 0) {
            e.u.object.pins->kept = 1;
            j->graves[kept++] = e;
        } else {
            if (e.u.object.pins)
                e.u.object.pins->kept = 0;
            e.u.object.free(j->heap, e.u.object.object);
        }
    }
    j->grave_n = j->grave_kept = kept;
    j->unpinned = false;
    give_back(j, &j->graves, j->grave_n, &j->grave_cap);
    give_back(j, &j->entries, j->n, &j->cap);
}

void mu_journal_free(mu_journal *j)
{
    mu_journal_undo(j, 0);
    for (size_t i = 0; i < j->grave_n; i++)
        j->graves[i].u.object.free(j->heap, j->graves[i].u.object.object);
    mu_free(j->heap, j->graves);
    mu_free(j->heap, j->entries);
    mu_journal_init(j, j->heap);
}
