/* silence.h: how many bytes were written to standard error meanwhile. */
#ifndef MU_TESTS_SILENCE_H
#define MU_TESTS_SILENCE_H

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct silence {
    int saved;
    FILE *file;
} silence;

static inline void silence_begin(silence *s)
{
    fflush(stderr);
    s->file = tmpfile();
    ck_assert_ptr_nonnull(s->file);
    s->saved = dup(STDERR_FILENO);
    dup2(fileno(s->file), STDERR_FILENO);
}

static inline long silence_end(silence *s)
{
    fflush(stderr);
    dup2(s->saved, STDERR_FILENO);
    close(s->saved);
    fseek(s->file, 0, SEEK_END);
    long n = ftell(s->file);
    fclose(s->file);
    return n;
}

#endif
