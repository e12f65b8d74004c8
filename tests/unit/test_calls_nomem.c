/* test_calls_nomem.c: every allocation of every call fails once: nothing has changed, and the same call then succeeds.
 */
#include "host.h"
#include "suites.h"

#include <libxml/parser.h>
#include <string.h>

static xmlDoc *doc;
static muc_occupant *draft;

static const xmlNode *tree(const char *xml)
{
    xmlFreeDoc(doc);
    doc = xmlReadMemory(xml, (int)strlen(xml), NULL, NULL, 0);
    return xmlDocGetRootElement(doc);
}

static int swallow(const char *bytes, size_t n, void *ud)
{
    (void)bytes;
    *(size_t *)ud += n;
    return 0;
}

static int no_room(muc_room *of, void *ud)
{
    (void)of;
    (void)ud;
    return 0;
}

/* ---- the calls --------------------------------------------------------------------------------------------------- */

static int create(void)
{
    static const muc_option_value config[] = {{"name", "New"}, {"public", "0"}, {"allow_pm", "moderators"}};
    return muc_room_create(world.service, "new@" SERVICE, config, 3, NULL);
}
static int rooms_of(void)
{
    return muc_peer_rooms(world.service, "juliet@example.org", no_room, NULL);
}
static int configure(void)
{
    static const muc_option_value defaults[] = {{"name", "New"}, {"public", "0"}, {"description", "Fair"}};
    muc_settings next = *muc_service_settings(world.service);
    next.max_history = 1;
    next.room_defaults = defaults;
    next.room_default_count = 3;
    return muc_service_configure(world.service, &next);
}
static int create_as(void)
{
    const muc_affiliation_entry people[] = {
        {.jid = "juliet@example.org", .affiliation = MUC_AFFILIATION_OWNER, .nick = "Juliet"}};
    muc_room_plan plan = {.affiliations = people, .affiliation_count = 1};
    return muc_room_create_as(world.service, &plan, NULL);
}
static int act(void)
{
    return muc_act_say(world.service, JULIET, DEN, "Romeo", "hello", NULL);
}
static int forget_user(void)
{
    return muc_user_forget(world.service, "juliet@example.org", "heir@example.org", "gone");
}
static int load(void)
{
    muc_room *out;
    return muc_room_load(world.service, "Den@" SERVICE, &out);
}
static int destroy(void)
{
    return muc_room_destroy(room("den"), "hut@" SERVICE, "closed", "secret");
}
static int forget_room(void)
{
    return muc_room_forget(room("den"));
}
static int unlock(void)
{
    return muc_room_unlock(room("den"));
}
static int name(void)
{
    return muc_room_set_name(room("den"), "Den");
}
static int members_only(void)
{
    return muc_room_set_members_only(room("den"), 1);
}
static int several(void)
{
    static const muc_option_value config[] = {
        {"name", "New"}, {"whois", "anyone"}, {"presence_broadcast", "moderator"}};
    return muc_room_set(room("den"), config, 3);
}
static int temporary(void)
{
    return muc_room_set_persistent(room("empty"), 0);
}
static int subject(void)
{
    return muc_room_set_subject(room("den"), DEN "/Juliet", "Balconies");
}
static int say(void)
{
    return muc_room_broadcast(room("den"), message("Hear!"), MUC_EVERYONE);
}
static int route(void)
{
    return muc_room_route(room("den"), message("psst"), ROMEO);
}
static int route_to(void)
{
    return muc_occupant_route(occupant("den", "Romeo"), message("psst"));
}
static int service_route(void)
{
    return muc_service_route(world.service, message("psst"), ROMEO);
}
static int pick(muc_occupant *o, void *ud)
{
    (void)o;
    (void)ud;
    return 1;
}
static int say_as(void)
{
    muc_broadcast how = {.nick = "Ghost", .filter = pick};
    return muc_room_broadcast_as(room("den"), message("Hu"), &how);
}
static int route_as(void)
{
    return muc_room_route_as(room("den"), message("psst"), "Ghost", ROMEO);
}
static void badge(muc_xml *x, void *ud)
{
    (void)ud;
    muc_xml_leaf(x, "badge", "gold");
}
static int announce(void)
{
    muc_announcement how = {.unavailable = 1, .actor = JULIET, .reason = "why", .extra = badge};
    return muc_occupant_announce(occupant("den", "Romeo"), &how);
}
static int show(void)
{
    return muc_occupant_show(occupant("den", "Romeo"), muc_session_by_jid(room("den"), JULIET), NULL);
}
static int show_all(void)
{
    return muc_session_show_all(muc_session_by_jid(room("den"), JULIET), pick, NULL);
}
static int show_absent(void)
{
    return muc_session_show_absent(muc_session_by_jid(room("den"), ROMEO), "nurse@example.org");
}
static int send_history(void)
{
    return muc_session_send_history(muc_session_by_jid(room("den"), JULIET), NULL);
}
static int send_subject(void)
{
    return muc_session_send_subject(muc_session_by_jid(room("den"), JULIET));
}
static int default_role(void)
{
    muc_role role_out;
    return muc_room_default_role(room("den"), "x@example.org", MUC_AFFILIATION_NONE, &role_out);
}
static int may_set_role(void)
{
    return muc_occupant_may_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_NONE);
}
static int may_enter(void)
{
    return muc_room_may_enter(room("den"), "x@example.org/x", "Ghost", NULL, NULL);
}
static int clear_room(void)
{
    return muc_room_clear(room("den"), 332, "closed");
}
static int add_history(void)
{
    return muc_history_add(room("den"),
                           tree("<message from='" DEN "/Ghost' type='groupchat'><body>Hu</body></message>"), 1000);
}
static int clear_history(void)
{
    return muc_history_clear(room("den"));
}
static int trim_history(void)
{
    return muc_history_trim(room("den"), 0);
}
static int affiliation(void)
{
    return muc_affiliation_set(room("den"), NULL, "romeo@example.org", MUC_AFFILIATION_ADMIN, "why not");
}
static int ban(void)
{
    return muc_affiliation_set(room("den"), JULIET, "romeo@example.org", MUC_AFFILIATION_OUTCAST, "rude");
}
static int reserve(void)
{
    return muc_affiliation_set_nick(room("den"), "juliet@example.org", "Capulet");
}
static int remove_session(void)
{
    return muc_session_remove(muc_session_by_jid(room("den"), "romeo@example.org/second"), 307, "enough");
}
static int make_primary(void)
{
    return muc_session_make_primary(muc_session_by_jid(room("den"), ROMEO));
}
static int subjects(void)
{
    static const muc_subject both[] = {{NULL, "Tea"}, {"de", "Tee"}};
    return muc_room_set_subjects(room("den"), NULL, both, 2);
}
static int next_archived(muc_history_entry *out, void *ud)
{
    int *left = ud;
    static const char xml[] = "<message from='" DEN "' type='groupchat'><body>no</body></message>";
    *out = (muc_history_entry){.xml = {xml, sizeof xml - 1}};
    return (*left)-- > 0;
}
static int send_archived(void)
{
    int left = 5;
    muc_history_event wanted = {.max_stanzas = 3, .max_chars = 1000, .since = -1, .next = next_archived, .ud = &left};
    return muc_session_send_history(muc_session_by_jid(room("den"), ROMEO), &wanted);
}
static int keep_data(void)
{
    return muc_affiliation_set_data(room("den"), "juliet@example.org", "hat", "feather");
}
static int role(void)
{
    return muc_occupant_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_VISITOR, "shh");
}
static int kick(void)
{
    return muc_occupant_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_NONE, NULL);
}
static int remove_occupant(void)
{
    return muc_occupant_remove(occupant("den", "Romeo"), 333, "lost");
}
static int new_draft(void)
{
    muc_occupant *other;
    int r = muc_occupant_new(room("den"), "other@example.org", "Other", &other);
    if (r == MUC_OK)
        muc_occupant_discard(other);
    return r;
}
static int draft_session(void)
{
    return muc_occupant_set_session(draft, "bot@example.org/b", tree("<presence><show>dnd</show></presence>"), 1);
}
static int draft_presence(void)
{
    return muc_occupant_set_session(draft, "bot@example.org/a", tree("<presence><show>dnd</show></presence>"), 1);
}
static int draft_remove(void)
{
    return muc_occupant_remove_session(draft, "bot@example.org/a");
}
static int save_draft(void)
{
    return muc_occupant_save(draft);
}
static int new_copy(void)
{
    muc_occupant *copy;
    int r = muc_occupant_copy(occupant("den", "Romeo"), &copy);
    if (r == MUC_OK)
        muc_occupant_discard(copy);
    return r;
}
static int save_copy(void)
{
    muc_occupant *copy;
    int r = muc_occupant_copy(occupant("den", "Romeo"), &copy);
    if (r == MUC_OK)
        r = muc_occupant_set_session(copy, "romeo@example.org/third", tree("<presence><show>dnd</show></presence>"), 1);
    else
        return r;
    if (r == MUC_OK)
        r = muc_occupant_remove_session(copy, ROMEO);
    if (r == MUC_OK)
        r = muc_occupant_set_draft_role(copy, MUC_ROLE_VISITOR);
    if (r == MUC_OK)
        r = muc_occupant_save(copy);
    if (r != MUC_OK)
        muc_occupant_discard(copy);
    return r;
}
static int keep_for_one(void)
{
    return muc_occupant_set_userdata(occupant("den", "Romeo"), &draft);
}
static int may_read(void)
{
    return muc_room_may_read(room("den"), "x@example.org/x", NULL);
}
static int submit(void)
{
    return muc_config_submit(room("den"), JULIET,
                             tree("<x xmlns='jabber:x:data' type='submit'><field var='muc#roomconfig_roomname'>"
                                  "<value>D</value></field><field var='muc#roomconfig_whois'><value>anyone</value>"
                                  "</field></x>"),
                             NULL);
}
static int gone(void)
{
    return muc_peer_gone(world.service, ROMEO, "lost");
}
static int unreachable(void)
{
    return muc_domain_unreachable(world.service, "example.org");
}
static int shut(void)
{
    return muc_service_shutdown(world.service);
}
static int write_room(void)
{
    size_t n = 0;
    return muc_room_save(room("den"), MUC_PART_ALL, swallow, &n);
}
static int restore(void)
{
    static const char saved[] = "<room xmlns='urn:libmuc:room:1' jid='old@" SERVICE "'/>";
    int r = muc_room_restore(world.service, saved, strlen(saved), NULL);
    /* What the form is exactly is not this test's business. */
    return r == MUC_ERR_MALFORMED ? MUC_OK : r;
}
static int list(void)
{
    muc_room_list *page;
    static const muc_room_list_query query = {.max = 10};
    int r = muc_room_list_new(world.service, &query, &page);
    if (r == MUC_OK)
        muc_room_list_free(page);
    return r;
}
static int nothing(muc_event *ev, void *ud)
{
    (void)ev;
    (void)ud;
    return MUC_PASS;
}
static int hook(void)
{
    int id = muc_hook_add(world.service, MUC_ON_IQ, "key", 0, nothing, NULL);
    return id < 0 ? id : muc_hook_remove(world.service, id);
}
static int ask_juliet(void)
{
    return give("<iq type='get' id='q' from='" ROMEO "' to='" DEN "/Juliet'><query xmlns='jabber:iq:version'/></iq>");
}
static int answered(const muc_answer *answer, void *ud)
{
    (void)answer;
    (void)ud;
    return MUC_OK;
}
static int room_query(void)
{
    muc_xml *x = muc_xml_new(world.service, "iq");
    muc_xml_attr(x, "type", "get");
    muc_xml_leaf(x, "query", NULL);
    return muc_room_query(room("den"), x, JULIET, 0, answered, NULL);
}
static int silence(void)
{
    muc_settings settings = *muc_service_settings(world.service);
    settings.idle_ping = 60;
    return muc_service_configure(world.service, &settings);
}
static int dispatch_tree(void)
{
    return muc_dispatch(world.service, tree("<presence from='" ROMEO "' to='" DEN "/Montague'/>"), &draft);
}

