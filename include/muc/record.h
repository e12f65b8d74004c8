/* record.h: small things that a feature or a host keeps for a room, for a time.
 *
 * A record is a key and a few texts, under the name of its owner. Unlike muc_feature_data() it is part of the
 * transaction: what is undone takes it back, what is committed is reported to room_changed (MUC_PART_OTHER), saved with
 * the room and restored with it. There are few of them: they are looked through one by one. */
#ifndef MUC_RECORD_H
#define MUC_RECORD_H

#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many texts a record has. */
#define MUC_RECORD_TEXTS 4

/** Bytes that owner, key and texts of a record may have together. */
#define MUC_RECORD_BYTES 16384

/** A record. The strings of one that was found are valid until the next change of the room. */
typedef struct muc_record {
    const char *key;                    /**< unique among those of its owner in the room */
    const char *text[MUC_RECORD_TEXTS]; /**< what it says; NULL is "" */
    int64_t until;     /**< when it ends, in milliseconds since the Unix epoch: not found from then on; 0: never */
    void *reserved[4]; /**< NULL: room to grow */
} muc_record;

/** Keeps a copy of a record instead of the one of that key. `owner` is the name of a feature, or anything that no
 * feature has as its name. When settings.max_records of the owner are there the one that ends first makes place.
 * MUC_OK; MUC_ERR_INVALID (no key, too long, not legal in XML). Allowed in handlers of the apply class, too: it is part
 * of their transaction. */
MUC_EXTERN int muc_record_set(muc_room *room, const char *owner, const muc_record *record);
/** Forgets one. MUC_CHANGED; MUC_OK (there is none). */
MUC_EXTERN int muc_record_remove(muc_room *room, const char *owner, const char *key);
/** Finds the record of a key that has not ended. 1 and *out (may be NULL), or 0. */
MUC_EXTERN int muc_record_find(muc_room *room, const char *owner, const char *key, muc_record *out);
/** Those of an owner that have not ended, the oldest first: *cursor is 0 at the start. 1 and *out, or 0 at the end. */
MUC_EXTERN int muc_record_next(muc_room *room, const char *owner, size_t *cursor, muc_record *out);

#ifdef __cplusplus
}
#endif
#endif
