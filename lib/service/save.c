/* save.c: a room as one XML document, piece by piece, and the pieces of it by themselves.
 *
 * What is written is what restore.c reads; see snapshot.h for how it looks. Stanzas and what nobody here knows go
 * through as they are held; all else passes a small buffer, so that the size of the room does not matter. */
#include <model/recent.h>
#include <service/snapshot.h>

#include <base/stamp.h>
#include <engine/engine.h>
#include <model/affiliation_data.h>
#include <string.h>

/* The buffer is handed on when it holds that many bytes; no piece is longer than the second. */
enum { ENOUGH = 4096, PIECE = 8192 };

typedef struct save {
    const muc_room *room;
    muc_write_fn *write;
    void *ud;
    int result;
    muc_xml x;
} save;

/* ---- pieces ----------------------------------------------------------------------------------------------------- */

static void put(save *w, const char *p, size_t n)
{
    while (n > 0 && w->result == MUC_OK) {
        size_t piece = n < PIECE ? n : PIECE;
        if (w->write(p, piece, w->ud) != 0)
            w->result = MUC_ERR_HOST;
        p += piece;
        n -= piece;
    }
}

static void flush(save *w)
{
    if (w->result == MUC_OK)
        w->result = muc_xml_error(&w->x);
    put(w, w->x.buf.p, w->x.buf.n);
    mu_buf_cut(&w->x.buf, 0);
}

/* Bytes that were written by the library before: not copied when they are many. */
static void raw(save *w, muc_span s)
{
    if (s.n < ENOUGH) {
        mu_xml_raw(&w->x, s.p, s.n);
        return;
    }
    mu_xml_settle(&w->x);
    flush(w);
    put(w, s.p, s.n);
}

static void raw_text(save *w, const char *text)
{
    raw(w, (muc_span){text, strlen(text)});
}

static void pass_on(save *w)
{
    if (w->x.buf.n >= ENOUGH)
        flush(w);
}

/* Ends an element inside another one: a good place to hand on. */
static void end_item(save *w)
{
    muc_xml_close(&w->x);
    pass_on(w);
}

static void put_time(save *w, const char *name, int64_t at)
{
    char stamp[MU_STAMP_SIZE];
    mu_stamp_format(at, stamp);
    muc_xml_attr(&w->x, name, stamp);
}

/* ---- parts ------------------------------------------------------------------------------------------------------ */

/* There are many in every room: written as they are, without asking for each whether its name is that of an attribute.
 */
static void put_option(save *w, const muc_option *row, muc_span value)
{
    static const char begin[] = "<option name='", end[] = "</option>";
    mu_xml_raw(&w->x, begin, sizeof begin - 1);
    mu_buf_escape(&w->x.buf, row->name, strlen(row->name), true);
    mu_xml_raw(&w->x, value.n ? "'>" : "'/>", value.n ? 2 : 3);
    if (value.n == 0)
        return;
    mu_xml_text_span(&w->x, value);
    mu_xml_raw(&w->x, end, sizeof end - 1);
}

static void save_option(save *w, int index, mu_buf *text)
{
    const muc_option *row = w->room->service->options[index];
    mu_buf_reset(text);
    mu_value value = mu_room_value(w->room, index);
    mu_value_write(row, &value, text);
    if (text->failed)
        w->result = MUC_ERR_NOMEM;
    put_option(w, row, (muc_span){text->p, text->n});
    pass_on(w);
}

static void save_config(save *w)
{
    const muc_service *s = w->room->service;
    mu_buf text;
    mu_buf_init(&text, s->heap);
    muc_xml_open(&w->x, "config", NULL);
    for (size_t i = 0; i < s->option_count && w->result == MUC_OK; i++)
        save_option(w, (int)i, &text);
    if (w->room->live->unknown_options > 0)
        raw(w, (muc_span){w->room->live->unknown, w->room->live->unknown_options});
    end_item(w);
    mu_buf_free(&text);
}

static void save_data(save *w, const mu_affiliation *a)
{
    for (const char *key = mu_affiliation_next_data(a, NULL); key; key = mu_affiliation_next_data(a, key)) {
        muc_xml_open(&w->x, "data", NULL);
        muc_xml_attr(&w->x, "key", key);
        muc_xml_text(&w->x, mu_affiliation_data_value(key));
        end_item(w);
    }
}

