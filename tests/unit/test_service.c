/* test_service.c: making services, what they ask of their host, stored rooms, drafts, walks, accessors of options. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

/* ---- what has ended --------------------------------------------------------------------------------------------- */

#define ENDED(call) GIVES(MUC_ERR_INVALID, call)

static int on_end(muc_event *ev, void *ud)
{
    static const muc_option_value some = {"name", "x"};
    static const muc_invitation whom = {.to = NURSE};
    static const muc_record record = {.key = "a"};
    muc_room *den = ev->room;
    muc_form *form = (muc_form *)ud;
    muc_occupant *draft = (muc_occupant *)ud;
    ENDED(muc_affiliation_set(den, NULL, NURSE, MUC_AFFILIATION_MEMBER, NULL));
    ENDED(muc_affiliation_set_nick(den, NURSE, "Nurse"));
    ENDED(muc_affiliation_set_data(den, NURSE, "key", "x"));
    ENDED(muc_config_write(den, NULL, NULL));
    ENDED(muc_room_invite(den, NULL, &whom, 1));
    ENDED(muc_room_decline(den, NURSE, JULIET, NULL, NULL));
    ENDED(muc_occupant_new(den, "nurse@example.org", "Nurse", &draft));
    ck_assert_ptr_null(draft);
    ENDED(muc_room_remove_occupants(den, NULL, NULL, 307, NULL));
    ENDED(muc_room_set(den, &some, 1));
    ENDED(muc_room_set_name(den, "x"));
    ENDED(muc_room_set_moderated(den, 1));
    ENDED(muc_record_set(den, "doves", &record));
    ENDED(muc_record_remove(den, "doves", "a"));
    ENDED(muc_register_form(den, NURSE, &form));
    ck_assert_ptr_null(form);
    ENDED(muc_room_register(den, NULL, NURSE, "Nurse"));
    ENDED(muc_room_unregister(den, NULL, NURSE));
    ENDED(muc_room_destroy(den, NULL, NULL, NULL));
    ENDED(muc_room_clear(den, 0, NULL));
    ENDED(muc_room_forget(den));
    ENDED(muc_room_evict(den));
    ENDED(muc_room_lock(den));
    ENDED(muc_room_unlock(den));
    ENDED(muc_room_expire_lock(den));
    ENDED(muc_room_set_subject(den, NULL, "x"));
    ENDED(muc_room_broadcast(den, muc_xml_new(ev->service, "message"), MUC_EVERYONE));
    ENDED(muc_room_route(den, muc_xml_new(ev->service, "message"), NURSE));
    ENDED(muc_history_clear(den));
    ENDED(muc_history_trim(den, 0));
    ENDED(muc_room_set_vcard(den, NULL));
    ENDED(muc_room_answer_voice(den, NULL, NURSE, 1, NULL));
    note("looked at a room");
    return MUC_PASS;
}

static int on_left(muc_event *ev, void *ud)
{
    (void)ud;
    ENDED(muc_occupant_set_role(ev->occupant, NULL, MUC_ROLE_VISITOR, NULL));
    ENDED(muc_occupant_set_nick(ev->occupant, "Nurse"));
    ENDED(muc_occupant_remove(ev->occupant, 307, NULL));
    ENDED(muc_occupant_route(ev->occupant, muc_xml_new(ev->service, "message")));
    ENDED(muc_occupant_announce(ev->occupant, NULL));
    ENDED(muc_occupant_refresh(ev->occupant));
    ENDED(muc_occupant_request_voice(ev->occupant, NULL));
    note("looked at an occupant");
    return MUC_PASS;
}

START_TEST(calls_on_what_has_ended)
{
    host_setup();
    muc_hook_add(world.service, MUC_ON_DESTROYED, NULL, 0, on_end, &world);
    muc_hook_add(world.service, MUC_ON_LEFT, NULL, 0, on_left, NULL);
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    said("looked at a room");
    said("looked at an occupant");
    muc_room *out = (muc_room *)&world;
    GIVES(MUC_ERR_BAD_JID, muc_room_create(world.service, "@", NULL, 0, &out));
    ck_assert_ptr_null(out);
    out = (muc_room *)&world;
    GIVES(MUC_ERR_NOT_FOUND, muc_room_load(world.service, DEN, &out));
    ck_assert_ptr_null(out);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_load(world.service, DEN, NULL));
    host_stop();
}
END_TEST

/* ---- making ------------------------------------------------------------------------------------------------------ */

