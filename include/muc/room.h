/* room.h: rooms: finding, making and ending them, their subject, and saying something in them. */
#ifndef MUC_ROOM_H
#define MUC_ROOM_H

#include <muc/affiliation.h>
#include <muc/error.h>
#include <muc/service.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- life -------------------------------------------------------------------------------------------------------- */

/** Makes a room that is open for entry at once, with `config` over the service's defaults; it has no owner. Fires
 * pre-create and created. `out` may be NULL. MUC_OK; MUC_ERR_BAD_JID (not a bare JID of this domain), MUC_ERR_EXISTS (a
 * stored room too, one that is elsewhere, and a name that is retired for good), MUC_ERR_INVALID (an option or value
 * unknown), MUC_ERR_LIMIT, MUC_ERR_HOST (room_wanted failed), MUC_ERR_PENDING (whether there is a stored one is being
 * looked for: try again). */
MUC_EXTERN int muc_room_create(muc_service *service, const char *jid, const muc_option_value *config, size_t count,
                               muc_room **out);
/** A room that is to be made; unset members are 0. */
typedef struct muc_room_plan {
    const char *jid;                           /**< its bare JID; NULL: the service picks one */
    const muc_option_value *config;            /**< options over the service's defaults */
    size_t config_count;                       /**< how many */
    const muc_affiliation_entry *affiliations; /**< owners, members and so on, with reserved nicknames */
    size_t affiliation_count;                  /**< how many */
    void *reserved[4];                         /**< NULL: room to grow */
} muc_room_plan;
/** Makes a room with everything that belongs to it, all or nothing. Affiliations are set by the service itself, as by
 * muc_affiliation_set(). Results of muc_room_create() and muc_affiliation_set_nick(). */
MUC_EXTERN int muc_room_create_as(muc_service *service, const muc_room_plan *plan, muc_room **out);
/** The room in memory with that bare JID (an occupant JID finds its room), or NULL. Asks nobody. */
MUC_EXTERN muc_room *muc_room_find(muc_service *service, const char *jid);
/** The same, asking the host's room_wanted for one that is not in memory. MUC_OK, MUC_ERR_NOT_FOUND, MUC_ERR_BAD_JID,
 * MUC_ERR_HOST (room_wanted failed), MUC_ERR_PENDING (it is being loaded), MUC_ERR_ELSEWHERE, MUC_ERR_LIMIT (too much
 * waits already: settings.max_pending). `out` may be NULL. */
MUC_EXTERN int muc_room_load(muc_service *service, const char *jid, muc_room **out);
/** Rooms in memory in the order of their making: NULL starts. In a handler a room that goes away does not disturb the
 * walk; a host takes the next one first, since what ends is freed when its call ends. */
MUC_EXTERN muc_room *muc_room_next(muc_service *service, const muc_room *after);
/** The same, but only those that nobody is in and that were not used since `before` (as muc_room_used() says it). */
MUC_EXTERN muc_room *muc_room_next_unused(muc_service *service, int64_t before, const muc_room *after);
/** How many rooms are in memory. */
MUC_EXTERN size_t muc_room_count(const muc_service *service);
/** Ends a room: everybody gets his own unavailable presence with `<destroy/>` (XEP-0045 section 10.9); the store is
 * told. alternate (a room JID, "" for none), reason and password may be NULL. Fires pre-destroy and destroyed. MUC_OK;
 * MUC_ERR_BAD_JID (alternate), MUC_ERR_INVALID (a text is longer than settings.max_text or not legal in XML). */
MUC_EXTERN int muc_room_destroy(muc_room *room, const char *alternate, const char *reason, const char *password);
/** Sends everybody out: each gets his own unavailable presence with that status code (0: none) and is told of nobody
 * else. The room then is like one that the last occupant has left: it ends unless it is persistent. reason may be NULL.
 * MUC_OK; MUC_ERR_INVALID (not 0 or 100 to 999, a reason that is too long or no text). */
MUC_EXTERN int muc_room_clear(muc_room *room, int status, const char *reason);
/** Drops a room from memory as if it had never been, with whoever is in it and with what is held: sends nothing, stores
 * nothing. MUC_OK; MUC_ERR_BUSY (also in a serve handler while output is held). */
MUC_EXTERN int muc_room_forget(muc_room *room);
/** The same with a room that is not needed now, because the store has it: nobody is in it, and no output is held
 * (MUC_ERR_BUSY). Fires pre-evict, which may refuse it (MUC_ERR_REJECTED). Other results as above. */
