/* record.h: what features keep for a room for a time, by owner and key: record.c. */
#ifndef MU_MODEL_RECORD_H
#define MU_MODEL_RECORD_H

#include <muc/record.h>
#include <stdbool.h>
#include <stdint.h>

typedef struct mu_record {
    struct mu_record *next, *prev;
    const char *owner;
    uint32_t owner_sum, key_sum; /* most that are looked at are others: they differ in these */
    muc_record now;              /* its strings are behind it, as is the owner's name */
    char p[];
} mu_record;

/* What is not said to return anything else returns MUC_OK or MUC_ERR_NOMEM. */
mu_record *mu_record_find(const muc_room *room, const char *owner, const char *key); /* ended or not; or NULL */
bool mu_record_is_legal(const char *owner, const muc_record *record);
/* Of a legal one. Where there is no place the first one makes it whose first text is that bare JID or a full one of it,
 * if there is such; NULL: it does not matter whose. */
int mu_record_set(muc_room *room, const char *owner, const muc_record *record, const muc_span *whose);
int mu_record_remove(muc_room *room, const char *owner, const char *key); /* MUC_CHANGED; MUC_OK: there is none */

#endif
