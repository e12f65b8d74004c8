/* question.c: what a decide handler is asked, as a number: an answer that comes later is taken for the same question
 * only, whatever has changed in the meantime. */
#include <engine/parts.h>

#include <string.h>

typedef struct mu_fold {
    const uint8_t *secret;
    uint64_t sum;
} mu_fold;

static void fold(mu_fold *f, const void *p, size_t n)
{
    uint64_t both[] = {f->sum, mu_siphash(f->secret, p, n)};
    f->sum = mu_siphash(f->secret, both, sizeof(both));
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
