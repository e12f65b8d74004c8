/* test_txn.c: a call happens completely or not at all, is stored before it is seen, and waits when the store says so.
 */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

static void keep(const char *name)
{
    CHANGED(muc_room_set_persistent(room(name), 1));
    forget();
}

/* ---- all or nothing ---------------------------------------------------------------------------------------------- */

static int fired;
static int veto(muc_event *ev, void *ud)
{
    (void)ud;
    fired++;
    return muc_reject(ev, MUC_POLICY_VIOLATION, NULL);
}

static const struct {
    muc_point point;
    const char *xml; /* what is refused */
} refused[] = {
    {MUC_ON_MESSAGE, "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>"},
    {MUC_ON_PRESENCE, "<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>"},
    {MUC_ON_IQ, "<iq from='" ROMEO "' to='" DEN "' id='1' type='get'><q xmlns='urn:q'/></iq>"},
    {MUC_ON_PRE_CREATE, "<presence from='" NURSE "' to='new@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_PRE_JOIN, "<presence from='" NURSE "' to='new@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_DEFAULT_ROLE, "<presence from='" NURSE "' to='new@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_WELCOME, "<presence from='" NURSE "' to='new@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_HISTORY_WANTED, "<presence from='" NURSE "' to='den@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_PRESENCE_BUILD, "<presence from='" NURSE "' to='den@" SERVICE "/N'><x xmlns='" MUC_NS "'/></presence>"},
    {MUC_ON_PRE_UPDATE, "<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>"},
    {MUC_ON_PRE_RENAME, "<presence from='" ROMEO "' to='" DEN "/Other'/>"},
    {MUC_ON_GROUPCHAT, "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>"},
    {MUC_ON_HISTORY_KEEP, "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>"},
    {MUC_ON_MESSAGE_BUILD, "<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>"},
    {MUC_ON_PRE_SUBJECT, "<message from='" JULIET "' to='" DEN "' type='groupchat'><subject>x</subject></message>"},
    {MUC_ON_PRIVATE, "<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body>x</body></message>"},
    {MUC_ON_PRIVATE_BUILD, "<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body>x</body></message>"},
    {MUC_ON_PRE_ROLE, "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_ADMIN
                      "'><item nick='Romeo' role='none'/></query></iq>"},
    {MUC_ON_SESSION_GONE, "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_ADMIN
                          "'><item nick='Romeo' role='none'/></query></iq>"},
    {MUC_ON_PRE_AFFILIATION,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_ADMIN
     "'><item jid='a@b' affiliation='member'/><item jid='romeo@example.org' affiliation='outcast'/></query></iq>"},
    {MUC_ON_AFFILIATION_SET,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_ADMIN
     "'><item jid='a@b' affiliation='member'/><item jid='romeo@example.org' affiliation='admin'/></query></iq>"},
    {MUC_ON_PRE_DESTROY,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_OWNER "'><destroy/></query></iq>"},
    {MUC_ON_CONFIG_FORM, "<iq from='" JULIET "' to='" DEN "' id='1' type='get'><query xmlns='" MUC_NS_OWNER "'/></iq>"},
    {MUC_ON_CONFIG_CHECK,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_OWNER
     "'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>1</value></field></x>"
     "</query></iq>"},
    {MUC_ON_CONFIG_FIELD,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_OWNER
     "'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>1</value></field></x>"
     "</query></iq>"},
    {MUC_ON_CONFIG_EFFECT,
     "<iq from='" JULIET "' to='" DEN "' id='1' type='set'><query xmlns='" MUC_NS_OWNER
     "'><x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_membersonly'><value>1</value></field></x>"
     "</query></iq>"},
};

/* At the last moment: everything else has had its way by then. */
START_TEST(a_veto_undoes_everything)
{
    keep("den");
    ck_assert_int_gt(muc_hook_add(world.service, refused[_i].point, NULL, -2000, veto, NULL), 0);
    fired = 0;
    char *before = state();
    OK(give(refused[_i].xml));
    ck_assert_int_gt(fired, 0);
    same_state(before);
    ck_assert_uint_eq(times("send "), 1);
    said("type='error'");
    said("<policy-violation");
    unsaid("store");
}
END_TEST

START_TEST(consequences_belong_to_it)
{
    join("den", NURSE, "Nurse");
    keep("den");
    CHANGED(muc_affiliation_set(room("den"), NULL, "nurse@example.org", MUC_AFFILIATION_MEMBER, NULL));
    forget();
    world.change_answer = -1;
    char *before = state();
    GIVES(MUC_ERR_STORE, muc_room_set_members_only(room("den"), 1));
    same_state(before);
    unsaid("send");
    world.change_answer = 0;
    forget();
    CHANGED(muc_room_set_members_only(room("den"), 1));
    ck_assert(!occupant("den", "Romeo"));
    said("<status code='322'/>");
    ck_assert_uint_lt(place("store"), place("send"));
}
END_TEST

/* ---- stored before seen ------------------------------------------------------------------------------------------ */

START_TEST(the_delta_is_told_first)
{
    keep("den");
    talk("den", JULIET, "x");
    ck_assert_uint_eq(place("store " DEN " parts=8\nitem part=8 option=- jid=- nick=-\nsend "), 0);
    forget();
    CHANGED(muc_room_set_name(room("den"), "n"));
    ck_assert_uint_eq(place("store " DEN " parts=1\nitem part=1 option=name jid=- nick=-\nsend "), 0);
    forget();
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_ADMIN, NULL));
    ck_assert_uint_eq(place("store " DEN " parts=2\nitem part=2 option=- jid=romeo@example.org nick=-\nsend "), 0);
    forget();
    CHANGED(muc_affiliation_set_nick(room("den"), "romeo@example.org", "R"));
    ck_assert_str_eq(world.log, "store " DEN " parts=2\nitem part=2 option=- jid=romeo@example.org nick=-\n");
    forget();
    CHANGED(muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_NONE, NULL));
    ck_assert_uint_eq(place("store " DEN " parts=2\nitem part=2 option=- jid=romeo@example.org nick=-\nsend "), 0);
    forget();
    CHANGED(muc_room_set_subject(room("den"), NULL, "s"));
    ck_assert_uint_eq(place("store " DEN " parts=4\nitem part=4 option=- jid=- nick=-\nsend "), 0);
    forget();
    OK(muc_room_set_subject(room("den"), NULL, "s"));
    join("den", NURSE, "Nurse");
    unsaid("store");
    forget();
    const muc_option_value both[] = {{"name", "m"}, {"description", "d"}};
    CHANGED(muc_room_set(room("den"), both, 2));
    ck_assert_uint_eq(times("store"), 1);
    said("option=name");
    said("option=description");
    ck_assert_uint_eq(times("item"), 2);
}
END_TEST