MUC_EXTERN int muc_room_evict(muc_room *room);
/** Sends what MUC_HOLD kept back: the changes were stored. The muc_room that room_changed was given is valid until
 * then, also when the room has ended or was forgotten meanwhile, or when the call that made or restored it was undone;
 * it is found by no name then. Holds are not counted: one call sends everything that waits, so it is made when nothing
 * of that room is being written any more. Former rooms of that name are released with it, what they have left goes out
 * before. MUC_OK also when nothing was held; where it fails, all is still held. There is no way back from a held
 * change: a host that cannot store it keeps trying, or keeps what it could not store and releases the room. */
MUC_EXTERN int muc_room_release(muc_room *room);
/** How far what is held of a room goes by now, for muc_room_release_to(): taken when a write begins that has everything
 * which was reported of the room up to here. 0: nothing is held. */
MUC_EXTERN uint64_t muc_room_held(const muc_room *room);
/** Sends what was held when that was taken, and holds what came later: that write is done, and another one has begun
 * meanwhile, so that a room which changes all the time is not held all the time. The last write ends by
 * muc_room_release(). Results as that. */
MUC_EXTERN int muc_room_release_to(muc_room *room, uint64_t held);

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/** The bare JID. Valid as long as the room. */
MUC_EXTERN const char *muc_room_jid(const muc_room *room);
/** The service that a room belongs to. */
MUC_EXTERN muc_service *muc_room_service(const muc_room *room);
/** When the room was used last: made, entered, left by an occupant, or something was said to all. In milliseconds since
 * the Unix epoch, to the second. Part of every snapshot, but no change that is reported: a host that wants to know it
 * of rooms that are not in memory takes it when it saves them, at the latest in pre-evict. */
MUC_EXTERN int64_t muc_room_used(const muc_room *room);
/** A pointer of the host's own, NULL at first. */
MUC_EXTERN void *muc_room_userdata(const muc_room *room);
/** Sets it. */
MUC_EXTERN void muc_room_set_userdata(muc_room *room, void *ud);

/* ---- closing (XEP-0045 section 10.1) ----------------------------------------------------------------------------- */

/** Whether it is closed: 1 or 0. Nobody but owners and service administrators may enter then, it is not listed, and to
 * those outside it is as if it did not exist (but see settings.list_locked_rooms). */
MUC_EXTERN int muc_room_is_locked(const muc_room *room);
/** Since when it is closed, in milliseconds since the Unix epoch; 0: it is open. */
MUC_EXTERN int64_t muc_room_locked_since(const muc_room *room);
/** Whether it is closed because it waits for its first configuration: 1 or 0 (XEP-0045 section 10.1). */
MUC_EXTERN int muc_room_awaits_config(const muc_room *room);
/** Closes it until muc_room_unlock(): no submitted configuration opens it, and no time that passes. Those inside stay,
 * and are told that the configuration has changed (104). MUC_CHANGED or MUC_OK. Fires locked. */
MUC_EXTERN int muc_room_lock(muc_room *room);
/** Lets everybody in, whyever it is closed. MUC_CHANGED or MUC_OK. Fires unlocked. */
MUC_EXTERN int muc_room_unlock(muc_room *room);
/** Does what settings.lock_timeout says when the room has waited for its first configuration for too long; it may be
 * gone then. Happens by itself with the next stanza to the room, and by muc_service_sweep(). MUC_CHANGED or MUC_OK. */
MUC_EXTERN int muc_room_expire_lock(muc_room *room);

/* ---- the room list (XEP-0045 section 6.3, XEP-0059) -------------------------------------------------------------- */

/** Which part is wanted; unset members are 0. At most one of after, before and by_index; none: from the start. */
typedef struct muc_room_list_query {
    const char *after;  /**< what follows this JID, of a room or not; or NULL */
    const char *before; /**< the last ones before this JID; "": the last ones of all; or NULL */
    int by_index;       /**< 1: from the place `index` on */
    size_t index;       /**< 0 is the first room of all */
    size_t max;         /**< how many at most; 0: only the count */
    void *reserved[4];  /**< NULL: room to grow */
} muc_room_list_query;

