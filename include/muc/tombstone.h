/* tombstone.h: the addresses of rooms that were destroyed (XEP-0045 section 10.9): whoever turns to one is told that
 * the room is gone, and where it went.
 *
 * The end of a persistent room leaves one when settings.tombstone_time says so, that of any room when its option
 * retire_on_destroy does (its name is retired for good), or a handler of pre-destroy (muc_destroy_event.gone_for). A
 * room that was given up before it was configured leaves none. The store keeps it in the room's place, and room_wanted
 * brings it back like a room.
 *
 * It goes when its time is over (at the next stanza to it, or by muc_service_sweep()), when it is lifted, and when a
 * room is made there: by muc_room_create(), or by a service administrator who enters. A name that is retired for good
 * has to be lifted first. */
#ifndef MUC_TOMBSTONE_H
#define MUC_TOMBSTONE_H

#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** What is said at such an address. The strings are valid as long as it is there. */
typedef struct muc_tombstone {
    const char *jid;       /**< the room's */
    const char *alternate; /**< the room that takes its place, or NULL */
    const char *reason;    /**< or NULL */
    int64_t at;            /**< when the room was destroyed: milliseconds since the epoch */
    int64_t until;         /**< when it is forgotten; 0: never */
    void *reserved[4];     /**< room to grow */
} muc_tombstone;

/** The tombstone at a room JID, also of an occupant of it, in memory and not over. 1 and *out, or 0. */
MUC_EXTERN int muc_tombstone_find(muc_service *service, const char *jid, muc_tombstone *out);
/** Those in memory, over or not, the oldest first: what follows the one of the room JID `after`; NULL starts. 1 and
 * *out; 0 at the end, and when there is none at `after`. */
MUC_EXTERN int muc_tombstone_next(muc_service *service, const char *after, muc_tombstone *out);
/** Takes it away, in the store too, which is asked for it when it is not in memory: the address is free. MUC_OK;
 * MUC_ERR_NOT_FOUND, MUC_ERR_BAD_JID, MUC_ERR_HOST, MUC_ERR_ELSEWHERE, MUC_ERR_PENDING (the store is being asked: try
 * again when it has answered). */
MUC_EXTERN int muc_tombstone_lift(muc_service *service, const char *jid);

#ifdef __cplusplus
}
#endif
#endif