static int make(const muc_settings *settings, const muc_callbacks *callbacks)
{
    muc_service *s = (muc_service *)(uintptr_t)1;
    int r = muc_service_new(&s, settings, callbacks, NULL, NULL);
    ck_assert_int_eq(s != NULL, r == MUC_OK);
    ck_assert_int_eq(muc_settings_problem(settings, callbacks) != NULL, r == MUC_ERR_INVALID);
    muc_service_free(s);
    return r;
}

static int no_random(uint8_t *bytes, size_t n, void *ud)
{
    (void)bytes;
    (void)n;
    (void)ud;
    return -1;
}

START_TEST(arguments_are_checked)
{
    host_prepare();
    OK(make(&world.settings, &world.callbacks));
    GIVES(MUC_ERR_INVALID, make(NULL, &world.callbacks));
    GIVES(MUC_ERR_INVALID, make(&world.settings, NULL));
    muc_callbacks c = world.callbacks;
    c.now = NULL;
    GIVES(MUC_ERR_INVALID, make(&world.settings, &c));
    c = world.callbacks;
    c.random = NULL;
    GIVES(MUC_ERR_INVALID, make(&world.settings, &c));
    c.random = no_random;
    GIVES(MUC_ERR_HOST, make(&world.settings, &c));
    muc_settings s = world.settings;
    s.domain = NULL;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.domain = "a b";
    GIVES(MUC_ERR_BAD_JID, make(&s, &world.callbacks));
    s = world.settings;
    s.max_nick = 1024;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.max_nick = 0;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s = world.settings;
    s.name = "\x01";
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    static const muc_option_value good = {"name", "x"}, bad = {"public", "x"}, unknown = {"pubic", "1"};
    s = world.settings;
    s.room_default_count = 1;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.room_defaults = &bad;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.room_defaults = &unknown;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.room_defaults = &good;
    OK(make(&s, &world.callbacks));
    static const muc_feature *const twice[] = {&muc_feature_ban, &muc_feature_ban, NULL}, *const none[] = {NULL};
    s = world.settings;
    s.features = twice;
    GIVES(MUC_ERR_INVALID, make(&s, &world.callbacks));
    s.features = none;
    OK(make(&s, &world.callbacks));
}
END_TEST

#define WRONG(what, name) ck_assert_str_eq(muc_settings_problem(&(what), &world.callbacks), name)

START_TEST(what_is_refused_has_a_name)
{
    host_prepare();
    ck_assert_ptr_null(muc_settings_problem(&world.settings, &world.callbacks));
    ck_assert_str_eq(muc_settings_problem(NULL, &world.callbacks), "settings");
    ck_assert_str_eq(muc_settings_problem(&world.settings, NULL), "callbacks");
    muc_callbacks c = world.callbacks;
    c.random = NULL;
    ck_assert_str_eq(muc_settings_problem(&world.settings, &c), "random");
    c.now = NULL;
    ck_assert_str_eq(muc_settings_problem(&world.settings, &c), "now");
    muc_settings s = world.settings;
    s.pace_burst = 0;
    WRONG(s, "pace_burst");
    s.idle_kick = -1;
    WRONG(s, "idle_kick");
    s.max_depth = 1;
    WRONG(s, "max_depth");
    s.domain = NULL;
    WRONG(s, "domain");
    s = world.settings;
    s.evict_after = 1;
    c = world.callbacks;
    c.room_wanted = NULL;
    ck_assert_str_eq(muc_settings_problem(&s, &c), "evict_after");
    s.room_creation = MUC_CREATION_ADMINS + 1;
    WRONG(s, "room_creation");
    static const muc_option_value some[] = {{"name", "x"}, {"public", "x"}}, misspelt[] = {{"pubic", "1"}},
                                  none[] = {{0}};
    s = world.settings;
    s.room_default_count = 2;
    WRONG(s, "room_defaults");
    s.room_defaults = some;
    WRONG(s, "public");
    s.room_default_count = 1;
    ck_assert_ptr_null(muc_settings_problem(&s, &world.callbacks));
    s.room_defaults = misspelt;
    WRONG(s, "pubic");
    s.room_defaults = none;
    WRONG(s, "room_defaults");
    static const muc_feature *const twice[] = {&muc_feature_ban, NULL};
    s = world.settings;
    s.extra_features = twice;
    WRONG(s, "features");
    s.occupant_ids = 1;
    WRONG(s, "secret");
    s.secret = "short";
    WRONG(s, "secret_n");
}
END_TEST

