/* test_delivery.c: the forms of a delivery agree, outlive what they came from, and share their bytes. */
#include "host.h"
#include "suites.h"

#include <libxml/parser.h>
#include <stdlib.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

/* ---- one delivery in all its forms ------------------------------------------------------------------------------- */

static size_t looked_at;

static void forms_agree(const muc_delivery *d)
{
    const xmlNode *node = muc_delivery_node(d);
    ck_assert_ptr_nonnull(node);
    ck_assert_ptr_eq(node, muc_delivery_node(d));
    ck_assert_str_eq((const char *)node->ns->href, "jabber:client");
    ck_assert_ptr_null(muc_node_attr(node, "to"));
    muc_span first[MUC_PIECES];
    muc_delivery_pieces(d, 0, first);
    muc_span shared[MUC_PIECES];
    muc_delivery_shared(d, shared);
    ck_assert_uint_eq(shared[1].n, 0);
    for (int k = 0; k < MUC_PIECES; k++)
        ck_assert(k == 1 || (shared[k].n == first[k].n && (!shared[k].n || shared[k].p == first[k].p)));
    for (size_t i = 0; i < muc_delivery_count(d); i++) {
        muc_span piece[MUC_PIECES];
        muc_delivery_pieces(d, i, piece);
        char joined[8192], written[8192];
        size_t n = 0;
        for (int k = 0; k < MUC_PIECES; k++) {
            if (piece[k].n)
                memcpy(joined + n, piece[k].p, piece[k].n);
            n += piece[k].n;
            if (k != 1) {
                ck_assert_uint_eq(piece[k].n, first[k].n);
                ck_assert(!piece[k].n || piece[k].p == first[k].p);
            }
        }
        ck_assert_uint_eq(muc_delivery_size(d, i), n);
        written[n] = '#';
        ck_assert_uint_eq(muc_delivery_write(d, i, written), n);
        ck_assert_int_eq(written[n], '#');
        ck_assert_mem_eq(joined, written, n);
        xmlDoc *doc = xmlReadMemory(written, (int)n, NULL, NULL, 0);
        ck_assert_ptr_nonnull(doc);
        xmlNode *root = xmlDocGetRootElement(doc);
        muc_span jid = muc_delivery_jid(d, i);
        const char *to = muc_node_attr(root, "to");
        ck_assert_uint_eq(strlen(to), jid.n);
        ck_assert_mem_eq(to, jid.p, jid.n);
        xmlUnsetProp(root, (const xmlChar *)"to");
        ck_assert_str_eq((const char *)root->name, (const char *)node->name);
        size_t attributes = 0, kept = 0;
        for (const xmlAttr *a = root->properties; a; a = a->next)
            attributes++;
        for (const xmlAttr *a = node->properties; a; a = a->next)
            kept++;
        ck_assert_uint_eq(attributes, kept);
        xmlFreeDoc(doc);
        looked_at++;
    }
}

START_TEST(pieces_bytes_and_tree_agree)
{
    looked_at = 0;
    world.on_send = forms_agree;
    join("den", "o&apos;neil@example.org/a&amp;b", "&lt;O&gt;");
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat' id='&quot;1' xml:lang='de'><body>a &lt; b</body>"
            "<p:x xmlns:p='urn:p' p:y='1'><z/></p:x></message>"));
    OK(give("<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body/></message>"));
    OK(give("<message from='" NURSE "' to='" DEN "' type='groupchat'><body/></message>"));
    OK(give("<presence from='" ROMEO "' to='" DEN "/Montague'><status>x</status></presence>"));
    OK(give("<iq from='" JULIET "' to='" DEN "' id='1' type='get'><query xmlns='" MUC_NS_OWNER "'/></iq>"));
    CHANGED(muc_room_set_subject(room("den"), NULL, "s"));
    CHANGED(muc_room_set_whois(room("den"), MUC_ROLE_VISITOR));
    join("den", NURSE, "Nurse");
    CHANGED(muc_occupant_set_role(occupant("den", "Nurse"), NULL, MUC_ROLE_NONE, "<>"));
    OK(muc_service_shutdown(world.service));
    OK(muc_room_destroy(room("den"), NULL, "&", NULL));
    ck_assert_uint_gt(looked_at, 30);
}
END_TEST

/* ---- keeping ----------------------------------------------------------------------------------------------------- */

static muc_delivery *kept[64];
static size_t kept_n;

