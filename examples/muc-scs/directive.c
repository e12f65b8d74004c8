/* directive.c: the `#!` lines that set up the service, and how all of them are found and played; see directive.h. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "player.h"

/* ---- settings --------------------------------------------------------------------------------------------------- */

static int set_domain(player *p, const arguments *a, text *why)
{
    (void)why;
    free(p->host.domain);
    p->host.domain = copy(a->word[0]);
    return 0;
}

/* Days from 1970-01-01 to a date of the Gregorian calendar. */
static int64_t days_before(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

/* "2026-01-01T00:00:00Z" in milliseconds. */
static int read_stamp(const char *stamp, int64_t *out)
{
    static const char form[] = "dddd-dd-ddTdd:dd:ddZ";
    static const int starts_at[] = {0, 5, 8, 11, 14, 17};
    int64_t n[6] = {0};
    if (strlen(stamp) != strlen(form))
        return 0;
    for (size_t i = 0; form[i]; i++)
        if (form[i] == 'd' ? stamp[i] < '0' || stamp[i] > '9' : stamp[i] != form[i])
            return 0;
    for (size_t i = 0; i < 6; i++)
        n[i] = strtol(stamp + starts_at[i], NULL, 10);
    *out = (days_before(n[0], n[1], n[2]) * 86400 + n[3] * 3600 + n[4] * 60 + n[5]) * 1000;
    return n[1] >= 1 && n[1] <= 12 && n[2] >= 1 && n[2] <= 31 && n[3] < 24 && n[4] < 60 && n[5] <= 60;
}

static int set_clock(player *p, const arguments *a, text *why)
{
    const char *word = a->word[0];
    char *end;
    if (word[0] == '+' || word[0] == '-') {
        double seconds = strtod(word, &end);
        p->host.clock += (int64_t)(seconds * 1000);
        if (end != word + 1 && !*end)
            return 0;
    } else if (read_stamp(word, &p->host.clock)) {
        return 0;
    }
    text_format(why, "neither a time nor +SECONDS: %s", word);
    return -1;
}

static int set_random(player *p, const arguments *a, text *why)
{
    (void)why;
    host_seed(&p->host, strtoull(a->word[0], NULL, 10));
    return 0;
}

static int add_admin(player *p, const arguments *a, text *why)
{
    (void)why;
    words_add(&p->host.admins, a->word[0]);
    return 0;
}

static int add_default(player *p, const arguments *a, text *why)
{
    char *value = split_setting(a->word[0]);
    if (!value) {
        text_add(why, "OPTION=VALUE is wanted");
        return -1;
    }
    words_add(&p->host.option_names, a->word[0]);
    words_add(&p->host.option_values, value);
    return 0;
}

static int allow_only(player *p, const arguments *a, text *why)
{
    (void)why;
    words_add(&p->host.payloads, "");
    for (size_t i = 0; i < a->count; i++)
        words_add(&p->host.payloads, a->word[i]);
    return 0;
}

static int leave_out(player *p, const arguments *a, text *why)
{
    const muc_feature *const *all = muc_features_full();
    while (*all && strcmp((*all)->name, a->word[0]) != 0)
        all++;
    if (!*all) {
        text_format(why, "there is no feature %s", a->word[0]);
        return -1;
    }
    words_add(&p->host.without, a->word[0]);
    return 0;
}

/* Members of muc_settings that are numbers. */
#define NUMBER(member) {#member, offsetof(muc_settings, member), sizeof(((muc_settings *)0)->member)},
static const struct {
    const char *name;
    size_t offset, size;
} numbers[] = {
#include "shared/numbers.inc"
};
#undef NUMBER

static int set_service(player *p, const arguments *a, text *why)
{
    if (starts(a->rest[0], "name=")) {
        free(p->host.name);
        p->host.name = copy(a->rest[0] + strlen("name="));
        return 0;
    }
    char *value = split_setting(a->word[0]);
    for (size_t i = 0; value && i < sizeof numbers / sizeof numbers[0]; i++) {
        if (strcmp(a->word[0], numbers[i].name) != 0)
            continue;
        char *place = (char *)&p->host.settings + numbers[i].offset, *end;
        uint64_t big = strtoull(value, &end, 0);
        uint32_t small = (uint32_t)big;
        if (end == value || *end) {
            text_format(why, "%s: not a number: %s", a->word[0], value);
            return -1;
        }
        memcpy(place, numbers[i].size == sizeof big ? (void *)&big : (void *)&small, numbers[i].size);
        return 0;
    }
    text_format(why, "not a setting of the service: %s", a->rest[0]);
    return -1;
}

/* ---- table ------------------------------------------------------------------------------------------------------ */

static const directive settings[] = {
    {"domain", 1, 1, set_domain}, {"clock", 0, 1, set_clock},     {"random", 1, 1, set_random},
    {"admin", 0, 1, add_admin},   {"service", 1, 1, set_service}, {"default", 1, 1, add_default},
    {"without", 1, 1, leave_out}, {"payloads", 1, 0, allow_only}, {"?", 0, 1, query_play},
    {NULL, 0, 0, NULL},
};

static const directive *find_in(const directive *rows, const char *name, size_t n)
{
    for (; rows->name; rows++)
        if (strlen(rows->name) == n && strncmp(rows->name, name, n) == 0)
            return rows;
    return NULL;
}

const directive *directive_find(const char *name, size_t n)
{
    const directive *d = find_in(settings, name, n);
    return d ? d : find_in(directive_actions, name, n);
}

int directive_accepts(const directive *d, const char *rest)
{
    return d->play != query_play || query_exists(rest, strcspn(rest, " "));
}

/* Divides a line into words; "..." is one word. They are cut out of `space`, a copy of the line. */
static void divide(const char *line, char *space, arguments *a)
{
    const char *p = line;
    for (;;) {
        p += strspn(p, " \t");
        a->rest[a->count] = p;
        if (!*p || a->count == MAX_WORDS)
            return;
        int quoted = *p == '"';
        p += quoted;
        char *word = space + (p - line);
        size_t n = strcspn(p, quoted ? "\"" : " \t");
        word[n] = 0;
        a->word[a->count++] = word;
        p += n;
        p += quoted && *p;
    }
}

int directive_play(player *p, const directive *d, const char *rest, text *why)
{
    text line = {0};
    arguments a = {.count = 0};
    if (d->before_service && p->host.service) {
        text_add(why, "this must come before the first step");
        return -1;
    }
    if (player_expand(p, rest, 0, &line, why) < 0) {
        text_free(&line);
        return -1;
    }
    char *space = copy(text_string(&line));
    divide(text_string(&line), space, &a);
    int result = -1;
    if (a.count < d->least)
        text_format(why, "'%s' takes more than that", d->name);
    else if (d->before_service || d->play == set_clock || d->play == add_admin || host_start(&p->host) == 0)
        result = d->play(p, &a, why);
    else
        text_add(why, text_string(&p->host.problem));
    free(space);
    text_free(&line);
    return result;
}

char *room_jid(player *p, const char *word)
{
    text jid = {0};
    text_add(&jid, word);
    if (!strchr(word, '@'))
        text_format(&jid, "@%s", p->host.domain);
    return jid.p;
}

char *split_setting(char *word)
{
    char *equals = strchr(word, '=');
    if (equals)
        *equals++ = 0;
    return equals;
}
