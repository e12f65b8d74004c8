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
/* Whether it was said before, as somebody else than the room says. */
bool mu_has_own_delay(const xmlNode *stanza, const muc_room *room);
/* Appends the address of a nickname in a room, the room's own for NULL. MUC_OK, MUC_ERR_BAD_JID, MUC_ERR_NOMEM. */
int mu_address_of(const muc_room *room, const char *nick, mu_buf *b);
/* A stanza that was written, read back: what it says decides what becomes of it (say.c). */
typedef struct mu_written {
    mu_packet *packet;
    xmlDoc *doc;
    mu_stanza st;
    muc_message_event message; /* of one for a whole room */
    bool all;                  /* everybody in it gets it */
} mu_written;
/* Takes x apart, and ends it; `room` is asked to build when the stanza is for all of it. */
int mu_written_take(muc_service *s, muc_room *room, muc_xml *x, const char *from, mu_written *w);
void mu_written_free(muc_service *s, mu_written *w);
mu_packet *mu_message_packet(muc_service *s, mu_blob *body);
/* History to one session: what a presence asks for, or `asked` when that is not NULL. */
int mu_send_history(muc_session *to, const xmlNode *presence, const muc_history_event *asked);
int mu_send_subject(muc_session *to);
/* ` from='..'` and what follows, shown to newcomers: with the time in the room's name. Counted for the caller. */
mu_packet *mu_delayed(muc_room *room, mu_blob *body, int64_t at);
/* Characters of a stanza as it goes to one recipient. */
int64_t mu_characters(const mu_packet *packet, const mu_peer *to);
/* What an archive has for a newcomer within the limits, counted for the caller (archive.c). */
int mu_archive_read(muc_room *room, const muc_history_event *wanted, const mu_peer *to, mu_roster **out);
/* Whether an address is the room's or an occupant's of it, as the room spells it. */
bool mu_is_of_room(const muc_room *room, const char *jid);
/* How many messages the room's options let it keep. */
size_t mu_history_limit(const muc_room *room);

#endif
