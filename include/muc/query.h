/* query.h: asking somebody by an iq, in the name of a room or of the service, and hearing the answer.
 *
 * The iq goes out with an id that nobody can guess; what comes back with it from who was asked is the answer. Every
 * question ends by its function being called once. What occupants ask one another passes MUC_ON_QUERY and MUC_ON_ANSWER
 * instead. */
#ifndef MUC_QUERY_H
#define MUC_QUERY_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How a question ended. */
typedef enum muc_outcome {
    MUC_OUTCOME_RESULT,  /**< he answered */
    MUC_OUTCOME_ERROR,   /**< he answered, or a server did, by an error */
    MUC_OUTCOME_TIMEOUT, /**< nobody answered in time */
    MUC_OUTCOME_GONE,    /**< he has left the room that asked, or his connection is gone */
    MUC_OUTCOME_ENDED    /**< the room that asked has ended or is out of memory, or the service is being freed */
} muc_outcome;

/** An answer. Valid during the call. */
typedef struct muc_answer {
    muc_service *service;    /**< whose question it was */
    muc_room *room;          /**< the one that asked; NULL: the service did, or the room is gone */
    muc_outcome outcome;     /**< how it ended */
    const xmlNode *stanza;   /**< result and error: the iq; else NULL */
    muc_condition condition; /**< error: which, 0 for one that is not known */
    void *reserved[4];       /**< the library's */
} muc_answer;

/** Called once for every question, after the transaction in which it ended; what it changes is a transaction of its
 * own. When the service is being freed it may change nothing. Negative: the call of the library in which it was called
 * returns MUC_INCOMPLETE. */
typedef int muc_answer_fn(const muc_answer *answer, void *ud);

/** Sends an iq of the room, of type get or set and without an id, to a JID, full or bare. Takes the stanza in every
 * case. `timeout_ms`: milliseconds, 0: settings.query_timeout; what is overdue ends with the next muc_service_sweep().
 * Questions are not saved with the room. MUC_OK; MUC_ERR_INVALID (the stanza), MUC_ERR_BAD_JID, MUC_ERR_LIMIT
 * (settings.max_queries of this room, or settings.max_queried to this JID, are waiting), MUC_ERR_HOST (no random
 * bytes); `answer` is not called then. */
MUC_EXTERN int muc_room_query(muc_room *room, muc_xml *iq, const char *to, int64_t timeout_ms, muc_answer_fn *answer,
                              void *ud);
/** The same in the name of the service. */
MUC_EXTERN int muc_service_query(muc_service *service, muc_xml *iq, const char *to, int64_t timeout_ms,
                                 muc_answer_fn *answer, void *ud);

#ifdef __cplusplus
}
#endif
#endif
