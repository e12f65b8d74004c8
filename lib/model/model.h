/* model.h: the data: service, rooms, occupants, sessions, affiliations, options, history, and its invariants.
 *
 * No hooks and no output on this floor. Everything that changes data goes through the journal, so that it can be
 * undone. */
#ifndef MU_MODEL_MODEL_H
#define MU_MODEL_MODEL_H

#include <base/buf.h>
#include <base/prep.h>
#include <model/query.h>
#include <model/idle.h>
#include <model/journal.h>
#include <model/packet.h>
#include <model/record.h>
#include <muc/muc.h>
#include <xml/xml.h>

/* The parts of a room that there are in this version: see MUC_PART_ALL. */
#define MU_PARTS 0x3fu

/* ---- options (value.c, table.c) --------------------------------------------------------------------------------- */

/* The value of one option: a number for every type but texts. */
typedef struct mu_value {
    int64_t number;
    char *text; /* texts: NULL is "" */
} mu_value;

/* A value that a room has of its own; all others are the service's. */
typedef struct mu_own_value {
    union {
        int64_t number;
        char *text; /* of options that are texts; a block of its own */
    } as;
    uint16_t index; /* of the option in the service's table */
} mu_own_value;

/* ---- affiliations (affiliation.c) ------------------------------------------------------------------------------- */

typedef struct mu_affiliation {
    mu_key key; /* the prepared bare JID or domain: also what is shown */
    struct mu_affiliation *next, *prev;
    struct mu_affiliation_more *more; /* NULL: nothing of it was ever there */
    muc_affiliation affiliation;
    char name[]; /* the key */
} mu_affiliation;

/* What most do not have. */
typedef struct mu_affiliation_more {
    mu_key by_nick; /* in the index when there is a nickname: its key, which stands behind it */
    mu_affiliation *of;
    char *nick;   /* reserved nickname, NULL for none; one block: nick NUL key */
    char *reason; /* or NULL */
    char *data;   /* or NULL: affiliation_data.h */
} mu_affiliation_more;

/* So few are looked through. */
enum { MU_FEW = 8 };
/* Of a room that has a reserved nickname or had more than MU_FEW affiliations. */
typedef struct mu_affiliation_index {
    mu_map by_jid, by_nick;
} mu_affiliation_index;

/* ---- history (history.c) ---------------------------------------------------------------------------------------- */

typedef struct mu_message {
    struct mu_message *next, *prev;
    mu_packet *packet;  /* as it was sent */
    mu_packet *delayed; /* with the room's delay; made when first shown, NULL before */
    int64_t at;
    bool foreign_delay; /* it came with a delay of its own: none is added (XEP-0045 section 7.9) */
} mu_message;

/* ---- occupants (occupant.c, session.c) -------------------------------------------------------------------------- */

enum {
    MU_AFFILIATIONS = MUC_AFFILIATION_OWNER - MUC_AFFILIATION_OUTCAST + 1,
    MU_ROLES = MUC_ROLE_MODERATOR - MUC_ROLE_NONE + 1
};
enum { MU_VIEW_ANONYMOUS, MU_VIEW_FULL, MU_VIEWS };
/* Who hears something: those who see one of the views, or all. */
enum { MU_TO_ANONYMOUS = MU_VIEW_ANONYMOUS, MU_TO_FULL = MU_VIEW_FULL, MU_TO_ALL, MU_AUDIENCES };

struct muc_occupant {
    mu_key key; /* the nickname prepared for comparing */
    muc_room *room;
    muc_occupant *next, *prev; /* order of entry */
    muc_session *first;        /* order of entry */
    muc_session *primary;
    muc_role role;
    muc_affiliation affiliation; /* kept equal to that of the bare JID */
    mu_pins pins;                /* what waits and refers to it */
    uint32_t place;              /* on the rosters of the room */
    bool draft, present;         /* present: in the room's map and list */
    bool unseen;                 /* too many were there when he came: the others are not shown his presence */
    bool kept;                   /* undoing mu_occupant_add() makes it a draft of its maker again, else frees it */
    bool attached;               /* something is kept for him: attached.c */
    bool copied;                 /* a draft of somebody who is in the room */
    bool own_key, own_nick;      /* the bare JID, the nickname, is its own key, and there once */
    mu_packet *views[]; /* MU_VIEWS, or none when the service keeps none: plain available presence as others see it,
                         * NULL until needed. Behind them: the bare real JID and its key, the key of the nickname and
                         * that. After renaming the last two are a block of their own. */
};

