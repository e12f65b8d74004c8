/* hooks.h: what the files share that hand the points of the library on to Lua. */
#ifndef PROSODY_HOOKS_H
#define PROSODY_HOOKS_H

#include "binding.h"

/* The part of muc_event.as that a point fills in. */
enum part {
    PART_NONE,
    PART_CREATE,
    PART_DESTROY,
    PART_JOIN,
    PART_LEAVE,
    PART_ROLE,
    PART_AFFILIATION,
    PART_DATA,
    PART_MESSAGE,
    PART_HISTORY,
    PART_IQ,
    PART_INVITE,
    PART_VOICE,
    PART_BUILD,
    PART_CONFIG,
    PART_REGISTER,
    PART_DISCO,
    PART_COUNT
};

/* Puts the fields of a part into the table on top of the stack. */
void push_fields(lua_State *L, enum part part, const void *values);
/* Takes back those that may be changed. */
void read_fields(lua_State *L, int index, enum part part, void *values);
/* An occupant as a table, or nil. */
void push_occupant(lua_State *L, muc_occupant *occupant);

/* A form as an array of { var=, value= }, values of -multi fields being arrays. */
void push_form(lua_State *L, const muc_form *form);
/* Gives the fields the values that they have in the array. Of a form that is being built, adds the fields that it has
 * not, and takes those out that the array has not. MUC_OK or an error. */
int read_form(lua_State *L, int index, muc_form *form, int built);

#endif
