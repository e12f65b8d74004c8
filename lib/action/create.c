/* create.c: making rooms (XEP-0045 section 10.1.1), and asking the host for stored ones. */
#include <action/action.h>
#include <engine/pending.h>

#include <string.h>

/* Whether the running transaction has ended that room: the store has it still. */
static bool is_ending(const muc_service *s, muc_span key)
{
    bool ending = false;
    for (size_t i = 0; i < s->journal.n; i++) {
        const mu_entry *e = &s->journal.entries[i];
        if (e->op != MU_OP_NOTE || !(e->u.note.flags & (MU_NOTE_GONE | MU_NOTE_FORGOTTEN)))
            continue;
        const mu_key *of = &e->u.note.room->key;
        if (of->n == key.n && memcmp(of->p, key.p, key.n) == 0)
            ending = !(e->u.note.flags & MU_NOTE_FORGOTTEN);
    }
    return ending;
}

/* A room that the host is being asked for. */
struct mu_asking {
    muc_span key;
    const struct mu_asking *outer;
};

static bool is_asked_for(const muc_service *s, muc_span key)
{
    for (const struct mu_asking *a = s->asking; a; a = a->outer)
        if (a->key.n == key.n && memcmp(a->key.p, key.p, key.n) == 0)
            return true;
    return false;
}

/* He may make the room instead, which asks whether there is one already. */
static int ask_host(muc_service *s, const char *jid, size_t n)
{
    struct mu_asking asking = {{jid, n}, s->asking};
    s->asking = &asking;
    int r = s->callbacks.room_wanted(s, jid, s->ud);
    s->asking = asking.outer;
    return r;
}

int mu_room_want(muc_service *s, muc_span key, muc_room **out)
{
    *out = mu_room_by_key(s, key.p, key.n);
    if (*out)
        return MUC_OK;
    if (mu_tombstone_by_key(s, key.p, key.n) || !s->callbacks.room_wanted || mu_unknown_has(s, key) ||
        is_ending(s, key) || is_asked_for(s, key))
        return MUC_ERR_NOT_FOUND;
    if (mu_wanted_find(s, key))
        return MUC_ERR_PENDING;
    /* Whoever has as much waiting as he may makes the host look for nothing more. */
    if (!mu_pending_has_place(s))
        return MUC_ERR_LIMIT;
    char *jid = mu_strndup(s->heap, key.p, key.n);
    if (!jid)
        return MUC_ERR_NOMEM;
    /* One that was there and has ended since is asked for anew. */
    const mu_wanted *settled = mu_wanted_settled(s, key);
    int r = settled && settled->answer != MUC_ROOM_RESTORED ? settled->answer : ask_host(s, jid, key.n);
    *out = r == MUC_ROOM_RESTORED ? mu_room_by_key(s, jid, key.n) : NULL;
    if (r == MUC_ROOM_UNKNOWN)
        mu_unknown_add(s, (muc_span){jid, key.n});
    else if (r == MUC_ROOM_RESTORED && mu_tombstone_by_key(s, jid, key.n))
        r = MUC_ROOM_UNKNOWN;
    mu_free(s->heap, jid);
    if (r == MUC_ROOM_PENDING)
        return mu_wanted_begin(s, key);
    if (r == MUC_ROOM_ELSEWHERE)
        return MUC_ERR_ELSEWHERE;
    if (*out)
        return MUC_OK;
    return r == MUC_ROOM_UNKNOWN ? MUC_ERR_NOT_FOUND : r == MUC_ERR_NOMEM ? MUC_ERR_NOMEM : MUC_ERR_HOST;
}

/* Puts the settings given by name into a new room. */
static int configure(muc_room *room, const muc_option_value *config, size_t count)
{
    muc_service *s = room->service;
    for (size_t i = 0; i < count; i++) {
        const muc_option *row = muc_option_find(s, config[i].name);
        if (!row)
            return MUC_ERR_INVALID;
        mu_value value;
        int r = mu_value_parse(s, row, config[i].value, &value);
        if (r)
            return r;
        r = mu_room_store(room, mu_option_index(s, row), &value);
        mu_free(s->heap, value.text);
        if (r < 0)
            return r;
    }
    return MUC_OK;
}

/* Until it is configured. */
static int await_config(muc_room *room, const char *from)
{
    muc_service *s = room->service;
    int r = mu_room_set_locked(room, mu_now(s), false);
    return r ? r : mu_notify(s, MUC_ON_LOCKED, room, NULL, from, NULL, NULL);
}

static int own(muc_room *room, const mu_incoming *in)
{
    if (!in)
        return MUC_OK;
    muc_span bare = {in->peer->key.p, in->peer->bare_n};
    return mu_affiliation_store(room, bare, MUC_AFFILIATION_OWNER, NULL);
}

/* Handlers may put something into it. One that ends it at once has no room made. */
static int offer(muc_room *room, const muc_event *making)
{
    muc_event event = {.room = room, .stanza = making->stanza, .from = making->from};
    int r = mu_fire(room->service, MUC_ON_MADE, &event, NULL);
    if (r >= 0 && !room->present)
        return mu_refuse(room->service, MUC_NOT_ALLOWED, MUC_ERROR_DEFAULT, NULL);
    return r < 0 ? r : MUC_OK;
}

