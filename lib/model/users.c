/* users.c: whether a user has as many sessions in a room as he may have, without looking at everybody.
 *
 * Counts in a table by the sum of the bare JID: who shares a place with others only seems to have more. Kept beside the
 * audiences of a large room, and like them no data. */
#include <model/model.h>

#include <string.h>

/* In smaller rooms everybody is looked at. */
enum { LARGE = 32, FULL = 4, SPARSE = 8 };

void mu_room_forget_users(muc_room *room)
{
    if (!room->live->users)
        return;
    mu_free(room->service->heap, room->live->users);
    room->live->users = NULL;
    room->live->users_cap = 0;
}

static uint16_t *place_of(const muc_room *room, const mu_peer *peer)
{
    return &room->live->users[peer->bare_sum & (room->live->users_cap - 1)];
}

void mu_room_count_user(muc_room *room, const mu_peer *peer, int by)
{
    mu_live *live = room->live;
    if (!live->users)
        return;
    bool sparse = by < 0 && live->users_cap > LARGE && live->session_count < live->users_cap / SPARSE;
    if (sparse || live->session_count / FULL > live->users_cap || *place_of(room, peer) == UINT16_MAX) {
        mu_room_forget_users(room);
        return;
    }
    uint16_t *count = place_of(room, peer);
    *count = (uint16_t)(*count + by);
}

static int build(muc_room *room, const mu_audience *all)
{
    mu_live *live = room->live;
    uint32_t cap = LARGE;
    while (cap < all->n && cap < (uint32_t)1 << 30)
        cap *= 2;
    live->users = mu_zalloc(room->service->heap, cap * sizeof *live->users);
    if (!live->users)
        return MUC_ERR_NOMEM;
    live->users_cap = cap;
    for (size_t i = 0; live->users && i < all->n; i++)
        mu_room_count_user(room, mu_audience_peer(all, i), 1);
    return MUC_OK;
}

static size_t sessions_of(const mu_audience *all, const mu_peer *peer)
{
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++)
        n += mu_peer_same_user(mu_audience_peer(all, i), peer);
    return n;
}

int mu_room_user_is_below(muc_room *room, const mu_peer *peer, size_t max, bool *below)
{
    mu_live *live = room->live;
    *below = live->session_count < max || (live->users && *place_of(room, peer) < max);
    if (*below)
        return MUC_OK;
    mu_audience *all;
    int r = mu_room_audience(room, MU_TO_ALL, &all);
    if (!r && all && !live->users && all->n >= LARGE)
        r = build(room, all);
    if (!r)
        *below = !all || sessions_of(all, peer) < max;
    mu_audience_unref(all);
    return r;
}
