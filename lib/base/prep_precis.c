/* prep_precis.c: the PRECIS profiles of JIDs and nicknames: UsernameCaseMapped and OpaqueString (RFC 8265), Nickname
 * (RFC 8266), and what RFC 7622 section 3.2 asks of internationalised domains. */
#include <base/prep.h>
#include <base/precis.h>
#include <base/text.h>

#if MUC_WITH_PRECIS
#include <string.h>
#include <utf8proc.h>

/* A pass is applied until nothing changes: once, and up to three times more (RFC 8264 section 7). */
enum { PASSES = 4, CODES = MU_PREP_MAX };

enum { CAPITAL_DOTTED_I = 0x130, CAPITAL_SIGMA = 0x3a3, FINAL_SIGMA = 0x3c2 };

typedef struct profile {
    mu_precis_class class;
    bool width;  /* fullwidth and halfwidth forms become ordinary ones */
    bool dots;   /* the ideographic full stop separates labels */
    bool lower;  /* case mapping */
    bool compat; /* NFKC instead of NFC */
    bool trim;   /* no blanks at the ends, one inside */
    bool bidi;
} profile;

static const profile username = {MU_PRECIS_IDENTIFIER, true, false, true, false, false, true};
static const profile domain = {MU_PRECIS_IDENTIFIER, true, true, true, false, false, true};
static const profile opaque = {MU_PRECIS_FREEFORM, false, false, false, false, false, false};
static const profile nickname = {MU_PRECIS_FREEFORM, false, false, true, true, true, false};

static const profile *profile_of(muc_prep_part part, muc_prep_purpose purpose)
{
    if (part == MUC_PREP_LOCAL)
        return &username;
    if (part == MUC_PREP_DOMAIN)
        return &domain;
    return part == MUC_PREP_NICK && purpose == MUC_PREP_COMPARE ? &nickname : &opaque;
}

typedef struct mapping {
    const profile *profile;
    bool allowed;
} mapping;

/* What happens to a code point before it is decomposed: width or space mapping, and the check of the string class. */
static int32_t map_code(int32_t c, void *ud)
{
    mapping *m = ud;
    int type = utf8proc_get_property(c)->decomp_type;
    if (m->profile->width && (type == UTF8PROC_DECOMP_TYPE_WIDE || type == UTF8PROC_DECOMP_TYPE_NARROW)) {
        int last = 0;
        int32_t to = c;
        const utf8proc_option_t options = UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT;
        if (utf8proc_decompose_char(c, &to, 1, options, &last) == 1)
            c = to;
    }
    if (m->profile->dots && c == 0x3002)
        c = '.';
    if (m->profile->class == MU_PRECIS_FREEFORM && mu_prep_blank((uint32_t)c))
        c = ' ';
    m->allowed = m->allowed && mu_precis_allows(m->profile->class, c);
    /* Before compatibility decomposition, as RFC 8266 has it; the two that depend on more follow in lower(). */
    return m->profile->lower && c != CAPITAL_SIGMA && c != CAPITAL_DOTTED_I ? utf8proc_tolower(c) : c;
}

static bool cased(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);
    return category == UTF8PROC_CATEGORY_LU || category == UTF8PROC_CATEGORY_LL || category == UTF8PROC_CATEGORY_LT;
}

/* Whether the next thing from `i` on in the direction of `step` that has to do with case is a letter. */
static bool letter_beside(const int32_t *c, size_t n, size_t i, size_t step)
{
    for (i += step; i < n; i += step) {
        utf8proc_category_t category = utf8proc_category(c[i]);
        bool skipped = category == UTF8PROC_CATEGORY_MN || category == UTF8PROC_CATEGORY_ME ||
                       category == UTF8PROC_CATEGORY_LM || category == UTF8PROC_CATEGORY_SK || c[i] == '\'' ||
                       c[i] == '.' || c[i] == 0xb7 || c[i] == 0x2019;
        if (!skipped)
            return cased(c[i]);
    }
    return false;
}

