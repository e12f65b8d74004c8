/* hook.h: the one way in, for the library's own features and for hosts alike.
 *
 * A handler is called with an event: what happens, where, by whom, and a part of its own for each point. Handlers of a
 * point run from high to low priority, equal ones in the order of their registration. A handler that is added while its
 * point fires is called from the next time on; one that is removed is not called any more.
 *
 * What a handler may do depends on the class of its point alone:
 *
 *   class    its answer means                                 a call that changes something, from inside it
 *   decide   MUC_STOP: go ahead, ask nobody else; reject      MUC_ERR_BUSY; it must be repeatable, without effects
 *   build    MUC_STOP: nobody else adds; an error cancels     MUC_ERR_BUSY; it writes into what is being built
 *   apply    nothing can be refused any more                  MUC_QUEUED: runs right after this commit; what only sends
 *                                                             is sent at once
 *   serve    MUC_STOP: I have dealt with it                   performed in this transaction
 *   notify   nothing                                          a transaction of its own, its output behind this one's
 *
 * The order of what fires: for a message to all MUC_ON_MESSAGE, MUC_ON_GROUPCHAT, MUC_ON_PRE_SUBJECT (a subject),
 * MUC_ON_HISTORY_KEEP, MUC_ON_MESSAGE_BUILD, MUC_ON_SAID, MUC_ON_SUBJECT or nothing, MUC_ON_SENT; for an entry
 * MUC_ON_PRESENCE, MUC_ON_PRE_CREATE (no such room), MUC_ON_DEFAULT_ROLE, MUC_ON_PRE_JOIN, MUC_ON_WELCOME,
 * MUC_ON_PRESENCE_BUILD, MUC_ON_HISTORY_WANTED, MUC_ON_CREATED, MUC_ON_JOINED, MUC_ON_SESSION_ADDED; for a submission
 * MUC_ON_IQ, MUC_ON_CONFIG_FORM, MUC_ON_CONFIG_FIELD, MUC_ON_CONFIG_CHECK, MUC_ON_CONFIG_SUBMITTED,
 * MUC_ON_CONFIG_EFFECT, MUC_ON_UNLOCKED, MUC_ON_OPTION.
 *
 * A transaction happens completely or not at all: rejecting, or failing with a negative result, undoes all that was
 * done in it, and nothing of it is sent; a rejected stanza is answered by the error. */
#ifndef MUC_HOOK_H
#define MUC_HOOK_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/form.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- points ----------------------------------------------------------------------------------------------------- */

/** Where handlers can be. In the comments: the class, what is in muc_event beside service, and the part of
 * muc_event.as. */
