/* test_admin.c: what the API of an administrator offers, operation by operation, made of public calls alone. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define HUT  "hut@" SERVICE
#define HALL "hall@" SERVICE

static int note_room(muc_room *of, void *ud)
{
    (void)ud;
    note(muc_room_jid(of));
    return 0;
}

static int note_session(muc_session *session, void *ud)
{
    (void)ud;
    note(muc_session_jid(session));
    return 0;
}

/* ---- users ------------------------------------------------------------------------------------------------------- */

START_TEST(rooms_of_a_user)
{
    join("hut", ROMEO, "Montague");
    join("hut", "romeo@example.org/two", "Montague");
    join("hall", "romeo@example.org/two", "Romeo");
    join("hall", JULIET, "Juliet");
    forget();
    OK(muc_peer_rooms(world.service, "Romeo@example.org", note_room, NULL));
    ck_assert_uint_eq(times(DEN), 1);
    ck_assert_uint_eq(times(HUT), 1);
    ck_assert_uint_eq(times(HALL), 1);
    forget();
    OK(muc_peer_rooms(world.service, ROMEO, note_room, NULL));
    unsaid(HALL);
    said(HUT);
    GIVES(MUC_ERR_BAD_JID, muc_peer_rooms(world.service, NULL, note_room, NULL));
}
END_TEST

/* Whoever comes and goes is known to the index of users, and who shares the beginning of an address is another. */
START_TEST(users_come_and_go)
{
    OK(muc_peer_rooms(world.service, "nobody@example.org", note_room, NULL));
    join("den", "romeo@example.org.evil.example/x", "Other");
    join("hut", "romeo@example.org/two", "Montague");
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    forget();
    OK(muc_peer_sessions(world.service, "romeo@example.org", note_session, NULL));
    ck_assert_str_eq(world.log, "romeo@example.org/two\n");
    free(state());
    OK(muc_room_destroy(room("hut"), NULL, NULL, NULL));
    forget();
    OK(muc_peer_sessions(world.service, "romeo@example.org", note_session, NULL));
    ck_assert_str_eq(world.log, "");
}
END_TEST

/* A look inside a transaction that is undone. */
static int look_and_fail(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_peer_rooms(ev->service, "romeo@example.org", note_room, NULL));
    return MUC_ERR_INVALID;
}

START_TEST(looked_for_in_what_is_undone)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_WELCOME, NULL, 0, look_and_fail, NULL), 0);
    char *before = state();
    join("hut", ROMEO, "Montague");
    said(HUT);
    same_state(before);
    forget();
    OK(muc_peer_rooms(world.service, "romeo@example.org", note_room, NULL));
    ck_assert_str_eq(world.log, DEN "\n");
}
END_TEST

/* ---- rooms that nobody uses -------------------------------------------------------------------------------------- */

static struct {
    char xml[8192];
    size_t n;
    int keep;
} store;

static int into_store(const char *bytes, size_t n, void *ud)
{
    (void)ud;
    ck_assert_uint_lt(store.n + n, sizeof store.xml);
    memcpy(store.xml + store.n, bytes, n);
    store.n += n;
    store.xml[store.n] = '\0';
    return 0;
}

static int room_wanted(muc_service *service, const char *jid, void *ud)
{
    (void)ud;
    if (!store.n || strcmp(jid, HALL) != 0)
        return MUC_ROOM_UNKNOWN;
    return muc_room_restore(service, store.xml, store.n, NULL) ? MUC_ERR_HOST : MUC_ROOM_RESTORED;
}

static int on_pre_evict(muc_event *ev, void *ud)
{
    (void)ud;
    note("evicted");
    if (store.keep)
        return muc_reject(ev, MUC_CONFLICT, NULL);
    store.n = 0;
    return muc_room_save(ev->room, MUC_PART_ALL, into_store, NULL);
}

static const muc_option_value stays = {"persistent", "1"};

/* hall is persistent and empty, hut neither made by anybody nor persistent, den in use. */
static void set_up_store(void)
{
    memset(&store, 0, sizeof store);
    host_prepare();
    world.settings.evict_after = 60;
    world.settings.max_sweep = 1;
    world.callbacks.room_wanted = room_wanted;
    host_start();
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_PRE_EVICT, NULL, 0, on_pre_evict, NULL), 0);
    OK(muc_room_create(world.service, HALL, &stays, 1, NULL));
    OK(muc_room_create(world.service, HUT, NULL, 0, NULL));
    join("den", JULIET, "Juliet");
    forget();
}

START_TEST(rooms_are_used)
{
    int64_t before = world.clock;
    ck_assert_int_eq(muc_room_used(room("den")), before);
    world.clock += 5000;
    talk("den", JULIET, "x");
    ck_assert_int_eq(muc_room_used(room("den")), world.clock);
    world.clock += 5000;
    join("den", ROMEO, "Romeo");
    ck_assert_int_eq(muc_room_used(room("den")), world.clock);
    CHANGED(muc_room_set_persistent(room("den"), 1));
    world.clock += 5999;
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    OK(muc_peer_gone(world.service, JULIET, NULL));
    ck_assert_int_eq(muc_room_used(room("den")), before + 15000);
    ck_assert_ptr_eq(muc_room_next_unused(world.service, before + 1, NULL), room("hall"));
    ck_assert_ptr_eq(muc_room_next_unused(world.service, before + 1, room("hall")), room("hut"));
    ck_assert_ptr_null(muc_room_next_unused(world.service, before + 1, room("hut")));
    ck_assert_ptr_null(muc_room_next_unused(world.service, before, NULL));
    ck_assert_ptr_eq(muc_room_next_unused(world.service, before + 15001, room("hut")), room("den"));
}
END_TEST

