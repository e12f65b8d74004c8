/* test_hold.c: a room that the store has in its hands (MUC_HOLD) is valid until it is released, whatever becomes of it:
 * ended, forgotten, or never made since the call was undone. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NEW   "new@" SERVICE
#define HUT   "hut@" SERVICE
#define NURSE "nurse@example.org/house"

static const muc_option_value stays = {"persistent", "1"};

/* ---- a store that takes its time --------------------------------------------------------------------------------- */

enum { MOST = 64 };
/* Rooms that are being written, each known by a mark of the host's. */
static struct {
    muc_room *room;
    char jid[64];
} held[MOST];
static size_t held_n;
static const char *refuses;  /* which room it does not take; NULL: it takes all */
static bool only_when_again; /* holds nothing but what it is told again */

static void store(muc_room *r, const muc_change *change)
{
    (void)change;
    size_t i = 0;
    char line[128];
    snprintf(line, sizeof line, "store %s ", muc_room_jid(r));
    bool again = times(line) > 1;
    world.change_answer = refuses && strcmp(muc_room_jid(r), refuses) == 0 ? -1
                          : only_when_again && !again                      ? 0
                                                                           : MUC_HOLD;
    if (world.change_answer != MUC_HOLD)
        return;
    while (i < held_n && held[i].room != r)
        i++;
    ck_assert_uint_lt(i, MOST);
    if (i == held_n) {
        held[held_n++].room = r;
        snprintf(held[i].jid, sizeof held[i].jid, "%s", muc_room_jid(r));
        muc_room_set_userdata(r, &held[i]);
    }
}

static void all_are_valid(void)
{
    for (size_t i = 0; i < held_n; i++) {
        ck_assert_str_eq(muc_room_jid(held[i].room), held[i].jid);
        ck_assert_ptr_eq(muc_room_userdata(held[i].room), &held[i]);
        ck_assert_ptr_eq(muc_room_service(held[i].room), world.service);
    }
}

/* In the order in which they were written. */
static void release_all(void)
{
    all_are_valid();
    for (size_t i = 0; i < held_n; i++)
        OK(muc_room_release(held[i].room));
    held_n = 0;
}

static bool is_held(const muc_room *r)
{
    for (size_t i = 0; i < held_n; i++)
        if (held[i].room == r)
            return true;
    return false;
}

/* ---- calls that fail --------------------------------------------------------------------------------------------- */

/* One room is made, or comes back from the store; two others change. */
static int change_three(muc_event *ev, void *ud)
{
    (void)ud;
    muc_room *one = NULL;
    int r = muc_room_load(ev->service, NEW, &one);
    if (r == MUC_ERR_NOT_FOUND)
        r = muc_room_create(ev->service, NEW, &stays, 1, &one);
    if (r >= 0)
        r = muc_room_set_name(one, "N");
    if (r >= 0)
        r = muc_room_broadcast(one, message("nobody hears"), MUC_EVERYONE);
    if (r >= 0)
        r = muc_room_set_name(room("hut"), "H");
    if (r >= 0)
        r = muc_room_set_name(room("den"), "D");
    return r < 0 ? r : MUC_STOP;
}

static bool stored;
static int wanted(muc_service *service, const char *jid, void *ud)
{
    (void)ud;
    static const char saved[] = "<room xmlns='urn:libmuc:room:1' jid='" NEW "'><config>"
                                "<option name='persistent'>1</option></config></room>";
    if (!stored || strcmp(jid, NEW) != 0)
        return MUC_ROOM_UNKNOWN;
    int r = muc_room_restore(service, saved, sizeof saved - 1, NULL);
    return r < 0 ? r : MUC_ROOM_RESTORED;
}

static void set_up(void)
{
    held_n = 0;
    refuses = NULL;
    only_when_again = stored = false;
    host_prepare();
    world.callbacks.room_wanted = wanted;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    join("hut", NURSE, "Nurse");
    CHANGED(muc_room_set_persistent(room("den"), 1));
    CHANGED(muc_room_set_persistent(room("hut"), 1));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, "{urn:q}three", 0, change_three, NULL), 0);
    forget();
    world.on_change = store;
}

