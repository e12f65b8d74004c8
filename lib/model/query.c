/* query.c: questions that wait for their answer; see query.h. */
#include <model/model.h>

#include <string.h>

enum { TOKEN_BYTES = 16, TRIES = 64 };

/* ---- texts ------------------------------------------------------------------------------------------------------ */

static void add_hex(mu_buf *b, uint64_t number)
{
    for (int shift = 60; shift >= 0; shift -= 4)
        mu_buf_char(b, "0123456789abcdef"[number >> shift & 15]);
}

/* The host's random bytes, stirred with our secret: what goes out tells nothing of the source. One that repeats itself
 * gets a few tries. */
static int add_token(muc_service *s, mu_buf *b)
{
    uint8_t bytes[TOKEN_BYTES + 1];
    if (s->callbacks.random(bytes, TOKEN_BYTES, s->ud) < 0)
        return MUC_ERR_HOST;
    for (uint8_t try = 0; try < TRIES; try++) {
        mu_buf_cut(b, 0);
        for (uint8_t half = 0; half < 2; half++) {
            bytes[TOKEN_BYTES] = (uint8_t)(2 * try + half);
            add_hex(b, mu_siphash(s->secret, bytes, sizeof(bytes)));
        }
        if (b->failed || !mu_query_find(s, b->p))
            return MUC_OK;
    }
    return MUC_ERR_HOST;
}

/* Where each string begins in the block. */
typedef struct places {
    size_t token, due, id, address, nick;
} places;

/* NULL becomes "". */
static size_t add_text(mu_buf *b, const char *text)
{
    size_t at = b->n;
    mu_buf_str(b, text ? text : "");
    mu_buf_char(b, '\0');
    return at;
}

static int write_block(muc_service *s, const mu_question *q, mu_buf *b, places *p)
{
    int r = MUC_OK;
    p->token = 0;
    if (q->token)
        mu_buf_str(b, q->token);
    else
        r = add_token(s, b);
    mu_buf_char(b, '\0');
    p->due = b->n;
    add_hex(b, q->at < 0 ? 0 : (uint64_t)q->at);
    add_hex(b, ++s->turn);
    mu_buf_char(b, '\0');
    p->id = add_text(b, q->id);
    p->address = add_text(b, q->address);
    p->nick = add_text(b, q->nick);
    return r ? r : b->failed ? MUC_ERR_NOMEM : MUC_OK;
}

void mu_query_free(mu_heap *heap, void *object)
{
    mu_query *a = object;
    mu_doc_free(a->doc);
    mu_peer_unref(heap, a->asker);
    mu_free(heap, a);
}

static int make(muc_service *s, const mu_question *q, mu_query **out)
{
    mu_buf b;
    places p;
    mu_buf_init(&b, s->heap);
    int r = write_block(s, q, &b, &p);
    mu_query *a = r ? NULL : mu_zalloc(s->heap, offsetof(mu_query, text) + b.n);
    if (a) {
        memcpy(a->text, b.p, b.n);
        a->key = (mu_key){.p = a->text + p.token, .n = (uint32_t)(p.due - p.token - 1)};
        a->due.key = a->text + p.due;
        a->id = a->text + p.id;
        a->address = a->text + p.address;
        a->nick = a->text + p.nick;
        a->room = q->room;
        a->asker = mu_peer_ref(q->asker);
        a->answer = q->answer;
        a->ud = q->ud;
        a->at = q->at;
    } else if (!r) {
        r = MUC_ERR_NOMEM;
    }
    mu_buf_free(&b);
    *out = a;
    return r;
}

/* ---- lists ------------------------------------------------------------------------------------------------------ */

/* The key of a list in the scratch. */
static muc_span list_key(mu_buf *b, mu_query_of kind, muc_span jid)
{
    mu_buf_char(b, (char)('0' + kind));
    mu_buf_span(b, jid);
    return b->failed ? (muc_span){NULL, 0} : (muc_span){b->p, b->n};
}