typedef enum muc_point {
    /* Stanzas, before anything else looks at them. */
    MUC_ON_MESSAGE,  /**< serve: stanza, room and occupant where they exist; keyed by the {ns}name of each child */
    MUC_ON_PRESENCE, /**< serve: the same; not keyed */
    MUC_ON_IQ,       /**< serve: get and set; the same; keyed by the {ns}name of the payload */

    /* Rooms. */
    MUC_ON_PRE_CREATE,  /**< decide: `create` */
    MUC_ON_CREATED,     /**< notify */
    MUC_ON_RESTORED,    /**< notify */
    MUC_ON_LOCKED,      /**< notify */
    MUC_ON_UNLOCKED,    /**< notify */
    MUC_ON_PRE_DESTROY, /**< decide: `destroy` */
    MUC_ON_DESTROYED,   /**< notify: `destroy`; the room can still be looked at */

    /* Being there. */
    MUC_ON_PRE_JOIN,       /**< decide: `join`; may change nick and role */
    MUC_ON_DEFAULT_ROLE,   /**< decide: `role`; may change the role, MUC_ROLE_NONE: not admitted */
    MUC_ON_WELCOME,        /**< build: `join`; his own presence is about to be written: may add status codes */
    MUC_ON_JOINED,         /**< notify: `join`; a first session */
    MUC_ON_SESSION_ADDED,  /**< notify: `join`; every session, the first and a resync too */
    MUC_ON_PRE_UPDATE,     /**< decide: `join`; a presence update */
    MUC_ON_PRE_RENAME,     /**< decide: `join`; may change the nick */
    MUC_ON_RENAMED,        /**< notify: `join`; nick is the former one */
    MUC_ON_PRE_LEAVE,      /**< decide: `leave`; MUC_STOP or reject: the stanza is ignored */
    MUC_ON_SESSION_GONE,   /**< serve: `leave`; every session that goes, in the transaction in which it goes */
    MUC_ON_LEFT,           /**< notify: `leave`; the last session of an occupant, who can still be looked at */
    MUC_ON_EMPTY,          /**< serve: the last occupant has gone, in the transaction in which he goes */
    MUC_ON_PRESENCE_BUILD, /**< build: `build`; one view of an occupant's presence is being written */

    /* Rank. */
    MUC_ON_PRE_ROLE,        /**< decide: `role` */
    MUC_ON_ROLE,            /**< notify: `role` */
    MUC_ON_PRE_AFFILIATION, /**< decide: `affiliation` */
    MUC_ON_AFFILIATION_SET, /**< serve: `affiliation`; it is set, what follows joins the transaction */
    MUC_ON_AFFILIATION,     /**< notify: `affiliation` */

    /* Talk. */
    MUC_ON_GROUPCHAT,      /**< decide: `message`; a message to all, subject changes too */
    MUC_ON_MESSAGE_BUILD,  /**< build: `build`; the message that all will get, once; the room's own too */
    MUC_ON_PRIVATE,        /**< decide: `message`; to one occupant */
    MUC_ON_PRIVATE_BUILD,  /**< build: `build`; the private message */
    MUC_ON_PRE_SUBJECT,    /**< decide: `message`; a subject change */
    MUC_ON_SUBJECT,        /**< notify: `message` */
    MUC_ON_HISTORY_KEEP,   /**< decide: `message`; `keep` says whether it becomes history */
    MUC_ON_HISTORY_WANTED, /**< decide: `history`; how much a newcomer is shown */
    MUC_ON_SAID,           /**< apply: `message`; it is accepted: count here what a decide handler looks at */
    MUC_ON_SENT,           /**< notify: `message`; a message to all has gone out (when pulling: was fetched) */

    /* Configuration. */
    MUC_ON_CONFIG_FORM,      /**< build: `config`; the form is complete: add fields of your own */
    MUC_ON_CONFIG_FIELD,     /**< decide: `config`; keyed by var; one submitted field, its value is of its type */
    MUC_ON_CONFIG_CHECK,     /**< decide: `config`; the submission as a whole, every field checked */
    MUC_ON_CONFIG_SUBMITTED, /**< apply: `config`; set `changed` and status codes, say something */
    MUC_ON_CONFIG_EFFECT,    /**< serve: `config`; options have their new values, what follows joins the transaction */
    MUC_ON_OPTION,           /**< notify: `config`; keyed by the option's name; it has changed, by form or by API */

    /* Discovery and storage. */
    MUC_ON_DISCO_INFO,    /**< build: `disco`; keyed by node, "" for none; room NULL: the service */
    MUC_ON_DISCO_ITEMS,   /**< build: `disco`; the same */
    MUC_ON_SNAPSHOT_SAVE, /**< build: `snapshot`; write an element of your own */
    MUC_ON_SNAPSHOT_PART, /**< serve: `snapshot`; keyed by {ns}name: an element of yours that comes back */

    MUC_POINT_COUNT /**< not for hosts: it grows */
} muc_point;

/** The name of a point in the words of Prosody's events where it has one ("muc-occupant-pre-join"). Never NULL. */
MUC_EXTERN const char *muc_point_name(muc_point point);

/** Bands of priorities. */
#define MUC_PRIORITY_FIRST    1000
#define MUC_PRIORITY_SANITIZE 300
#define MUC_PRIORITY_VALIDATE 200
#define MUC_PRIORITY_ACCESS   100
#define MUC_PRIORITY_DEFAULT  0
#define MUC_PRIORITY_EFFECT   (-100)
#define MUC_PRIORITY_LAST     (-1000)
/** The order of the entry rules inside MUC_PRIORITY_ACCESS. The first that refuses is what the user is told: that a
 * room is locked hides everything else, a ban comes before all that could be mended (XEP-0045 section 7.2.7), and
 * whether a nickname is taken is told only to those who might enter. */
#define MUC_PRIORITY_LOCK         (MUC_PRIORITY_ACCESS + 50)
#define MUC_PRIORITY_BAN          (MUC_PRIORITY_ACCESS + 40)
#define MUC_PRIORITY_MEMBERS_ONLY (MUC_PRIORITY_ACCESS + 30)
#define MUC_PRIORITY_PASSWORD     (MUC_PRIORITY_ACCESS + 20)
#define MUC_PRIORITY_MAX_USERS    (MUC_PRIORITY_ACCESS + 10)

/* ---- answers ---------------------------------------------------------------------------------------------------- */

/* The result of a call of the library may be returned as it is: 0 and above is MUC_PASS, below 0 undoes the
 * transaction. The other answers have numbers that no result has; any number that is neither is MUC_ERR_INVALID. */

/** The next handler, please. */
#define MUC_PASS 0
/** No more handlers; what it means is said by the class. */
#define MUC_STOP 0x100
/** What muc_reject() returns. */
#define MUC_REJECT 0x101
/** Reserved for answering later: until then an answer like MUC_ERR_INVALID. */
#define MUC_PENDING 0x102

