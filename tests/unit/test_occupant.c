/* test_occupant.c: what features and hosts keep for an occupant, and drafts of those who are in a room. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define BALCONY "juliet@example.org/balcony"
#define STREET  "romeo@example.org/street"

/* ---- a feature that keeps something ------------------------------------------------------------------------------ */

static unsigned freed;

static void let_go(muc_service *service, void *data)
{
    freed++;
    muc_service_release(service, data);
}

static const muc_feature keeper = {.name = "keeper", .occupant_free = let_go};
static const muc_feature other = {.name = "other"};

static void setup(void)
{
    static const muc_feature *const extra[] = {&keeper, &other, NULL};
    freed = 0;
    host_prepare();
    world.settings.extra_features = extra;
    world.settings.lock_new_rooms = 0;
    host_start();
    join("den", JULIET, "Juliet");
    join("den", ROMEO, "Romeo");
    forget();
}

static void *keep(muc_occupant *o)
{
    void *data = muc_service_alloc(world.service, 1);
    OK(muc_feature_set_occupant_data(o, &keeper, data));
    return data;
}

START_TEST(each_keeps_its_own)
{
    static const muc_feature stranger = {.name = "stranger"};
    int mine, another;
    muc_occupant *romeo = occupant("den", "Romeo");
    ck_assert_ptr_null(muc_feature_occupant_data(romeo, &keeper));
    ck_assert_ptr_null(muc_occupant_userdata(romeo));
    OK(muc_occupant_set_userdata(romeo, NULL));
    void *data = keep(romeo);
    OK(muc_occupant_set_userdata(romeo, &mine));
    OK(muc_feature_set_occupant_data(romeo, &other, &another));
    ck_assert_ptr_eq(muc_feature_occupant_data(romeo, &keeper), data);
    ck_assert_ptr_eq(muc_feature_occupant_data(romeo, &other), &another);
    ck_assert_ptr_eq(muc_occupant_userdata(romeo), &mine);
    ck_assert_ptr_null(muc_occupant_userdata(occupant("den", "Juliet")));
    ck_assert_ptr_null(muc_feature_occupant_data(romeo, &stranger));
    ck_assert_ptr_null(muc_feature_occupant_data(romeo, NULL));
    GIVES(MUC_ERR_NOT_FOUND, muc_feature_set_occupant_data(romeo, &stranger, data));
    OK(muc_occupant_set_userdata(romeo, NULL));
    ck_assert_ptr_null(muc_occupant_userdata(romeo));
    ck_assert_uint_eq(freed, 0);
}
END_TEST

static int look(muc_event *ev, void *data)
{
    ck_assert_ptr_eq(muc_feature_occupant_data(ev->occupant, &keeper), data);
    note("looked");
    return MUC_PASS;
}

/* Whatever he is called and is; and who hears that he has left finds it still there. */
START_TEST(it_is_there_until_he_has_left)
{
    void *data = keep(occupant("den", "Romeo"));
    CHANGED(muc_occupant_set_nick(occupant("den", "Romeo"), "Montague"));
    CHANGED(muc_occupant_set_role(occupant("den", "Montague"), NULL, MUC_ROLE_VISITOR, NULL));
    ck_assert_ptr_eq(muc_feature_occupant_data(occupant("den", "Montague"), &keeper), data);
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_LEFT, NULL, 0, look, data), 0);
    OK(muc_occupant_remove(occupant("den", "Montague"), 307, NULL));
    said("looked");
    ck_assert_uint_eq(freed, 1);
    join("den", ROMEO, "Montague");
    ck_assert_ptr_null(muc_feature_occupant_data(occupant("den", "Montague"), &keeper));
}
END_TEST

static int keep_and_fail(muc_event *ev, void *ud)
{
    (void)ud;
    (void)keep(ev->occupant);
    return MUC_ERR_HOST;
}

static int remove_and_refuse(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_occupant_remove(ev->occupant, 307, NULL));
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

START_TEST(it_goes_with_an_entry_that_is_undone)
{
    int id = muc_hook_add(world.service, MUC_ON_ENTERED, NULL, 0, keep_and_fail, NULL);
    (void)give("<presence from='nurse@example.org/house' to='" DEN "/Nurse'><x xmlns='" MUC_NS "'/></presence>");
    ck_assert_ptr_null(occupant("den", "Nurse"));
    ck_assert_uint_eq(freed, 1);
    OK(muc_hook_remove(world.service, id));
    /* A removal that is undone takes nothing. */
    void *data = keep(occupant("den", "Romeo"));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_MESSAGE, NULL, 0, remove_and_refuse, NULL), 0);
    talk("den", ROMEO, "farewell");
    ck_assert_ptr_eq(muc_feature_occupant_data(occupant("den", "Romeo"), &keeper), data);
    ck_assert_uint_eq(freed, 1);
}
END_TEST

