/* query.c: `#! ? WHAT ... = VALUE`: what the library's own functions say about rooms. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "player.h"

/* What is asked about: the words of the query, and the room where the first is one. */
typedef struct subject_matter {
    player *player;
    muc_room *room; /* NULL when it is not in memory */
    const char *jid;
    char *const *word; /* what follows the room */
} subject_matter;

static void ask_rooms(const subject_matter *q, text *out)
{
    text_format(out, "%zu", muc_room_count(q->player->host.service));
}

static void ask_exists(const subject_matter *q, text *out)
{
    text_add(out, q->room ? "1" : "0");
}

static void ask_stored(const subject_matter *q, text *out)
{
    text_add(out, store_find(&q->player->host, q->jid) ? "1" : "0");
}

static void ask_tombstone(const subject_matter *q, text *out)
{
    muc_tombstone t;
    text_add(out, muc_tombstone_find(q->player->host.service, q->jid, &t) ? "1" : "0");
}

static void ask_occupants(const subject_matter *q, text *out)
{
    text_format(out, "%zu", q->room ? muc_occupant_count(q->room) : 0);
}

static muc_occupant *occupant_of(const subject_matter *q)
{
    return q->room ? muc_occupant_by_nick(q->room, q->word[0]) : NULL;
}

static void ask_sessions(const subject_matter *q, text *out)
{
    size_t count = 0;
    muc_occupant *occupant = occupant_of(q);
    for (muc_session *s = NULL; occupant && (s = muc_session_next(occupant, s)) != NULL;)
        count++;
    text_format(out, "%zu", count);
}

static void ask_role(const subject_matter *q, text *out)
{
    muc_occupant *occupant = occupant_of(q);
    text_add(out, muc_role_name(occupant ? muc_occupant_role(occupant) : MUC_ROLE_NONE));
}

static void ask_primary(const subject_matter *q, text *out)
{
    muc_occupant *occupant = occupant_of(q);
    muc_session *primary = occupant ? muc_occupant_primary(occupant) : NULL;
    text_add(out, primary ? muc_session_jid(primary) : "");
}

static void ask_nick(const subject_matter *q, text *out)
{
    muc_occupant *occupant = NULL;
    if (q->room && strchr(q->word[0], '/'))
        occupant = muc_occupant_by_jid(q->room, q->word[0]);
    else if (q->room)
        while ((occupant = muc_occupant_next(q->room, occupant)) != NULL)
            if (strcmp(muc_occupant_bare_jid(occupant), q->word[0]) == 0)
                break;
    text_add(out, occupant ? muc_occupant_nick(occupant) : "");
}

static void ask_affiliation(const subject_matter *q, text *out)
{
    muc_affiliation a = q->room ? muc_affiliation_get(q->room, q->word[0]) : MUC_AFFILIATION_NONE;
    text_add(out, muc_affiliation_name(a));
}

static void ask_option(const subject_matter *q, text *out)
{
    const muc_option *option = muc_option_find(q->player->host.service, q->word[0]);
    if (!option) {
        text_add(out, "(no such option)");
        return;
    }
    if (!q->room)
        return;
    char none[1];
    size_t n = muc_room_get(q->room, option, none, sizeof none);
    char *value = grow(NULL, n + 1);
    muc_room_get(q->room, option, value, n + 1);
    text_add_n(out, value, n);
    free(value);
}

static void ask_subject(const subject_matter *q, text *out)
{
    text_add(out, q->room ? muc_room_get_subject(q->room, NULL, NULL) : "");
}

static void ask_locked(const subject_matter *q, text *out)
{
    text_add(out, q->room && muc_room_is_locked(q->room) ? "1" : "0");
}

static void ask_history(const subject_matter *q, text *out)
{
    text_format(out, "%zu", q->room ? muc_history_count(q->room) : 0);
}

/* How many words each takes, the room being the first of them. */
static const struct query {
    const char *name;
    size_t words;
    void (*ask)(const subject_matter *q, text *out);
} queries[] = {
    {"rooms", 0, ask_rooms},         {"exists", 1, ask_exists},       {"stored", 1, ask_stored},
    {"occupants", 1, ask_occupants}, {"sessions", 2, ask_sessions},   {"role", 2, ask_role},
    {"primary", 2, ask_primary},     {"nick", 2, ask_nick},           {"affiliation", 2, ask_affiliation},
    {"option", 2, ask_option},       {"subject", 1, ask_subject},     {"locked", 1, ask_locked},
    {"history", 1, ask_history},     {"tombstone", 1, ask_tombstone},
};

static const struct query *find(const char *name, size_t n)
{
    for (size_t i = 0; i < sizeof queries / sizeof queries[0]; i++)
        if (strlen(queries[i].name) == n && strncmp(queries[i].name, name, n) == 0)
            return &queries[i];
    return NULL;
}

int query_exists(const char *name, size_t n)
{
    return find(name, n) != NULL;
}

int query_play(player *p, const arguments *a, text *why)
{
    const struct query *row = find(a->word[0], strlen(a->word[0]));
    if (!row || a->count < row->words + 2 || strcmp(a->word[row->words + 1], "=") != 0) {
        text_add(why, "the form of this query is another: NAME ... = VALUE");
        return -1;
    }
    const char *wanted = a->rest[row->words + 2];
    if (a->count == row->words + 3)
        wanted = a->word[row->words + 2]; /* without quotes */
    char *jid = row->words ? room_jid(p, a->word[1]) : NULL;
    subject_matter q = {p, jid ? host_room(&p->host, jid) : NULL, jid, a->word + 2};
    text got = {0};
    row->ask(&q, &got);
    int same = strcmp(text_string(&got), wanted) == 0;
    if (!same)
        text_format(why, "it is '%s', not '%s'", text_string(&got), wanted);
    text_free(&got);
    free(jid);
    return same ? 0 : -1;
}