START_TEST(unused_rooms_leave_memory)
{
    int64_t next;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 15000);
    world.clock += 59000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 15000);
    world.clock += 14000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_uint_eq(times("evicted"), 0);
    world.clock += 1000;
    store.keep = 1;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_uint_eq(times("evicted"), 1);
    ck_assert_ptr_nonnull(room("hall"));
    store.keep = 0;
    world.clock += 15000;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_ptr_null(room("hall"));
    ck_assert_ptr_nonnull(room("hut"));
    ck_assert_ptr_nonnull(room("den"));
    unsaid("store");
    /* It comes back as it was, and when it was used is part of it. */
    int64_t used = 1000000;
    muc_room *hall;
    OK(muc_room_load(world.service, HALL, NULL));
    OK(muc_room_load(world.service, HALL, &hall));
    ck_assert_int_eq(muc_room_used(hall), used);
    ck_assert_int_eq(muc_room_get_persistent(hall), 1);
}
END_TEST

/* One thing a sweep: it says that there is more to do, and goes on where it stopped. */
START_TEST(sweeping_goes_on)
{
    OK(muc_room_create(world.service, "inn@" SERVICE, &stays, 1, NULL));
    OK(muc_room_create(world.service, "pub@" SERVICE, &stays, 1, NULL));
    world.clock += 60000;
    int64_t next;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock);
    ck_assert_uint_eq(muc_room_count(world.service), 4);
    /* Where it would go on is gone. */
    OK(muc_room_destroy(room("hut"), NULL, NULL, NULL));
    OK(muc_service_sweep(world.service, &next));
    OK(muc_service_sweep(world.service, &next));
    ck_assert_uint_eq(muc_room_count(world.service), 1);
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 15000);
}
END_TEST

START_TEST(owners_alone_do_not_keep_a_room)
{
    static const char owner[] = "send paris@example.org/x <presence type='unavailable'";
    muc_settings next = *muc_service_settings(world.service);
    next.max_sweep = 10;
    OK(muc_service_configure(world.service, &next));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "paris@example.org", MUC_AFFILIATION_OWNER, NULL));
    join("hall", "paris@example.org/x", "Paris");
    CHANGED(muc_room_set_persistent(room("den"), 1));
    join("den", ROMEO, "Romeo");
    world.clock += 60000;
    forget();
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_ptr_nonnull(occupant("hall", "Paris"));
    next.evict_owners = 1;
    OK(muc_service_configure(world.service, &next));
    /* He talks to himself, but he talks. */
    talk("hall", "paris@example.org/x", "x");
    world.clock += 59000;
    forget();
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_ptr_nonnull(occupant("hall", "Paris"));
    world.clock += 20000;
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_ptr_null(room("hall"));
    said(owner);
    said("<reason>nobody else is here</reason>");
    said("<status code='110'/>");
    ck_assert_uint_eq(times("evicted"), 1);
    ck_assert_uint_eq(times("send "), 1);
    /* Somebody else is there; what is not persistent would be lost. */
    ck_assert_ptr_nonnull(occupant("den", "Juliet"));
    ck_assert_ptr_nonnull(room("hut"));
    /* It comes back without him, and he may come back to it. */
    muc_room *hall;
    OK(muc_room_load(world.service, HALL, &hall));
    ck_assert_uint_eq(muc_occupant_count(hall), 0);
    join("hall", "paris@example.org/x", "Paris");
    ck_assert_int_eq(muc_occupant_affiliation(occupant("hall", "Paris")), MUC_AFFILIATION_OWNER);
}
END_TEST

static int hold_hall(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_uint_eq(muc_occupant_count(ev->room), 0);
    return muc_reject(ev, MUC_CONFLICT, NULL);
}

/* The store keeps occupants, and takes its time; then a handler keeps the room; and one that is not configured yet
 * waits for that. */
START_TEST(owners_go_before_the_room)
{
    muc_settings next = *muc_service_settings(world.service);
    next.max_sweep = 10;
    next.evict_owners = 1;
    next.store_parts = MUC_PART_ALL;
    OK(muc_service_configure(world.service, &next));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "paris@example.org", MUC_AFFILIATION_OWNER, NULL));
    join("hall", "paris@example.org/x", "Paris");
    next.lock_new_rooms = 1;
    const muc_option_value defaults[] = {stays};
    next.room_defaults = defaults;
    next.room_default_count = 1;
    OK(muc_service_configure(world.service, &next));
    join("inn", "host@example.org/x", "Host");
    ck_assert_int_eq(muc_room_awaits_config(room("inn")), 1);
    world.clock += 60000;
    forget();
    world.change_answer = MUC_HOLD;
    OK(muc_service_sweep(world.service, NULL));
    world.change_answer = 0;
    ck_assert_ptr_nonnull(room("hall"));
    ck_assert_uint_eq(muc_occupant_count(room("hall")), 0);
    ck_assert_ptr_nonnull(occupant("inn", "Host"));
    unsaid("send");
    OK(muc_room_release(room("hall")));
    said("<reason>nobody else is here</reason>");
    int id = muc_hook_add(world.service, MUC_ON_PRE_EVICT, NULL, MUC_PRIORITY_FIRST, hold_hall, NULL);
    ck_assert_int_gt(id, 0);
    world.clock += 15000;
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_ptr_nonnull(room("hall"));
    OK(muc_hook_remove(world.service, id));
    world.clock += 15000;
    OK(muc_service_sweep(world.service, NULL));
    ck_assert_ptr_null(room("hall"));
}
END_TEST

