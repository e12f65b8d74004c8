/* invite.h: what invitations, their declines and their bounces have in common. */
#ifndef MU_ACTION_INVITE_H
#define MU_ACTION_INVITE_H

#include <action/talk.h>

/* Open invitations are records (model/record.c) of this owner: who must not be passed on without one. Their key is made
 * by mu_invite_key(). */
#define MU_INVITES "invite"
enum {
    MU_INVITE_INVITER, /* the real JID of who invited; "": the room itself */
    MU_INVITE_INVITEE, /* as it was written */
    MU_INVITE_ID,      /* of the message to the invitee */
    MU_INVITE_ASKED    /* the id of the stanza that asked for it */
};

/* `who teller`: the bare key of the invitee, and the key of what he was told of the inviter, which may be an address of
 * the room, a bare JID, or a longer form of it. MUC_OK, MUC_ERR_BAD_JID, MUC_ERR_NOMEM (letter.c). */
int mu_invite_key(muc_room *room, const char *invitee, const char *inviter, mu_buf *out);

/* A message of the room about an invitation. */
typedef struct mu_letter {
    muc_point point; /* where handlers add to it, replace it, or see to it themselves */
    const char *to;  /* NULL: nobody */
    const char *id, *lang;
    void (*write)(muc_xml *x, const muc_room *room, const muc_invite_event *invite);
} mu_letter;
/* Fires its point with the event, which has room and invite, and sends it (letter.c). */
int mu_letter_send(const mu_letter *letter, muc_event *event);

#endif
