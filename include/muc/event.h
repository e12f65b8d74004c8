/* event.h: what a handler is told, and what it can do with it. Strings and spans are valid during the event. */
#ifndef MUC_EVENT_H
#define MUC_EVENT_H

#include <libxml/tree.h>
#include <muc/error.h>
#include <muc/form.h>
#include <muc/point.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

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
    int64_t gone_for;      /**< seconds for which its address says so (tombstone.h); 0: not; negative: for good */
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
    muc_affiliation affiliation; /**< his */
    muc_role role;               /**< the new one; may be changed in default-role */
    muc_role former;             /**< the one before */
    const char *jid;             /**< default-role: the bare real JID */
    const char *reason;          /**< or NULL */
} muc_role_event;

/** An affiliation changes. muc_event.from is who asks, NULL for the service. */
typedef struct muc_affiliation_event {
    const char *jid;             /**< the bare JID or domain */
    muc_affiliation affiliation; /**< the new one */
    muc_affiliation former;      /**< the one before */
    const char *reason;          /**< or NULL */
    int present;                 /**< affiliation-set and affiliation: he was in the room */
} muc_affiliation_event;

/** What is kept with an affiliation has changed (affiliation.h). */
typedef struct muc_data_event {
    const char *jid;    /**< the bare JID or domain */
    const char *key;    /**< under which it is */
    const char *value;  /**< NULL: nothing any more */
    const char *former; /**< NULL: nothing before */
} muc_data_event;

/** A message to all (to NULL) or to one occupant. */
typedef struct muc_message_event {
    muc_occupant *to;    /**< private: for whom; NULL: to all */
    const char *body;    /**< text of the first body, or NULL */
    const char *subject; /**< a subject change: the new subject; else NULL */
    int keep;            /**< history-keep: 1 or 0 by the library's rule; may be changed */
    int discard;         /**< groupchat, private: set to 1 nobody gets it, and the sender is told nothing */
    /** groupchat, stranger: set to a nickname, that of somebody or of nobody, the message comes from there. To be valid
     * until the call is over. */
    const char *nick;
    muc_filter_fn *filter; /**< groupchat: set, it picks who gets the message, which then is no history */
    void *filter_ud;       /**< of the filter */
    /** Of a message to all: what `<stanza-id/>` calls it (XEP-0359), "" for nothing. With settings.stanza_ids an
     * archive writes the name that it will have there, in groupchat, history-keep or message-build; else one is made up
     * after these. Known in kept, said and sent. */
    char id[MUC_ID_SIZE];
    muc_span xml[3]; /**< kept: the stanza, without `to` */
} muc_message_event;

/** An iq from one occupant to another: a question (get or set) or its answer. muc_event.occupant is who sends it, and
 * NULL for an answer that comes from his server. */
typedef struct muc_iq_event {
    muc_occupant *to; /**< for whom it is */
    int account;      /**< 1: it goes to his bare JID, where his server answers, or comes from there; may be changed in
                       * query */
} muc_iq_event;

/** A message of an archive (muc_history_event.next). Its `from` is the room's JID or an occupant JID of it; what it
 * holds is taken for what the room said, `<stanza-id/>` too. */
typedef struct muc_history_entry {
    const xmlNode *node; /**< the message; NULL: its bytes are in xml */
    muc_span xml;        /**< or that */
    int64_t at;          /**< when it was said, in milliseconds since the Unix epoch */
} muc_history_entry;

/** How much history a newcomer asks for, less what the room allows; may be changed. Negative: no limit. */
typedef struct muc_history_event {
    int64_t max_stanzas; /**< how many messages */
    int64_t max_chars;   /**< how many bytes, of whole stanzas */
    int64_t since;       /**< milliseconds since the epoch; only what was said then or later */
    int asked;           /**< whether he asked for anything */
    /** Set by a handler, which then returns MUC_STOP: what he is shown comes from here, and not from what the room
     * holds. Gives the next message, the oldest first, which is valid until the next call: 1; 0: there is no more;
     * negative: what the call of the library fails with. The latest of them are shown that are within the limits, of no
     * limit settings.max_history; what is no message of this room is left out. May change nothing. */
    int (*next)(muc_history_entry *out, void *ud);
    void (*end)(void *ud); /**< called once when next is not needed any more, whatever happened; or NULL */
    void *ud;              /**< of next and end */
} muc_history_event;

