/* room.c: rooms for Lua: each method of a service that sees to one takes its JID. A room that is stored and not in
 * memory is loaded for it. room.lib.lua makes objects of them. */
#include "hooks.h"
#include <string.h>

/* What Lua keeps with a room is records of this owner. */
#define DATA_OWNER "prosody"

/* The room whose JID is the second argument; NULL: *result says why there is none. */
static muc_room *find(lua_State *L, struct binding **b, int *result)
{
    muc_room *room = NULL;
    *b = binding_check(L, 1);
    const char *jid = luaL_checkstring(L, 2);
    /* One that has ended is found by nobody, but may still be looked at. */
    if ((*b)->at_hand && strcmp(muc_room_jid((*b)->at_hand), jid) == 0)
        return (*b)->at_hand;
    DURING(*b, L, *result = muc_room_load((*b)->service, jid, &room));
    luaL_argcheck(L, (*b)->service, 1, "the service is closed");
    return *result < 0 ? NULL : room;
}

/* find(), or what a method returns when there is none. */
#define FIND(L, b, room)                                                                                               \
    struct binding *b;                                                                                                 \
    int r;                                                                                                             \
    muc_room *room = find(L, &b, &r);                                                                                  \
    if (!room)                                                                                                         \
    return push_result(L, r)

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/* rooms(): the JIDs of those in memory. */
static int rooms(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    lua_Integer n = 0;
    lua_createtable(L, (int)muc_room_count(b->service), 0);
    for (const muc_room *room = NULL; (room = muc_room_next(b->service, room));) {
        lua_pushstring(L, muc_room_jid(room));
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* room(jid): its JID as it is prepared. */
static int room(lua_State *L)
{
    FIND(L, b, room);
    lua_pushstring(L, muc_room_jid(room));
    return 1;
}

/* option(room, name): a boolean, a number or a text in the words of the form. */
static int option(lua_State *L)
{
    char small[256];
    FIND(L, b, room);
    const muc_option *row = muc_option_find(b->service, luaL_checkstring(L, 3));
    if (!row)
        return push_result(L, MUC_ERR_NOT_FOUND);
    if (row->type == MUC_OPTION_FLAG) {
        lua_pushboolean(L, muc_room_get_number(room, row) != 0);
    } else if (row->type == MUC_OPTION_NUMBER) {
        lua_pushinteger(L, muc_room_get_number(room, row));
    } else {
        size_t n = muc_room_get(room, row, small, sizeof(small));
        luaL_Buffer buffer;
        char *p = luaL_buffinitsize(L, &buffer, n + 1);
        luaL_pushresultsize(&buffer, muc_room_get(room, row, p, n + 1));
    }
    return 1;
}

/* affiliation(room, jid) */
static int affiliation(lua_State *L)
{
    FIND(L, b, room);
    const char *jid = luaL_checkstring(L, 3);
    muc_affiliation affiliation;
    DURING(b, L, affiliation = muc_affiliation_get(room, jid));
    lua_pushstring(L, muc_affiliation_name(affiliation));
    return 1;
}

/* affiliations(room): an array of { jid=, affiliation=, nick=, reason= } */
static int affiliations(lua_State *L)
{
    FIND(L, b, room);
    muc_affiliation_entry entry;
    lua_Integer n = 0;
    lua_createtable(L, (int)muc_affiliation_count(room), 0);
    for (size_t cursor = 0; muc_affiliation_next(room, &cursor, &entry);) {
        lua_createtable(L, 0, 4);
        lua_pushstring(L, entry.jid);
        lua_setfield(L, -2, "jid");
        lua_pushstring(L, muc_affiliation_name(entry.affiliation));
        lua_setfield(L, -2, "affiliation");
        lua_pushstring(L, entry.nick);
        lua_setfield(L, -2, "nick");
        lua_pushstring(L, entry.reason);
        lua_setfield(L, -2, "reason");
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* occupants(room): an array of them. */
static int occupants(lua_State *L)
{
    FIND(L, b, room);
    lua_Integer n = 0;
    lua_createtable(L, (int)muc_occupant_count(room), 0);
    for (muc_occupant *o = NULL; (o = muc_occupant_next(room, o));) {
        push_occupant(L, o);
        lua_rawseti(L, -2, ++n);
    }
    return 1;
}

/* occupant(room, jid): the one with that occupant JID, or full real JID; or nil. */
static int occupant(lua_State *L)
{
    FIND(L, b, room);
    const char *jid = luaL_checkstring(L, 3), *nick = strchr(jid, '/');
    size_t n = strlen(muc_room_jid(room));
    int inside = nick && (size_t)(nick - jid) == n && memcmp(jid, muc_room_jid(room), n) == 0;
    push_occupant(L, inside ? muc_occupant_by_nick(room, nick + 1) : muc_occupant_by_jid(room, jid));
    return 1;
}

/* subject(room): the text, and the occupant JID of who set it. */
static int subject(lua_State *L)
{
    const char *from = NULL;
    FIND(L, b, room);
    lua_pushstring(L, muc_room_get_subject(room, &from, NULL));
    lua_pushstring(L, from);
    return 2;
}

/* data(room, key): a text that Lua keeps with the room; or nil. */
static int data(lua_State *L)
{
    muc_record record;
    FIND(L, b, room);
    lua_pushstring(L, muc_record_find(room, DATA_OWNER, luaL_checkstring(L, 3), &record) ? record.text[0] : NULL);
    return 1;
}

/* ---- changing ---------------------------------------------------------------------------------------------------- */

/* The table at `index` as options: an array that stays on the stack; *n: how many. */
static const muc_option_value *read_options(lua_State *L, int index, size_t *n)
{
    *n = 0;
    luaL_checktype(L, index, LUA_TTABLE);
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1))
        ++*n;
    muc_option_value *values = lua_newuserdata(L, (*n + 1) * sizeof(*values));
    size_t i = 0;
    for (lua_pushnil(L); lua_next(L, index); lua_pop(L, 1)) {
        luaL_argcheck(L, lua_type(L, -2) == LUA_TSTRING && lua_type(L, -1) == LUA_TSTRING, index, "name and text");
        values[i++] = (muc_option_value){lua_tostring(L, -2), lua_tostring(L, -1)};
    }
    return values;
}

/* create(room, options): a room that is open at once. */
static int create(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    const char *jid = luaL_checkstring(L, 2);
    size_t n;
    int r;
    const muc_option_value *options = read_options(L, 3, &n);
    DURING(b, L, r = muc_room_create(b->service, jid, options, n, NULL));
    return push_result(L, r);
}

/* set_options(room, options): all or none. */
static int set_options(lua_State *L)
{
    size_t n;
    FIND(L, b, room);
    const muc_option_value *options = read_options(L, 3, &n);
    DURING(b, L, r = muc_room_set(room, options, n));
    return push_result(L, r);
}

/* set_affiliation(room, actor, jid, affiliation, reason): actor nil is the service, which may do everything. */
static int set_affiliation(lua_State *L)
{
    muc_affiliation wanted;
    FIND(L, b, room);
    const char *actor = luaL_optstring(L, 3, NULL), *jid = luaL_checkstring(L, 4), *reason = luaL_optstring(L, 6, NULL);
    luaL_argcheck(L, muc_affiliation_from_name(luaL_checkstring(L, 5), &wanted), 5, "no affiliation");
    DURING(b, L, r = muc_affiliation_set(room, actor, jid, wanted, reason));
    return push_result(L, r);
}

/* set_role(room, actor, nick, role, reason) */
static int set_role(lua_State *L)
{
    muc_role wanted;
    FIND(L, b, room);
    const char *actor = luaL_optstring(L, 3, NULL), *nick = luaL_checkstring(L, 4),
               *reason = luaL_optstring(L, 6, NULL);
    luaL_argcheck(L, muc_role_from_name(luaL_checkstring(L, 5), &wanted), 5, "no role");
    muc_occupant *whose = muc_occupant_by_nick(room, nick);
    if (!whose)
        return push_result(L, MUC_ERR_NOT_FOUND);
    DURING(b, L, r = muc_occupant_set_role(whose, actor, wanted, reason));
    return push_result(L, r);
}

/* set_subject(room, from, text): from nil is the room itself. */
static int set_subject(lua_State *L)
{
    FIND(L, b, room);
    const char *from = luaL_optstring(L, 3, NULL), *text = luaL_checkstring(L, 4);
    DURING(b, L, r = muc_room_set_subject(room, from, text));
    return push_result(L, r);
}

/* destroy(room, alternate, reason, password) */
static int destroy(lua_State *L)
{
    FIND(L, b, room);
    const char *alternate = luaL_optstring(L, 3, NULL), *reason = luaL_optstring(L, 4, NULL);
    const char *password = luaL_optstring(L, 5, NULL);
    DURING(b, L, r = muc_room_destroy(room, alternate, reason, password));
    return push_result(L, r);
}

/* set_data(room, key, text): nil forgets it. */
static int set_data(lua_State *L)
{
    FIND(L, b, room);
    const char *key = luaL_checkstring(L, 3);
    muc_record record = {.key = key, .text = {luaL_optstring(L, 4, NULL)}};
    if (record.text[0])
        DURING(b, L, r = muc_record_set(room, DATA_OWNER, &record));
    else
        DURING(b, L, r = muc_record_remove(room, DATA_OWNER, key));
    return push_result(L, r);
}

/* ---- saying something -------------------------------------------------------------------------------------------- */

/* The stanza at `index`, written into one of the service; `from` and `to` are set by who sends it. */
static muc_xml *read_stanza(lua_State *L, struct binding *b, int index)
{
    luaL_checktype(L, index, LUA_TTABLE);
    stanza_complete(L, index);
    lua_getfield(L, index, "name");
    lua_getfield(L, index, "attr");
    luaL_checkstring(L, -2);
    luaL_checktype(L, -1, LUA_TTABLE);
    b->scratch.n = 0;
    lua_Unsigned n = lua_rawlen(L, index);
    size_t *ends = lua_newuserdata(L, (n + 1) * sizeof(*ends)), count = 0;
    for (lua_Unsigned i = 1; i <= n; i++) {
        if (lua_rawgeti(L, index, (lua_Integer)i) == LUA_TTABLE) {
            const char *wrong = stanza_bytes(L, -1, &b->scratch);
            if (wrong)
                luaL_error(L, "the stanza cannot be written: %s", wrong);
            ends[count++] = b->scratch.n;
        }
        lua_pop(L, 1);
    }
    lua_getfield(L, -2, "type");
    lua_getfield(L, -3, "id");
    lua_getfield(L, -4, "xml:lang");
    /* From here on nothing raises an error. */
    muc_xml *x = muc_xml_new(b->service, lua_tostring(L, -6));
    muc_xml_attr(x, "type", lua_tostring(L, -3));
    muc_xml_attr(x, "id", lua_tostring(L, -2));
    muc_xml_attr(x, "xml:lang", lua_tostring(L, -1));
    for (size_t i = 0; i < count; i++) {
        size_t start = i > 0 ? ends[i - 1] : 0;
        muc_xml_bytes(x, b->scratch.p + start, ends[i] - start);
    }
    return x;
}

/* broadcast(room, stanza): from the room to everybody in it. */
static int broadcast(lua_State *L)
{
    FIND(L, b, room);
    muc_xml *x = read_stanza(L, b, 3);
    DURING(b, L, r = muc_room_broadcast(room, x, MUC_EVERYONE));
    return push_result(L, r);
}

/* route(room, stanza, jid): from the room to one JID. */
static int route(lua_State *L)
{
    FIND(L, b, room);
    const char *to = luaL_checkstring(L, 4);
    muc_xml *x = read_stanza(L, b, 3);
    DURING(b, L, r = muc_room_route(room, x, to));
    return push_result(L, r);
}

const luaL_Reg room_methods[] = {{"rooms", rooms},
                                 {"room", room},
                                 {"option", option},
                                 {"affiliation", affiliation},
                                 {"affiliations", affiliations},
                                 {"occupants", occupants},
                                 {"occupant", occupant},
                                 {"subject", subject},
                                 {"data", data},
                                 {"create", create},
                                 {"set_options", set_options},
                                 {"set_affiliation", set_affiliation},
                                 {"set_role", set_role},
                                 {"set_subject", set_subject},
                                 {"destroy", destroy},
                                 {"set_data", set_data},
                                 {"broadcast", broadcast},
                                 {"route", route},
                                 {NULL, NULL}};
