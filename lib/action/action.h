/* action.h: the verbs: what may happen in a room. Each asks its decide hooks, changes the model, and writes what is
 * seen.
 *
 * All run inside a transaction that the caller has begun; a negative result makes him take everything back. */
#ifndef MU_ACTION_ACTION_H
#define MU_ACTION_ACTION_H

#include <engine/engine.h>

/* The stanza that is being dealt with. */
typedef struct mu_incoming {
    mu_stanza st;
    const char *from; /* full real JID as given */
    mu_peer *peer;    /* of from */
    mu_address to;    /* parsed */
    const char *nick; /* enforced nickname of to, NULL: none */
    const char *nick_key;
    muc_room *room;          /* NULL: no such room */
    mu_tombstone *tombstone; /* of a room that is gone, or NULL */
    muc_session *session;    /* of from in room, or NULL */
    muc_occupant *occupant;  /* of that session, or NULL */
    bool elsewhere;          /* another service has the room in memory */
    bool inside;             /* of another call, which may be undone yet */
    muc_refusal *refusal;    /* where a refusal is put instead of an answer; NULL: it is answered */
} mu_incoming;

/* ---- presences as others see them (view.c, announce.c) ---------------------------------------------------------- */

/* Who hears of several that go one after the other: those who stay, then those who go, the first one last. So each of
 * them hears of those before him, and one list of a view does for all. */
typedef struct mu_leaving {
    mu_audience *to[MU_VIEWS]; /* NULL: nobody */
    uint32_t gone[MU_VIEWS];   /* at the end */
} mu_leaving;

/* What is said about an occupant beside his rank and payload. Unset members are 0. */
typedef struct mu_notice_about {
    bool unavailable;
    muc_affiliation affiliation; /* as shown */
    muc_role role;               /* as shown */
    const char *new_nick;        /* item@nick: renaming */
    const char *actor_nick;      /* who did it, when he is in the room */
    const char *reason;
    mu_codes codes;     /* in every copy; 110 is added to own ones */
    mu_codes own_codes; /* in own copies only: 100, 201, 210 */
    const char *id;     /* of the stanza, for the copy to the session below */
    muc_session *id_for;
    mu_blob *payload;       /* instead of the presence of the primary session; NULL: that one */
    mu_lane own_lane, lane; /* of own copies; of everybody else's: MU_LANE_REST mostly */
    bool own_only, others_only;
    bool jid_only;                    /* nothing but the real JID has changed: for those alone who see it */
    const muc_destroy_event *destroy; /* `<destroy/>` inside */
    const mu_leaving *leaving;        /* to these others; NULL: to those of the room */
    muc_session *only;                /* own copy to this session alone */
    muc_span extra;                   /* more children of `<x/>`, well-formed */
} mu_notice_about;
/* Tells the occupant's own sessions and everybody else, each in the view that is his. shown: whether the others get it
 * (presence broadcast of the role); the caller decides. */
int mu_announce(muc_occupant *occupant, const mu_notice_about *about, bool shown);
/* The plain available presence of an occupant as seen by those who may or may not see JIDs; kept. Counted for the
 * caller.
 */
int mu_view(muc_occupant *occupant, int view, mu_packet **out);
/* The same to one session of the room, his own or another's. */
int mu_show(muc_occupant *occupant, const mu_notice_about *about, muc_session *to);
/* That somebody with a reserved nickname is not there, to one session. */
int mu_show_absent(muc_room *room, const mu_affiliation *a, const muc_session *to);
/* Presence of everyone else to one session, as its role lets it see. */
int mu_send_occupants(muc_room *room, muc_session *to);
/* Those who belong to the room and are absent, where it shows them (absent.c): to one session, NULL to all; and what
 * has become of one of them, with the nickname that was reserved for him, or NULL. */
int mu_absent_send(muc_room *room, const muc_session *to);
int mu_absent_changed(muc_room *room, const char *jid, const char *nick, muc_affiliation affiliation);
/* ` from='room/nick'[ xml:lang]>` and the children of a presence (NULL: none), less forged ones and `drops`, with what
 * handlers add. MUC_OK; else *out is NULL. */
int mu_presence_blob(muc_occupant *occupant, const xmlNode *presence, const xmlNode *const *drops, size_t drop_count,
                     mu_blob **out);
