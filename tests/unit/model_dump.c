/* model_dump.c: writes down what undoing has to bring back; what is only kept to save work is left out. */
#include "model_dump.h"

#include <model/affiliation_data.h>

#include <stdio.h>
#include <string.h>

static void pointer(mu_buf *b, const char *name, const void *p)
{
    char text[64];
    snprintf(text, sizeof text, " %s=%p", name, p);
    mu_buf_str(b, text);
}

static void number(mu_buf *b, const char *name, long long n)
{
    mu_buf_char(b, ' ');
    mu_buf_str(b, name);
    mu_buf_char(b, '=');
    mu_buf_int(b, n);
}

static void text(mu_buf *b, const char *name, const char *value)
{
    mu_buf_char(b, ' ');
    mu_buf_str(b, name);
    mu_buf_char(b, '=');
    mu_buf_str(b, value ? value : "(null)");
}

static void dump_affiliation(mu_buf *b, const mu_affiliation *a)
{
    mu_buf_str(b, "\n  affiliation");
    pointer(b, "at", a);
    text(b, "key", a->key.p);
    number(b, "affiliation", a->affiliation);
    pointer(b, "more", a->more);
    text(b, "nick", mu_affiliation_nick(a));
    pointer(b, "nick_at", mu_affiliation_nick(a));
    text(b, "by_nick", a->more ? a->more->by_nick.p : NULL);
    text(b, "reason", mu_affiliation_reason(a));
    for (const char *key = mu_affiliation_next_data(a, NULL); key; key = mu_affiliation_next_data(a, key))
        text(b, key, mu_affiliation_data_value(key));
    pointer(b, "next", a->next);
    pointer(b, "prev", a->prev);
}

static void dump_session(mu_buf *b, const muc_session *s)
{
    mu_buf_str(b, "\n    session");
    pointer(b, "at", s);
    text(b, "jid", mu_peer_jid(s->peer));
    pointer(b, "peer", s->peer);
    pointer(b, "first_of_peer", s->peer->sessions);
    pointer(b, "presence", s->presence);
    number(b, "turn", (long long)mu_session_turn(s));
    number(b, "priority", muc_session_priority(s));
    number(b, "indexed", s->peer->indexed);
    pointer(b, "next", s->next);
    pointer(b, "peer_next", s->peer_next);
    pointer(b, "peer_prev", s->peer_prev);
}

static void dump_occupant(mu_buf *b, const muc_occupant *o)
{
    mu_buf_str(b, "\n  occupant");
    pointer(b, "at", o);
    text(b, "key", o->key.p);
    text(b, "name", muc_occupant_nick(o));
    pointer(b, "name_at", o->key.p);
    text(b, "bare", mu_occupant_bare(o));
    number(b, "role", o->role);
    number(b, "affiliation", o->affiliation);
    pointer(b, "primary", o->primary);
    pointer(b, "first", o->first);
    pointer(b, "next", o->next);
    pointer(b, "prev", o->prev);
    for (const muc_session *s = o->first; s; s = s->next)
        dump_session(b, s);
}

static void dump_message(mu_buf *b, const mu_message *m)
{
    mu_buf_str(b, "\n  message");
    pointer(b, "at", m);
    pointer(b, "packet", m->packet);
    number(b, "refs", m->packet->refs);
    number(b, "time", m->at);
    pointer(b, "next", m->next);
    pointer(b, "prev", m->prev);
}

static void dump_own(mu_buf *b, const muc_room *room)
{
    pointer(b, "values", room->values);
    for (size_t i = 0; i < room->value_count; i++) {
        mu_value value = mu_room_value(room, room->values[i].index);
        number(b, "index", room->values[i].index);
        number(b, "number", value.number);
        text(b, "text", value.text);
    }
    pointer(b, "subject", room->live->subject.body);
    text(b, "subject_text", room->live->subject.text);
    text(b, "subject_from", room->live->subject.from);
    number(b, "subject_at", room->live->subject.at);
}

static void dump_room(mu_buf *b, const muc_room *room)
{
    mu_buf_str(b, "\nroom");
    pointer(b, "at", room);
    text(b, "key", room->key.p);
    number(b, "listed", room->listed);
    number(b, "present", room->present);
    number(b, "locked", room->locked);
    number(b, "locked_by_hand", room->locked_by_hand);
    number(b, "used", room->used);
    pointer(b, "index", room->index);
    number(b, "owners", (long long)room->owner_count);
    number(b, "sessions", (long long)room->live->session_count);
    number(b, "messages", (long long)room->live->message_count);
    number(b, "message_bytes", (long long)room->live->message_bytes);
    pointer(b, "next", room->next);
    pointer(b, "prev", room->prev);
    dump_own(b, room);
    for (const mu_affiliation *a = room->first_affiliation; a; a = a->next)
        dump_affiliation(b, a);
    for (const muc_occupant *o = room->live->first_occupant; o; o = o->next)
        dump_occupant(b, o);
    for (const mu_message *m = room->live->first_message; m; m = m->next)
        dump_message(b, m);
    for (const mu_record *r = room->live->first_record; r; r = r->next)
        text(b, r->owner, r->now.key);
}

void model_dump(muc_service *s, mu_buf *out)
{
    mu_buf_reset(out);
    number(out, "rooms", (long long)s->rooms.count);
    number(out, "peers", (long long)s->peers.count);
    number(out, "visits", (long long)s->visits.count);
    pointer(out, "last", s->last_room);
    for (const muc_room *room = s->first_room; room; room = room->next)
        dump_room(out, room);
    for (size_t i = 0; i < mu_tree_count(&s->listed); i++)
        text(out, "\nlisted", mu_tree_at(&s->listed, i)->key);
}
