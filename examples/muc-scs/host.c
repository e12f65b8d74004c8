/* host.c: the server around a service; see host.h. */
#include <stdlib.h>
#include <string.h>

#include "host.h"
#include "memory.h"
#include "tree.h"
#include "shared/load.h"

const char *const mode_names[MODE_COUNT] = {"bytes", "nodes", "pull", "restore", "nomem"};

#define START_CLOCK INT64_C(1767225600000) /* 2026-01-01T00:00:00Z */

void words_add(words *w, const char *word)
{
    w->list = grow(w->list, (w->count + 1) * sizeof *w->list);
    w->list[w->count++] = copy(word);
}

static size_t words_find(const words *w, const char *word)
{
    size_t i = 0;
    while (i < w->count && strcmp(w->list[i], word) != 0)
        i++;
    return i;
}

int words_have(const words *w, const char *word)
{
    return words_find(w, word) < w->count;
}

void words_remove(words *w, const char *word)
{
    size_t i = words_find(w, word);
    if (i == w->count)
        return;
    free(w->list[i]);
    w->count--;
    memmove(w->list + i, w->list + i + 1, (w->count - i) * sizeof *w->list);
}

void words_free(words *w)
{
    for (size_t i = 0; i < w->count; i++)
        free(w->list[i]);
    free(w->list);
    *w = (words){0};
}

/* ---- callbacks -------------------------------------------------------------------------------------------------- */

