/* watch.h: what other processes have used: processor time and memory. */
#ifndef LOAD_WATCH_H
#define LOAD_WATCH_H

#include <stdint.h>
#include <sys/types.h>

enum { WATCHED = 4 };

typedef struct watch {
    const char *name;
    pid_t pid;
} watch;

typedef struct usage {
    uint64_t ns;  /**< of processor time, user and system, of all threads */
    uint64_t rss; /**< bytes in memory */
} usage;

/** What it has used so far; ends the program when there is no such process. */
usage watch_usage(const watch *w);

#endif
