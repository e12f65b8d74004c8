/* test_snapshot.c: rooms saved and brought back: the same bytes again, nothing left behind by damage or failing memory.
 */
#include "failing.h"
#include "suites.h"

#include <model/model.h>
#include <muc/muc.h>
#include <stdio.h>
#include <string.h>

#define NS "urn:libmuc:room:1"

/* ---- a service --------------------------------------------------------------------------------------------------- */

static failing memory;
static muc_service *service;
static muc_room *room;
static int restored, changed;
static char seen[200];

static int64_t now(void *ud)
{
    (void)ud;
    return 1767225600000; /* 2026-01-01T00:00:00Z */
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

static int drop(muc_service *s, const muc_delivery *delivery, void *ud)
{
    (void)s, (void)delivery, (void)ud;
    return 0;
}

static int on_change(muc_room *r, const muc_change *change, void *ud)
{
    (void)r, (void)change, (void)ud;
    changed++;
    return 0;
}

/* A feature that writes an element, and one that takes another and refuses a third. */
static int on_save(muc_event *ev, void *ud)
{
    (void)ud;
    muc_xml_open(ev->as.snapshot->out, "counter", "urn:example:count");
    muc_xml_attr_number(ev->as.snapshot->out, "n", restored);
    muc_xml_close(ev->as.snapshot->out);
    return MUC_PASS;
}

static int on_part(muc_event *ev, void *ud)
{
    (void)ud;
    const char *n = muc_node_attr(ev->as.snapshot->element, "n");
    snprintf(seen, sizeof seen, "%s %s", ev->key, n ? n : "");
    return n && strcmp(n, "bad") == 0 ? muc_reject(ev, MUC_FORBIDDEN, NULL) : MUC_STOP;
}

static int on_restored(muc_event *ev, void *ud)
{
    (void)ev, (void)ud;
    restored++;
    return MUC_PASS;
}

static int make(muc_service **out)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_mem mem = failing_mem(&memory);
    muc_settings_init(&settings, sizeof settings);
    muc_callbacks_init(&callbacks, sizeof callbacks);
    settings.domain = "rooms.example";
    settings.max_affiliations = 10;
    settings.max_occupants = 5;
    settings.max_sessions = 4;
    settings.max_rooms = 2;
    callbacks.now = now;
    callbacks.random = chance;
    callbacks.send = drop;
    callbacks.room_changed = on_change;
    return muc_service_new(out, &settings, &callbacks, &mem, NULL);
}

static void set_up(void)
{
    memory = (failing){.left = -1};
    restored = changed = 0;
    room = NULL;
    ck_assert_int_eq(make(&service), MUC_OK);
    ck_assert_int_gt(muc_hook_add(service, MUC_ON_RESTORED, NULL, 0, on_restored, NULL), 0);
}

static void tear_down(void)
{
    muc_service_free(service);
    ck_assert_int_eq(memory.live, 0);
}

/* ---- saving into memory ------------------------------------------------------------------------------------------ */

typedef struct sink {
    char *p;
    size_t n, pieces, longest;
    size_t fail; /* the piece that is refused, from 1; 0: none */
} sink;

static int take(const char *bytes, size_t n, void *ud)
{
    sink *s = ud;
    if (++s->pieces == s->fail)
        return -1;
    s->longest = n > s->longest ? n : s->longest;
    s->p = realloc(s->p, s->n + n + 1);
    memcpy(s->p + s->n, bytes, n);
    s->n += n;
    s->p[s->n] = '\0';
    return 0;
}

static char *save(unsigned parts)
{
    sink s = {0};
    ck_assert_int_eq(muc_room_save(room, parts, take, &s), MUC_OK);
    return s.p;
}

static int restore(const char *xml)
{
    return muc_room_restore(service, xml, strlen(xml), &room);
}

static void expect_nothing(void)
{
    ck_assert_uint_eq(muc_room_count(service), 0);
    ck_assert_ptr_null(room);
    ck_assert_pstr_eq(mu_check(service), NULL);
}

#define MESSAGE(from, id, text)                                                                                        \
    "<message xmlns='jabber:client' from='" from "' type='groupchat' id='" id "'><body>" text "</body></message>"
#define SESSION(more, children)                                                                                        \
    "<session " more ">"                                                                                               \
    "<presence xmlns='jabber:client' from='a@rooms.example/x'>" children "</presence></session>"

