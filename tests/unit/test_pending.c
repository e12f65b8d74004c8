/* test_pending.c: handlers that answer later, and rooms that take time to load. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

/* ---- a handler that asks somebody else first --------------------------------------------------------------------- */

static uint64_t tokens[32];
static size_t token_n;
static size_t asked; /* how often a handler was called */
static bool knows;   /* it has heard by now */

static int pend(muc_event *ev)
{
    uint64_t token;
    int r = muc_pend(ev, &token);
    if (r == MUC_PENDING)
        tokens[token_n++ % 32] = token;
    return r;
}

static int ask(muc_event *ev, void *ud)
{
    (void)ud;
    asked++;
    if (knows)
        return muc_join_set_nick(ev, "Angelica");
    return pend(ev);
}

static void hook(muc_point point, muc_hook_fn *fn)
{
    ck_assert_int_gt(muc_hook_add(world.service, point, NULL, MUC_PRIORITY_DEFAULT, fn, NULL), 0);
}

static void start(void)
{
    host_setup();
    token_n = asked = 0;
    knows = false;
}

static void start_asking(void)
{
    start();
    hook(MUC_ON_PRE_JOIN, ask);
}

static uint64_t latest(void)
{
    ck_assert_uint_gt(token_n, 0);
    return tokens[(token_n - 1) % 32];
}

/* ---- one stanza -------------------------------------------------------------------------------------------------- */

START_TEST(an_entry_waits_for_the_answer)
{
    start_asking();
    char *before = state();
    join("den", NURSE, "Nurse");
    ck_assert_str_eq(world.log, "");
    same_state(before);
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    talk("den", ROMEO, "anybody?");
    said("anybody?");
    forget();
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(asked, 1);
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
    said("send " NURSE " <presence");
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, latest(), MUC_PASS));
}
END_TEST

START_TEST(a_refusal_comes_later)
{
    start_asking();
    join("den", NURSE, "Nurse");
    OK(muc_pending_reject(world.service, latest(), MUC_NOT_AUTHORIZED, MUC_ERROR_CANCEL, "says the register"));
    said("<error type='cancel' by='" DEN "'><not-authorized");
    said("says the register");
    ck_assert_ptr_null(occupant("den", "Nurse"));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

START_TEST(who_knows_by_now_is_asked_again)
{
    start_asking();
    join("den", NURSE, "Nurse");
    knows = true;
    OK(muc_pending_answer(world.service, latest(), MUC_PENDING));
    ck_assert_uint_eq(asked, 2);
    ck_assert_ptr_nonnull(occupant("den", "Angelica"));
    said("<status code='210'/>");
}
END_TEST

START_TEST(answers_that_are_none)
{
    start_asking();
    join("den", NURSE, "Nurse");
    GIVES(MUC_ERR_INVALID, muc_pending_answer(world.service, latest(), MUC_REJECT));
    GIVES(MUC_ERR_INVALID, muc_pending_answer(world.service, latest(), MUC_CHANGED));
    GIVES(MUC_ERR_INVALID, muc_pending_reject(world.service, latest(), (muc_condition)7, MUC_ERROR_DEFAULT, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, latest() + 1, MUC_PASS));
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, 0, MUC_PASS));
    OK(muc_pending_answer(world.service, latest(), MUC_STOP));
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
}
END_TEST

/* Each is asked once; the other's answer is not lost. */
START_TEST(two_handlers_wait_one_after_the_other)
{
    start_asking();
    hook(MUC_ON_DEFAULT_ROLE, ask);
    join("den", NURSE, "Nurse");
    uint64_t first = latest();
    OK(muc_pending_answer(world.service, first, MUC_PASS));
    ck_assert_uint_eq(token_n, 2);
    ck_assert_ptr_null(occupant("den", "Nurse"));
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, first, MUC_PASS));
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(asked, 2);
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
}
END_TEST