const mu_query_list *mu_query_list_of(const muc_service *s, mu_query_of kind, muc_span jid)
{
    mu_buf b;
    if (!s->asked.count)
        return NULL;
    mu_buf_init(&b, s->heap);
    muc_span key = list_key(&b, kind, jid);
    const mu_query_list *list = key.p ? (const mu_query_list *)mu_map_find(&s->asked_lists, key.p, key.n) : NULL;
    mu_buf_free(&b);
    return list;
}

size_t mu_query_count(const muc_service *s, mu_query_of kind, muc_span jid)
{
    const mu_query_list *list = mu_query_list_of(s, kind, jid);
    return list ? list->n : 0;
}

static mu_query_list *list_get(muc_service *s, mu_query_of kind, muc_span jid)
{
    const mu_query_list *there = mu_query_list_of(s, kind, jid);
    if (there)
        return (mu_query_list *)(uintptr_t)there;
    mu_query_list *list = mu_zalloc(s->heap, offsetof(mu_query_list, name) + jid.n + 1);
    if (mu_save_made(&s->journal, mu_free, list))
        return NULL;
    list->name[0] = (char)('0' + kind);
    memcpy(list->name + 1, jid.p, jid.n);
    list->key = (mu_key){.p = list->name, .n = (uint32_t)jid.n + 1};
    return mu_save_map_insert(&s->journal, &s->asked_lists, &list->key) ? NULL : list;
}

static int join(muc_service *s, mu_query *a, mu_query_of kind, muc_span jid)
{
    mu_journal *j = &s->journal;
    mu_query_list *list = list_get(s, kind, jid);
    if (!list)
        return MUC_ERR_NOMEM;
    a->lists[kind] = list;
    a->prev[kind] = list->last;
    if ((list->last ? MU_SET(j, list->last->next[kind], a) : MU_SET(j, list->first, a)) || MU_SET(j, list->last, a))
        return MUC_ERR_NOMEM;
    return MU_SET(j, list->n, list->n + 1);
}

static int quit(muc_service *s, mu_query *a, mu_query_of kind)
{
    mu_journal *j = &s->journal;
    mu_query_list *list = a->lists[kind];
    mu_query *next = a->next[kind], *prev = a->prev[kind];
    if ((prev ? MU_SET(j, prev->next[kind], next) : MU_SET(j, list->first, next)) ||
        (next ? MU_SET(j, next->prev[kind], prev) : MU_SET(j, list->last, prev)) || MU_SET(j, list->n, list->n - 1))
        return MUC_ERR_NOMEM;
    if (list->n)
        return MUC_OK;
    return mu_save_map_remove(j, &s->asked_lists, &list->key) || mu_save_gone(j, mu_free, list) ? MUC_ERR_NOMEM
                                                                                                : MUC_OK;
}

/* ---- coming and going ------------------------------------------------------------------------------------------- */

int mu_query_add(muc_service *s, const mu_question *q, mu_query **out)
{
    mu_journal *j = &s->journal;
    muc_span in = q->room ? (muc_span){q->room->key.p, q->room->key.n}
                          : (muc_span){s->settings.domain, strlen(s->settings.domain)};
    muc_span by = q->asker ? mu_peer_key(q->asker) : in;
    int r = make(s, q, out);
    if (r)
        return r;
    mu_query *a = *out;
    if (mu_save_made(j, mu_query_free, a) || mu_save_map_insert(j, &s->asked, &a->key) ||
        mu_save_tree_insert(j, &s->due, &a->due, a->due.key, a->key.hash) || join(s, a, MU_QUERY_BY, by) ||
        join(s, a, MU_QUERY_WHOM, q->whom) || join(s, a, MU_QUERY_IN, in))
        return MUC_ERR_NOMEM;
    return q->asker ? mu_save_note(j, q->room, MUC_PART_OCCUPANTS, 0, NULL) : MUC_OK;
}

