/* change.c: what changed in a room, read from the notes of the journal. */
#include <engine/change.h>

unsigned muc_change_parts(const muc_change *change)
{
    return change->parts;
}

int muc_change_is_new(const muc_change *change)
{
    return change->is_new;
}

int muc_change_is_gone(const muc_change *change)
{
    return change->is_gone;
}

int muc_change_is_tombstone(const muc_change *change)
{
    return change->is_tombstone;
}

static const mu_note *note_at(const muc_change *c, size_t i)
{
    const mu_entry *e = &c->service->journal.entries[i];
    bool ours = e->op == MU_OP_NOTE && e->u.note.room == c->room && (e->u.note.part & c->parts);
    return ours ? &e->u.note : NULL;
}

/* The same thing was told just before; every message of the history counts. */
static bool repeated(const muc_change *c, size_t i)
{
    const mu_note *note = note_at(c, i);
    if (note->part == MUC_PART_HISTORY)
        return false;
    while (i-- > c->from) {
        const mu_note *before = note_at(c, i);
        if (before)
            return before->part == note->part && before->subject == note->subject;
    }
    return false;
}

/* Where a message stands; most are the latest. */
static size_t place_of(const muc_room *room, const mu_message *message)
{
    size_t i = room->live->message_count;
    const mu_message *m = message ? room->live->last_message : NULL;
    for (; m && m != message; m = m->prev)
        i--;
    return m ? i - 1 : MUC_NO_MESSAGE;
}

static muc_change_item item_of(const mu_note *note)
{
    muc_change_item item = {.part = note->part, .message = MUC_NO_MESSAGE};
    if (note->part == MUC_PART_HISTORY)
        item.message = place_of(note->room, note->subject);
    else if (note->part == MUC_PART_CONFIG)
        item.option = note->subject;
    else if (note->part == MUC_PART_AFFILIATIONS && note->subject)
        item.jid = ((const mu_affiliation *)note->subject)->key.p;
    else if (note->flags & MU_NOTE_FORMER)
        item.nick = note->subject;
    else if (note->part == MUC_PART_OCCUPANTS && note->subject)
        item.nick = muc_occupant_nick((const muc_occupant *)note->subject);
    return item;
}

int muc_change_next(const muc_change *change, size_t *cursor, muc_change_item *out)
{
    for (size_t i = change->from + *cursor; i < change->to; i++) {
        const mu_note *note = note_at(change, i);
        if (!note || repeated(change, i))
            continue;
        *out = item_of(note);
        *cursor = i - change->from + 1;
        return 1;
    }
    return 0;
}

bool mu_change_read(muc_change *change, muc_room *room, size_t first, bool kept)
{
    const mu_journal *j = &room->service->journal;
    /* The last one may be undone. */
    size_t last = j->entries[first].u.note.last;
    *change = (muc_change){.service = room->service, .room = room, .from = first, .to = last < j->n ? last + 1 : j->n};
    bool made = false;
    for (size_t i = first; i < change->to; i++) {
        const mu_entry *e = &j->entries[i];
        if (e->op != MU_OP_NOTE || e->u.note.room != room)
            continue;
        if (e->u.note.flags & MU_NOTE_FORGOTTEN)
            return false;
        made |= (e->u.note.flags & MU_NOTE_NEW) != 0;
        change->parts |= e->u.note.part & room->service->settings.store_parts;
        if (e->u.note.flags & MU_NOTE_RESTORED) {
            /* What came from the store is not told to it: only what happened since. */
            change->parts = 0;
            made = false;
            change->from = i + 1;
        }
    }
    /* Where it takes the place of a tombstone it is new as well. */
    change->is_new = kept && room->present && (made || !room->persistent);
    change->is_tombstone = kept && !room->present;
    if (change->is_new || change->is_tombstone)
        change->parts = room->service->settings.store_parts & MU_PARTS;
    change->is_gone = !kept && room->persistent;
    return change->is_new || change->is_gone || (kept && change->parts);
}
