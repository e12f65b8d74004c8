/* read.c: bytes to a tree, by the restrictions of RFC 6120 section 11.1.
 *
 * libxml2 parses, after a look at the bytes (scan.c) and with handlers of ours (build.c). What is left to do here is to
 * keep a parser over stanzas, and to tell bad input from a lack of memory. */
#include <xml/xml.h>

#include <base/text.h>
#include <libxml/parserInternals.h>
#include <string.h>
#include <xml/build.h>

/* Entities beyond the five are refused when they are looked up; "substitute" keeps the five out of attribute values.
 * "Huge" lifts limits of libxml2, some of which it reports as a lack of memory; there are others here. */
enum { OPTIONS = XML_PARSE_NOENT | XML_PARSE_NONET | XML_PARSE_HUGE };
/* The names of all stanzas gather in the parser's dictionary: above this many bytes it is thrown away. */
enum { DICTIONARY_BYTES = 100000 };
/* What is kept from one stanza to the next is no larger. */
enum { KEEP = 16384 };

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

/* The bytes, where they stay while they are parsed. An input buffer of libxml2's would copy them in pieces and look
 * for more at every token: without one it takes what is there, up to a NUL, which was half of the time of reading. */
static bool feed(mu_reader *r, xmlParserCtxt *parser, muc_span bytes)
{
    if (bytes.n >= r->cap) {
        char *p = xmlRealloc(r->bytes, bytes.n + KEEP);
        if (!p)
            return false;
        r->bytes = p;
        r->cap = bytes.n + KEEP;
    }
    memcpy(r->bytes, bytes.p, bytes.n);
    r->bytes[bytes.n] = '\0';
    xmlParserInput *input = xmlNewInputStream(parser);
    if (!input)
        return false;
    input->base = input->cur = (const xmlChar *)r->bytes;
    input->end = input->base + bytes.n;
    if (inputPush(parser, input) >= 0)
        return true;
    xmlFreeInputStream(input);
    return false;
}

static int verdict(const mu_build *b, const mu_xml_guard *g)
{
    if (b->error == MUC_ERR_NOMEM || mu_xml_guard_nomem(g))
        return MUC_ERR_NOMEM;
    if (b->error != MUC_OK || g->code != 0 || !b->parser->wellFormed)
        return MUC_ERR_MALFORMED;
    /* Nothing was wrong, and yet not everything was read. */
    return b->doc->doc.children && !b->node ? MUC_OK : MUC_ERR_NOMEM;
}

/* Nodes take a few times what their text takes. */
static mu_doc *doc_for(mu_reader *r, xmlParserCtxt *parser, size_t n)
{
    mu_arena_block *block = r->spare;
    r->spare = NULL;
    if (!block)
        block = mu_arena_block_new(MU_DOC_BYTES + 1536 + 4 * n);
    return block ? mu_doc_new(parser, block) : NULL;
}

/* *final: more than libxml2's opinion. A parser that failed is not used again. */
static int parse_once(mu_reader *r, muc_span bytes, xmlDoc **out, bool *final)
{
    mu_xml_guard g;
    mu_xml_guard_begin(&g);
    mu_build b = {.parser = parser_of(r), .max_depth = r->max_depth};
    int result = MUC_ERR_NOMEM;
    if (b.parser && (b.doc = doc_for(r, b.parser, bytes.n))) {
        b.parser->userData = &b;
        /* libxml2 sees to it that stanzas are no larger, too, and takes that for a lack of memory. */
        (void)xmlCtxtUseOptions(b.parser, r->max_bytes > MU_XML_BYTES ? OPTIONS | XML_PARSE_HUGE : OPTIONS);
        /* No document comes from here: the handlers build it. */
        if (feed(r, b.parser, bytes)) {
            (void)xmlParseDocument(b.parser);
            result = verdict(&b, &g);
        }
        xmlCtxtReset(b.parser);
    }
    mu_xml_guard_end(&g);
    *final = b.error != MUC_OK;
    if (result == MUC_OK) {
        *out = &b.doc->doc;
        if (xmlDictGetUsage(b.parser->dict) > DICTIONARY_BYTES)
            drop_parser(r);
        return result;
    }
    if (b.doc)
        mu_doc_free(&b.doc->doc);
    drop_parser(r);
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
    *r = (mu_reader){.max_depth = max_depth, .max_bytes = MU_XML_BYTES};
}

static void drop_bytes(mu_reader *r)
{
    xmlFree(r->bytes);
    r->bytes = NULL;
    r->cap = 0;
}

void mu_reader_free(mu_reader *r)
{
    drop_parser(r);
    drop_bytes(r);
    mu_arena_blocks_free(r->spare);
    r->spare = NULL;
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
    if (!doc)
        return;
    mu_doc *d = (mu_doc *)doc;
    xmlDictFree(doc->dict);
    mu_arena_blocks_free(d->arena.blocks);
}

void mu_reader_recycle(mu_reader *r, xmlDoc *doc)
{
    if (!doc)
        return;
    /* Only what one block was enough for: a large one is given back. */
    mu_arena_block *block = ((mu_doc *)doc)->arena.blocks;
    if (r->spare || block->next || block->size > KEEP) {
        mu_doc_free(doc);
        return;
    }
    xmlDictFree(doc->dict);
    r->spare = block;
    if (r->cap > 2 * KEEP)
        drop_bytes(r);
}
