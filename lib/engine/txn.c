/* txn.c: transactions: begin, undo, commit, tell the store, flush. */
#include <engine/change.h>
#include <engine/parts.h>

void mu_mark_set(muc_service *s, mu_mark *mark)
{
    const struct mu_engine *e = s->engine;
    mark->journal = s->journal.n;
    mark->uniques = s->uniques;
    for (int i = 0; i < MU_LANES; i++)
        mark->lanes[i] = e->lanes[i].n;
    mark->notices = e->notices.n;
    mark->deferred = e->deferred_n;
    mark->silences = e->silences.n;
    mark->replying = e->replying;
}

static void cut_output(muc_service *s, const mu_mark *mark)
{
    struct mu_engine *e = s->engine;
    s->uniques = mark->uniques;
    for (int i = 0; i < MU_LANES; i++)
        mu_items_cut(&e->lanes[i], mark->lanes[i]);
    mu_items_cut(&e->notices, mark->notices);
    mu_deferred_cut(s, mark->deferred);
    mu_silences_cut(s, mark->silences);
    /* A handler that has begun its answer goes on with it when a call of his fails. */
    e->replying = e->replying && mark->replying;
}

void mu_undo_to(muc_service *s, const mu_mark *mark)
{
    cut_output(s, mark);
    mu_journal_undo(&s->journal, mark->journal);
}

mu_phase mu_phase_set(muc_service *s, mu_phase phase)
{
    mu_phase before = s->engine->phase;
    s->engine->phase = phase;
    return before;
}

void mu_call_enter(muc_service *s)
{
    if (s->engine->depth++ == 0)
        s->now_known = false;
}

int mu_call_begin(muc_service *s)
{
    if (s->engine->phase != MU_PHASE_IDLE)
        return MUC_ERR_BUSY;
    mu_call_enter(s);
    return MUC_OK;
}

static int begin(muc_service *s, mu_txn *txn)
{
    struct mu_engine *e = s->engine;
    mu_call_enter(s);
    *txn = (mu_txn){
        .service = s, .before = e->phase, .outermost = e->phase == MU_PHASE_IDLE || e->phase == MU_PHASE_AFTER};
    mu_mark_set(s, &txn->mark);
    if (txn->outermost) {
        s->heap->failed = false;
        if (e->presences_stale)
            mu_presences_forget(s);
        e->presences_stale = false;
    }
    e->phase = MU_PHASE_OPEN;
    return MUC_OK;
}

int mu_begin(muc_service *s, mu_txn *txn)
{
    switch (s->engine->phase) {
    case MU_PHASE_FIXED:
        return MUC_ERR_BUSY;
    case MU_PHASE_APPLY:
        return MUC_QUEUED;
    default:
        return begin(s, txn);
    }
}

int mu_begin_now(muc_service *s, mu_txn *txn)
{
    int r = mu_begin(s, txn);
    return r == MUC_QUEUED ? MUC_ERR_BUSY : r;
}

int mu_begin_send(muc_service *s, mu_txn *txn)
{
    return s->engine->phase == MU_PHASE_FIXED ? MUC_ERR_BUSY : begin(s, txn);
}

/* ---- commit ----------------------------------------------------------------------------------------------------- */

/* Calls fn for every item of the transaction, in the order in which it goes out. */
static int each_item(muc_service *s, int (*fn)(muc_service *s, mu_item *item))
{
    struct mu_engine *e = s->engine;
    mu_items *lists[] = {&e->lanes[MU_LANE_FIRST], &e->lanes[MU_LANE_REPLY], &e->lanes[MU_LANE_REST], &e->notices};
    for (size_t l = 0; l < sizeof(lists) / sizeof(*lists); l++)
        for (size_t i = 0; i < lists[l]->n; i++) {
            int r = fn(s, &lists[l]->p[i]);
            if (r < 0)
                return r;
        }
    return MUC_OK;
}

static mu_queue *queue_for(muc_service *s, const mu_item *item)
{
    struct mu_held *held = item->delivery.room ? mu_held_of(item->delivery.room) : NULL;
    return held ? &held->queue : &s->engine->queue;
}

