/* rules.c: what would be allowed: the entry rules and the usual role, asked by the API. */
#include <action/action.h>

#include <string.h>

int muc_room_default_role(muc_room *room, const char *jid, muc_affiliation affiliation, muc_role *out)
{
    if (!room->present || affiliation < MUC_AFFILIATION_OUTCAST || affiliation > MUC_AFFILIATION_OWNER)
        return MUC_ERR_INVALID;
    mu_buf key;
    mu_buf_init(&key, room->service->heap);
    int r = jid ? mu_user_key(room->service, jid, true, &key) : MUC_OK;
    if (!r)
        r = mu_default_role(room, jid ? key.p : NULL, affiliation, out);
    mu_buf_free(&key);
    return r;
}

static int may_enter(muc_room *room, mu_incoming *in, const char *nick, const char *password)
{
    muc_service *s = room->service;
    mu_buf name;
    size_t key_at = 0;
    mu_buf_init(&name, s->heap);
    int r = nick ? mu_nick_prepare(s, (muc_span){nick, strlen(nick)}, &name, &key_at) : MUC_OK;
    if (r == MUC_ERR_BAD_JID)
        r = mu_refuse(s, MUC_JID_MALFORMED, MUC_ERROR_DEFAULT, NULL);
    in->nick = nick && !r ? name.p : "";
    in->nick_key = in->nick + (nick && !r ? key_at : 0);
    if (!r)
        r = mu_may_enter(s, in, password);
    mu_buf_free(&name);
    return r;
}

int muc_room_may_enter(muc_room *room, const char *jid, const char *nick, const char *password,
                       muc_condition *condition)
{
    muc_service *s = room->service;
    if (!room->present || !jid || !*jid)
        return MUC_ERR_INVALID;
    /* What a handler further out has said already stays. */
    mu_verdict before = *mu_verdict_of(s);
    mu_incoming in = {.from = jid, .room = room, .peer = mu_peer_get(s, jid)};
    /* He is who would send it: a handler that gives him another nickname finds himself under it. */
    mu_peer *outer = mu_swap_sender(s, in.peer);
    int r = in.peer ? may_enter(room, &in, nick, password) : MUC_ERR_NOMEM;
    (void)mu_swap_sender(s, outer);
    mu_peer_unref(s->heap, in.peer);
    if (condition)
        *condition = r == MUC_ERR_REJECTED ? mu_verdict_of(s)->condition : 0;
    *mu_verdict_of(s) = before;
    return r;
}

int muc_room_may_configure(muc_room *room, const char *jid)
{
    return jid && (muc_affiliation_get(room, jid) == MUC_AFFILIATION_OWNER || muc_service_is_admin(room->service, jid));
}

int muc_room_may_read(muc_room *room, const char *jid, muc_condition *condition)
{
    if (condition)
        *condition = 0;
    if (!room->present || !jid || !*jid)
        return MUC_ERR_INVALID;
    return muc_occupant_next_of(room, jid, NULL) ? MUC_OK : muc_room_may_enter(room, jid, NULL, NULL, condition);
}
