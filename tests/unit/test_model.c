/* test_model.c: rooms, affiliations, occupants, sessions, history, users, one by one. */
#include "service_fixture.h"
#include "suites.h"

#include <string.h>

static service_fixture fixture;
static muc_service *service;
static muc_room *room;

#define SPAN(text) ((muc_span){text, sizeof(text) - 1})

static void setup(void)
{
    service_fixture_setup(&fixture);
    service = &fixture.service;
    room = fixture_room(&fixture, "r@rooms.example.org");
}

static void teardown(void)
{
    const char *wrong = mu_check(service);
    ck_assert_msg(!wrong, "%s", wrong);
    service_fixture_teardown(&fixture);
}

/* ---- addresses -------------------------------------------------------------------------------------------------- */

START_TEST(addresses)
{
    static const struct {
        const char *jid;
        int result;
        const char *room, *nick;
    } rows[] = {
        {"R@Rooms.example.org/Nick/x", MUC_OK, "r@rooms.example.org", "Nick/x"},
        {"r@rooms.example.org.", MUC_OK, "r@rooms.example.org", ""},
        {"rooms.example.org", MUC_OK, "", ""},
        {"rooms.example.org/x", MUC_OK, "", "x"},
        {"r@example.org", MUC_NOT_MINE, NULL, NULL},
        {"a b@example.org", MUC_NOT_MINE, NULL, NULL},
        {"a b@rooms.example.org", MUC_ERR_BAD_JID, NULL, NULL},
        {"r@rooms.example.org/", MUC_ERR_BAD_JID, NULL, NULL},
        {"", MUC_NOT_MINE, NULL, NULL},
        {NULL, MUC_ERR_BAD_JID, NULL, NULL},
    };
    mu_buf buf;
    mu_address to;
    mu_buf_init(&buf, service->heap);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        mu_buf_reset(&buf);
        ck_assert_int_eq(mu_address_read(service, rows[i].jid, &buf, &to), rows[i].result);
        if (rows[i].result != MUC_OK)
            continue;
        ck_assert_uint_eq(to.room.n, strlen(rows[i].room));
        ck_assert(to.room.n == 0 || memcmp(to.room.p, rows[i].room, to.room.n) == 0);
        ck_assert_uint_eq(to.nick.n, strlen(rows[i].nick));
        ck_assert(to.nick.n == 0 || memcmp(to.nick.p, rows[i].nick, to.nick.n) == 0);
    }
    mu_buf_free(&buf);
}
END_TEST

START_TEST(an_address_stays_while_its_nickname_is_prepared)
{
    char jid[1100] = "r@rooms.example.org/";
    memset(jid + strlen(jid), 'N', 1000);
    mu_buf buf;
    mu_address to;
    size_t key_at;
    mu_buf_init(&buf, service->heap);
    ck_assert_int_eq(mu_address_read(service, jid, &buf, &to), MUC_OK);
    const char *before = buf.p;
    fixture.memory.left = 0;
    size_t at = buf.n;
    ck_assert_int_eq(mu_nick_prepare(service, to.nick, &buf, &key_at), MUC_OK);
    fixture.memory.left = -1;
    ck_assert_ptr_eq(buf.p, before);
    ck_assert_int_eq(buf.p[at], 'N');
    ck_assert_int_eq(buf.p[key_at], 'n');
    ck_assert_uint_eq(strlen(buf.p + key_at), 1000);
    mu_buf_free(&buf);
}
END_TEST

START_TEST(nicknames)
{
    mu_buf buf;
    size_t key_at;
    mu_buf_init(&buf, service->heap);
    ck_assert_int_eq(mu_nick_prepare(service, SPAN("Ann"), &buf, &key_at), MUC_OK);
    ck_assert_str_eq(buf.p, "Ann");
    ck_assert_str_eq(buf.p + key_at, "ann");
    size_t n = buf.n;
    ck_assert_int_eq(mu_nick_prepare(service, SPAN(""), &buf, &key_at), MUC_ERR_BAD_JID);
    service->settings.max_nick = 2;
    ck_assert_int_eq(mu_nick_prepare(service, SPAN("Ann"), &buf, &key_at), MUC_ERR_BAD_JID);
    ck_assert_uint_eq(buf.n, n);
    muc_span nick = mu_nick_span(room, "r@rooms.example.org/a/b");
    ck_assert(nick.n == 3 && memcmp(nick.p, "a/b", 3) == 0);
    ck_assert_uint_eq(mu_nick_span(room, "rr@rooms.example.org/a").n, 22);
    mu_buf_free(&buf);
}
END_TEST

