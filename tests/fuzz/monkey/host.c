/* host.c: the host of the service: its memory, which fails, its clock, its store and its callbacks, which do whatever
 * they like. */
#include "monkey.h"

#include <stdlib.h>
#include <string.h>

static bool starve(monkey *m)
{
    if (m->quiet || m->fail == 0 || --m->fail > 0)
        return false;
    m->fail = m->for_good ? 1 : 0;
    m->starved = true;
    return true;
}

static void *take(size_t size, void *ud)
{
    monkey *m = ud;
    void *p = starve(m) ? NULL : malloc(size);
    m->blocks += p != NULL;
    return p;
}

static void *resize(void *p, size_t size, void *ud)
{
    return starve(ud) ? NULL : realloc(p, size);
}

static void release(void *p, void *ud)
{
    ((monkey *)ud)->blocks--;
    free(p);
}

static int64_t now(void *ud)
{
    return ((monkey *)ud)->now;
}

static int chance(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 7, n);
    return 0;
}

int append(const char *bytes, size_t n, void *ud)
{
    text *t = ud;
    char *p = realloc(t->p, t->n + n + 1);
    require(p != NULL);
    memcpy(p + t->n, bytes, n);
    *t = (text){p, t->n + n};
    t->p[t->n] = '\0';
    return 0;
}

void drop(text *t)
{
    free(t->p);
    *t = (text){NULL, 0};
}

static size_t index_of(const char *jid)
{
    size_t i = 0;
    while (i < ROOMS && strcmp(rooms[i], jid) != 0)
        i++;
    require(i < ROOMS);
    return i;
}

static unsigned stored_parts(const monkey *m)
{
    return muc_service_settings(m->service)->store_parts;
}

void look_at(const muc_delivery *d)
{
    for (size_t i = 0; i < muc_delivery_count(d); i++) {
        char *bytes = malloc(muc_delivery_size(d, i));
        require(bytes && muc_delivery_write(d, i, bytes) == muc_delivery_size(d, i));
        require(bytes[0] == '<' && muc_delivery_jid(d, i).n > 0);
        free(bytes);
        (void)muc_delivery_userdata(d, i);
    }
    size_t batched = 0;
    for (size_t n; muc_delivery_to(d, batched, &n); batched += n)
        require(n > 0);
    require(batched == muc_delivery_count(d));
    (void)muc_delivery_node(d);
    require(!muc_delivery_room(d) || muc_room_jid(muc_delivery_room(d))[0] != '\0');
}

/* Whether two snapshots say the same, less when the room was used last, which is not reported. */
static bool same(const char *a, const char *b)
{
    const char *used_a = strstr(a, " used='"), *used_b = strstr(b, " used='");
    require(used_a && used_b);
    return used_a - a == used_b - b && memcmp(a, b, (size_t)(used_a - a)) == 0 &&
           strcmp(strchr(used_a, '>'), strchr(used_b, '>')) == 0;
}

/* What the store has is what the room is. */
void check_store(monkey *m)
{
    bool all = muc_service_settings(m->service)->store_temporary;
    m->quiet = true;
    for (muc_room *room = muc_room_next(m->service, NULL); room; room = muc_room_next(m->service, room)) {
        size_t i = index_of(muc_room_jid(room));
        text is = {NULL, 0};
        require(muc_room_save(room, stored_parts(m), append, &is) == MUC_OK);
        bool kept = all || muc_room_get_persistent(room) != 0;
        require(m->strayed[i] || kept == (m->store[i].p != NULL));
        require(m->strayed[i] || !kept || same(is.p, m->store[i].p));
        drop(&is);
    }
    m->quiet = false;
}

int keep(monkey *m, muc_delivery *d)
{
    unsigned i = draw(m, KEPT);
    muc_delivery_free(m->kept[i]);
    m->kept[i] = d;
    return MUC_OK;
}

void check_held(const monkey *m)
{
    for (size_t i = 0; i < m->held_n; i++)
        require(index_of(muc_room_jid(m->held[i])) < ROOMS && muc_room_service(m->held[i]) == m->service);
}

static bool is_held(const monkey *m, const muc_room *room)
{
    bool found = false;
    for (size_t i = 0; i < m->held_n; i++)
        found = found || m->held[i] == room;
    return found;
}

/* Those of its name that it has begun to write before are released with it; one that it does not write, behind all.
 * `stays`: it does not end itself. */
static void let_go_with(monkey *m, const muc_room *room, bool stays)
{
    bool before = true;
    bool among = is_held(m, room);
    size_t of = index_of(muc_room_jid(room)), kept = 0;
    for (size_t i = 0; i < m->held_n; i++) {
        muc_room *held = m->held[i];
        if (!before || index_of(muc_room_jid(held)) != of || (stays && held == room))
            m->held[kept++] = held;
        before = before && !(among && held == room);
    }
    m->held_n = kept;
}

/* release: the whole of it, or up to a mark. */
static int done(monkey *m, muc_room *room, bool whole, uint64_t mark)
{
    muc_room *held[HELD];
    size_t n = m->held_n;
    memcpy(held, m->held, sizeof(held));
    check_held(m);
    /* Before, since whoever hears of it may be held anew. */
    let_go_with(m, room, !whole);
    int r = whole ? muc_room_release(room) : muc_room_release_to(room, mark);
    if (r < 0) {
        memcpy(m->held, held, sizeof(held));
        m->held_n = n;
    }
    return r;
}

