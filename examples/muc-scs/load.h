/* load.h: features of the user's own, from shared objects. */
#ifndef SCS_LOAD_H
#define SCS_LOAD_H

#include <muc/muc.h>

#include "text.h"

/** Loads a shared object that has features, `const muc_feature *const muc_features[]` ended by NULL, and keeps it
 * loaded. 0, or -1 with `why`. */
int load_features(const char *path, text *why);
/** All features that were loaded, ended by NULL; NULL when there are none. */
const muc_feature *const *loaded_features(void);
/** Forgets them. Their code stays, since checkers of memory want to name it at the end. */
void unload_features(void);

#endif
