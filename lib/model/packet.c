/* packet.c: blobs, and stanzas made of a head, a shared blob and a tail. */
#include <model/packet.h>

#include <string.h>
#include <xml/xml.h>

mu_blob *mu_blob_new(mu_heap *heap, const char *p, size_t n)
{
    if (n > UINT32_MAX - sizeof(mu_blob))
        return NULL;
    mu_blob *b = mu_alloc(heap, sizeof *b + n);
    if (!b)
        return NULL;
    *b = (mu_blob){.refs = 1, .n = (uint32_t)n};
    if (n > 0)
        memcpy(b->p, p, n);
    return b;
}

mu_blob *mu_blob_new_closed(mu_heap *heap, const char *p, size_t n, size_t end_n)
{
    mu_blob *b = mu_blob_new(heap, p, n);
    if (b) {
        b->n -= (uint32_t)end_n;
        b->end_n = (uint32_t)end_n;
    }
    return b;
}

muc_span mu_blob_children(const mu_blob *b)
{
    const char *end = memchr(b->p, '>', b->n);
    size_t start = end ? (size_t)(end - b->p) + 1 : b->n;
    return (muc_span){b->p + start, b->n - start};
}

mu_blob *mu_blob_ref(mu_blob *b)
{
    if (b)
        b->refs++;
    return b;
}

void mu_blob_unref(mu_heap *heap, mu_blob *b)
{
    if (b && --b->refs == 0)
        mu_free(heap, b);
}

bool mu_blob_same(const mu_blob *a, const mu_blob *b)
{
    return a == b || (a->n == b->n && memcmp(a->p, b->p, a->n) == 0);
}

static mu_packet *packet_new(mu_heap *heap, muc_span head, mu_blob *body, muc_span tail)
{
    if (head.n > UINT32_MAX || tail.n > UINT32_MAX || head.n + tail.n > UINT32_MAX)
        return NULL;
    bool usual = head.n == sizeof("<presence") - 1 && memcmp(head.p, "<presence", head.n) == 0;
    size_t head_n = usual ? 0 : head.n;
    mu_packet *p = mu_alloc(heap, sizeof *p + head_n + tail.n);
    if (!p)
        return NULL;
    *p = (mu_packet){.body = mu_blob_ref(body), .refs = 1, .head_n = (uint32_t)head_n, .tail_n = (uint32_t)tail.n};
    if (head_n > 0)
        memcpy(p->p, head.p, head_n);
    if (tail.n > 0)
        memcpy(p->p + head_n, tail.p, tail.n);
    return p;
}

mu_packet *mu_packet_new(mu_heap *heap, muc_span head, mu_blob *body, muc_span tail)
{
    mu_blob *none = body ? NULL : mu_blob_new(heap, "", 0);
    mu_packet *p = body || none ? packet_new(heap, head, body ? body : none, tail) : NULL;
    mu_blob_unref(heap, none);
    return p;
}

mu_packet *mu_packet_new_shared(mu_heap *heap, muc_span head, mu_blob *body, mu_blob *tail)
{
    mu_packet *p = packet_new(heap, head, body, (muc_span){"", 0});
    if (p)
        p->tail = mu_blob_ref(tail);
    return p;
}

mu_packet *mu_packet_joined(mu_heap *heap, const mu_packet *p)
{
    const mu_blob *body = p->body;
    muc_span tail = mu_packet_tail(p);
    if (tail.n > UINT32_MAX - sizeof(mu_blob) - body->n)
        return NULL;
    mu_blob *both = mu_alloc(heap, sizeof *both + body->n + tail.n);
    if (!both)
        return NULL;
    *both = (mu_blob){.refs = 1, .n = body->n, .end_n = (uint32_t)tail.n};
    memcpy(both->p, body->p, body->n);
    memcpy(both->p + body->n, tail.p, tail.n);
    mu_packet *joined = packet_new(heap, mu_packet_head(p), both, (muc_span){"", 0});
    mu_blob_unref(heap, both);
    return joined;
}

mu_packet *mu_packet_ref(mu_packet *p)
{
    if (p)
        p->refs++;
    return p;
}

void mu_packet_unref(mu_heap *heap, mu_packet *p)
{
    if (!p || --p->refs > 0)
        return;
    mu_blob_unref(heap, p->body);
    mu_blob_unref(heap, p->tail);
    if (p->doc)
        mu_doc_free(p->doc);
    mu_free(heap, p);
}
