/* delivery.h: an outgoing stanza and its recipients.
 *
 * A delivery is one immutable stanza for one or many recipients. Its bytes were written once and are shared by all of
 * them, by the room's history and by the occupant's kept presence; only ` to='...'` differs. Take it as it suits you:
 *
 *  - pieces, for writev() or to be copied: muc_delivery_shared() once and muc_delivery_to() for many recipients at a
 *    time, or muc_delivery_pieces() for one;
 *  - one buffer: muc_delivery_size() and muc_delivery_write();
 *  - a tree: muc_delivery_node().
 *
 * The stanza is in `jabber:client` without saying so on its root element. Between the first and the third piece a host
 * may put attributes or an `xmlns` of its own. */
#ifndef MUC_DELIVERY_H
#define MUC_DELIVERY_H

#include <libxml/tree.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

/** How many pieces a stanza has. Empty pieces have n = 0. */
#define MUC_PIECES 4

/** How many recipients there are: at least 1. */
MUC_EXTERN size_t muc_delivery_count(const muc_delivery *delivery);
/** The full real JID (or, for notices to somebody absent, the bare one) of recipient i < count, as the host gave it.
 * Valid as long as the delivery. */
MUC_EXTERN muc_span muc_delivery_jid(const muc_delivery *delivery, size_t i);
/** The host's own pointer for recipient i (muc_peer_userdata()): what its latest stanza came with, or NULL. */
MUC_EXTERN void *muc_delivery_userdata(const muc_delivery *delivery, size_t i);
/** The bytes for recipient i, in order: the start of the start tag, ` to='...'`, the rest that all views share, the
 * rest of this view. Pieces 0, 2 and 3 are the same for every recipient. Valid as long as the delivery. */
MUC_EXTERN void muc_delivery_pieces(const muc_delivery *delivery, size_t i, muc_span pieces[MUC_PIECES]);
/** The same pieces but the one that differs: pieces[1] is empty. With muc_delivery_to() the cheapest way to many
 * recipients, since nothing is asked for twice:
 *
 *     muc_span pieces[MUC_PIECES];
 *     const muc_span *to;
 *     muc_delivery_shared(delivery, pieces);
 *     for (size_t first = 0, n; (to = muc_delivery_to(delivery, first, &n)); first += n)
 *         for (size_t i = 0; i < n; i++)
 *             send_to(muc_delivery_userdata(delivery, first + i), pieces[0], to[i], pieces[2], pieces[3]);
 */
MUC_EXTERN void muc_delivery_shared(const muc_delivery *delivery, muc_span pieces[MUC_PIECES]);
/** Piece 1, ` to='...'`, of the recipients from `first` on: the library's own list, valid during the send callback
 * until the next call that changes something, and for a delivery that is kept or was pulled until then, too. *n: of how
 * many, at most all that are left. NULL: there are no more. */
MUC_EXTERN const muc_span *muc_delivery_to(const muc_delivery *delivery, size_t first, size_t *n);
/** The bytes of the stanza for recipient i. */
MUC_EXTERN size_t muc_delivery_size(const muc_delivery *delivery, size_t i);
/** Writes them to `out`, which holds muc_delivery_size() bytes; no NUL is added. Returns the size. */
MUC_EXTERN size_t muc_delivery_write(const muc_delivery *delivery, size_t i, char *out);
/** The stanza as a tree without `to`, made when first asked for and shared by all recipients: to be read only, valid as
 * long as the delivery. NULL when out of memory. */
MUC_EXTERN const xmlNode *muc_delivery_node(const muc_delivery *delivery);
/** The room it comes from, or NULL when it comes from the service itself. Valid during the send callback only. */
MUC_EXTERN muc_room *muc_delivery_room(const muc_delivery *delivery);

/** A reference of one's own, to keep a delivery past the send callback, even past the service. NULL when out of memory.
 */
MUC_EXTERN muc_delivery *muc_delivery_keep(const muc_delivery *delivery);
/** Ends a delivery that was kept or pulled. NULL is fine. */
MUC_EXTERN void muc_delivery_free(muc_delivery *delivery);

#ifdef __cplusplus
}
#endif
#endif
