/* actor.h: who asks for a change, and what he is in the room. */
#ifndef MU_ACTION_ACTOR_H
#define MU_ACTION_ACTOR_H

#include <action/action.h>

typedef struct mu_actor {
    muc_role role;               /* the highest that his bare JID has in the room */
    muc_affiliation affiliation; /* owner for the service itself and its administrators */
    const char *nick;            /* when he is in the room, else NULL */
    mu_buf key;                  /* bare key; empty for the service */
} mu_actor;

/* jid: full or bare real JID, NULL for the service. Only memory fails. */
int mu_actor_read(muc_room *room, const char *jid, mu_actor *out);
void mu_actor_free(mu_actor *actor);

/* A reason (or NULL) that may be stored and sent: within settings.max_text. MUC_OK or MUC_ERR_INVALID. */
int mu_reason_check(const muc_service *s, const char *reason);

#endif
