/* history.c: the messages that a room holds for those who come later (XEP-0045 section 7.2.13). */
#include <model/list.h>
#include <model/model.h>

void mu_message_free(mu_heap *heap, void *object)
{
    mu_message *m = object;
    mu_packet_unref(heap, m->packet);
    mu_packet_unref(heap, m->delayed);
    mu_free(heap, m);
}

static size_t packet_bytes(const mu_packet *p)
{
    return mu_packet_head(p).n + mu_packet_body(p).n + mu_packet_tail(p).n;
}

size_t mu_message_bytes(const mu_message *m)
{
    return packet_bytes(m->packet);
}

/* Forgets the oldest until neither limit is passed. */
static int trim(muc_room *room, size_t max_count, size_t max_bytes)
{
    mu_journal *j = &room->service->journal;
    size_t count = room->live->message_count;
    size_t bytes = room->live->message_bytes;
    if (count > 0 && mu_room_enliven(room))
        return MUC_ERR_NOMEM;
    while (count > max_count || bytes > max_bytes) {
        mu_message *m = room->live->first_message;
        if (MU_UNLINK(j, room->live->first_message, room->live->last_message, m) || mu_save_gone(j, mu_message_free, m))
            return MUC_ERR_NOMEM;
        count--;
        bytes -= mu_message_bytes(m);
    }
    if (count == room->live->message_count)
        return MUC_OK;
    return MU_SET(j, room->live->message_count, count) || MU_SET(j, room->live->message_bytes, bytes) ? MUC_ERR_NOMEM
                                                                                                      : MUC_OK;
}

static size_t limit(const muc_room *room, size_t max_count)
{
    size_t most = room->service->settings.max_history;
    return max_count < most ? max_count : most;
}

int mu_history_trim(muc_room *room, size_t max_count)
{
    muc_service *s = room->service;
    size_t before = room->live->message_count;
    if (trim(room, limit(room, max_count), s->settings.max_history_bytes))
        return MUC_ERR_NOMEM;
    return room->live->message_count == before ? MUC_OK : mu_save_note(&s->journal, room, MUC_PART_HISTORY, 0, NULL);
}

int mu_history_append(muc_room *room, mu_packet *packet, int64_t at, bool foreign_delay, size_t max_count)
{
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    size_t most = limit(room, max_count);
    size_t most_bytes = s->settings.max_history_bytes;
    size_t bytes = packet_bytes(packet);
    if (most == 0 || bytes > most_bytes)
        return mu_history_trim(room, max_count);
    /* Room is made first: the new one is always the last. */
    if (mu_room_enliven(room) || trim(room, most - 1, most_bytes - bytes))
        return MUC_ERR_NOMEM;
    mu_message *m = mu_zalloc(s->heap, sizeof *m);
    if (mu_save_made(j, mu_message_free, m))
        return MUC_ERR_NOMEM;
    m->packet = mu_packet_ref(packet);
    m->at = at;
    m->foreign_delay = foreign_delay;
    if (MU_APPEND(j, room->live->first_message, room->live->last_message, m) ||
        MU_SET(j, room->live->message_count, room->live->message_count + 1) ||
        MU_SET(j, room->live->message_bytes, room->live->message_bytes + bytes) ||
        mu_save_note(j, room, MUC_PART_HISTORY, 0, m))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}
