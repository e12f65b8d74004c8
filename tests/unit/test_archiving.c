/* test_archiving.c: an archive of all messages, made of nothing but what a host has: it names, keeps, shows, forgets.
 */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NS_MAM  "urn:xmpp:mam:2"
#define NS_BACK "urn:xmpp:message-retract:1"
#define FIELD   "muc#roomconfig_enablearchiving"
#define HALL    "hall@" SERVICE
#define NURSE   "nurse@example.org/house"

/* ---- the archive ------------------------------------------------------------------------------------------------- */

enum { MOST = 20 };

typedef struct kept {
    char room[64], id[MUC_ID_SIZE], xml[1000];
    int64_t at;
} kept;

static struct {
    kept all[MOST];
    size_t n;
    int named; /* names given */
    size_t at; /* of who reads */
    char saved[4000];
    size_t saved_n; /* the room hall, when it is in no memory */
} archive;

static void drop(size_t i)
{
    memmove(&archive.all[i], &archive.all[i + 1], (--archive.n - i) * sizeof *archive.all);
}

static void forget_room(const char *jid)
{
    for (size_t i = archive.n; i-- > 0;)
        if (strcmp(archive.all[i].room, jid) == 0)
            drop(i);
}

static size_t count(const char *jid)
{
    size_t n = 0;
    for (size_t i = 0; i < archive.n; i++)
        n += strcmp(archive.all[i].room, jid) == 0;
    return n;
}

/* The last `max` before a name, "" for all: what an administrator pages through. Returns where they begin. */
static size_t page(const char *jid, const char *before, size_t max, size_t *end)
{
    *end = archive.n;
    for (size_t i = 0; *before && i < archive.n; i++)
        if (strcmp(archive.all[i].id, before) == 0)
            *end = i;
    size_t i = *end, found = 0;
    while (i > 0 && found < max)
        found += strcmp(archive.all[--i].room, jid) == 0;
    return i;
}

/* ---- its handlers ------------------------------------------------------------------------------------------------ */

static int name_it(muc_event *ev, void *ud)
{
    (void)ud;
    if (muc_room_get_archiving(ev->room))
        snprintf(ev->as.message->id, MUC_ID_SIZE, "a%d", archive.named + 1);
    return MUC_PASS;
}

static int keep_it(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_message_event *m = ev->as.message;
    if (!muc_room_get_archiving(ev->room))
        return MUC_PASS;
    ck_assert_uint_lt(archive.n, MOST);
    kept *k = &archive.all[archive.n++];
    archive.named++;
    snprintf(k->room, sizeof k->room, "%s", muc_room_jid(ev->room));
    snprintf(k->id, sizeof k->id, "%s", m->id);
    snprintf(k->xml, sizeof k->xml, "%.*s%.*s%.*s", (int)m->xml[0].n, m->xml[0].p, (int)m->xml[1].n, m->xml[1].p,
             (int)m->xml[2].n, m->xml[2].p);
    k->at = muc_service_now(ev->service);
    return MUC_PASS;
}

static int take_back(muc_event *ev, void *ud)
{
    (void)ud;
    const xmlNode *retract = ev->stanza ? muc_node_child(ev->stanza, "retract", NS_BACK) : NULL;
    const char *id = retract ? muc_node_attr(retract, "id") : NULL;
    char from[200];
    if (!id || !ev->occupant)
        return MUC_PASS;
    snprintf(from, sizeof from, "from='%s/%s'", muc_room_jid(ev->room), muc_occupant_nick(ev->occupant));
    for (size_t i = 0; i < archive.n; i++)
        if (strcmp(archive.all[i].id, id) == 0 && strstr(archive.all[i].xml, from))
            drop(i);
    return MUC_PASS;
}

static int next(muc_history_entry *out, void *ud)
{
    const char *jid = ud;
    for (; archive.at < archive.n; archive.at++) {
        const kept *k = &archive.all[archive.at];
        if (strcmp(k->room, jid) == 0) {
            out->xml = (muc_span){k->xml, strlen(k->xml)};
            out->at = k->at;
            archive.at++;
            return 1;
        }
    }
    return 0;
}

static int show(muc_event *ev, void *ud)
{
    (void)ud;
    if (!muc_room_get_archiving(ev->room))
        return MUC_PASS;
    archive.at = 0;
    ev->as.history->next = next;
    ev->as.history->ud = (void *)(uintptr_t)muc_room_jid(ev->room);
    return MUC_STOP;
}

