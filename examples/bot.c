/* bot.c: a bot that lives where the rooms live, without a connection of its own.
 *
 * It is a feature (muc/feature.h): handlers see who comes and what is said, and what the bot does it does by muc_act.h
 * as any user would, so that every rule holds for it too. Rooms get an option, "A butler is in attendance"; where it is
 * on the butler is an occupant as long as anybody else is there, and answers
 *
 *     !roll 2d6          dice
 *     !note KEY TEXT     keeps a text for the room, as long as the room is stored
 *     !note KEY          says it
 *
 * to all or in private. As a program it hosts one room for you and the butler, and no network at all:
 *
 *     bot [NICK] < what you say; a line that begins with @ is whispered to the butler
 *
 * As a shared object the same file puts the butler into a service on a real server: `muc-component --load bot.so`. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include <muc/muc.h>

#define BUTLER "Butler"
#define TEXT   1024 /* bytes of what the butler says; longer is cut */

/* ---- the butler -------------------------------------------------------------------------------------------------- */

/* His address is the service's own: no server has anything to deliver there, and nobody can claim it. */
static const char *address(muc_service *service, char *out, size_t size)
{
    snprintf(out, size, "butler@%s/bot", muc_service_settings(service)->domain);
    return out;
}

static muc_occupant *butler_in(muc_room *room)
{
    char jid[TEXT];
    return muc_occupant_by_jid(room, address(muc_room_service(room), jid, sizeof jid));
}

/* What he may not do he leaves; only that there is no memory is anybody else's concern. */
static int done(int result)
{
    return result == MUC_ERR_NOMEM ? result : MUC_PASS;
}

/* What is said back; `to` NULL: to all. Without voice he is silent, as anybody would be. */
static int say(muc_room *room, const char *to, const char *format, ...)
{
    char jid[TEXT], text[TEXT];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    return done(muc_act_say(muc_room_service(room), address(muc_room_service(room), jid, sizeof jid),
                            muc_room_jid(room), to, text, NULL));
}

static unsigned random_below(muc_service *service, unsigned n)
{
    char name[33];
    muc_service_unique(service, name);
    name[8] = '\0';
    return (unsigned)(strtoul(name, NULL, 16) % n);
}

static int roll(muc_room *room, const char *to, const char *rest)
{
    unsigned dice = 0, sides = 0, sum = 0;
    if (sscanf(rest, "%2ud%4u", &dice, &sides) != 2 || dice < 1 || dice > 20 || sides < 2)
        return say(room, to, "!roll 2d6: 1 to 20 dice of 2 to 9999 sides");
    char text[TEXT] = "";
    for (unsigned i = 0; i < dice; i++) {
        unsigned one = 1 + random_below(muc_room_service(room), sides);
        size_t n = strlen(text);
        snprintf(text + n, sizeof text - n, "%s%u", i ? " + " : "", one);
        sum += one;
    }
    return say(room, to, dice > 1 ? "%s = %u" : "%s", text, sum);
}

/* Notes are records: stored with the room, and bounded by settings.max_records. */
static int note(muc_room *room, const char *to, const char *rest)
{
    char key[64] = "";
    int end = 0;
    muc_record record = {.key = key};
    if (sscanf(rest, "%63s %n", key, &end) != 1)
        return say(room, to, "!note KEY TEXT keeps it, !note KEY says it");
    if (rest[end] == '\0')
        return say(room, to, "%s: %s", key, muc_record_find(room, "butler", key, &record) ? record.text[0] : "no note");
    record.text[0] = rest + end;
    int r = muc_record_set(room, "butler", &record);
    return r == MUC_ERR_NOMEM ? r : say(room, to, r == MUC_OK ? "Noted." : "That I cannot keep.");
}

static int answer(muc_room *room, const char *to, const char *body)
{
    static const struct {
        const char *word;
        int (*fn)(muc_room *room, const char *to, const char *rest);
    } words[] = {{"!roll", roll}, {"!note", note}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        size_t n = strlen(words[i].word);
        if (strncmp(body, words[i].word, n) == 0 && (body[n] == ' ' || body[n] == '\0'))
            return words[i].fn(room, to, body + n + strspn(body + n, " "));
    }
    return MUC_PASS;
}

/* ---- what he sees ------------------------------------------------------------------------------------------------ */

static const muc_option options[] = {
    {.name = "butler",
     .type = MUC_OPTION_FLAG,
     .field = "{urn:libmuc:example}butler",
     .label = "A butler is in attendance",
     .rank = MUC_RANK_PERMISSIONS + 80},
    {.name = NULL},
};

/* He is there while somebody else is, since a temporary room would not end otherwise. */
static int attend(muc_event *ev, void *feature)
{
    (void)feature;
    char jid[TEXT];
    muc_room *room = ev->room;
    int here = butler_in(room) != NULL;
    size_t others = muc_occupant_count(room) - (size_t)here;
    address(ev->service, jid, sizeof jid);
    if (!here && others > 0 && muc_room_get_number(room, options))
        return done(muc_act_enter(ev->service, jid, muc_room_jid(room), BUTLER, muc_room_get_password(room), NULL));
    if (here && (others == 0 || !muc_room_get_number(room, options)))
        return done(muc_act_leave(ev->service, jid, muc_room_jid(room), NULL, NULL));
    return MUC_PASS;
}

