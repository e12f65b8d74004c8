/* gone.c: what a server knows and no stanza says: connections and domains that are gone, the end of the service
 * (XEP-0045 sections 11.1, 11.2 and 7.14). */
#include <action/action.h>
#include <engine/pending.h>

#include <string.h>

/* `<status>` as a client would have sent it, so that leaving has one way in. */
static int parse_status(muc_service *s, const char *status, xmlDoc **doc)
{
    *doc = NULL;
    if (!status)
        return MUC_OK;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    muc_xml_open(&x, "presence", NULL);
    muc_xml_leaf(&x, "status", status);
    muc_xml_close(&x);
    int r = muc_xml_error(&x);
    if (!r)
        r = mu_reader_parse(mu_engine_reader(s), x.buf.p, x.buf.n, doc);
    mu_xml_free(&x);
    return r;
}

/* Nothing that a room says from here on is for him, whoever says it. */
static int unlist(mu_peer *peer)
{
    int r = MUC_OK;
    for (muc_session *session = peer->sessions; session && !r; session = session->peer_next)
        r = mu_session_list(session, false);
    return r;
}

int muc_peer_gone(muc_service *s, const char *full_jid, const char *status)
{
    if (!full_jid || !strchr(full_jid, '/'))
        return MUC_ERR_BAD_JID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    const mu_waiting *doomed = mu_pending_of(s)->doomed;
    xmlDoc *doc = NULL;
    r = parse_status(s, status, &doc);
    mu_peer *peer = r ? NULL : mu_peer_get(s, full_jid);
    if (!r && !peer)
        r = MUC_ERR_NOMEM;
    mu_notice_about about = {.unavailable = true};
    if (!r) {
        peer->gone = true;
        r = unlist(peer);
    }
    if (!r)
        r = mu_leave_all(peer, doc ? xmlDocGetRootElement(doc) : NULL, &about, false);
    if (!r)
        r = mu_query_end_peer(s, peer);
    if (!r)
        mu_pending_doom(s, peer);
    mu_doc_free(doc);
    /* Before the others are told: one of them may bring him back. */
    if (peer)
        peer->gone = false;
    r = mu_end(&txn, r);
    mu_pending_bury(s, doomed, r >= 0);
    mu_peer_unref(s->heap, peer);
    return r;
}

/* ---- a whole domain --------------------------------------------------------------------------------------------- */

static bool is_at(const mu_peer *peer, muc_span domain)
{
    const char *at = memchr(peer->key.p, '@', peer->bare_n);
    size_t from = at ? (size_t)(at - peer->key.p) + 1 : 0;
    return peer->bare_n - from == domain.n && memcmp(peer->key.p + from, domain.p, domain.n) == 0;
}

/* The peers of a domain, counted: leaving takes them out of the map that this walks. */
static mu_audience *peers_at(muc_service *s, muc_span domain)
{
    mu_audience *found = mu_audience_new(s->heap, 0);
    if (!found)
        return NULL;
    /* In the order of the rooms and of entry, not of the table: the same calls give the same output. */
    for (muc_room *room = s->first_room; room; room = room->next)
        for (muc_occupant *o = room->live->first_occupant; o; o = o->next)
            for (muc_session *session = o->first; session; session = session->next)
                if (session->peer->sessions == session && is_at(session->peer, domain))
                    (void)mu_audience_add(found, session->peer);
    return found;
}

static void mark(mu_audience *peers, bool gone)
{
    for (size_t i = 0; peers && i < peers->n; i++)
        mu_audience_peer(peers, i)->gone = gone;
}

/* Nobody there is told of the others who go: all are out of the lists first. */
static int unlist_all(muc_service *s, mu_audience *peers)
{
    int r = MUC_OK;
    for (size_t i = 0; i < peers->n && !r; i++) {
        /* Looking for each of them would be quadratic. */
        for (muc_session *session = mu_audience_peer(peers, i)->sessions; session && !r; session = session->peer_next)
            r = mu_save_touch(&s->journal, mu_room_forget_audiences, session->occupant->room);
        if (!r)
            r = unlist(mu_audience_peer(peers, i));
    }
    return r;
}

static void doom_domain(muc_service *s, muc_span domain)
{
    mu_pending *p = mu_pending_of(s);
    for (mu_waiting *w = p->first; w; w = w->next)
        if (is_at(w->from, domain))
            mu_waiting_doom(p, w);
}

int muc_domain_unreachable(muc_service *s, const char *domain)
{
    if (!domain)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    const mu_waiting *doomed = mu_pending_of(s)->doomed;
    mu_buf key;
    mu_buf_init(&key, s->heap);
    r = mu_real_key(s, domain, true, &key, NULL);
    mu_audience *gone = r ? NULL : peers_at(s, (muc_span){key.p, key.n - 1});
    if (!r && !gone)
        r = MUC_ERR_NOMEM;
    if (gone)
        doom_domain(s, (muc_span){key.p, key.n - 1});
    mu_notice_about about = {.codes = {{333}, 1}};
    mark(gone, true);
    if (!r)
        r = unlist_all(s, gone);
    for (size_t i = 0; gone && i < gone->n && !r; i++)
        r = mu_leave_all(mu_audience_peer(gone, i), NULL, &about, true);
    mark(gone, false);
    r = mu_end(&txn, r);
    mu_pending_bury(s, doomed, r >= 0);
    mu_audience_unref(gone);
    mu_buf_free(&key);
    return r;
}

/* ---- the service ------------------------------------------------------------------------------------------------ */

int muc_service_shutdown(muc_service *s)
{
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    for (muc_room *room = s->first_room; room && !r; room = room->next)
        for (muc_occupant *o = room->live->first_occupant; o && !r; o = o->next) {
            mu_notice_about about = {.unavailable = true, .own_only = true, .codes = {{332}, 1}};
            r = mu_presence_blob(o, NULL, NULL, 0, &about.payload);
            if (!r)
                r = mu_announce(o, &about, false);
            mu_blob_unref(s->heap, about.payload);
        }
    return mu_end(&txn, r);
}