static const char *const full =
    "<room xmlns='" NS "' jid='a@rooms.example' locked='2026-01-01T00:00:00.125Z'>"
    "<config><option name='members_only'>1</option><option name='persistent'>1</option><option name='name'> A "
    "&amp; B </option>"
    "<option name='historylength'>2</option><option name='unheard_of' more='1'>x<y "
    "xmlns='urn:y'/></option></config>"
    "<affiliations><item jid='o@example.org' affiliation='owner'/>"
    "<item jid='m@example.org' affiliation='member' nick='Mia'><reason>&lt;nice&gt;</reason></item>"
    "<item jid='bad.example' affiliation='outcast'><reason/></item></affiliations>"
    "<subject from='a@rooms.example/Mia' at='2025-12-31T23:59:59Z'>"
    "<message xmlns='jabber:client' from='a@rooms.example/Mia' type='groupchat' xml:lang='de'>"
    "<subject>Grüße</subject></message></subject>"
    "<history>"
    "<entry at='2025-12-31T23:00:00.5Z'>"
    "<message xmlns='jabber:client' from='a@rooms.example/Mia' type='groupchat' "
    "id='1'><body>one</body></message></entry>"
    "<entry at='2025-12-31T23:00:01Z' own-delay='1'>"
    "<message xmlns='jabber:client' from='a@rooms.example/Mia' type='groupchat' "
    "id='2&apos;'><body>two<![CDATA[<]]><b xmlns='urn:b' p:c='' "
    "xmlns:p='urn:p'/></body></message></entry></history>"
    "<occupants>"
    "<occupant nick='Olaf' jid='O@example.org' role='moderator'>"
    "<session jid='O@example.org/1' turn='3'>"
    "<presence xmlns='jabber:client' from='a@rooms.example/x'><priority>5</priority></presence></session>"
    "<session jid='o@example.org/2' turn='1' primary='1'>"
    "<presence xmlns='jabber:client' from='a@rooms.example/x'><show>away</show></presence></session>"
    "<session jid='o@example.org/3' turn='2'>"
    "<presence xmlns='jabber:client' from='a@rooms.example/x'></presence></session>"
    "</occupant>"
    "<occupant nick='a@rooms.example/Mia' jid='m@example.org' role='participant'>"
    "<session jid='m@example.org/é'>"
    "<presence xmlns='jabber:client' "
    "from='a@rooms.example/x'><status>&#10;&#13;&amp;</status></presence></session>"
    "</occupant></occupants>"
    "<thing xmlns='urn:thing'><p:sub xmlns:p='urn:p' p:a='1'/>text</thing><future/></room>";

/* ---- there and back ---------------------------------------------------------------------------------------------- */

START_TEST(same_bytes_again)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    ck_assert_ptr_nonnull(room);
    ck_assert_pstr_eq(mu_check(service), NULL);
    char *first = save(MUC_PART_ALL);
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    ck_assert_int_eq(restore(first), MUC_OK);
    ck_assert_pstr_eq(mu_check(service), NULL);
    char *second = save(MUC_PART_ALL);
    ck_assert_str_eq(first, second);
    free(first);
    free(second);
    ck_assert_int_eq(restored, 2);
    ck_assert_int_eq(changed, 0);
}
END_TEST

