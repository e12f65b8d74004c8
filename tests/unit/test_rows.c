/* test_rows.c: a store that keeps rows: what it was told, thing by thing, put together, is the room. */
#include "host.h"
#include "suites.h"

#include <stdlib.h>
#include <string.h>

/* ---- a table ----------------------------------------------------------------------------------------------------- */

enum { ROWS = 64, ROW_SIZE = 4096 };
typedef struct row {
    unsigned part; /* 0: the start tag */
    char key[128];
    char xml[ROW_SIZE];
    size_t n;
} row;

/* In the order of their coming. */
static row rows[ROWS];
static size_t count, writes;

static row *find(unsigned part, const char *key)
{
    for (size_t i = 0; i < count; i++)
        if (rows[i].part == part && strcmp(rows[i].key, key) == 0)
            return &rows[i];
    return NULL;
}

static void drop(row *r)
{
    memmove(r, r + 1, (size_t)(rows + count-- - r - 1) * sizeof *r);
}

static row *at(unsigned part, const char *key)
{
    row *r = find(part, key);
    if (!r) {
        ck_assert_uint_lt(count, ROWS);
        r = &rows[count++];
        r->part = part;
        snprintf(r->key, sizeof r->key, "%s", key);
    }
    r->n = 0;
    writes++;
    return r;
}

static int write_row(const char *bytes, size_t n, void *ud)
{
    row *r = ud;
    ck_assert_uint_lt(r->n + n, ROW_SIZE);
    memcpy(r->xml + r->n, bytes, n);
    r->n += n;
    return 0;
}

/* ---- a store ----------------------------------------------------------------------------------------------------- */

enum { DOCUMENTS = MUC_PART_CONFIG | MUC_PART_SUBJECT | MUC_PART_OTHER };

static void put_document(muc_room *room, unsigned part)
{
    OK(muc_room_save_parts(room, part, write_row, at(part, "")));
    if (part == MUC_PART_CONFIG)
        OK(muc_room_save_start(room, write_row, at(0, "")));
}

static void put_item(muc_room *room, const muc_change_item *item, const char *key)
{
    row *r = at(item->part, key);
    int result = muc_room_save_item(room, item, write_row, r);
    if (result == MUC_ERR_NOT_FOUND)
        drop(r);
    else
        OK(result);
}

/* The row is named by a number that goes up; those over the number that the room holds go. */
static void put_message(muc_room *room, const muc_change_item *item)
{
    static unsigned number;
    char key[16];
    snprintf(key, sizeof key, "%u", number++);
    if (item->message != MUC_NO_MESSAGE)
        put_item(room, item, key);
    size_t there = 0;
    for (size_t i = count; i-- > 0;)
        if (rows[i].part == MUC_PART_HISTORY && ++there > muc_history_count(room))
            drop(&rows[i]);
}

static void put_new(muc_room *room)
{
    muc_affiliation_entry entry;
    count = 0;
    for (unsigned part = 1; part <= MUC_PART_OTHER; part <<= 1)
        if (part & DOCUMENTS)
            put_document(room, part);
    for (size_t cursor = 0; muc_affiliation_next(room, &cursor, &entry);)
        put_item(room, &(muc_change_item){.part = MUC_PART_AFFILIATIONS, .jid = entry.jid}, entry.jid);
    for (muc_occupant *o = muc_occupant_next(room, NULL); o; o = muc_occupant_next(room, o)) {
        const char *nick = muc_occupant_nick(o);
        put_item(room, &(muc_change_item){.part = MUC_PART_OCCUPANTS, .nick = nick}, nick);
    }
    for (size_t i = 0; i < muc_history_count(room); i++)
        put_message(room, &(muc_change_item){.part = MUC_PART_HISTORY, .message = i});
}

static void on_change(muc_room *room, const muc_change *change)
{
    muc_change_item item;
    unsigned documents = muc_change_parts(change) & DOCUMENTS;
    if (muc_change_is_new(change)) {
        put_new(room);
        return;
    }
    for (unsigned part = 1; part <= documents; part <<= 1)
        if (part & documents)
            put_document(room, part);
    for (size_t cursor = 0; muc_change_next(change, &cursor, &item);)
        if (item.part == MUC_PART_HISTORY)
            put_message(room, &item);
        else if (!(item.part & DOCUMENTS))
            put_item(room, &item, item.jid ? item.jid : item.nick ? item.nick : "");
}

static void add(char *xml, const char *text, size_t n)
{
    ck_assert_uint_lt(strlen(xml) + n, 4 * LOG_SIZE);
    strncat(xml, text, n);
}

