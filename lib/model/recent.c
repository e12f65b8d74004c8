/* recent.c: the latest private messages of a room, as far as it takes to know them again when they come back: a mark
 * for each, which says nothing of what was written.
 *
 * A later one takes the place of any other. They are saved with the occupants, but nobody is told that they change. */
#include <model/model.h>
#include <model/recent.h>

#include <string.h>

enum { RECENT = 64, DIGITS = 16 };

static uint64_t *place(const muc_room *room, uint64_t mark)
{
    return &room->live->recent[mark % RECENT];
}

/* The same after a restart, so with no secret. Who wants another one of the same mark has to find an id for it, and
 * marks are too long for that. */
static uint64_t mark_of(muc_span by, muc_span to, const char *id)
{
    static const uint8_t none[16];
    const uint64_t parts[] = {mu_siphash(none, by.p, by.n), mu_siphash(none, to.p, to.n),
                              id ? mu_siphash(none, id, strlen(id)) : 0};
    uint64_t mark = mu_siphash(none, parts, sizeof parts);
    return mark ? mark : 1;
}

static int add(muc_room *room, uint64_t mark)
{
    if (mu_room_enliven(room))
        return MUC_ERR_NOMEM;
    if (!room->live->recent)
        room->live->recent = mu_zalloc(room->service->heap, RECENT * sizeof *room->live->recent);
    return room->live->recent ? MU_SET(&room->service->journal, *place(room, mark), mark) : MUC_ERR_NOMEM;
}

int mu_recent_add(muc_room *room, muc_span by, muc_span to, const char *id)
{
    return add(room, mark_of(by, to, id));
}

int mu_recent_take(muc_room *room, muc_span by, muc_span to, const char *id)
{
    uint64_t mark = room->live->recent ? mark_of(by, to, id) : 0;
    if (!mark || *place(room, mark) != mark)
        return MUC_ERR_NOT_FOUND;
    return MU_SET(&room->service->journal, *place(room, mark), 0);
}

void mu_recent_write(const muc_room *room, mu_buf *out)
{
    for (size_t i = 0; room->live->recent && i < RECENT; i++)
        for (int shift = 60; room->live->recent[i] && shift >= 0; shift -= 4)
            mu_buf_char(out, "0123456789abcdef"[room->live->recent[i] >> shift & 15]);
}

int mu_recent_read(muc_room *room, const char *text)
{
    static const char digits[] = "0123456789abcdef";
    int r = MUC_OK;
    for (; *text && !r; text += DIGITS) {
        uint64_t mark = 0;
        for (int i = 0; i < DIGITS; i++) {
            const char *digit = text[i] ? strchr(digits, text[i]) : NULL;
            if (!digit)
                return MUC_ERR_MALFORMED;
            mark = mark << 4 | (uint64_t)(digit - digits);
        }
        bool taken = room->live->recent && *place(room, mark);
        r = !mark || taken ? MUC_ERR_MALFORMED : add(room, mark);
    }
    return r;
}
