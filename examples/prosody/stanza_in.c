/* stanza_in.c: a stanza of Prosody as bytes.
 *
 * util.stanza keeps an element as a table: `name`, `attr`, and its children (tables and strings) from 1 on. The
 * namespace is the attribute "xmlns"; an attribute in a namespace of its own has the key "namespace\1name". An element
 * that says no namespace is in that of the element around it. */
#include "binding.h"
#include <stdio.h>
#include <string.h>

#define XML_NAMESPACE "http://www.w3.org/XML/1998/namespace"

struct walk {
    lua_State *L;
    struct text *out;
    unsigned prefixes; /* how many were made up in this stanza */
};

/* Whether it can be written as a name. What a name must be beside this the reader of the bytes checks. */
static int is_name(const char *name, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)name[i] <= ' ' || strchr("<>&'\"/=", name[i]))
            return 0;
    return n > 0;
}

static void write_value(struct walk *w, const char *value, size_t n)
{
    text_add(w->out, "='", 2);
    text_add_escaped(w->out, value, n);
    text_add(w->out, "'", 1);
}

/* The prefix of a namespace, which is declared here unless it is the one that needs no declaration. */
static int declare(struct walk *w, const char *ns, size_t n, char prefix[16])
{
    if (n == sizeof(XML_NAMESPACE) - 1 && memcmp(ns, XML_NAMESPACE, n) == 0)
        return sprintf(prefix, "xml");
    int prefix_n = sprintf(prefix, "ns%u", ++w->prefixes);
    text_add(w->out, " xmlns:", 7);
    text_add(w->out, prefix, (size_t)prefix_n);
    write_value(w, ns, n);
    return prefix_n;
}

/* The attribute whose key and value are on top of the stack. */
static const char *write_attribute(struct walk *w)
{
    size_t n, value_n;
    char prefix[16];
    if (lua_type(w->L, -2) != LUA_TSTRING || !lua_isstring(w->L, -1))
        return "an attribute is no text";
    const char *key = lua_tolstring(w->L, -2, &n);
    const char *value = lua_tolstring(w->L, -1, &value_n);
    const char *separator = memchr(key, '\1', n);
    const char *name = separator ? separator + 1 : key;
    size_t name_n = n - (size_t)(name - key);
    if (!is_name(name, name_n) || separator == key)
        return "an attribute has no name that XML knows";
    int prefix_n = separator ? declare(w, key, (size_t)(separator - key), prefix) : 0;
    text_add(w->out, " ", 1);
    if (separator) {
        text_add(w->out, prefix, (size_t)prefix_n);
        text_add(w->out, ":", 1);
    }
    text_add(w->out, name, name_n);
    write_value(w, value, value_n);
    return NULL;
}

/* "<name" and the attributes; the name stays on the stack. */
static const char *write_start(struct walk *w, int index, const char **name, size_t *name_n)
{
    lua_State *L = w->L;
    if (lua_getfield(L, index, "name") != LUA_TSTRING)
        return "an element has no name";
    *name = lua_tolstring(L, -1, name_n);
    if (!is_name(*name, *name_n))
        return "an element has no name that XML knows";
    text_add(w->out, "<", 1);
    text_add(w->out, *name, *name_n);
    if (lua_getfield(L, index, "attr") != LUA_TTABLE)
        return "an element has no attributes";
    for (lua_pushnil(L); lua_next(L, -2); lua_pop(L, 1)) {
        const char *wrong = write_attribute(w);
        if (wrong)
            return wrong;
    }
    lua_pop(L, 1);
    return NULL;
}

static const char *write_element(struct walk *w, int index, int depth)
{
    lua_State *L = w->L;
    const char *name, *wrong;
    size_t n;
    if (depth > DEPTH_LIMIT)
        return "it is too deep";
    luaL_checkstack(L, 8, NULL);
    stanza_complete(L, index);
    if ((wrong = write_start(w, index, &name, &n)))
        return wrong;
    lua_Unsigned count = lua_rawlen(L, index);
    text_add(w->out, count > 0 ? ">" : "/>", count > 0 ? 1 : 2);
    for (lua_Unsigned i = 1; i <= count; i++) {
        size_t text_n;
        int type = lua_rawgeti(L, index, (lua_Integer)i);
        if (type == LUA_TSTRING) {
            const char *text = lua_tolstring(L, -1, &text_n);
            text_add_escaped(w->out, text, text_n);
        } else if (type != LUA_TTABLE) {
            return "a child is neither element nor text";
        } else if ((wrong = write_element(w, lua_gettop(L), depth + 1))) {
            return wrong;
        }
        lua_pop(L, 1);
    }
    if (count > 0) {
        text_add(w->out, "</", 2);
        text_add(w->out, name, n);
        text_add(w->out, ">", 1);
    }
    lua_pop(L, 1);
    return NULL;
}

/* Leaves the stack as it was, whatever happened. */
static const char *written(struct walk *w, const char *wrong, int top)
{
    lua_settop(w->L, top);
    return wrong ? wrong : w->out->failed ? "out of memory" : NULL;
}

const char *stanza_bytes(lua_State *L, int index, struct text *out)
{
    struct walk w = {L, out, 0};
    int top = lua_gettop(L);
    if (lua_type(L, index) != LUA_TTABLE)
        return "it is no stanza";
    return written(&w, write_element(&w, lua_absindex(L, index), 1), top);
}

const char *stanza_start_bytes(lua_State *L, int index, struct text *out)
{
    struct walk w = {L, out, 0};
    const char *name;
    size_t n;
    int top = lua_gettop(L);
    return written(&w, write_start(&w, lua_absindex(L, index), &name, &n), top);
}