/** An invitation, or the decline of one (invite.h). muc_event.from is who invites or declines, NULL the room. Strings
 * that a handler puts here must last until the call of the library returns. */
typedef struct muc_invite_event {
    const char *invitee;  /**< his JID as the inviter wrote it */
    const char *inviter;  /**< as whom the invitee knows him: a bare real JID, an occupant JID, or the room's */
    const char *to;       /**< decline: the real JID that is told, NULL: nobody is; may be changed in pre-decline */
    const char *reason;   /**< or NULL; may be changed in the pre- events */
    const char *password; /**< the room's, or NULL; may be changed in pre-invite */
    const char *thread;   /**< the thread of a chat that goes on, or NULL */
    int continues;        /**< whether such a chat goes on */
    int direct;           /**< a direct invitation (XEP-0249) */
    muc_xml *out;         /**< invite, decline: where children of the message are added */
    int replaced;         /**< invite, decline: set to 1 when what was added is all that shall be in it */
    int handled;          /**< invite, decline: set to 1 when you tell him yourself: nothing is sent */
} muc_invite_event;

/** A request for voice, or its answer (voice.h). muc_event.occupant is the visitor; muc_event.from who asks, or
 * answers; NULL the host. */
typedef struct muc_voice_event {
    const char *jid;  /**< the full real JID of the visitor's session that asks */
    const char *nick; /**< the visitor's nickname */
    muc_xml *out;     /**< voice-form: where more `<field/>` elements are written */
    int handled;      /**< voice-form: set to 1 when you ask the moderators yourself: nothing is sent */
    int allow;        /**< voice-response: whether he gets voice; may be changed */
} muc_voice_event;

/** A stanza is being written from one that came in; see muc_build_drop(). */
typedef struct muc_build_event {
    muc_xml *out;               /**< where children are added; nothing of it is shared with another view */
    int shows_jid;              /**< presence: the view for those who may see real JIDs */
    int self;                   /**< presence: the copy for the occupant himself */
    muc_occupant *to;           /**< private message: for whom */
    muc_message_event *message; /**< message-build, private-build: the message; its `id` may be written */
} muc_build_event;

/** A room's configuration is shown, checked, or has been submitted. muc_event.from is who does it. */
typedef struct muc_config_event {
    muc_form *form;  /**< the form that is built, or was submitted; NULL: in option, and elsewhere where the API sets
                      * options without a form (muc_room_set()) */
    const char *var; /**< config-field: the field */
    const muc_option *option;         /**< config-field: the option of that field, or NULL; option: the option */
    int changed;                      /**< config-submitted: set to 1 when data of your own changed (status 104) */
    const muc_option *const *changes; /**< config-submitted, config-effect: options that changed, ended by NULL */
} muc_config_event;

/** A user registers with a room, or ends that. muc_event.from is the admin who approved it; NULL: nobody had to. */
typedef struct muc_register_event {
    const char *jid;             /**< his bare real JID; in register-form as given */
    const char *nick;            /**< the nickname he wants; NULL: he ends it; NULL in register-form */
    const char *former_nick;     /**< the one that was reserved for him, or NULL */
    muc_affiliation affiliation; /**< what he was before */
    muc_form *form;              /**< what was filled in; NULL when he ends it, and in registered */
} muc_register_event;

/** Service discovery. Write `<identity/>`, `<feature/>`, forms or `<item/>` into out. */
typedef struct muc_disco_event {
    const char *node; /**< "" for none */
    muc_xml *out;     /**< the open `<query/>` of the answer */
    int known;        /**< set to 1 when the node is yours: else item-not-found is answered */
} muc_disco_event;

/** Storing. */
typedef struct muc_snapshot_event {
    unsigned parts;         /**< save: which parts are wanted */
    muc_xml *out;           /**< save: where to write an element */
    const xmlNode *element; /**< part: what came back */
} muc_snapshot_event;