/* A handler that is asked about every item of a request waits for each; refused in the end, nothing of it stays. */
START_TEST(every_item_has_its_own_answer)
{
    static const char *ban =
        "<iq type='set' id='b' from='" JULIET "' to='" DEN "'><query xmlns='" MUC_NS_ADMIN "'>"
        "<item jid='paris@example.org' affiliation='member'/><item jid='tybalt@example.org' affiliation='outcast'/>"
        "</query></iq>";
    start();
    hook(MUC_ON_PRE_AFFILIATION, ask);
    char *before = state();
    OK(give(ban));
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(token_n, 2);
    OK(muc_pending_reject(world.service, latest(), MUC_POLICY_VIOLATION, MUC_ERROR_DEFAULT, NULL));
    same_state(before);
    said("<policy-violation");
    OK(give(ban));
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_int_eq(muc_affiliation_get(room("den"), "paris@example.org"), MUC_AFFILIATION_MEMBER);
    ck_assert_int_eq(muc_affiliation_get(room("den"), "tybalt@example.org"), MUC_AFFILIATION_OUTCAST);
    ck_assert_uint_eq(asked, 4);
}
END_TEST

/* ---- who may wait ------------------------------------------------------------------------------------------------ */

static int said_result;
static int pend_where_none_may(muc_event *ev, void *ud)
{
    (void)ud;
    uint64_t token;
    said_result = muc_pend(ev, &token);
    return MUC_PASS;
}

