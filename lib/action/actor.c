/* actor.c: what somebody who asks for a change is in the room (XEP-0045 sections 5.1.1 and 5.2.1). */
#include <action/actor.h>
#include <base/text.h>

#include <string.h>

/* Roles belong to nicknames: of those that the bare JID has the highest counts, and the one whose full JID asks gives
 * the name.
 */
static void find_occupant(muc_room *room, const char *jid, mu_actor *actor)
{
    for (muc_occupant *o = room->live->first_occupant; o; o = o->next) {
        if (strcmp(mu_occupant_bare_key(o), actor->key.p) != 0)
            continue;
        if (o->role > actor->role)
            actor->role = o->role;
        if (!actor->nick)
            actor->nick = muc_occupant_nick(o);
    }
    muc_occupant *exact = muc_occupant_by_jid(room, jid);
    if (exact)
        actor->nick = muc_occupant_nick(exact);
}

int mu_actor_read(muc_room *room, const char *jid, mu_actor *out)
{
    muc_service *s = room->service;
    *out = (mu_actor){.role = MUC_ROLE_NONE, .affiliation = MUC_AFFILIATION_OWNER};
    mu_buf_init(&out->key, s->heap);
    if (!jid) {
        out->role = MUC_ROLE_MODERATOR;
        return MUC_OK;
    }
    int r = mu_real_key(s, jid, true, &out->key, NULL);
    if (r)
        return r;
    if (!muc_service_is_admin(s, jid))
        out->affiliation = mu_affiliation_of(room, (muc_span){out->key.p, strlen(out->key.p)});
    find_occupant(room, jid, out);
    return MUC_OK;
}

int mu_reason_check(const muc_service *s, const char *reason)
{
    size_t n = reason ? strlen(reason) : 0;
    return n <= s->settings.max_text && mu_xml_valid(reason, n) ? MUC_OK : MUC_ERR_INVALID;
}

void mu_actor_free(mu_actor *actor)
{
    mu_buf_free(&actor->key);
}
