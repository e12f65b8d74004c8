/* service.h: one MUC domain: making it, feeding it stanzas, and what only a server knows. */
#ifndef MUC_SERVICE_H
#define MUC_SERVICE_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/option.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what the host does for the library -------------------------------------------------------------------------- */

/** Answers of muc_callbacks.room_wanted. */
#define MUC_ROOM_RESTORED  0 /**< it is in memory now: muc_room_restore() was called */
#define MUC_ROOM_UNKNOWN   1 /**< there is no such room */
#define MUC_ROOM_PENDING   2 /**< it is being looked for: muc_room_wanted_answer() follows (pending.h) */
#define MUC_ROOM_ELSEWHERE 3 /**< another service of the domain has it in memory: see muc_callbacks.pass_on */

/** Answers of muc_callbacks.room_changed beside 0 and negative ones. */
#define MUC_HOLD 1 /**< being stored: keep this room's output until muc_room_release() */

/** Hands one stored room over to muc_callbacks.stored_rooms. Strings are copied. name may be NULL. Returns MUC_OK,
 * MUC_ERR_NOMEM or MUC_ERR_HOST (not behind the one before), which the callback hands back. */
typedef int muc_stored_room_fn(void *list, const char *jid, const char *name);

/** The host's functions. Start with muc_callbacks_init(), then set what you have. Every function gets the `ud` of
 * muc_service_new(). None may call a mutating function of the library unless it says so. */
typedef struct muc_callbacks {
    /** sizeof(muc_callbacks) when compiled, set by muc_callbacks_init(): lets the struct grow. */
    size_t size;
    /** Sends a delivery (delivery.h), in order. It is valid during the call; muc_delivery_keep() keeps it longer. May
     * call anything: what that changes is a transaction of its own, its output queues behind. Negative: the rest still
     * goes out and the outer call returns MUC_INCOMPLETE. NULL (default): pull with muc_service_next(). */
    int (*send)(muc_service *service, const muc_delivery *delivery, void *ud);
    /** Milliseconds since the Unix epoch, asked at most once a call of the library. Required. */
    int64_t (*now)(void *ud);
    /** Fills n unpredictable bytes and returns 0, or negative on failure. Asked for the secret of the hash tables when
     * the service is made, and for identifiers. Required. */
    int (*random)(uint8_t *bytes, size_t n, void *ud);
    /** Prepares addresses (types.h). Not asked about parts of plain ASCII that every profile keeps as they are. NULL
     * (default): the built-in preparation, muc_prep_profile(). */
    muc_prep_fn *prep;
    /** 1 when this bare JID (prepared) administers the service: it may enter, configure and destroy any room, and owns
     * none by that. NULL (default): nobody. */
    int (*is_admin)(const char *bare_jid, void *ud);
    /** A room that is not in memory is addressed, by its prepared JID: call muc_room_restore(), also for a tombstone,
     * and return MUC_ROOM_RESTORED, or MUC_ROOM_UNKNOWN (which is remembered until the room is made or restored,
     * settings.max_unknown_rooms), or MUC_ROOM_PENDING (what is sent to that room waits; it is not asked about again
     * until muc_room_wanted_answer()), or MUC_ROOM_ELSEWHERE (what is sent to it now is passed on), or negative: the
     * sender is told internal-server-error (wait). NULL (default): every room is in memory. */
    int (*room_wanted)(muc_service *service, const char *room_jid, void *ud);
    /** Something of a persistent room changed (store.h), or of any (settings.store_temporary); called after commit and
     * before the first output, once a room and call. 0: stored. MUC_HOLD: being stored; what the service itself answers
     * in that call waits with the last room for which this is said. The room is valid until muc_room_release(),
     * whatever becomes of it (one that has ended leaves its address free: room_wanted may be asked about it). Negative:
     * not stored; the whole call is undone, and rooms already reported in it are reported again, as they are then. May
     * read the room and call muc_room_save(). NULL (default): nothing is stored. */
    int (*room_changed)(muc_room *room, const muc_change *change, void *ud);
    /** Hands over, by add(list, ...), the first `max` stored public rooms that follow `after` (NULL: from the start) in
     * the byte order of their JIDs, in that order, fewer only at the end; those in memory may be among them and are
     * left out. 0 or negative (the room list answers internal-server-error). NULL (default): none. */
    int (*stored_rooms)(muc_service *service, const char *after, size_t max, muc_stored_room_fn *add, void *list,
                        void *ud);
    /** A stanza that was dispatched, or has waited, is for a room that room_wanted says is elsewhere: pass it on to the
     * service that has it, in the order in which these calls come. The tree is valid during the call; its `from` is the
     * one that the host vouched for. Called behind the transaction, in which nothing else has happened. 0 or negative
     * (the sender is told internal-server-error (wait)). NULL (default): as if it answered negative. */
    int (*pass_on)(muc_service *service, const char *room_jid, const xmlNode *stanza, void *ud);
} muc_callbacks;

