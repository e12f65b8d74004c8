/* settings.h: taking the settings of a host. */
#ifndef MU_SERVICE_SETTINGS_H
#define MU_SERVICE_SETTINGS_H

#include <muc/service.h>
#include <stdbool.h>

/* Puts what a host compiled with an older header knows, and the defaults for the rest, into `out`; strings and lists
 * are still the host's, the name is never NULL. false: it makes no sense. */
bool mu_settings_take(muc_settings *out, const muc_settings *settings, const muc_callbacks *callbacks);

#endif
