/* announce.c: telling a room about an occupant: himself, those who see real JIDs, and the others (XEP-0045
 * section 7.2.2).
 */
#include <action/view.h>

/* The sessions of everybody else, by whether they see real JIDs. NULL where there is nobody. */
typedef struct mu_others {
    mu_audience *full, *anonymous;
} mu_others;

static void others_free(mu_others *others)
{
    mu_audience_unref(others->full);
    mu_audience_unref(others->anonymous);
}

static int others_of(muc_occupant *occupant, mu_others *out)
{
    muc_room *room = occupant->room;
    mu_heap *heap = room->service->heap;
    size_t full = 0, anonymous = 0;
    for (muc_occupant *o = room->first_occupant; o; o = o->next) {
        if (o != occupant)
            *(mu_sees_jids(room, o->role) ? &full : &anonymous) += o->session_count;
    }
    *out = (mu_others){.full = full ? mu_audience_new(heap, full) : NULL,
                       .anonymous = anonymous ? mu_audience_new(heap, anonymous) : NULL};
    if ((full && !out->full) || (anonymous && !out->anonymous)) {
        others_free(out);
        return MUC_ERR_NOMEM;
    }
    for (muc_occupant *o = room->first_occupant; o; o = o->next) {
        mu_audience *a = mu_sees_jids(room, o->role) ? out->full : out->anonymous;
        for (muc_session *session = o != occupant ? o->first : NULL; session; session = session->next)
            if (!session->peer->gone)
                a->peers[a->n++] = mu_peer_ref(session->peer);
    }
    return MUC_OK;
}

/* Plain available presence is the same until it changes, and kept. */
static bool is_plain(const mu_notice_about *about, const muc_occupant *occupant)
{
    return !about->unavailable && !about->new_nick && !about->actor_nick && !about->reason && !about->codes.n &&
           !about->payload && about->role == occupant->role && about->affiliation == occupant->affiliation;
}

static mu_blob *payload_of(const muc_occupant *occupant, const mu_notice_about *about)
{
    return about->payload ? about->payload : occupant->primary->presence;
}

static int send_view(muc_occupant *occupant, const mu_notice_about *about, int view, mu_audience *to)
{
    if (!to)
        return MUC_OK;
    mu_packet *packet = NULL;
    const char *jid = view == MU_VIEW_FULL ? occupant->primary->peer->jid : NULL;
    int r = is_plain(about, occupant)
                ? mu_view(occupant, view, &packet)
                : mu_view_write(occupant, about, jid, false, NULL, payload_of(occupant, about), &packet);
    if (!r)
        r = mu_send_all(occupant->room->service, about->lane, occupant->room, packet, to);
    mu_packet_unref(packet);
    return r;
}

static int announce_others(muc_occupant *occupant, const mu_notice_about *about)
{
    mu_others others;
    int r = others_of(occupant, &others);
    if (r)
        return r;
    r = send_view(occupant, about, MU_VIEW_FULL, others.full);
    if (!r && !about->jid_only)
        r = send_view(occupant, about, MU_VIEW_ANONYMOUS, others.anonymous);
    others_free(&others);
    return r;
}

/* A user always sees his own JID (each session that of its own). */
static int announce_own(muc_occupant *occupant, const mu_notice_about *about)
{
    for (muc_session *session = occupant->first; session; session = session->next) {
        if (about->only && about->only != session)
            continue;
        mu_packet *packet;
        const char *id = session == about->id_for ? about->id : NULL;
        int r = mu_view_write(occupant, about, session->peer->jid, true, id, payload_of(occupant, about), &packet);
        if (!r) {
            r = mu_send(occupant->room->service, about->own_lane, occupant->room, packet, session->peer);
            mu_packet_unref(packet);
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

int mu_send_occupants(muc_room *room, muc_session *to)
{
    int view = mu_sees_jids(room, to->occupant->role) ? MU_VIEW_FULL : MU_VIEW_ANONYMOUS;
    for (muc_occupant *o = room->first_occupant; o; o = o->next) {
        if (o == to->occupant || !mu_role_is_broadcast(room, o->role))
            continue;
        mu_packet *packet;
        int r = mu_view(o, view, &packet);
        if (!r) {
            r = mu_send(room->service, MU_LANE_REST, room, packet, to->peer);
            mu_packet_unref(packet);
        }
        if (r)
            return r;
    }
    return MUC_OK;
}
