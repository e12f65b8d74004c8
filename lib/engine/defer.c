/* defer.c: calls made where nothing may change yet (apply handlers), to be made right after the commit. */
#include <engine/parts.h>

#include <string.h>

enum { TEXTS = sizeof(((mu_deferred *)NULL)->text) / sizeof(char *) };

struct mu_deferred_call {
    mu_deferred call;
    char *text[TEXTS];
};

static void drop(muc_service *s, struct mu_deferred_call *d)
{
    for (size_t i = 0; i < TEXTS; i++)
        mu_free(s->heap, d->text[i]);
    if (d->call.room)
        mu_room_unpin(d->call.room);
}

int mu_defer(muc_service *s, const mu_deferred *call)
{
    struct mu_engine *e = s->engine;
    if (mu_grow(s->heap, &e->deferred, &e->deferred_cap, e->deferred_n + 1, sizeof(*e->deferred)))
        return MUC_ERR_NOMEM;
    struct mu_deferred_call *d = &e->deferred[e->deferred_n];
    *d = (struct mu_deferred_call){.call = *call};
    for (size_t i = 0; i < TEXTS; i++) {
        d->text[i] = call->text[i] ? mu_strdup(s->heap, call->text[i]) : NULL;
        if (call->text[i] && !d->text[i]) {
            d->call.room = NULL;
            drop(s, d);
            return MUC_ERR_NOMEM;
        }
        d->call.text[i] = d->text[i];
    }
    if (call->room)
        mu_room_pin(call->room);
    e->deferred_n++;
    return MUC_QUEUED;
}

void mu_deferred_cut(muc_service *s, size_t n)
{
    struct mu_engine *e = s->engine;
    while (e->deferred_n > n)
        drop(s, &e->deferred[--e->deferred_n]);
}

void mu_deferred_run(muc_service *s, size_t from)
{
    struct mu_engine *e = s->engine;
    /* Those that the calls themselves defer have run by the time they return. */
    size_t end = e->deferred_n;
    for (size_t i = from; i < end; i++) {
        struct mu_deferred_call d = e->deferred[i];
        memset(&e->deferred[i], 0, sizeof(e->deferred[i]));
        bool there = !d.call.room || d.call.room->present;
        if (there && d.call.run(s, &d.call) < 0)
            e->incomplete = true;
        drop(s, &d);
    }
    e->deferred_n = from;
}
