/* occupant.h: who is in a room: occupants (nicknames) and their sessions (full real JIDs). */
#ifndef MUC_OCCUPANT_H
#define MUC_OCCUPANT_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- finding ----------------------------------------------------------------------------------------------------- */

/** The occupant with that nickname or occupant JID, compared as nicknames are; or NULL. */
MUC_EXTERN muc_occupant *muc_occupant_by_nick(muc_room *room, const char *nick);
/** The occupant that has a session of that full real JID; or NULL. */
MUC_EXTERN muc_occupant *muc_occupant_by_jid(muc_room *room, const char *full_jid);
/** The session of that full real JID in a room; or NULL. */
MUC_EXTERN muc_session *muc_session_by_jid(muc_room *room, const char *full_jid);
/** Occupants in the order in which they came: NULL starts. In a handler one that leaves does not disturb the walk; a
 * host takes the next one first, since who leaves is freed when its call ends. */
MUC_EXTERN muc_occupant *muc_occupant_next(muc_room *room, const muc_occupant *after);
/** The same for the nicknames of one user, by his bare real JID (of a full one that part counts), compared as addresses
 * are, not by its bytes. */
MUC_EXTERN muc_occupant *muc_occupant_next_of(muc_room *room, const char *jid, const muc_occupant *after);
/** How many nicknames are in the room. */
MUC_EXTERN size_t muc_occupant_count(const muc_room *room);
/** Sessions of an occupant in the order in which they came: NULL starts. */
MUC_EXTERN muc_session *muc_session_next(muc_occupant *occupant, const muc_session *after);

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/** The room. */
MUC_EXTERN muc_room *muc_occupant_room(const muc_occupant *occupant);
/** The nickname. Valid until it changes. */
MUC_EXTERN const char *muc_occupant_nick(const muc_occupant *occupant);
/** Writes the occupant JID, `room@service/nick`, at most `size` bytes with its NUL. Returns the length it has, like
 * snprintf. */
MUC_EXTERN size_t muc_occupant_jid(const muc_occupant *occupant, char *out, size_t size);
/** The bare real JID. Valid until the next change of the room. */
MUC_EXTERN const char *muc_occupant_bare_jid(const muc_occupant *occupant);
/** Writes his occupant-id (XEP-0421), at most MUC_ID_SIZE bytes with the NUL: the same for his bare JID in this room as
 * long as settings.secret is. MUC_OK; MUC_ERR_NOT_FOUND (settings.occupant_ids is off), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_occupant_id(muc_occupant *occupant, char out[MUC_ID_SIZE]);
/** The role. */
MUC_EXTERN muc_role muc_occupant_role(const muc_occupant *occupant);
/** Whether his presence is shown to others, by his role and by settings.max_users_presence: 1 or 0. */
MUC_EXTERN int muc_occupant_is_shown(const muc_occupant *occupant);
/** The affiliation of the bare JID, with that of its domain where it has none of its own. */
MUC_EXTERN muc_affiliation muc_occupant_affiliation(const muc_occupant *occupant);
/** The session that stands for the occupant: highest priority, then the latest. NULL for a draft without sessions. */
MUC_EXTERN muc_session *muc_occupant_primary(const muc_occupant *occupant);
/** The full real JID of a session, as the host gave it. Valid as long as the session. */
MUC_EXTERN const char *muc_session_jid(const muc_session *session);
/** Its occupant. */
MUC_EXTERN muc_occupant *muc_session_occupant(const muc_session *session);
/** The children of its latest presence as they are shown to others. Valid until it changes. */
MUC_EXTERN muc_span muc_session_presence(const muc_session *session);
/** Its presence priority, -128 to 127. */
MUC_EXTERN int muc_session_priority(const muc_session *session);
/** When the latest stanza of its full JID came, to whichever room, in milliseconds since the Unix epoch; 0 when
 * settings.idle_ping and idle_kick are off. */
MUC_EXTERN int64_t muc_session_heard(const muc_session *session);
/** A pointer of the host's own, NULL at first; what it points to is the host's to end, in MUC_ON_LEFT. A feature has
 * its own: muc_feature_occupant_data(). */
MUC_EXTERN void *muc_occupant_userdata(const muc_occupant *occupant);
/** Sets it. It is no part of a transaction. MUC_OK or MUC_ERR_NOMEM, which NULL never is. */
MUC_EXTERN int muc_occupant_set_userdata(muc_occupant *occupant, void *ud);
/** Whether a full real JID may see the real JIDs of this room's occupants: 1 or 0. */
MUC_EXTERN int muc_room_shows_jids_to(muc_room *room, const char *full_jid);

/* ---- changing ---------------------------------------------------------------------------------------------------- */

