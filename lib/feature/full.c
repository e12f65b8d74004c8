/* full.c: the list of everything that the library has, alone in its object, so that a host with a list of its own links
 * nothing else. */
#include <muc/feature.h>

#include <stddef.h>

#define FEATURE(name) &muc_feature_##name,
static const muc_feature *const full[] = {
#include <feature/full.inc>
    NULL,
};
#undef FEATURE

const muc_feature *const *muc_features_full(void)
{
    return full;
}
