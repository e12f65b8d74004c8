/* calls.c: every call of the interface, in any order, from inside every handler and callback, with and without memory.
 *
 * The bytes of the input are drawn one after the other: which call is made, on what, and what each handler does and
 * answers when it runs. After every outermost call the model is whole; a call that failed changed nothing and sent
 * nothing; what the store holds is what the rooms are; where nothing may change, nothing can be called. In the end all
 * memory is given back. */
#include <engine/parts.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ROOMS = 3, DRAFTS = 3, KEPT = 4, SNAPSHOTS = 3, HOOKS = 12, DEEPEST = 4, CALLS_A_CALL = 24, STEPS = 400 };

typedef struct text {
    char *p;
    size_t n;
} text;

/* What runs: the event of a handler, or NULL in a callback. */
typedef struct frame {
    struct frame *outer;
    mu_class class;
    muc_event *event;
    bool callback;
} frame;

typedef struct monkey {
    const uint8_t *at, *end;
    muc_service *service;
    muc_mem mem;
    size_t blocks;      /* allocated */
    unsigned long fail; /* which allocation from now on fails, 0: none */
    bool for_good;      /* and all after it */
    bool pulling, storing, starved, refused, released, quiet;
    int64_t now;
    size_t sent;
    unsigned calls;
    frame *frame;
    muc_room *room; /* seen inside of a call: good until the outermost one is over */
    muc_occupant *occupant;
    muc_occupant *drafts[DRAFTS];
    muc_delivery *kept[KEPT];
    text picture; /* after the latest step */
    text snapshots[SNAPSHOTS], store[ROOMS];
    bool strayed[ROOMS]; /* the store could not, or was passed over */
    int hooks[HOOKS];
} monkey;

static const char *const rooms[ROOMS] = {"a@rooms.example", "b@rooms.example", "c@rooms.example"};
static const char *const users[] = {"x@one.example/1", "x@one.example/2", "y@one.example/1", "z@two.example/1"};
static const char *const nicks[] = {"x", "y", "z", "Z", "", "\xc3\xa9", "\x01"};
static const char *const words[] = {"1", "0", "20", "secret", "anyone", "moderators", "", NULL, "\x02"};
enum { USERS = sizeof(users) / sizeof(*users), NICKS = sizeof(nicks) / sizeof(*nicks) };

/* Says which rule is broken. */
static void check(bool holds, int line, const char *rule)
{
    if (holds)
        return;
    fprintf(stderr, "calls.c:%d: %s\n", line, rule);
    abort();
}
#define require(rule) check((rule), __LINE__, #rule)

/* ---- drawing ------------------------------------------------------------------------------------------------------
 */

static unsigned draw(monkey *m, unsigned below)
{
    return m->at < m->end ? *m->at++ % below : 0;
}

static const char *draw_user(monkey *m)
{
    return users[draw(m, USERS)];
}

static const char *draw_bare(monkey *m)
{
    static const char *const bare[] = {"x@one.example", "y@one.example", "z@two.example", "one.example", "@"};
    return bare[draw(m, 5)];
}

static const char *draw_word(monkey *m)
{
    return words[draw(m, sizeof(words) / sizeof(*words))];
}

static muc_room *draw_room(monkey *m)
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

static muc_occupant *draw_occupant(monkey *m)
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

static const char *maybe_actor(monkey *m)
{
    return draw(m, 2) ? draw_user(m) : NULL;
}

/* ---- memory, clock, store -------------------------------------------------------------------------------------------
 */

static bool starve(monkey *m)
{
    if (m->quiet || m->fail == 0 || --m->fail > 0)
        return false;
    m->fail = m->for_good ? 1 : 0;
    m->starved = true;
    return true;
}

static void *take(size_t size, void *ud)
{
    monkey *m = ud;
    void *p = starve(m) ? NULL : malloc(size);
    m->blocks += p != NULL;
    return p;
}

static void *resize(void *p, size_t size, void *ud)
{
    return starve(ud) ? NULL : realloc(p, size);
}