START_TEST(real_jids_have_keys)
{
    mu_buf buf;
    size_t bare_n;
    mu_buf_init(&buf, service->heap);
    ck_assert_int_eq(mu_real_key(service, "Ann@Example.org/Home", false, &buf, &bare_n), MUC_OK);
    ck_assert_str_eq(buf.p, "ann@example.org/Home");
    ck_assert_uint_eq(bare_n, 15);
    mu_buf_reset(&buf);
    ck_assert_int_eq(mu_real_key(service, "Ann@Example.org/Home", true, &buf, &bare_n), MUC_OK);
    ck_assert_str_eq(buf.p, "ann@example.org");
    mu_buf_reset(&buf);
    ck_assert_int_eq(mu_real_key(service, "A b@example.org/x", true, &buf, &bare_n), MUC_OK);
    ck_assert_str_eq(buf.p, "A b@example.org");
    ck_assert_uint_eq(bare_n, 15);
    mu_buf_reset(&buf);
    ck_assert_int_eq(mu_user_key(service, "A b@example.org", true, &buf), MUC_ERR_BAD_JID);
    ck_assert_int_eq(mu_user_key(service, NULL, true, &buf), MUC_ERR_BAD_JID);
    ck_assert_uint_eq(buf.n, 0);
    mu_buf_free(&buf);
}
END_TEST

/* ---- rooms ------------------------------------------------------------------------------------------------------ */

START_TEST(rooms_are_found_and_walked)
{
    muc_room *second = fixture_room(&fixture, "s@rooms.example.org");
    muc_room *again;
    ck_assert_int_eq(mu_room_add(service, SPAN("s@rooms.example.org"), &again), MUC_ERR_EXISTS);
    ck_assert_ptr_eq(muc_room_find(service, "R@rooms.example.org/Nick"), room);
    ck_assert_ptr_null(muc_room_find(service, "x@rooms.example.org"));
    ck_assert_ptr_null(muc_room_find(service, "rooms.example.org"));
    ck_assert_ptr_null(muc_room_find(service, "r@example.org"));
    ck_assert_uint_eq(muc_room_count(service), 2);
    ck_assert_ptr_eq(muc_room_next(service, NULL), room);
    ck_assert_ptr_eq(muc_room_next(service, room), second);
    ck_assert_ptr_null(muc_room_next(service, second));
    muc_room *third = fixture_room(&fixture, "t@rooms.example.org");
    ck_assert_int_eq(mu_room_remove(room), MUC_OK);
    ck_assert_int_eq(mu_room_remove(second), MUC_OK);
    ck_assert_ptr_eq(muc_room_next(service, room), third);
    room = third;
    service_fixture_commit(&fixture);
    ck_assert_uint_eq(muc_room_count(service), 1);
    ck_assert_str_eq(muc_room_jid(third), "t@rooms.example.org");
}
END_TEST

START_TEST(public_unlocked_rooms_are_listed)
{
    int public = mu_option_index(service, muc_option_find(service, "public"));
    ck_assert_uint_eq(mu_tree_count(&service->listed), 1);
    ck_assert_int_eq(mu_room_set_locked(room, 5, false), MUC_OK);
    ck_assert_int_eq(muc_room_is_locked(room), 1);
    ck_assert_uint_eq(mu_tree_count(&service->listed), 0);
    ck_assert_int_eq(mu_room_store(room, public, &(mu_value){0, NULL}), MUC_CHANGED);
    ck_assert_int_eq(mu_room_set_locked(room, 0, false), MUC_OK);
    ck_assert_uint_eq(mu_tree_count(&service->listed), 0);
    ck_assert_int_eq(mu_room_store(room, public, &(mu_value){1, NULL}), MUC_CHANGED);
    ck_assert_uint_eq(mu_tree_count(&service->listed), 1);
}
END_TEST

