/* prep.h: preparing the parts of a JID, and nicknames, for being compared and for being shown.
 *
 * Three sources, one entry: the host's callback, PRECIS on utf8proc (RFC 7622, RFC 8265 OpaqueString and
 * UsernameCaseMapped, RFC 8266 Nickname), or the basic profile (valid UTF-8, no controls, ASCII folded). */
#ifndef MU_BASE_PREP_H
#define MU_BASE_PREP_H

#include <base/buf.h>
#include <base/jid.h>
#include <stdint.h>

/* The built-in preparation compiled in: what muc_prep_profile() names. Writes at most `size` bytes with the NUL.
 * Returns the length, or -1 when the string is refused (or does not fit). */
int mu_prep_builtin(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size);
/* Both are compiled where utf8proc is there, so that both can be tested. */
int mu_prep_basic(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size);
int mu_prep_precis(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size);

/* Rules that both hold to. Localparts must not contain some ASCII characters (RFC 7622 section 3.3.1). */
enum { MU_PREP_MAX = 1023 };
bool mu_prep_local_forbids(uint32_t c);
/* A blank of any script (general category Zs). */
bool mu_prep_blank(uint32_t c);
/* White space, a control, or a character without a glyph of its own; a nickname of nothing else is not visible. */
bool mu_prep_invisible(uint32_t c);
bool mu_prep_visible(const char *p, size_t n);
/* Labels between single dots, or an IPv6 address in brackets; lower case. Non-ASCII characters are not judged. */
bool mu_prep_domain_valid(const char *p, size_t n);

typedef struct mu_prep {
    muc_prep_fn *host; /* NULL: the built-in one */
    void *ud;
} mu_prep;

/* Appends the prepared form of one part. An ASCII string that needs no preparation is copied without asking anybody
 * (localparts and domains: lower case; resources and shown nicknames: no controls, no blank). false: refused. Memory
 * failure is latched in `out` as everywhere. */
bool mu_prep_part(const mu_prep *p, muc_prep_part part, muc_prep_purpose purpose, muc_span in, mu_buf *out);
/* Appends the key of a whole JID: local@domain/resource, each prepared for comparing. false: refused. */
bool mu_prep_jid(const mu_prep *p, const mu_jid *jid, bool with_resource, mu_buf *out);

#endif
