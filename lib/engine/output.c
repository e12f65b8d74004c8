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
    mu_item item = {.delivery = {.heap = s->heap, .room = room}, .count = 1};
    item.delivery.packet = mu_packet_ref(packet);
    item.delivery.peer = mu_peer_ref(to);
    item.delivery.to = mu_peer_attr(to);
    return add(s, lane, &item);
}

int mu_send_but(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_audience *to, mu_hole but)
{
    if (to->n == but.n)
        return MUC_OK;
    mu_item item = {.delivery = {.heap = s->heap, .room = room, .but = but, .n = to->n}, .count = 1};
    item.delivery.packet = mu_packet_ref(packet);
    item.delivery.audience = mu_audience_ref(to);
    return add(s, lane, &item);
}

int mu_send_all(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_audience *to)
{
    return mu_send_but(s, lane, room, packet, to, (mu_hole){0, 0});
}

int mu_send_roster(muc_service *s, mu_lane lane, muc_room *room, mu_roster *roster, size_t but, mu_peer *to)
{
    size_t count = roster->filled - (but < roster->n && roster->packets[but]);
    if (to->gone || count == 0)
        return MUC_OK;
    mu_item item = {.delivery = {.heap = s->heap, .room = room}, .end = roster->n, .but = but, .count = count};
    item.delivery.peer = mu_peer_ref(to);
    item.delivery.to = mu_peer_attr(to);
    item.roster = mu_roster_ref(roster);
    return add(s, lane, &item);
}

/* ---- taking back ------------------------------------------------------------------------------------------------ */

static bool is_for(const muc_delivery *d, const mu_peer *peer)
{
    for (size_t i = 0; i < muc_delivery_count(d); i++)
        if (mu_delivery_peer(d, i) == peer)
            return true;
    return false;
}

static mu_audience *without(const muc_delivery *d, const mu_peer *peer)
{
    mu_audience *rest = mu_audience_new(d->heap, d->n);
    for (size_t i = 0; rest && i < muc_delivery_count(d); i++)
        if (mu_delivery_peer(d, i) != peer)
            (void)mu_audience_add(rest, mu_delivery_peer(d, i));
    return rest;
}

/* What is left when one of its recipients hears nothing. */
static int restrict_to(mu_items *list, mu_item *item, mu_audience *rest)
{
    muc_delivery *d = &item->delivery;
    if (!rest)
        return MUC_ERR_NOMEM;
    mu_audience_unref(d->audience);
    d->audience = rest;
    d->but = (mu_hole){0, 0};
    d->n = rest->n;
    if (rest->n == 0) {
        list->count -= item->count;
        mu_item_drop(item);
    }
    return MUC_OK;
}

int mu_unsend(muc_service *s, const muc_room *room, const mu_peer *peer)
{
    mu_items *rest = &s->engine->lanes[MU_LANE_REST];
    for (size_t i = 0; i < rest->n; i++) {
        mu_item *item = &rest->p[i];
        const muc_delivery *d = &item->delivery;
        if (d->room != room)
            continue;
        /* An item of nothing is dropped when the lanes are moved. */
        if (d->peer == peer) {
            rest->count -= item->count;
            mu_item_drop(item);
        } else if (d->audience && is_for(d, peer) && restrict_to(rest, item, without(d, peer))) {
            return MUC_ERR_NOMEM;
        }
    }
    return MUC_OK;
}

size_t muc_service_waiting(const muc_service *s)
{
    return s->engine->queue.deliveries;
}
