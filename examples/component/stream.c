/* stream.c: connecting, the handshake, reading as fast as the server takes what is said, and coming back (XEP-0114).
 *
 * Names are looked up by the system's resolver, which may take its time: nobody is served meanwhile, since there is no
 * connection. Every address of a name is tried. */
#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <errno.h>
#include <muc/xml.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <time.h>

#include "exits.h"
#include "handshake.h"
#include "log.h"
#include "output.h"
#include "parser.h"
#include "stream.h"

/* Milliseconds. */
enum {
    CONNECT_TIME = 10000,
    HANDSHAKE_TIME = 30000,
    END_TIME = 5000,
    CLOSE_TIME = 2000,
    FIRST_PAUSE = 500,
    LONGEST_PAUSE = 60000
};
/* Seconds: a server that takes nothing for so long is gone; a connection that held for so long was a good one. */
enum { STALLED = 120, HELD = 10 };
/* Bytes: after each slice it is looked how much waits to be written. */
enum { SLICE = 4096, READ_AHEAD = 65536, WRITE_AT_ONCE = 1 << 20 };

/* CLOSING: we end this connection, and make another one; ENDING: we do not. */
typedef enum state { DOWN, CONNECTING, OPENING, GREETED, UP, CLOSING, ENDING, OVER } state;

struct stream {
    struct event_base *base;
    stream_config config;
    const stream_events *events;
    void *ud;
    state state;
    struct addrinfo *addresses, *address; /* the server's, and the one that is tried */
    struct bufferevent *connection;
    struct output *out;
    struct parser *parser;
    struct event *timer; /* the next try, or the end of patience */
    int pause;           /* before the next try */
    int again;           /* so long before it, exactly; 0: by `pause` */
    time_t since;        /* when it went up; 0: it did not */
    int deaf;            /* nothing is read, since too much waits to be written */
    int hushed;          /* nothing is read any more, nor another connection made */
    int error;           /* why the latest address could not be reached */
    int status;          /* what the program ends with; 0: it may try again */
};

static void set_timer(struct stream *s, int ms)
{
    struct timeval t = {ms / 1000, ms % 1000 * 1000};
    evtimer_add(s->timer, &t);
}

static time_t seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec;
}

/* Half of the pause at least: components that lost one server shall not all come back at once. */
static int jitter(int pause)
{
    unsigned random = 0;
    (void)!getrandom(&random, sizeof random, GRND_NONBLOCK);
    return pause / 2 + (int)(random % (unsigned)(pause / 2 + 1));
}

static void say(struct stream *s, const char *text)
{
    bufferevent_write(s->connection, text, strlen(text));
}

/* ---- the end of a connection ------------------------------------------------------------------------------------ */

static void drop(struct stream *s)
{
    output_attach(s->out, NULL);
    if (s->connection)
        bufferevent_free(s->connection);
    s->connection = NULL;
    parser_free(s->parser);
    s->parser = NULL;
    s->deaf = 0;
}

static void try_later(struct stream *s)
{
    int pause = s->again ? s->again : jitter(s->pause);
    log_debug("the next try is in %d.%03d s", pause / 1000, pause % 1000);
    if (!s->again)
        s->pause = s->pause * 2 < LONGEST_PAUSE ? s->pause * 2 : LONGEST_PAUSE;
    s->again = 0;
    set_timer(s, pause);
}

/* Not from inside of the parser. */
static void lose(struct stream *s)
{
    int was_up = s->since != 0, over = s->state == ENDING || s->status;
    drop(s);
    evtimer_del(s->timer);
    s->state = over ? OVER : DOWN;
    if (over) {
        s->events->over(s->status, s->ud);
        return;
    }
    if (was_up && seconds() - s->since >= HELD)
        s->pause = FIRST_PAUSE;
    s->since = 0;
    if (!s->hushed)
        try_later(s);
    s->events->down(was_up, s->ud);
}

/* Says goodbye behind what waits. The server's last words are read until it closes, too: closing before would take back
 * ours. */
static void close_stream(struct stream *s, state next, const char *goodbye)
{
    (void)output_flush(s->out);
    bufferevent_setwatermark(s->connection, EV_WRITE, 0, 0);
    say(s, goodbye);
    bufferevent_enable(s->connection, EV_READ);
    s->state = next;
    set_timer(s, END_TIME);
}

/* ---- what the server says --------------------------------------------------------------------------------------- */

static int on_opened(const xmlNode *root, void *ud)
{
    struct stream *s = ud;
    const char *id = muc_node_attr(root, "id");
    char digest[HANDSHAKE_SIZE];
    if (!muc_node_is(root, "stream", NS_STREAM) || !id || handshake_digest(id, s->config.secret, digest) < 0) {
        log_error("%s:%s does not speak the component protocol: is it the port for components?", s->config.host,
                  s->config.port);
        return 1;
    }
    say(s, "<handshake>");
    say(s, digest);
    say(s, "</handshake>");
    s->state = GREETED;
    return 0;
}

