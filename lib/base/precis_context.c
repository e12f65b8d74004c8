/* precis_context.c: rules about neighbours: the contextual rules of RFC 5892 appendix A and the Bidi rule of RFC 5893
 * section 2. Zero-width non-joiners are let through after a virama only; the rule on joining types has no data here. */
#include <base/precis.h>

#if MUC_WITH_PRECIS
#include <utf8proc.h>

enum { VIRAMA = 9 };

static bool in(int32_t c, int32_t first, int32_t last)
{
    return c >= first && c <= last;
}

static bool greek(int32_t c)
{
    return in(c, 0x370, 0x3ff) || in(c, 0x1f00, 0x1fff);
}

static bool hebrew(int32_t c)
{
    return in(c, 0x591, 0x5f4) || in(c, 0xfb1d, 0xfb4f);
}

/* Hiragana, Katakana or Han. */
static bool japanese(int32_t c)
{
    return in(c, 0x3041, 0x309f) || in(c, 0x30a1, 0x30fa) || in(c, 0x30fd, 0x30ff) || in(c, 0x31f0, 0x31ff) ||
           in(c, 0x3400, 0x4dbf) || in(c, 0x4e00, 0x9fff) || in(c, 0xf900, 0xfaff) || in(c, 0x20000, 0x3134f) ||
           c == 0x3005 || c == 0x3007;
}

static bool arabic_indic(int32_t c)
{
    return in(c, 0x660, 0x669);
}

static bool extended_arabic_indic(int32_t c)
{
    return in(c, 0x6f0, 0x6f9);
}

static bool any(const int32_t *c, size_t n, bool (*test)(int32_t))
{
    for (size_t i = 0; i < n; i++) {
        if (test(c[i]))
            return true;
    }
    return false;
}

bool mu_precis_context(const int32_t *c, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int32_t before = i > 0 ? c[i - 1] : 0;
        int32_t after = i + 1 < n ? c[i + 1] : 0;
        bool ok = true;
        if (c[i] == 0x200c || c[i] == 0x200d)
            ok = utf8proc_get_property(before)->combining_class == VIRAMA;
        else if (c[i] == 0xb7)
            ok = before == 'l' && after == 'l';
        else if (c[i] == 0x375)
            ok = greek(after);
        else if (c[i] == 0x5f3 || c[i] == 0x5f4)
            ok = hebrew(before);
        else if (c[i] == 0x30fb)
            ok = any(c, n, japanese);
        if (!ok)
            return false;
    }
    return !any(c, n, arabic_indic) || !any(c, n, extended_arabic_indic);
}

static unsigned direction(int32_t c)
{
    return 1u << utf8proc_get_property(c)->bidi_class;
}

bool mu_precis_bidi(const int32_t *c, size_t n)
{
    const unsigned l = 1u << UTF8PROC_BIDI_CLASS_L, en = 1u << UTF8PROC_BIDI_CLASS_EN;
    const unsigned rtl = 1u << UTF8PROC_BIDI_CLASS_R | 1u << UTF8PROC_BIDI_CLASS_AL;
    const unsigned an = 1u << UTF8PROC_BIDI_CLASS_AN, nsm = 1u << UTF8PROC_BIDI_CLASS_NSM;
    const unsigned neutral = 1u << UTF8PROC_BIDI_CLASS_ES | 1u << UTF8PROC_BIDI_CLASS_CS |
                             1u << UTF8PROC_BIDI_CLASS_ET | 1u << UTF8PROC_BIDI_CLASS_ON |
                             1u << UTF8PROC_BIDI_CLASS_BN | nsm;
    unsigned seen = 0;
    for (size_t i = 0; i < n; i++)
        seen |= direction(c[i]);
    if (!(seen & (rtl | an)))
        return true;
    size_t end = n;
    while (end > 0 && direction(c[end - 1]) == nsm)
        end--;
    /* Rules 1 to 4: with a right-to-left character in it, the string has to be one from right to left. */
    return end > 0 && (direction(c[0]) & rtl) && !(seen & ~(rtl | an | en | neutral)) && !(seen & l) &&
           (direction(c[end - 1]) & (rtl | an | en)) && !((seen & en) && (seen & an));
}
#endif