/** Sets `size` and the defaults. Pass sizeof(muc_callbacks). */
MUC_EXTERN void muc_callbacks_init(muc_callbacks *callbacks, size_t size);

/** Whose presence makes a room. Service administrators may always do it, and the host by muc_room_create(). */
typedef enum muc_creation {
    MUC_CREATION_ANYONE, /**< everybody's */
    MUC_CREATION_LOCAL,  /**< users of the domain above the service's: of example.org for rooms.example.org */
    MUC_CREATION_ADMINS  /**< nobody else's */
} muc_creation;

/** Limits and choices of a service. Start with muc_settings_init(). Limits are inclusive; 0 is no limit only where
 * said. Times are in seconds but where a name ends in `_ms`, and none may be longer than a thousand years. */
typedef struct muc_settings {
    /* ---- what it is */

    /** sizeof(muc_settings) when compiled, set by muc_settings_init(). */
    size_t size;
    /** The domain, "rooms.example.org". Required; copied. */
    const char *domain;
    /** The service's name in `disco#info`. Default "Chatrooms"; copied. */
    const char *name;
    /** The features (feature.h), ended by NULL. The list is copied, the descriptors must outlive the service. Default:
     * muc_features_full(). */
    const muc_feature *const *features;
    /** More features, ended by NULL: one's own, beside all of the library's. Default: none. */
    const muc_feature *const *extra_features;
    /** What names that last are made from: 16 to 1024 bytes that nobody else knows, the same for every start of the
     * service. Copied. Default NULL. */
    const void *secret;
    /** Bytes of the secret. */
    size_t secret_n;
    /** The service is switched off: whatever asks for something is answered by service-unavailable, service discovery
     * too, and no room is loaded for it. Who is in a room stays there and may leave; calls of the host work, and
     * muc_service_shutdown() tells everybody. Default 0. */
    int disabled;

    /* ---- rooms and their life */

    /** Options of new rooms that differ from their built-in defaults; copied. Default: none. */
    const muc_option_value *room_defaults;
    /** How many room_defaults there are. */
    size_t room_default_count;
    /** Who may make rooms: others are told not-allowed (section 10.1.1). For finer rules there is the point pre-create.
     * Default MUC_CREATION_ANYONE. */
    muc_creation room_creation;
    /** Bytes of the name (localpart) of a room that a user makes. Default 1023. */
    size_t max_room_name;
    /** New rooms are locked until their creator has configured them (XEP-0045 section 10.1). Default 1. */
    int lock_new_rooms;
    /** Seconds for which a new room waits for its first configuration; what it is by default counts then (section
     * 10.1.1). 0: for ever. Default 300. */
    int64_t lock_timeout;
    /** The room is destroyed then instead. Default 0. */
    int lock_timeout_destroys;
    /** Seconds for which the address of a persistent room that was destroyed says so (tombstone.h). Default 0: it is as
     * if the room had never been. */
    int64_t tombstone_time;
    /** Tombstones in memory; over it the oldest is forgotten, which room_wanted may bring back. Default 10000. */
    size_t max_tombstones;

    /* ---- storing (store.h) */

    /** The parts of rooms that room_changed reports (store.h). Default: everything but MUC_PART_OCCUPANTS. */
    unsigned store_parts;
    /** Rooms that are not persistent are stored as well until they end: they outlast a restart, with those who are in
     * them when store_parts has MUC_PART_OCCUPANTS. Default 0. */
    int store_temporary;
    /** Persistent rooms that nobody is in leave memory when they have not been used for so many seconds; needs
     * muc_callbacks.room_wanted (MUC_ERR_INVALID without it), and muc_service_sweep() being called. 0 is never, the
     * default. */
    int64_t evict_after;
    /** So do rooms in which nobody is but owners of theirs: they are sent out by an unavailable presence, before
     * pre-evict is asked. What counts as use is in muc_room_used(). Default 0: as long as an owner is there, the room
     * stays. */
    int evict_owners;
    /** Names of rooms that are known to be unknown, when room_wanted is set. Default 10000. */
    size_t max_unknown_rooms;
    /** Deliveries and notifications held for one room after MUC_HOLD. Default 100000. */
    size_t max_held;

    /* ---- limits: stanzas and output */

    /** Bytes of one stanza handed to muc_dispatch_text(), and of what a tree is written to. Default 262144. */
    size_t max_stanza;
    /** Elements within each other in a stanza. Default 64. */
    size_t max_depth;
    /** Bytes of what a presence holds, or a message that sets the subject: they are kept and shown to everybody who
     * enters. Default 32768. */
    size_t max_presence;
    /** Items of one request, and values of one field, and fields of one form beside those of options. Default 1000. */
    size_t max_items;
    /** Items of one page of the room list. Default 100. */
    size_t max_page;
    /** Deliveries made and not fetched, when pulling (no send callback). Default 100000. */
    size_t max_unfetched;
    /** Things done in one muc_service_sweep(). Default 1000. */
    size_t max_sweep;

    /* ---- limits: rooms and what they hold */

    /** Rooms in memory. Default 1000000. */
    size_t max_rooms;
    /** Occupants a room, whatever its own configuration says. Default 20000. */
    size_t max_occupants;
    /** Who enters when so many are in the room is seen by nobody but himself, until he leaves it: no presence of his
     * goes to others, and newcomers are not shown it. What he says is heard, and he sees those who came before. So very
     * large rooms cost what is said there. 0 is no limit, the default. */
    size_t max_users_presence;
    /** Owners and admins who find a place in a room that is full by its own configuration. 0 is no limit but
     * max_occupants, the default (XEP-0045 section 7.2.9). */
    size_t max_over;
    /** Sessions of one bare JID in a room. Default 32. */
    size_t max_sessions;
    /** Rooms of one bare JID at a time, a nickname counting as one; over it, entering is answered by
     * resource-constraint (wait), but not for service administrators. 0 is no limit, the default. */
    size_t max_user_rooms;
    /** Affiliations a room. Default 100000. */
    size_t max_affiliations;
    /** Bytes of the keys and texts that are kept with one affiliation (muc_affiliation_set_data()). Default 4096. */
    size_t max_affiliation_data;
    /** Members, admins and owners that a newcomer is shown though they are not in the room, where a room is so
     * configured; of the first sixteen times as many affiliations. 0: none. Default 1000. */
    size_t max_absent;
    /** Messages of history a room, whatever its own configuration says. Default 100. */
    size_t max_history;
    /** Bytes of history a room. Default 262144. */
    size_t max_history_bytes;
    /** Records (record.h) of one owner in a room. Default 100. */
    size_t max_records;
    /** Bytes of the vCard of a room. Default 131072. */
    size_t max_vcard;

    /* ---- limits: texts */

    /** Bytes of a nickname. At most 1023, the default. */
    size_t max_nick;
    /** Bytes of the value of a text option, of a subject in one language, of a reason. Default 4096. */
    size_t max_text;
    /** Bytes of what a room is called for people (the option `name`), of its `description` and of its `password`: a
     * submission that has more is refused. 0, the default: max_text, and 1024 for the password. */
    size_t max_name_bytes;
    size_t max_description_bytes; /**< see max_name_bytes */
    size_t max_password_bytes;    /**< see max_name_bytes */

    /* ---- limits: how fast */

    /** Milliseconds that a message of one full JID to all of a room takes, as long as `pace_burst` of them may come at
     * once: whoever is faster is refused by resource-constraint (wait), service administrators are not. Needs
     * muc_feature_pace. At most 86400000; 0 is no limit, the default. */
    int64_t min_message_interval_ms;
    /** The same for his presence updates and changes of nickname. */
    int64_t min_presence_interval_ms;
    /** How many may come at once, 1 to 1000. Default 1. */
    int pace_burst;

    /* ---- waiting for answers */

    /** Stanzas that wait for an answer or a room (pending.h), in all; 0: nothing may wait. Default 10000. */
    size_t max_pending;
    /** Bytes of them in all. Default 16777216. */
    size_t max_pending_bytes;
    /** How many of them may be from one full JID. Default 16. */
    size_t max_pending_sender;
    /** Seconds that they wait before their senders are told remote-server-timeout (wait), or internal-server-error
     * (wait) when it was a room that did not come; 0: for ever. Default 60. */
    int64_t pending_timeout;
    /** Questions (iqs to other occupants) that one session, or the room or service itself, may have waiting for their
     * answer. Default 64. */
    size_t max_queries;
    /** Questions that may wait for an answer of one JID. Default 1000. */
    size_t max_queried;
    /** Seconds that an answer may take: then who asked is told recipient-unavailable. Default 60. */
    int64_t query_timeout;
    /** Seconds within which the form of a command comes back filled in (command.h); 0: any. Default 3600: an hour. */
    int64_t command_timeout;

    /* ---- people */

    /** Seconds after which a session that says nothing is pinged (XEP-0199), by muc_service_sweep(); who does not
     * answer in a quarter of that time is removed (333). 0, the default: never. */
    int64_t idle_ping;
    /** Seconds after which a session that says nothing, not even to a ping, is removed (307). 0, the default: never. */
    int64_t idle_kick;
    /** Service administrators enter a room that has a password with that alone, as others do. Default 0: they need
     * none, for they could set another one. */
    int admins_need_password;
    /** A presence or message that comes back with service-unavailable is taken to mean, too, that its recipient is
     * gone. Default 0: only conditions that say so (XEP-0045 section 18.1.2). */
    int unavailable_is_gone;
    /** Who sends presence to a room without the element that says that his client knows this protocol enters it, as in
     * groupchat 1.0 (section 7.2.18); a room that does not exist is not made by that. Default 0: he is told that he is
     * not in the room. */
    int groupchat_1_0;
    /** Seconds for which it is remembered who was given voice in a moderated room, or lost it, when he comes back
     * (section 5.1); settings.max_records of them a room. 0: not. Default 2592000, 30 days. */
    int64_t role_memory;
    /** The same in every room. Default 0. */
    int role_memory_everywhere;
    /** Invitations in one message. Default 50. */
    size_t max_invites;
    /** Seconds for which an invitation is open: it may be declined, and who invited is told that it did not arrive.
     * Default 604800, a week; 0: never. */
    int64_t invite_lifetime;
    /** Who is made a member of a members-only room is invited (XEP-0045 section 9.5), be they as many as max_items in
     * one request: MUC_ON_PRE_INVITE may refuse some. Default 1. */
    int invite_new_members;
    /** Seconds for which a registration waits for an admin (register.h). Default 604800: a week. */
    int64_t register_timeout;
    /** Seconds within which admins are shown at most three times that one user wants to register, where they have to
     * approve it: a further request is refused by resource-constraint (wait). 0: always. Default 1800. */
    int64_t register_interval;

    /* ---- what others get to see */

    /** The first page of the room list shows whoever asks the hidden rooms in memory that he is in, too, at most
     * `max_page` of them. Default 0: hidden rooms are listed to nobody (XEP-0045 section 6.3). */
    int list_own_rooms;
    /** Rooms that are closed, or wait for their first configuration, are on the room list and tell by service discovery
     * what they are, as others do; entering is still as if there were none. Default 0 (section 10.1.1). */
    int list_locked_rooms;
    /** Who may not send an occupant private messages may not ask him anything either: not-allowed, but for vCards and
     * for what somebody asks himself. Default 0. */
    int pm_rules_queries;
    /** The presence of an occupant is kept as the others see it, for those who enter. 0: it is written anew for each of
     * them, which makes entering a large room dearer and an occupant some 70 bytes lighter. Default 1. */
    int keep_views;
    /** Namespaces of what messages and presences may hold beside the elements of `jabber:client`, ended by NULL: all
     * else is left out of what others get, and whoever asks is told this list (section 18.1.1). The list is not copied
     * and stays as long as the service. NULL (default): everything passes. */
    const char *const *allowed_payloads;
    /** Every message to all carries `<stanza-id/>` of the room (XEP-0359), in the history too. The name is what an
     * archive says (muc_message_event.id), or made up. Default 0. */
    int stanza_ids;
    /** In rooms where everybody sees real JIDs (`whois` anyone), a message to all carries the one it comes from, as an
     * `ofrom` address (XEP-0033), in the history too. Such history is forgotten when the room begins to hide real JIDs;
     * what archives have stored is theirs to see to. Default 0. */
    int original_from;
    /** Presences and messages carry `<occupant-id/>` (XEP-0421), by which the same user is known again in a room under
     * other nicknames and later, and in no other room. Needs `secret`. Default 0. */
    int occupant_ids;
} muc_settings;