/* A message of the room that brings an old one. */
static int forward(muc_room *room, const char *to, const kept *k)
{
    char stamp[MUC_STAMP_SIZE];
    muc_stamp(k->at, stamp);
    muc_xml *x = muc_xml_new(muc_room_service(room), "message");
    muc_xml_open(x, "result", NS_MAM);
    muc_xml_attr(x, "id", k->id);
    muc_xml_open(x, "forwarded", "urn:xmpp:forward:0");
    muc_xml_open(x, "delay", "urn:xmpp:delay");
    muc_xml_attr(x, "stamp", stamp);
    muc_xml_close(x);
    muc_xml_bytes(x, k->xml, strlen(k->xml));
    muc_xml_close(x);
    muc_xml_close(x);
    return muc_room_route(room, x, to);
}

/* The answer, which goes out behind them: what muc_reply() begins would go first. */
static int finish(muc_event *ev)
{
    muc_xml *x = muc_xml_new(ev->service, "iq");
    muc_xml_attr(x, "type", "result");
    muc_xml_attr(x, "id", muc_node_attr(ev->stanza, "id"));
    muc_xml_open(x, "fin", NS_MAM);
    muc_xml_close(x);
    return muc_room_route(ev->room, x, ev->from);
}

static int on_question(muc_event *ev, void *ud)
{
    (void)ud;
    muc_condition why = MUC_FORBIDDEN;
    if (!ev->room || muc_event_nick(ev) || !muc_room_get_archiving(ev->room))
        return MUC_PASS;
    int r = muc_room_may_read(ev->room, ev->from, &why);
    if (r == MUC_ERR_REJECTED)
        return muc_reject(ev, why, NULL);
    size_t end, i = page(muc_room_jid(ev->room), "", 2, &end);
    for (; i < end && r >= 0; i++)
        if (strcmp(archive.all[i].room, muc_room_jid(ev->room)) == 0)
            r = forward(ev->room, ev->from, &archive.all[i]);
    r = r < 0 ? r : finish(ev);
    return r < 0 ? r : MUC_STOP;
}

static int say_so(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->room && muc_room_get_archiving(ev->room))
        muc_disco_feature(ev, NS_MAM);
    return MUC_PASS;
}

/* Juliet may. */
static int on_archiving(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_config_event *c = ev->as.config;
    if (!ev->from || !c->form || muc_form_flag(c->form, c->var) == muc_room_get_archiving(ev->room) ||
        strcmp(ev->from, JULIET) == 0)
        return MUC_PASS;
    return muc_reject(ev, MUC_NOT_ACCEPTABLE, "You may not switch the archive on or off");
}

static int on_end(muc_event *ev, void *ud)
{
    (void)ud;
    if (ev->point == MUC_ON_HISTORY_CLEARED || !muc_room_get_keep_archive(ev->room))
        forget_room(muc_room_jid(ev->room));
    return MUC_PASS;
}

static int on_name(muc_event *ev, void *ud)
{
    (void)ud;
    return count(ev->as.create->jid) ? muc_reject(ev, MUC_CONFLICT, NULL) : MUC_PASS;
}

/* ---- its host ---------------------------------------------------------------------------------------------------- */

static int save(const char *bytes, size_t n, void *ud)
{
    (void)ud;
    ck_assert_uint_lt(archive.saved_n + n, sizeof archive.saved);
    memcpy(archive.saved + archive.saved_n, bytes, n);
    archive.saved_n += n;
    return 0;
}

static int wanted(muc_service *service, const char *jid, void *ud)
{
    (void)ud;
    if (!archive.saved_n || strcmp(jid, HALL) != 0)
        return MUC_ROOM_UNKNOWN;
    int r = muc_room_restore(service, archive.saved, archive.saved_n, NULL);
    return r ? r : MUC_ROOM_RESTORED;
}

