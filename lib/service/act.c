/* act.c: stanzas in the name of users, written here, which take the way of all others. */
#include <action/action.h>

/* Begins one from a user to a room, or to somebody in it. */
static void begin(muc_service *s, muc_xml *x, const char *kind, const char *from, const char *room, const char *nick)
{
    mu_buf to;
    mu_buf_init(&to, s->heap);
    mu_buf_str(&to, room ? room : "");
    if (nick) {
        mu_buf_char(&to, '/');
        mu_buf_str(&to, nick);
    }
    mu_xml_init(x, s->heap, MUC_NS_CLIENT);
    muc_xml_open(x, kind, NULL);
    muc_xml_attr(x, "from", from);
    muc_xml_attr(x, "to", to.failed ? NULL : to.p);
    x->buf.failed = x->buf.failed || to.failed;
    mu_buf_free(&to);
}

static int finish(muc_service *s, muc_xml *x, muc_refusal *why)
{
    muc_xml_close(x);
    int r = muc_xml_error(x);
    if (!r)
        r = muc_act_text(s, x->buf.p, x->buf.n, why);
    mu_xml_free(x);
    return r;
}

int muc_act_enter(muc_service *s, const char *full_jid, const char *room_jid, const char *nick, const char *password,
                  muc_refusal *why)
{
    if (!full_jid || !room_jid || !nick)
        return MUC_ERR_INVALID;
    muc_xml x;
    begin(s, &x, "presence", full_jid, room_jid, nick);
    muc_xml_open(&x, "x", MUC_NS);
    if (password)
        muc_xml_leaf(&x, "password", password);
    muc_xml_close(&x);
    return finish(s, &x, why);
}

int muc_act_leave(muc_service *s, const char *full_jid, const char *room_jid, const char *status, muc_refusal *why)
{
    muc_room *room = room_jid ? muc_room_find(s, room_jid) : NULL;
    const muc_occupant *o = room && full_jid ? muc_occupant_by_jid(room, full_jid) : NULL;
    if (!o)
        return MUC_ERR_NOT_FOUND;
    muc_xml x;
    begin(s, &x, "presence", full_jid, muc_room_jid(room), muc_occupant_nick(o));
    muc_xml_attr(&x, "type", "unavailable");
    if (status)
        muc_xml_leaf(&x, "status", status);
    return finish(s, &x, why);
}

int muc_act_say(muc_service *s, const char *full_jid, const char *room_jid, const char *to, const char *body,
                muc_refusal *why)
{
    if (!full_jid || !room_jid || !body)
        return MUC_ERR_INVALID;
    muc_xml x;
    begin(s, &x, "message", full_jid, room_jid, to);
    muc_xml_attr(&x, "type", to ? "chat" : "groupchat");
    muc_xml_leaf(&x, "body", body);
    return finish(s, &x, why);
}

int muc_act_subject(muc_service *s, const char *full_jid, const char *room_jid, const char *subject, muc_refusal *why)
{
    if (!full_jid || !room_jid || !subject)
        return MUC_ERR_INVALID;
    muc_xml x;
    begin(s, &x, "message", full_jid, room_jid, NULL);
    muc_xml_attr(&x, "type", "groupchat");
    muc_xml_leaf(&x, "subject", subject);
    return finish(s, &x, why);
}