static int heard(muc_event *ev, void *feature)
{
    (void)feature;
    muc_occupant *butler = butler_in(ev->room);
    if (butler && ev->occupant && ev->occupant != butler && ev->as.message->body)
        return answer(ev->room, NULL, ev->as.message->body);
    return MUC_PASS;
}

static int whispered(muc_event *ev, void *feature)
{
    (void)feature;
    muc_occupant *butler = butler_in(ev->room);
    if (butler && ev->as.message->to == butler && ev->occupant != butler && ev->as.message->body)
        return answer(ev->room, muc_occupant_nick(ev->occupant), ev->as.message->body);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_JOINED, NULL, MUC_PRIORITY_DEFAULT, attend},
    {MUC_ON_LEFT, NULL, MUC_PRIORITY_DEFAULT, attend},
    {MUC_ON_UNLOCKED, NULL, MUC_PRIORITY_DEFAULT, attend},
    {MUC_ON_OPTION, "butler", MUC_PRIORITY_DEFAULT, attend},
    {MUC_ON_SENT, NULL, MUC_PRIORITY_DEFAULT, heard},
    {MUC_ON_PRIVATE_SENT, NULL, MUC_PRIORITY_DEFAULT, whispered},
    {.fn = NULL},
};

static const muc_feature butler = {.name = "butler", .hooks = hooks, .options = options};

/** What a program that loads this file looks for. */
MUC_EXTERN extern const muc_feature *const muc_features[];
const muc_feature *const muc_features[] = {&butler, NULL};

/* ---- a room for you and him -------------------------------------------------------------------------------------- */

#define ROOM "parlour@rooms.example"
#define YOU  "you@example/here"

static int64_t on_now(void *ud)
{
    (void)ud;
    struct timespec t;
    timespec_get(&t, TIME_UTC);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    return getrandom(bytes, n, 0) == (ssize_t)n ? 0 : -1;
}

/* What your screen shows: who comes and goes, and what is said. */
static void show(const xmlNode *stanza)
{
    const char *from = muc_node_attr(stanza, "from"), *type = muc_node_attr(stanza, "type");
    const char *nick = strchr(from, '/') ? strchr(from, '/') + 1 : "";
    const xmlNode *body = muc_node_child(stanza, "body", MUC_NS_CLIENT);
    if (muc_node_is(stanza, "presence", MUC_NS_CLIENT))
        printf("-- %s is %s\n", nick, type ? "gone" : "here");
    else if (body && muc_node_text(body))
        printf("%s%s: %s\n", nick, strcmp(type, "groupchat") == 0 ? "" : " whispers", muc_node_text(body));
}

static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    (void)service, (void)ud;
    for (size_t i = 0; i < muc_delivery_count(delivery); i++) {
        muc_span jid = muc_delivery_jid(delivery, i);
        const xmlNode *stanza = muc_delivery_node(delivery);
        if (stanza && jid.n == strlen(YOU) && memcmp(jid.p, YOU, jid.n) == 0)
            show(stanza);
    }
    return 0;
}

/* A line that begins with @ is for the butler alone. */
static void speak(muc_service *service, const char *line)
{
    muc_refusal why = {.text = ""};
    const char *to = line[0] == '@' ? BUTLER : NULL;
    int r = muc_act_say(service, YOU, ROOM, to, line + (to != NULL), &why);
    if (r < 0)
        printf("-- refused: %s\n", why.text[0] ? why.text : muc_strerror(r));
}

int main(int argc, char **argv)
{
    const char *nick = argc > 1 ? argv[1] : "You";
    const muc_option_value on[] = {{"butler", "1"}};
    const muc_feature *const features[] = {&butler, NULL};
    muc_settings settings;
    muc_callbacks callbacks;
    muc_service *service = NULL;
    muc_refusal why;
    char line[TEXT];
    muc_settings_init(&settings, sizeof settings);
    muc_callbacks_init(&callbacks, sizeof callbacks);
    settings.domain = "rooms.example";
    settings.extra_features = features;
    settings.room_defaults = on;
    settings.room_default_count = 1;
    settings.lock_new_rooms = 0;
    callbacks.now = on_now;
    callbacks.random = on_random;
    callbacks.send = on_send;
    int r = muc_service_new(&service, &settings, &callbacks, NULL, NULL);
    if (r == MUC_OK)
        r = muc_act_enter(service, YOU, ROOM, nick, NULL, &why);
    while (r >= 0 && fgets(line, sizeof line, stdin)) {
        line[strcspn(line, "\n")] = '\0';
        speak(service, line);
        fflush(stdout);
    }
    if (r < 0)
        fprintf(stderr, "bot: %s\n", muc_strerror(r));
    muc_service_free(service);
    return r < 0;
}
