/* loader.h: a thread that reads rooms, so that the loop goes on while a database in the network is waited for. */
#ifndef COMPONENT_LOADER_H
#define COMPONENT_LOADER_H

#include "pieces.h"

typedef struct loader loader;

enum { LOADER_NAMES = 20 };

/** What was read. */
typedef struct loaded {
    char *jid;                 /**< a room that was asked for; NULL: rooms that somebody was in */
    store_result result;       /**< STORE_OK, STORE_NONE; all others: not within its time, and why */
    pieces p;                  /**< of the room, not ended yet */
    char *names[LOADER_NAMES]; /**< those rooms, */
    size_t count;              /**< so many; 0: there are no more */
    char why[256];
} loaded;

/** Begins the thread, the only one that uses the reading side of the store from here on. NULL: it cannot. */
loader *loader_new(store *s);
/** Becomes readable when something has been read; then loader_next() is called. */
int loader_fd(const loader *l);
/** Takes a room and reads it; when another process has it, or it cannot be read, again and again for so many
 * milliseconds. 0, or -1: no memory. */
int loader_ask(loader *l, const char *jid, int64_t patience);
/** Reads the next rooms that somebody was in and nobody has, or the first ones. 0, or -1: no memory. */
int loader_ask_occupied(loader *l, int first);
/** Takes what was read next: 1 and *out, to be freed by loaded_free(); or 0. */
int loader_next(loader *l, loaded *out);
void loaded_free(loaded *one);
/** Reads no more of what was asked for: it is taken by loader_next(), as what could not be read. Waits for what is
 * being read now. */
void loader_cancel(loader *l);
/** Ends the thread. NULL is fine. */
void loader_free(loader *l);

#endif
