/* unique.c: names for rooms that nobody has (XEP-0307). */
#include <muc/feature.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define NS_UNIQUE MUC_NS "#unique"

/* 120 random bits: none comes twice, and nobody guesses one. */
enum { BYTES = 15, TRIES = 4, NAME_SIZE = 2 * BYTES + 1, DOMAIN_SIZE = 1024 };

/* In letters that every preparation leaves as they are. */
static int make_name(muc_service *service, char name[NAME_SIZE])
{
    static const char digits[] = "bcdfghjkmnpqrstv";
    uint8_t bytes[BYTES];
    int r = muc_service_random(service, bytes, sizeof bytes);
    for (size_t i = 0; i < BYTES && r == MUC_OK; i++) {
        name[2 * i] = digits[bytes[i] >> 4];
        name[2 * i + 1] = digits[bytes[i] & 15];
    }
    name[NAME_SIZE - 1] = '\0';
    return r;
}

/* Whether a room has that name already. */
static int is_taken(muc_service *service, const char *name)
{
    char jid[NAME_SIZE + DOMAIN_SIZE];
    const char *domain = muc_service_domain(service);
    size_t n = strlen(domain);
    if (n >= DOMAIN_SIZE)
        return 0;
    memcpy(jid, name, NAME_SIZE - 1);
    jid[NAME_SIZE - 1] = '@';
    memcpy(jid + NAME_SIZE, domain, n + 1);
    return muc_room_find(service, jid) != NULL;
}

static int on_unique(muc_event *ev, void *ud)
{
    (void)ud;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (ev->room || !type || strcmp(type, "get") != 0)
        return MUC_PASS;
    if (!muc_service_may_create(ev->service, ev->from))
        return muc_reject(ev, MUC_NOT_ALLOWED, NULL);
    char name[NAME_SIZE];
    int r = MUC_OK, tries = 0;
    do
        r = make_name(ev->service, name);
    while (r == MUC_OK && is_taken(ev->service, name) && ++tries < TRIES);
    if (r < 0 || tries == TRIES)
        return muc_reject_as(ev, MUC_RESOURCE_CONSTRAINT, MUC_ERROR_WAIT, NULL);
    muc_xml_text(muc_reply(ev, "unique", NS_UNIQUE), name);
    return MUC_STOP;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" NS_UNIQUE "}unique", MUC_PRIORITY_DEFAULT, on_unique},
    {.fn = NULL},
};

static const char *const service_info[] = {NS_UNIQUE, NULL};

const muc_feature muc_feature_unique = {.name = "unique", .hooks = hooks, .service_info = service_info};
