/* scope.c: which prefixes mean what at one place of a tree that is walked. */
#include <xml/scope.h>

#include <string.h>

static bool same(const xmlChar *a, const xmlChar *b)
{
    return strcmp((const char *)a, (const char *)b) == 0;
}

static mu_binding *find(mu_scope *s, const xmlNs *ns)
{
    for (size_t i = s->n; i-- > 0;)
        if (s->binding[i].ns == ns || same(s->binding[i].ns->prefix, ns->prefix))
            return &s->binding[i];
    return NULL;
}

bool mu_scope_declare(mu_scope *s, const xmlNs *ns, const xmlNode *at)
{
    const mu_binding *b = find(s, ns);
    if (s->n == MU_XML_PREFIXES || (b && (b->at == at || b->used == at)))
        return false;
    s->binding[s->n++] = (mu_binding){.ns = ns, .at = at};
    return true;
}

mu_need mu_scope_need(mu_scope *s, const xmlNs *ns, const xmlNode *at)
{
    if (same(ns->prefix, (const xmlChar *)"xml"))
        return MU_NEED_NOTHING;
    mu_binding *b = find(s, ns);
    if (b && (b->ns == ns || same(b->ns->href, ns->href))) {
        b->used = at;
        return MU_NEED_NOTHING;
    }
    return mu_scope_declare(s, ns, at) ? MU_NEED_DECLARATION : MU_NEED_REFUSED;
}

void mu_scope_leave(mu_scope *s, const xmlNode *at)
{
    while (s->n > 0 && s->binding[s->n - 1].at == at)
        s->n--;
}