static int change(void)
{
    return give("<message from='" JULIET "' to='" DEN "' type='groupchat'><three xmlns='urn:q'/></message>");
}

/* The store was told of it, and that it is not so. _i: it was in the store before. */
START_TEST(one_of_a_call_that_is_undone)
{
    stored = _i;
    refuses = DEN;
    char *before = state();
    OK(change());
    same_state(before);
    said(_i ? "store " NEW " parts=9" : "store " NEW " new");
    said(_i ? "store " NEW " new" : "store " NEW " gone");
    said("<internal-server-error");
    ck_assert_uint_eq(held_n, 2);
    ck_assert(is_held(room("hut")));
    ck_assert_ptr_null(room("new"));
    GIVES(MUC_ERR_INVALID, muc_room_destroy(held[0].room, NULL, NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_room_forget(held[0].room));
    release_all();
}
END_TEST

/* Nothing is left of it: the second time takes what the first one has given back. */
START_TEST(it_goes_with_the_release)
{
    long live = 0;
    refuses = DEN;
    for (int i = 0; i < 4; i++) {
        forget();
        OK(change());
        release_all();
        OK(give("<message from='" JULIET "' to='" DEN "/Juliet' type='chat'/>"));
        if (i > 1)
            ck_assert_int_eq(world.memory.live, live);
        live = world.memory.live;
    }
}
END_TEST

START_TEST(one_that_is_held_when_it_is_told_again)
{
    refuses = DEN;
    only_when_again = true;
    stored = _i;
    char *before = state();
    OK(change());
    same_state(before);
    ck_assert_uint_eq(held_n, 2);
    ck_assert(is_held(room("hut")));
    release_all();
}
END_TEST

/* Whenever memory fails: what was answered by MUC_HOLD stays. _i: and 2: held when told again only. */
START_TEST(no_memory)
{
    only_when_again = _i & 2;
    stored = _i & 1;
    refuses = _i & 4 ? DEN : NULL;
    size_t most = 0;
    for (long k = 0;; k++) {
        ck_assert_int_lt(k, 2000);
        forget();
        char *before = state();
        world.memory.left = k;
        int r = change();
        world.memory.left = -1;
        most = held_n > most ? held_n : most;
        if (r == MUC_OK && !refuses)
            free(before);
        else
            same_state(before);
        release_all();
        if (r == MUC_OK)
            break;
        GIVES(MUC_ERR_NOMEM, r);
    }
    ck_assert_uint_gt(most, only_when_again && !refuses ? 0 : 1);
}
END_TEST

/* ---- what the service itself answers ------------------------------------------------------------------------------
 */

/* Somebody who is not there: nobody in the rooms hears of it. */
static int to_both(muc_event *ev, void *ud)
{
    (void)ud;
    static unsigned count;
    char jid[32];
    snprintf(jid, sizeof jid, "u%u@example.org", ++count);
    muc_reply(ev, NULL, NULL);
    int r = muc_affiliation_set(room("den"), NULL, jid, MUC_AFFILIATION_MEMBER, NULL);
    if (r >= 0)
        r = muc_affiliation_set(room("hut"), NULL, jid, MUC_AFFILIATION_MEMBER, NULL);
    return r < 0 ? r : MUC_STOP;
}

static int ask_service(const char *id)
{
    char xml[200];
    snprintf(xml, sizeof xml, "<iq from='%s' to='" SERVICE "' type='set' id='%s'><both xmlns='urn:q'/></iq>", NURSE,
             id);
    return give(xml);
}

/* It tells of what has not been stored. As much of it waits as may wait of a room; what is not held waits for nothing.
 */
START_TEST(answers_of_the_service)
{
    muc_settings settings = *muc_service_settings(world.service);
    settings.max_held = 3;
    OK(muc_service_configure(world.service, &settings));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_IQ, "{urn:q}both", 0, to_both, NULL), 0);
    OK(ask_service("one"));
    unsaid("id='one'");
    give("<iq from='" NURSE "' to='" SERVICE "' type='get' id='p'><ping xmlns='urn:xmpp:ping'/></iq>");
    said("id='p'");
    OK(ask_service("two"));
    OK(ask_service("three"));
    char *before = state();
    GIVES(MUC_ERR_BUSY, ask_service("four"));
    same_state(before);
    unsaid("id='one'");
    release_all();
    said("id='one'");
    said("id='three'");
    unsaid("id='four'");
}
END_TEST

