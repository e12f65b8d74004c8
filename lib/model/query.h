/* query.h: questions that wait for their answer: an iq of type get or set that went out, and under which id.
 *
 * Somebody asks somebody, in a room: an occupant another one, the room or the service anybody. A question is found by
 * the id that it went out with, which nobody can guess, and is on three lists: of who asks, of who is asked, of where.
 * What waits on each is counted, so that it can be bounded, and what is due first is known. */
#ifndef MU_MODEL_QUERY_H
#define MU_MODEL_QUERY_H

#include <base/map.h>
#include <base/tree.h>
#include <model/packet.h>
#include <muc/query.h>

typedef struct mu_query mu_query;

/* Which list. */
typedef enum mu_query_of {
    MU_QUERY_BY,   /* who asks: a full real JID, the room's when that asks itself, or the service's domain */
    MU_QUERY_WHOM, /* who is asked: a real JID, full or (his server answers) bare */
    MU_QUERY_IN,   /* the room's JID, or the domain */
    MU_QUERY_LISTS
} mu_query_of;

typedef struct mu_query_list {
    mu_key key; /* the number of the kind, as a digit, and the JID prepared for comparing */
    mu_query *first, *last;
    size_t n;
    char name[];
} mu_query_list;

struct mu_query {
    mu_key key;       /* the id with which it went out */
    mu_tree_node due; /* by the time at which it is due, then by the order of asking */
    mu_query_list *lists[MU_QUERY_LISTS];
    mu_query *next[MU_QUERY_LISTS], *prev[MU_QUERY_LISTS];
    muc_room *room; /* NULL: the service asks */
    int64_t at;     /* when it is due */
    /* Of an occupant's: his session's peer, counted; the id that he gave; the address that he asked; his nickname's key
     * when he did, to which the answer comes. Of others: NULL. */
    mu_peer *asker;
    const char *id, *address, *nick;
    muc_answer_fn *answer; /* of others */
    void *ud;
    xmlDoc *doc; /* what it was answered, when the function is about to be called */
    char text[]; /* all of the strings */
};

/* What mu_query_add() takes; the strings are copied. */
typedef struct mu_question {
    muc_room *room;
    const char *token; /* the id to go out with; NULL: a new one */
    mu_peer *asker;
    muc_span whom; /* key of who is asked */
    const char *id, *address, *nick;
    muc_answer_fn *answer;
    void *ud;
    int64_t at;
} mu_question;

int mu_query_add(muc_service *s, const mu_question *q, mu_query **out); /* MUC_ERR_HOST: no random bytes */
int mu_query_remove(mu_query *a, muc_service *s);
void mu_query_free(mu_heap *heap, void *asked);
/* By the id that it went out with, or NULL. */
mu_query *mu_query_find(const muc_service *s, const char *token);
/* What waits on the list of a JID; NULL: nothing. */
const mu_query_list *mu_query_list_of(const muc_service *s, mu_query_of kind, muc_span key);
size_t mu_query_count(const muc_service *s, mu_query_of kind, muc_span key);
/* Number i of all in the order in which they are due, or NULL. */
mu_query *mu_query_at(const muc_service *s, size_t i);
/* The JID on a list of it. */
muc_span mu_query_jid(const mu_query *a, mu_query_of kind);
/* Whether somebody may answer it: who was asked, or for a bare JID any of its resources too. */
bool mu_query_is_of(const mu_query *a, const mu_peer *peer);
/* For mu_session_exit(): takes out all that a session has asked, and that its room or another in it has asked it. */
int mu_query_quit(muc_session *session);
void mu_query_clear(muc_service *s); /* the service ends */
const char *mu_query_check(const muc_service *s);

#endif
