/* list.h: doubly linked lists in the order of making, whose changes go through the journal.
 *
 * For items with `next` and `prev`. What is taken out keeps both, so that a walk that stands on it can go on. Both give
 * MUC_OK or MUC_ERR_NOMEM; the arguments are evaluated more than once. */
#ifndef MU_MODEL_LIST_H
#define MU_MODEL_LIST_H

#include <model/journal.h>

#define MU_APPEND(j, first, last, item)                                                                                \
    ((item)->next = NULL, (item)->prev = (last),                                                                       \
     ((item)->prev ? MU_SET(j, (item)->prev->next, item) : MU_SET(j, first, item)) || MU_SET(j, last, item)            \
         ? MUC_ERR_NOMEM                                                                                               \
         : MUC_OK)

#define MU_UNLINK(j, first, last, item)                                                                                \
    (((item)->prev ? MU_SET(j, (item)->prev->next, (item)->next) : MU_SET(j, first, (item)->next)) ||                  \
             ((item)->next ? MU_SET(j, (item)->next->prev, (item)->prev) : MU_SET(j, last, (item)->prev))              \
         ? MUC_ERR_NOMEM                                                                                               \
         : MUC_OK)

#endif
