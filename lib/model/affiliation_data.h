/* affiliation_data.h: texts under keys that are kept with an affiliation. */
#ifndef MU_MODEL_AFFILIATION_DATA_H
#define MU_MODEL_AFFILIATION_DATA_H

#include <model/model.h>

/* NULL: there is none under that key. */
const char *mu_affiliation_data(const mu_affiliation *a, const char *key);
/* How many bytes all would take with that one, NULs not counted. */
size_t mu_affiliation_data_size(const mu_affiliation *a, const char *key, const char *value);
/* value NULL: takes it out. MUC_CHANGED, MUC_OK, MUC_ERR_NOMEM. */
int mu_affiliation_store_data(muc_room *room, mu_affiliation *a, const char *key, const char *value);
/* Those that there are, in the order in which they came: NULL starts, the last one is followed by NULL. What follows
 * the NUL of a key is its value. */
const char *mu_affiliation_next_data(const mu_affiliation *a, const char *key);
const char *mu_affiliation_data_value(const char *key);

#endif
