/* peer.c: full real JIDs of the world outside. */
#include <model/model.h>

#include <string.h>

/* Where the parts of a peer's one block are. */
static void fill(mu_peer *p, const mu_buf *block, muc_span jid, muc_span key, size_t key_at, const uint8_t secret[16])
{
    memcpy(p->p, block->p, block->n);
    p->jid_n = (uint32_t)jid.n;
    p->key.p = p->p + key_at;
    p->key.n = (uint32_t)key.n;
    const char *slash = memchr(p->key.p, '/', key.n);
    p->bare_n = slash ? (uint32_t)(slash - p->key.p) : p->key.n;
    p->bare_sum = (uint32_t)mu_siphash(secret, p->key.p, p->bare_n);
}

static bool same(muc_span a, muc_span b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

mu_peer *mu_peer_new(mu_heap *heap, const uint8_t secret[16], muc_span jid, muc_span key)
{
    mu_peer *p = NULL;
    mu_buf block;
    mu_buf_init(&block, heap);
    mu_buf_str(&block, " to='");
    mu_buf_escape(&block, jid.p, jid.n, true);
    mu_buf_char(&block, '\'');
    size_t attr_n = block.n;
    mu_buf_span(&block, jid);
    mu_buf_char(&block, '\0');
    size_t key_at = attr_n;
    if (!same(jid, key)) {
        key_at = block.n;
        mu_buf_span(&block, key);
        mu_buf_char(&block, '\0');
    }
    if (!block.failed && block.n <= UINT32_MAX)
        p = mu_zalloc(heap, offsetof(mu_peer, p) + block.n);
    if (p) {
        p->refs = 1;
        p->attr_n = (uint32_t)attr_n;
        fill(p, &block, jid, key, key_at, secret);
    }
    mu_buf_free(&block);
    return p;
}

const char *mu_peer_jid(const mu_peer *p)
{
    return p->p + p->attr_n;
}

muc_span mu_peer_attr(const mu_peer *p)
{
    return (muc_span){p->p, p->attr_n};
}

bool mu_peer_same_user(const mu_peer *a, const mu_peer *b)
{
    return a->bare_sum == b->bare_sum && a->bare_n == b->bare_n && memcmp(a->key.p, b->key.p, a->bare_n) == 0;
}

mu_peer *mu_peer_ref(mu_peer *p)
{
    if (p)
        p->refs++;
    return p;
}

void mu_peer_unref(mu_heap *heap, mu_peer *p)
{
    if (p && --p->refs == 0)
        mu_free(heap, p);
}

/* The key of a full JID in the scratch; n = 0: no memory. */
static muc_span key_of(muc_service *s, const char *full_jid)
{
    mu_buf_reset(&s->scratch);
    if (mu_real_key(s, full_jid, false, &s->scratch, NULL) < 0)
        return (muc_span){NULL, 0};
    return (muc_span){s->scratch.p, s->scratch.n - 1};
}

/* One whose key is the JID as it stands, which is how nearly all come: preparing it would give the same. A key is a
 * prepared JID, of which preparation makes itself; or it was refused, the parts that can be are prepared, and it would
 * be refused again. */
static mu_peer *find_raw(muc_service *s, muc_span full_jid)
{
    return (mu_peer *)mu_map_find(&s->peers, full_jid.p, full_jid.n);
}

mu_peer *mu_peer_get(muc_service *s, const char *full_jid)
{
    muc_span jid = {full_jid, strlen(full_jid)};
    mu_peer *p = find_raw(s, jid);
    if (p)
        return mu_peer_ref(p);
    muc_span key = key_of(s, full_jid);
    if (!key.p)
        return NULL;
    p = (mu_peer *)mu_map_find(&s->peers, key.p, key.n);
    return p ? mu_peer_ref(p) : mu_peer_new(s->heap, s->secret, jid, key);
}

mu_peer *mu_peer_find(muc_service *s, const char *full_jid)
{
    mu_peer *p = find_raw(s, (muc_span){full_jid, strlen(full_jid)});
    if (p)
        return p;
    muc_span key = key_of(s, full_jid);
    return key.p ? (mu_peer *)mu_map_find(&s->peers, key.p, key.n) : NULL;
}
