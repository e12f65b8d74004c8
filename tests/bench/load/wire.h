/* wire.h: the player's one connection: the component protocol (XEP-0114) from either side of it. */
#ifndef LOAD_WIRE_H
#define LOAD_WIRE_H

#include "scan.h"

typedef struct wire {
    int fd;
    scan seen; /**< what has come */
    char *in, *out;
    size_t in_n, out_n, out_sent;
} wire;

/** Listens at a port of 127.0.0.1. */
int wire_listen(int port);
/** Takes the component that comes there, as the server of `domain`; whatever secret it knows will do. */
void wire_accept(wire *w, int listener, const char *domain);
/** Becomes the component `domain` of the server at a port of 127.0.0.1. */
void wire_connect(wire *w, int port, const char *domain, const char *secret);
/** Sends text, now or while waiting. */
__attribute__((format(printf, 2, 3))) void wire_send(wire *w, const char *format, ...);
/** Reads and writes what there is to, waiting for at most so many milliseconds. 1: something came; 0: nothing did.
 * Ends the program when the connection is lost, or something was refused. */
int wire_pump(wire *w, int ms);
void wire_close(wire *w);

/** Ends the program, with what did not work. */
__attribute__((format(printf, 1, 2), noreturn)) void die(const char *format, ...);

#endif