START_TEST(settings_of_a_service_are_taken_back)
{
    static const muc_option_value some = {"name", "x"};
    host_prepare();
    world.settings.room_defaults = &some;
    world.settings.room_default_count = 1;
    host_start();
    muc_settings copy = *muc_service_settings(world.service);
    ck_assert_ptr_null(muc_settings_problem(&copy, &world.callbacks));
    OK(muc_service_configure(world.service, &copy));
    join("den", JULIET, "Juliet");
    ck_assert_str_eq(muc_room_get_name(room("den")), "x");
    host_stop();
}
END_TEST

/* A host that was compiled when the structs were smaller, or larger. */
START_TEST(sizes_of_other_versions)
{
    host_prepare();
    world.callbacks.size = offsetof(muc_callbacks, prep);
    world.callbacks.room_changed = NULL;
    memset((char *)&world.callbacks + world.callbacks.size, 0x55, sizeof world.callbacks - world.callbacks.size);
    world.settings.size = offsetof(muc_settings, max_depth);
    memset((char *)&world.settings + world.settings.size, 0x55, sizeof world.settings - world.settings.size);
    host_start();
    ck_assert_uint_eq(muc_service_settings(world.service)->max_depth, 64);
    ck_assert_uint_eq(muc_service_settings(world.service)->max_page, 100);
    join("den", JULIET, "Juliet");
    host_stop();
    struct {
        muc_settings known;
        char more[64];
    } larger;
    muc_settings_init(&larger.known, sizeof larger);
    ck_assert_uint_eq(larger.known.size, sizeof larger);
    larger.known.domain = SERVICE;
    host_prepare();
    OK(make(&larger.known, &world.callbacks));
    larger.known.size = sizeof(size_t);
    GIVES(MUC_ERR_INVALID, make(&larger.known, &world.callbacks));
    larger.known.size = 0;
    GIVES(MUC_ERR_INVALID, make(&larger.known, &world.callbacks));
}
END_TEST

START_TEST(what_a_service_says_of_itself)
{
    char domain[] = "Rooms.Example.ORG";
    host_prepare();
    world.settings.domain = domain;
    host_start();
    domain[0] = '#';
    ck_assert_str_eq(muc_service_domain(world.service), SERVICE);
    ck_assert_str_eq(muc_service_name(world.service), "Chatrooms");
    ck_assert_ptr_eq(muc_service_userdata(world.service), &world);
    ck_assert_uint_eq(muc_room_count(world.service), 0);
    GIVES(MUC_NOT_MINE, give("<message from='" JULIET "' to='x@elsewhere'/>"));
    GIVES(MUC_NOT_MINE, give("<message from='" JULIET "'/>"));
    GIVES(MUC_ERR_MALFORMED, give("<message to='" DEN "'/>"));
    GIVES(MUC_ERR_MALFORMED, muc_dispatch(world.service, NULL, NULL));
    host_stop();
}
END_TEST

/* ---- two services, twice the same -------------------------------------------------------------------------------- */

static void conversation(void)
{
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    join("den", "romeo@example.org/two", "Romeo");
    talk("den", ROMEO, "x");
    for (int i = 0; i < 20; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "u%d@far.example/x", i);
        join("den", jid, jid);
    }
    CHANGED(muc_room_set_whois(room("den"), MUC_ROLE_VISITOR));
    OK(muc_domain_unreachable(world.service, "far.example"));
    OK(muc_peer_gone(world.service, ROMEO, "bye"));
    OK(muc_service_shutdown(world.service));
}

START_TEST(the_same_calls_give_the_same_bytes)
{
    host_prepare();
    host_start();
    muc_service *other = world.service;
    conversation();
    char *first = strcpy(malloc(world.log_n + 1), world.log);
    forget();
    muc_mem mem = failing_mem(&world.memory);
    OK(muc_service_new(&world.service, &world.settings, &world.callbacks, &mem, &world));
    ck_assert_ptr_null(room("den"));
    conversation();
    ck_assert_str_eq(first, world.log);
    free(first);
    muc_service_free(other);
    ck_assert_ptr_nonnull(room("den"));
    host_stop();
}
END_TEST

/* ---- the host is asked ------------------------------------------------------------------------------------------- */

static int is_admin(const char *bare, void *ud)
{
    ck_assert_ptr_eq(ud, &world);
    return strcmp(bare, "nurse@example.org") == 0;
}