/* The same of what an occupant sends. MUC_ERR_REJECTED: it holds too much. */
int mu_presence_take(muc_occupant *occupant, const xmlNode *presence, const xmlNode *const *drops, size_t drop_count,
                     mu_blob **out);
mu_blob *mu_presence_renamed(mu_blob *old, muc_room *room, const char *nick); /* same children, another from */
int mu_presence_priority(const xmlNode *presence);

/* ---- bytes that stanzas share (attr.c) -------------------------------------------------------------------------- */

/* ` name='value'`, escaped; nothing when value is NULL. */
void mu_attr(mu_buf *b, const char *name, const char *value);
/* ` from='room/nick'`; nick NULL: ` from='room'`. */
void mu_attr_from(mu_buf *b, const muc_room *room, const char *nick);
/* `<status code='..'/>` for each. */
void mu_add_codes(mu_buf *b, const mu_codes *codes);

/* ---- forged elements (strip.c) ---------------------------------------------------------------------------------- */

/* What only the service may say (conformance: PT-16): skipped when a stanza is written again. */
typedef struct mu_strip {
    muc_service *service;
    const muc_room *room;
    const xmlNode *const *drops;
    size_t drop_count;
    bool own; /* the room said it before: only its delay is no part of it */
} mu_strip;
bool mu_forged(const xmlNode *child, const void *strip);

/* ---- verbs ------------------------------------------------------------------------------------------------------ */

int mu_room_make(muc_service *s, muc_span key, const muc_option_value *config, size_t count, const mu_incoming *in,
                 muc_room **out);                 /* create.c: pre-create, room, created */
int mu_presence(muc_service *s, mu_incoming *in); /* presence.c: which of those below */
int mu_relay(muc_service *s, mu_incoming *in);    /* relay.c: an iq to an occupant that no handler has answered */
int mu_answered(muc_service *s, mu_incoming *in); /* query.c: an iq of type result or error */
/* query.c: questions end because somebody goes: one session, a connection, a room. */
int mu_query_end_session(const muc_session *session);
int mu_query_end_peer(muc_service *s, const mu_peer *peer);
int mu_query_end_room(muc_room *room);
int mu_idle_sweep(muc_service *s, muc_sweep_event *sweep);   /* idle.c: no transaction is open; as below */
int mu_idle_bounced(muc_service *s, const mu_incoming *in);  /* idle.c: an error that may be for a ping of ours */
int mu_query_expire(muc_service *s, muc_sweep_event *sweep); /* no transaction is open. MUC_OK or MUC_INCOMPLETE */
void mu_query_abandon(muc_service *s);                       /* the service ends */
int mu_bounced(mu_incoming *in);                             /* bounce.c: a stanza of type error came back */
/* bounce.c: a private message has gone to an occupant, and may come back. */
int mu_private_sent(const mu_incoming *in, const muc_occupant *to);
int mu_invite_bounced(const mu_incoming *in); /* decline.c: a message of type error to the room itself */
int mu_join(muc_service *s, mu_incoming *in); /* join.c: entering, another session, resync */
/* Refuses a nickname that is somebody else's, in the room or by reservation; *holder: who has it in the room, or NULL.
 */
int mu_nick_taken(muc_service *s, muc_room *room, const char *nick_key, const mu_peer *by, muc_occupant **holder);
/* Whether a nickname is not the one that was asked for, byte for byte: his client has to be told (status 210). */
bool mu_nick_is_other(const mu_incoming *in, const char *nick);
/* Whether who sent `in` (no stanza; nick may be NULL) could enter: MUC_ERR_REJECTED with the verdict. */
int mu_may_enter(muc_service *s, mu_incoming *in, const char *password);
int mu_enter(muc_occupant *draft);              /* join.c: a draft is saved by the API */
int mu_draft_apply(const muc_occupant *draft);  /* draft_copy.c: the same of somebody who is there */
int mu_update(muc_service *s, mu_incoming *in); /* update.c */
int mu_rename(muc_service *s, mu_incoming *in); /* rename.c */
/* leave.c. forced: he did not ask. about: NULL for a plain leave. firing: what handlers dropped, or NULL. */
int mu_leave(muc_session *session, const xmlNode *presence, const mu_firing *firing, const mu_notice_about *about,
             bool forced);