struct muc_session {
    mu_peer *peer;
    muc_occupant *occupant;
    muc_session *next;                  /* of the occupant */
    muc_session *peer_next, *peer_prev; /* of the peer */
    mu_blob *presence;                  /* ` from='..'>` and the children of the latest presence, filtered */
    uint64_t rank;                      /* what stands before others is greater: priority, turn, listed (below) */
};
/* When its presence came: the later is greater. */
uint64_t mu_session_turn(const muc_session *session);
/* Whether it is in the audiences of the room. */
bool mu_session_is_listed(const muc_session *session);
void mu_session_set_turn(muc_session *session, uint64_t turn);

/* ---- rooms (room.c) --------------------------------------------------------------------------------------------- */

typedef struct mu_subject {
    mu_blob *body; /* ` from='..' type='groupchat'..>` and children; NULL when none was ever set */
    char *text;    /* of the first subject element */
    char *from;    /* occupant JID or the room's */
    int64_t at;
} mu_subject;

struct mu_held; /* output kept back: the engine's */

/* What an idle room does not have: see live.c. */
typedef struct mu_live {
    mu_map occupants;
    muc_occupant *first_occupant, *last_occupant;
    size_t session_count;
    mu_audience *audiences[MU_AUDIENCES]; /* NULL: made when needed; here and below */
    mu_roster *rosters[MU_VIEWS];
    uint32_t places;    /* given on the rosters */
    uint32_t users_cap; /* of users, a power of two */
    uint16_t *users;    /* how many sessions there are by the sum of their users: users.c */
    mu_subject subject;
    mu_message *first_message, *last_message;
    size_t message_count, message_bytes;
    mu_record *first_record, *last_record;
    char *unknown; /* elements of a snapshot that nobody here knows, as they were written */
    size_t unknown_n;
    size_t unknown_options; /* how many bytes at its start are unknown options, inside of the configuration */
    void **data;            /* of features, by their index; NULL until the first is set */
    struct mu_held *held;   /* NULL: nothing is held */
    uint64_t *recent;       /* private messages that may come back: recent.c; NULL: there were none */
    uint32_t noted;         /* where its first note in the journal is, if it has any: see first_note() */
    uint64_t reported;      /* the commit in which it was looked at last for the store */
    uint64_t told;          /* the commit in which the store was told of it last; 0: told again since */
    bool watched;           /* looked at when the call is over: it may have become idle */
    muc_room *next_watched;
} mu_live;

struct muc_room {
    mu_key key; /* the prepared bare JID: also what is shown */
    muc_service *service;
    muc_room *next, *prev; /* order of making */
    mu_tree_node listing;  /* in service->listed when listed */
    bool listed;
    bool present;        /* in the service's map and list */
    bool persistent;     /* what the store was told last */
    bool locked_by_hand; /* does not wait for its configuration */
    mu_pins pins;        /* what waits and refers to it */
    uint32_t owner_count;
    uint32_t used;  /* when, in seconds */
    int64_t locked; /* since when, 0: not */
    mu_own_value *values;
    mu_affiliation_index *index; /* NULL: none is needed */
    mu_affiliation *first_affiliation, *last_affiliation;
    mu_live *live; /* never NULL */
    void *userdata;
    uint16_t value_count; /* here, where it takes no padding */
    char name[];          /* the key */
};

/* ---- tombstones (tombstone.c) ----------------------------------------------------------------------------------- */

/* What is said at the address of a room that was destroyed. */
typedef struct mu_epitaph {
    const char *alternate, *reason; /* or NULL */
    int64_t at, until;              /* milliseconds since the epoch; until 0: for good */
} mu_epitaph;

