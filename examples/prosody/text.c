/* text.c: bytes that grow, and the characters that XML wants escaped. */
#include "binding.h"
#include <stdlib.h>
#include <string.h>

static int make_room(struct text *out, size_t n)
{
    if (out->failed || n > SIZE_MAX / 2 - out->n)
        return out->failed = 1;
    size_t size = out->size ? out->size : 1024;
    while (size < out->n + n)
        size *= 2;
    if (size == out->size)
        return 0;
    char *p = realloc(out->p, size);
    if (!p)
        return out->failed = 1;
    out->p = p;
    out->size = size;
    return 0;
}

void text_add(struct text *out, const char *bytes, size_t n)
{
    if (out->size - out->n < n && make_room(out, n))
        return;
    if (n > 0)
        memcpy(out->p + out->n, bytes, n);
    out->n += n;
}

void text_add_string(struct text *out, const char *string)
{
    text_add(out, string, strlen(string));
}

/* What stands for a byte: NULL for itself. Line breaks and tabs in attributes would become blanks otherwise. */
static const char *escaped(unsigned char c)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\'':
        return "&apos;";
    case '"':
        return "&quot;";
    case '\t':
        return "&#9;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    default:
        return NULL;
    }
}

void text_add_escaped(struct text *out, const char *bytes, size_t n)
{
    size_t done = 0;
    for (size_t i = 0; i < n; i++) {
        /* Of all that is escaped only '<' and '>' are above '\''. */
        unsigned char c = (unsigned char)bytes[i];
        const char *instead = c > '>' || (c > '\'' && c < '<') ? NULL : escaped(c);
        if (!instead)
            continue;
        text_add(out, bytes + done, i - done);
        text_add_string(out, instead);
        done = i + 1;
    }
    text_add(out, bytes + done, n - done);
}

void text_free(struct text *text)
{
    free(text->p);
    *text = (struct text){NULL, 0, 0, 0};
}