/** Sets `size` and the defaults. Pass sizeof(muc_settings). */
MUC_EXTERN void muc_settings_init(muc_settings *settings, size_t size);
/** What muc_service_new() refuses with MUC_ERR_INVALID: the name of the first member that makes no sense ("max_nick",
 * "now"; "settings" or "callbacks" as a whole when it is NULL or has no size; "features" when two of them or two of
 * their options have one name), or, of room_defaults, the option that there is not or that does not take its value, as
 * it is written there. NULL: none. For people; calls no callback, and takes memory from malloc() for a moment. */
MUC_EXTERN const char *muc_settings_problem(const muc_settings *settings, const muc_callbacks *callbacks);

/* ---- life -------------------------------------------------------------------------------------------------------- */

/** Makes a service; *out is NULL when it fails. `mem` (copied) NULL: malloc, realloc, free. What is passed is copied
 * unless its setting says otherwise; `ud` goes to every callback. MUC_OK; MUC_ERR_INVALID (muc_settings_problem() says
 * what), MUC_ERR_BAD_JID (domain), MUC_ERR_HOST (random), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_service_new(muc_service **out, const muc_settings *settings, const muc_callbacks *callbacks,
                               const muc_mem *mem, void *ud);
/** Frees it with all rooms; sends nothing and stores nothing. Not from inside one of its callbacks. NULL is fine.
 * Deliveries that were kept stay valid. */
