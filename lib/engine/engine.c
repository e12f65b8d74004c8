/* engine.c: the engine of a service: made with the hooks of its features, ended with all that waits. */
#include <engine/parts.h>

#include <string.h>

static int hook_features(muc_service *s)
{
    for (size_t i = 0; i < s->feature_count; i++) {
        const muc_feature *feature = s->features[i];
        bool wanted = !feature->wanted || feature->wanted(&s->settings);
        for (const muc_hook_row *row = feature->hooks; wanted && row && row->fn; row++) {
            int id = muc_hook_add(s, row->point, row->key, row->priority, row->fn, (void *)feature);
            if (id < 0)
                return id;
        }
    }
    return MUC_OK;
}

int mu_engine_new(muc_service *s)
{
    struct mu_engine *e = mu_zalloc(s->heap, sizeof(*e));
    if (!e)
        return MUC_ERR_NOMEM;
    s->engine = e;
    mu_reader_init(&e->reader, s->settings.max_depth);
    mu_xml_init(&e->reply, s->heap, MUC_NS_CLIENT);
    mu_pending_init(s);
    mu_map_init(&e->held_at, s->heap, s->secret);
    e->persistent = mu_option_index(s, muc_option_find(s, "persistent"));
    return hook_features(s);
}

void mu_engine_close(muc_service *s)
{
    s->engine->phase = MU_PHASE_FIXED;
}

void mu_engine_free(muc_service *s)
{
    struct mu_engine *e = s->engine;
    if (!e)
        return;
    mu_pending_free(s);
    while (e->held)
        mu_held_free(e->held);
    mu_spares_shrink(s, 0);
    mu_map_free(&e->held_at);
    for (int i = 0; i < MU_LANES; i++) {
        mu_items_cut(&e->lanes[i], 0);
        mu_free(s->heap, e->lanes[i].p);
    }
    mu_silences_cut(s, 0);
    mu_items_cut(&e->notices, 0);
    mu_free(s->heap, e->notices.p);
    mu_queue_free(s->heap, &e->queue);
    mu_deferred_cut(s, 0);
    mu_free(s->heap, e->deferred);
    mu_hooks_free(s);
    mu_reader_free(&e->reader);
    mu_xml_free(&e->reply);
    mu_free(s->heap, e);
    s->engine = NULL;
}

mu_reader *mu_engine_reader(muc_service *s)
{
    return &s->engine->reader;
}

mu_peer *mu_sender(muc_service *s)
{
    return mu_peer_ref(s->engine->sender);
}

mu_peer *mu_swap_sender(muc_service *s, mu_peer *sender)
{
    mu_peer *before = s->engine->sender;
    s->engine->sender = sender;
    return before;
}

bool mu_is_busy(const muc_service *s)
{
    return s->engine->phase == MU_PHASE_FIXED || s->engine->phase == MU_PHASE_APPLY;
}

int64_t muc_service_now(muc_service *s)
{
    /* A call of its own when no other is running. */
    if (s->engine->depth == 0)
        s->now_known = false;
    return mu_now(s);
}

/* ---- stanzas that hosts and handlers write ----------------------------------------------------------------------- */

muc_xml *muc_xml_new(muc_service *s, const char *stanza)
{
    muc_xml *x = mu_alloc(s->heap, sizeof(*x));
    if (!x)
        return NULL;
    mu_xml_init(x, s->heap, MUC_NS_CLIENT);
    x->owner = s;
    muc_xml_open(x, stanza, NULL);
    return x;
}

void muc_xml_free(muc_xml *x)
{
    if (!x)
        return;
    mu_heap *heap = x->heap;
    mu_xml_free(x);
    mu_free(heap, x);
}
