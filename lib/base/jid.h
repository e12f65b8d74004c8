/* jid.h: taking a JID apart (RFC 7622 section 3). No preparation: that is prep.h. */
#ifndef MU_BASE_JID_H
#define MU_BASE_JID_H

#include <muc/types.h>
#include <stdbool.h>

typedef struct mu_jid {
    muc_span local;    /* n = 0: none */
    muc_span domain;   /* n > 0 */
    muc_span resource; /* n = 0: none */
    muc_span bare;     /* up to the slash */
} mu_jid;

/* The parts refer to p. false: no domain, an empty localpart or resource with its separator written, a part over 1,023
 * bytes, or text that is not UTF-8. A trailing dot of the domain is not part of it (RFC 7622 section 3.2). */
bool mu_jid_split(const char *p, size_t n, mu_jid *out);

#endif
