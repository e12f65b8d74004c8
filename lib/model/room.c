/* room.c: rooms of a service: making and ending them, locking, the room list, the subject. */
#include <model/list.h>
#include <model/model.h>

#include <string.h>

static void free_blob(mu_heap *heap, void *blob)
{
    mu_blob_unref(heap, blob);
}

static void free_messages(mu_heap *heap, muc_room *room)
{
    while (room->live->first_message) {
        mu_message *m = room->live->first_message;
        room->live->first_message = m->next;
        mu_message_free(heap, m);
    }
}

static void free_records(mu_heap *heap, muc_room *room)
{
    while (room->live->first_record) {
        mu_record *r = room->live->first_record;
        room->live->first_record = r->next;
        mu_free(heap, r);
    }
}

static void free_affiliations(mu_heap *heap, muc_room *room)
{
    while (room->first_affiliation) {
        mu_affiliation *a = room->first_affiliation;
        room->first_affiliation = a->next;
        mu_affiliation_free(heap, a);
    }
    if (room->index)
        mu_affiliation_index_free(heap, room->index);
}

static void free_data(const muc_room *room)
{
    muc_service *s = room->service;
    for (size_t i = 0; room->live->data && i < s->feature_count; i++) {
        if (room->live->data[i] && s->features[i]->room_free)
            s->features[i]->room_free(room->service, room->live->data[i]);
    }
}

void mu_room_free(mu_heap *heap, void *object)
{
    muc_room *room = object;
    free_data(room);
    free_messages(heap, room);
    free_records(heap, room);
    free_affiliations(heap, room);
    while (room->live->first_occupant) {
        muc_occupant *o = room->live->first_occupant;
        room->live->first_occupant = o->next;
        mu_occupant_free(heap, o);
    }
    for (size_t i = 0; i < room->value_count; i++)
        if (mu_option_is_text(room->service->options[room->values[i].index]))
            mu_free(heap, room->values[i].as.text);
    mu_free(heap, room->values);
    mu_blob_unref(heap, room->live->subject.body);
    mu_free(heap, room->live->subject.text);
    mu_free(heap, room->live->subject.from);
    mu_free(heap, room->live->unknown);
    mu_room_deaden(heap, room);
    mu_free(heap, room);
}

void mu_room_pin(muc_room *room)
{
    mu_pin(&room->pins);
}

void mu_room_unpin(muc_room *room)
{
    mu_unpin(&room->service->journal, &room->pins);
}

static muc_room *make(muc_service *s, muc_span key)
{
    if (key.n >= UINT32_MAX)
        return NULL;
    muc_room *room = mu_zalloc(s->heap, offsetof(muc_room, name) + key.n + 1);
    if (!room)
        return NULL;
    memcpy(room->name, key.p, key.n);
    room->key.p = room->name;
    room->key.n = (uint32_t)key.n;
    room->service = s;
    room->live = mu_live_nothing();
    return room;
}

muc_room *mu_room_by_key(muc_service *s, const char *key, size_t n)
{
    return (muc_room *)mu_map_find(&s->rooms, key, n);
}

int mu_room_add(muc_service *s, muc_span key, muc_room **out)
{
    mu_journal *j = &s->journal;
    if (mu_room_by_key(s, key.p, key.n))
        return MUC_ERR_EXISTS;
    mu_tombstone *tombstone = mu_tombstone_by_key(s, key.p, key.n);
    muc_room *room = make(s, key);
    /* What the store has of it is that, unless it was never told. */
    if (room)
        room->persistent = tombstone && tombstone->stored;
    if (!room || mu_save_made_pinned(j, mu_room_free, room, &room->pins, NULL) ||
        mu_save_map_insert(j, &s->rooms, &room->key) || MU_APPEND(j, s->first_room, s->last_room, room) ||
        MU_SET(j, room->present, true) || mu_save_note(j, room, 0, MU_NOTE_NEW, NULL) || mu_room_relist(room) ||
        (tombstone && mu_tombstone_remove(s, tombstone)))
        return MUC_ERR_NOMEM;
    *out = room;
    return MUC_OK;
}

int mu_room_remove(muc_room *room)
{
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    if (mu_save_map_remove(j, &s->rooms, &room->key) || MU_UNLINK(j, s->first_room, s->last_room, room) ||
        MU_SET(j, room->present, false) || mu_room_relist(room) || mu_save_note(j, room, 0, MU_NOTE_GONE, NULL) ||
        mu_save_gone_pinned(j, mu_room_free, room, &room->pins))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

/* A service without the option shows all its rooms. */
bool mu_room_is_public(const muc_room *room)
{
    const muc_service *s = room->service;
    return s->is_public < 0 || mu_room_value(room, s->is_public).number != 0;
}

bool mu_room_may_be_listed(const muc_room *room)
{
    return mu_room_is_public(room) && (!room->locked || room->service->settings.list_locked_rooms);
}

int mu_room_relist(muc_room *room)
{
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    bool listed = room->present && mu_room_may_be_listed(room);
    if (listed == room->listed)
        return MUC_OK;
    int r = listed ? mu_save_tree_insert(j, &s->listed, &room->listing, room->key.p, room->key.hash)
                   : mu_save_tree_remove(j, &s->listed, &room->listing);
    return r ? r : MU_SET(j, room->listed, listed);
}

int mu_room_set_locked(muc_room *room, int64_t since, bool by_hand)
{
    mu_journal *j = &room->service->journal;
    if (room->locked == since && room->locked_by_hand == by_hand)
        return MUC_OK;
    if (MU_SET(j, room->locked, since) || MU_SET(j, room->locked_by_hand, by_hand) ||
        mu_save_note(j, room, MUC_PART_CONFIG, 0, NULL))
        return MUC_ERR_NOMEM;
    return mu_room_relist(room);
}

int mu_room_set_used(muc_room *room, int64_t at)
{
    int64_t seconds = at < 0 ? 0 : at / 1000;
    uint32_t used = seconds < UINT32_MAX ? (uint32_t)seconds : UINT32_MAX;
    return room->used == used ? MUC_OK : MU_SET(&room->service->journal, room->used, used);
}

/* Puts a copy of text (or nothing) where the other one was. */
static int replace_text(mu_journal *j, char **at, const char *text)
{
    char *copy = NULL;
    if (text) {
        copy = mu_strdup(j->heap, text);
        if (mu_save_made(j, mu_free, copy))
            return MUC_ERR_NOMEM;
    }
    return mu_save_gone(j, mu_free, *at) ? MUC_ERR_NOMEM : MU_SET(j, *at, copy);
}

int mu_room_set_subject(muc_room *room, mu_blob *body, const char *text, const char *from, int64_t at)
{
    mu_journal *j = &room->service->journal;
    if (body && mu_save_made(j, free_blob, body))
        return MUC_ERR_NOMEM;
    if (mu_room_enliven(room))
        return MUC_ERR_NOMEM;
    mu_subject *subject = &room->live->subject;
    if (mu_save_gone(j, free_blob, subject->body) || MU_SET(j, subject->body, body) ||
        replace_text(j, &subject->text, text) || replace_text(j, &subject->from, from) || MU_SET(j, subject->at, at) ||
        mu_save_note(j, room, MUC_PART_SUBJECT, 0, NULL))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}
