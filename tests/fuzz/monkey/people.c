/* people.c: calls on occupants and affiliations, invitations and registrations. */
#include "monkey.h"

int set_role(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    const char *actor = maybe_actor(m);
    return o ? muc_occupant_set_role(o, actor, (muc_role)draw(m, 4), draw_word(m)) : MUC_ERR_NOT_FOUND;
}

int expel(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    return o ? muc_occupant_remove(o, 307 + (int)draw(m, 30), draw_word(m)) : MUC_ERR_NOT_FOUND;
}

int expel_some(monkey *m)
{
    muc_room *room = draw_room(m);
    return room ? muc_room_remove_occupants(room, draw(m, 2) ? pick : NULL, m, 307, draw_word(m)) : MUC_ERR_NOT_FOUND;
}

int rename_one(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    int r = o ? muc_occupant_set_userdata(o, m) : MUC_ERR_NOT_FOUND;
    return r ? r : muc_occupant_set_nick(o, draw_nick(m));
}

int affiliate(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m), *jid = draw_bare(m);
    muc_affiliation a = (muc_affiliation)((int)draw(m, 5) - 1);
    return room ? muc_affiliation_set(room, actor, jid, a, draw_word(m)) : MUC_ERR_NOT_FOUND;
}

int reserve(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *jid = draw_bare(m);
    return room ? muc_affiliation_set_nick(room, jid, draw_nick(m)) : MUC_ERR_NOT_FOUND;
}

static int begin_draft(muc_room *room, const char *user, const char *nick, bool of_who_is_there, muc_occupant **out)
{
    const muc_occupant *there = of_who_is_there ? muc_occupant_by_jid(room, user) : NULL;
    return there ? muc_occupant_copy(there, out) : muc_occupant_new(room, user, nick, out);
}

/* A draft in the hand of a call that runs is out of reach for those inside. */
int draft(monkey *m)
{
    unsigned i = draw(m, DRAFTS), what = draw(m, 7);
    const char *user = draw_user(m);
    muc_room *room = draw_room(m);
    muc_occupant *o = m->drafts[i];
    int r = MUC_ERR_NOT_FOUND;
    m->drafts[i] = NULL;
    if (!o && room && (r = begin_draft(room, user, draw_nick(m), what == 6, &o)) < 0)
        o = NULL;
    if (!o || m->drafts[i]) {
        muc_occupant_discard(o);
        return r;
    }
    if (what < 3)
        r = muc_occupant_set_session(o, user, NULL, (int)draw(m, 2));
    else if (what == 3)
        r = muc_occupant_remove_session(o, user);
    else if (what == 4)
        r = muc_occupant_set_draft_role(o, (muc_role)draw(m, 4));
    else if (what == 5)
        muc_occupant_discard(o), o = NULL;
    if (m->drafts[i]) {
        muc_occupant_discard(o);
        return r;
    }
    m->drafts[i] = o;
    return r;
}

int save_draft(monkey *m)
{
    unsigned i = draw(m, DRAFTS);
    muc_occupant *o = m->drafts[i];
    if (!o)
        return MUC_ERR_NOT_FOUND;
    m->drafts[i] = NULL;
    int r = muc_occupant_save(o);
    if (r < 0 && m->drafts[i])
        muc_occupant_discard(o);
    else if (r < 0)
        m->drafts[i] = o;
    return r;
}

int invite(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m);
    muc_invitation some[2];
    for (size_t i = 0; i < 2; i++)
        some[i] = (muc_invitation){.to = draw(m, 2) ? draw_bare(m) : draw_user(m),
                                   .reason = draw_word(m),
                                   .continues = (int)draw(m, 2),
                                   .thread = draw_word(m),
                                   .direct = (int)draw(m, 2)};
    return room ? muc_room_invite(room, actor, some, 1 + draw(m, 2)) : MUC_ERR_NOT_FOUND;
}

int decline(monkey *m)
{
    static const char *const inviters[] = {"a@rooms.example", "a@rooms.example/x", "b@rooms.example/y",
                                           "x@one.example"};
    muc_room *room = draw_room(m);
    const char *from = draw_user(m);
    return room ? muc_room_decline(room, from, inviters[draw(m, 4)], draw_word(m), NULL) : MUC_ERR_NOT_FOUND;
}

/* By a form, or by a nickname alone. */
int enrol(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m), *jid = draw_bare(m), *nick = draw_nick(m);
    unsigned how = draw(m, 3);
    muc_form *form;
    if (!room)
        return MUC_ERR_NOT_FOUND;
    if (how == 0)
        return muc_room_register(room, actor, jid, nick);
    int r = muc_register_form(room, jid, &form);
    if (r < 0)
        return r;
    (void)muc_form_set(form, MUC_REGISTER_NICK, nick);
    r = how == 1 ? muc_register_submit(room, actor, jid, form) : muc_register_check(room, actor, jid, form);
    muc_form_free(form);
    /* Whether it would be refused may be asked everywhere. */
    return how == 2 && r >= 0 ? MUC_ERR_NOT_FOUND : r;
}

int strike(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m);
    return room ? muc_room_unregister(room, actor, draw_bare(m)) : MUC_ERR_NOT_FOUND;
}

int ask_for_voice(monkey *m)
{
    muc_occupant *o = draw_occupant(m);
    return o ? muc_occupant_request_voice(o, NULL) : MUC_ERR_NOT_FOUND;
}

int give_voice(monkey *m)
{
    muc_room *room = draw_room(m);
    const char *actor = maybe_actor(m), *jid = draw_user(m);
    return room ? muc_room_answer_voice(room, actor, jid, (int)draw(m, 2), NULL) : MUC_ERR_NOT_FOUND;
}
