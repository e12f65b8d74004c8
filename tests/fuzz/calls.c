/* calls.c: every call of the interface, in any order, from inside every handler and callback, with and without memory.
 *
 * The bytes of the input are drawn one after the other: which call is made, on what, and what each handler does and
 * answers when it runs. After every outermost call the model is whole; a call that failed changed nothing and sent
 * nothing; what the store holds is what the rooms are; where nothing may change, nothing can be called. In the end all
 * memory is given back. */
#include "monkey/monkey.h"

#include <stdlib.h>
#include <string.h>

/* ---- what must hold --------------------------------------------------------------------------------------------- */

/* All rooms as they would be saved, and the addresses of those that are gone. */
static text picture(monkey *m)
{
    text all = {NULL, 0};
    bool before = m->quiet;
    m->quiet = true;
    append("", 0, &all);
    for (muc_room *room = muc_room_next(m->service, NULL); room; room = muc_room_next(m->service, room))
        require(muc_room_save(room, MUC_PART_ALL, append, &all) == MUC_OK);
    muc_tombstone t;
    for (const char *at = NULL; muc_tombstone_next(m->service, at, &t); at = t.jid)
        append(t.jid, strlen(t.jid), &all);
    m->quiet = before;
    return all;
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

/* ---- inside ----------------------------------------------------------------------------------------------------- */

/* `changes`: is refused where nothing may change. Joining is what most else needs. */
static const struct {
    int (*call)(monkey *m);
    bool changes;
} calls[] = {{join, true},        {join, true},      {stanza, true},    {stanza, true},        {stanza, true},
             {stanza, true},      {create, true},    {load, false},     {destroy, true},       {forget, true},
             {lock, true},        {let_go, true},    {snapshot, false}, {restore, true},       {set_role, true},
             {expel, true},       {affiliate, true}, {reserve, true},   {set_option, true},    {persist, true},
             {configure, true},   {say, true},       {history, true},   {draft, false},        {save_draft, true},
             {gone, true},        {hook, false},     {fetch, false},    {look, false},         {show_config, false},
             {set_subject, true}, {stanza, true},    {stanza, true},    {act, true},           {invite, true},
             {decline, true},     {enrol, true},     {strike, true},    {ask_for_voice, true}, {give_voice, true},
             {ask, true},         {tell, true},      {show, true},      {show_past, true},     {sweep, true},
             {settle, true},      {lift, true},      {answer, true},    {foresee, false},      {empty, true},
             {create_as, true},   {set_vcard, true}, {note, true},      {rename_one, true},    {expel_some, true},
             {let_some_go, true}, {attach, false}};
enum { CALLS = sizeof(calls) / sizeof(*calls), STEPS = 400 };

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
void play_inside(monkey *m, frame *f)
{
    f->outer = m->frame;
    m->frame = f;
    /* A call that does several things one after the other is as many calls. */
    if (!f->outer && (m->several || m->refused)) {
        m->room = NULL;
        m->occupant = NULL;
    }
    while (depth_of(f) < DEEPEST && m->calls < CALLS_A_CALL && draw(m, 2)) {
        m->calls++;
        call_inside(m);
    }
    m->frame = f->outer;
}

/* What handlers may change in what they are told. */
static void change_event(monkey *m, muc_event *ev)
{
    switch (ev->point) {
    case MUC_ON_PRE_JOIN:
        ev->as.join->role = (muc_role)draw(m, 4);
        break;
    case MUC_ON_DEFAULT_ROLE:
        ev->as.role->role = (muc_role)draw(m, 4);
        break;
    case MUC_ON_PRE_CREATE:
        ev->as.create->locked = (int)draw(m, 2);
        break;
    case MUC_ON_PRE_DESTROY:
        ev->as.destroy->gone_for = (int64_t)draw(m, 100) - 10;
        ev->as.destroy->reason = draw_word(m);
        break;
    case MUC_ON_GROUPCHAT:
        ev->as.message->filter = draw(m, 2) ? pick : NULL;
        ev->as.message->filter_ud = m;
        ev->as.message->discard = draw(m, 4) == 0;
        ev->as.message->id[0] = draw(m, 2) ? '<' : '\0';
        /* fallthrough */
    case MUC_ON_STRANGER:
        ev->as.message->nick = draw(m, 2) ? draw_nick(m) : NULL;
        break;
    case MUC_ON_HISTORY_KEEP:
        ev->as.message->keep = (int)draw(m, 2);
        break;
    case MUC_ON_HISTORY_WANTED:
        ev->as.history->max_stanzas = (int64_t)draw(m, 4) - 1;
        break;
    case MUC_ON_QUERY:
        ev->as.iq->account = (int)draw(m, 2);
        break;
    case MUC_ON_PRE_INVITE:
        ev->as.invite->reason = draw_word(m);
        break;
    case MUC_ON_PRE_DECLINE:
        ev->as.invite->to = draw(m, 2) ? draw_user(m) : NULL;
        break;
    case MUC_ON_INVITE:
    case MUC_ON_DECLINE:
        ev->as.invite->replaced = (int)draw(m, 2);
        ev->as.invite->handled = (int)draw(m, 2);
        break;
    case MUC_ON_PRE_REGISTER:
        if (ev->as.registration->form)
            (void)muc_form_set(ev->as.registration->form, MUC_REGISTER_NICK, draw_nick(m));
        break;
    case MUC_ON_CONFIG_SUBMITTED:
        ev->as.config->changed = (int)draw(m, 2);
        break;
    case MUC_ON_SWEEP:
        ev->as.sweep->next = m->now + (int64_t)draw(m, 100);
        break;
    default:
        break;
    }
}

/* What handlers may write, or say. */
static void touch_event(monkey *m, muc_event *ev)
{
    static const muc_field field = {.ns = "urn:example", .var = "more", .type = MUC_FIELD_BOOLEAN, .value = "1"};
    const xmlNode *child = ev->stanza ? muc_node_child(ev->stanza, NULL, NULL) : NULL;
    (void)muc_event_status(ev, 100 + (int)draw(m, 4));
    (void)muc_join_set_nick(ev, draw_nick(m));
    (void)muc_build_drop(ev, child);
    if (ev->point == MUC_ON_IQ && draw(m, 2))
        muc_xml_attr(muc_reply(ev, "query", "urn:example"), "a", "b");
    if (ev->point == MUC_ON_MESSAGE_BUILD || ev->point == MUC_ON_PRESENCE_BUILD || ev->point == MUC_ON_PRIVATE_BUILD)
        muc_xml_leaf(ev->as.build->out, "more", draw_word(m));
    if (ev->point == MUC_ON_INVITE || ev->point == MUC_ON_DECLINE)
        muc_xml_leaf(ev->as.invite->out, "more", draw_word(m));
    if (ev->point == MUC_ON_CONFIG_FORM)
        (void)muc_form_add(ev->as.config->form, &field);
    if (ev->point == MUC_ON_REGISTER_FORM)
        (void)muc_form_add(ev->as.registration->form, &field);
    change_event(m, ev);
}

static int refuse(monkey *m, muc_event *ev)
{
    switch (draw(m, 4)) {
    case 0:
        return muc_reject(ev, MUC_FORBIDDEN, "no");
    case 1:
        return muc_reject_to(ev, MUC_GONE, "xmpp:b@rooms.example?join", draw_word(m));
    case 2:
        return muc_reject_result(ev, MUC_ERR_LIMIT);
    default:
        return muc_pend(ev, &m->tokens[draw(m, TOKENS)]);
    }
}

int play_hook(muc_event *ev, void *ud)
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
        return refuse(m, ev);
    case 14:
        m->starved = true;
        return MUC_ERR_NOMEM;
    case 15:
        return (int)draw(m, 20) - 13;
    default:
        return MUC_PASS;
    }
}

