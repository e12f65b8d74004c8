/* wire.c: bytes out and counts in, by poll(). */
#include <arpa/inet.h>
#include <component/handshake.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "wire.h"

enum { IN = 1 << 20, OUT = 1 << 20, STANZA = 4096, PATIENCE = 30000 };

#define HEADER                                                                                                         \
    "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept' "                                             \
    "xmlns:stream='http://etherx.jabber.org/streams' "

void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    fputs("muc-load: ", stderr);
    vfprintf(stderr, format, args);
    fputc('\n', stderr);
    va_end(args);
    exit(2);
}

static struct sockaddr_in address_of(int port)
{
    return (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static int socket_new(void)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        die("no socket: %s", strerror(errno));
    return fd;
}

static void open_wire(wire *w, int fd)
{
    int on = 1;
    memset(w, 0, sizeof *w);
    w->fd = fd;
    w->in = malloc(IN);
    w->out = malloc(OUT);
    if (!w->in || !w->out)
        die("no memory");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

int wire_listen(int port)
{
    struct sockaddr_in address = address_of(port);
    int fd = socket_new(), on = 1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(fd, (struct sockaddr *)&address, sizeof address) < 0 || listen(fd, 1) < 0)
        die("cannot listen at port %d: %s", port, strerror(errno));
    return fd;
}

static void await(wire *w, const int *flag, const char *what)
{
    for (int ms = 0; !*flag; ms += 10) {
        wire_pump(w, 10);
        if (ms > PATIENCE)
            die("no %s within %d s", what, PATIENCE / 1000);
    }
}

void wire_accept(wire *w, int listener, const char *domain)
{
    struct pollfd wait = {.fd = listener, .events = POLLIN};
    if (poll(&wait, 1, PATIENCE) <= 0)
        die("no component came within %d s", PATIENCE / 1000);
    int fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        die("cannot accept: %s", strerror(errno));
    open_wire(w, fd);
    await(w, &w->seen.opened, "stream");
    wire_send(w, HEADER "from='%s' id='load'>", domain);
    await(w, &w->seen.handshakes, "handshake");
    wire_send(w, "<handshake/>");
}

void wire_connect(wire *w, int port, const char *domain, const char *secret)
{
    char digest[HANDSHAKE_SIZE];
    struct sockaddr_in address = address_of(port);
    int fd = socket_new();
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        die("cannot connect to port %d: %s", port, strerror(errno));
    open_wire(w, fd);
    wire_send(w, HEADER "to='%s'>", domain);
    await(w, &w->seen.opened, "stream");
    if (handshake_digest(w->seen.id, secret, digest) < 0)
        die("no digest");
    wire_send(w, "<handshake>%s</handshake>", digest);
    await(w, &w->seen.handshakes, "handshake");
}

void wire_send(wire *w, const char *format, ...)
{
    va_list args;
    while (OUT - w->out_n < STANZA)
        wire_pump(w, 1000);
    va_start(args, format);
    int n = vsnprintf(w->out + w->out_n, STANZA, format, args);
    va_end(args);
    if (n < 0 || n >= STANZA)
        die("a stanza that is too large");
    w->out_n += (size_t)n;
}

static void write_out(wire *w)
{
    ssize_t n = send(w->fd, w->out + w->out_sent, w->out_n - w->out_sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n < 0 && errno != EAGAIN && errno != EINTR)
        die("the connection is lost: %s", strerror(errno));
    w->out_sent += n > 0 ? (size_t)n : 0;
    memmove(w->out, w->out + w->out_sent, w->out_n - w->out_sent);
    w->out_n -= w->out_sent;
    w->out_sent = 0;
}

static void read_in(wire *w)
{
    ssize_t n = recv(w->fd, w->in + w->in_n, IN - w->in_n, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN && errno != EINTR))
        die("the connection is lost%s%s", n ? ": " : "", n ? strerror(errno) : "");
    if (n < 0)
        return;
    w->in_n += (size_t)n;
    size_t done = scan_feed(&w->seen, w->in, w->in_n);
    if (done == 0 && w->in_n == IN)
        die("a tag that is too large");
    memmove(w->in, w->in + done, w->in_n - done);
    w->in_n -= done;
    if (w->seen.failed || w->seen.errors)
        die("refused: %s", w->seen.problem);
}

int wire_pump(wire *w, int ms)
{
    struct pollfd wait = {.fd = w->fd, .events = (short)(w->out_n ? POLLIN | POLLOUT : POLLIN)};
    if (poll(&wait, 1, ms) < 0 && errno != EINTR)
        die("cannot wait: %s", strerror(errno));
    if (wait.revents & POLLOUT)
        write_out(w);
    if (!(wait.revents & (POLLIN | POLLHUP | POLLERR)))
        return 0;
    read_in(w);
    return 1;
}

void wire_close(wire *w)
{
    close(w->fd);
    free(w->in);
    free(w->out);
}
