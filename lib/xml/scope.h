/* scope.h: which prefixes mean what at one place of a tree that is walked (Namespaces in XML 1.0, section 6.1).
 *
 * Fixed size: more than MU_XML_PREFIXES at once are refused. */
#ifndef MU_XML_SCOPE_H
#define MU_XML_SCOPE_H

#include <xml/xml.h>

typedef struct mu_binding {
    const xmlNs *ns;
    const xmlNode *at;   /* the element that carries the declaration */
    const xmlNode *used; /* the last element that relied on it */
} mu_binding;

typedef struct mu_scope {
    mu_binding binding[MU_XML_PREFIXES];
    size_t n;
} mu_scope;

/* What a prefixed name on an element asks for. */
typedef enum mu_need {
    MU_NEED_NOTHING,     /* the prefix is declared */
    MU_NEED_DECLARATION, /* it has to be declared on this element, and counts as declared from here on */
    MU_NEED_REFUSED      /* the prefix means something else on this very element, or there are too many */
} mu_need;

/* A declaration that stands on the element. false: refused. */
bool mu_scope_declare(mu_scope *s, const xmlNs *ns, const xmlNode *at);
mu_need mu_scope_need(mu_scope *s, const xmlNs *ns, const xmlNode *at);
/* The end of an element. */
void mu_scope_leave(mu_scope *s, const xmlNode *at);

#endif
