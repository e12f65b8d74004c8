/* demo.c: a conversation, played through the library and told so that a person can follow it.
 *
 * The scenes are a table: who sends which stanza, and what the others must see of it. What is sent (>) and seen (<) is
 * told in sentences; the program fails when one that is expected does not come. With --xml the stanzas are shown, too.
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <libxml/parser.h>
#include <muc/muc.h>

#define ROOM    "balcony@rooms.verona.example"
#define MINUTE  60000
#define SEEN    16 /* sentences kept of one scene */
#define EXPECTS 6

#define XML_COLUMN 15 /* where sentences begin */

typedef enum person_id { JULIET, ROMEO, MERCUTIO, TYBALT, PERSONS } person_id;

static const struct person {
    const char *name, *jid, *color;
} persons[PERSONS] = {
    {"Juliet", "juliet@capulet.example/window", "\033[35m"},
    {"Romeo", "romeo@montague.example/orchard", "\033[36m"},
    {"Mercutio", "mercutio@verona.example/street", "\033[33m"},
    {"Tybalt", "tybalt@capulet.example/street", "\033[31m"},
};

#define ENTER(nick) "<presence to='" ROOM "/" nick "'><x xmlns='http://jabber.org/protocol/muc'/></presence>"
#define SAY(text)   "<message to='" ROOM "' type='groupchat'><body>" text "</body></message>"
#define SET(id, ns, inside)                                                                                            \
    "<iq to='" ROOM "' type='set' id='" id "'><query xmlns='http://jabber.org/protocol/muc" ns "'>" inside             \
    "</query></iq>"
#define FIELD(var, value) "<field var='muc#roomconfig_" var "'><value>" value "</value></field>"

/* What happens, and what must be seen; "Juliet: ..." in the words of tell(). */
static const struct scene {
    const char *title;
    person_id who;
    const char *gist;   /* of the stanza */
    const char *stanza; /* NULL: the connection breaks */
    int minutes;        /* that pass before */
    const char *expects[EXPECTS];
} scenes[] = {
    {"Juliet opens a room",
     JULIET,
     "presence: enters as Juliet",
     ENTER("Juliet"),
     0,
     {"Juliet: I am in as Juliet, owner and moderator; the room is new", "Juliet: the subject is empty"}},
    {"She asks how it can be configured",
     JULIET,
     "iq: asks for the configuration form",
     "<iq to='" ROOM "' type='get' id='ask'><query xmlns='http://jabber.org/protocol/muc#owner'/></iq>",
     0,
     {"Juliet: a form with"}},
    {"She gives it a name and lets everybody in",
     JULIET,
     "iq: sets the name \"The balcony\"; the room shall stay when it is empty",
     SET("set", "#owner",
         "<x xmlns='jabber:x:data' type='submit'>"
         "<field "
         "var='FORM_TYPE'><value>http://jabber.org/protocol/muc#roomconfig</value></field>" FIELD(
             "roomname", "The balcony") FIELD("persistentroom", "1") "</x>"),
     0,
     {"Juliet: the service answers: done"}},
    {"Romeo comes",
     ROMEO,
     "presence: enters as Romeo",
     ENTER("Romeo"),
     1,
     {"Romeo: Juliet is here, owner and moderator", "Romeo: I am in as Romeo, no affiliation, participant",
      "Romeo: the subject is empty", "Juliet: Romeo is here, no affiliation, participant"}},
    {"Juliet sets the subject",
     JULIET,
     "message to the room: the subject \"Names\"",
     "<message to='" ROOM "' type='groupchat'><subject>Names</subject></message>",
     0,
     {"Juliet: the subject is \"Names\", by Juliet", "Romeo: the subject is \"Names\", by Juliet"}},
    {"She wonders aloud",
     JULIET,
     "message to the room: \"O Romeo, Romeo! Wherefore art thou Romeo?\"",
     SAY("O Romeo, Romeo! Wherefore art thou Romeo?"),
     1,
     {"Juliet: Juliet says \"O Romeo, Romeo! Wherefore art thou Romeo?\"",
      "Romeo: Juliet says \"O Romeo, Romeo! Wherefore art thou Romeo?\""}},
    {"Romeo answers her alone",
     ROMEO,
     "message to Juliet: \"Shall I hear more?\"",
     "<message to='" ROOM "/Juliet' type='chat'><body>Shall I hear more?</body></message>",
     1,
     {"Juliet: Romeo whispers \"Shall I hear more?\""}},
    {"He takes another name",
     ROMEO,
     "presence: takes the name Love",
     "<presence to='" ROOM "/Love'/>",
     1,
     {"Juliet: Romeo is called Love from now on", "Romeo: I am called Love from now on",
      "Juliet: Love is here, no affiliation, participant"}},
    {"Mercutio comes late, and is told what was said",
     MERCUTIO,
     "presence: enters as Mercutio",
     ENTER("Mercutio"),
     5,
     {"Mercutio: I am in as Mercutio, no affiliation, participant",
      "Mercutio: Juliet says \"O Romeo, Romeo! Wherefore art thou Romeo?\" (2026-01-01T00:02:00",
      "Mercutio: the subject is \"Names\"", "Juliet: Mercutio is here"}},
    {"He jests at scars",
     MERCUTIO,
     "message to the room: \"Romeo! humours! madman! passion! lover!\"",
     SAY("Romeo! humours! madman! passion! lover!"),
     0,
     {"Juliet: Mercutio says", "Romeo: Mercutio says", "Mercutio: Mercutio says"}},
    {"Juliet sends him out",
     JULIET,
     "iq: role none for Mercutio, because \"Hush\"",
     SET("kick", "#admin", "<item nick='Mercutio' role='none'><reason>Hush</reason></item>"),
     0,
     {"Juliet: the service answers: done", "Mercutio: I was sent out, because \"Hush\"",
      "Romeo: Mercutio was sent out, because \"Hush\""}},
    {"She forbids the room to Tybalt",
     JULIET,
     "iq: affiliation outcast for tybalt@capulet.example",
     SET("ban", "#admin", "<item jid='tybalt@capulet.example' affiliation='outcast'/>"),
     0,
     {"Juliet: the service answers: done"}},
    {"Tybalt tries it nevertheless",
     TYBALT,
     "presence: enters as Tybalt",
     ENTER("Tybalt"),
     1,
     {"Tybalt: refused, forbidden"}},
    {"Romeo's connection breaks", ROMEO, "nothing: the connection is gone", NULL, 1, {"Juliet: Love is gone"}},
    {"He comes back",
     ROMEO,
     "presence: enters as Romeo",
     ENTER("Romeo"),
     1,
     {"Romeo: I am in as Romeo, no affiliation, participant", "Romeo: Juliet says \"O Romeo"}},
    {"Dawn: Juliet closes the room",
     JULIET,
     "iq: destroys the room, because \"It was the lark\"",
     SET("end", "#owner", "<destroy><reason>It was the lark</reason></destroy>"),
     300,
     {"Juliet: the service answers: done", "Romeo: the room is closed, because \"It was the lark\""}},
};

