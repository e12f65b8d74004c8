/* put.h: appending a few bytes where a call per piece would cost more than the copying. */
#ifndef MU_XML_PUT_H
#define MU_XML_PUT_H

#include <base/buf.h>
#include <string.h>

static inline void mu_put(mu_buf *b, const char *p, size_t n)
{
    if (b->failed || n >= b->cap - b->n) {
        mu_buf_add(b, p, n);
        return;
    }
    if (n > 0)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

static inline void mu_put_char(mu_buf *b, char c)
{
    mu_put(b, &c, 1);
}

static inline void mu_put_str(mu_buf *b, const char *s)
{
    mu_put(b, s, strlen(s));
}

#endif
