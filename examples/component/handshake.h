/* handshake.h: how a component and its server make sure of each other, and what the server says when it does not take
 * us (XEP-0114 section 3, RFC 6120 section 4.9). */
#ifndef COMPONENT_HANDSHAKE_H
#define COMPONENT_HANDSHAKE_H

#include <libxml/tree.h>

#define NS_STREAM    "http://etherx.jabber.org/streams"
#define NS_COMPONENT "jabber:component:accept"

/** A SHA-1 in hexadecimal digits, with the NUL. */
#define HANDSHAKE_SIZE 41

/** What the server wants to hear: the SHA-1 of the stream's id and the secret. 0, or -1: no memory. */
int handshake_digest(const char *id, const char *secret, char out[HANDSHAKE_SIZE]);
/** Logs what a stream error means and what to do about it. What the program ends with (exits.h), or 0: it may try
 * again. */
int handshake_complain(const xmlNode *error, const char *host, const char *port, const char *domain);

#endif
