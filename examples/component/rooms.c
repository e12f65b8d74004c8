/* rooms.c: rooms in memory, which end with the process. */
#include <stdlib.h>
#include <sys/random.h>

#include "exits.h"
#include "log.h"
#include "rooms.h"
#include "service.h"

struct rooms {
    muc_service *service;
    uint8_t secret[32];
};

int rooms_open(struct rooms **out, const struct rooms_config *config, struct event_base *base)
{
    (void)base;
    struct rooms *rooms = calloc(1, sizeof *rooms);
    if (!rooms || getrandom(rooms->secret, sizeof rooms->secret, 0) != (ssize_t)sizeof rooms->secret) {
        log_error("no memory, or no random bytes, to begin with");
        free(rooms);
        return EXIT_SOFTWARE;
    }
    if (config->db)
        log_warning("%s: rooms are in memory only", config->db);
    *out = rooms;
    return 0;
}

const void *rooms_secret(const struct rooms *rooms, size_t *n)
{
    *n = sizeof rooms->secret;
    return rooms->secret;
}

void rooms_callbacks(struct rooms *rooms, muc_callbacks *callbacks, muc_settings *settings)
{
    (void)callbacks;
    settings->secret = rooms_secret(rooms, &settings->secret_n);
}

void rooms_attach(struct rooms *rooms, muc_service *service)
{
    rooms->service = service;
}

int rooms_commit(struct rooms *rooms)
{
    (void)rooms;
    return 0;
}

/* Nothing of it comes back: everybody is told (XEP-0045 section 11.2). */
int rooms_drain(struct rooms *rooms)
{
    (void)muc_service_shutdown(rooms->service);
    return 0;
}

void rooms_close(struct rooms *rooms)
{
    free(rooms);
}
