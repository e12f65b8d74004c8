/* list.c: pages of the room list: rooms in memory and stored ones in one order (XEP-0045 section 6.3, XEP-0059).
 *
 * Rooms in memory are in a tree that knows ranks. Stored rooms can only be asked for behind a JID, so that places which
 * are counted from the start or the end are found by walking, up to a bound. */
#include <service/stored.h>

#include <stddef.h>
#include <string.h>

enum { MOST_WALKED = 10000, STRIDE = 100 };

struct muc_room_list {
    mu_rows rows;
    size_t index, count;
    bool index_known, count_known;
};

/* Both kinds of rooms in one order. */
typedef struct mu_walk {
    mu_tree_node *node; /* the next one in memory */
    mu_stored stored;
} mu_walk;

/* ---- all rooms -------------------------------------------------------------------------------------------------- */

/* The first node behind a key that may be in the tree or not. */
static mu_tree_node *node_after(const mu_tree *t, const char *key)
{
    mu_tree_node *node = mu_tree_at(t, mu_tree_rank(t, key));
    return node && strcmp(node->key, key) == 0 ? mu_tree_next(node) : node;
}

static void walk_start(mu_walk *walk, muc_service *s, const char *after, size_t stride)
{
    walk->node = after ? node_after(&s->listed, after) : mu_tree_at(&s->listed, 0);
    mu_stored_init(&walk->stored, s, after, stride);
}

/* Steps over one room, which is added to `rows` unless that is NULL. 1; 0 at the end; or negative. */
static int walk_step(mu_walk *walk, mu_rows *rows)
{
    mu_stored *stored = &walk->stored;
    const char *jid = NULL;
    int r = mu_stored_peek(stored, &jid);
    if (r < 0 || (r == 0 && !walk->node))
        return r;
    const char *name;
    if (r == 0 || (walk->node && strcmp(walk->node->key, jid) < 0)) {
        char *node = (char *)walk->node;
        const muc_room *room = (const void *)(node - offsetof(muc_room, listing));
        jid = walk->node->key;
        name = rows ? muc_room_get_name(room) : "";
        walk->node = mu_tree_next(walk->node);
    } else {
        name = mu_row_name(&stored->window, stored->next++);
    }
    r = rows ? mu_rows_add(rows, jid, name) : MUC_OK;
    return r < 0 ? r : 1;
}

/* How many rooms come before a JID, "": how many there are. */
static int rank(muc_service *s, const char *before, size_t *out)
{
    bool all = !*before;
    *out = all ? mu_tree_count(&s->listed) : mu_tree_rank(&s->listed, before);
    mu_stored stored;
    mu_stored_init(&stored, s, NULL, STRIDE);
    const char *jid;
    int r;
    while ((r = mu_stored_peek(&stored, &jid)) == 1 && (all || strcmp(jid, before) < 0)) {
        if (stored.looked > MOST_WALKED) {
            r = MUC_ERR_LIMIT;
            break;
        }
        stored.next++;
        ++*out;
    }
    mu_stored_free(&stored);
    return r < 0 ? r : MUC_OK;
}

/* Goes to the room at a place, or to the end. */
static int walk_skip(mu_walk *walk, muc_service *s, size_t index)
{
    if (!s->callbacks.stored_rooms) {
        walk->node = mu_tree_at(&s->listed, index);
        return MUC_OK;
    }
    int r = 1;
    for (size_t i = 0; i < index && r == 1; i++)
        r = walk->stored.looked > MOST_WALKED ? MUC_ERR_LIMIT : walk_step(walk, NULL);
    return r < 0 ? r : MUC_OK;
}

/* ---- pages ------------------------------------------------------------------------------------------------------ */

/* Where the page begins, and how much it may hold. */
static int place(muc_room_list *list, muc_service *s, const muc_room_list_query *q, size_t *max)
{
    bool in_memory = !s->callbacks.stored_rooms;
    list->count = mu_tree_count(&s->listed);
    list->count_known = in_memory;
    list->index = q->by_index ? q->index : 0;
    list->index_known = in_memory || !q->after;
    if (q->after) {
        const mu_tree_node *first = node_after(&s->listed, q->after);
        list->index = first ? mu_tree_rank(&s->listed, first->key) : list->count;
    }
    if (!q->before)
        return MUC_OK;
    size_t end;
    int r = rank(s, q->before, &end);
    if (r < 0)
        return r;
    if (!*q->before) {
        list->count = end;
        list->count_known = true;
    }
    *max = q->max < end ? q->max : end;
    list->index = end - *max;
    return MUC_OK;
}

static int fill(muc_room_list *list, muc_service *s, const muc_room_list_query *q)
{
    size_t max = q->max;
    int r = place(list, s, q, &max);
    if (r < 0)
        return r;
    mu_walk walk;
    walk_start(&walk, s, q->after, max < STRIDE ? max + 1 : STRIDE);
    r = q->after ? MUC_OK : walk_skip(&walk, s, list->index);
    if (r == MUC_OK) {
        r = 1;
        for (size_t i = 0; i < max && r == 1; i++)
            r = walk_step(&walk, &list->rows);
        /* At the end it is known how many there are. */
        if (r == 1 && !list->count_known && list->index_known)
            r = walk_step(&walk, NULL);
        if (r == 0 && !list->count_known && list->index_known && (list->rows.n || list->index == 0)) {
            list->count = list->index + list->rows.n;
            list->count_known = true;
        }
    }
    mu_stored_free(&walk.stored);
    return r < 0 ? r : MUC_OK;
}

/* Nothing but the count; it stays unknown when there are too many. */
static int count_all(muc_room_list *list, muc_service *s)
{
    list->index_known = true;
    int r = rank(s, "", &list->count);
    list->count_known = r == MUC_OK;
    return r == MUC_ERR_LIMIT ? MUC_OK : r;
}

int muc_room_list_new(muc_service *service, const muc_room_list_query *query, muc_room_list **out)
{
    if (out)
        *out = NULL;
    if (!service || !query || !out || (query->after != NULL) + (query->before != NULL) + (query->by_index != 0) > 1)
        return MUC_ERR_INVALID;
    muc_room_list *list = mu_zalloc(service->heap, sizeof *list);
    if (!list)
        return MUC_ERR_NOMEM;
    mu_rows_init(&list->rows, service->heap);
    int r = query->max == 0 ? count_all(list, service) : fill(list, service, query);
    if (r < 0) {
        muc_room_list_free(list);
        return r;
    }
    *out = list;
    return MUC_OK;
}

void muc_room_list_free(muc_room_list *list)
{
    if (!list)
        return;
    mu_heap *heap = list->rows.heap;
    mu_rows_free(&list->rows);
    mu_free(heap, list);
}

size_t muc_room_list_size(const muc_room_list *list)
{
    return list->rows.n;
}

const char *muc_room_list_jid(const muc_room_list *list, size_t i)
{
    return i < list->rows.n ? mu_row_jid(&list->rows, i) : NULL;
}

const char *muc_room_list_name(const muc_room_list *list, size_t i)
{
    return i < list->rows.n ? mu_row_name(&list->rows, i) : NULL;
}

int muc_room_list_count(const muc_room_list *list, size_t *count)
{
    *count = list->count;
    return list->count_known;
}

int muc_room_list_index(const muc_room_list *list, size_t *index)
{
    *index = list->index;
    return list->index_known;
}
