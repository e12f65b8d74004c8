/* register.h: the parts of the registration feature. */
#ifndef MU_FEATURE_REGISTER_H
#define MU_FEATURE_REGISTER_H

#include <muc/hook.h>

/* Keeps the registration of a form until an admin has answered, and shows it to those who are there: MUC_OK; a negative
 * result, MUC_ERR_LIMIT: too much waits already (register_requests.c). */
int mu_register_ask(muc_event *ev, const muc_form *form);
/* Takes the sender's back. MUC_CHANGED, MUC_ERR_NOT_FOUND: none waits. */
int mu_register_withdraw(muc_event *ev);
/* Answers of admins; what waits is shown to admins who enter, and ends with what an affiliation becomes. */
int mu_register_on_message(muc_event *ev, void *ud);
int mu_register_on_entered(muc_event *ev, void *ud);
int mu_register_on_affiliation(muc_event *ev, void *ud);
#endif
