/* tombstone.c: what is told at the address of a room that was destroyed (XEP-0045 section 10.9, RFC 6120 section
 * 8.3.3.5), and who takes its place. */
#include <action/actor.h>

#include <string.h>

/* ---- telling ---------------------------------------------------------------------------------------------------- */

/* What an address in a URI need not escape (RFC 5122 section 2.2). */
static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c && strchr("-._~@/!$*+:", c));
}

static void put_uri(mu_buf *b, const char *jid)
{
    static const char digits[] = "0123456789ABCDEF";
    mu_buf_str(b, "xmpp:");
    for (; *jid; jid++) {
        unsigned char c = (unsigned char)*jid;
        if (is_plain(*jid)) {
            mu_buf_char(b, *jid);
            continue;
        }
        mu_buf_char(b, '%');
        mu_buf_char(b, digits[c >> 4]);
        mu_buf_char(b, digits[c & 15]);
    }
    mu_buf_str(b, "?join");
}

int mu_tombstone_refuse(muc_service *s, const mu_tombstone *t)
{
    mu_buf uri;
    mu_buf_init(&uri, s->heap);
    if (t->says.alternate)
        put_uri(&uri, t->says.alternate);
    int r = uri.failed ? MUC_ERR_NOMEM : mu_refuse_to(s, MUC_GONE, uri.n ? uri.p : NULL, t->says.reason);
    mu_buf_free(&uri);
    return r;
}

/* ---- coming and going ------------------------------------------------------------------------------------------- */

int mu_tombstone_set(muc_room *room, const muc_destroy_event *destroy)
{
    muc_service *s = room->service;
    int64_t now = mu_now(s), most = (INT64_MAX - now) / 1000;
    int64_t seconds = destroy->gone_for < most ? destroy->gone_for : most;
    mu_epitaph epitaph = {.alternate = destroy->alternate,
                          .reason = destroy->reason,
                          .at = now,
                          .until = seconds < 0 ? 0 : now + seconds * 1000};
    /* A handler says what it likes, but it is not kept at any length. */
    if (mu_reason_check(s, epitaph.alternate))
        epitaph.alternate = NULL;
    if (mu_reason_check(s, epitaph.reason))
        epitaph.reason = NULL;
    return mu_tombstone_add(s, (muc_span){room->key.p, room->key.n}, &epitaph, false);
}

static bool is_over(const mu_tombstone *t, int64_t now)
{
    return t->says.until && t->says.until <= now;
}

int mu_tombstone_expire(muc_service *s, mu_tombstone **t)
{
    if (!*t || !is_over(*t, mu_now(s)))
        return MUC_OK;
    int r = mu_tombstone_lift(s, *t);
    *t = NULL;
    return r;
}

bool mu_tombstone_gives_way(muc_service *s, const mu_incoming *in)
{
    return in->tombstone->says.until && muc_node_child(in->st.node, "x", MUC_NS) && muc_service_is_admin(s, in->from);
}

/* ---- API -------------------------------------------------------------------------------------------------------- */

/* The tombstone that an address leads to; the key goes to buf. */
static int find(muc_service *s, const char *jid, mu_buf *buf, mu_address *to, mu_tombstone **out)
{
    mu_buf_init(buf, s->heap);
    int r = jid ? mu_address_read(s, jid, buf, to) : MUC_ERR_BAD_JID;
    if (r == MUC_NOT_MINE || (!r && !to->room.n))
        r = MUC_ERR_BAD_JID;
    *out = r ? NULL : mu_tombstone_by_key(s, to->room.p, to->room.n);
    return r;
}

static int show(const mu_tombstone *t, muc_tombstone *out)
{
    if (!t)
        return 0;
    *out = (muc_tombstone){.jid = t->key.p,
                           .alternate = t->says.alternate,
                           .reason = t->says.reason,
                           .at = t->says.at,
                           .until = t->says.until};
    return 1;
}

int muc_tombstone_find(muc_service *s, const char *jid, muc_tombstone *out)
{
    mu_buf buf;
    mu_address to;
    mu_tombstone *t;
    (void)find(s, jid, &buf, &to, &t);
    mu_buf_free(&buf);
    return show(t && !is_over(t, muc_service_now(s)) ? t : NULL, out);
}

int muc_tombstone_next(muc_service *s, const char *after, muc_tombstone *out)
{
    mu_buf buf;
    mu_address to;
    mu_tombstone *t = NULL;
    if (after) {
        (void)find(s, after, &buf, &to, &t);
        mu_buf_free(&buf);
    }
    return show(!after ? s->first_tombstone : t ? t->next : NULL, out);
}

int muc_tombstone_lift(muc_service *s, const char *jid)
{
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_buf buf;
    mu_address to;
    mu_tombstone *t;
    r = find(s, jid, &buf, &to, &t);
    muc_room *room = NULL;
    if (!r && !t)
        r = mu_room_want(s, to.room, &room);
    if (!room && (!r || r == MUC_ERR_NOT_FOUND))
        t = mu_tombstone_by_key(s, to.room.p, to.room.n);
    if (!r || r == MUC_ERR_NOT_FOUND)
        r = t ? mu_tombstone_lift(s, t) : MUC_ERR_NOT_FOUND;
    mu_buf_free(&buf);
    return mu_end(&txn, r);
}
