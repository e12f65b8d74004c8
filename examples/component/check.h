/* check.h: whether a configuration makes sense. */
#ifndef COMPONENT_CHECK_H
#define COMPONENT_CHECK_H

#include "config.h"

/** Checks every value and fills in what they mean. 0, or what the program ends with (exits.h): every mistake has been
 * logged. */
int config_check(struct config *c);

#endif