START_TEST(subjects)
{
    const char *from;
    int64_t at;
    ck_assert_str_eq(muc_room_get_subject(room, &from, &at), "");
    ck_assert_str_eq(from, "r@rooms.example.org");
    ck_assert_int_eq(at, 0);
    mu_blob *body = mu_blob_new(service->heap, ">", 1);
    ck_assert_int_eq(mu_room_set_subject(room, body, "Tea", "r@rooms.example.org/ann", 7), MUC_OK);
    ck_assert_str_eq(muc_room_get_subject(room, &from, &at), "Tea");
    ck_assert_str_eq(from, "r@rooms.example.org/ann");
    ck_assert_int_eq(at, 7);
    ck_assert_int_eq(mu_room_set_subject(room, NULL, NULL, NULL, 0), MUC_OK);
    ck_assert_str_eq(muc_room_get_subject(room, NULL, NULL), "");
}
END_TEST

START_TEST(data_of_features_ends_with_the_room)
{
    static const muc_feature stranger = {.name = "stranger"};
    int ended = 0;
    ck_assert_ptr_null(muc_feature_data(room, &service_fixture_feature));
    ck_assert_int_eq(muc_feature_set_data(room, &stranger, &ended), MUC_ERR_NOT_FOUND);
    ck_assert_ptr_null(muc_feature_data(room, &stranger));
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, NULL), MUC_OK);
    fixture.memory.left = 0;
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, &ended), MUC_ERR_NOMEM);
    fixture.memory.left = -1;
    ck_assert_int_eq(muc_feature_set_data(room, &service_fixture_feature, &ended), MUC_OK);
    ck_assert_ptr_eq(muc_feature_data(room, &service_fixture_feature), &ended);
    ck_assert_int_eq(mu_room_remove(room), MUC_OK);
    mu_room_pin(room);
    service_fixture_commit(&fixture);
    ck_assert_int_eq(ended, 0);
    mu_room_unpin(room);
    mu_journal_bury(&service->journal);
    ck_assert_int_eq(ended, 1);
}
END_TEST

START_TEST(unknown_names_are_few)
{
    static const char *const names[] = {"a", "b", "c", "d"};
    for (size_t i = 0; i < 4; i++) {
        mu_unknown_add(service, (muc_span){names[i], 1});
        mu_unknown_add(service, (muc_span){names[i], 1});
    }
    ck_assert_uint_eq(service->unknown.count, 3);
    ck_assert(!mu_unknown_has(service, SPAN("a")));
    ck_assert(mu_unknown_has(service, SPAN("b")));
    mu_unknown_remove(service, SPAN("c"));
    mu_unknown_remove(service, SPAN("c"));
    ck_assert(!mu_unknown_has(service, SPAN("c")));
    ck_assert(mu_unknown_has(service, SPAN("d")));
    fixture.memory.left = 0;
    mu_unknown_add(service, SPAN("e"));
    fixture.memory.left = -1;
    ck_assert(!mu_unknown_has(service, SPAN("e")));
    mu_unknown_clear(service);
    ck_assert(!mu_unknown_has(service, SPAN("d")));
    service->settings.max_unknown_rooms = 0;
    mu_unknown_add(service, SPAN("a"));
    ck_assert(!mu_unknown_has(service, SPAN("a")));
}
END_TEST

/* ---- affiliations ----------------------------------------------------------------------------------------------- */

static void affiliate(const char *key, muc_affiliation affiliation)
{
    ck_assert_int_eq(mu_affiliation_store(room, (muc_span){key, strlen(key)}, affiliation, NULL), MUC_OK);
}

START_TEST(domains_stand_in_for_their_users)
{
    affiliate("example.net", MUC_AFFILIATION_OUTCAST);
    affiliate("ann@example.net", MUC_AFFILIATION_OWNER);
    ck_assert_int_eq(muc_affiliation_get(room, "Ann@example.net/x"), MUC_AFFILIATION_OWNER);
    ck_assert_int_eq(muc_affiliation_get(room, "bob@Example.net"), MUC_AFFILIATION_OUTCAST);
    ck_assert_int_eq(muc_affiliation_get(room, "bob@example.com"), MUC_AFFILIATION_NONE);
    ck_assert_int_eq(muc_affiliation_get(room, "a b@example.net"), MUC_AFFILIATION_NONE);
    muc_affiliation_entry entry;
    ck_assert_int_eq(muc_affiliation_find(room, "bob@example.net", &entry), 0);
    ck_assert_int_eq(muc_affiliation_find(room, "example.net", &entry), 1);
    ck_assert_str_eq(entry.jid, "example.net");
    ck_assert_uint_eq(room->owner_count, 1);
    affiliate("ann@example.net", MUC_AFFILIATION_NONE);
    ck_assert_int_eq(muc_affiliation_get(room, "ann@example.net"), MUC_AFFILIATION_OUTCAST);
    ck_assert_uint_eq(room->owner_count, 0);
    ck_assert_uint_eq(muc_affiliation_count(room), 1);
}
END_TEST

