/* rank.c: an occupant's role and affiliation change, and who sees what by that (XEP-0045
 * sections 5.1.3, 8.3, 8.4, 9.3). */
#include <action/view.h>

#include <string.h>

int mu_default_role(muc_room *room, const char *jid, muc_affiliation affiliation, muc_role *role)
{
    mu_heap *heap = room->service->heap;
    const char *slash = jid ? strchr(jid, '/') : NULL;
    char *bare = slash ? mu_strndup(heap, jid, (size_t)(slash - jid)) : NULL;
    if (slash && !bare)
        return MUC_ERR_NOMEM;
    /* Table "Initial Role Based on Affiliation"; what a room's options make of it is the handlers'. */
    muc_role_event choice = {
        .affiliation = affiliation,
        .role = affiliation >= MUC_AFFILIATION_ADMIN  ? MUC_ROLE_MODERATOR
                : affiliation >= MUC_AFFILIATION_NONE ? MUC_ROLE_PARTICIPANT
                                                      : MUC_ROLE_NONE,
        .jid = bare ? bare : jid,
    };
    muc_event event = {.room = room, .as = {.role = &choice}};
    int r = mu_fire(room->service, MUC_ON_DEFAULT_ROLE, &event, NULL);
    *role = choice.role;
    mu_free(heap, bare);
    return r < 0 ? r : MUC_OK;
}

/* To those who do not see the new role, he goes away. */
static int vanish(muc_occupant *o, const mu_notice_about *about)
{
    mu_notice_about gone = *about;
    gone.unavailable = true;
    gone.role = MUC_ROLE_NONE;
    gone.others_only = true;
    int r = mu_presence_blob(o, NULL, NULL, 0, &gone.payload);
    if (!r)
        r = mu_announce(o, &gone, true);
    mu_blob_unref(o->room->service->heap, gone.payload);
    return r;
}

int mu_change_rank(muc_occupant *o, muc_role role, muc_affiliation affiliation, mu_notice_about *about)
{
    muc_room *room = o->room;
    bool was_shown = mu_is_shown(o), shown = mu_would_be_shown(o, role);
    bool saw = mu_sees_jids(room, o->role), sees = mu_sees_jids(room, role);
    int r = mu_occupant_set_rank(o, role, affiliation);
    if (r)
        return r;
    about->role = role;
    about->affiliation = affiliation;
    r = mu_announce(o, about, shown);
    if (!r && was_shown && !shown)
        r = vanish(o, about);
    /* Who begins or ceases to see real JIDs gets everybody's presence again, in the view that is now his. */
    for (muc_session *session = saw != sees ? o->first : NULL; session && !r; session = session->next)
        r = mu_send_occupants(room, session);
    return r;
}
