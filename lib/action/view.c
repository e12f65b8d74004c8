/* view.c: an occupant's presence in its views: the payload once, a tail for each view (XEP-0045 sections 7.2.3, 7.2.4).
 */
#include <action/view.h>
#include <base/text.h>

#include <string.h>

/* Bytes of a payload or a tail, as a rule: they are written without growing. */
enum { USUAL = 500 };

/* ---- payload ---------------------------------------------------------------------------------------------------- */

/* What was written, unless something went wrong before. */
static int finish(muc_xml *x, muc_service *s, int r, mu_blob **out)
{
    mu_xml_settle(x);
    if (!r)
        r = muc_xml_error(x);
    *out = r ? NULL : mu_blob_new(s->heap, x->buf.p, x->buf.n);
    mu_xml_free(x);
    return r || *out ? r : MUC_ERR_NOMEM;
}

/* What handlers put into the presence of an occupant for everybody; when one of them refuses or fails, nothing. */
static int add_payload(muc_xml *x, muc_occupant *occupant, const xmlNode *presence)
{
    muc_service *s = occupant->room->service;
    if (!mu_hooked(s, MUC_ON_PAYLOAD_BUILD))
        return MUC_OK;
    muc_xml more;
    mu_xml_init(&more, s->heap, MUC_NS_CLIENT);
    muc_build_event build = {.out = &more};
    muc_event event = {.room = occupant->room, .occupant = occupant, .stanza = presence, .as = {.build = &build}};
    int answer = mu_fire(s, MUC_ON_PAYLOAD_BUILD, &event, NULL);
    int r = answer == MUC_ERR_NOMEM ? answer : more.depth ? MUC_ERR_HOST : muc_xml_error(&more);
    mu_xml_settle(x);
    if (answer >= 0 && !r)
        mu_buf_add(&x->buf, more.buf.p, more.buf.n);
    mu_xml_free(&more);
    return r;
}

int mu_presence_blob(muc_occupant *occupant, const xmlNode *presence, const xmlNode *const *drops, size_t drop_count,
                     mu_blob **out)
{
    muc_room *room = occupant->room;
    muc_service *s = room->service;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_buf_reserve(&x.buf, USUAL);
    mu_attr_from(&x.buf, room, muc_occupant_nick(occupant));
    mu_attr(&x.buf, "xml:lang", presence ? muc_node_lang(presence) : NULL);
    mu_buf_char(&x.buf, '>');
    mu_strip strip = {.service = s, .room = room, .drops = drops, .drop_count = drop_count};
    if (presence)
        mu_xml_children(&x, presence, mu_forged, &strip);
    int r = add_payload(&x, occupant, presence);
    return finish(&x, s, r, out);
}

int mu_presence_take(muc_occupant *occupant, const xmlNode *presence, const xmlNode *const *drops, size_t drop_count,
                     mu_blob **out)
{
    muc_service *s = occupant->room->service;
    int r = mu_presence_blob(occupant, presence, drops, drop_count, out);
    if (r)
        return r;
    if (mu_blob_children(*out).n <= s->settings.max_presence)
        return MUC_OK;
    mu_blob_unref(s->heap, *out);
    *out = NULL;
    return mu_refuse(s, MUC_POLICY_VIOLATION, MUC_ERROR_MODIFY, "the presence holds too much");
}

mu_blob *mu_presence_renamed(mu_blob *old, muc_room *room, const char *nick)
{
    muc_xml x;
    mu_xml_init(&x, room->service->heap, MUC_NS_CLIENT);
    mu_attr_from(&x.buf, room, nick);
    /* What follows the old ` from='...'`: other attributes and the children. */
    const char *rest = memchr(old->p + sizeof(" from='") - 1, '\'', old->n - (sizeof(" from='") - 1));
    size_t skipped = (size_t)(rest + 1 - old->p);
    mu_buf_add(&x.buf, rest + 1, old->n - skipped);
    mu_blob *blob;
    (void)finish(&x, room->service, MUC_OK, &blob);
    return blob;
}

