/* tags.c: a look at tags, quotes and sections, byte by byte, since a stream may be cut anywhere. */
#include <string.h>

#include "tags.h"

enum { TEXT, OPENED, TAG, QUOTED, DECLARED, SECTION, DECLARATION };

/* Whether the end of a section is complete with this byte. Of what may be longer than it (`]]]>`) the start is kept. */
static int ends(struct tags *t, char c, const char *end)
{
    size_t n = strlen(end);
    if (c == end[t->match])
        t->match++;
    else if (!(t->match == n - 1 && c == end[0]))
        t->match = c == end[0];
    return t->match == n;
}

static void enter(struct tags *t, int state)
{
    t->state = state;
    t->match = 0;
}

static void in_section(struct tags *t, char c, const char *end)
{
    if (ends(t, c, end))
        enter(t, TEXT);
}

/* Behind `<`. */
static void open_markup(struct tags *t, char c)
{
    t->values = 0;
    if (c == '?' && t->begun)
        t->restricted = "a processing instruction";
    enter(t, c == '!' ? DECLARED : c == '?' ? DECLARATION : TAG);
    t->begun = 1;
}

/* Behind `<!`. */
static void open_declared(struct tags *t, char c)
{
    if (c != '[')
        t->restricted = c == '-' ? "a comment" : "a document type";
    enter(t, SECTION);
}

/* Whether the byte of a tag stays. */
static int in_tag(struct tags *t, char c)
{
    int full = t->values >= TAGS_VALUES;
    if (c == '>') {
        enter(t, TEXT);
    } else if (c == '\'' || c == '"') {
        t->quote = c;
        t->state = QUOTED;
    }
    return !full || c == '>' || c == '/';
}

static int in_quotes(struct tags *t, char c)
{
    int full = t->values >= TAGS_VALUES;
    if (c == t->quote) {
        t->values++;
        t->state = TAG;
    }
    return !full;
}

static int step(struct tags *t, char c)
{
    switch (t->state) {
    case OPENED:
        open_markup(t, c);
        return t->state != TAG || in_tag(t, c);
    case TAG:
        return in_tag(t, c);
    case QUOTED:
        return in_quotes(t, c);
    case DECLARED:
        open_declared(t, c);
        return 1;
    case SECTION:
        in_section(t, c, "]]>");
        return 1;
    default:
        in_section(t, c, "?>");
        return 1;
    }
}

size_t tags_bound(struct tags *t, const char *bytes, size_t n, char *out)
{
    size_t left = 0;
    for (size_t i = 0; i < n && !t->restricted; i++) {
        if (t->state == TEXT) {
            const char *next = memchr(bytes + i, '<', n - i);
            size_t text = next ? (size_t)(next - bytes) + 1 - i : n - i;
            memcpy(out + left, bytes + i, text);
            left += text;
            i += text - 1;
            if (next)
                t->state = OPENED;
        } else if (step(t, bytes[i])) {
            out[left++] = bytes[i];
        }
    }
    return left;
}