static void keep(const muc_delivery *d)
{
    ck_assert_uint_lt(kept_n, 64);
    ck_assert_ptr_eq(muc_delivery_room(d), room("den"));
    kept[kept_n] = muc_delivery_keep(d);
    ck_assert_ptr_nonnull(kept[kept_n++]);
}

START_TEST(deliveries_outlive_the_service)
{
    host_prepare();
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    kept_n = 0;
    world.on_send = keep;
    talk("den", JULIET, "x");
    join("den", NURSE, "Nurse");
    ck_assert_uint_gt(kept_n, 4);
    muc_service_free(world.service);
    ck_assert_int_gt(world.memory.live, 0);
    looked_at = 0;
    for (size_t i = 0; i < kept_n; i++) {
        muc_delivery *again = muc_delivery_keep(kept[i]);
        ck_assert_ptr_null(muc_delivery_room(kept[i]));
        muc_delivery_free(kept[i]);
        forms_agree(again);
        muc_delivery_free(again);
    }
    muc_delivery_free(NULL);
    ck_assert_uint_gt(looked_at, 4);
    ck_assert_int_eq(world.memory.live, 0);
}
END_TEST

static void keep_the_last(const muc_delivery *d)
{
    muc_delivery_free(kept[0]);
    kept[0] = muc_delivery_keep(d);
}

static void come_and_go(void)
{
    talk("den", ROMEO, "0");
    join("den", "juliet@example.org/street", "Juliet");
    join("den", NURSE, "Nurse");
    join("den", "romeo@example.org/street", "Romeo");
    talk("den", NURSE, "a");
    OK(give("<presence from='" NURSE "' to='" DEN "/Nurse' type='unavailable'/>"));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_MODERATOR, NULL));
    join("den", "romeo@example.org/square", "Romeo");
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>"));
    talk("den", JULIET, "b");
}

/* Not on what a host still holds, which makes lists be made anew. */
START_TEST(the_order_of_recipients_depends_on_the_calls_alone)
{
    forget();
    come_and_go();
    char *before = malloc(world.log_n + 1);
    ck_assert_ptr_nonnull(before);
    strcpy(before, world.log);
    host_stop();
    host_setup();
    kept[0] = NULL;
    world.on_send = keep_the_last;
    come_and_go();
    ck_assert_str_eq(world.log, before);
    muc_delivery_free(kept[0]);
    free(before);
}
END_TEST

/* ---- the host's pointer ------------------------------------------------------------------------------------------ */

static void *juliets, *romeos;

static void remember(const muc_delivery *d)
{
    for (size_t i = 0; i < muc_delivery_count(d); i++) {
        muc_span jid = muc_delivery_jid(d, i);
        *(jid.p[0] == 'j' ? &juliets : &romeos) = muc_delivery_userdata(d, i);
    }
}

static void speak(const char *jid, void *userdata)
{
    char xml[256] = "<message from='";
    strcat(strcat(xml, jid), "' to='" DEN "' type='groupchat'><body>x</body></message>");
    OK(muc_dispatch_text(world.service, xml, strlen(xml), userdata));
}

START_TEST(the_latest_userdata_comes_back)
{
    int a, b;
    world.on_send = remember;
    speak(JULIET, &a);
    ck_assert_ptr_eq(juliets, &a);
    ck_assert_ptr_null(romeos);
    speak(ROMEO, &b);
    ck_assert_ptr_eq(juliets, &a);
    ck_assert_ptr_eq(romeos, &b);
    speak(JULIET, NULL);
    ck_assert_ptr_eq(juliets, &a);
    speak(JULIET, &b);
    ck_assert_ptr_eq(juliets, &b);
    OK(muc_peer_set_userdata(world.service, JULIET, NULL));
    speak(ROMEO, &a);
    ck_assert_ptr_null(juliets);
    ck_assert_ptr_eq(romeos, &a);
    OK(muc_peer_set_userdata(world.service, JULIET, &a));
    speak(ROMEO, NULL);
    ck_assert_ptr_eq(juliets, &a);
    GIVES(MUC_ERR_NOT_FOUND, muc_peer_set_userdata(world.service, NURSE, &a));
    /* Who is in no room is answered through his own connection all the same. */
    romeos = NULL;
    speak(NURSE, &b);
    ck_assert_ptr_eq(romeos, &b);
}
END_TEST