static void greet(struct stream *s)
{
    evtimer_del(s->timer);
    s->state = UP;
    s->since = seconds();
    struct timeval stalled = {STALLED, 0};
    bufferevent_set_timeouts(s->connection, NULL, &stalled);
    output_attach(s->out, s->connection);
    s->events->up(s->ud);
}

static int on_element(const xmlNode *element, int cut, void *ud)
{
    struct stream *s = ud;
    if (muc_node_is(element, "error", NS_STREAM)) {
        s->status = handshake_complain(element, s->config.host, s->config.port, s->config.domain);
        return 1;
    }
    if (s->state == UP)
        s->events->stanza(element, cut, s->ud);
    else if (s->state == GREETED && muc_node_is(element, "handshake", MUC_NS_CLIENT))
        greet(s);
    return 0;
}

static int on_closed(void *ud)
{
    const struct stream *s = ud;
    log_info("%s:%s has closed the stream", s->config.host, s->config.port);
    return 1;
}

static const parser_events parser_handlers = {on_opened, on_element, on_closed};

/* ---- reading and writing ---------------------------------------------------------------------------------------- */

static void set_deaf(struct stream *s, int deaf)
{
    if (deaf == s->deaf)
        return;
    s->deaf = deaf;
    log_debug("%s: %zu bytes wait for the server", deaf ? "reading stops" : "reading goes on", output_queued(s->out));
    if (deaf)
        bufferevent_disable(s->connection, EV_READ);
    else
        bufferevent_enable(s->connection, EV_READ);
}

/* About the server, to it. */
static void complain(struct stream *s, const char *condition)
{
    char text[200];
    snprintf(text, sizeof text,
             "<stream:error><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>",
             condition);
    close_stream(s, CLOSING, text);
}

/* Takes what has been read, as long as the server takes what that leads to. */
static void take(struct stream *s)
{
    struct evbuffer *input = bufferevent_get_input(s->connection);
    int r = 0;
    while (r == 0 && !s->deaf && !s->hushed && evbuffer_get_length(input)) {
        char slice[SLICE];
        int n = evbuffer_remove(input, slice, sizeof slice);
        r = parser_feed(s->parser, slice, (size_t)n);
        if (output_queued(s->out) > s->config.max_queued)
            set_deaf(s, 1);
    }
    s->events->batch(s->ud);
    if (r < 0) {
        log_error("%s:%s sends what is no XML stream: %s", s->config.host, s->config.port, parser_error(s->parser));
        complain(s, parser_condition(s->parser));
    } else if (r > 0) {
        lose(s);
    }
}

static int is_closing(const struct stream *s)
{
    return s->state == CLOSING || s->state == ENDING;
}

static void on_read(struct bufferevent *connection, void *ud)
{
    struct stream *s = ud;
    struct evbuffer *input = bufferevent_get_input(connection);
    if (is_closing(s))
        evbuffer_drain(input, evbuffer_get_length(input));
    else
        take(s);
}

/* Less than half of what may wait does. */
static void on_written(struct bufferevent *connection, void *ud)
{
    struct stream *s = ud;
    if (is_closing(s)) {
        shutdown(bufferevent_getfd(connection), SHUT_WR);
        set_timer(s, CLOSE_TIME);
    } else if (s->deaf && !s->hushed) {
        set_deaf(s, 0);
        take(s);
    }
}

/* ---- connecting ------------------------------------------------------------------------------------------------- */

static void try_address(struct stream *s);

static void open_stream(struct stream *s)
{
    int fd = bufferevent_getfd(s->connection), on = 1, idle = 60, every = 15, times = 4;
    unsigned unheard = STALLED * 1000;
    /* So that a link that has died is noticed even when nobody says anything, or when little that was said is not
     * acknowledged: by themselves TCP's attempts take a quarter of an hour. */
    setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &unheard, sizeof unheard);
    setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &idle, sizeof idle);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &every, sizeof every);
    setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &times, sizeof times);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    s->state = OPENING;
    set_timer(s, HANDSHAKE_TIME);
    bufferevent_enable(s->connection, EV_READ | EV_WRITE);
    say(s, "<?xml version='1.0'?><stream:stream xmlns='" NS_COMPONENT "' xmlns:stream='" NS_STREAM "' to='");
    say(s, s->config.domain);
    say(s, "'>");
}

