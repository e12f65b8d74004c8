/* view.c: an occupant's presence in its views: the payload once, a tail for each view (XEP-0045 sections 7.2.3, 7.2.4).
 */
#include <action/view.h>
#include <base/text.h>

#include <string.h>

/* ---- payload ---------------------------------------------------------------------------------------------------- */

static mu_blob *finish(muc_xml *x, muc_service *s, size_t start)
{
    mu_blob *blob = NULL;
    mu_xml_settle(x);
    if (!muc_xml_error(x))
        blob = mu_blob_new(s->heap, x->buf.p, x->buf.n, start);
    mu_xml_free(x);
    return blob;
}

mu_blob *mu_presence_blob(muc_room *room, const char *nick, const xmlNode *presence, const xmlNode *const *drops,
                          size_t drop_count)
{
    muc_service *s = room->service;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_attr_from(&x.buf, room, nick);
    mu_attr(&x.buf, "xml:lang", presence ? muc_node_lang(presence) : NULL);
    mu_buf_char(&x.buf, '>');
    size_t start = x.buf.n;
    mu_strip strip = {.service = s, .room = room, .drops = drops, .drop_count = drop_count};
    if (presence)
        mu_xml_children(&x, presence, mu_forged, &strip);
    return finish(&x, s, start);
}

int mu_presence_take(muc_room *room, const char *nick, const xmlNode *presence, const xmlNode *const *drops,
                     size_t drop_count, mu_blob **out)
{
    muc_service *s = room->service;
    *out = mu_presence_blob(room, nick, presence, drops, drop_count);
    if (!*out)
        return MUC_ERR_NOMEM;
    if ((*out)->n - (*out)->start <= s->settings.max_presence)
        return MUC_OK;
    mu_blob_unref(*out);
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
    size_t start = x.buf.n + (old->start - skipped);
    mu_buf_add(&x.buf, rest + 1, old->n - skipped);
    return finish(&x, room->service, start);
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

static void write_item(muc_xml *x, const mu_notice_about *about, const char *jid)
{
    muc_xml_open(x, "item", NULL);
    muc_xml_attr(x, "affiliation", muc_affiliation_name(about->affiliation));
    muc_xml_attr(x, "role", muc_role_name(about->role));
    muc_xml_attr(x, "jid", jid);
    muc_xml_attr(x, "nick", about->new_nick);
    if (about->actor_nick) {
        muc_xml_open(x, "actor", NULL);
        muc_xml_attr(x, "nick", about->actor_nick);
        muc_xml_close(x);
    }
    if (about->reason && *about->reason)
        muc_xml_leaf(x, "reason", about->reason);
    muc_xml_close(x);
}

static void write_destroy(muc_xml *x, const muc_destroy_event *destroy)
{
    muc_xml_open(x, "destroy", NULL);
    muc_xml_attr(x, "jid", destroy->alternate);
    if (destroy->reason && *destroy->reason)
        muc_xml_leaf(x, "reason", destroy->reason);
    if (destroy->password && *destroy->password)
        muc_xml_leaf(x, "password", destroy->password);
    muc_xml_close(x);
}

static void write_codes(muc_xml *x, const mu_codes *codes)
{
    for (size_t i = 0; i < codes->n; i++) {
        muc_xml_open(x, "status", NULL);
        muc_xml_attr_number(x, "code", codes->code[i]);
        muc_xml_close(x);
    }
}

static int ask_builders(muc_occupant *occupant, muc_xml *x, bool full, bool self)
{
    muc_service *s = occupant->room->service;
    if (!mu_hooked(s, MUC_ON_PRESENCE_BUILD))
        return MUC_OK;
    muc_build_event build = {.out = x, .shows_jid = full, .self = self};
    muc_event event = {.room = occupant->room, .occupant = occupant, .as = {.build = &build}};
    int r = mu_fire(s, MUC_ON_PRESENCE_BUILD, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

static int write_tail(muc_occupant *occupant, muc_xml *x, const mu_notice_about *about, const char *jid, bool self)
{
    muc_xml_open(x, "x", MUC_NS_USER);
    write_item(x, about, jid);
    if (about->destroy)
        write_destroy(x, about->destroy);
    if (self) {
        static const mu_codes own = {{110}, 1};
        write_codes(x, &own);
        write_codes(x, &about->own_codes);
    }
    write_codes(x, &about->codes);
    muc_xml_close(x);
    int r = ask_builders(occupant, x, jid != NULL, self);
    mu_xml_raw(x, "</presence>", sizeof("</presence>") - 1);
    return r ? r : muc_xml_error(x);
}

int mu_view_write(muc_occupant *occupant, const mu_notice_about *about, const char *jid, bool self, const char *id,
                  mu_blob *payload, mu_packet **out)
{
    mu_heap *heap = occupant->room->service->heap;
    muc_xml x;
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    mu_buf_str(&x.buf, "<presence");
    mu_attr(&x.buf, "id", id);
    if (about->unavailable)
        mu_buf_str(&x.buf, " type='unavailable'");
    size_t head = x.buf.n;
    int r = write_tail(occupant, &x, about, jid, self);
    *out =
        r ? NULL : mu_packet_new(heap, (muc_span){x.buf.p, head}, payload, (muc_span){x.buf.p + head, x.buf.n - head});
    mu_xml_free(&x);
    return r ? r : *out ? MUC_OK : MUC_ERR_NOMEM;
}

int mu_view(muc_occupant *occupant, int view, mu_packet **out)
{
    mu_packet **kept = &occupant->views[view];
    if (!*kept) {
        mu_notice_about plain = {.affiliation = occupant->affiliation, .role = occupant->role};
        const char *jid = view == MU_VIEW_FULL ? occupant->primary->peer->jid : NULL;
        int r = mu_view_write(occupant, &plain, jid, false, NULL, occupant->primary->presence, kept);
        if (r)
            return r;
        mu_roster_show(occupant, view, *kept);
    }
    *out = mu_packet_ref(*kept);
    return MUC_OK;
}