static unsigned asked_parts;
static int prep(muc_prep_part part, muc_prep_purpose purpose, const char *in, char *out, size_t size, void *ud)
{
    ck_assert_ptr_eq(ud, &world);
    asked_parts |= 1u << ((unsigned)part * 2 + (unsigned)purpose);
    size_t n = 0;
    /* For comparing, digits at the end of a nickname do not count. */
    size_t end = strlen(in);
    while (part == MUC_PREP_NICK && purpose == MUC_PREP_COMPARE && end > 1 && in[end - 1] >= '0' && in[end - 1] <= '9')
        end--;
    for (; n < end && n + 1 < size; n++)
        if ((out[n] = in[n]) == '!')
            return -1;
    out[n] = '\0';
    return (int)n;
}

START_TEST(administrators_and_preparation)
{
    host_prepare();
    world.callbacks.is_admin = is_admin;
    world.callbacks.prep = prep;
    host_start();
    ck_assert_int_eq(muc_service_is_admin(world.service, NURSE), 1);
    ck_assert_int_eq(muc_service_is_admin(world.service, "nurse@example.org"), 1);
    ck_assert_int_eq(muc_service_is_admin(world.service, JULIET), 0);
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Juliet7");
    said("<conflict");
    ck_assert_ptr_eq(occupant("den", "Juliet99"), occupant("den", "Juliet"));
    forget();
    join("den", ROMEO, "\xc3\xa4!");
    said("<jid-malformed");
    join("den", "j\xc3\xbc@\xc3\xa4.example/\xc3\xb6", "J");
    /* What every profile keeps as it is nobody is asked about. */
    forget();
    join("den", ROMEO, "a!");
    unsaid("<error");
    CHANGED(muc_room_set_members_only(room("den"), 1));
    join("den", NURSE, "Nurse");
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
    ck_assert_int_eq(muc_affiliation_get(room("den"), NURSE), MUC_AFFILIATION_NONE);
    ck_assert_uint_eq(asked_parts & (1u << (MUC_PREP_NICK * 2 + MUC_PREP_COMPARE)), 1u << (MUC_PREP_NICK * 2 + 1));
    ck_assert(asked_parts & (1u << (MUC_PREP_NICK * 2 + MUC_PREP_ENFORCE)));
    ck_assert(asked_parts & (3u << (MUC_PREP_LOCAL * 2)));
    ck_assert(asked_parts & (3u << (MUC_PREP_DOMAIN * 2)));
    ck_assert(asked_parts & (3u << (MUC_PREP_RESOURCE * 2)));
    host_stop();
}
END_TEST

/* ---- stored rooms ------------------------------------------------------------------------------------------------ */

static int wanted, wanted_answer;

static int on_wanted(muc_service *s, const char *jid, void *ud)
{
    (void)ud;
    wanted++;
    if (wanted_answer != MUC_ROOM_RESTORED || strcmp(jid, DEN) != 0)
        return wanted_answer == MUC_ROOM_RESTORED ? MUC_ROOM_UNKNOWN : wanted_answer;
    OK(muc_room_restore(s, world.saved, world.saved_n, NULL));
    return MUC_ROOM_RESTORED;
}

static void setup_stored(void)
{
    host_prepare();
    world.callbacks.room_wanted = on_wanted;
    world.settings.max_unknown_rooms = 3;
    host_start();
    wanted = 0;
    wanted_answer = MUC_ROOM_UNKNOWN;
}

static int load(const char *jid)
{
    muc_room *out = NULL;
    int r = muc_room_load(world.service, jid, &out);
    ck_assert_int_eq(out != NULL, r == MUC_OK);
    return r;
}

START_TEST(rooms_are_evicted_and_come_back)
{
    join("den", JULIET, "Juliet");
    CHANGED(muc_room_set_persistent(room("den"), 1));
    CHANGED(muc_room_set_name(room("den"), "Den"));
    GIVES(MUC_ERR_BUSY, muc_room_evict(room("den")));
    OK(muc_peer_gone(world.service, JULIET, NULL));
    save_room("den");
    OK(muc_room_evict(room("den")));
    wanted = 0;
    wanted_answer = MUC_ROOM_RESTORED;
    ck_assert_ptr_null(room("den"));
    forget();
    join("den", ROMEO, "Romeo");
    ck_assert_int_eq(wanted, 1);
    unsaid("<status code='201'/>");
    unsaid("store");
    ck_assert_str_eq(muc_room_get_name(room("den")), "Den");
    ck_assert_int_eq(muc_affiliation_get(room("den"), JULIET), MUC_AFFILIATION_OWNER);
    GIVES(MUC_ERR_EXISTS, muc_room_create(world.service, DEN, NULL, 0, NULL));
    OK(load(DEN));
    ck_assert_int_eq(wanted, 1);
}
END_TEST