START_TEST(entries_seen_may_go_during_a_walk)
{
    affiliate("a@x", MUC_AFFILIATION_MEMBER);
    affiliate("b@x", MUC_AFFILIATION_ADMIN);
    affiliate("c@x", MUC_AFFILIATION_OWNER);
    size_t cursor = 0;
    muc_affiliation_entry entry;
    for (char name = 'a'; name <= 'c'; name++) {
        ck_assert_int_eq(muc_affiliation_next(room, &cursor, &entry), 1);
        ck_assert_int_eq(entry.jid[0], name);
        affiliate(entry.jid, MUC_AFFILIATION_NONE);
        service_fixture_commit(&fixture);
    }
    ck_assert_int_eq(muc_affiliation_next(room, &cursor, &entry), 0);
    ck_assert_int_eq(muc_affiliation_next(room, &cursor, &entry), 0);
    cursor = 0;
    ck_assert_int_eq(muc_affiliation_next(room, &cursor, &entry), 0);
}
END_TEST

START_TEST(a_nickname_is_reserved_once)
{
    affiliate("a@x", MUC_AFFILIATION_MEMBER);
    affiliate("b@x", MUC_AFFILIATION_MEMBER);
    mu_affiliation *a = mu_affiliation_find(room, "a@x", 3);
    mu_affiliation *b = mu_affiliation_find(room, "b@x", 3);
    ck_assert_int_eq(mu_affiliation_store_nick(room, a, "Tea", "tea"), MUC_OK);
    ck_assert_int_eq(mu_affiliation_store_nick(room, b, "TEA", "tea"), MUC_ERR_CONFLICT);
    ck_assert_str_eq(muc_affiliation_nick_owner(room, "teA"), "a@x");
    ck_assert_str_eq(muc_affiliation_nick_owner(room, "r@rooms.example.org/tea"), "a@x");
    ck_assert_int_eq(mu_affiliation_store_nick(room, a, "TEA", "tea"), MUC_OK);
    ck_assert_str_eq(mu_affiliation_nick(a), "TEA");
    affiliate("a@x", MUC_AFFILIATION_NONE);
    ck_assert_ptr_null(muc_affiliation_nick_owner(room, "tea"));
    ck_assert_int_eq(mu_affiliation_store_nick(room, b, "tea", "tea"), MUC_OK);
    ck_assert_int_eq(mu_affiliation_store_nick(room, b, NULL, NULL), MUC_OK);
    ck_assert_ptr_null(muc_affiliation_nick_owner(room, "tea"));
    ck_assert_ptr_null(muc_affiliation_nick_owner(room, NULL));
}
END_TEST

/* ---- occupants and sessions ------------------------------------------------------------------------------------- */

START_TEST(occupants_are_found)
{
    muc_occupant *ann = fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    muc_occupant *bob = fixture_occupant(room, "bob", "bob@example.net/x", MUC_ROLE_VISITOR);
    ck_assert_ptr_eq(muc_occupant_by_nick(room, "ANN"), ann);
    ck_assert_ptr_eq(muc_occupant_by_nick(room, "r@rooms.example.org/bob"), bob);
    ck_assert_ptr_null(muc_occupant_by_nick(room, "eve"));
    ck_assert_ptr_null(muc_occupant_by_nick(room, NULL));
    ck_assert_ptr_eq(muc_occupant_by_jid(room, "Ann@example.net/x"), ann);
    ck_assert_ptr_null(muc_occupant_by_jid(room, "ann@example.net/y"));
    ck_assert_uint_eq(muc_occupant_count(room), 2);
    ck_assert_ptr_eq(muc_occupant_next(room, NULL), ann);
    ck_assert_int_eq(mu_occupant_remove(ann), MUC_OK);
    ck_assert_ptr_eq(muc_occupant_next(room, ann), bob);
    ck_assert_ptr_null(muc_occupant_by_nick(room, "ann"));
    ck_assert_str_eq(muc_occupant_nick(ann), "ann");
    ck_assert_str_eq(muc_session_jid(muc_session_next(ann, NULL)), "ann@example.net/x");
    ck_assert_str_eq(muc_occupant_bare_jid(bob), "bob@example.net");
    ck_assert_int_eq(muc_room_shows_jids_to(room, "bob@example.net/x"), 0);
    ck_assert_int_eq(mu_room_store(room, service->whois, &(mu_value){1, NULL}), MUC_CHANGED);
    ck_assert_int_eq(muc_room_shows_jids_to(room, "bob@example.net/x"), 1);
    ck_assert_int_eq(muc_room_shows_jids_to(room, "ann@example.net/x"), 0);
    service_fixture_commit(&fixture);
}
END_TEST