/* toLowerCase() of Unicode section 3.13: a sigma that ends a word has a form of its own. On decomposed text, where
 * no other letter has a mapping of more than one code point. */
static void lower(int32_t *c, size_t n)
{
    const size_t back = SIZE_MAX; /* adding it is going back by one, and off the end at the start */
    for (size_t i = 0; i < n; i++) {
        if (c[i] == CAPITAL_SIGMA && letter_beside(c, n, i, back) && !letter_beside(c, n, i, 1))
            c[i] = FINAL_SIGMA;
        else
            c[i] = utf8proc_tolower(c[i]);
    }
}

static size_t trim(int32_t *c, size_t n)
{
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        if (c[i] != ' ' || (used > 0 && c[used - 1] != ' '))
            c[used++] = c[i];
    }
    return used > 0 && c[used - 1] == ' ' ? used - 1 : used;
}

/* Labels of a domain are checked one by one, everything else as a whole. */
static bool neighbours(const profile *p, const int32_t *c, size_t n)
{
    for (size_t from = 0, i = 0; i <= n; i++) {
        if (i < n && !(p == &domain && c[i] == '.'))
            continue;
        if (!mu_precis_context(c + from, i - from) || (p->bidi && !mu_precis_bidi(c + from, i - from)))
            return false;
        from = i + 1;
    }
    return true;
}

/* One pass from `text` to `text`. The new length, or -1. */
static int pass(const profile *p, char text[MU_PREP_MAX + 1], size_t n)
{
    int32_t codes[CODES + 1]; /* re-encoding needs one byte more than the codes */
    mapping m = {p, true};
    const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t count =
        utf8proc_decompose_custom((const utf8proc_uint8_t *)text, (utf8proc_ssize_t)n, codes, CODES,
                                  p->compat ? options | UTF8PROC_COMPAT : options, map_code, &m);
    if (count < 1 || count > CODES || !m.allowed)
        return -1;
    if (p->lower)
        lower(codes, (size_t)count);
    if (p->trim)
        count = (utf8proc_ssize_t)trim(codes, (size_t)count);
    count = utf8proc_normalize_utf32(codes, count, options);
    if (count < 1 || !neighbours(p, codes, (size_t)count))
        return -1;
    utf8proc_ssize_t length = utf8proc_reencode(codes, count, 0);
    if (length < 1 || length > MU_PREP_MAX)
        return -1;
    memcpy(text, codes, (size_t)length);
    return (int)length;
}

/* What is asked of the result beyond its string class. */
static bool accepted(muc_prep_part part, const char *p, size_t n)
{
    if (part == MUC_PREP_DOMAIN)
        return mu_prep_domain_valid(p, n);
    if (part == MUC_PREP_NICK)
        return mu_prep_visible(p, n);
    for (size_t i = 0; part == MUC_PREP_LOCAL && i < n; i++) {
        if (mu_prep_local_forbids((uint8_t)p[i]))
            return false;
    }
    return true;
}

int mu_prep_precis(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size)
{
    if (part == MUC_PREP_DOMAIN && n > 1 && in[n - 1] == '.')
        n--;
    if (n == 0 || n > MU_PREP_MAX || !mu_xml_valid(in, n))
        return -1;
    const profile *p = profile_of(part, purpose);
    char before[MU_PREP_MAX + 1], text[MU_PREP_MAX + 1];
    memcpy(text, in, n);
    size_t length = n;
    for (int i = 0; i < PASSES; i++) {
        memcpy(before, text, length);
        int now = pass(p, text, length);
        if (now < 0)
            return -1;
        bool stable = (size_t)now == length && memcmp(before, text, length) == 0;
        length = (size_t)now;
        if (!stable)
            continue;
        if (length >= size || !accepted(part, text, length))
            return -1;
        memcpy(out, text, length);
        out[length] = '\0';
        return (int)length;
    }
    return -1;
}
#endif
