/* binding.h: what the files of the binding share. The binding lets a Prosody module written in Lua hold a muc_service:
 * stanzas are Prosody's own tables (util.stanza) on one side and libmuc's bytes on the other.
 *
 * Two rules keep it safe. Lua raises errors by longjmp(), which must not cross the library: whatever calls Lua from one
 * of its callbacks does so under protected_call(). And what is allocated outside of Lua belongs to the binding, which
 * frees it when it is collected, so that an error on the way loses nothing. */
#ifndef PROSODY_BINDING_H
#define PROSODY_BINDING_H

#include <lauxlib.h>
#include <lua.h>
#include <muc/muc.h>

/* Elements within each other that are read from a table or made of a delivery; the library's own limit is lower. */
#define DEPTH_LIMIT 128

/* Bytes being written. `failed` stays set when there was no memory. */
struct text {
    char *p;
    size_t n, size;
    int failed;
};

/* What Lua knows as a service. */
struct binding {
    muc_service *service;   /* NULL: closed */
    lua_State *L;           /* the thread that is in a call of the library now; NULL: none is */
    int callbacks;          /* reference of the table of the module's functions (callbacks.c) */
    int recipients;         /* reference of the table that next() fills, one for all deliveries */
    muc_delivery *delivery; /* the one that next() gave last */
    int firing;             /* how many events are being fired, one inside of the other */
    int closing;            /* it was closed from inside of a call of the library, at whose end it goes */
    muc_room *at_hand;      /* the room of the event that is being fired; NULL: none is */
    struct text scratch;    /* a stanza on its way in */
};

/* ---- text.c: bytes that grow */

void text_add(struct text *out, const char *bytes, size_t n);
void text_add_string(struct text *out, const char *string);
/* Character data or the value of an attribute, escaped for both. */
void text_add_escaped(struct text *out, const char *bytes, size_t n);
void text_free(struct text *text);

/* ---- stanza_in.c: a stanza of Prosody as bytes */

/* Writes the stanza at a stack index behind what is in `out`. NULL, or what is wrong with it. May raise an error. */
const char *stanza_bytes(lua_State *L, int index, struct text *out);
/* The same of its start tag, but for the ">". */
const char *stanza_start_bytes(lua_State *L, int index, struct text *out);

/* ---- stanza_out.c: a delivery as a stanza of Prosody */

/* Makes the metatables; util.stanza's is at `index`. */
void stanza_register(lua_State *L, int index);
/* Pushes the stanza of a delivery, without `to`. May raise an error. */
void stanza_push_delivery(lua_State *L, const muc_delivery *delivery);
/* Pushes a tree as an ordinary stanza. May raise an error. */
void stanza_push_node(lua_State *L, const xmlNode *node);
/* Gives a stanza of a delivery its children when nobody has looked at them yet. `index` is absolute. */
void stanza_complete(lua_State *L, int index);

/* ---- callbacks.c: what the library asks for */

void callbacks_set(muc_callbacks *callbacks);
/* What else has to be saved. 0 and above, or an error. */
int callbacks_hook(struct binding *b);
/* Calls a C function with one argument, a pointer, where no error may come through. 0, or -1 when there was
 * an error, which the module's `error` was told. */
int protected_call(struct binding *b, lua_CFunction fn, void *argument);
/* Saves a room that leaves memory: what is stored of it, or, with those who are in it, by the module's `keep`. 0 or
 * -1. */
int callbacks_suspend(struct binding *b, muc_room *room);

/* ---- settings.c: tables as settings */

/* Reads the table at `index` into settings; what it points to is left on the stack. May raise an error. */
void settings_read(lua_State *L, int index, muc_settings *settings);
int settings_has(lua_State *L);

/* ---- binding.c, room.c, hooks.c: methods of a service */

/* The service at `index`; an error when it is none, or closed. */
struct binding *binding_check(lua_State *L, int index);
/* Frees what belongs to a service. */
void binding_free(lua_State *L, struct binding *b);
/* true; or nil, condition, type and text of the error that says what a result means. Returns how many. */
int push_result(lua_State *L, int result);
/* Around every call of the library that may call back. Behind it b->service is NULL when somebody has closed it. */
#define DURING(b, L, call)                                                                                             \
    do {                                                                                                               \
        lua_State *was_ = (b)->L;                                                                                      \
        (b)->L = (L);                                                                                                  \
        call;                                                                                                          \
        (b)->L = was_;                                                                                                 \
        if (!was_ && (b)->closing)                                                                                     \
            binding_free(L, b);                                                                                        \
    } while (0)
/* The methods that see to rooms, ended by NULL. */
extern const luaL_Reg room_methods[];
int hooks_listen(lua_State *L);
int hooks_is_firing(lua_State *L);

#endif
