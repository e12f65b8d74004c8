/* settings.h: taking the settings and callbacks of a host. */
#ifndef MU_SERVICE_SETTINGS_H
#define MU_SERVICE_SETTINGS_H

#include <muc/service.h>
#include <stdbool.h>

/* Puts what a host compiled with an older header knows, and the defaults for the rest, into `out`; strings and lists
 * are still the host's, the name is never NULL. false: there is nothing. */
bool mu_settings_take(muc_settings *out, const muc_settings *settings);

/* The member that makes no sense, of settings that were taken, or NULL: all but what muc_service_configure() leaves as
 * it is, and options. */
const char *mu_settings_problem(const muc_settings *settings, const muc_callbacks *callbacks);

/* Takes both for a new service. The member that makes no sense, or NULL. */
const char *mu_arguments_take(muc_settings *settings, const muc_settings *given, muc_callbacks *callbacks,
                              const muc_callbacks *given_callbacks);

#endif
