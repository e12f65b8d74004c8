/* stats.h: what a service has in memory and what it has done, in plain numbers. */
#ifndef MUC_STATS_H
#define MUC_STATS_H

#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Numbers of a service. What is counted since it was made only grows; rates are the host's to make of them. */
typedef struct muc_stats {
    uint64_t rooms;        /**< in memory now */
    uint64_t listed;       /**< of those, on the room list */
    uint64_t occupants;    /**< nicknames in all rooms now */
    uint64_t sessions;     /**< sessions in all rooms now */
    uint64_t users;        /**< full real JIDs that are in some room now */
    uint64_t messages_in;  /**< messages that came, since the service was made; here and below */
    uint64_t presences_in; /**< presences that came */
    uint64_t iqs_in;       /**< iqs that came */
    uint64_t refused;      /**< stanzas that were refused by an error */
    uint64_t said;         /**< messages to all of a room; those of calls that failed in the end, too, here and below */
    uint64_t entered;      /**< entries of occupants, those of further sessions not counted */
    uint64_t deliveries;   /**< stanzas handed to the host */
    uint64_t recipients;   /**< to how many in all */
    uint64_t reserved[8];  /**< 0: room to grow */
} muc_stats;

/** Fills in the numbers of now, without looking at rooms or users. */
MUC_EXTERN void muc_service_stats(const muc_service *service, muc_stats *out);

#ifdef __cplusplus
}
#endif
#endif
