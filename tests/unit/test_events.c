/* test_events.c: what each kind of event says of what happens. */
#include "host.h"
#include "suites.h"

#include <stdio.h>
#include <string.h>

#define NURSE "nurse@example.org/house"

static const char *or_none(const char *text)
{
    return text ? text : "-";
}

/* ---- a line for each event --------------------------------------------------------------------------------------- */

static int on_create(muc_event *ev, char *line)
{
    const muc_create_event *e = ev->as.create;
    return sprintf(line, "jid=%s locked=%d room=%d", e->jid, e->locked, ev->room != NULL);
}
static int on_destroy(muc_event *ev, char *line)
{
    const muc_destroy_event *e = ev->as.destroy;
    return sprintf(line, "%s %s %s room=%s", or_none(e->alternate), or_none(e->reason), or_none(e->password),
                   muc_room_jid(ev->room));
}
static int on_join(muc_event *ev, char *line)
{
    const muc_join_event *e = ev->as.join;
    return sprintf(line, "%s nick=%s former=%s password=%s %s %s first=%d new=%d resync=%d occupant=%s", e->jid,
                   e->nick, or_none(e->former_nick), or_none(e->password), muc_affiliation_name(e->affiliation),
                   muc_role_name(e->role), e->first_session, e->new_room, e->resync,
                   ev->occupant ? muc_occupant_nick(ev->occupant) : "-");
}
static int on_leave(muc_event *ev, char *line)
{
    const muc_leave_event *e = ev->as.leave;
    return sprintf(line, "%s nick=%s last=%d forced=%d occupant=%s", or_none(e->jid), e->nick, e->last_session,
                   e->forced, muc_occupant_nick(ev->occupant));
}
static int on_role(muc_event *ev, char *line)
{
    const muc_role_event *e = ev->as.role;
    return sprintf(line, "%s %s<-%s %s", muc_affiliation_name(e->affiliation), muc_role_name(e->role),
                   muc_role_name(e->former), or_none(e->reason));
}
static int on_affiliation(muc_event *ev, char *line)
{
    const muc_affiliation_event *e = ev->as.affiliation;
    return sprintf(line, "%s %s<-%s %s", e->jid, muc_affiliation_name(e->affiliation), muc_affiliation_name(e->former),
                   or_none(e->reason));
}
static int on_message(muc_event *ev, char *line)
{
    const muc_message_event *e = ev->as.message;
    return sprintf(line, "to=%s body=%s subject=%s keep=%d occupant=%s", e->to ? muc_occupant_nick(e->to) : "-",
                   or_none(e->body), or_none(e->subject), e->keep,
                   ev->occupant ? muc_occupant_nick(ev->occupant) : "-");
}
static int on_history(muc_event *ev, char *line)
{
    const muc_history_event *e = ev->as.history;
    return sprintf(line, "%d %d %d asked=%d", (int)e->max_stanzas, (int)e->max_chars, (int)e->since, e->asked);
}
static int on_config(muc_event *ev, char *line)
{
    const muc_config_event *e = ev->as.config;
    return sprintf(line, "form=%d var=%s option=%s first=%s", e->form != NULL, or_none(e->var),
                   e->option ? e->option->name : "-", e->changes && *e->changes ? (*e->changes)->name : "-");
}
static int on_disco(muc_event *ev, char *line)
{
    const muc_disco_event *e = ev->as.disco;
    return sprintf(line, "node='%s' out=%d known=%d room=%d", e->node, e->out != NULL, e->known, ev->room != NULL);
}
static int on_snapshot(muc_event *ev, char *line)
{
    const muc_snapshot_event *e = ev->as.snapshot;
    if (ev->point == MUC_ON_SNAPSHOT_SAVE) {
        muc_xml_open(e->out, "mine", "urn:mine");
        muc_xml_close(e->out);
    }
    return sprintf(line, "parts=%x out=%d element=%s", e->parts, e->out != NULL,
                   e->element ? (const char *)e->element->name : "-");
}
static int on_plain(muc_event *ev, char *line)
{
    return sprintf(line, "room=%s", muc_room_jid(ev->room));
}

