/* property.h: getters and setters of the options that come with the library, by type.
 *
 * Each is of the option of the same name (option.h), or of the one that is said. A setter does what the configuration
 * form would do, with everything that follows and is announced; its results are those of muc_room_set_number() and
 * muc_room_set_text() (option.h). Texts are valid until they change. */
#ifndef MUC_PROPERTY_H
#define MUC_PROPERTY_H

#include <muc/error.h>
#include <muc/register.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The room's name, "" when it has none. */
MUC_EXTERN const char *muc_room_get_name(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_name(muc_room *room, const char *name);
/** The description, "" when it has none. */
MUC_EXTERN const char *muc_room_get_description(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_description(muc_room *room, const char *description);
/** The language tag, "" when it has none. */
MUC_EXTERN const char *muc_room_get_language(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_language(muc_room *room, const char *language);
/** JIDs of those who may be asked about the room, divided by blanks; service discovery shows them to everybody. */
MUC_EXTERN const char *muc_room_get_contacts(const muc_room *room);
/** Sets them; NULL or "" for none. */
MUC_EXTERN int muc_room_set_contacts(muc_room *room, const char *jids);
/** The URI of a pubsub node that goes with the room, "" for none. */
MUC_EXTERN const char *muc_room_get_pubsub(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_pubsub(muc_room *room, const char *uri);
/** The distinguished name of a directory group that the room is for, "" for none; in no form, shown in service
 * discovery. Means nothing to the library. */
MUC_EXTERN const char *muc_room_get_ldap_group(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_ldap_group(muc_room *room, const char *dn);
/** When it was made, as XEP-0082 writes it; "" without muc_feature_creation_date. */
MUC_EXTERN const char *muc_room_get_creation_date(const muc_room *room);
/** The password, "" when none is needed. */
MUC_EXTERN const char *muc_room_get_password(const muc_room *room);
/** Sets it, NULL or "" for none; those inside stay. */
MUC_EXTERN int muc_room_set_password(muc_room *room, const char *password);
/** Whether it is in the room list. */
MUC_EXTERN int muc_room_get_public(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_public(muc_room *room, int on);
/** The opposite of the option `public`. */
MUC_EXTERN int muc_room_get_hidden(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_hidden(muc_room *room, int on);
/** Whether everybody may ask by service discovery who is in the room. */
MUC_EXTERN int muc_room_get_public_list(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_public_list(muc_room *room, int on);
/** Whether everybody may ask how many are in the room; occupants may always. */
MUC_EXTERN int muc_room_get_public_count(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_public_count(muc_room *room, int on);
/** Whether everybody may ask for the subject. */
MUC_EXTERN int muc_room_get_public_subject(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_public_subject(muc_room *room, int on);
/** Whether it stays when the last occupant leaves. */
MUC_EXTERN int muc_room_get_persistent(const muc_room *room);
/** Turns that on (1) or off (0); an empty room that stops being persistent is destroyed. */
MUC_EXTERN int muc_room_set_persistent(muc_room *room, int on);
/** Whether its address is never used again once it is destroyed while persistent (tombstone.h). */
MUC_EXTERN int muc_room_get_retire_on_destroy(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_retire_on_destroy(muc_room *room, int on);
/** Whether only members may enter. */
MUC_EXTERN int muc_room_get_members_only(const muc_room *room);
/** Turns that on (1) or off (0); turning it on removes those who are none (322). */
MUC_EXTERN int muc_room_set_members_only(muc_room *room, int on);
/** Whether members may invite to the room while it is members-only. */
MUC_EXTERN int muc_room_get_allow_member_invites(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_member_invites(muc_room *room, int on);
/** Whether newcomers without affiliation are visitors. */
MUC_EXTERN int muc_room_get_moderated(const muc_room *room);
/** Turns that on (1) or off (0); those inside keep their roles. */
MUC_EXTERN int muc_room_set_moderated(muc_room *room, int on);
/** Whether visitors of a moderated room may ask for voice. */
MUC_EXTERN int muc_room_get_allow_voice_requests(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_voice_requests(muc_room *room, int on);
/** How many seconds a user waits between two requests for voice, 0: none. */
MUC_EXTERN int64_t muc_room_get_voice_request_min_interval(const muc_room *room);
/** Sets how many seconds; those who wait already wait as long as they were to. */
MUC_EXTERN int muc_room_set_voice_request_min_interval(muc_room *room, int64_t seconds);
/** Whether participants may change the subject. */
MUC_EXTERN int muc_room_get_changesubject(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_changesubject(muc_room *room, int on);
/** The least role that sees real JIDs: MUC_ROLE_MODERATOR (semi-anonymous) or MUC_ROLE_VISITOR (non-anonymous). */
MUC_EXTERN muc_role muc_room_get_whois(const muc_room *room);
/** Sets it; announces 172 or 173. */
MUC_EXTERN int muc_room_set_whois(muc_room *room, muc_role least);
/** How many messages the room keeps for those who come later. */
MUC_EXTERN int64_t muc_room_get_historylength(const muc_room *room);
/** Sets how many. */
MUC_EXTERN int muc_room_set_historylength(muc_room *room, int64_t messages);
/** How many of them a newcomer is shown who asks for nothing. */
MUC_EXTERN int64_t muc_room_get_default_history_messages(const muc_room *room);
/** Sets how many. */
MUC_EXTERN int muc_room_set_default_history_messages(muc_room *room, int64_t messages);
/** How many of them a newcomer is shown at most. */
MUC_EXTERN int64_t muc_room_get_maxhistoryfetch(const muc_room *room);
/** Sets how many. */
MUC_EXTERN int muc_room_set_maxhistoryfetch(muc_room *room, int64_t messages);
/** The roles whose presence the others see. */
MUC_EXTERN muc_roles muc_room_get_presence_broadcast(const muc_room *room);
/** Sets which roles; occupants appear to the others or vanish. */
MUC_EXTERN int muc_room_set_presence_broadcast(muc_room *room, muc_roles roles);
/** The word "none" in the option `presence_broadcast`: whether those who belong to the room are shown to all while they
 * are not in it, as unavailable; at most settings.max_absent. */
MUC_EXTERN int muc_room_get_show_absent(const muc_room *room);
/** Turns that on (1) or off (0); announces 102 or 103. */
MUC_EXTERN int muc_room_set_show_absent(muc_room *room, int on);
/** Whether those who see real JIDs are told of changed affiliations of those who are not in the room. */
MUC_EXTERN int muc_room_get_affiliation_notices(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_affiliation_notices(muc_room *room, int on);
/** Whether he who is not in the room is told himself that his affiliation has changed (101). */
MUC_EXTERN int muc_room_get_affiliation_notices_to_absent(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_affiliation_notices_to_absent(muc_room *room, int on);
/** Whether occupants may change their nicknames. */
MUC_EXTERN int muc_room_get_allow_nick_change(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_nick_change(muc_room *room, int on);
/** Whether visitors may, where others may. */
MUC_EXTERN int muc_room_get_allow_visitor_nickchange(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_visitor_nickchange(muc_room *room, int on);
/** Whether those who have a reserved nickname may have no other. */
MUC_EXTERN int muc_room_get_enforce_registered_nick(const muc_room *room);
/** Turns that on (1) or off (0); those inside keep the nicknames that they have. */
MUC_EXTERN int muc_room_set_enforce_registered_nick(muc_room *room, int on);
/** The roles that may send private messages; 0 also for "affiliated": members, admins and owners, whatever their
 * role, which muc_room_set() sets. */
MUC_EXTERN muc_roles muc_room_get_allow_pm(const muc_room *room);
/** Sets it: MUC_EVERYONE, participants and moderators, MUC_MODERATORS or 0. */
MUC_EXTERN int muc_room_set_allow_pm(muc_room *room, muc_roles roles);
/** Whether private messages to and from moderators pass whatever else is said about them. */
MUC_EXTERN int muc_room_get_allow_modpm(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_modpm(muc_room *room, int on);
/** The option `allow_private_messages_from_visitors`: the roles of those to whom visitors may send private messages. */
MUC_EXTERN muc_roles muc_room_get_allow_pm_from_visitors(const muc_room *room);
/** Sets it: MUC_EVERYONE, MUC_MODERATORS or 0. */
MUC_EXTERN int muc_room_set_allow_pm_from_visitors(muc_room *room, muc_roles to);
/** The option `get_member_list`: the roles that may fetch the lists of members, admins and owners as far as they may
 * see real JIDs; admins and owners may without it. */
MUC_EXTERN muc_roles muc_room_get_member_list_roles(const muc_room *room);
/** Sets which roles. */
MUC_EXTERN int muc_room_set_member_list_roles(muc_room *room, muc_roles roles);
/** Whether newcomers without affiliation are participants, as far as the room is not moderated. */
MUC_EXTERN int muc_room_get_members_by_default(const muc_room *room);
/** Turns that on (1) or off (0); those inside keep their roles. */
MUC_EXTERN int muc_room_set_members_by_default(muc_room *room, int on);
/** Whether the status texts in the presence of visitors are shown. */
MUC_EXTERN int muc_room_get_allow_visitor_status(const muc_room *room);
/** Turns that on (1) or off (0); what is shown already stays. */
MUC_EXTERN int muc_room_set_allow_visitor_status(muc_room *room, int on);
/** Whether several clients of a user may share a nickname. */
MUC_EXTERN int muc_room_get_allow_multisessions(const muc_room *room);
/** Turns that on (1) or off (0); nobody is removed. */
MUC_EXTERN int muc_room_set_allow_multisessions(muc_room *room, int on);
/** Whether occupants may ask one another by iqs. */
MUC_EXTERN int muc_room_get_allow_query_users(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_allow_query_users(muc_room *room, int on);
/** Who may register with the room: muc_registration (register.h). */
MUC_EXTERN muc_registration muc_room_get_registration(const muc_room *room);
/** Sets it; those who are registered stay so. */
MUC_EXTERN int muc_room_set_registration(muc_room *room, muc_registration who);
/** How many occupants may be in the room, 0 for no limit but the service's. */
MUC_EXTERN int64_t muc_room_get_max_users(const muc_room *room);
/** Sets how many; nobody is removed. */
MUC_EXTERN int muc_room_set_max_users(muc_room *room, int64_t users);
/** Whether what is said is logged in public, which everybody who enters is told (170). The host does the logging. */
MUC_EXTERN int muc_room_get_logging(const muc_room *room);
/** Turns that on (1) or off (0); announces 170 or 171. */
MUC_EXTERN int muc_room_set_logging(muc_room *room, int on);
/** The URL of the public logs, "" when there is none; in no form, shown in service discovery. */
MUC_EXTERN const char *muc_room_get_logs(const muc_room *room);
/** Sets it, NULL or "" for none. */
MUC_EXTERN int muc_room_set_logs(muc_room *room, const char *url);
/** Whether the host keeps an archive of what is said, which it does; 0 without muc_feature_archiving. */
MUC_EXTERN int muc_room_get_archiving(const muc_room *room);
/** Turns that on (1) or off (0); MUC_ERR_INVALID without muc_feature_archiving. */
MUC_EXTERN int muc_room_set_archiving(muc_room *room, int on);
/** Whether that archive stays when the room ends. */
MUC_EXTERN int muc_room_get_keep_archive(const muc_room *room);
/** Turns that on (1) or off (0). */
MUC_EXTERN int muc_room_set_keep_archive(muc_room *room, int on);

#ifdef __cplusplus
}
#endif
#endif
