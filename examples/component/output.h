/* output.h: bytes that wait to be written to the server.
 *
 * Stanzas are small and many, and copying them costs less than keeping count of their pieces: they are gathered in
 * large blocks, which libevent then writes from where they are. That is a third of the time of evbuffer_add() for each
 * piece (33 against 100 ns for a stanza of 360 bytes). */
#ifndef COMPONENT_OUTPUT_H
#define COMPONENT_OUTPUT_H

#include <event2/bufferevent.h>
#include <event2/event.h>
#include <muc/types.h>

struct output;

/** NULL: no memory. */
struct output *output_new(struct event_base *base);
/** Where they go from now on; what has waited for another connection is forgotten. NULL: nowhere. */
void output_attach(struct output *out, struct bufferevent *connection);
/** Adds bytes, which go out when the program waits for events next. 0, or -1: no memory, or no connection. */
int output_add(struct output *out, const muc_span *pieces, size_t count);
/** Hands all to the connection now. 0, or -1: no memory. */
int output_flush(struct output *out);
/** How many bytes wait. */
size_t output_queued(const struct output *out);
/** NULL is fine. */
void output_free(struct output *out);

#endif
