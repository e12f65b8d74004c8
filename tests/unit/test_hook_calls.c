/* test_hook_calls.c: the table of hook.h, line by line: what a call that changes something does inside a handler of
 * each class, in the send callback and in room_changed. */
#include "host.h"
#include "suites.h"

#include <libxml/parser.h>
#include <string.h>

#define NURSE  "nurse@example.org/house"
#define TYBALT "tybalt@example.org/street"

/* ---- the calls --------------------------------------------------------------------------------------------------- */

/* Each does one thing to other rooms than the one where the handler runs, and tells whether it is done. */
typedef struct call {
    const char *name;
    int (*make)(void);
    int (*done)(void);
    int applied; /* the result inside an apply handler */
} call;

static muc_occupant *draft;

static int set_name(void)
{
    return muc_room_set_name(room("hut"), "Hut");
}
static int name_set(void)
{
    return room("hut") && strcmp(muc_room_get_name(room("hut")), "Hut") == 0;
}
static int set_affiliation(void)
{
    return muc_affiliation_set(room("hut"), NULL, "paris@example.org", MUC_AFFILIATION_MEMBER, "nice");
}
static int affiliation_set(void)
{
    return muc_affiliation_get(room("hut"), "paris@example.org") == MUC_AFFILIATION_MEMBER;
}
static int set_role(void)
{
    return muc_occupant_set_role(occupant("hut", "Tybalt"), NULL, MUC_ROLE_VISITOR, "quiet");
}
static int role_set(void)
{
    return muc_occupant_role(occupant("hut", "Tybalt")) == MUC_ROLE_VISITOR;
}
static int set_subject(void)
{
    return muc_room_set_subject(room("hut"), NULL, "Feuds");
}
static int subject_set(void)
{
    return strcmp(muc_room_get_subject(room("hut"), NULL, NULL), "Feuds") == 0;
}
static int destroy(void)
{
    return muc_room_destroy(room("hut"), "den@" SERVICE, "closed", "secret");
}
static int destroyed(void)
{
    return !room("hut");
}
static int create(void)
{
    return muc_room_create(world.service, "new@" SERVICE, NULL, 0, NULL);
}
static int created(void)
{
    return room("new") != NULL;
}
static int dispatch(void)
{
    return give("<message from='" NURSE "' to='hut@" SERVICE "' type='groupchat'><body>Madam!</body></message>");
}
static int broadcast(void)
{
    return muc_room_broadcast(room("hut"), message("Hear!"), MUC_EVERYONE);
}
static int in_history(void)
{
    return muc_history_count(room("hut")) == 1;
}
static int unlock(void)
{
    return muc_room_unlock(room("loft"));
}
static int unlocked(void)
{
    return !muc_room_is_locked(room("loft"));
}
static int save(void)
{
    return muc_occupant_save(draft);
}
static int saved(void)
{
    return occupant("hut", "Bot") != NULL;
}
static int add_history(void)
{
    static const char xml[] = "<message from='hut@" SERVICE "/Ghost' type='groupchat'><body>Long ago</body></message>";
    xmlDoc *doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
    int r = muc_history_add(room("hut"), xmlDocGetRootElement(doc), 1000);
    xmlFreeDoc(doc);
    return r;
}
static int gone(void)
{
    return muc_peer_gone(world.service, TYBALT, "lost");
}
static int is_gone(void)
{
    return !occupant("hut", "Tybalt");
}

static const call calls[] = {
    {"muc_room_set_name", set_name, name_set, MUC_QUEUED},
    {"muc_affiliation_set", set_affiliation, affiliation_set, MUC_QUEUED},
    {"muc_occupant_set_role", set_role, role_set, MUC_QUEUED},
    {"muc_room_set_subject", set_subject, subject_set, MUC_QUEUED},
    {"muc_room_destroy", destroy, destroyed, MUC_QUEUED},
    {"muc_room_unlock", unlock, unlocked, MUC_QUEUED},
    {"muc_room_broadcast", broadcast, in_history, MUC_OK},
    {"muc_room_create", create, created, MUC_ERR_BUSY},
    {"muc_dispatch_text", dispatch, in_history, MUC_ERR_BUSY},
    {"muc_occupant_save", save, saved, MUC_ERR_BUSY},
    {"muc_history_add", add_history, in_history, MUC_ERR_BUSY},
    {"muc_peer_gone", gone, is_gone, MUC_ERR_BUSY},
};
enum { CALLS = sizeof calls / sizeof *calls };

