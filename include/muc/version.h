/* version.h: the one place that says which version this is. */
#ifndef MUC_VERSION_H
#define MUC_VERSION_H

#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** Another one: programs may have to be changed. */
#define MUC_VERSION_MAJOR 0
/** Another one: there is more in it; while MUC_VERSION_MAJOR is 0, programs may have to be changed. */
#define MUC_VERSION_MINOR 1
/** Another one: mistakes are mended. */
#define MUC_VERSION_PATCH 0
/** All three as text. */
#define MUC_VERSION "0.1.0"
/** For comparing: major * 10000 + minor * 100 + patch. */
#define MUC_VERSION_NUMBER (MUC_VERSION_MAJOR * 10000 + MUC_VERSION_MINOR * 100 + MUC_VERSION_PATCH)

/** The version of the library that is running, as "0.1.0"; compare with MUC_VERSION, what was compiled against. */
MUC_EXTERN const char *muc_version(void);

/** How JIDs and nicknames are prepared without a host callback: "precis" (RFC 7622, RFC 8266) or "basic" (ASCII
 * folded). */
MUC_EXTERN const char *muc_prep_profile(void);

#ifdef __cplusplus
}
#endif
#endif