START_TEST(it_ends_with_drafts_rooms_and_the_service)
{
    muc_occupant *draft;
    OK(muc_occupant_new(room("den"), "bot@example.org", "Bot", &draft));
    (void)keep(draft);
    muc_occupant_discard(draft);
    ck_assert_uint_eq(freed, 1);
    OK(muc_occupant_new(room("den"), "bot@example.org", "Bot", &draft));
    OK(muc_occupant_set_session(draft, "bot@example.org/a", NULL, 0));
    void *data = keep(draft);
    OK(muc_occupant_save(draft));
    ck_assert_ptr_eq(muc_feature_occupant_data(occupant("den", "Bot"), &keeper), data);
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    ck_assert_uint_eq(freed, 2);
    join("hut", JULIET, "Juliet");
    (void)keep(occupant("hut", "Juliet"));
    host_stop();
    ck_assert_uint_eq(freed, 3);
    host_start();
}
END_TEST

/* ---- drafts of those who are there ------------------------------------------------------------------------------- */

static muc_occupant *copy_of(const char *nick)
{
    muc_occupant *draft = NULL;
    OK(muc_occupant_copy(occupant("den", nick), &draft));
    return draft;
}

static const xmlNode *presence(const char *xml, xmlDoc **doc)
{
    *doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
    return xmlDocGetRootElement(*doc);
}

START_TEST(a_copy_is_what_he_is)
{
    join("den", STREET, "Romeo");
    CHANGED(muc_session_make_primary(muc_session_by_jid(room("den"), ROMEO)));
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), NULL, MUC_ROLE_VISITOR, NULL));
    int mine;
    OK(muc_occupant_set_userdata(occupant("den", "Romeo"), &mine));
    forget();
    char *before = state();
    muc_occupant *draft = copy_of("Romeo");
    ck_assert_str_eq(muc_occupant_nick(draft), "Romeo");
    ck_assert_str_eq(muc_occupant_bare_jid(draft), "romeo@example.org");
    ck_assert_int_eq(muc_occupant_role(draft), MUC_ROLE_VISITOR);
    ck_assert_str_eq(muc_session_jid(muc_occupant_primary(draft)), ROMEO);
    ck_assert_ptr_nonnull(muc_session_next(draft, muc_session_next(draft, NULL)));
    ck_assert_ptr_null(muc_occupant_userdata(draft));
    /* Saved as it is it changes nothing, and says nothing. */
    OK(muc_occupant_save(draft));
    ck_assert_str_eq(world.log, "");
    same_state(before);
    ck_assert_ptr_eq(muc_occupant_userdata(occupant("den", "Romeo")), &mine);
    draft = copy_of("Romeo");
    muc_occupant *none = draft;
    GIVES(MUC_ERR_INVALID, muc_occupant_copy(draft, &none));
    ck_assert_ptr_null(none);
    muc_occupant_discard(draft);
}
END_TEST

START_TEST(what_was_changed_in_it_happens_to_him)
{
    xmlDoc *doc;
    muc_occupant *draft = copy_of("Romeo"), *romeo = occupant("den", "Romeo");
    OK(muc_occupant_set_session(draft, STREET, presence("<presence><status>climbing</status></presence>", &doc), 1));
    OK(muc_occupant_remove_session(draft, ROMEO));
    OK(muc_occupant_set_draft_role(draft, MUC_ROLE_VISITOR));
    ck_assert_str_eq(world.log, "");
    OK(muc_occupant_save(draft));
    xmlFreeDoc(doc);
    ck_assert_ptr_eq(occupant("den", "Romeo"), romeo);
    ck_assert_ptr_null(muc_session_by_jid(room("den"), ROMEO));
    ck_assert_ptr_nonnull(muc_session_by_jid(room("den"), STREET));
    ck_assert_int_eq(muc_occupant_role(romeo), MUC_ROLE_VISITOR);
    said("send " STREET " <presence to='" STREET "' from='" DEN "/Juliet'");
    said("send " STREET " <message to='" STREET "' from='" DEN "' type='groupchat'><subject/>");
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'><status>climbing</status>");
    said("role='visitor'");
    said("send " ROMEO " <presence type='unavailable' to='" ROMEO "'");
    unsaid("send " JULIET " <presence type='unavailable'");
}
END_TEST

