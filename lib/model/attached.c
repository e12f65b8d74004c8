/* attached.c: what features and the host keep for an occupant.
 *
 * Most occupants have nothing of the kind, so it is no part of them: the service has a table of those who do. It
 * belongs to no transaction, and ends with the memory of the occupant. */
#include <model/model.h>

/* One thing kept. The first of an occupant is in the table. */
struct mu_attached {
    mu_key key; /* what follows, of the first one */
    const muc_occupant *of;
    struct mu_attached *next;
    const muc_feature *feature; /* NULL: the host */
    void *data;
};

static struct mu_attached *first_of(const muc_occupant *o)
{
    return o->attached ? (struct mu_attached *)mu_map_find(&o->room->service->attached, (const char *)&o, sizeof o)
                       : NULL;
}

static struct mu_attached *find(const muc_occupant *o, const muc_feature *feature)
{
    struct mu_attached *a = first_of(o);
    while (a && a->feature != feature)
        a = a->next;
    return a;
}

static int add(muc_occupant *o, const muc_feature *feature, void *data)
{
    muc_service *s = o->room->service;
    struct mu_attached *first = first_of(o), *a = mu_zalloc(s->heap, sizeof *a);
    if (!a || (!first && mu_map_reserve(&s->attached, 1))) {
        mu_free(s->heap, a);
        return MUC_ERR_NOMEM;
    }
    *a = (struct mu_attached){.of = o, .feature = feature, .data = data};
    if (first) {
        a->next = first->next;
        first->next = a;
        return MUC_OK;
    }
    a->key = (mu_key){.p = (const char *)&a->of, .n = sizeof a->of};
    mu_map_insert(&s->attached, &a->key);
    o->attached = true;
    return MUC_OK;
}

static int attach(muc_occupant *o, const muc_feature *feature, void *data)
{
    struct mu_attached *a = find(o, feature);
    if (a)
        a->data = data;
    return a || !data ? MUC_OK : add(o, feature, data);
}

void mu_attached_free(muc_occupant *o)
{
    muc_service *s = o->room->service;
    struct mu_attached *a = first_of(o), *next;
    if (!a)
        return;
    mu_map_remove(&s->attached, &a->key);
    o->attached = false;
    for (; a; a = next) {
        next = a->next;
        if (a->data && a->feature && a->feature->occupant_free)
            a->feature->occupant_free(s, a->data);
        mu_free(s->heap, a);
    }
}

/* ---- API -------------------------------------------------------------------------------------------------------- */

void *muc_feature_occupant_data(const muc_occupant *occupant, const muc_feature *feature)
{
    const struct mu_attached *a = feature ? find(occupant, feature) : NULL;
    return a ? a->data : NULL;
}

int muc_feature_set_occupant_data(muc_occupant *occupant, const muc_feature *feature, void *data)
{
    if (!mu_feature_is_there(occupant->room->service, feature))
        return MUC_ERR_NOT_FOUND;
    return attach(occupant, feature, data);
}

void *muc_occupant_userdata(const muc_occupant *occupant)
{
    const struct mu_attached *a = find(occupant, NULL);
    return a ? a->data : NULL;
}

int muc_occupant_set_userdata(muc_occupant *occupant, void *ud)
{
    return attach(occupant, NULL, ud);
}
