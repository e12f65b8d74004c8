/* batch.h: writes that are gathered and then made in one transaction of the store.
 *
 * They are made of bytes alone, so that another thread can make them, and stay what they are until they have worked. */
#ifndef COMPONENT_BATCH_H
#define COMPONENT_BATCH_H

#include <stdint.h>

#include "store.h"

typedef struct batch_write {
    uint8_t what, kind;
    size_t room; /* its place in rooms */
    size_t key;  /* where it begins in bytes */
    size_t text, n;
} batch_write;

typedef struct batch_room {
    size_t jid;  /* where it begins in bytes */
    void *ud;    /* the owner's */
    int lost;    /* it is another process's by now */
    size_t keep; /* its messages, when the batch is made */
} batch_room;

typedef struct batch {
    batch_write *writes;
    size_t count, write_cap;
    batch_room *rooms;
    size_t room_count, room_cap;
    char *bytes;
    size_t n, cap;
    int failed; /* there was no memory for all of it */
} batch;

/** A point to go back to. */
typedef struct batch_mark {
    size_t count, room_count, n;
} batch_mark;

/** Drops everything; the memory stays, unless it is much. */
void batch_clear(batch *b);
void batch_free(batch *b);
batch_mark batch_here(const batch *b);
/** Drops what came after that. */
void batch_cut(batch *b, batch_mark mark);

/* These note that there was no memory in `failed`. */

/** A room, once each. Returns its place. */
size_t batch_add_room(batch *b, const char *jid, void *ud);
void batch_put_room(batch *b, size_t room, const char *listed); /* listed may be NULL */
void batch_remove_room(batch *b, size_t room);
void batch_release_room(batch *b, size_t room);
void batch_remove(batch *b, size_t room, store_kind kind, const char *key);
void batch_trim(batch *b, size_t room, size_t keep);
/** A piece whose bytes are what batch_append(), a muc_write_fn, is given from here on until batch_end(). key may be
 * NULL. */
void batch_begin(batch *b, size_t room, store_kind kind, const char *key);
int batch_append(const char *bytes, size_t n, void *b);
void batch_end(batch *b);
/** Instead of batch_end(): nothing is written; the document or row goes, if there is one. */
void batch_end_removed(batch *b);

/** Makes all writes in one transaction. Rooms that turn out to be lost are marked and left out. STORE_OK, or the
 * store's answer, and then nothing has been written. */
store_result batch_apply(batch *b, store *s);

#endif