static size_t items_of(const struct mu_engine *e)
{
    return e->lanes[MU_LANE_FIRST].n + e->lanes[MU_LANE_REPLY].n + e->lanes[MU_LANE_REST].n + e->notices.n;
}

static size_t deliveries_of(const struct mu_engine *e)
{
    return e->lanes[MU_LANE_FIRST].count + e->lanes[MU_LANE_REPLY].count + e->lanes[MU_LANE_REST].count;
}

/* The queue that the item is for stays within its bound. */
static int check_bound(muc_service *s, mu_item *item)
{
    const struct mu_engine *e = s->engine;
    const mu_queue *q = queue_for(s, item);
    size_t new = deliveries_of(e);
    if (q != &e->queue)
        return q->deliveries + q->notices + new + e->notices.n <= s->settings.max_held ? MUC_OK : MUC_ERR_BUSY;
    bool pulling = !s->callbacks.send;
    return !pulling || q->deliveries + new <= s->settings.max_unfetched ? MUC_OK : MUC_ERR_BUSY;
}

/* Items of nothing were taken back. One that waits behind what a former room of that name has said keeps its own. */
static int move(muc_service *s, mu_item *item)
{
    muc_room *room = item->delivery.room;
    mu_queue *q = queue_for(s, item);
    if (!item->count && !item->notice)
        return MUC_OK;
    if (room && q != &s->engine->queue && !room->live->held) {
        item->pinned = room;
        mu_room_pin(room);
    }
    mu_queue_push(q, item);
    return MUC_OK;
}

/* What the store is to know of a room: whether it is kept, be it as a tombstone. */
static bool is_kept(const muc_room *room)
{
    int index = room->service->engine->persistent;
    if (!room->present)
        return mu_tombstone_by_key(room->service, room->key.p, room->key.n) != NULL;
    return room->service->settings.store_temporary || (index >= 0 && mu_room_value(room, index).number);
}

static int reserve(muc_service *s, mu_item *item)
{
    return mu_queue_reserve(s->heap, queue_for(s, item), items_of(s->engine));
}

static int tell(muc_service *s, const muc_change *change)
{
    struct mu_engine *e = s->engine;
    mu_phase before = e->phase;
    e->phase = MU_PHASE_FIXED;
    e->told++;
    int r = s->callbacks.room_changed(change->room, change, s->ud);
    e->phase = before;
    if (r == MUC_HOLD)
        mu_hold(change->room);
    return r < 0 ? MUC_ERR_STORE : r;
}

static bool is_answer(const mu_item *item)
{
    return !item->delivery.room && item->count;
}

/* Whether what the service itself answers may wait with what is held of the room. */
static bool may_wait(const muc_room *room)
{
    const struct mu_engine *e = room->service->engine;
    const mu_queue *q = room->live->held ? &room->live->held->queue : NULL;
    const mu_items *lane = &e->lanes[MU_LANE_REPLY];
    size_t answers = 0;
    for (size_t i = 0; q && i < lane->n; i++)
        answers += is_answer(&lane->p[i]);
    return answers == 0 || q->deliveries + q->notices + answers <= room->service->settings.max_held;
}

/* Tells the store of every room that the journal has notes of, once each. *last: the last one that it wants held, which
 * is left as it is when there is none. */
static int tell_store(muc_service *s, muc_room **last)
{
    uint64_t commit = ++s->engine->commits;
    for (size_t i = 0; s->callbacks.room_changed && i < s->journal.n; i++) {
        const mu_entry *entry = &s->journal.entries[i];
        if (entry->op != MU_OP_NOTE || entry->u.note.room->live->reported == commit)
            continue;
        muc_room *room = entry->u.note.room;
        muc_change change;
        room->live->reported = commit;
        if (!mu_change_read(&change, room, i, is_kept(room)))
            continue;
        int r = may_wait(room) ? mu_hold_prepare(room, items_of(s->engine)) : MUC_ERR_BUSY;
        if (!r)
            r = tell(s, &change);
        if (r < 0)
            return r;
        if (r == MUC_HOLD)
            *last = room;
        room->live->told = commit;
        s->engine->owed++;
    }
    return MUC_OK;
}

