/* restore.c: a saved room comes back, completely or not at all.
 *
 * A snapshot may be damaged or hostile: everything is checked, and one transaction is around it all. What this version
 * does not know (elements, options) is kept as bytes and saved again. Limits are for what comes: what was allowed once
 * is taken, and a number that is out of its bounds by now is the nearest that is not. The parts are taken in an
 * order of their own, because the later ones need the earlier. */
#include <service/snapshot.h>

#include <base/stamp.h>
#include <base/text.h>
#include <engine/engine.h>
#include <string.h>

typedef int part_fn(mu_restore *r, const xmlNode *element);

/* ---- helpers ---------------------------------------------------------------------------------------------------- */

bool mu_restore_time(const xmlNode *node, const char *name, int64_t *at)
{
    const char *text = muc_node_attr(node, name);
    return text && mu_stamp_parse(text, strlen(text), at);
}

const char *mu_restore_text(mu_restore *r, const xmlNode *node)
{
    mu_buf_reset(&r->text);
    mu_buf_add(&r->text, "", 0);
    mu_node_text(node, &r->text);
    return r->text.failed ? NULL : r->text.p;
}

int mu_restore_nick(mu_restore *r, const char *nick, size_t *key_at)
{
    mu_buf_reset(&r->key);
    return mu_nick_prepare(r->service, (muc_span){nick, strlen(nick)}, &r->key, key_at);
}

int64_t mu_restore_number(const mu_restore *r, const char *option, int64_t otherwise)
{
    int index = mu_option_index(r->service, muc_option_find(r->service, option));
    return index < 0 ? otherwise : mu_room_value(r->room, index).number;
}

/* Appends an element to what is kept for the next save. */
static int keep(mu_restore *r, const xmlNode *element)
{
    mu_xml_reset(&r->x, MU_NS_ROOM);
    muc_xml_node(&r->x, element);
    int result = muc_xml_error(&r->x);
    if (result != MUC_OK)
        return result == MUC_ERR_INVALID ? MUC_ERR_MALFORMED : result;
    if (mu_room_enliven(r->room))
        return MUC_ERR_NOMEM;
    mu_live *live = r->room->live;
    char *p = mu_resize(r->service->heap, live->unknown, live->unknown_n + r->x.buf.n);
    if (!p)
        return MUC_ERR_NOMEM;
    memcpy(p + live->unknown_n, r->x.buf.p, r->x.buf.n);
    live->unknown = p;
    live->unknown_n += r->x.buf.n;
    return MUC_OK;
}

/* ---- configuration ---------------------------------------------------------------------------------------------- */

static const muc_option *row_of(const mu_restore *r, const xmlNode *option)
{
    const char *name = muc_node_attr(option, "name");
    if (!name || !muc_node_is(option, "option", MU_NS_ROOM))
        return NULL;
    /* By its name alone: forms have other names. */
    const muc_option *row = muc_option_find(r->service, name);
    return row && strcmp(row->name, name) == 0 ? row : NULL;
}

static int restore_option(mu_restore *r, const muc_option *row, const xmlNode *option)
{
    const char *text = mu_restore_text(r, option);
    if (!text)
        return MUC_ERR_NOMEM;
    mu_value value = {0};
    int result = mu_value_restore(r->service, row, text, &value);
    if (result >= 0)
        result = mu_room_store(r->room, mu_option_index(r->service, row), &value);
    mu_free(r->service->heap, value.text);
    return result == MUC_ERR_INVALID ? MUC_ERR_MALFORMED : result < 0 ? result : MUC_OK;
}

static int restore_options(mu_restore *r, const xmlNode *config, bool *seen)
{
    int result = MUC_OK;
    const xmlNode *option = mu_first(config);
    for (; option && result >= 0; option = mu_after(option)) {
        const muc_option *row = row_of(r, option);
        if (!row) {
            result = keep(r, option);
            continue;
        }
        int index = mu_option_index(r->service, row);
        result = seen[index] ? MUC_ERR_MALFORMED : restore_option(r, row, option);
        seen[index] = true;
    }
    if (r->room->live->unknown_n > 0)
        r->room->live->unknown_options = r->room->live->unknown_n;
    return result;
}

static int restore_config(mu_restore *r, const xmlNode *config)
{
    bool *seen = mu_zalloc(r->service->heap, r->service->option_count * sizeof *seen);
    if (!seen)
        return MUC_ERR_NOMEM;
    int result = restore_options(r, config, seen);
    mu_free(r->service->heap, seen);
    return result;
}

static int restore_lock(mu_restore *r, const xmlNode *root)
{
    int64_t since = 0;
    if (!muc_node_attr(root, "locked"))
        return MUC_OK;
    if (!mu_restore_time(root, "locked", &since))
        return MUC_ERR_MALFORMED;
    return mu_room_set_locked(r->room, since, muc_node_attr(root, "by-hand") != NULL);
}

/* Where nobody has said it, the room is used now. */
static int restore_used(mu_restore *r, const xmlNode *root)
{
    int64_t at = mu_now(r->service);
    if (muc_node_attr(root, "used") && !mu_restore_time(root, "used", &at))
        return MUC_ERR_MALFORMED;
    return mu_room_set_used(r->room, at);
}

/* ---- elements of others ----------------------------------------------------------------------------------------- */