typedef struct stage {
    int64_t clock;
    uint64_t random;
    int color, xml;
    char seen[SEEN][512]; /* in this scene */
    size_t count;
} stage;

/* ---- sentences -------------------------------------------------------------------------------------------------- */

/* What a stanza says, as far as sentences need it. */
typedef struct facts {
    const xmlNode *stanza, *user, *item;
    const char *type, *nick, *reason;
    char because[128]; /* ", because ..." or nothing */
} facts;

static const char *or_empty(const char *s)
{
    return s ? s : "";
}

static int has_status(const facts *f, const char *code)
{
    const xmlNode *s = f->user ? muc_node_child(f->user, "status", NULL) : NULL;
    for (; s; s = muc_node_next(s, "status", NULL))
        if (strcmp(or_empty(muc_node_attr(s, "code")), code) == 0)
            return 1;
    return 0;
}

static void read_facts(const xmlNode *stanza, facts *f)
{
    const char *from = or_empty(muc_node_attr(stanza, "from")), *slash = strchr(from, '/');
    *f = (facts){.stanza = stanza, .type = or_empty(muc_node_attr(stanza, "type"))};
    f->nick = slash ? slash + 1 : "the room";
    f->user = muc_node_child(stanza, "x", MUC_NS_USER);
    f->item = f->user ? muc_node_child(f->user, "item", NULL) : NULL;
    const xmlNode *destroy = f->user ? muc_node_child(f->user, "destroy", NULL) : NULL;
    const xmlNode *reason = muc_node_child(destroy ? destroy : f->item, "reason", NULL);
    if (reason)
        snprintf(f->because, sizeof f->because, ", because \"%s\"", or_empty(muc_node_text(reason)));
}

static void tell_error(const facts *f, char *out, size_t size)
{
    const xmlNode *error = muc_node_child(f->stanza, "error", NULL);
    const xmlNode *condition = NULL;
    for (const xmlNode *n = error ? error->children : NULL; n && !condition; n = n->next)
        if (n->type == XML_ELEMENT_NODE)
            condition = n;
    snprintf(out, size, "refused, %s", condition ? (const char *)condition->name : "without a reason");
}

