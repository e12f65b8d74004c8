/* xml.c: any bytes to the reader; what it takes is written, read again and compared. */
#include "../xml_equal.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { MAX_DEPTH = 50 };

static void must(bool so)
{
    if (!so)
        abort();
}

/* The stanza's children as they would be sent on, inside a new start tag. */
static void write_stanza(muc_xml *x, const xmlNode *root)
{
    mu_xml_raw(x, "<r>", 3);
    mu_xml_children(x, root, NULL, NULL);
    mu_xml_raw(x, "</r>", 4);
    must(muc_xml_error(x) == MUC_OK);
    must(!memchr(x->buf.p, '\n', x->buf.n));
}

static void look(mu_heap *heap, const xmlNode *root)
{
    mu_stanza s;
    if (mu_stanza_read(&s, root))
        (void)mu_stanza_condition(&s);
    mu_buf text;
    mu_buf_init(&text, heap);
    mu_node_text(root, &text);
    const char *whole = muc_node_text(root);
    must(!whole || strcmp(whole, text.p ? text.p : "") == 0);
    mu_buf_free(&text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    mu_heap *heap = mu_heap_new(NULL);
    if (!heap)
        return 0;
    mu_reader reader;
    mu_reader_init(&reader, MAX_DEPTH);
    muc_xml x;
    mu_xml_init(&x, heap, MUC_NS_CLIENT);
    xmlDoc *first, *second = NULL;
    int result = mu_reader_parse(&reader, (const char *)data, size, &first);
    must(result == MUC_OK || (result == MUC_ERR_MALFORMED && !first));
    if (first) {
        must(mu_node_check(first->children, MAX_DEPTH) == MUC_OK);
        look(heap, first->children);
        write_stanza(&x, first->children);
        must(mu_reader_parse(&reader, x.buf.p, x.buf.n, &second) == MUC_OK);
        must(xml_equal_children(first->children, second->children));
        mu_doc_free(second);
        mu_xml_reset(&x, "urn:none");
        muc_xml_node(&x, first->children);
        must(muc_xml_error(&x) == MUC_OK);
        must(mu_reader_parse(&reader, x.buf.p, x.buf.n, &second) == MUC_OK);
        must(xml_equal(first->children, second->children));
    }
    mu_doc_free(first);
    mu_doc_free(second);
    mu_xml_free(&x);
    mu_reader_free(&reader);
    mu_heap_unref(heap);
    return 0;
}
