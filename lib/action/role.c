/* role.c: who may give whom which role, and doing it (XEP-0045 sections 5.1.1, 5.1.3, 8.2 to 8.4, 9.6, 9.7). */
#include <action/actor.h>

/* What the actor may do to a present role at all: below it he lacks the privilege. */
static int check_privilege(const mu_actor *actor, muc_role before, muc_role after)
{
    bool rank = actor->affiliation >= MUC_AFFILIATION_ADMIN;
    if (actor->role < MUC_ROLE_MODERATOR && !rank)
        return MUC_ERR_FORBIDDEN;
    /* Making moderators is for admins and owners; acting on them too. */
    if (after == MUC_ROLE_MODERATOR && !rank)
        return MUC_ERR_FORBIDDEN;
    if (before == MUC_ROLE_MODERATOR && after != MUC_ROLE_MODERATOR && !rank)
        return MUC_ERR_NOT_ALLOWED;
    return MUC_OK;
}

/* Whether the target is beyond the actor. */
static int check_target(const mu_actor *actor, const muc_occupant *o, muc_role after)
{
    if (after == MUC_ROLE_NONE)
        return o->affiliation > actor->affiliation ? MUC_ERR_NOT_ALLOWED : MUC_OK;
    /* Admins and owners are moderators for good: nobody takes voice or moderation from them. */
    if (o->affiliation >= MUC_AFFILIATION_ADMIN && after < MUC_ROLE_MODERATOR)
        return MUC_ERR_NOT_ALLOWED;
    return after < o->role && o->affiliation > actor->affiliation ? MUC_ERR_NOT_ALLOWED : MUC_OK;
}

static int took_effect(muc_occupant *o, const char *from, muc_role_event *change)
{
    muc_event event = {.room = o->room, .occupant = o, .from = from, .as = {.role = change}};
    int r = mu_fire(o->room->service, MUC_ON_ROLE_SET, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

static int perform(muc_occupant *o, const char *from, const mu_actor *actor, muc_role role, const char *reason)
{
    muc_room *room = o->room;
    muc_role_event change = {.affiliation = o->affiliation, .role = role, .former = o->role, .reason = reason};
    int r;
    mu_notice_about about = {.affiliation = o->affiliation, .actor_nick = actor->nick, .reason = reason};
    if (role == MUC_ROLE_NONE) {
        /* XEP-0045 section 8.2: the kicked one is told before the answer, the others after it. */
        about.own_lane = MU_LANE_FIRST;
        (void)mu_codes_add(&about.codes, 307);
        r = mu_remove(o, &about, from);
    } else {
        r = mu_change_rank(o, role, o->affiliation, &about);
    }
    if (!r && room->present)
        r = took_effect(o, from, &change);
    if (!r)
        r = mu_notify(room->service, MUC_ON_ROLE, room, o, from, NULL, &change);
    return r ? r : MUC_CHANGED;
}

/* Handlers have the first word, and the last one when they stop. */
static int check(muc_occupant *o, const char *from, const mu_actor *actor, muc_role role, const char *reason)
{
    muc_role_event change = {.affiliation = o->affiliation, .role = role, .former = o->role, .reason = reason};
    muc_event event = {.room = o->room, .occupant = o, .from = from, .as = {.role = &change}};
    int r = role == o->role ? MUC_PASS : mu_fire(o->room->service, MUC_ON_PRE_ROLE, &event, NULL);
    if (r == MUC_PASS)
        r = check_privilege(actor, o->role, role);
    if (r == MUC_PASS)
        r = check_target(actor, o, role);
    return r < 0 ? r : MUC_OK;
}

int mu_set_role(muc_occupant *o, const char *from, muc_role role, const char *reason)
{
    mu_actor actor;
    int r = mu_actor_read(o->room, from, &actor);
    if (!r)
        r = mu_reason_check(o->room->service, reason);
    if (!r)
        r = check(o, from, &actor, role, reason);
    if (!r && role != o->role)
        r = perform(o, from, &actor, role, reason);
    mu_actor_free(&actor);
    return r;
}

int muc_occupant_may_set_role(muc_occupant *o, const char *actor, muc_role role)
{
    mu_actor who;
    if (!o->present || role < MUC_ROLE_NONE || role > MUC_ROLE_MODERATOR)
        return MUC_ERR_INVALID;
    int r = mu_actor_read(o->room, actor, &who);
    if (!r)
        r = check(o, actor, &who, role, NULL);
    mu_actor_free(&who);
    return r;
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_occupant_set_role(d->object, d->text[0], (muc_role)d->number, d->text[1]);
}

int muc_occupant_set_role(muc_occupant *o, const char *actor, muc_role role, const char *reason)
{
    if (!o->present || role < MUC_ROLE_NONE || role > MUC_ROLE_MODERATOR)
        return MUC_ERR_INVALID;
    muc_service *s = o->room->service;
    mu_txn txn;
    int r = mu_begin(s, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(
            s,
            &(mu_deferred){.run = run_deferred, .room = o->room, .object = o, .text = {actor, reason}, .number = role});
    return r ? r : mu_end(&txn, mu_set_role(o, actor, role, reason));
}