START_TEST(everything_is_there)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    ck_assert_str_eq(muc_room_jid(room), "a@rooms.example");
    ck_assert_int_eq(muc_room_is_locked(room), 1);
    ck_assert_int_eq(muc_room_get_members_only(room), 1);
    ck_assert_str_eq(muc_room_get_name(room), " A & B ");
    ck_assert_int_eq(room->persistent, 1);
    muc_affiliation_entry entry;
    ck_assert_int_eq(muc_affiliation_find(room, "m@example.org", &entry), 1);
    ck_assert_str_eq(entry.nick, "Mia");
    ck_assert_str_eq(entry.reason, "<nice>");
    const char *from;
    int64_t at;
    ck_assert_str_eq(muc_room_get_subject(room, &from, &at), "Grüße");
    ck_assert_str_eq(from, "a@rooms.example/Mia");
    ck_assert_int_eq(at, 1767225599000);
    ck_assert_uint_eq(room->live->message_count, 2);
    ck_assert_int_eq(room->live->first_message->at, 1767222000500);
    ck_assert(!room->live->first_message->foreign_delay && room->live->last_message->foreign_delay);
    muc_span body = mu_packet_body(room->live->first_message->packet);
    ck_assert_mem_eq(body.p, " from='a@rooms.example/Mia' type='groupchat' id='1'><body>", 57);
    ck_assert_uint_eq(room->live->occupants.count, 2);
    const muc_occupant *olaf = room->live->first_occupant;
    ck_assert_str_eq(muc_occupant_nick(olaf), "Olaf");
    ck_assert_str_eq(mu_occupant_bare(olaf), "O@example.org");
    ck_assert_int_eq(olaf->role, MUC_ROLE_MODERATOR);
    ck_assert_int_eq(olaf->affiliation, MUC_AFFILIATION_OWNER);
    ck_assert_uint_eq(mu_occupant_sessions(olaf), 3);
    ck_assert_int_eq(muc_session_priority(olaf->first), 5);
    ck_assert_ptr_eq(olaf->primary, olaf->first->next);
    ck_assert(mu_session_turn(olaf->first) > mu_session_turn(mu_occupant_last(olaf)) &&
              mu_session_turn(mu_occupant_last(olaf)) > mu_session_turn(olaf->primary));
    ck_assert_str_eq(muc_occupant_nick(room->live->last_occupant), "a@rooms.example/Mia");
}
END_TEST

static const char *const kept[] = {
    "<option name='unheard_of' more='1'>x<y xmlns='urn:y'/></option></config>",
    "<thing xmlns='urn:thing'><p:sub xmlns:p='urn:p' p:a='1'/>text</thing><future/></room>",
    "<subject>Grüße</subject>",
    "<body>two&lt;<b xmlns='urn:b' xmlns:p='urn:p' p:c=''/></body>",
    "<status>&#10;&#13;&amp;</status>",
    "locked='2026-01-01T00:00:00.125Z'",
};

START_TEST(what_is_kept)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    char *text = save(MUC_PART_ALL);
    ck_assert_msg(strstr(text, kept[_i]) != NULL, "%s\n%s", kept[_i], text);
    free(text);
}
END_TEST

static const struct {
    unsigned part;
    const char *name;
} parts[] = {{MUC_PART_CONFIG, "<config"},
             {MUC_PART_AFFILIATIONS, "<affiliations"},
             {MUC_PART_SUBJECT, " at='2025-12-31T23:59:59Z'"},
             {MUC_PART_HISTORY, "<history"},
             {MUC_PART_OCCUPANTS, "<occupants"},
             {MUC_PART_OTHER, "<thing"}};
enum { PARTS = sizeof parts / sizeof *parts };

START_TEST(by_part)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    char *text = save(parts[_i].part);
    for (int i = 0; i < PARTS; i++)
        ck_assert_int_eq(strstr(text, parts[i].name) != NULL, i == _i);
    ck_assert_int_eq(strstr(text, "locked=") != NULL, parts[_i].part == MUC_PART_CONFIG);
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    ck_assert_int_eq(restore(text), MUC_OK);
    ck_assert_pstr_eq(mu_check(service), NULL);
    free(text);
}
END_TEST

START_TEST(features_add_and_take)
{
    ck_assert_int_gt(muc_hook_add(service, MUC_ON_SNAPSHOT_SAVE, NULL, 0, on_save, NULL), 0);
    ck_assert_int_gt(muc_hook_add(service, MUC_ON_SNAPSHOT_PART, "{urn:example:count}counter", 0, on_part, NULL), 0);
    ck_assert_int_eq(restore(full), MUC_OK);
    char *text = save(MUC_PART_ALL);
    ck_assert_ptr_nonnull(strstr(text, "<counter xmlns='urn:example:count' n='1'/><thing"));
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    ck_assert_int_eq(restore(text), MUC_OK);
    free(text);
    ck_assert_str_eq(seen, "{urn:example:count}counter 1");
    ck_assert_ptr_null(memchr(room->live->unknown, 'C', room->live->unknown_n));
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    ck_assert_int_eq(restore("<room xmlns='" NS "' jid='a@rooms.example'><counter "
                             "xmlns='urn:example:count' n='bad'/></room>"),
                     MUC_ERR_MALFORMED);
    expect_nothing();
}
END_TEST

/* ---- refused ----------------------------------------------------------------------------------------------------- */