static void tell_again(muc_room *room)
{
    muc_service *s = room->service;
    if (room->live->told != s->engine->commits)
        return;
    room->live->told = 0;
    s->engine->owed--;
    /* One that had taken the place of a tombstone gives it back. */
    bool stone = mu_tombstone_by_key(s, room->key.p, room->key.n) != NULL;
    muc_change change = {.service = s,
                         .room = room,
                         .parts = s->settings.store_parts & MU_PARTS,
                         .is_new = room->persistent && !stone,
                         .is_gone = !room->persistent,
                         .is_tombstone = room->persistent && stone};
    (void)tell(s, &change);
}

/* After a commit that failed when the store had been told of something: all is undone, and it is told of those rooms as
 * they are again. One that came into memory with this transaction is told of when it is as it came, and then gone from
 * memory, when the store does not hold it. */
static void untell(muc_service *s, const mu_mark *mark)
{
    cut_output(s, mark);
    for (size_t i = s->journal.n; i-- > mark->journal;) {
        const mu_entry *entry = &s->journal.entries[i];
        if (entry->op != MU_OP_NOTE || !(entry->u.note.flags & (MU_NOTE_NEW | MU_NOTE_RESTORED)))
            continue;
        muc_room *room = entry->u.note.room;
        mu_journal_undo(&s->journal, i + 1);
        tell_again(room);
    }
    mu_journal_undo(&s->journal, mark->journal);
    /* A store that refuses one room has nothing to be told of: no walk over all the others then. */
    for (muc_room *room = s->first_room; room && s->engine->owed; room = room->next)
        tell_again(room);
}

/* What was reported has become true: remembers what the store has. */
static void settle_store(muc_service *s)
{
    for (size_t i = 0; i < s->journal.n; i++) {
        const mu_entry *entry = &s->journal.entries[i];
        if (entry->op != MU_OP_NOTE)
            continue;
        muc_room *room = entry->u.note.room;
        room->persistent = is_kept(room);
        mu_tombstone *stone = room->present ? NULL : mu_tombstone_by_key(s, room->key.p, room->key.n);
        if (stone)
            stone->stored = true;
    }
}

/* What the service itself answers tells of what was done to rooms: it waits for the store as they do. */
static void hold_answers(muc_service *s, muc_room *room)
{
    mu_items *lane = &s->engine->lanes[MU_LANE_REPLY];
    for (size_t i = 0; i < lane->n; i++)
        if (is_answer(&lane->p[i])) {
            mu_queue_push(&room->live->held->queue, &lane->p[i]);
            lane->p[i] = (mu_item){.count = 0};
        }
}

static int commit(muc_service *s)
{
    struct mu_engine *e = s->engine;
    muc_room *held = NULL;
    e->told = 0;
    e->owed = 0;
    int r = e->silences.n ? mu_silences_apply(s) : MUC_OK;
    if (!r)
        r = each_item(s, check_bound);
    if (!r)
        r = each_item(s, reserve);
    if (!r)
        r = mu_journal_prepare(&s->journal);
    /* From here on only the store can refuse, or there is no memory to hold the next room with. */
    if (!r)
        r = mu_queue_reserve(s->heap, &e->queue, items_of(e));
    if (!r)
        r = tell_store(s, &held);
    if (r)
        return r;
    settle_store(s);
    if (held)
        hold_answers(s, held);
    (void)each_item(s, move);
    for (int i = 0; i < MU_LANES; i++)
        e->lanes[i].n = e->lanes[i].count = 0;
    e->notices.n = 0;
    mu_journal_commit(&s->journal);
    return MUC_OK;
}

/* ---- flush ------------------------------------------------------------------------------------------------------ */

static void tally(muc_service *s, const muc_delivery *d, size_t deliveries)
{
    s->tally.deliveries += deliveries;
    s->tally.recipients += deliveries * muc_delivery_count(d);
}

