/* writer.h: a thread that makes the writes, so that the loop goes on while the disk is waited for.
 *
 * It has one batch at a time; the owner gathers the next one meanwhile. */
#ifndef COMPONENT_WRITER_H
#define COMPONENT_WRITER_H

#include "batch.h"

typedef struct writer writer;

/** Begins the thread, the only one that uses the writing side of the store from here on. NULL: it cannot. */
writer *writer_new(store *s);
/** Becomes readable when a batch is done or a lease is lost; then writer_done() is called. */
int writer_fd(const writer *w);
/** Hands a batch over. There is none in work. */
void writer_give(writer *w, batch *b);
/** Takes the batch back when it is done: 1 and *result, or 0. */
int writer_done(writer *w, store_result *result);
/** What has become of the leases: STORE_OK; else none of them is this process's any more. */
store_result writer_leases(writer *w);
/** Waits until the batch is done, or so many milliseconds. */
void writer_wait(writer *w, int64_t milliseconds);
/** Ends the thread, after the batch in work. NULL is fine. */
void writer_free(writer *w);

#endif