START_TEST(unknown_rooms_are_remembered_within_a_bound)
{
    static const char *const jids[] = {"a@" SERVICE, "b@" SERVICE, "c@" SERVICE, "d@" SERVICE};
    for (int i = 0; i < 3; i++)
        for (int k = 0; k < 2; k++)
            GIVES(MUC_ERR_NOT_FOUND, load(jids[i]));
    ck_assert_int_eq(wanted, 3);
    GIVES(MUC_ERR_NOT_FOUND, load(jids[3]));
    GIVES(MUC_ERR_NOT_FOUND, load(jids[3]));
    ck_assert_int_eq(wanted, 4);
    GIVES(MUC_ERR_NOT_FOUND, load(jids[0]));
    ck_assert_int_eq(wanted, 5);
    /* A room that is made is known. */
    OK(muc_room_create(world.service, jids[0], NULL, 0, NULL));
    ck_assert_int_eq(wanted, 5);
    OK(muc_room_evict(room("a")));
    GIVES(MUC_ERR_NOT_FOUND, load(jids[0]));
    ck_assert_int_eq(wanted, 6);
    GIVES(MUC_ERR_BAD_JID, load("x@elsewhere"));
    GIVES(MUC_ERR_BAD_JID, load(SERVICE));
    wanted_answer = -7;
    GIVES(MUC_ERR_HOST, load("e@" SERVICE));
    forget();
    join("e", JULIET, "J");
    said("<internal-server-error");
    said("type='wait'");
    ck_assert_int_eq(wanted, 8);
}
END_TEST

static int refuse(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

/* Whoever may not make a room, at whatever point that turns out, has the store asked once. */
START_TEST(a_room_that_is_not_made_stays_unknown)
{
    static const muc_point points[] = {MUC_ON_PRE_CREATE, MUC_ON_MADE, MUC_ON_PRE_JOIN};
    int id = muc_hook_add(world.service, points[_i], NULL, MUC_PRIORITY_DEFAULT, refuse, NULL);
    for (int i = 0; i < 4; i++)
        join("e", JULIET, "J");
    said("<forbidden");
    ck_assert_ptr_null(room("e"));
    ck_assert_int_eq(wanted, 1);
    muc_hook_remove(world.service, id);
    join("e", JULIET, "J");
    ck_assert_ptr_nonnull(room("e"));
    ck_assert_int_eq(wanted, 1);
    /* One that was there is asked for again. */
    OK(muc_room_forget(room("e")));
    GIVES(MUC_ERR_NOT_FOUND, load("e@" SERVICE));
    ck_assert_int_eq(wanted, 2);
}
END_TEST

/* ---- drafts ------------------------------------------------------------------------------------------------------ */

START_TEST(drafts)
{
    muc_occupant *d, *e;
    GIVES(MUC_ERR_BAD_JID, muc_occupant_new(room("den"), "bot@example.org", "", &d));
    OK(muc_occupant_new(room("den"), "Bot@example.org", "Bot", &d));
    ck_assert_str_eq(muc_occupant_bare_jid(d), "bot@example.org");
    ck_assert_int_eq(muc_occupant_role(d), MUC_ROLE_PARTICIPANT);
    ck_assert_ptr_null(muc_occupant_primary(d));
    GIVES(MUC_ERR_INVALID, muc_occupant_save(d));
    GIVES(MUC_ERR_INVALID, muc_occupant_set_session(d, "bot@example.org", NULL, 0));
    GIVES(MUC_ERR_BAD_JID, muc_occupant_set_session(d, "rob@example.org/x", NULL, 0));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 0));
    OK(muc_occupant_set_session(d, "bot@example.org/b", NULL, 0));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 1));
    ck_assert_str_eq(muc_session_jid(muc_occupant_primary(d)), "bot@example.org/a");
    OK(muc_occupant_remove_session(d, "bot@example.org/a"));
    GIVES(MUC_ERR_NOT_FOUND, muc_occupant_remove_session(d, "bot@example.org/a"));
    ck_assert_str_eq(muc_session_jid(muc_occupant_primary(d)), "bot@example.org/b");
    OK(muc_occupant_set_draft_role(d, MUC_ROLE_MODERATOR));
    GIVES(MUC_ERR_INVALID, muc_occupant_set_draft_role(d, MUC_ROLE_NONE));
    GIVES(MUC_ERR_INVALID, muc_occupant_set_role(d, NULL, MUC_ROLE_VISITOR, NULL));
    GIVES(MUC_ERR_INVALID, muc_occupant_remove(d, 307, NULL));
    ck_assert_str_eq(world.log, "");
    OK(muc_occupant_save(d));
    ck_assert_ptr_eq(occupant("den", "bot"), d);
    GIVES(MUC_ERR_INVALID, muc_occupant_save(d));
    GIVES(MUC_ERR_INVALID, muc_occupant_set_session(d, "bot@example.org/c", NULL, 0));
    muc_occupant_discard(d);
    said("send bot@example.org/b <presence");
    said("send " ROMEO " <presence");
    /* The nickname, then the session, is there already. */
    for (int i = 0; i < 2; i++) {
        OK(muc_occupant_new(room("den"), i ? "bot@example.org" : "other@example.org", i ? "Tob" : "BOT", &e));
        OK(muc_occupant_set_session(e, i ? "bot@example.org/b" : "other@example.org/b", NULL, 0));
        char *before = state();
        forget();
        GIVES(MUC_ERR_CONFLICT, muc_occupant_save(e));
        ck_assert_str_eq(world.log, "");
        same_state(before);
        muc_occupant_discard(e);
    }
    muc_occupant_discard(NULL);
}
END_TEST

