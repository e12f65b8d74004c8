/* binding.c: what Lua gets: a function that makes a service, and the methods of one.
 *
 * The library is pulled: a call that sends something leaves it to next(), which gives one delivery after the other as a
 * stanza and its recipients. So Prosody's router runs outside of any call of the library: its handlers may raise errors
 * and may call the service again. */
#include "binding.h"
#include <string.h>

#define SERVICE "libmuc.service"

struct binding *binding_check(lua_State *L, int index)
{
    struct binding *b = luaL_checkudata(L, index, SERVICE);
    luaL_argcheck(L, b->service && !b->closing, index, "the service is closed");
    return b;
}

int push_result(lua_State *L, int r)
{
    static const char *const types[] = {"cancel", "auth", "cancel", "modify", "wait"};
    if (r >= 0 && r != MUC_NOT_MINE) {
        lua_pushboolean(L, 1);
        return 1;
    }
    muc_condition condition = r == MUC_NOT_MINE ? MUC_ITEM_NOT_FOUND : muc_condition_of(r);
    lua_pushnil(L);
    lua_pushstring(L, muc_condition_name(condition));
    lua_pushstring(L, muc_is_temporary(r) ? "wait" : types[muc_condition_type(condition)]);
    lua_pushstring(L, muc_strerror(r));
    return 4;
}

/* ---- stanzas ----------------------------------------------------------------------------------------------------- */

/* dispatch(stanza): true, or nil, condition, type, text. */
static int dispatch(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    int r;
    b->scratch.n = 0;
    const char *wrong = stanza_bytes(L, 2, &b->scratch);
    if (b->scratch.failed) {
        text_free(&b->scratch);
        return push_result(L, MUC_ERR_NOMEM);
    }
    if (wrong)
        return push_result(L, MUC_ERR_MALFORMED);
    /* What is called back may dispatch a stanza of its own. */
    struct text stanza = b->scratch;
    b->scratch = (struct text){NULL, 0, 0, 0};
    DURING(b, L, r = muc_dispatch_text(b->service, stanza.p, stanza.n, NULL));
    text_free(&b->scratch);
    b->scratch = stanza;
    return push_result(L, r);
}

/* next(): the stanza of the next delivery, an array of the recipients' JIDs and their number; or nothing. The array is
 * the same one each time. */
static int next(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    muc_delivery *delivery;
    DURING(b, L, delivery = muc_service_next(b->service));
    muc_delivery_free(b->delivery); /* of a call that was made meanwhile, too */
    b->delivery = delivery;
    if (!delivery)
        return 0;
    lua_settop(L, 1);
    stanza_push_delivery(L, b->delivery);
    lua_rawgeti(L, LUA_REGISTRYINDEX, b->recipients);
    size_t n = muc_delivery_count(b->delivery);
    for (size_t i = 0; i < n; i++) {
        muc_span jid = muc_delivery_jid(b->delivery, i);
        lua_pushlstring(L, jid.p, jid.n);
        lua_rawseti(L, 3, (lua_Integer)i + 1);
    }
    lua_pushinteger(L, (lua_Integer)n);
    return 3;
}

/* ---- what a server knows ----------------------------------------------------------------------------------------- */

/* gone(full_jid [, status]) */
static int gone(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    const char *jid = luaL_checkstring(L, 2), *status = luaL_optstring(L, 3, NULL);
    int r;
    DURING(b, L, r = muc_peer_gone(b->service, jid, status));
    return push_result(L, r);
}

/* unreachable(domain) */
static int unreachable(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    const char *domain = luaL_checkstring(L, 2);
    int r;
    DURING(b, L, r = muc_domain_unreachable(b->service, domain));
    return push_result(L, r);
}

/* forget_user(bare_jid) */
static int forget_user(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    const char *jid = luaL_checkstring(L, 2);
    int r;
    DURING(b, L, r = muc_user_forget(b->service, jid, NULL, NULL));
    return push_result(L, r);
}

/* sweep(): seconds until it wants to be called again; nil: nothing is waiting. */
static int sweep(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    int64_t at = INT64_MAX, now;
    DURING(b, L, muc_service_sweep(b->service, &at));
    if (at == INT64_MAX || !b->service)
        return 0;
    now = muc_service_now(b->service);
    lua_pushnumber(L, at > now ? (lua_Number)(at - now) / 1000 : 0);
    return 1;
}

static int shutdown(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    int r;
    DURING(b, L, r = muc_service_shutdown(b->service));
    return push_result(L, r);
}

/* stats(): how many rooms are in memory, and how many are in them. */
static int stats(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    muc_stats now;
    muc_service_stats(b->service, &now);
    lua_pushinteger(L, (lua_Integer)now.rooms);
    lua_pushinteger(L, (lua_Integer)now.occupants);
    return 2;
}

/* ---- rooms ------------------------------------------------------------------------------------------------------- */