static void give(muc_service *s, mu_item *item)
{
    struct mu_engine *e = s->engine;
    if (item->notice && mu_notice_fire(s, item->notice) < 0)
        e->incomplete = true;
    /* What is still to come of it waits, as before it was taken from the queue. */
    e->queue.deliveries += item->count;
    /* Several are those of a roster, with the same recipient: counted once for all. */
    if (item->count)
        tally(s, &item->delivery, item->count);
    while (mu_item_next(item)) {
        e->queue.deliveries--;
        if (s->callbacks.send(s, &item->delivery, s->ud) < 0)
            e->incomplete = true;
    }
    mu_item_drop(item);
}

void mu_flush(muc_service *s)
{
    struct mu_engine *e = s->engine;
    if (e->flushing)
        return;
    e->flushing = true;
    e->released = false;
    mu_phase before = e->phase;
    e->phase = MU_PHASE_AFTER;
    while (e->queue.n && (s->callbacks.send || e->queue.p[e->queue.head].notice)) {
        mu_item item = mu_queue_pop(&e->queue);
        give(s, &item);
    }
    e->phase = before;
    e->flushing = false;
}

static void shrink(muc_service *s)
{
    struct mu_engine *e = s->engine;
    for (int i = 0; i < MU_LANES; i++)
        mu_items_shrink(s->heap, &e->lanes[i]);
    mu_items_shrink(s->heap, &e->notices);
    mu_queue_shrink(s->heap, &e->queue);
    mu_spares_shrink(s, 1);
}

/* The end of a call of the API. */
int mu_call_end(muc_service *s, int result)
{
    struct mu_engine *e = s->engine;
    /* What a handler of the sweep has released goes out while its rooms are still there. */
    if (e->depth == 1 && e->released && e->phase == MU_PHASE_IDLE)
        mu_flush(s);
    if (--e->depth > 0)
        return result;
    mu_settle(s);
    shrink(s);
    bool incomplete = e->incomplete;
    e->incomplete = false;
    return incomplete && result >= 0 ? MUC_INCOMPLETE : result;
}

int mu_end(mu_txn *txn, int result)
{
    muc_service *s = txn->service;
    struct mu_engine *e = s->engine;
    /* A look-up that ran out of memory looks like one that found nothing: what was decided by it does not count. */
    if (txn->outermost && s->heap->failed)
        result = MUC_ERR_NOMEM;
    bool told = false;
    if (txn->outermost && result >= 0) {
        int r = commit(s);
        result = r < 0 ? r : result;
        told = e->told > 0;
    }
    if (result < 0 && told) {
        untell(s, &txn->mark);
    } else if (result < 0) {
        mu_undo_to(s, &txn->mark);
    }
    if (txn->outermost) {
        e->phase = MU_PHASE_AFTER;
        mu_deferred_run(s, txn->mark.deferred);
        /* After a failure too, when a handler has released what was held. */
        if (result >= 0 || e->released)
            mu_flush(s);
    }
    e->phase = txn->before;
    return mu_call_end(s, result);
}

/* ---- from outside ----------------------------------------------------------------------------------------------- */

/* The next delivery of the first item, which is no notice; the item goes with its last one. NULL: no memory, and
 * nothing is taken. */
static muc_delivery *take_front(muc_service *s)
{
    mu_queue *q = &s->engine->queue;
    mu_item *front = &q->p[q->head], before = *front;
    (void)mu_item_next(front);
    muc_delivery *next = muc_delivery_keep(&front->delivery);
    if (!next) {
        *front = before;
        return NULL;
    }
    q->deliveries--;
    tally(s, next, 1);
    if (front->count == 0) {
        mu_item item = mu_queue_pop(q);
        mu_item_drop(&item);
    }
    return next;
}

muc_delivery *muc_service_next(muc_service *s)
{
    struct mu_engine *e = s->engine;
    /* Inside of a transaction nothing of it is there yet, and no notice may run. */
    if (s->callbacks.send || (e->phase != MU_PHASE_IDLE && e->phase != MU_PHASE_AFTER))
        return NULL;
    mu_call_enter(s);
    mu_flush(s); /* notices at the front; asked by a handler of one, it leaves the next to that */
    muc_delivery *next = e->queue.n && !e->queue.p[e->queue.head].notice ? take_front(s) : NULL;
    (void)mu_call_end(s, MUC_OK);
    return next;
}
