/* output.c: blocks of bytes on their way to the server. */
#include <event2/buffer.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "output.h"

/* What is less than COPY goes over by being copied, so that a single stanza does not take a block along. */
enum { BLOCK = 65536, COPY = 8192 };

struct output {
    struct bufferevent *connection;
    struct event *flush; /* soon */
    char *block;
    size_t n; /* bytes in it */
    int soon;
};

static void on_flush(evutil_socket_t fd, short what, void *ud)
{
    static const struct timeval later = {0, 100000};
    struct output *out = ud;
    (void)fd;
    (void)what;
    if (output_flush(out) < 0)
        evtimer_add(out->flush, &later);
}

struct output *output_new(struct event_base *base)
{
    struct output *out = calloc(1, sizeof *out);
    if (!out)
        return NULL;
    out->flush = event_new(base, -1, 0, on_flush, out);
    if (out->flush)
        return out;
    free(out);
    return NULL;
}

void output_attach(struct output *out, struct bufferevent *connection)
{
    out->connection = connection;
    out->n = 0;
}

static void release(const void *bytes, size_t n, void *ud)
{
    (void)bytes;
    (void)n;
    free(ud);
}

/* A little the server mostly takes at once, and no event has to tell that it would; many blocks go faster together. How
 * much it took; what is wrong with the connection libevent will find. */
static size_t send_now(const struct output *out)
{
    if (evbuffer_get_length(bufferevent_get_output(out->connection)))
        return 0;
    ssize_t n = send(bufferevent_getfd(out->connection), out->block, out->n, MSG_DONTWAIT | MSG_NOSIGNAL);
    return n > 0 ? (size_t)n : 0;
}

/* Into libevent's queue, which writes it when the server takes it. */
static int enqueue(struct output *out)
{
    struct evbuffer *queue = bufferevent_get_output(out->connection);
    int r;
    if (out->n < COPY) {
        r = evbuffer_add(queue, out->block, out->n);
    } else {
        r = evbuffer_add_reference(queue, out->block, out->n, release, out->block);
        if (r == 0)
            out->block = NULL;
    }
    if (r == 0)
        out->n = 0;
    return r;
}

int output_flush(struct output *out)
{
    out->soon = 0;
    if (!out->connection || !out->n)
        return 0;
    size_t sent = send_now(out);
    out->n -= sent;
    if (sent && out->n)
        memmove(out->block, out->block + sent, out->n);
    return out->n ? enqueue(out) : 0;
}

/* Room for at least a byte, and where it is. */
static char *room(struct output *out, size_t *size)
{
    if (out->n == BLOCK && enqueue(out) < 0)
        return NULL;
    if (!out->block && !(out->block = malloc(BLOCK)))
        return NULL;
    *size = BLOCK - out->n;
    return out->block + out->n;
}

static int add(struct output *out, muc_span piece)
{
    while (piece.n) {
        size_t size;
        char *to = room(out, &size);
        if (!to)
            return -1;
        size = size < piece.n ? size : piece.n;
        memcpy(to, piece.p, size);
        out->n += size;
        piece.p += size;
        piece.n -= size;
    }
    return 0;
}

int output_add(struct output *out, const muc_span *pieces, size_t count)
{
    if (!out->connection)
        return -1;
    for (size_t i = 0; i < count; i++)
        if (add(out, pieces[i]) < 0)
            return -1;
    if (!out->soon && out->n) {
        out->soon = 1;
        event_active(out->flush, 0, 0);
    }
    return 0;
}

size_t output_queued(const struct output *out)
{
    return out->connection ? out->n + evbuffer_get_length(bufferevent_get_output(out->connection)) : 0;
}

void output_free(struct output *out)
{
    if (!out)
        return;
    event_free(out->flush);
    free(out->block);
    free(out);
}
