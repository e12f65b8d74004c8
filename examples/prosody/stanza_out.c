/* stanza_out.c: a delivery as a stanza of Prosody.
 *
 * Between a room and the socket of an occupant Prosody looks at `name` and `attr`, sometimes at a child, and in the end
 * makes bytes of the whole table again, for each recipient. So the table that stands for a delivery has `name`, `attr`
 * and the bytes of its content; children are made when somebody looks for them, once for all recipients. Its metatable
 * says "__metatable", and so util.stanza takes it for one of its own: is_stanza(), clone(), get_child() and tostring()
 * work as on any other, and who changes it changes what is sent. */
#include "binding.h"
#include <libxml/parser.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* Where the bytes of the content are in the table; none any more when the children are there. */
static const char content_key;
/* In the registry: util.stanza's metatable, and ours. */
static const char plain_key, delivered_key;

/* ---- reading what the library has written ------------------------------------------------------------------------ */

/* The four kinds of escaped characters that the library writes, and numbers. Returns how many bytes are at `out`. */
static size_t unescape(const char *in, size_t n, char *out)
{
    size_t made = 0;
    for (size_t i = 0; i < n;) {
        const char *end = in[i] == '&' ? memchr(in + i, ';', n - i) : NULL;
        if (!end) {
            out[made++] = in[i++];
            continue;
        }
        switch (in[i + 1] == '#' ? '#' : in[i + 2]) {
        case '#':
            out[made++] = (char)strtol(in + i + 2 + (in[i + 2] == 'x'), NULL, in[i + 2] == 'x' ? 16 : 10);
            break;
        case 'm':
            out[made++] = '&';
            break;
        case 'p':
            out[made++] = '\'';
            break;
        case 'u':
            out[made++] = '"';
            break;
        default:
            out[made++] = in[i + 1] == 'l' ? '<' : '>';
            break;
        }
        i = (size_t)(end - in) + 1;
    }
    return made;
}

/* Sets an attribute in the table on top of the stack. */
static void set_attribute(lua_State *L, const char *name, size_t name_n, const char *value, size_t value_n)
{
    lua_pushlstring(L, name, name_n);
    if (memchr(value, '&', value_n)) {
        luaL_Buffer buffer;
        char *plain = luaL_buffinitsize(L, &buffer, value_n);
        luaL_pushresultsize(&buffer, unescape(value, value_n, plain));
    } else {
        lua_pushlstring(L, value, value_n);
    }
    lua_rawset(L, -3);
}

/* Takes the name off the first piece, "<name". */
static muc_span read_name(muc_span *piece)
{
    muc_span name = {piece->p + 1, 0};
    while (name.n + 1 < piece->n && !strchr(" />", name.p[name.n]))
        name.n++;
    piece->p += name.n + 1;
    piece->n -= name.n + 1;
    return name;
}

/* How far the start tag has been read. */
enum tag { OPEN, ENDED, EMPTY };

/* Takes attributes off a piece and puts them into the table on top of the stack. When the piece ends before the tag
 * does, that is between two attributes. */
static enum tag read_attributes(lua_State *L, muc_span *piece)
{
    const char *p = piece->p, *end = p + piece->n;
    while (p < end && *p == ' ') {
        const char *name = ++p;
        const char *equals = memchr(p, '=', (size_t)(end - p));
        const char *value = equals ? equals + 2 : end;
        p = value < end ? memchr(value, '\'', (size_t)(end - value)) : NULL;
        if (!p)
            luaL_error(L, "a delivery could not be read");
        set_attribute(L, name, (size_t)(equals - name), value, (size_t)(p - value));
        p++;
    }
    enum tag tag = p == end ? OPEN : *p == '/' ? EMPTY : ENDED;
    p += tag == ENDED;
    *piece = (muc_span){p, (size_t)(end - p)};
    return tag;
}

/* What is in pieces from the first to the last, but for `end` bytes: the end tag. */
static void push_content(lua_State *L, const muc_span *first, const muc_span *last, size_t end)
{
    luaL_Buffer buffer;
    size_t n = 0;
    for (const muc_span *piece = first; piece <= last; piece++)
        n += piece->n;
    n = n > end ? n - end : 0;
    if (first->n >= n) {
        lua_pushlstring(L, first->p, n);
        return;
    }
    luaL_buffinit(L, &buffer);
    for (const muc_span *piece = first; n > 0; n -= piece->n < n ? piece->n : n, piece++)
        luaL_addlstring(&buffer, piece->p, piece->n < n ? piece->n : n);
    luaL_pushresult(&buffer);
}

