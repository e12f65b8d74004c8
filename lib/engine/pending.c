/* pending.c: stanzas put aside until somebody has answered, and rooms that are being loaded: who waits for what, in
 * which order. Dispatching them again is resume.c's.
 *
 * What the same sender sends to the same room stays in order, and so does all that waits for a room. Nothing of this
 * goes by the journal: a stanza is put aside as the last step of a transaction in which nothing else happens. */
#include <engine/parts.h>

#include <string.h>

/* Whose stanzas wait. */
typedef struct mu_sender_queue {
    mu_key key;
    mu_waiting *first, *last;
    size_t n;
    char name[];
} mu_sender_queue;

mu_pending *mu_pending_of(muc_service *s)
{
    return &s->engine->pending;
}

muc_span mu_waiting_room(const mu_waiting *w)
{
    return (muc_span){w->bytes, w->room_n};
}

muc_span mu_waiting_stanza(const mu_waiting *w)
{
    return (muc_span){w->bytes + w->room_n, w->n - w->room_n};
}

void mu_pending_init(muc_service *s)
{
    mu_pending *p = mu_pending_of(s);
    mu_map *maps[] = {&p->senders, &p->tokens, &p->wanted};
    for (size_t i = 0; i < sizeof(maps) / sizeof(*maps); i++)
        mu_map_init(maps[i], s->heap, s->secret);
}

size_t muc_pending_count(const muc_service *s)
{
    return s->engine->pending.count;
}

/* ---- of one sender ---------------------------------------------------------------------------------------------- */

static mu_sender_queue *queue_of(const mu_pending *p, const mu_peer *from)
{
    return (mu_sender_queue *)mu_map_find(&p->senders, from->key.p, from->key.n);
}

static bool same_room(const mu_waiting *w, muc_span room)
{
    return w->room_n == room.n && memcmp(w->bytes, room.p, room.n) == 0;
}

/* The first of a sender to a room. */
static mu_waiting *first_to(const mu_sender_queue *q, muc_span room)
{
    mu_waiting *w = q ? q->first : NULL;
    while (w && !same_room(w, room))
        w = w->sender_next;
    return w;
}

static mu_sender_queue *queue_make(muc_service *s, const mu_peer *from)
{
    mu_pending *p = mu_pending_of(s);
    mu_sender_queue *q = queue_of(p, from);
    if (q)
        return q;
    q = mu_zalloc(s->heap, sizeof(*q) + from->key.n);
    if (!q || mu_map_reserve(&p->senders, 1)) {
        mu_free(s->heap, q);
        return NULL;
    }
    memcpy(q->name, from->key.p, from->key.n);
    q->key = (mu_key){.p = q->name, .n = from->key.n};
    mu_map_insert(&p->senders, &q->key);
    return q;
}

static void queue_leave(muc_service *s, mu_waiting *w)
{
    mu_pending *p = mu_pending_of(s);
    mu_sender_queue *q = queue_of(p, w->from);
    mu_waiting *before = NULL;
    for (mu_waiting *i = q->first; i != w; i = i->sender_next)
        before = i;
    *(before ? &before->sender_next : &q->first) = w->sender_next;
    if (q->last == w)
        q->last = before;
    if (--q->n)
        return;
    mu_map_remove(&p->senders, &q->key);
    mu_free(s->heap, q);
}

/* ---- going on ---------------------------------------------------------------------------------------------------- */

/* Nothing of its sender to the same room came before it. */
static bool is_first(muc_service *s, const mu_waiting *w)
{
    return first_to(queue_of(mu_pending_of(s), w->from), mu_waiting_room(w)) == w;
}

static void line_up(mu_pending *p, mu_waiting *w)
{
    if (w->ready || w->running || w->doomed || w->token || w->wanted)
        return;
    w->ready = true;
    w->ready_next = NULL;
    *(p->last_ready ? &p->last_ready->ready_next : &p->first_ready) = w;
    p->last_ready = w;
}

void mu_waiting_ready(muc_service *s, mu_waiting *w)
{
    if (is_first(s, w))
        line_up(mu_pending_of(s), w);
}

static void wanted_unref(muc_service *s, mu_wanted *wanted)
{
    if (wanted && --wanted->refs == 0)
        mu_free(s->heap, wanted);
}

