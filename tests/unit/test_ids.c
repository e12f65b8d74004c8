/* test_ids.c: names that last: occupant ids, stanza ids, and the digest behind them. */
#include "host.h"
#include "suites.h"

#include <muc/digest.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SECRET "sixteen bytes, or more of them"

/* ---- the digest -------------------------------------------------------------------------------------------------- */

static void hex(const uint8_t digest[32], char out[65])
{
    for (size_t i = 0; i < 32; i++)
        sprintf(out + 2 * i, "%02x", digest[i]);
}

/* RFC 4231. */
START_TEST(known_digests)
{
    static const struct {
        int byte; /* of the key; 0: Jefe */
        size_t key_n;
        const char *text, *digest;
    } cases[] = {
        {0x0b, 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"},
        {0, 4, "what do ya want for nothing?", "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"},
        {0xaa, 131, "Test Using Larger Than Block-Size Key - Hash Key First",
         "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"},
        {0xaa, 131,
         "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be "
         "hashed before being used by the HMAC algorithm.",
         "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        uint8_t key[131], digest[32];
        char text[65];
        memset(key, cases[i].byte, sizeof key);
        muc_hmac_sha256(cases[i].byte ? (const void *)key : "Jefe", cases[i].key_n, cases[i].text,
                        strlen(cases[i].text), digest);
        hex(digest, text);
        ck_assert_str_eq(text, cases[i].digest);
    }
}
END_TEST

/* Every length around the blocks: against the same text, whose end is the only difference. */
START_TEST(lengths_differ)
{
    char text[200], last[65] = "", now[65];
    memset(text, 'a', sizeof text);
    for (size_t n = 0; n < sizeof text; n++) {
        uint8_t digest[32];
        muc_hmac_sha256(NULL, 0, text, n, digest);
        hex(digest, now);
        ck_assert_str_ne(now, last);
        memcpy(last, now, sizeof last);
    }
    ck_assert_str_ne(last, "");
}
END_TEST

/* ---- occupant ids ------------------------------------------------------------------------------------------------ */

static void start_with_ids(const char *secret)
{
    host_prepare();
    world.settings.occupant_ids = world.settings.stanza_ids = 1;
    world.settings.secret = secret;
    world.settings.secret_n = strlen(secret);
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    join("hut", ROMEO, "Romeo");
}

/* proves 421-4 421-5 421-6 421-7 421-8 */
START_TEST(ids_last_and_differ)
{
    char first[MUC_ID_SIZE], other[MUC_ID_SIZE];
    start_with_ids(SECRET);
    OK(muc_occupant_id(occupant("den", "Romeo"), first));
    ck_assert_uint_eq(strlen(first), 40);
    OK(muc_occupant_id(occupant("den", "Juliet"), other));
    ck_assert_str_ne(first, other);
    OK(muc_occupant_id(occupant("hut", "Romeo"), other));
    ck_assert_str_ne(first, other);
    host_stop();
    /* Another start, by another spelling. */
    start_with_ids(SECRET);
    join("den", "Romeo@Example.org/elsewhere", "Montague");
    OK(muc_occupant_id(occupant("den", "Montague"), other));
    ck_assert_str_eq(first, other);
    host_stop();
    start_with_ids("another secret of the kind");
    OK(muc_occupant_id(occupant("den", "Romeo"), other));
    ck_assert_str_ne(first, other);
    host_stop();
}
END_TEST

/* Whatever he is shown by: also when others make him go. */
START_TEST(every_presence_has_one)
{
    start_with_ids(SECRET);
    char id[MUC_ID_SIZE];
    OK(muc_occupant_id(occupant("den", "Romeo"), id));
    forget();
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_VISITOR, NULL));
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_MODERATORS));
    CHANGED(muc_room_set_presence_broadcast(room("den"), MUC_EVERYONE));
    CHANGED(muc_occupant_set_nick(occupant("den", "Romeo"), "Montague"));
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo'/>"));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_NONE, NULL));
    join("den", ROMEO, "Romeo");
    OK(muc_peer_gone(world.service, ROMEO, "lost"));
    join("den", ROMEO, "Romeo");
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_uint_gt(times("send"), 10);
    ck_assert_uint_eq(times("<presence"), times("<occupant-id"));
    said(id);
    host_stop();
}
END_TEST

