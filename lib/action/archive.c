/* archive.c: messages that a host brings from an archive: into the history of a room, or to a newcomer instead of it
 * (XEP-0045 section 7.2.13). */
#include <action/talk.h>

#include <string.h>

/* What the room said once: it is written as it was, but for the delay that the room adds. */
static mu_blob *archived(muc_room *room, const mu_stanza *st)
{
    muc_service *s = room->service;
    const char *names[] = {"from", "type", "id", "xml:lang"}, *values[] = {st->from, "groupchat", st->id, st->lang};
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
        mu_attr(&x.buf, names[i], values[i]);
    mu_buf_char(&x.buf, '>');
    mu_strip strip = {.service = s, .room = room, .own = true};
    mu_xml_children(&x, st->node, mu_forged, &strip);
    mu_xml_settle(&x);
    mu_blob *body = muc_xml_error(&x) ? NULL : mu_blob_new(s->heap, x.buf.p, x.buf.n);
    mu_xml_free(&x);
    return body;
}

/* Whether a tree is a message of that room. */
static bool read_message(const muc_room *room, const xmlNode *node, mu_stanza *st)
{
    return mu_stanza_read(st, node) && st->kind == MU_MESSAGE && st->from && mu_is_of_room(room, st->from);
}

/* ---- into the history ------------------------------------------------------------------------------------------- */

int muc_history_add(muc_room *room, const xmlNode *message, int64_t at)
{
    muc_service *s = room->service;
    mu_stanza st;
    if (!room->present || mu_node_check(message, s->settings.max_depth) || !read_message(room, message, &st))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_blob *body = archived(room, &st);
    mu_packet *packet = body ? mu_message_packet(s, body) : NULL;
    bool own_delay = mu_has_own_delay(message, room);
    r = packet ? mu_history_append(room, packet, at, own_delay, mu_history_limit(room)) : MUC_ERR_NOMEM;
    mu_packet_unref(s->heap, packet);
    mu_blob_unref(s->heap, body);
    return mu_end(&txn, r);
}

int muc_history_clear(muc_room *room)
{
    if (!room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    bool some = room->live->message_count > 0;
    r = mu_history_trim(room, 0);
    if (!r && some)
        r = mu_notify(room->service, MUC_ON_HISTORY_CLEARED, room, NULL, NULL, NULL, NULL);
    return mu_end(&txn, r ? r : some ? MUC_CHANGED : MUC_OK);
}

int muc_history_trim(muc_room *room, size_t count)
{
    if (!room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    bool some = room->live->message_count > count;
    r = mu_history_trim(room, count);
    return mu_end(&txn, r ? r : some ? MUC_CHANGED : MUC_OK);
}

/* ---- instead of it ---------------------------------------------------------------------------------------------- */

/* As newcomers are shown it. NULL: memory. */
static mu_packet *shown(muc_room *room, const mu_stanza *st, int64_t at)
{
    muc_service *s = room->service;
    mu_blob *body = archived(room, st);
    if (!body)
        return NULL;
    mu_packet *packet = mu_has_own_delay(st->node, room) ? mu_message_packet(s, body) : mu_delayed(room, body, at);
    mu_blob_unref(s->heap, body);
    return packet;
}

/* *out NULL: it is no message of this room. */
static int take(muc_room *room, const muc_history_entry *entry, mu_packet **out)
{
    muc_service *s = room->service;
    const xmlNode *node = entry->node;
    xmlDoc *doc = NULL;
    mu_stanza st;
    *out = NULL;
    int r = node ? mu_node_check(node, s->settings.max_depth)
                 : mu_reader_parse(mu_engine_reader(s), entry->xml.p, entry->xml.n, &doc);
    if (!r && read_message(room, doc ? xmlDocGetRootElement(doc) : node, &st)) {
        *out = shown(room, &st, entry->at);
        r = *out ? MUC_OK : MUC_ERR_NOMEM;
    }
    mu_doc_free(doc);
    return r == MUC_ERR_NOMEM ? r : MUC_OK;
}

static int ask(muc_service *s, const muc_history_event *wanted, muc_history_entry *out)
{
    *out = (muc_history_entry){.node = NULL};
    mu_phase before = mu_phase_set(s, MU_PHASE_FIXED);
    int r = wanted->next(out, wanted->ud);
    (void)mu_phase_set(s, before);
    return r;
}

/* The latest `most` of all, in turns: the next one goes to place *count % most. */
static int collect(muc_room *room, const muc_history_event *wanted, size_t most, mu_roster *latest, size_t *count)
{
    muc_history_entry entry;
    int r = 1;
    while (most && r > 0 && (r = ask(room->service, wanted, &entry)) > 0) {
        mu_packet *packet = NULL;
        if (wanted->since < 0 || entry.at >= wanted->since)
            r = take(room, &entry, &packet);
        size_t place = *count % most;
        if (packet && *count >= most)
            mu_roster_clear(latest, place);
        if (packet) {
            ++*count;
            r = mu_roster_put(latest, place, packet);
        }
        mu_packet_unref(room->service->heap, packet);
        r = r < 0 ? r : 1;
    }
    return r < 0 ? r : MUC_OK;
}

/* Those that have not too many characters, from the last one on. */
static int pick(const muc_history_event *wanted, const mu_peer *to, const mu_roster *latest, size_t count,
                mu_roster *out)
{
    int64_t chars = 0;
    size_t n = latest->n, first = n;
    for (; first > 0 && wanted->max_chars >= 0; first--) {
        chars += mu_characters(latest->packets[(count - n + first - 1) % n], to);
        if (chars > wanted->max_chars)
            break;
    }
    if (wanted->max_chars < 0)
        first = 0;
    int r = MUC_OK;
    for (size_t i = first; i < n && !r; i++)
        r = mu_roster_put(out, out->n, latest->packets[(count - n + i) % n]);
    return r;
}

int mu_archive_read(muc_room *room, const muc_history_event *wanted, const mu_peer *to, mu_roster **out)
{
    muc_service *s = room->service;
    size_t count = 0;
    size_t most = wanted->max_stanzas >= 0 ? (size_t)wanted->max_stanzas : s->settings.max_history;
    mu_roster *latest = mu_roster_new(s->heap);
    *out = mu_roster_new(s->heap);
    int r = latest && *out ? collect(room, wanted, most, latest, &count) : MUC_ERR_NOMEM;
    if (!r)
        r = pick(wanted, to, latest, count, *out);
    mu_roster_unref(latest);
    return r;
}