void stanza_push_delivery(lua_State *L, const muc_delivery *delivery)
{
    muc_span pieces[MUC_PIECES], *piece = pieces, *last = pieces + MUC_PIECES - 1;
    muc_delivery_shared(delivery, pieces);
    muc_span name = read_name(piece);
    lua_createtable(L, 0, 4);
    lua_createtable(L, 0, 4);
    enum tag tag;
    while ((tag = read_attributes(L, piece)) == OPEN && piece < last)
        piece++;
    lua_setfield(L, -2, "attr");
    lua_pushlstring(L, name.p, name.n);
    lua_setfield(L, -2, "name");
    push_content(L, piece, last, tag == EMPTY ? SIZE_MAX : name.n + 3);
    lua_rawsetp(L, -2, &content_key);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &delivered_key);
    lua_setmetatable(L, -2);
}

/* ---- trees as tables --------------------------------------------------------------------------------------------- */

/* util.stanza's keys: the four attributes of XML itself by their prefix, others by "namespace\1name". */
static void push_key(lua_State *L, const xmlAttr *attribute)
{
    const char *name = (const char *)attribute->name;
    if (!attribute->ns)
        lua_pushstring(L, name);
    else if (attribute->ns->prefix && strcmp((const char *)attribute->ns->prefix, "xml") == 0)
        lua_pushfstring(L, "xml:%s", name);
    else
        lua_pushfstring(L, "%s\1%s", (const char *)attribute->ns->href, name);
}

static void push_attributes(lua_State *L, const xmlNode *node, int says_ns)
{
    lua_createtable(L, 0, 2);
    for (const xmlAttr *a = node->properties; a; a = a->next) {
        push_key(L, a);
        lua_pushstring(L, a->children && a->children->content ? (const char *)a->children->content : "");
        lua_rawset(L, -3);
    }
    if (says_ns) {
        lua_pushstring(L, muc_node_ns(node));
        lua_setfield(L, -2, "xmlns");
    }
}

static void push_element(lua_State *L, const xmlNode *node, int foreign, int depth);

/* Puts the children of a node into the table on top of the stack, and its elements into `tags`. `foreign`: what is in
 * it says its namespace, as the parser of Prosody does it. */
static void add_children(lua_State *L, const xmlNode *node, int foreign, int depth)
{
    int table = lua_gettop(L);
    lua_Integer n = 0, elements = 0;
    lua_newtable(L);
    for (const xmlNode *child = node->children; child; child = child->next) {
        if (child->type == XML_ELEMENT_NODE) {
            push_element(L, child, foreign, depth + 1);
            lua_pushvalue(L, -1);
            lua_rawseti(L, table + 1, ++elements);
        } else if (child->type == XML_TEXT_NODE || child->type == XML_CDATA_SECTION_NODE) {
            lua_pushstring(L, child->content ? (const char *)child->content : "");
        } else {
            continue;
        }
        lua_rawseti(L, table, ++n);
    }
    lua_setfield(L, table, "tags");
}

static void push_element(lua_State *L, const xmlNode *node, int foreign, int depth)
{
    if (depth > DEPTH_LIMIT)
        luaL_error(L, "a stanza is too deep");
    luaL_checkstack(L, 8, NULL);
    foreign = foreign || strcmp(muc_node_ns(node), MUC_NS_CLIENT) != 0;
    lua_createtable(L, 1, 3);
    lua_pushstring(L, (const char *)node->name);
    lua_setfield(L, -2, "name");
    push_attributes(L, node, foreign);
    lua_setfield(L, -2, "attr");
    add_children(L, node, foreign, depth);
    lua_rawgetp(L, LUA_REGISTRYINDEX, &plain_key);
    lua_setmetatable(L, -2);
}

void stanza_push_node(lua_State *L, const xmlNode *node)
{
    push_element(L, node, 0, 1);
}

/* ---- when somebody looks ----------------------------------------------------------------------------------------- */

static int free_document(lua_State *L)
{
    xmlDoc **box = lua_touserdata(L, -1);
    xmlFreeDoc(*box);
    *box = NULL;
    return 0;
}

/* Parses the content as children of one element. What it pushes frees it when an error comes between. */
static const xmlNode *push_document(lua_State *L, const char *content, size_t n)
{
    static const char start[] = "<x xmlns='jabber:client'>", end[] = "</x>";
    luaL_Buffer buffer;
    xmlDoc **box = lua_newuserdata(L, sizeof(xmlDoc *));
    *box = NULL;
    if (luaL_newmetatable(L, "libmuc.document")) {
        lua_pushcfunction(L, free_document);
        lua_setfield(L, -2, "__gc");
    }
    lua_setmetatable(L, -2);
    luaL_buffinit(L, &buffer);
    luaL_addlstring(&buffer, start, sizeof(start) - 1);
    luaL_addlstring(&buffer, content, n);
    luaL_addlstring(&buffer, end, sizeof(end) - 1);
    luaL_pushresult(&buffer);
    const char *xml = lua_tolstring(L, -1, &n);
    *box = n > INT_MAX ? NULL
                       : xmlReadMemory(xml, (int)n, NULL, "UTF-8",
                                       XML_PARSE_NONET | XML_PARSE_NOENT | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                           XML_PARSE_HUGE);
    lua_pop(L, 1);
    return *box ? xmlDocGetRootElement(*box) : NULL;
}