/* By the time that it goes on the room may have to be loaded again. */
static void unsettle(muc_service *s, mu_waiting *w)
{
    wanted_unref(s, w->settled);
    w->settled = NULL;
}

/* One that lined up for its room while what its sender had sent before waits again is passed over: it goes on behind
 * that. */
mu_waiting *mu_pending_next(muc_service *s)
{
    mu_pending *p = mu_pending_of(s);
    for (mu_waiting *w = p->first_ready; w; w = p->first_ready) {
        p->first_ready = w->ready_next;
        if (!p->first_ready)
            p->last_ready = NULL;
        w->ready = false;
        if (is_first(s, w))
            return w;
        unsettle(s, w);
    }
    return NULL;
}

void mu_pending_back(mu_pending *p, mu_waiting *w)
{
    w->ready = true;
    w->ready_next = p->first_ready;
    p->first_ready = w;
    if (!p->last_ready)
        p->last_ready = w;
}

static void doomed_leave(mu_pending *p, mu_waiting *w)
{
    mu_waiting **link = &p->doomed;
    while (w->doomed && *link != w)
        link = &(*link)->ready_next;
    if (w->doomed)
        *link = w->ready_next;
    w->doomed = false;
}

static void ready_leave(mu_pending *p, mu_waiting *w)
{
    if (!w->ready)
        return;
    mu_waiting *before = NULL;
    for (mu_waiting *i = p->first_ready; i != w; i = i->ready_next)
        before = i;
    *(before ? &before->ready_next : &p->first_ready) = w->ready_next;
    if (p->last_ready == w)
        p->last_ready = before;
    w->ready = false;
}

/* ---- rooms that are being loaded --------------------------------------------------------------------------------- */

/* Almost always it is the latest; one that has waited for an answer before is not. */
static void wanted_join(mu_wanted *wanted, mu_waiting *w)
{
    mu_waiting **link = wanted->last && wanted->last->came < w->came ? &wanted->last->wanted_next : &wanted->first;
    while (*link && (*link)->came < w->came)
        link = &(*link)->wanted_next;
    w->wanted = wanted;
    w->wanted_next = *link;
    *link = w;
    if (!w->wanted_next)
        wanted->last = w;
}

/* With those of its sender that are behind it. */
static void wanted_join_all(muc_service *s, mu_wanted *wanted, mu_waiting *w)
{
    for (mu_waiting *behind = w; behind; behind = behind->sender_next) {
        if (!same_room(behind, mu_waiting_room(w)) || behind->wanted || behind->doomed)
            continue;
        ready_leave(mu_pending_of(s), behind);
        wanted_join(wanted, behind);
    }
}

static void wanted_leave(mu_waiting *w)
{
    mu_wanted *wanted = w->wanted;
    if (!wanted)
        return;
    mu_waiting *before = NULL;
    for (mu_waiting *i = wanted->first; i != w; i = i->wanted_next)
        before = i;
    *(before ? &before->wanted_next : &wanted->first) = w->wanted_next;
    if (wanted->last == w)
        wanted->last = before;
    w->wanted = NULL;
}

mu_wanted *mu_wanted_find(muc_service *s, muc_span key)
{
    mu_pending *p = mu_pending_of(s);
    mu_wanted *wanted = (mu_wanted *)mu_map_find(&p->wanted, key.p, key.n);
    if (wanted)
        p->asked.wanted = wanted;
    return wanted;
}

int mu_wanted_begin(muc_service *s, muc_span key)
{
    mu_pending *p = mu_pending_of(s);
    if (p->wanted.count >= s->settings.max_pending)
        return MUC_ERR_LIMIT;
    mu_wanted *wanted = mu_zalloc(s->heap, sizeof(*wanted) + key.n);
    if (!wanted || mu_map_reserve(&p->wanted, 1)) {
        mu_free(s->heap, wanted);
        return MUC_ERR_NOMEM;
    }
    memcpy(wanted->name, key.p, key.n);
    wanted->key = (mu_key){.p = wanted->name, .n = (uint32_t)key.n};
    wanted->refs = 1;
    wanted->since = mu_now(s);
    wanted->prev = p->last_wanted;
    *(p->last_wanted ? &p->last_wanted->next : &p->first_wanted) = wanted;
    p->last_wanted = wanted;
    mu_map_insert(&p->wanted, &wanted->key);
    p->asked.wanted = wanted;
    return MUC_ERR_PENDING;
}

