/* service_fixture.c: puts a muc_service together by hand, without the engine. */
#include "service_fixture.h"

#include <check.h>
#include <string.h>

static const muc_choice limits[] = {{"10", NULL, 10}, {"none", NULL, 0}, {NULL, NULL, 0}};
static const muc_choice langs[] = {{"a", NULL, 0}, {"b", NULL, 0}, {"c", NULL, 0}, {NULL, NULL, 0}};
static const muc_choice modes[] = {{"slow", NULL, 0}, {"fast", NULL, 0}, {NULL, NULL, 0}};
static const muc_option rows[] = {
    {.name = "public", .field = "x#public", .rank = MUC_RANK_ACCESS, .initial = "1"},
    {.name = "title", .type = MUC_OPTION_TEXT, .rank = MUC_RANK_ABOUT, .max_length = 20},
    {.name = "limit", .type = MUC_OPTION_NUMBER, .rank = MUC_RANK_ACCESS, .max = 50, .choices = limits},
    {.name = "langs", .type = MUC_OPTION_SET, .field = "x#langs", .rank = MUC_RANK_OTHER, .choices = langs},
    {.name = "mode", .type = MUC_OPTION_CHOICE, .rank = MUC_RANK_ABOUT, .choices = modes},
    {.name = NULL},
};

/* The data of the feature is a counter of the rooms that ended. */
static void end_data(muc_service *s, void *data)
{
    (void)s;
    ++*(int *)data;
}

const muc_feature service_fixture_feature = {.name = "fixture", .options = rows, .room_free = end_data};

static int64_t tell_time(void *ud)
{
    service_fixture *f = ud;
    f->asked++;
    return f->clock;
}

static void set_limits(muc_settings *settings)
{
    static char domain[] = "rooms.example.org";
    settings->domain = domain;
    settings->name = "Chatrooms";
    settings->max_nick = 1023;
    settings->max_history = 100;
    settings->max_history_bytes = 4096;
    settings->max_text = 4096;
    settings->max_unknown_rooms = 3;
    settings->keep_views = 1;
    settings->max_records = 3;
}

void service_fixture_setup(service_fixture *f)
{
    memset(f, 0, sizeof *f);
    f->memory.left = -1;
    f->features[0] = &service_fixture_feature;
    muc_service *s = &f->service;
    muc_mem mem = failing_mem(&f->memory);
    s->heap = mu_heap_new(&mem);
    memcpy(s->secret, "0123456789abcdef", sizeof s->secret);
    set_limits(&s->settings);
    s->callbacks.now = tell_time;
    s->ud = f;
    s->features = f->features;
    s->feature_count = 1;
    mu_map_init(&s->rooms, s->heap, s->secret);
    mu_map_init(&s->peers, s->heap, s->secret);
    mu_map_init(&s->visits, s->heap, s->secret);
    mu_map_init(&s->unknown, s->heap, s->secret);
    mu_map_init(&s->tombstones, s->heap, s->secret);
    mu_journal_init(&s->journal, s->heap);
    mu_buf_init(&s->scratch, s->heap);
    ck_assert_int_eq(mu_options_collect(s, NULL, 0), MUC_OK);
}

void service_fixture_commit(service_fixture *f)
{
    ck_assert_int_eq(mu_journal_prepare(&f->service.journal), MUC_OK);
    f->memory.left = 0;
    mu_journal_commit(&f->service.journal);
    f->memory.left = -1;
    mu_settle(&f->service);
}

void service_fixture_teardown(service_fixture *f)
{
    muc_service *s = &f->service;
    mu_journal_free(&s->journal);
    while (s->first_room) {
        muc_room *room = s->first_room;
        s->first_room = room->next;
        mu_room_free(s->heap, room);
    }
    mu_unknown_clear(s);
    mu_tombstones_free(s);
    mu_map_free(&s->rooms);
    mu_map_free(&s->peers);
    mu_visits_free(s);
    mu_by_user_forget(s);
    mu_buf_free(&s->scratch);
    mu_options_free(s);
    ck_assert_uint_eq(s->heap->refs, 1);
    mu_heap_unref(s->heap);
    ck_assert_int_eq(f->memory.live, 0);
}

muc_room *fixture_room(service_fixture *f, const char *key)
{
    muc_room *room = NULL;
    ck_assert_int_eq(mu_room_add(&f->service, (muc_span){key, strlen(key)}, &room), MUC_OK);
    return room;
}

muc_occupant *fixture_occupant(muc_room *room, const char *nick, const char *full_jid, muc_role role)
{
    muc_service *s = room->service;
    char bare[64] = {0};
    memcpy(bare, full_jid, strcspn(full_jid, "/"));
    muc_occupant *o = mu_occupant_make(room, nick, nick, bare, bare);
    o->role = role;
    mu_peer *peer = mu_peer_get(s, full_jid);
    ck_assert_int_eq(mu_session_add(o, peer, mu_blob_new(s->heap, " from='x'>", 10), 0, NULL), MUC_OK);
    mu_peer_unref(room->service->heap, peer);
    ck_assert_int_eq(mu_occupant_add(o), MUC_OK);
    return o;
}

TCase *fixture_tests(Suite *suite, const char *name, SFun setup, SFun teardown)
{
    TCase *tests = tcase_create(name);
    tcase_add_checked_fixture(tests, setup, teardown);
    suite_add_tcase(suite, tests);
    return tests;
}