static void release(void *p, void *ud)
{
    ((monkey *)ud)->blocks--;
    free(p);
}

static int64_t now(void *ud)
{
    return ((monkey *)ud)->now;
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

static int append(const char *bytes, size_t n, void *ud)
{
    text *t = ud;
    char *p = realloc(t->p, t->n + n + 1);
    require(p != NULL);
    memcpy(p + t->n, bytes, n);
    *t = (text){p, t->n + n};
    t->p[t->n] = '\0';
    return 0;
}

static void drop(text *t)
{
    free(t->p);
    *t = (text){NULL, 0};
}

static size_t index_of(const char *jid)
{
    size_t i = 0;
    while (i < ROOMS && strcmp(rooms[i], jid) != 0)
        i++;
    require(i < ROOMS);
    return i;
}

static unsigned stored_parts(const monkey *m)
{
    return muc_service_settings(m->service)->store_parts;
}

/* ---- what must hold
 * --------------------------------------------------------------------------------------------------- */

/* All rooms as they would be saved. */
static text picture(monkey *m)
{
    text all = {NULL, 0};
    bool before = m->quiet;
    m->quiet = true;
    append("", 0, &all);
    for (muc_room *room = muc_room_next(m->service, NULL); room; room = muc_room_next(m->service, room))
        require(muc_room_save(room, MUC_PART_ALL, append, &all) == MUC_OK);
    m->quiet = before;
    return all;
}

/* What the store has is what the room is. */
static void check_store(monkey *m)
{
    m->quiet = true;
    for (muc_room *room = muc_room_next(m->service, NULL); room; room = muc_room_next(m->service, room)) {
        size_t i = index_of(muc_room_jid(room));
        text is = {NULL, 0};
        require(muc_room_save(room, stored_parts(m), append, &is) == MUC_OK);
        bool kept = muc_room_get_persistent(room) != 0;
        require(m->strayed[i] || kept == (m->store[i].p != NULL));
        require(m->strayed[i] || !kept || strcmp(is.p, m->store[i].p) == 0);
        drop(&is);
    }
    m->quiet = false;
}

static void look_at(const muc_delivery *d)
{
    for (size_t i = 0; i < muc_delivery_count(d); i++) {
        char *bytes = malloc(muc_delivery_size(d, i));
        require(bytes && muc_delivery_write(d, i, bytes) == muc_delivery_size(d, i));
        require(bytes[0] == '<' && muc_delivery_jid(d, i).n > 0);
        free(bytes);
        (void)muc_delivery_host(d, i);
    }
    size_t batched = 0;
    for (size_t n; muc_delivery_to(d, batched, &n); batched += n)
        require(n > 0);
    require(batched == muc_delivery_count(d));
    (void)muc_delivery_node(d);
    require(!muc_delivery_room(d) || muc_room_jid(muc_delivery_room(d))[0] != '\0');
}

/* Objects that a handler was shown can be looked at. */
static void look_around(const muc_event *ev)
{
    if (ev->room)
        require(muc_room_jid(ev->room)[0] && muc_room_count(muc_room_service(ev->room)) < 100);
    if (!ev->occupant)
        return;
    require(muc_occupant_nick(ev->occupant) && muc_occupant_bare_jid(ev->occupant) && muc_occupant_room(ev->occupant));
    for (muc_session *s = muc_session_next(ev->occupant, NULL); s; s = muc_session_next(ev->occupant, s))
        require(muc_session_jid(s) && muc_session_occupant(s) == ev->occupant);
}

/* ---- calls
 * ------------------------------------------------------------------------------------------------------------ */

static int create(monkey *m)
{
    muc_setting some[] = {{"persistent", draw(m, 2) ? "1" : "0"}, {"members_only", "1"}};
    muc_room *room;
    int r = muc_room_create(m->service, rooms[draw(m, ROOMS)], some, draw(m, 3), &room);
    return r;
}

static int destroy(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_destroy(room, draw(m, 2) ? rooms[0] : NULL, draw_word(m), NULL) : MUC_ERR_NOT_FOUND;
}

static int forget(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_forget(room, (int)draw(m, 2)) : MUC_ERR_NOT_FOUND;
}

static int unlock(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_unlock(room) : MUC_ERR_NOT_FOUND;
}

static int let_go(monkey *m)
{
    muc_room *room = draw_room(m);
    m->released = true;
    return room ? muc_room_release(room) : MUC_ERR_NOT_FOUND;
}

static int load(monkey *m)
{
    muc_room *room;
    return muc_room_load(m->service, rooms[draw(m, ROOMS)], &room);
}

static int snapshot(monkey *m)
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
static int restore(monkey *m)
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

static int set_role(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    const char *actor = maybe_actor(m);
    return o ? muc_occupant_set_role(o, actor, (muc_role)draw(m, 4), draw_word(m)) : MUC_ERR_NOT_FOUND;
}

static int expel(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    return o ? muc_occupant_remove(o, 307 + (int)draw(m, 30), draw_word(m)) : MUC_ERR_NOT_FOUND;
}

static int affiliate(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m), *jid = draw_bare(m);
    muc_affiliation a = (muc_affiliation)((int)draw(m, 5) - 1);
    return room ? muc_affiliation_set(room, actor, jid, a, draw_word(m)) : MUC_ERR_NOT_FOUND;
}

