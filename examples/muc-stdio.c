/* muc-stdio.c: a multi-user chat service on standard input and output.
 *
 * Each input is one top-level stanza with `from` and `to`; it may span lines. Every stanza that the service sends
 * goes out on a line of its own. What is no stanza costs a line on standard error, and it goes on with the next. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <libxml/parser.h>
#include <muc/muc.h>

#define START_CLOCK INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */
#define MAX_ADMINS  64

typedef struct program {
    muc_service *service;
    const char *domain;
    const char *admins[MAX_ADMINS];
    size_t admin_count;
    int64_t clock; /* negative: the real one */
    uint64_t random;
} program;

/* ---- what the service asks for ---------------------------------------------------------------------------------- */

static int64_t on_now(void *ud)
{
    const program *p = ud;
    struct timespec now;
    if (p->clock >= 0)
        return p->clock;
    timespec_get(&now, TIME_UTC);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    program *p = ud;
    for (size_t i = 0; i < n; i++) {
        uint64_t z = p->random += UINT64_C(0x9e3779b97f4a7c15);
        z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
        z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
        bytes[i] = (uint8_t)(z ^ (z >> 31));
    }
    return 0;
}

static int on_is_admin(const char *bare_jid, void *ud)
{
    const program *p = ud;
    for (size_t i = 0; i < p->admin_count; i++)
        if (strcmp(p->admins[i], bare_jid) == 0)
            return 1;
    return 0;
}

static void print_piece(muc_span piece)
{
    for (size_t i = 0; i < piece.n; i++)
        if (piece.p[i] == '\n')
            fputs("&#10;", stdout);
        else
            putchar((unsigned char)piece.p[i]);
}

static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    (void)service;
    (void)ud;
    for (size_t i = 0; i < muc_delivery_count(delivery); i++) {
        muc_span pieces[MUC_PIECES];
        muc_delivery_pieces(delivery, i, pieces);
        for (size_t p = 0; p < MUC_PIECES; p++)
            print_piece(pieces[p]);
        putchar('\n');
    }
    return ferror(stdout) ? -1 : 0;
}

/* ---- the scanner: where a stanza begins and ends ---------------------------------------------------------------- */

/* Only the outline of XML is looked at: tags, quotes, sections. The library checks the rest. */
typedef struct scanner {
    char *bytes; /* what was read and not yet dealt with */
    size_t n, size, at;
    size_t line; /* of bytes[0] */
    struct open_element {
        size_t name, length; /* in bytes */
        int foreign;         /* in another namespace than stanzas are */
    } * open;
    size_t depth, depth_size;
    enum { NOT_LOST, IN_LINE, AT_LINE } lost; /* after a mistake: until a line begins with a stanza */
} scanner;

typedef enum found {
    MORE,    /* more input is needed */
    STANZA,  /* bytes[0..at) is a stanza */
    NOTHING, /* bytes[0..at) is blank, a comment or a declaration */
    BROKEN   /* it cannot become a stanza */
} found;

static void *grow(void *p, size_t bytes)
{
    void *q = realloc(p, bytes);
    if (!q) {
        fputs("muc-stdio: out of memory\n", stderr);
        exit(3);
    }
    return q;
}

static void append(scanner *s, int c)
{
    if (s->n + 1 >= s->size) {
        s->size = (s->n + 64) * 2;
        s->bytes = grow(s->bytes, s->size);
    }
    s->bytes[s->n++] = (char)c;
    s->bytes[s->n] = 0;
}

static void drop(scanner *s, size_t n)
{
    for (size_t i = 0; i < n; i++)
        s->line += s->bytes[i] == '\n';
    s->n -= n;
    memmove(s->bytes, s->bytes + n, s->n + 1);
    s->at = 0;
    s->depth = 0;
}

static int begins(const char *p, const char *with)
{
    return strncmp(p, with, strlen(with)) == 0;
}

static int is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static int is_name_end(char c)
{
    return is_blank(c) || c == '/' || c == '>' || c == 0;
}

