/* data.c: what features keep for a room. */
#include <model/model.h>

/* The place of a feature in the service, feature_count when it is not there. */
static size_t place_of(const muc_service *s, const muc_feature *feature)
{
    size_t i = 0;
    while (i < s->feature_count && s->features[i] != feature)
        i++;
    return i;
}

void *muc_feature_data(const muc_room *room, const muc_feature *feature)
{
    const muc_service *s = room->service;
    size_t i = place_of(s, feature);
    return room->data && i < s->feature_count ? room->data[i] : NULL;
}

int muc_feature_set_data(muc_room *room, const muc_feature *feature, void *data)
{
    const muc_service *s = room->service;
    size_t i = place_of(s, feature);
    if (i == s->feature_count)
        return MUC_ERR_NOT_FOUND;
    if (!room->data) {
        if (!data)
            return MUC_OK;
        room->data = mu_zalloc(s->heap, s->feature_count * sizeof(*room->data));
    }
    if (!room->data)
        return MUC_ERR_NOMEM;
    room->data[i] = data;
    return MUC_OK;
}
