/* announce.c: telling a room about an occupant: himself, those who see real JIDs, and the others (XEP-0045
 * section 7.2.2).
 */
#include <action/view.h>

/* ---- the others ------------------------------------------------------------------------------------------------- */

/* Where he is in an audience, in which his sessions stand side by side. */
static mu_hole place_of(const muc_occupant *occupant, const mu_audience *a)
{
    const muc_session *first = NULL;
    uint32_t n = 0;
    for (const muc_session *session = occupant->first; session; session = session->next)
        if (mu_session_is_listed(session)) {
            first = first ? first : session;
            n++;
        }
    size_t at = first ? mu_audience_find(a, first->peer) : a->n;
    return at < a->n ? (mu_hole){(uint32_t)at, n} : (mu_hole){0, 0};
}

/* Plain available presence is the same until it changes, and kept. */
static bool is_plain(const mu_notice_about *about, const muc_occupant *occupant)
{
    return !about->unavailable && !about->new_nick && !about->actor_nick && !about->reason && !about->codes.n &&
           !about->extra.n && !about->payload && about->role == occupant->role &&
           about->affiliation == occupant->affiliation;
}

static mu_blob *payload_of(const muc_occupant *occupant, const mu_notice_about *about)
{
    return about->payload ? about->payload : occupant->primary->presence;
}

/* To so many a stanza is worth being put into one piece. */
enum { MANY = 32 };

static int join_pieces(muc_service *s, mu_packet **packet)
{
    mu_packet *joined = mu_packet_joined(s->heap, *packet);
    mu_packet_unref(s->heap, *packet);
    *packet = joined;
    return joined ? MUC_OK : MUC_ERR_NOMEM;
}

/* One view of it. Counted for the caller. */
static int write_view(muc_occupant *occupant, const mu_notice_about *about, int view, mu_packet **out)
{
    const char *jid = view == MU_VIEW_FULL ? mu_peer_jid(occupant->primary->peer) : NULL;
    return is_plain(about, occupant)
               ? mu_view(occupant, view, out)
               : mu_view_write(occupant, about, jid, false, NULL, payload_of(occupant, about), out);
}

static int send_view(muc_occupant *occupant, const mu_notice_about *about, int view, mu_audience *to, mu_hole but)
{
    mu_packet *packet = NULL;
    int r = write_view(occupant, about, view, &packet);
    muc_service *s = occupant->room->service;
    if (!r && to->n - but.n >= MANY)
        r = join_pieces(s, &packet);
    if (!r)
        r = mu_send_but(s, about->lane, occupant->room, packet, to, but);
    mu_packet_unref(s->heap, packet);
    return r;
}

static int others_of(muc_occupant *occupant, const mu_leaving *leaving, int view, mu_audience **to, mu_hole *but)
{
    int r = MUC_OK;
    if (!leaving)
        r = mu_room_audience(occupant->room, view, to);
    else
        *to = mu_audience_ref(leaving->to[view]);
    if (!r && *to)
        *but = leaving ? (mu_hole){(uint32_t)(*to)->n - leaving->gone[view], leaving->gone[view]}
                       : place_of(occupant, *to);
    return r;
}

static int announce_view(muc_occupant *occupant, const mu_notice_about *about, int view)
{
    mu_audience *to;
    mu_hole but;
    int r = others_of(occupant, about->leaving, view, &to, &but);
    if (r || !to)
        return r;
    if (to->n > but.n)
        r = send_view(occupant, about, view, to, but);
    mu_audience_unref(to);
    return r;
}

static int announce_others(muc_occupant *occupant, const mu_notice_about *about)
{
    int r = announce_view(occupant, about, MU_VIEW_FULL);
    return r || about->jid_only ? r : announce_view(occupant, about, MU_VIEW_ANONYMOUS);
}

