/* draw.c: what the bytes of the input are drawn for: users, rooms, occupants, words. */
#include "monkey.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *const rooms[ROOMS] = {"a@rooms.example", "b@rooms.example", "c@rooms.example"};
static const char *const users[USERS] = {"x@one.example/1", "x@one.example/2", "y@one.example/1", "z@two.example/1"};
const char *const nicks[NICKS] = {"x", "y", "z", "Z", "", "\xc3\xa9", "\x01"};
static const char *const words[] = {"1", "0", "20", "secret", "anyone", "moderators", "", NULL, "\x02"};

/* Says which rule is broken. */
void check(bool holds, const char *file, int line, const char *rule)
{
    if (holds)
        return;
    fprintf(stderr, "%s:%d: %s\n", file, line, rule);
    abort();
}

unsigned draw(monkey *m, unsigned below)
{
    return m->at < m->end ? *m->at++ % below : 0;
}

const char *draw_user(monkey *m)
{
    return users[draw(m, USERS)];
}

const char *draw_bare(monkey *m)
{
    static const char *const bare[] = {"x@one.example", "y@one.example", "z@two.example", "one.example", "@"};
    return bare[draw(m, 5)];
}

const char *draw_word(monkey *m)
{
    return words[draw(m, sizeof(words) / sizeof(*words))];
}

const char *draw_nick(monkey *m)
{
    return nicks[draw(m, NICKS)];
}

muc_room *draw_room(monkey *m)
{
    unsigned i = draw(m, ROOMS + 2);
    if (i == ROOMS && m->room)
        return m->room;
    if (i == ROOMS + 1 && m->frame && m->frame->event && m->frame->event->room)
        return m->frame->event->room;
    muc_room *room = muc_room_next(m->service, NULL);
    while (room && i-- > 0 && muc_room_next(m->service, room))
        room = muc_room_next(m->service, room);
    return room;
}

muc_occupant *draw_occupant(monkey *m)
{
    unsigned i = draw(m, 6);
    if (i == 4 && m->occupant)
        return m->occupant;
    if (i == 5 && m->frame && m->frame->event && m->frame->event->occupant)
        return m->frame->event->occupant;
    muc_room *room = draw_room(m);
    muc_occupant *o = room ? muc_occupant_next(room, NULL) : NULL;
    while (o && i-- > 0 && muc_occupant_next(room, o))
        o = muc_occupant_next(room, o);
    return o;
}

const char *maybe_actor(monkey *m)
{
    return draw(m, 2) ? draw_user(m) : NULL;
}

muc_session *draw_session(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    muc_session *s = o ? muc_session_next(o, NULL) : NULL;
    return s && draw(m, 2) && muc_session_next(o, s) ? muc_session_next(o, s) : s;
}

int pick(muc_occupant *occupant, void *ud)
{
    require(muc_occupant_nick(occupant) != NULL);
    return (int)draw(ud, 2);
}

muc_xml *draw_stanza(monkey *m, const char *name)
{
    muc_xml *x = muc_xml_new(m->service, name ? name : draw(m, 2) ? "message" : "presence");
    muc_xml_attr(x, "type", name ? "get" : draw(m, 2) ? "groupchat" : NULL);
    muc_xml_leaf(x, "body", draw_word(m));
    return x;
}

xmlDoc *tree(const char *xml)
{
    return xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}