static const struct {
    muc_point point;
    int (*print)(muc_event *ev, char *line);
} prints[] = {
    {MUC_ON_PRE_CREATE, on_create},
    {MUC_ON_CREATED, on_plain},
    {MUC_ON_RESTORED, on_plain},
    {MUC_ON_PRE_DESTROY, on_destroy},
    {MUC_ON_DESTROYED, on_destroy},
    {MUC_ON_EMPTY, on_plain},
    {MUC_ON_PRE_JOIN, on_join},
    {MUC_ON_JOINED, on_join},
    {MUC_ON_SESSION_ADDED, on_join},
    {MUC_ON_PRE_UPDATE, on_join},
    {MUC_ON_PRE_RENAME, on_join},
    {MUC_ON_RENAMED, on_join},
    {MUC_ON_PRE_LEAVE, on_leave},
    {MUC_ON_SESSION_GONE, on_leave},
    {MUC_ON_LEFT, on_leave},
    {MUC_ON_PRE_ROLE, on_role},
    {MUC_ON_ROLE, on_role},
    {MUC_ON_PRE_AFFILIATION, on_affiliation},
    {MUC_ON_AFFILIATION_SET, on_affiliation},
    {MUC_ON_AFFILIATION, on_affiliation},
    {MUC_ON_GROUPCHAT, on_message},
    {MUC_ON_PRIVATE, on_message},
    {MUC_ON_PRE_SUBJECT, on_message},
    {MUC_ON_SUBJECT, on_message},
    {MUC_ON_HISTORY_KEEP, on_message},
    {MUC_ON_HISTORY_WANTED, on_history},
    {MUC_ON_SENT, on_message},
    {MUC_ON_PRIVATE_SENT, on_message},
    {MUC_ON_CONFIG_FIELD, on_config},
    {MUC_ON_CONFIG_CHECK, on_config},
    {MUC_ON_CONFIG_SUBMITTED, on_config},
    {MUC_ON_CONFIG_EFFECT, on_config},
    {MUC_ON_OPTION, on_config},
    {MUC_ON_DISCO_INFO, on_disco},
    {MUC_ON_DISCO_ITEMS, on_disco},
    {MUC_ON_SNAPSHOT_SAVE, on_snapshot},
    {MUC_ON_SNAPSHOT_PART, on_snapshot},
};

static int print(muc_event *ev, void *ud)
{
    char line[1024];
    size_t i = *(const size_t *)ud;
    ck_assert_int_eq(ev->point, prints[i].point);
    ck_assert_ptr_eq(ev->service, world.service);
    int n = sprintf(line, "%s from=%s ", muc_point_name(ev->point), or_none(ev->from));
    (void)prints[i].print(ev, line + n);
    note(line);
    return MUC_PASS;
}

/* After the library's own handlers: one that has ended an empty room lets nobody else hear that it is empty. */
static void setup(void)
{
    static size_t index[sizeof prints / sizeof *prints];
    host_setup();
    for (size_t i = 0; i < sizeof prints / sizeof *prints; i++) {
        index[i] = i;
        ck_assert_int_gt(muc_hook_add(world.service, prints[i].point, NULL, -5000, print, &index[i]), 0);
    }
}

/* What was said of events is exactly this. */
static void events(const char *lines)
{
    char got[16384] = "";
    for (const char *p = world.log; *p; p = strchr(p, '\n') + 1)
        if (strncmp(p, "muc-", 4) == 0)
            strncat(got, p, (size_t)(strchr(p, '\n') + 1 - p));
    ck_assert_str_eq(got, lines);
    forget();
}

#define ROOM "room=den@" SERVICE "\n"

