/* buf.c: growable bytes with one latched error, and the escaping of XML 1.0 (sections 2.4 and 2.11). */
#include <base/buf.h>

#include <stdint.h>
#include <string.h>

enum { FIRST_SIZE = 64 };

void mu_buf_init(mu_buf *b, mu_heap *heap)
{
    memset(b, 0, sizeof *b);
    b->heap = heap;
}

void mu_buf_reset(mu_buf *b)
{
    b->n = 0;
    b->failed = false;
    if (b->p)
        b->p[0] = '\0';
}

void mu_buf_free(mu_buf *b)
{
    mu_free(b->heap, b->p);
    mu_buf_init(b, b->heap);
}

bool mu_buf_reserve(mu_buf *b, size_t more)
{
    if (b->failed)
        return false;
    if (more < b->cap - b->n)
        return true;
    size_t want = more < SIZE_MAX - b->n ? b->n + more + 1 : 0;
    if (want > 0 && want < FIRST_SIZE)
        want = FIRST_SIZE;
    if (want == 0 || mu_grow(b->heap, &b->p, &b->cap, want, 1) < 0)
        b->failed = true;
    return !b->failed;
}

void mu_buf_add(mu_buf *b, const void *p, size_t n)
{
    if (!mu_buf_reserve(b, n))
        return;
    if (n > 0)
        memcpy(b->p + b->n, p, n);
    b->n += n;
    b->p[b->n] = '\0';
}

void mu_buf_str(mu_buf *b, const char *s)
{
    mu_buf_add(b, s, strlen(s));
}

void mu_buf_span(mu_buf *b, muc_span s)
{
    mu_buf_add(b, s.p, s.n);
}

void mu_buf_char(mu_buf *b, char c)
{
    mu_buf_add(b, &c, 1);
}

void mu_buf_int(mu_buf *b, long long v)
{
    char digits[24];
    char *end = digits + sizeof digits;
    char *p = end;
    /* Unsigned, because the magnitude of LLONG_MIN is no long long. */
    unsigned long long rest = v < 0 ? 0ULL - (unsigned long long)v : (unsigned long long)v;
    do {
        *--p = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (v < 0)
        *--p = '-';
    mu_buf_add(b, p, (size_t)(end - p));
}

/* What stands for c, or NULL when it stands for itself. A bare CR would be read as LF, and LF, CR and TAB in an
 * attribute as blanks (XML 1.0 sections 2.11 and 3.3.3). */
static const char *entity(char c, bool attribute)
{
    switch (c) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '\n':
        return "&#10;";
    case '\r':
        return "&#13;";
    case '\t':
        return attribute ? "&#9;" : NULL;
    case '\'':
        return attribute ? "&apos;" : NULL;
    case '"':
        return attribute ? "&quot;" : NULL;
    default:
        return NULL;
    }
}

/* Bytes for which entity() has to be asked: nearly none. */
static const bool special[256] = {
    ['&'] = true, ['<'] = true, ['>'] = true, ['\n'] = true, ['\r'] = true, ['\t'] = true, ['\''] = true, ['"'] = true};

/* Has the highest bit of a byte set when, and only when, w has a byte that is 0; above the lowest such byte they mean
 * nothing. */
static uint64_t zeros(uint64_t w)
{
    return (w - UINT64_C(0x0101010101010101)) & ~w & UINT64_C(0x8080808080808080);
}

/* How many bytes from p on are none of those, a multiple of eight: eight at a time cost what two did. */
static size_t plain_run(const char *p, size_t n, bool attribute)
{
    const uint64_t each = UINT64_C(0x0101010101010101);
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        /* Less than a blank; & and ' are one bit apart, < and > too. */
        uint64_t found = (w - each * 0x20) & ~w & (each * 0x80);
        found |= zeros((w | each * 0x02) ^ each * '>');
        found |= attribute ? zeros((w | each) ^ each * '\'') | zeros(w ^ each * '"') : zeros(w ^ each * '&');
        if (found)
            break;
    }
    return i;
}

void mu_buf_escape(mu_buf *b, const char *p, size_t n, bool attribute)
{
    size_t done = 0;
    for (size_t i = plain_run(p, n, attribute); i < n; i++) {
        const char *e = special[(uint8_t)p[i]] ? entity(p[i], attribute) : NULL;
        if (!e)
            continue;
        mu_buf_add(b, p + done, i - done);
        mu_buf_str(b, e);
        done = i + 1;
        i += plain_run(p + done, n - done, attribute);
    }
    mu_buf_add(b, n > 0 ? p + done : p, n - done);
}

void mu_buf_cut(mu_buf *b, size_t from)
{
    if (from >= b->n)
        return;
    b->n = from;
    b->p[from] = '\0';
}