typedef struct mu_tombstone {
    mu_key key; /* the prepared bare JID of the room */
    struct mu_tombstone *next, *prev;
    mu_epitaph says;
    bool stored; /* the store has it: not yet in the transaction that makes it */
    char name[]; /* the key, and the strings */
} mu_tombstone;

/* ---- service ---------------------------------------------------------------------------------------------------- */

struct mu_engine;

/* Powers of two. */
enum { MU_OPTION_SLOTS = 512, MU_NAME_SLOTS = 2 * MU_OPTION_SLOTS };
/* What muc_service_stats() says beside what is known anyway. */
typedef struct mu_tally {
    uint64_t in[MU_IQ + 1]; /* stanzas, by kind */
    uint64_t refused, said, entered, deliveries, recipients;
    uint64_t occupants, sessions; /* that are there */
} mu_tally;

struct muc_service {
    mu_heap *heap;
    uint8_t secret[16];
    muc_settings settings; /* domain and name are copies; room_defaults is NULL */
    muc_callbacks callbacks;
    void *ud;
    mu_prep prep;
    const muc_feature **features; /* ended by NULL */
    size_t feature_count;
    void **feature_data;                    /* what they keep for the service, by their index */
    const muc_option **options;             /* all rows: by index; in the order of the form */
    uint16_t option_slots[MU_OPTION_SLOTS]; /* their indexes plus 1, by a sum of their addresses: table.c */
    uint16_t name_slots[MU_NAME_SLOTS];     /* the same by their names and fields */
    mu_value *defaults;                     /* by index */
    size_t option_count;
    int whois, broadcast;   /* indexes of the two options that the model itself needs */
    int is_public, history; /* of those named "public" and "historylength"; -1: there is none */
    mu_map rooms;
    muc_room *first_room, *last_room;
    mu_tree listed; /* public, unlocked rooms in the order of their JIDs */
    mu_map peers;
    mu_map visits;     /* of those who are in many rooms: visit.c */
    mu_tree by_user;   /* the same peers in the order of their keys: by_user.c */
    bool by_user_kept; /* it is there */
    mu_map idle;       /* of all peers, when that is kept: idle.c */
    mu_tree idle_due;
    mu_map asked; /* questions that wait, by their ids: query.c */
    mu_map asked_lists;
    mu_tree due;     /* the same, by when they are due */
    mu_map attached; /* occupants for whom something is kept: attached.c */
    mu_map unknown;  /* names of rooms that the host does not know: mu_unknown in room.c */
    struct mu_unknown *first_unknown, *last_unknown;
    const struct mu_asking *asking; /* rooms that the host is asked for right now: create.c */
    mu_map tombstones;              /* of none of them there is a room */
    mu_tombstone *first_tombstone, *last_tombstone;
    mu_blob *tails[MU_AFFILIATIONS][MU_ROLES]; /* ends of presences, by rank: view.c; NULL until needed */
    muc_room *watched;                         /* by live->next_watched */
    uint64_t turn;
    mu_tally tally;
    uint64_t uniques; /* names that muc_service_unique() gave */
    int64_t now;      /* of the current call */
    bool now_known;   /* asked in the current call */
    mu_journal journal;
    struct mu_engine *engine;
    mu_buf keys;    /* for the address of a stanza: mu_address_read() reserves what is enough for all */
    mu_buf scratch; /* for keys; whoever fills it does not call others that do while he needs it: mu_peer_get(),
                     * mu_peer_find(), and public functions that take a JID or a nickname */
};

/* ---- addresses (address.c) -------------------------------------------------------------------------------------- */