static void save_affiliation(save *w, const mu_affiliation *a)
{
    muc_xml_open(&w->x, "item", NULL);
    mu_xml_span(&w->x, "jid", (muc_span){a->key.p, a->key.n});
    muc_xml_attr(&w->x, "affiliation", muc_affiliation_name(a->affiliation));
    muc_xml_attr(&w->x, "nick", mu_affiliation_nick(a));
    if (mu_affiliation_reason(a))
        muc_xml_leaf(&w->x, "reason", mu_affiliation_reason(a));
    save_data(w, a);
    end_item(w);
}

static void save_affiliations(save *w)
{
    muc_xml_open(&w->x, "affiliations", NULL);
    const mu_affiliation *a = w->room->first_affiliation;
    for (; a && w->result == MUC_OK; a = a->next)
        save_affiliation(w, a);
    end_item(w);
}

static void save_subject(save *w)
{
    const mu_subject *subject = &w->room->live->subject;
    if (!subject->body)
        return;
    muc_xml_open(&w->x, "subject", NULL);
    muc_xml_attr(&w->x, "from", subject->from);
    put_time(w, "at", subject->at);
    raw_text(w, "<message" MU_XMLNS_CLIENT);
    raw(w, (muc_span){subject->body->p, subject->body->n});
    raw_text(w, "</message>");
    end_item(w);
}

static void save_message(save *w, const mu_message *m)
{
    muc_xml_open(&w->x, "entry", NULL);
    put_time(w, "at", m->at);
    muc_xml_attr(&w->x, "own-delay", m->foreign_delay ? "1" : NULL);
    raw(w, mu_packet_head(m->packet));
    raw_text(w, MU_XMLNS_CLIENT);
    raw(w, mu_packet_body(m->packet));
    raw(w, mu_packet_tail(m->packet));
    end_item(w);
}

static void save_history(save *w)
{
    muc_xml_open(&w->x, "history", NULL);
    const mu_message *m = w->room->live->first_message;
    for (; m && w->result == MUC_OK; m = m->next)
        save_message(w, m);
    end_item(w);
}

/* The place of a session's presence in the order in which those of its occupant came, from 1. */
static int64_t turn_of(const muc_session *session)
{
    int64_t turn = 1;
    for (const muc_session *s = session->occupant->first; s; s = s->next)
        turn += mu_session_turn(s) < mu_session_turn(session);
    return turn;
}

static void save_session(save *w, const muc_session *session)
{
    const muc_occupant *occupant = session->occupant;
    muc_xml_open(&w->x, "session", NULL);
    muc_xml_attr(&w->x, "jid", mu_peer_jid(session->peer));
    if (mu_occupant_sessions(occupant) > 1) {
        muc_xml_attr(&w->x, "primary", session == occupant->primary ? "1" : NULL);
        muc_xml_attr_number(&w->x, "turn", turn_of(session));
    }
    const mu_idle *idle = mu_idle_find(session->occupant->room->service, session->peer);
    if (idle)
        put_time(w, "heard", idle->heard);
    if (idle && idle->pinged)
        put_time(w, "pinged", idle->pinged);
    raw_text(w, "<presence" MU_XMLNS_CLIENT);
    raw(w, (muc_span){session->presence->p, session->presence->n});
    raw_text(w, "</presence>");
    end_item(w);
}

static void save_occupant(save *w, const muc_occupant *o)
{
    muc_xml_open(&w->x, "occupant", NULL);
    muc_xml_attr(&w->x, "nick", muc_occupant_nick(o));
    muc_xml_attr(&w->x, "jid", mu_occupant_bare(o));
    muc_xml_attr(&w->x, "role", muc_role_name(o->role));
    muc_xml_attr(&w->x, "unseen", o->unseen ? "1" : NULL);
    for (const muc_session *s = o->first; s && w->result == MUC_OK; s = s->next)
        save_session(w, s);
    end_item(w);
}

static void save_occupants(save *w)
{
    muc_xml_open(&w->x, "occupants", NULL);
    const muc_occupant *o = w->room->live->first_occupant;
    for (; o && w->result == MUC_OK; o = o->next)
        save_occupant(w, o);
    end_item(w);
}

