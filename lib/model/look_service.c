/* look_service.c: looking at a service, its users, and what the host tells: time, chance, who administers. */
#include <model/model.h>

#include <string.h>

const char *muc_service_domain(const muc_service *service)
{
    return service->settings.domain;
}

const char *muc_service_name(const muc_service *service)
{
    return service->settings.name;
}

void *muc_service_userdata(const muc_service *service)
{
    return service->ud;
}

const muc_settings *muc_service_settings(const muc_service *service)
{
    return &service->settings;
}

void muc_service_stats(const muc_service *service, muc_stats *out)
{
    const mu_tally *t = &service->tally;
    *out = (muc_stats){.rooms = service->rooms.count,
                       .listed = mu_tree_count(&service->listed),
                       .occupants = t->occupants,
                       .sessions = t->sessions,
                       .users = service->peers.count,
                       .messages_in = t->in[MU_MESSAGE],
                       .presences_in = t->in[MU_PRESENCE],
                       .iqs_in = t->in[MU_IQ],
                       .refused = t->refused,
                       .said = t->said,
                       .entered = t->entered,
                       .deliveries = t->deliveries,
                       .recipients = t->recipients};
}

int64_t mu_now(muc_service *s)
{
    if (!s->now_known) {
        s->now = s->callbacks.now(s->ud);
        s->now_known = true;
    }
    return s->now;
}

int muc_service_random(muc_service *service, uint8_t *bytes, size_t n)
{
    return service->callbacks.random(bytes, n, service->ud) < 0 ? MUC_ERR_HOST : MUC_OK;
}

void muc_service_unique(muc_service *service, char out[33])
{
    static const char digits[] = "0123456789abcdef";
    uint64_t words[3] = {++service->uniques, (uint64_t)mu_now(service), 0};
    for (size_t half = 0; half < 2; half++) {
        words[2] = half;
        uint64_t word = mu_siphash(service->secret, words, sizeof(words));
        for (size_t i = 0; i < 16; i++, word >>= 4)
            out[16 * half + i] = digits[word & 15];
    }
    out[32] = '\0';
}

uint64_t muc_service_tag(const muc_service *service, const char *text)
{
    return mu_siphash(service->secret, text, strlen(text));
}

int muc_service_is_admin(muc_service *service, const char *jid)
{
    if (!service->callbacks.is_admin || !jid)
        return 0;
    /* Not the scratch: the host may call what uses it. */
    mu_buf key;
    mu_buf_init(&key, service->heap);
    int yes = mu_user_key(service, jid, true, &key) == MUC_OK && service->callbacks.is_admin(key.p, service->ud) == 1;
    mu_buf_free(&key);
    return yes;
}

/* ---- users ------------------------------------------------------------------------------------------------------ */

int muc_peer_set_userdata(muc_service *service, const char *full_jid, void *userdata)
{
    mu_peer *peer = full_jid ? mu_peer_find(service, full_jid) : NULL;
    if (!peer)
        return MUC_ERR_NOT_FOUND;
    peer->host = userdata;
    return MUC_OK;
}

void *muc_peer_userdata(muc_service *service, const char *full_jid)
{
    const mu_peer *peer = full_jid ? mu_peer_find(service, full_jid) : NULL;
    return peer ? peer->host : NULL;
}

int muc_peer_sessions(muc_service *service, const char *jid, int (*fn)(muc_session *session, void *ud), void *ud)
{
    size_t bare_n;
    mu_buf key;
    mu_buf_init(&key, service->heap);
    int r = jid ? mu_real_key(service, jid, false, &key, &bare_n) : MUC_ERR_BAD_JID;
    if (!r && bare_n + 1 < key.n) {
        const mu_peer *peer = (mu_peer *)mu_map_find(&service->peers, key.p, key.n - 1);
        r = peer ? mu_peer_each(peer, fn, ud) : 0;
    } else if (!r) {
        r = mu_by_user_each(service, (muc_span){key.p, bare_n}, fn, ud);
    }
    mu_buf_free(&key);
    return r;
}

/* The rooms of the sessions that are looked at, each once. */
typedef struct place {
    mu_key key; /* the pointer that follows */
    muc_room *room;
    struct place *next;
} place;
typedef struct places {
    mu_heap *heap;
    mu_map map;
    place *first, **end;
} places;

static int note_place(muc_session *session, void *ud)
{
    places *all = ud;
    muc_room *room = session->occupant->room;
    if (mu_map_find(&all->map, (const char *)&room, sizeof room))
        return 0;
    place *p = mu_zalloc(all->heap, sizeof *p);
    if (!p || mu_map_reserve(&all->map, 1)) {
        mu_free(all->heap, p);
        return MUC_ERR_NOMEM;
    }
    p->room = room;
    p->key = (mu_key){.p = (const char *)&p->room, .n = sizeof p->room};
    mu_map_insert(&all->map, &p->key);
    *all->end = p;
    all->end = &p->next;
    return 0;
}

int muc_peer_rooms(muc_service *service, const char *jid, int (*fn)(muc_room *room, void *ud), void *ud)
{
    places all = {.heap = service->heap, .end = &all.first};
    mu_map_init(&all.map, service->heap, service->secret);
    int r = muc_peer_sessions(service, jid, note_place, &all);
    for (const place *p = all.first; p && !r; p = p->next)
        r = fn(p->room, ud);
    while (all.first) {
        place *p = all.first;
        all.first = p->next;
        mu_free(service->heap, p);
    }
    mu_map_free(&all.map);
    return r;
}

int muc_service_prepare(muc_service *s, const char *jid, char *out, size_t size)
{
    mu_buf key;
    mu_buf_init(&key, s->heap);
    int r = mu_user_key(s, jid, false, &key);
    if (!r) {
        size_t n = key.n - 1;
        if (size) {
            size_t part = n < size ? n : size - 1;
            memcpy(out, key.p, part);
            out[part] = '\0';
        }
        r = (int)n;
    }
    mu_buf_free(&key);
    return r;
}
