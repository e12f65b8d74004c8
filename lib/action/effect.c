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
    int r = mu_presence_blob(o, NULL, NULL, 0, &about.payload);
    if (!r)
        r = mu_announce(o, &about, true);
    mu_blob_unref(o->room->service->heap, about.payload);
    return r;
}

int mu_effect_broadcast(muc_room *room, muc_roles former)
{
    int r = MUC_OK;
    for (muc_occupant *o = room->live->first_occupant; o && r >= 0; o = o->next) {
        bool was = former & (muc_roles)1 << o->role, is = mu_is_shown(o);
        if (was != is && !o->unseen)
            r = is ? appear(o) : vanish(o);
    }
    return r < 0 ? r : MUC_OK;
}

/* ---- whois ------------------------------------------------------------------------------------------------------ */

static int is_learner(muc_occupant *o, void *ud)
{
    (void)ud;
    return o->role != MUC_ROLE_MODERATOR;
}

int mu_effect_learners(muc_room *room, muc_occupant ***out)
{
    return mu_pick(room, is_learner, NULL, out);
}

/* Those of them who are still there. */
static mu_audience *audience_of(mu_heap *heap, muc_occupant *const *learners)
{
    mu_audience *a = mu_audience_new(heap, 0);
    for (; a && *learners; learners++) {
        muc_session *session = (*learners)->present ? (*learners)->first : NULL;
        for (; session; session = session->next)
            (void)mu_audience_add(a, session->peer);
    }
    return a;
}

static int show(muc_occupant *o, mu_audience *to, mu_hole but)
{
    muc_service *s = o->room->service;
    if (!mu_is_shown(o) || to->n == but.n)
        return MUC_OK;
    mu_packet *view = NULL;
    int r = mu_view(o, MU_VIEW_FULL, &view);
    if (r == MUC_OK)
        r = mu_send_but(s, MU_LANE_REST, o->room, view, to, but);
    mu_packet_unref(s->heap, view);
    return r;
}

int mu_effect_whois(muc_room *room, muc_occupant *const *learners)
{
    mu_audience *to = audience_of(room->service->heap, learners);
    int r = to ? MUC_OK : MUC_ERR_NOMEM;
    uint32_t at = 0;
    /* Both are in the order of entry: each is left out where he stands. */
    for (muc_occupant *o = room->live->first_occupant; o && r >= 0; o = o->next) {
        mu_hole himself = {at, 0};
        while (*learners && !(*learners)->present)
            learners++;
        if (*learners == o) {
            himself.n = (uint32_t)mu_occupant_sessions(o);
            learners++;
        }
        at += himself.n;
        r = show(o, to, himself);
    }
    mu_audience_unref(to);
    return r < 0 ? r : MUC_OK;
}