START_TEST(drafts_and_limits)
{
    host_stop();
    host_prepare();
    world.settings.max_sessions = 2;
    world.settings.max_occupants = 1;
    host_start();
    join("den", JULIET, "Juliet");
    muc_occupant *d;
    OK(muc_occupant_new(room("den"), "bot@example.org", "Bot", &d));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 0));
    OK(muc_occupant_set_session(d, "bot@example.org/b", NULL, 0));
    GIVES(MUC_ERR_LIMIT, muc_occupant_set_session(d, "bot@example.org/c", NULL, 0));
    GIVES(MUC_ERR_LIMIT, muc_occupant_save(d));
    /* The room goes first. */
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_occupant_save(d));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 1));
    muc_occupant_discard(d);
}
END_TEST

static int draft_inside(muc_event *ev, void *ud)
{
    muc_occupant *d;
    if (ud)
        CHANGED(muc_room_set_name(ev->room, "n"));
    OK(muc_occupant_new(ev->room, "bot@example.org", "Juliet", &d));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 0));
    OK(muc_occupant_set_session(d, "bot@example.org/a", NULL, 1));
    GIVES(MUC_ERR_CONFLICT, muc_occupant_save(d));
    muc_occupant_discard(d);
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static int tell_of_going(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_room_broadcast(ev->room, message("somebody goes"), MUC_EVERYONE));
    OK(muc_room_broadcast(ev->room, message("roles"), MUC_EVERYONE & ~(1u << MUC_ROLE_VISITOR)));
    return MUC_PASS;
}

/* Whatever handlers say then. */
START_TEST(nothing_goes_to_who_is_gone)
{
    join("den", "nurse@example.org/house", "Nurse");
    join("den", "paris@verona.example/square", "Paris");
    join("den", "tybalt@verona.example/street", "Tybalt");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_SESSION_GONE, NULL, 0, tell_of_going, NULL), 0);
    forget();
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    unsaid("send " ROMEO);
    ck_assert_uint_eq(times("somebody goes"), 4);
    ck_assert_uint_eq(times("roles"), 4);
    forget();
    OK(muc_domain_unreachable(world.service, "verona.example"));
    unsaid("send paris");
    unsaid("send tybalt");
    ck_assert_uint_eq(times("somebody goes"), 4);
    ck_assert_uint_eq(times("roles"), 4);
    ck_assert_uint_eq(times("unavailable"), 4);
}
END_TEST

/* No transaction takes back what was done to a draft: it may be gone by then. */
START_TEST(drafts_inside_a_transaction_that_fails)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, draft_inside, _i ? "" : NULL), 0);
    char *before = state();
    talk("den", JULIET, "x");
    said("<forbidden");
    same_state(before);
}
END_TEST

/* ---- walks ------------------------------------------------------------------------------------------------------- */

static int count_sessions(muc_session *session, void *ud)
{
    char line[128];
    snprintf(line, sizeof line, "session %s", muc_session_jid(session));
    note(line);
    return --*(int *)ud == 0 ? 42 : 0;
}

