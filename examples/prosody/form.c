/* form.c: a form of the library as an array of tables, and what was changed in it.
 *
 * A field that is there is { var=, value=, values= }. One that is added has `type`, `label`, `required`, `before` and
 * `choices`, an array of { value=, label= }, too. */
#include "hooks.h"
#include <string.h>

#define VALUES_LIMIT 100 /* of one field that is added, and of its choices */

void push_form(lua_State *L, const muc_form *form)
{
    size_t count = muc_form_count(form);
    lua_Integer n = 0;
    lua_createtable(L, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        const char *var = muc_form_var(form, i);
        if (!var)
            continue;
        lua_createtable(L, 0, 4);
        lua_pushstring(L, var);
        lua_setfield(L, -2, "var");
        lua_pushstring(L, muc_form_text(form, var));
        lua_setfield(L, -2, "value");
        lua_pushboolean(L, muc_form_submitted(form, var));
        lua_setfield(L, -2, "submitted");
        size_t values = muc_form_value_count(form, var);
        lua_createtable(L, (int)values, 0);
        for (size_t v = 0; v < values; v++) {
            lua_pushstring(L, muc_form_value(form, var, v));
            lua_rawseti(L, -2, (lua_Integer)v + 1);
        }
        lua_setfield(L, -2, "values");
        lua_rawseti(L, -2, ++n);
    }
}

/* A field of the table at `index` as text, which the table still holds. */
static const char *text_of(lua_State *L, int index, const char *name)
{
    int type = lua_getfield(L, index, name);
    const char *text = type == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
    lua_pop(L, 1);
    return text;
}

static muc_field_type type_of(lua_State *L, int index)
{
    static const char *const types[] = {"text-single", "text-multi", "text-private", "boolean", "list-single",
                                        "list-multi",  "jid-single", "jid-multi",    "hidden",  "fixed",
                                        NULL};
    lua_getfield(L, index, "type");
    int type = luaL_checkoption(L, -1, "text-single", types);
    lua_pop(L, 1);
    return (muc_field_type)type;
}

/* Both arrays end by NULL, which they hold already. */
static void read_values(lua_State *L, int index, const char *values[VALUES_LIMIT + 1])
{
    int n = lua_getfield(L, index, "values") == LUA_TTABLE ? (int)lua_rawlen(L, -1) : 0;
    for (int i = 0; i < n && i < VALUES_LIMIT; i++) {
        lua_rawgeti(L, -1, i + 1);
        values[i] = luaL_checkstring(L, -1);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

static void read_choices(lua_State *L, int index, muc_choice choices[VALUES_LIMIT + 1])
{
    int n = lua_getfield(L, index, "choices") == LUA_TTABLE ? (int)lua_rawlen(L, -1) : 0;
    for (int i = 0; i < n && i < VALUES_LIMIT; i++) {
        lua_rawgeti(L, -1, i + 1);
        luaL_checktype(L, -1, LUA_TTABLE);
        choices[i].value = text_of(L, lua_gettop(L), "value");
        choices[i].label = text_of(L, lua_gettop(L), "label");
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
}

/* Adds the field of the table at `index`. The var of one's own is "{namespace}name". */
static int add_field(lua_State *L, int index, muc_form *form, const char *var)
{
    const char *values[VALUES_LIMIT + 1] = {NULL};
    muc_choice choices[VALUES_LIMIT + 1] = {{NULL, NULL, 0}};
    const char *end = var && *var == '{' ? strchr(var, '}') : NULL;
    muc_field field = {.var = end ? end + 1 : var,
                       .type = type_of(L, index),
                       .label = text_of(L, index, "label"),
                       .value = text_of(L, index, "value"),
                       .before = text_of(L, index, "before")};
    if (end) {
        lua_pushlstring(L, var + 1, (size_t)(end - var - 1));
        field.ns = lua_tostring(L, -1);
    }
    read_values(L, index, values);
    read_choices(L, index, choices);
    field.values = values[0] ? values : NULL;
    field.choices = choices[0].value ? choices : NULL;
    lua_getfield(L, index, "required");
    field.required = lua_toboolean(L, -1);
    int r = muc_form_add(form, &field);
    lua_pop(L, end ? 2 : 1);
    return r == MUC_ERR_INVALID ? luaL_error(L, "the field %s makes no sense", var ? var : "without a name") : r;
}

/* Takes out what the array of tables does not have: its vars become the keys of a set. */
static int remove_missing(lua_State *L, int index, muc_form *form)
{
    int r = MUC_OK;
    lua_newtable(L);
    for (lua_Integer i = 1; lua_rawgeti(L, index, i) == LUA_TTABLE; i++) {
        if (lua_getfield(L, -1, "var") == LUA_TSTRING) {
            lua_pushboolean(L, 1);
            lua_rawset(L, -4);
            lua_pop(L, 1);
        } else {
            lua_pop(L, 2);
        }
    }
    lua_pop(L, 1);
    for (size_t i = muc_form_count(form); r >= 0 && i > 0; i--) {
        const char *var = muc_form_var(form, i - 1);
        if (!var)
            continue;
        if (lua_getfield(L, -1, var) == LUA_TNIL)
            r = muc_form_remove(form, var);
        lua_pop(L, 1);
    }
    lua_pop(L, 1);
    return r;
}

int read_form(lua_State *L, int index, muc_form *form, int built)
{
    int r = built ? remove_missing(L, index, form) : MUC_OK;
    for (lua_Integer i = 1; r >= 0 && lua_rawgeti(L, index, i) == LUA_TTABLE; i++) {
        int field = lua_gettop(L);
        const char *var = text_of(L, field, "var"), *value = text_of(L, field, "value");
        if (built && (!var || !muc_form_has(form, var)))
            r = add_field(L, field, form, var);
        else if (var && value && strcmp(value, muc_form_text(form, var)) != 0)
            r = muc_form_set(form, var, value);
        lua_pop(L, 1);
    }
    return r;
}
