/* stream.h: the connection to the server: an external component's stream (XEP-0114), made anew when it is lost.
 *
 * It is plain TCP, as that protocol is: use it on one machine, in a network that you trust, or through a tunnel. */
#ifndef COMPONENT_STREAM_H
#define COMPONENT_STREAM_H

#include <event2/event.h>
#include <libxml/tree.h>
#include <muc/types.h>

struct stream;

/** What it needs to know. The strings are the caller's, and stay until others are given. */
typedef struct stream_config {
    const char *domain; /**< whose component it is */
    const char *host;   /**< the server's name or address */
    const char *port;   /**< its number */
    const char *secret; /**< shared with the server */
    size_t max_element; /**< bytes of a stanza that comes (parser.h) */
    size_t max_depth;   /**< elements within each other in it (parser.h) */
    size_t max_queued;  /**< bytes that wait for the server: when there are more, nothing is read until half are gone */
} stream_config;

/** What it tells. None may free it. */
typedef struct stream_events {
    void (*up)(void *ud);                                     /**< the server has taken us */
    void (*stanza)(const xmlNode *stanza, int cut, void *ud); /**< see parser_events */
    void (*batch)(void *ud);                                  /**< all that was read has been told */
    void (*down)(int was_up, void *ud); /**< the connection is lost, or was not to be had; the next try will come */
    void (*over)(int status, void *ud); /**< stream_end() is through, or the server will never take us (exits.h) */
} stream_events;

/** NULL: no memory. It does nothing before stream_start(). */
struct stream *stream_new(struct event_base *base, const stream_config *config, const stream_events *events, void *ud);
/** Other values, from the next connection on; max_queued at once. */
void stream_configure(struct stream *s, const stream_config *config);
/** Connects, again and again until it works, with growing pauses. */
void stream_start(struct stream *s);
/** Whether stanzas go out now: 1 or 0. */
int stream_is_up(const struct stream *s);
/** Writes a stanza, or a part of one, in pieces; copied. Nothing while it is not up. Without memory for it the
 * connection is lost: half a stanza would end it, too. */
void stream_write(struct stream *s, const muc_span *pieces, size_t count);
/** Says goodbye, and connects again after so many milliseconds. Nothing while it is not up. */
void stream_again(struct stream *s, int milliseconds);
/** Reads no more, and does not come back when it is lost; what is written goes out until stream_end(), which is to
 * follow. */
void stream_hush(struct stream *s);
/** Reads no more, writes what waits, and says goodbye; when the server takes too long, without. Then it is over. */
void stream_end(struct stream *s);
/** NULL is fine. */
void stream_free(struct stream *s);

#endif
