/* fields.c: the part that a point adds to its event as fields of a table: a row each. */
#include "hooks.h"
#include <stddef.h>
#include <string.h>

enum kind { STRING, FLAG, NUMBER, ROLE, AFFILIATION, OCCUPANT, ID };

struct field {
    const char *name;
    enum kind kind;
    size_t at;
    int writable;
};

#define FIELD(kind, type, member)                                                                                      \
    {                                                                                                                  \
#member, kind, offsetof(muc_##type##_event, member), 0                                                         \
    }
#define WRITABLE(kind, type, member)                                                                                   \
    {                                                                                                                  \
#member, kind, offsetof(muc_##type##_event, member), 1                                                         \
    }
#define END                                                                                                            \
    {                                                                                                                  \
        NULL, STRING, 0, 0                                                                                             \
    }

static const struct field none[] = {END};
static const struct field create[] = {FIELD(STRING, create, jid), WRITABLE(FLAG, create, locked), END};
static const struct field destroy[] = {FIELD(STRING, destroy, alternate), FIELD(STRING, destroy, reason),
                                       FIELD(STRING, destroy, password), END};
static const struct field join[] = {FIELD(STRING, join, jid),
                                    FIELD(STRING, join, nick),
                                    FIELD(STRING, join, former_nick),
                                    FIELD(STRING, join, password),
                                    FIELD(AFFILIATION, join, affiliation),
                                    WRITABLE(ROLE, join, role),
                                    FIELD(FLAG, join, first_session),
                                    FIELD(FLAG, join, new_room),
                                    FIELD(FLAG, join, resync),
                                    END};
static const struct field leave[] = {FIELD(STRING, leave, jid), FIELD(STRING, leave, nick),
                                     FIELD(FLAG, leave, last_session), FIELD(FLAG, leave, forced), END};
static const struct field role[] = {FIELD(AFFILIATION, role, affiliation),
                                    WRITABLE(ROLE, role, role),
                                    FIELD(ROLE, role, former),
                                    FIELD(STRING, role, jid),
                                    FIELD(STRING, role, reason),
                                    END};
static const struct field affiliation[] = {
    FIELD(STRING, affiliation, jid),         FIELD(AFFILIATION, affiliation, affiliation),
    FIELD(AFFILIATION, affiliation, former), FIELD(STRING, affiliation, reason),
    FIELD(FLAG, affiliation, present),       END};
static const struct field data[] = {FIELD(STRING, data, jid), FIELD(STRING, data, key), FIELD(STRING, data, value),
                                    FIELD(STRING, data, former), END};
static const struct field message[] = {FIELD(OCCUPANT, message, to),
                                       FIELD(STRING, message, body),
                                       FIELD(STRING, message, subject),
                                       WRITABLE(FLAG, message, keep),
                                       WRITABLE(FLAG, message, discard),
                                       WRITABLE(ID, message, id),
                                       END};
static const struct field history[] = {WRITABLE(NUMBER, history, max_stanzas), WRITABLE(NUMBER, history, max_chars),
                                       WRITABLE(NUMBER, history, since), FIELD(FLAG, history, asked), END};
static const struct field iq[] = {FIELD(OCCUPANT, iq, to), WRITABLE(FLAG, iq, account), END};
static const struct field invite[] = {FIELD(STRING, invite, invitee),  FIELD(STRING, invite, inviter),
                                      FIELD(STRING, invite, reason),   FIELD(STRING, invite, password),
                                      FIELD(STRING, invite, thread),   FIELD(FLAG, invite, continues),
                                      FIELD(FLAG, invite, direct),     WRITABLE(FLAG, invite, replaced),
                                      WRITABLE(FLAG, invite, handled), END};
static const struct field voice[] = {FIELD(STRING, voice, jid), FIELD(STRING, voice, nick),
                                     WRITABLE(FLAG, voice, handled), WRITABLE(FLAG, voice, allow), END};
static const struct field build[] = {FIELD(FLAG, build, shows_jid), FIELD(FLAG, build, self),
                                     FIELD(OCCUPANT, build, to), END};
