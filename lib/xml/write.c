/* write.c: the writer behind muc_xml: elements, attributes and text as bytes, well-formed or an error.
 *
 * It runs for every message, so it allocates nothing per element: the names of the open elements are kept one behind
 * the other. */
#include <base/stamp.h>
#include <xml/xml.h>

#include <base/text.h>
#include <string.h>
#include <xml/put.h>

/* Of level 1 on: the element that stands around everything is not written, so a writer without elements of its own
 * needs no memory for them. */
struct mu_xml_level {
    size_t start;    /* of its names */
    size_t name, ns; /* offsets in names; ns may be that of a level below, or AROUND */
};
#define AROUND SIZE_MAX

static bool usable(const muc_xml *x)
{
    return x && x->error == MUC_OK && !x->buf.failed && !x->names.failed;
}

void mu_xml_fail(muc_xml *x, int error)
{
    if (x->error == MUC_OK)
        x->error = error;
}

/* ---- levels ----------------------------------------------------------------------------------------------------- */

static size_t remember(muc_xml *x, const char *s)
{
    size_t at = x->names.n;
    mu_put(&x->names, s, strlen(s) + 1);
    return at;
}

/* ns NULL: that of the level around. */
static void set_level(muc_xml *x, size_t i, const char *name, const char *ns)
{
    if (mu_grow(x->heap, &x->levels, &x->levels_cap, i, sizeof *x->levels) < 0) {
        mu_xml_fail(x, MUC_ERR_NOMEM);
        return;
    }
    struct mu_xml_level *level = &x->levels[i - 1];
    level->start = x->names.n;
    level->name = remember(x, name);
    level->ns = ns ? remember(x, ns) : i > 1 ? level[-1].ns : AROUND;
}

const char *mu_xml_ns(const muc_xml *x)
{
    if (!usable(x))
        return MUC_NS_CLIENT;
    size_t ns = x->depth ? x->levels[x->depth - 1].ns : AROUND;
    return ns == AROUND ? x->around : x->names.p + ns;
}

void mu_xml_init(muc_xml *x, mu_heap *heap, const char *ns)
{
    memset(x, 0, sizeof *x);
    x->heap = heap;
    mu_buf_init(&x->buf, heap);
    mu_buf_init(&x->names, heap);
    x->around = mu_ns_fold(ns);
}

void mu_xml_reset(muc_xml *x, const char *ns)
{
    mu_buf_reset(&x->buf);
    mu_buf_reset(&x->names);
    x->error = MUC_OK;
    x->open_tag = false;
    x->depth = x->base = 0;
    x->around = mu_ns_fold(ns);
}

void mu_xml_free(muc_xml *x)
{
    mu_buf_free(&x->buf);
    mu_buf_free(&x->names);
    mu_free(x->heap, x->levels);
    x->levels = NULL;
    x->levels_cap = x->depth = x->base = 0;
}

int muc_xml_error(const muc_xml *x)
{
    if (!x)
        return MUC_ERR_NOMEM;
    if (x->error != MUC_OK)
        return x->error;
    return usable(x) ? MUC_OK : MUC_ERR_NOMEM;
}

/* ---- elements --------------------------------------------------------------------------------------------------- */

void mu_xml_settle(muc_xml *x)
{
    if (!usable(x) || !x->open_tag)
        return;
    mu_put_char(&x->buf, '>');
    x->open_tag = false;
}

void muc_xml_open(muc_xml *x, const char *name, const char *ns)
{
    if (!usable(x))
        return;
    ns = ns ? mu_ns_fold(ns) : NULL;
    if (ns && strcmp(ns, mu_xml_ns(x)) == 0)
        ns = NULL;
    if (!name || !mu_xml_name(name) || (ns && !mu_xml_valid(ns, strlen(ns)))) {
        mu_xml_fail(x, MUC_ERR_INVALID);
        return;
    }
    mu_xml_settle(x);
    set_level(x, x->depth + 1, name, ns);
    if (!usable(x))
        return;
    x->depth++;
    x->open_tag = true;
    mu_put_char(&x->buf, '<');
    mu_put_str(&x->buf, name);
    if (ns) {
        mu_put_str(&x->buf, " xmlns='");
        mu_buf_escape(&x->buf, ns, strlen(ns), true);
        mu_put_char(&x->buf, '\'');
    }
    x->tag = x->buf.n;
}