START_TEST(the_primary_session_is_the_latest_of_the_highest_priority)
{
    muc_occupant *o = fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    muc_session *x = o->first;
    muc_session *y;
    muc_session *z;
    mu_peer *peer = mu_peer_get(service, "ann@example.net/y");
    ck_assert_int_eq(mu_session_add(o, peer, mu_blob_new(service->heap, ">z", 2), 0, &y), MUC_OK);
    ck_assert_int_eq(mu_session_add(o, peer, NULL, 0, &z), MUC_ERR_CONFLICT);
    mu_peer_unref(service->heap, peer);
    ck_assert_int_eq(mu_occupant_choose(o), MUC_CHANGED);
    ck_assert_ptr_eq(muc_occupant_primary(o), y);
    muc_span children = muc_session_presence(y);
    ck_assert(children.n == 1 && children.p[0] == 'z');
    ck_assert_int_eq(mu_session_set_presence(x, NULL, 5), MUC_OK);
    ck_assert_int_eq(mu_occupant_choose(o), MUC_CHANGED);
    ck_assert_ptr_eq(muc_occupant_primary(o), x);
    ck_assert_int_eq(muc_session_priority(x), 5);
    ck_assert_uint_eq(muc_session_presence(x).n, 0);
    ck_assert_int_eq(mu_session_remove(x), MUC_OK);
    ck_assert_ptr_null(o->primary);
    ck_assert_int_eq(mu_occupant_choose(o), MUC_CHANGED);
    ck_assert_int_eq(mu_occupant_choose(o), MUC_OK);
    ck_assert_ptr_eq(muc_occupant_primary(o), y);
    mu_journal_undo(&service->journal, 0);
    room = NULL;
}
END_TEST

/* A draft's peer may not be in the map any more, or another object may be there, when the draft is saved. */
START_TEST(drafts_share_the_peer_that_is_there)
{
    mu_peer *early = mu_peer_get(service, "ann@example.net/x");
    early->host = &fixture;
    muc_occupant *draft = mu_occupant_make(room, "Ann", "ann", "ann@example.net", "ann@example.net");
    ck_assert_int_eq(mu_session_add(draft, early, NULL, 0, NULL), MUC_OK);
    ck_assert_ptr_eq(draft->primary, draft->first);
    ck_assert_uint_eq(service->peers.count, 0);
    muc_room *other = fixture_room(&fixture, "s@rooms.example.org");
    muc_occupant *there = fixture_occupant(other, "ann", "ann@example.net/x", MUC_ROLE_VISITOR);
    ck_assert_ptr_ne(there->first->peer, early);
    ck_assert_ptr_eq(mu_session_find(service, other, early), there->first);
    size_t mark = service->journal.n;
    draft->kept = true;
    ck_assert_int_eq(mu_occupant_add(draft), MUC_OK);
    ck_assert_ptr_eq(draft->first->peer, there->first->peer);
    ck_assert_ptr_eq(draft->first->peer->host, &fixture);
    ck_assert_ptr_eq(draft->first->peer_next, there->first);
    mu_journal_undo(&service->journal, mark);
    ck_assert(draft->draft && !draft->present);
    ck_assert_ptr_eq(draft->first->peer, early);
    draft->kept = false;
    ck_assert_int_eq(mu_occupant_add(draft), MUC_OK);
    mu_journal_undo(&service->journal, mark); /* frees it */
    mu_peer_unref(service->heap, early);
}
END_TEST

