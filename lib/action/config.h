/* config.h: one change of a room's configuration on its way: by a form or by the API. */
#ifndef MU_ACTION_CONFIG_H
#define MU_ACTION_CONFIG_H

#include <action/action.h>
#include <xml/form.h>

typedef struct mu_submission {
    muc_room *room;
    const char *actor; /* real JID; NULL: the service */
    muc_form form;
    mu_assignment *values; /* one slot for each option of the service; the texts are ours */
    const char ***words;   /* beside them: the values of the field that say the same, NULL: none */
    size_t count;
} mu_submission;

/* Builds the form as the actor sees it, config-form included (config_form.c). mu_submission_end() must follow, also
 * after a failure. */
int mu_submission_begin(mu_submission *sub, muc_room *room, const char *actor);
void mu_submission_end(mu_submission *sub);
/* Puts a value of an option (a copy is kept) into the form, as if it had been submitted. */
int mu_submission_give(mu_submission *sub, int index, const mu_value *value);
/* Takes the submitted options out of the form. MUC_ERR_INVALID: *bad is the field. */
int mu_submission_collect(mu_submission *sub, const char **bad);
/* Asks the handlers, takes the options out of the form, applies them. MUC_CHANGED, MUC_OK; MUC_ERR_INVALID: *bad is the
 * field; other errors (config.c). */
int mu_submission_run(mu_submission *sub, const char **bad);

#endif