#define ROOM(content)                 "<room xmlns='" NS "' jid='a@rooms.example'>" content "</room>"
#define ITEM(jid)                     "<item jid='" jid "' affiliation='member'/>"
#define OCCUPANT(nick, jid, sessions) "<occupant nick='" nick "' jid='" jid "' role='visitor'>" sessions "</occupant>"
#define ENTRY(message)                ROOM("<history><entry at='2026-01-01T00:00:00Z'>" message "</entry></history>")

static const struct {
    const char *xml;
    int result;
} refused[] = {
    {"", MUC_ERR_MALFORMED},
    {"<room jid='a@rooms.example'/>", MUC_ERR_MALFORMED},
    {"<room xmlns='urn:libmuc:room:2' jid='a@rooms.example'/>", MUC_ERR_MALFORMED},
    {"<room xmlns='" NS "'/>", MUC_ERR_MALFORMED},
    {"<room xmlns='" NS "' jid='a@other.example'/>", MUC_ERR_BAD_JID},
    {"<room xmlns='" NS "' jid='rooms.example'/>", MUC_ERR_BAD_JID},
    {"<room xmlns='" NS "' jid='a@rooms.example/nick'/>", MUC_ERR_BAD_JID},
    {"<room xmlns='" NS "' jid=''/>", MUC_ERR_BAD_JID},
    {"<room xmlns='" NS "' jid='a@rooms.example' locked='soon'/>", MUC_ERR_MALFORMED},
    {ROOM("<config/><config/>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants/><future/><occupants/>"), MUC_ERR_MALFORMED},
    {ROOM("<config><option name='public'/><option name='public'>1</option></config>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item affiliation='owner'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item jid='' affiliation='owner'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item jid='/m@x' affiliation='owner'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item jid='m@x' affiliation='none'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item jid='m@x' affiliation='boss'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><other jid='m@x' affiliation='owner'/></affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations>" ITEM("m@x") ITEM("M@x") "</affiliations>"), MUC_ERR_MALFORMED},
    {ROOM("<affiliations><item jid='m@x' affiliation='owner' nick='n'/>"
          "<item jid='o@x' affiliation='owner' nick='N'/></affiliations>"),
     MUC_ERR_MALFORMED},
    {ROOM("<subject/>"), MUC_ERR_MALFORMED},
    {ROOM("<subject from='a' at='2026-01-01T00:00:00Z'>" MESSAGE("a", "1", "x") "</subject>"), MUC_ERR_MALFORMED},
    {ROOM("<history><entry>" MESSAGE("a", "1", "x") "</entry></history>"), MUC_ERR_MALFORMED},
    {ROOM("<history><other/></history>"), MUC_ERR_MALFORMED},
    {ENTRY(""), MUC_ERR_MALFORMED},
    {ENTRY("<message xmlns='jabber:client'><body/></message>"), MUC_ERR_MALFORMED},
    {ENTRY("<message from='a'><body/></message>"), MUC_ERR_MALFORMED},
    {ROOM("<private>0123456789abcde</private>"), MUC_ERR_MALFORMED},
    {ROOM("<private>0123456789ABCDEF</private>"), MUC_ERR_MALFORMED},
    {ROOM("<private>0000000000000000</private>"), MUC_ERR_MALFORMED},
    {ROOM("<private>0000000000000001f000000000000041</private>"), MUC_ERR_MALFORMED},
    {ROOM("<private>1</private><private>1</private>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants><other/></occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", "") "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("", "m@x", SESSION("jid='m@x/1'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x/1", SESSION("jid='m@x/1'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='m@x'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='o@x/1'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "o@x", SESSION("jid='m@x/1'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", "<session jid='m@x/1'/>") "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='m@x/1' turn='2'", "")) "</occupants>"), MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='m@x/1'", "") SESSION("jid='m@X/1'", "")) "</occupants>"),
     MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT(
         "n", "m@x", SESSION("jid='m@x/1' primary='1'", "") SESSION("jid='m@x/2' primary='1'", "")) "</occupants>"),
     MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='m@x/1'", ""))
              OCCUPANT("k", "m@x", SESSION("jid='m@x/1'", "")) "</occupants>"),
     MUC_ERR_MALFORMED},
    {ROOM("<occupants>" OCCUPANT("n", "m@x", SESSION("jid='m@x/1'", ""))
              OCCUPANT("N", "o@x", SESSION("jid='o@x/1'", "")) "</occupants>"),
     MUC_ERR_MALFORMED},
};

