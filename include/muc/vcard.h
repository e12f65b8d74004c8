/* vcard.h: the vCard of a room, with its avatar (XEP-0054, XEP-0153, XEP-0486). */
#ifndef MUC_VCARD_H
#define MUC_VCARD_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The vCard as XML, `<vCard xmlns='vcard-temp'>`, or "" when there is none. Valid until it changes. */
MUC_EXTERN const char *muc_room_get_vcard(const muc_room *room);
/** Sets it; NULL or one without content takes it away. It is saved with the options, and announced like a change of
 * them (104). MUC_CHANGED, MUC_OK; MUC_ERR_INVALID (no vCard, a photo that is no base64), MUC_ERR_TOO_BIG
 * (settings.max_vcard). */
MUC_EXTERN int muc_room_set_vcard(muc_room *room, const xmlNode *vcard);
/** SHA-1 of each of its photos in hexadecimal, divided by blanks; "" when there is none. Valid until it changes. */
MUC_EXTERN const char *muc_room_get_avatar_hash(const muc_room *room);

#ifdef __cplusplus
}
#endif
#endif
