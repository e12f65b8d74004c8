/* recent.h: the latest private messages of a room: which of them may come back. */
#ifndef MU_MODEL_RECENT_H
#define MU_MODEL_RECENT_H

#include <base/buf.h>
#include <muc/types.h>

/* Remembers one of a user to another, by their bare keys. id may be NULL. MUC_OK or MUC_ERR_NOMEM. */
int mu_recent_add(muc_room *room, muc_span by, muc_span to, const char *id);
/* It came back: forgets it. MUC_OK; MUC_ERR_NOT_FOUND: there was none, or it came back before; MUC_ERR_NOMEM. */
int mu_recent_take(muc_room *room, muc_span by, muc_span to, const char *id);
/* All of them as text, and back: MUC_OK, MUC_ERR_MALFORMED or MUC_ERR_NOMEM. */
void mu_recent_write(const muc_room *room, mu_buf *out);
int mu_recent_read(muc_room *room, const char *text);

#endif