static const struct {
    const char *name;
    int (*make)(void);
} calls[] = {
    {"create", create},
    {"load", load},
    {"destroy", destroy},
    {"forget", forget_room},
    {"unlock", unlock},
    {"name", name},
    {"members_only", members_only},
    {"several", several},
    {"temporary", temporary},
    {"subject", subject},
    {"say", say},
    {"route", route},
    {"route_to", route_to},
    {"service_route", service_route},
    {"say_as", say_as},
    {"route_as", route_as},
    {"announce", announce},
    {"show", show},
    {"show_all", show_all},
    {"show_absent", show_absent},
    {"send_history", send_history},
    {"send_subject", send_subject},
    {"default_role", default_role},
    {"may_set_role", may_set_role},
    {"may_enter", may_enter},
    {"clear_room", clear_room},
    {"add_history", add_history},
    {"clear_history", clear_history},
    {"trim_history", trim_history},
    {"affiliation", affiliation},
    {"ban", ban},
    {"reserve", reserve},
    {"keep_data", keep_data},
    {"remove_session", remove_session},
    {"make_primary", make_primary},
    {"subjects", subjects},
    {"send_archived", send_archived},
    {"role", role},
    {"kick", kick},
    {"forget_user", forget_user},
    {"create_as", create_as},
    {"act", act},
    {"configure", configure},
    {"rooms_of", rooms_of},
    {"remove", remove_occupant},
    {"new_draft", new_draft},
    {"draft_session", draft_session},
    {"draft_presence", draft_presence},
    {"draft_remove", draft_remove},
    {"save_draft", save_draft},
    {"new_copy", new_copy},
    {"save_copy", save_copy},
    {"keep_for_one", keep_for_one},
    {"may_read", may_read},
    {"submit", submit},
    {"gone", gone},
    {"unreachable", unreachable},
    {"shutdown", shut},
    {"write_room", write_room},
    {"restore", restore},
    {"list", list},
    {"hook", hook},
    {"ask_juliet", ask_juliet},
    {"room_query", room_query},
    {"silence", silence},
    {"dispatch_tree", dispatch_tree},
};

