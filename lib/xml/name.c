/* name.c: what may be a name (XML 1.0 fifth edition section 2.3, less the colon: Namespaces in XML 1.0 section 4). */
#include <xml/xml.h>

#include <base/text.h>
#include <string.h>

typedef struct range {
    uint32_t first, last;
} range;

/* Past ASCII. */
static const range starts[] = {
    {0xc0, 0xd6},     {0xd8, 0xf6},     {0xf8, 0x2ff},    {0x370, 0x37d},   {0x37f, 0x1fff},  {0x200c, 0x200d},
    {0x2070, 0x218f}, {0x2c00, 0x2fef}, {0x3001, 0xd7ff}, {0xf900, 0xfdcf}, {0xfdf0, 0xfffd}, {0x10000, 0xeffff},
};
static const range others[] = {{0xb7, 0xb7}, {0x300, 0x36f}, {0x203f, 0x2040}};

static bool within(const range *r, size_t n, uint32_t c)
{
    for (size_t i = 0; i < n; i++)
        if (c >= r[i].first && c <= r[i].last)
            return true;
    return false;
}

static bool starts_name(uint32_t c)
{
    if (c < 0x80)
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    return within(starts, sizeof starts / sizeof *starts, c);
}

static bool continues_name(uint32_t c)
{
    return (c >= 'a' && c <= 'z') || starts_name(c) || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
           (c >= 0x80 && within(others, sizeof others / sizeof *others, c));
}

bool mu_xml_name(const char *name)
{
    /* Nearly every name is ASCII. */
    const char *p = name;
    while ((uint8_t)*p < 0x80 && continues_name((uint8_t)*p))
        p++;
    if (*p == '\0')
        return p > name && starts_name((uint8_t)*name);
    const char *end = p + strlen(p);
    if (!mu_utf8_valid(p, (size_t)(end - p)))
        return false;
    p = name;
    bool good = starts_name(mu_utf8_next(&p, end));
    while (good && p < end)
        good = continues_name(mu_utf8_next(&p, end));
    return good;
}
