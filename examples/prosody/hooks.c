/* hooks.c: points of the library as events of Prosody.
 *
 * A point is listened to once, when somebody in Lua wants its event (hooks.lib.lua). The event is a table; the module's
 * `fire` gives it to whoever listens and says what they decided: nothing; "stop"; "discard"; or condition, type and
 * text of an error. What they changed in the table is then taken back into the library's event. */
#include "hooks.h"
#include <string.h>

struct row {
    muc_point point;
    enum part part;
    int refuses; /* a handler may refuse: the point's class is decide or serve */
};

static const struct row rows[] = {
    {MUC_ON_PRE_CREATE, PART_CREATE, 1},
    {MUC_ON_MADE, PART_NONE, 1},
    {MUC_ON_CREATED, PART_NONE, 0},
    {MUC_ON_RESTORED, PART_NONE, 0},
    {MUC_ON_LOCKED, PART_NONE, 0},
    {MUC_ON_UNLOCKED, PART_NONE, 0},
    {MUC_ON_PRE_DESTROY, PART_DESTROY, 1},
    {MUC_ON_DESTROYED, PART_DESTROY, 0},
    {MUC_ON_PRE_EVICT, PART_NONE, 1},
    {MUC_ON_PRE_JOIN, PART_JOIN, 1},
    {MUC_ON_DEFAULT_ROLE, PART_ROLE, 1},
    {MUC_ON_WELCOME, PART_JOIN, 0},
    {MUC_ON_ENTERED, PART_JOIN, 1},
    {MUC_ON_JOINED, PART_JOIN, 0},
    {MUC_ON_SESSION_ADDED, PART_JOIN, 0},
    {MUC_ON_PRE_UPDATE, PART_JOIN, 1},
    {MUC_ON_PRE_RENAME, PART_JOIN, 1},
    {MUC_ON_RENAMED, PART_JOIN, 0},
    {MUC_ON_PRE_LEAVE, PART_LEAVE, 1},
    {MUC_ON_LEFT, PART_LEAVE, 0},
    {MUC_ON_PAYLOAD_BUILD, PART_BUILD, 0},
    {MUC_ON_PRESENCE_BUILD, PART_BUILD, 0},
    {MUC_ON_PRE_ROLE, PART_ROLE, 1},
    {MUC_ON_ROLE, PART_ROLE, 0},
    {MUC_ON_PRE_AFFILIATION, PART_AFFILIATION, 1},
    {MUC_ON_AFFILIATION, PART_AFFILIATION, 0},
    {MUC_ON_AFFILIATION_DATA, PART_DATA, 0},
    {MUC_ON_GROUPCHAT, PART_MESSAGE, 1},
    {MUC_ON_MESSAGE_BUILD, PART_BUILD, 0},
    {MUC_ON_PRIVATE, PART_MESSAGE, 1},
    {MUC_ON_PRIVATE_BUILD, PART_BUILD, 0},
    {MUC_ON_QUERY, PART_IQ, 1},
    {MUC_ON_PRE_SUBJECT, PART_MESSAGE, 1},
    {MUC_ON_SUBJECT, PART_MESSAGE, 0},
    {MUC_ON_HISTORY_KEEP, PART_MESSAGE, 1},
    {MUC_ON_HISTORY_WANTED, PART_HISTORY, 1},
    {MUC_ON_KEPT, PART_MESSAGE, 0},
    {MUC_ON_SENT, PART_MESSAGE, 0},
    {MUC_ON_PRE_INVITE, PART_INVITE, 1},
    {MUC_ON_INVITE, PART_INVITE, 0},
    {MUC_ON_INVITED, PART_INVITE, 0},
    {MUC_ON_PRE_DECLINE, PART_INVITE, 1},
    {MUC_ON_DECLINED, PART_INVITE, 0},
    {MUC_ON_VOICE_REQUEST, PART_VOICE, 1},
    {MUC_ON_VOICE_FORM, PART_VOICE, 0},
    {MUC_ON_VOICE_RESPONSE, PART_VOICE, 1},
    {MUC_ON_CONFIG_FORM, PART_CONFIG, 0},
    {MUC_ON_CONFIG_FIELD, PART_CONFIG, 1},
    {MUC_ON_CONFIG_CHECK, PART_CONFIG, 1},
    {MUC_ON_CONFIG_SUBMITTED, PART_CONFIG, 0},
    {MUC_ON_OPTION, PART_CONFIG, 0},
    {MUC_ON_REGISTER_FORM, PART_REGISTER, 0},
    {MUC_ON_PRE_REGISTER, PART_REGISTER, 1},
    {MUC_ON_REGISTER_SET, PART_REGISTER, 1},
    {MUC_ON_REGISTERED, PART_REGISTER, 0},
    {MUC_ON_DISCO_INFO, PART_DISCO, 0},
    {MUC_ON_DISCO_ITEMS, PART_DISCO, 0},
};
#define ROWS (sizeof(rows) / sizeof(*rows))

