/* settings.c: a table of Lua as muc_settings: the names of its members are the keys. */
#include "binding.h"
#include <stddef.h>
#include <string.h>

enum kind { TEXT, FLAG, SIZE, TIME };

struct member {
    const char *name;
    enum kind kind;
    size_t at;
};

#define MEMBER(kind, name)                                                                                             \
    {                                                                                                                  \
#name, kind, offsetof(muc_settings, name)                                                                      \
    }

static const struct member members[] = {
    MEMBER(TEXT, domain),
    MEMBER(TEXT, name),
    MEMBER(FLAG, disabled),
    MEMBER(SIZE, max_room_name),
    MEMBER(FLAG, lock_new_rooms),
    MEMBER(TIME, lock_timeout),
    MEMBER(FLAG, lock_timeout_destroys),
    MEMBER(TIME, tombstone_time),
    MEMBER(SIZE, max_tombstones),
    MEMBER(TIME, evict_after),
    MEMBER(SIZE, max_unknown_rooms),
    MEMBER(FLAG, evict_owners),
    MEMBER(SIZE, max_stanza),
    MEMBER(SIZE, max_depth),
    MEMBER(SIZE, max_presence),
    MEMBER(SIZE, max_items),
    MEMBER(SIZE, max_page),
    MEMBER(SIZE, max_unfetched),
    MEMBER(SIZE, max_sweep),
    MEMBER(SIZE, max_rooms),
    MEMBER(SIZE, max_occupants),
    MEMBER(SIZE, max_users_presence),
    MEMBER(SIZE, max_over),
    MEMBER(SIZE, max_sessions),
    MEMBER(SIZE, max_user_rooms),
    MEMBER(SIZE, max_affiliations),
    MEMBER(SIZE, max_affiliation_data),
    MEMBER(SIZE, max_absent),
    MEMBER(SIZE, max_history),
    MEMBER(SIZE, max_history_bytes),
    MEMBER(SIZE, max_records),
    MEMBER(SIZE, max_vcard),
    MEMBER(SIZE, max_nick),
    MEMBER(SIZE, max_text),
    MEMBER(SIZE, max_name_bytes),
    MEMBER(SIZE, max_description_bytes),
    MEMBER(SIZE, max_password_bytes),
    MEMBER(TIME, min_message_interval_ms),
    MEMBER(TIME, min_presence_interval_ms),
    MEMBER(FLAG, pace_burst),
    MEMBER(SIZE, max_pending),
    MEMBER(SIZE, max_pending_bytes),
    MEMBER(SIZE, max_pending_sender),
    MEMBER(TIME, pending_timeout),
    MEMBER(SIZE, max_queries),
    MEMBER(SIZE, max_queried),
    MEMBER(TIME, query_timeout),
    MEMBER(TIME, command_timeout),
    MEMBER(TIME, idle_ping),
    MEMBER(TIME, idle_kick),
    MEMBER(FLAG, admins_need_password),
    MEMBER(FLAG, unavailable_is_gone),
    MEMBER(FLAG, groupchat_1_0),
    MEMBER(TIME, role_memory),
    MEMBER(FLAG, role_memory_everywhere),
    MEMBER(SIZE, max_invites),
    MEMBER(TIME, invite_lifetime),
    MEMBER(FLAG, invite_new_members),
    MEMBER(TIME, register_timeout),
    MEMBER(TIME, register_interval),
    MEMBER(FLAG, list_own_rooms),
    MEMBER(FLAG, list_locked_rooms),
    MEMBER(FLAG, pm_rules_queries),
    MEMBER(FLAG, keep_views),
    MEMBER(FLAG, stanza_ids),
    MEMBER(FLAG, original_from),
    MEMBER(FLAG, occupant_ids),
};

static void read_member(lua_State *L, const struct member *m, muc_settings *settings)
{
    void *at = (char *)settings + m->at;
    if (m->kind == TEXT) {
        *(const char **)at = luaL_checkstring(L, -1);
        return;
    }
    int whole = 0;
    lua_Integer n = lua_isboolean(L, -1) ? whole = 1, lua_toboolean(L, -1) : lua_tointegerx(L, -1, &whole);
    if (!whole || n < 0 || (m->kind == FLAG && n > 1000))
        luaL_error(L, "the setting %s has no value that makes sense", m->name);
    if (m->kind == FLAG)
        *(int *)at = (int)n;
    else if (m->kind == SIZE)
        *(size_t *)at = (size_t)n;
    else
        *(int64_t *)at = n;
}

/* Whose presence makes rooms. */
static void read_creation(lua_State *L, int index, muc_settings *settings)
{
    static const char *const words[] = {"anyone", "local", "admins", NULL};
    if (lua_getfield(L, index, "room_creation") != LUA_TNIL)
        settings->room_creation = (muc_creation)luaL_checkoption(L, -1, NULL, words);
    lua_pop(L, 1);
}

/* Whether messages that are kept for newcomers are stored one by one. */
static void read_storing(lua_State *L, int index, muc_settings *settings)
{
    lua_getfield(L, index, "store_history");
    settings->store_parts = MUC_PART_ALL & ~(MUC_PART_OCCUPANTS | MUC_PART_HISTORY);
    if (lua_toboolean(L, -1))
        settings->store_parts |= MUC_PART_HISTORY;
    lua_pop(L, 1);
}

/* The array of room_defaults, which stays on the stack. */
static void read_defaults(lua_State *L, int index, muc_settings *settings)
{
    size_t n = 0;
    if (lua_getfield(L, index, "room_defaults") == LUA_TNIL)
        return;
    int table = lua_gettop(L);
    luaL_checktype(L, table, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1))
        n++;
    muc_option_value *values = lua_newuserdata(L, (n + 1) * sizeof(*values));
    size_t i = 0;
    for (lua_pushnil(L); lua_next(L, table); lua_pop(L, 1)) {
        luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING, 1, "room_defaults");
        values[i++] = (muc_option_value){lua_tostring(L, -2), lua_tostring(L, -1)};
    }
    settings->room_defaults = values;
    settings->room_default_count = n;
}

/* has_setting(name) */
int settings_has(lua_State *L)
{
    const char *name = luaL_checkstring(L, 1);
    int found = strcmp(name, "room_creation") == 0;
    for (size_t i = 0; !found && i < sizeof(members) / sizeof(*members); i++)
        found = strcmp(members[i].name, name) == 0;
    lua_pushboolean(L, found);
    return 1;
}

void settings_read(lua_State *L, int index, muc_settings *settings)
{
    index = lua_absindex(L, index);
    for (size_t i = 0; i < sizeof(members) / sizeof(*members); i++) {
        if (lua_getfield(L, index, members[i].name) != LUA_TNIL)
            read_member(L, &members[i], settings);
        lua_pop(L, 1); /* the table still holds it */
    }
    if (lua_getfield(L, index, "secret") == LUA_TSTRING)
        settings->secret = lua_tolstring(L, -1, &settings->secret_n);
    lua_pop(L, 1);
    read_creation(L, index, settings);
    read_storing(L, index, settings);
    read_defaults(L, index, settings);
}
