/* creation.c: who may make rooms, and under which names (XEP-0045 sections 7.2.11 and 10.1.1).
 *
 * The settings say it for the usual cases; a handler of pre-create for all others. Rooms that the host makes are none
 * of their business. */
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

static const char *domain_of(const char *jid)
{
    const char *slash = strchr(jid, '/'), *at = strchr(jid, '@');
    return at && (!slash || at < slash) ? at + 1 : jid;
}

/* Whether somebody is of the host's own domain: the one that this service's is below of. */
static int is_local(muc_service *service, const char *jid)
{
    const char *own = muc_service_domain(service), *parent = strchr(own, '.');
    const char *domain = domain_of(jid);
    size_t n = strcspn(domain, "/");
    return parent && strlen(parent + 1) == n && memcmp(parent + 1, domain, n) == 0;
}

int muc_service_may_create(muc_service *service, const char *jid)
{
    char prepared[3100];
    switch (muc_service_settings(service)->room_creation) {
    case MUC_CREATION_ADMINS:
        return muc_service_is_admin(service, jid);
    case MUC_CREATION_LOCAL: {
        int n = muc_service_prepare(service, jid, prepared, sizeof prepared);
        return (n > 0 && (size_t)n < sizeof prepared && is_local(service, prepared)) ||
               muc_service_is_admin(service, jid);
    }
    default:
        return 1;
    }
}

static int on_pre_create(muc_event *ev, void *ud)
{
    (void)ud;
    if (!ev->stanza || !ev->from)
        return MUC_PASS;
    if (!muc_service_may_create(ev->service, ev->from))
        return muc_reject_as(ev, MUC_NOT_ALLOWED, MUC_ERROR_CANCEL, NULL);
    size_t most = muc_service_settings(ev->service)->max_room_name;
    if (strcspn(ev->as.create->jid, "@") > most && !muc_service_is_admin(ev->service, ev->from))
        return muc_reject_as(ev, MUC_NOT_ALLOWED, MUC_ERROR_CANCEL, "the name is too long");
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_CREATE, NULL, MUC_PRIORITY_ACCESS, on_pre_create},
    {.fn = NULL},
};

const muc_feature muc_feature_creation = {.name = "creation", .hooks = hooks};