MUC_EXTERN void muc_service_free(muc_service *service);
/** The `ud` of muc_service_new(). */
MUC_EXTERN void *muc_service_userdata(const muc_service *service);
/** The domain, prepared; valid as long as the service. */
MUC_EXTERN const char *muc_service_domain(const muc_service *service);
/** The service's name for people. Valid until muc_service_configure() gives it another one. */
MUC_EXTERN const char *muc_service_name(const muc_service *service);
/** The host's clock as this call sees it: milliseconds since the Unix epoch. */
MUC_EXTERN int64_t muc_service_now(muc_service *service);
/** Fills n bytes from the host's random source. MUC_OK or MUC_ERR_HOST. */
MUC_EXTERN int muc_service_random(muc_service *service, uint8_t *bytes, size_t n);
/** A number made of a text and the secret of the service (SipHash-2-4): nobody else can tell it, and it is another one
 * in another service. */
MUC_EXTERN uint64_t muc_service_tag(const muc_service *service, const char *text);
/** Prepares a JID for being compared: two JIDs are the same when their prepared forms are. At most `size` bytes with
 * the NUL go to out. Returns the length it has, like snprintf; MUC_ERR_BAD_JID, MUC_ERR_NOMEM. */
MUC_EXTERN int muc_service_prepare(muc_service *service, const char *jid, char *out, size_t size);
/** Whether a bare or full JID is a service administrator: 1 or 0. */
MUC_EXTERN int muc_service_is_admin(muc_service *service, const char *jid);
/** Whether settings.room_creation lets a bare or full JID make rooms: 1 or 0. */
MUC_EXTERN int muc_service_may_create(muc_service *service, const char *jid);
/** The settings as the service took them, features with their names and numbers too; room_defaults is NULL. Valid as
 * long as the service. */