START_TEST(a_snapshot_says_when)
{
    static const char old[] = "<room xmlns='urn:libmuc:room:1' jid='" HALL "'/>";
    static const char bad[] = "<room xmlns='urn:libmuc:room:1' jid='" HALL "' used='yesterday'/>";
    OK(muc_room_destroy(room("hall"), NULL, NULL, NULL));
    GIVES(MUC_ERR_MALFORMED, muc_room_restore(world.service, bad, sizeof bad - 1, NULL));
    world.clock += 7000;
    OK(muc_room_restore(world.service, old, sizeof old - 1, NULL));
    ck_assert_int_eq(muc_room_used(room("hall")), world.clock);
}
END_TEST

/* ---- in the name of users ---------------------------------------------------------------------------------------- */

START_TEST(users_enter_speak_and_leave)
{
    muc_refusal why;
    OK(muc_act_enter(world.service, "bot@example.org/x", DEN, "Bot", NULL, &why));
    ck_assert_ptr_nonnull(occupant("den", "Bot"));
    said("send " ROMEO " <presence");
    said("send bot@example.org/x <presence");
    forget();
    OK(muc_act_say(world.service, "bot@example.org/x", DEN, NULL, "to all", &why));
    ck_assert_uint_eq(times("<body>to all</body>"), 3);
    OK(muc_act_say(world.service, "bot@example.org/x", DEN, "Romeo", "to him", &why));
    ck_assert_uint_eq(times("<body>to him</body>"), 1);
    OK(muc_act_subject(world.service, JULIET, DEN, "Balconies", &why));
    ck_assert_str_eq(muc_room_get_subject(room("den"), NULL, NULL), "Balconies");
    OK(muc_act_leave(world.service, "bot@example.org/x", DEN, "enough", &why));
    said("<status>enough</status>");
    ck_assert_ptr_null(occupant("den", "Bot"));
    GIVES(MUC_ERR_NOT_FOUND, muc_act_leave(world.service, "bot@example.org/x", DEN, NULL, &why));
    GIVES(MUC_ERR_INVALID, muc_act_say(world.service, JULIET, DEN, NULL, NULL, &why));
    GIVES(MUC_ERR_INVALID, muc_act_say(world.service, JULIET, DEN, NULL, "\x01", &why));
    GIVES(MUC_NOT_MINE, muc_act_say(world.service, JULIET, "den@elsewhere.example", NULL, "x", &why));
}
END_TEST

/* Nothing is sent, nothing has happened, and the caller is told why. */
START_TEST(what_is_refused_comes_back)
{
    CHANGED(muc_room_set_password(room("den"), "secret"));
    CHANGED(muc_room_set_moderated(room("den"), 1));
    forget();
    char *before = state();
    muc_refusal why;
    GIVES(MUC_ERR_REJECTED, muc_act_enter(world.service, "bot@example.org/x", DEN, "Bot", "wrong", &why));
    ck_assert_int_eq(why.condition, MUC_NOT_AUTHORIZED);
    ck_assert_int_eq(why.type, MUC_ERROR_AUTH);
    GIVES(MUC_ERR_REJECTED, muc_act_enter(world.service, ROMEO "2", DEN, "Juliet", "secret", NULL));
    GIVES(MUC_ERR_REJECTED, muc_act_say(world.service, "bot@example.org/x", DEN, NULL, "x", &why));
    ck_assert_int_eq(why.condition, MUC_NOT_ACCEPTABLE);
    ck_assert_str_ne(why.text, "");
    GIVES(MUC_ERR_REJECTED, muc_act_subject(world.service, ROMEO, DEN, "x", &why));
    ck_assert_int_eq(why.condition, MUC_FORBIDDEN);
    static const char form[] =
        "<iq from='" ROMEO "' to='" DEN "' id='1' type='get'><query xmlns='" MUC_NS_OWNER "'/></iq>";
    GIVES(MUC_ERR_REJECTED, muc_act_text(world.service, form, sizeof form - 1, &why));
    ck_assert_int_eq(why.condition, MUC_FORBIDDEN);
    GIVES(MUC_ERR_MALFORMED, muc_act_text(world.service, "<iq", 3, &why));
    GIVES(MUC_ERR_MALFORMED, muc_act(world.service, NULL, &why));
    same_state(before);
    unsaid("send");
    OK(muc_act_enter(world.service, "bot@example.org/x", DEN, "Bot", "secret", &why));
    ck_assert_int_eq(why.condition, 0);
}
END_TEST

/* What cannot be stored is no answer to the user. */
START_TEST(what_fails_comes_back)
{
    CHANGED(muc_room_set_persistent(room("den"), 1));
    forget();
    world.change_answer = -1;
    GIVES(MUC_ERR_STORE, muc_act_subject(world.service, JULIET, DEN, "x", NULL));
    unsaid("send");
}
END_TEST

/* ---- making rooms ------------------------------------------------------------------------------------------------ */

