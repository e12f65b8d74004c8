/* restore_record.c: the records of a saved room. */
#include <service/snapshot.h>

#include <base/stamp.h>
#include <string.h>

/* Owner and key are attributes; the texts are gathered in one buffer, which does not hold still before they are all
 * there. */
static int read_texts(mu_restore *r, const xmlNode *record, muc_record *out)
{
    size_t at[MUC_RECORD_TEXTS], n = 0;
    mu_buf_reset(&r->text);
    for (const xmlNode *text = mu_first(record); text; text = mu_after(text)) {
        if (n == MUC_RECORD_TEXTS || !muc_node_is(text, "text", MU_NS_ROOM))
            return MUC_ERR_MALFORMED;
        at[n++] = r->text.n;
        mu_node_text(text, &r->text);
        mu_buf_char(&r->text, '\0');
    }
    for (size_t i = 0; i < n && !r->text.failed; i++)
        out->text[i] = r->text.p + at[i];
    return r->text.failed ? MUC_ERR_NOMEM : MUC_OK;
}

static int restore_one(mu_restore *r, const xmlNode *record)
{
    const char *owner = muc_node_attr(record, "owner");
    muc_record out = {.key = muc_node_attr(record, "key")};
    if (!muc_node_is(record, "record", MU_NS_ROOM) ||
        (muc_node_attr(record, "until") && !mu_restore_time(record, "until", &out.until)))
        return MUC_ERR_MALFORMED;
    int result = read_texts(r, record, &out);
    if (result == MUC_OK)
        result = mu_record_is_legal(owner, &out) ? mu_record_set(r->room, owner, &out, NULL) : MUC_ERR_MALFORMED;
    return result;
}

int mu_restore_records(mu_restore *r, const xmlNode *records)
{
    int result = MUC_OK;
    for (const xmlNode *record = mu_first(records); record && result >= 0; record = mu_after(record))
        result = restore_one(r, record);
    return result;
}