MUC_EXTERN const muc_settings *muc_service_settings(const muc_service *service);

/** Other settings from now on; start with a copy of muc_service_settings(). Limits hold for what comes; what is there
 * stays, but history over its limit is forgotten. room_defaults replace those before, for new rooms only; NULL: they
 * stay. domain, features, extra_features, max_depth, max_nick, keep_views, secret, occupant_ids and stanza_ids stay in
 * any case. A room that was saved under larger limits is restored as it was. MUC_OK; MUC_ERR_INVALID
 * (muc_settings_problem() says what), MUC_ERR_BUSY (also inside of serve handlers). */
MUC_EXTERN int muc_service_configure(muc_service *service, const muc_settings *settings);

/* ---- stanza in --------------------------------------------------------------------------------------------------- */

/** Takes a stanza that a user sent to this domain. Its `from` is a full JID that the host authenticated; everything
 * else may be hostile. The tree is read only and not kept; a stanza in the namespace of a component or server stream is
 * fine. `userdata` is the host's own pointer for the sender's connection: deliveries to that full JID bring it back
 * (muc_delivery_userdata()); the latest one that is not NULL wins. Protocol errors are answered by error stanzas and
 * are MUC_OK here.
 *
 * MUC_OK, MUC_NOT_MINE, MUC_INCOMPLETE; MUC_ERR_MALFORMED, MUC_ERR_TOO_BIG, MUC_ERR_BUSY (unfetched or held output is
 * at its bound, or called from a decide or build handler), MUC_ERR_ELSEWHERE (called from a serve handler, which may
 * fail yet: it is not passed on), MUC_ERR_NOMEM. After a negative result nothing has happened. */
