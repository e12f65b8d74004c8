/* config.h: configuring a room by a form, as the owner protocol does it (XEP-0045 section 10.2). */
#ifndef MUC_CONFIG_H
#define MUC_CONFIG_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/form.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Writes the configuration form of a room, an `<x/>` of `jabber:x:data` and type form, into x. `actor` is the real JID
 * of who asked, or NULL. Fires config-form. MUC_OK, or what is wrong with x. */
MUC_EXTERN int muc_config_write(muc_room *room, const char *actor, muc_xml *x);
/** Applies a submission, an `<x/>` of `jabber:x:data` and type submit: checks it whole, applies it whole, announces it,
 * unlocks a room that waited for it. Fires config-form, config-field, config-check, config-submitted, config-effect.
 * MUC_CHANGED, MUC_OK; MUC_ERR_INVALID (a field's value; *bad_field, if not NULL, names it until the next call),
 * MUC_ERR_CONFLICT. */
MUC_EXTERN int muc_config_submit(muc_room *room, const char *actor, const xmlNode *submission, const char **bad_field);

#ifdef __cplusplus
}
#endif
#endif