START_TEST(refused_whole)
{
    ck_assert_int_eq(restore(refused[_i].xml), refused[_i].result);
    expect_nothing();
    ck_assert_int_eq(restored, 0);
}
END_TEST

#define ONE(n) OCCUPANT(n, "m@x", SESSION("jid='m@x/" n "'", ""))
static const char *const over_limits[] = {
    ROOM("<affiliations>" ITEM("1@x") ITEM("2@x") ITEM("3@x") ITEM("4@x") ITEM("5@x") ITEM("6@x") ITEM("7@x")
             ITEM("8@x") ITEM("9@x") ITEM("a@x") ITEM("b@x") "</affiliations>"),
    ROOM("<occupants>" OCCUPANT("n", "m@x",
                                SESSION("jid='m@x/1'", "") SESSION("jid='m@x/2'", "") SESSION("jid='m@x/3'", "")
                                    SESSION("jid='m@x/4'", "") SESSION("jid='m@x/5'", "")) "</occupants>"),
    ROOM("<occupants>" ONE("1") ONE("2") ONE("3") ONE("4") ONE("5") ONE("6") "</occupants>"),
};

/* What was allowed when it was saved may be more than is allowed now. */
START_TEST(limits_are_for_what_comes)
{
    ck_assert_int_eq(restore(over_limits[_i]), MUC_OK);
    if (_i == 0)
        ck_assert_int_eq(muc_affiliation_set(room, NULL, "c@x", MUC_AFFILIATION_MEMBER, NULL), MUC_ERR_LIMIT);
}
END_TEST

START_TEST(refused_by_the_service)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    ck_assert_int_eq(restore(full), MUC_ERR_EXISTS);
    ck_assert_int_eq(restore("<room xmlns='" NS "' jid='b@rooms.example'/>"), MUC_OK);
    ck_assert_int_eq(restore("<room xmlns='" NS "' jid='c@rooms.example'/>"), MUC_ERR_LIMIT);
    ck_assert_uint_eq(muc_room_count(service), 2);
}
END_TEST

#define OPTION(name, value) ROOM("<config><option name='" name "'>" value "</option></config>")
static const char *const unfit_values[] = {
    OPTION("members_only", "banana"),
    OPTION("members_only", "2"),
    OPTION("whois", "banana"),
    OPTION("whois", ""),
    OPTION("presence_broadcast", "moderator,banana"),
    OPTION("historylength", "many"),
    OPTION("name", "a\nb"),
    OPTION("contacts", "a@b/c"),
};

/* Another value would be a room that its owners did not configure: an open one for instance. */
START_TEST(values_that_do_not_fit)
{
    ck_assert_int_eq(restore(unfit_values[_i]), MUC_ERR_MALFORMED);
    expect_nothing();
}
END_TEST

/* Bounds may have been others when it was saved. */
START_TEST(values_out_of_bounds)
{
    static char text[sizeof(ROOM("")) + 9000 + 100];
    ck_assert_int_eq(restore(OPTION("historylength", "-1")), MUC_OK);
    ck_assert_int_eq(muc_room_get_historylength(room), 0);
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    ck_assert_int_eq(restore(OPTION("max_users", "99999999999999999999")), MUC_OK);
    ck_assert_int_eq(muc_room_get_max_users(room), INT32_MAX);
    ck_assert_int_eq(muc_room_forget(room), MUC_OK);
    snprintf(text, sizeof text,
             "<room xmlns='" NS "' jid='a@rooms.example'><config><option name='password'>%09000d</option>"
             "</config></room>",
             0);
    ck_assert_int_eq(restore(text), MUC_OK);
    ck_assert_uint_eq(strlen(muc_room_get_password(room)), 9000);
}
END_TEST

/* ---- damage ------------------------------------------------------------------------------------------------------ */

START_TEST(cut_off_anywhere)
{
    size_t n = strlen(full);
    for (size_t i = 0; i < n; i++) {
        ck_assert_int_eq(muc_room_restore(service, full, i, &room), MUC_ERR_MALFORMED);
        expect_nothing();
    }
}
END_TEST

