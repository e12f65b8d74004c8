/* watch.c: the clock of a process's processor time, and its statm. */
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "wire.h"
#include "watch.h"

static uint64_t cpu_of(const watch *w)
{
    clockid_t clock;
    struct timespec t;
    if (clock_getcpuclockid(w->pid, &clock) != 0 || clock_gettime(clock, &t) < 0)
        die("%s, process %d, is gone", w->name, (int)w->pid);
    return (uint64_t)t.tv_sec * 1000000000 + (uint64_t)t.tv_nsec;
}

static uint64_t rss_of(const watch *w)
{
    char path[64];
    unsigned long size, resident = 0;
    snprintf(path, sizeof path, "/proc/%d/statm", (int)w->pid);
    FILE *file = fopen(path, "r");
    if (!file || fscanf(file, "%lu %lu", &size, &resident) != 2)
        die("%s, process %d, is gone", w->name, (int)w->pid);
    fclose(file);
    return resident * (uint64_t)sysconf(_SC_PAGESIZE);
}

usage watch_usage(const watch *w)
{
    return (usage){cpu_of(w), rss_of(w)};
}