void mu_wanted_end(muc_service *s, mu_wanted *wanted, int answer)
{
    mu_pending *p = mu_pending_of(s);
    mu_map_remove(&p->wanted, &wanted->key);
    *(wanted->prev ? &wanted->prev->next : &p->first_wanted) = wanted->next;
    *(wanted->next ? &wanted->next->prev : &p->last_wanted) = wanted->prev;
    wanted->answer = answer;
    mu_waiting *w = wanted->first;
    while (w) {
        mu_waiting *next = w->wanted_next;
        wanted_unref(s, w->settled);
        w->settled = wanted;
        wanted->refs++;
        w->wanted = NULL;
        line_up(p, w);
        w = next;
    }
    wanted_unref(s, wanted);
}

const mu_wanted *mu_wanted_settled(muc_service *s, muc_span key)
{
    const mu_waiting *w = mu_pending_of(s)->resumed;
    const mu_wanted *wanted = w ? w->settled : NULL;
    return wanted && wanted->key.n == key.n && memcmp(wanted->name, key.p, key.n) == 0 ? wanted : NULL;
}

/* ---- putting aside ----------------------------------------------------------------------------------------------- */

mu_waiting *mu_waiting_find(mu_pending *p, uint64_t token)
{
    mu_waiting *w = (mu_waiting *)mu_map_find(&p->tokens, (const char *)&token, sizeof(token));
    return w && !w->doomed ? w : NULL;
}

/* There is a place for every stanza in the map of tokens. */
void mu_waiting_tie(mu_pending *p, mu_waiting *w, uint64_t token)
{
    w->token = token;
    w->by_token = (mu_key){.p = (const char *)&w->token, .n = sizeof(w->token)};
    mu_map_insert(&p->tokens, &w->by_token);
}

void mu_waiting_untie(muc_service *s, mu_waiting *w)
{
    if (w->token)
        mu_map_remove(&mu_pending_of(s)->tokens, &w->by_token);
    w->token = 0;
    wanted_leave(w);
}

void mu_waiting_drop(muc_service *s, mu_waiting *w)
{
    mu_pending *p = mu_pending_of(s);
    mu_waiting_untie(s, w);
    ready_leave(p, w);
    doomed_leave(p, w);
    if (w->running) {
        w->dropped = true;
        return;
    }
    queue_leave(s, w);
    *(w->prev ? &w->prev->next : &p->first) = w->next;
    *(w->next ? &w->next->prev : &p->last) = w->prev;
    p->count--;
    p->bytes -= w->n;
    mu_peer_unref(s->heap, w->from);
    wanted_unref(s, w->settled);
    mu_free(s->heap, w->given);
    mu_free(s->heap, w);
}

void mu_waiting_done(muc_service *s, mu_waiting *w)
{
    mu_peer *from = mu_peer_ref(w->from);
    mu_waiting *next = w->sender_next;
    while (next && !same_room(next, mu_waiting_room(w)))
        next = next->sender_next;
    /* What the host said of the room is true for what comes right behind, too. */
    if (next && !next->settled) {
        next->settled = w->settled;
        w->settled = NULL;
    }
    mu_waiting_drop(s, w);
    if (next)
        mu_waiting_ready(s, next);
    mu_peer_unref(s->heap, from);
}

void mu_pending_forget(muc_service *s, const mu_peer *from)
{
    mu_sender_queue *q = s->engine->pending.count ? queue_of(&s->engine->pending, from) : NULL;
    mu_waiting *w = q ? q->first : NULL;
    while (w) {
        mu_waiting *next = w->sender_next;
        mu_waiting_drop(s, w);
        w = next;
    }
}

void mu_waiting_doom(mu_pending *p, mu_waiting *w)
{
    if (w->doomed)
        return;
    ready_leave(p, w);
    w->doomed = true;
    w->ready_next = p->doomed;
    p->doomed = w;
}

void mu_pending_doom(muc_service *s, const mu_peer *from)
{
    mu_pending *p = mu_pending_of(s);
    const mu_sender_queue *q = p->count ? queue_of(p, from) : NULL;
    for (mu_waiting *w = q ? q->first : NULL; w; w = w->sender_next)
        mu_waiting_doom(p, w);
}