/* Where an address of this service leads. */
typedef struct mu_address {
    mu_jid jid;    /* parts of the address as written */
    muc_span room; /* key of the room; n = 0: the service itself */
    muc_span nick; /* as written; n = 0: none */
} mu_address;
/* The most that a nickname with its key takes, and an address with that behind it. */
enum { MU_NICK_SIZE = 2 * (MU_PREP_MAX + 1), MU_ADDRESS_SIZE = MU_NICK_SIZE + 2 * (MU_PREP_MAX + 1) };
/* Splits and appends the key of the room and a NUL to buf (the spans refer to it or to jid). MUC_OK; MUC_NOT_MINE:
 * another domain; MUC_ERR_BAD_JID: a part is refused; MUC_ERR_NOMEM. Does not prepare the nick, but one
 * mu_nick_prepare() into the same buffer right after it does not move the spans. */
int mu_address_read(muc_service *s, const char *jid, mu_buf *buf, mu_address *out);
/* Appends the key of a real JID, full or bare, with a NUL; of its bare part when bare is set. One that preparation
 * refuses is taken raw: trusted. *bare_n (may be NULL): how much of it is the bare JID. Only memory fails. */
int mu_real_key(muc_service *s, const char *jid, bool bare, mu_buf *out, size_t *bare_n);
/* The same for what a user wrote: MUC_ERR_BAD_JID when preparation refuses it. */
int mu_user_key(muc_service *s, const char *jid, bool bare, mu_buf *out);
/* Whether it is a JID at all: MUC_OK, MUC_ERR_BAD_JID or MUC_ERR_NOMEM. */
int mu_user_check(muc_service *s, const char *jid);
/* Appends the enforced form of a nickname NUL and the key NUL; *key_at: where the key begins, from the start of
 * the buffer. MUC_ERR_BAD_JID (refused, or over settings.max_nick), MUC_ERR_NOMEM. */
int mu_nick_prepare(muc_service *s, muc_span nick, mu_buf *out, size_t *key_at);
/* The nickname that is meant: when it begins with the room's JID and a slash, what follows. */
muc_span mu_nick_span(const muc_room *room, const char *nick);

/* ---- what each file does ---------------------------------------------------------------------------------------- */

/* Rows are in the table, or NULL is given: -1. */
int mu_option_index(const muc_service *s, const muc_option *row);
mu_value mu_room_value(const muc_room *room, int index); /* text: the room's or the service's */
bool mu_option_is_text(const muc_option *row);
size_t mu_option_length(const muc_service *s, const muc_option *row); /* bytes that its text may have */
/* The most choices of a set, whose bits are a number that is not negative, and the most JIDs of a list. */
enum { MU_MAX_SET = 62 };
/* Parses one value (lists: divided by commas) as the form would. MUC_OK, MUC_ERR_INVALID, MUC_ERR_NOMEM; a text is new
 * memory, NULL for "". */
int mu_value_parse(muc_service *s, const muc_option *row, const char *text, mu_value *out);
/* The same for one that was saved. */
int mu_value_restore(muc_service *s, const muc_option *row, const char *text, mu_value *out);
/* The value of an option that nobody has set: the row's first one. Results as above. */
int mu_value_first(muc_service *s, const muc_option *row, mu_value *out);
int mu_value_check(muc_service *s, const muc_option *row, const mu_value *value);
bool mu_value_equal(const muc_option *row, const mu_value *a, const mu_value *b);
/* Appends a value in the words of the form. */
void mu_value_write(const muc_option *row, const mu_value *value, mu_buf *out);
/* Stores a copy of a checked value. MUC_CHANGED, MUC_OK, MUC_ERR_NOMEM. Notes it for the store; keeps `listed`
 * right. */
int mu_room_store(muc_room *room, int index, const mu_value *value);
/* When another default has come into s->defaults than the former one: the room keeps the value that it had. */
int mu_room_keep_value(muc_room *room, int index, const mu_value *former);
/* The rows of the model itself, ended by a name of NULL. */
extern const muc_option mu_core_options[];
/* Collects the rows of all features, and the defaults. MUC_OK, MUC_ERR_INVALID, MUC_ERR_NOMEM. */
int mu_options_collect(muc_service *s, const muc_option_value *defaults, size_t count);
/* Fills `out`, which holds option_count values, with defaults; its texts are the caller's to free, after an error too.
 */
