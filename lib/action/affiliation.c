/* affiliation.c: who may change whose affiliation, and what follows for those present (XEP-0045 sections 5.2.2, 9 and
 * 10). */
#include <action/actor.h>

#include <string.h>

/* XEP-0045 section 5.2.2: admins deal with outcast, none and member; the lists of admins and owners are the owners'
 * (sections 10.3 to 10.8). To ban who is above oneself is another refusal than that, and so is to ban oneself (section
 * 9.1). */
static int check_rank(const mu_actor *actor, bool himself, muc_affiliation before, muc_affiliation after)
{
    if (actor->affiliation < MUC_AFFILIATION_ADMIN)
        return MUC_ERR_FORBIDDEN;
    if (himself && after == MUC_AFFILIATION_OUTCAST)
        return MUC_ERR_CONFLICT;
    if (actor->affiliation >= MUC_AFFILIATION_OWNER ||
        (before < MUC_AFFILIATION_ADMIN && after < MUC_AFFILIATION_ADMIN))
        return MUC_OK;
    return after == MUC_AFFILIATION_OUTCAST ? MUC_ERR_NOT_ALLOWED : MUC_ERR_FORBIDDEN;
}

/* The last owner stays one, whoever asks. */
static int check_last(const muc_room *room, const mu_actor *actor, muc_affiliation before, muc_affiliation after)
{
    bool last = before == MUC_AFFILIATION_OWNER && after != MUC_AFFILIATION_OWNER && room->owner_count == 1;
    return last && actor->key.n ? MUC_ERR_CONFLICT : MUC_OK;
}

/* An affiliation, and what goes with it: outcasts have no nickname. */
static int store(muc_room *room, muc_span key, const muc_affiliation_event *change)
{
    int r = mu_affiliation_store(room, key, change->affiliation, change->reason);
    mu_affiliation *outcast = NULL;
    if (r >= 0 && change->affiliation == MUC_AFFILIATION_OUTCAST)
        outcast = mu_affiliation_find(room, key.p, key.n);
    return outcast ? mu_affiliation_store_nick(room, outcast, NULL, NULL) : r;
}

/* The role that goes with a new affiliation: rank gives moderation and loses it; voice is never taken by a smaller
 * change. */
static int new_role(muc_occupant *o, muc_affiliation affiliation, muc_role *role)
{
    muc_role usual;
    int r = mu_default_role(o->room, mu_occupant_bare(o), affiliation, &usual);
    *role = o->role;
    if (r || usual == MUC_ROLE_NONE) {
        *role = MUC_ROLE_NONE;
        return r;
    }
    bool had_rank = o->affiliation >= MUC_AFFILIATION_ADMIN, has_rank = affiliation >= MUC_AFFILIATION_ADMIN;
    if (had_rank || has_rank)
        *role = usual;
    else if (usual > o->role)
        *role = usual;
    return r;
}

/* A change that concerns all whose affiliation is not what it was: a domain's counts where there is none of one's
 * own. */
typedef struct mu_rank_change {
    const char *from;
    const mu_actor *actor;
    const char *reason;
    muc_affiliation_event *change;
    muc_affiliation now; /* of all whom it concerns */
    int result;          /* negative: what went wrong in asking */
} mu_rank_change;

static bool concerns(const muc_occupant *o, muc_affiliation *now)
{
    *now = mu_affiliation_of(o->room, (muc_span){mu_occupant_bare_key(o), strlen(mu_occupant_bare_key(o))});
    return o->present && *now != o->affiliation;
}

/* He may not stay. */
static int is_out(muc_occupant *o, void *ud)
{
    mu_rank_change *c = ud;
    muc_affiliation now;
    muc_role role = MUC_ROLE_NONE;
    c->change->present = c->change->present || strcmp(mu_occupant_bare_key(o), c->change->jid) == 0;
    if (c->result || !concerns(o, &now))
        return 0;
    c->now = now;
    if (now != MUC_AFFILIATION_OUTCAST)
        c->result = new_role(o, now, &role);
    return !c->result && role == MUC_ROLE_NONE;
}

