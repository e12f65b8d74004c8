/* modes.h: one script in one mode or in all of them. */
#ifndef SCS_MODES_H
#define SCS_MODES_H

#include "player.h"

/** What to run, and how it went. */
typedef struct tally {
    options options;
    int modes[MODE_COUNT]; /* which */
    int with_leaks;        /* one more run, for leaks */
    size_t passed, failed; /* script and mode count one */
    int unreadable;        /* whether a file was */
    size_t skipped;        /* scripts that need another JID preparation */
    int list_options;      /* instead of playing anything */
} tally;

/** Plays a script in every mode that is wanted and prints what happened. */
void modes_run(tally *t, const char *path);

#endif
