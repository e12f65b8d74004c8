/* result.c: muc_result by name, for `#! result` and for reports. */
#include <stdlib.h>
#include <string.h>

#include <muc/error.h>

#include "script.h"

#define ROW(name)                                                                                                      \
    {                                                                                                                  \
#name, name                                                                                                    \
    }

static const struct {
    const char *name;
    int result;
} results[] = {
    ROW(MUC_OK),
    ROW(MUC_CHANGED),
    ROW(MUC_QUEUED),
    ROW(MUC_NOT_MINE),
    ROW(MUC_INCOMPLETE),
    ROW(MUC_ERR_INVALID),
    ROW(MUC_ERR_MALFORMED),
    ROW(MUC_ERR_TOO_BIG),
    ROW(MUC_ERR_BAD_JID),
    ROW(MUC_ERR_NOT_FOUND),
    ROW(MUC_ERR_EXISTS),
    ROW(MUC_ERR_FORBIDDEN),
    ROW(MUC_ERR_NOT_ALLOWED),
    ROW(MUC_ERR_CONFLICT),
    ROW(MUC_ERR_REJECTED),
    ROW(MUC_ERR_BUSY),
    ROW(MUC_ERR_STORE),
    ROW(MUC_ERR_LIMIT),
    ROW(MUC_ERR_NOMEM),
    ROW(MUC_ERR_HOST),
};

#define COUNT (sizeof results / sizeof results[0])

const char *result_name(int result)
{
    for (size_t i = 0; i < COUNT; i++)
        if (results[i].result == result)
            return results[i].name;
    return "an unknown result";
}

int result_from_name(const char *name, int *out)
{
    char *end;
    long number = strtol(name, &end, 10);
    if (*name && !*end) {
        *out = (int)number;
        return 1;
    }
    for (size_t i = 0; i < COUNT; i++)
        if (strcmp(results[i].name, name) == 0) {
            *out = results[i].result;
            return 1;
        }
    return 0;
}
