/* relay.c: what one occupant asks another by an iq, and the answer (XEP-0045 sections 6.6, 6.7 and 17.4).
 *
 * The question goes out with an id of ours (model/query.h), so that the answer finds the session that asked, with the
 * id that it gave, and nobody else's is taken for it. Neither learns more of the other than his nickname: of errors
 * only type and condition are passed on, of pubsub no addresses. */
#include <action/asking.h>

#include <string.h>

/* ---- whom it is for --------------------------------------------------------------------------------------------- */

static bool is_disco(const mu_stanza *st)
{
    const char *ns = muc_node_ns(st->payload);
    return strcmp(ns, "http://jabber.org/protocol/disco#info") == 0 ||
           strcmp(ns, "http://jabber.org/protocol/disco#items") == 0;
}

/* What a client does not know of itself: his server answers for the account (XEP-0054, XEP-0292, XEP-0163). */
static bool is_for_account(const mu_stanza *st)
{
    static const char *const names[] = {"vcard-temp", "urn:ietf:params:xml:ns:vcard-4.0",
                                        "http://jabber.org/protocol/pubsub"};
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        if (strcmp(muc_node_ns(st->payload), names[i]) == 0)
            return true;
    return false;
}

static int find_target(muc_service *s, const mu_incoming *in, muc_occupant **out)
{
    if (!in->occupant && is_disco(&in->st))
        return mu_refuse(s, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, NULL);
    if (!in->occupant)
        return mu_refuse(s, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, NULL);
    *out = mu_occupant_by_key(in->room, in->nick_key, strlen(in->nick_key));
    return *out ? MUC_OK : mu_refuse(s, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
}

/* The peer that the question goes to: counted for the caller. NULL: memory. */
static mu_peer *peer_for(muc_service *s, const muc_occupant *target, bool account)
{
    return account ? mu_peer_get(s, mu_occupant_bare(target)) : mu_peer_ref(target->primary->peer);
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static int ask_handlers(muc_service *s, mu_incoming *in, muc_occupant *target, bool *account)
{
    muc_iq_event iq = {.to = target, .account = *account};
    muc_event event = {
        .room = in->room, .occupant = in->occupant, .stanza = in->st.node, .from = in->from, .as = {.iq = &iq}};
    int r = mu_fire(s, MUC_ON_QUERY, &event, NULL);
    *account = iq.account != 0;
    return r < 0 ? r : MUC_OK;
}

static int check_limits(muc_service *s, const mu_incoming *in, const mu_peer *to)
{
    int r = mu_query_has_place(s, MU_QUERY_BY, mu_peer_key(in->peer), s->settings.max_queries);
    if (!r)
        r = mu_query_has_place(s, MU_QUERY_WHOM, mu_peer_key(to), s->settings.max_queried);
    return r == MUC_ERR_LIMIT
               ? mu_refuse(s, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, "too many questions wait for an answer")
               : r;
}

static int send_question(muc_service *s, const mu_incoming *in, mu_peer *to)
{
    mu_question q = {.room = in->room,
                     .asker = in->session->peer,
                     .whom = mu_peer_key(to),
                     .id = in->st.id,
                     .address = in->st.to,
                     .nick = in->occupant->key.p,
                     .at = mu_now(s) + s->settings.query_timeout * 1000};
    mu_query *a;
    int r = mu_query_add(s, &q, &a);
    if (r)
        return r;
    muc_xml x;
    mu_buf from;
    mu_buf_init(&from, s->heap);
    mu_buf_add(&from, in->room->key.p, in->room->key.n);
    mu_buf_char(&from, '/');
    mu_buf_str(&from, muc_occupant_nick(in->occupant));
    mu_iq_open(&x, s, from.failed ? NULL : from.p, muc_node_attr(in->st.node, "type"), a->key.p);
    muc_xml_attr(&x, "xml:lang", in->st.lang);
    muc_xml_node(&x, in->st.payload);
    r = from.failed ? MUC_ERR_NOMEM : MUC_OK;
    r = mu_iq_send(&x, s, in->room, to, r);
    mu_buf_free(&from);
    return r;
}

int mu_relay(muc_service *s, mu_incoming *in)
{
    muc_occupant *target;
    bool account = is_for_account(&in->st);
    int r = find_target(s, in, &target);
    if (!r)
        r = ask_handlers(s, in, target, &account);
    /* For hosts that never sweep: whoever asks makes room. */
    if (!r)
        r = mu_query_expire_few(s);
    if (r)
        return r;
    mu_peer *to = peer_for(s, target, account);
    r = to ? check_limits(s, in, to) : MUC_ERR_NOMEM;
    if (!r)
        r = send_question(s, in, to);
    mu_peer_unref(s->heap, to);
    return r;
}

/* ---- the answer ------------------------------------------------------------------------------------------------- */

/* Who answers: his real address, and the one that he was asked under. */
typedef struct mu_answerer {
    const mu_peer *peer;
    const char *address;
} mu_answerer;

static bool is_own(const mu_answerer *who, const char *jid)
{
    const char *own = mu_peer_jid(who->peer);
    return strcmp(own, jid) == 0 || (strlen(jid) == strcspn(own, "/") && strncmp(own, jid, strlen(jid)) == 0);
}

/* What may hold addresses that clients and servers write by themselves: a server answers in the name of an account,
 * who published an item, who has subscribed (XEP-0060); a client lists what it offers under its own address (XEP-0030,
 * XEP-0050), which is the occupant's here. */
static const char *without_address(const xmlNode *node, const char *name, const char *value, const void *context)
{
    static const char pubsub[] = "http://jabber.org/protocol/pubsub",
                      items[] = "http://jabber.org/protocol/disco#items";
    const mu_answerer *who = context;
    bool jid = strcmp(name, "jid") == 0;
    if ((jid || strcmp(name, "publisher") == 0) && strncmp(muc_node_ns(node), pubsub, sizeof pubsub - 1) == 0)
        return NULL;
    return jid && strcmp(muc_node_ns(node), items) == 0 && is_own(who, value) ? who->address : value;
}

static int pass_result(muc_service *s, const mu_query *a, const mu_incoming *in, const muc_session *asker)
{
    bool sees = mu_sees_jids(a->room, asker->occupant->role);
    const mu_answerer who = {in->peer, a->address};
    muc_xml x;
    mu_iq_open(&x, s, a->address, "result", a->id);
    muc_xml_attr(&x, "xml:lang", in->st.lang);
    if (in->st.payload)
        mu_xml_node_but(&x, in->st.payload, sees ? NULL : without_address, &who);
    return mu_iq_send(&x, s, a->room, a->asker, MUC_OK);
}

static int pass_error(muc_service *s, const mu_query *a, const mu_incoming *in)
{
    muc_condition condition = mu_stanza_condition(&in->st);
    return mu_query_refuse(s, a, condition ? condition : MUC_UNDEFINED_CONDITION, mu_stanza_error_type(&in->st), NULL);
}

int mu_relay_answer(muc_service *s, mu_query *a, mu_incoming *in)
{
    const muc_session *asker = mu_session_find(s, a->room, a->asker);
    muc_iq_event iq = {.to = asker->occupant, .account = !in->session};
    muc_event event = {
        .room = in->room, .occupant = in->occupant, .stanza = in->st.node, .from = in->from, .as = {.iq = &iq}};
    int r = mu_fire(s, MUC_ON_ANSWER, &event, NULL);
    if (r == MUC_ERR_REJECTED) {
        const mu_verdict *v = mu_verdict_of(s);
        r = mu_query_refuse(s, a, v->condition, v->type, v->text);
    } else if (r >= 0) {
        r = in->st.type == MU_TYPE_ERROR ? pass_error(s, a, in) : pass_result(s, a, in, asker);
    }
    return r < 0 ? r : mu_query_remove(a, s);
}