void stanza_complete(lua_State *L, int index)
{
    size_t n;
    if (lua_rawgetp(L, index, &content_key) != LUA_TSTRING) {
        lua_pop(L, 1);
        return;
    }
    const char *content = lua_tolstring(L, -1, &n);
    const xmlNode *root = push_document(L, content, n);
    if (!root)
        luaL_error(L, "a stanza could not be read");
    lua_pushvalue(L, index);
    add_children(L, root, 0, 1);
    lua_pushnil(L);
    lua_rawsetp(L, index, &content_key);
    lua_pop(L, 1);
    free_document(L);
    lua_pop(L, 2);
}

/* __index: methods are util.stanza's; anything else means the children. Upvalue 1: the methods. */
static int index_delivered(lua_State *L)
{
    if (lua_type(L, 2) == LUA_TSTRING && strcmp(lua_tostring(L, 2), "tags") != 0) {
        lua_gettable(L, lua_upvalueindex(1));
        return 1;
    }
    stanza_complete(L, 1);
    lua_rawget(L, 1);
    return 1;
}

static int length_delivered(lua_State *L)
{
    stanza_complete(L, 1);
    lua_pushinteger(L, (lua_Integer)lua_rawlen(L, 1));
    return 1;
}

/* ---- as bytes again ---------------------------------------------------------------------------------------------- */

/* Upvalue 1: a struct text. The start tag is made of what `attr` says now. */
static struct text *start_bytes(lua_State *L)
{
    struct text *out = lua_touserdata(L, lua_upvalueindex(1));
    out->n = 0;
    luaL_checktype(L, 1, LUA_TTABLE);
    const char *wrong = stanza_start_bytes(L, 1, out);
    if (wrong)
        luaL_error(L, "a stanza cannot be written: %s", wrong);
    return out;
}

static int push_bytes(lua_State *L, struct text *out)
{
    if (out->failed) {
        out->failed = 0;
        return luaL_error(L, "not enough memory");
    }
    lua_pushlstring(L, out->p, out->n);
    return 1;
}

static int top_tag_delivered(lua_State *L)
{
    struct text *out = start_bytes(L);
    text_add(out, ">", 1);
    return push_bytes(L, out);
}

static int tostring_delivered(lua_State *L)
{
    size_t n;
    if (lua_rawgetp(L, 1, &content_key) != LUA_TSTRING) {
        struct text *out = lua_touserdata(L, lua_upvalueindex(1));
        out->n = 0;
        const char *wrong = stanza_bytes(L, 1, out);
        return wrong ? luaL_error(L, "a stanza cannot be written: %s", wrong) : push_bytes(L, out);
    }
    const char *content = lua_tolstring(L, -1, &n);
    struct text *out = start_bytes(L);
    if (n == 0) {
        text_add(out, "/>", 2);
        return push_bytes(L, out);
    }
    text_add(out, ">", 1);
    text_add(out, content, n);
    text_add(out, "</", 2);
    lua_getfield(L, 1, "name");
    text_add_string(out, lua_tostring(L, -1));
    text_add(out, ">", 1);
    return push_bytes(L, out);
}

static int free_text(lua_State *L)
{
    text_free(lua_touserdata(L, 1));
    return 0;
}

static void push_text(lua_State *L)
{
    *(struct text *)lua_newuserdata(L, sizeof(struct text)) = (struct text){NULL, 0, 0, 0};
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, free_text);
    lua_setfield(L, -2, "__gc");
    lua_setmetatable(L, -2);
}

void stanza_register(lua_State *L, int index)
{
    index = lua_absindex(L, index);
    lua_pushvalue(L, index);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &plain_key);

    lua_createtable(L, 0, 4);
    lua_pushvalue(L, index);
    lua_setfield(L, -2, "__metatable");
    lua_pushcfunction(L, length_delivered);
    lua_setfield(L, -2, "__len");
    push_text(L);
    lua_pushvalue(L, -1);
    lua_pushcclosure(L, tostring_delivered, 1);
    lua_setfield(L, -3, "__tostring");

    /* Methods: util.stanza's, but for the one that Prosody calls for each stanza it sends. */
    lua_createtable(L, 0, 1);
    lua_insert(L, -2);
    lua_pushcclosure(L, top_tag_delivered, 1);
    lua_setfield(L, -2, "top_tag");
    lua_createtable(L, 0, 1);
    lua_pushvalue(L, index);
    lua_setfield(L, -2, "__index");
    lua_setmetatable(L, -2);
    lua_pushcclosure(L, index_delivered, 1);
    lua_setfield(L, -2, "__index");
    lua_rawsetp(L, LUA_REGISTRYINDEX, &delivered_key);
}
