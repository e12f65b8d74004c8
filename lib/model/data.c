/* data.c: what features keep for a room and for the service, and where they get memory. */
#include <model/model.h>

/* The place of a feature in the service, feature_count when it is not there. */
static size_t place_of(const muc_service *s, const muc_feature *feature)
{
    size_t i = 0;
    while (i < s->feature_count && s->features[i] != feature)
        i++;
    return i;
}

bool mu_feature_is_there(const muc_service *s, const muc_feature *feature)
{
    return place_of(s, feature) < s->feature_count;
}

void *muc_feature_data(const muc_room *room, const muc_feature *feature)
{
    const muc_service *s = room->service;
    size_t i = place_of(s, feature);
    return room->live->data && i < s->feature_count ? room->live->data[i] : NULL;
}

int muc_feature_set_data(muc_room *room, const muc_feature *feature, void *data)
{
    const muc_service *s = room->service;
    size_t i = place_of(s, feature);
    if (i == s->feature_count)
        return MUC_ERR_NOT_FOUND;
    mu_live *live = room->live;
    if (!live->data && !data)
        return MUC_OK;
    if (mu_room_enliven(room))
        return MUC_ERR_NOMEM;
    live = room->live;
    if (!live->data)
        live->data = mu_zalloc(s->heap, s->feature_count * sizeof(*live->data));
    if (!live->data)
        return MUC_ERR_NOMEM;
    live->data[i] = data;
    return MUC_OK;
}

void *muc_feature_service_data(const muc_service *s, const muc_feature *feature)
{
    size_t i = place_of(s, feature);
    return i < s->feature_count ? s->feature_data[i] : NULL;
}

int muc_feature_set_service_data(muc_service *s, const muc_feature *feature, void *data)
{
    size_t i = place_of(s, feature);
    if (i == s->feature_count)
        return MUC_ERR_NOT_FOUND;
    s->feature_data[i] = data;
    return MUC_OK;
}

void mu_features_free(muc_service *s)
{
    for (size_t i = 0; s->feature_data && i < s->feature_count; i++)
        if (s->feature_data[i] && s->features[i]->service_free)
            s->features[i]->service_free(s, s->feature_data[i]);
    mu_free(s->heap, s->feature_data);
    mu_free(s->heap, (void *)s->features);
}

void *muc_service_alloc(muc_service *s, size_t size)
{
    return mu_alloc(s->heap, size);
}

void *muc_service_resize(muc_service *s, void *block, size_t size)
{
    return mu_resize(s->heap, block, size);
}

void muc_service_release(muc_service *s, void *block)
{
    mu_free(s->heap, block);
}
