/* dispatch.c: a stanza comes in: where it is addressed, who hears of it first, which verb it means (XEP-0045 section
 * 17, RFC 6120 section 8). */
#include <action/action.h>
#include <engine/pending.h>
#include <service/resume.h>

#include <string.h>

/* ---- whom it is for --------------------------------------------------------------------------------------------- */

/* A room that has waited for its configuration for too long is open, or gone. */
static int expire_lock(mu_incoming *in)
{
    int r = mu_lock_expire(in->room);
    if (!in->room->present)
        in->room = NULL;
    return r < 0 ? r : MUC_OK;
}

/* The room, which the host may have to bring, and the sender in it. */
static int find(muc_service *s, mu_incoming *in)
{
    int r = in->to.room.n ? mu_room_want(s, in->to.room, &in->room) : MUC_OK;
    if (!r && in->room && in->room->locked)
        r = expire_lock(in);
    in->session = in->room ? mu_session_find(s, in->room, in->peer) : NULL;
    in->occupant = in->session ? in->session->occupant : NULL;
    in->tombstone = r == MUC_ERR_NOT_FOUND ? mu_tombstone_by_key(s, in->to.room.p, in->to.room.n) : NULL;
    if (in->tombstone)
        r = mu_tombstone_expire(s, &in->tombstone);
    in->elsewhere = r == MUC_ERR_ELSEWHERE;
    if (r == MUC_OK || r == MUC_ERR_NOT_FOUND)
        return MUC_OK;
    if (r == MUC_ERR_NOMEM || r == MUC_ERR_PENDING || r == MUC_ERR_LIMIT || r == MUC_ERR_ELSEWHERE)
        return r;
    return mu_refuse(s, MUC_INTERNAL_SERVER_ERROR, MUC_ERROR_WAIT, NULL);
}

/* Finds room, session, occupant and nickname. MUC_OK; MUC_ERR_REJECTED when an address is refused. */
static int locate(muc_service *s, mu_incoming *in, mu_buf *nick)
{
    if (in->to.nick.n) {
        size_t key_at;
        int r = mu_nick_prepare(s, in->to.nick, nick, &key_at);
        if (r == MUC_ERR_BAD_JID || (!r && strlen(nick->p) > s->settings.max_nick))
            return mu_refuse(s, MUC_JID_MALFORMED, MUC_ERROR_DEFAULT, "this nickname cannot be used");
        if (r)
            return r;
        in->nick = nick->p;
        in->nick_key = nick->p + key_at;
    }
    return find(s, in);
}

/* ---- handlers of raw stanzas ------------------------------------------------------------------------------------ */

static int fire_raw(muc_service *s, muc_point point, mu_incoming *in, const xmlNode *keyed)
{
    /* Most of what comes is nobody's: nothing is made for it. */
    if (!mu_hooked_on(s, point, keyed))
        return MUC_PASS;
    mu_buf key;
    mu_buf_init(&key, s->heap);
    if (keyed) {
        mu_buf_char(&key, '{');
        mu_buf_str(&key, muc_node_ns(keyed));
        mu_buf_char(&key, '}');
        mu_buf_str(&key, (const char *)keyed->name);
    }
    size_t before = s->journal.n;
    mu_firing firing = {.stanza = &in->st, .to_nick = in->nick};
    if (in->room && in->nick_key)
        firing.target = mu_occupant_by_key(in->room, in->nick_key, strlen(in->nick_key));
    muc_event event = {.room = in->room,
                       .occupant = in->occupant,
                       .stanza = in->st.node,
                       .from = in->from,
                       .key = key.n ? key.p : NULL};
    int r = key.failed ? MUC_ERR_NOMEM : mu_fire(s, point, &event, &firing);
    mu_buf_free(&key);
    if (r != MUC_PASS || s->journal.n == before)
        return r;
    /* A handler may have ended the room, made it, forgotten it, or sent the sender away. */
    r = find(s, in);
    if (r != MUC_ERR_ELSEWHERE)
        return r;
    /* What is passed on is undone here, and with it that the room was forgotten. */
    in->elsewhere = false;
    return mu_refuse(s, MUC_INTERNAL_SERVER_ERROR, MUC_ERROR_WAIT, NULL);
}

/* A message is offered once for each of its children, until somebody takes it. */
static int offer_message(muc_service *s, mu_incoming *in)
{
    if (!mu_hooked(s, MUC_ON_MESSAGE))
        return MUC_PASS;
    const xmlNode *child = mu_first(in->st.node);
    int r = child ? MUC_PASS : fire_raw(s, MUC_ON_MESSAGE, in, NULL);
    for (; child && r == MUC_PASS; child = mu_after(child))
        r = fire_raw(s, MUC_ON_MESSAGE, in, child);
    return r;
}

