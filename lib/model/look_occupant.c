/* look_occupant.c: looking at occupants and sessions: what the public header occupant.h lets see of them. */
#include <model/model.h>

#include <string.h>

muc_occupant *muc_occupant_by_nick(muc_room *room, const char *nick)
{
    muc_service *s = room->service;
    size_t key_at;
    mu_buf_reset(&s->scratch);
    if (!nick || mu_nick_prepare(s, mu_nick_span(room, nick), &s->scratch, &key_at) < 0)
        return NULL;
    return mu_occupant_by_key(room, s->scratch.p + key_at, s->scratch.n - key_at - 1);
}

muc_session *muc_session_by_jid(muc_room *room, const char *full_jid)
{
    const mu_peer *peer = full_jid ? mu_peer_find(room->service, full_jid) : NULL;
    return peer ? mu_session_find(room->service, room, peer) : NULL;
}

muc_occupant *muc_occupant_by_jid(muc_room *room, const char *full_jid)
{
    const muc_session *session = muc_session_by_jid(room, full_jid);
    return session ? session->occupant : NULL;
}

muc_occupant *muc_occupant_next(muc_room *room, const muc_occupant *after)
{
    muc_occupant *o = after ? after->next : room->live->first_occupant;
    while (o && !o->present)
        o = o->next;
    return o;
}

muc_occupant *muc_occupant_next_of(muc_room *room, const char *jid, const muc_occupant *after)
{
    muc_service *s = room->service;
    mu_buf_reset(&s->scratch);
    if (!jid || mu_real_key(s, jid, true, &s->scratch, NULL) < 0)
        return NULL;
    muc_occupant *o = muc_occupant_next(room, after);
    while (o && strcmp(mu_occupant_bare_key(o), s->scratch.p) != 0)
        o = muc_occupant_next(room, o);
    return o;
}

size_t muc_occupant_count(const muc_room *room)
{
    return room->live->occupants.count;
}

muc_session *muc_session_next(muc_occupant *occupant, const muc_session *after)
{
    return after ? after->next : occupant->first;
}

muc_room *muc_occupant_room(const muc_occupant *occupant)
{
    return occupant->room;
}

size_t muc_occupant_jid(const muc_occupant *occupant, char *out, size_t size)
{
    size_t room = occupant->room->key.n, nick = strlen(muc_occupant_nick(occupant));
    const muc_span parts[] = {{occupant->room->key.p, room}, {"/", 1}, {muc_occupant_nick(occupant), nick}};
    size_t n = 0;
    for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++)
        for (size_t k = 0; k < parts[i].n; k++, n++)
            if (n + 1 < size)
                out[n] = parts[i].p[k];
    if (size)
        out[n < size ? n : size - 1] = '\0';
    return n;
}

const char *muc_occupant_nick(const muc_occupant *occupant)
{
    return occupant->own_nick ? occupant->key.p : occupant->key.p + occupant->key.n + 1;
}

const char *muc_occupant_bare_jid(const muc_occupant *occupant)
{
    return mu_occupant_bare(occupant);
}

muc_role muc_occupant_role(const muc_occupant *occupant)
{
    return occupant->role;
}

muc_affiliation muc_occupant_affiliation(const muc_occupant *occupant)
{
    return occupant->affiliation;
}

muc_session *muc_occupant_primary(const muc_occupant *occupant)
{
    return occupant->primary;
}

const char *muc_session_jid(const muc_session *session)
{
    return mu_peer_jid(session->peer);
}

muc_occupant *muc_session_occupant(const muc_session *session)
{
    return session->occupant;
}

muc_span muc_session_presence(const muc_session *session)
{
    const mu_blob *b = session->presence;
    return b ? mu_blob_children(b) : (muc_span){"", 0};
}

int muc_room_shows_jids_to(muc_room *room, const char *full_jid)
{
    const muc_occupant *o = muc_occupant_by_jid(room, full_jid);
    return o && mu_sees_jids(room, o->role);
}