START_TEST(a_draft_that_does_not_fit_stays_a_draft)
{
    fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    muc_occupant *draft = mu_occupant_make(room, "Eve", "eve", "ann@example.net", "ann@example.net");
    mu_peer *y = mu_peer_get(service, "ann@example.net/y");
    mu_peer *x = mu_peer_get(service, "ann@example.net/x");
    ck_assert_int_eq(mu_session_add(draft, y, NULL, 0, NULL), MUC_OK);
    ck_assert_int_eq(mu_session_add(draft, x, NULL, 0, NULL), MUC_OK);
    ck_assert_int_eq(mu_occupant_add(draft), MUC_ERR_CONFLICT);
    ck_assert(draft->draft && !draft->present && !draft->kept);
    ck_assert_int_eq(mu_session_remove(mu_occupant_last(draft)), MUC_OK);
    ck_assert_int_eq(mu_session_set_presence(draft->first, mu_blob_new(service->heap, ">", 1), 3), MUC_OK);
    ck_assert_int_eq(mu_occupant_set_rank(draft, MUC_ROLE_VISITOR, MUC_AFFILIATION_NONE), MUC_OK);
    ck_assert_int_eq(mu_occupant_add(draft), MUC_OK);
    ck_assert_uint_eq(muc_occupant_count(room), 2);
    mu_peer_unref(service->heap, x);
    mu_peer_unref(service->heap, y);
}
END_TEST

START_TEST(renaming)
{
    muc_occupant *o = fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    fixture_occupant(room, "bob", "bob@example.net/x", MUC_ROLE_VISITOR);
    ck_assert_int_eq(mu_occupant_rename(o, "Bob", "bob"), MUC_ERR_CONFLICT);
    ck_assert_int_eq(mu_occupant_rename(o, "ANN", "ann"), MUC_OK);
    ck_assert_str_eq(muc_occupant_nick(o), "ANN");
    size_t from = service->journal.n;
    ck_assert_int_eq(mu_occupant_rename(o, "Eve", "eve"), MUC_OK);
    ck_assert_ptr_eq(muc_occupant_by_nick(room, "eve"), o);
    bool former = false;
    for (size_t i = from; i < service->journal.n; i++) {
        const mu_entry *e = &service->journal.entries[i];
        former = former ||
                 (e->op == MU_OP_NOTE && (e->u.note.flags & MU_NOTE_FORMER) && strcmp(e->u.note.subject, "ANN") == 0);
    }
    ck_assert(former);
}
END_TEST

START_TEST(everyone)
{
    bool empty;
    ck_assert_ptr_null(mu_room_everyone(room, &empty));
    ck_assert(empty);
    fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    mu_audience *one = mu_room_everyone(room, &empty);
    ck_assert(!empty && one->n == 1);
    fixture_occupant(room, "bob", "bob@example.net/x", MUC_ROLE_MODERATOR);
    mu_audience *two = mu_room_everyone(room, &empty);
    /* Whoever comes is added behind those that somebody meant before. */
    ck_assert_ptr_eq(one, two);
    ck_assert_uint_eq(two->n, 2);
    ck_assert(memcmp(two->to[1].p, " to='bob@example.net/x'", two->to[1].n) == 0);
    /* Whoever goes is not taken from under somebody. */
    ck_assert_int_eq(mu_occupant_remove(room->live->first_occupant), MUC_OK);
    ck_assert_uint_eq(two->n, 2);
    mu_audience *three = mu_room_everyone(room, &empty);
    ck_assert_uint_eq(three->n, 1);
    ck_assert_ptr_eq(three->to[0].p, two->to[1].p);
    mu_audience_unref(one);
    mu_audience_unref(two);
    mu_audience_unref(three);
}
END_TEST

static bool is_below(const mu_peer *peer, size_t max)
{
    bool below = false;
    ck_assert_int_eq(mu_room_user_is_below(room, peer, max, &below), MUC_OK);
    return below;
}