START_TEST(new_and_gone_rooms)
{
    CHANGED(muc_room_set_name(room("den"), "temporary"));
    unsaid("store");
    CHANGED(muc_room_set_persistent(room("den"), 1));
    said("store " DEN " new parts=");
    forget();
    CHANGED(muc_room_set_persistent(room("den"), 0));
    said("store " DEN " gone parts=");
    forget();
    CHANGED(muc_room_set_name(room("den"), "again"));
    unsaid("store");
    keep("den");
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_uint_eq(place("store " DEN " gone"), 0);
    forget();
    const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, "hut@" SERVICE, &stays, 1, NULL));
    said("store hut@" SERVICE " new");
    forget();
    OK(muc_room_evict(room("hut")));
    ck_assert_str_eq(world.log, "");
}
END_TEST

START_TEST(what_cannot_be_stored_did_not_happen)
{
    keep("den");
    world.change_answer = -5;
    char *before = state();
    talk("den", JULIET, "x");
    same_state(before);
    ck_assert_uint_eq(times("send "), 1);
    said("send " JULIET);
    said("<error type='wait'");
    said("<internal-server-error");
    forget();
    GIVES(MUC_ERR_STORE, muc_room_set_name(room("den"), "n"));
    unsaid("send");
    ck_assert_uint_eq(times("store"), 1);
    same_state(state());
}
END_TEST

