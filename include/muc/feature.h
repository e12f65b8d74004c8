/* feature.h: plug-ins. What the library does beyond its core it does by these, and so can you.
 *
 * A feature is a static description: hooks, options, a place for data of its own in the service and in each room. It is
 * named in settings.features or settings.extra_features and stays for the life of the service. */
#ifndef MUC_FEATURE_H
#define MUC_FEATURE_H

#include <muc/command.h>
#include <muc/hook.h>
#include <muc/option.h>
#include <muc/service.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A handler of a feature. Its `ud` is the feature. */
typedef struct muc_hook_row {
    muc_point point; /**< where */
    const char *key; /**< keyed points: what it is for; NULL: everything */
    int priority;    /**< when among the handlers of the point: see MUC_PRIORITY_DEFAULT and its relatives */
    muc_hook_fn *fn; /**< the handler; NULL ends the table */
} muc_hook_row;

/** A feature; unset members are 0. The tables are static data. */
struct muc_feature {
    const char *name;                /**< "members-only"; unique in a service */
    const muc_hook_row *hooks;       /**< ended by fn NULL; or NULL */
    const muc_option *options;       /**< ended by name NULL; or NULL */
    const char *const *service_info; /**< disco features of the service, ended by NULL; or NULL */
    const char *const *room_info;    /**< disco features of every room, ended by NULL; or NULL */
    const muc_command *commands;     /**< ended by node NULL; or NULL (command.h) */
    /** Ends the data of a room that goes away; or NULL. */
    void (*room_free)(muc_service *service, void *data);
    /** Ends the data of a service that is freed, after that of its rooms; or NULL. */
    void (*service_free)(muc_service *service, void *data);
    /** Whether its hooks are wanted with these settings: those of hot points cost something each time. NULL: always. */
    int (*wanted)(const muc_settings *settings);
    /** Ends the data of an occupant who is no more; or NULL. It may release memory, and calls nothing else. */
    void (*occupant_free)(muc_service *service, void *data);
    void *reserved[1]; /**< NULL: room to grow */
};

/* ---- data, memory, names ----------------------------------------------------------------------------------------- */

/** The data that a feature keeps for a room, NULL at first. Not part of the transaction: change it in handlers of the
 * apply and notify classes only. */
MUC_EXTERN void *muc_feature_data(const muc_room *room, const muc_feature *feature);
/** Sets it. MUC_OK, MUC_ERR_NOT_FOUND (the feature is not in this service), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_feature_set_data(muc_room *room, const muc_feature *feature, void *data);
/** The same for what it keeps for the service as a whole. */
MUC_EXTERN void *muc_feature_service_data(const muc_service *service, const muc_feature *feature);
/** Sets it. MUC_OK or MUC_ERR_NOT_FOUND. */
MUC_EXTERN int muc_feature_set_service_data(muc_service *service, const muc_feature *feature, void *data);
/** The same for an occupant, a draft too, whatever he is called later. It ends after MUC_ON_LEFT, or when his entry is
 * undone. A snapshot knows nothing of it: see record.h. */
MUC_EXTERN void *muc_feature_occupant_data(const muc_occupant *occupant, const muc_feature *feature);
/** Sets it. MUC_OK, MUC_ERR_NOT_FOUND (the feature is not in this service), MUC_ERR_NOMEM. */
MUC_EXTERN int muc_feature_set_occupant_data(muc_occupant *occupant, const muc_feature *feature, void *data);
/** Memory of the service's allocator, not set to anything; NULL when there is none, which the running call then returns
 * as MUC_ERR_NOMEM whatever a handler answers. */
MUC_EXTERN void *muc_service_alloc(muc_service *service, size_t size);
/** The same block with another size; the old one stays when there is no memory. block NULL: a new one. */
MUC_EXTERN void *muc_service_resize(muc_service *service, void *block, size_t size);
/** Gives it back. NULL is fine. */
MUC_EXTERN void muc_service_release(muc_service *service, void *block);

/** Writes a name that nobody can guess and that the service never gives twice: 32 hexadecimal digits and a NUL. It
 * tells nothing. */
MUC_EXTERN void muc_service_unique(muc_service *service, char out[33]);

/* ---- the library's own (sections are those of XEP-0045) ---------------------------------------------------------- */

/** Everything that the library has but what is said to be extra, ended by NULL: what a service gets when
 * settings.features is NULL. What is extra is named in settings.extra_features. */
MUC_EXTERN const muc_feature *const *muc_features_full(void);

/** `name`, `description`, `language`, `contacts`, `pubsub`, `ldap_group`: what the room is about. */
MUC_EXTERN extern const muc_feature muc_feature_about;
/** Lists and changes of roles and affiliations (sections 8 and 9); `get_member_list`. */
MUC_EXTERN extern const muc_feature muc_feature_admin;
/** `affiliation_notices`, `affiliation_notices_to_absent`: about those who are not in the room (sections 10.3 and
 * 18.1). */
MUC_EXTERN extern const muc_feature muc_feature_affiliation_notices;
/** Extra: `archiving`, `keep_archive`: rooms of which the host keeps an archive, which it does by handlers. */
MUC_EXTERN extern const muc_feature muc_feature_archiving;
/** Outcasts stay outside (section 7.2.7). */
MUC_EXTERN extern const muc_feature muc_feature_ban;
/** Ad-hoc commands (XEP-0050, command.h) of all features. */
MUC_EXTERN extern const muc_feature muc_feature_commands;
/** Who may make rooms (section 10.1.1): settings.room_creation, settings.max_room_name. */
MUC_EXTERN extern const muc_feature muc_feature_creation;
/** Extra: `creation_date`, shown in service discovery; each room then weighs some 80 bytes more. */
MUC_EXTERN extern const muc_feature muc_feature_creation_date;
/** Service discovery of service, rooms and the room list (section 6); `public_list`, `public_count`,
 * `public_subject`. */
