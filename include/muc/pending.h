/* pending.h: answering later: a decide handler that has to ask somebody else first, and rooms that take time to load.
 *
 * A handler calls muc_pend() and returns MUC_PENDING. The stanza that led to it is put aside, everything that was done
 * for it is undone, and muc_dispatch() returns MUC_OK. When the answer is known, the host gives it with the token: the
 * stanza is dispatched again, and where that handler would be asked the same, its answer is taken instead. The others
 * are asked once more, so they decide by what is true then, and so is this one when it is another question by then (a
 * nickname, an affiliation, who it is about). A handler that is asked several things for one stanza pends several
 * times.
 *
 * What the same full JID sends to the same room in the meantime waits behind, so that nothing overtakes; others are not
 * held up. A room that is being loaded (MUC_ROOM_PENDING) holds up everything that is sent to it.
 *
 * What waits is bounded (settings.max_pending and its relatives) and for a time only (settings.pending_timeout, looked
 * at with every stanza while something waits, and by muc_service_sweep()). It is not part of a snapshot, and dropped
 * when its sender goes (muc_peer_gone(), muc_domain_unreachable()). */
#ifndef MUC_PENDING_H
#define MUC_PENDING_H

#include <muc/error.h>
#include <muc/hook.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** In a decide handler: the answer will come later. *token is what it will come with. `return muc_pend(ev, &token);`
 * Returns MUC_PENDING, which the handler returns; or MUC_ERR_INVALID (another class of point), MUC_ERR_PENDING (no
 * stanza is being dealt with that could wait: that is what the call of the API then returns, unless the handler decides
 * at once), MUC_ERR_LIMIT (too much waits already: the sender is told resource-constraint). */
MUC_EXTERN int muc_pend(muc_event *event, uint64_t *token);
/** Gives the answer: MUC_PASS, MUC_STOP, or MUC_PENDING: the handler is asked again, since it knows by now, and can
 * change the event. The stanza and those behind it are dealt with before this returns, unless another call of this kind
 * is running, which then does it. MUC_OK or MUC_INCOMPLETE; MUC_ERR_NOT_FOUND (no such token any more: timeout, the
 * sender is gone, answered before), MUC_ERR_INVALID (another answer); with MUC_ERR_BUSY and MUC_ERR_NOMEM the token is
 * still good. */
MUC_EXTERN int muc_pending_answer(muc_service *service, uint64_t token, int answer);
/** The same for a refusal, as by muc_reject_as(). */
MUC_EXTERN int muc_pending_reject(muc_service *service, uint64_t token, muc_condition condition, muc_error_type type,
                                  const char *text);
/** The end of what room_wanted began by MUC_ROOM_PENDING: after muc_room_restore() MUC_ROOM_RESTORED, or
 * MUC_ROOM_UNKNOWN, or MUC_ROOM_ELSEWHERE: those who wait are passed on; or negative: those who wait are told
 * internal-server-error (wait). Everything that waits for the room is dealt with in the order in which it came. MUC_OK
 * or MUC_INCOMPLETE; MUC_ERR_NOT_FOUND (that room is not being loaded, or not any more), MUC_ERR_INVALID (another
 * answer). */
MUC_EXTERN int muc_room_wanted_answer(muc_service *service, const char *room_jid, int answer);
/** How many stanzas wait. */
MUC_EXTERN size_t muc_pending_count(const muc_service *service);

#ifdef __cplusplus
}
#endif
#endif
