/* register.c: registering with a room and ending that (XEP-0045 section 7.10): who becomes what, and what he is called.
 */
#include <action/action.h>
#include <muc/register.h>

#include <string.h>

/* ---- the form --------------------------------------------------------------------------------------------------- */

static int build(muc_room *room, const char *jid, muc_form *form)
{
    muc_service *s = room->service;
    muc_affiliation_entry entry;
    const char *nick = muc_affiliation_find(room, jid, &entry) ? entry.nick : NULL;
    const muc_field field = {.var = MUC_REGISTER_NICK,
                             .type = MUC_FIELD_TEXT_SINGLE,
                             .label = "Desired nickname",
                             .value = nick,
                             .required = 1,
                             .max_length = s->settings.max_nick};
    int r = muc_form_add(form, &field);
    muc_register_event detail = {.jid = jid, .form = form, .affiliation = muc_affiliation_get(room, jid)};
    muc_event event = {.room = room, .from = jid, .as = {.registration = &detail}};
    if (!r)
        r = mu_fire(s, MUC_ON_REGISTER_FORM, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

int muc_register_form(muc_room *room, const char *jid, muc_form **out)
{
    *out = NULL;
    if (!room->present || !jid)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    muc_form *form;
    r = muc_form_new(room->service, MUC_NS_REGISTER, &form);
    if (!r)
        r = build(room, jid, form);
    r = mu_end(&txn, r);
    if (r < 0)
        muc_form_free(form);
    else
        *out = form;
    return r;
}

/* ---- one registration ------------------------------------------------------------------------------------------- */

/* On its way: of whom, and what he is. */
typedef struct registering {
    muc_room *room;
    const char *actor;
    muc_form *form;                   /* NULL: it ends */
    mu_buf key;                       /* of the bare JID */
    mu_buf former;                    /* the nickname that was reserved; empty: none */
    muc_affiliation own, affiliation; /* of his own, and with that of his domain */
    muc_register_event detail;
} registering;

static int begin(registering *g, muc_room *room, const char *actor, const char *jid, muc_form *form)
{
    muc_service *s = room->service;
    *g = (registering){.room = room, .actor = actor, .form = form};
    mu_buf_init(&g->key, s->heap);
    mu_buf_init(&g->former, s->heap);
    int r = mu_user_key(s, jid, true, &g->key);
    if (r)
        return r;
    const mu_affiliation *entry = mu_affiliation_find(room, g->key.p, strlen(g->key.p));
    g->own = entry ? entry->affiliation : MUC_AFFILIATION_NONE;
    g->affiliation = mu_affiliation_of(room, (muc_span){g->key.p, strlen(g->key.p)});
    if (entry && mu_affiliation_nick(entry))
        mu_buf_add(&g->former, mu_affiliation_nick(entry), strlen(mu_affiliation_nick(entry)) + 1);
    if (g->former.failed)
        return MUC_ERR_NOMEM;
    g->detail = (muc_register_event){
        .jid = g->key.p, .former_nick = g->former.n ? g->former.p : NULL, .affiliation = g->affiliation, .form = form};
    return g->affiliation == MUC_AFFILIATION_OUTCAST ? MUC_ERR_NOT_ALLOWED : MUC_OK;
}

static void end(registering *g)
{
    mu_buf_free(&g->key);
    mu_buf_free(&g->former);
}

static int fire(registering *g, muc_point point)
{
    muc_event event = {.room = g->room, .from = g->actor, .as = {.registration = &g->detail}};
    int r = mu_fire(g->room->service, point, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

/* Whether the handlers have nothing against it. They may have corrected the form. */
static int ask(registering *g)
{
    if (g->form)
        g->detail.nick = muc_form_text(g->form, MUC_REGISTER_NICK);
    int r = fire(g, MUC_ON_PRE_REGISTER);
    if (g->form)
        g->detail.nick = muc_form_text(g->form, MUC_REGISTER_NICK);
    return r;
}

static int notify(registering *g)
{
    g->detail.form = NULL;
    int r = mu_notify(g->room->service, MUC_ON_REGISTERED, g->room, NULL, g->actor, NULL, &g->detail);
    return r ? r : MUC_CHANGED;
}

/* ---- registering ------------------------------------------------------------------------------------------------ */

/* Whether the nickname can be his, as far as what is reserved tells. His own affiliation counts before that of his
 * domain: whom that makes an admin or owner would lose it as a member, and as more he would keep it when his domain has
 * lost it. */
static int check_nick(const registering *g)
{
    muc_service *s = g->room->service;
    if (g->own == MUC_AFFILIATION_NONE && g->affiliation > MUC_AFFILIATION_MEMBER)
        return MUC_ERR_NOT_ALLOWED;
    size_t key_at;
    mu_buf nick;
    mu_buf_init(&nick, s->heap);
    int r = mu_nick_prepare(s, (muc_span){g->detail.nick, strlen(g->detail.nick)}, &nick, &key_at);
    const mu_affiliation *owner = r ? NULL : mu_affiliation_by_nick(g->room, nick.p + key_at);
    if (owner && strcmp(owner->name, g->key.p) != 0)
        r = MUC_ERR_CONFLICT;
    mu_buf_free(&nick);
    return r;
}

static int admit(registering *g, bool *changed)
{
    if (g->own > MUC_AFFILIATION_NONE)
        return MUC_OK;
    int r = mu_set_affiliation(g->room, g->actor, g->key.p, MUC_AFFILIATION_MEMBER, NULL);
    *changed = r == MUC_CHANGED;
    return r < 0 ? r : MUC_OK;
}

static int perform(registering *g)
{
    bool changed = false;
    int r = ask(g);
    if (!r)
        r = check_nick(g);
    if (!r)
        r = admit(g, &changed);
    if (!r && !g->room->present)
        return MUC_CHANGED;
    if (!r)
        r = mu_set_nick(g->room, g->key.p, g->detail.nick);
    if (r < 0)
        return r;
    changed = changed || r == MUC_CHANGED;
    r = fire(g, MUC_ON_REGISTER_SET);
    return r || !changed ? r : notify(g);
}

static int run(muc_room *room, const char *actor, const char *jid, muc_form *form, int (*what)(registering *g))
{
    mu_txn txn;
    int r = room->present && jid ? mu_begin_now(room->service, &txn) : MUC_ERR_INVALID;
    if (r)
        return r;
    registering g;
    r = begin(&g, room, actor, jid, form);
    if (!r)
        r = what(&g);
    r = mu_end(&txn, r);
    end(&g);
    return r;
}

static int check(registering *g)
{
    int r = ask(g);
    return r ? r : check_nick(g);
}

int muc_register_check(muc_room *room, const char *actor, const char *jid, muc_form *form)
{
    return form ? run(room, actor, jid, form, check) : MUC_ERR_INVALID;
}

int muc_register_submit(muc_room *room, const char *actor, const char *jid, muc_form *form)
{
    return form ? run(room, actor, jid, form, perform) : MUC_ERR_INVALID;
}

int muc_room_register(muc_room *room, const char *actor, const char *jid, const char *nick)
{
    muc_form *form;
    int r = nick ? muc_register_form(room, jid, &form) : MUC_ERR_INVALID;
    if (r)
        return r;
    r = muc_form_set(form, MUC_REGISTER_NICK, nick);
    if (r == MUC_ERR_INVALID)
        r = MUC_ERR_BAD_JID;
    if (!r)
        r = muc_register_submit(room, actor, jid, form);
    muc_form_free(form);
    return r;
}

/* ---- ending it -------------------------------------------------------------------------------------------------- */

static int resign(registering *g)
{
    if (g->own != MUC_AFFILIATION_MEMBER && !g->former.n)
        return MUC_ERR_NOT_FOUND;
    int r = ask(g);
    if (!r && g->own == MUC_AFFILIATION_MEMBER)
        r = mu_set_affiliation(g->room, g->actor, g->key.p, MUC_AFFILIATION_NONE, NULL);
    else if (!r)
        r = mu_set_nick(g->room, g->key.p, NULL);
    return r < 0 ? r : notify(g);
}

int muc_room_unregister(muc_room *room, const char *actor, const char *jid)
{
    return run(room, actor, jid, NULL, resign);
}
