/* talk.c: calls that say something, and stanzas. */
#include "monkey.h"

#include <stdio.h>
#include <string.h>

enum { XML_SIZE = 800 };

int set_subject(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *subject = draw_word(m);
    return room && subject ? muc_room_set_subject(room, draw(m, 2) ? "a@rooms.example/x" : NULL, subject)
                           : MUC_ERR_NOT_FOUND;
}

int say(monkey *m)
{
    muc_room *room = draw_room(m);
    muc_occupant *o = draw_occupant(m);
    unsigned how = draw(m, 4);
    muc_roles roles = draw(m, 16);
    const char *to = draw_user(m);
    muc_xml *x = draw_stanza(m, NULL);
    if (how == 0 && room)
        return muc_room_broadcast(room, x, roles);
    if (how == 1 && room)
        return muc_room_route(room, x, to);
    if (how == 2 && o)
        return muc_occupant_route(o, x);
    return muc_service_route(m->service, x, to);
}

int history(monkey *m)
{
    muc_room *room = draw_room(m);
    if (!room || draw(m, 3) == 0)
        return !room ? MUC_ERR_NOT_FOUND : draw(m, 2) ? muc_history_clear(room) : muc_history_trim(room, draw(m, 5));
    char xml[200];
    (void)snprintf(xml, sizeof(xml), "<message from='%s/x' type='groupchat'><body>old</body></message>",
                   muc_room_jid(room));
    xmlDoc *doc = tree(xml);
    int r = muc_history_add(room, xmlDocGetRootElement(doc), m->now - (int64_t)draw(m, 100));
    xmlFreeDoc(doc);
    return r;
}

/* How a question ended. */
static int answered(const muc_answer *a, void *ud)
{
    monkey *m = ud;
    require(++m->answered <= m->asked);
    require((a->outcome == MUC_OUTCOME_RESULT || a->outcome == MUC_OUTCOME_ERROR) == (a->stanza != NULL));
    if (m->quiet)
        return 0;
    frame f = {.class = MU_NOTIFY};
    play_inside(m, &f);
    return draw(m, 8) ? 0 : -1;
}

int ask(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *to = draw_user(m);
    int64_t timeout = (int64_t)draw(m, 4) * 4000;
    bool by_room = room && draw(m, 2);
    muc_xml *x = draw_stanza(m, draw(m, 8) ? "iq" : NULL);
    /* It may be answered before this returns. */
    m->asked++;
    int r = by_room ? muc_room_query(room, x, to, timeout, answered, m)
                    : muc_service_query(m->service, x, to, timeout, answered, m);
    m->asked -= r < 0;
    return r;
}

static void add_more(muc_xml *x, void *ud)
{
    muc_xml_leaf(x, "more", draw_word(ud));
}