/* ---- playing ---------------------------------------------------------------------------------------------------- */

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

static void start(monkey *m)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_settings_init(&settings, sizeof(settings));
    muc_callbacks_init(&callbacks, sizeof(callbacks));
    static const muc_feature *const extra[] = {&monkey_feature, NULL};
    unsigned how = draw(m, 64);
    m->pulling = how & 1;
    m->storing = (how & 6) != 0;
    settings.domain = "rooms.example";
    settings.max_history = 3;
    settings.max_records = 2;
    settings.max_held = how & 8 ? 10 : 1000;
    settings.max_unfetched = how & 8 ? 10 : 1000;
    settings.lock_new_rooms = how & 16 ? 1 : 0;
    settings.store_temporary = how & 32 ? 1 : 0;
    settings.extra_features = extra;
    be_host(m, &callbacks);
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
    m->several = muc_pending_count(m->service) > 0 || calls[which].call == sweep;
    int r = calls[which].call(m);
    m->fail = 0;
    require(r != MUC_ERR_NOMEM || m->starved);
    require(mu_check(m->service) == NULL);
    require(m->service->engine->depth == 0 && m->service->engine->phase == MU_PHASE_IDLE && m->service->journal.n == 0);
    text after = picture(m);
    /* What was released or had waited for too long is no part of a call that failed, and told anyway. */
    if (r < 0 && !m->released && !m->several)
        require(sent == m->sent && waiting == muc_service_waiting(m->service) && strcmp(m->picture.p, after.p) == 0);
    if (m->storing)
        check_store(m);
    check_held(m);
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