static void save_records(save *w)
{
    const mu_record *r = w->room->live->first_record;
    if (!r)
        return;
    muc_xml_open(&w->x, "records", NULL);
    for (; r && w->result == MUC_OK; r = r->next) {
        muc_xml_open(&w->x, "record", NULL);
        muc_xml_attr(&w->x, "owner", r->owner);
        muc_xml_attr(&w->x, "key", r->now.key);
        if (r->now.until)
            put_time(w, "until", r->now.until);
        for (size_t i = 0; i < MUC_RECORD_TEXTS; i++)
            muc_xml_leaf(&w->x, "text", r->now.text[i]);
        end_item(w);
    }
    end_item(w);
}

/* What occupants have asked one another, in that order. */
static void save_asked(save *w)
{
    const muc_room *room = w->room;
    const mu_query_list *list = mu_query_list_of(room->service, MU_QUERY_IN, (muc_span){room->key.p, room->key.n});
    const mu_query *a = list ? list->first : NULL;
    bool some = false;
    for (; a && w->result == MUC_OK; a = a->next[MU_QUERY_IN]) {
        if (!a->asker)
            continue;
        if (!some)
            muc_xml_open(&w->x, "asked", NULL);
        some = true;
        muc_xml_open(&w->x, "iq", NULL);
        muc_xml_attr(&w->x, "id", a->key.p);
        muc_xml_attr(&w->x, "from", mu_peer_jid(a->asker));
        mu_xml_span(&w->x, "whom", mu_query_jid(a, MU_QUERY_WHOM));
        muc_xml_attr(&w->x, "nick", a->nick);
        muc_xml_attr(&w->x, "to", a->address);
        muc_xml_attr(&w->x, "own-id", a->id);
        put_time(w, "due", a->at);
        end_item(w);
    }
    if (some)
        end_item(w);
}

/* Which private messages may come back to those who are there. */
static void save_private(save *w)
{
    mu_buf marks;
    mu_buf_init(&marks, w->room->service->heap);
    if (w->room->live->first_occupant)
        mu_recent_write(w->room, &marks);
    if (marks.failed)
        w->result = MUC_ERR_NOMEM;
    else if (marks.n)
        muc_xml_leaf(&w->x, "private", marks.p);
    mu_buf_free(&marks);
}

/* What features add, and what none of them knew. */
static void save_other(save *w, unsigned parts)
{
    const muc_room *room = w->room;
    mu_xml_settle(&w->x);
    if (w->result == MUC_OK && mu_hooked(room->service, MUC_ON_SNAPSHOT_SAVE)) {
        muc_snapshot_event snapshot = {.parts = parts & MU_PARTS, .out = &w->x};
        muc_event event = {.room = (muc_room *)(uintptr_t)room, .as.snapshot = &snapshot};
        w->x.base = w->x.depth;
        int result = mu_fire(room->service, MUC_ON_SNAPSHOT_SAVE, &event, NULL);
        if (result >= 0 && muc_xml_error(&w->x) == MUC_OK && w->x.depth != w->x.base)
            result = MUC_ERR_INVALID;
        w->x.base = 0;
        w->result = result < 0 ? result : MUC_OK;
    }
    if (room->live->unknown_n > room->live->unknown_options)
        raw(w, (muc_span){room->live->unknown + room->live->unknown_options,
                          room->live->unknown_n - room->live->unknown_options});
}

/* ---- the whole -------------------------------------------------------------------------------------------------- */

static const struct {
    unsigned part;
    void (*save)(save *w);
} writers[] = {
    {MUC_PART_CONFIG, save_config},   {MUC_PART_AFFILIATIONS, save_affiliations}, {MUC_PART_SUBJECT, save_subject},
    {MUC_PART_HISTORY, save_history}, {MUC_PART_OCCUPANTS, save_occupants},       {MUC_PART_OTHER, save_records},
    {MUC_PART_OCCUPANTS, save_asked}, {MUC_PART_OCCUPANTS, save_private},
};

static void save_tombstone(save *w, const mu_epitaph *says)
{
    muc_xml_open(&w->x, "destroyed", NULL);
    put_time(w, "at", says->at);
    if (says->until)
        put_time(w, "until", says->until);
    muc_xml_attr(&w->x, "jid", says->alternate);
    if (says->reason)
        muc_xml_leaf(&w->x, "reason", says->reason);
    end_item(w);
}

static void open_room(save *w)
{
    muc_xml_open(&w->x, "room", MU_NS_ROOM);
    mu_xml_span(&w->x, "jid", (muc_span){w->room->key.p, w->room->key.n});
}

