/* traffic.c: which payloads rooms let through, for those who ask (XEP-0045 section 18.1.1). */
#include <muc/feature.h>
#include <muc/service.h>

static int on_info(muc_event *ev, void *ud)
{
    (void)ud;
    const char *const *ns = muc_service_settings(ev->service)->allowed_payloads;
    if (!ns || !ev->room)
        return MUC_PASS;
    ev->as.disco->known = 1;
    for (; *ns; ns++)
        muc_disco_feature(ev, *ns);
    return MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_DISCO_INFO, MUC_NS "#traffic", MUC_PRIORITY_DEFAULT, on_info},
    {.fn = NULL},
};

const muc_feature muc_feature_traffic = {.name = "traffic", .hooks = hooks};
