/* session.c: what the API does to one session of somebody who is in a room. */
#include <action/action.h>

static bool is_there(const muc_session *session)
{
    return session->occupant->present && mu_session_is_in(session);
}

int muc_session_remove(muc_session *session, int status, const char *reason)
{
    if (!is_there(session) || (status && (status < 100 || status > 999)))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(session->occupant->room->service, &txn);
    if (r)
        return r;
    mu_notice_about about = {.reason = reason};
    if (status)
        (void)mu_codes_add(&about.codes, status);
    return mu_end(&txn, mu_leave(session, NULL, NULL, &about, true));
}

/* The others see another presence of the nickname, or at most another JID. */
static int prefer(muc_session *session)
{
    muc_occupant *o = session->occupant;
    mu_notice_about about = {.affiliation = o->affiliation, .role = o->role};
    about.jid_only = about.others_only = mu_blob_same(o->primary->presence, session->presence);
    int r = mu_occupant_prefer(session);
    if (r != MUC_CHANGED)
        return r;
    r = mu_announce(o, &about, mu_is_shown(o));
    if (!r)
        r = mu_occupant_note(o);
    return r ? r : MUC_CHANGED;
}

int muc_session_make_primary(muc_session *session)
{
    if (!is_there(session))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(session->occupant->room->service, &txn);
    return r ? r : mu_end(&txn, prefer(session));
}