/* What the start tag says beside the address. */
static void put_state(save *w, unsigned parts)
{
    if ((parts & MUC_PART_CONFIG) && w->room->locked)
        put_time(w, "locked", w->room->locked);
    if ((parts & MUC_PART_CONFIG) && w->room->locked_by_hand)
        muc_xml_attr(&w->x, "by-hand", "1");
    put_time(w, "used", muc_room_used(w->room));
}

static void save_parts(save *w, unsigned parts)
{
    for (size_t i = 0; i < sizeof writers / sizeof *writers; i++)
        if (parts & writers[i].part)
            writers[i].save(w);
    if (parts & MUC_PART_OTHER)
        save_other(w, parts);
}

/* ---- one thing -------------------------------------------------------------------------------------------------- */

static const mu_message *message_at(const muc_room *room, size_t i)
{
    const mu_message *m = i < room->live->message_count ? room->live->last_message : NULL;
    for (size_t after = room->live->message_count; m && after > i + 1; after--)
        m = m->prev;
    return m;
}

static bool save_one_option(save *w, const muc_option *option)
{
    int index = option ? mu_option_index(w->room->service, option) : -1;
    if (index < 0)
        return false;
    mu_buf text;
    mu_buf_init(&text, w->room->service->heap);
    save_option(w, index, &text);
    mu_buf_free(&text);
    return true;
}

static bool save_one_affiliation(save *w, const char *jid)
{
    const mu_affiliation *a = jid ? mu_affiliation_find(w->room, jid, strlen(jid)) : NULL;
    if (a)
        save_affiliation(w, a);
    return a != NULL;
}

static bool save_one_message(save *w, size_t i)
{
    const mu_message *m = message_at(w->room, i);
    if (m)
        save_message(w, m);
    return m != NULL;
}

static bool save_one_occupant(save *w, const char *nick)
{
    const muc_occupant *o = muc_occupant_by_nick((muc_room *)(uintptr_t)w->room, nick);
    if (o)
        save_occupant(w, o);
    return o != NULL;
}

/* false: there is no such thing, or no element of it. */
static bool save_item(save *w, const muc_change_item *item)
{
    switch (item->part) {
    case MUC_PART_CONFIG:
        return save_one_option(w, item->option);
    case MUC_PART_AFFILIATIONS:
        return save_one_affiliation(w, item->jid);
    case MUC_PART_HISTORY:
        return save_one_message(w, item->message);
    case MUC_PART_OCCUPANTS:
        if (item->nick)
            return save_one_occupant(w, item->nick);
        save_asked(w);
        save_private(w);
        return true;
    default:
        save_parts(w, item->part);
        return true;
    }
}

/* ---- interface -------------------------------------------------------------------------------------------------- */

/* ns: of the element around what is written. */
static save begin(const muc_room *room, const char *ns, muc_write_fn *write, void *ud)
{
    save w = {.room = room, .write = write, .ud = ud};
    mu_xml_init(&w.x, room->service->heap, ns);
    return w;
}

static int end(save *w)
{
    flush(w);
    mu_xml_free(&w->x);
    return w->result;
}

int muc_room_save(const muc_room *room, unsigned parts, muc_write_fn *write, void *ud)
{
    save w = begin(room, MUC_NS_CLIENT, write, ud);
    open_room(&w);
    const mu_tombstone *tombstone = mu_tombstone_by_key(room->service, room->key.p, room->key.n);
    if (tombstone) {
        save_tombstone(&w, &tombstone->says);
    } else {
        put_state(&w, parts);
        save_parts(&w, parts);
    }
    muc_xml_close(&w.x);
    return end(&w);
}

int muc_room_save_start(const muc_room *room, muc_write_fn *write, void *ud)
{
    save w = begin(room, MUC_NS_CLIENT, write, ud);
    open_room(&w);
    put_state(&w, MUC_PART_ALL);
    mu_xml_settle(&w.x);
    return end(&w);
}

int muc_room_save_parts(const muc_room *room, unsigned parts, muc_write_fn *write, void *ud)
{
    save w = begin(room, MU_NS_ROOM, write, ud);
    save_parts(&w, parts);
    return end(&w);
}

int muc_room_save_item(const muc_room *room, const muc_change_item *item, muc_write_fn *write, void *ud)
{
    save w = begin(room, MU_NS_ROOM, write, ud);
    bool there = save_item(&w, item);
    int result = end(&w);
    return result || there ? result : MUC_ERR_NOT_FOUND;
}