/* One call makes all of it, under a name that is picked; the owner then enters. */
START_TEST(a_room_with_its_people)
{
    const muc_option_value config[] = {{"members_only", "1"}, {"persistent", "1"}};
    const muc_affiliation_entry people[] = {
        {.jid = "juliet@example.org", .affiliation = MUC_AFFILIATION_OWNER, .nick = "Juliet"},
        {.jid = "Romeo@example.org/x", .affiliation = MUC_AFFILIATION_MEMBER, .reason = "love"},
        {.jid = "tybalt@example.org", .affiliation = MUC_AFFILIATION_OUTCAST},
    };
    muc_room_plan plan = {.config = config, .config_count = 2, .affiliations = people, .affiliation_count = 3};
    muc_room *out;
    OK(muc_room_create_as(world.service, &plan, &out));
    ck_assert_uint_eq(times("store "), 1);
    ck_assert_int_eq(muc_affiliation_get(out, "juliet@example.org"), MUC_AFFILIATION_OWNER);
    ck_assert_int_eq(muc_affiliation_get(out, "romeo@example.org"), MUC_AFFILIATION_MEMBER);
    ck_assert_int_eq(muc_affiliation_get(out, "tybalt@example.org"), MUC_AFFILIATION_OUTCAST);
    ck_assert_str_eq(muc_affiliation_nick_owner(out, "Juliet"), "juliet@example.org");
    ck_assert_uint_eq(strlen(muc_room_jid(out)), 32 + strlen("@" SERVICE));
    OK(muc_act_enter(world.service, JULIET, muc_room_jid(out), "Juliet", NULL, NULL));
    ck_assert_int_eq(muc_occupant_role(muc_occupant_by_nick(out, "Juliet")), MUC_ROLE_MODERATOR);
    plan.jid = muc_room_jid(out);
    GIVES(MUC_ERR_EXISTS, muc_room_create_as(world.service, &plan, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_create_as(world.service, NULL, NULL));
}
END_TEST

START_TEST(a_room_whose_people_make_no_sense)
{
    const muc_affiliation_entry people[] = {
        {.jid = "juliet@example.org", .affiliation = MUC_AFFILIATION_OWNER, .nick = "Juliet"},
        {.jid = "romeo@example.org", .affiliation = MUC_AFFILIATION_MEMBER, .nick = "Juliet"},
    };
    muc_room_plan plan = {.jid = HUT, .affiliations = people, .affiliation_count = 2};
    muc_room *out = NULL;
    char *before = state();
    GIVES(MUC_ERR_CONFLICT, muc_room_create_as(world.service, &plan, &out));
    ck_assert_ptr_null(out);
    same_state(before);
    ck_assert_ptr_null(room("hut"));
    GIVES(MUC_ERR_BAD_JID, muc_room_create(world.service, NULL, NULL, 0, NULL));
}
END_TEST

/* ---- the whole service ------------------------------------------------------------------------------------------- */

static int only_juliet(const char *bare_jid, void *ud)
{
    (void)ud;
    return strcmp(bare_jid, "juliet@example.org") == 0;
}

START_TEST(everybody_is_told)
{
    OK(muc_room_create(world.service, HALL, NULL, 0, NULL));
    join("hut", ROMEO, "Montague");
    forget();
    OK(muc_service_notice(world.service, "back in an hour"));
    ck_assert_uint_eq(times("<body>back in an hour</body>"), 3);
    ck_assert_uint_eq(times(" from='" HUT "' type='groupchat'") + times(" type='groupchat' from='" HUT "'"), 1);
    ck_assert_uint_eq(muc_history_count(room("hut")), 1);
    ck_assert_uint_eq(muc_history_count(room("hall")), 0);
    GIVES(MUC_ERR_INVALID, muc_service_notice(world.service, NULL));
}
END_TEST

START_TEST(administrators_tell_everybody)
{
    host_stop();
    host_prepare();
    world.callbacks.is_admin = only_juliet;
    host_start();
    join("den", JULIET, "Juliet");
    join("hut", ROMEO, "Montague");
    forget();
    OK(give("<message from='" JULIET "' to='" SERVICE "' xml:lang='en'><body>soon</body>"
            "<body xml:lang='de'>bald</body><x xmlns='" MUC_NS_USER "'><status code='110'/></x></message>"));
    ck_assert_uint_eq(times("soon"), 2);
    ck_assert_uint_eq(times("bald"), 2);
    unsaid("110");
    unsaid("type='error'");
    forget();
    OK(give("<message from='" ROMEO "' to='" SERVICE "'><body>soon</body></message>"));
    OK(give("<message from='" JULIET "' to='" SERVICE "/x'><body>soon</body></message>"));
    OK(give("<message from='" JULIET "' to='none@" SERVICE "'><body>soon</body></message>"));
    ck_assert_uint_eq(times("type='error'"), 3);
    ck_assert_uint_eq(times("send "), 3);
}
END_TEST

START_TEST(numbers)
{
    muc_stats before, now;
    muc_service_stats(world.service, &before);
    ck_assert_uint_eq(before.rooms, 1);
    ck_assert_uint_eq(before.occupants, 2);
    ck_assert_uint_eq(before.sessions, 2);
    ck_assert_uint_eq(before.users, 2);
    ck_assert_uint_eq(before.entered, 2);
    ck_assert_uint_eq(before.presences_in, 2);
    talk("den", ROMEO, "x");
    join("den", "romeo@example.org/two", "Romeo");
    join("hut", "romeo@example.org/two", "Romeo");
    talk("hut", JULIET, "not there");
    muc_service_stats(world.service, &now);
    ck_assert_uint_eq(now.said - before.said, 1);
    ck_assert_uint_eq(now.messages_in - before.messages_in, 2);
    ck_assert_uint_eq(now.refused - before.refused, 1);
    ck_assert_uint_eq(now.entered - before.entered, 1);
    ck_assert_uint_eq(now.occupants, 3);
    ck_assert_uint_eq(now.sessions, 4);
    ck_assert_uint_eq(now.users, 3);
    ck_assert_uint_eq(now.rooms, 2);
    ck_assert_uint_gt(now.deliveries, before.deliveries);
    ck_assert_uint_gt(now.recipients - before.recipients, now.deliveries - before.deliveries);
    OK(muc_room_destroy(room("hut"), NULL, NULL, NULL));
    muc_service_stats(world.service, &now);
    ck_assert_uint_eq(now.occupants, 2);
    ck_assert_uint_eq(now.sessions, 3);
}
END_TEST

/* ---- forgetting somebody ----------------------------------------------------------------------------------------- */

START_TEST(nothing_of_a_user_stays)
{
    join("hut", "juliet@example.org/two", "Capulet");
    join("hut", ROMEO, "Romeo");
    CHANGED(muc_affiliation_set(room("hut"), NULL, "romeo@example.org", MUC_AFFILIATION_OWNER, NULL));
    OK(muc_room_create(world.service, HALL, &(muc_option_value){"persistent", "1"}, 1, NULL));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "juliet@example.org", MUC_AFFILIATION_MEMBER, NULL));
    CHANGED(muc_affiliation_set_nick(room("hall"), "juliet@example.org", "Juliet"));
    forget();
    OK(muc_user_forget(world.service, "Juliet@example.org", "heir@example.org", "account closed"));
    ck_assert_ptr_null(occupant("den", "Juliet"));
    ck_assert_ptr_null(occupant("hut", "Capulet"));
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    ck_assert_int_eq(muc_affiliation_get(room("den"), "juliet@example.org"), MUC_AFFILIATION_NONE);
    ck_assert_int_eq(muc_affiliation_get(room("den"), "heir@example.org"), MUC_AFFILIATION_OWNER);
    /* Somebody else owns that one. */
    ck_assert_int_eq(muc_affiliation_get(room("hut"), "heir@example.org"), MUC_AFFILIATION_NONE);
    ck_assert_uint_eq(muc_affiliation_count(room("hall")), 0);
    ck_assert_ptr_null(muc_affiliation_nick_owner(room("hall"), "Juliet"));
    free(state());
    forget();
    OK(muc_user_forget(world.service, "juliet@example.org", NULL, NULL));
    ck_assert_uint_eq(world.log_n, 0);
    GIVES(MUC_ERR_BAD_JID, muc_user_forget(world.service, NULL, NULL, NULL));
    GIVES(MUC_ERR_BAD_JID, muc_user_forget(world.service, "romeo@example.org", "@", NULL));
}
END_TEST

