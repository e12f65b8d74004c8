/* form.h: data forms (XEP-0004): a list of typed fields that is built, written, and filled by a submission.
 *
 * Everything in a form lives in one arena, so what handlers were given stays valid as long as the form. */
#ifndef MU_XML_FORM_H
#define MU_XML_FORM_H

#include <base/map.h>
#include <muc/form.h>
#include <xml/xml.h>

typedef struct mu_form_field {
    mu_key key; /* the var; p NULL: fixed text without one */
    muc_field_type type;
    const char *label;
    const char **values;
    size_t value_count, value_cap;
    muc_choice *choices;
    size_t choice_count;
    int64_t min, max;
    size_t max_length;
    bool required, submitted;
    const muc_option *option; /* the row it shows; NULL: a field that a handler added */
} mu_form_field;

typedef enum mu_form_state {
    MU_FORM_BUILDING, /* fields may be added and changed */
    MU_FORM_CHECKING, /* values may be changed */
    MU_FORM_CLOSED
} mu_form_state;

/* Appends a JID prepared, without a NUL. MUC_OK, MUC_ERR_BAD_JID, MUC_ERR_NOMEM. */
typedef int mu_form_jid_fn(const char *jid, mu_buf *out, void *ud);

struct muc_form {
    mu_heap *heap;
    mu_map by_var;
    mu_form_field **fields;
    size_t n, cap;
    struct mu_form_chunk *chunks;
    const char *type; /* FORM_TYPE */
    size_t max_items, max_text;
    size_t more_fields;  /* than max_items: those that are always there */
    mu_form_jid_fn *jid; /* NULL: JIDs are only taken apart */
    void *ud;
    mu_form_state state;
};

/* An empty form of a FORM_TYPE, which must outlive it, as must the 16 bytes of secret. */
void mu_form_init(muc_form *form, mu_heap *heap, const uint8_t *secret, const char *type);
void mu_form_free(muc_form *form);
/* Memory that lives as long as the form; NULL: none left. */
void *mu_form_take(muc_form *form, size_t size);
const char *mu_form_copy(muc_form *form, const char *p, size_t n);
mu_form_field *mu_form_find(const muc_form *form, const char *var);

/* Checks values by the type of the field and makes them its own. `trusted`: those of the room, whose JIDs are not
 * prepared again and which need not be among the choices. MUC_OK, MUC_ERR_INVALID, MUC_ERR_NOMEM (form_value.c). */
int mu_form_put(muc_form *form, mu_form_field *field, const muc_span *values, size_t count, bool trusted);
/* One more value of the room for a field that can have several. The same results. */
int mu_form_append(muc_form *form, mu_form_field *field, muc_span value);

/* Writes `<x xmlns='jabber:x:data' type='form'>` (form_io.c). */
void mu_form_write(const muc_form *form, muc_xml *x, const char *title, const char *instructions);
/* Reads `<x type='submit'>` into the fields: those it names get its values. MUC_OK; MUC_ERR_INVALID: *bad is the field,
 * in the form's memory or the tree's; MUC_ERR_NOMEM. */
int mu_form_read(muc_form *form, const xmlNode *x, const char **bad);

#endif