/* ---- several rooms in one call ----------------------------------------------------------------------------------- */

static int change_both(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_option_value stays = {"persistent", "1"};
    int r = muc_room_create(ev->service, "new@" SERVICE, &stays, 1, NULL);
    if (r >= 0)
        r = muc_room_broadcast(room("new"), message("nobody hears"), MUC_EVERYONE);
    if (r >= 0)
        r = muc_room_set_name(room("hut"), "H");
    if (r >= 0)
        r = muc_room_set_name(room("den"), "D");
    return r < 0 ? r : MUC_STOP;
}

static void two_rooms(void)
{
    join("hut", NURSE, "Nurse");
    keep("den");
    keep("hut");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, change_both, NULL), 0);
}

static int change_in_turns(muc_event *ev, void *ud)
{
    (void)ud;
    CHANGED(muc_room_set_name(room("den"), "1"));
    CHANGED(muc_room_set_name(room("hut"), "1"));
    CHANGED(muc_room_set_name(room("den"), "2"));
    CHANGED(muc_affiliation_set(room("hut"), NULL, "a@b", MUC_AFFILIATION_MEMBER, NULL));
    CHANGED(muc_room_set_description(room("den"), "1"));
    CHANGED(muc_room_set_name(room("den"), "3"));
    CHANGED(muc_room_set_name(room("hut"), "2"));
    (void)muc_reply(ev, NULL, NULL);
    return MUC_STOP;
}

START_TEST(the_deltas_of_several_rooms_are_kept_apart)
{
    const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, "hut@" SERVICE, &stays, 1, NULL));
    keep("den");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_IQ, NULL, 5000, change_in_turns, NULL), 0);
    OK(give("<iq from='" JULIET "' to='" SERVICE "' id='1' type='get'><q xmlns='urn:q'/></iq>"));
    ck_assert_uint_eq(place("store " DEN " parts=1\n"
                            "item part=1 option=name jid=- nick=-\n"
                            "item part=1 option=description jid=- nick=-\n"
                            "item part=1 option=name jid=- nick=-\n"
                            "store hut@" SERVICE " parts=3\n"
                            "item part=1 option=name jid=- nick=-\n"
                            "item part=2 option=- jid=a@b nick=-\n"
                            "item part=1 option=name jid=- nick=-\n"
                            "send "),
                      0);
}
END_TEST

START_TEST(rooms_told_before_are_told_again)
{
    two_rooms();
    world.change_of = DEN;
    world.change_answer = -1;
    char *before = state();
    talk("den", JULIET, "x");
    same_state(before);
    /* The last one refuses; the others are told as they are again. */
    ck_assert_uint_lt(place("store new@" SERVICE " new"), place("store " DEN " parts"));
    ck_assert_uint_lt(place("store " DEN " parts"), place("store new@" SERVICE " gone"));
    said("store hut@" SERVICE " new");
    ck_assert_uint_eq(times("store " DEN), 1);
    ck_assert_uint_eq(times("store hut@" SERVICE), 2);
    ck_assert_uint_eq(times("store new@" SERVICE), 2);
    ck_assert_uint_eq(times("send"), 1);
    said("<internal-server-error");
    forget();
    world.change_answer = 0;
    talk("den", JULIET, "x");
    ck_assert_uint_eq(times("store"), 3);
}
END_TEST

static muc_room *was_new;

static void hold_new(muc_room *r, const muc_change *change)
{
    if (muc_change_is_gone(change))
        was_new = r;
    world.change_answer = strcmp(muc_room_jid(r), DEN) == 0 ? -1 : MUC_HOLD;
}

