/* test_model_random.c: random changes of the model, undone to random marks, with and without failing allocations. */
#include "model_dump.h"
#include "random.h"
#include "service_fixture.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

static service_fixture fixture;
static uint64_t seed;

static uint32_t below(uint32_t limit)
{
    return random_below(&seed, limit);
}

static muc_room *any_room(void)
{
    muc_service *s = &fixture.service;
    uint32_t n = s->rooms.count > 0 ? below((uint32_t)s->rooms.count) : 0;
    muc_room *room = s->first_room;
    while (n-- > 0)
        room = room->next;
    return room;
}

static muc_occupant *any_occupant(muc_room *room)
{
    uint32_t n = room && room->live->occupants.count > 0 ? below((uint32_t)room->live->occupants.count) : 0;
    muc_occupant *o = room ? room->live->first_occupant : NULL;
    while (n-- > 0)
        o = o->next;
    return o;
}

static muc_session *any_session(muc_occupant *o)
{
    uint32_t n = o ? below((uint32_t)mu_occupant_sessions(o)) : 0;
    muc_session *session = o ? o->first : NULL;
    while (n-- > 0)
        session = session->next;
    return session;
}

static mu_blob *blob(void)
{
    char text[32];
    int n = snprintf(text, sizeof text, " from='r/%u'><x/>", below(1000));
    return mu_blob_new(fixture.service.heap, text, (size_t)n);
}

/* ---- changes: a negative result, or 0 and above ----------------------------------------------------------------- */

static int add_room(void)
{
    char key[32];
    int n = snprintf(key, sizeof key, "r%u@rooms.example.org", below(6));
    muc_room *room;
    return mu_room_add(&fixture.service, (muc_span){key, (size_t)n}, &room);
}

static int remove_room(void)
{
    muc_room *room = any_room();
    int r = 0;
    while (room && room->live->first_occupant && !r)
        r = mu_occupant_remove(room->live->first_occupant);
    return room && !r ? mu_room_remove(room) : r;
}

static int lock(void)
{
    muc_room *room = any_room();
    return room ? mu_room_set_locked(room, below(2), below(2)) : 0;
}

static int store(void)
{
    static const char *const words[][3] = {
        {"public", "0", "1"},  {"title", "one", ""}, {"title", "another", "yet another"},
        {"limit", "10", "25"}, {"langs", "a,c", ""}, {"whois", "anyone", "moderators"}};
    muc_service *s = &fixture.service;
    muc_room *room = any_room();
    const char *const *row = words[below(6)];
    int index = mu_option_index(s, muc_option_find(s, row[0]));
    mu_value value;
    int r = room ? mu_value_parse(s, s->options[index], row[1 + below(2)], &value) : -1;
    if (r)
        return room ? r : 0;
    r = mu_room_store(room, index, &value);
    mu_free(s->heap, value.text);
    return r;
}

static int subject(void)
{
    muc_room *room = any_room();
    if (!room)
        return 0;
    mu_blob *body = below(3) > 0 ? blob() : NULL;
    return mu_room_set_subject(room, body, body ? "text" : NULL, body ? "from" : NULL, below(9));
}

/* What the verbs above do: those inside follow. */
static int affiliate(void)
{
    static const char *const jids[] = {"u0@example.net", "u1@example.net", "u2@example.org", "example.net"};
    muc_room *room = any_room();
    const char *jid = jids[below(4)];
    int r = room ? mu_affiliation_store(room, (muc_span){jid, strlen(jid)}, (muc_affiliation)((int)below(5) - 1),
                                        below(2) ? "why" : NULL)
                 : 0;
    for (muc_occupant *o = room ? room->live->first_occupant : NULL; o && !r; o = o->next)
        r = mu_occupant_set_rank(
            o, o->role, mu_affiliation_of(room, (muc_span){mu_occupant_bare_key(o), strlen(mu_occupant_bare_key(o))}));
    return r;
}

static int reserve(void)
{
    static const char *const nicks[] = {"Ann", "Bob", "Eve"};
    static const char *const keys[] = {"ann", "bob", "eve"};
    muc_room *room = any_room();
    mu_affiliation *a = room ? room->first_affiliation : NULL;
    if (a && a->next && below(2))
        a = a->next;
    uint32_t i = below(4);
    return a ? mu_affiliation_store_nick(room, a, i < 3 ? nicks[i] : NULL, i < 3 ? keys[i] : NULL) : 0;
}

/* A user u0 to u2 with one of two resources. */
static mu_peer *any_peer(uint32_t user)
{
    char jid[48];
    snprintf(jid, sizeof jid, "u%u@example.%s/%s", user, user == 2 ? "org" : "net", below(2) ? "a" : "b'");
    return mu_peer_get(&fixture.service, jid);
}

