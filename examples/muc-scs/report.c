/* report.c: telling what went wrong; see report.h. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "report.h"
#include "sides.h"
#include "tree.h"

#define RED    "\033[31m"
#define BOLD   "\033[1m"
#define NORMAL "\033[0m"

static void paint(const player *p, const char *color, text *out)
{
    if (p->options->color)
        text_add(out, color);
}

static void describe_step(const player *p, text *out)
{
    static const char *const verbs[] = {"connects", "disconnects", "sends", "receives"};
    const step *s = p->step;
    if (s->kind == STEP_DIRECTIVE)
        text_format(out, "#! %s %s", s->directive->name, text_string(&s->body));
    else
        text_format(out, "%s %s", p->script->clients[s->client].name, verbs[s->kind]);
}

int report_failure(player *p, const char *why)
{
    text *out = &p->failure;
    const step *s = p->step;
    p->failed_line = s ? s->line : 0;
    paint(p, BOLD, out);
    text_format(out, s ? "%s:%d: " : "%s: at the end", p->script->path, s ? s->line : 0);
    if (s)
        describe_step(p, out);
    paint(p, NORMAL, out);
    text_format(out, " (mode %s%s)\n  %s\n", mode_names[p->host.mode], p->options->leaks ? ", leaks" : "", why);
    if (s && s->proves)
        text_format(out, "  proves %s\n", s->proves);
    return -1;
}

/* ---- two stanzas ------------------------------------------------------------------------------------------------ */

int report_mismatch(player *p, const xmlNode *expected, const char *received, const char *why)
{
    text left = {0}, right = {0};
    xmlDoc *doc = tree_read(received, strlen(received));
    const xmlNode *got = tree_first(doc);
    const char *omit[8];
    size_t count = 0;
    for (size_t i = 0; compare_tolerated[i]; i++) {
        char *said = expected ? tree_attr(expected, compare_tolerated[i]) : NULL;
        if (!said)
            omit[count++] = compare_tolerated[i];
        free(said);
    }
    omit[count] = NULL;
    report_failure(p, why);
    if (expected)
        tree_pretty(expected, NULL, &left);
    if (got)
        tree_pretty(got, expected ? omit : NULL, &right);
    if (expected && got) {
        int color = p->options->color;
        sides_style style = {p->options->lenient || compare_allows_more(expected), color ? RED : "", color ? BOLD : "",
                             color ? NORMAL : ""};
        sides_write(&style, text_string(&left), text_string(&right), &p->failure);
    } else {
        text_format(&p->failure, "%s:\n%s", got ? "received" : "expected", text_string(got ? &right : &left));
    }
    text_free(&left);
    text_free(&right);
    xmlFreeDoc(doc);
    return -1;
}

void report_transcripts(const player *p, const char *expected, const char *got, text *out)
{
    const char *a = expected, *b = got;
    for (;;) {
        size_t n = strcspn(a, "\n"), m = strcspn(b, "\n");
        if (n != m || strncmp(a, b, n) != 0) {
            text_format(out, "%s: mode %s sends something else than mode bytes\n", p->script->path,
                        mode_names[p->host.mode]);
            text_format(out, "  bytes:  %.*s\n  %s: %.*s\n", (int)n, n ? a : "", mode_names[p->host.mode], (int)m, b);
            return;
        }
        if (!a[n])
            return;
        a += n + 1;
        b += m + (b[m] == '\n');
    }
}
