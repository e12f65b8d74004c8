/* memory.h: memory that is counted and can be made to fail, for the library and for libxml2. */
#ifndef SCS_MEMORY_H
#define SCS_MEMORY_H

#include <muc/types.h>

/** Which allocation is to fail. */
typedef struct memory_plan {
    size_t left; /* allocations until the one that fails; 0: none fails */
    int reached; /* it has failed */
} memory_plan;

/** Puts libxml2 onto counted memory. First thing in the program; 0 or -1. */
int memory_setup(void);
/** The allocator for services. */
const muc_mem *memory_of_service(void);
/** Blocks that services hold. */
size_t memory_live(void);
/** Blocks that libxml2 holds. */
size_t memory_live_xml(void);
/** Makes the k-th allocation from now on fail, once. */
void memory_fail(size_t k);
/** Ends that. Whether it was reached. */
int memory_fail_no_more(void);
/** No failure until memory_resume(), to which the result goes. */
memory_plan memory_pause(void);
void memory_resume(memory_plan plan);

#endif
