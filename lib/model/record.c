/* record.c: what features keep for a room for a time, in the order in which it was set. */
#include <base/text.h>
#include <model/list.h>
#include <model/model.h>

#include <string.h>

/* ---- one record ------------------------------------------------------------------------------------------------- */

static size_t size_of(const char *text)
{
    return text ? strlen(text) + 1 : 1;
}

/* Copies a text to where *at is, and goes past it. */
static const char *put(char **at, const char *text)
{
    char *copy = *at;
    size_t n = size_of(text);
    memcpy(copy, text ? text : "", n);
    *at += n;
    return copy;
}

static uint32_t sum_of(const char *text)
{
    uint32_t sum = 2166136261u;
    for (; *text; text++)
        sum = (sum ^ (unsigned char)*text) * 16777619u;
    return sum;
}

static mu_record *make(mu_heap *heap, const char *owner, const muc_record *from)
{
    size_t n = size_of(owner) + size_of(from->key);
    for (size_t i = 0; i < MUC_RECORD_TEXTS; i++)
        n += size_of(from->text[i]);
    mu_record *r = mu_zalloc(heap, offsetof(mu_record, p) + n);
    if (!r)
        return NULL;
    char *at = r->p;
    r->owner = put(&at, owner);
    r->now.key = put(&at, from->key);
    r->owner_sum = sum_of(owner);
    r->key_sum = sum_of(from->key);
    for (size_t i = 0; i < MUC_RECORD_TEXTS; i++)
        r->now.text[i] = put(&at, from->text[i]);
    r->now.until = from->until;
    return r;
}

static bool is_legal(const char *text, size_t *total)
{
    size_t n = text ? strlen(text) : 0;
    *total += n;
    return *total <= MUC_RECORD_BYTES && mu_xml_valid(text ? text : "", n);
}

bool mu_record_is_legal(const char *owner, const muc_record *record)
{
    size_t total = 0;
    bool legal = owner && record->key && record->key[0] && record->until >= 0 && is_legal(owner, &total) &&
                 is_legal(record->key, &total);
    for (size_t i = 0; legal && i < MUC_RECORD_TEXTS; i++)
        legal = is_legal(record->text[i], &total);
    return legal;
}

/* ---- those of a room -------------------------------------------------------------------------------------------- */

mu_record *mu_record_find(const muc_room *room, const char *owner, const char *key)
{
    mu_record *r = room->live->first_record;
    uint32_t owner_sum = r ? sum_of(owner) : 0, key_sum = r ? sum_of(key) : 0;
    while (r && (r->key_sum != key_sum || r->owner_sum != owner_sum || strcmp(r->owner, owner) != 0 ||
                 strcmp(r->now.key, key) != 0))
        r = r->next;
    return r;
}

static int drop(muc_room *room, mu_record *r)
{
    mu_journal *j = &room->service->journal;
    return MU_UNLINK(j, room->live->first_record, room->live->last_record, r) || mu_save_gone(j, mu_free, r)
               ? MUC_ERR_NOMEM
               : MUC_OK;
}

static bool ends_before(const mu_record *a, const mu_record *b)
{
    return !b || (a->now.until && (!b->now.until || a->now.until < b->now.until));
}

/* Whether its first text is a bare JID, or a full one of it. */
static bool is_of(const mu_record *r, const char *owner, muc_span bare)
{
    const char *text = r->now.text[0];
    return strncmp(text, bare.p, bare.n) == 0 && (text[bare.n] == '\0' || text[bare.n] == '/') &&
           strcmp(r->owner, owner) == 0;
}

/* Makes place for one more. */
static int trim(muc_room *room, const char *owner, const muc_span *whose)
{
    size_t count = 0;
    mu_record *first = NULL;
    uint32_t owner_sum = sum_of(owner);
    for (mu_record *r = room->live->first_record; r; r = r->next) {
        if (r->owner_sum != owner_sum || strcmp(r->owner, owner) != 0)
            continue;
        count++;
        if (ends_before(r, first))
            first = r;
    }
    if (count < room->service->settings.max_records)
        return MUC_OK;
    mu_record *own = whose ? room->live->first_record : NULL;
    while (own && !is_of(own, owner, *whose))
        own = own->next;
    return drop(room, own ? own : first);
}

int mu_record_set(muc_room *room, const char *owner, const muc_record *record, const muc_span *whose)
{
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    mu_record *r = make(s->heap, owner, record);
    if (mu_save_made(j, mu_free, r) || mu_room_enliven(room))
        return MUC_ERR_NOMEM;
    mu_record *old = mu_record_find(room, owner, record->key);
    if (old ? drop(room, old) : trim(room, owner, whose))
        return MUC_ERR_NOMEM;
    return MU_APPEND(j, room->live->first_record, room->live->last_record, r) ||
                   mu_save_note(j, room, MUC_PART_OTHER, 0, NULL)
               ? MUC_ERR_NOMEM
               : MUC_OK;
}

int mu_record_remove(muc_room *room, const char *owner, const char *key)
{
    mu_record *r = mu_record_find(room, owner, key);
    if (!r)
        return MUC_OK;
    return mu_room_enliven(room) || drop(room, r) ||
                   mu_save_note(&room->service->journal, room, MUC_PART_OTHER, 0, NULL)
               ? MUC_ERR_NOMEM
               : MUC_CHANGED;
}
