/* config.c: one table says what can be set; the command line, the file and --help are read and written from it. */
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"
#include "config.h"
#include "exits.h"

/* Some editors begin a file with it. */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

enum { ON_LINE = 1, IN_FILE = 2, ANYWHERE = ON_LINE | IN_FILE };

typedef enum kind { TEXT, LIST, FLAG, HELP, VERSION } kind;

static const struct row {
    const char *name;
    kind kind;
    int where;
    size_t offset;
    const char *value, *help;
} rows[] = {
    {"domain", TEXT, IN_FILE, offsetof(struct config, domain), "DOMAIN", "the domain of the rooms, rooms.example.org"},
    {"server", TEXT, ANYWHERE, offsetof(struct config, server), "HOST:PORT",
     "where the server takes components; localhost:5347 if not given"},
    {"secret-file", TEXT, ANYWHERE, offsetof(struct config, secret_file), "FILE",
     "holds the secret that the server knows"},
    {"db", TEXT, ANYWHERE, offsetof(struct config, db), "FILE",
     "where rooms are stored, made if need be, or postgresql://...; without it they end with the program"},
    {"lease", TEXT, ANYWHERE, offsetof(struct config, lease), "SECONDS",
     "with PostgreSQL: after so long without a word from this process another one may have its rooms; 5 if not given"},
    {"standby", TEXT, ANYWHERE, offsetof(struct config, standby), "SECONDS",
     "several processes share the domain: which the server leaves out comes again after so long"},
    {"admin", LIST, ANYWHERE, offsetof(struct config, admins), "JID", "administers the service; may be given again"},
    {"name", TEXT, ANYWHERE, offsetof(struct config, name), "TEXT", "what the service is called in lists"},
    {"option", LIST, ANYWHERE, offsetof(struct config, options), "NAME=VALUE",
     "what new rooms are like, in the words of muc-scs --options; may be given again"},
    {"set", LIST, ANYWHERE, offsetof(struct config, settings), "NAME=NUMBER",
     "a number of muc_settings (muc/service.h), max_occupants=500; may be given again"},
    {"load", LIST, ANYWHERE, offsetof(struct config, objects), "FILE",
     "a shared object with features of your own; may be given again"},
    {"max-queued", TEXT, ANYWHERE, offsetof(struct config, max_queued), "BYTES",
     "nothing is read while so many wait for the server; 8388608 if not given"},
    {"max-sent", TEXT, ANYWHERE, offsetof(struct config, max_sent), "BYTES",
     "the largest stanza that the server takes; 524288 if not given"},
    {"log", TEXT, ANYWHERE, offsetof(struct config, log_level), "LEVEL",
     "error, warning, info (if not given) or debug"},
    {"config", TEXT, ON_LINE, offsetof(struct config, file), "FILE",
     "lines of the form `name = value`, # begins a comment"},
    {"once", FLAG, ON_LINE, offsetof(struct config, once), NULL, "ends when the server cannot be reached, or is gone"},
    {"help", HELP, ON_LINE, 0, NULL, "shows this"},
    {"version", VERSION, ON_LINE, 0, NULL, "shows the version"},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

static const struct row *find(const char *name, size_t n, int where)
{
    for (size_t i = 0; i < ROWS; i++)
        if ((rows[i].where & where) && strlen(rows[i].name) == n && memcmp(rows[i].name, name, n) == 0)
            return &rows[i];
    return NULL;
}

/* ---- help ------------------------------------------------------------------------------------------------------- */

static void print_help(void)
{
    puts("usage: muc-component DOMAIN --secret-file FILE [--server HOST:PORT] [--db FILE] [OPTION]...\n"
         "       muc-component --config FILE [OPTION]...\n"
         "\n"
         "A multi-user chat service (XEP-0045) for any XMPP server, connected as an external component (XEP-0114).\n");
    for (size_t i = 0; i < ROWS; i++) {
        char left[64];
        if (!(rows[i].where & ON_LINE))
            continue;
        snprintf(left, sizeof left, "--%s%s%s", rows[i].name, rows[i].value ? " " : "",
                 rows[i].value ? rows[i].value : "");
        printf("  %-22s %s\n", left, rows[i].help);
    }
    puts("\n"
         "What is given on the command line counts more than what is in the file, where DOMAIN is `domain = DOMAIN`.\n"
         "SIGHUP: the file is read again. SIGTERM, SIGINT: rooms are saved, and it ends.\n"
         "\n"
         "Exit status: 0 ended by a signal, all saved; 64 command line; 69 the server cannot be reached (--once);\n"
         "70 no memory; 73 the database cannot be made; 74 it cannot be opened, or is damaged; 75 another process has\n"
         "it, or it cannot be reached now; 77 the server does not take the secret; 78 configuration.");
}

static int answer(kind which)
{
    if (which == HELP)
        print_help();
    else
        printf("muc-component %s (%s)\n", muc_version(), muc_prep_profile());
    return CONFIG_ANSWERED;
}

/* ---- taking values ---------------------------------------------------------------------------------------------- */

static void clear(config_item *item)
{
    free(item->value);
    free(item->where);
    *item = (config_item){NULL, NULL};
}

static int no_memory(void)
{
    log_error("no memory to begin with");
    return EXIT_SOFTWARE;
}

static int fill(config_item *item, const char *value, const char *where)
{
    config_item next = {strdup(value), strdup(where)};
    if (!next.value || !next.where) {
        clear(&next);
        return no_memory();
    }
    clear(item);
    *item = next;
    return 0;
}

static int append(config_list *list, const char *value, const char *where)
{
    config_item *more = realloc(list->item, (list->count + 1) * sizeof *more);
    if (!more)
        return no_memory();
    list->item = more;
    more[list->count] = (config_item){NULL, NULL};
    int r = fill(&more[list->count], value, where);
    list->count += r == 0;
    return r;
}

static int take(struct config *c, const struct row *row, const char *value, const char *where)
{
    void *place = (char *)c + row->offset;
    if (row->kind == LIST)
        return append(place, value, where);
    if (row->kind == FLAG)
        return *(int *)place = 1, 0;
    return fill(place, value, where);
}

/* ---- the command line ------------------------------------------------------------------------------------------- */

static int usage(const char *what, const char *argument)
{
    log_error("%s: %s; see muc-component --help", argument, what);
    return EXIT_USAGE;
}

/* One argument, and the next one as its value when it has none itself. */
static int read_argument(struct config *c, char ***argv)
{
    char *argument = **argv, where[64];
    if (strncmp(argument, "--", 2) != 0)
        return c->domain.value ? usage("there is a domain already", argument)
                               : fill(&c->domain, argument, "the command line");
    size_t n = strcspn(argument + 2, "=");
    const struct row *row = find(argument + 2, n, ON_LINE);
    char *value = argument[2 + n] ? argument + 2 + n + 1 : NULL;
    if (!row)
        return usage("there is no such option", argument);
    if (row->kind == HELP || row->kind == VERSION)
        return answer(row->kind);
    if (row->kind == FLAG && value)
        return usage("it takes no value", argument);
    if (row->kind != FLAG && !value && !(value = *++*argv))
        return usage("its value is missing", argument);
    snprintf(where, sizeof where, "--%s", row->name);
    return take(c, row, value, where);
}

static int read_line(struct config *c, char **argv)
{
    int r = 0;
    for (argv++; *argv && r == 0; argv++)
        r = read_argument(c, &argv);
    return r;
}

/* ---- the file --------------------------------------------------------------------------------------------------- */

static char *trim(char *text)
{
    text += strspn(text, " \t");
    size_t n = strlen(text);
    while (n && strchr(" \t\r\n", text[n - 1]))
        text[--n] = 0;
    return text;
}

/* One line of n bytes. Scalars that the command line gave stay. */
static int read_setting(struct config *c, char *text, size_t n, const char *where)
{
    if (strlen(text) != n) {
        log_error("%s: there is a NUL byte in it: this is no text", where);
        return EXIT_CONFIG;
    }
    text = trim(text);
    if (!*text || *text == '#')
        return 0;
    char *equals = strchr(text, '=');
    if (!equals) {
        log_error("%s: this is no line of the form `name = value`: %s", where, text);
        return EXIT_CONFIG;
    }
    *equals = 0;
    const char *name = trim(text), *value = trim(equals + 1);
    const struct row *row = find(name, strlen(name), IN_FILE);
    if (!row) {
        log_error("%s: there is nothing called %s; what there is: see muc-component --help, without the dashes", where,
                  name);
        return EXIT_CONFIG;
    }
    if (!*value) {
        log_error("%s: the value of %s is missing", where, name);
        return EXIT_CONFIG;
    }
    const config_item *now = row->kind == TEXT ? (const config_item *)((char *)c + row->offset) : NULL;
    if (!now || !now->value)
        return take(c, row, value, where);
    size_t file = strlen(c->file.value);
    if (strncmp(now->where, c->file.value, file) != 0 || now->where[file] != ':')
        return 0;
    log_error("%s: %s was given before, at %s: leave one of them", where, name, now->where);
    return EXIT_CONFIG;
}

/* Tells of every mistake, not of the first alone. */
static int read_file(struct config *c)
{
    FILE *file = fopen(c->file.value, "r");
    if (!file) {
        log_error("%s: the configuration cannot be read: %s", c->file.value, strerror(errno));
        return EXIT_CONFIG;
    }
    char *text = NULL, where[512];
    size_t size = 0;
    ssize_t n;
    int r = 0;
    for (int line = 1; (n = getline(&text, &size, file)) >= 0; line++) {
        size_t mark = line == 1 && strncmp(text, BYTE_ORDER_MARK, 3) == 0 ? 3 : 0;
        snprintf(where, sizeof where, "%s:%d", c->file.value, line);
        int bad = read_setting(c, text + mark, (size_t)n - mark, where);
        r = bad ? bad : r;
    }
    if (ferror(file)) {
        log_error("%s: the configuration cannot be read: %s", c->file.value, strerror(errno));
        r = EXIT_CONFIG;
    }
    free(text);
    fclose(file);
    return r;
}

/* ---- interface -------------------------------------------------------------------------------------------------- */

int config_read(struct config *out, char **argv)
{
    *out = (struct config){.level = LOG_INFO};
    int r = read_line(out, argv);
    if (r == 0 && out->file.value)
        r = read_file(out);
    return r ? r : config_check(out);
}

void config_free(struct config *c)
{
    for (size_t i = 0; i < ROWS; i++) {
        void *place = (char *)c + rows[i].offset;
        config_list *list = place;
        if (rows[i].kind == TEXT)
            clear(place);
        if (rows[i].kind != LIST)
            continue;
        for (size_t k = 0; k < list->count; k++)
            clear(&list->item[k]);
        free(list->item);
    }
    free(c->host);
    free(c->port);
}
