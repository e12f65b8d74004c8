/* register.h: registering with a room: its form, membership and a reserved nickname (XEP-0045 sections 7.10 and 9.9).
 *
 * The calls ask no option who may register, and no admin: that is for those who take requests. Reserved nicknames as
 * such are in affiliation.h: muc_affiliation_next() shows them all, muc_affiliation_nick_owner() whose one is. */
#ifndef MUC_REGISTER_H
#define MUC_REGISTER_H

#include <muc/error.h>
#include <muc/form.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The FORM_TYPE of registrations (XEP-0045 section 16.5.1). */
#define MUC_NS_REGISTER "http://jabber.org/protocol/muc#register"
/** The field that every form of them has: the nickname. */
#define MUC_REGISTER_NICK "muc#register_roomnick"

/** Who may register: the option `registration`. */
typedef enum muc_registration {
    MUC_REGISTRATION_NONE,       /**< nobody: the room does not offer it */
    MUC_REGISTRATION_AFFILIATED, /**< who is a member or more, for a nickname */
    MUC_REGISTRATION_APPROVED,   /**< everybody but outcasts; who is none yet becomes a member if an admin approves */
    MUC_REGISTRATION_ANYONE      /**< everybody but outcasts; who is none yet becomes a member */
} muc_registration;

/** Makes the form that a user (a bare or full real JID) has to fill in: the nickname, and what handlers of
 * register-form add. The caller ends it by muc_form_free(). Fires register-form. MUC_OK. */
MUC_EXTERN int muc_register_form(muc_room *room, const char *jid, muc_form **out);
/** Whether a registration by that form would be refused now: fires pre-register and changes nothing but the form, which
 * handlers may correct. MUC_OK; MUC_ERR_BAD_JID (the JID or the nickname), MUC_ERR_NOT_ALLOWED (an outcast, or an admin
 * or owner by his domain alone), MUC_ERR_CONFLICT (another's reserved nickname; who is in the room is not looked at).
 */
MUC_EXTERN int muc_register_check(muc_room *room, const char *actor, const char *jid, muc_form *form);
/** Registers a user by a form that has the values, submitted or set: he becomes a member unless he is more already, and
 * the nickname is reserved for him. `actor` is the real JID of the admin who approved it; NULL: nobody had to, or the
 * service itself. Fires pre-register, the points of an affiliation that changes, register-set, registered. MUC_CHANGED,
 * MUC_OK (it was so); those of muc_register_check(), MUC_ERR_CONFLICT (also: somebody else in the room has that
 * nickname), MUC_ERR_FORBIDDEN (the actor), MUC_ERR_LIMIT. */
MUC_EXTERN int muc_register_submit(muc_room *room, const char *actor, const char *jid, muc_form *form);
/** The same with a nickname and nothing else. */
MUC_EXTERN int muc_room_register(muc_room *room, const char *actor, const char *jid, const char *nick);
/** Ends it: a member is none any more, who is more keeps that and gives his nickname back. Fires pre-register and
 * registered without a nickname. `actor` as above. MUC_CHANGED; MUC_ERR_NOT_FOUND (he is no member and has no
 * nickname), MUC_ERR_NOT_ALLOWED (an outcast), MUC_ERR_BAD_JID, MUC_ERR_FORBIDDEN. */
MUC_EXTERN int muc_room_unregister(muc_room *room, const char *actor, const char *jid);

#ifdef __cplusplus
}
#endif
#endif
