/* actions.c: the `#!` lines that call the library, or change what the host around it does; see directive.h.
 *
 * A call may be made several times (mode nomem), so each finds its room and occupant itself. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "memory.h"
#include "player.h"

/* What a call is about. */
typedef struct call {
    const arguments *words;
    char *room;        /* the JID that the first word means */
    const char *text;  /* free text, or NULL */
    const char *actor; /* a full JID, or NULL */
    muc_option_value *settings;
    size_t setting_count;
    int number;
} call;

static char *const *words_of(const call *c)
{
    return c->words->word;
}

static muc_occupant *occupant_of(host *h, const call *c)
{
    muc_room *room = host_room(h, c->room);
    memory_plan plan = memory_pause();
    muc_occupant *occupant = room ? muc_occupant_by_nick(room, words_of(c)[1]) : NULL;
    memory_resume(plan);
    return occupant;
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

static int call_set(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_room_set(room, c->settings, c->setting_count) : MUC_ERR_NOT_FOUND;
}

static int call_create(host *h, void *arg)
{
    const call *c = arg;
    return muc_room_create(h->service, c->room, c->settings, c->setting_count, NULL);
}

static int call_destroy(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_room_destroy(room, NULL, c->text, NULL) : MUC_ERR_NOT_FOUND;
}

static int call_unreachable(host *h, void *arg)
{
    const call *c = arg;
    return muc_domain_unreachable(h->service, words_of(c)[0]);
}

static int call_role(host *h, void *arg)
{
    const call *c = arg;
    muc_occupant *occupant = occupant_of(h, c);
    return occupant ? muc_occupant_set_role(occupant, c->actor, (muc_role)c->number, NULL) : MUC_ERR_NOT_FOUND;
}

static int call_affiliation(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_affiliation_set(room, c->actor, words_of(c)[1], (muc_affiliation)c->number, NULL)
                : MUC_ERR_NOT_FOUND;
}

static int call_subject(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_room_set_subject(room, NULL, c->text) : MUC_ERR_NOT_FOUND;
}

static int call_say(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    if (!room)
        return MUC_ERR_NOT_FOUND;
    muc_xml *stanza = muc_xml_new(h->service, "message");
    muc_xml_attr(stanza, "type", "groupchat");
    muc_xml_leaf(stanza, "body", c->text);
    return muc_room_broadcast(room, stanza, MUC_EVERYONE);
}

static int call_reserve(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_affiliation_set_nick(room, words_of(c)[1], c->text) : MUC_ERR_NOT_FOUND;
}

static int call_lock(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return !room ? MUC_ERR_NOT_FOUND : c->number ? muc_room_lock(room) : muc_room_unlock(room);
}

static int call_lift(host *h, void *arg)
{
    const call *c = arg;
    return muc_tombstone_lift(h->service, c->room);
}

static int call_forget(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    return room ? muc_room_evict(room) : MUC_ERR_NOT_FOUND;
}

static int call_release(host *h, void *arg)
{
    const call *c = arg;
    muc_room *room = host_room(h, c->room);
    /* A room that has ended is found by no name, but what it said last is held all the same. */
    if (!room)
        room = h->ended;
    return room ? muc_room_release(room) : MUC_ERR_NOT_FOUND;
}

static int call_shutdown(host *h, void *arg)
{
    (void)arg;
    return muc_service_shutdown(h->service);
}

static int call_sweep(host *h, void *arg)
{
    (void)arg;
    int result, tries = 0;
    do
        result = muc_service_sweep(h->service, NULL);
    while (result == MUC_INCOMPLETE && tries++ == 0);
    return result;
}

static int call_gone(host *h, void *arg)
{
    const call *c = arg;
    return muc_peer_gone(h->service, c->actor, c->text);
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

/* Makes a call whose first word is a room. The words from `first` on are settings; 0: none are. */
static int make(player *p, const arguments *a, host_fn *fn, call *c, size_t first, text *why)
{
    int result = 0;
    c->words = a;
    c->room = a->count ? room_jid(p, a->word[0]) : NULL;
    for (size_t i = first; first && i < a->count && result == 0; i++) {
        char *value = split_setting(a->word[i]);
        c->settings = grow(c->settings, (c->setting_count + 1) * sizeof *c->settings);
        if (!host_spares(&p->host, a->word[i]))
            c->settings[c->setting_count++] = (muc_option_value){a->word[i], value};
        if (!value) {
            text_format(why, "OPTION=VALUE is wanted, not '%s'", a->word[i]);
            result = -1;
        }
    }
    if (result == 0)
        result = player_call(p, fn, c, why);
    if (result < 0 && p->result == MUC_ERR_INVALID && c->setting_count)
        host_blame(&p->host, c->settings, c->setting_count, why);
    free(c->settings);
    free(c->room);
    return result;
}

/* "as NAME" at a place of the line. 0, or -1 with `why`. */
static int find_actor(player *p, const arguments *a, size_t at, call *c, text *why)
{
    const char *rest;
    if (a->count <= at)
        return 0;
    client *actor = strcmp(a->word[at], "as") == 0 ? player_client(p, a->rest[at + 1], &rest) : NULL;
    if (!actor || *rest) {
        text_format(why, "'as' and a client were expected, not '%s'", a->rest[at]);
        return -1;
    }
    c->actor = actor->full;
    return 0;
}

static int do_set(player *p, const arguments *a, text *why)
{
    return make(p, a, call_set, &(call){0}, 1, why);
}

static int do_create(player *p, const arguments *a, text *why)
{
    return make(p, a, call_create, &(call){0}, 1, why);
}

static int do_destroy(player *p, const arguments *a, text *why)
{
    return make(p, a, call_destroy, &(call){.text = a->count > 1 ? a->rest[1] : NULL}, 0, why);
}

static int do_unreachable(player *p, const arguments *a, text *why)
{
    return make(p, a, call_unreachable, &(call){0}, 0, why);
}

static int do_role(player *p, const arguments *a, text *why)
{
    muc_role role = MUC_ROLE_NONE;
    bool known = muc_role_from_name(a->word[2], &role);
    call c = {.number = (int)role};
    if (!known)
        text_format(why, "'%s' is no role", a->word[2]);
    if (!known || find_actor(p, a, 3, &c, why) < 0)
        return -1;
    return make(p, a, call_role, &c, 0, why);
}

static int do_affiliation(player *p, const arguments *a, text *why)
{
    call c = {0};
    muc_affiliation affiliation;
    int known = muc_affiliation_from_name(a->word[2], &affiliation);
    if (!known)
        text_format(why, "'%s' is no affiliation", a->word[2]);
    if (!known || find_actor(p, a, 3, &c, why) < 0)
        return -1;
    c.number = affiliation;
    return make(p, a, call_affiliation, &c, 0, why);
}

static int do_subject(player *p, const arguments *a, text *why)
{
    return make(p, a, call_subject, &(call){.text = a->rest[1]}, 0, why);
}

static int do_say(player *p, const arguments *a, text *why)
{
    return make(p, a, call_say, &(call){.text = a->rest[1]}, 0, why);
}

static int do_reserve(player *p, const arguments *a, text *why)
{
    return make(p, a, call_reserve, &(call){.text = a->count == 3 ? a->word[2] : a->rest[2]}, 0, why);
}

static int do_shutdown(player *p, const arguments *a, text *why)
{
    return make(p, a, call_shutdown, &(call){0}, 0, why);
}

static int do_sweep(player *p, const arguments *a, text *why)
{
    return make(p, a, call_sweep, &(call){0}, 0, why);
}

static int do_gone(player *p, const arguments *a, text *why)
{
    const char *rest;
    client *c = player_client(p, a->rest[0], &rest);
    if (!c) {
        text_format(why, "there is no such client: %s", a->rest[0]);
        return -1;
    }
    words_free(&c->rooms);
    words_free(&c->directed);
    int result = player_call(p, call_gone, &(call){.actor = c->full, .text = *rest ? rest : NULL}, why);
    for (size_t i = 0; i < p->host.out_count && result == 0; i++)
        if (strcmp(p->host.out[i].to, c->full) == 0) {
            text_format(why, "something was sent to who is gone: %s", p->host.out[i].xml);
            result = -1;
        }
    c->online = 0;
    words_free(&c->inbox);
    return result;
}

/* ---- store ------------------------------------------------------------------------------------------------------ */

static int do_lock(player *p, const arguments *a, text *why)
{
    return make(p, a, call_lock, &(call){.number = 1}, 0, why);
}

static int do_unlock(player *p, const arguments *a, text *why)
{
    return make(p, a, call_lock, &(call){0}, 0, why);
}

static int do_lift(player *p, const arguments *a, text *why)
{
    return make(p, a, call_lift, &(call){0}, 0, why);
}

static int do_evict(player *p, const arguments *a, text *why)
{
    char *jid = room_jid(p, a->word[0]);
    muc_room *room = host_room(&p->host, jid);
    int result = room ? store_put(&p->host, room) : MUC_OK;
    free(jid);
    if (result < 0) {
        text_add(why, "the room was not saved");
        return -1;
    }
    return make(p, a, call_forget, &(call){0}, 0, why);
}

/* Makes a snapshot of a room that this service does not have, by making it in a service of its own. */
static int make_stored(player *p, const char *jid, const call *c, text *why)
{
    host other;
    muc_room *room = NULL;
    host_init(&other, MODE_BYTES);
    free(other.domain);
    other.domain = copy(p->host.domain);
    other.settings = p->host.settings;
    other.clock = p->host.clock;
    other.scratch = 1;
    other.spared = p->host.spared;
    for (size_t i = 0; i < p->host.without.count; i++)
        words_add(&other.without, p->host.without.list[i]);
    for (size_t i = 0; i < p->host.option_names.count; i++) {
        words_add(&other.option_names, p->host.option_names.list[i]);
        words_add(&other.option_values, p->host.option_values.list[i]);
    }
    int result = host_start(&other);
    if (result == 0)
        result = muc_room_create(other.service, jid, c->settings, c->setting_count, &room);
    if (result == 0)
        result = store_put(&p->host, room);
    if (result < 0)
        text_format(why, "the stored room was not made: %s", muc_strerror(result));
    if (result == MUC_ERR_INVALID)
        host_blame(&other, c->settings, c->setting_count, why);
    host_end(&other);
    return result < 0 ? -1 : 0;
}

static int do_stored(player *p, const arguments *a, text *why)
{
    char *jid = room_jid(p, a->word[0]);
    call c = {0};
    int said = 0;
    c.settings = grow(NULL, (a->count + 1) * sizeof *c.settings);
    for (size_t i = 1; i < a->count; i++) {
        char *value = split_setting(a->word[i]);
        if (!host_spares(&p->host, a->word[i]))
            c.settings[c.setting_count++] = (muc_option_value){a->word[i], value ? value : ""};
        said |= strcmp(a->word[i], "persistent") == 0;
    }
    if (!said && !host_spares(&p->host, "persistent"))
        c.settings[c.setting_count++] = (muc_option_value){"persistent", "1"};
    int result = make_stored(p, jid, &c, why);
    free(c.settings);
    free(jid);
    return result;
}

static int do_hold(player *p, const arguments *a, text *why)
{
    char *jid = room_jid(p, a->word[0]);
    (void)why;
    words_add(&p->host.held, jid);
    free(jid);
    return 0;
}

static int do_release(player *p, const arguments *a, text *why)
{
    char *jid = room_jid(p, a->word[0]);
    words_remove(&p->host.held, jid);
    free(jid);
    int result = make(p, a, call_release, &(call){0}, 0, why);
    p->host.ended = NULL;
    return result;
}

static int do_store(player *p, const arguments *a, text *why)
{
    static const char *const states[] = {"works", "fails"};
    for (int i = 0; i < 2; i++)
        if (strcmp(a->word[0], states[i]) == 0) {
            p->host.store_fails = i;
            return 0;
        }
    text_add(why, "a store works or fails");
    return -1;
}

/* ---- raw -------------------------------------------------------------------------------------------------------- */

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c ? strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c) : NULL;
    return at ? (int)(at - digits) : -1;
}

