/* service.h: the chat service of the program, between the stream, the rooms and the configuration. */
#ifndef COMPONENT_SERVICE_H
#define COMPONENT_SERVICE_H

#include <event2/event.h>
#include <muc/muc.h>

#include "config.h"
#include "rooms.h"
#include "stream.h"

/** The program. It is the `ud` of the service's callbacks. */
struct component {
    struct event_base *base;
    struct config config;
    char *secret; /* shared with the server */
    struct rooms *rooms;
    muc_service *service;
    const muc_feature **features; /* the library's, its own, the rooms', and those that were loaded */
    struct stream *stream;
    struct ghosts *ghosts;
    struct slot *slot; /* NULL: no other process shares the domain */
    struct event *sweep;
    int standing_by; /* the server had no place for it the last time */
    int ending;      /* nothing is taken any more */
    int saved;       /* and all is saved that can be */
    int over;        /* the stream is */
    int wanted;      /* what the program ends with if all is saved, */
    int status;      /* and as things stand */
};

/** Opens the rooms and makes the service and the stream, as `config` says. 0, or what the program ends with: a message
 * has been logged. */
int component_open(struct component *component);
/** Connects. */
void component_start(struct component *component);
/** Takes over what is different in a new configuration, as far as that can be without a new start, and logs what
 * cannot; *next is the old one then. 0, or EXIT_CONFIG: nothing has changed. */
int component_configure(struct component *component, struct config *next);
/** Ends everything in order: rooms are saved, what waits is written, and then the loop is left. `status`: what the
 * program ends with if all goes well. */
void component_end(struct component *component, int status);
/** Leaves the loop, saved or not. */
void component_leave(struct component *component);
/** Frees what component_open() made, whether that worked or not. */
void component_close(struct component *component);

#endif