#define ROSALINE "rosaline@example.org"

static int wait_for_ever(muc_event *ev, void *ud)
{
    (void)ud;
    uint64_t token;
    return muc_pend(ev, &token);
}

static size_t records(const char *owner)
{
    size_t cursor = 0, n = 0;
    muc_record record;
    while (muc_record_next(room("den"), owner, &cursor, &record))
        n++;
    return n;
}

/* Of somebody without an affiliation: what is kept for him by his address, what he began, what waits of him. */
START_TEST(no_record_of_a_user_stays)
{
    static const char *const keys[] = {ROSALINE, ROSALINE "/0", ROSALINE " x", ROSALINE ".net", "juliet@example.org"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        OK(muc_record_set(room("den"), "mine", &(muc_record){.key = keys[i]}));
    join("den", ROSALINE "/x", "Rosaline");
    OK(muc_room_invite(room("den"), ROSALINE "/x", &(muc_invitation){.to = "nurse@example.org"}, 1));
    OK(muc_room_invite(room("den"), JULIET, &(muc_invitation){.to = ROSALINE}, 1));
    OK(muc_room_invite(room("den"), JULIET, &(muc_invitation){.to = "nurse@example.org"}, 1));
    OK(muc_room_invite(room("den"), NULL, &(muc_invitation){.to = "nurse@example.org"}, 1));
    ck_assert_uint_eq(records("invite"), 4);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_GROUPCHAT, NULL, 0, wait_for_ever, NULL), 0);
    talk("den", ROSALINE "/x", "wait");
    talk("den", ROMEO, "wait too");
    ck_assert_uint_eq(muc_pending_count(world.service), 2);
    forget();
    OK(muc_user_forget(world.service, ROSALINE, NULL, NULL));
    ck_assert_ptr_null(occupant("den", "Rosaline"));
    ck_assert_uint_eq(records("mine"), 2);
    ck_assert_uint_eq(records("invite"), 2);
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    char *after = state();
    ck_assert_ptr_null(strstr(after, ROSALINE "/"));
    free(after);
}
END_TEST

static int answer_at_once(muc_event *ev, void *ud)
{
    return muc_pend(ev, ud);
}

/* A stanza that has waited has come once. */
START_TEST(what_waits_is_counted_once)
{
    uint64_t token = 0;
    muc_stats before, now;
    int hook = muc_hook_add(world.service, MUC_ON_GROUPCHAT, NULL, 0, answer_at_once, &token);
    ck_assert_int_gt(hook, 0);
    muc_service_stats(world.service, &before);
    talk("den", ROMEO, "late");
    OK(muc_pending_answer(world.service, token, MUC_PASS));
    said("late");
    muc_service_stats(world.service, &now);
    ck_assert_uint_eq(now.messages_in - before.messages_in, 1);
    ck_assert_uint_eq(now.said - before.said, 1);
}
END_TEST

/* ---- affiliations that others know ------------------------------------------------------------------------------- */

/* A directory answers at each entry: what it says is set before the entry is decided, and is undone with it. */
static int ask_directory(muc_event *ev, void *ud)
{
    if (!ev->room || muc_occupant_by_jid(ev->room, ev->from))
        return MUC_PASS;
    int r = muc_affiliation_set(ev->room, NULL, ev->from, *(const muc_affiliation *)ud, NULL);
    return r < 0 ? r : MUC_PASS;
}

