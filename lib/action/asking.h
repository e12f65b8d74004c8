/* asking.h: what relay.c and query.c share: an iq that goes out, and how a question that waits ends. */
#ifndef MU_ACTION_ASKING_H
#define MU_ACTION_ASKING_H

#include <action/action.h>

/* Begins an iq; attributes and the payload follow. mu_iq_send() ends x, and sends it when `result`, which it gives
 * back, is MUC_OK. */
void mu_iq_open(muc_xml *x, muc_service *s, const char *from, const char *type, const char *id);
int mu_iq_send(muc_xml *x, muc_service *s, muc_room *room, mu_peer *to, int result);
/* Tells an occupant that his question failed; text may be NULL. It still waits. */
int mu_query_refuse(muc_service *s, const mu_query *a, muc_condition condition, muc_error_type type, const char *text);
/* Ends a few that are overdue. */
int mu_query_expire_few(muc_service *s);
/* Whether one more fits on the list of a JID, when those in front of a full one that are overdue have ended. MUC_OK,
 * MUC_ERR_LIMIT, or what keeps them from ending. */
int mu_query_has_place(muc_service *s, mu_query_of kind, muc_span jid, size_t most);
/* An answer to what an occupant asked has come from who may give it. */
int mu_relay_answer(muc_service *s, mu_query *a, mu_incoming *in);

#endif