MUC_EXTERN extern const muc_feature muc_feature_disco;
/** `settings.evict_after`: persistent rooms that nobody uses leave memory. */
MUC_EXTERN extern const muc_feature muc_feature_evict;
/** `historylength`, `default_history_messages`, `maxhistoryfetch` and what a newcomer is shown (section 7.2.13). */
MUC_EXTERN extern const muc_feature muc_feature_history;
/** `allow_member_invites`, invitations and declines that users send to a room (section 7.8). */
MUC_EXTERN extern const muc_feature muc_feature_invite;
/** New rooms wait for their configuration (section 10.1). */
MUC_EXTERN extern const muc_feature muc_feature_lock;
/** `logging`, `logs`: rooms that are logged in public (sections 7.2.12 and 14.2). */
MUC_EXTERN extern const muc_feature muc_feature_logging;
/** `max_users` (section 7.2.9). */
MUC_EXTERN extern const muc_feature muc_feature_max_users;
/** `members_only` (section 7.2.6). */
MUC_EXTERN extern const muc_feature muc_feature_members_only;
/** `moderated`: roles of newcomers, voice (sections 5.1.2 and 7.4). */
MUC_EXTERN extern const muc_feature muc_feature_moderated;
/** `allow_multisessions`: several clients under one nickname (section 7.2.8). */
MUC_EXTERN extern const muc_feature muc_feature_multi_sessions;
/** `allow_nick_change`, `allow_visitor_nickchange`, `enforce_registered_nick`; asking for one's reserved nickname
 * (sections 7.6, 7.10 and 7.12). */
MUC_EXTERN extern const muc_feature muc_feature_nick;
/** What administrators say to the service is said in every room. */
MUC_EXTERN extern const muc_feature muc_feature_notice;
/** `settings.occupant_ids`: who is the same, whatever he is called (XEP-0421). */
MUC_EXTERN extern const muc_feature muc_feature_occupant_id;
/** `settings.original_from`: from which real JID a message comes (XEP-0033). */
MUC_EXTERN extern const muc_feature muc_feature_original_from;
/** `settings.list_own_rooms`: hidden rooms are listed to those who are in them. */
MUC_EXTERN extern const muc_feature muc_feature_own_rooms;
/** Configuration, and the end of a room, for owners (section 10). */
MUC_EXTERN extern const muc_feature muc_feature_owner;
/** Extra, since it costs something for each message: `settings.min_message_interval_ms` and its relatives; who is too
 * fast is refused (section 14.6). */
MUC_EXTERN extern const muc_feature muc_feature_pace;
/** `password` (section 7.2.5). */
MUC_EXTERN extern const muc_feature muc_feature_password;
/** `persistent`: rooms that end with their last occupant, or do not (section 4.2). */
MUC_EXTERN extern const muc_feature muc_feature_persistent;
/** Pings of the service, the room (XEP-0199) and oneself (XEP-0410). */
MUC_EXTERN extern const muc_feature muc_feature_ping;
/** `allow_pm`, `allow_modpm`, `allow_private_messages_from_visitors` (section 7.5). */
MUC_EXTERN extern const muc_feature muc_feature_pm;
/** `public`: the room list shows it (section 4.2). */
MUC_EXTERN extern const muc_feature muc_feature_public;
/** `allow_query_users`: whether occupants may ask one another by iqs (section 17.4). */
MUC_EXTERN extern const muc_feature muc_feature_query;
/** `registration`: becoming a member and having a nickname reserved (sections 7.10 and 9.9, XEP-0077). */
MUC_EXTERN extern const muc_feature muc_feature_register;
/** In moderated rooms voice outlasts the visit (section 5.1): settings.role_memory. */
MUC_EXTERN extern const muc_feature muc_feature_role_memory;
/** Commands for service administrators: rooms are made and destroyed, affiliations set. */
MUC_EXTERN extern const muc_feature muc_feature_service_commands;
/** `settings.stanza_ids`: what the room calls a message (XEP-0359). */
MUC_EXTERN extern const muc_feature muc_feature_stanza_id;
/** `changesubject`: who may change the subject (section 8.1). */
MUC_EXTERN extern const muc_feature muc_feature_subject;
/** `retire_on_destroy`, settings.tombstone_time: what remains of a room that is destroyed (section 10.9, tombstone.h).
 */
MUC_EXTERN extern const muc_feature muc_feature_tombstone;
/** Tells which payloads pass (section 18.1.1): settings.allowed_payloads. */
MUC_EXTERN extern const muc_feature muc_feature_traffic;
/** Names for rooms that nobody has (XEP-0307). */
MUC_EXTERN extern const muc_feature muc_feature_unique;
/** The vCard of a room, and its avatar (XEP-0486). */
MUC_EXTERN extern const muc_feature muc_feature_vcard;
/** `members_by_default`, `allow_visitor_status`: who is a visitor, and what is seen of him (section 5.1). */
MUC_EXTERN extern const muc_feature muc_feature_visitors;
/** `allow_voice_requests`, `voice_request_min_interval`: requests for voice (sections 7.13 and 8.6). */
MUC_EXTERN extern const muc_feature muc_feature_voice;

#ifdef __cplusplus
}
#endif
#endif
