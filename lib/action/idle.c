/* idle.c: sessions that say nothing: whether they are there, and how long they may be silent (XEP-0045 section 18.1.2,
 * XEP-0199). */
#include <action/asking.h>
#include <engine/pending.h>

#include <string.h>

/* From the room that he entered last; from the service when what that says waits for the store: he could not answer
 * what he is not asked. */
static int ping(muc_service *s, mu_idle *idle, int64_t now)
{
    muc_room *room = idle->peer->sessions->occupant->room;
    if (mu_room_is_held(room))
        room = NULL;
    char token[MU_IDLE_TOKEN];
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    r = MU_SET(&s->journal, idle->pinged, now);
    mu_idle_token(s, idle, token);
    muc_xml x;
    mu_iq_open(&x, s, room ? room->key.p : s->settings.domain, "get", token);
    muc_xml_open(&x, "ping", "urn:xmpp:ping");
    muc_xml_close(&x);
    return mu_end(&txn, mu_iq_send(&x, s, room, idle->peer, r));
}

static int remove_idle(muc_service *s, const mu_idle *idle, int status, const char *reason)
{
    mu_notice_about about = {.codes = {{status}, 1}, .reason = reason};
    mu_peer *peer = mu_peer_ref(idle->peer);
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (!r)
        r = mu_end(&txn, mu_leave_all(peer, NULL, &about, true));
    mu_peer_unref(s->heap, peer);
    return r;
}

/* He has said something, which waits for an answer: he is not silent. */
static int hear(muc_service *s, mu_idle *idle)
{
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    return r ? r : mu_end(&txn, mu_idle_heard(s, idle->peer));
}

/* What is due for one. */
static int deal_with(muc_service *s, mu_idle *idle, int64_t now)
{
    if (mu_map_find(&mu_pending_of(s)->senders, idle->key.p, idle->key.n))
        return hear(s, idle);
    int64_t kick = s->settings.idle_kick * 1000;
    if (kick && now >= idle->heard + kick)
        return remove_idle(s, idle, 307, "silent for too long");
    return idle->pinged ? remove_idle(s, idle, 333, NULL) : ping(s, idle, now);
}

int mu_idle_sweep(muc_service *s, muc_sweep_event *sweep)
{
    int result = MUC_OK;
    /* Who cannot be dealt with now is passed over. */
    size_t kept = 0;
    mu_idle *idle;
    while ((idle = mu_idle_at(s, kept)) && idle->at <= sweep->now && sweep->work) {
        sweep->work--;
        if (mu_idle_when(s, idle) > sweep->now) {
            mu_idle_settle(s, idle);
            continue;
        }
        int r = deal_with(s, idle, sweep->now);
        if (r)
            result = MUC_INCOMPLETE;
        if (r == MUC_ERR_NOMEM)
            break;
        kept += r < 0;
    }
    idle = mu_idle_at(s, 0);
    if (idle && idle->at < sweep->next)
        sweep->next = idle->at;
    return result;
}

int mu_idle_bounced(muc_service *s, const mu_incoming *in)
{
    char token[MU_IDLE_TOKEN];
    const mu_idle *idle = mu_idle_find(s, in->peer);
    if (!idle || !idle->pinged || in->st.type != MU_TYPE_ERROR || !in->st.id || in->to.nick.n)
        return MUC_OK;
    mu_idle_token(s, idle, token);
    muc_condition condition = mu_stanza_condition(&in->st);
    if (strcmp(in->st.id, token) != 0 || condition == MUC_SERVICE_UNAVAILABLE ||
        condition == MUC_FEATURE_NOT_IMPLEMENTED)
        return MUC_OK;
    mu_notice_about about = {.codes = {{333}, 1}};
    mu_peer *peer = mu_peer_ref(idle->peer);
    int r = mu_leave_all(peer, NULL, &about, true);
    mu_peer_unref(s->heap, peer);
    return r;
}
