/* address.c: which room and nickname an address means, and the keys of JIDs (RFC 7622, XEP-0045 section 3). */
#include <base/text.h>
#include <model/model.h>

#include <string.h>

static int latched(const mu_buf *b)
{
    return b->failed ? MUC_ERR_NOMEM : MUC_OK;
}

/* The domain of the address, prepared, is that of the service. */
static bool is_mine(muc_service *s, muc_span domain, mu_buf *buf)
{
    if (mu_span_is(domain, s->settings.domain))
        return true;
    size_t from = buf->n;
    bool mine = mu_prep_part(&s->prep, MUC_PREP_DOMAIN, MUC_PREP_COMPARE, domain, buf) && !buf->failed &&
                mu_span_is((muc_span){buf->p + from, buf->n - from}, s->settings.domain);
    mu_buf_cut(buf, from);
    return mine;
}

/* Where the domain of something that is no JID would be: whether it is for this service has to be known all the same.
 */
static muc_span domain_of(const char *jid)
{
    const char *end = jid + strcspn(jid, "/"), *at = memchr(jid, '@', (size_t)(end - jid));
    const char *start = at ? at + 1 : jid;
    return (muc_span){start, (size_t)(end - start)};
}

int mu_address_read(muc_service *s, const char *jid, mu_buf *buf, mu_address *out)
{
    memset(out, 0, sizeof *out);
    if (!jid)
        return MUC_ERR_BAD_JID;
    if (!mu_jid_split(jid, strlen(jid), &out->jid)) {
        bool mine = is_mine(s, domain_of(jid), buf);
        return buf->failed ? MUC_ERR_NOMEM : mine ? MUC_ERR_BAD_JID : MUC_NOT_MINE;
    }
    /* The nickname is prepared next, into the same buffer: the spans have to stay where they are. */
    mu_buf_reserve(buf, MU_ADDRESS_SIZE);
    size_t from = buf->n;
    bool mine = is_mine(s, out->jid.domain, buf);
    if (buf->failed)
        return MUC_ERR_NOMEM;
    if (!mine)
        return MUC_NOT_MINE;
    out->nick = out->jid.resource;
    if (out->jid.local.n == 0)
        return MUC_OK;
    /* Of the domain it is known what preparation makes. */
    if (!mu_prep_part(&s->prep, MUC_PREP_LOCAL, MUC_PREP_COMPARE, out->jid.local, buf))
        return buf->failed ? MUC_ERR_NOMEM : MUC_ERR_BAD_JID;
    mu_buf_char(buf, '@');
    mu_buf_str(buf, s->settings.domain);
    out->room = (muc_span){buf->p + from, buf->n - from};
    mu_buf_char(buf, '\0');
    return latched(buf);
}

/* Appends the prepared key; false: refused. */
static bool prepared(muc_service *s, muc_span jid, bool bare, mu_buf *out)
{
    mu_jid parts;
    return mu_jid_split(jid.p, jid.n, &parts) && mu_prep_jid(&s->prep, &parts, !bare, out);
}

/* A JID of which preparation refuses something: the bare part is prepared alone where it can be, so that a strange
 * resource makes nobody another user. */
static void add_trusted(muc_service *s, const char *jid, bool bare, mu_buf *out)
{
    size_t n = strlen(jid), bare_n = strcspn(jid, "/");
    muc_span user = {jid, bare_n};
    if (!prepared(s, user, true, out))
        mu_buf_span(out, user);
    if (!bare)
        mu_buf_add(out, jid + bare_n, n - bare_n);
}

int mu_real_key(muc_service *s, const char *jid, bool bare, mu_buf *out, size_t *bare_n)
{
    size_t from = out->n;
    if (!prepared(s, (muc_span){jid, strlen(jid)}, bare, out))
        add_trusted(s, jid, bare, out);
    mu_buf_char(out, '\0');
    if (out->failed)
        return MUC_ERR_NOMEM;
    if (bare_n) {
        const char *slash = memchr(out->p + from, '/', out->n - from);
        *bare_n = slash ? (size_t)(slash - out->p) - from : out->n - from - 1;
    }
    return MUC_OK;
}

int mu_user_key(muc_service *s, const char *jid, bool bare, mu_buf *out)
{
    bool ok = jid && prepared(s, (muc_span){jid, strlen(jid)}, bare, out);
    if (ok)
        mu_buf_char(out, '\0');
    return out->failed ? MUC_ERR_NOMEM : ok ? MUC_OK : MUC_ERR_BAD_JID;
}

int mu_user_check(muc_service *s, const char *jid)
{
    mu_buf key;
    mu_buf_init(&key, s->heap);
    int r = mu_user_key(s, jid, false, &key);
    mu_buf_free(&key);
    return r;
}

int mu_nick_prepare(muc_service *s, muc_span nick, mu_buf *out, size_t *key_at)
{
    size_t from = out->n;
    /* The key is made of the enforced form where it stands, which therefore must not move. */
    if (!mu_buf_reserve(out, MU_NICK_SIZE))
        return MUC_ERR_NOMEM;
    bool ok = mu_prep_part(&s->prep, MUC_PREP_NICK, MUC_PREP_ENFORCE, nick, out);
    muc_span enforced = {out->p + from, out->n - from};
    if (ok && enforced.n <= s->settings.max_nick) {
        mu_buf_char(out, '\0');
        *key_at = out->n;
        ok = mu_prep_part(&s->prep, MUC_PREP_NICK, MUC_PREP_COMPARE, enforced, out);
        mu_buf_char(out, '\0');
    } else {
        ok = false;
    }
    if (!ok)
        mu_buf_cut(out, from);
    return out->failed ? MUC_ERR_NOMEM : ok ? MUC_OK : MUC_ERR_BAD_JID;
}

muc_span mu_nick_span(const muc_room *room, const char *nick)
{
    size_t n = strlen(nick);
    if (n > room->key.n && nick[room->key.n] == '/' && memcmp(nick, room->key.p, room->key.n) == 0)
        return (muc_span){nick + room->key.n + 1, n - room->key.n - 1};
    return (muc_span){nick, n};
}
