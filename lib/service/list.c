/* list.c: pages of the room list: rooms in memory and stored ones in one order (XEP-0045 section 6.3, XEP-0059).
 *
 * Rooms in memory are in a tree that knows ranks. Stored rooms can only be asked for behind a JID, so that places which
 * are counted from the start or the end are found by walking, up to a bound. */
#include <base/buf.h>
#include <base/tree.h>
#include <model/model.h>

#include <stddef.h>
#include <string.h>

enum { MU_MOST_WALKED = 10000, MU_STRIDE = 100 };

/* Rows of two strings, JID and name. */
typedef struct mu_rows {
    mu_heap *heap;
    mu_buf text;
    size_t *at; /* where each JID begins; its name follows it */
    size_t n, cap;
} mu_rows;

struct muc_list {
    mu_rows rows;
    size_t index, count;
    bool index_known, count_known;
};

/* The stored rooms that are not in memory, a window at a time. */
typedef struct mu_stored {
    muc_service *service;
    mu_rows window;
    size_t next;        /* in the window */
    mu_buf after, last; /* asked behind this one; the latest that came */
    size_t stride;      /* how many are asked for */
    size_t got;         /* with those in memory, of this window; of all windows */
    size_t looked;
    bool end;
    int error;
} mu_stored;

/* Both in one order. */
typedef struct mu_walk {
    mu_tree_node *node; /* the next one in memory */
    mu_stored stored;
} mu_walk;

static void rows_init(mu_rows *rows, mu_heap *heap)
{
    *rows = (mu_rows){.heap = heap};
    mu_buf_init(&rows->text, heap);
}

static void rows_free(mu_rows *rows)
{
    mu_buf_free(&rows->text);
    mu_free(rows->heap, rows->at);
}

static const char *row_jid(const mu_rows *rows, size_t i)
{
    return rows->text.p + rows->at[i];
}

static const char *row_name(const mu_rows *rows, size_t i)
{
    const char *jid = row_jid(rows, i);
    return jid + strlen(jid) + 1;
}

static int rows_add(mu_rows *rows, const char *jid, const char *name)
{
    if (mu_grow(rows->heap, &rows->at, &rows->cap, rows->n + 1, sizeof *rows->at) < 0)
        return MUC_ERR_NOMEM;
    size_t at = rows->text.n;
    mu_buf_add(&rows->text, jid, strlen(jid) + 1);
    mu_buf_add(&rows->text, name, strlen(name) + 1);
    if (rows->text.failed)
        return MUC_ERR_NOMEM;
    rows->at[rows->n++] = at;
    return MUC_OK;
}

/* ---- stored rooms ---------------------------------------------------------------------------- */

static int take(mu_stored *stored, const char *jid, const char *name)
{
    const char *before = stored->last.n ? stored->last.p : stored->after.n ? stored->after.p : "";
    if (!jid || strcmp(jid, before) <= 0)
        return MUC_ERR_HOST;
    mu_buf_reset(&stored->last);
    mu_buf_str(&stored->last, jid);
    if (stored->last.failed)
        return MUC_ERR_NOMEM;
    stored->got++;
    if (mu_room_by_key(stored->service, jid, strlen(jid)))
        return MUC_OK;
    return rows_add(&stored->window, jid, name ? name : "");
}

/* A muc_stored_room_fn. What is over the number that was asked for comes again. */
static int add_stored(void *list, const char *jid, const char *name)
{
    mu_stored *stored = list;
    if (stored->error == MUC_OK && stored->got < stored->stride)
        stored->error = take(stored, jid, name);
    return stored->error;
}

static void stored_init(mu_stored *stored, muc_service *s, const char *after, size_t stride)
{
    *stored = (mu_stored){.service = s, .stride = stride, .end = !s->callbacks.stored_rooms};
    rows_init(&stored->window, s->heap);
    mu_buf_init(&stored->after, s->heap);
    mu_buf_init(&stored->last, s->heap);
    mu_buf_str(&stored->last, after ? after : "");
}

static void stored_free(mu_stored *stored)
{
    rows_free(&stored->window);
    mu_buf_free(&stored->after);
    mu_buf_free(&stored->last);
}

/* Asks for the next window. */
static int refill(mu_stored *stored)
{
    muc_service *s = stored->service;
    mu_buf former = stored->after;
    stored->after = stored->last;
    stored->last = former;
    mu_buf_reset(&stored->last);
    mu_buf_reset(&stored->window.text);
    stored->window.n = stored->next = stored->got = 0;
    if (stored->after.failed)
        return MUC_ERR_NOMEM;
    const char *after = stored->after.n ? stored->after.p : NULL;
    int r = s->callbacks.stored_rooms(s, after, stored->stride, add_stored, stored, s->ud);
    if (stored->error < 0)
        return stored->error;
    stored->looked += stored->got;
    stored->end = stored->got < stored->stride;
    return r < 0 ? MUC_ERR_HOST : MUC_OK;
}

