/* sides.c: what was expected and what was received, side by side; see sides.h. */
#include <stdlib.h>
#include <string.h>

#include "compare.h"
#include "sides.h"

#define WIDTH 76 /* columns of one side */

/* A line of one side, and which of its bytes differ. */
typedef struct line {
    char *is, *marks;
} line;

typedef struct lines {
    line *list;
    size_t count;
} lines;

static lines split(const char *all)
{
    lines l = {0};
    while (*all) {
        size_t n = strcspn(all, "\n");
        l.list = grow(l.list, (l.count + 1) * sizeof *l.list);
        l.list[l.count++] = (line){copy_n(all, n), fresh(n + 1)};
        all += n + (all[n] == '\n');
    }
    return l;
}

static void free_lines(lines *l)
{
    for (size_t i = 0; i < l->count; i++) {
        free(l->list[i].is);
        free(l->list[i].marks);
    }
    free(l->list);
}

/* ---- what differs in a line ------------------------------------------------------------------------------------- */

/* A part of a line: an attribute, or the text after the tag. */
typedef struct part {
    size_t at, n;
    size_t name; /* length of an attribute's name; text: 0 */
} part;

static size_t after_name(const char *s)
{
    size_t blanks = strspn(s, " ");
    return s[blanks] == '<' ? blanks + strcspn(s + blanks, " />") : 0;
}

/* The part of a tag's line that comes after another one; 1, or 0 at the end. Quotes inside values are entities. */
static int next_part(const char *s, part *p)
{
    size_t at = p->at + p->n;
    if (s[at] == ' ') {
        at++;
        size_t name = strcspn(s + at, "=");
        size_t open = at + name + (s[at + name] ? 1 : 0);
        size_t value = s[open] ? 1 + strcspn(s + open + 1, "'") : 0;
        *p = (part){at, open - at + value + (s[open + value] == '\''), name};
        return 1;
    }
    if (s[at] != '>')
        return 0;
    *p = (part){at + 1, strcspn(s + at + 1, "<"), 0};
    return 1;
}

static int find_part(const char *s, const part *like, const char *in, part *found)
{
    *found = (part){after_name(in), 0, 0};
    while (next_part(in, found))
        if (found->name == like->name && strncmp(in + found->at, s + like->at, like->name) == 0)
            return 1;
    return 0;
}

static int same_part(const line *a, const part *p, const line *b, const part *q)
{
    char *expected = copy_n(a->is + p->at, p->n), *received = copy_n(b->is + q->at, q->n);
    int same = compare_line(expected, received);
    free(expected);
    free(received);
    return same;
}

static void mark(line *l, const part *p)
{
    memset(l->marks + p->at, 1, p->n);
}

/* Marks the attributes, or the text, in which two lines about elements of one name differ. */
static void mark_differences(const sides_style *style, line *expected, line *received)
{
    size_t n = after_name(expected->is), blanks = strspn(expected->is, " ");
    part p = {n, 0, 0}, q;
    if (n == 0 || n != after_name(received->is) || expected->is[blanks + 1] == '/' ||
        strncmp(expected->is, received->is, n) != 0)
        return;
    while (next_part(expected->is, &p)) {
        int there = find_part(expected->is, &p, received->is, &q);
        if (there && same_part(expected, &p, received, &q))
            continue;
        if (there)
            mark(received, &q);
        mark(expected, &p);
    }
    for (p = (part){n, 0, 0}; !style->loose && next_part(received->is, &p);)
        if (!find_part(received->is, &p, expected->is, &q))
            mark(received, &p);
}

/* ---- rows ------------------------------------------------------------------------------------------------------- */

/* A line that is being written; it continues on further rows where it is long. */
typedef struct cursor {
    const line *line;
    size_t at;     /* bytes that were written */
    size_t n;      /* bytes in this row */
    size_t indent; /* of this row, beyond what the line has */
    size_t width;  /* columns of this row */
    int quoted;    /* whether an attribute's value is open */
} cursor;

/* The bytes that go into the next row: up to a blank between attributes, else to any blank, UTF-8 sequences kept
 * whole. */
