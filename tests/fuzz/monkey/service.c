/* service.c: calls on the service as a whole. */
#include "monkey.h"

#include <string.h>

int gone(monkey *m)
{
    const char *user = draw_user(m);
    switch (draw(m, 4)) {
    case 0:
        return muc_domain_unreachable(m->service, draw(m, 2) ? "one.example" : "two.example");
    case 1:
        return muc_service_shutdown(m->service);
    default:
        return muc_peer_gone(m->service, user, draw_word(m));
    }
}

int fetch(monkey *m)
{
    muc_delivery *d = muc_service_next(m->service);
    if (!d)
        return MUC_OK;
    m->quiet = true;
    look_at(d);
    m->quiet = false;
    return keep(m, d);
}

int look(monkey *m)
{
    muc_room_list *list;
    muc_room_list_query query = {.max = draw(m, 4)};
    if (muc_room_list_new(m->service, &query, &list) >= 0)
        muc_room_list_free(list);
    muc_room *room = draw_room(m);
    (void)muc_service_now(m->service);
    (void)muc_peer_set_userdata(m->service, draw_user(m), m);
    return room ? (int)muc_affiliation_get(room, draw_bare(m)) * 0 : MUC_OK;
}

int hook(monkey *m)
{
    static const char *const keys[] = {NULL, "", "members_only", "{jabber:client}body", "muc#roomconfig_membersonly"};
    unsigned i = draw(m, HOOKS);
    if (m->hooks[i]) {
        int r = muc_hook_remove(m->service, m->hooks[i]);
        require(r == MUC_OK);
        m->hooks[i] = 0;
        return r;
    }
    muc_point point = (muc_point)draw(m, MUC_POINT_COUNT);
    const char *key = keys[draw(m, 5)];
    int r = muc_hook_add(m->service, point, key, (int)draw(m, 256) - 128, play_hook, m);
    m->hooks[i] = r > 0 ? r : 0;
    return r < 0 ? r : MUC_OK;
}

int sweep(monkey *m)
{
    int64_t next;
    m->now += (int64_t)draw(m, 256) * 1000;
    return muc_service_sweep(m->service, draw(m, 2) ? &next : NULL);
}

/* Other settings. */
int settle(monkey *m)
{
    static const muc_option_value defaults[] = {{"persistent", "1"}, {"registration", "anyone"}};
    muc_settings s = *muc_service_settings(m->service);
    s.room_defaults = draw(m, 2) ? defaults : NULL;
    s.room_default_count = s.room_defaults ? draw(m, 3) : 0;
    s.max_history += draw(m, 2);
    s.max_records += draw(m, 2);
    s.max_queries = draw(m, 3);
    s.query_timeout = draw(m, 60);
    s.idle_ping = draw(m, 2) ? 20 + draw(m, 60) : 0;
    s.idle_kick = draw(m, 2) ? 60 + draw(m, 60) : 0;
    s.evict_after = draw(m, 2) && m->storing ? draw(m, 100) : 0;
    s.tombstone_time = draw(m, 2) ? draw(m, 200) : 0;
    s.lock_timeout = draw(m, 60);
    s.lock_timeout_destroys = (int)draw(m, 2);
    s.max_sweep = 1 + draw(m, 4);
    s.evict_owners = s.max_sweep & 1;
    s.list_locked_rooms = s.max_sweep >> 1 & 1;
    s.role_memory_everywhere = (int)draw(m, 2);
    return muc_service_configure(m->service, &s);
}

int lift(monkey *m)
{
    muc_tombstone t;
    for (const char *at = NULL; muc_tombstone_next(m->service, at, &t); at = t.jid)
        require(t.until == 0 || t.until >= t.at);
    return muc_tombstone_lift(m->service, rooms[draw(m, ROOMS)]);
}

/* What waits for an answer gets one. */
int answer(monkey *m)
{
    static const int answers[] = {MUC_PASS, MUC_STOP, MUC_PENDING, 7};
    static const int answers_of_store[] = {MUC_ROOM_UNKNOWN, -1, MUC_ROOM_RESTORED, MUC_ROOM_ELSEWHERE};
    uint64_t token = m->tokens[draw(m, TOKENS)];
    unsigned how = draw(m, 9);
    unsigned which = draw(m, ROOMS);
    const char *room = rooms[which];
    if (how < 4)
        return muc_pending_answer(m->service, token, answers[how]);
    if (how == 4)
        return muc_pending_reject(m->service, token, MUC_FORBIDDEN, MUC_ERROR_AUTH, draw_word(m));
    /* As if it did not have what it has. */
    m->strayed[which] = m->strayed[which] || (how == 5 && m->store[which].p);
    return muc_room_wanted_answer(m->service, room, answers_of_store[how - 5]);
}

static void let_end(muc_service *s, void *data)
{
    muc_service_release(s, data);
}

const muc_feature monkey_feature = {.name = "monkey", .occupant_free = let_end};

/* Something kept for an occupant, or for a draft: another one, or none. */
int attach(monkey *m)
{
    muc_occupant *o = draw(m, 2) ? draw_occupant(m) : m->drafts[draw(m, DRAFTS)];
    if (!o)
        return MUC_ERR_NOT_FOUND;
    void *was = muc_feature_occupant_data(o, &monkey_feature);
    void *data = draw(m, 4) ? muc_service_resize(m->service, NULL, 8) : NULL;
    int r = muc_feature_set_occupant_data(o, &monkey_feature, data);
    muc_service_release(m->service, r < 0 ? data : was);
    return r;
}

/* What would be allowed. */
int foresee(monkey *m)
{
    muc_room *room = draw_room(m);
    muc_occupant *o = draw_occupant(m);
    muc_condition why;
    muc_role role;
    const char *jid = draw(m, 2) ? draw_user(m) : draw_bare(m);
    switch (draw(m, 4)) {
    case 0:
        return room ? muc_room_may_enter(room, jid, draw_nick(m), draw_word(m), &why) : MUC_ERR_NOT_FOUND;
    case 1:
        return o ? muc_occupant_may_set_role(o, maybe_actor(m), (muc_role)draw(m, 4)) : MUC_ERR_NOT_FOUND;
    case 2:
        return room ? muc_room_default_role(room, jid, (muc_affiliation)((int)draw(m, 5) - 1), &role)
                    : MUC_ERR_NOT_FOUND;
    default:
        return room ? muc_room_may_configure(room, jid) : MUC_ERR_NOT_FOUND;
    }
}