MUC_EXTERN int muc_dispatch(muc_service *service, const xmlNode *stanza, void *userdata);
/** The same for the bytes of one stanza: UTF-8 without document type, entities, comments and processing instructions
 * (RFC 6120 section 11.1). The content namespace may be left undeclared. */
MUC_EXTERN int muc_dispatch_text(muc_service *service, const char *xml, size_t n, void *userdata);

/* ---- what a stanza does not say ---------------------------------------------------------------------------------- */

/** This full JID is not connected any more: it leaves all its rooms (others see plain unavailable presence, with
 * `status` if not NULL); nothing is sent to it. Costs what it had joined. MUC_OK also when it was nowhere;
 * MUC_ERR_BAD_JID when it is no full JID. */
MUC_EXTERN int muc_peer_gone(muc_service *service, const char *full_jid, const char *status);
/** No user of this domain can be reached: all are removed with status 333, and nothing is sent to that domain (XEP-0045
 * section 11.1). Looks at every user of the service. MUC_OK; MUC_ERR_BAD_JID. */
MUC_EXTERN int muc_domain_unreachable(muc_service *service, const char *domain);
/** Sets the host's pointer for a full JID that is in some room (NULL after a restore). MUC_OK or MUC_ERR_NOT_FOUND. */
MUC_EXTERN int muc_peer_set_userdata(muc_service *service, const char *full_jid, void *userdata);
/** The host's pointer for a full JID that is in some room; NULL when it is in none, or has no pointer. */
MUC_EXTERN void *muc_peer_userdata(muc_service *service, const char *full_jid);
/** Calls fn for every session of a full or bare real JID in all rooms, until it returns non-zero, which is returned.
 * Costs what that user has; the first call for a bare JID looks at all users once, to remember who belongs to whom. fn
 * may not change anything. MUC_ERR_BAD_JID, MUC_ERR_NOMEM. */
