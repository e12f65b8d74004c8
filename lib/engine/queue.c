/* queue.c: what waits to be sent or told: items, growing lists of them, and the queue that the host empties. */
#include <engine/parts.h>

#include <string.h>

void mu_item_drop(mu_item *item)
{
    /* That of a roster is counted by it alone. */
    if (!item->roster)
        mu_packet_unref(item->delivery.heap, item->delivery.packet);
    mu_audience_unref(item->delivery.audience);
    mu_peer_unref(item->delivery.heap, item->delivery.peer);
    mu_roster_unref(item->roster);
    mu_notice_free(item->notice);
    if (item->pinned)
        mu_room_unpin(item->pinned);
    memset(item, 0, sizeof(*item));
}

int mu_items_add(mu_heap *heap, mu_items *list, const mu_item *item)
{
    mu_item taken = *item;
    if (mu_grow(heap, &list->p, &list->cap, list->n + 1, sizeof(*list->p))) {
        mu_item_drop(&taken);
        return MUC_ERR_NOMEM;
    }
    list->p[list->n++] = taken;
    list->count += taken.count;
    return MUC_OK;
}

void mu_items_cut(mu_items *list, size_t n)
{
    while (list->n > n) {
        mu_item *item = &list->p[--list->n];
        list->count -= item->count;
        mu_item_drop(item);
    }
}

/* What one large transaction took is given back. */
enum { KEEP = 1024 };

void mu_items_shrink(mu_heap *heap, mu_items *list)
{
    if (list->n > 0 || list->cap <= KEEP)
        return;
    mu_free(heap, list->p);
    *list = (mu_items){.p = NULL};
}

void mu_queue_shrink(mu_heap *heap, mu_queue *q)
{
    if (q->n == 0 && q->cap > KEEP)
        mu_queue_free(heap, q);
}

int mu_queue_reserve(mu_heap *heap, mu_queue *q, size_t more)
{
    if (q->head + q->n + more <= q->cap)
        return MUC_OK;
    /* A backlog that stays is not moved for a few free places: each move pays for as many pushes as it moves half of.
     */
    if (q->head > 0 && q->head < q->n / 2 && mu_grow(heap, &q->p, &q->cap, q->head + q->n + more, sizeof(*q->p)) == 0)
        return MUC_OK;
    if (q->head) {
        memmove(q->p, q->p + q->head, q->n * sizeof(*q->p));
        q->head = 0;
    }
    return mu_grow(heap, &q->p, &q->cap, q->n + more, sizeof(*q->p));
}

void mu_queue_push(mu_queue *q, const mu_item *item)
{
    q->p[q->head + q->n++] = *item;
    q->deliveries += item->count;
    q->notices += item->notice != NULL;
}

mu_item mu_queue_pop(mu_queue *q)
{
    mu_item item = q->p[q->head++];
    q->deliveries -= item.count;
    q->notices -= item.notice != NULL;
    if (--q->n == 0)
        q->head = 0;
    return item;
}

void mu_queue_free(mu_heap *heap, mu_queue *q)
{
    while (q->n) {
        mu_item item = mu_queue_pop(q);
        mu_item_drop(&item);
    }
    mu_free(heap, q->p);
    memset(q, 0, sizeof(*q));
}
