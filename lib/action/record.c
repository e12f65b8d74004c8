/* record.c: records as hosts and features set them. */
#include <action/action.h>

#include <string.h>

int muc_record_set(muc_room *room, const char *owner, const muc_record *record)
{
    mu_txn txn;
    if (!room->present || !record || !mu_record_is_legal(owner, record))
        return MUC_ERR_INVALID;
    int r = mu_begin_send(room->service, &txn);
    return r ? r : mu_end(&txn, mu_record_set(room, owner, record, NULL));
}

int muc_record_remove(muc_room *room, const char *owner, const char *key)
{
    mu_txn txn;
    if (!room->present || !owner || !key)
        return MUC_ERR_INVALID;
    int r = mu_begin_send(room->service, &txn);
    return r ? r : mu_end(&txn, mu_record_remove(room, owner, key));
}

static bool has_ended(muc_room *room, const mu_record *r)
{
    return r->now.until && r->now.until <= muc_service_now(room->service);
}

int muc_record_find(muc_room *room, const char *owner, const char *key, muc_record *out)
{
    const mu_record *r = mu_record_find(room, owner, key);
    if (!r || has_ended(room, r))
        return 0;
    if (out)
        *out = r->now;
    return 1;
}

int muc_record_next(muc_room *room, const char *owner, size_t *cursor, muc_record *out)
{
    size_t i = 0;
    for (const mu_record *r = room->live->first_record; r; r = r->next, i++) {
        if (i < *cursor || strcmp(r->owner, owner) != 0 || has_ended(room, r))
            continue;
        *out = r->now;
        *cursor = i + 1;
        return 1;
    }
    return 0;
}
