/* point.h: where handlers can be: the points at which features and hosts come in (hook.h says what each class may do).
 *
 * What each event holds, which of the library's features are there at which priority, and what fires in which order in
 * an entry, a message, a submission and so on: lib/doc/hooks.md, a page of the reference. */
#ifndef MUC_POINT_H
#define MUC_POINT_H

#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Where handlers can be. In the comments: the class, what is in muc_event beside service, and the part of
 * muc_event.as. */
typedef enum muc_point {
    /* Stanzas, before anything else looks at them. */
    MUC_ON_MESSAGE,  /**< serve: stanza, room and occupant where they exist; keyed by the {ns}name of each child */
    MUC_ON_PRESENCE, /**< serve: the same; not keyed */
    MUC_ON_IQ,       /**< serve: get and set; the same; keyed by the {ns}name of the payload */
    MUC_ON_SERVICE_MESSAGE, /**< serve: stanza; a message to the service itself that nobody has taken */

    /* Rooms. */
    MUC_ON_PRE_CREATE,  /**< decide: `create` */
    MUC_ON_MADE,        /**< serve: there is a new room, nobody is in it, its maker (from) owns it; what is set here
                         * (options, affiliations, the subject) joins the transaction in which it is made */
    MUC_ON_CREATED,     /**< notify */
    MUC_ON_RESTORED,    /**< notify */
    MUC_ON_LOCKED,      /**< notify */
    MUC_ON_UNLOCKED,    /**< notify */
    MUC_ON_PRE_DESTROY, /**< decide: `destroy` */
    MUC_ON_DESTROYED,   /**< notify: `destroy`; the room can still be looked at */
    MUC_ON_PRE_EVICT,   /**< decide: the room leaves memory (muc_room_evict()); save it here, or keep it by rejecting */

    /* Being there. */
    MUC_ON_PRE_JOIN,       /**< decide: `join`; may change nick and role */
    MUC_ON_DEFAULT_ROLE,   /**< decide: `role`; may change the role, MUC_ROLE_NONE: not admitted */
    MUC_ON_WELCOME,        /**< build: `join`; his own presence is about to be written: may add status codes */
    MUC_ON_BEFORE_HISTORY, /**< serve: `join`; a session (a resync too) has seen who is there: what is sent to it here
                            * comes before the history */
    MUC_ON_BEFORE_SUBJECT, /**< serve: `join`; the same between history and subject */
    MUC_ON_ENTERED,        /**< serve: `join`; a first session is in and was told everything */
    MUC_ON_JOINED,         /**< notify: `join`; a first session */
    MUC_ON_SESSION_ADDED,  /**< notify: `join`; every session, the first and a resync too */
    MUC_ON_PRE_UPDATE,     /**< decide: `join`; a presence update */
    MUC_ON_UPDATED,        /**< apply: `join`; an update, a resync or a renaming is accepted: count here */
    MUC_ON_PRE_RENAME,     /**< decide: `join`; may change the nick */
    MUC_ON_RENAMED,        /**< notify: `join`; nick is the former one */
    MUC_ON_PRE_LEAVE,      /**< decide: `leave`; MUC_STOP or reject: the stanza is ignored */
    MUC_ON_SESSION_GONE,   /**< serve: `leave`; every session that goes, in the transaction in which it goes */
    MUC_ON_LEFT,           /**< notify: `leave`; the last session of an occupant, who can still be looked at */
    MUC_ON_EMPTY,          /**< serve: the last occupant has gone, in the transaction in which he goes */
    MUC_ON_PAYLOAD_BUILD,  /**< build: `build`; what a presence holds for all views, once for each that comes or is made
                            * up; the occupant may not be in the room yet; who refuses adds nothing */
    MUC_ON_PRESENCE_BUILD, /**< build: `build`; one view of an occupant's presence is being written */

    /* Rank. */
    MUC_ON_PRE_ROLE,         /**< decide: `role`; asked before the rules: MUC_STOP is allowed whatever they say */
    MUC_ON_ROLE_SET,         /**< serve: `role`; it is set (none: he is gone), what follows joins the transaction */
    MUC_ON_ROLE,             /**< notify: `role` */
    MUC_ON_PRE_AFFILIATION,  /**< decide: `affiliation` */
    MUC_ON_AFFILIATION_SET,  /**< serve: `affiliation`; it is set, what follows joins the transaction */
    MUC_ON_AFFILIATION,      /**< notify: `affiliation` */
    MUC_ON_AFFILIATION_DATA, /**< notify: `data`; keyed by the key of what is kept with an affiliation */

    /* Talk. */
    MUC_ON_GROUPCHAT,       /**< decide: `message`; a message to all, subject changes too */
    MUC_ON_STRANGER,        /**< decide: `message`; from who is not inside: refused unless `nick` is set */
    MUC_ON_MESSAGE_BUILD,   /**< build: `build`; the message that all will get, once; the room's own too */
    MUC_ON_PRIVATE,         /**< decide: `message`; to one occupant */
    MUC_ON_PRIVATE_BUILD,   /**< build: `build`; the private message */
    MUC_ON_PRIVATE_SENT,    /**< notify: `message`; the private message has gone out; `to` may have left by then */
    MUC_ON_QUERY,           /**< decide: `iq`; what one occupant asks another by an iq that nobody has answered */
    MUC_ON_ANSWER,          /**< decide: `iq`; the answer; when it is refused, the error is what who asked gets */
    MUC_ON_PRE_SUBJECT,     /**< decide: `message`; a subject change */
    MUC_ON_SUBJECT,         /**< notify: `message` */
    MUC_ON_HISTORY_KEEP,    /**< decide: `message`; `keep` says whether it becomes history */
    MUC_ON_HISTORY_WANTED,  /**< decide: `history`; how much a newcomer is shown, and from where */
    MUC_ON_KEPT,            /**< apply: `message`; it became history, in the form of `xml`: for archives */
    MUC_ON_SAID,            /**< apply: `message`; it is accepted: count here what a decide handler looks at */
    MUC_ON_HISTORY_CLEARED, /**< notify: the room has forgotten all of its history, and an archive may do so, too */
    MUC_ON_SENT,            /**< notify: `message`; a message to all has gone out (when pulling: was fetched) */

    /* Invitations. */
    MUC_ON_PRE_INVITE, /**< decide: `invite`; each invitation of a message or call */
    MUC_ON_INVITE,     /**< build: `invite`; the message to the invitee: add to it, replace it, or see to it yourself */
    MUC_ON_INVITE_EFFECT, /**< serve: `invite`; he is invited, what follows joins the transaction */
    MUC_ON_INVITED,       /**< notify: `invite` */
    MUC_ON_PRE_DECLINE,   /**< decide: `invite`; of an invitation that is open */
    MUC_ON_DECLINE,       /**< build: `invite`; the message to the inviter */
    MUC_ON_DECLINED,      /**< notify: `invite` */

    /* Voice. */
    MUC_ON_VOICE_REQUEST,   /**< decide: `voice`; a visitor asks for voice */
    MUC_ON_VOICE_FORM,      /**< build: `voice`; the form for the moderators: add to it, or see to it yourself */
    MUC_ON_VOICE_REQUESTED, /**< notify: `voice`; he has asked */
    MUC_ON_VOICE_RESPONSE,  /**< decide: `voice`; a moderator has answered */

    /* Configuration. */
    MUC_ON_CONFIG_FORM,      /**< build: `config`; the form is complete: add fields of your own */
    MUC_ON_CONFIG_FIELD,     /**< decide: `config`; keyed by var; one submitted field, its value is of its type */
    MUC_ON_CONFIG_CHECK,     /**< decide: `config`; the submission as a whole, every field checked */
    MUC_ON_CONFIG_SUBMITTED, /**< apply: `config`; set `changed` and status codes, say something */
    MUC_ON_CONFIG_EFFECT,    /**< serve: `config`; options have their new values, what follows joins the transaction */
    MUC_ON_OPTION,           /**< notify: `config`; keyed by the option's name; it has changed, by form or by API */

    /* Registration (register.h). */
    MUC_ON_REGISTER_FORM, /**< build: `registration`; the form is complete: add fields of your own, or take some out */
    MUC_ON_PRE_REGISTER,  /**< decide: `registration`; may correct the values of the form; nick NULL: he ends it */
    MUC_ON_REGISTER_SET,  /**< serve: `registration`; it is made: keep what the form says in the same transaction */
    MUC_ON_REGISTERED,    /**< notify: `registration`; nick NULL: he has ended it */

    /* Discovery and storage. */
    MUC_ON_DISCO_INFO,    /**< build: `disco`; keyed by node, "" for none; room NULL: the service */
    MUC_ON_DISCO_ITEMS,   /**< build: `disco`; the same */
    MUC_ON_DISCO_FEATURE, /**< build: `disco`; keyed by the feature, which is about to be said to `from`: who refuses
                           * has it left out */
    MUC_ON_SNAPSHOT_SAVE, /**< build: `snapshot`; write an element of your own */
    MUC_ON_SNAPSHOT_PART, /**< serve: `snapshot`; keyed by {ns}name: an element of yours that comes back */

    /* Time. */
    MUC_ON_SWEEP, /**< notify: `sweep`; the host lets the service do what is due: see muc_service_sweep() */

    MUC_POINT_COUNT /**< not for hosts: it grows */
} muc_point;

/** The name of a point in the words of Prosody's events where it has one ("muc-occupant-pre-join"). Never NULL. */
MUC_EXTERN const char *muc_point_name(muc_point point);

#ifdef __cplusplus
}
#endif
#endif