/* save(): stores every room in memory as it is now, before it is closed. */
static int save(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    int failed = 0;
    for (muc_room *room = NULL; b->service && (room = muc_room_next(b->service, room));)
        DURING(b, L, failed |= callbacks_suspend(b, room));
    lua_pushboolean(L, !failed);
    return 1;
}

/* restore(xml): what `keep` was given. */
static int restore(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    size_t n;
    const char *xml = luaL_checklstring(L, 2, &n);
    int r;
    DURING(b, L, r = muc_room_restore(b->service, xml, n, NULL));
    return push_result(L, r);
}

/* ---- life -------------------------------------------------------------------------------------------------------- */

void binding_free(lua_State *L, struct binding *b)
{
    muc_delivery_free(b->delivery);
    b->delivery = NULL;
    muc_service_free(b->service);
    b->service = NULL;
    text_free(&b->scratch);
    luaL_unref(L, LUA_REGISTRYINDEX, b->callbacks);
    luaL_unref(L, LUA_REGISTRYINDEX, b->recipients);
    b->callbacks = b->recipients = LUA_NOREF;
}

/* close(): also what collects it. */
static int close(lua_State *L)
{
    struct binding *b = luaL_checkudata(L, 1, SERVICE);
    if (b->L)
        b->closing = 1;
    else
        binding_free(L, b);
    return 0;
}

/* configure(settings) */
static int configure(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    muc_settings settings;
    muc_callbacks callbacks;
    int r;
    luaL_checktype(L, 2, LUA_TTABLE);
    muc_settings_init(&settings, sizeof(settings));
    settings_read(L, 2, &settings);
    DURING(b, L, r = muc_service_configure(b->service, &settings));
    int values = push_result(L, r);
    muc_callbacks_init(&callbacks, sizeof(callbacks));
    callbacks_set(&callbacks);
    const char *problem = r == MUC_ERR_INVALID ? muc_settings_problem(&settings, &callbacks) : NULL;
    if (!problem)
        return values;
    lua_pop(L, 1);
    lua_pushfstring(L, "there is no setting or option %s, or its value makes no sense", problem);
    return values;
}

/* service(settings, functions): see callbacks.c for the functions. */
static int service(lua_State *L)
{
    muc_settings settings;
    muc_callbacks callbacks;
    luaL_checktype(L, 1, LUA_TTABLE);
    luaL_checktype(L, 2, LUA_TTABLE);
    lua_settop(L, 2);
    struct binding *b = lua_newuserdata(L, sizeof(*b));
    *b = (struct binding){.callbacks = LUA_NOREF, .recipients = LUA_NOREF};
    luaL_setmetatable(L, SERVICE);
    lua_pushvalue(L, 2);
    b->callbacks = luaL_ref(L, LUA_REGISTRYINDEX);
    lua_newtable(L);
    b->recipients = luaL_ref(L, LUA_REGISTRYINDEX);

    muc_settings_init(&settings, sizeof(settings));
    muc_callbacks_init(&callbacks, sizeof(callbacks));
    callbacks_set(&callbacks);
    settings_read(L, 1, &settings);
    int r;
    DURING(b, L, r = muc_service_new(&b->service, &settings, &callbacks, NULL, b));
    if (r >= 0)
        r = callbacks_hook(b);
    if (r < 0) {
        const char *problem = r == MUC_ERR_INVALID ? muc_settings_problem(&settings, &callbacks) : NULL;
        return problem ? luaL_error(L, "there is no setting or option %s, or its value makes no sense", problem)
                       : luaL_error(L, "the service cannot be made: %s", muc_strerror(r));
    }
    lua_pushvalue(L, 3);
    return 1;
}

static const luaL_Reg methods[] = {{"dispatch", dispatch},
                                   {"next", next},
                                   {"gone", gone},
                                   {"unreachable", unreachable},
                                   {"sweep", sweep},
                                   {"shutdown", shutdown},
                                   {"forget_user", forget_user},
                                   {"save", save},
                                   {"restore", restore},
                                   {"listen", hooks_listen},
                                   {"is_firing", hooks_is_firing},
                                   {"configure", configure},
                                   {"stats", stats},
                                   {"close", close},
                                   {NULL, NULL}};

static const luaL_Reg functions[] = {{"service", service}, {"has_setting", settings_has}, {NULL, NULL}};

/* Called with util.stanza's metatable. */
MUC_EXTERN int luaopen_libmuc(lua_State *L);
int luaopen_libmuc(lua_State *L)
{
    luaL_checktype(L, 1, LUA_TTABLE);
    stanza_register(L, 1);
    luaL_newmetatable(L, SERVICE);
    lua_pushcfunction(L, close);
    lua_setfield(L, -2, "__gc");
    luaL_newlib(L, methods);
    luaL_setfuncs(L, room_methods, 0);
    lua_setfield(L, -2, "__index");
    luaL_newlib(L, functions);
    lua_pushstring(L, muc_version());
    lua_setfield(L, -2, "version");
    return 1;
}