/* ---- failing ----------------------------------------------------------------------------------------------------- */

static void setup(void)
{
    host_setup();
    for (int point = 0; point < MUC_POINT_COUNT; point++)
        ck_assert_int_gt(muc_hook_add(world.service, (muc_point)point, NULL, 0, nothing, NULL), 0);
    static const muc_option_value stays = {"persistent", "1"};
    OK(muc_room_create(world.service, "empty@" SERVICE, &stays, 1, NULL));
    CHANGED(muc_room_set_persistent(room("den"), 1));
    CHANGED(muc_affiliation_set(room("den"), NULL, "nurse@example.org", MUC_AFFILIATION_MEMBER, NULL));
    CHANGED(muc_affiliation_set_nick(room("den"), "nurse@example.org", "Nurse"));
    talk("den", ROMEO, "history");
    join("den", "romeo@example.org/second", "Romeo");
    /* From here on it is known who belongs to whom. */
    OK(muc_peer_rooms(world.service, "romeo@example.org", no_room, NULL));
    OK(muc_occupant_new(room("den"), "bot@example.org", "Bot", &draft));
    OK(muc_occupant_set_session(draft, "bot@example.org/a", NULL, 1));
    forget();
}

/* A draft is there in every case: the room has it, or it can be discarded. */
static void teardown(void)
{
    if (!room("den") || !occupant("den", "Bot"))
        muc_occupant_discard(draft);
    xmlFreeDoc(doc);
    doc = NULL;
    host_stop();
}

