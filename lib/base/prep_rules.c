/* prep_rules.c: what both profiles hold to: characters that localparts forbid (RFC 7622 section 3.3.1), the form of a
 * domain (section 3.2), and what counts as invisible (XEP-0045 section 17.1). */
#include <base/prep.h>
#include <base/text.h>

#include <string.h>

bool mu_prep_local_forbids(uint32_t c)
{
    static const bool forbidden[0x80] = {['"'] = true, ['&'] = true, ['\''] = true, ['/'] = true,
                                         [':'] = true, ['<'] = true, ['>'] = true,  ['@'] = true};
    return c < sizeof forbidden && forbidden[c];
}

bool mu_prep_blank(uint32_t c)
{
    return c == 0x20 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

bool mu_prep_invisible(uint32_t c)
{
    /* Controls, white space, format characters, default ignorable ones, fillers, the empty Braille pattern. */
    static const struct range {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x0020},   {0x007f, 0x00a0},   {0x00ad, 0x00ad},   {0x034f, 0x034f},   {0x0600, 0x0605},
        {0x061c, 0x061c},   {0x06dd, 0x06dd},   {0x070f, 0x070f},   {0x08e2, 0x08e2},   {0x115f, 0x1160},
        {0x1680, 0x1680},   {0x17b4, 0x17b5},   {0x180b, 0x180f},   {0x2000, 0x200f},   {0x2028, 0x202f},
        {0x205f, 0x206f},   {0x2800, 0x2800},   {0x3000, 0x3000},   {0x3164, 0x3164},   {0xfe00, 0xfe0f},
        {0xfeff, 0xfeff},   {0xffa0, 0xffa0},   {0xfff0, 0xfffb},   {0x110bd, 0x110bd}, {0x110cd, 0x110cd},
        {0x13430, 0x13438}, {0x1bca0, 0x1bca3}, {0x1d173, 0x1d17a}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges && ranges[i].first <= c; i++) {
        if (c <= ranges[i].last)
            return true;
    }
    return false;
}

bool mu_prep_visible(const char *p, size_t n)
{
    const char *end = p + n;
    while (p < end) {
        if (!mu_prep_invisible(mu_utf8_next(&p, end)))
            return true;
    }
    return false;
}

/* How many of the n bytes are hexadecimal digits. */
static size_t hex_run(const char *p, size_t n)
{
    size_t i = 0;
    while (i < n && ((p[i] >= '0' && p[i] <= '9') || (p[i] >= 'a' && p[i] <= 'f')))
        i++;
    return i;
}

/* Four decimal numbers up to 255. */
static bool ipv4(const char *p, size_t n)
{
    for (int part = 0; part < 4; part++) {
        size_t len = 0;
        while (len < n && p[len] >= '0' && p[len] <= '9')
            len++;
        int64_t v;
        if (len > 3 || !mu_number(p, len, &v) || v > 255)
            return false;
        if (part < 3 && (len == n || p[len] != '.'))
            return false;
        len += part < 3;
        p += len;
        n -= len;
    }
    return n == 0;
}

/* RFC 4291 section 2.2: eight groups, one run of zeros as "::", the last two perhaps as an IPv4 address. */
static bool ipv6(const char *p, size_t n)
{
    int groups = 0;
    bool gap = n >= 2 && p[0] == ':' && p[1] == ':';
    size_t i = gap ? 2 : 0;
    while (i < n) {
        size_t len = hex_run(p + i, n - i);
        if (i + len < n && p[i + len] == '.') {
            if (!ipv4(p + i, n - i))
                return false;
            groups += 2;
            break;
        }
        if (len == 0 || len > 4 || ++groups > 8)
            return false;
        i += len;
        if (i == n)
            break;
        if (p[i++] != ':' || i == n)
            return false;
        if (p[i] == ':') {
            if (gap)
                return false;
            gap = true;
            i++;
        }
    }
    return gap ? groups < 8 : groups == 8;
}

/* ASCII labels: letters, digits and inner hyphens, up to 63. What else is in a label is for the profile to judge. */
static bool label(const char *p, size_t n)
{
    if (n == 0 || p[0] == '-' || p[n - 1] == '-' || (n > 63 && mu_ascii(p, n)))
        return false;
    for (size_t i = 0; i < n; i++) {
        uint8_t c = (uint8_t)p[i];
        if (c < 0x80 && c != '-' && !(c >= '0' && c <= '9') && !(c >= 'a' && c <= 'z'))
            return false;
    }
    return true;
}

bool mu_prep_domain_valid(const char *p, size_t n)
{
    if (n > 2 && p[0] == '[' && p[n - 1] == ']')
        return ipv6(p + 1, n - 2);
    for (;;) {
        const char *dot = n > 0 ? memchr(p, '.', n) : NULL;
        size_t len = dot ? (size_t)(dot - p) : n;
        if (!label(p, len))
            return false;
        if (!dot)
            return true;
        p += len + 1;
        n -= len + 1;
    }
}