START_TEST(only_stanzas_and_only_what_decides)
{
    start();
    hook(MUC_ON_PRE_AFFILIATION, ask);
    GIVES(MUC_ERR_PENDING, muc_affiliation_set(room("den"), NULL, "paris@example.org", MUC_AFFILIATION_MEMBER, NULL));
    hook(MUC_ON_PRE_JOIN, ask);
    muc_refusal why;
    GIVES(MUC_ERR_PENDING, muc_act_enter(world.service, NURSE, DEN, "Nurse", NULL, &why));
    static const muc_point points[] = {MUC_ON_MESSAGE, MUC_ON_MESSAGE_BUILD, MUC_ON_SAID, MUC_ON_SENT};
    for (size_t i = 0; i < sizeof points / sizeof *points; i++) {
        said_result = MUC_OK;
        int id = muc_hook_add(world.service, points[i], NULL, 0, pend_where_none_may, NULL);
        talk("den", ROMEO, "hear");
        ck_assert_int_eq(said_result, MUC_ERR_INVALID);
        OK(muc_hook_remove(world.service, id));
    }
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

static int only_says_so(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    return MUC_PENDING;
}

START_TEST(to_say_pending_alone_is_an_error)
{
    start();
    hook(MUC_ON_PRE_JOIN, only_says_so);
    join("den", NURSE, "Nurse");
    said("<bad-request");
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

/* ---- order ------------------------------------------------------------------------------------------------------- */

START_TEST(nothing_overtakes)
{
    start_asking();
    join("den", NURSE, "Nurse");
    join("hut", NURSE, "Nurse");
    talk("den", NURSE, "first");
    talk("den", NURSE, "second");
    OK(give("<presence type='unavailable' from='" NURSE "' to='" DEN "/Nurse'/>"));
    ck_assert_str_eq(world.log, "");
    ck_assert_uint_eq(muc_pending_count(world.service), 5);
    OK(muc_pending_answer(world.service, tokens[0], MUC_PASS));
    ck_assert_uint_lt(place("<body>first"), place("<body>second"));
    ck_assert_uint_lt(place("<body>second"), place("type='unavailable'"));
    ck_assert_ptr_null(occupant("den", "Nurse"));
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    OK(muc_pending_answer(world.service, tokens[1], MUC_PASS));
    ck_assert_ptr_nonnull(occupant("hut", "Nurse"));
}
END_TEST

/* A second entry that waits, too, behind the first. */
START_TEST(what_is_behind_waits_for_its_own_answer)
{
    start_asking();
    join("den", NURSE, "Nurse");
    OK(give("<presence type='unavailable' from='" NURSE "' to='" DEN "/Nurse'/>"));
    join("den", NURSE, "Nanny");
    talk("den", NURSE, "again");
    OK(muc_pending_answer(world.service, tokens[0], MUC_PASS));
    ck_assert_uint_eq(token_n, 2);
    ck_assert_uint_eq(muc_pending_count(world.service), 2);
    unsaid("again");
    OK(muc_pending_answer(world.service, tokens[1], MUC_PASS));
    ck_assert_ptr_nonnull(occupant("den", "Nanny"));
    said("again");
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

static int answer_others(muc_event *ev, void *ud)
{
    (void)ud;
    /* Dealt with when the one that is running is done. */
    for (size_t i = 1; i < token_n; i++)
        (void)muc_pending_answer(ev->service, tokens[i], MUC_PASS);
    return MUC_PASS;
}

START_TEST(an_answer_leads_to_others)
{
    start_asking();
    hook(MUC_ON_JOINED, answer_others);
    join("den", NURSE, "Nurse");
    join("den", "peter@example.org/kitchen", "Peter");
    join("den", "friar@example.org/cell", "Friar");
    OK(muc_pending_answer(world.service, tokens[0], MUC_PASS));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    ck_assert_uint_eq(muc_occupant_count(room("den")), 5);
    ck_assert_uint_eq(asked, 3);
}
END_TEST

/* What is dispatched while a stanza that waited goes out has nothing of its answers and of its place. */
static size_t judged;
static int judge(muc_event *ev, void *ud)
{
    (void)ud;
    judged++;
    return ev->as.message->body && strstr(ev->as.message->body, "wait") ? pend(ev) : MUC_PASS;
}

static const char *echoed;
static void echo(const muc_delivery *d)
{
    (void)d;
    if (!echoed)
        return;
    const char *text = echoed;
    echoed = NULL;
    talk("den", ROMEO, text);
}

START_TEST(answers_are_of_one_stanza_alone)
{
    start();
    judged = 0;
    hook(MUC_ON_GROUPCHAT, judge);
    join("den", NURSE, "Nurse");
    talk("den", JULIET, "wait 1");
    talk("den", NURSE, "wait 2");
    uint64_t first = tokens[0], second = tokens[1];
    echoed = "wait 3";
    world.on_send = echo;
    forget();
    OK(muc_pending_answer(world.service, first, MUC_PASS));
    ck_assert_uint_eq(judged, 3);
    ck_assert_uint_eq(token_n, 3);
    said("<body>wait 1");
    unsaid("<body>wait 3");
    ck_assert_uint_eq(muc_pending_count(world.service), 2);
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(times("send " ROMEO " <message"), 2);
    echoed = "wait 4";
    OK(muc_pending_answer(world.service, second, MUC_PASS));
    ck_assert_uint_eq(times("<body>wait 2"), 3);
    unsaid("<body>wait 4");
    OK(muc_pending_reject(world.service, latest(), MUC_NOT_ALLOWED, MUC_ERROR_DEFAULT, NULL));
    ck_assert_uint_eq(times("<not-allowed"), 1);
}
END_TEST

/* Paris is a member by the time of the answer, so that nobody is asked about him any more: the answer about Tybalt is
 * none about the third. */
static int about_each(muc_event *ev, void *ud)
{
    (void)ud;
    const char *jid = ev->as.affiliation->jid;
    if (strncmp(jid, "tybalt", 6) == 0)
        return pend(ev);
    return strncmp(jid, "rosaline", 8) == 0 ? muc_reject(ev, MUC_NOT_ALLOWED, NULL) : MUC_PASS;
}

START_TEST(an_answer_is_to_its_question)
{
    start();
    hook(MUC_ON_PRE_AFFILIATION, about_each);
    OK(give("<iq type='set' id='b' from='" JULIET "' to='" DEN "'><query xmlns='" MUC_NS_ADMIN "'>"
            "<item jid='paris@example.org' affiliation='member'/><item jid='tybalt@example.org' affiliation='member'/>"
            "<item jid='rosaline@example.org' affiliation='member'/></query></iq>"));
    CHANGED(muc_affiliation_set(room("den"), NULL, "paris@example.org", MUC_AFFILIATION_MEMBER, NULL));
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_int_eq(muc_affiliation_get(room("den"), "rosaline@example.org"), MUC_AFFILIATION_NONE);
    ck_assert_int_eq(muc_affiliation_get(room("den"), "tybalt@example.org"), MUC_AFFILIATION_NONE);
    said("<not-allowed");
}
END_TEST

/* ---- ends -------------------------------------------------------------------------------------------------------- */

START_TEST(it_ends_with_its_sender)
{
    start_asking();
    join("den", NURSE, "Nurse");
    talk("den", NURSE, "hear");
    join("den", "peter@example.net/kitchen", "Peter");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, tokens[0], MUC_PASS));
    OK(muc_domain_unreachable(world.service, "example.net"));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    ck_assert_ptr_null(occupant("den", "Peter"));
    unsaid(NURSE);
}
END_TEST

static int send_him_away(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_peer_gone(ev->service, NURSE, NULL);
}

START_TEST(its_sender_goes_while_it_goes_on)
{
    start_asking();
    hook(MUC_ON_JOINED, send_him_away);
    join("den", NURSE, "Nurse");
    talk("den", NURSE, "never");
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    ck_assert_ptr_null(occupant("den", "Nurse"));
    unsaid("never");
}
END_TEST

START_TEST(nobody_waits_for_ever)
{
    start_asking();
    join("den", NURSE, "Nurse");
    talk("den", NURSE, "too late");
    world.clock += 59999;
    talk("den", ROMEO, "tick");
    unsaid(NURSE);
    int64_t next;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, world.clock + 1);
    world.clock++;
    OK(muc_service_sweep(world.service, &next));
    ck_assert_int_eq(next, INT64_MAX);
    said("send " NURSE " <presence to='" NURSE "' from='" DEN "/Nurse' type='error'");
    said("<error type='wait' by='" DEN "'><remote-server-timeout");
    said("<not-acceptable");
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

/* A call that fails has dropped nothing. */
START_TEST(its_sender_stays)
{
    start_asking();
    join("den", NURSE, "Nurse");
    talk("den", NURSE, "behind");
    OK(give("<presence type='unavailable' from='" JULIET "' to='" DEN "/Juliet'/>"));
    join("hut", JULIET, "Juliet");
    join("hut", NURSE, "Nurse");
    OK(muc_pending_answer(world.service, tokens[1], MUC_PASS));
    OK(muc_pending_answer(world.service, tokens[2], MUC_PASS));
    CHANGED(muc_room_set_persistent(room("hut"), 1));
    long before = (long)muc_pending_count(world.service);
    int r = MUC_ERR_NOMEM;
    for (long k = 0; r == MUC_ERR_NOMEM; k++) {
        ck_assert_int_eq((long)muc_pending_count(world.service), before);
        world.memory.left = k;
        r = muc_peer_gone(world.service, NURSE, "gone");
        world.memory.left = -1;
    }
    OK(r);
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    GIVES(MUC_ERR_NOT_FOUND, muc_pending_answer(world.service, tokens[0], MUC_PASS));
}
END_TEST

/* Freed with the service. */
START_TEST(some_never_hear)
{
    start_asking();
    join("den", NURSE, "Nurse");
    talk("den", NURSE, "hear");
}
END_TEST

/* ---- limits ------------------------------------------------------------------------------------------------------ */

START_TEST(so_many_and_no_more)
{
    host_prepare();
    world.settings.max_pending = 6;
    world.settings.max_pending_sender = 3;
    world.settings.max_pending_bytes = 1500;
    host_start();
    token_n = 0;
    knows = false;
    hook(MUC_ON_PRE_JOIN, ask);
    for (size_t i = 0; i < 4; i++)
        join("den", NURSE, "Nurse");
    ck_assert_uint_eq(muc_pending_count(world.service), 3);
    ck_assert_uint_eq(times("<resource-constraint"), 1);
    char long_one[2000];
    snprintf(long_one, sizeof long_one,
             "<presence from='%s' to='" DEN "/Romeo'><x xmlns='" MUC_NS "'/><status>%01400d</status></presence>", ROMEO,
             0);
    OK(give(long_one));
    ck_assert_uint_eq(times("<resource-constraint"), 2);
    for (size_t i = 0; i < 4; i++) {
        char jid[64];
        snprintf(jid, sizeof jid, "user%zu@example.org/x", i);
        join("den", jid, jid);
    }
    ck_assert_uint_eq(muc_pending_count(world.service), 6);
    ck_assert_uint_eq(times("<resource-constraint"), 3);
}
END_TEST

/* ---- memory ------------------------------------------------------------------------------------------------------ */

START_TEST(memory_fails_at_every_place)
{
    start_asking();
    int r = MUC_ERR_NOMEM;
    static const char *entry = "<presence from='" NURSE "' to='" DEN "/Nurse'><x xmlns='" MUC_NS "'/></presence>";
    for (long k = 0; r == MUC_ERR_NOMEM; k++) {
        ck_assert_uint_eq(muc_pending_count(world.service), 0);
        world.memory.left = k;
        r = give(entry);
        world.memory.left = -1;
    }
    OK(r);
    talk("den", NURSE, "behind");
    r = MUC_ERR_NOMEM;
    for (long k = 0; r == MUC_ERR_NOMEM; k++) {
        char *before = state();
        world.memory.left = k;
        r = muc_pending_answer(world.service, latest(), MUC_PASS);
        world.memory.left = -1;
        if (r == MUC_ERR_NOMEM)
            same_state(before);
        else
            free(before);
    }
    OK(r);
    ck_assert_ptr_nonnull(occupant("den", "Nurse"));
    /* What was behind it may still wait for memory: the next stanza brings it on. */
    talk("den", ROMEO, "next");
    said("behind");
    ck_assert_uint_lt(place("behind"), place("next"));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

/* ---- rooms ------------------------------------------------------------------------------------------------------- */

static int wanted; /* how often a room was asked for */

static bool yard_waits;
static int look_for(muc_service *s, const char *jid, void *ud)
{
    (void)s;
    (void)ud;
    wanted++;
    bool waits = strcmp(jid, "cell@" SERVICE) == 0 || (yard_waits && strcmp(jid, "yard@" SERVICE) == 0);
    return waits ? MUC_ROOM_PENDING : MUC_ROOM_UNKNOWN;
}

static void start_loading(void)
{
    host_prepare();
    world.callbacks.room_wanted = look_for;
    host_start();
    wanted = 0;
    join("cell", JULIET, "Juliet");
    join("cell", ROMEO, "Romeo");
    talk("cell", JULIET, "good even");
    ck_assert_str_eq(world.log, "");
    ck_assert_int_eq(wanted, 1);
    ck_assert_uint_eq(muc_pending_count(world.service), 3);
}

#define CELL "cell@" SERVICE
static int keep(const char *bytes, size_t n, void *ud)
{
    strncat(ud, bytes, n);
    return 0;
}

/* A snapshot as this version writes it. */
static char as_saved[4096];

static void start_loading_saved(void)
{
    *as_saved = '\0';
    host_setup();
    OK(muc_room_create(world.service, CELL, NULL, 0, NULL));
    CHANGED(muc_room_set_name(room("cell"), "Cell"));
    OK(muc_room_save(room("cell"), MUC_PART_ALL, keep, as_saved));
    host_stop();
    start_loading();
}

static void bring_it(void)
{
    OK(muc_room_restore(world.service, as_saved, strlen(as_saved), NULL));
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_RESTORED));
}

