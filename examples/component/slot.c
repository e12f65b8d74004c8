/* slot.c: stanzas to ourselves, to learn whether the server sends us anything. */
#include "slot.h"

#include <muc/muc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "log.h"

#define NS "urn:libmuc:slot"

/* Of a hundred slots one is missed by so many with less than one in thirty; of three by none that anybody will see. */
enum { FIRST = 64, SECOND = 256, PATIENCE = 1000 /* milliseconds */ };

struct slot {
    struct stream *stream;
    const char *domain;
    const slot_events *events;
    void *ud;
    struct event *timer;
    char token[33];
    int tries; /* 0: nothing is being tried */
};

/* ---- sending ----------------------------------------------------------------------------------------------------- */

static muc_span span(const char *text)
{
    return (muc_span){text, strlen(text)};
}

/* A room's JID has nothing that would have to be escaped (RFC 7622 section 3.3.1). */
static void send_to(struct slot *s, const char *to, const char *what, const char *token)
{
    muc_span pieces[] = {span("<message type='headline' from='"),
                         span(s->domain),
                         span("' to='"),
                         span(to),
                         span("'><"),
                         span(what),
                         span(" xmlns='" NS "' token='"),
                         span(token),
                         span("'/></message>")};
    stream_write(s->stream, pieces, sizeof pieces / sizeof *pieces);
}

static int make_token(char token[33])
{
    uint8_t bytes[16];
    if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes)
        return -1;
    for (size_t i = 0; i < sizeof bytes; i++)
        snprintf(token + 2 * i, 3, "%02x", (unsigned)bytes[i]);
    return 0;
}

/* To so many rooms. The names are long, so that nobody has such a room. */
static void probe(struct slot *s, int count)
{
    static const struct timeval patience = {PATIENCE / 1000, PATIENCE % 1000 * 1000};
    char name[33], jid[1200];
    for (int i = 0; i < count && make_token(name) == 0; i++) {
        snprintf(jid, sizeof jid, "%s@%s", name, s->domain);
        send_to(s, jid, "probe", s->token);
    }
    s->tries++;
    evtimer_add(s->timer, &patience);
}

static void on_timer(evutil_socket_t fd, short what, void *ud)
{
    struct slot *s = ud;
    (void)fd, (void)what;
    if (s->tries < 2) {
        probe(s, SECOND);
        return;
    }
    slot_stop(s);
    s->events->missing(s->ud);
}

/* ---- interface --------------------------------------------------------------------------------------------------- */

struct slot *slot_new(struct event_base *base, struct stream *stream, const char *domain, const slot_events *events,
                      void *ud)
{
    struct slot *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->stream = stream;
    s->domain = domain;
    s->events = events;
    s->ud = ud;
    s->timer = evtimer_new(base, on_timer, s);
    if (s->timer)
        return s;
    free(s);
    return NULL;
}

void slot_look(struct slot *s)
{
    s->tries = 0;
    if (make_token(s->token) < 0)
        log_error("no random bytes: this connection is not tried out");
    else
        probe(s, FIRST);
}

void slot_stop(struct slot *s)
{
    s->tries = 0;
    evtimer_del(s->timer);
}

void slot_call(struct slot *s, const char *jid)
{
    send_to(s, jid, "wake", "");
}

int slot_take(struct slot *s, const xmlNode *stanza)
{
    const char *from = muc_node_attr(stanza, "from"), *to = muc_node_attr(stanza, "to"), *token;
    const xmlNode *what;
    if (!from || !to || strcmp(from, s->domain) != 0 || !muc_node_is(stanza, "message", NULL))
        return 0;
    if ((what = muc_node_child(stanza, "probe", NS)) != NULL) {
        token = muc_node_attr(what, "token");
        if (s->tries && token && strcmp(token, s->token) == 0) {
            slot_stop(s);
            s->events->found(s->ud);
        }
        return 1;
    }
    if (!muc_node_child(stanza, "wake", NS))
        return 0;
    s->events->wake(to, s->ud);
    return 1;
}

void slot_free(struct slot *s)
{
    if (!s)
        return;
    event_free(s->timer);
    free(s);
}