/** Makes a page, a copy that later changes do not touch; the caller ends it by muc_room_list_free() before the service.
 * It costs what it holds when muc_callbacks.stored_rooms is NULL. With stored rooms so do pages from the start and
 * `after` a JID; `before`, by_index and max 0 walk the stored rooms from the first one, of which some 10000 are looked
 * at. MUC_OK; MUC_ERR_INVALID (two of the places), MUC_ERR_LIMIT (`before` or by_index: too many stored rooms),
 * MUC_ERR_HOST (stored_rooms failed, or gave rooms out of order), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_room_list_new(muc_service *service, const muc_room_list_query *query, muc_room_list **out);
/** Ends a page. NULL is fine. */
MUC_EXTERN void muc_room_list_free(muc_room_list *list);
/** How many rooms the page holds. */
MUC_EXTERN size_t muc_room_list_size(const muc_room_list *list);
/** The JID of room i < size; NULL when i is out of range. Valid as long as the page. */
MUC_EXTERN const char *muc_room_list_jid(const muc_room_list *list, size_t i);
/** Its name, "" when it has none; NULL when i is out of range. */
MUC_EXTERN const char *muc_room_list_name(const muc_room_list *list, size_t i);
/** 1 and *count: how many rooms there are in all; 0 when that is unknown, which happens with stored rooms only. */
MUC_EXTERN int muc_room_list_count(const muc_room_list *list, size_t *count);
/** 1 and *index: the place of the page's first room among all; 0 when that is unknown, with stored rooms only. */
MUC_EXTERN int muc_room_list_index(const muc_room_list *list, size_t *index);

/* ---- subject (XEP-0045 sections 7.2.15 and 8.1) ------------------------------------------------------------------ */

/** The subject (of the first `<subject/>`), "" when there is none. `from` (may be NULL) becomes the occupant JID that
 * set it or the room's, `at` (may be NULL) its time in milliseconds, 0 when none was ever set. Valid until the next
 * change. */
MUC_EXTERN const char *muc_room_get_subject(const muc_room *room, const char **from, int64_t *at);
/** Sets and announces it. `from`: an occupant JID of this room, NULL for the room itself. MUC_CHANGED, MUC_OK when
 * subject and author are the same; MUC_ERR_INVALID (too long, not legal in XML, `from` is of another room). */
MUC_EXTERN int muc_room_set_subject(muc_room *room, const char *from, const char *subject);

/** One of several languages. */
typedef struct muc_subject {
    const char *lang; /**< its tag; NULL or "": none */
    const char *text; /**< what it says in it */
} muc_subject;
/** The same in several languages, each of them once; the first is what muc_room_get_subject() gives. MUC_CHANGED;
 * MUC_ERR_INVALID (none, a language twice, more than settings.max_items, and as above). */
MUC_EXTERN int muc_room_set_subjects(muc_room *room, const char *from, const muc_subject *subjects, size_t count);

/* ---- saying something -------------------------------------------------------------------------------------------- */

/** Sends a stanza of the room itself to everybody whose role is in `roles`. A groupchat message with a body becomes
 * part of the history. Takes the stanza in every case. MUC_OK; MUC_ERR_INVALID (the stanza is not complete, no stanza,
 * has `from` or `to`), MUC_ERR_REJECTED (a build handler). */
MUC_EXTERN int muc_room_broadcast(muc_room *room, muc_xml *stanza, muc_roles roles);
/** Sends a stanza of the room to one JID. Takes the stanza in every case. Results as above; MUC_ERR_BAD_JID. */
MUC_EXTERN int muc_room_route(muc_room *room, muc_xml *stanza, const char *to);
/** Sends a stanza of the room to every session of an occupant. Takes the stanza in every case. Results as above. */
MUC_EXTERN int muc_occupant_route(muc_occupant *occupant, muc_xml *stanza);

/* ---- history (XEP-0045 section 7.2.13) --------------------------------------------------------------------------- */

/** How many messages the room holds for those who come later. */
MUC_EXTERN size_t muc_history_count(const muc_room *room);
/** Message i < count, the oldest first: its bytes without `to` and delay (in three pieces, of which any may be empty),
 * and its time (`at` may be NULL). 1, or 0 when i is out of range. Valid until the next change. */
MUC_EXTERN int muc_history_get(const muc_room *room, size_t i, muc_span xml[3], int64_t *at);
/** Adds a groupchat message (with its `from`, an occupant JID of the room) as if it had been said at `at`; for a host
 * that keeps an archive. What it holds is taken for what the room said, `<stanza-id/>` too (XEP-0359); a delay of the
 * room is left out. Sends nothing. MUC_OK; MUC_ERR_INVALID (no message of this room). */
MUC_EXTERN int muc_history_add(muc_room *room, const xmlNode *message, int64_t at);
/** Forgets all messages. MUC_CHANGED or MUC_OK. Fires history-cleared. */
MUC_EXTERN int muc_history_clear(muc_room *room);
/** Forgets all but the latest `count` messages: an archive keeps what newcomers are not shown any more, so nothing
 * fires. MUC_CHANGED or MUC_OK. */
MUC_EXTERN int muc_history_trim(muc_room *room, size_t count);

#ifdef __cplusplus
}
#endif
#endif