/* The room that is held is made and unmade: nothing of it is left but what the store has in its hands. */
START_TEST(a_held_room_that_never_was)
{
    two_rooms();
    world.on_change = hold_new;
    char *before = state();
    talk("den", JULIET, "x");
    same_state(before);
    said("<internal-server-error");
    world.on_change = NULL;
    world.change_answer = 0;
    ck_assert_ptr_null(room("new"));
    ck_assert_str_eq(muc_room_jid(was_new), "new@" SERVICE);
    OK(muc_room_release(was_new));
    OK(muc_room_release(room("hut")));
}
END_TEST

/* Memory that fails at any moment, after the store was told too: the store knows how it really is. */
START_TEST(memory_fails_behind_the_store)
{
    two_rooms();
    world.change_answer = MUC_HOLD;
    for (long k = 0;; k++) {
        forget();
        char *before = state();
        world.memory.left = k;
        int r = give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>x</body></message>");
        world.memory.left = -1;
        if (r == MUC_OK) {
            free(before);
            ck_assert_int_gt(k, 50);
            break;
        }
        GIVES(MUC_ERR_NOMEM, r);
        same_state(before);
        ck_assert_uint_eq(times("store new@" SERVICE " new"), times("store new@" SERVICE " gone"));
        ck_assert_uint_eq(times("store hut@" SERVICE " parts"), times("store hut@" SERVICE " new"));
        ck_assert_uint_eq(times("store " DEN " parts"), times("store " DEN " new"));
        unsaid("send");
        OK(muc_room_release(room("den")));
        OK(muc_room_release(room("hut")));
    }
    ck_assert_uint_eq(times("store"), 3);
    unsaid("send");
    OK(muc_room_release(room("den")));
    said("send " ROMEO);
}
END_TEST

/* ---- held output ------------------------------------------------------------------------------------------------- */

static int sent_notice(muc_event *ev, void *ud)
{
    (void)ud;
    char line[256];
    snprintf(line, sizeof line, "notice %s", ev->as.message->body);
    note(line);
    return MUC_PASS;
}

START_TEST(output_waits_for_the_store)
{
    join("hut", NURSE, "Nurse");
    keep("den");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_SENT, NULL, 0, sent_notice, NULL), 0);
    world.change_of = DEN;
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "one");
    world.change_answer = 0;
    talk("den", ROMEO, "two");
    talk("hut", NURSE, "elsewhere");
    unsaid("send " ROMEO);
    unsaid("notice one");
    said("notice elsewhere");
    GIVES(MUC_ERR_BUSY, muc_room_evict(room("den")));
    OK(muc_room_release(room("den")));
    ck_assert_uint_lt(place("<body>one"), place("notice one"));
    ck_assert_uint_lt(place("notice one"), place("<body>two"));
    ck_assert_uint_lt(place("<body>two"), place("notice two"));
    forget();
    OK(muc_room_release(room("den")));
    ck_assert_str_eq(world.log, "");
    talk("den", ROMEO, "three");
    said("send " JULIET);
}
END_TEST

/* The writes of a room that changes all the time overlap: what the first one has goes out when that is done. */
START_TEST(released_up_to_a_mark)
{
    keep("den");
    muc_room *den = room("den");
    ck_assert_uint_eq(muc_room_held(den), 0);
    OK(muc_room_release_to(den, 7));
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "one");
    talk("den", JULIET, "two");
    uint64_t first = muc_room_held(den);
    talk("den", JULIET, "three");
    uint64_t second = muc_room_held(den);
    talk("den", JULIET, "four");
    unsaid("send");
    OK(muc_room_release_to(den, first));
    ck_assert_uint_lt(place("<body>one"), place("<body>two"));
    unsaid("<body>three");
    OK(muc_room_release_to(den, first));
    OK(muc_room_release_to(den, 0));
    unsaid("<body>three");
    OK(muc_room_release_to(den, second));
    said("<body>three");
    unsaid("<body>four");
    ck_assert_uint_gt(muc_room_held(den), second);
    OK(muc_room_release_to(den, UINT64_MAX));
    said("<body>four");
    world.change_answer = 0;
    talk("den", JULIET, "five");
    unsaid("<body>five");
    OK(muc_room_release(den));
    said("<body>five");
    ck_assert_uint_eq(muc_room_held(den), 0);
}
END_TEST

