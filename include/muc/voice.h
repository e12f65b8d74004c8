/* voice.h: visitors of a moderated room ask for voice, moderators give it (XEP-0045 sections 7.13 and 8.6). */
#ifndef MUC_VOICE_H
#define MUC_VOICE_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Asks the moderators for voice on behalf of a visitor: each gets the form by which he can grant it. `stanza` is what
 * asks for it, with the full real JID of his session as `from`; NULL: the host does, for his primary session, and then
 * neither option nor interval matter. Fires voice-request, voice-form, voice-requested. MUC_OK; MUC_ERR_NOT_ALLOWED (he
 * is no visitor, or the room is not moderated), MUC_ERR_NOT_FOUND (no moderator is inside, and no handler of voice-form
 * has asked one), MUC_ERR_INVALID (a draft). */
MUC_EXTERN int muc_occupant_request_voice(muc_occupant *occupant, const xmlNode *stanza);
/** Answers a request: the visitor who has a session of that full real JID becomes a participant, or stays what he is.
 * `actor` and `stanza` are who answers, and by what; NULL is the host. Fires voice-response, and what
 * muc_occupant_set_role() does. MUC_CHANGED; MUC_OK (not allowed; he is gone, or no visitor any more), and the errors
 * of muc_occupant_set_role(). */
MUC_EXTERN int muc_room_answer_voice(muc_room *room, const char *actor, const char *full_jid, int allow,
                                     const xmlNode *stanza);

#ifdef __cplusplus
}
#endif
#endif