/* The secret is taken once, whatever is configured later and however short that lives. */
START_TEST(ids_outlast_other_settings)
{
    char before[MUC_ID_SIZE], now[MUC_ID_SIZE];
    start_with_ids(SECRET);
    OK(muc_occupant_id(occupant("den", "Romeo"), before));
    muc_settings next;
    muc_settings_init(&next, sizeof next);
    OK(muc_service_configure(world.service, &next));
    OK(muc_occupant_id(occupant("den", "Romeo"), now));
    ck_assert_str_eq(now, before);
    char *other = malloc(20);
    memset(other, 'x', 20);
    next.secret = other;
    next.secret_n = 20;
    OK(muc_service_configure(world.service, &next));
    memset(other, 'y', 20);
    free(other);
    OK(muc_occupant_id(occupant("den", "Romeo"), now));
    ck_assert_str_eq(now, before);
    ck_assert_uint_eq(muc_service_settings(world.service)->secret_n, strlen(SECRET));
    forget();
    talk("den", ROMEO, "still named");
    said("stanza-id");
    host_stop();
}
END_TEST

START_TEST(ids_need_a_secret)
{
    char id[MUC_ID_SIZE];
    host_prepare();
    world.settings.occupant_ids = 1;
    GIVES(MUC_ERR_INVALID, muc_service_new(&world.service, &world.settings, &world.callbacks, NULL, &world));
    world.settings.secret = "too short";
    world.settings.secret_n = 9;
    GIVES(MUC_ERR_INVALID, muc_service_new(&world.service, &world.settings, &world.callbacks, NULL, &world));
    host_setup();
    /* proves 421-10 */
    GIVES(MUC_ERR_NOT_FOUND, muc_occupant_id(occupant("den", "Romeo"), id));
    talk("den", ROMEO, "plain");
    unsaid("occupant-id");
    unsaid("stanza-id");
    host_stop();
}
END_TEST

/* ---- stanza ids -------------------------------------------------------------------------------------------------- */

static char kept[MUC_ID_SIZE];

static int on_kept(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_message_event *m = ev->as.message;
    memcpy(kept, m->id, sizeof kept);
    note("kept ");
    char piece[512];
    for (size_t i = 0; i < 3; i++) {
        ck_assert_uint_lt(m->xml[i].n, sizeof piece);
        memcpy(piece, m->xml[i].p, m->xml[i].n);
        piece[m->xml[i].n] = '\0';
        note(piece);
    }
    return MUC_PASS;
}

static int name_it(muc_event *ev, void *ud)
{
    strcpy(ev->as.message->id, ud);
    return MUC_PASS;
}

/* proves 359-1 359-5 359-6 */
START_TEST(every_message_has_a_name)
{
    start_with_ids(SECRET);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_KEPT, NULL, 0, on_kept, NULL), 0);
    talk("den", ROMEO, "first");
    char first[MUC_ID_SIZE];
    memcpy(first, kept, sizeof first);
    ck_assert_uint_eq(strlen(first), 32);
    said("kept ");
    said("<body>first</body>");
    said(first);
    OK(muc_room_broadcast(room("den"), message("the room's"), MUC_EVERYONE));
    ck_assert_str_ne(first, kept);
    said(kept);
    host_stop();
}
END_TEST

START_TEST(an_archive_names_it)
{
    start_with_ids(SECRET);
    char name[] = "archive-1";
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_HISTORY_KEEP, NULL, 0, name_it, name), 0);
    forget();
    talk("den", ROMEO, "first");
    ck_assert_uint_eq(times("<stanza-id xmlns='urn:xmpp:sid:0' by='" DEN "' id='archive-1'/>"), 2);
    ck_assert_uint_eq(times("<stanza-id"), 2);
    /* What is named already, by who wrote it in the room's name, keeps that. */
    forget();
    muc_xml *x = message("named");
    muc_xml_open(x, "stanza-id", "urn:xmpp:sid:0");
    muc_xml_attr(x, "by", DEN);
    muc_xml_attr(x, "id", "own");
    muc_xml_close(x);
    OK(muc_room_broadcast(room("den"), x, MUC_EVERYONE));
    ck_assert_uint_eq(times("<stanza-id"), 2);
    said("id='own'");
    host_stop();
}
END_TEST

Suite *suite_ids(void)
{
    Suite *suite = suite_create("ids");
    TCase *tc = tcase_create("names that last");
    tcase_add_test(tc, known_digests);
    tcase_add_test(tc, lengths_differ);
    tcase_add_test(tc, ids_last_and_differ);
    tcase_add_test(tc, every_presence_has_one);
    tcase_add_test(tc, ids_need_a_secret);
    tcase_add_test(tc, ids_outlast_other_settings);
    tcase_add_test(tc, every_message_has_a_name);
    tcase_add_test(tc, an_archive_names_it);
    suite_add_tcase(suite, tc);
    return suite;
}