START_TEST(a_room_is_loaded_while_many_wait)
{
    start_loading_saved();
    muc_room *out;
    GIVES(MUC_ERR_PENDING, muc_room_load(world.service, CELL, &out));
    GIVES(MUC_ERR_PENDING, muc_room_create(world.service, CELL, NULL, 0, &out));
    bring_it();
    ck_assert_str_eq(muc_room_get_name(room("cell")), "Cell");
    ck_assert_uint_eq(muc_occupant_count(room("cell")), 2);
    ck_assert_uint_lt(place("send " JULIET), place("send " ROMEO));
    said("good even");
    GIVES(MUC_ERR_NOT_FOUND, muc_room_wanted_answer(world.service, CELL, MUC_ROOM_RESTORED));
    ck_assert_int_eq(wanted, 1);
}
END_TEST

static void send_to_cell(const char *from, const char *id)
{
    char line[300];
    snprintf(line, sizeof line, "<message from='%s' to='" CELL "' type='groupchat' id='%s'/>", from, id);
    OK(give(line));
}

static int hear(muc_event *ev, void *ud)
{
    (void)ud;
    char line[100];
    snprintf(line, sizeof line, "heard %s;", muc_node_attr(ev->stanza, "id"));
    note(line);
    return MUC_PASS;
}

