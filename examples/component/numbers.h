/* numbers.h: the members of muc_settings that are numbers, by name. */
#ifndef COMPONENT_NUMBERS_H
#define COMPONENT_NUMBERS_H

#include <muc/muc.h>

/** The name of number i, or NULL: there are no more. */
const char *numbers_name(size_t i);
/** Its value. */
int64_t numbers_get(const muc_settings *settings, size_t i);
/** Sets the one of that name. NULL; or what is wrong, in a few words: with the name, or with the value. */
const char *numbers_set(muc_settings *settings, const char *name, const char *value);

#endif
