/* test_recipes.c: what lib/doc/administration.md shows does what it says there: ending rooms that nobody uses, in
 * memory and out of it, and listing hidden rooms to those who belong to them. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define HALL "hall@" SERVICE
#define DAY  (INT64_C(24) * 60 * 60 * 1000)

/* ---- a store of one room ----------------------------------------------------------------------------------------- */

static struct {
    char xml[8192];
    size_t n;
} store;

static int write(const char *bytes, size_t n, void *ud)
{
    (void)ud;
    ck_assert_uint_lt(store.n + n, sizeof store.xml);
    memcpy(store.xml + store.n, bytes, n);
    store.n += n;
    return 0;
}

static int bring(muc_service *service, const char *jid, void *ud)
{
    (void)ud;
    if (!store.n || strcmp(jid, HALL) != 0)
        return MUC_ROOM_UNKNOWN;
    return muc_room_restore(service, store.xml, store.n, NULL) ? MUC_ERR_HOST : MUC_ROOM_RESTORED;
}

static int is_hall(const muc_room *room)
{
    return strcmp(muc_room_jid(room), HALL) == 0;
}

static void keep(muc_room *room, const muc_change *change)
{
    if (!is_hall(room))
        return;
    store.n = 0;
    if (!muc_change_is_gone(change))
        OK(muc_room_save(room, MUC_PART_ALL, write, NULL));
}

static void setup(void)
{
    store.n = 0;
    host_prepare();
    world.callbacks.room_wanted = bring;
    world.on_change = keep;
    host_start();
    join("den", JULIET, "Juliet");
    OK(muc_room_create(world.service, HALL, &(muc_option_value){"persistent", "1"}, 1, NULL));
    CHANGED(muc_room_set_public(room("hall"), 0));
    CHANGED(muc_affiliation_set(room("hall"), NULL, "romeo@example.org", MUC_AFFILIATION_MEMBER, NULL));
    forget();
}

/* ---- rooms that nobody uses -------------------------------------------------------------------------------------- */

static size_t end_unused(muc_service *service)
{
    size_t ended = 0;
    int64_t before = muc_service_now(service) - 30 * DAY;
    muc_room *next;
    for (muc_room *room = muc_room_next_unused(service, before, NULL); room; room = next) {
        next = muc_room_next_unused(service, before, room);
        ended += muc_room_destroy(room, NULL, "not used for a month", NULL) == MUC_OK;
    }
    return ended;
}

START_TEST(rooms_that_nobody_uses_end)
{
    OK(muc_room_create(world.service, "hut@" SERVICE, NULL, 0, NULL));
    OK(muc_room_create(world.service, "inn@" SERVICE, NULL, 0, NULL));
    world.clock += 30 * DAY;
    ck_assert_uint_eq(end_unused(world.service), 0);
    world.clock += 1000;
    ck_assert_uint_eq(end_unused(world.service), 3);
    ck_assert_ptr_nonnull(room("den"));
    ck_assert_uint_eq(muc_room_count(world.service), 1);
    ck_assert_uint_eq(store.n, 0);
}
END_TEST

/* The store knows when it was used, and that is still so when it is loaded to be ended. */
START_TEST(so_do_stored_ones)
{
    OK(muc_room_evict(room("hall")));
    ck_assert_uint_gt(store.n, 0);
    int64_t used = world.clock;
    world.clock += 31 * DAY;
    ck_assert_uint_eq(end_unused(world.service), 0);
    muc_room *hall;
    OK(muc_room_load(world.service, HALL, &hall));
    ck_assert_int_eq(muc_room_used(hall), used);
    ck_assert_uint_eq(end_unused(world.service), 1);
    ck_assert_uint_eq(store.n, 0);
    GIVES(MUC_ERR_NOT_FOUND, muc_room_load(world.service, HALL, NULL));
}
END_TEST

/* ---- hidden rooms ------------------------------------------------------------------------------------------------ */

static const char *next_room_of(const char *jid, size_t i)
{
    return i == 0 && strncmp(jid, "romeo@example.org/", 18) == 0 ? HALL : NULL;
}

static int list_theirs(muc_event *ev, void *db)
{
    (void)db;
    const char *room = NULL;
    for (size_t i = 0; !ev->room && (room = next_room_of(ev->from, i)); i++) {
        muc_xml_open(ev->as.disco->out, "item", NULL);
        muc_xml_attr(ev->as.disco->out, "jid", room);
        muc_xml_close(ev->as.disco->out);
    }
    return MUC_PASS;
}

static void list(const char *from, const char *to, const char *page)
{
    char xml[600];
    snprintf(xml, sizeof xml,
             "<iq from='%s' to='%s' type='get' id='l'><query xmlns='http://jabber.org/protocol/disco#items'>%s</query>"
             "</iq>",
             from, to, page);
    forget();
    OK(give(xml));
}

START_TEST(hidden_rooms_are_listed_to_who_belongs_to_them)
{
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_DISCO_ITEMS, "", MUC_PRIORITY_DEFAULT, list_theirs, NULL), 0);
    list(ROMEO, SERVICE, "");
    said("<item jid='" HALL "'/>");
    said("jid='" DEN "'");
    list(JULIET, SERVICE, "");
    unsaid(HALL);
    said("jid='" DEN "'");
    list(ROMEO, DEN, "");
    unsaid(HALL);
    /* Out of memory as well, and with the first page alone. */
    OK(muc_room_evict(room("hall")));
    list(ROMEO, SERVICE, "<set xmlns='http://jabber.org/protocol/rsm'><max>1</max></set>");
    said("<item jid='" HALL "'/>");
    list(ROMEO, SERVICE, "<set xmlns='http://jabber.org/protocol/rsm'><max>1</max><after>" DEN "</after></set>");
    unsaid(HALL);
}
END_TEST

Suite *suite_recipes(void)
{
    Suite *suite = suite_create("recipes");
    TCase *tc = tcase_create("recipes");
    tcase_add_checked_fixture(tc, setup, host_stop);
    tcase_add_test(tc, rooms_that_nobody_uses_end);
    tcase_add_test(tc, so_do_stored_ones);
    tcase_add_test(tc, hidden_rooms_are_listed_to_who_belongs_to_them);
    suite_add_tcase(suite, tc);
    return suite;
}
