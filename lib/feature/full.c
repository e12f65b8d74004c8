/* full.c: the list of everything that the library has, alone in its object, so that a host with a list of its own links
 * nothing else. */
#include <muc/feature.h>

#include <stddef.h>

static const muc_feature *const full[] = {
    &muc_feature_about,        &muc_feature_admin,     &muc_feature_affiliation_notices,
    &muc_feature_ban,          &muc_feature_creation,  &muc_feature_disco,
    &muc_feature_evict,        &muc_feature_history,   &muc_feature_invite,
    &muc_feature_lock,         &muc_feature_logging,   &muc_feature_max_users,
    &muc_feature_members_only, &muc_feature_moderated, &muc_feature_multi_sessions,
    &muc_feature_nick,         &muc_feature_notice,    &muc_feature_occupant_id,
    &muc_feature_owner,        &muc_feature_password,  &muc_feature_persistent,
    &muc_feature_ping,         &muc_feature_pm,        &muc_feature_public,
    &muc_feature_query,        &muc_feature_register,  &muc_feature_role_memory,
    &muc_feature_stanza_id,    &muc_feature_subject,   &muc_feature_tombstone,
    &muc_feature_traffic,      &muc_feature_unique,    &muc_feature_vcard,
    &muc_feature_visitors,     &muc_feature_voice,     NULL,
};

const muc_feature *const *muc_features_full(void)
{
    return full;
}
