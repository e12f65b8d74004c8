/* player.c: plays a script; see player.h. */
#include <stdlib.h>
#include <string.h>

#include "directive.h"
#include "memory.h"
#include "player.h"
#include "report.h"
#include "tree.h"

/* ---- names ------------------------------------------------------------------------------------------------------ */

client *player_client(player *p, const char *line, const char **rest)
{
    const script_client *found = script_client_at(p->script, line, rest);
    return found ? &p->clients[found - p->script->clients] : NULL;
}

static const char *value_of_name(const player *p, const char *name)
{
    for (size_t i = 0; i < p->count; i++) {
        const client *c = &p->clients[i];
        size_t n = strlen(c->is->name);
        if (!starts(name, c->is->name))
            continue;
        if (strcmp(name + n, "'s JID") == 0)
            return c->jid;
        if (strcmp(name + n, "'s full JID") == 0)
            return c->full;
    }
    return captures_find(&p->captures, name);
}

int player_expand(const player *p, const char *in, int escape, text *out, text *why)
{
    const char *open;
    while ((open = strstr(in, "${")) != NULL) {
        size_t n = strcspn(open, "}");
        char *name = copy_n(open + 2, n - 2);
        const char *value = open[n] ? value_of_name(p, name) : NULL;
        if (!value)
            text_format(why, "nothing is called ${%s}", name);
        free(name);
        if (!value)
            return -1;
        text_add_n(out, in, (size_t)(open - in));
        if (escape)
            text_add_escaped(out, value);
        else
            text_add(out, value);
        in = open + n + 1;
    }
    text_add(out, in);
    return 0;
}

/* ---- calls ------------------------------------------------------------------------------------------------------ */

static int check_origin(const player *p, const delivered *d, text *why)
{
    for (size_t i = 0; i < p->count && d->userdata; i++)
        if (d->userdata == &p->clients[i] && strcmp(p->clients[i].full, d->to) != 0) {
            text_format(why, "muc_delivery_userdata() gives another connection for %s", d->to);
            return -1;
        }
    return 0;
}

/* Gives a stanza to whoever it is for, as a server would: to one connection, or to all of a user. */
static int hand_over(player *p, const delivered *d, const leak_view views[2], text *why)
{
    if (check_origin(p, d, why) < 0)
        return -1;
    for (size_t i = 0; i < p->count; i++) {
        client *c = &p->clients[i];
        if (strcmp(d->to, c->full) != 0 && strcmp(d->to, c->jid) != 0)
            continue;
        if (c->online)
            words_add(&c->inbox, d->xml);
        /* Who is gone learns nothing either. */
        c->told = c->told || leak_ends(d->xml);
        if (p->options->leaks && !p->step->leak_ok && leak_check(p, c, views, d->xml, why) < 0)
            return -1;
    }
    return 0;
}

static int check_result(const player *p, text *why)
{
    const step *s = p->step;
    int result = p->result;
    if (result < 0 && p->host.out_count)
        text_format(why, "%s was returned, and yet something was sent", result_name(result));
    else if (s->expects_result && result != s->result)
        text_format(why, "%s was returned, not %s", result_name(result), result_name(s->result));
    else if (!s->expects_result && (result < 0 || result == MUC_INCOMPLETE))
        text_format(why, "%s was returned: %s", result_name(result), muc_strerror(result));
    return why->n ? -1 : 0;
}

static int renew(player *p, text *why)
{
    muc_service *former = p->host.service;
    if (host_renew(&p->host) < 0) {
        text_add(why, text_string(&p->host.problem));
        return -1;
    }
    for (size_t i = 0; i < p->count && former != p->host.service; i++)
        if (p->clients[i].online)
            muc_peer_set_userdata(p->host.service, p->clients[i].full, &p->clients[i]);
    return 0;
}

int player_call(player *p, host_fn *fn, void *arg, text *why)
{
    leak_view views[2] = {{0}, {0}};
    int result = 0;
    if (host_start(&p->host) < 0) {
        text_add(why, text_string(&p->host.problem));
        return -1;
    }
    if (p->options->leaks)
        leak_look(p, &views[0]);
    p->result = host_call(&p->host, fn, arg);
    if (p->options->leaks)
        leak_look(p, &views[1]);
    for (size_t i = 0; i < p->count; i++)
        p->clients[i].told = 0;
    for (size_t i = 0; i < p->host.out_count && result == 0; i++) {
        text_format(&p->transcript, "%d: %s\n", p->step->line, p->host.out[i].xml);
        result = hand_over(p, &p->host.out[i], views, why);
    }
    leak_view_free(&views[0]);
    leak_view_free(&views[1]);
    if (result == 0 && p->host.problem.n) {
        text_add(why, text_string(&p->host.problem));
        result = -1;
    }
    return result == 0 ? check_result(p, why) : result;
}