START_TEST(sessions_of_a_user)
{
    join("hut", ROMEO, "Montague");
    join("hut", "romeo@example.org/two", "Montague");
    forget();
    int most = 100;
    OK(muc_peer_sessions(world.service, ROMEO, count_sessions, &most));
    ck_assert_uint_eq(times("session " ROMEO), 2);
    OK(muc_peer_sessions(world.service, "Romeo@example.org", count_sessions, &most));
    ck_assert_uint_eq(times("session romeo"), 5);
    OK(muc_peer_sessions(world.service, "nobody@example.org/x", count_sessions, &most));
    most = 2;
    GIVES(42, muc_peer_sessions(world.service, "romeo@example.org", count_sessions, &most));
    ck_assert_uint_eq(times("session romeo"), 7);
}
END_TEST

static int remove_while_walking(muc_event *ev, void *ud)
{
    (void)ud;
    for (muc_occupant *o = NULL; (o = muc_occupant_next(ev->room, o));)
        if (muc_occupant_affiliation(o) != MUC_AFFILIATION_OWNER) {
            note(muc_occupant_nick(o));
            OK(muc_occupant_remove(o, 307, NULL));
        }
    for (muc_room *r = NULL; (r = muc_room_next(ev->service, r));)
        if (r != ev->room) {
            note(muc_room_jid(r));
            OK(muc_room_destroy(r, NULL, NULL, NULL));
        }
    return MUC_STOP;
}

START_TEST(walks_survive_removal)
{
    join("hut", ROMEO, "M");
    join("loft", ROMEO, "M");
    join("den", NURSE, "Nurse");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, remove_while_walking, NULL), 0);
    talk("den", JULIET, "x");
    ck_assert_uint_eq(muc_room_count(world.service), 1);
    ck_assert_uint_eq(muc_occupant_count(room("den")), 1);
    said("Romeo\nNurse\nhut@" SERVICE "\nloft@" SERVICE "\n");
}
END_TEST

START_TEST(affiliations_are_walked_and_removed)
{
    for (int i = 0; i < 10; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "u%d@example.org", i);
        CHANGED(muc_affiliation_set(room("den"), NULL, jid, MUC_AFFILIATION_MEMBER, NULL));
    }
    muc_affiliation_entry entry;
    size_t n = 0;
    for (size_t cursor = 0; muc_affiliation_next(room("den"), &cursor, &entry); n++)
        if (entry.affiliation == MUC_AFFILIATION_MEMBER)
            CHANGED(muc_affiliation_set(room("den"), NULL, entry.jid, MUC_AFFILIATION_NONE, NULL));
    ck_assert_uint_eq(n, 11);
    ck_assert_uint_eq(muc_affiliation_count(room("den")), 1);
}
END_TEST

/* ---- accessors --------------------------------------------------------------------------------------------------- */

#define ACCESSORS(type, name)                                                                                          \
    static int set_##name(int64_t v)                                                                                   \
    {                                                                                                                  \
        return muc_room_set_##name(room("den"), (type)v);                                                              \
    }                                                                                                                  \
    static int64_t get_##name(void)                                                                                    \
    {                                                                                                                  \
        return (int64_t)muc_room_get_##name(room("den"));                                                              \
    }
ACCESSORS(int, public)
ACCESSORS(int, hidden)
ACCESSORS(int, persistent)
ACCESSORS(int, members_only)
ACCESSORS(int, moderated)
ACCESSORS(int, changesubject)
ACCESSORS(muc_role, whois)
ACCESSORS(int64_t, historylength)
ACCESSORS(muc_roles, presence_broadcast)
ACCESSORS(muc_roles, allow_pm)
ACCESSORS(int64_t, max_users)

/* What a number is set to, by the accessor and by the form, and what is announced of it. */
static const struct {
    int (*set)(int64_t v);
    int64_t (*get)(void);
    int64_t first, then, wrong; /* wrong -99: there is none */
    const char *name, *value;
} numbers[] = {
    {set_public, get_public, 1, 0, -99, "public", "0"},
    {set_hidden, get_hidden, 0, 1, -99, "public", "0"},
    {set_persistent, get_persistent, 0, 1, -99, "persistent", "1"},
    {set_members_only, get_members_only, 0, 1, -99, "members_only", "1"},
    {set_moderated, get_moderated, 0, 1, -99, "moderated", "1"},
    {set_changesubject, get_changesubject, 0, 1, -99, "changesubject", "1"},
    {set_whois, get_whois, MUC_ROLE_MODERATOR, MUC_ROLE_VISITOR, MUC_ROLE_PARTICIPANT, "whois", "anyone"},
    {set_historylength, get_historylength, 20, 7, -1, "historylength", "7"},
    {set_presence_broadcast, get_presence_broadcast, MUC_EVERYONE, 0xc, 1, "presence_broadcast",
     "moderator,participant"},
    {set_allow_pm, get_allow_pm, MUC_EVERYONE, MUC_MODERATORS, 2, "allow_pm", "moderators"},
    {set_max_users, get_max_users, 0, 50, -1, "max_users", "50"},
};

