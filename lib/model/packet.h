/* packet.h: immutable, shared bytes: blobs, stanzas made of them, and the addresses they go to.
 *
 * All three are counted. There are many, so that whoever counts one knows the heap, not they: a delivery, which may
 * outlive the service, holds it. */
#ifndef MU_MODEL_PACKET_H
#define MU_MODEL_PACKET_H

#include <base/map.h>
#include <base/mem.h>
#include <libxml/tree.h>
#include <stdbool.h>

/* Bytes shared by several stanzas: ` from='room/nick'>` and children, without the end tag. That may stand behind them,
 * for those stanzas to which nothing is added: they have a piece less to be copied. */
typedef struct mu_blob {
    uint32_t refs, n;
    uint32_t end_n; /* of the end tag behind them, 0: there is none */
    char p[];
} mu_blob;
mu_blob *mu_blob_new(mu_heap *heap, const char *p, size_t n);
/* The same when the last end_n of the n bytes are the end tag. */
mu_blob *mu_blob_new_closed(mu_heap *heap, const char *p, size_t n, size_t end_n);
/* What is behind the start tag: no '>' is in that but the last. */
muc_span mu_blob_children(const mu_blob *b);
mu_blob *mu_blob_ref(mu_blob *b);
void mu_blob_unref(mu_heap *heap, mu_blob *b);         /* NULL is fine, here and below */
bool mu_blob_same(const mu_blob *a, const mu_blob *b); /* the same bytes */

/* A stanza without `to`: head, then where `to` goes, then the body, then tail. Without a tail the end tag of the body
 * belongs to it. An occupant's presence is kept as one: what others have in common with it is shared. */
typedef struct mu_packet {
    mu_blob *body;           /* never NULL */
    mu_blob *tail;           /* when it is shared: NULL for none, or one of its own */
    uint32_t head_n, tail_n; /* of its own; no head: `<presence` */
    xmlDoc *doc; /* made when first asked for; what every recipient needs stands before it, close together */
    uint32_t refs;
    char p[]; /* head, tail */
} mu_packet;
/* The body (NULL: nothing) is counted. */
mu_packet *mu_packet_new(mu_heap *heap, muc_span head, mu_blob *body, muc_span tail);
/* With a tail that is shared; both are counted. */
mu_packet *mu_packet_new_shared(mu_heap *heap, muc_span head, mu_blob *body, mu_blob *tail);
/* The same stanza whose tail stands behind its body: one piece less for each recipient to copy, at the price of copying
 * both once. NULL: memory. */
mu_packet *mu_packet_joined(mu_heap *heap, const mu_packet *p);
mu_packet *mu_packet_ref(mu_packet *p);
void mu_packet_unref(mu_heap *heap, mu_packet *p);

/* Here, because they are asked for every presence that somebody who enters is sent. */
static inline muc_span mu_packet_head(const mu_packet *p)
{
    return p->head_n ? (muc_span){p->p, p->head_n} : (muc_span){"<presence", sizeof("<presence") - 1};
}

static inline muc_span mu_packet_body(const mu_packet *p)
{
    const mu_blob *b = p->body;
    return (muc_span){b->p, (size_t)b->n + (p->tail || p->tail_n ? 0 : b->end_n)};
}

static inline muc_span mu_packet_tail(const mu_packet *p)
{
    return p->tail ? (muc_span){p->tail->p, p->tail->n} : (muc_span){p->p + p->head_n, p->tail_n};
}

/* One full real JID of the world outside, with its escaped ` to='...'`; in the service's map as long as it has
 * sessions. */
typedef struct mu_peer {
    mu_key key;                   /* the JID prepared for comparing; as it came when preparation refuses it */
    void *host;                   /* the host's; of one that is silenced the engine's, within a commit */
    struct muc_session *sessions; /* by session->peer_next, the latest first; NULL: not in the service's map */
    uint32_t refs;
    uint32_t jid_n, bare_n; /* bare_n: of the key, up to its slash */
    uint32_t bare_sum;      /* keyed; differs for most bare JIDs: spares comparing them, counts them (users.c) */
    uint32_t attr_n;
    bool gone : 1;     /* cannot be reached: nothing is sent to it */
    bool silenced : 1; /* while a commit takes back what was to be sent to it */
    bool indexed;      /* is in many rooms: visit.c */
    char p[];          /* attr, jid, key where it differs */
} mu_peer;
/* Whoever counts it knows the heap. */
mu_peer *mu_peer_new(mu_heap *heap, const uint8_t secret[16], muc_span jid, muc_span key);
mu_peer *mu_peer_ref(mu_peer *p);
static inline muc_span mu_peer_key(const mu_peer *p)
{
    return (muc_span){p->key.p, p->key.n};
}
/* The JID as the host gave it, NUL-terminated. */
const char *mu_peer_jid(const mu_peer *p);
/* ` to='...'` */
muc_span mu_peer_attr(const mu_peer *p);
/* Whether both are of one user. */
bool mu_peer_same_user(const mu_peer *a, const mu_peer *b);
void mu_peer_unref(mu_heap *heap, mu_peer *p);

/* A list of recipients. It only grows while somebody else counts it: whoever refers to it remembers how many of it he
 * means. */
typedef struct mu_audience {
    mu_heap *heap;
    size_t refs, n, cap;
    muc_span *to; /* the ` to='...'` of each, by which it is found: hosts get this as it is */
} mu_audience;
mu_peer *mu_audience_peer(const mu_audience *a, size_t i);
/* Empty, with room for cap. */
mu_audience *mu_audience_new(mu_heap *heap, size_t cap);
mu_audience *mu_audience_ref(mu_audience *a);
void mu_audience_unref(mu_audience *a);
/* Adds a peer, counted by it, at the end. MUC_OK or MUC_ERR_NOMEM. */
int mu_audience_add(mu_audience *a, mu_peer *peer);
/* The same before place i of one that nobody else refers to, or at its end. */
int mu_audience_insert(mu_audience *a, size_t i, mu_peer *peer);
/* Takes one out that nobody else refers to. */
void mu_audience_remove(mu_audience *a, size_t i);
/* Where a peer is, looked for from the end: those who come or go are often the last. a->n: nowhere. */
size_t mu_audience_find(const mu_audience *a, const mu_peer *peer);

/* Packets that go to one peer after the other. Places without a packet are passed over. It changes only behind its end
 * while somebody else counts it. */
typedef struct mu_roster {
    mu_heap *heap;
    size_t refs, n, cap;
    size_t filled;  /* places with a packet */
    size_t missing; /* of one that a room keeps: who belongs on it and is not */
    mu_packet **packets;
} mu_roster;
mu_roster *mu_roster_new(mu_heap *heap);
mu_roster *mu_roster_ref(mu_roster *r);
void mu_roster_unref(mu_roster *r);
/* Puts a packet, counted by it, at a place that has none; the places before it become empty ones. MUC_OK or
 * MUC_ERR_NOMEM. */
int mu_roster_put(mu_roster *r, size_t place, mu_packet *packet);
void mu_roster_clear(mu_roster *r, size_t place);

#endif
