/* report.c: telling what went wrong; see report.h. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "report.h"
#include "tree.h"

#define WIDTH 76 /* columns of one side */

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

/* ---- side by side ----------------------------------------------------------------------------------------------- */

typedef struct lines {
    char **list;
    size_t count;
} lines;

static lines split(const char *all)
{
    lines l = {0};
    while (*all) {
        size_t n = strcspn(all, "\n");
        l.list = grow(l.list, (l.count + 1) * sizeof *l.list);
        l.list[l.count++] = copy_n(all, n);
        all += n + (all[n] == '\n');
    }
    return l;
}

static void free_lines(lines *l)
{
    for (size_t i = 0; i < l->count; i++)
        free(l->list[i]);
    free(l->list);
}

/* The part of a line that goes into one row of a side, UTF-8 sequences kept whole. */
static size_t cell(const char *line, size_t *columns)
{
    size_t n = 0;
    for (*columns = 0; line[n] && *columns < WIDTH; ++*columns) {
        n++;
        while ((line[n] & 0xc0) == 0x80)
            n++;
    }
    return n;
}

static void write_row(const player *p, const char *left, const char *right, int differs, text *out)
{
    do {
        size_t columns, n = cell(left, &columns), width, m = cell(right, &width);
        if (differs)
            paint(p, RED, out);
        text_add(out, differs ? "! " : "  ");
        text_add_n(out, left, n);
        while (columns++ < WIDTH)
            text_add(out, " ");
        text_add(out, " | ");
        text_add_n(out, right, m);
        if (differs)
            paint(p, NORMAL, out);
        text_add(out, "\n");
        left += n;
        right += m;
    } while (*left || *right);
}

/* Rows with the longest run of lines that fit each other on the same rows. */
static void write_sides(const player *p, const lines *a, const lines *b, text *out)
{
    size_t width = b->count + 1;
    size_t *best = fresh((a->count + 1) * width * sizeof *best);
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            size_t skip_a = best[(i + 1) * width + j], skip_b = best[i * width + j + 1];
            size_t here = skip_a > skip_b ? skip_a : skip_b;
            if (compare_line(a->list[i], b->list[j]) && best[(i + 1) * width + j + 1] + 1 > here)
                here = best[(i + 1) * width + j + 1] + 1;
            best[i * width + j] = here;
        }
    for (size_t i = 0, j = 0; i < a->count || j < b->count;) {
        int left = i < a->count, right = j < b->count;
        if (left && right && compare_line(a->list[i], b->list[j])) {
            write_row(p, a->list[i++], b->list[j++], 0, out);
        } else if (left && right && best[i * width + j] == best[(i + 1) * width + j + 1]) {
            write_row(p, a->list[i++], b->list[j++], 1, out);
        } else if (!right || (left && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
            write_row(p, a->list[i++], "", 1, out);
        } else {
            write_row(p, "", b->list[j++], 1, out);
        }
    }
    free(best);
}

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
        lines a = split(text_string(&left)), b = split(text_string(&right));
        write_row(p, "expected", "received", 0, &p->failure);
        write_sides(p, &a, &b, &p->failure);
        free_lines(&a);
        free_lines(&b);
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
