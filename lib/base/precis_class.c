/* precis_class.c: which code points IdentifierClass and FreeformClass have: the derivation of RFC 8264 section 8, with
 * the categories of its section 9. */
#include <base/precis.h>

#if MUC_WITH_PRECIS
#include <utf8proc.h>

enum verdict { NEVER, FREEFORM, ALWAYS };

/* Section 9.6, Exceptions; code points that need a context are ALWAYS here, mu_precis_context() sees to the rest. */
static const struct exception {
    int32_t first, last;
    enum verdict verdict;
} exceptions[] = {
    {0x00b7, 0x00b7, ALWAYS}, {0x00df, 0x00df, ALWAYS}, {0x0375, 0x0375, ALWAYS}, {0x03c2, 0x03c2, ALWAYS},
    {0x05f3, 0x05f4, ALWAYS}, {0x0640, 0x0640, NEVER},  {0x0660, 0x0669, ALWAYS}, {0x06f0, 0x06f9, ALWAYS},
    {0x06fd, 0x06fe, ALWAYS}, {0x07fa, 0x07fa, NEVER},  {0x0f0b, 0x0f0b, ALWAYS}, {0x200c, 0x200d, ALWAYS},
    {0x302e, 0x302f, NEVER},  {0x3007, 0x3007, ALWAYS}, {0x3031, 0x3035, NEVER},  {0x303b, 0x303b, NEVER},
    {0x30fb, 0x30fb, ALWAYS},
};

/* By utf8proc_category_t. Unassigned, controls, format characters, surrogates and private use stay NEVER. */
static const uint8_t categories[] = {
    [UTF8PROC_CATEGORY_LU] = ALWAYS,   [UTF8PROC_CATEGORY_LL] = ALWAYS,   [UTF8PROC_CATEGORY_LT] = FREEFORM,
    [UTF8PROC_CATEGORY_LM] = ALWAYS,   [UTF8PROC_CATEGORY_LO] = ALWAYS,   [UTF8PROC_CATEGORY_MN] = ALWAYS,
    [UTF8PROC_CATEGORY_MC] = ALWAYS,   [UTF8PROC_CATEGORY_ME] = FREEFORM, [UTF8PROC_CATEGORY_ND] = ALWAYS,
    [UTF8PROC_CATEGORY_NL] = FREEFORM, [UTF8PROC_CATEGORY_NO] = FREEFORM, [UTF8PROC_CATEGORY_PC] = FREEFORM,
    [UTF8PROC_CATEGORY_PD] = FREEFORM, [UTF8PROC_CATEGORY_PS] = FREEFORM, [UTF8PROC_CATEGORY_PE] = FREEFORM,
    [UTF8PROC_CATEGORY_PI] = FREEFORM, [UTF8PROC_CATEGORY_PF] = FREEFORM, [UTF8PROC_CATEGORY_PO] = FREEFORM,
    [UTF8PROC_CATEGORY_SM] = FREEFORM, [UTF8PROC_CATEGORY_SC] = FREEFORM, [UTF8PROC_CATEGORY_SK] = FREEFORM,
    [UTF8PROC_CATEGORY_SO] = FREEFORM, [UTF8PROC_CATEGORY_ZS] = FREEFORM, [UTF8PROC_CATEGORY_CO] = NEVER,
};

/* Conjoining jamo (section 9.9): Hangul_Syllable_Type L, V or T. */
static bool old_jamo(int32_t c)
{
    return (c >= 0x1100 && c <= 0x11ff) || (c >= 0xa960 && c <= 0xa97c) || (c >= 0xd7b0 && c <= 0xd7fb);
}

/* HasCompat (section 9.17): NFKC changes it. */
static bool has_compat(int32_t c)
{
    int32_t to[32];
    int last = 0;
    utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
    utf8proc_ssize_t n = utf8proc_decompose_char(c, to, 32, options | UTF8PROC_COMPAT, &last);
    if (n < 1 || n > 32)
        return true;
    return utf8proc_normalize_utf32(to, n, options) != 1 || to[0] != c;
}

bool mu_precis_allows(mu_precis_class class, int32_t c)
{
    if (c >= 0x21 && c <= 0x7e)
        return true;
    for (size_t i = 0; i < sizeof exceptions / sizeof *exceptions; i++) {
        if (c >= exceptions[i].first && c <= exceptions[i].last)
            return exceptions[i].verdict == ALWAYS;
    }
    const utf8proc_property_t *property = utf8proc_get_property(c);
    if (property->ignorable || old_jamo(c))
        return false;
    size_t category = (size_t)property->category;
    uint8_t verdict = category < sizeof categories ? categories[category] : NEVER;
    if (class == MU_PRECIS_FREEFORM || verdict != ALWAYS)
        return verdict == ALWAYS || (verdict == FREEFORM && class == MU_PRECIS_FREEFORM);
    return !has_compat(c);
}
#endif
