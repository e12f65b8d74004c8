/* keeping.h: rooms that are being written: the files behind rooms.h.
 *
 * A change is put into the batch that is being gathered, and the room's output is held. When the loop has dealt with
 * what came in, the batch goes to the writer's thread, unless that still has the one before; then it goes when that is
 * done. So commits are grouped by themselves, the more the more there is to do, and the loop never waits for the disk.
 * When a batch is on disk, what waited for it goes out.
 *
 * A batch that could not be written (a full disk) is written again until it can; meanwhile new changes are refused,
 * those who asked for them are told to wait, and nobody is told what is not stored. */
#ifndef COMPONENT_KEEPING_H
#define COMPONENT_KEEPING_H

#include "batch.h"
#include "loader.h"
#include "rooms.h"
#include "writer.h"

enum { ROOMS_SECRET = 32 };

/* A room that has something in a batch. */
typedef struct kept {
    muc_room *room;   /* NULL: it is not in memory any more */
    unsigned batches; /* that have something of it: the one in work, the one that is gathered */
    int gathered;     /* it is in the latter, */
    size_t place;     /* there */
    uint64_t held;    /* its output up to here waits for the batch in work */
    int wanted;       /* somebody turned to it meanwhile */
    const char *jid;
    char text[]; /* of it */
} kept;

struct rooms {
    struct event_base *base;
    muc_service *service;
    uint8_t secret[ROOMS_SECRET];
    const muc_feature *extra[2];
    int64_t opened; /* milliseconds since the epoch */
    store *store;   /* NULL: rooms are in memory only; and so is all below */
    writer *writer;
    loader *loader; /* of a store that is shared, else NULL */
    struct event *done, *flush, *retry, *wake, *over, *late, *loaded;
    void *by_jid;                          /* the kept: a tree of <search.h> */
    batch batches[2], *gathered, *writing; /* writing: NULL, or in work */
    int waiting;                           /* `writing` could not be written, and waits to be tried again */
    int64_t pause;                         /* for so long the next time; 0: all is well */
    int unreadable;                        /* the store could not be read the last time */
    int overdue;                           /* the lease has run out, as far as this process can know */
    int leaving;                           /* rooms are being given up */
    int watching;                          /* rooms that nobody has any more are looked for */
    int64_t patience;                      /* milliseconds that somebody waits for a room */
    int full;                              /* too much waits */
    int broken;                            /* EXIT_: it is over */
    int draining;                          /* the end waits for what is written */
    int64_t cursor;                        /* of the rooms that come back */
    rooms_events events;
    void *ud;
};

/* The room with that JID that is being written, or NULL. */
kept *keeping_find(const struct rooms *r, const char *jid);
/* Writes go into r->gathered between these two. begin: the room's place in it in *place; NULL: no memory. room may be
 * NULL. end: 1; 0: nothing was written (wrote is 0); -1: no memory. */
typedef struct keeping_step {
    kept *k;
    batch_mark mark;
    int was_gathered;
} keeping_step;
kept *keeping_begin(struct rooms *r, const char *jid, muc_room *room, keeping_step *step, size_t *place);
int keeping_end(struct rooms *r, const keeping_step *step, int wrote);
/* A room is freed: the data of the feature. */
void keeping_room_free(muc_service *service, void *data);
/* Knows a room that is kept, and when it goes. */
extern const muc_feature keeping;

/* Hands over what has been gathered, if the writer has nothing to do. */
void keeping_give(struct rooms *r);
/* A batch is done; one that could not be written is tried again. */
void keeping_done(struct rooms *r);
void keeping_retry(struct rooms *r);
/* It cannot go on. */
void keeping_break(struct rooms *r, int status);

/* Puts what no change said of a room into the batch that is gathered; `leaves`: and gives it up (rooms.c). */
int rooms_write_rest(struct rooms *r, muc_room *room, int leaves);
/* Brings a room from the store, and answers as room_wanted does (loading.c). */
int loading_room(struct rooms *r, const char *jid);
/* Something has been read by the thread; rooms that somebody was in are to come back. */
void loading_done(struct rooms *r);
void loading_wake(struct rooms *r);

#endif
