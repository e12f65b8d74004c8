/* jid.c: taking a JID apart in the order of RFC 7622 section 3.1: first the slash, then the at sign. */
#include <base/jid.h>
#include <base/text.h>

#include <string.h>

enum { MAX_PART = 1023 };

bool mu_jid_split(const char *p, size_t n, mu_jid *out)
{
    memset(out, 0, sizeof *out);
    if (n == 0 || !mu_utf8_valid(p, n))
        return false;
    const char *end = p + n;
    const char *slash = memchr(p, '/', n);
    const char *stop = slash ? slash : end;
    const char *at = memchr(p, '@', (size_t)(stop - p));
    const char *domain = at ? at + 1 : p;
    if (slash)
        out->resource = (muc_span){slash + 1, (size_t)(end - slash - 1)};
    if (at)
        out->local = (muc_span){p, (size_t)(at - p)};
    if (stop > domain && stop[-1] == '.')
        stop--;
    out->domain = (muc_span){domain, (size_t)(stop - domain)};
    out->bare = (muc_span){p, (size_t)(stop - p)};
    return out->domain.n > 0 && (!slash || out->resource.n > 0) && (!at || out->local.n > 0) &&
           out->local.n <= MAX_PART && out->domain.n <= MAX_PART && out->resource.n <= MAX_PART;
}