int mu_options_defaults(muc_service *s, const muc_option_value *defaults, size_t count, mu_value *out);
void mu_options_free(muc_service *s);
bool mu_feature_is_there(const muc_service *s, const muc_feature *feature);
void mu_attached_free(muc_occupant *occupant); /* what is kept for him */
void mu_features_free(muc_service *s);         /* the list, and what they keep for the service (data.c) */

muc_room *mu_room_by_key(muc_service *s, const char *key, size_t n);
/* From here on, what is not said to return anything else returns MUC_OK or MUC_ERR_NOMEM; after an error its
 * caller undoes.
 *
 * A room that is in the service's map and list, empty and unlocked; it takes the place of a tombstone. key: prepared.
 * MUC_ERR_EXISTS. */
int mu_room_add(muc_service *s, muc_span key, muc_room **out);
int mu_room_remove(muc_room *room);           /* nobody is in it any more */
void mu_room_free(mu_heap *heap, void *room); /* with everything in it; nothing is held */
/* What all rooms share that are idle: nobody may write to it. */
mu_live *mu_live_nothing(void);
bool mu_room_is_live(const muc_room *room); /* has a part of its own */
/* For whoever changes what is in room->live: makes sure of it, and of looking whether it is still needed when the call
 * is over. Does nothing that is to be undone. Cannot fail when there is something in it. */
int mu_room_enliven(muc_room *room);
bool mu_room_is_idle(const muc_room *room);         /* has nothing in it */
void mu_room_deaden(mu_heap *heap, muc_room *room); /* drops it; nothing is in it */
/* The outermost call is over: drops the parts of rooms that became idle, and buries what is gone. */
void mu_settle(muc_service *s);
bool mu_room_is_public(const muc_room *room); /* by the option named "public", when there is one */
int mu_room_set_locked(muc_room *room, int64_t since, bool by_hand);
int mu_room_set_used(muc_room *room, int64_t at); /* in milliseconds */
bool mu_room_may_be_listed(const muc_room *room);
/* Puts it on the room list or takes it off, after its locking or its options changed. */
int mu_room_relist(muc_room *room);
int mu_room_set_subject(muc_room *room, mu_blob *body, const char *text, const char *from, int64_t at); /* takes body */
mu_tombstone *mu_tombstone_by_key(const muc_service *s, const char *key, size_t n);
/* Copies; takes the place of another. stored: the store has it already. */
int mu_tombstone_add(muc_service *s, muc_span key, const mu_epitaph *epitaph, bool stored);
int mu_tombstone_remove(muc_service *s, mu_tombstone *t); /* from memory */
int mu_tombstone_lift(muc_service *s, mu_tombstone *t);   /* from the store, too */
void mu_tombstones_free(muc_service *s);
/* Names that the host's store does not have; bounded. */
bool mu_unknown_has(muc_service *s, muc_span key);
void mu_unknown_add(muc_service *s, muc_span key); /* best effort */
int mu_unknown_remove(muc_service *s, muc_span key);
void mu_unknown_clear(muc_service *s);

size_t mu_affiliation_count(const muc_room *room);
/* Of a reservation and a reason; NULL for none. */
const char *mu_affiliation_nick(const mu_affiliation *a);
const char *mu_affiliation_reason(const mu_affiliation *a);
mu_affiliation *mu_affiliation_find(const muc_room *room, const char *key, size_t n);
/* By bare key: its own entry, else its domain's, else none. */
muc_affiliation mu_affiliation_of(const muc_room *room, muc_span bare_key);
/* Stores it (MUC_AFFILIATION_NONE removes the entry with its nickname). reason may be
 * NULL. */
int mu_affiliation_store(muc_room *room, muc_span key, muc_affiliation affiliation, const char *reason);
/* nick: enforced; NULL: none. MUC_ERR_CONFLICT: another's. */
int mu_affiliation_store_nick(muc_room *room, mu_affiliation *a, const char *nick, const char *nick_key);
int mu_affiliation_need_more(mu_journal *j, mu_affiliation *a); /* makes sure of a->more */
mu_affiliation *mu_affiliation_by_nick(const muc_room *room, const char *nick_key);
void mu_affiliation_free(mu_heap *heap, void *affiliation);
void mu_affiliation_index_free(mu_heap *heap, void *index);

