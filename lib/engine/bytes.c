/* bytes.c: elements as bytes, for those who keep them as text. */
#include <engine/parts.h>

#include <string.h>

int muc_node_bytes(muc_service *s, const xmlNode *node, char **out)
{
    muc_xml x;
    *out = NULL;
    /* Whatever namespace it is in is declared on it. */
    mu_xml_init(&x, s->heap, "");
    muc_xml_node(&x, node);
    int r = muc_xml_error(&x);
    if (!r)
        *out = mu_strndup(s->heap, x.buf.p, x.buf.n);
    mu_xml_free(&x);
    return r || *out ? r : MUC_ERR_NOMEM;
}

void muc_xml_bytes(muc_xml *x, const char *xml, size_t n)
{
    mu_reader reader;
    xmlDoc *doc;
    if (!x || x->error)
        return;
    mu_reader_init(&reader, SIZE_MAX);
    int r = mu_reader_parse(&reader, xml, n, &doc);
    mu_reader_free(&reader);
    if (r) {
        x->error = r == MUC_ERR_NOMEM ? r : MUC_ERR_INVALID;
        return;
    }
    muc_xml_node(x, xmlDocGetRootElement(doc));
    mu_doc_free(doc);
}

void muc_reply_bytes(muc_event *event, const char *xml, size_t n)
{
    (void)muc_reply(event, NULL, NULL);
    if (event->service->engine->replying)
        muc_xml_bytes(&event->service->engine->reply, xml, n);
}