/* Writes what \n, \t, \\ and \xHH stand for. */
static void unescape(const char *in, text *out)
{
    static const char letters[] = "nrt\\", bytes[] = "\n\r\t\\";
    for (; *in; in++) {
        const char *letter = *in == '\\' && in[1] ? strchr(letters, in[1]) : NULL;
        if (letter) {
            text_add_n(out, bytes + (letter - letters), 1);
            in++;
        } else if (*in == '\\' && in[1] == 'x' && hex_digit(in[2]) >= 0 && hex_digit(in[3]) >= 0) {
            char byte = (char)(hex_digit(in[2]) * 16 + hex_digit(in[3]));
            text_add_n(out, &byte, 1);
            in += 3;
        } else {
            text_add_n(out, in, 1);
        }
    }
}

static int do_raw(player *p, const arguments *a, text *why)
{
    const char *rest;
    client *c = player_client(p, a->rest[0], &rest);
    if (!c) {
        text_format(why, "there is no such client: %s", a->rest[0]);
        return -1;
    }
    text bytes = {0};
    unescape(rest, &bytes);
    int result = player_dispatch(p, c, text_string(&bytes), bytes.n, why);
    text_free(&bytes);
    return result;
}

const directive directive_actions[] = {
    {"set", 0, 2, do_set},
    {"create", 0, 1, do_create},
    {"destroy", 0, 1, do_destroy},
    {"gone", 0, 1, do_gone},
    {"unreachable", 0, 1, do_unreachable},
    {"role", 0, 3, do_role},
    {"affiliation", 0, 3, do_affiliation},
    {"subject", 0, 1, do_subject},
    {"say", 0, 2, do_say},
    {"reserve", 0, 2, do_reserve},
    {"lift", 0, 1, do_lift},
    {"lock", 0, 1, do_lock},
    {"unlock", 0, 1, do_unlock},
    {"evict", 0, 1, do_evict},
    {"stored", 0, 1, do_stored},
    {"hold", 0, 1, do_hold},
    {"release", 0, 1, do_release},
    {"store", 0, 1, do_store},
    {"shutdown", 0, 0, do_shutdown},
    {"sweep", 0, 0, do_sweep},
    {"raw", 0, 2, do_raw},
    {NULL, 0, 0, NULL},
};
