/* sweep.c: what is due because time has passed: whoever waits for that joins in at one point. */
#include <action/action.h>
#include <service/resume.h>

enum { AGAIN = 1000 };

int muc_service_sweep(muc_service *s, int64_t *next)
{
    muc_sweep_event sweep = {.next = INT64_MAX, .work = s->settings.max_sweep};
    muc_event event = {.as = {.sweep = &sweep}};
    mu_resume_due(s);
    int r = mu_call_begin(s);
    if (r)
        return r;
    sweep.next = mu_resume_next(s);
    sweep.now = mu_now(s);
    r = mu_query_expire(s, &sweep);
    if (mu_idle_sweep(s, &sweep))
        r = MUC_INCOMPLETE;
    if (mu_fire(s, MUC_ON_SWEEP, &event, NULL) < 0)
        r = MUC_INCOMPLETE;
    /* What failed is still due, but asking at once would find it as it is. */
    if (r)
        sweep.next = sweep.now + AGAIN;
    if (next)
        *next = sweep.next;
    return mu_call_end(s, r);
}
