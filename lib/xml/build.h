/* build.h: the tree of one stanza, made from what libxml2's parser reports. */
#ifndef MU_XML_BUILD_H
#define MU_XML_BUILD_H

#include <libxml/parser.h>
#include <xml/arena.h>
#include <xml/xml.h>

/* A document and its memory: the first thing in its first block. */
typedef struct mu_doc {
    xmlDoc doc;
    xmlNs xml; /* of the prefix that needs no declaration */
    mu_arena arena;
} mu_doc;
/* An empty document that shares the parser's dictionary, which holds the names; takes the block. */
mu_doc *mu_doc_new(xmlParserCtxt *parser, mu_arena_block *block);
/* Bytes that a first block has at least. */
enum { MU_DOC_BYTES = sizeof(mu_doc) + sizeof(void *) };

typedef struct mu_build {
    xmlParserCtxt *parser;
    mu_doc *doc;
    xmlNode *node; /* the innermost open element, NULL outside of the root */
    xmlNode *text; /* the last child of it, as long as it is text that may grow */
    size_t text_len, text_cap;
    size_t depth, max_depth, prefixes;
    int error; /* MUC_OK, MUC_ERR_MALFORMED, MUC_ERR_NOMEM */
} mu_build;

/* Makes a parser report to a mu_build, which its userData has to be. */
void mu_build_handlers(xmlSAXHandler *sax);

#endif
