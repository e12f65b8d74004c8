/* query.c: what the room or the service asks, and how every question ends: by its answer, too late, or because somebody
 * goes (RFC 6120 section 8.2.3). */
#include <action/asking.h>

#include <string.h>

/* How many are ended, how many of a full list are looked at. */
enum { FEW = 2, LOOK = 16 };

/* ---- an iq ------------------------------------------------------------------------------------------------------ */

void mu_iq_open(muc_xml *x, muc_service *s, const char *from, const char *type, const char *id)
{
    mu_xml_init(x, s->heap, MUC_NS_CLIENT);
    muc_xml_open(x, "iq", NULL);
    muc_xml_attr(x, "from", from);
    muc_xml_attr(x, "type", type);
    muc_xml_attr(x, "id", id);
}

int mu_iq_send(muc_xml *x, muc_service *s, muc_room *room, mu_peer *to, int result)
{
    static const size_t head = sizeof("<iq") - 1;
    muc_xml_close(x);
    int r = result ? result : muc_xml_error(x);
    if (!r) {
        mu_packet *packet =
            mu_packet_new(s->heap, (muc_span){x->buf.p, head}, NULL, (muc_span){x->buf.p + head, x->buf.n - head});
        r = packet ? mu_send(s, MU_LANE_REST, room, packet, to) : MUC_ERR_NOMEM;
        mu_packet_unref(s->heap, packet);
    }
    mu_xml_free(x);
    return r;
}

/* ---- how it ends ------------------------------------------------------------------------------------------------ */

int mu_query_refuse(muc_service *s, const mu_query *a, muc_condition condition, muc_error_type type, const char *text)
{
    muc_xml x;
    mu_iq_open(&x, s, a->address, "error", a->id);
    mu_xml_error_element(&x, condition, type, a->room->key.p, text && *text ? text : NULL);
    return mu_iq_send(&x, s, a->room, a->asker, MUC_OK);
}

/* Runs after the commit; the question lies in its grave until the outermost call is over. */
static int run_answer(muc_service *s, const mu_deferred *d)
{
    const mu_query *a = d->object;
    mu_stanza st;
    muc_answer answer = {
        .service = s, .room = a->room && a->room->present ? a->room : NULL, .outcome = (muc_outcome)d->number};
    if (a->doc && mu_stanza_read(&st, xmlDocGetRootElement(a->doc))) {
        answer.stanza = st.node;
        answer.condition = mu_stanza_condition(&st);
    }
    return a->answer(&answer, a->ud);
}

/* The stanza may be gone when the function is called: it gets a copy. */
static int copy_answer(muc_service *s, mu_query *a, const xmlNode *stanza)
{
    muc_xml x;
    mu_xml_init(&x, s->heap, "");
    muc_xml_node(&x, stanza);
    mu_doc_free(a->doc);
    a->doc = NULL;
    int r = muc_xml_error(&x);
    if (!r)
        r = mu_reader_parse(mu_engine_reader(s), x.buf.p, x.buf.n, &a->doc);
    mu_xml_free(&x);
    return r;
}

static int call_back(muc_service *s, mu_query *a, muc_outcome outcome, const xmlNode *stanza)
{
    mu_deferred d = {.run = run_answer, .object = a, .number = (int64_t)outcome};
    int r = stanza ? copy_answer(s, a, stanza) : MUC_OK;
    if (!r)
        r = mu_defer(s, &d);
    return r < 0 ? r : mu_query_remove(a, s);
}

static int end(muc_service *s, mu_query *a, muc_outcome outcome)
{
    if (a->answer)
        return call_back(s, a, outcome, NULL);
    int r = mu_query_refuse(s, a, MUC_RECIPIENT_UNAVAILABLE, MUC_ERROR_WAIT, NULL);
    return r ? r : mu_query_remove(a, s);
}

/* Ends all on a list, or those of one room that somebody else asks: who asks himself and goes is told nothing. */
static int end_list(muc_service *s, mu_query_of kind, muc_span jid, const muc_room *room, muc_outcome outcome)
{
    const mu_query_list *list = mu_query_list_of(s, kind, jid);
    mu_query *next;
    int r = MUC_OK;
    for (mu_query *a = list ? list->first : NULL; a && !r; a = next) {
        next = a->next[kind];
        bool himself = a->asker && mu_query_is_of(a, a->asker);
        if ((!room || a->room == room) && !himself)
            r = end(s, a, outcome);
    }
    return r;
}

int mu_query_end_session(const muc_session *session)
{
    const muc_room *room = session->occupant->room;
    return end_list(room->service, MU_QUERY_WHOM, mu_peer_key(session->peer), room, MUC_OUTCOME_GONE);
}

int mu_query_end_peer(muc_service *s, const mu_peer *peer)
{
    return end_list(s, MU_QUERY_WHOM, mu_peer_key(peer), NULL, MUC_OUTCOME_GONE);
}

int mu_query_end_room(muc_room *room)
{
    return end_list(room->service, MU_QUERY_IN, (muc_span){room->key.p, room->key.n}, NULL, MUC_OUTCOME_ENDED);
}

int mu_answered(muc_service *s, mu_incoming *in)
{
    mu_query *a = in->st.id ? mu_query_find(s, in->st.id) : NULL;
    if (!a)
        return mu_idle_bounced(s, in);
    if (a->room != in->room || !mu_query_is_of(a, in->peer))
        return MUC_OK;
    if (a->asker)
        return in->nick_key && strcmp(in->nick_key, a->nick) == 0 ? mu_relay_answer(s, a, in) : MUC_OK;
    if (in->to.nick.n)
        return MUC_OK;
    return call_back(s, a, in->st.type == MU_TYPE_ERROR ? MUC_OUTCOME_ERROR : MUC_OUTCOME_RESULT, in->st.node);
}

