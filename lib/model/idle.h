/* idle.h: when each full JID that is in some room was heard of last (XEP-0045 section 18.1.2).
 *
 * Kept only while a setting asks for it (idle_ping, idle_kick), in a table of its own, so that sessions weigh nothing
 * more without. Who is heard of changes a number; the order of what is due is put right when it is looked at. */
#ifndef MU_MODEL_IDLE_H
#define MU_MODEL_IDLE_H

#include <base/map.h>
#include <base/tree.h>
#include <model/packet.h>
#include <muc/types.h>

enum { MU_IDLE_DUE = 2 * 16 + 1, MU_IDLE_TOKEN = 16 + 1 };

typedef struct mu_idle {
    mu_key key; /* the peer's */
    mu_peer *peer;
    mu_tree_node due;
    int64_t at;     /* when it is due by the tree: not later than it is */
    int64_t heard;  /* when the latest stanza came */
    int64_t pinged; /* when it was asked whether it is there, 0: not since it was heard of */
    char due_key[MU_IDLE_DUE];
} mu_idle;

/* Somebody comes into his first room, leaves his last one. MUC_OK or MUC_ERR_NOMEM. */
int mu_idle_come(muc_service *s, mu_peer *peer);
int mu_idle_go(muc_service *s, const mu_peer *peer);
/* The settings have changed. */
int mu_idle_configure(muc_service *s);
void mu_idle_clear(muc_service *s);
mu_idle *mu_idle_find(const muc_service *s, const mu_peer *peer); /* NULL: none, or it is not kept */
/* A stanza has come. MUC_OK or MUC_ERR_NOMEM. */
int mu_idle_heard(muc_service *s, const mu_peer *peer);
/* Number i in the order in which they are due, or NULL. */
mu_idle *mu_idle_at(const muc_service *s, size_t i);
/* When it really is, in milliseconds; INT64_MAX: never. */
int64_t mu_idle_when(const muc_service *s, const mu_idle *idle);
/* Takes its place among the others, by that. */
void mu_idle_settle(muc_service *s, mu_idle *idle);
/* The id of the ping that it was sent at `pinged`. */
void mu_idle_token(const muc_service *s, const mu_idle *idle, char out[MU_IDLE_TOKEN]);
const char *mu_idle_check(const muc_service *s);

#endif