/* All that waits for a room goes on in the order in which it came, whoever sent it. */
START_TEST(a_room_hears_all_in_the_order_in_which_it_came)
{
    start_loading();
    hook(MUC_ON_MESSAGE, hear);
    send_to_cell(ROMEO, "1");
    send_to_cell(ROMEO, "2");
    send_to_cell(NURSE, "3");
    send_to_cell(JULIET, "4");
    send_to_cell(ROMEO, "5");
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_UNKNOWN));
    for (char heard[] = "heard 1;", next[] = "heard 2;"; next[6] <= '5'; heard[6]++, next[6]++)
        ck_assert_uint_lt(place(heard), place(next));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

/* One that has to wait again holds up its sender alone, who then is behind the others; and when it begins to wait for
 * the room once more, what came later is behind it. */
START_TEST(who_waits_again_holds_up_himself_alone)
{
    start_loading_saved();
    token_n = asked = 0;
    knows = false;
    hook(MUC_ON_MESSAGE, hear);
    hook(MUC_ON_PRE_JOIN, ask);
    send_to_cell(JULIET, "1");
    send_to_cell(NURSE, "2");
    bring_it();
    ck_assert_uint_eq(token_n, 2);
    said("heard 2;");
    unsaid("heard 1;");
    OK(muc_room_evict(room("cell")));
    send_to_cell(NURSE, "3");
    OK(muc_pending_answer(world.service, tokens[0], MUC_PASS));
    unsaid("heard 1;");
    bring_it();
    ck_assert_uint_lt(place("heard 1;"), place("heard 3;"));
    ck_assert_uint_eq(muc_occupant_count(room("cell")), 1);
    OK(muc_pending_answer(world.service, tokens[1], MUC_PASS));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
}
END_TEST