static void fill_row(cursor *c)
{
    const char *s = c->line->is + c->at;
    size_t blanks = strspn(c->line->is, " "), columns, best = 0, second = 0, n = 0;
    int quoted = c->quoted;
    c->indent = c->at == 0 ? 0 : blanks + 4 < WIDTH / 2 ? blanks + 4 : WIDTH / 2;
    for (columns = c->indent; s[n] && columns < WIDTH; columns++) {
        if (s[n] == ' ' && c->at + n > blanks)
            *(quoted ? &second : &best) = n;
        quoted ^= s[n++] == '\'';
        while ((s[n] & 0xc0) == 0x80)
            n++;
    }
    c->n = n;
    if (s[n] && s[n] != ' ' && (best || second))
        c->n = best ? best : second;
    c->width = c->indent;
    for (size_t i = 0; i < c->n; i++)
        c->width += (s[i] & 0xc0) != 0x80;
}

static void pass_row(cursor *c)
{
    const char *s = c->line->is + c->at;
    for (size_t i = 0; i < c->n; i++)
        c->quoted ^= s[i] == '\'';
    c->at += c->n;
    c->at += c->line->is[c->at] == ' '; /* the blank at which the row ends */
}

static void add_blanks(text *out, size_t n)
{
    while (n-- > 0)
        text_add(out, " ");
}

static int has_marks(const cursor *c)
{
    return memchr(c->line->marks + c->at, 1, c->n) != NULL;
}

static void write_marks(const cursor *c, text *out)
{
    add_blanks(out, c->indent);
    for (size_t i = c->at; i < c->at + c->n; i++)
        if ((c->line->is[i] & 0xc0) != 0x80)
            text_add(out, c->line->marks[i] ? "^" : " ");
}

static void write_row(const sides_style *style, const line *left, const line *right, int differs, text *out)
{
    cursor a = {.line = left}, b = {.line = right};
    do {
        fill_row(&a);
        fill_row(&b);
        text_add(out, differs ? style->red : "");
        text_add(out, differs ? "! " : "  ");
        add_blanks(out, a.indent);
        text_add_n(out, a.line->is + a.at, a.n);
        add_blanks(out, WIDTH - a.width);
        text_add(out, " | ");
        add_blanks(out, b.n ? b.indent : 0);
        text_add_n(out, b.line->is + b.at, b.n);
        text_add(out, differs ? style->normal : "");
        text_add(out, "\n");
        if (has_marks(&a) || has_marks(&b)) {
            text_add(out, style->bold);
            text_add(out, "  ");
            write_marks(&a, out);
            add_blanks(out, WIDTH - a.width);
            text_add(out, " | ");
            write_marks(&b, out);
            while (out->p[out->n - 1] == ' ')
                text_cut(out, out->n - 1);
            text_add(out, style->normal);
            text_add(out, "\n");
        }
        pass_row(&a);
        pass_row(&b);
    } while (a.line->is[a.at] || b.line->is[b.at]);
}

/* best[i][j]: how many lines fit each other at most from the i-th and the j-th on. */
static size_t *count_fitting(const lines *a, const lines *b)
{
    size_t width = b->count + 1;
    size_t *best = fresh((a->count + 1) * width * sizeof *best);
    for (size_t i = a->count; i-- > 0;)
        for (size_t j = b->count; j-- > 0;) {
            size_t skip_a = best[(i + 1) * width + j], skip_b = best[i * width + j + 1];
            size_t here = skip_a > skip_b ? skip_a : skip_b;
            if (compare_line(a->list[i].is, b->list[j].is) && best[(i + 1) * width + j + 1] + 1 > here)
                here = best[(i + 1) * width + j + 1] + 1;
            best[i * width + j] = here;
        }
    return best;
}

void sides_write(const sides_style *style, const char *expected, const char *received, text *out)
{
    lines a = split(expected), b = split(received), titles = split("expected\nreceived");
    line nothing = {copy(""), fresh(1)};
    size_t *best = count_fitting(&a, &b), width = b.count + 1;
    write_row(style, &titles.list[0], &titles.list[1], 0, out);
    for (size_t i = 0, j = 0; i < a.count || j < b.count;) {
        int left = i < a.count, right = j < b.count;
        if (left && right && compare_line(a.list[i].is, b.list[j].is)) {
            write_row(style, &a.list[i++], &b.list[j++], 0, out);
        } else if (left && right && best[i * width + j] == best[(i + 1) * width + j + 1]) {
            mark_differences(style, &a.list[i], &b.list[j]);
            write_row(style, &a.list[i++], &b.list[j++], 1, out);
        } else if (!right || (left && best[(i + 1) * width + j] >= best[i * width + j + 1])) {
            write_row(style, &a.list[i++], &nothing, 1, out);
        } else {
            write_row(style, &nothing, &b.list[j++], 1, out);
        }
    }
    free(best);
    free(nothing.is);
    free(nothing.marks);
    free_lines(&a);
    free_lines(&b);
    free_lines(&titles);
}