static void set_up(void)
{
    static const muc_feature *const more[] = {&muc_feature_archiving, NULL};
    static const struct {
        muc_point point;
        const char *key;
        muc_hook_fn *fn;
    } handlers[] = {
        {MUC_ON_HISTORY_KEEP, NULL, name_it},
        {MUC_ON_KEPT, NULL, keep_it},
        {MUC_ON_SAID, NULL, take_back},
        {MUC_ON_HISTORY_WANTED, NULL, show},
        {MUC_ON_IQ, "{" NS_MAM "}query", on_question},
        {MUC_ON_DISCO_INFO, "", say_so},
        {MUC_ON_CONFIG_FIELD, FIELD, on_archiving},
        {MUC_ON_HISTORY_CLEARED, NULL, on_end},
        {MUC_ON_DESTROYED, NULL, on_end},
        {MUC_ON_PRE_CREATE, NULL, on_name},
    };
    memset(&archive, 0, sizeof archive);
    host_prepare();
    world.settings.extra_features = more;
    world.settings.stanza_ids = 1;
    world.callbacks.room_wanted = wanted;
    host_start();
    for (size_t i = 0; i < sizeof handlers / sizeof *handlers; i++)
        ck_assert_int_gt(
            muc_hook_add(world.service, handlers[i].point, handlers[i].key, MUC_PRIORITY_ACCESS, handlers[i].fn, NULL),
            0);
    const muc_option_value config[] = {{"persistent", "1"}, {"archiving", "1"}};
    OK(muc_room_create(world.service, HALL, config, 2, NULL));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "juliet@example.org", MUC_AFFILIATION_OWNER, NULL));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "romeo@example.org", MUC_AFFILIATION_OWNER, NULL));
    join("hall", JULIET, "Juliet");
    join("hall", ROMEO, "Romeo");
    forget();
}

/* Out of memory, as it is when nobody has used it for long. */
static void let_go(void)
{
    OK(muc_peer_gone(world.service, JULIET, NULL));
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    archive.saved_n = 0;
    OK(muc_room_save(room("hall"), MUC_PART_ALL & ~(MUC_PART_HISTORY | MUC_PART_OCCUPANTS), save, NULL));
    OK(muc_room_evict(room("hall")));
    ck_assert_ptr_null(room("hall"));
    forget();
}

static void ask(const char *who)
{
    char xml[300];
    forget();
    snprintf(xml, sizeof xml, "<iq from='%s' to='" HALL "' type='set' id='q'><query xmlns='" NS_MAM "'/></iq>", who);
    OK(give(xml));
}

static void configure(const char *who, const char *var, const char *value)
{
    char xml[600];
    forget();
    snprintf(xml, sizeof xml,
             "<iq from='%s' to='" HALL "' type='set' id='c'><query xmlns='" MUC_NS_OWNER
             "'><x xmlns='jabber:x:data' type='submit'><field var='%s'><value>%s</value></field></x></query></iq>",
             who, var, value);
    OK(give(xml));
}

/* ---- what comes of it -------------------------------------------------------------------------------------------- */

START_TEST(named_kept_and_paged)
{
    for (int i = 0; i < 5; i++) {
        char text[20];
        snprintf(text, sizeof text, "no %d", i);
        talk("hall", i % 2 ? ROMEO : JULIET, text);
    }
    said("<body>no 0</body><stanza-id xmlns='urn:xmpp:sid:0' by='" HALL "' id='a1'/>");
    ck_assert_uint_eq(count(HALL), 5);
    /* Of one user; a page of them all. */
    ck_assert_ptr_nonnull(strstr(archive.all[1].xml, "from='" HALL "/Romeo'"));
    size_t end, first = page(HALL, "a5", 2, &end);
    ck_assert_str_eq(archive.all[first].id, "a3");
    ck_assert_uint_eq(end - first, 2);
    ask(JULIET);
    ck_assert_uint_eq(times("<forwarded"), 2);
    said("<result xmlns='" NS_MAM "' id='a5'>");
    ck_assert_uint_lt(place("no 3"), place("no 4"));
    ck_assert_uint_lt(place("no 4"), place("<fin xmlns='" NS_MAM "'/>"));
}
END_TEST

/* The room is in no memory: it comes for the question, with its rules and without history, which the archive has. */
START_TEST(rooms_that_come_back)
{
    talk("hall", JULIET, "O Romeo");
    let_go();
    ask(NURSE);
    said("O Romeo");
    said("<fin");
    ck_assert_uint_eq(muc_history_count(room("hall")), 0);
    join("hall", NURSE, "Nurse");
    said("O Romeo</body><stanza-id xmlns='urn:xmpp:sid:0' by='" HALL "' id='a1'/><delay");
    OK(muc_peer_gone(world.service, NURSE, NULL));
    CHANGED(muc_room_set_password(room("hall"), "secret"));
    let_go();
    ask(NURSE);
    said("<not-authorized");
    unsaid("O Romeo");
    CHANGED(muc_room_set_password(room("hall"), NULL));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "nurse@example.org", MUC_AFFILIATION_OUTCAST, NULL));
    let_go();
    ask(NURSE);
    said("<forbidden");
    unsaid("O Romeo");
}
END_TEST