static int remove_occupants(muc_room *room, mu_rank_change *c)
{
    muc_occupant **those;
    int r = mu_pick(room, is_out, c, &those);
    mu_notice_about about = {.actor_nick = c->actor->nick, .reason = c->reason};
    (void)mu_codes_add(&about.codes, c->now == MUC_AFFILIATION_OUTCAST ? 301 : 321);
    if (!r)
        r = c->result;
    if (!r)
        r = mu_remove_all(room, those, &about, c->from);
    mu_free(room->service->heap, those);
    return r;
}

static int change_present(muc_occupant *o, const mu_rank_change *c, muc_affiliation affiliation)
{
    muc_role role;
    int r = new_role(o, affiliation, &role);
    if (r)
        return r;
    mu_notice_about about = {.affiliation = affiliation, .actor_nick = c->actor->nick, .reason = c->reason};
    /* A handler may see it another way now that others are gone. */
    if (role == MUC_ROLE_NONE) {
        (void)mu_codes_add(&about.codes, 321);
        return mu_remove(o, &about, c->from);
    }
    return mu_change_rank(o, role, affiliation, &about);
}

static int change_occupants(muc_room *room, const char *from, const mu_actor *actor, muc_affiliation_event *change)
{
    mu_rank_change c = {.from = from, .actor = actor, .reason = change->reason, .change = change};
    int r = room->live->first_occupant ? remove_occupants(room, &c) : MUC_OK;
    muc_occupant *next;
    for (muc_occupant *o = room->live->first_occupant; o && !r && room->present; o = next) {
        next = o->next;
        muc_affiliation now;
        if (concerns(o, &now))
            r = change_present(o, &c, now);
    }
    return r;
}