/* Who is told of later than he stays can still be looked at. */
START_TEST(of_one_who_has_left_meanwhile)
{
    CHANGED(muc_room_set_persistent(room("den"), 1));
    world.change_answer = MUC_HOLD;
    CHANGED(muc_room_set_name(room("den"), "held"));
    world.change_answer = 0;
    OK(give("<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body>p</body></message>"));
    OK(muc_peer_gone(world.service, ROMEO, NULL));
    unsaid("muc-private-message-sent");
    OK(muc_room_release(room("den")));
    said("muc-private-message-sent from=" JULIET " to=Romeo body=p");
}
END_TEST

START_TEST(coming_and_going)
{
    join("hut", NURSE, "Nurse");
    events("muc-room-pre-create from=" NURSE " jid=hut@" SERVICE " locked=0 room=0\n"
           "muc-occupant-pre-join from=" NURSE " " NURSE
           " nick=Nurse former=- password=- owner moderator first=1 new=1 resync=0 occupant=-\n"
           "muc-get-history from=" NURSE " 20 -1 -1 asked=0\n"
           "muc-room-created from=" NURSE " room=hut@" SERVICE "\n"
           "muc-occupant-joined from=" NURSE " " NURSE
           " nick=Nurse former=- password=- owner moderator first=1 new=1 resync=0 occupant=Nurse\n"
           "muc-occupant-session-new from=" NURSE " " NURSE
           " nick=Nurse former=- password=- owner moderator first=1 new=1 resync=0 occupant=Nurse\n");
    OK(give("<presence from='" NURSE "' to='hut@" SERVICE "/Angelica'/>"));
    events("muc-occupant-pre-change from=" NURSE " " NURSE
           " nick=Angelica former=Nurse password=- owner moderator first=0 new=0 resync=0 occupant=Nurse\n"
           "muc-occupant-changed from=" NURSE " " NURSE
           " nick=Nurse former=Nurse password=- owner moderator first=0 new=0 resync=0 occupant=Angelica\n");
    OK(give("<presence from='" NURSE "' to='hut@" SERVICE "/Angelica' type='unavailable'/>"));
    events("muc-occupant-pre-leave from=" NURSE " " NURSE " nick=Angelica last=1 forced=0 occupant=Angelica\n"
           "muc-occupant-session-gone from=" NURSE " " NURSE " nick=Angelica last=1 forced=0 occupant=Angelica\n"
           "muc-pre-room-destroy from=- - - - room=hut@" SERVICE "\n"
           "muc-occupant-left from=" NURSE " - nick=Angelica last=1 forced=0 occupant=Angelica\n"
           "muc-room-destroyed from=- - - - room=hut@" SERVICE "\n");
    OK(give("<presence from='romeo@example.org/two' to='" DEN "/Romeo'><x xmlns='" MUC_NS
            "'><password>pw</password><history maxstanzas='3' maxchars='100'/></x></presence>"));
    events("muc-occupant-pre-join from=romeo@example.org/two romeo@example.org/two"
           " nick=Romeo former=- password=pw none participant first=0 new=0 resync=0 occupant=-\n"
           "muc-get-history from=romeo@example.org/two 3 100 -1 asked=1\n"
           "muc-occupant-session-new from=romeo@example.org/two romeo@example.org/two"
           " nick=Romeo former=- password=pw none participant first=0 new=0 resync=0 occupant=Romeo\n");
    OK(muc_room_destroy(room("den"), "hut@" SERVICE, "why", "pw"));
    said("muc-pre-room-destroy from=- hut@" SERVICE " why pw " ROOM);
    said("muc-occupant-left from=- - nick=Romeo last=1 forced=1 occupant=Romeo\n");
    said("muc-room-destroyed from=- hut@" SERVICE " why pw " ROOM);
}
END_TEST

