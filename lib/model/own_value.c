/* own_value.c: the values that a room has of its own, which are few: all others are the service's. */
#include <model/model.h>

#include <string.h>

static const mu_own_value *own(const muc_room *room, int index)
{
    for (size_t i = 0; i < room->value_count; i++) {
        if (room->values[i].index == index)
            return &room->values[i];
    }
    return NULL;
}

mu_value mu_room_value(const muc_room *room, int index)
{
    const muc_service *s = room->service;
    const mu_own_value *value = own(room, index);
    if (!value)
        return s->defaults[index];
    return mu_option_is_text(s->options[index]) ? (mu_value){.text = value->as.text}
                                                : (mu_value){.number = value->as.number};
}

/* Texts are copied. */
static int fill(mu_journal *j, mu_own_value *out, const muc_option *row, int index, const mu_value *value)
{
    out->index = (uint16_t)index;
    if (!mu_option_is_text(row)) {
        out->as.number = value->number;
        return MUC_OK;
    }
    bool empty = !value->text || !value->text[0];
    out->as.text = empty ? NULL : mu_strdup(j->heap, value->text);
    return empty ? MUC_OK : mu_save_made(j, mu_free, out->as.text);
}

/* The new array: the old one less `index`, with the new value where it is none of the service's. */
static int rebuild(muc_room *room, int index, const mu_value *value)
{
    muc_service *s = room->service;
    mu_journal *j = &s->journal;
    const muc_option *row = s->options[index];
    size_t n = 0;
    mu_own_value *values = NULL;
    bool keep = !mu_value_equal(row, value, &s->defaults[index]);
    size_t count = room->value_count - (own(room, index) ? 1u : 0u) + (keep ? 1u : 0u);
    if (count > 0) {
        values = mu_alloc(s->heap, count * sizeof *values);
        if (mu_save_made(j, mu_free, values))
            return MUC_ERR_NOMEM;
    }
    for (size_t i = 0; i < room->value_count; i++) {
        if (room->values[i].index != index)
            values[n++] = room->values[i];
    }
    if ((keep && fill(j, &values[n], row, index, value)) || mu_save_gone(j, mu_free, room->values) ||
        MU_SET(j, room->values, values) || MU_SET(j, room->value_count, (uint16_t)count))
        return MUC_ERR_NOMEM;
    return MUC_OK;
}

int mu_room_keep_value(muc_room *room, int index, const mu_value *former)
{
    muc_service *s = room->service;
    const muc_option *row = s->options[index];
    const mu_own_value *old = own(room, index);
    mu_value value = old ? mu_room_value(room, index) : *former;
    bool needed = !mu_value_equal(row, &value, &s->defaults[index]);
    if (needed == (old != NULL))
        return MUC_OK;
    if (old && mu_save_gone(&s->journal, mu_free, value.text))
        return MUC_ERR_NOMEM;
    return rebuild(room, index, &value);
}

/* What is kept of who hears and is shown holds no more. */
static void forget_lists(void *room)
{
    mu_room_forget_audiences(room);
    mu_room_forget_rosters(room);
}

int mu_room_store(muc_room *room, int index, const mu_value *value)
{
    muc_service *s = room->service;
    const muc_option *row = s->options[index];
    const mu_own_value *old = own(room, index);
    mu_value now = mu_room_value(room, index);
    if (mu_value_equal(row, value, &now))
        return MUC_OK;
    if (old && mu_save_gone(&s->journal, mu_free, now.text))
        return MUC_ERR_NOMEM;
    if (rebuild(room, index, value) || mu_save_note(&s->journal, room, MUC_PART_CONFIG, 0, row))
        return MUC_ERR_NOMEM;
    bool hearing = index == s->whois || index == s->broadcast;
    if (hearing && mu_save_touch(&s->journal, forget_lists, room))
        return MUC_ERR_NOMEM;
    if (index == s->is_public && mu_room_relist(room))
        return MUC_ERR_NOMEM;
    return MUC_CHANGED;
}
