/* again.c: see again.h. An occupant's data is the number of the connection behind which all were shown him. */
#include <stdint.h>

#include "again.h"

static uintptr_t connection_of(const muc_service *service)
{
    return (uintptr_t)muc_feature_service_data(service, &again);
}

static int on_session(muc_event *ev, void *ud)
{
    uintptr_t connection = connection_of(ev->service);
    (void)ud;
    if (connection == (uintptr_t)muc_feature_occupant_data(ev->occupant, &again))
        return MUC_PASS;
    int r = muc_feature_set_occupant_data(ev->occupant, &again, (void *)connection);
    return r == MUC_OK && ev->as.join->resync ? muc_occupant_announce(ev->occupant, NULL) : r;
}

static const muc_hook_row hooks[] = {{MUC_ON_SESSION_ADDED, NULL, MUC_PRIORITY_DEFAULT, on_session}, {.fn = NULL}};

const muc_feature again = {.name = "again", .hooks = hooks};

void again_connected(muc_service *service)
{
    (void)muc_feature_set_service_data(service, &again, (void *)(connection_of(service) + 1));
}
