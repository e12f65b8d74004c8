/* resume.c: stanzas that were put aside go on: the answer has come, the room is there, or they have waited too long. */
#include <action/action.h>
#include <engine/parts.h>
#include <service/resume.h>

#include <string.h>

bool mu_must_follow(const muc_service *s)
{
    return s->engine->pending.count && !s->engine->pending.resumed;
}

void mu_resume_forget(muc_service *s, mu_waiting *w)
{
    if (w->running)
        mu_waiting_untie(s, w);
    else
        mu_waiting_drop(s, w);
}

/* Dispatches one again. It stays where it is when it waits once more, or when there is no memory. */
static int go_on(muc_service *s, mu_waiting *w)
{
    mu_pending *p = mu_pending_of(s);
    w->running = p->running = true;
    p->resumed = w;
    int r = mu_dispatch_again(s, w);
    p->resumed = NULL;
    w->running = p->running = false;
    if (w->dropped) {
        mu_waiting_done(s, w);
        return r < 0 ? MUC_OK : r;
    }
    if (r >= 0 && !w->token && !w->wanted)
        mu_waiting_done(s, w);
    return r;
}

/* Goes through all that can go on, until one cannot be dealt with: that is tried again with the next stanza. */
static int run_ready(muc_service *s)
{
    mu_pending *p = mu_pending_of(s);
    int r = MUC_OK;
    mu_waiting *w;
    while ((w = mu_pending_next(s))) {
        int done = go_on(s, w);
        if (done < 0) {
            mu_pending_back(p, w);
            return done;
        }
        r = done == MUC_INCOMPLETE ? done : r;
    }
    return r;
}

/* Whether stanzas may be dispatched now. */
static bool is_free(const muc_service *s)
{
    mu_phase phase = s->engine->phase;
    return phase == MU_PHASE_IDLE || phase == MU_PHASE_AFTER;
}

/* ---- answers ----------------------------------------------------------------------------------------------------- */

static int answer(muc_service *s, uint64_t token, int answer, const mu_verdict *verdict)
{
    mu_pending *p = mu_pending_of(s);
    if (!is_free(s))
        return MUC_ERR_BUSY;
    mu_waiting *w = mu_waiting_find(p, token);
    if (!w)
        return MUC_ERR_NOT_FOUND;
    if (w->running)
        return MUC_ERR_BUSY;
    int r = answer == MUC_PENDING ? MUC_OK : mu_waiting_give(s, w, answer, verdict);
    if (r)
        return r;
    mu_waiting_untie(s, w);
    if (p->running) {
        mu_waiting_ready(s, w);
        return MUC_OK;
    }
    r = go_on(s, w);
    if (r >= 0) {
        int others = run_ready(s);
        return others == MUC_INCOMPLETE ? others : r;
    }
    /* As if it had not been answered. */
    if (answer != MUC_PENDING)
        w->given_n--;
    mu_waiting_tie(p, w, token);
    return r;
}

int muc_pending_answer(muc_service *s, uint64_t token, int given)
{
    static const mu_verdict none;
    if (given != MUC_PASS && given != MUC_STOP && given != MUC_PENDING)
        return MUC_ERR_INVALID;
    return answer(s, token, given, &none);
}

/* What muc_reject_as() would have left. */
static mu_verdict refusal(muc_service *s, muc_condition condition, muc_error_type type, const char *text)
{
    mu_verdict before = *mu_verdict_of(s);
    (void)mu_refuse(s, condition, type, text);
    mu_verdict verdict = *mu_verdict_of(s);
    *mu_verdict_of(s) = before;
    return verdict;
}

int muc_pending_reject(muc_service *s, uint64_t token, muc_condition condition, muc_error_type type, const char *text)
{
    if (!muc_condition_name(condition))
        return MUC_ERR_INVALID;
    mu_verdict verdict = refusal(s, condition, type, text);
    return answer(s, token, MUC_ERR_REJECTED, &verdict);
}

int muc_room_wanted_answer(muc_service *s, const char *room_jid, int given)
{
    if (given > MUC_ROOM_UNKNOWN && given != MUC_ROOM_ELSEWHERE)
        return MUC_ERR_INVALID;
    if (!is_free(s))
        return MUC_ERR_BUSY;
    mu_buf buf;
    mu_address to;
    mu_buf_init(&buf, s->heap);
    int r = room_jid ? mu_address_read(s, room_jid, &buf, &to) : MUC_ERR_INVALID;
    mu_wanted *wanted = r ? NULL : mu_wanted_find(s, to.room);
    mu_buf_free(&buf);
    if (r == MUC_ERR_NOMEM)
        return r;
    if (!wanted)
        return MUC_ERR_NOT_FOUND;
    mu_wanted_end(s, wanted, given);
    return mu_pending_of(s)->running || run_ready(s) != MUC_INCOMPLETE ? MUC_OK : MUC_INCOMPLETE;
}

/* ---- time -------------------------------------------------------------------------------------------------------- */

/* When what waits since then has waited for too long. */
static int64_t due(const muc_service *s, int64_t since)
{
    int64_t most = s->settings.pending_timeout;
    return most > 0 && most < INT64_MAX / 1000 - since / 1000 ? since + most * 1000 : INT64_MAX;
}

int64_t mu_resume_next(const muc_service *s)
{
    const mu_pending *p = &s->engine->pending;
    int64_t stanza = p->first ? due(s, p->first->since) : INT64_MAX;
    int64_t room = p->first_wanted ? due(s, p->first_wanted->since) : INT64_MAX;
    return stanza < room ? stanza : room;
}

/* The room or the stanza that has waited longest. Negative: nothing could be done about it now. */
static int time_out(muc_service *s, int64_t now)
{
    mu_pending *p = mu_pending_of(s);
    mu_waiting *w = p->first;
    mu_wanted *wanted = p->first_wanted && due(s, p->first_wanted->since) <= now ? p->first_wanted : NULL;
    /* A stanza that has waited for something else before it waited for a room. */
    if (!wanted && w)
        wanted = w->wanted;
    if (wanted) {
        mu_wanted_end(s, wanted, MUC_ERR_HOST);
    } else if (w && w->token && !w->doomed) {
        mu_verdict verdict = refusal(s, MUC_REMOTE_SERVER_TIMEOUT, MUC_ERROR_WAIT, NULL);
        int r = mu_waiting_give(s, w, MUC_ERR_REJECTED, &verdict);
        if (r)
            return r;
        mu_waiting_untie(s, w);
        mu_waiting_ready(s, w);
    } else {
        return MUC_ERR_BUSY;
    }
    return run_ready(s);
}

void mu_resume_due(muc_service *s)
{
    const mu_pending *p = mu_pending_of(s);
    if ((!p->count && !p->first_wanted) || p->running || !is_free(s))
        return;
    int64_t now = muc_service_now(s);
    int r = run_ready(s);
    while (r >= 0 && mu_resume_next(s) <= now)
        r = time_out(s, now);
}