void mu_pending_bury(muc_service *s, const mu_waiting *before, bool happened)
{
    mu_pending *p = mu_pending_of(s);
    while (p->doomed && p->doomed != before) {
        mu_waiting *w = p->doomed;
        p->doomed = w->ready_next;
        w->doomed = false;
        if (happened)
            mu_waiting_drop(s, w);
        else
            mu_waiting_ready(s, w);
    }
}

/* Whether n more bytes of that sender may wait. */
static bool has_place(muc_service *s, const mu_peer *from, size_t n)
{
    const mu_pending *p = mu_pending_of(s);
    const mu_sender_queue *q = queue_of(p, from);
    return p->count < s->settings.max_pending && (!q || q->n < s->settings.max_pending_sender) &&
           n <= s->settings.max_pending_bytes && p->bytes <= s->settings.max_pending_bytes - n;
}

bool mu_pending_has_place(muc_service *s)
{
    const mu_pending *p = mu_pending_of(s);
    const mu_peer *from = s->engine->sender;
    return !p->waitable || p->resumed || !from || has_place(s, from, 0);
}

static mu_waiting *copy(muc_service *s, const mu_stanza *st, muc_span room)
{
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    muc_xml_node(&x, st->node);
    size_t n = room.n + x.buf.n;
    mu_waiting *w = muc_xml_error(&x) ? NULL : mu_zalloc(s->heap, sizeof(*w) + n);
    if (w) {
        w->room_n = room.n;
        w->n = n;
        if (room.n)
            memcpy(w->bytes, room.p, room.n);
        memcpy(w->bytes + room.n, x.buf.p, x.buf.n);
    }
    mu_xml_free(&x);
    return w;
}

/* Puts a copy of a stanza behind everything else of its sender. */
static int append(muc_service *s, const mu_stanza *st, mu_peer *from, void *userdata, muc_span room, mu_waiting **out)
{
    mu_pending *p = mu_pending_of(s);
    mu_waiting *w = copy(s, st, room);
    if (!w)
        return MUC_ERR_NOMEM;
    bool place = has_place(s, from, w->n);
    mu_sender_queue *q = place && !mu_map_reserve(&p->tokens, p->count + 1) ? queue_make(s, from) : NULL;
    if (!q) {
        mu_free(s->heap, w);
        return place ? MUC_ERR_NOMEM : MUC_ERR_LIMIT;
    }
    w->from = mu_peer_ref(from);
    w->userdata = userdata;
    w->since = mu_now(s);
    w->came = ++p->last_came;
    *(q->last ? &q->last->sender_next : &q->first) = w;
    q->last = w;
    q->n++;
    w->prev = p->last;
    *(p->last ? &p->last->next : &p->first) = w;
    p->last = w;
    p->count++;
    p->bytes += w->n;
    *out = w;
    return MUC_OK;
}

int mu_pending_park(muc_service *s, const mu_stanza *st, mu_peer *from, void *userdata, muc_span room, mu_waiting **out)
{
    mu_pending *p = mu_pending_of(s);
    mu_waiting *w = p->resumed;
    int r = w ? MUC_OK : append(s, st, from, userdata, room, &w);
    if (r)
        return r;
    if (p->asked.token) {
        unsettle(s, w);
        mu_waiting_tie(p, w, p->asked.token);
        w->hook = p->asked.hook;
        w->question = p->asked.question;
    } else {
        wanted_join_all(s, p->asked.wanted, w);
    }
    *out = w;
    return MUC_OK;
}

int mu_pending_follow(muc_service *s, const mu_stanza *st, mu_peer *from, void *userdata, muc_span room,
                      mu_waiting **out)
{
    mu_waiting *first = first_to(queue_of(mu_pending_of(s), from), room);
    int r = first ? append(s, st, from, userdata, room, out) : MUC_OK;
    if (r || !first)
        return r;
    if (first->wanted)
        wanted_join(first->wanted, *out);
    return MUC_CHANGED;
}

void mu_pending_free(muc_service *s)
{
    mu_pending *p = mu_pending_of(s);
    while (p->first)
        mu_waiting_drop(s, p->first);
    for (size_t i = 0; i < p->wanted.cap; i++)
        mu_free(s->heap, p->wanted.slots[i]);
    mu_map_free(&p->senders);
    mu_map_free(&p->tokens);
    mu_map_free(&p->wanted);
}
