/* tell.h: telling by hand what the library otherwise tells by itself: stanzas for a choice of occupants or in an
 * occupant's name, an occupant's presence to all or to one, history and subject to one.
 *
 * Who may see a real JID, and whose role is shown, is kept to in all of it. Everything here only sends: it may be
 * called from apply, serve and notify handlers, and from the host. */
#ifndef MUC_TELL_H
#define MUC_TELL_H

#include <muc/error.h>
#include <muc/event.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- stanzas ----------------------------------------------------------------------------------------------------- */

/** How a stanza goes out; unset members are 0. */
typedef struct muc_broadcast {
    const char *nick;      /**< it comes from room/nick, whether anybody is called that or not; NULL: from the room */
    muc_filter_fn *filter; /**< who gets it; NULL: everybody */
    void *ud;              /**< of the filter */
    void *reserved[4];     /**< NULL: room to grow */
} muc_broadcast;

/** muc_room_broadcast() to those whom a filter picks, or in the name of an occupant. Becomes history only without a
 * filter. The filter may change nothing. Takes the stanza in every case. Results of muc_room_broadcast();
 * MUC_ERR_BAD_JID (the nickname). */
MUC_EXTERN int muc_room_broadcast_as(muc_room *room, muc_xml *stanza, const muc_broadcast *how);
/** Sends a stanza to one JID that comes from room/nick, whether anybody is called that or not. Takes the stanza in
 * every case. Results of muc_room_route(). */
MUC_EXTERN int muc_room_route_as(muc_room *room, muc_xml *stanza, const char *nick, const char *to);

/* ---- presence ---------------------------------------------------------------------------------------------------- */

/** What is said with an occupant's presence; unset members are 0. */
typedef struct muc_announcement {
    int unavailable;    /**< he is shown as gone, with the role none; nothing changes for the room */
    int shown;          /**< the others get it also when his role is not one that they are shown */
    const char *actor;  /**< the real JID of who did it: his nickname is said when he is in the room; or NULL */
    const char *reason; /**< or NULL */
    const int *codes;   /**< status codes, 100 to 999, at most 16 */
    size_t code_count;  /**< how many */
    /** Writes more children of `<x xmlns='http://jabber.org/protocol/muc#user'>`, once for all who are told; or NULL.
     */
    void (*extra)(muc_xml *x, void *ud);
    void *ud;          /**< of extra */
    void *reserved[4]; /**< NULL: room to grow */
} muc_announcement;

/** Sends an occupant's presence once more, to his own sessions (with 110) and to the others. `how` NULL: nothing beside
 * it. MUC_OK; MUC_ERR_INVALID (a draft, a code, what XML cannot hold), MUC_ERR_REJECTED (a build handler). */
MUC_EXTERN int muc_occupant_announce(muc_occupant *occupant, const muc_announcement *how);
/** The same to one session of the room, which sees it as it may see it. An occupant whose role is not shown is sent
 * only when how->shown says so, or to himself. */
MUC_EXTERN int muc_occupant_show(muc_occupant *occupant, muc_session *to, const muc_announcement *how);
/** Sends the presences of everybody else whose role is shown, as to who enters. filter NULL: all of them. */
MUC_EXTERN int muc_session_show_all(muc_session *to, muc_filter_fn *filter, void *ud);
/** Sends the unavailable presence, with affiliation and role none, of a bare JID that has a reserved nickname and is
 * not there under it; it comes from room/nick. MUC_OK; MUC_ERR_NOT_FOUND (no such reservation, or he is there). */
MUC_EXTERN int muc_session_show_absent(muc_session *to, const char *bare_jid);

/** Says that what a handler of MUC_ON_PRESENCE_BUILD adds to an occupant's presence has changed: it is written anew
 * when it is next sent. Sends nothing itself: muc_occupant_announce() does. That such a handler was added or removed
 * needs not be said; from the next call on nothing of what was written before is sent. MUC_OK; MUC_ERR_INVALID (a
 * draft). */
MUC_EXTERN int muc_occupant_refresh(muc_occupant *occupant);

/* ---- talk -------------------------------------------------------------------------------------------------------- */

/** Sends history to one session, with the room's delay. `wanted`: how much, negative members: no limit; NULL: as to who
 * enters and asks for nothing. Fires history-wanted. */
MUC_EXTERN int muc_session_send_history(muc_session *to, const muc_history_event *wanted);
/** Sends the subject to one session, an empty one too, as to who enters. */
MUC_EXTERN int muc_session_send_subject(muc_session *to);

#ifdef __cplusplus
}
#endif
#endif
