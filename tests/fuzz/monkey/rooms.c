/* rooms.c: calls on rooms. */
#include "monkey.h"

#include <stdio.h>
#include <string.h>

int create(monkey *m)
{
    muc_option_value some[] = {{"persistent", draw(m, 2) ? "1" : "0"}, {"members_only", "1"}};
    muc_room *room;
    int r = muc_room_create(m->service, rooms[draw(m, ROOMS)], some, draw(m, 3), &room);
    return r;
}

int create_as(monkey *m)
{
    muc_option_value some[] = {{"persistent", draw(m, 2) ? "1" : "0"}, {"moderated", "1"}};
    muc_affiliation_entry people[2];
    for (size_t i = 0; i < 2; i++)
        people[i] = (muc_affiliation_entry){.jid = draw_bare(m),
                                            .affiliation = (muc_affiliation)((int)draw(m, 5) - 1),
                                            .nick = draw(m, 2) ? draw_nick(m) : NULL,
                                            .reason = draw_word(m)};
    const muc_room_plan plan = {.jid = rooms[draw(m, ROOMS)],
                                .config = some,
                                .config_count = draw(m, 3),
                                .affiliations = people,
                                .affiliation_count = draw(m, 3)};
    muc_room *room;
    return muc_room_create_as(m->service, &plan, &room);
}

int destroy(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_destroy(room, draw(m, 2) ? rooms[0] : NULL, draw_word(m), NULL) : MUC_ERR_NOT_FOUND;
}

int empty(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_clear(room, (int)draw(m, 2) * 307, draw_word(m)) : MUC_ERR_NOT_FOUND;
}

int forget(monkey *m)
{
    muc_room *room = draw_room(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    return draw(m, 2) ? muc_room_evict(room) : muc_room_forget(room);
}

int lock(monkey *m)
{
    muc_room *room = draw_room(m);
    unsigned how = draw(m, 4);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    return how == 0 ? muc_room_lock(room) : how == 1 ? muc_room_expire_lock(room) : muc_room_unlock(room);
}

int let_go(monkey *m)
{
    muc_room *room = draw_room(m);
    m->released = true;
    /* Rooms that are gone are found only here. */
    if (!room && m->held_n)
        room = m->held[0];
    return room ? store_is_done(m, room) : MUC_ERR_NOT_FOUND;
}

int let_some_go(monkey *m)
{
    muc_room *room = draw_room(m);
    m->released = true;
    if (!room && m->held_n)
        room = m->held[m->held_n - 1];
    return room ? store_is_done_to(m, room) : MUC_ERR_NOT_FOUND;
}

int load(monkey *m)
{
    muc_room *room;
    return muc_room_load(m->service, rooms[draw(m, ROOMS)], &room);
}

int snapshot(monkey *m)
{
    muc_room *room = draw_room(m);
    text *t = &m->snapshots[draw(m, SNAPSHOTS)];
    text made = {NULL, 0};
    int r = room ? muc_room_save(room, MUC_PART_ALL, append, &made) : MUC_ERR_NOT_FOUND;
    if (r < 0)
        drop(&made);
    if (r < 0)
        return r;
    drop(t);
    *t = made;
    return r;
}

/* Another state than the store has. */
int restore(monkey *m)
{
    const text *t = &m->snapshots[draw(m, SNAPSHOTS)];
    if (!t->p)
        return MUC_ERR_NOT_FOUND;
    /* A handler may put another snapshot in its place. */
    text copy = {NULL, 0};
    append(t->p, t->n, &copy);
    for (size_t i = 0; i < ROOMS; i++)
        m->strayed[i] = m->strayed[i] || strstr(copy.p, rooms[i]);
    int r = muc_room_restore(m->service, copy.p, copy.n, NULL);
    drop(&copy);
    return r;
}

static const muc_option *draw_option(monkey *m)
{
    const muc_option *row = muc_option_next(m->service, NULL);
    for (unsigned i = draw(m, 20); row && i > 0 && muc_option_next(m->service, row); i--)
        row = muc_option_next(m->service, row);
    return row;
}

int set_option(monkey *m)
{
    muc_room *room = draw_room(m);
    const muc_option *row = draw_option(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    muc_option_value some[2] = {{row->name, draw_word(m)}, {"members_only", "1"}};
    switch (draw(m, 3)) {
    case 0:
        return muc_room_set_number(room, row, (int64_t)draw(m, 4));
    case 1:
        return muc_room_set_text(room, row, some[0].value);
    default:
        return some[0].value ? muc_room_set(room, some, 1 + draw(m, 2)) : MUC_ERR_INVALID;
    }
}

int persist(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_set_persistent(room, (int)draw(m, 2)) : MUC_ERR_NOT_FOUND;
}

static const char form[] = "<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>%d"
                           "</value></field><field var='muc#roomconfig_persistentroom'><value>%d</value></field></x>";

int configure(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    char xml[400];
    (void)snprintf(xml, sizeof(xml), form, (int)draw(m, 2), (int)draw(m, 2));
    xmlDoc *doc = tree(xml);
    int r = muc_config_submit(room, actor, xmlDocGetRootElement(doc), NULL);
    xmlFreeDoc(doc);
    return r;
}

int show_config(monkey *m)
{
    muc_room *room = draw_room(m);
    muc_xml *x = muc_xml_new(m->service, "iq");
    int r = room ? muc_config_write(room, maybe_actor(m), x) : MUC_ERR_NOT_FOUND;
    muc_xml_free(x);
    return r;
}

int set_vcard(monkey *m)
{
    static const char *const cards[] = {"<vCard xmlns='vcard-temp'><FN>den</FN></vCard>",
                                        "<vCard xmlns='vcard-temp'><PHOTO><BINVAL>QUJD</BINVAL></PHOTO></vCard>",
                                        "<vCard xmlns='vcard-temp'/>", "<vCard xmlns='urn:example'><FN/></vCard>"};
    muc_room *room = draw_room(m);
    xmlDoc *doc = tree(cards[draw(m, 4)]);
    int r = room ? muc_room_set_vcard(room, draw(m, 4) ? xmlDocGetRootElement(doc) : NULL) : MUC_ERR_NOT_FOUND;
    xmlFreeDoc(doc);
    return r;
}

/* A record: kept, forgotten, or looked for. */
int note(monkey *m)
{
    static const char *const owners[] = {"monkey", "invite", "voice", "register", "role_memory"};
    muc_room *room = draw_room(m);
    const char *owner = owners[draw(m, 5)], *key = draw(m, 2) ? draw_bare(m) : draw_word(m);
    muc_record record = {.key = key, .text = {draw_word(m), draw_word(m)}};
    record.until = draw(m, 2) ? m->now + 5000 : 0;
    if (!room)
        return MUC_ERR_NOT_FOUND;
    switch (draw(m, 3)) {
    case 0:
        return muc_record_set(room, owner, &record);
    case 1:
        return key ? muc_record_remove(room, owner, key) : MUC_ERR_INVALID;
    default:
        for (size_t at = 0; muc_record_next(room, owner, &at, &record);)
            require(muc_record_find(room, owner, record.key, NULL));
        return MUC_ERR_NOT_FOUND;
    }
}