/* In a large room users are counted, not looked for. */
START_TEST(sessions_of_a_user)
{
    char nick[16], jid[48];
    for (int i = 0; i < 300; i++) {
        snprintf(nick, sizeof nick, "n%d", i);
        snprintf(jid, sizeof jid, "u%d@example.net/%d", i % 250, i / 250);
        muc_occupant *o = fixture_occupant(room, nick, jid, MUC_ROLE_PARTICIPANT);
        ck_assert(is_below(o->first->peer, 3));
        ck_assert_int_eq(is_below(o->first->peer, 2), i < 250);
        ck_assert(!is_below(o->first->peer, 1));
    }
    ck_assert_ptr_nonnull(room->live->users);
    muc_occupant *last = room->live->last_occupant, *other = room->live->first_occupant;
    mu_peer *peer = mu_peer_ref(last->first->peer);
    size_t mark = service->journal.n;
    ck_assert_int_eq(mu_occupant_remove(last), MUC_OK);
    ck_assert(is_below(peer, 2));
    mu_journal_undo(&service->journal, mark);
    ck_assert(!is_below(peer, 2));
    ck_assert_int_eq(mu_occupant_remove(last), MUC_OK);
    ck_assert(is_below(peer, 2) && !is_below(other->first->peer, 2));
    mu_peer_unref(service->heap, peer);
}
END_TEST

/* ---- users ------------------------------------------------------------------------------------------------------ */

static int count_sessions(muc_session *session, void *ud)
{
    (void)muc_occupant_by_jid(muc_occupant_room(muc_session_occupant(session)), "looks@example.net/up");
    return ++*(int *)ud == 3 ? 33 : 0;
}