START_TEST(the_host_knows_affiliations)
{
    muc_affiliation known = MUC_AFFILIATION_MEMBER;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_PRESENCE, NULL, 0, ask_directory, &known), 0);
    CHANGED(muc_room_set_members_only(room("den"), 1));
    join("den", "rosaline@example.org/x", "Rosaline");
    ck_assert_int_eq(muc_occupant_affiliation(occupant("den", "Rosaline")), MUC_AFFILIATION_MEMBER);
    /* It has changed while she is in. */
    forget();
    CHANGED(muc_affiliation_set(room("den"), NULL, "rosaline@example.org", MUC_AFFILIATION_NONE, NULL));
    said("<status code='321'/>");
    ck_assert_ptr_null(occupant("den", "Rosaline"));
    known = MUC_AFFILIATION_OUTCAST;
    join("den", "rosaline@example.org/x", "Rosaline");
    ck_assert_ptr_null(occupant("den", "Rosaline"));
    ck_assert_int_eq(muc_affiliation_get(room("den"), "rosaline@example.org"), MUC_AFFILIATION_NONE);
}
END_TEST

/* ---- nicknames of the whole service ------------------------------------------------------------------------------ */

/* Romeo is Montague everywhere. */
static int of_another(muc_event *ev, const char *jid, const char *nick)
{
    int his = strncmp(jid, "romeo@example.org", strlen("romeo@example.org")) == 0;
    return !nick || strcmp(nick, "Montague") != 0 || his ? MUC_PASS : muc_reject(ev, MUC_CONFLICT, NULL);
}

static int on_nick(muc_event *ev, void *ud)
{
    (void)ud;
    return of_another(ev, ev->as.join->jid, ev->as.join->nick);
}

static int on_register(muc_event *ev, void *ud)
{
    (void)ud;
    return of_another(ev, ev->as.registration->jid, ev->as.registration->nick);
}

START_TEST(nicknames_of_the_whole_service)
{
    static const muc_point points[] = {MUC_ON_PRE_JOIN, MUC_ON_PRE_RENAME, MUC_ON_PRE_REGISTER};
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_gt(muc_hook_add(world.service, points[i], NULL, MUC_PRIORITY_EFFECT,
                                      points[i] == MUC_ON_PRE_REGISTER ? on_register : on_nick, NULL),
                         0);
    join("hut", "tybalt@example.org/street", "Montague");
    ck_assert_ptr_null(room("hut"));
    OK(give("<presence from='" JULIET "' to='" DEN "/Montague'/>"));
    ck_assert_ptr_nonnull(occupant("den", "Juliet"));
    ck_assert_uint_eq(times("<conflict"), 2);
    GIVES(MUC_ERR_REJECTED, muc_room_register(room("den"), JULIET, JULIET, "Montague"));
    join("hut", ROMEO, "Montague");
    ck_assert_ptr_nonnull(occupant("hut", "Montague"));
    OK(give("<presence from='" ROMEO "' to='" DEN "/Montague'/>"));
    ck_assert_ptr_nonnull(occupant("den", "Montague"));
}
END_TEST

/* ---- who may not register, and does not hear of it --------------------------------------------------------------- */

static int refuse_romeo(muc_event *ev, void *ud)
{
    (void)ud;
    return strcmp(ev->from, ROMEO) ? MUC_PASS : muc_reject(ev, MUC_FORBIDDEN, NULL);
}

#define ASKS(who, payload) "<iq from='" who "' to='" DEN "' type='get' id='i'><query xmlns='" payload "'/></iq>"
#define DISCO_INFO         "http://jabber.org/protocol/disco#info"

START_TEST(registration_is_hidden)
{
    static const char *const keys[] = {"jabber:iq:register", MUC_NS_REGISTER};
    for (size_t i = 0; i < 2; i++)
        ck_assert_int_gt(
            muc_hook_add(world.service, MUC_ON_DISCO_FEATURE, keys[i], MUC_PRIORITY_ACCESS, refuse_romeo, NULL), 0);
    ck_assert_int_gt(
        muc_hook_add(world.service, MUC_ON_IQ, "{jabber:iq:register}query", MUC_PRIORITY_ACCESS, refuse_romeo, NULL),
        0);
    CHANGED(muc_room_set_registration(room("den"), MUC_REGISTRATION_ANYONE));
    forget();
    OK(give(ASKS(JULIET, DISCO_INFO)));
    said("<feature var='jabber:iq:register'/>");
    said("<feature var='" MUC_NS_REGISTER "'/>");
    forget();
    OK(give(ASKS(ROMEO, DISCO_INFO)));
    said("<feature var='muc_open'/>");
    unsaid("register");
    forget();
    OK(give(ASKS(ROMEO, "jabber:iq:register")));
    said("<forbidden");
    forget();
    OK(give(ASKS(JULIET, "jabber:iq:register")));
    said("type='result'");
}
END_TEST

static int instead(muc_event *ev, void *ud)
{
    ck_assert_str_eq(ev->key, "muc_open");
    ck_assert_str_eq(ev->from, ROMEO);
    ck_assert_str_eq(ev->as.disco->node, "");
    GIVES(MUC_ERR_BUSY, muc_room_lock(ev->room));
    muc_disco_feature(ev, "muc_open");
    muc_disco_feature(ev, "muc_ajar");
    const int *answer = ud;
    return *answer == MUC_REJECT ? muc_reject(ev, MUC_FORBIDDEN, NULL) : *answer;
}

