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

size_t muc_service_waiting(const muc_service *s)
{
    return s->engine->queue.deliveries;
}