/* ---- sharing ----------------------------------------------------------------------------------------------------- */

typedef struct seen {
    char to;
    const char *body;
    bool delayed, full;
} seen;
static seen views[64];
static size_t view_n;

/* By the first piece of text of interest: presences of Romeo, messages that say "shared". */
static void collect(const muc_delivery *d)
{
    muc_span piece[MUC_PIECES];
    muc_delivery_pieces(d, 0, piece);
    char text[8192];
    text[muc_delivery_write(d, 0, text)] = '\0';
    if (!strstr(text, "/Romeo' type='groupchat'>") && !strstr(text, "/Romeo'><show>"))
        return;
    for (size_t i = 0; i < muc_delivery_count(d); i++)
        views[view_n++] = (seen){.to = muc_delivery_jid(d, i).p[0],
                                 .body = piece[2].p,
                                 .delayed = strstr(text, "<delay") != NULL,
                                 .full = strstr(text, "jid='" ROMEO) != NULL};
}

static void all_the_same(size_t n)
{
    ck_assert_uint_eq(view_n, n);
    for (size_t i = 1; i < view_n; i++)
        ck_assert_ptr_eq(views[i].body, views[0].body);
}

START_TEST(a_message_is_written_once)
{
    join("den", "nurse@example.org/one", "Nurse");
    view_n = 0;
    world.on_send = collect;
    talk("den", ROMEO, "shared");
    all_the_same(3);
    /* A newcomer is shown the same bytes, with a delay behind them. */
    join("den", "peter@example.org/two", "Peter");
    all_the_same(4);
    ck_assert(!views[0].delayed && views[3].delayed);
    muc_span xml[3];
    ck_assert_int_eq(muc_history_get(room("den"), 0, xml, NULL), 1);
    ck_assert_ptr_eq(xml[1].p, views[0].body);
}
END_TEST

START_TEST(views_of_a_presence_share_its_payload)
{
    join("den", NURSE, "Nurse");
    view_n = 0;
    world.on_send = collect;
    OK(give("<presence from='" ROMEO "' to='" DEN "/Romeo'><show>away</show></presence>"));
    all_the_same(3);
    join("den", "peter@example.org/two", "Peter");
    all_the_same(4);
    for (size_t i = 0; i < view_n; i++)
        ck_assert_int_eq(views[i].full, views[i].to == 'j' || views[i].to == 'r');
}
END_TEST

static const char *ends[8];
static size_t end_n;

static void collect_ends(const muc_delivery *d)
{
    muc_span piece[MUC_PIECES];
    muc_delivery_pieces(d, 0, piece);
    if (muc_delivery_jid(d, 0).p[0] == 'o' && strncmp(piece[3].p, "<x ", 3) == 0 && end_n < 8)
        ends[end_n++] = piece[3].p;
}

/* Of Juliet, who is an owner, and three who are nobody; his own is another. */
START_TEST(presences_of_a_rank_share_their_end)
{
    join("den", NURSE, "Nurse");
    join("den", "peter@example.org/two", "Peter");
    end_n = 0;
    world.on_send = collect_ends;
    join("den", "olaf@example.org/three", "Olaf");
    world.on_send = NULL;
    ck_assert_uint_eq(end_n, 5);
    ck_assert_ptr_ne(ends[0], ends[1]);
    ck_assert_ptr_eq(ends[1], ends[2]);
    ck_assert_ptr_eq(ends[1], ends[3]);
    ck_assert_ptr_ne(ends[1], ends[4]);
}
END_TEST

Suite *suite_delivery(void)
{
    Suite *suite = suite_create("delivery");
    TCase *tc = tcase_create("deliveries");
    tcase_add_checked_fixture(tc, host_setup, host_stop);
    tcase_add_test(tc, pieces_bytes_and_tree_agree);
    tcase_add_test(tc, the_order_of_recipients_depends_on_the_calls_alone);
    tcase_add_test(tc, the_latest_userdata_comes_back);
    tcase_add_test(tc, a_message_is_written_once);
    tcase_add_test(tc, views_of_a_presence_share_its_payload);
    tcase_add_test(tc, presences_of_a_rank_share_their_end);
    suite_add_tcase(suite, tc);
    tc = tcase_create("kept deliveries");
    tcase_add_test(tc, deliveries_outlive_the_service);
    suite_add_tcase(suite, tc);
    return suite;
}