/* Of the room, by a feature's table, in the words of an option; something else may be said; what fails is a failure. */
START_TEST(features_are_said_one_by_one)
{
    int answer = MUC_REJECT;
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_DISCO_FEATURE, "muc_open", 0, instead, &answer), 0);
    OK(give(ASKS(ROMEO, DISCO_INFO)));
    ck_assert_uint_eq(times("<feature var='muc_open'/>"), 1);
    ck_assert_uint_eq(times("<feature var='muc_ajar'/>"), 1);
    said("<feature var='" MUC_NS "'/>");
    answer = MUC_PASS;
    forget();
    OK(give(ASKS(ROMEO, DISCO_INFO)));
    ck_assert_uint_eq(times("<feature var='muc_open'/>"), 2);
    answer = MUC_ERR_HOST;
    forget();
    OK(give(ASKS(ROMEO, DISCO_INFO)));
    said("<internal-server-error");
    unsaid("muc_open");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_DISCO_FEATURE, MUC_NS, 0, refuse_romeo, NULL), 0);
    forget();
    OK(give("<iq from='" ROMEO "' to='" SERVICE "' type='get' id='i'><query xmlns='" DISCO_INFO "'/></iq>"));
    unsaid("<feature var='" MUC_NS "'/>");
    said("<feature var='" MUC_NS "#stable_id'/>");
}
END_TEST

/* ---- settings of a running service ------------------------------------------------------------------------------- */

static int configure_inside(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_service_configure(ev->service, muc_service_settings(ev->service));
}

START_TEST(other_limits)
{
    for (int i = 0; i < 5; i++)
        talk("den", JULIET, "x");
    muc_settings next = *muc_service_settings(world.service);
    next.name = "Chambers";
    next.max_history = 2;
    next.max_occupants = 2;
    next.keep_views = !next.keep_views;
    next.domain = NULL;
    OK(muc_service_configure(world.service, &next));
    ck_assert_uint_eq(muc_history_count(room("den")), 2);
    ck_assert_str_eq(muc_service_name(world.service), "Chambers");
    ck_assert_str_eq(muc_service_domain(world.service), SERVICE);
    ck_assert_int_eq(muc_service_settings(world.service)->keep_views, !next.keep_views);
    join("den", "third@example.org/x", "Third");
    ck_assert_ptr_null(occupant("den", "Third"));
    char *before = state();
    next.max_items = 0;
    GIVES(MUC_ERR_INVALID, muc_service_configure(world.service, &next));
    GIVES(MUC_ERR_INVALID, muc_service_configure(world.service, NULL));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, configure_inside, NULL), 0);
    forget();
    GIVES(MUC_ERR_BUSY, give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>"));
    same_state(before);
}
END_TEST

START_TEST(locked_rooms_are_listed_from_now_on)
{
    muc_settings next = *muc_service_settings(world.service);
    muc_stats stats;
    CHANGED(muc_room_lock(room("den")));
    muc_service_stats(world.service, &stats);
    ck_assert_uint_eq(stats.listed, 0);
    next.list_locked_rooms = 1;
    OK(muc_service_configure(world.service, &next));
    muc_service_stats(world.service, &stats);
    ck_assert_uint_eq(stats.listed, 1);
    free(state());
    next.list_locked_rooms = 0;
    OK(muc_service_configure(world.service, &next));
    muc_service_stats(world.service, &stats);
    ck_assert_uint_eq(stats.listed, 0);
}
END_TEST

/* What would overflow, or what nothing could come back from. */
START_TEST(settings_that_make_no_sense)
{
    muc_settings next;
    int64_t *const times[] = {&next.pending_timeout,
                              &next.invite_lifetime,
                              &next.evict_after,
                              &next.role_memory,
                              &next.lock_timeout,
                              &next.tombstone_time,
                              &next.register_timeout,
                              &next.command_timeout,
                              &next.query_timeout,
                              &next.idle_ping,
                              &next.idle_kick,
                              &next.register_interval,
                              &next.min_message_interval_ms,
                              &next.min_presence_interval_ms};
    static const int64_t senseless[] = {INT64_MAX / 500, INT64_MAX, -1, INT64_MIN};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        for (size_t k = 0; k < sizeof senseless / sizeof *senseless; k++) {
            next = *muc_service_settings(world.service);
            *times[i] = senseless[k];
            GIVES(MUC_ERR_INVALID, muc_service_configure(world.service, &next));
        }
    next = *muc_service_settings(world.service);
    next.evict_after = 1000;
    GIVES(MUC_ERR_INVALID, muc_service_configure(world.service, &next));
    next.evict_after = 0;
    OK(muc_service_configure(world.service, &next));
}
END_TEST

static const char *const requests[] = {
    "<presence from='" JULIET "' to='" DEN "/Jule'/>",
    "<presence from='paris@example.org/x' to='" DEN "/Paris'><x xmlns='" MUC_NS "'/></presence>",
    "<presence from='paris@example.org/x' to='new@" SERVICE "/Paris'><x xmlns='" MUC_NS "'/></presence>",
    "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>",
    "<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body>x</body></message>",
    "<message from='" JULIET "' to='nowhere@" SERVICE "' type='groupchat'><body>x</body></message>",
    "<iq from='" JULIET "' to='" DEN "' type='get' id='i'><query xmlns='" MUC_NS_OWNER "'/></iq>",
    "<iq from='" JULIET "' to='" SERVICE "' type='get' id='i'>"
    "<query xmlns='http://jabber.org/protocol/disco#info'/></iq>",
};

START_TEST(switched_off)
{
    muc_settings next = *muc_service_settings(world.service);
    next.disabled = 1;
    OK(muc_service_configure(world.service, &next));
    char *before = state();
    for (size_t i = 0; i < sizeof requests / sizeof *requests; i++) {
        forget();
        OK(give(requests[i]));
        said("<service-unavailable");
        ck_assert_uint_eq(times("send "), 1);
    }
    forget();
    OK(give("<presence from='" JULIET "' to='" DEN "/Romeo' type='probe'/>"));
    unsaid("send");
    same_state(before);
    OK(muc_room_broadcast(room("den"), message("The host"), MUC_EVERYONE));
    said("The host");
    /* Who goes is gone. */
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo' type='unavailable'/>"));
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_ptr_nonnull(occupant("den", "Juliet"));
    next.disabled = 0;
    OK(muc_service_configure(world.service, &next));
    forget();
    talk("den", JULIET, "Here again");
    said("Here again");
    unsaid("service-unavailable");
}
END_TEST

