/* hook.c: who listens where, and calling them: in order, while they come and go. */
#include <engine/parts.h>

#include <string.h>

int mu_meaning(mu_class class, int answer)
{
    bool decided = class == MU_APPLY || class == MU_NOTIFY;
    if (answer == MUC_REJECT)
        return decided ? MUC_PASS : MUC_ERR_REJECTED;
    if (answer < 0 || answer == MUC_STOP)
        return answer;
    return answer <= MUC_INCOMPLETE ? MUC_PASS : MUC_ERR_INVALID;
}

/* Puts a hook behind all of its priority and higher ones. There is room. */
static void place(mu_hooks *list, const mu_hook *hook)
{
    size_t i = list->n;
    while (i > 0 && list->p[i - 1].priority < hook->priority)
        i--;
    memmove(list->p + i + 1, list->p + i, (list->n - i) * sizeof(*list->p));
    list->p[i] = *hook;
    list->n++;
}

int muc_hook_add(muc_service *s, muc_point point, const char *key, int priority, muc_hook_fn *fn, void *ud)
{
    if ((unsigned)point >= MUC_POINT_COUNT || !fn || (key && !mu_points[point].keyed))
        return MUC_ERR_INVALID;
    struct mu_engine *e = s->engine;
    mu_hooks *list = &e->hooks[point];
    /* Room for all newcomers too, so that settling them later cannot fail. */
    size_t coming = list->n + e->newcomers.n + 1;
    bool later = list->firing > 0;
    char *copy = key ? mu_strdup(s->heap, key) : NULL;
    if ((key && !copy) || mu_grow(s->heap, &list->p, &list->cap, coming, sizeof(*list->p)) ||
        (later && mu_grow(s->heap, &e->newcomers.p, &e->newcomers.cap, e->newcomers.n + 1, sizeof(mu_hook)))) {
        mu_free(s->heap, copy);
        return MUC_ERR_NOMEM;
    }
    e->presences_stale = e->presences_stale || point == MUC_ON_PRESENCE_BUILD;
    mu_hook hook = {.fn = fn, .ud = ud, .key = copy, .priority = priority, .id = ++e->last_hook, .point = point};
    hook.name = copy && copy[0] == '{' ? strrchr(copy, '}') : NULL;
    hook.name = hook.name ? hook.name + 1 : NULL;
    if (later)
        e->newcomers.p[e->newcomers.n++] = hook;
    else
        place(list, &hook);
    return hook.id;
}

static mu_hook *find(mu_hooks *list, int id)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->p[i].id == id && !list->p[i].dead)
            return &list->p[i];
    return NULL;
}

static void sweep(muc_service *s, mu_hooks *list)
{
    size_t kept = 0;
    for (size_t i = 0; list->dead && i < list->n; i++) {
        if (list->p[i].dead)
            mu_free(s->heap, list->p[i].key);
        else
            list->p[kept++] = list->p[i];
    }
    list->n = list->dead ? kept : list->n;
    list->dead = false;
}

int muc_hook_remove(muc_service *s, int id)
{
    struct mu_engine *e = s->engine;
    mu_hooks *list = &e->newcomers;
    mu_hook *hook = find(list, id);
    for (size_t i = 0; !hook && i < MUC_POINT_COUNT; i++) {
        list = &e->hooks[i];
        hook = find(list, id);
    }
    if (!hook)
        return MUC_ERR_NOT_FOUND;
    e->presences_stale = e->presences_stale || hook->point == MUC_ON_PRESENCE_BUILD;
    hook->dead = list->dead = true;
    if (!list->firing)
        sweep(s, list);
    return MUC_OK;
}

/* A point has fired: those that came meanwhile take their places, those that went lose theirs. */
static void settle(muc_service *s, muc_point point)
{
    struct mu_engine *e = s->engine;
    mu_hooks *newcomers = &e->newcomers;
    sweep(s, &e->hooks[point]);
    size_t kept = 0;
    for (size_t i = 0; i < newcomers->n; i++) {
        if (newcomers->p[i].point == point)
            place(&e->hooks[point], &newcomers->p[i]);
        else
            newcomers->p[kept++] = newcomers->p[i];
    }
    newcomers->n = kept;
}

void mu_hooks_free(muc_service *s)
{
    struct mu_engine *e = s->engine;
    for (size_t i = 0; i <= MUC_POINT_COUNT; i++) {
        mu_hooks *list = i < MUC_POINT_COUNT ? &e->hooks[i] : &e->newcomers;
        for (size_t k = 0; k < list->n; k++)
            mu_free(s->heap, list->p[k].key);
        mu_free(s->heap, list->p);
    }
}

bool mu_hooked(const muc_service *s, muc_point point)
{
    return s->engine->hooks[point].n > 0;
}

/* Whether the key of a hook is the {ns}name of an element. Most have another name. */
static bool is_key_of(const mu_hook *hook, const xmlNode *element)
{
    if (!hook->name || !mu_name_is(element->name, hook->name))
        return false;
    const char *ns = muc_node_ns(element);
    size_t n = (size_t)(hook->name - hook->key) - 2;
    return strncmp(hook->key + 1, ns, n) == 0 && ns[n] == '\0';
}

bool mu_hooked_on(const muc_service *s, muc_point point, const xmlNode *element)
{
    const mu_hooks *list = &s->engine->hooks[point];
    for (size_t i = 0; i < list->n; i++)
        if (!list->p[i].key || (element && is_key_of(&list->p[i], element)))
            return true;
    return false;
}

static mu_phase phase_of(mu_class class)
{
    switch (class) {
    case MU_APPLY:
        return MU_PHASE_APPLY;
    case MU_SERVE:
        return MU_PHASE_SERVE;
    case MU_NOTIFY:
        return MU_PHASE_AFTER;
    default:
        return MU_PHASE_FIXED;
    }
}

int mu_fire(muc_service *s, muc_point point, muc_event *event, mu_firing *firing)
{
    struct mu_engine *e = s->engine;
    mu_hooks *list = &e->hooks[point];
    if (!list->n)
        return MUC_PASS;
    mu_class class = mu_points[point].class;
    mu_phase before = e->phase;
    e->phase = phase_of(class);
    list->firing++;
    event->point = point;
    event->service = s;
    event->reserved[0] = firing;
    int result = MUC_PASS, failure = MUC_OK;
    /* A handler that serves may end the room: then there is nothing left to ask the next one about. */
    bool may_end = class == MU_SERVE && event->room && event->room->present;
    /* Newcomers wait and the dead stay in place while this fires, so the places hold still. */
    for (size_t i = 0; i < list->n && result == MUC_PASS; i++) {
        const mu_hook *hook = &list->p[i];
        if (hook->dead || (hook->key && (!event->key || strcmp(hook->key, event->key) != 0)))
            continue;
        if (class == MU_DECIDE && e->pending.waitable)
            result = mu_ask(s, hook->id, hook->fn, hook->ud, event);
        else
            result = mu_meaning(class, hook->fn(event, hook->ud));
        if (class == MU_NOTIFY) {
            failure = result < 0 ? result : failure;
            result = MUC_PASS;
        }
        if (may_end && !event->room->present)
            break;
    }
    e->phase = before;
    if (--list->firing == 0)
        settle(s, point);
    if (class == MU_NOTIFY)
        return failure;
    return class == MU_APPLY && result > 0 ? MUC_PASS : result;
}