static int fire(muc_room *room, muc_point point, const char *from, muc_affiliation_event *change)
{
    muc_event event = {.room = room, .from = from, .as = {.affiliation = change}};
    int r = mu_fire(room->service, point, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

/* A copy of the nickname that goes with the entry, where the absent are shown by it. */
static int keep_nick(const muc_room *room, muc_span key, char **out)
{
    const mu_affiliation *a = mu_absent_are_shown(room) ? mu_affiliation_find(room, key.p, key.n) : NULL;
    const char *nick = a ? mu_affiliation_nick(a) : NULL;
    *out = nick ? mu_strdup(room->service->heap, nick) : NULL;
    return nick && !*out ? MUC_ERR_NOMEM : MUC_OK;
}

/* Whether it changes what is shown of the absent. */
static bool is_absence(const muc_room *room, const muc_affiliation_event *change)
{
    return room->present && mu_absent_are_shown(room) && !change->present && strchr(change->jid, '@') &&
           (change->affiliation >= MUC_AFFILIATION_MEMBER || change->former >= MUC_AFFILIATION_MEMBER);
}

static int perform(muc_room *room, const char *from, const mu_actor *actor, bool is_new, muc_affiliation_event *change)
{
    muc_span key = {change->jid, strlen(change->jid)};
    int r = fire(room, MUC_ON_PRE_AFFILIATION, from, change);
    if (!r && is_new && change->affiliation != MUC_AFFILIATION_NONE &&
        mu_affiliation_count(room) >= room->service->settings.max_affiliations)
        r = MUC_ERR_LIMIT;
    char *nick = NULL;
    if (!r)
        r = keep_nick(room, key, &nick);
    if (!r)
        r = store(room, key, change);
    if (r >= 0)
        r = change_occupants(room, from, actor, change);
    if (!r && is_absence(room, change))
        r = mu_absent_changed(room, change->jid, nick, change->affiliation);
    mu_free(room->service->heap, nick);
    if (!r && room->present)
        r = fire(room, MUC_ON_AFFILIATION_SET, from, change);
    if (!r)
        r = mu_notify(room->service, MUC_ON_AFFILIATION, room, NULL, from, NULL, change);
    return r ? r : MUC_CHANGED;
}

int mu_set_affiliation(muc_room *room, const char *from, const char *jid, muc_affiliation affiliation,
                       const char *reason)
{
    muc_service *s = room->service;
    mu_buf key;
    mu_buf_init(&key, s->heap);
    mu_actor actor;
    int r = mu_actor_read(room, from, &actor);
    if (!r)
        r = mu_user_key(s, jid, true, &key);
    if (!r)
        r = mu_reason_check(s, reason);
    if (r)
        goto out;
    const mu_affiliation *entry = mu_affiliation_find(room, key.p, strlen(key.p));
    muc_affiliation former = entry ? entry->affiliation : MUC_AFFILIATION_NONE;
    /* Who has none of his own has the rank of his domain. */
    muc_affiliation rank = entry ? former : mu_affiliation_of(room, (muc_span){key.p, strlen(key.p)});
    bool himself = actor.key.n && strcmp(actor.key.p, key.p) == 0;
    r = check_rank(&actor, himself, rank, affiliation);
    if (!r)
        r = check_last(room, &actor, former, affiliation);
    if (r || affiliation == former)
        goto out;
    muc_affiliation_event change = {.jid = key.p, .affiliation = affiliation, .former = former, .reason = reason};
    r = perform(room, from, &actor, !entry, &change);
out:
    mu_actor_free(&actor);
    mu_buf_free(&key);
    return r;
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_affiliation_set(d->room, d->text[0], d->text[1], (muc_affiliation)d->number, d->text[2]);
}

int muc_affiliation_set(muc_room *room, const char *actor, const char *jid, muc_affiliation affiliation,
                        const char *reason)
{
    if (!room->present || !jid || affiliation < MUC_AFFILIATION_OUTCAST || affiliation > MUC_AFFILIATION_OWNER)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(
            room->service,
            &(mu_deferred){.run = run_deferred, .room = room, .text = {actor, jid, reason}, .number = affiliation});
    return r ? r : mu_end(&txn, mu_set_affiliation(room, actor, jid, affiliation, reason));
}

/* ---- reserved nicknames ----------------------------------------------------------------------------------------- */

int mu_set_nick(muc_room *room, const char *jid, const char *nick)
{
    muc_service *s = room->service;
    mu_buf key, name;
    size_t key_at = 0;
    mu_buf_init(&key, s->heap);
    mu_buf_init(&name, s->heap);
    int r = mu_user_key(s, jid, true, &key);
    mu_affiliation *entry = r ? NULL : mu_affiliation_find(room, key.p, strlen(key.p));
    if (!r && !entry)
        r = MUC_ERR_NOT_FOUND;
    bool some = nick && *nick;
    if (!r && some && entry->affiliation == MUC_AFFILIATION_OUTCAST)
        r = MUC_ERR_NOT_ALLOWED;
    if (!r && some)
        r = mu_nick_prepare(s, (muc_span){nick, strlen(nick)}, &name, &key_at);
    if (!r && some) {
        const mu_affiliation *other = mu_affiliation_by_nick(room, name.p + key_at);
        const muc_occupant *holder = mu_occupant_by_key(room, name.p + key_at, strlen(name.p + key_at));
        if ((other && other != entry) || (holder && strcmp(mu_occupant_bare_key(holder), key.p) != 0))
            r = MUC_ERR_CONFLICT;
    }
    bool same = !r && (some ? mu_affiliation_nick(entry) && strcmp(mu_affiliation_nick(entry), name.p) == 0
                            : !mu_affiliation_nick(entry));
    if (!r && !same) {
        r = mu_affiliation_store_nick(room, entry, some ? name.p : NULL, some ? name.p + key_at : NULL);
        r = r < 0 ? r : MUC_CHANGED;
    }
    mu_buf_free(&key);
    mu_buf_free(&name);
    return r;
}

static int run_deferred_nick(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_affiliation_set_nick(d->room, d->text[0], d->text[1]);
}

int muc_affiliation_set_nick(muc_room *room, const char *jid, const char *nick)
{
    if (!room->present || !jid)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(room->service, &(mu_deferred){.run = run_deferred_nick, .room = room, .text = {jid, nick}});
    return r ? r : mu_end(&txn, mu_set_nick(room, jid, nick));
}
