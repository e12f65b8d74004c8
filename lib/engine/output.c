/* output.c: output of the running transaction, by lane; and taking it when pulling. */
#include <engine/parts.h>

static int add(muc_service *s, mu_lane lane, const mu_item *item)
{
    return mu_items_add(s->heap, &s->engine->lanes[lane], item);
}

int mu_send(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_peer *to)
{
    if (to->gone)
        return MUC_OK;
    mu_item item = {.delivery = {.heap = s->heap, .room = room}};
    item.delivery.packet = mu_packet_ref(packet);
    item.delivery.peer = mu_peer_ref(to);
    return add(s, lane, &item);
}

int mu_send_all(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_audience *to)
{
    if (!to->n)
        return MUC_OK;
    mu_item item = {.delivery = {.heap = s->heap, .room = room}};
    item.delivery.packet = mu_packet_ref(packet);
    item.delivery.audience = mu_audience_ref(to);
    return add(s, lane, &item);
}

static bool is_for(const mu_audience *a, const mu_peer *peer)
{
    for (size_t i = 0; i < a->n; i++)
        if (a->peers[i] == peer)
            return true;
    return false;
}

static mu_audience *without(mu_heap *heap, const mu_audience *a, const mu_peer *peer)
{
    mu_audience *rest = mu_audience_new(heap, a->n);
    for (size_t i = 0; rest && i < a->n; i++)
        if (a->peers[i] != peer)
            rest->peers[rest->n++] = mu_peer_ref(a->peers[i]);
    return rest;
}

int mu_unsend(muc_service *s, const muc_room *room, const mu_peer *peer)
{
    mu_items *rest = &s->engine->lanes[MU_LANE_REST];
    for (size_t i = 0; i < rest->n; i++) {
        muc_delivery *d = &rest->p[i].delivery;
        if (d->room != room)
            continue;
        if (d->peer == peer) {
            /* An empty audience is a delivery to nobody: it is dropped when the lanes are moved. */
            mu_audience *nobody = mu_audience_new(s->heap, 0);
            if (!nobody)
                return MUC_ERR_NOMEM;
            mu_peer_unref(d->peer);
            d->peer = NULL;
            d->audience = nobody;
        } else if (d->audience && is_for(d->audience, peer)) {
            mu_audience *fewer = without(s->heap, d->audience, peer);
            if (!fewer)
                return MUC_ERR_NOMEM;
            mu_audience_unref(d->audience);
            d->audience = fewer;
        }
    }
    return MUC_OK;
}

size_t muc_service_waiting(const muc_service *s)
{
    return s->engine->queue.deliveries;
}