/** Gives an occupant another role, by the rules of XEP-0045 sections 8 and 9; MUC_ROLE_NONE kicks. `actor` is the full
 * or bare real JID of who asks, NULL is the service itself, which may do everything. `reason` may be NULL. Fires
 * pre-role and role. MUC_CHANGED, MUC_OK; MUC_ERR_FORBIDDEN, MUC_ERR_NOT_ALLOWED. */
MUC_EXTERN int muc_occupant_set_role(muc_occupant *occupant, const char *actor, muc_role role, const char *reason);

/** Gives an occupant another nickname, by the service itself: everybody is told by 303 and then by 210 (XEP-0045
 * sections 7.6 and 7.10); no rule for renaming is asked. Fires renamed. MUC_CHANGED, MUC_OK; MUC_ERR_INVALID (a draft),
 * MUC_ERR_BAD_JID, MUC_ERR_CONFLICT (somebody has it, or has it reserved). */
MUC_EXTERN int muc_occupant_set_nick(muc_occupant *occupant, const char *nick);
/** Removes an occupant with all his sessions, by the service itself. `status` is the code that he and all others are
 * told: 307 kicked, 321 no member any more, 322 the room became members-only, 333 an error. `reason` may be NULL. Rank
 * is not asked about. MUC_OK; MUC_ERR_INVALID (a draft, not 100 to 999). */
MUC_EXTERN int muc_occupant_remove(muc_occupant *occupant, int status, const char *reason);
/** The same with all whom a filter picks (NULL: everybody), in the order of entry. What is sent is the same as one by
 * one, but that needs a list of recipients for each. The filter may change nothing. MUC_OK; MUC_ERR_INVALID (not 100 to
 * 999). */
MUC_EXTERN int muc_room_remove_occupants(muc_room *room, muc_filter_fn *filter, void *ud, int status,
                                         const char *reason);

/** Removes one session, by the service itself: it is told that it is gone, with that status code (0: none), and the
 * others at most that another one stands for the occupant. The last one takes the occupant with it. `reason` may be
 * NULL. MUC_OK; MUC_ERR_INVALID (of a draft, not 0 or 100 to 999). */
MUC_EXTERN int muc_session_remove(muc_session *session, int status, const char *reason);
/** Makes a session stand for its occupant until the next presence of one of his. The others are shown it. MUC_CHANGED,
 * MUC_OK; MUC_ERR_INVALID (of a draft). */
MUC_EXTERN int muc_session_make_primary(muc_session *session);

/** A draft: an occupant that nobody sees before muc_occupant_save(). The caller owns it, past the end of its room too,
 * when it can only be discarded, but not past the service. The role is the one that an entry would give. `bare_jid` and
 * `nick` are prepared. Fires default-role. MUC_OK; MUC_ERR_BAD_JID. */
MUC_EXTERN int muc_occupant_new(muc_room *room, const char *bare_jid, const char *nick, muc_occupant **out);
/** A draft of somebody who is in the room, with his role and sessions as they are: the caller owns it like any other.
 * Saved, what was changed in it happens to him: sessions enter and go, presences and the role are other ones, and
 * everybody is told. What is kept for him (muc_occupant_userdata()) is not copied. MUC_OK; MUC_ERR_INVALID (he is in no
 * room), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_occupant_copy(const muc_occupant *occupant, muc_occupant **out);
/** Adds a session to a draft or gives one another presence (NULL: plain available presence); the tree is read, not
 * kept. `primary` 1 makes it stand for the occupant. MUC_OK, MUC_ERR_BAD_JID (not of the bare JID), MUC_ERR_LIMIT,
 * MUC_ERR_INVALID (not a draft, no full JID), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_occupant_set_session(muc_occupant *draft, const char *full_jid, const xmlNode *presence,
                                        int primary);
/** Takes a session out of a draft. MUC_OK; MUC_ERR_NOT_FOUND, MUC_ERR_INVALID (not a draft), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_occupant_remove_session(muc_occupant *draft, const char *full_jid);
/** Another role for a draft. MUC_OK, or MUC_ERR_INVALID (not a draft, MUC_ROLE_NONE). */
MUC_EXTERN int muc_occupant_set_draft_role(muc_occupant *draft, muc_role role);
/** Puts a draft into the room and tells everybody, without asking the entry rules. From then on the room owns it; a
 * copy is freed. MUC_OK; MUC_ERR_INVALID (no session, no role), MUC_ERR_CONFLICT (nickname or session is there
 * already), MUC_ERR_NOT_FOUND (a copy: the room has nobody of that JID and nickname any more), MUC_ERR_LIMIT,
 * MUC_ERR_REJECTED (a copy: pre-role); the draft then is still the caller's. */
MUC_EXTERN int muc_occupant_save(muc_occupant *draft);
/** Frees a draft that was not saved. NULL is fine. */
MUC_EXTERN void muc_occupant_discard(muc_occupant *draft);

#ifdef __cplusplus
}
#endif
#endif
