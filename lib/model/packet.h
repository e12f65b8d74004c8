/* packet.h: immutable, shared bytes: blobs, stanzas made of them, and the addresses they go to.
 *
 * All three are counted and hold the heap, so that a delivery may outlive the service. */
#ifndef MU_MODEL_PACKET_H
#define MU_MODEL_PACKET_H

#include <base/map.h>
#include <base/mem.h>
#include <libxml/tree.h>
#include <stdbool.h>

/* Bytes shared by several stanzas: ` from='room/nick'>` and children, without the end tag. */
typedef struct mu_blob {
    mu_heap *heap;
    uint32_t refs, n;
    uint32_t start; /* where the children begin: after the '>' of the start tag */
    char p[];
} mu_blob;
mu_blob *mu_blob_new(mu_heap *heap, const char *p, size_t n, size_t start);
mu_blob *mu_blob_ref(mu_blob *b);
void mu_blob_unref(mu_blob *b);                        /* NULL is fine, here and below */
bool mu_blob_same(const mu_blob *a, const mu_blob *b); /* the same bytes */

/* A stanza without `to`: head, then where `to` goes, then the shared body (may be NULL), then tail. */
typedef struct mu_packet {
    mu_heap *heap;
    mu_blob *body;
    xmlDoc *doc; /* made when first asked for */
    uint32_t refs, head_n, tail_n;
    char p[]; /* head, tail */
} mu_packet;
/* The body is counted. */
mu_packet *mu_packet_new(mu_heap *heap, muc_span head, mu_blob *body, muc_span tail);
mu_packet *mu_packet_ref(mu_packet *p);
void mu_packet_unref(mu_packet *p);
muc_span mu_packet_head(const mu_packet *p);
muc_span mu_packet_body(const mu_packet *p);
muc_span mu_packet_tail(const mu_packet *p);

/* One full real JID of the world outside, with its escaped ` to='...'`; in the service's map as long as it has
 * sessions. */
typedef struct mu_peer {
    mu_key key; /* the JID prepared for comparing; as it came when preparation refuses it */
    mu_heap *heap;
    size_t refs;
    bool gone; /* cannot be reached: nothing is sent to it */
    void *host;
    struct muc_session *sessions;   /* by session->peer_next, the latest first; NULL: not in the service's map */
    uint32_t attr_n, jid_n, bare_n; /* bare_n: of the key, up to its slash */
    const char *jid;                /* as the host gave it, NUL-terminated */
    char p[];                       /* attr, jid, key where it differs */
} mu_peer;
mu_peer *mu_peer_new(mu_heap *heap, muc_span jid, muc_span key);
mu_peer *mu_peer_ref(mu_peer *p);
void mu_peer_unref(mu_peer *p);

/* An immutable list of recipients. */
typedef struct mu_audience {
    mu_heap *heap;
    size_t refs, n;
    mu_peer *peers[];
} mu_audience;
/* Empty, with room for cap; the maker fills peers[] (each counted) and n. */
mu_audience *mu_audience_new(mu_heap *heap, size_t cap);
mu_audience *mu_audience_ref(mu_audience *a);
void mu_audience_unref(mu_audience *a);

#endif
