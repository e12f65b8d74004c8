/* question.c: asking decide handlers in a dispatch that may wait. What each is asked is known by a number, so that an
 * answer that comes later is taken for the same question only, whatever has changed in the meantime. */
#include <engine/parts.h>

#include <string.h>

/* Odd, so that nothing of what was folded before is lost. */
#define MIX UINT64_C(0x9e3779b97f4a7c15)

typedef struct mu_fold {
    const uint8_t *secret;
    uint64_t sum;
} mu_fold;

static void fold(mu_fold *f, const void *p, size_t n)
{
    f->sum = f->sum * MIX + mu_siphash(f->secret, p, n);
}

/* NULL is another one than "". */
static void fold_text(mu_fold *f, const char *text)
{
    fold(f, text ? text : "", text ? strlen(text) + 1 : 0);
}

static void fold_number(mu_fold *f, int64_t number)
{
    fold(f, &number, sizeof(number));
}

static void fold_occupant(mu_fold *f, const muc_occupant *occupant)
{
    fold_text(f, occupant ? muc_occupant_nick(occupant) : NULL);
}

/* Of what the library says with each point; what handlers may write, and what is in the stanza, is left out. */
static void fold_detail(mu_fold *f, const muc_event *ev)
{
    switch (mu_points[ev->point].detail) {
    case MU_DETAIL_CREATE:
        fold_text(f, ev->as.create->jid);
        break;
    case MU_DETAIL_JOIN:
        fold_text(f, ev->as.join->jid);
        fold_text(f, ev->as.join->nick);
        fold_number(f, ev->as.join->affiliation);
        break;
    case MU_DETAIL_LEAVE:
        fold_text(f, ev->as.leave->jid);
        fold_text(f, ev->as.leave->nick);
        break;
    case MU_DETAIL_ROLE:
        fold_text(f, ev->as.role->jid);
        fold_number(f, ev->as.role->affiliation);
        fold_number(f, ev->as.role->former);
        fold_number(f, ev->point == MUC_ON_DEFAULT_ROLE ? 0 : (int64_t)ev->as.role->role);
        break;
    case MU_DETAIL_AFFILIATION:
        fold_text(f, ev->as.affiliation->jid);
        fold_number(f, ev->as.affiliation->affiliation);
        fold_number(f, ev->as.affiliation->former);
        break;
    case MU_DETAIL_MESSAGE:
        fold_occupant(f, ev->as.message->to);
        break;
    case MU_DETAIL_IQ:
        fold_occupant(f, ev->as.iq->to);
        break;
    case MU_DETAIL_INVITE:
        fold_text(f, ev->as.invite->invitee);
        break;
    case MU_DETAIL_VOICE:
        fold_text(f, ev->as.voice->jid);
        break;
    case MU_DETAIL_CONFIG:
        fold_text(f, ev->as.config->var);
        break;
    case MU_DETAIL_REGISTER:
        fold_text(f, ev->as.registration->jid);
        fold_text(f, ev->as.registration->nick);
        fold_number(f, ev->as.registration->affiliation);
        break;
    default:
        break;
    }
}

uint64_t mu_question_of(const muc_event *ev)
{
    mu_fold f = {.secret = ev->service->secret};
    fold_number(&f, ev->point);
    fold_text(&f, ev->room ? muc_room_jid(ev->room) : NULL);
    fold_text(&f, ev->from);
    fold_text(&f, ev->key);
    fold_occupant(&f, ev->occupant);
    fold_detail(&f, ev);
    return f.sum;
}

/* ---- asking ------------------------------------------------------------------------------------------------------ */

void mu_pending_begin(muc_service *s)
{
    mu_pending *p = mu_pending_of(s);
    p->waitable = true;
    p->asked = (mu_asked){0};
}

void mu_pending_end(muc_service *s)
{
    mu_pending_of(s)->waitable = false;
}

/* What this handler has answered to that question, which is looked at only when it has answered any. */
static const mu_given *given(const mu_pending *p, int hook, const muc_event *event)
{
    const mu_waiting *w = p->resumed;
    uint64_t question = 0;
    for (size_t i = 0; w && i < w->given_n; i++) {
        if (w->given[i].hook != hook)
            continue;
        if (!question)
            question = mu_question_of(event);
        if (w->given[i].question == question)
            return &w->given[i];
    }
    return NULL;
}

int mu_waiting_give(muc_service *s, mu_waiting *w, int answer, const mu_verdict *verdict)
{
    mu_given *more = mu_resize(s->heap, w->given, (w->given_n + 1) * sizeof(*more));
    if (!more)
        return MUC_ERR_NOMEM;
    w->given = more;
    more[w->given_n++] = (mu_given){.hook = w->hook, .question = w->question, .answer = answer, .verdict = *verdict};
    return MUC_OK;
}

int mu_ask(muc_service *s, int hook, muc_hook_fn *fn, void *ud, muc_event *event)
{
    mu_pending *p = mu_pending_of(s);
    const mu_given *known = given(p, hook, event);
    if (known) {
        *mu_verdict_of(s) = known->verdict;
        return known->answer;
    }
    /* Asking questions from inside a handler asks others. */
    int outer = p->hook;
    uint64_t outer_token = p->asked.token;
    p->hook = hook;
    int answer = fn(event, ud);
    p->hook = outer;
    if (answer != MUC_PENDING)
        return mu_meaning(MU_DECIDE, answer);
    bool waits = p->asked.token != outer_token && p->asked.hook == hook;
    return waits ? MUC_ERR_PENDING : MUC_ERR_INVALID;
}

int muc_pend(muc_event *event, uint64_t *token)
{
    muc_service *s = event->service;
    mu_pending *p = mu_pending_of(s);
    if (mu_points[event->point].class != MU_DECIDE)
        return MUC_ERR_INVALID;
    if (!p->waitable)
        return MUC_ERR_PENDING;
    if (!mu_pending_has_place(s))
        return MUC_ERR_LIMIT;
    *token = ++p->last_token;
    p->asked = (mu_asked){.token = *token, .hook = p->hook, .question = mu_question_of(event)};
    return MUC_PENDING;
}