int store_is_done(monkey *m, muc_room *room)
{
    return done(m, room, true, 0);
}

int store_is_done_to(monkey *m, muc_room *room)
{
    uint64_t mark = muc_room_held(room) - draw(m, 3);
    return is_held(m, room) ? done(m, room, false, mark) : muc_room_release_to(room, mark);
}

/* Whether the store takes its time for a room. */
static bool hold(monkey *m, muc_room *room)
{
    if (is_held(m, room))
        return true;
    if (m->held_n == HELD)
        return false;
    m->held[m->held_n++] = room;
    return true;
}

static int send(muc_service *s, const muc_delivery *d, void *ud)
{
    (void)s;
    monkey *m = ud;
    m->sent++;
    if (m->quiet)
        return 0;
    bool before = m->quiet;
    m->quiet = true;
    look_at(d);
    m->quiet = before;
    frame f = {.class = MU_NOTIFY};
    unsigned answer = draw(m, 16);
    if (answer & 1)
        play_inside(m, &f);
    if (answer & 2)
        (void)keep(m, muc_delivery_keep(d));
    return answer == 15 ? -1 : 0;
}

/* Each thing that changed has an element, or is there no more. */
static void check_items(monkey *m, muc_room *room, const muc_change *change)
{
    muc_change_item item;
    bool before = m->quiet;
    m->quiet = true;
    for (size_t at = 0; muc_change_next(change, &at, &item);) {
        text row = {NULL, 0};
        int r = muc_room_save_item(room, &item, append, &row);
        require(item.part & muc_change_parts(change));
        require(r == MUC_OK || (r == MUC_ERR_NOT_FOUND && row.n == 0));
        drop(&row);
    }
    m->quiet = before;
}

static int room_changed(muc_room *room, const muc_change *change, void *ud)
{
    monkey *m = ud;
    size_t i = index_of(muc_room_jid(room));
    frame f = {.class = MU_DECIDE};
    unsigned answer = m->quiet ? 0 : draw(m, 8);
    if (answer & 1)
        play_inside(m, &f);
    check_items(m, room, change);
    /* Refusing what it is told again, after another refusal, it is on its own. */
    if (answer == 6) {
        m->strayed[i] = m->strayed[i] || m->refused || m->starved;
        m->refused = true;
        return -1;
    }
    bool there = m->store[i].p != NULL;
    require(m->strayed[i] || muc_change_is_new(change) || muc_change_is_tombstone(change) || there);
    text saved = {NULL, 0};
    m->strayed[i] = false;
    bool before = m->quiet;
    m->quiet = true;
    if (!muc_change_is_gone(change) || muc_change_is_tombstone(change))
        require(muc_room_save(room, stored_parts(m), append, &saved) == MUC_OK);
    m->quiet = before;
    drop(&m->store[i]);
    m->store[i] = saved;
    return answer == 4 && hold(m, room) ? MUC_HOLD : 0;
}

static int room_wanted(muc_service *s, const char *jid, void *ud)
{
    monkey *m = ud;
    size_t i = index_of(jid);
    unsigned answer = m->quiet ? 0 : draw(m, 16);
    if (answer == 15)
        return -1;
    if (answer == 13)
        return MUC_ROOM_PENDING;
    if (answer == 12)
        return MUC_ROOM_ELSEWHERE;
    if (!m->store[i].p)
        return MUC_ROOM_UNKNOWN;
    text copy = {NULL, 0};
    append(m->store[i].p, m->store[i].n, &copy);
    int r = muc_room_restore(s, copy.p, copy.n, NULL);
    drop(&copy);
    return r < 0 ? r : answer == 14 ? -1 : MUC_ROOM_RESTORED;
}

/* Another service has it, as far as room_wanted knows. */
static int pass_on(muc_service *s, const char *jid, const xmlNode *stanza, void *ud)
{
    monkey *m = ud;
    require(stanza && !muc_room_find(s, jid) && index_of(jid) < ROOMS);
    frame f = {.class = MU_DECIDE};
    unsigned answer = m->quiet ? 0 : draw(m, 4);
    if (answer & 1)
        play_inside(m, &f);
    return answer == 2 ? -1 : 0;
}

/* Administers the service, among other things. */
static int is_admin(const char *bare_jid, void *ud)
{
    (void)ud;
    return strcmp(bare_jid, "z@two.example") == 0;
}

static int stored_rooms(muc_service *s, const char *after, size_t max, muc_stored_room_fn *add, void *list, void *ud)
{
    (void)s;
    monkey *m = ud;
    for (size_t i = 0; i < ROOMS && max > 0; i++) {
        if (!m->store[i].p || (after && strcmp(rooms[i], after) <= 0))
            continue;
        int r = add(list, rooms[i], "stored");
        if (r < 0)
            return r;
        max--;
    }
    return 0;
}

void be_host(monkey *m, muc_callbacks *callbacks)
{
    callbacks->now = now;
    callbacks->random = chance;
    callbacks->is_admin = is_admin;
    callbacks->send = m->pulling ? NULL : send;
    callbacks->room_changed = m->storing ? room_changed : NULL;
    callbacks->room_wanted = m->storing ? room_wanted : NULL;
    callbacks->pass_on = m->storing ? pass_on : NULL;
    callbacks->stored_rooms = m->storing ? stored_rooms : NULL;
    m->mem = (muc_mem){m, take, resize, release};
}