/* ---- rooms that end, and their addresses ------------------------------------------------------------------------- */

/* It takes its output with it, and its address waits for the store as after any other end. */
START_TEST(one_that_is_forgotten)
{
    talk("den", JULIET, "x");
    muc_room *den = room("den");
    uint64_t mark = muc_room_held(den);
    OK(muc_room_forget(den));
    ck_assert_ptr_null(room("den"));
    talk("den", JULIET, "y");
    OK(muc_room_release_to(den, mark));
    unsaid("send");
    all_are_valid();
    OK(muc_room_release(den));
    held_n = 0;
    unsaid("<body>x");
    said("<item-not-found");
    forget();
    talk("den", JULIET, "z");
    said("<item-not-found");
}
END_TEST

START_TEST(one_that_was_never_made_and_its_address)
{
    refuses = DEN;
    OK(change());
    forget();
    refuses = NULL;
    muc_room *never = held[0].room;
    talk("new", NURSE, "who");
    join("new", NURSE, "Nurse");
    unsaid("send " NURSE);
    ck_assert_ptr_ne(room("new"), never);
    OK(muc_room_release(never));
    ck_assert_uint_lt(place("<item-not-found"), place("code='201'"));
    OK(muc_room_release(room("hut")));
    held_n = 0;
}
END_TEST

/* As with other former rooms of a name: to release the latest releases all of them. */
START_TEST(one_that_was_never_made_and_the_next)
{
    refuses = DEN;
    OK(change());
    muc_room *next;
    OK(muc_room_create(world.service, NEW, &stays, 1, &next));
    ck_assert_ptr_ne(next, held[0].room);
    ck_assert_uint_eq(held_n, 3);
    all_are_valid();
    if (_i) {
        OK(muc_room_release(held[0].room));
        ck_assert_str_eq(muc_room_jid(next), NEW);
    }
    OK(muc_room_release(next));
    OK(muc_room_release(room("hut")));
    held_n = 0;
    join("new", ROMEO, "Romeo");
    said("send " ROMEO);
}
END_TEST

/* What the host has not released by then ends with the service. */
START_TEST(the_end_of_the_service)
{
    refuses = DEN;
    OK(change());
    refuses = NULL;
    talk("den", JULIET, "x");
    OK(muc_room_forget(room("den")));
    OK(muc_room_destroy(room("hut"), NULL, NULL, NULL));
    ck_assert_uint_eq(held_n, 3);
    all_are_valid();
}
END_TEST

Suite *suite_hold(void)
{
    Suite *suite = suite_create("hold");
    TCase *tests = tcase_create("hold");
    tcase_add_checked_fixture(tests, set_up, host_stop);
    suite_add_tcase(suite, tests);
    tcase_add_loop_test(tests, one_of_a_call_that_is_undone, 0, 2);
    tcase_add_test(tests, it_goes_with_the_release);
    tcase_add_loop_test(tests, one_that_is_held_when_it_is_told_again, 0, 2);
    tcase_add_loop_test(tests, no_memory, 0, 8);
    tcase_add_test(tests, answers_of_the_service);
    tcase_add_test(tests, one_that_is_forgotten);
    tcase_add_test(tests, one_that_was_never_made_and_its_address);
    tcase_add_loop_test(tests, one_that_was_never_made_and_the_next, 0, 2);
    tcase_add_test(tests, the_end_of_the_service);
    return suite;
}
