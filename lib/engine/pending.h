/* pending.h: stanzas that wait for an answer, for a room that is being loaded, or behind such a one. */
#ifndef MU_ENGINE_PENDING_H
#define MU_ENGINE_PENDING_H

#include <engine/engine.h>
#include <muc/pending.h>

/* An answer that came later: of which handler, to which question. */
typedef struct mu_given {
    int hook;
    uint64_t question;
    int answer; /* MUC_PASS, MUC_STOP, MUC_ERR_REJECTED */
    mu_verdict verdict;
} mu_given;

/* A room that is being loaded. */
typedef struct mu_wanted {
    mu_key key;
    struct mu_wanted *next, *prev;   /* all, in the order in which they were asked for */
    struct mu_waiting *first, *last; /* what waits for it, by arrival */
    int64_t since;
    unsigned refs; /* while it is being loaded one, and of those that waited for it */
    int answer;    /* of the host, once it is known */
    char name[];
} mu_wanted;

/* A stanza that is put aside. */
typedef struct mu_waiting {
    mu_key by_token;                /* in the map of tokens while it has one */
    struct mu_waiting *next, *prev; /* all, by arrival */
    struct mu_waiting *sender_next; /* of the same sender, by arrival */
    struct mu_waiting *wanted_next; /* for the same room, by arrival */
    struct mu_waiting *ready_next;  /* those that can go on, in that order; or the doomed, the latest first */
    mu_wanted *wanted;              /* what it waits for; NULL: no room */
    mu_wanted *settled;             /* what it waited for last, counted, or NULL */
    uint64_t token;                 /* what it waits for; 0: no answer */
    int hook;                       /* whose token that is, and for which question */
    uint64_t question;
    bool ready, running, dropped;
    bool doomed; /* its sender goes in the transaction that is running */
    mu_peer *from;
    void *userdata;
    int64_t since;
    uint64_t came; /* in which order */
    mu_given *given;
    size_t given_n;
    size_t room_n, n; /* of bytes: the key of the room, and the stanza behind it */
    char bytes[];
} mu_waiting;
muc_span mu_waiting_room(const mu_waiting *w);
muc_span mu_waiting_stanza(const mu_waiting *w);

/* What the stanza that is being dealt with is about to wait for: set by muc_pend() and mu_wanted_get(). */
typedef struct mu_asked {
    uint64_t token;
    int hook;
    uint64_t question;
    mu_wanted *wanted;
} mu_asked;

typedef struct mu_pending {
    mu_map senders; /* mu_sender in pending.c, by full JID */
    mu_map tokens;
    mu_map wanted;
    mu_waiting *first, *last, *first_ready, *last_ready, *doomed;
    size_t count, bytes;
    mu_wanted *first_wanted, *last_wanted;
    uint64_t last_token, last_came;
    bool waitable; /* the dispatch that is running may wait */
    mu_asked asked;
    int hook;            /* that is being asked */
    mu_waiting *resumed; /* what is being dispatched again; NULL: nothing */
    bool running;        /* somebody goes through those that are ready */
} mu_pending;

mu_pending *mu_pending_of(muc_service *s);
void mu_pending_init(muc_service *s);
void mu_pending_free(muc_service *s);

/* A dispatch that may wait begins, and ends. */
void mu_pending_begin(muc_service *s);
void mu_pending_end(muc_service *s);
/* Puts the stanza that is being dealt with aside, for what mu_asked says; one that is dispatched again goes back to
 * where it was. MUC_OK, MUC_ERR_LIMIT or MUC_ERR_NOMEM. *out: to be dropped when the call fails after all. */
int mu_pending_park(muc_service *s, const mu_stanza *st, mu_peer *from, void *userdata, muc_span room,
                    mu_waiting **out);
/* The same when something else of its sender to that room waits: MUC_CHANGED when it was put behind that, MUC_OK when
 * there is nothing. */
int mu_pending_follow(muc_service *s, const mu_stanza *st, mu_peer *from, void *userdata, muc_span room,
                      mu_waiting **out);
void mu_waiting_drop(muc_service *s, mu_waiting *w);
/* All of a sender. */
void mu_pending_forget(muc_service *s, const mu_peer *from);
/* Its sender goes: it does not go on, until mu_pending_bury() says that this has happened or not, for all that were
 * doomed since `before`, what p->doomed was then. */
void mu_waiting_doom(mu_pending *p, mu_waiting *w);
void mu_pending_doom(muc_service *s, const mu_peer *from);
void mu_pending_bury(muc_service *s, const mu_waiting *before, bool happened);
/* Whether one more of whoever sent the stanza that is being dealt with may wait. */
bool mu_pending_has_place(muc_service *s);
/* What waits behind it can go on, unless that waits for something itself. */
void mu_waiting_done(muc_service *s, mu_waiting *w);
/* Waits for nothing any more. Puts it at the end of those that can go on, unless something of its sender to the same
 * room came before it. */
void mu_waiting_ready(muc_service *s, mu_waiting *w);
/* Takes the first of those; NULL: none. */
mu_waiting *mu_pending_next(muc_service *s);
/* Puts one back in front: it could not be dealt with. */
void mu_pending_back(mu_pending *p, mu_waiting *w);
mu_waiting *mu_waiting_find(mu_pending *p, uint64_t token);
/* Makes it wait for nothing, or for an answer again. */
void mu_waiting_untie(muc_service *s, mu_waiting *w);
void mu_waiting_tie(mu_pending *p, mu_waiting *w, uint64_t token);
/* One more answer for it. MUC_OK or MUC_ERR_NOMEM. */
int mu_waiting_give(muc_service *s, mu_waiting *w, int answer, const mu_verdict *verdict);

/* The room of that name that is being loaded, or NULL; it is what the running stanza then waits for. */
mu_wanted *mu_wanted_find(muc_service *s, muc_span key);
/* It is from now on. MUC_ERR_PENDING, MUC_ERR_LIMIT or MUC_ERR_NOMEM. */
int mu_wanted_begin(muc_service *s, muc_span key);
/* The host has answered: what waited for it can go on. */
void mu_wanted_end(muc_service *s, mu_wanted *wanted, int answer);
/* The answer that the stanza which is dispatched again waited for, when it was about that room. */
const mu_wanted *mu_wanted_settled(muc_service *s, muc_span key);

#endif
