/* prep.c: who prepares a part of an address: nobody (plain ASCII), the host, or the profile that is compiled in. */
#include <base/prep.h>
#include <base/text.h>
#include <muc/version.h>

#include <string.h>

enum { MAX_PART = MU_PREP_MAX };

int mu_prep_builtin(muc_prep_part part, muc_prep_purpose purpose, const char *in, size_t n, char *out, size_t size)
{
#if MUC_WITH_PRECIS
    return mu_prep_precis(part, purpose, in, n, out, size);
#else
    return mu_prep_basic(part, purpose, in, n, out, size);
#endif
}

const char *muc_prep_profile(void)
{
#if MUC_WITH_PRECIS
    return "precis";
#else
    return "basic";
#endif
}

/* Whether every profile gives the string back as it is. */
static bool plain(muc_prep_part part, muc_prep_purpose purpose, muc_span in)
{
    if (part == MUC_PREP_DOMAIN)
        return mu_ascii_lower(in.p, in.n) && mu_prep_domain_valid(in.p, in.n);
    bool fold = part == MUC_PREP_LOCAL || (part == MUC_PREP_NICK && purpose == MUC_PREP_COMPARE);
    for (size_t i = 0; i < in.n; i++) {
        char c = in.p[i];
        if (c <= ' ' || c > '~' || (fold && c >= 'A' && c <= 'Z'))
            return false;
        if (part == MUC_PREP_LOCAL && mu_prep_local_forbids((uint8_t)c))
            return false;
    }
    return true;
}

/* The host's answer goes out in XML, so it has to be fit for that. */
static int ask_host(const mu_prep *p, muc_prep_part part, muc_prep_purpose purpose, const char *in, char *out)
{
    int n = p->host(part, purpose, in, out, MAX_PART + 1, p->ud);
    if (n <= 0 || n > MAX_PART || !mu_xml_valid(out, (size_t)n))
        return -1;
    return part == MUC_PREP_NICK && !mu_prep_visible(out, (size_t)n) ? -1 : n;
}

bool mu_prep_part(const mu_prep *p, muc_prep_part part, muc_prep_purpose purpose, muc_span in, mu_buf *out)
{
    if (in.n == 0 || in.n > MAX_PART)
        return false;
    if (plain(part, purpose, in)) {
        mu_buf_span(out, in);
        return true;
    }
    if (!mu_xml_valid(in.p, in.n))
        return false;
    char result[MAX_PART + 1];
    int n;
    if (p->host) {
        char text[MAX_PART + 1];
        memcpy(text, in.p, in.n);
        text[in.n] = '\0';
        n = ask_host(p, part, purpose, text, result);
    } else {
        n = mu_prep_builtin(part, purpose, in.p, in.n, result, sizeof result);
    }
    if (n < 0)
        return false;
    mu_buf_add(out, result, (size_t)n);
    return true;
}

bool mu_prep_jid(const mu_prep *p, const mu_jid *jid, bool with_resource, mu_buf *out)
{
    size_t from = out->n;
    bool ok = true;
    if (jid->local.n > 0) {
        ok = mu_prep_part(p, MUC_PREP_LOCAL, MUC_PREP_COMPARE, jid->local, out);
        mu_buf_char(out, '@');
    }
    ok = ok && mu_prep_part(p, MUC_PREP_DOMAIN, MUC_PREP_COMPARE, jid->domain, out);
    if (ok && with_resource && jid->resource.n > 0) {
        mu_buf_char(out, '/');
        ok = mu_prep_part(p, MUC_PREP_RESOURCE, MUC_PREP_COMPARE, jid->resource, out);
    }
    if (!ok)
        mu_buf_cut(out, from);
    return ok;
}