/* Whether a start tag of a stanza is at p. */
static int is_stanza_start(const char *p)
{
    static const char *const names[] = {"<message", "<presence", "<iq"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (begins(p, names[i]))
            return is_name_end(p[strlen(names[i])]);
    return 0;
}

/* The place behind the `>` that ends the tag at p, quotes respected; NULL: not there yet; p itself: it is broken. */
static const char *tag_end(const char *p)
{
    char quote = 0;
    for (const char *q = p + 1; *q; q++) {
        if (*q == '<')
            return p;
        if (quote)
            quote = *q == quote ? 0 : quote;
        else if (*q == '\'' || *q == '"')
            quote = *q;
        else if (*q == '>')
            return q + 1;
    }
    return NULL;
}

/* Whether a tag says that it is in another namespace than stanzas are. */
static int is_foreign(const char *tag, const char *end)
{
    const char *p = strstr(tag, "xmlns=");
    static const char *const own[] = {"'jabber:client'", "\"jabber:client\""};
    if (!p || p >= end)
        return memchr(tag, ':', strcspn(tag, " \t\r\n/>")) != NULL;
    return !begins(p + 6, own[0]) && !begins(p + 6, own[1]);
}

static void push(scanner *s, const char *tag, const char *end)
{
    if (s->depth == s->depth_size) {
        s->depth_size = (s->depth_size + 8) * 2;
        s->open = grow(s->open, s->depth_size * sizeof *s->open);
    }
    size_t length = 0;
    while (!is_name_end(tag[1 + length]))
        length++;
    int inside = s->depth && s->open[s->depth - 1].foreign;
    s->open[s->depth++] = (struct open_element){(size_t)(tag + 1 - s->bytes), length, inside || is_foreign(tag, end)};
}

/* Whether an end tag closes the element that is open. */
static int closes(const scanner *s, const char *tag)
{
    if (s->depth == 0)
        return 0;
    const struct open_element *top = &s->open[s->depth - 1];
    return strncmp(tag + 2, s->bytes + top->name, top->length) == 0 && is_name_end(tag[2 + top->length]);
}

/* Sections in which < means nothing. */
static const struct section {
    const char *open, *close;
} sections[] = {{"<!--", "-->"}, {"<![CDATA[", "]]>"}, {"<?", "?>"}};

/* One piece of markup at bytes[at], which is '<'. */
static found scan_markup(scanner *s)
{
    const char *p = s->bytes + s->at;
    size_t left = s->n - s->at;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++) {
        size_t n = strlen(sections[i].open);
        if (strncmp(p, sections[i].open, left < n ? left : n) != 0)
            continue;
        if (left < n)
            return MORE;
        const char *end = strstr(p + n, sections[i].close);
        if (!end)
            return MORE;
        s->at = (size_t)(end - s->bytes) + strlen(sections[i].close);
        return s->depth ? MORE : NOTHING;
    }
    /* Stanzas stand in one another only below another namespace: this one begins anew. */
    if (s->depth && !s->open[s->depth - 1].foreign && s->at && s->bytes[s->at - 1] == '\n' && is_stanza_start(p))
        return BROKEN;
    const char *end = tag_end(p);
    if (!end || end == p)
        return end ? BROKEN : MORE;
    if (p[1] == '/') {
        if (!closes(s, p))
            return BROKEN;
        s->depth--;
    } else if (p[1] == '!' || is_name_end(p[1])) {
        return BROKEN;
    } else if (end[-2] != '/') {
        push(s, p, end);
    }
    s->at = (size_t)(end - s->bytes);
    return s->depth ? MORE : STANZA;
}

/* Goes on from bytes[at] as far as it can. */
static found scan(scanner *s)
{
    while (s->at < s->n) {
        const char *p = s->bytes + s->at;
        size_t before = s->at;
        if (*p != '<' && s->depth) {
            s->at++;
            continue;
        }
        if (*p != '<') {
            s->at = strspn(s->bytes, " \t\r\n");
            return s->at ? NOTHING : BROKEN;
        }
        found f = scan_markup(s);
        if (f != MORE || s->at == before)
            return f;
    }
    return MORE;
}

/* After a mistake: leaves out everything up to the next line that begins with a stanza. */
static void find_next(scanner *s)
{
    while (s->lost && s->n) {
        const char *newline = strchr(s->bytes, '\n');
        size_t blanks = strspn(s->bytes, " \t\r");
        if (s->lost == AT_LINE && is_stanza_start(s->bytes + blanks)) {
            drop(s, blanks);
            s->lost = NOT_LOST;
        } else if (newline) {
            drop(s, (size_t)(newline + 1 - s->bytes));
            s->lost = AT_LINE;
        } else if (s->lost == IN_LINE) {
            drop(s, s->n);
        } else {
            return;
        }
    }
}

/* ---- the loop --------------------------------------------------------------------------------------------------- */

static void complain(const scanner *s, const char *what)
{
    fprintf(stderr, "muc-stdio: line %zu: %s\n", s->line, what);
}

static void dispatch(program *p, const scanner *s)
{
    int result = muc_dispatch_text(p->service, s->bytes, s->at, NULL);
    if (result == MUC_NOT_MINE)
        complain(s, "not for this domain");
    else if (result != MUC_OK)
        complain(s, muc_strerror(result));
    fflush(stdout);
}