void muc_xml_close(muc_xml *x)
{
    if (!usable(x))
        return;
    if (x->depth <= x->base) {
        mu_xml_fail(x, MUC_ERR_INVALID);
        return;
    }
    const struct mu_xml_level *level = &x->levels[--x->depth];
    if (x->open_tag) {
        mu_put_str(&x->buf, "/>");
    } else {
        mu_put_str(&x->buf, "</");
        mu_put_str(&x->buf, x->names.p + level->name);
        mu_put_char(&x->buf, '>');
    }
    x->open_tag = false;
    mu_buf_cut(&x->names, level->start);
}

/* ---- attributes ------------------------------------------------------------------------------------------------- */

static bool attribute_name(const char *name)
{
    if (strncmp(name, "xml:", 4) == 0)
        return mu_xml_name(name + 4);
    return mu_xml_name(name) && strcmp(name, "xmlns") != 0;
}

/* Looks through the open start tag: ` name='value'` again and again, the value without a quote in it. */
static bool has_attribute(const muc_xml *x, const char *name)
{
    size_t n = strlen(name);
    const char *p = x->buf.p + x->tag;
    while (*p == ' ') {
        const char *sign = strchr(p, '=');
        if ((size_t)(sign - p) == n + 1 && memcmp(p + 1, name, n) == 0)
            return true;
        p = strchr(sign + 2, '\'') + 1;
    }
    return false;
}

void mu_xml_span(muc_xml *x, const char *name, muc_span value)
{
    if (!usable(x))
        return;
    if (!x->open_tag || !name || !attribute_name(name) || has_attribute(x, name) || !mu_xml_valid(value.p, value.n)) {
        mu_xml_fail(x, MUC_ERR_INVALID);
        return;
    }
    mu_put_char(&x->buf, ' ');
    mu_put_str(&x->buf, name);
    mu_put_str(&x->buf, "='");
    mu_buf_escape(&x->buf, value.p, value.n, true);
    mu_put_char(&x->buf, '\'');
}

void muc_xml_attr(muc_xml *x, const char *name, const char *value)
{
    if (value)
        mu_xml_span(x, name, (muc_span){value, strlen(value)});
}

void muc_xml_attr_number(muc_xml *x, const char *name, int64_t value)
{
    if (!usable(x))
        return;
    mu_xml_span(x, name, (muc_span){"", 0});
    if (!usable(x))
        return;
    mu_buf_cut(&x->buf, x->buf.n - 1);
    mu_buf_int(&x->buf, value);
    mu_put_char(&x->buf, '\'');
}

/* ---- content ---------------------------------------------------------------------------------------------------- */

void mu_xml_text_span(muc_xml *x, muc_span text)
{
    if (!usable(x) || text.n == 0)
        return;
    if (!mu_xml_valid(text.p, text.n)) {
        mu_xml_fail(x, MUC_ERR_INVALID);
        return;
    }
    mu_xml_settle(x);
    mu_buf_escape(&x->buf, text.p, text.n, false);
}

void muc_xml_text(muc_xml *x, const char *text)
{
    if (text)
        mu_xml_text_span(x, (muc_span){text, strlen(text)});
}

void muc_xml_leaf(muc_xml *x, const char *name, const char *text)
{
    muc_xml_open(x, name, NULL);
    muc_xml_text(x, text);
    muc_xml_close(x);
}

void mu_xml_raw(muc_xml *x, const char *p, size_t n)
{
    mu_xml_settle(x);
    if (usable(x))
        mu_put(&x->buf, p, n);
}

size_t muc_stamp(int64_t at, char out[MUC_STAMP_SIZE])
{
    return mu_stamp_format(at, out);
}
