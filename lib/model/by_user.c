/* by_user.c: the full JIDs of one bare JID that are in some room.
 *
 * Made when it is first asked for and kept from then on, so that who never asks does not pay. It is no data: where
 * there is no memory for it, everybody is looked at. */
#include <model/model.h>

#include <string.h>

/* One peer, in the order of its key: those of a bare JID stand side by side. */
typedef struct row {
    mu_tree_node node;
    mu_peer *peer;
} row;

static row *row_of(mu_tree_node *node)
{
    return (row *)(void *)((char *)node - offsetof(row, node));
}

static row *make(muc_service *s, mu_peer *peer)
{
    row *r = mu_zalloc(s->heap, sizeof *r);
    if (r)
        r->peer = peer;
    return r;
}

void mu_by_user_forget(void *service)
{
    muc_service *s = service;
    mu_tree_node *node;
    while ((node = mu_tree_at(&s->by_user, 0))) {
        mu_tree_remove(&s->by_user, node);
        mu_free(s->heap, row_of(node));
    }
    s->by_user_kept = false;
}

int mu_by_user_keep(muc_service *s)
{
    if (s->by_user_kept)
        return MUC_OK;
    /* Undoing what was done before this does not know of it. */
    if (s->journal.n > 0 && mu_save_undone(&s->journal, mu_by_user_forget, s))
        return MUC_ERR_NOMEM;
    s->by_user_kept = true;
    for (size_t i = 0; i < s->peers.cap; i++) {
        mu_peer *peer = (mu_peer *)s->peers.slots[i];
        row *r = peer ? make(s, peer) : NULL;
        if (peer && !r) {
            mu_by_user_forget(s);
            return MUC_ERR_NOMEM;
        }
        if (r)
            mu_tree_insert(&s->by_user, &r->node, peer->key.p, peer->key.hash);
    }
    return MUC_OK;
}

int mu_by_user_come(muc_service *s, mu_peer *peer)
{
    if (!s->by_user_kept)
        return MUC_OK;
    row *r = make(s, peer);
    return mu_save_made(&s->journal, mu_free, r)
               ? MUC_ERR_NOMEM
               : mu_save_tree_insert(&s->journal, &s->by_user, &r->node, peer->key.p, peer->key.hash);
}

int mu_by_user_go(muc_service *s, const mu_peer *peer)
{
    mu_tree_node *node = s->by_user_kept ? mu_tree_find(&s->by_user, peer->key.p) : NULL;
    if (!node)
        return MUC_OK;
    return mu_save_tree_remove(&s->journal, &s->by_user, node) ? MUC_ERR_NOMEM
                                                               : mu_save_gone(&s->journal, mu_free, row_of(node));
}

bool mu_by_user_has(const muc_service *s, const mu_peer *peer)
{
    mu_tree_node *node = mu_tree_find(&s->by_user, peer->key.p);
    return node && row_of(node)->peer == peer;
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

int mu_peer_each(const mu_peer *peer, mu_session_fn *fn, void *ud)
{
    int r = 0;
    for (muc_session *session = peer->sessions; session && !r; session = session->peer_next)
        r = fn(session, ud);
    return r;
}

static int each_in_all(muc_service *s, muc_span bare, mu_session_fn *fn, void *ud)
{
    int r = 0;
    for (size_t i = 0; i < s->peers.cap && !r; i++) {
        const mu_peer *peer = (const mu_peer *)s->peers.slots[i];
        if (peer && peer->bare_n == bare.n && memcmp(peer->key.p, bare.p, bare.n) == 0)
            r = mu_peer_each(peer, fn, ud);
    }
    return r;
}

int mu_by_user_each(muc_service *s, muc_span bare, mu_session_fn *fn, void *ud)
{
    mu_buf start;
    mu_buf_init(&start, s->heap);
    mu_buf_span(&start, bare);
    mu_buf_str(&start, "/");
    if (start.failed || mu_by_user_keep(s)) {
        mu_buf_free(&start);
        return each_in_all(s, bare, fn, ud);
    }
    int r = 0;
    mu_tree_node *node = mu_tree_at(&s->by_user, mu_tree_rank(&s->by_user, start.p));
    for (; node && !r && strncmp(node->key, start.p, start.n) == 0; node = mu_tree_next(node))
        r = mu_peer_each(row_of(node)->peer, fn, ud);
    mu_buf_free(&start);
    return r;
}