typedef struct dispatching {
    const xmlNode *node; /* NULL: the bytes */
    const char *xml;
    size_t n;
    void *userdata;
} dispatching;

static int call_dispatch(host *h, void *arg)
{
    const dispatching *d = arg;
    return d->node ? muc_dispatch(h->service, d->node, d->userdata)
                   : muc_dispatch_text(h->service, d->xml, d->n, d->userdata);
}

/* The only thing in a document that was read, or NULL: what no tree can hold is handed over as bytes in every mode. */
static const xmlNode *only_stanza(const xmlDoc *doc)
{
    const xmlNode *first = tree_first(doc);
    return first && !first->prev && !first->next ? first : NULL;
}

int player_dispatch(player *p, client *from, const char *xml, size_t n, text *why)
{
    xmlDoc *doc = p->host.mode == MODE_NODES ? tree_read(xml, n) : NULL;
    dispatching d = {only_stanza(doc), xml, n, from};
    text_add_n(&from->typed, xml, n);
    int result = player_call(p, call_dispatch, &d, why);
    xmlFreeDoc(doc);
    return result;
}

/* ---- playing ---------------------------------------------------------------------------------------------------- */

static void make_clients(player *p)
{
    p->count = p->script->client_count;
    p->clients = fresh((p->count + 1) * sizeof *p->clients);
    for (size_t i = 0; i < p->count; i++) {
        const script_client *is = &p->script->clients[i];
        client *c = &p->clients[i];
        text full = {0};
        const char *at = strchr(is->jid, '@');
        text_format(&full, "%s/%s", is->jid, is->resource);
        c->is = is;
        if (p->options->leaks && at) {
            char *local = copy_n(is->jid, (size_t)(at - is->jid));
            char *user = leak_disguise(local, is->jid), *resource = leak_disguise(is->resource, full.p);
            text_cut(&full, 0);
            text_format(&full, "%s%s/%s", user, at, resource);
            free(local);
            free(user);
            free(resource);
        }
        c->jid = copy_n(full.p, strcspn(full.p, "/"));
        c->full = full.p;
    }
}

static int play_directive(player *p)
{
    text why = {0};
    int result = p->host.service ? renew(p, &why) : 0;
    if (result == 0)
        result = directive_play(p, p->step->directive, text_string(&p->step->body), &why);
    if (result < 0)
        report_failure(p, text_string(&why));
    text_free(&why);
    return result;
}

static int play_step(player *p)
{
    static int (*const kinds[])(player *, client *) = {step_connects, step_disconnects, step_sends, step_receives};
    text why = {0};
    if (p->step->kind == STEP_DIRECTIVE)
        return play_directive(p);
    int result = host_start(&p->host);
    if (result < 0)
        text_add(&why, text_string(&p->host.problem));
    else
        result = renew(p, &why);
    if (result < 0)
        report_failure(p, text_string(&why));
    text_free(&why);
    return result < 0 ? -1 : kinds[p->step->kind](p, &p->clients[p->step->client]);
}

static int check_end(player *p)
{
    p->step = NULL;
    for (size_t i = 0; i < p->count && !p->options->lenient; i++) {
        const client *c = &p->clients[i];
        text why = {0};
        if (c->inbox.count == 0)
            continue;
        text_format(&why, "%s received a stanza that the script does not expect", c->is->name);
        report_mismatch(p, NULL, c->inbox.list[0], text_string(&why));
        text_free(&why);
        return -1;
    }
    return 0;
}

static void free_clients(player *p)
{
    for (size_t i = 0; i < p->count; i++) {
        client *c = &p->clients[i];
        free(c->jid);
        free(c->full);
        words_free(&c->inbox);
        words_free(&c->rooms);
        words_free(&c->directed);
        text_free(&c->typed);
    }
    free(p->clients);
}

int player_play(player *p, const script *s, const options *o, mode how)
{
    size_t live = memory_live(), live_xml = memory_live_xml();
    *p = (player){.script = s, .options = o};
    host_init(&p->host, how);
    p->host.settings.keep_views = !o->drop_views;
    p->host.spared = &o->without;
    for (size_t i = 0; i < o->without.count; i++)
        words_add(&p->host.without, o->without.list[i]);
    make_clients(p);
    int result = 0;
    for (size_t i = 0; i < s->step_count && result == 0; i++) {
        p->step = &s->steps[i];
        result = play_step(p);
    }
    if (result == 0)
        result = check_end(p);
    captures_cut(&p->captures, 0);
    host_end(&p->host);
    free_clients(p);
    xmlResetLastError();
    p->step = NULL;
    if (result == 0 && memory_live() != live)
        result = report_failure(p, "the service did not give back all of its memory");
    if (result == 0 && memory_live_xml() != live_xml)
        result = report_failure(p, "trees of libxml2 were not given back");
    return result;
}

void player_free(player *p)
{
    text_free(&p->transcript);
    text_free(&p->failure);
}
