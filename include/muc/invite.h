/* invite.h: invitations in the name of a room, and their declines (XEP-0045 section 7.8, XEP-0249).
 *
 * A room remembers whom it has invited, for settings.invite_lifetime and as many as settings.max_records: a decline is
 * passed on only when there was an invitation, and one that could not be delivered becomes an error for the inviter.
 * Real JIDs of occupants are told to nobody but in a non-anonymous room. */
#ifndef MUC_INVITE_H
#define MUC_INVITE_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** An invitation; unset members are 0. */
typedef struct muc_invitation {
    const char *to;     /**< the bare or full JID of a user */
    const char *reason; /**< or NULL */
    int continues;      /**< a one-to-one chat goes on in the room: `<continue/>` (section 7.9) */
    const char *thread; /**< with continues: the thread of that chat, or NULL */
    /** 1: a direct invitation (XEP-0249) by the room. Nobody can decline it, nobody becomes a member by it, and who is
     * inside already gets none. */
    int direct;
    const xmlNode *stanza; /**< what asks for it, for handlers; its id is that of an error later on; NULL: none */
    void *reserved[4];     /**< NULL: room to grow */
} muc_invitation;

/** Sends invitations, all or none. `actor` is the full or bare real JID of who invites, who has to be in the room or
 * one of its admins, and in a members-only room one of those or, with allow_member_invites, a member; NULL is the room
 * itself, which may invite everybody. Each comes with the room's password. Who is invited to a members-only room and
 * has no affiliation becomes a member. Fires pre-invite, invite, invite-effect, invited for each. MUC_OK;
 * MUC_ERR_BAD_JID, MUC_ERR_NOT_FOUND (no user but a domain, or of this service), MUC_ERR_INVALID (a text is longer than
 * settings.max_text or not legal in XML), MUC_ERR_REJECTED (also: the actor may not), MUC_ERR_LIMIT (of affiliations),
 * MUC_ERR_HOST. */
MUC_EXTERN int muc_room_invite(muc_room *room, const char *actor, const muc_invitation *invitations, size_t count);

/** Declines an invitation in the name of who was invited, `from` (a bare or full JID). `to` is whom the invitation
 * named as the inviter, who is told; afterwards it is no longer open. `reason` may be NULL, as may `stanza`, what asks
 * for it. Fires pre-decline, decline, declined. MUC_OK; MUC_ERR_NOT_FOUND (no such invitation is open), MUC_ERR_INVALID
 * (the reason is longer than settings.max_text or not legal in XML). */
MUC_EXTERN int muc_room_decline(muc_room *room, const char *from, const char *to, const char *reason,
                                const xmlNode *stanza);

#ifdef __cplusplus
}
#endif
#endif