static int add_session_of(muc_occupant *o, uint32_t user)
{
    mu_peer *peer = any_peer(user);
    if (!peer)
        return MUC_ERR_NOMEM;
    mu_blob *presence = blob();
    int r = presence ? mu_session_add(o, peer, presence, (int)below(3), NULL) : MUC_ERR_NOMEM;
    mu_peer_unref(fixture.service.heap, peer);
    return r;
}

static int join(void)
{
    muc_room *room = any_room();
    if (!room)
        return 0;
    char nick[16];
    char bare[32];
    uint32_t user = below(3);
    snprintf(nick, sizeof nick, "n%u", below(6));
    snprintf(bare, sizeof bare, "u%u@example.%s", user, user == 2 ? "org" : "net");
    muc_occupant *o = mu_occupant_make(room, nick, nick, bare, bare);
    if (!o)
        return MUC_ERR_NOMEM;
    int r = 0;
    for (uint32_t n = 1 + below(2); n > 0 && !r; n--)
        r = add_session_of(o, user);
    if (!r)
        r = mu_occupant_choose(o);
    if (r >= 0)
        r = mu_occupant_add(o);
    if (r < 0)
        mu_occupant_free(room->service->heap, o);
    return r;
}

static int session_joins(void)
{
    muc_occupant *o = any_occupant(any_room());
    int r = o ? add_session_of(o, (uint32_t)(mu_occupant_bare_key(o)[1] - '0')) : 0;
    return o && !r ? mu_occupant_choose(o) : r;
}

static int session_leaves(void)
{
    muc_occupant *o = any_occupant(any_room());
    if (!o)
        return 0;
    if (mu_occupant_sessions(o) == 1)
        return mu_occupant_remove(o);
    int r = mu_session_remove(any_session(o));
    return r ? r : mu_occupant_choose(o);
}

static int leave(void)
{
    muc_occupant *o = any_occupant(any_room());
    return o ? mu_occupant_remove(o) : 0;
}

static int update(void)
{
    muc_session *session = any_session(any_occupant(any_room()));
    mu_blob *presence = session ? blob() : NULL;
    if (!presence)
        return session ? MUC_ERR_NOMEM : 0;
    int r = mu_session_set_presence(session, presence, (int)below(3));
    return r ? r : mu_occupant_choose(session->occupant);
}

static int rename_somebody(void)
{
    muc_occupant *o = any_occupant(any_room());
    char nick[16];
    char key[16];
    uint32_t n = below(6);
    snprintf(nick, sizeof nick, "%c%u", below(2) ? 'n' : 'N', n);
    snprintf(key, sizeof key, "n%u", n);
    return o ? mu_occupant_rename(o, nick, key) : 0;
}

static int rank(void)
{
    muc_occupant *o = any_occupant(any_room());
    return o ? mu_occupant_set_rank(o, (muc_role)(1 + below(3)), o->affiliation) : 0;
}

static int say(void)
{
    muc_room *room = any_room();
    mu_blob *body = room ? blob() : NULL;
    mu_packet *p = body ? mu_packet_new(room->service->heap, (muc_span){"<message", 8}, body,
                                        (muc_span){"</message>", below(2) ? 10 : 0})
                        : NULL;
    mu_blob_unref(fixture.service.heap, body);
    int r = p ? mu_history_append(room, p, below(100), false, below(6)) : room ? MUC_ERR_NOMEM : 0;
    mu_packet_unref(fixture.service.heap, p);
    return r;
}

static int forget(void)
{
    muc_room *room = any_room();
    return room ? mu_history_trim(room, below(3)) : 0;
}

/* ---- what is only kept to save work ----------------------------------------------------------------------------- */

/* Stands for a written presence: what it would say of the occupant. */
static mu_packet *written(const muc_occupant *o)
{
    char text[160];
    int n = snprintf(text, sizeof text, "%s %d %d %p", muc_occupant_nick(o), (int)o->role, (int)o->affiliation,
                     (const void *)o->primary->presence);
    return mu_packet_new(o->room->service->heap, (muc_span){text, (size_t)n}, NULL, (muc_span){"", 0});
}

static mu_audience *held_audience;
static mu_roster *held_roster;

static int look(void)
{
    muc_room *room = any_room();
    muc_occupant *o = any_occupant(room);
    int view = (int)below(MU_VIEWS);
    if (o && below(4) == 0)
        (void)mu_room_roster(room, view, o);
    if (o && !o->views[view]) {
        o->views[view] = written(o);
        if (o->views[view])
            mu_roster_show(o, view, o->views[view]);
    }
    /* Somebody holds one of the lists for a while. */
    mu_audience *a = NULL;
    if (room && mu_room_audience(room, (int)below(MU_AUDIENCES), &a) == 0 && below(3) == 0) {
        mu_audience_unref(held_audience);
        held_audience = mu_audience_ref(a);
    }
    if (room && below(3) == 0) {
        mu_roster_unref(held_roster);
        held_roster = mu_roster_ref(room->live->rosters[view]);
    }
    mu_audience_unref(a);
    /* Whether somebody is below his limit is known by looking at all, too. */
    bool below_limit;
    if (o && mu_room_user_is_below(room, o->first->peer, 2, &below_limit) == 0) {
        size_t n = 0;
        for (const muc_occupant *other = room->live->first_occupant; other; other = other->next)
            for (const muc_session *s = other->first; s; s = s->next)
                n += mu_session_is_listed(s) && mu_peer_same_user(s->peer, o->first->peer);
        ck_assert_int_eq(below_limit, n < 2);
    }
    return 0;
}

