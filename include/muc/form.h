/* form.h: data forms (XEP-0004) as handlers of the configuration events see them.
 *
 * A form is a list of fields in order. The one that is being built for an owner takes new fields; the one that was
 * submitted holds, for every field of the built form, the value that was sent, or the one shown where none was.
 *
 * A form of one's own goes the same way: make it, add fields, write it; when it comes back, build it anew and read what
 * was sent into it. */
#ifndef MUC_FORM_H
#define MUC_FORM_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/option.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The field types of XEP-0004 section 3.3. */
typedef enum muc_field_type {
    MUC_FIELD_TEXT_SINGLE,  /**< one line */
    MUC_FIELD_TEXT_MULTI,   /**< several lines */
    MUC_FIELD_TEXT_PRIVATE, /**< one line that is not shown while it is typed */
    MUC_FIELD_BOOLEAN,      /**< "1" or "0" */
    MUC_FIELD_LIST_SINGLE,  /**< one of the choices */
    MUC_FIELD_LIST_MULTI,   /**< any of the choices */
    MUC_FIELD_JID_SINGLE,   /**< a JID */
    MUC_FIELD_JID_MULTI,    /**< several JIDs */
    MUC_FIELD_HIDDEN,       /**< not shown, but sent back */
    MUC_FIELD_FIXED         /**< text for the reader, nothing to fill in */
} muc_field_type;

/** A field to be added; unset members are 0. Everything is copied. */
typedef struct muc_field {
    const char *ns;            /**< namespace of a field of one's own: the var becomes "{ns}var" (XEP-0068); or NULL */
    const char *var;           /**< its name; NULL only for MUC_FIELD_FIXED */
    muc_field_type type;       /**< decides which values are accepted: booleans, choices and JIDs are checked */
    const char *label;         /**< for people, or NULL */
    const char *value;         /**< current or default value; "1" or "0" for a boolean; NULL: none */
    const char *const *values; /**< several, ended by NULL, for the -multi types; or NULL */
    const muc_choice *choices; /**< for lists, ended by a value of NULL */
    int required;              /**< whether a submission must give a value */
    int64_t min;               /**< with min < max: a text-single value must be a whole number from here */
    int64_t max;               /**< to here, both included */
    size_t max_length;         /**< bytes of one value; 0: settings.max_text */
    const char *before;        /**< the var of the field that it comes before; NULL, or one not there: the end */
    void *reserved[4];         /**< NULL: room to grow */
} muc_field;

/** Adds a field. MUC_OK; MUC_ERR_EXISTS (that var is there), MUC_ERR_INVALID, MUC_ERR_LIMIT, MUC_ERR_NOMEM. */
MUC_EXTERN int muc_form_add(muc_form *form, const muc_field *field);
/** Takes a field out of a form that is being built. MUC_OK or MUC_ERR_NOT_FOUND. */
MUC_EXTERN int muc_form_remove(muc_form *form, const char *var);
/** Gives a field another value, NULL or "" for none: in config-form the one that is shown, in config-check and
 * pre-register the one that was submitted, which then counts as submitted. MUC_OK; MUC_ERR_NOT_FOUND, MUC_ERR_INVALID
 * (not of its type; another point), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_form_set(muc_form *form, const char *var, const char *value);
/** Gives a -multi field of a form that is being built one more value. MUC_OK; MUC_ERR_NOT_FOUND, MUC_ERR_INVALID (not
 * of its type; another point), MUC_ERR_LIMIT (more than settings.max_items), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_form_add_value(muc_form *form, const char *var, const char *value);
/** How many fields the form has. */
MUC_EXTERN size_t muc_form_count(const muc_form *form);
/** The var of field i < count (a field of one's own: "{ns}name"); NULL when it is fixed text. */
MUC_EXTERN const char *muc_form_var(const muc_form *form, size_t i);
/** Whether the form has a field of that var. */
MUC_EXTERN int muc_form_has(const muc_form *form, const char *var);
/** Whether the submission gave that field a value (an empty one too). */
MUC_EXTERN int muc_form_submitted(const muc_form *form, const char *var);
/** The first value of a field, "" when it is empty or there is no such field. Valid as long as the event. */
MUC_EXTERN const char *muc_form_text(const muc_form *form, const char *var);
/** A boolean field as 1 or 0; 0 when it is empty or there is no such field. */
MUC_EXTERN int muc_form_flag(const muc_form *form, const char *var);
/** A number, 0 when it is none. */
MUC_EXTERN int64_t muc_form_number(const muc_form *form, const char *var);
/** The var of the first required field that has no value, not even one that is shown; NULL: there is none. */
MUC_EXTERN const char *muc_form_missing(const muc_form *form);
/** How many values a field has. */
MUC_EXTERN size_t muc_form_value_count(const muc_form *form, const char *var);
/** Value i of a field, or NULL. Valid as long as the event. */
MUC_EXTERN const char *muc_form_value(const muc_form *form, const char *var, size_t i);

/** Makes a form of that FORM_TYPE (XEP-0068, copied), without fields. The caller ends it by muc_form_free(), before the
 * service. Not for handlers that were given a form. MUC_OK, MUC_ERR_INVALID (the type), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_form_new(muc_service *service, const char *type, muc_form **out);
/** Ends it, and everything that was read from it. NULL is fine. */
MUC_EXTERN void muc_form_free(muc_form *form);
/** Writes it, `<x xmlns='jabber:x:data' type='form'>`, into x. title and instructions may be NULL. MUC_OK or what is
 * wrong with x. */
MUC_EXTERN int muc_form_write(const muc_form *form, muc_xml *x, const char *title, const char *instructions);
/** Reads a submission, `<x xmlns='jabber:x:data' type='submit'>`, into a form of one's own, once: values are checked by
 * the type of their field, and whatever has no field is passed over. MUC_OK; MUC_ERR_INVALID (not a submission, another
 * FORM_TYPE, a value, a required field that is missing where others are there; *bad_field, if not NULL, names the field
 * or is "", and is valid as long as form and x), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_form_read(muc_form *form, const xmlNode *x, const char **bad_field);

#ifdef __cplusplus
}
#endif
#endif
