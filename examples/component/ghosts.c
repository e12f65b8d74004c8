/* ghosts.c: pings after the connection is back (XEP-0045 section 18.1, XEP-0199). */
#include <stdlib.h>
#include <string.h>

#include "ghosts.h"
#include "log.h"

/* Milliseconds between two portions, and how many one is; how long an answer may take. */
enum { PAUSE = 100, PORTION = 100, PATIENCE = 30000 };

/* room: who asks; NULL: the service. */
typedef struct ghost {
    char *jid, *room;
} ghost;

struct ghosts {
    muc_service *service;
    struct event *timer;
    ghost *all; /* by the service: each JID once */
    size_t count, size, next;
};

/* What a server says of somebody who is not there, or a server about another that it does not reach. */
static int is_gone(muc_condition condition)
{
    static const muc_condition conditions[] = {
        MUC_ITEM_NOT_FOUND,          MUC_RECIPIENT_UNAVAILABLE, MUC_GONE,    MUC_JID_MALFORMED,
        MUC_REMOTE_SERVER_NOT_FOUND, MUC_REMOTE_SERVER_TIMEOUT, MUC_REDIRECT};
    for (size_t i = 0; i < sizeof conditions / sizeof conditions[0]; i++)
        if (condition == conditions[i])
            return 1;
    return 0;
}

/* A client takes a message without content in silence; a server whose user is not there sends it back (RFC 6121 section
 * 8.5.3.2.1), and then the room knows. */
static int send_nothing(muc_session *session, void *ud)
{
    muc_room *room = muc_occupant_room(muc_session_occupant(session));
    muc_xml *message = muc_xml_new(muc_room_service(room), "message");
    (void)ud;
    muc_xml_attr(message, "type", "groupchat");
    muc_xml_open(message, "x", MUC_NS_USER);
    muc_xml_close(message);
    return muc_room_route(room, message, muc_session_jid(session));
}

/* Service-unavailable is what a server says of who is not there (RFC 6121 section 8.5.3.2.3), and also what a client
 * says that does not know pings (RFC 6120 section 8.4). */
static int on_answer(const muc_answer *answer, void *ud)
{
    char *jid = ud;
    int r = 0;
    if (answer->outcome == MUC_OUTCOME_ERROR && is_gone(answer->condition)) {
        log_debug("%s is not there any more", jid);
        r = muc_peer_gone(answer->service, jid, NULL);
    } else if (answer->outcome == MUC_OUTCOME_ERROR && answer->condition == MUC_SERVICE_UNAVAILABLE) {
        r = muc_peer_sessions(answer->service, jid, send_nothing, NULL);
    }
    free(jid);
    return r;
}

/* ---- who is there ----------------------------------------------------------------------------------------------- */

static void forget(struct ghosts *g)
{
    for (size_t i = g->next; i < g->count; i++) {
        free(g->all[i].jid);
        free(g->all[i].room);
    }
    free(g->all);
    g->all = NULL;
    g->count = g->size = g->next = 0;
}

static int add(struct ghosts *g, const char *jid, const char *room)
{
    if (g->count == g->size) {
        size_t size = g->size ? 2 * g->size : 64;
        ghost *more = realloc(g->all, size * sizeof *more);
        if (!more)
            return -1;
        g->all = more;
        g->size = size;
    }
    ghost one = {strdup(jid), room ? strdup(room) : NULL};
    if (one.jid && (one.room || !room)) {
        g->all[g->count++] = one;
        return 0;
    }
    free(one.jid);
    free(one.room);
    return -1;
}

static int compare(const void *a, const void *b)
{
    return strcmp(((const ghost *)a)->jid, ((const ghost *)b)->jid);
}

/* Who is in several rooms is asked once. */
static void make_unique(struct ghosts *g)
{
    if (g->count)
        qsort(g->all, g->count, sizeof *g->all, compare);
    size_t kept = 0;
    for (size_t i = 0; i < g->count; i++) {
        if (kept && strcmp(g->all[kept - 1].jid, g->all[i].jid) == 0)
            free(g->all[i].jid);
        else
            g->all[kept++] = g->all[i];
    }
    g->count = kept;
}

static int gather_room(struct ghosts *g, muc_room *room, const char *asks)
{
    for (muc_occupant *occupant = NULL; (occupant = muc_occupant_next(room, occupant));)
        for (muc_session *session = NULL; (session = muc_session_next(occupant, session));)
            if (add(g, muc_session_jid(session), asks) < 0)
                return -1;
    return 0;
}

static int gather(struct ghosts *g)
{
    for (muc_room *room = NULL; (room = muc_room_next(g->service, room));)
        if (gather_room(g, room, NULL) < 0)
            return -1;
    return 0;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

/* MUC_ERR_LIMIT: later. Else what there was to be asked is freed, at the latest with the answer. */
static int ask(struct ghosts *g, ghost *one)
{
    muc_room *room = one->room ? muc_room_find(g->service, one->room) : NULL;
    int r = one->room && !room ? MUC_ERR_NOT_FOUND : MUC_OK;
    if (r == MUC_OK) {
        muc_xml *iq = muc_xml_new(g->service, "iq");
        muc_xml_attr(iq, "type", "get");
        muc_xml_open(iq, "ping", "urn:xmpp:ping");
        muc_xml_close(iq);
        r = room ? muc_room_query(room, iq, one->jid, PATIENCE, on_answer, one->jid)
                 : muc_service_query(g->service, iq, one->jid, PATIENCE, on_answer, one->jid);
    }
    if (r == MUC_ERR_LIMIT)
        return r;
    if (r < 0)
        free(one->jid);
    free(one->room);
    return r;
}

static void on_timer(evutil_socket_t fd, short what, void *ud)
{
    struct ghosts *g = ud;
    (void)fd;
    (void)what;
    /* As many as may wait for an answer at once; the others when these have. */
    for (size_t i = 0; i < PORTION && g->next < g->count; i++, g->next++)
        if (ask(g, &g->all[g->next]) == MUC_ERR_LIMIT)
            break;
    struct timeval pause = {0, PAUSE * 1000};
    if (g->next < g->count)
        evtimer_add(g->timer, &pause);
    else
        forget(g);
}

struct ghosts *ghosts_new(struct event_base *base, muc_service *service)
{
    struct ghosts *g = calloc(1, sizeof *g);
    if (!g)
        return NULL;
    g->service = service;
    g->timer = evtimer_new(base, on_timer, g);
    if (g->timer)
        return g;
    free(g);
    return NULL;
}

void ghosts_look(struct ghosts *g)
{
    ghosts_stop(g);
    if (gather(g) < 0)
        log_error("no memory to look for those who have gone meanwhile");
    make_unique(g);
    if (g->count)
        log_info("asking %zu users whether they are still there", g->count);
    struct timeval now = {0, 0};
    evtimer_add(g->timer, &now);
}

void ghosts_look_in(struct ghosts *g, muc_room *room)
{
    struct timeval soon = {0, PAUSE * 1000};
    if (gather_room(g, room, muc_room_jid(room)) < 0)
        log_error("no memory to look for those who have gone meanwhile");
    if (g->count && !evtimer_pending(g->timer, NULL))
        evtimer_add(g->timer, &soon);
}

void ghosts_stop(struct ghosts *g)
{
    evtimer_del(g->timer);
    forget(g);
}

void ghosts_free(struct ghosts *g)
{
    if (!g)
        return;
    ghosts_stop(g);
    event_free(g->timer);
    free(g);
}
