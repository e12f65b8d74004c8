/* text.h: growing texts and memory of the runner's own, which ends the program when there is none left. */
#ifndef SCS_TEXT_H
#define SCS_TEXT_H

#include <stddef.h>

/** A growing text; always NUL-terminated once something was added. Starts as {0}. */
typedef struct text {
    char *p;
    size_t n, size;
} text;

/** The text as a string: "" when it is empty. */
const char *text_string(const text *t);
void text_add_n(text *t, const char *bytes, size_t n);
void text_add(text *t, const char *string);
/** Adds like printf. */
#if defined(__GNUC__)
__attribute__((format(printf, 2, 3)))
#endif
void text_format(text *t, const char *format, ...);
/** Adds with the five characters that XML reserves written as entities. */
void text_add_escaped(text *t, const char *string);
/** Shortens to n bytes. */
void text_cut(text *t, size_t n);
void text_free(text *t);

/** realloc() that does not fail. */
void *grow(void *p, size_t bytes);
/** Zeroed memory. */
void *fresh(size_t bytes);
char *copy_n(const char *bytes, size_t n);
char *copy(const char *string);
/** Whether a string starts with another one. */
int starts(const char *string, const char *with);

#endif
