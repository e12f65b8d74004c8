/* form_new.h: beginning a form, for those who keep it themselves. */
#ifndef MU_ACTION_FORM_NEW_H
#define MU_ACTION_FORM_NEW_H

#include <model/model.h>
#include <xml/form.h>

/* An empty form with the limits of the service. The type must outlive it. */
void mu_form_start(muc_form *form, muc_service *s, const char *type);

#endif