START_TEST(taken_back_by_who_said_it)
{
    static const char back[] = "<message from='%s' to='" HALL "' type='groupchat'><retract xmlns='" NS_BACK
                               "' id='a1'/><body>x</body></message>";
    char xml[400];
    talk("hall", JULIET, "By and by I come");
    snprintf(xml, sizeof xml, back, ROMEO);
    OK(give(xml));
    ck_assert_uint_eq(count(HALL), 2);
    snprintf(xml, sizeof xml, back, JULIET);
    OK(give(xml));
    ck_assert_uint_eq(count(HALL), 2);
    forget();
    join("hall", NURSE, "Nurse");
    unsaid("By and by");
}
END_TEST

/* Everybody sees the switch, one may turn it. */
START_TEST(who_may_switch_it)
{
    OK(give("<iq from='" ROMEO "' to='" HALL "' type='get' id='f'><query xmlns='" MUC_NS_OWNER "'/></iq>"));
    said("var='" FIELD "'");
    configure(ROMEO, FIELD, "0");
    said("<not-acceptable");
    ck_assert_int_eq(muc_room_get_archiving(room("hall")), 1);
    configure(ROMEO, "archiving", "0");
    said("<not-acceptable");
    ck_assert_int_eq(muc_room_get_archiving(room("hall")), 1);
    configure(ROMEO, FIELD, "1");
    said("type='result'");
    configure(JULIET, FIELD, "0");
    said("type='result'");
    said("<status code='104'/>");
    ck_assert_int_eq(muc_room_get_archiving(room("hall")), 0);
    talk("hall", ROMEO, "unheard");
    ck_assert_uint_eq(count(HALL), 0);
    forget();
    OK(give("<iq from='" ROMEO "' to='" HALL
            "' type='get' id='d'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"));
    unsaid(NS_MAM);
    CHANGED(muc_room_set_archiving(room("hall"), 1));
    OK(give("<iq from='" ROMEO "' to='" HALL
            "' type='get' id='d'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>"));
    said("<feature var='" NS_MAM "'/>");
}
END_TEST

START_TEST(it_goes_with_the_room)
{
    talk("hall", JULIET, "x");
    OK(muc_room_destroy(room("hall"), NULL, NULL, NULL));
    ck_assert_uint_eq(count(HALL), 0);
    OK(muc_room_create(world.service, HALL, NULL, 0, NULL));
}
END_TEST

/* Nobody else gets the name of a room whose archive is there. */
START_TEST(it_outlives_the_room)
{
    talk("hall", JULIET, "x");
    configure(ROMEO, "{http://igniterealtime.org}muc#roomconfig_preservehistondel", "1");
    ck_assert_int_eq(muc_room_get_keep_archive(room("hall")), 1);
    OK(muc_room_destroy(room("hall"), NULL, NULL, NULL));
    ck_assert_uint_eq(count(HALL), 1);
    forget();
    join("hall", NURSE, "Nurse");
    said("<conflict");
    ck_assert_ptr_null(room("hall"));
    GIVES(MUC_ERR_REJECTED, muc_room_create(world.service, HALL, NULL, 0, NULL));
    forget_room(HALL);
    OK(muc_room_create(world.service, HALL, NULL, 0, NULL));
    CHANGED(muc_room_set_keep_archive(room("hall"), 1));
    CHANGED(muc_room_set_archiving(room("hall"), 1));
    join("hall", NURSE, "Nurse");
    talk("hall", NURSE, "x");
    ck_assert_uint_eq(count(HALL), 1);
    CHANGED(muc_history_clear(room("hall")));
    ck_assert_uint_eq(count(HALL), 0);
}
END_TEST

Suite *suite_archiving(void)
{
    Suite *suite = suite_create("archiving");
    TCase *tc = tcase_create("an archive of a host");
    tcase_add_checked_fixture(tc, set_up, host_stop);
    tcase_add_test(tc, named_kept_and_paged);
    tcase_add_test(tc, rooms_that_come_back);
    tcase_add_test(tc, taken_back_by_who_said_it);
    tcase_add_test(tc, who_may_switch_it);
    tcase_add_test(tc, it_goes_with_the_room);
    tcase_add_test(tc, it_outlives_the_room);
    suite_add_tcase(suite, tc);
    return suite;
}