/* A feature may know it. */
static int offer(mu_restore *r, const xmlNode *element)
{
    if (!mu_hooked(r->service, MUC_ON_SNAPSHOT_PART))
        return keep(r, element);
    mu_buf key;
    mu_buf_init(&key, r->service->heap);
    mu_buf_char(&key, '{');
    mu_buf_str(&key, muc_node_ns(element));
    mu_buf_char(&key, '}');
    mu_buf_str(&key, (const char *)element->name);
    muc_snapshot_event snapshot = {.parts = MUC_PART_OTHER, .element = element};
    muc_event event = {.room = r->room, .key = key.p, .as.snapshot = &snapshot};
    int result = key.failed ? MUC_ERR_NOMEM : mu_fire(r->service, MUC_ON_SNAPSHOT_PART, &event, NULL);
    mu_buf_free(&key);
    if (result == MUC_PASS)
        return keep(r, element);
    return result == MUC_ERR_REJECTED ? MUC_ERR_MALFORMED : result;
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    part_fn *restore;
} parts[] = {
    {"config", restore_config},      {"affiliations", mu_restore_affiliations}, {"subject", mu_restore_subject},
    {"history", mu_restore_history}, {"occupants", mu_restore_occupants},       {"records", mu_restore_records},
    {"asked", mu_restore_asked},     {"private", mu_restore_private},
};
enum { PARTS = sizeof parts / sizeof *parts };

static bool is_part(const xmlNode *element)
{
    for (size_t i = 0; i < PARTS; i++)
        if (muc_node_is(element, parts[i].name, MU_NS_ROOM))
            return true;
    return false;
}

static int restore_parts(mu_restore *r, const xmlNode *root)
{
    int result = restore_lock(r, root);
    if (result >= 0)
        result = restore_used(r, root);
    for (size_t i = 0; i < PARTS && result >= 0; i++) {
        const xmlNode *element = muc_node_child(root, parts[i].name, MU_NS_ROOM);
        if (muc_node_next(element, parts[i].name, MU_NS_ROOM))
            result = MUC_ERR_MALFORMED;
        else if (element)
            result = parts[i].restore(r, element);
    }
    for (const xmlNode *e = mu_first(root); e && result >= 0; e = mu_after(e))
        if (!is_part(e))
            result = offer(r, e);
    /* A handler may have ended it. */
    if (result >= 0 && !r->room->present)
        result = MUC_ERR_MALFORMED;
    return result;
}

/* The room, as it will be looked for. */
static int restore_room(mu_restore *r, muc_span key, const xmlNode *root)
{
    muc_service *s = r->service;
    if (mu_room_by_key(s, key.p, key.n))
        return MUC_ERR_EXISTS;
    const xmlNode *destroyed = muc_node_child(root, "destroyed", MU_NS_ROOM);
    if (destroyed)
        return mu_restore_tombstone(r, key, destroyed);
    if (s->rooms.count >= s->settings.max_rooms)
        return MUC_ERR_LIMIT;
    int result = mu_room_add(s, key, &r->room);
    if (result >= 0)
        result = restore_parts(r, root);
    if (result >= 0)
        result = mu_room_relist(r->room);
    /* What was noted up to here came from the store. */
    if (result >= 0)
        result = mu_save_note(&s->journal, r->room, 0, MU_NOTE_RESTORED, NULL);
    if (result < 0)
        return result;
    r->room->persistent = s->settings.store_temporary || mu_restore_number(r, "persistent", 0) != 0;
    if (mu_unknown_remove(s, key))
        return MUC_ERR_NOMEM;
    return mu_notify(s, MUC_ON_RESTORED, r->room, NULL, NULL, NULL, NULL);
}

static int restore_tree(muc_service *s, muc_span key, const xmlNode *root)
{
    mu_txn txn;
    int result = mu_begin(s, &txn);
    if (result != MUC_OK)
        return MUC_ERR_BUSY;
    mu_restore r = {.service = s};
    mu_buf_init(&r.key, s->heap);
    mu_buf_init(&r.text, s->heap);
    mu_xml_init(&r.x, s->heap, MUC_NS_CLIENT);
    result = restore_room(&r, key, root);
    mu_buf_free(&r.key);
    mu_buf_free(&r.text);
    mu_xml_free(&r.x);
    return mu_end(&txn, result < 0 ? result : MUC_OK);
}

static int read_address(muc_service *s, const xmlNode *root, mu_buf *buf, mu_address *to)
{
    const char *jid = muc_node_attr(root, "jid");
    if (!muc_node_is(root, "room", MU_NS_ROOM) || !jid)
        return MUC_ERR_MALFORMED;
    int result = mu_address_read(s, jid, buf, to);
    if (result == MUC_OK && (to->room.n == 0 || to->nick.n > 0))
        return MUC_ERR_BAD_JID;
    return result == MUC_NOT_MINE ? MUC_ERR_BAD_JID : result;
}

/* By a reader of its own, which takes more than that of the engine does for stanzas. */
static int read_snapshot(muc_service *s, const char *xml, size_t n, xmlDoc **doc)
{
    mu_reader reader;
    mu_reader_init(&reader, s->settings.max_depth + MU_SNAPSHOT_DEPTH);
    reader.max_bytes = MU_SNAPSHOT_BYTES;
    int result = mu_reader_parse(&reader, xml, n, doc);
    mu_reader_free(&reader);
    return result;
}

int muc_room_restore(muc_service *service, const char *xml, size_t n, muc_room **out)
{
    xmlDoc *doc = NULL;
    mu_address to;
    mu_buf buf;
    mu_buf_init(&buf, service->heap);
    if (out)
        *out = NULL;
    int result = read_snapshot(service, xml, n, &doc);
    if (result == MUC_OK)
        result = read_address(service, doc->children, &buf, &to);
    if (result == MUC_OK)
        result = restore_tree(service, to.room, doc->children);
    /* A notify handler may have ended it already. */
    if (result >= 0 && out)
        *out = mu_room_by_key(service, to.room.p, to.room.n);
    mu_buf_free(&buf);
    mu_doc_free(doc);
    return result;
}
