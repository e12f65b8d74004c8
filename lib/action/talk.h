/* talk.h: what messages to all and to one have in common. */
#ifndef MU_ACTION_TALK_H
#define MU_ACTION_TALK_H

#include <action/action.h>

/* The shared part of the message that comes of an incoming one: ` from='room/nick' ...>` and its children, less forged
 * ones, with what the handlers of `point` add, and `suffix` (well-formed). */
int mu_message_blob(mu_incoming *in, muc_point point, muc_message_event *message, const char *type, const char *suffix,
                    mu_blob **out);
/* Tells those who keep archives of a message that became history. */
int mu_fire_kept(muc_service *s, muc_event *event, const mu_packet *packet);
mu_packet *mu_message_packet(muc_service *s, mu_blob *body);
/* History to one session: what a presence asks for, or `asked` when that is not NULL. */
int mu_send_history(muc_session *to, const xmlNode *presence, const muc_history_event *asked);
int mu_send_subject(muc_session *to);
/* How many messages the room's options let it keep. */
size_t mu_history_limit(const muc_room *room);

#endif
