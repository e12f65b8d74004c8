/* error.h: what calls return, and the conditions of error stanzas. The two never mix: muc_condition_of() is the only
 * map.
 */
#ifndef MUC_ERROR_H
#define MUC_ERROR_H

#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Which results a call has is said with it, but for those that every call has that changes something, sends something
 * or asks handlers; they are named there only when they have another reason, too:
 *
 *   MUC_ERR_INVALID    the room, occupant or session has ended, or an argument is not what it takes
 *   MUC_ERR_BUSY       it is made where it may not be (hook.h), or more output is waiting than the settings allow
 *   MUC_ERR_NOMEM
 *   MUC_ERR_STORE      what it changes is to be stored, and room_changed has refused it
 *   MUC_ERR_REJECTED   it fires points where handlers decide, and one of them refused
 *   MUC_ERR_PENDING    one of them would have to ask somebody first (pending.h); also any other result that it returned
 *   MUC_QUEUED         it is made from an apply handler (hook.h)
 *   MUC_INCOMPLETE
 *
 * Calls that change nothing in the service have those that are said with them and no others. */

/** Results of calls. 0 and above: it happened (or was already so). Below 0: nothing happened at all, and a pointer that
 * the call gives is NULL. */
typedef enum muc_result {
    MUC_OK = 0,         /**< done; a setter: the value was already so */
    MUC_CHANGED = 1,    /**< a setter: the value is another one now */
    MUC_QUEUED = 2,     /**< called from a handler of the apply class: it runs right after the current commit */
    MUC_NOT_MINE = 3,   /**< a stanza that is for another domain */
    MUC_INCOMPLETE = 4, /**< it happened, but a notify handler or the send callback failed afterwards */

    MUC_ERR_INVALID = -1,     /**< an argument is not what the function takes */
    MUC_ERR_MALFORMED = -2,   /**< not a stanza: broken XML, forbidden XML, no `from`, too deep */
    MUC_ERR_TOO_BIG = -3,     /**< over a limit of the settings */
    MUC_ERR_BAD_JID = -4,     /**< a JID or nickname that preparation refuses */
    MUC_ERR_NOT_FOUND = -5,   /**< no such room, occupant or name */
    MUC_ERR_EXISTS = -6,      /**< there is one already */
    MUC_ERR_FORBIDDEN = -7,   /**< the actor lacks the rank for this kind of change */
    MUC_ERR_NOT_ALLOWED = -8, /**< the actor has the rank, but not over this target */
    MUC_ERR_CONFLICT = -9,    /**< against himself, against the last owner, or a nickname in use */
    MUC_ERR_REJECTED = -10,   /**< a decide handler said no */
    MUC_ERR_BUSY = -11,  /**< called where it may not be (a decide or build handler), or output is waiting: try later */
    MUC_ERR_STORE = -12, /**< the room-changed callback could not store it */
    MUC_ERR_LIMIT = -13, /**< a limit on numbers: rooms, occupants, sessions, affiliations */

    MUC_ERR_PENDING = -14, /**< somebody else answers first (pending.h): a handler hands it on, a host tries later */

    MUC_ERR_ELSEWHERE = -15, /**< another service has that room in memory: room_wanted answered MUC_ROOM_ELSEWHERE */

    MUC_ERR_NOMEM = -100, /**< out of memory: the same call can be made again */
    MUC_ERR_HOST = -101   /**< a host callback failed (random bytes, writing a snapshot) */
} muc_result;

/** The defined conditions of RFC 6120 section 8.3.3; 0 is none. Their numbers are neither results nor answers of
 * handlers. */
typedef enum muc_condition {
    MUC_BAD_REQUEST = 0x200,     /**< XML that the protocol does not know here */
    MUC_CONFLICT,                /**< it is there already: a nickname of somebody else */
    MUC_FEATURE_NOT_IMPLEMENTED, /**< known, but not done here */
    MUC_FORBIDDEN,               /**< his rank does not allow it; on entry: he is banned */
    MUC_GONE,                    /**< the room was destroyed (tombstone.h) */
    MUC_INTERNAL_SERVER_ERROR,   /**< not his fault */
    MUC_ITEM_NOT_FOUND,          /**< no such room, occupant, node or user */
    MUC_JID_MALFORMED,           /**< an address that preparation refuses, or no nickname */
    MUC_NOT_ACCEPTABLE,          /**< against the rules of the room; who writes is not inside */
    MUC_NOT_ALLOWED,             /**< nobody of his kind may do that, or not to this one */
    MUC_NOT_AUTHORIZED,          /**< no password, or a wrong one */
    MUC_POLICY_VIOLATION,        /**< against a rule of the service: too large, too fast */
    MUC_RECIPIENT_UNAVAILABLE,   /**< not there now, or he did not answer */
    MUC_REDIRECT,                /**< to be asked elsewhere: muc_reject_to() */
    MUC_REGISTRATION_REQUIRED,   /**< only members may enter */
    MUC_REMOTE_SERVER_NOT_FOUND, /**< his server does not exist, or cannot be reached */
    MUC_REMOTE_SERVER_TIMEOUT,   /**< his server, or somebody asked (pending.h), took too long */
    MUC_RESOURCE_CONSTRAINT,     /**< a limit of the service is reached */
    MUC_SERVICE_UNAVAILABLE,     /**< not offered here; on entry: the room is full */
    MUC_SUBSCRIPTION_REQUIRED,   /**< not used by XEP-0045 */
    MUC_UNDEFINED_CONDITION,     /**< none of the others */
    MUC_UNEXPECTED_REQUEST       /**< understood, but out of order */
} muc_condition;

/** The `type` of an error element. */
typedef enum muc_error_type {
    MUC_ERROR_DEFAULT, /**< the one that RFC 6120 and XEP-0045 give the condition */
    MUC_ERROR_AUTH,    /**< try again with other credentials, or another rank */
    MUC_ERROR_CANCEL,  /**< do not try again */
    MUC_ERROR_MODIFY,  /**< try again with something else in it */
    MUC_ERROR_WAIT     /**< try again later */
} muc_error_type;

/** A short English sentence for a result; never NULL, for unknown numbers too. */
MUC_EXTERN const char *muc_strerror(int result);
/** Whether the call may succeed when it is made again later without a change (no memory, busy, host failure): 1 or 0.
 */
MUC_EXTERN int muc_is_temporary(int result);
/** The element name of a condition ("item-not-found"), or NULL. */
MUC_EXTERN const char *muc_condition_name(muc_condition condition);
/** The condition with that element name, or 0 (NULL too). */
MUC_EXTERN muc_condition muc_condition_from_name(const char *name);
/** The error type that goes with a condition where nothing else is said, never MUC_ERROR_DEFAULT; MUC_ERROR_CANCEL for
 * what is no condition. */
MUC_EXTERN muc_error_type muc_condition_type(muc_condition condition);
/** How a negative result is told to the user who asked for the call: MUC_ERR_FORBIDDEN is forbidden, and so on;
 * internal-server-error for what is not his business, 0 for 0 and above. */
MUC_EXTERN muc_condition muc_condition_of(int result);

#ifdef __cplusplus
}
#endif
#endif
