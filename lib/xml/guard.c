/* guard.c: the errors of libxml2, latched instead of printed.
 *
 * The handler is thread-wide, so it is taken only for the length of a call and the host's is put back. */
#include <xml/xml.h>

#include <libxml/xmlerror.h>

#if LIBXML_VERSION >= 21200
typedef const xmlError *error_ptr;
#else
typedef xmlErrorPtr error_ptr;
#endif

/* Names of namespaces are opaque to XMPP: that one is no URI is none of our business. */
static bool harmless(error_ptr error)
{
    return error->level < XML_ERR_ERROR || error->code == XML_WAR_NS_URI || error->code == XML_WAR_NS_URI_RELATIVE;
}

static void latch(void *context, error_ptr error)
{
    mu_xml_guard *g = context;
    if (error->code == XML_ERR_NO_MEMORY || (g->code == 0 && !harmless(error)))
        g->code = error->code;
}

void mu_xml_guard_begin(mu_xml_guard *g)
{
    g->handler = xmlStructuredError;
    g->context = xmlStructuredErrorContext;
    g->code = 0;
    xmlSetStructuredErrorFunc(g, latch);
}

void mu_xml_guard_end(mu_xml_guard *g)
{
    xmlSetStructuredErrorFunc(g->context, g->handler);
    /* The last error points into a parser that may be gone soon. */
    if (g->code != 0)
        xmlResetLastError();
}

bool mu_xml_guard_nomem(const mu_xml_guard *g)
{
    return g->code == XML_ERR_NO_MEMORY;
}