static void add_rows(char *xml, unsigned part, const char *name)
{
    char tag[32];
    snprintf(tag, sizeof tag, "<%s>", name);
    add(xml, tag, strlen(tag));
    for (size_t i = 0; i < count; i++)
        if (rows[i].part == part && (part != MUC_PART_OCCUPANTS || *rows[i].key))
            add(xml, rows[i].xml, rows[i].n);
    snprintf(tag, sizeof tag, "</%s>", name);
    add(xml, tag, strlen(tag));
}

static void add_document(char *xml, unsigned part)
{
    const row *r = find(part, "");
    if (r)
        add(xml, r->xml, r->n);
}

/* The room as its rows say, to be freed. */
static char *together(void)
{
    char *xml = calloc(1, 4 * LOG_SIZE);
    add_document(xml, 0);
    add_document(xml, MUC_PART_OTHER);
    add_document(xml, MUC_PART_CONFIG);
    add_rows(xml, MUC_PART_AFFILIATIONS, "affiliations");
    add_rows(xml, MUC_PART_HISTORY, "history");
    add_rows(xml, MUC_PART_OCCUPANTS, "occupants");
    add_document(xml, MUC_PART_SUBJECT);
    add_document(xml, MUC_PART_OCCUPANTS);
    add(xml, "</room>", 7);
    return xml;
}

/* ---- the room itself --------------------------------------------------------------------------------------------- */

static int append(const char *bytes, size_t n, void *ud)
{
    add(ud, bytes, n);
    return 0;
}

static char *whole(void)
{
    char *xml = calloc(1, 4 * LOG_SIZE);
    OK(muc_room_save(room("den"), MUC_PART_ALL, append, xml));
    return xml;
}

/* What the rows say is what the room says. */
static void same_room(void)
{
    char *here = whole(), *rows_say = together();
    host_stop();
    host_start();
    OK(muc_room_restore(world.service, rows_say, strlen(rows_say), NULL));
    char *back = whole();
    ck_assert_str_eq(here, back);
    free(here);
    free(rows_say);
    free(back);
}

static void set_up(void)
{
    host_prepare();
    world.settings.store_temporary = 1;
    world.settings.store_parts = MUC_PART_ALL;
    world.on_change = on_change;
    count = 0;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    CHANGED(muc_room_set_historylength(room("den"), 3));
}

START_TEST(of_a_new_room)
{
    same_room();
}
END_TEST

START_TEST(of_affiliations)
{
    CHANGED(muc_affiliation_set(room("den"), NULL, "nurse@example.org", MUC_AFFILIATION_MEMBER, "a < b"));
    CHANGED(muc_affiliation_set(room("den"), NULL, "paris@example.org", MUC_AFFILIATION_OUTCAST, NULL));
    CHANGED(muc_affiliation_set(room("den"), NULL, "tybalt@example.org", MUC_AFFILIATION_OUTCAST, NULL));
    CHANGED(muc_affiliation_set_nick(room("den"), "nurse@example.org", "Nurse"));
    CHANGED(muc_affiliation_set_data(room("den"), "nurse@example.org", "age", "50"));
    CHANGED(muc_affiliation_set(room("den"), NULL, "paris@example.org", MUC_AFFILIATION_NONE, NULL));
    writes = 0;
    CHANGED(muc_affiliation_set(room("den"), NULL, "tybalt@example.org", MUC_AFFILIATION_ADMIN, "back"));
    ck_assert_uint_eq(writes, 1);
    same_room();
}
END_TEST

START_TEST(of_history)
{
    char text[16];
    for (int i = 0; i < 7; i++) {
        snprintf(text, sizeof text, "m%d", i);
        writes = 0;
        talk("den", ROMEO, text);
        ck_assert_uint_eq(writes, 1);
    }
    same_room();
    CHANGED(muc_room_set_historylength(room("den"), 1));
    same_room();
    talk("den", ROMEO, "again");
    same_room();
    CHANGED(muc_history_clear(room("den")));
    talk("den", ROMEO, "after that");
    same_room();
    ck_assert_uint_eq(muc_history_count(room("den")), 1);
}
END_TEST

START_TEST(of_occupants)
{
    join("den", "romeo@example.org/other", "Romeo");
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_VISITOR, NULL));
    join("den", "paris@example.org/p", "Paris");
    join("den", "tybalt@example.org/p", "Tybalt");
    OK(muc_peer_gone(world.service, "paris@example.org/p", NULL));
    CHANGED(muc_occupant_set_nick(occupant("den", "Tybalt"), "Cat"));
    writes = 0;
    give("<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>");
    ck_assert_uint_eq(writes, 1);
    same_room();
}
END_TEST