static void tell_unavailable(const facts *f, char *out, size_t size)
{
    int self = has_status(f, "110");
    const char *who = self ? "I" : f->nick, *was = self ? "I was" : f->nick, *verb = self ? "" : " was";
    if (f->user && muc_node_child(f->user, "destroy", NULL))
        snprintf(out, size, "the room is closed%s", f->because);
    else if (has_status(f, "303"))
        snprintf(out, size, "%s %s called %s from now on", who, self ? "am" : "is",
                 or_empty(f->item ? muc_node_attr(f->item, "nick") : NULL));
    else if (has_status(f, "307") || has_status(f, "301"))
        snprintf(out, size, "%s%s %s%s", was, verb, has_status(f, "301") ? "banned" : "sent out", f->because);
    else
        snprintf(out, size, "%s %s gone", who, self ? "am" : "is");
}

static void tell_presence(const facts *f, char *out, size_t size)
{
    const char *affiliation = f->item ? or_empty(muc_node_attr(f->item, "affiliation")) : "", *joint = " and ";
    const char *role = f->item ? or_empty(muc_node_attr(f->item, "role")) : "";
    if (strcmp(affiliation, "none") == 0) {
        affiliation = "no affiliation";
        joint = ", ";
    }
    if (strcmp(f->type, "error") == 0)
        tell_error(f, out, size);
    else if (strcmp(f->type, "unavailable") == 0)
        tell_unavailable(f, out, size);
    else if (has_status(f, "110"))
        snprintf(out, size, "I am in as %s, %s%s%s%s", f->nick, affiliation, joint, role,
                 has_status(f, "201") ? "; the room is new" : "");
    else
        snprintf(out, size, "%s is here, %s%s%s", f->nick, affiliation, joint, role);
}

static void tell_message(const facts *f, char *out, size_t size)
{
    const xmlNode *body = muc_node_child(f->stanza, "body", NULL);
    const xmlNode *subject = muc_node_child(f->stanza, "subject", NULL);
    const xmlNode *delay = muc_node_child(f->stanza, "delay", "urn:xmpp:delay");
    const char *stamp = delay ? muc_node_attr(delay, "stamp") : NULL;
    if (strcmp(f->type, "error") == 0)
        tell_error(f, out, size);
    else if (body)
        snprintf(out, size, "%s %s \"%s\"%s%s%s", f->nick, strcmp(f->type, "groupchat") == 0 ? "says" : "whispers",
                 or_empty(muc_node_text(body)), stamp ? " (" : "", or_empty(stamp), stamp ? ")" : "");
    else if (subject && *or_empty(muc_node_text(subject)))
        snprintf(out, size, "the subject is \"%s\", by %s", or_empty(muc_node_text(subject)), f->nick);
    else if (subject)
        snprintf(out, size, "the subject is empty");
    else
        snprintf(out, size, "the room has changed");
}

static void tell_iq(const facts *f, char *out, size_t size)
{
    const xmlNode *query = muc_node_child(f->stanza, "query", MUC_NS_OWNER);
    const xmlNode *form = query ? muc_node_child(query, "x", MUC_NS_DATA) : NULL;
    int fields = 0;
    for (const xmlNode *n = form ? muc_node_child(form, "field", NULL) : NULL; n; n = muc_node_next(n, "field", NULL))
        fields++;
    if (strcmp(f->type, "error") == 0)
        tell_error(f, out, size);
    else if (form)
        snprintf(out, size, "a form with %d fields", fields);
    else
        snprintf(out, size, "the service answers: done");
}

static void tell(const xmlNode *stanza, char *out, size_t size)
{
    static const struct {
        const char *name;
        void (*tell)(const facts *f, char *out, size_t size);
    } kinds[] = {{"presence", tell_presence}, {"message", tell_message}, {"iq", tell_iq}};
    facts f;
    read_facts(stanza, &f);
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
        if (strcmp((const char *)stanza->name, kinds[i].name) == 0)
            kinds[i].tell(&f, out, size);
}

/* ---- the host --------------------------------------------------------------------------------------------------- */

static void paint(const stage *s, const char *color)
{
    if (s->color)
        fputs(color, stdout);
}

static int64_t on_now(void *ud)
{
    const stage *s = ud;
    return s->clock;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    stage *s = ud;
    for (size_t i = 0; i < n; i++) {
        s->random = s->random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
        bytes[i] = (uint8_t)(s->random >> 56);
    }
    return 0;
}