/** Time has passed: do what is due, and no more of it than `work` allows. */
typedef struct muc_sweep_event {
    int64_t now;  /**< milliseconds since the Unix epoch */
    int64_t next; /**< when the first thing is due that is left; lower it to when yours is */
    size_t work;  /**< how many things may still be done in this sweep: take off what you did */
} muc_sweep_event;

/** What a handler is told. Made by the library; it may grow at its end. */
struct muc_event {
    muc_point point;        /**< what happens */
    muc_service *service;   /**< in which service */
    muc_room *room;         /**< NULL where there is none */
    muc_occupant *occupant; /**< who it is about, or who sent the stanza; NULL where there is none */
    const xmlNode *stanza;  /**< what led to it; NULL for calls of the API and after a commit */
    const char *from;       /**< the real JID of who did it; NULL for the service itself */
    const char *key;        /**< keyed points: what this firing is for */
    /** What the point adds: which member is said at the point (point.h). */
    union {
        muc_create_event *create;           /**< pre-create */
        muc_destroy_event *destroy;         /**< pre-destroy, destroyed */
        muc_join_event *join;               /**< entries, updates, renamings */
        muc_leave_event *leave;             /**< pre-leave, session-gone, left */
        muc_role_event *role;               /**< default-role, pre-role, role-set, role */
        muc_affiliation_event *affiliation; /**< pre-affiliation, affiliation-set, affiliation */
        muc_data_event *data;               /**< affiliation-data */
        muc_message_event *message;       /**< groupchat, stranger, private, subjects, history-keep, kept, said, sent */
        muc_history_event *history;       /**< history-wanted */
        muc_iq_event *iq;                 /**< query, answer */
        muc_invite_event *invite;         /**< invitations and declines */
        muc_voice_event *voice;           /**< voice requests and what is answered */
        muc_build_event *build;           /**< payload-build, presence-build, message-build, private-build */
        muc_config_event *config;         /**< the form, its submission, options */
        muc_register_event *registration; /**< registration */
        muc_disco_event *disco;           /**< disco-info, disco-items, disco-feature */
        muc_snapshot_event *snapshot;     /**< snapshot-save, snapshot-part */
        muc_sweep_event *sweep;           /**< sweep */
        void *none;                       /**< NULL: points that add nothing */
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
 * presence, whose payload is kept, in pre-join, pre-update, pre-rename and pre-leave. MUC_OK, MUC_ERR_INVALID (another
 * point), MUC_ERR_LIMIT (more than 64). */
MUC_EXTERN int muc_build_drop(muc_event *event, const xmlNode *child);
/** Starts the answer to an iq in a serve handler: a result with an element of that name and namespace, which is still
 * open; write attributes and children, then return MUC_STOP. name NULL: an empty result; NULL is returned, and also at
 * any other point. The writer is the transaction's. */
MUC_EXTERN muc_xml *muc_reply(muc_event *event, const char *name, const char *ns);
/** The same with an element that is given as bytes (see muc_xml_bytes()). */
MUC_EXTERN void muc_reply_bytes(muc_event *event, const char *xml, size_t n);
/** In disco handlers: writes `<feature var='...'/>`, unless a handler of disco-feature refuses. */
MUC_EXTERN void muc_disco_feature(muc_event *event, const char *var);
/** The same for features that answer discovery: writes into `out`, for who asks by the iq of the event. */
MUC_EXTERN void muc_disco_feature_to(muc_event *event, const char *var, muc_xml *out);
/** For features that answer discovery, in a serve handler of an iq: asks the handlers of disco-info (`items` 0) or
 * disco-items (1) for that node ("" for none) of the room of the event, or of the service. They write into `out`, what
 * muc_reply() gave. *known: on entry whether the caller knows the node, in the end whether anybody does. MUC_PASS;
 * anything else is what the caller returns. */
MUC_EXTERN int muc_fire_disco(muc_event *event, int items, const char *node, muc_xml *out, int *known);

#ifdef __cplusplus
}
#endif
#endif