/* A draft, not in the room. nick: enforced; nick_key, bare_key: for comparing. Freed by mu_occupant_free(). */
muc_occupant *mu_occupant_make(muc_room *room, const char *nick, const char *nick_key, const char *bare,
                               const char *bare_key);
void mu_occupant_free(mu_heap *heap, void *occupant); /* with its sessions */
/* Into the room's map and list, and its sessions into the service's maps. Its affiliation is made that of the bare
 * JID. MUC_ERR_CONFLICT: the nickname, or a session, is there already. After an error nothing has changed and the
 * draft is still the caller's; otherwise it is the room's, and freed when that is undone, unless it is `kept`
 * then. */
int mu_occupant_add(muc_occupant *occupant);
int mu_occupant_remove(muc_occupant *occupant); /* with all its sessions */
/* Of one who is in the room. MUC_ERR_CONFLICT: another's. */
int mu_occupant_rename(muc_occupant *occupant, const char *nick, const char *nick_key);
int mu_occupant_set_rank(muc_occupant *occupant, muc_role role, muc_affiliation affiliation);
/* Drops what was written of its presence. Cannot fail. */
void mu_occupant_stale(muc_occupant *occupant);
/* The same for everybody. */
void mu_presences_forget(muc_service *s);
/* The same, now and when what follows is undone. */
int mu_occupant_touch(muc_occupant *occupant);
/* Notes for the store that something of him changed. */
int mu_occupant_note(muc_occupant *occupant);
muc_occupant *mu_occupant_by_key(const muc_room *room, const char *nick_key, size_t n);

/* The peer with that full JID: the one in the map, else a new one that is in no map. Counted for the caller. NULL:
 * memory. */
mu_peer *mu_peer_get(muc_service *s, const char *full_jid);
mu_peer *mu_peer_find(muc_service *s,
                      const char *full_jid); /* only in the map, not counted; NULL also without memory */
/* The session that a peer, or another object of the same JID, has in a room. */
muc_session *mu_session_find(muc_service *s, const muc_room *room, const mu_peer *peer);
/* For mu_session_enter() and _exit(), when the session is in the list of its peer, or not any more. */
int mu_visit_begin(muc_session *session);
int mu_visit_end(muc_session *session);
void mu_visits_free(muc_service *s);
/* Calls fn for the sessions of a peer, of all peers of a bare key, until it returns non-zero, which is returned. */
typedef int mu_session_fn(muc_session *session, void *ud);
int mu_peer_each(const mu_peer *peer, mu_session_fn *fn, void *ud);
int mu_by_user_each(muc_service *s, muc_span bare, mu_session_fn *fn, void *ud);
/* Knows from here on which peers belong together; a peer comes into the map of peers, leaves it. */
int mu_by_user_keep(muc_service *s);
int mu_by_user_come(muc_service *s, mu_peer *peer);
int mu_by_user_go(muc_service *s, const mu_peer *peer);
bool mu_by_user_has(const muc_service *s, const mu_peer *peer);
void mu_by_user_forget(void *service);
/* A session for a draft or for an occupant in the room; takes presence, counts the peer (session->peer may be
 * another object of the same JID). The first one becomes the primary; after others mu_occupant_choose() is the
 * caller's. out may be NULL. MUC_ERR_CONFLICT: that JID is in the room. */
int mu_session_add(muc_occupant *occupant, mu_peer *peer, mu_blob *presence, int priority, muc_session **out);
/* Not the last one of an occupant in the room: that is mu_occupant_remove(). The place of a primary session is
 * empty until mu_occupant_choose(). */