static void check_views(const muc_occupant *o)
{
    mu_packet *now = written(o);
    for (int i = 0; i < MU_VIEWS; i++) {
        if (!o->views[i])
            continue;
        ck_assert_uint_eq(o->views[i]->head_n, now->head_n);
        ck_assert_mem_eq(o->views[i]->p, now->p, now->head_n);
    }
    mu_packet_unref(fixture.service.heap, now);
}

static void check_kept(void)
{
    for (const muc_room *room = fixture.service.first_room; room; room = room->next) {
        for (const muc_occupant *o = room->live->first_occupant; o; o = o->next)
            check_views(o);
    }
}

/* ---- the walk --------------------------------------------------------------------------------------------------- */

static int (*const changes[])(void) = {
    add_room, add_room,      remove_room,   lock,
    store,    store,         subject,       affiliate,
    reserve,  join,          join,          join,
    join,     session_joins, leave,         session_leaves,
    update,   update,        session_joins, rename_somebody,
    rank,     say,           forget,        look,
    look,     say,
};
enum { CHANGES = sizeof changes / sizeof *changes, DEPTH = 6, ROUNDS = 6000 };

/* Where the walk may come back to. */
typedef struct place {
    size_t mark;
    mu_buf dump;
} place;

static void put_mark(place *p)
{
    p->mark = fixture.service.journal.n;
    model_dump(&fixture.service, &p->dump);
}

static void go_back(const place *p)
{
    mu_buf now;
    mu_buf_init(&now, p->dump.heap);
    mu_journal_undo(&fixture.service.journal, p->mark);
    model_dump(&fixture.service, &now);
    ck_assert_str_eq(now.p, p->dump.p);
    mu_buf_free(&now);
}

static void check_all(void)
{
    const char *wrong = mu_check(&fixture.service);
    ck_assert_msg(!wrong, "%s", wrong);
    check_kept();
}

/* One change: after an error it is undone, and all is as it was. scarce: memory may end in it. */
static void change(place *before, bool scarce)
{
    put_mark(before);
    if (below(50) == 0)
        ck_assert_int_eq(mu_by_user_keep(&fixture.service), MUC_OK);
    fixture.memory.left = scarce ? (long)below(12) : -1;
    int r = changes[below(CHANGES)]();
    bool ended = fixture.memory.left == 0;
    fixture.memory.left = -1;
    ck_assert(r >= 0 || r == MUC_ERR_EXISTS || r == MUC_ERR_CONFLICT || (r == MUC_ERR_NOMEM && ended));
    if (r < 0)
        go_back(before);
    check_all();
}

static void walk(bool scarce)
{
    held_audience = NULL;
    held_roster = NULL;
    mu_heap *heap = mu_heap_new(NULL); /* dumps never fail */
    place places[DEPTH + 1];
    size_t depth = 0;
    for (size_t i = 0; i <= DEPTH; i++)
        mu_buf_init(&places[i].dump, heap);
    for (int round = 0; round < ROUNDS; round++) {
        uint32_t what = below(10);
        if (what == 0 && depth < DEPTH) {
            put_mark(&places[depth++]);
        } else if (what == 1 && depth > 0) {
            depth = below((uint32_t)depth);
            go_back(&places[depth]);
            check_all();
        } else if (what == 2 && below(3) == 0) {
            service_fixture_commit(&fixture);
            depth = 0;
            check_all();
        } else {
            change(&places[DEPTH], scarce);
        }
    }
    for (size_t i = 0; i <= DEPTH; i++)
        mu_buf_free(&places[i].dump);
    mu_heap_unref(heap);
    mu_audience_unref(held_audience);
    mu_roster_unref(held_roster);
}

static void setup(void)
{
    service_fixture_setup(&fixture);
}

static void teardown(void)
{
    service_fixture_teardown(&fixture);
}

START_TEST(undoing_brings_everything_back)
{
    seed = (uint64_t)_i + 1;
    walk(false);
}
END_TEST

START_TEST(undoing_brings_everything_back_without_memory)
{
    seed = (uint64_t)_i + 100;
    walk(true);
}
END_TEST

Suite *suite_model_random(void)
{
    Suite *suite = suite_create("model_random");
    TCase *tests = tcase_create("walks");
    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_set_timeout(tests, 60);
    tcase_add_loop_test(tests, undoing_brings_everything_back, 0, 4);
    tcase_add_loop_test(tests, undoing_brings_everything_back_without_memory, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}