/** Refuses what a decide or serve handler was asked about: `return muc_reject(ev, MUC_FORBIDDEN, NULL);`. The sender of
 * the stanza gets that condition with its usual type; text may be NULL and is copied. */
MUC_EXTERN int muc_reject(muc_event *event, muc_condition condition, const char *text);
/** The same with an error type of one's own. */
MUC_EXTERN int muc_reject_as(muc_event *event, muc_condition condition, muc_error_type type, const char *text);
/** The same for a negative result of a call. MUC_ERR_NOMEM and MUC_ERR_BUSY are handed on as they are. */
MUC_EXTERN int muc_reject_result(muc_event *event, int result);

/* ---- events ----------------------------------------------------------------------------------------------------- */

/** A room is about to be made by a presence (`stanza`) or by the API (NULL). */
typedef struct muc_create_event {
    const char *jid; /**< the room's */
    int locked;      /**< may be changed: whether it waits for its configuration */
} muc_create_event;

/** A room is about to end, or has ended. May be changed in pre-destroy. */
typedef struct muc_destroy_event {
    const char *alternate; /**< a room JID, or NULL */
    const char *reason;    /**< or NULL */
    const char *password;  /**< or NULL */
} muc_destroy_event;

/** Somebody enters, updates his presence or takes another nickname. muc_event.occupant is NULL before he is there. */
typedef struct muc_join_event {
    const char *jid;             /**< the full real JID */
    const char *nick;            /**< what he wants to be called (enforced); see muc_join_set_nick() */
    const char *former_nick;     /**< renaming only */
    const char *password;        /**< what he gave, or NULL */
    muc_affiliation affiliation; /**< what he is */
    muc_role role;               /**< what he will be; may be changed in pre-join */
    int first_session;           /**< nobody of his is there under this nick */
    int new_room;                /**< he makes the room */
    int resync;                  /**< he was in already, and asked for everything again */
} muc_join_event;

/** Somebody goes. */
typedef struct muc_leave_event {
    const char *jid;  /**< the full real JID of the session; NULL in left */
    const char *nick; /**< his nickname */
    int last_session; /**< nobody of his is left under this nick */
    int forced;       /**< he was removed: kicked, banned, the room ended, an error */
} muc_leave_event;

/** A role changes; or, in default-role, is to be chosen for `affiliation`. */
typedef struct muc_role_event {
    muc_affiliation affiliation;
    muc_role role;      /**< the new one; may be changed in default-role */
    muc_role former;    /**< the one before */
    const char *jid;    /**< default-role: the bare real JID */
    const char *reason; /**< or NULL */
} muc_role_event;

/** An affiliation changes. muc_event.from is who asks, NULL for the service. */
typedef struct muc_affiliation_event {
    const char *jid; /**< the bare JID or domain */
    muc_affiliation affiliation;
    muc_affiliation former;
    const char *reason; /**< or NULL */
} muc_affiliation_event;

/** A message to all (to NULL) or to one occupant. */
typedef struct muc_message_event {
    muc_occupant *to;
    const char *body;    /**< text of the first body, or NULL */
    const char *subject; /**< a subject change: the new subject; else NULL */
    int keep;            /**< history-keep: 1 or 0 by the library's rule; may be changed */
} muc_message_event;

/** How much history a newcomer asks for, less what the room allows; may be changed. Negative: no limit. */
typedef struct muc_history_event {
    int64_t max_stanzas;
    int64_t max_chars; /**< of whole stanzas */
    int64_t since;     /**< milliseconds since the epoch; only what was said then or later */
    int asked;         /**< whether he asked for anything */
} muc_history_event;

/** A stanza is being written from one that came in; see muc_build_drop(). */
typedef struct muc_build_event {
    muc_xml *out;     /**< where children are added; nothing of it is shared with another view */
    int shows_jid;    /**< presence: the view for those who may see real JIDs */
    int self;         /**< presence: the copy for the occupant himself */
    muc_occupant *to; /**< private message: for whom */
} muc_build_event;

/** A room's configuration is shown, checked, or has been submitted. muc_event.from is who does it. */
typedef struct muc_config_event {
    muc_form *form;
    const char *var;                  /**< config-field: the field */
    const muc_option *option;         /**< config-field: the option of that field, or NULL; option: the option */
    int changed;                      /**< config-submitted: set to 1 when data of your own changed (status 104) */
    const muc_option *const *changes; /**< config-submitted, config-effect: options that changed, ended by NULL */
} muc_config_event;

/** Service discovery. Write `<identity/>`, `<feature/>`, forms or `<item/>` into out. */
typedef struct muc_disco_event {
    const char *node; /**< "" for none */
    muc_xml *out;
    int known; /**< set to 1 when the node is yours: else item-not-found is answered */
} muc_disco_event;

