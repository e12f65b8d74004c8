/* version.c: the version that was built. */
#include <muc/version.h>

const char *muc_version(void)
{
    return MUC_VERSION;
}
