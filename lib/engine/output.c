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

int mu_unsend(muc_service *s, muc_room *room, mu_peer *peer)
{
    struct mu_engine *e = s->engine;
    mu_silences *list = &e->silences;
    if (mu_grow(s->heap, &list->p, &list->cap, list->n + 1, sizeof *list->p))
        return MUC_ERR_NOMEM;
    list->p[list->n++] = (mu_silence_entry){.room = room, .peer = mu_peer_ref(peer), .until = e->lanes[MU_LANE_REST].n};
    return MUC_OK;
}

void mu_silences_cut(muc_service *s, size_t n)
{
    mu_silences *list = &s->engine->silences;
    while (list->n > n)
        mu_peer_unref(s->heap, list->p[--list->n].peer);
    if (n == 0) {
        mu_free(s->heap, list->p);
        *list = (mu_silences){.p = NULL};
    }
}

/* Whether a peer hears nothing of the item at that place of the lane. */
static bool is_silenced(const muc_delivery *d, const mu_peer *peer, size_t at)
{
    for (const mu_silence_entry *e = peer->silenced ? peer->host : NULL; e; e = e->next)
        if (e->room == d->room && at < e->until)
            return true;
    return false;
}

/* The same recipients without those who hear nothing. */
static int restrict_to(muc_delivery *d, size_t at, size_t left)
{
    size_t count = muc_delivery_count(d);
    mu_audience *rest = mu_audience_new(d->heap, left);
    for (size_t i = 0; rest && i < count; i++)
        if (!is_silenced(d, mu_delivery_peer(d, i), at))
            (void)mu_audience_add(rest, mu_delivery_peer(d, i));
    if (!rest)
        return MUC_ERR_NOMEM;
    mu_audience_unref(d->audience);
    d->audience = rest;
    d->but = (mu_hole){0, 0};
    d->n = rest->n;
    return MUC_OK;
}

static int silence_item(mu_items *lane, size_t at)
{
    mu_item *item = &lane->p[at];
    muc_delivery *d = &item->delivery;
    /* An item of nothing is dropped when the lanes are moved. */
    size_t count = d->audience || d->peer ? muc_delivery_count(d) : 0, left = count;
    for (size_t i = 0; i < count; i++)
        left -= is_silenced(d, mu_delivery_peer(d, i), at);
    if (left == count)
        return MUC_OK;
    if (left > 0)
        return restrict_to(d, at, left);
    lane->count -= item->count;
    mu_item_drop(item);
    return MUC_OK;
}

int mu_silences_apply(muc_service *s)
{
    struct mu_engine *e = s->engine;
    mu_silences *list = &e->silences;
    size_t most = 0;
    for (size_t k = 0; k < list->n; k++) {
        mu_silence_entry *entry = &list->p[k];
        if (entry->peer->silenced)
            entry->next = entry->peer->host;
        else
            entry->host = entry->peer->host;
        entry->peer->host = entry;
        entry->peer->silenced = true;
        most = entry->until > most ? entry->until : most;
    }
    int r = MUC_OK;
    for (size_t at = 0; at < most && !r; at++)
        r = silence_item(&e->lanes[MU_LANE_REST], at);
    for (size_t k = 0; k < list->n; k++)
        if (!list->p[k].next) {
            list->p[k].peer->host = list->p[k].host;
            list->p[k].peer->silenced = false;
        }
    if (!r)
        mu_silences_cut(s, 0);
    return r;
}

size_t muc_service_waiting(const muc_service *s)
{
    return s->engine->queue.deliveries;
}