/* ---- the three kinds -------------------------------------------------------------------------------------------- */

/* A room that waits for its configuration does not exist yet for anybody but its owner (XEP-0045 section 10.1.1). */
static bool is_hidden(muc_service *s, const mu_incoming *in)
{
    if (!in->room)
        return in->to.room.n > 0;
    return in->room->locked && !in->occupant && !muc_service_is_admin(s, in->from) &&
           mu_affiliation_of(in->room, (muc_span){in->peer->key.p, in->peer->bare_n}) < MUC_AFFILIATION_OWNER;
}

/* What is on the room list can be asked what it is. */
static bool is_discovery(const mu_incoming *in)
{
    static const char disco[] = "http://jabber.org/protocol/disco#";
    return in->room && !in->nick && mu_room_may_be_listed(in->room) &&
           strncmp(muc_node_ns(in->st.payload), disco, sizeof disco - 1) == 0;
}

static int refuse_hidden(muc_service *s, const mu_incoming *in)
{
    return in->tombstone ? mu_tombstone_refuse(s, in->tombstone)
                         : mu_refuse(s, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
}

static int without_room(muc_service *s, mu_incoming *in)
{
    int r = in->to.room.n || in->nick ? MUC_PASS : fire_raw(s, MUC_ON_SERVICE_MESSAGE, in, NULL);
    if (r)
        return r < 0 ? r : MUC_OK;
    return mu_refuse(s, MUC_SERVICE_UNAVAILABLE, MUC_ERROR_CANCEL, NULL);
}

static int message(muc_service *s, mu_incoming *in)
{
    if (in->st.type == MU_TYPE_ERROR)
        return mu_bounced(in);
    if (is_hidden(s, in))
        return refuse_hidden(s, in);
    int r = offer_message(s, in);
    if (r)
        return r < 0 ? r : MUC_OK;
    if (!in->room)
        return without_room(s, in);
    if (in->nick)
        return mu_private(s, in);
    if (in->st.type == MU_TYPE_GROUPCHAT)
        return mu_groupchat(s, in);
    if (!in->occupant)
        return mu_refuse(s, MUC_NOT_ACCEPTABLE, MUC_ERROR_CANCEL, "only occupants may send messages to the room");
    return mu_refuse(s, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, "a message to the room is of type groupchat");
}

static int iq(muc_service *s, mu_incoming *in)
{
    if (in->st.type != MU_TYPE_GET && in->st.type != MU_TYPE_SET)
        return in->st.type == MU_TYPE_OTHER || in->st.type == MU_TYPE_NONE
                   ? mu_refuse(s, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, "an iq is get, set, result or error")
                   : mu_answered(s, in);
    if (!in->st.payload || !in->st.id)
        return mu_refuse(s, MUC_BAD_REQUEST, MUC_ERROR_MODIFY, "an iq has an id and one payload");
    if (is_hidden(s, in) && !is_discovery(in))
        return refuse_hidden(s, in);
    /* A resource of the service: there are none, so nobody is asked in its name. */
    int r = in->to.room.n || !in->nick ? fire_raw(s, MUC_ON_IQ, in, in->st.payload) : MUC_PASS;
    if (r)
        return r < 0 ? r : mu_reply_finish(s, &in->st, in->room);
    if (in->room && in->nick)
        return mu_relay(s, in);
    return mu_refuse(s, MUC_SERVICE_UNAVAILABLE, MUC_ERROR_CANCEL, NULL);
}

static int presence(muc_service *s, mu_incoming *in)
{
    if (!in->to.room.n)
        return MUC_OK;
    int r = fire_raw(s, MUC_ON_PRESENCE, in, NULL);
    return r ? (r < 0 ? r : MUC_OK) : mu_presence(s, in);
}

static int handle(muc_service *s, mu_incoming *in)
{
    switch (in->st.kind) {
    case MU_MESSAGE:
        return message(s, in);
    case MU_PRESENCE:
        return presence(s, in);
    default:
        return iq(s, in);
    }
}

/* ---- the answer ------------------------------------------------------------------------------------------------- */

/* XEP-0045 errors say that it was the room that made them. */
static const char *author(const mu_incoming *in)
{
    return in->to.room.n ? in->to.room.p : NULL;
}

/* Whose output an answer is: of the room there is, else of a former one that still has something to say. */
static muc_room *answering(muc_service *s, const mu_incoming *in)
{
    muc_room *room = in->to.room.n ? mu_room_by_key(s, in->to.room.p, in->to.room.n) : NULL;
    return room || !in->to.room.n ? room : mu_held_room(s, in->to.room);
}

/* What the sender did wrong becomes an error stanza, which overtakes nothing of the room that is held; what went wrong
 * here goes back to the caller. */
static int answer(muc_service *s, mu_incoming *in, const mu_mark *mark, int r)
{
    if (r >= 0 || r == MUC_ERR_NOMEM || r == MUC_ERR_BUSY || r == MUC_ERR_PENDING)
        return r;
    in->elsewhere = in->elsewhere && r == MUC_ERR_ELSEWHERE;
    if (in->elsewhere) {
        mu_undo_to(s, mark);
        return in->refusal || in->inside ? r : MUC_OK;
    }
    s->tally.refused++;
    mu_verdict verdict = *mu_verdict_of(s);
    if (r != MUC_ERR_REJECTED || !verdict.condition) {
        muc_condition condition = muc_condition_of(r);
        verdict = (mu_verdict){.condition = condition, .type = muc_condition_type(condition)};
    }
    if (in->refusal) {
        in->refusal->condition = verdict.condition;
        in->refusal->type = verdict.type;
        memcpy(in->refusal->text, verdict.text, sizeof verdict.text);
        return r;
    }
    mu_undo_to(s, mark);
    /* A room that a handler made for this is no more. */
    return mu_reply_error(s, &in->st, answering(s, in), &verdict, author(in));
}

/* For what asks for something; who leaves, bounces or answers is heard, or the rooms would be full of ghosts when the
 * service is back. */
static bool is_switched_off(const muc_service *s, const mu_stanza *st)
{
    return s->settings.disabled && (mu_answerable(st) || (st->kind == MU_PRESENCE && st->type == MU_TYPE_PROBE));
}

/* What the stanza wants, and what it is told. *waiting: put aside by this. */
static int deal(muc_service *s, mu_incoming *in, void *userdata, mu_buf *nick, bool outermost, mu_waiting **waiting)
{
    mu_mark mark;
    mu_mark_set(s, &mark);
    if (outermost && mu_must_follow(s)) {
        int r = mu_pending_follow(s, &in->st, in->peer, userdata, in->to.room, waiting);
        if (r)
            return r < 0 ? answer(s, in, &mark, r) : MUC_OK;
    }
    if (outermost)
        mu_pending_begin(s);
    int r = is_switched_off(s, &in->st) ? mu_refuse(s, MUC_SERVICE_UNAVAILABLE, MUC_ERROR_CANCEL, NULL)
                                        : locate(s, in, nick);
    /* A room that came from the store for this stanza stays when it is refused: the next one shall not load it again.
     */
    mu_mark_set(s, &mark);
    if (!r)
        r = handle(s, in);
    if (outermost)
        mu_pending_end(s);
    if (r == MUC_ERR_PENDING && outermost) {
        mu_undo_to(s, &mark);
        r = mu_pending_park(s, &in->st, in->peer, userdata, in->to.room, waiting);
    }
    return answer(s, in, &mark, r);
}

/* What was undone, or could not be passed on: the sender is told that it did not happen. */
static int tell_failure(muc_service *s, mu_incoming *in)
{
    static const mu_verdict failed = {.condition = MUC_INTERNAL_SERVER_ERROR, .type = MUC_ERROR_WAIT};
    mu_txn txn;
    int r = mu_begin(s, &txn);
    if (r)
        return r;
    r = mu_idle_heard(s, in->peer);
    return mu_end(&txn, r ? r : mu_reply_error(s, &in->st, answering(s, in), &failed, author(in)));
}

/* To the service that has the room. Nothing that is done there could be undone here. */
static int pass_on(muc_service *s, mu_incoming *in)
{
    mu_phase before = mu_phase_set(s, MU_PHASE_FIXED);
    int r = s->callbacks.pass_on ? s->callbacks.pass_on(s, in->to.room.p, in->st.node, s->ud) : MUC_ERR_HOST;
    (void)mu_phase_set(s, before);
    if (r < 0)
        return tell_failure(s, in);
    /* It has happened, whether there is memory to remember when or not. */
    mu_txn txn;
    if (mu_begin(s, &txn) == MUC_OK)
        (void)mu_end(&txn, mu_idle_heard(s, in->peer));
    return MUC_OK;
}

static int run(muc_service *s, mu_incoming *in, void *userdata, mu_buf *nick, int address)
{
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    *mu_verdict_of(s) = (mu_verdict){0};
    in->inside = !txn.outermost;
    mu_peer *outer = mu_swap_sender(s, in->peer);
    mu_waiting *waiting = NULL;
    if (address) {
        mu_mark mark;
        mu_mark_set(s, &mark);
        r = answer(s, in, &mark, mu_refuse(s, MUC_JID_MALFORMED, MUC_ERROR_DEFAULT, NULL));
    } else {
        r = deal(s, in, userdata, nick, txn.outermost && !in->refusal, &waiting);
    }
    /* Whatever is dispatched while this one goes out is not the one that waited. */
    bool again = mu_pending_of(s)->resumed != NULL;
    if (txn.outermost)
        mu_pending_of(s)->resumed = NULL;
    int heard = r < 0 || again || in->refusal || in->elsewhere ? MUC_OK : mu_idle_heard(s, in->peer);
    r = mu_end(&txn, heard ? heard : r);
    if (r < 0 && waiting)
        mu_resume_forget(s, waiting);
    if (r == MUC_ERR_STORE && !in->refusal)
        r = tell_failure(s, in);
    else if (r >= 0 && in->elsewhere)
        r = pass_on(s, in);
    (void)mu_swap_sender(s, outer);
    return r;
}

/* A stanza whose tree keeps to the rules. */
static int dispatch(muc_service *s, const xmlNode *stanza, void *userdata, muc_refusal *refusal)
{
    mu_incoming in = {.refusal = refusal};
    if (!mu_stanza_read(&in.st, stanza) || !in.st.from || !*in.st.from)
        return MUC_ERR_MALFORMED;
    if (!in.st.to)
        return MUC_NOT_MINE;
    /* The memory of the stanza before, which is more than is asked for lightly; none inside of another dispatch. */
    mu_buf keys = s->keys, nick;
    mu_buf_init(&s->keys, s->heap);
    mu_buf_init(&nick, s->heap);
    if (!mu_pending_of(s)->resumed)
        s->tally.in[in.st.kind]++;
    in.from = in.st.from;
    int address = mu_address_read(s, in.st.to, &keys, &in.to);
    int r = address == MUC_NOT_MINE || address == MUC_ERR_NOMEM ? address : MUC_OK;
    in.peer = r ? NULL : mu_peer_get(s, in.from);
    if (!r && !in.peer)
        r = MUC_ERR_NOMEM;
    if (!r) {
        if (userdata)
            in.peer->host = userdata;
        r = run(s, &in, userdata, &nick, address);
    }
    mu_peer_unref(s->heap, in.peer);
    mu_buf_free(&nick);
    mu_buf_free(&s->keys);
    mu_buf_reset(&keys);
    s->keys = keys;
    return r;
}

static int dispatch_tree(muc_service *s, const xmlNode *stanza, void *userdata, muc_refusal *refusal)
{
    if (!stanza)
        return MUC_ERR_MALFORMED;
    int r = mu_node_check(stanza, s->settings.max_depth);
    if (r)
        return r;
    mu_resume_due(s);
    return dispatch(s, stanza, userdata, refusal);
}

static int dispatch_bytes(muc_service *s, const char *xml, size_t n, void *userdata, muc_refusal *refusal)
{
    xmlDoc *doc;
    int r = mu_reader_parse(mu_engine_reader(s), xml, n, &doc);
    if (r)
        return r;
    r = dispatch(s, xmlDocGetRootElement(doc), userdata, refusal);
    mu_reader_recycle(mu_engine_reader(s), doc);
    return r;
}

static int dispatch_text(muc_service *s, const char *xml, size_t n, void *userdata, muc_refusal *refusal)
{
    if (n > s->settings.max_stanza)
        return MUC_ERR_TOO_BIG;
    if (mu_is_busy(s))
        return MUC_ERR_BUSY;
    mu_resume_due(s);
    return dispatch_bytes(s, xml, n, userdata, refusal);
}

int mu_dispatch_again(muc_service *s, const mu_waiting *w)
{
    muc_span stanza = mu_waiting_stanza(w);
    return dispatch_bytes(s, stanza.p, stanza.n, w->userdata, NULL);
}

int muc_dispatch(muc_service *s, const xmlNode *stanza, void *userdata)
{
    return dispatch_tree(s, stanza, userdata, NULL);
}

int muc_dispatch_text(muc_service *s, const char *xml, size_t n, void *userdata)
{
    return dispatch_text(s, xml, n, userdata, NULL);
}

int muc_act(muc_service *s, const xmlNode *stanza, muc_refusal *why)
{
    muc_refusal mine;
    why = why ? why : &mine;
    *why = (muc_refusal){.text = ""};
    return dispatch_tree(s, stanza, NULL, why);
}

int muc_act_text(muc_service *s, const char *xml, size_t n, muc_refusal *why)
{
    muc_refusal mine;
    why = why ? why : &mine;
    *why = (muc_refusal){.text = ""};
    return dispatch_text(s, xml, n, NULL, why);
}
