/* look_room.c: looking at rooms: what the public header room.h and affiliation.h let see of them. */
#include <model/model.h>

#include <string.h>

muc_room *muc_room_find(muc_service *service, const char *jid)
{
    mu_address to;
    mu_buf_reset(&service->scratch);
    if (mu_address_read(service, jid, &service->scratch, &to) != MUC_OK || to.room.n == 0)
        return NULL;
    return mu_room_by_key(service, to.room.p, to.room.n);
}

muc_room *muc_room_next(muc_service *service, const muc_room *after)
{
    muc_room *room = after ? after->next : service->first_room;
    while (room && !room->present)
        room = room->next;
    return room;
}

muc_room *muc_room_next_unused(muc_service *service, int64_t before, const muc_room *after)
{
    muc_room *room = muc_room_next(service, after);
    while (room && (room->live->occupants.count > 0 || muc_room_used(room) >= before))
        room = muc_room_next(service, room);
    return room;
}

int64_t muc_room_used(const muc_room *room)
{
    return (int64_t)room->used * 1000;
}

size_t muc_room_count(const muc_service *service)
{
    return service->rooms.count;
}

const char *muc_room_jid(const muc_room *room)
{
    return room->key.p;
}

muc_service *muc_room_service(const muc_room *room)
{
    return room->service;
}

int muc_room_is_locked(const muc_room *room)
{
    return room->locked != 0;
}

int64_t muc_room_locked_since(const muc_room *room)
{
    return room->locked;
}

int muc_room_awaits_config(const muc_room *room)
{
    return room->locked != 0 && !room->locked_by_hand;
}

void *muc_room_userdata(const muc_room *room)
{
    return room->userdata;
}

void muc_room_set_userdata(muc_room *room, void *ud)
{
    room->userdata = ud;
}

const char *muc_room_get_subject(const muc_room *room, const char **from, int64_t *at)
{
    const mu_subject *subject = &room->live->subject;
    if (from)
        *from = subject->from ? subject->from : room->key.p;
    if (at)
        *at = subject->at;
    return subject->text ? subject->text : "";
}

size_t muc_history_count(const muc_room *room)
{
    return room->live->message_count;
}

int muc_history_get(const muc_room *room, size_t i, muc_span xml[3], int64_t *at)
{
    if (i >= room->live->message_count)
        return 0;
    const mu_message *m = room->live->first_message;
    while (i-- > 0)
        m = m->next;
    xml[0] = mu_packet_head(m->packet);
    xml[1] = mu_packet_body(m->packet);
    xml[2] = mu_packet_tail(m->packet);
    if (at)
        *at = m->at;
    return 1;
}

/* ---- affiliations ----------------------------------------------------------------------------------------------- */

/* The key of a bare JID in the scratch; p = NULL: refused, or no memory. */
static muc_span bare_key(muc_service *s, const char *jid)
{
    mu_buf_reset(&s->scratch);
    if (mu_user_key(s, jid, true, &s->scratch) < 0)
        return (muc_span){NULL, 0};
    return (muc_span){s->scratch.p, s->scratch.n - 1};
}

static void show(const mu_affiliation *a, muc_affiliation_entry *out)
{
    *out = (muc_affiliation_entry){.jid = a->key.p,
                                   .affiliation = a->affiliation,
                                   .nick = mu_affiliation_nick(a),
                                   .reason = mu_affiliation_reason(a)};
}

muc_affiliation muc_affiliation_get(muc_room *room, const char *jid)
{
    muc_span key = bare_key(room->service, jid);
    return key.p ? mu_affiliation_of(room, key) : MUC_AFFILIATION_NONE;
}

int muc_affiliation_find(muc_room *room, const char *jid, muc_affiliation_entry *out)
{
    muc_span key = bare_key(room->service, jid);
    const mu_affiliation *a = key.p ? mu_affiliation_find(room, key.p, key.n) : NULL;
    if (!a)
        return 0;
    show(a, out);
    return 1;
}

/* What the cursor says beside the entry that comes next: no entry has such an address. */
enum { START = 0, END = 1 };

int muc_affiliation_next(const muc_room *room, size_t *cursor, muc_affiliation_entry *out)
{
    if (*cursor == END)
        return 0;
    const mu_affiliation *a = *cursor == START ? room->first_affiliation : (const mu_affiliation *)(uintptr_t)*cursor;
    *cursor = a && a->next ? (size_t)(uintptr_t)a->next : END;
    if (!a)
        return 0;
    show(a, out);
    return 1;
}

size_t muc_affiliation_count(const muc_room *room)
{
    return mu_affiliation_count(room);
}

const char *muc_affiliation_nick_owner(muc_room *room, const char *nick)
{
    muc_service *s = room->service;
    size_t key_at;
    mu_buf_reset(&s->scratch);
    if (!nick || mu_nick_prepare(s, mu_nick_span(room, nick), &s->scratch, &key_at) < 0)
        return NULL;
    const mu_affiliation *a = mu_affiliation_by_nick(room, s->scratch.p + key_at);
    return a ? a->key.p : NULL;
}
