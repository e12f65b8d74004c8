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

/* What Lua knows as a service. Its user value is the table of callbacks (services.c says which). */
struct binding {
    muc_service *service;   /* NULL: closed */
    lua_State *L;           /* the thread that is in a call of the library now; NULL: none is */
    int callbacks;          /* reference of the table of the module's functions */
    int recipients;         /* reference of the table that next() fills, one for all deliveries */
    int events;             /* reference of the table whose keys are the events somebody listens to; LUA_NOREF: none */
    muc_delivery *delivery; /* the one that next() gave last */
    struct text scratch;    /* a stanza on its way in */
    unsigned store_parts;   /* what room_changed saves */
    char last_error[256];   /* what the module is told of an error inside of a callback */
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
/* Calls a C function with one argument, a pointer, where no error may come through. 0, or -1: binding.last_error. */
int protected_call(struct binding *b, lua_CFunction fn, void *argument);
/* Saves the whole room by the module's `save`. 0 or -1. */
int callbacks_save(struct binding *b, muc_room *room, unsigned parts, const char *function);

/* ---- settings.c: tables as settings */

/* Reads the table at `index` into settings; what it points to is left on the stack. May raise an error. */
void settings_read(lua_State *L, int index, muc_settings *settings);

/* ---- room.c, hooks.c */

struct binding *binding_check(lua_State *L, int index);
void room_register(lua_State *L);
void room_push(lua_State *L, const char *jid);
int hooks_add(struct binding *b);

#endif