/* A user always sees his own JID (each session that of its own). */
static int announce_own(muc_occupant *occupant, const mu_notice_about *about)
{
    for (muc_session *session = occupant->first; session; session = session->next) {
        if (about->only && about->only != session)
            continue;
        mu_packet *packet;
        const char *id = session == about->id_for ? about->id : NULL;
        int r =
            mu_view_write(occupant, about, mu_peer_jid(session->peer), true, id, payload_of(occupant, about), &packet);
        if (!r) {
            r = mu_send(occupant->room->service, about->own_lane, occupant->room, packet, session->peer);
            mu_packet_unref(occupant->room->service->heap, packet);
        }
        if (r)
            return r;
    }
    return MUC_OK;
}

int mu_announce(muc_occupant *occupant, const mu_notice_about *about, bool shown)
{
    int r = MUC_OK;
    if (!about->others_only)
        r = announce_own(occupant, about);
    if (!r && shown && !about->own_only)
        r = announce_others(occupant, about);
    return r;
}

/* ---- one to one -------------------------------------------------------------------------------------------------- */

int mu_show(muc_occupant *occupant, const mu_notice_about *about, muc_session *to)
{
    muc_room *room = occupant->room;
    if (occupant == to->occupant) {
        mu_notice_about own = *about;
        own.own_only = true;
        own.only = to;
        return mu_announce(occupant, &own, false);
    }
    mu_packet *packet = NULL;
    int r = write_view(occupant, about, mu_sees_jids(room, to->occupant->role), &packet);
    if (!r)
        r = mu_send(room->service, about->lane, room, packet, to->peer);
    mu_packet_unref(room->service->heap, packet);
    return r;
}

/* ---- everybody to one ------------------------------------------------------------------------------------------- */

/* Writes what is missing on a roster, but for him: he enters. */
static int complete(muc_room *room, mu_roster *roster, int view, const muc_occupant *him)
{
    for (muc_occupant *o = room->live->first_occupant; o && roster->missing > 0; o = o->next) {
        if (o == him || !mu_is_shown(o))
            continue;
        mu_packet *packet;
        int r = mu_view(o, view, &packet);
        if (r)
            return r;
        mu_packet_unref(room->service->heap, packet);
        if (room->live->rosters[view] != roster)
            return MUC_ERR_NOMEM;
    }
    return MUC_OK;
}

/* Where nothing is kept: a roster for him alone. */
static int send_written(muc_room *room, muc_session *to, int view)
{
    mu_roster *roster = mu_roster_new(room->service->heap);
    int r = roster ? MUC_OK : MUC_ERR_NOMEM;
    for (muc_occupant *o = room->live->first_occupant; o && !r; o = o->next) {
        if (o == to->occupant || !mu_is_shown(o))
            continue;
        mu_packet *packet = NULL;
        r = mu_view(o, view, &packet);
        if (!r)
            r = mu_roster_put(roster, roster->n, packet);
        mu_packet_unref(room->service->heap, packet);
    }
    if (!r)
        r = mu_send_roster(room->service, MU_LANE_REST, room, roster, SIZE_MAX, to->peer);
    mu_roster_unref(roster);
    return r;
}

static int send_present(muc_room *room, muc_session *to)
{
    const muc_occupant *him = to->occupant;
    int view = mu_sees_jids(room, him->role) ? MU_VIEW_FULL : MU_VIEW_ANONYMOUS;
    if (!room->service->settings.keep_views)
        return send_written(room, to, view);
    mu_roster *roster = mu_room_roster(room, view, him);
    int r = roster ? MUC_OK : MUC_ERR_NOMEM;
    if (!r && mu_roster_lacks(roster, him))
        r = complete(room, roster, view, him);
    return r ? r : mu_send_roster(room->service, MU_LANE_REST, room, roster, him->place, to->peer);
}

int mu_send_occupants(muc_room *room, muc_session *to)
{
    int r = send_present(room, to);
    return r ? r : mu_absent_send(room, to);
}