int mu_session_remove(muc_session *session);
void mu_session_free(mu_heap *heap, void *session);
/* Into and out of the map of peers, the list of the peer, and his visits; for mu_occupant_add() and its like. */
int mu_session_enter(muc_session *session);
int mu_session_exit(muc_session *session);
/* Entered, and has not gone since. To be asked in the call in which it was in at last. */
bool mu_session_is_in(const muc_session *session);
int mu_session_set_presence(muc_session *session, mu_blob *presence, int priority); /* takes presence */
size_t mu_occupant_sessions(const muc_occupant *occupant);
muc_session *mu_occupant_last(const muc_occupant *occupant); /* of its sessions */
/* Chooses the primary session anew: highest priority, then the latest presence. MUC_CHANGED, MUC_OK, MUC_ERR_NOMEM. */
int mu_occupant_choose(muc_occupant *occupant);
int mu_occupant_prefer(muc_session *session); /* that one, until the next choice; the same results */

/* The bare real JID as given, and its key. */
const char *mu_occupant_bare(const muc_occupant *occupant);
const char *mu_occupant_bare_key(const muc_occupant *occupant);
/* Whether a peer has the bare JID of an occupant. */
bool mu_same_user(const muc_occupant *occupant, const mu_peer *peer);

/* ---- who hears (audience.c), and what who enters sees (roster.c) ------------------------------------------------- */

/* One of MU_TO_. Counted for the caller; NULL: nobody. MUC_OK or MUC_ERR_NOMEM. */
int mu_room_audience(muc_room *room, int which, mu_audience **out);
/* Everybody in the room. Counted for the caller. NULL: memory, or nobody is there (then *empty). */
mu_audience *mu_room_everyone(muc_room *room, bool *empty);
/* Into the audiences of the room and out of them: mu_session_enter() and _exit() do it. Who goes is taken out before
 * the others are told; whose connection is gone, before anything else. */
int mu_session_list(muc_session *session, bool listed);
/* For what decides who hears: drops all, or those by what they see. */
void mu_room_forget_audiences(void *room);
void mu_room_forget_views(void *room);
/* Whether a user has fewer than max sessions in a room, by all his nicknames. MUC_OK or MUC_ERR_NOMEM. */
int mu_room_user_is_below(muc_room *room, const mu_peer *peer, size_t max, bool *below);
/* Somebody came or went: for the audiences, with which this is forgotten. */
void mu_room_count_user(muc_room *room, const mu_peer *peer, int by);
void mu_room_forget_users(muc_room *room);

/* The room's own, of those whose role is shown, for somebody in it. What is missing may be put on it. NULL: memory. */
mu_roster *mu_room_roster(muc_room *room, int view, const muc_occupant *him);
/* Whether somebody else than he is missing. */
bool mu_roster_lacks(const mu_roster *r, const muc_occupant *him);
/* An occupant comes, goes, has had another role (after it is changed). Undoing is the caller's, by
 * mu_room_forget_rosters(). */
void mu_roster_enter(muc_occupant *o);
void mu_roster_quit(muc_occupant *o);
void mu_roster_rank(muc_occupant *o, muc_role former);
/* A view of him was written, or is no longer true. */
void mu_roster_show(muc_occupant *o, int view, mu_packet *packet);
void mu_roster_stale(muc_occupant *o, int view);
void mu_room_forget_rosters(void *room);

bool mu_sees_jids(const muc_room *room, muc_role role);
/* Whether those who belong to the room are shown when they are not in it: the bit of the presence broadcast. */
enum { MU_BROADCAST_ABSENT = 8 };
bool mu_absent_are_shown(const muc_room *room);
bool mu_is_shown(const muc_occupant *o);
bool mu_would_be_shown(const muc_occupant *o, muc_role role);

/* Adds a message (packet is counted by it) and forgets the oldest that are over the limits. */
int mu_history_append(muc_room *room, mu_packet *packet, int64_t at, bool foreign_delay, size_t max_count);
int mu_history_trim(muc_room *room, size_t max_count);
size_t mu_message_bytes(const mu_message *m);
void mu_message_free(mu_heap *heap, void *message);

/* The host's clock, asked once a call. */
int64_t mu_now(muc_service *s);

/* Walks everything and checks what must always hold; for tests. NULL, or what does not hold. */
const char *mu_check(muc_service *s);

#endif