int mu_presence_priority(const xmlNode *presence)
{
    const char *text = presence ? muc_node_text(muc_node_child(presence, "priority", MUC_NS_CLIENT)) : NULL;
    if (!text)
        return 0;
    muc_span number = mu_trim((muc_span){text, strlen(text)});
    int64_t value;
    if (!mu_integer(number.p, number.n, &value))
        return 0;
    return value < -128 ? -128 : value > 127 ? 127 : (int)value;
}

/* ---- tail ------------------------------------------------------------------------------------------------------- */

static bool fit(const char *text)
{
    return !text || mu_xml_valid(text, strlen(text));
}

/* What hosts and handlers say may be anything. */
static bool is_writable(const mu_notice_about *about, const char *jid)
{
    const muc_destroy_event *d = about->destroy;
    return fit(jid) && fit(about->new_nick) && fit(about->actor_nick) && fit(about->reason) &&
           (!d || (fit(d->alternate) && fit(d->reason) && fit(d->password)));
}

/* `<name>text</name>`; nothing for an empty text. */
static void add_leaf(mu_buf *b, const char *name, const char *text)
{
    if (!text || !*text)
        return;
    mu_buf_char(b, '<');
    mu_buf_str(b, name);
    mu_buf_char(b, '>');
    mu_buf_escape(b, text, strlen(text), false);
    mu_buf_str(b, "</");
    mu_buf_str(b, name);
    mu_buf_char(b, '>');
}

/* Ends a start tag whose element has children, if it has. */
static void add_children(mu_buf *b, bool any)
{
    mu_buf_str(b, any ? ">" : "/>");
}

static void add_item(mu_buf *b, const mu_notice_about *about, const char *jid)
{
    bool reason = about->reason && *about->reason;
    mu_buf_str(b, "<item");
    mu_attr(b, "affiliation", muc_affiliation_name(about->affiliation));
    mu_attr(b, "role", muc_role_name(about->role));
    mu_attr(b, "jid", jid);
    mu_attr(b, "nick", about->new_nick);
    add_children(b, about->actor_nick || reason);
    if (about->actor_nick) {
        mu_buf_str(b, "<actor");
        mu_attr(b, "nick", about->actor_nick);
        mu_buf_str(b, "/>");
    }
    add_leaf(b, "reason", about->reason);
    if (about->actor_nick || reason)
        mu_buf_str(b, "</item>");
}

static void add_destroy(mu_buf *b, const muc_destroy_event *destroy)
{
    bool reason = destroy->reason && *destroy->reason, password = destroy->password && *destroy->password;
    mu_buf_str(b, "<destroy");
    mu_attr(b, "jid", destroy->alternate);
    add_children(b, reason || password);
    add_leaf(b, "reason", destroy->reason);
    add_leaf(b, "password", destroy->password);
    if (reason || password)
        mu_buf_str(b, "</destroy>");
}

/* What handlers add. */
static int add_built(mu_buf *b, muc_occupant *occupant, bool full, bool self)
{
    muc_service *s = occupant->room->service;
    if (!mu_hooked(s, MUC_ON_PRESENCE_BUILD))
        return MUC_OK;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    muc_build_event build = {.out = &x, .shows_jid = full, .self = self};
    muc_event event = {.room = occupant->room, .occupant = occupant, .as = {.build = &build}};
    int r = mu_fire(s, MUC_ON_PRESENCE_BUILD, &event, NULL);
    mu_xml_settle(&x);
    if (r >= 0)
        r = muc_xml_error(&x);
    mu_buf_add(b, x.buf.p, x.buf.n);
    mu_xml_free(&x);
    return r;
}

