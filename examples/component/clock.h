/* clock.h: time that only goes on, also while the machine sleeps. */
#ifndef COMPONENT_CLOCK_H
#define COMPONENT_CLOCK_H

#include <stdint.h>
#include <time.h>

/** In milliseconds. */
static inline int64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

#endif