START_TEST(what_is_held_is_bounded)
{
    host_stop();
    host_prepare();
    world.settings.max_held = 3;
    host_start();
    const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, DEN, &stays, 1, NULL));
    join("den", JULIET, "Juliet");
    forget();
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "1");
    talk("den", JULIET, "2");
    talk("den", JULIET, "3");
    char *before = state();
    GIVES(MUC_ERR_BUSY, give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>4</body></message>"));
    same_state(before);
    ck_assert_uint_eq(times("store"), 3);
    OK(muc_room_release(room("den")));
    ck_assert_uint_eq(times("send"), 3);
    talk("den", JULIET, "4");
    OK(muc_room_release(room("den")));
    said("<body>4");
}
END_TEST

START_TEST(a_held_room_is_destroyed)
{
    keep("den");
    muc_room *den = room("den");
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "last words");
    OK(muc_room_destroy(den, NULL, "over", NULL));
    ck_assert_ptr_null(room("den"));
    unsaid("send");
    OK(muc_room_create(world.service, DEN, NULL, 0, NULL));
    ck_assert_ptr_ne(room("den"), den);
    uint64_t all = muc_room_held(room("den"));
    ck_assert_uint_eq(all, 0);
    OK(muc_room_release_to(den, 1));
    said("last words");
    unsaid("<destroy");
    OK(muc_room_release(den));
    ck_assert_uint_lt(place("last words"), place("<destroy"));
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
}
END_TEST

/* Who is still told of the end of a room hears nothing of the next one of that name before, nor that there is none. */
START_TEST(what_comes_after_the_end_waits_behind_it)
{
    keep("den");
    muc_room *den = room("den");
    world.change_answer = MUC_HOLD;
    OK(muc_room_destroy(den, NULL, "over", NULL));
    world.change_answer = 0;
    talk("den", JULIET, "hello");
    join("den", ROMEO, "Romeo");
    talk("den", ROMEO, "anew");
    ck_assert_ptr_ne(room("den"), den);
    OK(muc_room_destroy(room("den"), NULL, "again", NULL));
    talk("den", ROMEO, "still");
    join("hut", NURSE, "Nurse");
    unsaid("send " JULIET);
    unsaid("send " ROMEO);
    said("send " NURSE);
    forget();
    OK(muc_room_release(den));
    ck_assert_uint_lt(place("<reason>over"), place("<item-not-found"));
    ck_assert_uint_lt(place("<item-not-found"), place("code='201'"));
    ck_assert_uint_lt(place("<item-not-found"), place("<body>anew"));
    ck_assert_uint_lt(place("<body>anew"), place("<reason>again"));
    ck_assert_uint_lt(place("<reason>again"), place("<body>still"));
    forget();
    talk("den", ROMEO, "nobody");
    said("<item-not-found");
}
END_TEST