static void on_event(struct bufferevent *connection, short what, void *ud)
{
    struct stream *s = ud;
    (void)connection;
    if (what & BEV_EVENT_CONNECTED) {
        open_stream(s);
        return;
    }
    int error = EVUTIL_SOCKET_ERROR();
    const char *why = what & BEV_EVENT_TIMEOUT ? "it takes nothing any more"
                      : what & BEV_EVENT_EOF   ? "it has closed the connection"
                                               : strerror(error);
    if (s->state == CONNECTING) {
        s->error = error;
        s->address = s->address->ai_next;
        try_address(s);
        return;
    }
    if (!is_closing(s))
        log_warning("%s:%s is gone: %s", s->config.host, s->config.port, why);
    lose(s);
}

static int prepare(struct stream *s)
{
    parser_limits limits = {s->config.max_element, s->config.max_depth};
    drop(s);
    s->parser = parser_new(&limits, &parser_handlers, s);
    s->connection = bufferevent_socket_new(s->base, -1, BEV_OPT_CLOSE_ON_FREE);
    if (!s->parser || !s->connection)
        return -1;
    bufferevent_setcb(s->connection, on_read, on_written, on_event, s);
    bufferevent_setwatermark(s->connection, EV_READ, 0, READ_AHEAD);
    bufferevent_set_max_single_write(s->connection, WRITE_AT_ONCE);
    bufferevent_setwatermark(s->connection, EV_WRITE, s->config.max_queued / 2, 0);
    return 0;
}

/* The current address, and those behind it. */
static void try_address(struct stream *s)
{
    for (; s->address; s->address = s->address->ai_next) {
        s->state = CONNECTING;
        set_timer(s, CONNECT_TIME);
        if (prepare(s) == 0 &&
            bufferevent_socket_connect(s->connection, s->address->ai_addr, (int)s->address->ai_addrlen) == 0)
            return;
        s->error = errno;
    }
    log_warning("%s:%s cannot be reached: %s", s->config.host, s->config.port, strerror(s->error));
    lose(s);
}

static void connect_server(struct stream *s)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    if (s->addresses)
        freeaddrinfo(s->addresses);
    s->addresses = NULL;
    int r = getaddrinfo(s->config.host, s->config.port, &hints, &s->addresses);
    if (r) {
        log_warning("%s cannot be found: %s", s->config.host, gai_strerror(r));
        lose(s);
        return;
    }
    s->address = s->addresses;
    try_address(s);
}

static void on_timer(evutil_socket_t fd, short what, void *ud)
{
    struct stream *s = ud;
    (void)fd;
    (void)what;
    if (s->state == DOWN) {
        connect_server(s);
    } else if (s->state == CONNECTING) {
        s->error = ETIMEDOUT;
        s->address = s->address->ai_next;
        try_address(s);
    } else {
        if (!is_closing(s))
            log_warning("%s:%s does not answer as a server does", s->config.host, s->config.port);
        lose(s);
    }
}

/* ---- interface -------------------------------------------------------------------------------------------------- */

struct stream *stream_new(struct event_base *base, const stream_config *config, const stream_events *events, void *ud)
{
    struct stream *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->base = base;
    s->config = *config;
    s->events = events;
    s->ud = ud;
    s->pause = FIRST_PAUSE;
    s->out = output_new(base);
    s->timer = evtimer_new(base, on_timer, s);
    if (s->out && s->timer)
        return s;
    stream_free(s);
    return NULL;
}

void stream_configure(struct stream *s, const stream_config *config)
{
    s->config = *config;
    if (s->connection)
        bufferevent_setwatermark(s->connection, EV_WRITE, s->config.max_queued / 2, 0);
}

void stream_start(struct stream *s)
{
    set_timer(s, 0);
}

int stream_is_up(const struct stream *s)
{
    return s->state == UP;
}

void stream_write(struct stream *s, const muc_span *pieces, size_t count)
{
    if (s->state != UP || output_add(s->out, pieces, count) == 0)
        return;
    log_error("no memory for what goes to the server: the connection is made anew");
    output_attach(s->out, NULL);
    s->state = CLOSING;
    set_timer(s, 0);
}

void stream_hush(struct stream *s)
{
    s->hushed = 1;
    if (s->state == UP) {
        bufferevent_disable(s->connection, EV_READ);
    } else if (s->state < UP) {
        drop(s);
        evtimer_del(s->timer);
        s->state = DOWN;
    }
}

void stream_again(struct stream *s, int milliseconds)
{
    if (s->state != UP)
        return;
    s->again = milliseconds;
    close_stream(s, CLOSING, "</stream:stream>");
}

void stream_end(struct stream *s)
{
    if (s->state == UP) {
        close_stream(s, ENDING, "</stream:stream>");
    } else if (s->state != ENDING && s->state != OVER) {
        drop(s);
        s->state = ENDING;
        set_timer(s, 0);
    }
}

void stream_free(struct stream *s)
{
    if (!s)
        return;
    drop(s);
    output_free(s->out);
    if (s->timer)
        event_free(s->timer);
    if (s->addresses)
        freeaddrinfo(s->addresses);
    free(s);
}