/* Every session of a peer, in all rooms. */
int mu_leave_all(mu_peer *peer, const xmlNode *presence, const mu_notice_about *about, bool forced);
int mu_fire_gone(muc_session *session, bool last, bool forced); /* that a session goes */
/* That all of his go. A handler may take him out before that is done. */
int mu_fire_all_gone(muc_occupant *o);
int mu_fire_empty(muc_room *room); /* when nobody is in it */
/* Takes back what the transaction has for somebody who is told first that he is out (MU_LANE_FIRST). */
int mu_silence(const muc_occupant *occupant);
int mu_remove(muc_occupant *occupant, const mu_notice_about *about, const char *from); /* with all his sessions */
/* Several, one after the other. The list is ended by NULL; what is said of the affiliation is what it is by now. */
int mu_remove_all(muc_room *room, muc_occupant *const *those, const mu_notice_about *about, const char *from);
/* Those whom a filter picks (NULL: all), to be freed, ended by NULL. MUC_OK or MUC_ERR_NOMEM. */
int mu_pick(muc_room *room, muc_filter_fn *filter, void *ud, muc_occupant ***out);
int mu_groupchat(muc_service *s, mu_incoming *in); /* groupchat.c: to all, and subject changes */
int mu_private(muc_service *s, mu_incoming *in);   /* private.c */
/* backlog.c: history and subject for a newcomer. event: of join, with his presence. */
int mu_welcome_talk(muc_session *to, muc_event *event);
/* Those whom a filter picks. Counted for the caller; NULL: memory. */
mu_audience *mu_room_picked(muc_room *room, muc_filter_fn *filter, void *ud);
int mu_say(muc_room *room, mu_packet *packet, mu_audience *to, bool keep, bool foreign_delay); /* groupchat.c */
/* role.c, affiliation.c. actor: real JID, NULL: the service. */
int mu_set_role(muc_occupant *occupant, const char *actor, muc_role role, const char *reason);
int mu_set_affiliation(muc_room *room, const char *actor, const char *jid, muc_affiliation affiliation,
                       const char *reason);
/* Reserves a nickname for who has an affiliation; NULL or "": gives it back. */
int mu_set_nick(muc_room *room, const char *jid, const char *nick);
/* jid: a real one, of which the bare part counts; or NULL. */
int mu_default_role(muc_room *room, const char *jid, muc_affiliation affiliation, muc_role *role);
int mu_change_rank(muc_occupant *occupant, muc_role role, muc_affiliation affiliation,
                   mu_notice_about *about); /* rank.c */
/* tombstone.c: forgets one whose time is over, where the store keeps it too. NULL is fine. *t: the one that remains. */
int mu_tombstone_expire(muc_service *s, mu_tombstone **t);
int mu_tombstone_refuse(muc_service *s, const mu_tombstone *t); /* gone */
/* Whether this stanza makes a room where one was destroyed. */
bool mu_tombstone_gives_way(muc_service *s, const mu_incoming *in);
/* lock.c. expire: what settings.lock_timeout says to one that has waited for too long: MUC_CHANGED, MUC_OK. */
int mu_unlock(muc_room *room, const char *actor);
int mu_lock_expire(muc_room *room);
int mu_tombstone_set(muc_room *room, const muc_destroy_event *destroy); /* for a room that ends now */
int mu_destroy(muc_room *room, const char *from, const char *alternate, const char *reason, const char *password);
/* config.c: applies checked values of the options at those indexes, everything that follows included. */
typedef struct mu_assignment {
    int index;
    mu_value value; /* text: the caller's */
} mu_assignment;
int mu_config_apply(muc_room *room, const char *actor, const mu_assignment *values, size_t count, muc_form *form,
                    mu_codes *codes);
/* effect.c: what changed presence broadcast or whois mean for those inside. former: the values before. */
int mu_effect_broadcast(muc_room *room, muc_roles former);
/* Those who have something to learn when all may see real JIDs: to be freed, ended by NULL. */
int mu_effect_learners(muc_room *room, muc_occupant ***out);
int mu_effect_whois(muc_room *room, muc_occupant *const *learners);
/* The groupchat message of the room with nothing but status codes (XEP-0045 section 10.2.1). */
int mu_send_codes(muc_room *room, const mu_codes *codes);
/* Finds a room in memory or asks the host for it. MUC_OK, MUC_ERR_NOT_FOUND, MUC_ERR_HOST, ... (room_load.c) */
int mu_room_want(muc_service *s, muc_span key, muc_room **out);

#endif
