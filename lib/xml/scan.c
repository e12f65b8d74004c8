/* scan.c: a look at the bytes of a stanza before they are parsed: nothing but tags, text and CDATA (RFC 6120 section
 * 11.1), and not too many attributes in one tag.
 *
 * Exact for well-formed XML. The rest of what is malformed is left to the parser. */
#include <xml/xml.h>

#include <string.h>

/* Past a start or end tag that begins at p, or NULL. Counting values bounds what the parser has to keep per tag. */
static const char *skip_tag(const char *p, const char *end)
{
    for (int values = 0; p < end; p++) {
        if (*p == '>')
            return p + 1;
        if (*p != '\'' && *p != '"')
            continue;
        p = memchr(p + 1, *p, (size_t)(end - p - 1));
        if (!p || ++values > MU_XML_VALUES)
            return NULL;
    }
    return NULL;
}

static const char *skip_cdata(const char *p, const char *end)
{
    static const char opening[] = "<![CDATA[";
    if ((size_t)(end - p) < sizeof opening - 1 || memcmp(p, opening, sizeof opening - 1) != 0)
        return NULL;
    for (p += sizeof opening - 1; (p = memchr(p, ']', (size_t)(end - p))); p++)
        if (end - p >= 3 && p[1] == ']' && p[2] == '>')
            return p + 3;
    return NULL;
}

bool mu_xml_plain(const char *p, size_t n)
{
    if (n < 2 || p[0] != '<' || p[1] == '!')
        return false;
    const char *end = p + n;
    while (p && p < end && (p = memchr(p, '<', (size_t)(end - p)))) {
        if (end - p < 2 || p[1] == '?')
            return false;
        p = p[1] == '!' ? skip_cdata(p, end) : skip_tag(p, end);
        if (!p)
            return false;
    }
    return true;
}
