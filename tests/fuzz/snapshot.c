/* snapshot.c: a hostile snapshot is restored whole or not at all; what was restored is saved, and comes back the same.
 */
#include <model/model.h>
#include <muc/muc.h>
#include <stdlib.h>
#include <string.h>

typedef struct text {
    char *p;
    size_t n;
} text;

static int64_t now(void *ud)
{
    (void)ud;
    return 1767225600000;
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

static int drop(muc_service *s, const muc_delivery *delivery, void *ud)
{
    (void)s, (void)delivery, (void)ud;
    return 0;
}

static int take(const char *bytes, size_t n, void *ud)
{
    text *t = ud;
    char *p = realloc(t->p, t->n + n);
    if (!p)
        abort();
    memcpy(p + t->n, bytes, n);
    t->p = p;
    t->n += n;
    return 0;
}

static void require(int holds)
{
    if (!holds)
        abort();
}

static muc_service *make(void)
{
    muc_settings settings;
    muc_callbacks callbacks;
    muc_service *service;
    muc_settings_init(&settings, sizeof settings);
    muc_callbacks_init(&callbacks, sizeof callbacks);
    settings.domain = "rooms.example";
    callbacks.now = now;
    callbacks.random = chance;
    callbacks.send = drop;
    require(muc_service_new(&service, &settings, &callbacks, NULL, NULL) == MUC_OK);
    return service;
}

static text save_and_forget(muc_service *service, muc_room *room)
{
    text t = {0};
    require(!mu_check(service));
    require(muc_room_save(room, MUC_PART_ALL, take, &t) == MUC_OK);
    require(muc_room_forget(room) == MUC_OK);
    return t;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    muc_service *service = make();
    muc_room *room;
    if (muc_room_restore(service, (const char *)data, size, &room) == MUC_OK) {
        text first = save_and_forget(service, room);
        require(muc_room_restore(service, first.p, first.n, &room) == MUC_OK);
        text second = save_and_forget(service, room);
        require(first.n == second.n && memcmp(first.p, second.p, first.n) == 0);
        free(first.p);
        free(second.p);
    }
    require(muc_room_count(service) == 0 && !mu_check(service));
    muc_service_free(service);
    return 0;
}