START_TEST(sessions_of_a_user_are_visited)
{
    muc_room *other = fixture_room(&fixture, "s@rooms.example.org");
    fixture_occupant(room, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    fixture_occupant(room, "eve", "ann@example.net/y", MUC_ROLE_MODERATOR);
    fixture_occupant(room, "bob", "bob@example.net/x", MUC_ROLE_MODERATOR);
    fixture_occupant(other, "ann", "ann@example.net/x", MUC_ROLE_MODERATOR);
    int n = 0;
    ck_assert_int_eq(muc_peer_sessions(service, "Ann@example.net/x", count_sessions, &n), 0);
    ck_assert_int_eq(n, 2);
    n = 0;
    ck_assert_int_eq(muc_peer_sessions(service, "ann@example.net", count_sessions, &n), 33);
    ck_assert_int_eq(muc_peer_sessions(service, "ann@example.net/z", count_sessions, &n), 0);
    ck_assert_int_eq(muc_peer_sessions(service, "example.net", count_sessions, &n), 0);
    ck_assert_int_eq(n, 3);
    ck_assert_int_eq(muc_peer_set_userdata(service, "ann@example.net/z", &n), MUC_ERR_NOT_FOUND);
    ck_assert_int_eq(muc_peer_set_userdata(service, "ann@example.net/x", &n), MUC_OK);
    ck_assert_ptr_eq(mu_peer_find(service, "ann@example.net/x")->host, &n);
}
END_TEST

START_TEST(peers_are_escaped_and_prepared)
{
    mu_peer *p = mu_peer_get(service, "Ann@example.net/it's <me>");
    ck_assert_str_eq(mu_peer_jid(p), "Ann@example.net/it's <me>");
    ck_assert_uint_eq(p->jid_n, 25);
    ck_assert_str_eq(p->key.p, "ann@example.net/it's <me>");
    ck_assert_uint_eq(p->bare_n, 15);
    static const char attr[] = " to='Ann@example.net/it&apos;s &lt;me&gt;'";
    ck_assert_uint_eq(p->attr_n, sizeof attr - 1);
    ck_assert_mem_eq(p->p, attr, p->attr_n);
    mu_peer_unref(service->heap, p);
}
END_TEST

static int is_admin(const char *bare_jid, void *ud)
{
    service_fixture *f = ud;
    (void)muc_affiliation_get(f->service.first_room, "somebody@example.net");
    return strcmp(bare_jid, "root@example.org") == 0;
}

static int random_bytes(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return n > 4 ? -1 : 0;
}

START_TEST(the_host_is_asked)
{
    ck_assert_int_eq(muc_service_is_admin(service, "root@example.org"), 0);
    service->callbacks.is_admin = is_admin;
    service->callbacks.random = random_bytes;
    ck_assert_int_eq(muc_service_is_admin(service, "Root@example.org/x"), 1);
    ck_assert_int_eq(muc_service_is_admin(service, "toor@example.org"), 0);
    ck_assert_int_eq(muc_service_is_admin(service, "r t@example.org"), 0);
    ck_assert_int_eq(muc_service_is_admin(service, NULL), 0);
    uint8_t bytes[8];
    ck_assert_int_eq(muc_service_random(service, bytes, 4), MUC_OK);
    ck_assert_int_eq(muc_service_random(service, bytes, 8), MUC_ERR_HOST);
    fixture.clock = 5;
    ck_assert_int_eq(mu_now(service), 5);
    fixture.clock = 6;
    ck_assert_int_eq(mu_now(service), 5);
    ck_assert_int_eq(fixture.asked, 1);
}
END_TEST

/* ---- history ---------------------------------------------------------------------------------------------------- */

/* A message of 25 and more bytes. */
static int say(size_t more, size_t max_count)
{
    char tail[8192];
    memset(tail, 'x', sizeof tail);
    mu_blob *body = mu_blob_new(service->heap, ">", 1);
    mu_packet *p = mu_packet_new(service->heap, SPAN("<message"), body, (muc_span){tail, 16 + more});
    int r = mu_history_append(room, p, 5, false, max_count);
    mu_packet_unref(service->heap, p);
    mu_blob_unref(service->heap, body);
    return r;
}

START_TEST(history_is_bounded)
{
    muc_span xml[3];
    int64_t at;
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(say(i, 3), MUC_OK);
    ck_assert_uint_eq(muc_history_count(room), 3);
    ck_assert_uint_eq(room->live->message_bytes, 27 + 28 + 29);
    ck_assert_int_eq(muc_history_get(room, 0, xml, &at), 1);
    ck_assert_uint_eq(xml[0].n + xml[1].n + xml[2].n, 27);
    ck_assert_int_eq(at, 5);
    ck_assert_int_eq(muc_history_get(room, 3, xml, NULL), 0);
    ck_assert_int_eq(say(5000, 3), MUC_OK); /* over max_history_bytes: not kept */
    ck_assert_uint_eq(muc_history_count(room), 3);
    ck_assert_int_eq(say(4096 - 25, 3), MUC_OK); /* fills it */
    ck_assert_uint_eq(muc_history_count(room), 1);
    ck_assert_int_eq(say(0, 0), MUC_OK);
    ck_assert_uint_eq(muc_history_count(room), 0);
    service->settings.max_history = 2;
    for (size_t i = 0; i < 5; i++)
        ck_assert_int_eq(say(i, 50), MUC_OK);
    ck_assert_uint_eq(muc_history_count(room), 2);
    ck_assert_int_eq(mu_history_trim(room, 1), MUC_OK);
    ck_assert_int_eq(muc_history_get(room, 0, xml, NULL), 1);
    ck_assert_uint_eq(xml[2].n, 20);
}
END_TEST

Suite *suite_model(void)
{
    Suite *suite = suite_create("model");
    TCase *tests = fixture_tests(suite, "addresses", setup, teardown);
    tcase_add_test(tests, addresses);
    tcase_add_test(tests, an_address_stays_while_its_nickname_is_prepared);
    tcase_add_test(tests, nicknames);
    tcase_add_test(tests, real_jids_have_keys);
    tests = fixture_tests(suite, "rooms", setup, teardown);
    tcase_add_test(tests, rooms_are_found_and_walked);
    tcase_add_test(tests, public_unlocked_rooms_are_listed);
    tcase_add_test(tests, subjects);
    tcase_add_test(tests, data_of_features_ends_with_the_room);
    tcase_add_test(tests, unknown_names_are_few);
    tcase_add_test(tests, history_is_bounded);
    tests = fixture_tests(suite, "affiliations", setup, teardown);
    tcase_add_test(tests, domains_stand_in_for_their_users);
    tcase_add_test(tests, entries_seen_may_go_during_a_walk);
    tcase_add_test(tests, a_nickname_is_reserved_once);
    tests = fixture_tests(suite, "occupants", setup, teardown);
    tcase_add_test(tests, occupants_are_found);
    tcase_add_test(tests, the_primary_session_is_the_latest_of_the_highest_priority);
    tcase_add_test(tests, drafts_share_the_peer_that_is_there);
    tcase_add_test(tests, a_draft_that_does_not_fit_stays_a_draft);
    tcase_add_test(tests, renaming);
    tcase_add_test(tests, everyone);
    tcase_add_test(tests, sessions_of_a_user);
    tests = fixture_tests(suite, "users", setup, teardown);
    tcase_add_test(tests, sessions_of_a_user_are_visited);
    tcase_add_test(tests, peers_are_escaped_and_prepared);
    tcase_add_test(tests, the_host_is_asked);
    return suite;
}
