/* options.h: the options that rooms have. */
#ifndef SCS_OPTIONS_H
#define SCS_OPTIONS_H

#include <muc/muc.h>

/** Prints every option of the library and of what was loaded, in the order of the form: name, form field, type with its
 * choices, first value, label and feature, divided by tabs. Returns an exit status. */
int options_print(void);

#endif
