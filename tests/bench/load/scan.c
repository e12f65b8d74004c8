/* scan.c: from tag to tag. */
#include <stdio.h>
#include <string.h>

#include "scan.h"

/* The tag's last byte, which is no '>' within quotes; NULL: it is not complete. */
static const char *tag_end(const char *tag, const char *end)
{
    char quote = 0;
    for (const char *p = tag; p < end; p++)
        if (quote)
            quote = *p == quote ? 0 : quote;
        else if (*p == '\'' || *p == '"')
            quote = *p;
        else if (*p == '>')
            return p;
    return NULL;
}

static int is_named(const char *tag, size_t n, const char *name)
{
    size_t length = strlen(name);
    return n > length + 1 && memcmp(tag + 1, name, length) == 0 && strchr(" />\n", tag[1 + length]) != NULL;
}

/* The value of an attribute, without its quotes. NULL: there is none. */
static const char *find(const char *tag, size_t n, const char *name, size_t *length)
{
    size_t wanted = strlen(name);
    for (size_t i = 1; i + wanted + 3 < n; i++) {
        char quote = tag[i + wanted + 1];
        if (tag[i - 1] != ' ' || memcmp(tag + i, name, wanted) != 0 || tag[i + wanted] != '=' ||
            (quote != '\'' && quote != '"'))
            continue;
        const char *value = tag + i + wanted + 2, *end = memchr(value, quote, (size_t)(tag + n - value));
        *length = end ? (size_t)(end - value) : 0;
        return end ? value : NULL;
    }
    return NULL;
}

static void note_problem(scan *s, const char *tag, const char *end)
{
    if (!s->problem[0])
        snprintf(s->problem, sizeof s->problem, "%.*s", (int)(end - tag), tag);
}

static int has_type(const char *tag, size_t n, const char *type)
{
    size_t length;
    const char *value = find(tag, n, "type", &length);
    return value && length == strlen(type) && memcmp(value, type, length) == 0;
}

static int is_of_occupant(const char *tag, size_t n)
{
    size_t length;
    const char *from = find(tag, n, "from", &length);
    return from && memchr(from, '/', length);
}

static void count(scan *s, const char *tag, size_t n, const char *end)
{
    if (has_type(tag, n, "error"))
        s->errors++;
    else if (is_named(tag, n, "presence") && is_of_occupant(tag, n))
        s->presences++;
    else if (is_named(tag, n, "message"))
        s->messages++;
    else if (is_named(tag, n, "iq") && has_type(tag, n, "result"))
        s->results++;
    else if (is_named(tag, n, "handshake"))
        s->handshakes++;
    else
        s->others++;
    s->failed |= is_named(tag, n, "stream:error");
    if (s->errors || s->failed)
        note_problem(s, tag, end);
}

static void take(scan *s, const char *tag, size_t n, const char *end)
{
    if (tag[1] == '?')
        return;
    if (tag[1] == '/') {
        s->depth--;
        s->failed |= s->depth == 0;
        return;
    }
    if (s->depth == 0) {
        size_t length;
        const char *id = find(tag, n, "id", &length);
        s->opened = 1;
        snprintf(s->id, sizeof s->id, "%.*s", id ? (int)length : 0, id ? id : "");
    } else if (s->depth == 1) {
        count(s, tag, n, end);
    }
    s->depth += tag[n - 2] != '/';
}

size_t scan_feed(scan *s, const char *bytes, size_t n)
{
    const char *p = bytes, *end = bytes + n, *tag;
    while ((tag = memchr(p, '<', (size_t)(end - p)))) {
        const char *last = tag_end(tag, end);
        if (!last) {
            s->bytes += (uint64_t)(tag - bytes);
            return (size_t)(tag - bytes);
        }
        p = last + 1;
        take(s, tag, (size_t)(p - tag), end);
    }
    s->bytes += n;
    return n;
}
