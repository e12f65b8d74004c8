/* buf.h: growable bytes with one latched error.
 *
 * Appending to a buffer that failed does nothing, so a writer checks once, at the end. */
#ifndef MU_BASE_BUF_H
#define MU_BASE_BUF_H

#include <base/mem.h>
#include <stdbool.h>

typedef struct mu_buf {
    mu_heap *heap;
    char *p; /* NUL-terminated once anything was appended */
    size_t n, cap;
    bool failed; /* out of memory: the content is incomplete */
} mu_buf;

void mu_buf_init(mu_buf *b, mu_heap *heap);
/* Empties it and clears the error; keeps the memory. */
void mu_buf_reset(mu_buf *b);
void mu_buf_free(mu_buf *b);
bool mu_buf_reserve(mu_buf *b, size_t more);
void mu_buf_add(mu_buf *b, const void *p, size_t n);
void mu_buf_str(mu_buf *b, const char *s);
void mu_buf_span(mu_buf *b, muc_span s);
void mu_buf_char(mu_buf *b, char c);
void mu_buf_int(mu_buf *b, long long v);
/* Escaped for XML: & < > and, in attributes, ' " and white space other than blank. Line breaks become &#10; in both. */
void mu_buf_escape(mu_buf *b, const char *p, size_t n, bool attribute);
/* Ends what starts at `from` (shortens the buffer to `from` bytes). */
void mu_buf_cut(mu_buf *b, size_t from);

#endif