START_TEST(rank)
{
    CHANGED(muc_occupant_set_role(occupant("den", "Romeo"), JULIET, MUC_ROLE_VISITOR, "shh"));
    events("muc-pre-set-role from=" JULIET " none visitor<-participant shh\n"
           "muc-set-role from=" JULIET " none visitor<-participant shh\n");
    CHANGED(muc_affiliation_set(room("den"), NULL, ROMEO, MUC_AFFILIATION_MEMBER, NULL));
    said("muc-pre-set-affiliation from=- romeo@example.org member<-none -\n");
    said("muc-affiliation-effect from=- romeo@example.org member<-none -\n");
    said("muc-set-affiliation from=- romeo@example.org member<-none -\n");
}
END_TEST

START_TEST(talking)
{
    talk("den", JULIET, "hi");
    events("muc-occupant-groupchat from=" JULIET " to=- body=hi subject=- keep=0 occupant=Juliet\n"
           "muc-message-is-historic from=" JULIET " to=- body=hi subject=- keep=1 occupant=Juliet\n"
           "muc-message-sent from=" JULIET " to=- body=hi subject=- keep=1 occupant=Juliet\n");
    OK(give("<message from='" JULIET "' to='" DEN "/Romeo' type='chat'><body>p</body></message>"));
    events("muc-private-message from=" JULIET " to=Romeo body=p subject=- keep=0 occupant=Juliet\n"
           "muc-private-message-sent from=" JULIET " to=Romeo body=p subject=- keep=0 occupant=Juliet\n");
    OK(give("<message from='" JULIET "' to='" DEN "' type='groupchat'><subject>s</subject></message>"));
    said("muc-pre-subject from=" JULIET " to=- body=- subject=s keep=0 occupant=Juliet\n");
    said("muc-subject from=" JULIET " to=- body=- subject=s keep=0 occupant=Juliet\n");
}
END_TEST

START_TEST(configuring_and_looking)
{
    CHANGED(muc_room_set_name(room("den"), "n"));
    events("muc-config-field from=- form=1 var=muc#roomconfig_roomname option=name first=-\n"
           "muc-config-check from=- form=1 var=- option=- first=-\n"
           "muc-config-submitted from=- form=1 var=- option=- first=name\n"
           "muc-config-effect from=- form=1 var=- option=- first=name\n"
           "muc-option-changed from=- form=0 var=- option=name first=-\n");
    OK(give("<iq from='" ROMEO "' to='" DEN "' id='1' type='get'><query "
            "xmlns='http://jabber.org/protocol/disco#info'/></iq>"));
    events("muc-disco#info from=" ROMEO " node='' out=1 known=1 room=1\n");
    OK(give("<iq from='" ROMEO "' to='" SERVICE "' id='1' type='get'><query "
            "xmlns='http://jabber.org/protocol/disco#items' node='x'/></iq>"));
    events("muc-disco#items from=" ROMEO " node='x' out=1 known=0 room=0\n");
}
END_TEST

static char saved[8192];
static int put(const char *bytes, size_t n, void *ud)
{
    (void)ud;
    strncat(saved, bytes, n);
    return 0;
}

START_TEST(saving)
{
    saved[0] = '\0';
    OK(muc_room_save(room("den"), MUC_PART_ALL & ~MUC_PART_OCCUPANTS, put, NULL));
    events("muc-snapshot-save from=- parts=2f out=1 element=-\n");
    OK(muc_room_forget(room("den")));
    events("");
    OK(muc_room_restore(world.service, saved, strlen(saved), NULL));
    events("muc-snapshot-part from=- parts=20 out=0 element=mine\nmuc-room-restored from=- " ROOM);
}
END_TEST

Suite *suite_events(void)
{
    Suite *suite = suite_create("events");
    TCase *tc = tcase_create("events");
    tcase_add_checked_fixture(tc, setup, host_stop);
    tcase_add_test(tc, coming_and_going);
    tcase_add_test(tc, of_one_who_has_left_meanwhile);
    tcase_add_test(tc, rank);
    tcase_add_test(tc, talking);
    tcase_add_test(tc, configuring_and_looking);
    tcase_add_test(tc, saving);
    suite_add_tcase(suite, tc);
    return suite;
}
