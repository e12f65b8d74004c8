/* event.c: what a handler can do with the event it was given, beside reading it. */
#include <base/text.h>
#include <engine/parts.h>

#include <string.h>

static mu_firing *firing_of(const muc_event *event)
{
    return event->reserved[0];
}

int mu_refuse(muc_service *s, muc_condition condition, muc_error_type type, const char *text)
{
    mu_verdict *v = &s->engine->verdict;
    v->condition = condition;
    v->type = type == MUC_ERROR_DEFAULT ? muc_condition_type(condition) : type;
    size_t n = text ? strlen(text) : 0;
    if (n >= MU_VERDICT_TEXT)
        n = MU_VERDICT_TEXT - 1;
    /* Cut between characters, never inside one. */
    while (n > 0 && text[n] && ((unsigned char)text[n] & 0xc0) == 0x80)
        n--;
    if (n)
        memcpy(v->text, text, n);
    v->text[n] = '\0';
    if (!mu_xml_valid(v->text, n))
        v->text[0] = '\0';
    v->uri[0] = '\0';
    v->name = v->ns = NULL;
    return MUC_ERR_REJECTED;
}

int mu_refuse_to(muc_service *s, muc_condition condition, const char *uri, const char *text)
{
    int r = mu_refuse(s, condition, MUC_ERROR_DEFAULT, text);
    size_t n = uri ? strlen(uri) : 0;
    if (n && n < MU_VERDICT_URI && mu_xml_valid(uri, n))
        memcpy(s->engine->verdict.uri, uri, n + 1);
    return r;
}

mu_verdict *mu_verdict_of(muc_service *s)
{
    return &s->engine->verdict;
}

int muc_reject_as(muc_event *event, muc_condition condition, muc_error_type type, const char *text)
{
    (void)mu_refuse(event->service, condition, type, text);
    return MUC_REJECT;
}

int muc_reject(muc_event *event, muc_condition condition, const char *text)
{
    return muc_reject_as(event, condition, MUC_ERROR_DEFAULT, text);
}

int muc_reject_to(muc_event *event, muc_condition condition, const char *uri, const char *text)
{
    (void)mu_refuse_to(event->service, condition, uri, text);
    return MUC_REJECT;
}

int muc_reject_with(muc_event *event, muc_condition condition, muc_error_type type, const char *name, const char *ns)
{
    (void)mu_refuse(event->service, condition, type, NULL);
    mu_verdict *v = mu_verdict_of(event->service);
    v->name = name;
    v->ns = ns;
    return MUC_REJECT;
}

int muc_reject_result(muc_event *event, int result)
{
    if (result >= 0 || result == MUC_ERR_NOMEM || result == MUC_ERR_BUSY || result == MUC_ERR_STORE ||
        result == MUC_ERR_PENDING)
        return result;
    /* A handler further in has said why already. */
    if (result == MUC_ERR_REJECTED && event->service->engine->verdict.condition)
        return MUC_REJECT;
    return muc_reject(event, muc_condition_of(result), NULL);
}

bool mu_codes_has(const mu_codes *c, int code)
{
    for (size_t i = 0; i < c->n; i++)
        if (c->code[i] == code)
            return true;
    return false;
}

bool mu_codes_add(mu_codes *c, int code)
{
    if (mu_codes_has(c, code))
        return true;
    if (c->n == MU_MAX_CODES)
        return false;
    c->code[c->n++] = code;
    return true;
}

int muc_event_status(muc_event *event, int code)
{
    mu_firing *f = firing_of(event);
    bool here = event->point == MUC_ON_WELCOME || event->point == MUC_ON_CONFIG_SUBMITTED ||
                event->point == MUC_ON_CONFIG_EFFECT;
    if (!f || !f->codes || !here || code < 100 || code > 999)
        return MUC_ERR_INVALID;
    return mu_codes_add(f->codes, code) ? MUC_OK : MUC_ERR_LIMIT;
}

/* Under another nickname he may be somebody who is there already. */
static void look_again(muc_event *event, const char *nick_key)
{
    muc_join_event *join = event->as.join;
    const muc_occupant *there = mu_occupant_by_key(event->room, nick_key, strlen(nick_key));
    join->first_session = !there || !mu_same_user(there, event->service->engine->sender);
    if (!join->first_session)
        join->role = there->role;
}