/* Each room waits for what the store says of it; one that is there lets go what former ones have left, too. */
START_TEST(several_rooms_of_one_name_are_held)
{
    muc_room *rooms[4];
    const muc_option_value stays = {"persistent", "1"};
    world.change_of = "hut@" SERVICE;
    world.change_answer = MUC_HOLD;
    for (int i = 0; i < 4; i++) {
        char text[8] = {(char)('0' + i), '\0'};
        OK(muc_room_create(world.service, "hut@" SERVICE, &stays, 1, &rooms[i]));
        join("hut", NURSE, "Nurse");
        talk("hut", NURSE, text);
        if (i < 3)
            OK(muc_room_destroy(rooms[i], NULL, NULL, NULL));
    }
    unsaid("send");
    if (_i == 0) {
        OK(muc_room_release(rooms[0]));
        said("<body>0");
        unsaid("<body>1");
        OK(muc_room_forget(rooms[3]));
        world.change_answer = 0;
        join("hut", NURSE, "Nurse");
        talk("hut", NURSE, "4");
        unsaid("<body>4");
        OK(muc_room_release(room("hut")));
        unsaid("<body>3");
        ck_assert_uint_lt(place("<body>2"), place("<body>4"));
    } else if (_i == 1) {
        OK(muc_room_release(rooms[3]));
        ck_assert_uint_lt(place("<body>2"), place("<body>3"));
    } else {
        OK(muc_room_release(rooms[1]));
        ck_assert_uint_lt(place("<body>0"), place("<body>1"));
        unsaid("<body>2");
    }
}
END_TEST

/* A room that is told that it was not stored says so behind what it has said. */
START_TEST(a_failure_waits_too)
{
    keep("den");
    world.change_of = DEN;
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "one");
    world.change_answer = -1;
    talk("den", ROMEO, "two");
    unsaid("send");
    OK(muc_room_release(room("den")));
    ck_assert_uint_lt(place("<body>one"), place("<internal-server-error"));
}
END_TEST

START_TEST(a_held_room_is_forgotten_or_ends_with_the_service)
{
    keep("den");
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "x");
    if (_i) {
        OK(muc_room_forget(room("den")));
        ck_assert_ptr_null(room("den"));
    }
    unsaid("send");
}
END_TEST

START_TEST(a_held_room_that_cannot_be_forgotten_keeps_its_output)
{
    keep("den");
    world.change_answer = MUC_HOLD;
    talk("den", JULIET, "x");
    for (long k = 0; k < 200; k++) {
        world.memory.left = k;
        int r = muc_room_forget(room("den"));
        world.memory.left = -1;
        if (r == MUC_OK)
            return;
        GIVES(MUC_ERR_NOMEM, r);
        if (k == 3) {
            OK(muc_room_release(room("den")));
            ck_assert_uint_eq(times("send"), 2);
        }
    }
    ck_abort_msg("never forgotten");
}
END_TEST

/* ---- pulling ----------------------------------------------------------------------------------------------------- */

static size_t pull(void)
{
    size_t n = 0;
    for (muc_delivery *d; (d = muc_service_next(world.service)); n++)
        muc_delivery_free(d);
    return n;
}

static int pull_inside(muc_event *ev, void *ud)
{
    (void)ud;
    ck_assert_ptr_null(muc_service_next(ev->service));
    return MUC_PASS;
}

START_TEST(what_is_not_fetched_is_bounded)
{
    host_stop();
    host_prepare();
    world.callbacks.send = NULL;
    world.settings.max_unfetched = 4;
    host_start();
    join("den", JULIET, "Juliet");
    ck_assert_uint_eq(muc_service_waiting(world.service), 2);
    ck_assert_uint_eq(pull(), 2);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_SENT, NULL, 0, sent_notice, NULL), 0);
    for (int i = 0; i < 4; i++)
        talk("den", JULIET, "x");
    char *before = state();
    GIVES(MUC_ERR_BUSY, give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body>4</body></message>"));
    GIVES(MUC_ERR_BUSY, muc_room_set_name(room("den"), "n"));
    same_state(before);
    unsaid("notice");
    muc_delivery_free(muc_service_next(world.service));
    unsaid("notice");
    muc_delivery_free(muc_service_next(world.service));
    ck_assert_uint_eq(times("notice"), 1);
    ck_assert_uint_eq(pull(), 2);
    ck_assert_uint_eq(times("notice"), 4);
    CHANGED(muc_room_set_name(room("den"), "n"));
    ck_assert_uint_eq(pull(), 1);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, pull_inside, NULL), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_GROUPCHAT, NULL, 0, pull_inside, NULL), 0);
    talk("den", JULIET, "y");
    talk("den", JULIET, "z");
}
END_TEST

