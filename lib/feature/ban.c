/* ban.c: outcasts stay outside (XEP-0045 section 7.2.7). Those who administer the service may enter everywhere. */
#include <muc/feature.h>
#include <muc/service.h>

#include <stddef.h>

static int on_pre_join(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_join_event *join = ev->as.join;
    if (join->affiliation != MUC_AFFILIATION_OUTCAST || muc_service_is_admin(ev->service, join->jid))
        return MUC_PASS;
    return muc_reject(ev, MUC_FORBIDDEN, NULL);
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PRE_JOIN, NULL, MUC_PRIORITY_BAN, on_pre_join},
    {.fn = NULL},
};

const muc_feature muc_feature_ban = {.name = "ban", .hooks = hooks};
