/* callbacks.c: what the library asks for: time and random bytes from the system, the rest from functions of the module.
 *
 * The table of functions: is_admin(jid); load(room_jid) gives a saved room, nil when there is none, false when that
 * cannot be told; save(room_jid, xml, about), save_history(room_jid, xml) (nil: there is none), keep(room_jid, xml) and
 * remove(room_jid) give true when it is done; stored(after, max) gives an array of JID, name, JID, name...; error(text)
 * is told what went wrong. */
#define _DEFAULT_SOURCE
#include "binding.h"
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* ---- calling Lua where no error may come through ----------------------------------------------------------------- */

static int add_traceback(lua_State *L)
{
    const char *message = lua_tostring(L, 1);
    luaL_traceback(L, L, message ? message : "an error that is no text", 1);
    return 1;
}

static int report(lua_State *L)
{
    struct binding *b = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, b->callbacks);
    if (lua_getfield(L, -1, "error") != LUA_TFUNCTION)
        return 0;
    lua_pushvalue(L, 2);
    lua_call(L, 1, 0);
    return 0;
}

int protected_call(struct binding *b, lua_CFunction fn, void *argument)
{
    lua_State *L = b->L;
    if (!L || !lua_checkstack(L, 6))
        return -1;
    int top = lua_gettop(L);
    lua_pushcfunction(L, add_traceback);
    lua_pushcfunction(L, fn);
    lua_pushlightuserdata(L, argument);
    int status = lua_pcall(L, 1, 0, top + 1);
    if (status != LUA_OK) {
        lua_pushcfunction(L, report);
        lua_insert(L, -2);
        lua_pushlightuserdata(L, b);
        lua_insert(L, -2);
        lua_pcall(L, 2, 0, 0);
    }
    lua_settop(L, top);
    return status == LUA_OK ? 0 : -1;
}

/* Pushes a function of the module's table. */
static void push_function(lua_State *L, const struct binding *b, const char *name)
{
    lua_rawgeti(L, LUA_REGISTRYINDEX, b->callbacks);
    lua_getfield(L, -1, name);
    lua_remove(L, -2);
}

/* ---- clock and random bytes -------------------------------------------------------------------------------------- */