/* It gets what there is; what comes behind the next notice waits for that. */
static int pull_all(muc_event *ev, void *ud)
{
    (void)ud;
    (void)ev;
    (void)pull();
    note("pulled");
    return MUC_PASS;
}

START_TEST(a_notify_handler_pulls)
{
    host_stop();
    host_prepare();
    world.callbacks.send = NULL;
    host_start();
    join("den", JULIET, "Juliet");
    ck_assert_uint_gt(pull(), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_JOINED, NULL, 0, pull_all, NULL), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_SESSION_ADDED, NULL, 0, sent_notice, NULL), 0);
    join("den", ROMEO, "Romeo");
    talk("den", ROMEO, "x");
    ck_assert_uint_eq(muc_service_waiting(world.service), 5);
    ck_assert_uint_gt(pull(), 0);
    ck_assert_uint_eq(times("pulled"), 1);
    ck_assert_uint_eq(times("notice"), 1);
    ck_assert_uint_eq(muc_service_waiting(world.service), 0);
}
END_TEST

static int kick_and_reject(muc_event *ev, void *ud)
{
    (void)ud;
    CHANGED(muc_occupant_set_role(muc_occupant_by_nick(ev->room, "Romeo"), NULL, MUC_ROLE_NONE, NULL));
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static int say_and_try(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_room_broadcast(ev->room, message("to all"), MUC_EVERYONE));
    GIVES(MUC_ERR_REJECTED, muc_affiliation_set(ev->room, NULL, "z@example.org", MUC_AFFILIATION_MEMBER, NULL));
    return MUC_STOP;
}

/* Nothing is kept from who was not kicked after all. */
START_TEST(a_kick_is_undone)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, say_and_try, NULL), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_AFFILIATION_SET, NULL, 0, kick_and_reject, NULL), 0);
    talk("den", JULIET, "x");
    ck_assert_ptr_nonnull(occupant("den", "Romeo"));
    ck_assert_uint_eq(times("to all"), 2);
    said("send " ROMEO);
}
END_TEST

static int say_and_kick(muc_event *ev, void *ud)
{
    (void)ud;
    int r = muc_room_broadcast(ev->room, message("before"), MUC_EVERYONE);
    if (r >= 0)
        r = muc_occupant_set_role(muc_occupant_by_nick(ev->room, "Romeo"), NULL, MUC_ROLE_NONE, NULL);
    if (r >= 0)
        r = muc_occupant_set_role(muc_occupant_by_nick(ev->room, "Nurse"), NULL, MUC_ROLE_NONE, NULL);
    if (r >= 0)
        r = muc_room_broadcast(ev->room, message("after"), MUC_EVERYONE);
    return r < 0 ? r : MUC_STOP;
}

/* Told first that they are out, the kicked ones hear nothing of what came before that. */
START_TEST(kicks_come_first)
{
    join("den", "nurse@example.org/house", "Nurse");
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, say_and_kick, NULL), 0);
    forget();
    talk("den", JULIET, "x");
    ck_assert_uint_eq(times("send " ROMEO), 1);
    ck_assert_uint_eq(times("send nurse@"), 1);
    ck_assert_uint_eq(times("send " JULIET), 4);
    for (long n = 0;; n++) {
        host_stop();
        host_setup();
        join("den", "nurse@example.org/house", "Nurse");
        ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, say_and_kick, NULL), 0);
        forget();
        char *before = state();
        world.memory.left = n;
        int r = give("<message from='" JULIET "' to='" DEN "' type='groupchat'><body/></message>");
        world.memory.left = -1;
        if (r != MUC_ERR_NOMEM) {
            free(before);
            ck_assert_uint_eq(times("send"), 6);
            break;
        }
        same_state(before);
        unsaid("send");
    }
}
END_TEST