static int reserve(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *jid = draw_bare(m);
    return room ? muc_affiliation_set_nick(room, jid, nicks[draw(m, NICKS)]) : MUC_ERR_NOT_FOUND;
}

static const muc_option *draw_option(monkey *m)
{
    const muc_option *row = muc_option_next(m->service, NULL);
    for (unsigned i = draw(m, 20); row && i > 0 && muc_option_next(m->service, row); i--)
        row = muc_option_next(m->service, row);
    return row;
}

static int set_option(monkey *m)
{
    muc_room *room = draw_room(m);
    const muc_option *row = draw_option(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    muc_setting some[2] = {{row->name, draw_word(m)}, {"members_only", "1"}};
    switch (draw(m, 3)) {
    case 0:
        return muc_room_set_number(room, row, (int64_t)draw(m, 4));
    case 1:
        return muc_room_set_text(room, row, some[0].value);
    default:
        return some[0].value ? muc_room_set(room, some, 1 + draw(m, 2)) : MUC_ERR_INVALID;
    }
}

static int persist(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_set_persistent(room, (int)draw(m, 2)) : MUC_ERR_NOT_FOUND;
}

static xmlDoc *read(const char *xml)
{
    return xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, XML_PARSE_NOERROR | XML_PARSE_NOWARNING);
}

static const char form[] = "<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>%d"
                           "</value></field><field var='muc#roomconfig_persistentroom'><value>%d</value></field></x>";

static int configure(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    char xml[400];
    (void)snprintf(xml, sizeof(xml), form, (int)draw(m, 2), (int)draw(m, 2));
    xmlDoc *doc = read(xml);
    int r = muc_config_submit(room, actor, xmlDocGetRootElement(doc), NULL);
    xmlFreeDoc(doc);
    return r;
}

static int show_config(monkey *m)
{
    muc_room *room = draw_room(m);
    muc_xml *x = muc_xml_new(m->service, "iq");
    int r = room ? muc_config_write(room, maybe_actor(m), x) : MUC_ERR_NOT_FOUND;
    muc_xml_free(x);
    return r;
}

static int set_subject(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *subject = draw_word(m);
    return room && subject ? muc_room_set_subject(room, draw(m, 2) ? "a@rooms.example/x" : NULL, subject)
                           : MUC_ERR_NOT_FOUND;
}

static muc_xml *draw_stanza(monkey *m)
{
    muc_xml *x = muc_xml_new(m->service, draw(m, 2) ? "message" : "presence");
    muc_xml_attr(x, "type", draw(m, 2) ? "groupchat" : NULL);
    muc_xml_leaf(x, "body", draw_word(m));
    return x;
}

