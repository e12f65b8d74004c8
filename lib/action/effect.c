/* effect.c: what a changed presence broadcast or whois means for those inside (XEP-0045 section 10.2). */
#include <action/action.h>

/* ---- presence broadcast ----------------------------------------------------------------------------------------- */

static int appear(muc_occupant *o)
{
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role, .lane = MU_LANE_REST, .others_only = true};
    return mu_announce(o, &about, true);
}

static int vanish(muc_occupant *o)
{
    mu_notice_about about = {.unavailable = true,
                             .affiliation = o->affiliation,
                             .role = MUC_ROLE_NONE,
                             .lane = MU_LANE_REST,
                             .others_only = true};
    about.payload = mu_presence_blob(o->room, muc_occupant_nick(o), NULL, NULL, 0);
    if (!about.payload)
        return MUC_ERR_NOMEM;
    int r = mu_announce(o, &about, true);
    mu_blob_unref(o->room->service->heap, about.payload);
    return r;
}

int mu_effect_broadcast(muc_room *room, muc_roles former)
{
    int r = MUC_OK;
    for (muc_occupant *o = room->live->first_occupant; o && r >= 0; o = o->next) {
        bool was = former & (muc_roles)1 << o->role, is = mu_role_is_broadcast(room, o->role);
        if (was != is)
            r = is ? appear(o) : vanish(o);
    }
    return r < 0 ? r : MUC_OK;
}

/* ---- whois ------------------------------------------------------------------------------------------------------ */

int mu_effect_learners(muc_room *room, muc_occupant ***out)
{
    size_t n = 0;
    muc_occupant **learners = mu_alloc(room->service->heap, (room->live->occupants.count + 1) * sizeof *learners);
    *out = learners;
    if (!learners)
        return MUC_ERR_NOMEM;
    for (muc_occupant *o = room->live->first_occupant; o; o = o->next)
        if (o->role != MUC_ROLE_MODERATOR)
            learners[n++] = o;
    learners[n] = NULL;
    return MUC_OK;
}

/* All of them but himself who are still there. */
static mu_audience *audience_of(muc_occupant *const *learners, const muc_occupant *of)
{
    const muc_room *room = of->room;
    mu_audience *a = mu_audience_new(room->service->heap, 0);
    for (; a && *learners; learners++) {
        muc_session *session = *learners != of && (*learners)->present ? (*learners)->first : NULL;
        for (; session; session = session->next)
            (void)mu_audience_add(a, session->peer);
    }
    return a;
}

int mu_effect_whois(muc_room *room, muc_occupant *const *learners)
{
    muc_service *s = room->service;
    int r = MUC_OK;
    for (muc_occupant *o = room->live->first_occupant; o && r >= 0; o = o->next) {
        if (!mu_role_is_broadcast(room, o->role))
            continue;
        mu_audience *to = audience_of(learners, o);
        mu_packet *view = NULL;
        r = to ? MUC_OK : MUC_ERR_NOMEM;
        if (r == MUC_OK && to->n > 0)
            r = mu_view(o, MU_VIEW_FULL, &view);
        if (r == MUC_OK && view)
            r = mu_send_all(s, MU_LANE_REST, room, view, to);
        mu_packet_unref(s->heap, view);
        mu_audience_unref(to);
    }
    return r < 0 ? r : MUC_OK;
}
