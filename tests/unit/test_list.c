/* test_list.c: the room list: order, pages, stored rooms (XEP-0045 section 6.3, XEP-0059). */
#include "failing.h"
#include "suites.h"

#include <muc/muc.h>
#include <stdio.h>
#include <string.h>

enum { ROOMS = 30, JID = 48, ANSWER = 8192 };

static char jids[ROOMS][JID]; /* in order */
static bool in_memory[ROOMS], listed[ROOMS], stored[ROOMS];
static muc_service *service;
static failing memory;
static int fault; /* of the store: what stored_rooms returns; 2: out of order */
static char answer[ANSWER];

static int64_t now(void *ud)
{
    (void)ud;
    return 0;
}

static int fill(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

static int stored_rooms(muc_service *s, const char *after, size_t max, muc_stored_room_fn *add, void *list, void *ud)
{
    (void)s;
    (void)ud;
    if (fault < 0)
        return fault;
    for (size_t i = 0; i < ROOMS && max > 0; i++) {
        size_t at = fault ? ROOMS - 1 - i : i;
        if (!stored[at] || (after && strcmp(jids[at], after) <= 0))
            continue;
        int r = add(list, jids[at], "kept");
        if (r < 0)
            return r;
        max--;
    }
    return 0;
}

static void start(bool with_store, size_t max_page)
{
    muc_settings settings;
    muc_settings_init(&settings, sizeof settings);
    settings.domain = "rooms.example";
    settings.max_page = max_page;
    muc_callbacks callbacks;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.now = now;
    callbacks.random = fill;
    callbacks.stored_rooms = with_store ? stored_rooms : NULL;
    memory = (failing){.left = -1};
    muc_mem mem = failing_mem(&memory);
    ck_assert_int_eq(muc_service_new(&service, &settings, &callbacks, &mem, NULL), MUC_OK);
    memset(in_memory, 0, sizeof in_memory);
    memset(listed, 0, sizeof listed);
    memset(stored, 0, sizeof stored);
    fault = 0;
    for (int i = 0; i < ROOMS; i++)
        snprintf(jids[i], JID, "room%02d@rooms.example", i);
}

static void stop(void)
{
    muc_service_free(service);
    ck_assert_int_eq(memory.live, 0);
}

static muc_room *make(int i, bool is_public)
{
    muc_option_value config[] = {{"public", is_public ? "1" : "0"}, {"persistent", "1"}, {"name", "Room"}};
    muc_room *room = NULL;
    ck_assert_int_eq(muc_room_create(service, jids[i], config, 3, &room), MUC_OK);
    in_memory[i] = true;
    listed[i] = is_public;
    return room;
}

static void make_all(int first, int end)
{
    for (int i = first; i < end; i++)
        make(i, true);
}

/* The answer to disco#items with that `<set/>`, without its start tag: in `answer`. */
static const char *ask(const char *set)
{
    char stanza[1024];
    int n = snprintf(stanza, sizeof stanza,
                     "<iq xmlns='jabber:client' from='x@example/r' to='rooms.example' type='get' id='1'>"
                     "<query xmlns='http://jabber.org/protocol/disco#items'>%s</query></iq>",
                     set);
    ck_assert_int_eq(muc_dispatch_text(service, stanza, (size_t)n, NULL), MUC_OK);
    muc_delivery *delivery = muc_service_next(service);
    ck_assert_ptr_nonnull(delivery);
    size_t size = muc_delivery_size(delivery, 0);
    ck_assert_uint_lt(size, ANSWER);
    answer[muc_delivery_write(delivery, 0, answer)] = '\0';
    muc_delivery_free(delivery);
    ck_assert_ptr_null(muc_service_next(service));
    return answer;
}

static const char *ask_set(const char *inside)
{
    char set[512];
    snprintf(set, sizeof set, "<set xmlns='http://jabber.org/protocol/rsm'>%s</set>", inside);
    return ask(set);
}

/* The answer holds rooms first to last, no others, and a `<set/>` that says so, of `count`. */
static void check_page(int first, int last, int count)
{
    char text[256];
    for (int i = 0; i < ROOMS; i++) {
        snprintf(text, sizeof text, "<item jid='%.40s' name='Room'/>", jids[i]);
        ck_assert_msg((strstr(answer, text) != NULL) == (i >= first && i <= last), "%d: %s", i, answer);
    }
    snprintf(text, sizeof text, "<first index='%d'>%.40s</first><last>%.40s</last><count>%d</count></set>", first,
             jids[first], jids[last], count);
    ck_assert_msg(strstr(answer, text) != NULL, "%s in %s", text, answer);
}

static void check_has(const char *text)
{
    ck_assert_msg(strstr(answer, text) != NULL, "%s in %s", text, answer);
}

/* proves 45-6.3-1 */
START_TEST(pages_of_memory)
{
    start(false, 100);
    make_all(0, 20);
    ask("");
    ck_assert_ptr_null(strstr(answer, "<set"));
    check_has("room19@rooms.example");
    ask_set("<max>5</max>"); /* proves 59-1 59-2 59-3 */
    check_page(0, 4, 20);
    ask_set("<max>5</max><after>room04@rooms.example</after>"); /* proves 59-4 */
    check_page(5, 9, 20);
    ask_set("<max>5</max><before>room05@rooms.example</before>"); /* proves 59-5 */
    check_page(0, 4, 20);
    ask_set("<max>3</max><before>room10@rooms.example</before>");
    check_page(7, 9, 20);
    ask_set("<max>5</max><before/>"); /* proves 59-6 */
    check_page(15, 19, 20);
    ask_set("<max>0</max>"); /* proves 59-7 */
    check_has("><set xmlns='http://jabber.org/protocol/rsm'><count>20</count></set><");
    ask_set("<max>4</max><index>8</index>"); /* proves 59-8 */
    check_page(8, 11, 20);
    ask_set("<max>4</max><index>20</index>");
    check_has("><set xmlns='http://jabber.org/protocol/rsm'><count>20</count></set><");
    ask_set("<max>1</max><after>room18@rooms.example</after>");
    check_page(19, 19, 20);
    stop();
}
END_TEST

START_TEST(partial_by_itself)
{
    start(false, 10);
    make_all(0, 11);
    ask("");
    check_page(0, 9, 11); /* proves 45-6.3-5 */
    ask_set("<max>99999999999999999999999999</max>");
    check_page(0, 9, 11);
    stop();
}
END_TEST

/* proves 45-6.3-2 30-6 */
START_TEST(nothing_to_list)
{
    start(false, 10);
    ask_set("<max>5</max>"); /* proves 59-10 */
    check_has("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    make(0, false);
    ask("");
    check_has("<query xmlns='http://jabber.org/protocol/disco#items'/>");
    stop();
}
END_TEST

START_TEST(wrong_requests)
{
    static const char *const bad[] = {
        "<max>x</max>",      "<max/>",
        "<max>-1</max>",     "<index>1 </index>",
        "<after/><before/>", "<before/><index>1</index>",
    };
    start(false, 10);
    make_all(0, 3);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        ask_set(bad[i]);
        check_has("<bad-request");
    }
    ask_set("<after>nobody</after>"); /* proves 59-9 */
    check_has("<item-not-found");
    ask_set("<before>room01@elsewhere.example</before>");
    check_has("<item-not-found");
    stop();
}
END_TEST

/* A page that follows neither repeats nor skips, whatever came and went. */
/* proves 59-12 */
START_TEST(changes_between_pages)
{
    start(false, 10);
    make_all(1, 9);
    ask_set("<max>4</max>");
    check_has("<last>room04@rooms.example</last>");
    make(0, true);
    ck_assert_int_eq(muc_room_destroy(muc_room_find(service, jids[4]), NULL, NULL, NULL), MUC_OK);
    ck_assert_int_eq(muc_room_set_public(muc_room_find(service, jids[6]), 0), MUC_CHANGED);
    ask_set("<max>3</max><after>room04@rooms.example</after>");
    check_has("<first "
              "index='4'>room05@rooms.example</first><last>room08@rooms.example</last><count>7</count>");
    ck_assert_ptr_null(strstr(answer, "room06"));
    stop();
}
END_TEST

/* ---- against a list that is made plainly ------------------------------------------------------------------------ */

static int plain(const char **out)
{
    int n = 0;
    for (int i = 0; i < ROOMS; i++) {
        if (listed[i] || (stored[i] && !in_memory[i]))
            out[n++] = jids[i];
    }
    return n;
}

/* Where the page should begin and end. */
static void expect(const muc_room_list_query *q, const char *const *all, int n, int *first, int *end)
{
    int max = (int)q->max;
    *first = 0;
    if (q->after) {
        while (*first < n && strcmp(all[*first], q->after) <= 0)
            ++*first;
    } else if (q->by_index) {
        *first = (int)q->index < n ? (int)q->index : n;
    } else if (q->before) {
        int before = 0;
        while (before < n && (!*q->before || strcmp(all[before], q->before) < 0))
            before++;
        *first = before > max ? before - max : 0;
        max = before - *first;
    }
    *end = *first + max < n ? *first + max : n;
    if (q->max == 0)
        *end = *first;
}

static void compare(const muc_room_list_query *q, bool with_store)
{
    const char *all[ROOMS];
    int n = plain(all), first, end;
    expect(q, all, n, &first, &end);
    muc_room_list *list = NULL;
    long live = memory.live;
    int r;
    for (long failures = 0;; failures++) {
        memory.left = failures;
        r = muc_room_list_new(service, q, &list);
        memory.left = -1;
        if (r != MUC_ERR_NOMEM)
            break;
        ck_assert_int_eq(memory.live, live);
    }
    ck_assert_int_eq(r, MUC_OK);
    ck_assert_int_eq((int)muc_room_list_size(list), end - first);
    for (int i = first; i < end; i++)
        ck_assert_str_eq(muc_room_list_jid(list, (size_t)(i - first)), all[i]);
    ck_assert_ptr_null(muc_room_list_jid(list, (size_t)(end - first)));
    ck_assert_ptr_null(muc_room_list_name(list, (size_t)(end - first)));
    size_t number;
    if (muc_room_list_count(list, &number))
        ck_assert_int_eq((int)number, n);
    else
        ck_assert(with_store && q->max > 0);
    if (!muc_room_list_index(list, &number))
        ck_assert(with_store && q->after);
    else if (end > first)
        ck_assert_int_eq((int)number, first);
    muc_room_list_free(list);
    ck_assert_int_eq(memory.live, live);
}

static void compare_all(bool with_store)
{
    static const size_t sizes[] = {0, 1, 2, 7, ROOMS, 1000};
    for (size_t m = 0; m < sizeof sizes / sizeof *sizes; m++) {
        size_t max = sizes[m];
        compare(&(muc_room_list_query){.max = max}, with_store);
        compare(&(muc_room_list_query){.max = max, .before = ""}, with_store);
        for (size_t i = 0; i < ROOMS; i++) {
            compare(&(muc_room_list_query){.max = max, .after = jids[i]}, with_store);
            compare(&(muc_room_list_query){.max = max, .before = jids[i]}, with_store);
            compare(&(muc_room_list_query){.max = max, .by_index = 1, .index = i}, with_store);
        }
        compare(&(muc_room_list_query){.max = max, .after = "room05"}, with_store);
        compare(&(muc_room_list_query){.max = max, .before = "zebra"}, with_store);
    }
}

START_TEST(all_pages)
{
    bool with_store = _i & 1;
    start(with_store, 100);
    for (int i = 0; i < ROOMS; i++) {
        unsigned what = (unsigned)(i * 7 + _i * 5) % 8;
        if (what < 4)
            make(i, what != 0);
        stored[i] = with_store && what & 1;
    }
    compare_all(with_store);
    stop();
}
END_TEST

START_TEST(store_that_fails)
{
    muc_room_list *list = NULL;
    start(true, 100);
    stored[3] = stored[5] = true;
    fault = 1;
    ck_assert_int_eq(muc_room_list_new(service, &(muc_room_list_query){.max = 9}, &list), MUC_ERR_HOST);
    fault = -5;
    ck_assert_int_eq(muc_room_list_new(service, &(muc_room_list_query){.max = 9}, &list), MUC_ERR_HOST);
    ck_assert_ptr_null(list);
    ask("");
    check_has("<internal-server-error");
    fault = 0;
    ck_assert_int_eq(muc_room_list_new(service, &(muc_room_list_query){.max = 9, .after = "a", .before = "b"}, &list),
                     MUC_ERR_INVALID);
    ask("");
    check_has("<item jid='room03@rooms.example' name='kept'/><item jid='room05@rooms.example' "
              "name='kept'/>");
    muc_room_list_free(NULL);
    stop();
}
END_TEST

Suite *suite_list(void)
{
    Suite *suite = suite_create("list");
    TCase *tcase = tcase_create("list");
    tcase_add_test(tcase, pages_of_memory);
    tcase_add_test(tcase, partial_by_itself);
    tcase_add_test(tcase, nothing_to_list);
    tcase_add_test(tcase, wrong_requests);
    tcase_add_test(tcase, changes_between_pages);
    tcase_add_loop_test(tcase, all_pages, 0, 4);
    tcase_add_test(tcase, store_that_fails);
    suite_add_tcase(suite, tcase);
    return suite;
}