/* The next stored room: 1, or 0 when there is none, or negative. */
static int stored_peek(mu_stored *stored, const char **jid)
{
    while (stored->next == stored->window.n) {
        if (stored->end)
            return 0;
        int r = refill(stored);
        if (r < 0)
            return r;
    }
    *jid = row_jid(&stored->window, stored->next);
    return 1;
}

/* ---- all rooms ------------------------------------------------------------------------------- */

/* The first node behind a key that may be in the tree or not. */
static mu_tree_node *node_after(const mu_tree *t, const char *key)
{
    mu_tree_node *node = mu_tree_at(t, mu_tree_rank(t, key));
    return node && strcmp(node->key, key) == 0 ? mu_tree_next(node) : node;
}

static void walk_start(mu_walk *walk, muc_service *s, const char *after, size_t stride)
{
    walk->node = after ? node_after(&s->listed, after) : mu_tree_at(&s->listed, 0);
    stored_init(&walk->stored, s, after, stride);
}

/* Steps over one room, which is added to `rows` unless that is NULL. 1; 0 at the end; or negative. */
static int walk_step(mu_walk *walk, mu_rows *rows)
{
    mu_stored *stored = &walk->stored;
    const char *jid = NULL;
    int r = stored_peek(stored, &jid);
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
        name = row_name(&stored->window, stored->next++);
    }
    r = rows ? rows_add(rows, jid, name) : MUC_OK;
    return r < 0 ? r : 1;
}

/* How many rooms come before a JID, "": how many there are. */
static int rank(muc_service *s, const char *before, size_t *out)
{
    bool all = !*before;
    *out = all ? mu_tree_count(&s->listed) : mu_tree_rank(&s->listed, before);
    mu_stored stored;
    stored_init(&stored, s, NULL, MU_STRIDE);
    const char *jid;
    int r;
    while ((r = stored_peek(&stored, &jid)) == 1 && (all || strcmp(jid, before) < 0)) {
        if (stored.looked > MU_MOST_WALKED) {
            r = MUC_ERR_LIMIT;
            break;
        }
        stored.next++;
        ++*out;
    }
    stored_free(&stored);
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
        r = walk->stored.looked > MU_MOST_WALKED ? MUC_ERR_LIMIT : walk_step(walk, NULL);
    return r < 0 ? r : MUC_OK;
}

/* ---- pages ----------------------------------------------------------------------------------- */

/* Where the page begins, and how much it may hold. */
static int place(muc_list *list, muc_service *s, const muc_list_query *q, size_t *max)
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

static int fill(muc_list *list, muc_service *s, const muc_list_query *q)
{
    size_t max = q->max;
    int r = place(list, s, q, &max);
    if (r < 0)
        return r;
    mu_walk walk;
    walk_start(&walk, s, q->after, max < MU_STRIDE ? max + 1 : MU_STRIDE);
    r = q->after ? MUC_OK : walk_skip(&walk, s, list->index);
    if (r == MUC_OK) {
        r = 1;
        for (size_t i = 0; i < max && r == 1; i++)
            r = walk_step(&walk, &list->rows);
        /* At the end it is known how many there are. */
        if (r == 1 && !list->count_known && list->index_known)
            r = walk_step(&walk, NULL);
        if (r == 0 && !list->count_known && list->index_known &&
            (list->rows.n || list->index == 0)) {
            list->count = list->index + list->rows.n;
            list->count_known = true;
        }
    }
    stored_free(&walk.stored);
    return r < 0 ? r : MUC_OK;
}

/* Nothing but the count; it stays unknown when there are too many. */
static int count_all(muc_list *list, muc_service *s)
{
    list->index_known = true;
    int r = rank(s, "", &list->count);
    list->count_known = r == MUC_OK;
    return r == MUC_ERR_LIMIT ? MUC_OK : r;
}

int muc_list_new(muc_service *service, const muc_list_query *query, muc_list **out)
{
    if (!service || !query || !out ||
        (query->after != NULL) + (query->before != NULL) + (query->by_index != 0) > 1)
        return MUC_ERR_INVALID;
    muc_list *list = mu_zalloc(service->heap, sizeof *list);
    if (!list)
        return MUC_ERR_NOMEM;
    rows_init(&list->rows, service->heap);
    int r = query->max == 0 ? count_all(list, service) : fill(list, service, query);
    if (r < 0) {
        muc_list_free(list);
        return r;
    }
    *out = list;
    return MUC_OK;
}

void muc_list_free(muc_list *list)
{
    if (!list)
        return;
    mu_heap *heap = list->rows.heap;
    rows_free(&list->rows);
    mu_free(heap, list);
}

size_t muc_list_size(const muc_list *list)
{
    return list->rows.n;
}

const char *muc_list_jid(const muc_list *list, size_t i)
{
    return i < list->rows.n ? row_jid(&list->rows, i) : NULL;
}

const char *muc_list_name(const muc_list *list, size_t i)
{
    return i < list->rows.n ? row_name(&list->rows, i) : NULL;
}

int muc_list_count(const muc_list *list, size_t *count)
{
    *count = list->count;
    return list->count_known;
}

int muc_list_index(const muc_list *list, size_t *index)
{
    *index = list->index;
    return list->index_known;
}
