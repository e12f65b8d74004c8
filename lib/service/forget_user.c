/* forget_user.c: somebody's account is gone: nothing of it stays in any room in memory. */
#include <action/invite.h>
#include <engine/pending.h>

#include <string.h>

/* Takes his affiliation in one room. Where he is the only owner his heir is one first. */
static int disown(muc_room *room, const char *key, const char *heir, const char *reason)
{
    const mu_affiliation *entry = mu_affiliation_find(room, key, strlen(key));
    if (!entry)
        return MUC_OK;
    int r = MUC_OK;
    if (heir && entry->affiliation == MUC_AFFILIATION_OWNER && room->owner_count == 1)
        r = mu_set_affiliation(room, NULL, heir, MUC_AFFILIATION_OWNER, reason);
    return r < 0 ? r : mu_set_affiliation(room, NULL, key, MUC_AFFILIATION_NONE, reason);
}

/* A record goes by a bare JID when that begins its key: alone, with a number, with whom it is about. */
static bool is_by(const mu_record *record, const char *key)
{
    size_t n = strlen(key);
    return strncmp(record->now.key, key, n) == 0 && strchr("/ ", record->now.key[n]);
}

static int is_inviter(const muc_room *room, const mu_record *record, const char *key, bool *is)
{
    const char *inviter = record->now.text[MU_INVITE_INVITER];
    *is = false;
    if (strcmp(record->owner, MU_INVITES) != 0 || !*inviter)
        return MUC_OK;
    mu_buf bare;
    mu_buf_init(&bare, room->service->heap);
    int r = mu_real_key(room->service, inviter, true, &bare, NULL);
    *is = !r && strcmp(bare.p, key) == 0;
    mu_buf_free(&bare);
    return r;
}

/* What features keep for him, and the invitations that he has sent. */
static int forget_records(muc_room *room, const char *key)
{
    int r = MUC_OK;
    const mu_record *next;
    for (const mu_record *record = room->live->first_record; record && r >= 0; record = next) {
        next = record->next;
        bool his = is_by(record, key);
        if (!his)
            r = is_inviter(room, record, key, &his);
        if (his)
            r = mu_record_remove(room, record->owner, record->now.key);
    }
    return r < 0 ? r : MUC_OK;
}

/* What he has sent and waits for an answer. */
static void forget_waiting(muc_service *s, muc_span key)
{
    mu_waiting *next;
    for (mu_waiting *w = mu_pending_of(s)->first; w; w = next) {
        next = w->next;
        if (w->from->bare_n == key.n && memcmp(w->from->key.p, key.p, key.n) == 0)
            mu_waiting_drop(s, w);
    }
}

static int take_first(muc_session *session, void *ud)
{
    *(muc_session **)ud = session;
    return 1;
}

/* Makes him leave everything that he is in. */
static int lead_out(muc_service *s, muc_span key)
{
    const mu_notice_about about = {.unavailable = true};
    int r = MUC_OK;
    muc_session *session = NULL, *before;
    do {
        before = session;
        session = NULL;
        (void)mu_by_user_each(s, key, take_first, &session);
        /* One that is still there was kept by nobody, and would be found for ever. */
        if (session && session != before)
            r = mu_leave(session, NULL, NULL, &about, true);
    } while (session && session != before && r >= 0);
    return r < 0 ? r : MUC_OK;
}

int muc_user_forget(muc_service *s, const char *bare_jid, const char *heir, const char *reason)
{
    if (!bare_jid)
        return MUC_ERR_BAD_JID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_buf key, heirs;
    mu_buf_init(&key, s->heap);
    mu_buf_init(&heirs, s->heap);
    r = mu_real_key(s, bare_jid, true, &key, NULL);
    if (!r && heir)
        r = mu_user_key(s, heir, true, &heirs);
    if (!r)
        r = lead_out(s, (muc_span){key.p, key.n - 1});
    muc_room *next;
    for (muc_room *room = s->first_room; room && r >= 0; room = next) {
        next = room->next;
        if (room->present)
            r = disown(room, key.p, heir, reason);
        if (room->present && r >= 0)
            r = forget_records(room, key.p);
    }
    r = mu_end(&txn, r < 0 ? r : MUC_OK);
    if (r >= 0)
        forget_waiting(s, (muc_span){key.p, key.n - 1});
    mu_buf_free(&key);
    mu_buf_free(&heirs);
    return r;
}
