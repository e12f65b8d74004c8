/* text.c: growing texts; see text.h. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"

void *grow(void *p, size_t bytes)
{
    void *q = realloc(p, bytes ? bytes : 1);
    if (!q) {
        fputs("muc-scs: out of memory\n", stderr);
        exit(3);
    }
    return q;
}

void *fresh(size_t bytes)
{
    return memset(grow(NULL, bytes), 0, bytes);
}

char *copy_n(const char *bytes, size_t n)
{
    char *p = grow(NULL, n + 1);
    if (n)
        memcpy(p, bytes, n);
    p[n] = 0;
    return p;
}

char *copy(const char *string)
{
    return copy_n(string, strlen(string));
}

int starts(const char *string, const char *with)
{
    return strncmp(string, with, strlen(with)) == 0;
}

const char *text_string(const text *t)
{
    return t->p ? t->p : "";
}

void text_add_n(text *t, const char *bytes, size_t n)
{
    if (t->n + n + 1 > t->size) {
        t->size = (t->n + n + 1) * 2;
        t->p = grow(t->p, t->size);
    }
    if (n)
        memcpy(t->p + t->n, bytes, n);
    t->n += n;
    t->p[t->n] = 0;
}

void text_add(text *t, const char *string)
{
    text_add_n(t, string, strlen(string));
}

void text_format(text *t, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int n = vsnprintf(NULL, 0, format, args);
    va_end(args);
    if (n > 0) {
        char *p = grow(NULL, (size_t)n + 1);
        vsnprintf(p, (size_t)n + 1, format, again);
        text_add_n(t, p, (size_t)n);
        free(p);
    }
    va_end(again);
}

void text_add_escaped(text *t, const char *string)
{
    static const struct {
        char c;
        const char *entity;
    } entities[] = {
        {'&', "&amp;"}, {'<', "&lt;"}, {'>', "&gt;"}, {'"', "&quot;"}, {'\'', "&apos;"},
    };
    for (; *string; string++) {
        size_t i = 0, count = sizeof entities / sizeof entities[0];
        while (i < count && entities[i].c != *string)
            i++;
        if (i < count)
            text_add(t, entities[i].entity);
        else
            text_add_n(t, string, 1);
    }
}

void text_cut(text *t, size_t n)
{
    if (n < t->n) {
        t->n = n;
        t->p[n] = 0;
    }
}

void text_free(text *t)
{
    free(t->p);
    *t = (text){0};
}