static const struct field config[] = {FIELD(STRING, config, var), WRITABLE(FLAG, config, changed), END};
static const struct field registration[] = {FIELD(STRING, register, jid), FIELD(STRING, register, nick),
                                            FIELD(STRING, register, former_nick),
                                            FIELD(AFFILIATION, register, affiliation), END};
static const struct field disco[] = {FIELD(STRING, disco, node), WRITABLE(FLAG, disco, known), END};

static const struct field *const fields[PART_COUNT] = {
    [PART_NONE] = none,
    [PART_CREATE] = create,
    [PART_DESTROY] = destroy,
    [PART_JOIN] = join,
    [PART_LEAVE] = leave,
    [PART_ROLE] = role,
    [PART_DATA] = data,
    [PART_MESSAGE] = message,
    [PART_AFFILIATION] = affiliation,
    [PART_HISTORY] = history,
    [PART_IQ] = iq,
    [PART_INVITE] = invite,
    [PART_VOICE] = voice,
    [PART_BUILD] = build,
    [PART_CONFIG] = config,
    [PART_REGISTER] = registration,
    [PART_DISCO] = disco,
};

void push_occupant(lua_State *L, muc_occupant *occupant)
{
    char jid[4096];
    if (!occupant) {
        lua_pushnil(L);
        return;
    }
    const muc_session *session = muc_occupant_primary(occupant);
    lua_createtable(L, 0, 5);
    if (muc_occupant_jid(occupant, jid, sizeof(jid)) < sizeof(jid)) {
        lua_pushstring(L, jid);
        lua_setfield(L, -2, "nick");
    }
    lua_pushstring(L, muc_occupant_bare_jid(occupant));
    lua_setfield(L, -2, "bare_jid");
    lua_pushstring(L, session ? muc_session_jid(session) : NULL);
    lua_setfield(L, -2, "jid");
    lua_pushstring(L, muc_role_name(muc_occupant_role(occupant)));
    lua_setfield(L, -2, "role");
    lua_pushstring(L, muc_affiliation_name(muc_occupant_affiliation(occupant)));
    lua_setfield(L, -2, "affiliation");
}

static void push_field(lua_State *L, const struct field *field, const char *part)
{
    const void *at = part + field->at;
    switch (field->kind) {
    case STRING:
        lua_pushstring(L, *(const char *const *)at);
        break;
    case FLAG:
        lua_pushboolean(L, *(const int *)at);
        break;
    case NUMBER:
        lua_pushinteger(L, *(const int64_t *)at);
        break;
    case ROLE:
        lua_pushstring(L, muc_role_name(*(const muc_role *)at));
        break;
    case AFFILIATION:
        lua_pushstring(L, muc_affiliation_name(*(const muc_affiliation *)at));
        break;
    case OCCUPANT:
        push_occupant(L, *(muc_occupant *const *)at);
        break;
    case ID:
        lua_pushstring(L, at);
        break;
    }
}

void push_fields(lua_State *L, enum part part, const void *values)
{
    for (const struct field *field = fields[part]; values && field->name; field++) {
        push_field(L, field, values);
        lua_setfield(L, -2, field->name);
    }
}

/* What is on top of the stack, where it is of the kind. */
static void read_field(lua_State *L, const struct field *field, char *part)
{
    void *at = part + field->at;
    size_t n;
    const char *text = lua_type(L, -1) == LUA_TSTRING ? lua_tolstring(L, -1, &n) : NULL;
    if (field->kind == FLAG)
        *(int *)at = lua_toboolean(L, -1);
    else if (field->kind == NUMBER && lua_isinteger(L, -1))
        *(int64_t *)at = lua_tointeger(L, -1);
    else if (field->kind == ROLE && text)
        muc_role_from_name(text, at);
    else if (field->kind == ID && text && n < MUC_ID_SIZE)
        memcpy(at, text, n + 1);
}

void read_fields(lua_State *L, int index, enum part part, void *values)
{
    for (const struct field *field = fields[part]; values && field->name; field++) {
        if (!field->writable)
            continue;
        lua_getfield(L, index, field->name);
        read_field(L, field, values);
        lua_pop(L, 1);
    }
}
