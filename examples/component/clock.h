/* clock.h: time that only goes on. */
#ifndef COMPONENT_CLOCK_H
#define COMPONENT_CLOCK_H

#include <stdint.h>
#include <time.h>

/** In milliseconds, also while the machine sleeps. */
static inline int64_t clock_now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_BOOTTIME, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/** When so many milliseconds have passed, for a wait of threads (CLOCK_MONOTONIC). */
static inline struct timespec clock_in(int64_t milliseconds)
{
    struct timespec at;
    clock_gettime(CLOCK_MONOTONIC, &at);
    at.tv_sec += (time_t)(milliseconds / 1000);
    at.tv_nsec += (long)(milliseconds % 1000) * 1000000;
    if (at.tv_nsec >= 1000000000) {
        at.tv_sec++;
        at.tv_nsec -= 1000000000;
    }
    return at;
}

#endif
