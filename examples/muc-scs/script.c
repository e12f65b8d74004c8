/* script.c: reads conversation scripts; see script.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "script.h"
#include "tree.h"

typedef struct reader {
    script *script;
    int line;
    int in_header;
    step *open;  /* the step that takes indented lines, or NULL */
    step coming; /* what directives said about the next step */
} reader;

static int wrong(reader *r, const char *what, const char *about)
{
    text_format(&r->script->error, "%s:%d: %s%s%s\n", r->script->path, r->line, what, about ? ": " : "",
                about ? about : "");
    return -1;
}

static const char *skip_blanks(const char *p)
{
    while (*p == ' ' || *p == '\t')
        p++;
    return p;
}

const script_client *script_client_at(const script *s, const char *line, const char **rest)
{
    const script_client *found = NULL;
    size_t length = 0;
    for (size_t i = 0; i < s->client_count; i++) {
        size_t n = strlen(s->clients[i].name);
        if (n > length && starts(line, s->clients[i].name) && (line[n] == ' ' || !line[n])) {
            found = &s->clients[i];
            length = n;
        }
    }
    if (found)
        *rest = skip_blanks(line + length);
    return found;
}

/* ---- header ----------------------------------------------------------------------------------------------------- */

static int read_client(reader *r, const char *line)
{
    script *s = r->script;
    const char *name = skip_blanks(line + strlen("[Client]"));
    if (!*name)
        return wrong(r, "a client without a name", NULL);
    for (size_t i = 0; i < s->client_count; i++)
        if (strcmp(s->clients[i].name, name) == 0)
            return wrong(r, "there is a client of that name already", name);
    s->clients = grow(s->clients, (s->client_count + 1) * sizeof *s->clients);
    s->clients[s->client_count++] = (script_client){.name = copy(name)};
    return 0;
}

