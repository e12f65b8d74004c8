/* load.h: features of the user's own, from shared objects. */
#ifndef SHARED_LOAD_H
#define SHARED_LOAD_H

#include <muc/muc.h>

/** Loads a shared object that has features, `const muc_feature *const muc_features[]` ended by NULL, and keeps it
 * loaded. NULL, or why it cannot be, valid until the next call. */
const char *load_features(const char *path);
/** All features that were loaded, ended by NULL; NULL when there are none. */
const muc_feature *const *loaded_features(void);
/** Forgets them. Their code stays, since checkers of memory want to name it at the end. */
void unload_features(void);

#endif