/* ---- where they are made ----------------------------------------------------------------------------------------- */

static const call *current;
static int result, made, answer, done_inside;

static int handler(muc_event *ev, void *ud)
{
    (void)ud;
    if (made)
        return MUC_PASS;
    made = 1;
    note("handler");
    result = current->make();
    done_inside = current->done();
    return answer == MUC_REJECT ? muc_reject(ev, MUC_POLICY_VIOLATION, "no") : answer;
}

static void setup(void)
{
    host_setup();
    join("hut", NURSE, "Nurse");
    join("hut", TYBALT, "Tybalt");
    world.settings.lock_new_rooms = 0;
    made = 0;
    result = 99;
    answer = MUC_PASS;
    done_inside = 0;
    OK(muc_occupant_new(room("hut"), "bot@example.org", "Bot", &draft));
    OK(muc_occupant_set_session(draft, "bot@example.org/x", NULL, 1));
}

static int lock(muc_event *ev, void *ud)
{
    (void)ud;
    ev->as.create->locked = 1;
    return MUC_PASS;
}

static void setup_locked(void)
{
    setup();
    int id = muc_hook_add(world.service, MUC_ON_PRE_CREATE, NULL, -1, lock, NULL);
    ck_assert_int_gt(id, 0);
    join("loft", NURSE, "Nurse");
    OK(muc_hook_remove(world.service, id));
    ck_assert(muc_room_is_locked(room("loft")));
    forget();
}

static void teardown(void)
{
    if (!saved())
        muc_occupant_discard(draft);
    host_stop();
}

static void hook(muc_point point)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, 500, handler, NULL), 0);
}

/* What makes every point of interest fire. */
static void fire(muc_point point)
{
    if (point == MUC_ON_CONFIG_SUBMITTED)
        CHANGED(muc_room_set_description(room("den"), "Quiet"));
    else
        talk("den", JULIET, "hello");
    ck_assert_int_eq(made, 1);
}

static void nothing_happened(void)
{
    GIVES(MUC_ERR_BUSY, result);
    ck_assert(!current->done());
}

START_TEST(decide_and_build_handlers_change_nothing)
{
    static const muc_point points[] = {MUC_ON_GROUPCHAT, MUC_ON_MESSAGE_BUILD};
    current = &calls[_i % CALLS];
    hook(points[_i / CALLS]);
    fire(points[_i / CALLS]);
    nothing_happened();
    said("send " ROMEO " <message");
    said("hello");
    forget();
    ck_assert_int_ge(current->make(), 0);
    ck_assert_msg(current->done(), "%s", current->name);
}
END_TEST

START_TEST(apply_handlers_are_queued)
{
    current = &calls[_i];
    hook(MUC_ON_CONFIG_SUBMITTED);
    fire(MUC_ON_CONFIG_SUBMITTED);
    ck_assert_msg(result == current->applied, "%s: %d", current->name, result);
    ck_assert_int_eq(current->done() != 0, current->applied != MUC_ERR_BUSY);
    if (current->applied == MUC_QUEUED)
        ck_assert(!done_inside);
}
END_TEST

START_TEST(what_is_queued_is_dropped_with_its_transaction)
{
    current = &calls[_i];
    hook(MUC_ON_CONFIG_SUBMITTED);
    answer = MUC_ERR_HOST;
    char *before = state();
    GIVES(MUC_ERR_HOST, muc_room_set_description(room("den"), "Quiet"));
    ck_assert_int_eq(result, current->applied);
    ck_assert_str_eq(world.log, "handler\n");
    same_state(before);
}
END_TEST