static void take_all(program *p, scanner *s)
{
    while (s->n) {
        if (s->lost)
            find_next(s);
        found f = s->lost ? MORE : scan(s);
        if (f == MORE)
            return;
        if (f == BROKEN) {
            complain(s, "not a stanza");
            s->lost = IN_LINE;
            continue;
        }
        if (f == STANZA)
            dispatch(p, s);
        drop(s, s->at);
    }
}

static void run(program *p)
{
    scanner s = {.line = 1};
    int c;
    while ((c = getchar()) != EOF) {
        /* NUL is as illegal as any control character, and would end the buffer. */
        append(&s, c ? c : 1);
        if (c == '>' || c == '\n')
            take_all(p, &s);
    }
    take_all(p, &s);
    /* What is left cannot be completed any more; it may hide stanzas behind a mistake. */
    while (s.n && !s.lost) {
        complain(&s, "the input ends within a stanza");
        s.lost = IN_LINE;
        take_all(p, &s);
    }
    free(s.bytes);
    free(s.open);
}

/* ---- start ------------------------------------------------------------------------------------------------------ */

static const char usage[] = "usage: muc-stdio --domain DOMAIN [--admin JID]... [--clock "
                            "real|YYYY-MM-DDTHH:MM:SSZ] [--seed NUMBER]\n"
                            "       muc-stdio --help | --version\n"
                            "\n"
                            "A multi-user chat service: stanzas on standard input, what is sent on "
                            "standard output, one stanza a line.\n";

static int64_t days_before(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = year / 400, of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int read_clock(const char *word, int64_t *clock)
{
    int n[6], length = 0;
    if (strcmp(word, "real") == 0) {
        *clock = -1;
        return 1;
    }
    int count = sscanf(word, "%4d-%2d-%2dT%2d:%2d:%2dZ%n", &n[0], &n[1], &n[2], &n[3], &n[4], &n[5], &length);
    if (count != 6 || length == 0 || word[length] || n[0] < 1970 || n[1] < 1 || n[1] > 12)
        return 0;
    *clock = ((days_before(n[0], n[1], n[2]) * 24 + n[3]) * 60 + n[4]) * 60000 + (int64_t)n[5] * 1000;
    return 1;
}

/* One option and its value; 0 when it is wrong. */
static int take_option(program *p, const char *name, const char *value)
{
    char *end;
    if (strcmp(name, "--domain") == 0) {
        p->domain = value;
    } else if (strcmp(name, "--admin") == 0 && p->admin_count < MAX_ADMINS) {
        p->admins[p->admin_count++] = value;
    } else if (strcmp(name, "--clock") == 0) {
        return read_clock(value, &p->clock);
    } else if (strcmp(name, "--seed") == 0) {
        p->random = strtoull(value, &end, 10);
        return *value && !*end;
    } else {
        return 0;
    }
    return 1;
}

static int read_arguments(program *p, char **argv)
{
    for (int i = 1; argv[i]; i++) {
        char name[16] = "";
        const char *equals = strchr(argv[i], '='), *value = equals ? equals + 1 : argv[i + 1];
        size_t n = equals ? (size_t)(equals - argv[i]) : strlen(argv[i]);
        if (n < sizeof name)
            memcpy(name, argv[i], n);
        if (!value || !take_option(p, name, value)) {
            fprintf(stderr, "muc-stdio: not understood: %s\n%s", argv[i], usage);
            return -1;
        }
        i += !equals;
    }
    if (!p->domain)
        fprintf(stderr, "muc-stdio: --domain is missing\n%s", usage);
    return p->domain ? 0 : -1;
}

int main(int argc, char **argv)
{
    program p = {.clock = START_CLOCK, .random = 1};
    muc_settings settings;
    muc_callbacks callbacks;
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "--version") == 0)) {
        if (argv[1][2] == 'h')
            fputs(usage, stdout);
        else
            printf("muc-stdio %s (%s)\n", muc_version(), muc_prep_profile());
        return 0;
    }
    if (read_arguments(&p, argv) < 0)
        return 2;
    xmlInitParser();
    muc_settings_init(&settings, sizeof settings);
    settings.domain = p.domain;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.send = on_send;
    callbacks.now = on_now;
    callbacks.random = on_random;
    callbacks.is_admin = on_is_admin;
    int result = muc_service_new(&p.service, &settings, &callbacks, NULL, &p);
    if (result < 0) {
        fprintf(stderr, "muc-stdio: %s\n", muc_strerror(result));
        return 1;
    }
    run(&p);
    muc_service_free(p.service);
    xmlCleanupParser();
    return 0;
}