/** Storing. */
typedef struct muc_snapshot_event {
    unsigned parts;         /**< save: which parts are wanted */
    muc_xml *out;           /**< save: where to write an element */
    const xmlNode *element; /**< part: what came back */
} muc_snapshot_event;

/** What a handler is told. Made by the library; it may grow at its end. */
struct muc_event {
    muc_point point;
    muc_service *service;
    muc_room *room;         /**< NULL where there is none */
    muc_occupant *occupant; /**< who it is about, or who sent the stanza; NULL where there is none */
    const xmlNode *stanza;  /**< what led to it; NULL for calls of the API and after a commit */
    const char *from;       /**< the real JID of who did it; NULL for the service itself */
    const char *key;        /**< keyed points: what this firing is for */
    union {
        muc_create_event *create;
        muc_destroy_event *destroy;
        muc_join_event *join;
        muc_leave_event *leave;
        muc_role_event *role;
        muc_affiliation_event *affiliation;
        muc_message_event *message;
        muc_history_event *history;
        muc_build_event *build;
        muc_config_event *config;
        muc_disco_event *disco;
        muc_snapshot_event *snapshot;
        void *none;
    } as;
    void *reserved[4]; /**< the library's */
};

/** The nickname that the stanza of a serve handler is addressed to (enforced), whether anybody has it or not; NULL when
 * it goes to the room itself or to the service. Valid during the event. */
MUC_EXTERN const char *muc_event_nick(const muc_event *event);
/** The occupant who has that nickname, or NULL. */
MUC_EXTERN muc_occupant *muc_event_target(const muc_event *event);
/** Another nickname for who is about to enter or to change his: 210 tells him. The text is copied. MUC_OK,
 * MUC_ERR_BAD_JID, MUC_ERR_INVALID (another point), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_join_set_nick(muc_event *event, const char *nick);
/** Adds a status code: in welcome to the newcomer's own presence, in config-submitted and config-effect to the notice
 * for all. MUC_OK, MUC_ERR_INVALID (another point, not 100 to 999), MUC_ERR_LIMIT (more than 16). */
MUC_EXTERN int muc_event_status(muc_event *event, int code);
/** In config-submitted and config-effect: whether an option has another value now, 1 or 0. */
MUC_EXTERN int muc_event_changes(const muc_event *event, const muc_option *option);
/** Leaves a child of the incoming stanza out of what others get: in message-build and private-build, and for a
 * presence, whose payload is kept, in pre-join, pre-update and pre-rename. MUC_OK, MUC_ERR_INVALID (another point),
 * MUC_ERR_NOMEM. */
MUC_EXTERN int muc_build_drop(muc_event *event, const xmlNode *child);
/** Starts the answer to an iq in a serve handler: a result with an element of that name and namespace, which is still
 * open; write attributes and children, then return MUC_STOP. name NULL: an empty result; NULL is returned. The writer
 * is the transaction's. */
MUC_EXTERN muc_xml *muc_reply(muc_event *event, const char *name, const char *ns);
/** In disco handlers: writes `<feature var='...'/>`. */
MUC_EXTERN void muc_disco_feature(muc_event *event, const char *var);
/** For features that answer discovery, in a serve handler of an iq: asks the handlers of disco-info (`items` 0) or
 * disco-items (1) for that node ("" for none) of the room of the event, or of the service. They write into `out`, what
 * muc_reply() gave. *known: on entry whether the caller knows the node, in the end whether anybody does. MUC_PASS;
 * anything else is what the caller returns. */
MUC_EXTERN int muc_fire_disco(muc_event *event, int items, const char *node, muc_xml *out, int *known);

/* ---- registration ----------------------------------------------------------------------------------------------- */

/** A handler: MUC_PASS, MUC_STOP, muc_reject(), or a result: a negative one undoes the transaction and is what the call
 * returns. The event is valid during the call. */
typedef int muc_hook_fn(muc_event *event, void *ud);

/** Adds a handler. `key` (copied) restricts it to one key of a keyed point, NULL: all. Returns a positive number for
 * muc_hook_remove(), or MUC_ERR_INVALID (a key for a point that has none), MUC_ERR_NOMEM. Allowed everywhere, in
 * handlers too. */
MUC_EXTERN int muc_hook_add(muc_service *service, muc_point point, const char *key, int priority, muc_hook_fn *fn,
                            void *ud);
/** Takes a handler away. Allowed everywhere, for the handler that is running too. MUC_OK or MUC_ERR_NOT_FOUND. */
MUC_EXTERN int muc_hook_remove(muc_service *service, int id);

#ifdef __cplusplus
}
#endif
#endif
