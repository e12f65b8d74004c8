/* store.h: keeping rooms: what changed, saving, restoring.
 *
 * The library stores nothing itself. It says what changed before anybody is told (muc_callbacks.room_changed), writes a
 * room as XML through a function of the host, whole or by part, and takes it back. The XML is versioned, readable and
 * forward compatible: elements and options that this version does not know survive a restore and a save. */
#ifndef MUC_STORE_H
#define MUC_STORE_H

#include <muc/error.h>
#include <muc/option.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Parts of a room; a set is their sum. */
#define MUC_PART_CONFIG       0x01u       /**< options, and whether it is locked */
#define MUC_PART_AFFILIATIONS 0x02u       /**< affiliations: reasons, reserved nicknames, data */
#define MUC_PART_SUBJECT      0x04u       /**< the subject, its author and time */
#define MUC_PART_HISTORY      0x08u       /**< the messages held for newcomers */
#define MUC_PART_OCCUPANTS    0x10u       /**< occupants, sessions, presences */
#define MUC_PART_OTHER        0x20u       /**< what features keep, and elements unknown to this version */
#define MUC_PART_ALL          0xffffffffu /**< those of later versions too */

/** Of history that was forgotten; and of a message that came and was forgotten in the same call. Whatever came, the
 * latest muc_history_count() messages are there, and no others. */
#define MUC_NO_MESSAGE ((size_t)-1)

/** One thing that changed. The strings are valid during the callback. */
typedef struct muc_change_item {
    unsigned part;            /**< one MUC_PART_ */
    const muc_option *option; /**< MUC_PART_CONFIG: the option; NULL: locked or unlocked */
    const char *jid;          /**< MUC_PART_AFFILIATIONS: whose; see muc_affiliation_find() for what it is now */
    const char *nick;  /**< MUC_PART_OCCUPANTS: whose; gone when muc_occupant_by_nick() finds none. NULL: what occupants
                        * have asked one another */
    size_t message;    /**< MUC_PART_HISTORY: the one that came, as muc_history_get() counts; MUC_NO_MESSAGE */
    void *reserved[3]; /**< room to grow */
} muc_change_item;

/* Of gone, new and tombstone at most one is 1. */

/** Which parts changed: of a room that is new to the store, all that settings.store_parts names. */
MUC_EXTERN unsigned muc_change_parts(const muc_change *change);
/** The room is new to the store (made, or persistent from now on): save it whole. 1 or 0. */
MUC_EXTERN int muc_change_is_new(const muc_change *change);
/** The room is gone for the store (destroyed, or not persistent any more): delete it. 1 or 0. */
MUC_EXTERN int muc_change_is_gone(const muc_change *change);
/** The room is gone, and the store keeps a tombstone in its place (tombstone.h): save it whole, which writes that and
 * nothing else. 1 or 0. */
MUC_EXTERN int muc_change_is_tombstone(const muc_change *change);
/** The things that changed, one by one: *cursor is 0 at the start. 1 and *out, or 0 at the end. History is one item for
 * each message that came, in their order, and one where others were forgotten. */
MUC_EXTERN int muc_change_next(const muc_change *change, size_t *cursor, muc_change_item *out);

/** Takes n bytes of a snapshot. 0, or anything else to stop, which muc_room_save() returns as MUC_ERR_HOST. */
typedef int muc_write_fn(const char *bytes, size_t n, void *ud);
/** Writes a room as one XML document, piece by piece, holding a fixed amount of memory. `parts`: which; MUC_PART_ALL
 * for all. May be called from any handler. MUC_OK, MUC_ERR_HOST, MUC_ERR_NOMEM. */
MUC_EXTERN int muc_room_save(const muc_room *room, unsigned parts, muc_write_fn *write, void *ud);
/** Brings a saved room back; parts that are missing are as in a new room. Allowed from room_wanted. Fires restored.
 * *out (may be NULL) is the room, NULL when it is a tombstone that comes back. A number of an option that is out of its
 * bounds by now is taken as the nearest that is not, and a text may be longer than what comes may be. MUC_OK;
 * MUC_ERR_MALFORMED (a flag or choice that its option does not have, too), MUC_ERR_BAD_JID (another domain),
 * MUC_ERR_EXISTS, MUC_ERR_LIMIT; nothing is restored then. */
MUC_EXTERN int muc_room_restore(muc_service *service, const char *xml, size_t n, muc_room **out);

/* A snapshot in rows: what a store writes that keeps a row for each affiliation, message and occupant, and documents
 * for the rest. Put together they are a snapshot:
 *
 *   `<room ...>`           muc_room_save_start()
 *   the other parts        muc_room_save_parts() of configuration, subject, other
 *   `<affiliations>`       muc_room_save_item() for each, in the order in which they were made; `</affiliations>`
 *   `<history>`            the same, the oldest first; `</history>`
 *   `<occupants>`          the same, in the order in which they came; `</occupants>`
 *   what they have asked   muc_room_save_item() of MUC_PART_OCCUPANTS without a nickname
 *   `</room>`
 *
 * An element around rows may be missing where there are none; the order of the parts does not matter. */

/** Writes the start tag, `<room ...>`, which says the JID, whether the room is locked, and when it was used: another
 * one with each MUC_PART_CONFIG. Results as muc_room_save(). */
MUC_EXTERN int muc_room_save_start(const muc_room *room, muc_write_fn *write, void *ud);
/** Writes what stands inside of the snapshot for these parts, each with the element around its rows. */
MUC_EXTERN int muc_room_save_parts(const muc_room *room, unsigned parts, muc_write_fn *write, void *ud);
/** Writes the element of one thing that a change names, or that somebody asks for by its `part` and what belongs to
 * that: `<option/>`, `<item/>`, `<entry/>`, `<occupant/>`; all that there is of the part where it has no rows; and of
 * what occupants have asked one another. Beside the results of muc_room_save() MUC_ERR_NOT_FOUND: it is not there any
 * more, or has no element (that a room is locked): nothing is written, and a row of it goes. A JID is taken as it is
 * written in the room. */
MUC_EXTERN int muc_room_save_item(const muc_room *room, const muc_change_item *item, muc_write_fn *write, void *ud);

#ifdef __cplusplus
}
#endif
#endif