int tell(monkey *m)
{
    muc_room *room = draw_room(m);
    const muc_broadcast how = {.nick = draw(m, 2) ? draw_nick(m) : NULL, .filter = draw(m, 2) ? pick : NULL, .ud = m};
    const char *to = draw_user(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    if (draw(m, 2))
        return muc_room_broadcast_as(room, draw_stanza(m, NULL), &how);
    return muc_room_route_as(room, draw_stanza(m, NULL), draw_nick(m), to);
}

/* An occupant is shown, to all or to one; everybody is; somebody who is absent is. */
int show(monkey *m)
{
    static const int codes[] = {104, 333, 7};
    muc_occupant *o = draw_occupant(m);
    muc_session *to = draw_session(m);
    const muc_announcement how = {.unavailable = (int)draw(m, 2),
                                  .shown = (int)draw(m, 2),
                                  .actor = maybe_actor(m),
                                  .reason = draw_word(m),
                                  .codes = codes,
                                  .code_count = draw(m, 4),
                                  .extra = draw(m, 2) ? add_more : NULL,
                                  .ud = m};
    const muc_announcement *maybe = draw(m, 4) ? &how : NULL;
    switch (draw(m, 5)) {
    case 0:
        return o ? muc_occupant_announce(o, maybe) : MUC_ERR_NOT_FOUND;
    case 1:
        return o && to ? muc_occupant_show(o, to, maybe) : MUC_ERR_NOT_FOUND;
    case 2:
        return to ? muc_session_show_all(to, draw(m, 2) ? pick : NULL, m) : MUC_ERR_NOT_FOUND;
    case 3:
        return to ? muc_session_show_absent(to, draw_bare(m)) : MUC_ERR_NOT_FOUND;
    default:
        return o ? muc_occupant_refresh(o) : MUC_ERR_NOT_FOUND;
    }
}

int show_past(monkey *m)
{
    muc_session *to = draw_session(m);
    const muc_history_event wanted = {.max_stanzas = (int64_t)draw(m, 4) - 1, .max_chars = -1, .since = -1};
    if (!to)
        return MUC_ERR_NOT_FOUND;
    return draw(m, 2) ? muc_session_send_history(to, draw(m, 2) ? &wanted : NULL) : muc_session_send_subject(to);
}

static const char *const forms[] = {
    "<presence from='%s' to='%s/%s'><x xmlns='http://jabber.org/protocol/muc'/></presence>",
    "<presence from='%s' to='%s/%s'><show>away</show></presence>",
    "<presence from='%s' to='%s/%s' type='unavailable'><status>bye</status></presence>",
    "<presence from='%s' to='%s/%s' type='error'/>",
    "<message from='%s' to='%s' type='groupchat'><body>%s</body><thread>t</thread></message>",
    "<message from='%s' to='%s' type='groupchat'><subject>%s</subject></message>",
    "<message from='%s' to='%s/%s' type='chat'><body>psst</body></message>",
    "<message from='%s' to='%s/%s' type='error'><body>psst</body></message>",
    "<iq from='%s' to='%s' type='set' id='%s'><query xmlns='http://jabber.org/protocol/muc#owner'>"
    "<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>1</value></field>"
    "<field var='muc#roomconfig_persistentroom'><value>1</value></field></x></query></iq>",
    "<iq from='%s' to='%s' type='set' id='%s'><query xmlns='http://jabber.org/protocol/muc#owner'>"
    "<x xmlns='jabber:x:data' type='submit'/></query></iq>",
    "<iq from='%s' to='%s' type='get' id='%s'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>",
    "<iq from='%s' to='%s' type='set' id='%s'><query xmlns='http://jabber.org/protocol/muc#owner'>"
    "<destroy jid='b@rooms.example'><reason>over</reason></destroy></query></iq>",
    "<iq from='%s' to='%s' type='set' id='i'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item nick='%s' role='none'/><item jid='z@two.example' affiliation='member' nick='z'/></query></iq>",
    "<iq from='%s' to='%s' type='set' id='%s'><query xmlns='http://jabber.org/protocol/muc#admin'>"
    "<item jid='x@one.example' affiliation='none'/><item jid='y@one.example' affiliation='outcast'/></query></iq>",
    "<iq from='%s' to='%s' type='get' id='%s'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
    "<iq from='%s' to='%s/%s' type='get' id='i'><ping xmlns='urn:xmpp:ping'/></iq>",
    "<iq from='%s' to='rooms.example' type='get' id='%s%s'>"
    "<query xmlns='http://jabber.org/protocol/disco#items'/></iq>",
    "<message from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'><invite to='y@one.example'/>"
    "<invite to='z@two.example'><reason>%s</reason></invite></x></message>",
    "<message from='%s' to='%s'><x xmlns='http://jabber.org/protocol/muc#user'>"
    "<decline to='a@rooms.example/%s'/></x></message>",
    "<message from='%s' to='%s'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
    "<value>http://jabber.org/protocol/muc#request</value></field><field var='muc#role'><value>participant</value>"
    "</field><field var='muc#roomnick'><value>%s</value></field></x></message>",
    "<message from='%s' to='%s' id='%s'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
    "<value>http://jabber.org/protocol/muc#request</value></field><field var='muc#jid'><value>y@one.example/1</value>"
    "</field><field var='muc#request_allow'><value>1</value></field></x></message>",
    "<iq from='%s' to='%s' type='get' id='%s'><query xmlns='jabber:iq:register'/></iq>",
    "<iq from='%s' to='%s' type='set' id='i'><query xmlns='jabber:iq:register'><x xmlns='jabber:x:data' type='submit'>"
    "<field var='FORM_TYPE'><value>http://jabber.org/protocol/muc#register</value></field>"
    "<field var='muc#register_roomnick'><value>%s</value></field></x></query></iq>",
    "<iq from='%s' to='%s' type='set' id='%s'><query xmlns='jabber:iq:register'><remove/></query></iq>",
    "<message from='%s' to='%s'><x xmlns='jabber:x:data' type='submit'><field var='FORM_TYPE'>"
    "<value>http://jabber.org/protocol/muc#register</value></field><field var='muc#jid'><value>z@two.example</value>"
    "</field><field var='muc#register_roomnick'><value>%s</value></field><field var='muc#register_allow'>"
    "<value>1</value></field></x></message>",
    "<iq from='%s' to='%s/%s' type='get' id='q'><query xmlns='jabber:iq:version'/></iq>",
    "<iq from='%s' to='%s/%s' type='get' id='v'><vCard xmlns='vcard-temp'/></iq>",
    "<iq from='%s' to='%s/%s' type='result' id='q'/>",
    "<iq from='%s' to='%s' type='set' id='%s'><vCard xmlns='vcard-temp'><FN>den</FN></vCard></iq>",
    "<presence from='%s' to='%s/%s' type='probe'/>",
    "<iq from='%s' to='rooms.example' type='get' id='%s%s'><unique xmlns='http://jabber.org/protocol/muc#unique'/>"
    "</iq>"};

static int send_form(monkey *m, unsigned which)
{
    char xml[XML_SIZE];
    const char *from = draw_user(m), *to = rooms[draw(m, ROOMS)];
    (void)snprintf(xml, sizeof(xml), forms[which], from, to, nicks[draw(m, 4)]);
    return muc_dispatch_text(m->service, xml, strlen(xml), draw(m, 2) ? m : NULL);
}

int stanza(monkey *m)
{
    return send_form(m, draw(m, sizeof(forms) / sizeof(*forms)));
}

int join(monkey *m)
{
    return send_form(m, 0);
}

/* In the name of a user. */
int act(monkey *m)
{
    const char *user = draw_user(m), *room = rooms[draw(m, ROOMS)];
    muc_refusal why;
    char xml[XML_SIZE];
    switch (draw(m, 5)) {
    case 0:
        return muc_act_enter(m->service, user, room, draw_nick(m), draw_word(m), &why);
    case 1:
        return muc_act_leave(m->service, user, room, draw_word(m), &why);
    case 2:
        return muc_act_say(m->service, user, room, draw(m, 2) ? draw_nick(m) : NULL, draw(m, 2) ? "hi" : "", &why);
    case 3:
        return muc_act_subject(m->service, user, room, draw(m, 2) ? "talk" : "", &why);
    default:
        (void)snprintf(xml, sizeof(xml), forms[draw(m, sizeof(forms) / sizeof(*forms))], user, room, nicks[draw(m, 4)]);
        return muc_act_text(m->service, xml, strlen(xml), NULL);
    }
}
