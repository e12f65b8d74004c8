/* store.h: what rooms.c asks of a storage backend. One file is one backend.
 *
 * A store keeps rooms in pieces: documents, of which a room has one of each kind, and rows, of which it has many: one
 * for an affiliation, a message of its history, an occupant. Each is a piece of XML that the library wrote and takes
 * back (muc/store.h, "a snapshot in rows"); no backend looks into it. A room is named by its bare JID.
 *
 * Three sides, which threads may use at the same time, each side by one of them: the writing one (begin to renew; and
 * secret, before anything is written), the reading one (load, occupied), and the listing one (list), which the loop
 * waits for. What one side has committed the others see.
 *
 * Several processes. A backend that they may share gives each of them a lease, which renew() and commit() keep alive:
 * load() and put_room() take a room under it, release() gives it back, close() gives back everything. The number of a
 * lease is given once (a fencing token), and each write of a room is made only where the store has the room under the
 * lease of this process: else the write, or commit(), answers STORE_LOST, also when this process has slept and knows of
 * nothing. One that is for a single process locks the whole store in open() and has no renew(). */
#ifndef COMPONENT_STORE_H
#define COMPONENT_STORE_H

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

/** What calls answer. A message for the administrator is in store.why[] after each but STORE_OK and STORE_NONE. */
typedef enum store_result {
    STORE_OK = 0,
    STORE_NONE = 1,      /**< load(): there is no such room */
    STORE_FAILED = -1,   /**< it does not work now (full, locked, unreachable): try again */
    STORE_TAKEN = -2,    /**< open(): another process has the store; load(): another one has the room */
    STORE_LOST = -3,     /**< writing: this process does not have the room any more; begin(), renew(): none of them */
    STORE_CANNOT = -4,   /**< open(): there is none, and it cannot be made */
    STORE_UNUSABLE = -5, /**< there is one that cannot be opened, is broken, or is none of this program's: it is left as
                          * it is */
    STORE_ABORTED = -6   /**< the fetch function has ended load(), list() or occupied() */
} store_result;

/** Pieces, in the order in which load() gives them. The numbers are in databases: they stay. */
typedef enum store_kind {
    STORE_WHOLE = 0, /**< a snapshot complete in itself, and nothing else: what remains of a room (muc/tombstone.h) */
    STORE_START = 1, /**< the start tag; up to STORE_ASKED these are documents */
    STORE_CONFIG = 2,
    STORE_SUBJECT = 3,
    STORE_OTHER = 4,
    STORE_ASKED = 5,
    STORE_AFFILIATION = 6, /**< rows, in the order in which they were first put; the key is the JID */
    STORE_MESSAGE = 7,     /**< rows without a key: each that is put is a new one */
    STORE_OCCUPANT = 8     /**< rows; the key is the nickname */
} store_kind;

/** Who calls: each side has its own messages. */
enum { STORE_WRITING, STORE_READING, STORE_LISTING, STORE_SIDES };

/** The beginning of every backend's own struct. */
typedef struct store {
    const struct store_backend *backend;
    char why[STORE_SIDES][256]; /**< what went wrong last */
    _Atomic int64_t until;      /**< the lease is good until then (clock.h); 0: there is none, and need not be */
} store;

/** Where it is. */
typedef struct store_config {
    const char *place;  /**< a file; or how a database is reached */
    const char *domain; /**< of the service: a store may serve several */
    int64_t lease;      /**< milliseconds that it lasts, for a store that has some */
} store_config;

/** Takes a piece; the bytes are valid during the call. 0, or anything else to stop. */
typedef int store_piece_fn(store_kind kind, const char *bytes, size_t n, void *ud);
/** Takes the JID and name ("" for none) of a room. 0, or anything else to stop. */
typedef int store_room_fn(const char *jid, const char *name, void *ud);

typedef struct store_backend {
    const char *name; /**< for messages */

    /** Opens it, and makes it if there is none. *out is to be closed in every case, or NULL. STORE_OK, STORE_TAKEN,
     * STORE_CANNOT, STORE_UNUSABLE. */
    store_result (*open)(store **out, const store_config *config);
    void (*close)(store *s); /**< NULL is fine */

    /* Writing. What fails between begin and commit fails the transaction: rollback() follows. Strings stay until then.
     */
    store_result (*begin)(store *s);
    /** It is on disk, or wherever nothing takes it away any more, the power neither. STORE_LOST: a room is lost, which
     * the first write of it says when all is made again. */
    store_result (*commit)(store *s);
    void (*rollback)(store *s);
    /** There is that room, and it is this process's. listed: the name under which the room list shows it; NULL: it does
     * not. */
    store_result (*put_room)(store *s, const char *jid, const char *listed);
    /** There is no such room, and nothing of it. */
    store_result (*remove_room)(store *s, const char *jid);
    /** The document of that kind, or the row of that key; STORE_MESSAGE: a new row behind the others. */
    store_result (*put)(store *s, const char *jid, store_kind kind, const char *key, const char *bytes, size_t n);
    /** There is no such document or row. */
    store_result (*remove)(store *s, const char *jid, store_kind kind, const char *key);
    /** Of its messages the latest `keep` stay. */
    store_result (*trim)(store *s, const char *jid, size_t keep);
    /** This process does not need the room any more: another one may have it. */
    store_result (*release)(store *s, const char *jid);
    /** Keeps what this process owns, until *again milliseconds from now at the latest. NULL: nothing has to be kept. */
    store_result (*renew)(store *s, int64_t *again);

    /* Reading. */
    /** Takes the room for this process and gives its pieces, kind by kind. STORE_NONE, STORE_TAKEN. */
    store_result (*load)(store *s, const char *jid, store_piece_fn *piece, void *ud);
    /** The first `max` rooms of the room list that follow `after` ("" for the first) in the byte order of their JIDs.
     */
    store_result (*list)(store *s, const char *after, size_t max, store_room_fn *room, void *ud);
    /** Rooms that somebody was in, `max` of them: *cursor is 0 for the first. */
    store_result (*occupied)(store *s, int64_t *cursor, size_t max, store_room_fn *room, void *ud);
    /** What names that last are made from, n bytes: what the store has, or else those that are given, which it keeps
     * from now on. */
    store_result (*secret)(store *s, uint8_t *bytes, size_t n);
} store_backend;

extern const store_backend store_sqlite;
#if COMPONENT_PGSQL
extern const store_backend store_pgsql;
#endif

#endif