START_TEST(serve_handlers_join_the_transaction)
{
    current = &calls[_i];
    hook(MUC_ON_MESSAGE);
    fire(MUC_ON_MESSAGE);
    ck_assert_msg(result >= 0 && result != MUC_QUEUED, "%s: %d", current->name, result);
    ck_assert(done_inside);
    ck_assert(current->done());
    said("hello");
}
END_TEST

START_TEST(serve_handlers_that_reject_take_it_back)
{
    static const int answers[] = {MUC_REJECT, MUC_ERR_FORBIDDEN, MUC_PENDING};
    current = &calls[_i % CALLS];
    hook(MUC_ON_MESSAGE);
    answer = answers[_i / CALLS];
    char *before = state();
    fire(MUC_ON_MESSAGE);
    ck_assert_int_ge(result, 0);
    ck_assert(done_inside);
    same_state(before);
    ck_assert_uint_eq(times("send "), 1);
    said("send " JULIET " <message to='" JULIET "' from='" DEN "' type='error'");
    unsaid("store");
    /* A saved draft was the room's, and went with it. */
    if (current->make == save)
        OK(muc_occupant_new(room("hut"), "bot@example.org", "Bot", &draft));
}
END_TEST

START_TEST(notify_handlers_have_transactions_of_their_own)
{
    current = &calls[_i];
    hook(MUC_ON_SENT);
    fire(MUC_ON_SENT);
    ck_assert_msg(result >= 0 && result != MUC_QUEUED, "%s: %d", current->name, result);
    ck_assert(current->done());
    ck_assert_uint_lt(place("send " ROMEO " <message"), place("handler"));
    if (current->make == broadcast || current->make == set_subject)
        ck_assert_uint_gt(place("send " NURSE), place("handler"));
}
END_TEST

static void from_send(const muc_delivery *d)
{
    (void)d;
    (void)handler(NULL, NULL);
}

START_TEST(the_send_callback_has_transactions_of_its_own)
{
    current = &calls[_i];
    world.on_send = from_send;
    fire(MUC_ON_SENT);
    ck_assert_msg(result >= 0 && result != MUC_QUEUED, "%s: %d", current->name, result);
    ck_assert(current->done());
    said("hello");
    if (times("send " TYBALT))
        ck_assert_uint_lt(place("send " ROMEO " <message"), place("send " TYBALT));
}
END_TEST

static void from_change(muc_room *r, const muc_change *change)
{
    (void)r;
    (void)change;
    (void)handler(NULL, NULL);
}

START_TEST(room_changed_may_change_nothing)
{
    CHANGED(muc_room_set_persistent(room("den"), 1));
    current = &calls[_i];
    world.on_change = from_change;
    fire(MUC_ON_CONFIG_SUBMITTED);
    nothing_happened();
}
END_TEST

Suite *suite_hook_calls(void)
{
    Suite *suite = suite_create("hook_calls");
    TCase *tc = tcase_create("calls inside handlers");
    tcase_add_checked_fixture(tc, setup_locked, teardown);
    tcase_add_loop_test(tc, decide_and_build_handlers_change_nothing, 0, 2 * CALLS);
    tcase_add_loop_test(tc, apply_handlers_are_queued, 0, CALLS);
    tcase_add_loop_test(tc, what_is_queued_is_dropped_with_its_transaction, 0, CALLS);
    tcase_add_loop_test(tc, serve_handlers_join_the_transaction, 0, CALLS);
    tcase_add_loop_test(tc, serve_handlers_that_reject_take_it_back, 0, 3 * CALLS);
    tcase_add_loop_test(tc, notify_handlers_have_transactions_of_their_own, 0, CALLS);
    tcase_add_loop_test(tc, the_send_callback_has_transactions_of_its_own, 0, CALLS);
    tcase_add_loop_test(tc, room_changed_may_change_nothing, 0, CALLS);
    suite_add_tcase(suite, tc);
    return suite;
}
