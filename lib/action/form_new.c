/* form_new.c: forms of one's own (XEP-0004), with the limits of a service and its way to prepare JIDs. */
#include <action/form_new.h>
#include <base/text.h>

#include <string.h>

static int prepare_jid(const char *jid, mu_buf *out, void *ud)
{
    int r = mu_user_key(ud, jid, false, out);
    if (r == MUC_OK && out->n > 0 && out->p[out->n - 1] == '\0')
        mu_buf_cut(out, out->n - 1);
    return r;
}

void mu_form_start(muc_form *form, muc_service *s, const char *type)
{
    mu_form_init(form, s->heap, s->secret, type);
    form->max_items = s->settings.max_items;
    form->max_text = s->settings.max_text;
    form->jid = prepare_jid;
    form->ud = s;
}

int muc_form_new(muc_service *service, const char *type, muc_form **out)
{
    *out = NULL;
    if (!type || !mu_xml_valid(type, strlen(type)))
        return MUC_ERR_INVALID;
    muc_form *form = mu_alloc(service->heap, sizeof *form);
    if (!form)
        return MUC_ERR_NOMEM;
    mu_form_start(form, service, NULL);
    form->type = mu_form_copy(form, type, strlen(type));
    if (!form->type) {
        muc_form_free(form);
        return MUC_ERR_NOMEM;
    }
    *out = form;
    return MUC_OK;
}

void muc_form_free(muc_form *form)
{
    if (!form)
        return;
    mu_heap *heap = form->heap;
    mu_form_free(form);
    mu_free(heap, form);
}

int muc_form_write(const muc_form *form, muc_xml *x, const char *title, const char *instructions)
{
    mu_form_write(form, x, title, instructions);
    return muc_xml_error(x);
}

int muc_form_read(muc_form *form, const xmlNode *x, const char **bad_field)
{
    const char *bad = "";
    muc_service *s = form->ud;
    const char *type = muc_node_attr(x, "type");
    int r = MUC_ERR_INVALID;
    if (form->state == MU_FORM_BUILDING && muc_node_is(x, "x", MUC_NS_DATA) && type && strcmp(type, "submit") == 0 &&
        mu_element_check(x, s->settings.max_depth) == MUC_OK)
        r = mu_form_read(form, x, &bad);
    if (bad_field)
        *bad_field = bad;
    if (r == MUC_OK)
        form->state = MU_FORM_CHECKING;
    return r;
}