static int64_t now(void *ud)
{
    struct timespec t;
    (void)ud;
    clock_gettime(CLOCK_REALTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int random_bytes(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    for (size_t most = 256; n > 0;) {
        size_t part = n < most ? n : most;
        if (getentropy(bytes, part) != 0)
            return -1;
        bytes += part;
        n -= part;
    }
    return 0;
}

/* ---- administrators ---------------------------------------------------------------------------------------------- */

struct admin_call {
    struct binding *b;
    const char *jid;
    int answer;
};

static int ask_admin(lua_State *L)
{
    struct admin_call *call = lua_touserdata(L, 1);
    push_function(L, call->b, "is_admin");
    lua_pushstring(L, call->jid);
    lua_call(L, 1, 1);
    call->answer = lua_toboolean(L, -1);
    return 0;
}

static int is_admin(const char *bare_jid, void *ud)
{
    struct admin_call call = {ud, bare_jid, 0};
    return protected_call(call.b, ask_admin, &call) == 0 && call.answer;
}

/* ---- loading ----------------------------------------------------------------------------------------------------- */

struct load_call {
    struct binding *b;
    const char *jid;
    int answer;
};

static int load(lua_State *L)
{
    struct load_call *call = lua_touserdata(L, 1);
    size_t n;
    push_function(L, call->b, "load");
    lua_pushstring(L, call->jid);
    lua_call(L, 1, 1);
    if (lua_isnil(L, -1)) {
        call->answer = MUC_ROOM_UNKNOWN;
    } else if (lua_type(L, -1) == LUA_TSTRING) {
        const char *xml = lua_tolstring(L, -1, &n);
        int r = muc_room_restore(call->b->service, xml, n, NULL);
        call->answer = r < 0 ? r : MUC_ROOM_RESTORED;
        if (r < 0)
            luaL_error(L, "the stored room %s cannot be taken back: %s", call->jid, muc_strerror(r));
    }
    return 0;
}

static int room_wanted(muc_service *service, const char *room_jid, void *ud)
{
    struct load_call call = {ud, room_jid, MUC_ERR_HOST};
    (void)service;
    protected_call(call.b, load, &call);
    return call.answer;
}

/* ---- saving ------------------------------------------------------------------------------------------------------ */

struct save_call {
    struct binding *b;
    muc_room *room;
    const char *function;
    const struct text *xml; /* NULL: it is gone */
    int listed;             /* whether the room list may show it */
    int done;
};

static int flag(const muc_room *room, const char *name)
{
    const muc_option *option = muc_option_find(muc_room_service(room), name);
    return option && muc_room_get_number(room, option) != 0;
}

/* What the store wants to know of a room without reading it. */
static void push_about(lua_State *L, const muc_room *room, int listed)
{
    const muc_option *name = muc_option_find(muc_room_service(room), "name");
    lua_createtable(L, 0, 2);
    lua_pushstring(L, name ? muc_room_get_text(room, name) : "");
    lua_setfield(L, -2, "name");
    lua_pushboolean(L, listed && flag(room, "public") && !muc_room_is_locked(room));
    lua_setfield(L, -2, "public");
}

static int store(lua_State *L)
{
    struct save_call *call = lua_touserdata(L, 1);
    push_function(L, call->b, call->function);
    lua_pushstring(L, muc_room_jid(call->room));
    if (call->xml) {
        lua_pushlstring(L, call->xml->p, call->xml->n);
        push_about(L, call->room, call->listed);
    }
    lua_call(L, call->xml ? 3 : 1, 1);
    call->done = lua_toboolean(L, -1);
    return 0;
}

static int write_text(const char *bytes, size_t n, void *ud)
{
    struct text *xml = ud;
    text_add(xml, bytes, n);
    return xml->failed;
}

static int save(struct save_call *call, unsigned parts)
{
    struct text xml = {NULL, 0, 0, 0};
    call->xml = &xml;
    if (muc_room_save(call->room, parts, write_text, &xml) >= 0)
        protected_call(call->b, store, call);
    text_free(&xml);
    return call->done ? 0 : -1;
}

/* History is a document of its own, the part that belongs into that of its room. */
static int save_history(struct binding *b, muc_room *room, int forget)
{
    struct text xml = {NULL, 0, 0, 0};
    struct save_call call = {b, room, "save_history", NULL, 0, 0};
    if (!forget && muc_history_count(room) > 0)
        call.xml = &xml;
    if (!call.xml || muc_room_save_parts(room, MUC_PART_HISTORY, write_text, &xml) >= 0)
        protected_call(b, store, &call);
    text_free(&xml);
    return call.done ? 0 : -1;
}

static int save_stored(struct binding *b, muc_room *room, int listed)
{
    struct save_call call = {b, room, "save", NULL, listed, 0};
    return save(&call, MUC_PART_ALL & ~(MUC_PART_OCCUPANTS | MUC_PART_HISTORY));
}

int callbacks_suspend(struct binding *b, muc_room *room)
{
    struct save_call call = {b, room, "keep", NULL, 0, 0};
    int persistent = flag(room, "persistent");
    if (persistent && save_history(b, room, 0) < 0)
        return -1;
    return persistent && muc_occupant_count(room) == 0 ? save_stored(b, room, 1) : save(&call, MUC_PART_ALL);
}

/* What room_changed has not been told of, history, is saved at the latest when the room leaves memory. */
static int on_evict(muc_event *event, void *ud)
{
    int r = callbacks_suspend(ud, event->room);
    return r < 0 ? muc_reject(event, MUC_INTERNAL_SERVER_ERROR, NULL) : MUC_PASS;
}

int callbacks_hook(struct binding *b)
{
    return muc_hook_add(b->service, MUC_ON_PRE_EVICT, NULL, MUC_PRIORITY_LAST, on_evict, b);
}

static int room_changed(muc_room *room, const muc_change *change, void *ud)
{
    int tombstone = muc_change_is_tombstone(change), r = 0;
    unsigned parts = muc_change_parts(change);
    struct save_call call = {ud, room, "remove", NULL, 0, 0};
    if (muc_change_is_gone(change)) {
        protected_call(ud, store, &call);
        return call.done ? 0 : -1;
    }
    if (parts != MUC_PART_HISTORY)
        r = save_stored(ud, room, !tombstone);
    return r >= 0 && (tombstone || parts & MUC_PART_HISTORY) ? save_history(ud, room, tombstone) : r;
}

/* ---- the room list ----------------------------------------------------------------------------------------------- */

struct list_call {
    struct binding *b;
    const char *after;
    size_t max;
    muc_stored_room_fn *add;
    void *list;
    int answer;
};

static int list(lua_State *L)
{
    struct list_call *call = lua_touserdata(L, 1);
    push_function(L, call->b, "stored");
    lua_pushstring(L, call->after);
    lua_pushinteger(L, (lua_Integer)call->max);
    lua_call(L, 2, 1);
    int r = 0;
    for (lua_Integer i = 1; r >= 0 && lua_rawgeti(L, -1, i) == LUA_TSTRING; i += 2) {
        lua_rawgeti(L, -2, i + 1);
        r = call->add(call->list, lua_tostring(L, -2), lua_tostring(L, -1));
        lua_pop(L, 2);
    }
    call->answer = r;
    return 0;
}

static int stored_rooms(muc_service *service, const char *after, size_t max, muc_stored_room_fn *add, void *rooms,
                        void *ud)
{
    struct list_call call = {ud, after, max, add, rooms, MUC_ERR_HOST};
    (void)service;
    protected_call(call.b, list, &call);
    return call.answer;
}

void callbacks_set(muc_callbacks *callbacks)
{
    callbacks->now = now;
    callbacks->random = random_bytes;
    callbacks->is_admin = is_admin;
    callbacks->room_wanted = room_wanted;
    callbacks->room_changed = room_changed;
    callbacks->stored_rooms = stored_rooms;
}