START_TEST(there_is_no_such_room)
{
    start_loading();
    GIVES(MUC_ERR_INVALID, muc_room_wanted_answer(world.service, CELL, MUC_ROOM_PENDING));
    GIVES(MUC_ERR_NOT_FOUND, muc_room_wanted_answer(world.service, DEN, MUC_ROOM_UNKNOWN));
    GIVES(MUC_ERR_NOT_FOUND, muc_room_wanted_answer(world.service, "cell@elsewhere.org", MUC_ROOM_UNKNOWN));
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_UNKNOWN));
    said("<status code='201'/>");
    ck_assert_uint_eq(muc_occupant_count(room("cell")), 2);
    ck_assert_int_eq(wanted, 1);
}
END_TEST

START_TEST(it_could_not_be_loaded)
{
    start_loading();
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ERR_HOST));
    ck_assert_uint_eq(times("<internal-server-error"), 3);
    ck_assert_ptr_null(room("cell"));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    talk("cell", JULIET, "again");
    ck_assert_int_eq(wanted, 2);
}
END_TEST

START_TEST(loading_takes_too_long)
{
    start_loading();
    OK(muc_peer_gone(world.service, JULIET, NULL));
    world.clock += 60000;
    talk("den", ROMEO, "tick");
    ck_assert_uint_eq(times("<error type='wait' by='" CELL "'><internal-server-error"), 1);
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_wanted_answer(world.service, CELL, MUC_ROOM_RESTORED));
}
END_TEST

/* A room for which a stanza begins to wait after it has waited for an answer: the whole time counts. */
START_TEST(waiting_twice_is_waiting)
{
    host_prepare();
    world.callbacks.room_wanted = look_for;
    host_start();
    token_n = 0;
    knows = false;
    hook(MUC_ON_PRE_JOIN, ask);
    wanted = 0;
    OK(muc_room_create(world.service, "yard@" SERVICE, NULL, 0, NULL));
    join("yard", JULIET, "Juliet");
    world.clock += 50000;
    OK(muc_room_evict(room("yard")));
    yard_waits = true;
    OK(muc_pending_answer(world.service, latest(), MUC_PASS));
    ck_assert_uint_eq(muc_pending_count(world.service), 1);
    world.clock += 10000;
    talk("den", ROMEO, "tick");
    yard_waits = false;
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    ck_assert_uint_eq(times("<internal-server-error"), 1);
}
END_TEST

