/* restore_asked.c: what those who were in a saved room had asked one another: the answers find them. */
#include <action/asking.h>
#include <service/snapshot.h>

#include <base/text.h>
#include <string.h>

/* Who has asked as much as he may elsewhere meanwhile is told that this comes to nothing, and the room is there. */
static int ask_again(mu_restore *r, const mu_question *q)
{
    mu_query *a;
    muc_service *s = r->service;
    if (mu_query_count(s, MU_QUERY_BY, mu_peer_key(q->asker)) < s->settings.max_queries)
        return mu_query_add(s, q, &a);
    const mu_query over = {.room = q->room, .asker = q->asker, .id = q->id, .address = q->address};
    return mu_query_refuse(s, &over, MUC_RECIPIENT_UNAVAILABLE, MUC_ERROR_WAIT, NULL);
}

static int add(mu_restore *r, mu_question *q, const char *jid)
{
    mu_peer *peer = mu_peer_get(r->service, jid);
    const muc_session *asker = peer ? mu_session_find(r->service, r->room, peer) : NULL;
    int result = peer ? MUC_OK : MUC_ERR_NOMEM;
    q->asker = asker ? asker->peer : NULL;
    /* One who is not there any more waits for nothing. */
    if (asker)
        result = ask_again(r, q);
    mu_peer_unref(r->service->heap, peer);
    return result;
}

static int restore_question(mu_restore *r, const xmlNode *element)
{
    mu_question q = {.room = r->room,
                     .token = muc_node_attr(element, "id"),
                     .id = muc_node_attr(element, "own-id"),
                     .address = muc_node_attr(element, "to")};
    const char *jid = muc_node_attr(element, "from"), *whom = muc_node_attr(element, "whom"),
               *nick = muc_node_attr(element, "nick");
    if (!muc_node_is(element, "iq", MU_NS_ROOM) || !q.token || !*q.token || !q.id || !q.address || !jid || !whom ||
        !nick || !mu_restore_time(element, "due", &q.at) || mu_query_find(r->service, q.token))
        return MUC_ERR_MALFORMED;
    size_t nick_key;
    int result = mu_restore_nick(r, nick, &nick_key);
    if (result < 0)
        return result == MUC_ERR_BAD_JID ? MUC_ERR_MALFORMED : result;
    mu_buf key;
    mu_buf_init(&key, r->service->heap);
    result = mu_real_key(r->service, whom, false, &key, NULL);
    q.nick = r->key.p + nick_key;
    q.whom = (muc_span){key.p, key.n ? key.n - 1 : 0};
    if (!result)
        result = add(r, &q, jid);
    mu_buf_free(&key);
    return result;
}

int mu_restore_asked(mu_restore *r, const xmlNode *asked)
{
    int result = MUC_OK;
    for (const xmlNode *element = mu_first(asked); element && result >= 0; element = mu_after(element))
        result = restore_question(r, element);
    return result;
}
