/* delivery.c: an outgoing stanza as the host sees it: its pieces, its recipients, its tree. */
#include <engine/parts.h>

#include <string.h>

mu_peer *mu_delivery_peer(const muc_delivery *d, size_t i)
{
    return d->audience ? mu_audience_peer(d->audience, i < d->but.at ? i : i + d->but.n) : d->peer;
}

size_t muc_delivery_count(const muc_delivery *d)
{
    return d->audience ? d->n - d->but.n : 1;
}

muc_span muc_delivery_jid(const muc_delivery *d, size_t i)
{
    const mu_peer *peer = mu_delivery_peer(d, i);
    return (muc_span){mu_peer_jid(peer), peer->jid_n};
}

void *muc_delivery_userdata(const muc_delivery *d, size_t i)
{
    return mu_delivery_peer(d, i)->host;
}

void muc_delivery_shared(const muc_delivery *d, muc_span pieces[MUC_PIECES])
{
    pieces[0] = mu_packet_head(d->packet);
    pieces[1] = (muc_span){"", 0};
    pieces[2] = mu_packet_body(d->packet);
    pieces[3] = mu_packet_tail(d->packet);
}

const muc_span *muc_delivery_to(const muc_delivery *d, size_t first, size_t *n)
{
    size_t count = muc_delivery_count(d);
    bool before = first < d->but.at;
    *n = (before ? d->but.at : count) - (first < count ? first : count);
    if (*n == 0 || !d->audience)
        return *n ? &d->to : NULL;
    return d->audience->to + first + (before ? 0 : d->but.n);
}

void muc_delivery_pieces(const muc_delivery *d, size_t i, muc_span pieces[MUC_PIECES])
{
    muc_delivery_shared(d, pieces);
    pieces[1] = d->audience ? d->audience->to[i < d->but.at ? i : i + d->but.n] : d->to;
}

size_t muc_delivery_size(const muc_delivery *d, size_t i)
{
    const mu_packet *packet = d->packet;
    return mu_packet_head(packet).n + mu_delivery_peer(d, i)->attr_n + mu_packet_body(packet).n +
           mu_packet_tail(packet).n;
}

size_t muc_delivery_write(const muc_delivery *d, size_t i, char *out)
{
    muc_span pieces[MUC_PIECES];
    muc_delivery_pieces(d, i, pieces);
    char *at = out;
    for (size_t k = 0; k < MUC_PIECES; k++) {
        if (pieces[k].n)
            memcpy(at, pieces[k].p, pieces[k].n);
        at += pieces[k].n;
    }
    return (size_t)(at - out);
}

const xmlNode *muc_delivery_node(const muc_delivery *d)
{
    mu_packet *packet = d->packet;
    if (!packet->doc) {
        muc_span parts[] = {mu_packet_head(packet), mu_packet_body(packet), mu_packet_tail(packet)};
        mu_buf bytes;
        mu_buf_init(&bytes, d->heap);
        for (size_t i = 0; i < 3; i++) {
            mu_buf_span(&bytes, parts[i]);
            if (i == 0)
                mu_buf_str(&bytes, " xmlns='" MUC_NS_CLIENT "'");
        }
        /* A reader of its own: the delivery may be alive when the service is not. Depth is bounded by what came in. */
        mu_reader reader;
        mu_reader_init(&reader, SIZE_MAX);
        if (!bytes.failed)
            (void)mu_reader_parse(&reader, bytes.p, bytes.n, &packet->doc);
        mu_reader_free(&reader);
        mu_buf_free(&bytes);
    }
    return packet->doc ? xmlDocGetRootElement(packet->doc) : NULL;
}

muc_room *muc_delivery_room(const muc_delivery *d)
{
    return d->room;
}

muc_delivery *muc_delivery_keep(const muc_delivery *d)
{
    muc_delivery *kept = mu_alloc(d->heap, sizeof(*kept));
    if (!kept)
        return NULL;
    *kept = (muc_delivery){.heap = mu_heap_ref(d->heap),
                           .packet = mu_packet_ref(d->packet),
                           .audience = mu_audience_ref(d->audience),
                           .peer = mu_peer_ref(d->peer),
                           .to = d->to,
                           .but = d->but,
                           .n = d->n};
    return kept;
}

void muc_delivery_free(muc_delivery *d)
{
    if (!d)
        return;
    mu_heap *heap = d->heap;
    mu_packet_unref(heap, d->packet);
    mu_audience_unref(d->audience);
    mu_peer_unref(d->heap, d->peer);
    mu_free(heap, d);
    mu_heap_unref(heap);
}
