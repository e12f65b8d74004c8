/* text.c: UTF-8 (RFC 3629), the characters of XML 1.0 (section 2.2), numbers and spans. */
#include <base/text.h>

#include <string.h>

/* Length of the sequence at p, or 0 when it is not well-formed; the code point goes to *out. */
static size_t decode(const char *p, size_t n, uint32_t *out)
{
    uint8_t lead = (uint8_t)p[0];
    if (lead < 0x80) {
        *out = lead;
        return 1;
    }
    size_t len = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || n < len)
        return 0;
    static const uint32_t least[] = {0x80, 0x800, 0x10000};
    uint32_t c = lead & (0x7fu >> len);
    for (size_t i = 1; i < len; i++) {
        if (((uint8_t)p[i] & 0xc0) != 0x80)
            return 0;
        c = c << 6 | ((uint8_t)p[i] & 0x3f);
    }
    if (c < least[len - 2] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *out = c;
    return len;
}

static bool xml_char(uint32_t c)
{
    if (c < 0x20)
        return c == '\t' || c == '\n' || c == '\r';
    return c != 0xfffe && c != 0xffff;
}

/* How many bytes from p on are ASCII from blank to DEL, a multiple of eight: nearly everything is, and eight at a time
 * cost what one did. */
static size_t ascii_run(const char *p, size_t n)
{
    size_t i = 0;
    for (; i + 8 <= n; i += 8) {
        uint64_t w;
        memcpy(&w, p + i, 8);
        uint64_t less_than_blank = (w - UINT64_C(0x2020202020202020)) & ~w;
        if ((w | less_than_blank) & UINT64_C(0x8080808080808080))
            break;
    }
    return i;
}

bool mu_utf8_valid(const char *p, size_t n)
{
    uint32_t c;
    for (size_t i = ascii_run(p, n), len; i < n; i += len) {
        len = decode(p + i, n - i, &c);
        if (len == 0)
            return false;
    }
    return true;
}

bool mu_xml_valid(const char *p, size_t n)
{
    uint32_t c;
    for (size_t i = 0, len; i < n; i += len) {
        len = ascii_run(p + i, n - i);
        if (len > 0)
            continue;
        len = 1;
        if ((uint8_t)p[i] >= 0x20 && (uint8_t)p[i] < 0x80)
            continue;
        len = decode(p + i, n - i, &c);
        if (len == 0 || !xml_char(c))
            return false;
    }
    return true;
}

size_t mu_utf8_length(const char *p, size_t n)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += ((uint8_t)p[i] & 0xc0) != 0x80;
    return count;
}

uint32_t mu_utf8_next(const char **p, const char *end)
{
    uint32_t c = 0xfffd;
    size_t len = decode(*p, (size_t)(end - *p), &c);
    *p += len > 0 ? len : 1;
    return c;
}

bool mu_ascii_lower(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] < 0x20 || p[i] > 0x7e || (p[i] >= 'A' && p[i] <= 'Z'))
            return false;
    }
    return true;
}

bool mu_ascii(const char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if ((uint8_t)p[i] > 0x7f)
            return false;
    }
    return true;
}

bool mu_number(const char *p, size_t n, int64_t *out)
{
    int64_t v = 0;
    for (size_t i = 0; i < n; i++) {
        if (p[i] < '0' || p[i] > '9')
            return false;
        int digit = p[i] - '0';
        v = v > (INT64_MAX - digit) / 10 ? INT64_MAX : v * 10 + digit;
    }
    if (n > 0)
        *out = v;
    return n > 0;
}

bool mu_integer(const char *p, size_t n, int64_t *out)
{
    bool negative = n > 0 && p[0] == '-';
    if (!mu_number(p + negative, n - negative, out))
        return false;
    if (negative)
        *out = -*out;
    return true;
}

bool mu_span_is(muc_span s, const char *text)
{
    return s.n == strlen(text) && (s.n == 0 || memcmp(s.p, text, s.n) == 0);
}

static bool blank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

muc_span mu_trim(muc_span s)
{
    while (s.n > 0 && blank(s.p[s.n - 1]))
        s.n--;
    while (s.n > 0 && blank(s.p[0])) {
        s.p++;
        s.n--;
    }
    return s;
}

bool mu_equal_secret(const char *a, size_t an, const char *b, size_t bn)
{
    if (an != bn)
        return false;
    /* volatile keeps the compiler from leaving the loop at the first difference. */
    volatile uint8_t differ = 0;
    for (size_t i = 0; i < an; i++)
        differ = (uint8_t)(differ | ((uint8_t)a[i] ^ (uint8_t)b[i]));
    return differ == 0;
}
