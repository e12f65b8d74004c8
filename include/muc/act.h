/* act.h: doing something in the name of a user whose client did not ask for it.
 *
 * Every rule and every handler is asked as for a stanza of his, and what follows is sent as for one, to him too. Only
 * what he would be told if it is refused comes back to the caller instead: then nothing has happened. Nothing here may
 * wait for an answer (MUC_PENDING): that is MUC_ERR_PENDING, and nothing has happened; nor is it passed on to another
 * service (muc_callbacks.pass_on): that is MUC_ERR_ELSEWHERE.
 *
 * Calls that change a room and take an `actor` (muc_affiliation_set(), muc_occupant_set_role(), muc_config_submit())
 * do the same for what they do. */
#ifndef MUC_ACT_H
#define MUC_ACT_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What a user would have been told. */
typedef struct muc_refusal {
    muc_condition condition; /**< 0: nothing, it was not refused but failed */
    muc_error_type type;     /**< the `type` of the error */
    char text[256];          /**< "" for none */
} muc_refusal;

/** Takes a stanza as muc_dispatch() does; its `from` is the user. The answer to an iq goes to him. `why` may be NULL.
 * Results of muc_dispatch(), and that of what was refused (MUC_ERR_REJECTED, MUC_ERR_FORBIDDEN and the like): *why says
 * it in the words of the protocol. */
MUC_EXTERN int muc_act(muc_service *service, const xmlNode *stanza, muc_refusal *why);
/** The same for bytes. */
MUC_EXTERN int muc_act_text(muc_service *service, const char *xml, size_t n, muc_refusal *why);

/** A full JID enters a room, or makes it; `password` may be NULL. Results, here and below: those of muc_act();
 * MUC_ERR_INVALID (what XML cannot hold). */
MUC_EXTERN int muc_act_enter(muc_service *service, const char *full_jid, const char *room_jid, const char *nick,
                             const char *password, muc_refusal *why);
/** It leaves; `status` may be NULL. MUC_ERR_NOT_FOUND: it is not in that room. */
MUC_EXTERN int muc_act_leave(muc_service *service, const char *full_jid, const char *room_jid, const char *status,
                             muc_refusal *why);
/** It says something, to all or privately to the nickname `to` (NULL: to all). */
MUC_EXTERN int muc_act_say(muc_service *service, const char *full_jid, const char *room_jid, const char *to,
                           const char *body, muc_refusal *why);
/** It sets the subject; "" takes it away. */
MUC_EXTERN int muc_act_subject(muc_service *service, const char *full_jid, const char *room_jid, const char *subject,
                               muc_refusal *why);

#ifdef __cplusplus
}
#endif
#endif
