/* random.h: the same numbers in every run. */
#ifndef MU_TESTS_RANDOM_H
#define MU_TESTS_RANDOM_H

#include <stdint.h>

static inline uint32_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return (uint32_t)(*state >> 33);
}

static inline uint32_t random_below(uint64_t *state, uint32_t limit)
{
    return random_next(state) % limit;
}

#endif
