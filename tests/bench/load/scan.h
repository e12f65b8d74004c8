/* scan.h: stanzas of a stream, counted and not kept: what comes back is millions, and the player must not be what is
 * measured. A stream of a server holds no comments, sections or processing instructions behind its first line (RFC 6120
 * section 11.1), so that tags are all there is to look for. */
#ifndef LOAD_SCAN_H
#define LOAD_SCAN_H

#include <stddef.h>
#include <stdint.h>

/** What has come. */
typedef struct scan {
    uint64_t presences; /**< of occupants; */
    uint64_t messages;
    uint64_t results;   /**< of requests */
    uint64_t others;    /**< a room's own presence, which not every service sends, requests */
    uint64_t errors;    /**< stanzas of type error */
    uint64_t bytes;     /**< of everything */
    int opened;         /**< the stream's start tag was there, */
    int handshakes;     /**< and the handshake, */
    int failed;         /**< and an error of the stream, or its end */
    char id[128];       /**< of the stream */
    char problem[1024]; /**< the first stanza of type error, or error of the stream, with some of what follows */
    int depth;
} scan;

/** Takes bytes; how many of them are done with. The rest is the start of a tag: to be given again, with more. */
size_t scan_feed(scan *s, const char *bytes, size_t n);

#endif
