/* rules.h: asking what would be allowed, without doing it.
 *
 * The same rules and handlers are asked as when it is done, so an answer is as good as the moment. These look only:
 * they may be called from every handler. */
#ifndef MUC_RULES_H
#define MUC_RULES_H

#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The role that somebody with that affiliation gets on entry (XEP-0045 section 5.1.2), MUC_ROLE_NONE: he is not
 * admitted. `jid` is who he is, or NULL for anybody. Fires default-role. MUC_OK and *out, MUC_ERR_BAD_JID, or what a
 * handler answers. */
MUC_EXTERN int muc_room_default_role(muc_room *room, const char *jid, muc_affiliation affiliation, muc_role *out);
/** Whether muc_occupant_set_role() would do it: MUC_OK, MUC_ERR_FORBIDDEN, MUC_ERR_NOT_ALLOWED, MUC_ERR_REJECTED,
 * MUC_ERR_INVALID, MUC_ERR_PENDING (a handler would have to ask somebody first), MUC_ERR_NOMEM. Fires pre-role. */
MUC_EXTERN int muc_occupant_may_set_role(muc_occupant *occupant, const char *actor, muc_role role);
/** Whether a real JID (a bare one too) could enter: lock, ban, membership, password, limits and, when `nick` is not
 * NULL, whether somebody else has that nickname. `password` may be NULL. Fires default-role and pre-join, without a
 * stanza, the nickname "" for NULL. MUC_OK; MUC_ERR_REJECTED and *condition (may be NULL): what he would be told;
 * MUC_ERR_BAD_JID, MUC_ERR_PENDING (a handler would have to ask somebody first), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_room_may_enter(muc_room *room, const char *jid, const char *nick, const char *password,
                                  muc_condition *condition);
/** Whether a real JID (a bare one too) may read what the room has kept of the past, for archives (XEP-0313): who is
 * inside with any of his clients, an outcast never, and who could enter as he is, without a password. Results and
 * *condition of muc_room_may_enter(). */
MUC_EXTERN int muc_room_may_read(muc_room *room, const char *jid, muc_condition *condition);
/** Whether the options `allow_pm`, `allow_modpm` and `allow_private_messages_from_visitors` let an occupant send
 * another one of the same room private messages: 1 or 0. Asks no handler. */
MUC_EXTERN int muc_occupant_may_send_pm(const muc_occupant *from, const muc_occupant *to);
/** Whether a real JID may configure the room: an owner, or an administrator of the service. 1 or 0. */
MUC_EXTERN int muc_room_may_configure(muc_room *room, const char *jid);

#ifdef __cplusplus
}
#endif
#endif