static int add_tail(mu_buf *b, muc_occupant *occupant, const mu_notice_about *about, const char *jid, bool self)
{
    mu_buf_str(b, "<x xmlns='" MUC_NS_USER "'>");
    add_item(b, about, jid);
    if (about->destroy)
        add_destroy(b, about->destroy);
    if (self) {
        static const mu_codes own = {{110}, 1};
        mu_add_codes(b, &own);
        mu_add_codes(b, &about->own_codes);
    }
    mu_add_codes(b, &about->codes);
    mu_buf_add(b, about->extra.p, about->extra.n);
    mu_buf_str(b, "</x>");
    int r = add_built(b, occupant, jid != NULL, self);
    mu_buf_str(b, "</presence>");
    return r;
}

int mu_view_write(muc_occupant *occupant, const mu_notice_about *about, const char *jid, bool self, const char *id,
                  mu_blob *payload, mu_packet **out)
{
    mu_heap *heap = occupant->room->service->heap;
    *out = NULL;
    if (!is_writable(about, jid))
        return MUC_ERR_INVALID;
    mu_buf b;
    mu_buf_init(&b, heap);
    mu_buf_reserve(&b, USUAL);
    mu_buf_str(&b, "<presence");
    mu_attr(&b, "id", id);
    if (about->unavailable)
        mu_buf_str(&b, " type='unavailable'");
    size_t head = b.n;
    int r = add_tail(&b, occupant, about, jid, self);
    if (!r && b.failed)
        r = MUC_ERR_NOMEM;
    *out = r ? NULL : mu_packet_new(heap, (muc_span){b.p, head}, payload, (muc_span){b.p + head, b.n - head});
    mu_buf_free(&b);
    return r ? r : *out ? MUC_OK : MUC_ERR_NOMEM;
}

/* The tail of plain available presence without a JID: the same for all of a rank, unless handlers add to it. Made when
 * first needed. NULL: memory. */
static mu_blob *shared_tail(muc_occupant *occupant, const mu_notice_about *about)
{
    muc_service *s = occupant->room->service;
    mu_blob **tail = &s->tails[about->affiliation - MUC_AFFILIATION_OUTCAST][about->role];
    if (*tail)
        return *tail;
    mu_buf b;
    mu_buf_init(&b, s->heap);
    (void)add_tail(&b, occupant, about, NULL, false);
    *tail = b.failed ? NULL : mu_blob_new(s->heap, b.p, b.n);
    mu_buf_free(&b);
    return *tail;
}

/* Plain available presence as those see it who do not see real JIDs. */
static int write_anonymous(muc_occupant *occupant, const mu_notice_about *about, mu_packet **out)
{
    muc_service *s = occupant->room->service;
    mu_blob *payload = occupant->primary->presence;
    if (mu_hooked(s, MUC_ON_PRESENCE_BUILD))
        return mu_view_write(occupant, about, NULL, false, NULL, payload, out);
    mu_blob *tail = shared_tail(occupant, about);
    static const muc_span head = {"<presence", sizeof("<presence") - 1};
    *out = tail ? mu_packet_new_shared(s->heap, head, payload, tail) : NULL;
    return *out ? MUC_OK : MUC_ERR_NOMEM;
}

static int write_plain(muc_occupant *occupant, int view, mu_packet **out)
{
    mu_notice_about plain = {.affiliation = occupant->affiliation, .role = occupant->role};
    const muc_session *session = occupant->primary;
    if (view == MU_VIEW_ANONYMOUS)
        return write_anonymous(occupant, &plain, out);
    return mu_view_write(occupant, &plain, mu_peer_jid(session->peer), false, NULL, session->presence, out);
}

int mu_view(muc_occupant *occupant, int view, mu_packet **out)
{
    if (!occupant->room->service->settings.keep_views)
        return write_plain(occupant, view, out);
    mu_packet **kept = &occupant->views[view];
    int r = *kept ? MUC_OK : write_plain(occupant, view, kept);
    if (r)
        return r;
    mu_roster_show(occupant, view, *kept);
    *out = mu_packet_ref(*kept);
    return MUC_OK;
}