static int say(monkey *m)
{
    muc_room *room = draw_room(m);
    muc_occupant *o = draw_occupant(m);
    unsigned how = draw(m, 4);
    muc_roles roles = draw(m, 16);
    const char *to = draw_user(m);
    muc_xml *x = draw_stanza(m);
    if (how == 0 && room)
        return muc_room_broadcast(room, x, roles);
    if (how == 1 && room)
        return muc_room_route(room, x, to);
    if (how == 2 && o)
        return muc_occupant_route(o, x);
    return muc_service_route(m->service, x, to);
}

static int history(monkey *m)
{
    muc_room *room = draw_room(m);
    if (!room || draw(m, 3) == 0)
        return room ? muc_history_clear(room) : MUC_ERR_NOT_FOUND;
    char xml[200];
    (void)snprintf(xml, sizeof(xml), "<message from='%s/x' type='groupchat'><body>old</body></message>",
                   muc_room_jid(room));
    xmlDoc *doc = read(xml);
    int r = muc_history_add(room, xmlDocGetRootElement(doc), m->now - (int64_t)draw(m, 100));
    xmlFreeDoc(doc);
    return r;
}

/* A draft in the hand of a call that runs is out of reach for those inside. */
static int draft(monkey *m)
{
    unsigned i = draw(m, DRAFTS), what = draw(m, 7);
    const char *user = draw_user(m);
    muc_room *room = draw_room(m);
    muc_occupant *o = m->drafts[i];
    int r = MUC_ERR_NOT_FOUND;
    m->drafts[i] = NULL;
    if (!o && room && (r = muc_occupant_new(room, user, nicks[draw(m, NICKS)], &o)) < 0)
        o = NULL;
    if (!o || m->drafts[i]) {
        muc_occupant_discard(o);
        return r;
    }
    if (what < 3)
        r = muc_occupant_set_session(o, user, NULL, (int)draw(m, 2));
    else if (what == 3)
        r = muc_occupant_remove_session(o, user);
    else if (what == 4)
        r = muc_occupant_set_draft_role(o, (muc_role)draw(m, 4));
    else if (what == 5)
        muc_occupant_discard(o), o = NULL;
    if (m->drafts[i]) {
        muc_occupant_discard(o);
        return r;
    }
    m->drafts[i] = o;
    return r;
}

static int save_draft(monkey *m)
{
    unsigned i = draw(m, DRAFTS);
    muc_occupant *o = m->drafts[i];
    if (!o)
        return MUC_ERR_NOT_FOUND;
    m->drafts[i] = NULL;
    int r = muc_occupant_save(o);
    if (r < 0 && m->drafts[i])
        muc_occupant_discard(o);
    else if (r < 0)
        m->drafts[i] = o;
    return r;
}

static int gone(monkey *m)
{
    const char *user = draw_user(m);
    switch (draw(m, 4)) {
    case 0:
        return muc_domain_unreachable(m->service, draw(m, 2) ? "one.example" : "two.example");
    case 1:
        return muc_service_shutdown(m->service);
    default:
        return muc_peer_gone(m->service, user, draw_word(m));
    }
}

static int play_hook(muc_event *ev, void *ud);

static int hook(monkey *m)
{
    static const char *const keys[] = {NULL, "", "members_only", "{jabber:client}body", "muc#roomconfig_membersonly"};
    unsigned i = draw(m, HOOKS);
    if (m->hooks[i]) {
        int r = muc_hook_remove(m->service, m->hooks[i]);
        require(r == MUC_OK);
        m->hooks[i] = 0;
        return r;
    }
    muc_point point = (muc_point)draw(m, MUC_POINT_COUNT);
    const char *key = keys[draw(m, 5)];
    int r = muc_hook_add(m->service, point, key, (int)draw(m, 256) - 128, play_hook, m);
    m->hooks[i] = r > 0 ? r : 0;
    return r < 0 ? r : MUC_OK;
}

static int keep(monkey *m, muc_delivery *d)
{
    unsigned i = draw(m, KEPT);
    muc_delivery_free(m->kept[i]);
    m->kept[i] = d;
    return MUC_OK;
}

