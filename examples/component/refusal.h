/* refusal.h: the answer to a stanza that the service could not take at all. */
#ifndef COMPONENT_REFUSAL_H
#define COMPONENT_REFUSAL_H

#include <libxml/tree.h>

#include "stream.h"

/** Tells the sender why: `result` is that of muc_dispatch(). Nothing where an answer may not be: to errors, and to
 * answers. */
void refusal_send(struct stream *s, const xmlNode *stanza, int result);
/** Sends, in the place of an answer that is too large to be sent, that this is so. Nothing for other stanzas. */
void refusal_replace(struct stream *s, const xmlNode *answer, const char *to);

#endif
