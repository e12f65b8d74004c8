/* owner.h: the parts of the owner feature. */
#ifndef MU_FEATURE_OWNER_H
#define MU_FEATURE_OWNER_H

#include <muc/hook.h>

/* Whether who asks may configure the room: an owner, or who administers the service. */
int mu_owner_may(const muc_event *ev);

/* The lists of owners and admins in the form (owner_lists.c). */
int mu_owner_lists_form(muc_event *ev, void *ud);
int mu_owner_lists_check(muc_event *ev, void *ud);
int mu_owner_lists_effect(muc_event *ev, void *ud);

#endif
