/* read.c: bytes to a tree, by the restrictions of RFC 6120 section 11.1.
 *
 * libxml2 parses, after a look at the bytes (scan.c) and with handlers of ours (build.c). What is left to do here is to
 * keep a parser over stanzas, and to tell bad input from a lack of memory. */
#include <xml/xml.h>

#include <base/text.h>
#include <libxml/dict.h>
#include <string.h>
#include <xml/build.h>

/* Entities beyond the five are refused when they are looked up; "substitute" keeps the five out of attribute values.
 * "Huge" lifts limits of libxml2, some of which it reports as a lack of memory; there are others here. */
enum { OPTIONS = XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_HUGE };
/* The names of all stanzas gather in the parser's dictionary: above this many bytes it is thrown away. */
enum { DICTIONARY_BYTES = 100000 };

/* ---- the parser ------------------------------------------------------------------------------------------------- */

/* Room for all attributes that mu_xml_plain() lets pass: libxml2 up to 2.13 goes on with freed memory when growing this
 * fails. The parser frees it. */
static bool reserve_attributes(xmlParserCtxt *parser)
{
#if LIBXML_VERSION < 21400
    size_t n = MU_XML_VALUES;
    parser->atts = xmlMalloc(5 * n * sizeof *parser->atts);
    parser->attallocs = xmlMalloc(n * sizeof *parser->attallocs);
    if (!parser->atts || !parser->attallocs)
        return false;
    memset(parser->attallocs, 0, n * sizeof *parser->attallocs);
    parser->maxatts = (int)(5 * n);
#else
    (void)parser;
#endif
    return true;
}

static void drop_parser(mu_reader *r)
{
    xmlFreeParserCtxt(r->context);
    r->context = NULL;
}

static xmlParserCtxt *parser_of(mu_reader *r)
{
    xmlParserCtxt *parser = r->context;
    if (parser)
        return parser;
    parser = r->context = xmlNewParserCtxt();
    if (!parser)
        return NULL;
    mu_build_handlers(parser->sax);
    if (!reserve_attributes(parser))
        drop_parser(r);
    return r->context;
}

/* The parser pulls the bytes: given them at once, libxml2 2.9 loses its copy when there is no memory for all of it. */
static int pull(void *context, char *out, int room)
{
    muc_span *rest = context;
    size_t n = rest->n < (size_t)room ? rest->n : (size_t)room;
    memcpy(out, rest->p, n);
    rest->p += n;
    rest->n -= n;
    return (int)n;
}

static int verdict(const mu_build *b, const mu_xml_guard *g)
{
    if (b->error == MUC_ERR_NOMEM || mu_xml_guard_nomem(g))
        return MUC_ERR_NOMEM;
    if (b->error != MUC_OK || g->code != 0 || !b->parser->wellFormed)
        return MUC_ERR_MALFORMED;
    /* Nothing was wrong, and yet not everything was read. */
    return b->doc->children && !b->node ? MUC_OK : MUC_ERR_NOMEM;
}

/* *final: more than libxml2's opinion. A parser that failed is not used again. */
static int parse_once(mu_reader *r, muc_span bytes, xmlDoc **out, bool *final)
{
    mu_xml_guard g;
    mu_xml_guard_begin(&g);
    mu_build b = {.parser = parser_of(r), .max_depth = r->max_depth};
    int result = MUC_ERR_NOMEM;
    /* libxml2 sees to it that stanzas are no larger, too, and takes that for a lack of memory. */
    int options = r->max_bytes > MU_XML_BYTES ? OPTIONS | XML_PARSE_HUGE : OPTIONS;
    if (b.parser && (b.doc = mu_build_doc(b.parser))) {
        b.parser->userData = &b;
        /* No document comes from here: the handlers build it. */
        (void)xmlCtxtReadIO(b.parser, pull, NULL, &bytes, NULL, NULL, options);
        result = verdict(&b, &g);
        xmlCtxtReset(b.parser);
    }
    mu_xml_guard_end(&g);
    *final = b.error != MUC_OK;
    if (result == MUC_OK) {
        *out = b.doc;
        if (xmlDictGetUsage(b.parser->dict) > DICTIONARY_BYTES)
            drop_parser(r);
    } else {
        mu_doc_free(b.doc);
        drop_parser(r);
    }
    return result;
}

/* Declarations on the stanza itself are carried to its children: how much that is, is counted when there are any. */
static bool carries_too_much(const xmlDoc *doc, size_t max_depth)
{
    for (const xmlNs *ns = doc->children->nsDef; ns; ns = ns->next)
        if (ns->prefix)
            return mu_node_check(doc->children, max_depth) != MUC_OK;
    return false;
}

/* ---- interface -------------------------------------------------------------------------------------------------- */

void mu_reader_init(mu_reader *r, size_t max_depth)
{
    r->context = NULL;
    r->max_depth = max_depth;
    r->max_bytes = MU_XML_BYTES;
}

void mu_reader_free(mu_reader *r)
{
    drop_parser(r);
}

int mu_reader_parse(mu_reader *r, const char *p, size_t n, xmlDoc **out)
{
    *out = NULL;
    if (n > r->max_bytes)
        return MUC_ERR_MALFORMED;
    muc_span s = mu_trim((muc_span){p, n});
    if (!mu_xml_valid(s.p, s.n) || !mu_xml_plain(s.p, s.n))
        return MUC_ERR_MALFORMED;
    xmlDoc *doc = NULL;
    bool final;
    int result = parse_once(r, s, &doc, &final);
    /* libxml2 takes some failed allocations for bad input: bad input stays bad. */
    if (result == MUC_ERR_MALFORMED && !final)
        result = parse_once(r, s, &doc, &final);
    if (result == MUC_OK && carries_too_much(doc, r->max_depth)) {
        mu_doc_free(doc);
        return MUC_ERR_MALFORMED;
    }
    if (result == MUC_OK)
        *out = doc;
    return result;
}

void mu_doc_free(xmlDoc *doc)
{
    if (doc)
        xmlFreeDoc(doc);
}