START_TEST(one_byte_changed)
{
    size_t n = strlen(full);
    static const char other[] = "<>'/ x\0";
    char *copy = malloc(n + 1);
    for (size_t i = 0; i < n * sizeof other; i++) {
        memcpy(copy, full, n + 1);
        copy[i / sizeof other] = other[i % sizeof other];
        int result = muc_room_restore(service, copy, n, &room);
        if (result == MUC_OK) {
            ck_assert_pstr_eq(mu_check(service), NULL);
            ck_assert_int_eq(muc_room_forget(room), MUC_OK);
            room = NULL;
        }
        expect_nothing();
    }
    free(copy);
}
END_TEST

/* ---- failing memory and writers ---------------------------------------------------------------------------------- */

START_TEST(restore_without_memory)
{
    int result = MUC_ERR_NOMEM;
    for (long k = 0; result == MUC_ERR_NOMEM; k++) {
        memory.left = k;
        result = restore(full);
        memory.left = -1;
        if (result == MUC_ERR_NOMEM)
            expect_nothing();
    }
    ck_assert_int_eq(result, MUC_OK);
    ck_assert_pstr_eq(mu_check(service), NULL);
}
END_TEST

START_TEST(save_without_memory)
{
    ck_assert_int_eq(restore(full), MUC_OK);
    int result = MUC_ERR_NOMEM;
    for (long k = 0; result == MUC_ERR_NOMEM; k++) {
        sink s = {0};
        memory.left = k;
        result = muc_room_save(room, MUC_PART_ALL, take, &s);
        memory.left = -1;
        free(s.p);
    }
    ck_assert_int_eq(result, MUC_OK);
}
END_TEST

/* A room with a long reason, message and element. */
static char *long_room(void)
{
    static const char *const pieces[] = {
        "<room xmlns='" NS "' jid='a@rooms.example'><affiliations><item jid='m@x' "
        "affiliation='owner'><reason>",
        ("</reason></item></affiliations><history><entry at='2026-01-01T00:00:00Z'><message "
         "xmlns='jabber:client' from='a'><body>"),
        "</body></message></entry></history><x xmlns='urn:x'>", "</x></room>"};
    enum { LONG = 20000 };
    char *text = malloc(4 * LONG);
    size_t n = 0;
    for (int i = 0; i < 4; i++) {
        n += (size_t)sprintf(text + n, "%s", pieces[i]);
        if (i < 3) {
            memset(text + n, 'a' + i, LONG);
            n += LONG;
        }
    }
    text[n] = '\0';
    return text;
}

START_TEST(small_pieces_and_a_writer_that_fails)
{
    char *text = long_room();
    ck_assert_int_eq(restore(text), MUC_OK);
    free(text);
    sink whole = {0};
    ck_assert_int_eq(muc_room_save(room, MUC_PART_ALL, take, &whole), MUC_OK);
    ck_assert_uint_gt(whole.pieces, 6);
    ck_assert_uint_le(whole.longest, 8192);
    for (size_t k = 1; k <= whole.pieces; k++) {
        sink s = {.fail = k};
        ck_assert_int_eq(muc_room_save(room, MUC_PART_ALL, take, &s), MUC_ERR_HOST);
        ck_assert_uint_eq(s.pieces, k);
        ck_assert_int_eq(memcmp(s.p ? s.p : "", whole.p, s.n), 0);
        free(s.p);
    }
    free(whole.p);
}
END_TEST

#define REPEAT(test, list) tcase_add_loop_test(c, test, 0, (int)(sizeof list / sizeof *list))

Suite *suite_snapshot(void)
{
    Suite *suite = suite_create("snapshot");
    TCase *c = tcase_create("snapshot");
    suite_add_tcase(suite, c);
    tcase_set_timeout(c, 60);
    tcase_add_checked_fixture(c, set_up, tear_down);
    tcase_add_test(c, same_bytes_again);
    tcase_add_test(c, everything_is_there);
    REPEAT(what_is_kept, kept);
    REPEAT(by_part, parts);
    tcase_add_test(c, features_add_and_take);
    REPEAT(refused_whole, refused);
    REPEAT(limits_are_for_what_comes, over_limits);
    tcase_add_test(c, refused_by_the_service);
    tcase_add_loop_test(c, values_that_do_not_fit, 0, sizeof unfit_values / sizeof *unfit_values);
    tcase_add_test(c, values_out_of_bounds);
    tcase_add_test(c, cut_off_anywhere);
    tcase_add_test(c, one_byte_changed);
    tcase_add_test(c, restore_without_memory);
    tcase_add_test(c, save_without_memory);
    tcase_add_test(c, small_pieces_and_a_writer_that_fails);
    return suite;
}