/* ---- time ------------------------------------------------------------------------------------------------------- */

int mu_query_expire_few(muc_service *s)
{
    int r = MUC_OK;
    mu_query *a;
    for (int i = 0; i < FEW && !r && (a = mu_query_at(s, 0)) && a->at <= mu_now(s); i++)
        r = end(s, a, MUC_OUTCOME_TIMEOUT);
    return r;
}

int mu_query_has_place(muc_service *s, mu_query_of kind, muc_span jid, size_t most)
{
    const mu_query_list *list = mu_query_list_of(s, kind, jid);
    mu_query *next, *a = list && list->n >= most ? list->first : NULL;
    int r = MUC_OK;
    for (int i = 0; i < LOOK && a && !r; i++, a = next) {
        next = a->next[kind];
        if (a->at <= mu_now(s))
            r = end(s, a, MUC_OUTCOME_TIMEOUT);
    }
    return r ? r : mu_query_count(s, kind, jid) < most ? MUC_OK : MUC_ERR_LIMIT;
}

int mu_query_expire(muc_service *s, muc_sweep_event *sweep)
{
    int result = MUC_OK;
    /* One that cannot be ended now is passed over. */
    size_t kept = 0;
    mu_query *a;
    while ((a = mu_query_at(s, kept)) && a->at <= sweep->now && sweep->work) {
        mu_txn txn;
        int r = mu_begin_now(s, &txn);
        if (!r)
            r = mu_end(&txn, end(s, a, MUC_OUTCOME_TIMEOUT));
        if (r)
            result = MUC_INCOMPLETE;
        if (r == MUC_ERR_NOMEM)
            break;
        kept += r < 0;
        sweep->work--;
    }
    a = mu_query_at(s, 0);
    if (a && a->at < sweep->next)
        sweep->next = a->at;
    return result;
}

void mu_query_abandon(muc_service *s)
{
    mu_query *a;
    for (size_t i = 0; (a = mu_query_at(s, i)); i++) {
        muc_answer answer = {.service = s, .room = a->room, .outcome = MUC_OUTCOME_ENDED};
        if (a->answer)
            (void)a->answer(&answer, a->ud);
    }
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

/* What the host wrote, with an id and an address put in. */
static int send_query(muc_service *s, mu_question *q, muc_xml *iq, const char *from, const char *to)
{
    mu_peer *peer = mu_peer_get(s, to);
    xmlDoc *doc = NULL;
    mu_stanza st;
    int r = peer ? MUC_OK : MUC_ERR_NOMEM;
    if (!r)
        r = mu_reader_parse(mu_engine_reader(s), iq->buf.p, iq->buf.n, &doc);
    if (!r && (!mu_stanza_read(&st, xmlDocGetRootElement(doc)) || st.kind != MU_IQ || !st.payload || st.from || st.to ||
               st.id || (st.type != MU_TYPE_GET && st.type != MU_TYPE_SET)))
        r = MUC_ERR_INVALID;
    mu_query *a = NULL;
    if (!r) {
        q->whom = mu_peer_key(peer);
        r = mu_query_has_place(s, MU_QUERY_WHOM, q->whom, s->settings.max_queried);
    }
    if (!r)
        r = mu_query_add(s, q, &a);
    if (!r) {
        muc_xml x;
        mu_iq_open(&x, s, from, st.type == MU_TYPE_GET ? "get" : "set", a->key.p);
        muc_xml_attr(&x, "xml:lang", st.lang);
        muc_xml_node(&x, st.payload);
        r = mu_iq_send(&x, s, q->room, peer, MUC_OK);
    }
    mu_doc_free(doc);
    mu_peer_unref(s->heap, peer);
    return r == MUC_ERR_MALFORMED ? MUC_ERR_INVALID : r;
}

static int query(muc_service *s, mu_question *q, muc_xml *iq, const char *to, int64_t timeout)
{
    const char *from = q->room ? q->room->key.p : s->settings.domain;
    mu_txn txn;
    int r = (!q->room || q->room->present) && iq && to && *to && q->answer && timeout >= 0 ? mu_begin_send(s, &txn)
                                                                                           : MUC_ERR_INVALID;
    if (!iq && r == MUC_ERR_INVALID)
        r = MUC_ERR_NOMEM;
    if (r) {
        muc_xml_free(iq);
        return r;
    }
    bool complete = iq->depth == 1;
    muc_xml_close(iq);
    q->at = mu_now(s) + (timeout ? timeout : s->settings.query_timeout * 1000);
    r = muc_xml_error(iq) ? muc_xml_error(iq) : complete ? mu_user_check(s, to) : MUC_ERR_INVALID;
    if (!r)
        r = mu_query_has_place(s, MU_QUERY_BY, (muc_span){from, strlen(from)}, s->settings.max_queries);
    if (!r)
        r = send_query(s, q, iq, from, to);
    muc_xml_free(iq);
    return mu_end(&txn, r);
}

int muc_room_query(muc_room *room, muc_xml *iq, const char *to, int64_t timeout, muc_answer_fn *answer, void *ud)
{
    mu_question q = {.room = room, .answer = answer, .ud = ud};
    return query(room->service, &q, iq, to, timeout);
}

int muc_service_query(muc_service *s, muc_xml *iq, const char *to, int64_t timeout, muc_answer_fn *answer, void *ud)
{
    mu_question q = {.answer = answer, .ud = ud};
    return query(s, &q, iq, to, timeout);
}
