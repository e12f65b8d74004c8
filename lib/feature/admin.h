/* admin.h: what the two files of the admin feature share. */
#ifndef MU_FEATURE_ADMIN_H
#define MU_FEATURE_ADMIN_H

#include <muc/hook.h>

/* What one item of an admin query is about: either role or affiliation. */
typedef struct mu_item {
    const xmlNode *node;
    int about_role;
    muc_role role;
    muc_affiliation affiliation;
} mu_item;

/* Whether the sender may see and change roles: a moderator who is present, or an admin or owner. */
int mu_admin_of_roles(const muc_event *ev);
/* Whether he may change affiliations: an admin, an owner, a service administrator. */
int mu_admin_of_affiliations(const muc_event *ev);
/* Its options. */
extern const muc_option mu_admin_options[];
/* Answers a request for the list that the item names: what the handler returns. */
int mu_admin_list(muc_event *ev, const mu_item *item);

#endif