struct firing {
    struct binding *b;
    muc_event *event;
    const struct row *row;
    int answer;
};

static muc_form *form_of(const struct firing *f)
{
    if (f->row->part == PART_CONFIG)
        return f->event->as.config->form;
    return f->row->part == PART_REGISTER ? f->event->as.registration->form : NULL;
}

static muc_xml *out_of(const struct firing *f)
{
    switch (f->row->part) {
    case PART_BUILD:
        return f->event->as.build->out;
    case PART_INVITE:
        return f->event->as.invite->out;
    case PART_VOICE:
        return f->event->as.voice->out;
    case PART_DISCO:
        return f->event->as.disco->out;
    default:
        return NULL;
    }
}

static void set_string(lua_State *L, const char *name, const char *value)
{
    lua_pushstring(L, value);
    lua_setfield(L, -2, name);
}

static void push_event(lua_State *L, const struct firing *f)
{
    const muc_event *event = f->event;
    lua_createtable(L, 0, 16);
    set_string(L, "name", muc_point_name(event->point));
    set_string(L, "room", event->room ? muc_room_jid(event->room) : NULL);
    set_string(L, "from", event->from);
    set_string(L, "key", event->key);
    push_occupant(L, event->occupant);
    lua_setfield(L, -2, "occupant");
    if (event->stanza) {
        stanza_push_node(L, event->stanza);
        lua_setfield(L, -2, "stanza");
    }
    push_fields(L, f->row->part, event->as.none);
    if (form_of(f)) {
        push_form(L, form_of(f));
        lua_setfield(L, -2, "form");
    }
}

/* The elements in the array `added` go into what is being built. */
static int read_added(lua_State *L, int index, const struct firing *f)
{
    muc_xml *out = out_of(f);
    if (!out || lua_getfield(L, index, "added") != LUA_TTABLE)
        return MUC_OK;
    for (lua_Integer i = 1; lua_rawgeti(L, -1, i) == LUA_TTABLE; i++) {
        f->b->scratch.n = 0;
        const char *wrong = stanza_bytes(L, -1, &f->b->scratch);
        if (wrong)
            luaL_error(L, "an added element cannot be written: %s", wrong);
        muc_xml_bytes(out, f->b->scratch.p, f->b->scratch.n);
        lua_pop(L, 1);
    }
    return muc_xml_error(out);
}

/* The places in the array `dropped`, among the elements of the stanza, are left out. */
static int read_dropped(lua_State *L, int index, muc_event *event)
{
    int r = MUC_OK;
    if (!event->stanza || lua_getfield(L, index, "dropped") != LUA_TTABLE)
        return r;
    for (lua_Integer i = 1; r >= 0 && lua_rawgeti(L, -1, i) == LUA_TNUMBER; i++) {
        lua_Integer place = lua_tointeger(L, -1);
        const xmlNode *child = muc_node_child(event->stanza, NULL, NULL);
        while (child && --place > 0)
            child = muc_node_next(child, NULL, NULL);
        if (child)
            r = muc_build_drop(event, child);
        lua_pop(L, 1);
    }
    return r;
}

/* The numbers that are keys of `status_codes`. */
static void read_codes(lua_State *L, int index, muc_event *event)
{
    if (lua_getfield(L, index, "status_codes") != LUA_TTABLE)
        return;
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        int code = 0;
        lua_pushvalue(L, -2);
        if (lua_toboolean(L, -2))
            code = (int)lua_tointeger(L, -1);
        lua_pop(L, 1);
        if (code == 104 && event->point == MUC_ON_CONFIG_SUBMITTED)
            event->as.config->changed = 1;
        else if (code)
            muc_event_status(event, code);
    }
}