int mu_room_make(muc_service *s, muc_span key, const muc_option_value *config, size_t count, const mu_incoming *in,
                 muc_room **out)
{
    if (s->rooms.count >= s->settings.max_rooms)
        return MUC_ERR_LIMIT;
    char *jid = mu_strndup(s->heap, key.p, key.n);
    if (!jid)
        return MUC_ERR_NOMEM;
    muc_create_event create = {.jid = jid};
    muc_event event = {.stanza = in ? in->st.node : NULL, .from = in ? in->from : NULL, .as = {.create = &create}};
    int r = mu_fire(s, MUC_ON_PRE_CREATE, &event, NULL);
    muc_room *room = NULL;
    if (r >= 0)
        r = mu_room_add(s, key, &room);
    if (!r)
        r = configure(room, config, count);
    /* Before whatever handlers of its making may do, that is told of behind it. */
    if (!r)
        r = mu_notify(s, MUC_ON_CREATED, room, NULL, event.from, NULL, NULL);
    if (!r && create.locked)
        r = await_config(room, event.from);
    if (!r)
        r = own(room, in);
    if (!r)
        r = mu_room_set_used(room, mu_now(s));
    if (!r)
        r = mu_room_relist(room);
    if (!r)
        r = offer(room, &event);
    if (!r)
        r = mu_unknown_remove(s, key);
    mu_free(s->heap, jid);
    *out = room;
    return r;
}

/* ---- API -------------------------------------------------------------------------------------------------------- */

/* The bare room JID of a service: its key goes to buf. */
static int room_key(muc_service *s, const char *jid, bool bare, mu_buf *buf, muc_span *key)
{
    mu_address to;
    int r = jid ? mu_address_read(s, jid, buf, &to) : MUC_ERR_BAD_JID;
    if (r == MUC_NOT_MINE || (!r && (!to.room.n || (bare && to.nick.n))))
        return MUC_ERR_BAD_JID;
    *key = to.room;
    return r;
}

/* A name that nobody can guess. */
static int pick_name(muc_service *s, mu_buf *out)
{
    uint8_t bytes[16];
    if (muc_service_random(s, bytes, sizeof bytes) < 0)
        return MUC_ERR_HOST;
    for (size_t i = 0; i < sizeof bytes; i++) {
        mu_buf_char(out, (char)('a' + bytes[i] / 16));
        mu_buf_char(out, (char)('a' + bytes[i] % 16));
    }
    mu_buf_char(out, '@');
    mu_buf_str(out, s->settings.domain);
    return out->failed ? MUC_ERR_NOMEM : MUC_OK;
}

static int affiliate(muc_room *room, const muc_room_plan *plan)
{
    int r = MUC_OK;
    for (size_t i = 0; i < plan->affiliation_count && r >= 0; i++) {
        const muc_affiliation_entry *e = &plan->affiliations[i];
        r = muc_affiliation_set(room, NULL, e->jid, e->affiliation, e->reason);
        if (r >= 0 && e->nick)
            r = muc_affiliation_set_nick(room, e->jid, e->nick);
    }
    return r < 0 ? r : MUC_OK;
}

static int create(muc_service *s, const muc_room_plan *plan, muc_room **out)
{
    mu_buf buf, name;
    mu_buf_init(&buf, s->heap);
    mu_buf_init(&name, s->heap);
    muc_span key = {NULL, 0};
    muc_room *room = NULL;
    int r = plan->jid ? MUC_OK : pick_name(s, &name);
    if (!r)
        r = room_key(s, plan->jid ? plan->jid : name.p, true, &buf, &key);
    if (!r) {
        r = mu_room_want(s, key, &room);
        r = r == MUC_OK || r == MUC_ERR_ELSEWHERE ? MUC_ERR_EXISTS : r == MUC_ERR_NOT_FOUND ? MUC_OK : r;
    }
    const mu_tombstone *retired = r ? NULL : mu_tombstone_by_key(s, key.p, key.n);
    if (retired && !retired->says.until)
        r = MUC_ERR_EXISTS;
    if (!r)
        r = mu_room_make(s, key, plan->config, plan->config_count, NULL, &room);
    if (!r)
        r = affiliate(room, plan);
    mu_buf_free(&buf);
    mu_buf_free(&name);
    *out = room;
    return r;
}

int muc_room_create_as(muc_service *s, const muc_room_plan *plan, muc_room **out)
{
    if (out)
        *out = NULL;
    if (!plan)
        return MUC_ERR_INVALID;
    mu_txn txn;
    muc_room *room = NULL;
    int r = mu_begin_now(s, &txn);
    if (!r)
        r = mu_end(&txn, create(s, plan, &room));
    if (r >= 0 && out)
        *out = room;
    return r;
}

int muc_room_create(muc_service *s, const char *jid, const muc_option_value *config, size_t count, muc_room **out)
{
    muc_room_plan plan = {.jid = jid ? jid : "", .config = config, .config_count = count};
    return muc_room_create_as(s, &plan, out);
}

int muc_room_load(muc_service *s, const char *jid, muc_room **out)
{
    if (out)
        *out = NULL;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_buf buf;
    mu_buf_init(&buf, s->heap);
    muc_span key;
    muc_room *room = NULL;
    r = room_key(s, jid, false, &buf, &key);
    if (!r)
        r = mu_room_want(s, key, &room);
    mu_buf_free(&buf);
    r = mu_end(&txn, r);
    if (r >= 0 && out)
        *out = room;
    return r;
}