int muc_join_set_nick(muc_event *event, const char *nick)
{
    mu_firing *f = firing_of(event);
    bool here = event->point == MUC_ON_PRE_JOIN || event->point == MUC_ON_PRE_RENAME;
    if (!f || !f->nick || !here || !nick)
        return MUC_ERR_INVALID;
    mu_buf prepared;
    size_t key_at;
    mu_buf_init(&prepared, event->service->heap);
    int r = mu_nick_prepare(event->service, (muc_span){nick, strlen(nick)}, &prepared, &key_at);
    if (r) {
        mu_buf_free(&prepared);
        return r;
    }
    mu_buf_free(f->nick);
    *f->nick = prepared;
    *f->nick_key_at = key_at;
    event->as.join->nick = f->nick->p;
    if (event->point == MUC_ON_PRE_JOIN)
        look_again(event, f->nick->p + key_at);
    return MUC_OK;
}

static bool may_drop(muc_point point)
{
    static const muc_point points[] = {MUC_ON_MESSAGE_BUILD, MUC_ON_PRIVATE_BUILD, MUC_ON_PRE_JOIN,
                                       MUC_ON_PRE_UPDATE,    MUC_ON_PRE_RENAME,    MUC_ON_PRE_LEAVE};
    for (size_t i = 0; i < sizeof(points) / sizeof(*points); i++)
        if (points[i] == point)
            return true;
    return false;
}

int muc_build_drop(muc_event *event, const xmlNode *child)
{
    mu_firing *f = firing_of(event);
    if (!f || !f->drops || !may_drop(event->point) || !child)
        return MUC_ERR_INVALID;
    if (*f->drop_count == MU_MAX_DROPS)
        return MUC_ERR_LIMIT;
    f->drops[(*f->drop_count)++] = child;
    return MUC_OK;
}

/* An event of service discovery about that of another one. */
static muc_event about_disco(const muc_event *event, const char *key, muc_disco_event *disco)
{
    return (muc_event){.room = event->room,
                       .occupant = event->occupant,
                       .stanza = event->stanza,
                       .from = event->from,
                       .key = key,
                       .as = {.disco = disco}};
}

/* Whether nobody minds. What failed is remembered by the writer. */
static bool may_say(muc_event *event, const char *var, muc_disco_event *disco)
{
    /* Who is asked about one may say another instead, which nobody is asked about. */
    if (event->point == MUC_ON_DISCO_FEATURE || !mu_hooked(event->service, MUC_ON_DISCO_FEATURE))
        return true;
    muc_event asked = about_disco(event, var, disco);
    int r = mu_fire(event->service, MUC_ON_DISCO_FEATURE, &asked, NULL);
    if (r < 0 && r != MUC_ERR_REJECTED)
        mu_xml_fail(disco->out, r);
    return r >= 0;
}

static void say_feature(muc_event *event, const char *var, muc_disco_event *disco)
{
    if (!may_say(event, var, disco))
        return;
    muc_xml_open(disco->out, "feature", NULL);
    muc_xml_attr(disco->out, "var", var);
    muc_xml_close(disco->out);
}

void muc_disco_feature(muc_event *event, const char *var)
{
    say_feature(event, var, event->as.disco);
}

void muc_disco_feature_to(muc_event *event, const char *var, muc_xml *out)
{
    muc_disco_event disco = {.node = "", .out = out, .known = 1};
    say_feature(event, var, &disco);
}

int muc_fire_disco(muc_event *event, int items, const char *node, muc_xml *out, int *known)
{
    muc_disco_event disco = {.node = node, .out = out, .known = *known};
    muc_event asked = about_disco(event, node, &disco);
    int r = mu_fire(event->service, items ? MUC_ON_DISCO_ITEMS : MUC_ON_DISCO_INFO, &asked, NULL);
    *known = disco.known;
    if (r == MUC_ERR_REJECTED)
        return MUC_REJECT;
    return r < 0 ? r : MUC_OK;
}

const char *muc_event_nick(const muc_event *event)
{
    const mu_firing *f = firing_of(event);
    return f ? f->to_nick : NULL;
}

muc_occupant *muc_event_target(const muc_event *event)
{
    const mu_firing *f = firing_of(event);
    return f ? f->target : NULL;
}