MUC_EXTERN int muc_peer_sessions(muc_service *service, const char *jid, int (*fn)(muc_session *session, void *ud),
                                 void *ud);
/** The same for every room in memory that a full or bare real JID is in, each once. */
MUC_EXTERN int muc_peer_rooms(muc_service *service, const char *jid, int (*fn)(muc_room *room, void *ud), void *ud);
/** An account is gone: that user leaves all rooms in memory and loses every affiliation there, with its reserved
 * nickname, and every record whose key is his bare JID or begins with it and a slash or space, by the service itself
 * and all at once; invitations that he has sent are not open any more, and what he sent and waits is forgotten. Of a
 * room that has no other owner `heir` (a bare JID) becomes the owner; NULL: it is left without one. What he said stays.
 * Looks at every room in memory; those that are not are the host's, who knows them from what room_changed reported and
 * may muc_room_load() them before. `reason` may be NULL. MUC_OK; MUC_ERR_BAD_JID, MUC_ERR_REJECTED (pre-affiliation).
 */
MUC_EXTERN int muc_user_forget(muc_service *service, const char *bare_jid, const char *heir, const char *reason);
/** Says something in every room in memory that somebody is in, as the room itself; it becomes history. A message of a
 * service administrator to the address of the service does the same. Each room is a transaction of its own. MUC_OK, or
 * the first error, after which the other rooms are not told. */
MUC_EXTERN int muc_service_notice(muc_service *service, const char *body);
/** The service says goodbye: everybody is told status 332 (XEP-0045 section 11.2). Rooms stay as they are, their
 * occupants too, so that they can be saved and restored. */
MUC_EXTERN int muc_service_shutdown(muc_service *service);
/** Does what is due because time has passed, up to settings.max_sweep things. To be called now and then; nothing that
 * comes in waits for it. *next (may be NULL) is when it wants to be called again, in milliseconds since the Unix epoch:
 * now when there is more to do, INT64_MAX when nothing is waiting; what comes in later may be due earlier, so do not
 * wait much longer than the finest time that you set. Fires sweep; what a handler does in it is a transaction of its
 * own. MUC_OK; MUC_INCOMPLETE (some of it failed, is as it was, and is due in a second); MUC_ERR_BUSY (from inside of a
 * handler). */
MUC_EXTERN int muc_service_sweep(muc_service *service, int64_t *next);
/** Sends a stanza of the service itself to a JID. Takes the stanza in every case. MUC_OK; MUC_ERR_BAD_JID,
 * MUC_ERR_INVALID (the stanza: see muc_xml_new()). */
MUC_EXTERN int muc_service_route(muc_service *service, muc_xml *stanza, const char *to);

/* ---- stanza out, when pulling ------------------------------------------------------------------------------------ */

/** The next delivery, in order, or NULL: none is waiting, or there is no memory for it now, or the call is made inside
 * a transaction. The caller owns it and ends it by muc_delivery_free(). Notify handlers that were waiting for the
 * deliveries before them run in here. */
MUC_EXTERN muc_delivery *muc_service_next(muc_service *service);
/** How many deliveries are waiting. */
MUC_EXTERN size_t muc_service_waiting(const muc_service *service);

#ifdef __cplusplus
}
#endif
#endif
