/* view.h: writing one view of a presence; for announce.c and those who send single presences. */
#ifndef MU_ACTION_VIEW_H
#define MU_ACTION_VIEW_H

#include <action/action.h>

/* One presence about an occupant. jid NULL: the anonymous view. payload is counted by the packet. */
int mu_view_write(muc_occupant *occupant, const mu_notice_about *about, const char *jid, bool self, const char *id,
                  mu_blob *payload, mu_packet **out);

#endif