static int read_nick(lua_State *L, int index, const struct firing *f)
{
    muc_point point = f->event->point;
    if (point != MUC_ON_PRE_JOIN && point != MUC_ON_PRE_RENAME)
        return MUC_OK;
    if (lua_getfield(L, index, "nick") != LUA_TSTRING || strcmp(lua_tostring(L, -1), f->event->as.join->nick) == 0)
        return MUC_OK;
    return muc_join_set_nick(f->event, lua_tostring(L, -1));
}

/* What was changed in the event, whose table is at `index`. */
static int read_event(lua_State *L, int index, const struct firing *f)
{
    int r;
    read_fields(L, index, f->row->part, f->event->as.none);
    read_codes(L, index, f->event);
    if ((r = read_nick(L, index, f)) < 0 || (r = read_added(L, index, f)) < 0)
        return r;
    if (f->row->part == PART_BUILD && (r = read_dropped(L, index, f->event)) < 0)
        return r;
    int built = f->event->point == MUC_ON_CONFIG_FORM || f->event->point == MUC_ON_REGISTER_FORM;
    int checked = f->event->point == MUC_ON_CONFIG_CHECK || f->event->point == MUC_ON_PRE_REGISTER;
    if ((!built && !checked) || !form_of(f) || lua_getfield(L, index, "form") != LUA_TTABLE)
        return MUC_OK;
    return read_form(L, lua_gettop(L), form_of(f), built);
}

/* What was decided about the event whose table is at `event`: the three values on top of the stack. */
static int read_verdict(lua_State *L, int event, const struct firing *f)
{
    const char *verdict = lua_tostring(L, -3);
    if (!verdict || !f->row->refuses)
        return MUC_PASS;
    if (strcmp(verdict, "stop") == 0)
        return MUC_STOP;
    if (strcmp(verdict, "discard") == 0 && f->row->part == PART_MESSAGE) {
        lua_pushboolean(L, 1);
        lua_setfield(L, event, "discard");
        return MUC_PASS;
    }
    static const char *const types[] = {"", "auth", "cancel", "modify", "wait", NULL};
    muc_condition condition = muc_condition_from_name(verdict);
    muc_error_type type = (muc_error_type)luaL_checkoption(L, -2, "", types);
    return muc_reject_as(f->event, condition ? condition : MUC_UNDEFINED_CONDITION, type, lua_tostring(L, -1));
}

static int fire(lua_State *L)
{
    struct firing *f = lua_touserdata(L, 1);
    lua_rawgeti(L, LUA_REGISTRYINDEX, f->b->callbacks);
    lua_getfield(L, -1, "fire");
    push_event(L, f);
    int event = lua_gettop(L);
    lua_pushvalue(L, -2);
    lua_pushvalue(L, event);
    lua_call(L, 1, 3);
    int verdict = read_verdict(L, event, f);
    if (verdict == MUC_PASS || verdict == MUC_STOP) {
        int r = read_event(L, event, f);
        f->answer = r < 0 ? r : verdict;
    } else {
        f->answer = verdict;
    }
    return 0;
}

/* A handler that fails refuses what it was asked about: it may have been there to protect something. */
static int on_point(muc_event *event, void *ud)
{
    struct binding *b = ud;
    struct firing f = {b, event, rows, MUC_PASS};
    while (f.row->point != event->point)
        f.row++;
    muc_room *before = b->at_hand;
    b->at_hand = event->room;
    b->firing++;
    int failed = b->L && protected_call(b, fire, &f) < 0;
    b->firing--;
    b->at_hand = before;
    if (failed && f.row->refuses)
        return muc_reject(event, MUC_INTERNAL_SERVER_ERROR, NULL);
    return failed ? MUC_PASS : f.answer;
}

/* is_firing(): whether this is called from inside of an event. */
int hooks_is_firing(lua_State *L)
{
    lua_pushboolean(L, binding_check(L, 1)->firing > 0);
    return 1;
}

/* listen(name): the events of that point are fired from now on. true, or nil when there is no such point. */
int hooks_listen(lua_State *L)
{
    struct binding *b = binding_check(L, 1);
    const char *name = luaL_checkstring(L, 2);
    for (size_t i = 0; i < ROWS; i++) {
        if (strcmp(muc_point_name(rows[i].point), name) != 0)
            continue;
        if (muc_hook_add(b->service, rows[i].point, NULL, MUC_PRIORITY_VALIDATE, on_point, b) < 0)
            return luaL_error(L, "not enough memory");
        lua_pushboolean(L, 1);
        return 1;
    }
    return 0;
}