/* The first of those who wait ends the room: the others find none, and one of them makes it. */
START_TEST(a_room_ends_while_others_wait_for_it)
{
    char saved[4096] = "";
    host_setup();
    OK(muc_room_create(world.service, CELL, NULL, 0, NULL));
    CHANGED(muc_affiliation_set(room("cell"), NULL, "juliet@example.org", MUC_AFFILIATION_OWNER, NULL));
    OK(muc_room_save(room("cell"), MUC_PART_ALL, keep, saved));
    host_stop();
    host_prepare();
    world.callbacks.room_wanted = look_for;
    host_start();
    wanted = 0;
    OK(give("<iq type='set' id='d' from='" JULIET "' to='" CELL "'><query xmlns='" MUC_NS_OWNER
            "'><destroy/></query></iq>"));
    talk("cell", ROMEO, "anybody?");
    join("cell", NURSE, "Nurse");
    OK(muc_room_restore(world.service, saved, strlen(saved), NULL));
    OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_RESTORED));
    unsaid("<internal-server-error");
    if (muc_pending_count(world.service))
        OK(muc_room_wanted_answer(world.service, CELL, MUC_ROOM_UNKNOWN));
    unsaid("<internal-server-error");
    ck_assert_uint_eq(times("<item-not-found"), 1);
    ck_assert_ptr_nonnull(occupant("cell", "Nurse"));
}
END_TEST

static int look_for_all(muc_service *s, const char *jid, void *ud)
{
    (void)s;
    (void)jid;
    (void)ud;
    wanted++;
    return MUC_ROOM_PENDING;
}

/* Nobody makes the host look for more rooms than he may have waiting; what nobody waits for any more ends, too. */
START_TEST(nobody_has_all_rooms_loaded)
{
    host_prepare();
    world.callbacks.room_wanted = look_for_all;
    world.settings.max_pending = 8;
    world.settings.max_pending_sender = 3;
    host_start();
    wanted = 0;
    for (int i = 0; i < 20; i++) {
        char name[16];
        snprintf(name, sizeof name, "room%d", i);
        talk(name, JULIET, "knock");
    }
    ck_assert_int_eq(wanted, 3);
    ck_assert_uint_eq(times("<resource-constraint"), 17);
    OK(muc_peer_gone(world.service, JULIET, NULL));
    ck_assert_uint_eq(muc_pending_count(world.service), 0);
    GIVES(MUC_ERR_PENDING, muc_room_load(world.service, "room0@" SERVICE, &(muc_room *){NULL}));
    world.clock += 60000;
    OK(muc_service_sweep(world.service, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_room_wanted_answer(world.service, "room0@" SERVICE, MUC_ROOM_UNKNOWN));
}
END_TEST

static void finish(void)
{
    host_stop();
}

Suite *suite_pending(void)
{
    Suite *suite = suite_create("pending");
    TCase *tc = tcase_create("pending");
    tcase_add_checked_fixture(tc, NULL, finish);
    tcase_add_test(tc, an_entry_waits_for_the_answer);
    tcase_add_test(tc, a_refusal_comes_later);
    tcase_add_test(tc, who_knows_by_now_is_asked_again);
    tcase_add_test(tc, answers_that_are_none);
    tcase_add_test(tc, two_handlers_wait_one_after_the_other);
    tcase_add_test(tc, every_item_has_its_own_answer);
    tcase_add_test(tc, only_stanzas_and_only_what_decides);
    tcase_add_test(tc, to_say_pending_alone_is_an_error);
    tcase_add_test(tc, nothing_overtakes);
    tcase_add_test(tc, what_is_behind_waits_for_its_own_answer);
    tcase_add_test(tc, an_answer_leads_to_others);
    tcase_add_test(tc, answers_are_of_one_stanza_alone);
    tcase_add_test(tc, an_answer_is_to_its_question);
    tcase_add_test(tc, its_sender_stays);
    tcase_add_test(tc, waiting_twice_is_waiting);
    tcase_add_test(tc, a_room_ends_while_others_wait_for_it);
    tcase_add_test(tc, nobody_has_all_rooms_loaded);
    tcase_add_test(tc, it_ends_with_its_sender);
    tcase_add_test(tc, its_sender_goes_while_it_goes_on);
    tcase_add_test(tc, nobody_waits_for_ever);
    tcase_add_test(tc, some_never_hear);
    tcase_add_test(tc, so_many_and_no_more);
    tcase_add_test(tc, memory_fails_at_every_place);
    tcase_add_test(tc, a_room_is_loaded_while_many_wait);
    tcase_add_test(tc, a_room_hears_all_in_the_order_in_which_it_came);
    tcase_add_test(tc, who_waits_again_holds_up_himself_alone);
    tcase_add_test(tc, there_is_no_such_room);
    tcase_add_test(tc, it_could_not_be_loaded);
    tcase_add_test(tc, loading_takes_too_long);
    suite_add_tcase(suite, tc);
    return suite;
}