uint64_t random_next(uint64_t *state)
{
    uint64_t z = *state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

static int64_t on_now(void *ud)
{
    const host *h = ud;
    return h->clock;
}

static int on_random(uint8_t *bytes, size_t n, void *ud)
{
    host *h = ud;
    for (size_t i = 0; i < n; i++)
        bytes[i] = (uint8_t)random_next(&h->random);
    return 0;
}

static int on_is_admin(const char *bare_jid, void *ud)
{
    const host *h = ud;
    return words_have(&h->admins, bare_jid);
}

static void take_bytes(host *h, const muc_delivery *delivery, size_t i, text *out)
{
    muc_span pieces[MUC_PIECES];
    muc_delivery_pieces(delivery, i, pieces);
    for (size_t p = 0; p < MUC_PIECES; p++)
        text_add_n(out, pieces[p].p, pieces[p].n);
    size_t size = muc_delivery_size(delivery, i);
    char *buffer = grow(NULL, size);
    if (muc_delivery_write(delivery, i, buffer) != size || size != out->n ||
        memcmp(buffer, text_string(out), size) != 0)
        text_format(&h->problem, "the pieces of a delivery are not what muc_delivery_write() gives: %s\n",
                    text_string(out));
    free(buffer);
}

/* What is handed out for many recipients at a time is what is handed out for each. */
static void check_batches(host *h, const muc_delivery *delivery, size_t count)
{
    const muc_span *to;
    size_t seen = 0;
    for (size_t first = 0, n; (to = muc_delivery_to(delivery, first, &n)) != NULL; first += n)
        for (size_t i = 0; i < n; i++, seen++) {
            muc_span pieces[MUC_PIECES], shared[MUC_PIECES];
            muc_delivery_pieces(delivery, seen, pieces);
            muc_delivery_shared(delivery, shared);
            if (to[i].n != pieces[1].n || memcmp(to[i].p, pieces[1].p, to[i].n) != 0 || shared[2].p != pieces[2].p)
                text_add(&h->problem, "muc_delivery_to() gives another recipient than muc_delivery_pieces()\n");
        }
    if (seen != count)
        text_add(&h->problem, "muc_delivery_to() does not give all recipients\n");
}

static int on_send(muc_service *service, const muc_delivery *delivery, void *ud)
{
    host *h = ud;
    (void)service;
    size_t count = muc_delivery_count(delivery);
    if (count == 0)
        text_add(&h->problem, "a delivery without recipients\n");
    check_batches(h, delivery, count);
    for (size_t i = 0; i < count; i++) {
        muc_span jid = muc_delivery_jid(delivery, i);
        delivered one = {.to = copy_n(jid.p, jid.n), .userdata = muc_delivery_userdata(delivery, i)};
        if (h->mode == MODE_NODES)
            one.kept = muc_delivery_keep(delivery);
        else
            take_bytes(h, delivery, i, &one.bytes);
        h->out = grow(h->out, (h->out_count + 1) * sizeof *h->out);
        h->out[h->out_count++] = one;
    }
    return 0;
}

/* ---- service ---------------------------------------------------------------------------------------------------- */

void host_init(host *h, mode how)
{
    *h = (host){.mode = how, .clock = START_CLOCK, .domain = copy("conference.localhost")};
    muc_settings_init(&h->settings, sizeof h->settings);
    host_seed(h, 1);
}

void host_seed(host *h, uint64_t seed)
{
    h->seed = seed;
    h->random = seed;
}

int host_spares(const host *h, const char *option)
{
    for (const muc_feature *const *f = muc_features_full(); *f; f++)
        for (const muc_option *row = (*f)->options; row && row->name; row++)
            if ((strcmp(row->name, option) == 0 || (row->field && strcmp(row->field, option) == 0)) && h->spared &&
                words_have(h->spared, (*f)->name))
                return 1;
    return 0;
}

static void fill_settings(host *h)
{
    size_t options = 0;
    const muc_feature *const *full = muc_features_full();
    size_t count = 0, kept = 0;
    while (full[count])
        count++;
    h->features = grow(h->features, (count + 1) * sizeof(muc_feature *));
    for (size_t i = 0; i < count; i++)
        if (!words_have(&h->without, full[i]->name))
            h->features[kept++] = full[i];
    h->features[kept] = NULL;
    h->defaults = grow(h->defaults, h->option_names.count * sizeof *h->defaults);
    for (size_t i = 0; i < h->option_names.count; i++)
        if (!host_spares(h, h->option_names.list[i]))
            h->defaults[options++] = (muc_option_value){h->option_names.list[i], h->option_values.list[i]};
    if (h->payloads.count) {
        /* The first is there only to tell an empty list from none. */
        h->allowed = grow(h->allowed, h->payloads.count * sizeof *h->allowed);
        for (size_t i = 1; i < h->payloads.count; i++)
            h->allowed[i - 1] = h->payloads.list[i];
        h->allowed[h->payloads.count - 1] = NULL;
        h->settings.allowed_payloads = h->allowed;
    }
    h->settings.extra_features = loaded_features();
    h->settings.domain = h->domain;
    if (h->name)
        h->settings.name = h->name;
    h->settings.secret = "the ids of the same user are the same after every start";
    h->settings.secret_n = strlen(h->settings.secret);
    h->settings.features = h->features;
    h->settings.room_defaults = h->defaults;
    h->settings.room_default_count = options;
}

int host_make(host *h)
{
    muc_callbacks callbacks;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.send = h->mode == MODE_PULL ? NULL : on_send;
    callbacks.now = on_now;
    callbacks.random = on_random;
    callbacks.is_admin = on_is_admin;
    store_callbacks(&callbacks);
    h->random = h->seed;
    h->service = NULL;
    int result = muc_service_new(&h->service, &h->settings, &callbacks, memory_of_service(), h);
    h->wrong = result == MUC_ERR_INVALID ? muc_settings_problem(&h->settings, &callbacks) : NULL;
    return result;
}

void host_blame(const host *h, const muc_option_value *list, size_t count, text *why)
{
    size_t known = 0;
    for (size_t i = 0; i < count; i++)
        if (muc_option_find(h->service, list[i].name))
            known++;
        else
            text_format(why, ": no option '%s'", list[i].name);
    if (known == count && count == 1)
        text_format(why, ": option '%s' does not take '%s'", list->name, list->value);
}

/* The same for `#! default` and `#! service`, when they kept the service from being made. */
static void blame_settings(host *h)
{
    h->settings.room_default_count = 0;
    if (host_make(h) == MUC_OK)
        host_blame(h, h->defaults, h->option_names.count, &h->problem);
    else if (h->wrong)
        text_format(&h->problem, ": %s", h->wrong);
    muc_service_free(h->service);
    h->service = NULL;
}

int host_start(host *h)
{
    if (h->service)
        return 0;
    fill_settings(h);
    int result = h->mode == MODE_NOMEM ? pressure_make(h) : host_make(h);
    if (result == MUC_OK && h->problem.n == 0)
        return 0;
    text_format(&h->problem, "the service was not made: %s", muc_strerror(result));
    if (result == MUC_ERR_INVALID)
        blame_settings(h);
    return -1;
}

void host_end(host *h)
{
    host_clear(h);
    muc_service_free(h->service);
    store_free(h->store, h->store_count);
    words *all[] = {&h->option_names, &h->option_values, &h->admins, &h->without, &h->held, &h->payloads};
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        words_free(all[i]);
    free(h->defaults);
    free(h->features);
    free(h->allowed);
    free(h->domain);
    free(h->name);
    text_free(&h->problem);
}

muc_room *host_room(host *h, const char *jid)
{
    memory_plan plan = memory_pause();
    muc_room *room = muc_room_find(h->service, jid);
    memory_resume(plan);
    return room;
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

void host_clear(host *h)
{
    for (size_t i = 0; i < h->out_count; i++) {
        delivered *d = &h->out[i];
        free(d->to);
        free(d->xml);
        text_free(&d->bytes);
        muc_delivery_free(d->kept);
    }
    free(h->out);
    h->out = NULL;
    h->out_count = 0;
}

/* What was sent, in its canonical form. */
static void read_output(host *h)
{
    for (size_t i = 0; i < h->out_count; i++) {
        delivered *d = &h->out[i];
        text xml = {0};
        xmlDoc *doc = d->kept ? NULL : tree_read(text_string(&d->bytes), d->bytes.n);
        const xmlNode *node = d->kept ? muc_delivery_node(d->kept) : tree_first(doc);
        char *to = node && !d->kept ? tree_attr(node, "to") : NULL;
        if (!node || (!d->kept && tree_next(node)))
            text_format(&h->problem, "what was sent is not one well-formed stanza: %s\n", text_string(&d->bytes));
        else if (!d->kept && (!to || strcmp(to, d->to) != 0))
            text_format(&h->problem, "the stanza for %s has another 'to': %s\n", d->to, text_string(&d->bytes));
        if (node)
            tree_canonical(node, d->to, &xml);
        d->xml = copy(text_string(&xml));
        free(to);
        text_free(&xml);
        xmlFreeDoc(doc);
    }
}

int host_call(host *h, host_fn *fn, void *arg)
{
    host_clear(h);
    h->dirty = 1;
    int result = h->mode == MODE_NOMEM ? pressure_call(h, fn, arg) : fn(h, arg);
    muc_delivery *delivery;
    while (h->mode == MODE_PULL && (delivery = muc_service_next(h->service)) != NULL) {
        on_send(h->service, delivery, h);
        muc_delivery_free(delivery);
    }
    read_output(h);
    return result;
}
