/* commands.h: the parts of the feature commands. */
#ifndef MU_FEATURE_COMMANDS_H
#define MU_FEATURE_COMMANDS_H

#include <muc/command.h>
#include <muc/hook.h>

/* Where a walk through the commands of all features stands; starts as {0}. */
typedef struct mu_command_walk {
    size_t feature, row;
} mu_command_walk;

/* The next one that is offered where the event is, or NULL. */
const muc_command *mu_command_next(const muc_event *ev, mu_command_walk *walk);
/* The one of that node, or NULL. */
const muc_command *mu_command_find(const muc_event *ev, const char *node);
int mu_command_may(const muc_event *ev, const muc_command *command);
/* What somebody who may not run it is told. */
int mu_command_forbid(muc_event *ev);

/* Ids of sessions (commands_session.c). */
enum { MU_COMMAND_SESSION = 51 };
typedef enum mu_session_state { MU_SESSION_GOOD, MU_SESSION_UNKNOWN, MU_SESSION_OVER } mu_session_state;
/* A new one for who asks and the command of that node. MUC_OK or MUC_ERR_HOST (no random bytes). */
int mu_command_session(const muc_event *ev, const char *node, char id[MU_COMMAND_SESSION]);
mu_session_state mu_command_session_state(const muc_event *ev, const char *node, const char *id);

/* Service discovery (commands_disco.c). */
int mu_commands_info(muc_event *ev, void *ud);
int mu_commands_items(muc_event *ev, void *ud);

#endif