static int fetch(monkey *m)
{
    muc_delivery *d = muc_service_next(m->service);
    if (!d)
        return MUC_OK;
    m->quiet = true;
    look_at(d);
    m->quiet = false;
    return keep(m, d);
}

static int look(monkey *m)
{
    muc_room_list *list;
    muc_room_list_query query = {.max = draw(m, 4)};
    if (muc_room_list_new(m->service, &query, &list) >= 0)
        muc_room_list_free(list);
    muc_room *room = draw_room(m);
    (void)muc_service_now(m->service);
    (void)muc_peer_set_host(m->service, draw_user(m), m);
    return room ? (int)muc_affiliation_get(room, draw_bare(m)) * 0 : MUC_OK;
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
    "<query xmlns='http://jabber.org/protocol/disco#items'/></iq>"};

static int send_form(monkey *m, unsigned which)
{
    char xml[600];
    const char *from = draw_user(m), *to = rooms[draw(m, ROOMS)];
    (void)snprintf(xml, sizeof(xml), forms[which], from, to, nicks[draw(m, 4)]);
    return muc_dispatch_text(m->service, xml, strlen(xml), draw(m, 2) ? m : NULL);
}

static int stanza(monkey *m)
{
    return send_form(m, draw(m, sizeof(forms) / sizeof(*forms)));
}

static int join(monkey *m)
{
    return send_form(m, 0);
}

/* `changes`: is refused where nothing may change. Joining is what most else needs. */
static const struct {
    int (*call)(monkey *m);
    bool changes;
} calls[] = {{join, true},       {join, true},      {stanza, true},    {stanza, true},     {stanza, true},
             {stanza, true},     {create, true},    {load, false},     {destroy, true},    {forget, true},
             {unlock, true},     {let_go, true},    {snapshot, false}, {restore, true},    {set_role, true},
             {expel, true},      {affiliate, true}, {reserve, true},   {set_option, true}, {persist, true},
             {configure, true},  {say, true},       {history, true},   {draft, false},     {save_draft, true},
             {gone, true},       {hook, false},     {fetch, false},    {look, false},      {show_config, false},
             {set_subject, true}};
enum { CALLS = sizeof(calls) / sizeof(*calls) };

static void call_inside(monkey *m)
{
    unsigned which = draw(m, CALLS);
    int r = calls[which].call(m);
    bool fixed = m->frame->class == MU_DECIDE || m->frame->class == MU_BUILD;
    require(!fixed || !calls[which].changes || r < 0);
    m->room = draw(m, 2) ? draw_room(m) : m->room;
    m->occupant = draw(m, 2) ? draw_occupant(m) : m->occupant;
}

static unsigned depth_of(const frame *f)
{
    unsigned n = 0;
    for (; f; f = f->outer)
        n++;
    return n;
}

/* Whatever comes to mind, inside of a handler or callback. */
static void play_inside(monkey *m, frame *f)
{
    f->outer = m->frame;
    m->frame = f;
    while (depth_of(f) < DEEPEST && m->calls < CALLS_A_CALL && draw(m, 2)) {
        m->calls++;
        call_inside(m);
    }
    m->frame = f->outer;
}

static void touch_event(monkey *m, muc_event *ev)
{
    const xmlNode *child = ev->stanza ? muc_node_child(ev->stanza, NULL, NULL) : NULL;
    (void)muc_event_status(ev, 100 + (int)draw(m, 4));
    (void)muc_join_set_nick(ev, nicks[draw(m, NICKS)]);
    (void)muc_build_drop(ev, child);
    if (ev->point == MUC_ON_PRE_JOIN)
        ev->as.join->role = (muc_role)draw(m, 4);
    if (ev->point == MUC_ON_IQ && draw(m, 2))
        muc_xml_attr(muc_reply(ev, "query", "urn:example"), "a", "b");
    if (ev->point == MUC_ON_MESSAGE_BUILD || ev->point == MUC_ON_PRESENCE_BUILD || ev->point == MUC_ON_PRIVATE_BUILD)
        muc_xml_leaf(ev->as.build->out, "more", draw_word(m));
}