static void announcement(char *out, int r)
{
    CHANGED(r);
    strcpy(out, world.log);
    host_stop();
    host_setup();
}

START_TEST(numbers_by_accessor_and_by_form)
{
    char by_accessor[16384], by_form[16384];
    ck_assert_int_eq(numbers[_i].get(), numbers[_i].first);
    OK(numbers[_i].set(numbers[_i].first));
    ck_assert_str_eq(world.log, "");
    if (numbers[_i].wrong != -99)
        GIVES(MUC_ERR_INVALID, numbers[_i].set(numbers[_i].wrong));
    announcement(by_accessor, numbers[_i].set(numbers[_i].then));
    const muc_option_value setting = {numbers[_i].name, numbers[_i].value};
    CHANGED(muc_room_set(room("den"), &setting, 1));
    ck_assert_int_eq(numbers[_i].get(), numbers[_i].then);
    OK(numbers[_i].set(numbers[_i].then));
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    host_stop();
    host_setup();
    announcement(by_form, muc_room_set(room("den"), &setting, 1));
    ck_assert_str_eq(by_accessor, by_form);
}
END_TEST

static const struct {
    const char *(*get)(const muc_room *room);
    int (*set)(muc_room *room, const char *text);
    const char *name, *value;
} texts[] = {
    {muc_room_get_name, muc_room_set_name, "name", "N & N"},
    {muc_room_get_description, muc_room_set_description, "description", "D"},
    {muc_room_get_language, muc_room_set_language, "language", "de"},
    {muc_room_get_password, muc_room_set_password, "password", "P"},
};

START_TEST(texts_by_accessor)
{
    muc_room *den = room("den");
    ck_assert_str_eq(texts[_i].get(den), "");
    OK(texts[_i].set(den, NULL));
    OK(texts[_i].set(den, ""));
    GIVES(MUC_ERR_INVALID, texts[_i].set(den, "\x01"));
    CHANGED(texts[_i].set(den, texts[_i].value));
    ck_assert_uint_eq(times("<status code='104'/>"), 2);
    ck_assert_str_eq(texts[_i].get(den), texts[_i].value);
    const muc_option *row = muc_option_find(world.service, texts[_i].name);
    char value[16];
    ck_assert_uint_eq(muc_room_get(den, row, value, sizeof value), strlen(texts[_i].value));
    ck_assert_str_eq(value, texts[_i].value);
    CHANGED(texts[_i].set(den, NULL));
    ck_assert_str_eq(texts[_i].get(den), "");
}
END_TEST

Suite *suite_service(void)
{
    Suite *suite = suite_create("service");
    TCase *tc = tcase_create("making");
    tcase_add_test(tc, arguments_are_checked);
    tcase_add_test(tc, calls_on_what_has_ended);
    tcase_add_test(tc, what_is_refused_has_a_name);
    tcase_add_test(tc, settings_of_a_service_are_taken_back);
    tcase_add_test(tc, sizes_of_other_versions);
    tcase_add_test(tc, what_a_service_says_of_itself);
    tcase_add_test(tc, the_same_calls_give_the_same_bytes);
    tcase_add_test(tc, administrators_and_preparation);
    suite_add_tcase(suite, tc);
    tc = tcase_create("stored rooms");
    tcase_add_checked_fixture(tc, setup_stored, host_stop);
    tcase_add_test(tc, rooms_are_evicted_and_come_back);
    tcase_add_test(tc, unknown_rooms_are_remembered_within_a_bound);
    tcase_add_loop_test(tc, a_room_that_is_not_made_stays_unknown, 0, 3);
    suite_add_tcase(suite, tc);
    tc = tcase_create("rooms");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, drafts);
    tcase_add_test(tc, drafts_and_limits);
    tcase_add_loop_test(tc, drafts_inside_a_transaction_that_fails, 0, 2);
    tcase_add_test(tc, nothing_goes_to_who_is_gone);
    tcase_add_test(tc, sessions_of_a_user);
    tcase_add_test(tc, walks_survive_removal);
    tcase_add_test(tc, affiliations_are_walked_and_removed);
    tcase_add_loop_test(tc, numbers_by_accessor_and_by_form, 0, sizeof numbers / sizeof *numbers);
    tcase_add_loop_test(tc, texts_by_accessor, 0, sizeof texts / sizeof *texts);
    suite_add_tcase(suite, tc);
    return suite;
}
