/* affiliation.h: how bare JIDs and domains belong to a room (XEP-0045 sections 5.2, 9 and 10). */
#ifndef MUC_AFFILIATION_H
#define MUC_AFFILIATION_H

#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** One entry of a room's affiliations. The strings are valid until the next change of the room. */
typedef struct muc_affiliation_entry {
    const char *jid;             /**< a bare JID or a domain */
    muc_affiliation affiliation; /**< what it is in the room; never MUC_AFFILIATION_NONE */
    const char *nick;            /**< the reserved nickname, or NULL */
    const char *reason;          /**< as given with the latest change, or NULL */
    void *reserved[4];           /**< room to grow */
} muc_affiliation_entry;

/** The affiliation of a bare or full JID: its own, else that of its domain, else none. A JID that cannot be prepared
 * has none. */
MUC_EXTERN muc_affiliation muc_affiliation_get(muc_room *room, const char *jid);
/** The entry of exactly this bare JID or domain. 1 and *out, or 0. */
MUC_EXTERN int muc_affiliation_find(muc_room *room, const char *jid, muc_affiliation_entry *out);
/** Entries in the order in which they were made: *cursor is 0 at the start. 1 and *out, or 0 at the end. Not disturbed
 * by changes of entries already seen. */
MUC_EXTERN int muc_affiliation_next(const muc_room *room, size_t *cursor, muc_affiliation_entry *out);
/** How many entries there are. */
MUC_EXTERN size_t muc_affiliation_count(const muc_room *room);
/** Changes an affiliation, with everything that follows from it: roles of those present, removal of the banned (301)
 * and, in a members-only room, of those who are no members any more (321). A full JID means its bare JID. `actor` is
 * the real JID of who asks, by the rules of sections 5.2.2, 9 and 10; NULL is the service itself, which may do
 * everything. `reason` may be NULL. Fires pre-affiliation and affiliation. MUC_CHANGED, MUC_OK; MUC_ERR_BAD_JID,
 * MUC_ERR_FORBIDDEN, MUC_ERR_NOT_ALLOWED, MUC_ERR_CONFLICT (himself, the last owner), MUC_ERR_LIMIT. */
MUC_EXTERN int muc_affiliation_set(muc_room *room, const char *actor, const char *jid, muc_affiliation affiliation,
                                   const char *reason);
/** Reserves a nickname for an affiliated bare JID, NULL or "" gives it back. MUC_CHANGED, MUC_OK; MUC_ERR_NOT_FOUND (no
 * affiliation), MUC_ERR_NOT_ALLOWED (an outcast), MUC_ERR_CONFLICT (another's), MUC_ERR_BAD_JID. */
MUC_EXTERN int muc_affiliation_set_nick(muc_room *room, const char *jid, const char *nick);
/** Whose nickname that is: the bare JID, or NULL. Valid until the next change of the room. */
MUC_EXTERN const char *muc_affiliation_nick_owner(muc_room *room, const char *nick);

/* ---- what is kept with an affiliation ---------------------------------------------------------------------------
 *
 * Texts under keys, for features and hosts: stored, restored and shown to nobody. They belong to the entry of a bare
 * JID or domain; another affiliation keeps them, and with its end they end. To give both at once, set them in a handler
 * of MUC_ON_AFFILIATION_SET. */

/** What is kept under a key, or NULL. Valid until the next change of the room. */
MUC_EXTERN const char *muc_affiliation_get_data(muc_room *room, const char *jid, const char *key);
/** Keeps a copy of a text, "" too, or of what was kept nothing more (NULL). A key is any text but "". Fires
 * affiliation-data. MUC_CHANGED, MUC_OK; MUC_ERR_NOT_FOUND (no affiliation of his own), MUC_ERR_LIMIT (keys and texts
 * have more than settings.max_affiliation_data bytes), MUC_ERR_INVALID (no key, not legal in XML), MUC_ERR_BAD_JID. */
MUC_EXTERN int muc_affiliation_set_data(muc_room *room, const char *jid, const char *key, const char *value);
/** All that is kept, in the order in which the keys came: *cursor is 0 at the start. 1, *key and *value, or 0 at the
 * end. Not disturbed by other texts under the same keys. */
MUC_EXTERN int muc_affiliation_next_data(muc_room *room, const char *jid, size_t *cursor, const char **key,
                                         const char **value);

#ifdef __cplusplus
}
#endif
#endif
