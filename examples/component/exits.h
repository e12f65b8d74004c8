/* exits.h: how the program ends; the numbers are those of sysexits.h. */
#ifndef COMPONENT_EXITS_H
#define COMPONENT_EXITS_H

enum {
    EXIT_SAVED = 0,        /**< ended by a signal, and everything is saved */
    EXIT_USAGE = 64,       /**< the command line is wrong */
    EXIT_UNREACHABLE = 69, /**< the server cannot be reached, or has gone, and it should be tried only once */
    EXIT_SOFTWARE = 70,    /**< no memory, or something that should not be */
    EXIT_CANNOT_MAKE = 73, /**< the database cannot be made */
    EXIT_STORAGE = 74,     /**< the database cannot be opened, read or written, or is damaged */
    EXIT_IN_USE = 75,      /**< another process has the database: try later */
    EXIT_REFUSED = 77,     /**< the server does not take the secret: no use to try again */
    EXIT_CONFIG = 78       /**< the configuration is wrong */
};

#endif
