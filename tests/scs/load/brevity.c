/* brevity.c: a feature of somebody's own, as --load takes it: how many bytes a message may have. */
#include <muc/muc.h>
#include <string.h>

static const muc_option options[] = {
    {.name = "brevity",
     .type = MUC_OPTION_NUMBER,
     .field = "{urn:example}brevity",
     .label = "Bytes of a message",
     .rank = MUC_RANK_PERMISSIONS,
     .max = 1000},
    {.name = NULL},
};

static int may_say(muc_event *ev, void *ud)
{
    (void)ud;
    int64_t most = muc_room_get_number(ev->room, options);
    const char *body = ev->as.message->body;
    return most && body && strlen(body) > (size_t)most ? muc_reject(ev, MUC_NOT_ACCEPTABLE, "too long") : MUC_PASS;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_GROUPCHAT, NULL, MUC_PRIORITY_ACCESS, may_say},
    {.fn = NULL},
};

static const muc_feature brevity = {.name = "brevity", .hooks = hooks, .options = options};

MUC_EXTERN extern const muc_feature *const muc_features[];
const muc_feature *const muc_features[] = {&brevity, NULL};