/* "Romeo's phone" becomes "romeo-s-phone". */
static char *resource_from(const char *name)
{
    char *resource = copy(name);
    for (char *p = resource; *p; p++) {
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
        else if (!((*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9') || (*p & 0x80)))
            *p = '-';
    }
    return resource;
}

static int read_property(reader *r, const char *line)
{
    static const char *const known[] = {"jid", "password", "custom_host", "custom_port", NULL};
    script *s = r->script;
    line = skip_blanks(line);
    size_t n = strcspn(line, ":"), i = 0;
    while (known[i] && (strlen(known[i]) != n || strncmp(line, known[i], n) != 0))
        i++;
    if (!known[i] || !line[n] || s->client_count == 0)
        return wrong(r, "not a property of a client", line);
    script_client *c = &s->clients[s->client_count - 1];
    const char *value = skip_blanks(line + n + 1), *slash = strchr(value, '/');
    if (i == 0 && !c->jid) {
        c->jid = copy_n(value, slash ? (size_t)(slash - value) : strlen(value));
        c->resource = slash ? copy(slash + 1) : resource_from(c->name);
    }
    return 0;
}

/* ---- steps ------------------------------------------------------------------------------------------------------ */

static step *add_step(reader *r, step_kind kind)
{
    script *s = r->script;
    s->steps = grow(s->steps, (s->step_count + 1) * sizeof *s->steps);
    step *added = &s->steps[s->step_count++];
    *added = r->coming;
    added->kind = kind;
    added->line = r->line;
    r->coming = (step){0};
    return added;
}

static int ends_with_word(const char *line, const char *word)
{
    size_t n = strlen(line), m = strlen(word);
    return n > m && line[n - m - 1] == ' ' && strcmp(line + n - m, word) == 0;
}

static int no_client(reader *r, const char *name, size_t n)
{
    text what = {0};
    text_format(&what, "no client '%.*s' in the header", (int)n, name);
    wrong(r, what.p, NULL);
    text_free(&what);
    return -1;
}

static int read_step(reader *r, const char *line)
{
    static const struct {
        const char *verb;
        step_kind kind;
        int has_body;
    } verbs[] = {
        {"connects", STEP_CONNECTS, 0},
        {"disconnects", STEP_DISCONNECTS, 0},
        {"sends:", STEP_SENDS, 1},
        {"receives:", STEP_RECEIVES, 1},
    };
    const char *verb;
    const script_client *client = script_client_at(r->script, line, &verb);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && !client; i++)
        if (ends_with_word(line, verbs[i].verb))
            return no_client(r, line, strlen(line) - strlen(verbs[i].verb) - 1);
    if (!client)
        return wrong(r, "neither a client's step nor a comment", line);
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        if (strcmp(verb, verbs[i].verb) == 0) {
            step *added = add_step(r, verbs[i].kind);
            added->client = (size_t)(client - r->script->clients);
            r->open = verbs[i].has_body ? added : NULL;
            return 0;
        }
    return wrong(r, "a client connects, disconnects, sends: or receives:, but not this", line);
}

/* ---- directives ------------------------------------------------------------------------------------------------- */

static int say_proves(step *coming, const char *rest)
{
    text all = {0};
    if (coming->proves)
        text_format(&all, "%s ", coming->proves);
    text_add(&all, rest);
    free(coming->proves);
    coming->proves = all.p;
    return *rest != 0;
}

static int say_result(step *coming, const char *rest)
{
    coming->expects_result = 1;
    return result_from_name(rest, &coming->result);
}

static int say_leak_ok(step *coming, const char *rest)
{
    coming->leak_ok = 1;
    return *rest != 0;
}

/* Directives about the step that follows. */
static const struct {
    const char *name;
    int (*say)(step *coming, const char *rest);
} prefixes[] = {
    {"proves", say_proves},
    {"result", say_result},
    {"leak-ok", say_leak_ok},
};

/* A directive about the script as a whole. */
static int read_needs(reader *r, const char *rest)
{
    script *s = r->script;
    if (s->step_count)
        return wrong(r, "this must come before the first step", NULL);
    if (s->needs || (strcmp(rest, "precis") != 0 && strcmp(rest, "basic") != 0))
        return wrong(r, "one of precis and basic is needed, once", rest);
    s->needs = copy(rest);
    return 0;
}

static int read_directive(reader *r, const char *line)
{
    const char *word = skip_blanks(line);
    size_t n = strcspn(word, " \t");
    const char *rest = skip_blanks(word + n);
    r->open = NULL;
    if (n == strlen("needs") && starts(word, "needs"))
        return read_needs(r, rest);
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++)
        if (strlen(prefixes[i].name) == n && strncmp(word, prefixes[i].name, n) == 0)
            return prefixes[i].say(&r->coming, rest) ? 0 : wrong(r, "not what this directive takes", word);
    const directive *d = directive_find(word, n);
    if (!d)
        return wrong(r, "unknown directive", word);
    if (!directive_accepts(d, rest))
        return wrong(r, "unknown query", rest);
    step *added = add_step(r, STEP_DIRECTIVE);
    added->directive = d;
    text_add(&added->body, rest);
    return 0;
}

/* ---- lines ------------------------------------------------------------------------------------------------------ */

static int read_line(reader *r, char *line)
{
    size_t n = strlen(line);
    while (n > 0 && strchr(" \t\r\n", line[n - 1]))
        line[--n] = 0;
    if (starts(line, "#!") && !(r->line == 1 && line[2] == '/'))
        return read_directive(r, line + 2);
    if (line[0] == '#') {
        if (r->open)
            text_add(&r->open->body, "\n"); /* so that its lines can be counted */
        return 0;
    }
    if (!line[0] || line[0] == ' ' || line[0] == '\t') {
        if (r->open)
            text_format(&r->open->body, "%s\n", line);
        else if (r->in_header && *skip_blanks(line))
            return read_property(r, line);
        else if (*skip_blanks(line))
            return wrong(r, "an indented line that belongs to no step", line);
        return 0;
    }
    r->open = NULL;
    if (!r->in_header)
        return read_step(r, line);
    if (starts(line, "---") && strspn(line, "-") == n) {
        r->in_header = 0;
        return 0;
    }
    return starts(line, "[Client]") ? read_client(r, line) : wrong(r, "not a line of the header", line);
}

/* Whether the stanzas of a step are well-formed, with anything for ${...}. */
static int check_stanzas(reader *r, const step *s)
{
    const char *in = text_string(&s->body), *open;
    text body = {0}, why = {0};
    while ((open = strstr(in, "${")) != NULL && strchr(open, '}')) {
        text_add_n(&body, in, (size_t)(open - in));
        text_add(&body, "x");
        in = strchr(open, '}') + 1;
    }
    text_add(&body, in);
    r->line = s->line + 1;
    int result = tree_check(text_string(&body), body.n, &r->line, &why);
    if (result < 0)
        wrong(r, "not well-formed", text_string(&why));
    text_free(&body);
    text_free(&why);
    return result;
}

static int check_step(reader *r, const step *s)
{
    if (s->kind != STEP_SENDS && s->kind != STEP_RECEIVES)
        return 0;
    r->line = s->line;
    return strchr(text_string(&s->body), '<') ? check_stanzas(r, s) : wrong(r, "a step without a stanza", NULL);
}

static int check_whole(reader *r)
{
    const script *s = r->script;
    int last = r->line;
    for (size_t i = 0; i < s->client_count; i++)
        if (!s->clients[i].jid)
            return wrong(r, "a client without a jid", s->clients[i].name);
    for (size_t i = 0; i < s->step_count; i++)
        if (check_step(r, &s->steps[i]) < 0)
            return -1;
    r->line = last;
    if (r->in_header)
        return wrong(r, "there is no line of dashes after the clients", NULL);
    if (r->coming.proves || r->coming.expects_result || r->coming.leak_ok)
        return wrong(r, "the last directive is about a step that does not come", NULL);
    return 0;
}

static int read_whole(FILE *f, text *out)
{
    char buffer[4096];
    size_t n;
    while ((n = fread(buffer, 1, sizeof buffer, f)) > 0)
        text_add_n(out, buffer, n);
    return ferror(f) ? -1 : 0;
}

int script_read(script *s, const char *path)
{
    text all = {0};
    reader r = {.script = s, .in_header = 1};
    *s = (script){.path = copy(path)};
    FILE *f = fopen(path, "r");
    int result = f ? read_whole(f, &all) : -1;
    s->unreadable = result < 0;
    if (result < 0)
        text_format(&s->error, "%s: %s\n", path, strerror(errno));
    if (f)
        fclose(f);
    for (char *line = all.p; line && *line && result == 0;) {
        char *end = strchr(line, '\n'), *next = end ? end + 1 : line + strlen(line);
        if (end)
            *end = 0;
        r.line++;
        result = read_line(&r, line);
        line = next;
    }
    if (result == 0)
        result = check_whole(&r);
    free(r.coming.proves);
    text_free(&all);
    return result;
}

void script_free(script *s)
{
    for (size_t i = 0; i < s->client_count; i++) {
        free(s->clients[i].name);
        free(s->clients[i].jid);
        free(s->clients[i].resource);
    }
    for (size_t i = 0; i < s->step_count; i++) {
        text_free(&s->steps[i].body);
        free(s->steps[i].proves);
    }
    free(s->clients);
    free(s->steps);
    free(s->needs);
    free(s->path);
    text_free(&s->error);
}
