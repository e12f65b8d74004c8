/* test_feature.c: a feature of a host's own, with an option, handlers and data; addresses that hosts hand in. */
#include "host.h"
#include "suites.h"

#include <string.h>

/* ---- slow mode --------------------------------------------------------------------------------------------------- */

static const muc_option options[] = {
    {.name = "slow_mode", .type = MUC_OPTION_NUMBER, .field = "{urn:example}slow_mode", .max = 3600},
    {.name = NULL},
};

static size_t freed;
static void count_free(muc_service *s, void *data)
{
    freed++;
    muc_service_release(s, data);
}

static int may_speak(muc_event *ev, void *feature)
{
    int64_t *last = muc_feature_data(ev->room, feature), wait = muc_room_get_number(ev->room, options) * 1000;
    bool early = last && muc_service_now(ev->service) < *last + wait;
    return early ? muc_reject_as(ev, MUC_POLICY_VIOLATION, MUC_ERROR_WAIT, "slow down") : MUC_PASS;
}

static int spoke(muc_event *ev, void *feature)
{
    int64_t *last = muc_feature_data(ev->room, feature);
    if (!last) {
        last = muc_service_alloc(ev->service, sizeof(*last));
        OK(muc_feature_set_data(ev->room, feature, last));
    }
    *last = muc_service_now(ev->service);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_GROUPCHAT, NULL, MUC_PRIORITY_ACCESS, may_speak},
    {MUC_ON_SAID, NULL, MUC_PRIORITY_DEFAULT, spoke},
    {.fn = NULL},
};

static const muc_feature slow = {
    .name = "slow-mode", .hooks = hooks, .options = options, .room_free = count_free, .service_free = count_free};
static const muc_feature *const mine[] = {&slow, NULL};

static void start(bool pull)
{
    host_stop();
    host_prepare();
    world.settings.extra_features = mine;
    if (pull)
        world.callbacks.send = NULL;
    host_start();
    freed = 0;
    const muc_option_value config = {"slow_mode", "10"};
    OK(muc_room_create(world.service, DEN, &config, 1, NULL));
    join("den", JULIET, "Juliet");
}

static void fetch(void)
{
    muc_delivery *d;
    while ((d = muc_service_next(world.service))) {
        note(muc_node_child(muc_delivery_node(d), "error", NULL) ? "refused\n" : "sent\n");
        muc_delivery_free(d);
    }
}

/* Also when the output is fetched later: what counts was counted when it was accepted. */
START_TEST(slow_mode)
{
    start(true);
    fetch();
    forget();
    talk("den", JULIET, "one");
    talk("den", JULIET, "two");
    fetch();
    ck_assert_uint_eq(times("sent"), 1);
    ck_assert_uint_eq(times("refused"), 1);
    world.clock += 10000;
    talk("den", JULIET, "three");
    fetch();
    ck_assert_uint_eq(times("sent"), 2);
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_uint_eq(freed, 1);
}
END_TEST

/* Of the service as a whole: kept until the service ends, and then ended once. */
START_TEST(its_data_of_the_service)
{
    static const muc_feature stranger = {.name = "stranger"};
    start(false);
    ck_assert_ptr_null(muc_feature_service_data(world.service, &slow));
    char *data = muc_service_resize(world.service, muc_service_alloc(world.service, 1), 2);
    ck_assert_ptr_nonnull(data);
    OK(muc_feature_set_service_data(world.service, &slow, data));
    ck_assert_ptr_eq(muc_feature_service_data(world.service, &slow), data);
    ck_assert_ptr_null(muc_feature_service_data(world.service, &stranger));
    GIVES(MUC_ERR_NOT_FOUND, muc_feature_set_service_data(world.service, &stranger, data));
    host_stop();
    ck_assert_uint_eq(freed, 1);
    host_start();
}
END_TEST

START_TEST(its_option_is_in_the_form)
{
    start(false);
    GIVES(MUC_ERR_INVALID, muc_room_set_number(room("den"), options, 3601));
    CHANGED(muc_affiliation_set(room("den"), NULL, JULIET, MUC_AFFILIATION_OWNER, NULL));
    forget();
    OK(give("<iq type='get' id='f' from='" JULIET "' to='" DEN
            "'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>"));
    said("var='{urn:example}slow_mode'><value>10</value>");
}
END_TEST

START_TEST(a_name_belongs_to_one_feature)
{
    static const muc_feature *const again[] = {&muc_feature_ban, NULL};
    muc_service *s;
    muc_settings settings = world.settings;
    settings.extra_features = again;
    GIVES(MUC_ERR_INVALID, muc_service_new(&s, &settings, &world.callbacks, NULL, NULL));
}
END_TEST

/* ---- addresses --------------------------------------------------------------------------------------------------- */

START_TEST(prepared_addresses)
{
    char out[32];
    GIVES(18, muc_service_prepare(world.service, "Juliet@EXAMPLE.org", out, sizeof out));
    ck_assert_str_eq(out, "juliet@example.org");
    GIVES(18, muc_service_prepare(world.service, "Juliet@EXAMPLE.org", out, 4));
    ck_assert_str_eq(out, "jul");
    GIVES(MUC_ERR_BAD_JID, muc_service_prepare(world.service, "@@", out, sizeof out));
}
END_TEST

START_TEST(what_the_host_keeps_for_a_connection)
{
    int connection;
    GIVES(MUC_ERR_NOT_FOUND, muc_peer_set_userdata(world.service, "nurse@example.org/house", &connection));
    OK(muc_peer_set_userdata(world.service, JULIET, &connection));
    ck_assert_ptr_eq(muc_peer_userdata(world.service, JULIET), &connection);
    ck_assert_ptr_null(muc_peer_userdata(world.service, "nurse@example.org/house"));
}
END_TEST

START_TEST(addresses_that_will_not_do)
{
    GIVES(MUC_ERR_BAD_JID, muc_peer_gone(world.service, "juliet@example.org", NULL));
    GIVES(MUC_ERR_BAD_JID, muc_room_route(room("den"), message("x"), "@@"));
    forget();
    OK(give("<presence from='nurse@example.org' to='" DEN
            "/Nurse'><x xmlns='http://jabber.org/protocol/muc'/></presence>"));
    said("<jid-malformed");
    ck_assert_ptr_null(occupant("den", "Nurse"));
}
END_TEST

Suite *suite_feature(void)
{
    Suite *suite = suite_create("feature");
    TCase *tc = tcase_create("feature");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, slow_mode);
    tcase_add_test(tc, its_data_of_the_service);
    tcase_add_test(tc, its_option_is_in_the_form);
    tcase_add_test(tc, a_name_belongs_to_one_feature);
    tcase_add_test(tc, prepared_addresses);
    tcase_add_test(tc, what_the_host_keeps_for_a_connection);
    tcase_add_test(tc, addresses_that_will_not_do);
    suite_add_tcase(suite, tc);
    return suite;
}
