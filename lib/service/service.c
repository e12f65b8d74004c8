/* service.c: making a service from the host's settings, and ending it. */
#include <action/action.h>
#include <service/settings.h>

#include <string.h>

void muc_callbacks_init(muc_callbacks *callbacks, size_t size)
{
    memset(callbacks, 0, size);
    callbacks->size = size;
}

/* ---- making ----------------------------------------------------------------------------------------------------- */

/* The host's strings are copied, the domain prepared. */
static int copy_names(muc_service *s, const char *given, const char *name)
{
    mu_buf domain;
    mu_buf_init(&domain, s->heap);
    bool fine = mu_prep_part(&s->prep, MUC_PREP_DOMAIN, MUC_PREP_ENFORCE, (muc_span){given, strlen(given)}, &domain);
    int r = domain.failed ? MUC_ERR_NOMEM : fine ? MUC_OK : MUC_ERR_BAD_JID;
    if (!r) {
        s->settings.domain = mu_strndup(s->heap, domain.p, domain.n);
        s->settings.name = mu_strdup(s->heap, name);
        r = s->settings.domain && s->settings.name ? MUC_OK : MUC_ERR_NOMEM;
    }
    mu_buf_free(&domain);
    return r;
}

/* The secret of lasting names. */
static int copy_secret(muc_service *s, const void *given, size_t n)
{
    void *copy = given ? mu_alloc(s->heap, n) : NULL;
    if (copy)
        memcpy(copy, given, n);
    s->settings.secret = copy;
    s->settings.secret_n = given ? n : 0;
    return given && !copy ? MUC_ERR_NOMEM : MUC_OK;
}

/* What belongs to the host is copied or forgotten. */
static int copy_settings(muc_service *s, const muc_settings *given)
{
    s->settings = *given;
    s->settings.domain = s->settings.name = NULL;
    s->settings.secret = NULL;
    s->settings.room_defaults = NULL;
    s->settings.room_default_count = 0;
    int r = copy_names(s, given->domain, given->name);
    return r ? r : copy_secret(s, given->secret, given->secret_n);
}

static size_t count_features(const muc_feature *const *list)
{
    size_t n = 0;
    while (list && list[n])
        n++;
    return n;
}

/* Adds a list to the service's own, which has room; every name once. */
static int add_features(muc_service *s, const muc_feature *const *list)
{
    for (size_t i = 0; list && list[i]; i++) {
        for (size_t k = 0; k < s->feature_count; k++)
            if (strcmp(list[i]->name, s->features[k]->name) == 0)
                return MUC_ERR_INVALID;
        s->features[s->feature_count++] = list[i];
    }
    return MUC_OK;
}

static int copy_features(muc_service *s)
{
    const muc_feature *const *list = s->settings.features ? s->settings.features : muc_features_full();
    const muc_feature *const *more = s->settings.extra_features;
    s->features = mu_zalloc(s->heap, (count_features(list) + count_features(more) + 1) * sizeof(*s->features));
    s->feature_data = mu_zalloc(s->heap, (count_features(list) + count_features(more) + 1) * sizeof(*s->feature_data));
    if (!s->features || !s->feature_data)
        return MUC_ERR_NOMEM;
    int r = add_features(s, list);
    if (!r)
        r = add_features(s, more);
    s->settings.features = s->features;
    s->settings.extra_features = NULL;
    return r;
}

static void init_tables(muc_service *s)
{
    mu_map *maps[] = {&s->rooms,      &s->peers, &s->visits,      &s->attached, &s->unknown,
                      &s->tombstones, &s->asked, &s->asked_lists, &s->idle};
    for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
        mu_map_init(maps[i], s->heap, s->secret);
    mu_journal_init(&s->journal, s->heap);
    mu_buf_init(&s->scratch, s->heap);
    mu_buf_init(&s->keys, s->heap);
}

static int make(muc_service *s, const muc_settings *settings, const muc_callbacks *callbacks, void *ud)
{
    init_tables(s);
    muc_settings given;
    if (mu_arguments_take(&given, settings, &s->callbacks, callbacks))
        return MUC_ERR_INVALID;
    s->ud = ud;
    s->prep = (mu_prep){.host = s->callbacks.prep, .ud = ud};
    int r = copy_settings(s, &given);
    if (!r)
        r = s->callbacks.random(s->secret, sizeof(s->secret), ud) < 0 ? MUC_ERR_HOST : MUC_OK;
    /* So that looking somebody up needs no memory: what cannot be asked would be as if nobody were there. */
    if (!r && !mu_buf_reserve(&s->scratch, MU_ADDRESS_SIZE))
        r = MUC_ERR_NOMEM;
    if (!r)
        r = copy_features(s);
    if (!r)
        r = mu_options_collect(s, given.room_defaults, given.room_default_count);
    return r ? r : mu_engine_new(s);
}

int muc_service_new(muc_service **out, const muc_settings *settings, const muc_callbacks *callbacks, const muc_mem *mem,
                    void *ud)
{
    *out = NULL;
    mu_heap *heap = mu_heap_new(mem);
    muc_service *s = heap ? mu_zalloc(heap, sizeof(*s)) : NULL;
    if (!s) {
        if (heap)
            mu_heap_unref(heap);
        return MUC_ERR_NOMEM;
    }
    s->heap = heap;
    int r = make(s, settings, callbacks, ud);
    if (r) {
        muc_service_free(s);
        return r;
    }
    *out = s;
    return MUC_OK;
}

/* ---- ending ----------------------------------------------------------------------------------------------------- */

static void free_rooms(muc_service *s)
{
    muc_room *next;
    for (muc_room *room = s->first_room; room; room = next) {
        next = room->next;
        mu_room_free(s->heap, room);
    }
}

void muc_service_free(muc_service *s)
{
    if (!s)
        return;
    if (s->engine)
        mu_engine_close(s);
    mu_query_abandon(s);
    mu_engine_free(s);
    /* Who is buried looks at his room: before the rooms. */
    mu_journal_free(&s->journal);
    free_rooms(s);
    mu_features_free(s);
    mu_unknown_clear(s);
    mu_tombstones_free(s);
    mu_options_free(s);
    mu_visits_free(s);
    mu_by_user_forget(s);
    mu_query_clear(s);
    mu_idle_clear(s);
    mu_map *maps[] = {&s->rooms, &s->peers, &s->attached, &s->unknown};
    for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
        mu_map_free(maps[i]);
    for (size_t i = 0; i < MU_AFFILIATIONS * MU_ROLES; i++)
        mu_blob_unref(s->heap, s->tails[i / MU_ROLES][i % MU_ROLES]);
    mu_buf_free(&s->scratch);
    mu_buf_free(&s->keys);
    mu_heap *heap = s->heap;
    mu_free(heap, (void *)s->settings.domain);
    mu_free(heap, (void *)s->settings.name);
    mu_free(heap, (void *)s->settings.secret);
    mu_free(heap, s);
    mu_heap_unref(heap);
}