static int play_hook(muc_event *ev, void *ud)
{
    monkey *m = ud;
    if (m->quiet)
        return MUC_PASS;
    frame f = {.class = mu_points[ev->point].class, .event = ev};
    look_around(ev);
    unsigned answer = draw(m, 64);
    if (answer & 1)
        play_inside(m, &f);
    look_around(ev);
    if (answer & 2)
        touch_event(m, ev);
    switch (answer >> 2) {
    case 12:
        return MUC_STOP;
    case 13:
        return draw(m, 2) ? muc_reject(ev, MUC_FORBIDDEN, "no") : muc_reject_result(ev, MUC_ERR_LIMIT);
    case 14:
        m->starved = true;
        return MUC_ERR_NOMEM;
    case 15:
        return (int)draw(m, 20) - 13;
    default:
        return MUC_PASS;
    }
}

/* ---- callbacks
 * -------------------------------------------------------------------------------------------------------- */

static int send(muc_service *s, const muc_delivery *d, void *ud)
{
    (void)s;
    monkey *m = ud;
    m->sent++;
    if (m->quiet)
        return 0;
    bool before = m->quiet;
    m->quiet = true;
    look_at(d);
    m->quiet = before;
    frame f = {.class = MU_NOTIFY};
    unsigned answer = draw(m, 16);
    if (answer & 1)
        play_inside(m, &f);
    if (answer & 2)
        (void)keep(m, muc_delivery_keep(d));
    return answer == 15 ? -1 : 0;
}

static int room_changed(muc_room *room, const muc_change *change, void *ud)
{
    monkey *m = ud;
    size_t i = index_of(muc_room_jid(room));
    frame f = {.class = MU_DECIDE};
    unsigned answer = m->quiet ? 0 : draw(m, 8);
    if (answer & 1)
        play_inside(m, &f);
    muc_change_item item;
    for (size_t at = 0; muc_change_next(change, &at, &item);)
        require(item.part & muc_change_parts(change));
    /* Refusing what it is told again, after another refusal, it is on its own. */
    if (answer == 6) {
        m->strayed[i] = m->strayed[i] || m->refused || m->starved;
        m->refused = true;
        return -1;
    }
    bool there = m->store[i].p != NULL;
    require(m->strayed[i] || muc_change_is_new(change) || there);
    text saved = {NULL, 0};
    m->strayed[i] = false;
    bool before = m->quiet;
    m->quiet = true;
    if (!muc_change_is_gone(change))
        require(muc_room_save(room, stored_parts(m), append, &saved) == MUC_OK);
    m->quiet = before;
    drop(&m->store[i]);
    m->store[i] = saved;
    return answer == 4 ? MUC_HOLD : 0;
}

static int room_wanted(muc_service *s, const char *jid, void *ud)
{
    monkey *m = ud;
    size_t i = index_of(jid);
    unsigned answer = m->quiet ? 0 : draw(m, 16);
    if (answer == 15)
        return -1;
    if (!m->store[i].p)
        return MUC_ROOM_UNKNOWN;
    text copy = {NULL, 0};
    append(m->store[i].p, m->store[i].n, &copy);
    int r = muc_room_restore(s, copy.p, copy.n, NULL);
    drop(&copy);
    return r < 0 ? r : answer == 14 ? -1 : MUC_ROOM_RESTORED;
}

#define OPENING(user, room)                                                                                            \
    "<presence from='" user "' to='" room "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
#define UNLOCK(user, room)                                                                                             \
    "<iq from='" user "' to='" room "' type='set' id='1'><query xmlns='http://jabber.org/protocol/muc#owner'>"         \
    "<x xmlns='jabber:x:data' type='submit'/></query></iq>"

