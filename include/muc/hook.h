/* hook.h: the one way in, for the library's own features and for hosts alike.
 *
 * A handler is called with an event: what happens, where, by whom, and a part of its own for each point. Handlers of a
 * point run from high to low priority, equal ones in the order of their registration. A handler that is added while its
 * point fires is called from the next time on; one that is removed is not called any more.
 *
 * What a handler may do depends on the class of its point alone:
 *
 *   class    its answer means                                 a call that changes something, from inside it
 *   decide   MUC_STOP: go ahead, ask nobody else; reject;     MUC_ERR_BUSY; it must be repeatable, without effects
 *            pending: the answer comes later (pending.h)
 *   build    MUC_STOP: nobody else adds; an error cancels     MUC_ERR_BUSY; it writes into what is being built
 *   apply    nothing can be refused any more                  MUC_QUEUED: runs right after this commit (setters of
 *                                                             options, subject and rank, lock, destroy); what only
 *                                                             sends is sent at once; else MUC_ERR_BUSY
 *   serve    MUC_STOP: I have dealt with it                   performed in this transaction
 *   notify   nothing                                          a transaction of its own, its output behind this one's
 *
 * A transaction happens completely or not at all: rejecting, or failing with a negative result, undoes all that was
 * done in it, and nothing of it is sent; a rejected stanza is answered by the error. */
#ifndef MUC_HOOK_H
#define MUC_HOOK_H

#include <muc/error.h>
#include <muc/event.h>
#include <muc/point.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- priorities -------------------------------------------------------------------------------------------------- */

/* Bands: any number in between will do. */
#define MUC_PRIORITY_FIRST    1000    /**< before everything: logs, counters, a last word of the host */
#define MUC_PRIORITY_SANITIZE 300     /**< repair what came */
#define MUC_PRIORITY_VALIDATE 200     /**< refuse what is malformed */
#define MUC_PRIORITY_ACCESS   100     /**< refuse what is not allowed */
#define MUC_PRIORITY_DEFAULT  0       /**< where most handlers of the library are */
#define MUC_PRIORITY_EFFECT   (-100)  /**< what follows from what the others decided */
#define MUC_PRIORITY_LAST     (-1000) /**< after everything */

/* The order of the entry rules in MUC_ON_PRE_JOIN, inside MUC_PRIORITY_ACCESS. The first that refuses is what the user
 * is told: that a room is locked hides everything else, a ban comes before all that could be mended (XEP-0045 section
 * 7.2.7), and whether a nickname is taken is told only to those who might enter. */
#define MUC_PRIORITY_LOCK         (MUC_PRIORITY_ACCESS + 50) /**< the room is closed: item-not-found */
#define MUC_PRIORITY_BAN          (MUC_PRIORITY_ACCESS + 40) /**< an outcast: forbidden */
#define MUC_PRIORITY_MEMBERS_ONLY (MUC_PRIORITY_ACCESS + 30) /**< no member: registration-required */
#define MUC_PRIORITY_PASSWORD     (MUC_PRIORITY_ACCESS + 20) /**< a wrong password: not-authorized */
#define MUC_PRIORITY_MAX_USERS    (MUC_PRIORITY_ACCESS + 10) /**< the room is full: service-unavailable */

/* ---- answers ----------------------------------------------------------------------------------------------------- */

/* The result of a call of the library may be returned as it is: 0 and above is MUC_PASS, below 0 undoes the
 * transaction. The other answers have numbers that no result has; any number that is neither is MUC_ERR_INVALID. */

/** The next handler, please. */
#define MUC_PASS 0
/** No more handlers; what it means is said by the class. */
#define MUC_STOP 0x100
/** What muc_reject() returns. */
#define MUC_REJECT 0x101
/** Of a decide handler: the answer comes later; what muc_pend() returns (pending.h). */
#define MUC_PENDING 0x102

/** Refuses what a decide or serve handler was asked about: `return muc_reject(ev, MUC_FORBIDDEN, NULL);`. The sender of
 * the stanza gets that condition with its usual type; text may be NULL and is copied. */
MUC_EXTERN int muc_reject(muc_event *event, muc_condition condition, const char *text);
/** The same with an error type of one's own. */
MUC_EXTERN int muc_reject_as(muc_event *event, muc_condition condition, muc_error_type type, const char *text);
/** The same with an address where the sender should turn to, as gone and redirect may have one (RFC 6120 sections
 * 8.3.3.5 and 8.3.3.14): a URI such as `xmpp:room@service?join`, copied; left out when it has more than 1023 bytes. */
MUC_EXTERN int muc_reject_to(muc_event *event, muc_condition condition, const char *uri, const char *text);
/** The same with a condition of an application's own beside it (RFC 6120 section 8.3.4), `<name xmlns='ns'/>`; both
 * strings last until the call of the library returns. */
MUC_EXTERN int muc_reject_with(muc_event *event, muc_condition condition, muc_error_type type, const char *name,
                               const char *ns);
/** The same for a negative result of a call. What is not his fault (MUC_ERR_NOMEM, MUC_ERR_BUSY,
 * MUC_ERR_STORE, MUC_ERR_PENDING) is handed on as it is. */
MUC_EXTERN int muc_reject_result(muc_event *event, int result);

/* ---- registration ------------------------------------------------------------------------------------------------ */

/** A handler: MUC_PASS, MUC_STOP, muc_reject(), or a result: a negative one undoes the transaction and is what the call
 * returns. The event is valid during the call. */
typedef int muc_hook_fn(muc_event *event, void *ud);

/** Adds a handler. `key` (copied) restricts it to one key of a keyed point, NULL: all. Returns a positive number for
 * muc_hook_remove(), or MUC_ERR_INVALID (a key for a point that has none), MUC_ERR_NOMEM. Allowed everywhere, in
 * handlers too. */
MUC_EXTERN int muc_hook_add(muc_service *service, muc_point point, const char *key, int priority, muc_hook_fn *fn,
                            void *ud);
/** Takes a handler away. Allowed everywhere, for the handler that is running too. MUC_OK or MUC_ERR_NOT_FOUND. */
MUC_EXTERN int muc_hook_remove(muc_service *service, int id);

#ifdef __cplusplus
}
#endif
#endif