static const struct person *person_of(muc_span jid)
{
    for (size_t i = 0; i < PERSONS; i++)
        if (strlen(persons[i].jid) == jid.n && memcmp(persons[i].jid, jid.p, jid.n) == 0)
            return &persons[i];
    return NULL;
}

/* The beginning of a line: whose it is. */
static void print_name(const stage *s, const struct person *who)
{
    paint(s, who->color);
    printf("    %-8s", who->name);
    paint(s, "\033[0m");
}

static void show(stage *s, const muc_delivery *delivery, size_t i)
{
    const struct person *who = person_of(muc_delivery_jid(delivery, i));
    const xmlNode *stanza = muc_delivery_node(delivery);
    char sentence[400] = "";
    if (!who || !stanza)
        return;
    tell(stanza, sentence, sizeof sentence);
    if (s->count < SEEN)
        snprintf(s->seen[s->count++], sizeof s->seen[0], "%s: %s", who->name, sentence);
    print_name(s, who);
    printf(" < %s\n", sentence);
    if (s->xml) {
        muc_span pieces[MUC_PIECES];
        muc_delivery_pieces(delivery, i, pieces);
        printf("%*s", XML_COLUMN, "");
        for (size_t p = 0; p < MUC_PIECES; p++)
            fwrite(pieces[p].p, 1, pieces[p].n, stdout);
        putchar('\n');
    }
}

static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    (void)service;
    for (size_t i = 0; i < muc_delivery_count(delivery); i++)
        show(ud, delivery, i);
    return 0;
}

/* ---- the play --------------------------------------------------------------------------------------------------- */

/* Sends what the scene says, with the sender's address, as the server that authenticated him would. */
static int act(muc_service *service, const struct scene *scene)
{
    const struct person *who = &persons[scene->who];
    char stanza[1024];
    if (!scene->stanza)
        return muc_peer_gone(service, who->jid, NULL);
    size_t name = strcspn(scene->stanza, " ");
    int n =
        snprintf(stanza, sizeof stanza, "%.*s from='%s'%s", (int)name, scene->stanza, who->jid, scene->stanza + name);
    return muc_dispatch_text(service, stanza, (size_t)n, NULL);
}

static int was_seen(const stage *s, const char *expected)
{
    for (size_t i = 0; i < s->count; i++)
        if (strncmp(s->seen[i], expected, strlen(expected)) == 0)
            return 1;
    return 0;
}

static int play(muc_service *service, stage *s, const struct scene *scene)
{
    int missing = 0;
    s->count = 0;
    s->clock += (int64_t)scene->minutes * MINUTE;
    paint(s, "\033[1m");
    printf("%s\n", scene->title);
    paint(s, "\033[0m");
    print_name(s, &persons[scene->who]);
    paint(s, "\033[2m");
    printf(" > %s\n", scene->gist);
    paint(s, "\033[0m");
    if (s->xml && scene->stanza)
        printf("%*s%s\n", XML_COLUMN, "", scene->stanza);
    int result = act(service, scene);
    if (result != MUC_OK)
        printf("    !        %s\n", muc_strerror(result));
    for (size_t i = 0; i < EXPECTS && scene->expects[i]; i++)
        if (!was_seen(s, scene->expects[i])) {
            printf("    !        not seen: %s\n", scene->expects[i]);
            missing = 1;
        }
    putchar('\n');
    return result == MUC_OK && !missing;
}

int main(int argc, char **argv)
{
    stage s = {.clock = INT64_C(1767225600000), .random = 1, .color = isatty(STDOUT_FILENO)};
    muc_service *service;
    muc_settings settings;
    muc_callbacks callbacks;
    s.xml = argc == 2 && strcmp(argv[1], "--xml") == 0;
    if (argc > 2 || (argc == 2 && !s.xml)) {
        fputs("usage: demo [--xml]\n", stderr);
        return 2;
    }
    xmlInitParser();
    muc_settings_init(&settings, sizeof settings);
    settings.domain = "rooms.verona.example";
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.send = on_send;
    callbacks.now = on_now;
    callbacks.random = on_random;
    int result = muc_service_new(&service, &settings, &callbacks, NULL, &s);
    if (result < 0) {
        fprintf(stderr, "demo: %s\n", muc_strerror(result));
        return 1;
    }
    int good = 1;
    puts("> sends, < receives\n");
    for (size_t i = 0; i < sizeof scenes / sizeof scenes[0]; i++)
        good &= play(service, &s, &scenes[i]);
    muc_service_free(service);
    xmlCleanupParser();
    puts(good ? "Everything happened as it should." : "Something that was expected did not happen.");
    return good ? 0 : 1;
}