START_TEST(a_presence_of_his_is_another_one)
{
    xmlDoc *doc;
    muc_occupant *draft = copy_of("Romeo");
    OK(muc_occupant_set_session(draft, ROMEO, presence("<presence><show>dnd</show></presence>", &doc), 0));
    OK(muc_occupant_save(draft));
    xmlFreeDoc(doc);
    said("send " JULIET " <presence to='" JULIET "' from='" DEN "/Romeo'><show>dnd</show>");
    said("send " ROMEO " <presence to='" ROMEO "' from='" DEN "/Romeo'><show>dnd</show>");
    unsaid("<subject");
}
END_TEST

static int veto(muc_event *ev, void *ud)
{
    (void)ud;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

START_TEST(copies_that_cannot_be_saved)
{
    muc_occupant *draft = copy_of("Romeo");
    OK(muc_occupant_remove_session(draft, ROMEO));
    GIVES(MUC_ERR_INVALID, muc_occupant_save(draft));
    muc_occupant_discard(draft);
    /* One of his clients is there under another nickname. */
    join("den", STREET, "Montague");
    draft = copy_of("Romeo");
    OK(muc_occupant_set_session(draft, STREET, NULL, 0));
    GIVES(MUC_ERR_CONFLICT, muc_occupant_save(draft));
    muc_occupant_discard(draft);
    /* All or nothing. */
    draft = copy_of("Romeo");
    OK(muc_occupant_set_session(draft, "romeo@example.org/wall", NULL, 1));
    OK(muc_occupant_set_draft_role(draft, MUC_ROLE_VISITOR));
    int id = muc_hook_add(world.service, MUC_ON_PRE_ROLE, NULL, 0, veto, NULL);
    forget();
    char *before = state();
    GIVES(MUC_ERR_REJECTED, muc_occupant_save(draft));
    ck_assert_str_eq(world.log, "");
    same_state(before);
    OK(muc_hook_remove(world.service, id));
    /* He has another nickname; he is gone; somebody else has it; there is no room. */
    CHANGED(muc_occupant_set_nick(occupant("den", "Romeo"), "R"));
    GIVES(MUC_ERR_NOT_FOUND, muc_occupant_save(draft));
    join("den", "paris@example.org/square", "Romeo");
    GIVES(MUC_ERR_NOT_FOUND, muc_occupant_save(draft));
    OK(muc_room_destroy(room("den"), NULL, NULL, NULL));
    GIVES(MUC_ERR_INVALID, muc_occupant_save(draft));
    muc_occupant_discard(draft);
}
END_TEST

static int send_away(muc_event *ev, void *ud)
{
    (void)ud;
    OK(muc_occupant_remove(ev->occupant, 307, NULL));
    return MUC_PASS;
}

START_TEST(handlers_may_send_him_away_meanwhile)
{
    muc_occupant *draft = copy_of("Romeo");
    OK(muc_occupant_set_session(draft, STREET, NULL, 0));
    OK(muc_occupant_set_session(draft, "romeo@example.org/wall", NULL, 0));
    OK(muc_occupant_remove_session(draft, ROMEO));
    OK(muc_occupant_set_draft_role(draft, MUC_ROLE_MODERATOR));
    ck_assert_int_gt(muc_hook_add(world.service, MUC_ON_BEFORE_SUBJECT, NULL, 0, send_away, NULL), 0);
    OK(muc_occupant_save(draft));
    ck_assert_ptr_null(occupant("den", "Romeo"));
    ck_assert_ptr_null(muc_session_by_jid(room("den"), STREET));
}
END_TEST

Suite *suite_occupant(void)
{
    Suite *suite = suite_create("occupant");
    TCase *tc = tcase_create("occupants");
    tcase_add_checked_fixture(tc, setup, host_stop);
    tcase_add_test(tc, each_keeps_its_own);
    tcase_add_test(tc, it_is_there_until_he_has_left);
    tcase_add_test(tc, it_goes_with_an_entry_that_is_undone);
    tcase_add_test(tc, it_ends_with_drafts_rooms_and_the_service);
    tcase_add_test(tc, a_copy_is_what_he_is);
    tcase_add_test(tc, what_was_changed_in_it_happens_to_him);
    tcase_add_test(tc, a_presence_of_his_is_another_one);
    tcase_add_test(tc, copies_that_cannot_be_saved);
    tcase_add_test(tc, handlers_may_send_him_away_meanwhile);
    suite_add_tcase(suite, tc);
    return suite;
}