/* New rooms have the new defaults, and nobody else has. */
START_TEST(other_defaults)
{
    CHANGED(muc_room_set_description(room("den"), "fair"));
    join("hut", JULIET, "Juliet");
    CHANGED(muc_room_set_public(room("hut"), !muc_room_get_public(room("hut"))));
    int is_public = muc_room_get_public(room("den"));
    const muc_option_value defaults[] = {
        {"public", is_public ? "0" : "1"}, {"description", "fair"}, {"max_users", "20"}};
    muc_settings next = *muc_service_settings(world.service);
    next.room_defaults = defaults;
    next.room_default_count = 3;
    forget();
    OK(muc_service_configure(world.service, &next));
    unsaid("store");
    free(state());
    ck_assert_int_eq(muc_room_get_public(room("den")), is_public);
    ck_assert_int_eq(muc_room_get_public(room("hut")), !is_public);
    ck_assert_str_eq(muc_room_get_description(room("den")), "fair");
    ck_assert_str_eq(muc_room_get_description(room("hut")), "");
    ck_assert_int_eq(muc_room_get_max_users(room("hut")), 0);
    OK(muc_room_create(world.service, HALL, NULL, 0, NULL));
    ck_assert_int_eq(muc_room_get_public(room("hall")), !is_public);
    ck_assert_str_eq(muc_room_get_description(room("hall")), "fair");
    ck_assert_int_eq(muc_room_get_max_users(room("hall")), 20);
    /* Without a list the defaults stay; with an empty one they are the library's. */
    next = *muc_service_settings(world.service);
    OK(muc_service_configure(world.service, &next));
    OK(muc_room_create(world.service, "inn@" SERVICE, NULL, 0, NULL));
    ck_assert_int_eq(muc_room_get_max_users(room("inn")), 20);
    next.room_defaults = defaults;
    next.room_default_count = 0;
    OK(muc_service_configure(world.service, &next));
    OK(muc_room_create(world.service, "pub@" SERVICE, NULL, 0, NULL));
    ck_assert_int_eq(muc_room_get_max_users(room("pub")), 0);
    ck_assert_int_eq(muc_room_get_max_users(room("inn")), 20);
    const muc_option_value unknown = {"colour", "red"};
    next.room_defaults = &unknown;
    next.room_default_count = 1;
    char *before = state();
    GIVES(MUC_ERR_INVALID, muc_service_configure(world.service, &next));
    same_state(before);
}
END_TEST

/* Forgotten history is a change of a persistent room: when it cannot be stored, nothing has changed. */
START_TEST(other_settings_not_stored)
{
    CHANGED(muc_room_set_persistent(room("den"), 1));
    for (int i = 0; i < 5; i++)
        talk("den", JULIET, "x");
    muc_settings next = *muc_service_settings(world.service);
    next.max_history = 2;
    world.change_answer = -1;
    GIVES(MUC_ERR_STORE, muc_service_configure(world.service, &next));
    ck_assert_uint_eq(muc_history_count(room("den")), 5);
    ck_assert_uint_eq(muc_service_settings(world.service)->max_history, 100);
    ck_assert_str_eq(muc_service_name(world.service), "Chatrooms");
}
END_TEST

Suite *suite_admin(void)
{
    Suite *suite = suite_create("admin");
    TCase *tc = tcase_create("admin");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, rooms_of_a_user);
    tcase_add_test(tc, users_come_and_go);
    tcase_add_test(tc, looked_for_in_what_is_undone);
    suite_add_tcase(suite, tc);
    tc = tcase_create("in the name of users");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, users_enter_speak_and_leave);
    tcase_add_test(tc, what_is_refused_comes_back);
    tcase_add_test(tc, what_fails_comes_back);
    tcase_add_test(tc, a_room_with_its_people);
    tcase_add_test(tc, a_room_whose_people_make_no_sense);
    suite_add_tcase(suite, tc);
    tc = tcase_create("the whole service");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, everybody_is_told);
    tcase_add_test(tc, administrators_tell_everybody);
    tcase_add_test(tc, numbers);
    tcase_add_test(tc, nothing_of_a_user_stays);
    tcase_add_test(tc, no_record_of_a_user_stays);
    tcase_add_test(tc, what_waits_is_counted_once);
    tcase_add_test(tc, the_host_knows_affiliations);
    tcase_add_test(tc, nicknames_of_the_whole_service);
    tcase_add_test(tc, registration_is_hidden);
    tcase_add_test(tc, features_are_said_one_by_one);
    suite_add_tcase(suite, tc);
    tc = tcase_create("settings of a running service");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, other_limits);
    tcase_add_test(tc, locked_rooms_are_listed_from_now_on);
    tcase_add_test(tc, settings_that_make_no_sense);
    tcase_add_test(tc, switched_off);
    tcase_add_test(tc, other_defaults);
    tcase_add_test(tc, other_settings_not_stored);
    suite_add_tcase(suite, tc);
    tc = tcase_create("rooms that nobody uses");
    tcase_add_checked_fixture(tc, set_up_store, host_stop);
    tcase_add_test(tc, rooms_are_used);
    tcase_add_test(tc, unused_rooms_leave_memory);
    tcase_add_test(tc, sweeping_goes_on);
    tcase_add_test(tc, owners_alone_do_not_keep_a_room);
    tcase_add_test(tc, owners_go_before_the_room);
    tcase_add_test(tc, a_snapshot_says_when);
    suite_add_tcase(suite, tc);
    return suite;
}