/* How a game begins, at the start or near the end of these. */
static const char *const opening[] = {
    OPENING("x@one.example/1", "a@rooms.example/x"), UNLOCK("x@one.example/1", "a@rooms.example"),
    OPENING("x@one.example/2", "a@rooms.example/x"), OPENING("y@one.example/1", "a@rooms.example/y"),
    OPENING("z@two.example/1", "a@rooms.example/z"), OPENING("z@two.example/1", "b@rooms.example/z"),
    UNLOCK("z@two.example/1", "b@rooms.example"),    OPENING("y@one.example/1", "b@rooms.example/y")};

/* ---- playing --------------------------------------------------------------------------------------------------------
 */

static void start(monkey *m)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_settings_init(&settings, sizeof(settings));
    muc_callbacks_init(&callbacks, sizeof(callbacks));
    unsigned how = draw(m, 32);
    m->pulling = how & 1;
    m->storing = (how & 6) != 0;
    settings.domain = "rooms.example";
    settings.max_history = 3;
    settings.max_held = how & 8 ? 10 : 1000;
    settings.max_unfetched = how & 8 ? 10 : 1000;
    settings.lock_new_rooms = how & 16 ? 1 : 0;
    callbacks.now = now;
    callbacks.random = chance;
    callbacks.send = m->pulling ? NULL : send;
    callbacks.room_changed = m->storing ? room_changed : NULL;
    callbacks.room_wanted = m->storing ? room_wanted : NULL;
    m->mem = (muc_mem){m, take, resize, release};
    require(muc_service_new(&m->service, &settings, &callbacks, &m->mem, m) == MUC_OK);
    m->quiet = true;
    for (unsigned i = draw(m, 8) < 6 ? 0 : 5; i < sizeof(opening) / sizeof(*opening); i++)
        (void)muc_dispatch_text(m->service, opening[i], strlen(opening[i]), NULL);
    m->quiet = false;
    for (unsigned i = draw(m, 2); i < MUC_POINT_COUNT; i += 1 + draw(m, 3))
        require(muc_hook_add(m->service, (muc_point)i, NULL, (int)draw(m, 3) * 150 - 150, play_hook, m) > 0);
}

static void step(monkey *m)
{
    size_t sent = m->sent, waiting = muc_service_waiting(m->service);
    unsigned hunger = draw(m, 256), which = draw(m, CALLS);
    m->fail = hunger < 128 ? 0 : 1 + (hunger & 63);
    m->for_good = hunger >= 192;
    m->starved = m->refused = m->released = false;
    m->calls = 0;
    m->room = NULL;
    m->occupant = NULL;
    m->now += 1000;
    int r = calls[which].call(m);
    m->fail = 0;
    require(r != MUC_ERR_NOMEM || m->starved);
    require(mu_check(m->service) == NULL);
    require(m->service->engine->depth == 0 && m->service->engine->phase == MU_PHASE_IDLE && m->service->journal.n == 0);
    text after = picture(m);
    /* What was released is no part of a call that failed, and told anyway. */
    if (r < 0 && !m->released)
        require(sent == m->sent && waiting == muc_service_waiting(m->service) && strcmp(m->picture.p, after.p) == 0);
    if (m->storing)
        check_store(m);
    drop(&m->picture);
    m->picture = after;
}

static void end(monkey *m)
{
    m->quiet = true;
    for (size_t i = 0; i < DRAFTS; i++)
        muc_occupant_discard(m->drafts[i]);
    for (size_t i = 0; i < KEPT / 2; i++)
        muc_delivery_free(m->kept[i]);
    muc_service_free(m->service);
    for (size_t i = KEPT / 2; i < KEPT; i++)
        muc_delivery_free(m->kept[i]);
    drop(&m->picture);
    for (size_t i = 0; i < SNAPSHOTS; i++)
        drop(&m->snapshots[i]);
    for (size_t i = 0; i < ROOMS; i++)
        drop(&m->store[i]);
    require(m->blocks == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    monkey m = {.at = data, .end = data + size, .now = 1767225600000};
    start(&m);
    m.picture = picture(&m);
    for (unsigned i = 0; m.at < m.end && i < STEPS; i++)
        step(&m);
    end(&m);
    return 0;
}