START_TEST(every_allocation_fails_once)
{
    long k = 0;
    int r = MUC_ERR_NOMEM;
    for (; r == MUC_ERR_NOMEM; k++) {
        ck_assert_int_lt(k, 5000);
        char *before = state();
        world.memory.left = k;
        r = calls[_i].make();
        world.memory.left = -1;
        if (r != MUC_ERR_NOMEM) {
            free(before);
            break;
        }
        same_state(before);
        unsaid("send");
    }
    ck_assert_msg(r >= 0 && r != MUC_INCOMPLETE, "%s: %d after %ld allocations", calls[_i].name, r, k);
    free(state());
}
END_TEST

/* Making the service itself. */
START_TEST(every_allocation_of_a_new_service)
{
    failing memory = {.left = 0};
    muc_mem mem = failing_mem(&memory);
    int r = MUC_ERR_NOMEM;
    for (long k = 0; r == MUC_ERR_NOMEM; k++) {
        ck_assert_int_lt(k, 5000);
        muc_service *s = (muc_service *)(uintptr_t)1;
        memory.left = k;
        r = muc_service_new(&s, &world.settings, &world.callbacks, &mem, NULL);
        ck_assert_int_eq(s != NULL, r == MUC_OK);
        muc_service_free(s);
        ck_assert_int_eq(memory.live, 0);
    }
    OK(r);
}
END_TEST

Suite *suite_calls_nomem(void)
{
    Suite *suite = suite_create("calls_nomem");
    TCase *tc = tcase_create("calls without memory");
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, every_allocation_fails_once, 0, sizeof calls / sizeof *calls);
    tcase_add_test(tc, every_allocation_of_a_new_service);
    suite_add_tcase(suite, tc);
    return suite;
}
