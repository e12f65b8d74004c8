/* absent.c: showing those who belong to a room and are not in it, where the room is configured to (XEP-0045
 * section 10.2.1, codes 102 and 103): unavailable presences, for newcomers and when an affiliation changes; and to who
 * asks for one by his reserved nickname.
 *
 * They come from the reserved nickname. Who has none is shown by his JID, and so only to those who may see it. Outcasts
 * are no part of a room. */
#include <action/action.h>

#include <string.h>

/* What is said of one, for those who see JIDs and for those who do not; packet is NULL when that is nothing. */
static int write_one(muc_room *room, const char *jid, const char *nick, muc_affiliation shown, int view,
                     mu_packet **packet)
{
    muc_service *s = room->service;
    *packet = NULL;
    if (!nick && view != MU_VIEW_FULL)
        return MUC_OK;
    static const muc_span head = {"<presence type='unavailable'", sizeof "<presence type='unavailable'" - 1};
    mu_buf b;
    mu_buf_init(&b, s->heap);
    mu_attr_from(&b, room, nick);
    mu_buf_str(&b, "><x xmlns='" MUC_NS_USER "'><item");
    mu_attr(&b, "affiliation", muc_affiliation_name(shown));
    if (view == MU_VIEW_FULL)
        mu_attr(&b, "jid", jid);
    mu_attr(&b, "nick", nick);
    mu_buf_str(&b, " role='none'/></x></presence>");
    if (!b.failed)
        *packet = mu_packet_new(s->heap, head, NULL, (muc_span){b.p, b.n});
    mu_buf_free(&b);
    return *packet ? MUC_OK : MUC_ERR_NOMEM;
}

static bool may_be_shown(const mu_affiliation *a)
{
    return a->affiliation >= MUC_AFFILIATION_MEMBER && memchr(a->key.p, '@', a->key.n);
}

/* Tells one session of one, when there is something to say. */
static int tell_one(muc_room *room, const mu_affiliation *a, const muc_session *to, bool *said)
{
    mu_packet *packet;
    int view = mu_sees_jids(room, to->occupant->role) ? MU_VIEW_FULL : MU_VIEW_ANONYMOUS;
    int r = write_one(room, a->key.p, mu_affiliation_nick(a), a->affiliation, view, &packet);
    *said = packet != NULL;
    if (packet)
        r = mu_send(room->service, MU_LANE_REST, room, packet, to->peer);
    mu_packet_unref(room->service->heap, packet);
    return r;
}

int mu_show_absent(muc_room *room, const mu_affiliation *a, const muc_session *to)
{
    bool said;
    return tell_one(room, a, to, &said);
}

/* ---- all of them ---------------------------------------------------------------------------------------------- */

/* The bare JIDs of those inside; the keys are to be freed after the map. */
static int find_present(const muc_room *room, mu_map *present, mu_key **keys)
{
    muc_service *s = room->service;
    size_t n = 0;
    mu_map_init(present, s->heap, s->secret);
    *keys = mu_alloc(s->heap, (room->live->occupants.count + 1) * sizeof **keys);
    if (!*keys || mu_map_reserve(present, room->live->occupants.count))
        return MUC_ERR_NOMEM;
    for (const muc_occupant *o = room->live->first_occupant; o; o = o->next) {
        const char *bare = mu_occupant_bare_key(o);
        size_t length = strlen(bare);
        if (mu_map_find(present, bare, length))
            continue;
        (*keys)[n] = (mu_key){.p = bare, .n = (uint32_t)length};
        mu_map_insert(present, &(*keys)[n++]);
    }
    return MUC_OK;
}

/* Says one of them: to one session or, when that is NULL, to all. */
static int say_one(muc_room *room, const mu_affiliation *a, const muc_session *to, bool *said)
{
    *said = true;
    return to ? tell_one(room, a, to, said) : mu_absent_changed(room, a->key.p, mu_affiliation_nick(a), a->affiliation);
}

/* Affiliations looked at for each that may be shown: outcasts are no reason to be slow. */
enum { LOOKS = 16 };

int mu_absent_send(muc_room *room, const muc_session *to)
{
    if (!mu_absent_are_shown(room) || !room->first_affiliation)
        return MUC_OK;
    mu_map present;
    mu_key *keys;
    int r = find_present(room, &present, &keys);
    size_t left = room->service->settings.max_absent;
    size_t looks = left < SIZE_MAX / LOOKS ? left * LOOKS : SIZE_MAX;
    for (const mu_affiliation *a = room->first_affiliation; a && left > 0 && looks > 0 && !r; a = a->next, looks--) {
        if (!may_be_shown(a) || mu_map_find(&present, a->key.p, a->key.n))
            continue;
        bool said;
        r = say_one(room, a, to, &said);
        left -= said;
    }
    mu_map_free(&present);
    mu_free(room->service->heap, keys);
    return r;
}

/* ---- one of them ----------------------------------------------------------------------------------------------- */

int mu_absent_changed(muc_room *room, const char *jid, const char *nick, muc_affiliation affiliation)
{
    muc_service *s = room->service;
    muc_affiliation shown = affiliation < MUC_AFFILIATION_MEMBER ? MUC_AFFILIATION_NONE : affiliation;
    int r = MUC_OK;
    for (int view = 0; view < MU_VIEWS && !r; view++) {
        mu_audience *to = NULL;
        mu_packet *packet = NULL;
        r = mu_room_audience(room, view, &to);
        if (!r && to)
            r = write_one(room, jid, nick, shown, view, &packet);
        if (!r && packet)
            r = mu_send_all(s, MU_LANE_REST, room, packet, to);
        mu_packet_unref(s->heap, packet);
        mu_audience_unref(to);
    }
    return r;
}
