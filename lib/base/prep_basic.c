/* prep_basic.c: preparation without Unicode tables: valid UTF-8, nothing unprintable, ASCII letters folded. */
#include <base/prep.h>
#include <base/text.h>

#include <string.h>

static void fold(char *p, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (p[i] >= 'A' && p[i] <= 'Z')
            p[i] = (char)(p[i] - 'A' + 'a');
    }
}

static bool control(uint32_t c)
{
    return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

/* Addresses hold nothing that cannot be seen; resources and nicknames may hold blanks and joiners. */
static bool allowed(muc_prep_part part, const char *p, size_t n)
{
    const char *end = p + n;
    bool address = part == MUC_PREP_LOCAL || part == MUC_PREP_DOMAIN;
    while (p < end) {
        uint32_t c = mu_utf8_next(&p, end);
        if (control(c) || (address && mu_prep_invisible(c)))
            return false;
        if (part == MUC_PREP_LOCAL && mu_prep_local_forbids(c))
            return false;
    }
    return true;
}

/* In place: no blanks at the ends, one ASCII blank for a run of any, nothing invisible, folded. */
static size_t nick_key(char *text, size_t n)
{
    const char *p = text;
    const char *end = text + n;
    size_t used = 0;
    bool gap = false;
    while (p < end) {
        const char *start = p;
        uint32_t c = mu_utf8_next(&p, end);
        gap = gap || mu_prep_blank(c);
        if (mu_prep_invisible(c))
            continue;
        if (gap && used > 0)
            text[used++] = ' ';
        gap = false;
        memmove(text + used, start, (size_t)(p - start));
        used += (size_t)(p - start);
    }
    fold(text, used);
    return used;
}

int mu_prep_basic(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size)
{
    if (part == MUC_PREP_DOMAIN && n > 1 && in[n - 1] == '.')
        n--;
    if (n == 0 || n > MU_PREP_MAX || n >= size || !mu_xml_valid(in, n) || !allowed(part, in, n))
        return -1;
    if (part == MUC_PREP_NICK && !mu_prep_visible(in, n))
        return -1;
    memcpy(out, in, n);
    if (part == MUC_PREP_LOCAL || part == MUC_PREP_DOMAIN)
        fold(out, n);
    if (part == MUC_PREP_DOMAIN && !mu_prep_domain_valid(out, n))
        return -1;
    if (part == MUC_PREP_NICK && purpose == MUC_PREP_COMPARE)
        n = nick_key(out, n);
    out[n] = '\0';
    return (int)n;
}