START_TEST(of_everything_else)
{
    CHANGED(muc_room_set_subject(room("den"), NULL, "Balconies"));
    CHANGED(muc_room_lock(room("den")));
    OK(muc_record_set(room("den"), "test", &(muc_record){.key = "k", .text = {"1", NULL, "3"}}));
    give("<iq from='" ROMEO "' to='" DEN "/Juliet' type='get' id='q'><query xmlns='jabber:iq:version'/></iq>");
    same_room();
    CHANGED(muc_room_unlock(room("den")));
    same_room();
}
END_TEST

/* ---- by hand ----------------------------------------------------------------------------------------------------- */

static const struct {
    muc_change_item item;
    const char *xml; /* NULL: not found */
} items[] = {
    {{.part = MUC_PART_CONFIG}, NULL},
    {{.part = MUC_PART_AFFILIATIONS, .jid = "juliet@example.org"},
     "<item jid='juliet@example.org' affiliation='owner'/>"},
    {{.part = MUC_PART_AFFILIATIONS, .jid = "nobody@example.org"}, NULL},
    {{.part = MUC_PART_AFFILIATIONS}, NULL},
    {{.part = MUC_PART_HISTORY, .message = 0}, "<entry at='"},
    {{.part = MUC_PART_HISTORY, .message = 1}, NULL},
    {{.part = MUC_PART_HISTORY, .message = MUC_NO_MESSAGE}, NULL},
    {{.part = MUC_PART_OCCUPANTS, .nick = "Romeo"}, "<occupant nick='Romeo' "},
    {{.part = MUC_PART_OCCUPANTS, .nick = "romeo"}, "<occupant nick='Romeo' "},
    {{.part = MUC_PART_OCCUPANTS, .nick = "Paris"}, NULL},
    {{.part = MUC_PART_SUBJECT}, ""},
};

START_TEST(one_thing)
{
    char xml[ROW_SIZE] = "";
    talk("den", ROMEO, "hello");
    int result = muc_room_save_item(room("den"), &items[_i].item, append, xml);
    ck_assert_int_eq(result, items[_i].xml ? MUC_OK : MUC_ERR_NOT_FOUND);
    ck_assert_int_eq(strncmp(xml, items[_i].xml ? items[_i].xml : "", items[_i].xml ? strlen(items[_i].xml) : 1), 0);
}
END_TEST

START_TEST(one_option)
{
    char xml[ROW_SIZE] = "";
    const muc_option *option = muc_option_find(world.service, "historylength");
    OK(muc_room_save_item(room("den"), &(muc_change_item){.part = MUC_PART_CONFIG, .option = option}, append, xml));
    ck_assert_str_eq(xml, "<option name='historylength'>3</option>");
}
END_TEST

static int refuse(const char *bytes, size_t n, void *ud)
{
    (void)bytes, (void)n, (void)ud;
    return -1;
}

START_TEST(refused_by_the_store)
{
    const muc_change_item item = {.part = MUC_PART_OCCUPANTS, .nick = "Romeo"};
    ck_assert_int_eq(muc_room_save_item(room("den"), &item, refuse, NULL), MUC_ERR_HOST);
    ck_assert_int_eq(muc_room_save_start(room("den"), refuse, NULL), MUC_ERR_HOST);
    ck_assert_int_eq(muc_room_save_parts(room("den"), MUC_PART_CONFIG, refuse, NULL), MUC_ERR_HOST);
}
END_TEST

/* Without memory it says so, and whatever it wrote before is dropped by who asked. */
START_TEST(without_memory)
{
    char xml[ROW_SIZE];
    const muc_change_item item = {.part = MUC_PART_OCCUPANTS, .nick = "Romeo"};
    int r = MUC_ERR_NOMEM;
    for (long left = 0; r == MUC_ERR_NOMEM; left++) {
        *xml = '\0';
        world.memory.left = left;
        r = muc_room_save_item(room("den"), &item, append, xml);
    }
    world.memory.left = -1;
    OK(r);
}
END_TEST

Suite *suite_rows(void)
{
    Suite *s = suite_create("rows");
    TCase *c = tcase_create("rows");
    tcase_add_checked_fixture(c, set_up, host_stop);
    tcase_add_test(c, of_a_new_room);
    tcase_add_test(c, of_affiliations);
    tcase_add_test(c, of_history);
    tcase_add_test(c, of_occupants);
    tcase_add_test(c, of_everything_else);
    tcase_add_loop_test(c, one_thing, 0, sizeof items / sizeof *items);
    tcase_add_test(c, one_option);
    tcase_add_test(c, refused_by_the_store);
    tcase_add_test(c, without_memory);
    suite_add_tcase(s, c);
    return s;
}