/* He who left is buried after what is told of him. */
START_TEST(a_service_ends_before_all_is_told)
{
    host_stop();
    host_prepare();
    world.callbacks.send = NULL;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    ck_assert_uint_gt(pull(), 0);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_LEFT, NULL, 0, sent_notice, NULL), 0);
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo' type='unavailable'/>"));
    ck_assert_uint_eq(muc_service_waiting(world.service), 2);
    unsaid("notice");
}
END_TEST

/* ---- afterwards -------------------------------------------------------------------------------------------------- */

static int stumble(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    return MUC_ERR_HOST;
}

START_TEST(what_fails_afterwards_is_told)
{
    world.send_answer = -1;
    GIVES(MUC_INCOMPLETE, muc_room_set_name(room("den"), "n"));
    ck_assert_uint_eq(times("send"), 2);
    ck_assert_str_eq(muc_room_get_name(room("den")), "n");
    world.send_answer = 0;
    CHANGED(muc_room_set_name(room("den"), "m"));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_OPTION, NULL, 0, stumble, NULL), 0);
    GIVES(MUC_INCOMPLETE, muc_room_set_name(room("den"), "l"));
    OK(muc_room_set_name(room("den"), "l"));
}
END_TEST

START_TEST(the_clock_is_asked_once_a_call)
{
    world.asked = 0;
    talk("den", JULIET, "a");
    ck_assert_int_le(world.asked, 1);
    int64_t first = muc_service_now(world.service);
    world.clock += 5;
    ck_assert_int_eq(muc_service_now(world.service), first + 5);
    talk("den", JULIET, "b");
    int64_t at = 0;
    muc_span xml[3];
    ck_assert_int_eq(muc_history_get(room("den"), 1, xml, &at), 1);
    ck_assert_int_eq(at, world.clock);
}
END_TEST

Suite *suite_txn(void)
{
    Suite *suite = suite_create("txn");
    TCase *tc = tcase_create("transactions");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_loop_test(tc, a_veto_undoes_everything, 0, sizeof refused / sizeof *refused);
    tcase_add_test(tc, consequences_belong_to_it);
    tcase_add_test(tc, the_delta_is_told_first);
    tcase_add_test(tc, new_and_gone_rooms);
    tcase_add_test(tc, what_cannot_be_stored_did_not_happen);
    tcase_add_test(tc, the_deltas_of_several_rooms_are_kept_apart);
    tcase_add_test(tc, rooms_told_before_are_told_again);
    tcase_add_test(tc, a_held_room_that_never_was);
    tcase_add_test(tc, memory_fails_behind_the_store);
    tcase_add_test(tc, output_waits_for_the_store);
    tcase_add_test(tc, released_up_to_a_mark);
    tcase_add_test(tc, what_is_held_is_bounded);
    tcase_add_test(tc, a_held_room_is_destroyed);
    tcase_add_test(tc, what_comes_after_the_end_waits_behind_it);
    tcase_add_loop_test(tc, several_rooms_of_one_name_are_held, 0, 3);
    tcase_add_test(tc, a_failure_waits_too);
    tcase_add_loop_test(tc, a_held_room_is_forgotten_or_ends_with_the_service, 0, 2);
    tcase_add_test(tc, a_held_room_that_cannot_be_forgotten_keeps_its_output);
    tcase_add_test(tc, what_is_not_fetched_is_bounded);
    tcase_add_test(tc, a_kick_is_undone);
    tcase_add_test(tc, kicks_come_first);
    tcase_add_test(tc, a_notify_handler_pulls);
    tcase_add_test(tc, a_service_ends_before_all_is_told);
    tcase_add_test(tc, what_fails_afterwards_is_told);
    tcase_add_test(tc, the_clock_is_asked_once_a_call);
    suite_add_tcase(suite, tc);
    return suite;
}