int mu_query_remove(mu_query *a, muc_service *s)
{
    mu_journal *j = &s->journal;
    if (mu_save_map_remove(j, &s->asked, &a->key) || mu_save_tree_remove(j, &s->due, &a->due) ||
        quit(s, a, MU_QUERY_BY) || quit(s, a, MU_QUERY_WHOM) || quit(s, a, MU_QUERY_IN) ||
        (a->asker && mu_save_note(j, a->room, MUC_PART_OCCUPANTS, 0, NULL)))
        return MUC_ERR_NOMEM;
    return mu_save_gone(j, mu_query_free, a);
}

static int quit_all(muc_session *session, mu_query_of kind)
{
    muc_room *room = session->occupant->room;
    muc_service *s = room->service;
    const mu_query_list *list = mu_query_list_of(s, kind, mu_peer_key(session->peer));
    mu_query *next;
    for (mu_query *a = list ? list->first : NULL; a; a = next) {
        next = a->next[kind];
        if (a->room == room && mu_query_remove(a, s))
            return MUC_ERR_NOMEM;
    }
    return MUC_OK;
}

int mu_query_quit(muc_session *session)
{
    if (!session->occupant->room->service->asked.count)
        return MUC_OK;
    return quit_all(session, MU_QUERY_BY) || quit_all(session, MU_QUERY_WHOM) ? MUC_ERR_NOMEM : MUC_OK;
}

/* The items of a map, which are freed with it. */
static void clear(mu_heap *heap, mu_map *map, mu_free_fn *free)
{
    for (size_t i = 0; i < map->cap; i++)
        if (map->slots[i])
            free(heap, map->slots[i]);
    mu_map_free(map);
}

void mu_query_clear(muc_service *s)
{
    clear(s->heap, &s->asked, mu_query_free);
    clear(s->heap, &s->asked_lists, mu_free);
}

/* ---- looking ---------------------------------------------------------------------------------------------------- */

mu_query *mu_query_find(const muc_service *s, const char *token)
{
    return s->asked.count ? (mu_query *)mu_map_find(&s->asked, token, strlen(token)) : NULL;
}

mu_query *mu_query_at(const muc_service *s, size_t i)
{
    mu_tree_node *node = mu_tree_at(&s->due, i);
    return node ? (mu_query *)(uintptr_t)((const char *)node - offsetof(mu_query, due)) : NULL;
}

muc_span mu_query_jid(const mu_query *a, mu_query_of kind)
{
    const mu_key *key = &a->lists[kind]->key;
    return (muc_span){key->p + 1, key->n - 1};
}

bool mu_query_is_of(const mu_query *a, const mu_peer *peer)
{
    muc_span whom = mu_query_jid(a, MU_QUERY_WHOM);
    size_t n = memchr(whom.p, '/', whom.n) ? peer->key.n : peer->bare_n;
    return whom.n == n && memcmp(whom.p, peer->key.p, n) == 0;
}

static bool is_on(const mu_query *a, mu_query_of kind)
{
    const mu_query_list *list = a->lists[kind];
    return (a->prev[kind] ? a->prev[kind]->next[kind] : list->first) == a &&
           (a->next[kind] ? a->next[kind]->prev[kind] : list->last) == a && list->n > 0;
}

const char *mu_query_check(const muc_service *s)
{
    size_t waiting = 0;
    for (size_t i = 0; i < s->asked_lists.cap; i++) {
        const mu_query_list *list = (const mu_query_list *)s->asked_lists.slots[i];
        waiting += list ? list->n : 0;
    }
    if (waiting != s->asked.count * MU_QUERY_LISTS || mu_tree_count(&s->due) != s->asked.count)
        return "number of questions that wait";
    for (size_t i = 0; i < s->asked.cap; i++) {
        const mu_query *a = (const mu_query *)s->asked.slots[i];
        if (a && (!is_on(a, MU_QUERY_BY) || !is_on(a, MU_QUERY_WHOM) || !is_on(a, MU_QUERY_IN)))
            return "list of questions that wait";
        if (a && a->asker && !mu_session_find((muc_service *)(uintptr_t)s, a->room, a->asker))
            return "question of somebody who is not there";
    }
    return NULL;
}
