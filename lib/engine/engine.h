/* engine.h: transactions, hooks and output: decide, build, commit, tell the store, send, notify.
 *
 * A call of the API that changes something is a transaction. It changes the model through the journal and gathers
 * output in lanes; when it fails both go back to where they were. When the outermost one succeeds, the host is told
 * what to store, the lanes go to the queue in order, the host gets what is queued, and notify handlers run after the
 * output of their transaction. */
#ifndef MU_ENGINE_ENGINE_H
#define MU_ENGINE_ENGINE_H

#include <model/model.h>

/* ---- transactions (txn.c) --------------------------------------------------------------------------------------- */

/* What is running: decides what a mutating call may do (the table in hook.h). */
typedef enum mu_phase {
    MU_PHASE_IDLE,  /* nothing: the call opens a transaction */
    MU_PHASE_OPEN,  /* the library itself, inside one: joins it */
    MU_PHASE_FIXED, /* decide, build, room_changed: refused */
    MU_PHASE_APPLY, /* refused, but queued by those who can */
    MU_PHASE_SERVE, /* joins */
    MU_PHASE_AFTER  /* flush and notify: opens a transaction of its own */
} mu_phase;

/* Order of the output of one transaction. */
typedef enum mu_lane {
    MU_LANE_REST,  /* after the answer: almost everything */
    MU_LANE_FIRST, /* before the answer: the kicked one, the end of a room */
    MU_LANE_REPLY, /* the answer to the stanza that is being dealt with */
    MU_LANES
} mu_lane;

/* What is running from now on; returns what was: around functions of the host that may change nothing. */
mu_phase mu_phase_set(muc_service *s, mu_phase phase);

typedef struct mu_mark {
    uint64_t uniques; /* of the service: names nobody saw are given again */
    size_t journal, lanes[MU_LANES], notices, deferred, silences;
    bool replying;
} mu_mark;

typedef struct mu_txn {
    muc_service *service;
    mu_phase before;
    bool outermost;
    mu_mark mark;
} mu_txn;

/* MUC_OK; MUC_QUEUED when the caller has to defer (apply phase); MUC_ERR_BUSY. Only after MUC_OK, mu_end() must follow.
 */
int mu_begin(muc_service *s, mu_txn *txn);
/* The same for calls that nobody defers: in the apply phase MUC_ERR_BUSY. */
int mu_begin_now(muc_service *s, mu_txn *txn);
/* The same for calls that may be made from apply handlers too: those that only send. */
int mu_begin_send(muc_service *s, mu_txn *txn);
/* result < 0: undoes what was done since mu_begin(). Otherwise: commits when outermost. Returns the result of the call.
 */
int mu_end(mu_txn *txn, int result);
/* A call of the API that is no transaction itself, but may hold several. MUC_OK, then mu_call_end() must follow; or
 * MUC_ERR_BUSY. */
int mu_call_begin(muc_service *s);
int mu_call_end(muc_service *s, int result); /* the result of the call */
/* Inside a transaction: take everything since the mark back (model, output, notices), and go on. */
void mu_mark_set(muc_service *s, mu_mark *mark);
void mu_undo_to(muc_service *s, const mu_mark *mark);

/* Runs `call` after the current commit: what the API functions do after MUC_QUEUED. The strings are copied. */
typedef struct mu_deferred mu_deferred;
typedef int mu_deferred_fn(muc_service *s, const mu_deferred *d);
struct mu_deferred {
    mu_deferred_fn *run;
    muc_room *room;
    void *object; /* an occupant, a draft, an option row */
    const char *text[4];
    int64_t number;
};
int mu_defer(muc_service *s, const mu_deferred *d); /* MUC_QUEUED or MUC_ERR_NOMEM */

/* ---- output (output.c, delivery.c) ------------------------------------------------------------------------------ */

/* They count what they are given and do not take it. room: whose output it is (held with it); NULL: the service's. */
int mu_send(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_peer *to);
/* What the running transaction has put into MU_LANE_REST until now for one peer of a room will not be sent: he is told
 * in MU_LANE_FIRST that he is out, and nothing may come after that. It is taken out when the transaction commits. */
int mu_unsend(muc_service *s, muc_room *room, mu_peer *peer);
int mu_send_all(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_audience *to);
/* Places side by side that are left out. */
typedef struct mu_hole {
    uint32_t at, n;
} mu_hole;
int mu_send_but(muc_service *s, mu_lane lane, muc_room *room, mu_packet *packet, mu_audience *to, mu_hole but);
/* All packets of a roster, but that of one place, to one peer. */
int mu_send_roster(muc_service *s, mu_lane lane, muc_room *room, mu_roster *roster, size_t but, mu_peer *to);
/* The lane of broadcasts by verbs that run inside others: kicks put the own copies first. */

/* ---- hooks (hook.c, event.c) ------------------------------------------------------------------------------------ */

/* What goes with an event behind its back: muc_event.reserved[0]. */
enum { MU_MAX_CODES = 16, MU_MAX_DROPS = 64, MU_VERDICT_TEXT = 256, MU_VERDICT_URI = 1024 };
typedef struct mu_verdict {
    muc_condition condition; /* 0: none */
    muc_error_type type;
    char text[MU_VERDICT_TEXT]; /* "" for none */
    char uri[MU_VERDICT_URI];   /* inside the condition; "" for none */
    const char *name, *ns;      /* a condition of an application's own; NULL for none */
} mu_verdict;
typedef struct mu_codes {
    int code[MU_MAX_CODES];
    size_t n;
} mu_codes;
bool mu_codes_add(mu_codes *c, int code); /* once each; false: full */
bool mu_codes_has(const mu_codes *c, int code);
typedef struct mu_firing {
    mu_codes *codes; /* where muc_event_status() adds; NULL: not here */
    mu_buf *nick;    /* where muc_join_set_nick() puts: enforced NUL key NUL; NULL: not here */
    size_t *nick_key_at;
    const xmlNode **drops; /* where muc_build_drop() adds, MU_MAX_DROPS of them; NULL: not here */
    size_t *drop_count;
    const mu_stanza *stanza; /* the iq being answered, for muc_reply() */
    const char *to_nick;     /* whom the stanza is addressed to, for muc_event_nick() and muc_event_target() */
    muc_occupant *target;
} mu_firing;

/* Whether anybody listens: cheap, so that events nobody wants are not made. */
bool mu_hooked(const muc_service *s, muc_point point);
/* The same for the {ns}name of an element at a keyed point; NULL: for none. */
bool mu_hooked_on(const muc_service *s, muc_point point, const xmlNode *element);
/* Fires a point of the decide, build, apply or serve class. firing may be NULL. MUC_PASS or MUC_STOP; MUC_ERR_REJECTED
 * with the verdict in mu_verdict_of(s); another negative result of a handler. The event's service, reserved and point
 * are filled in here.
 */
int mu_fire(muc_service *s, muc_point point, muc_event *event, mu_firing *firing);
mu_verdict *mu_verdict_of(muc_service *s);
/* Sets the verdict: MUC_ERR_REJECTED. */
int mu_refuse(muc_service *s, muc_condition condition, muc_error_type type, const char *text);
/* The same with an address inside the condition, which is left out when it is too long. */
int mu_refuse_to(muc_service *s, muc_condition condition, const char *uri, const char *text);

/* Queues a firing of a notify point, after the output of this transaction. Copies what the details point to. Does
 * nothing when nobody listens. MUC_OK or MUC_ERR_NOMEM. detail: the event's part (muc_join_event, ...), NULL for none.
 */
int mu_notify(muc_service *s, muc_point point, muc_room *room, muc_occupant *occupant, const char *from,
              const char *key, const void *detail);

/* ---- replies (reply.c) ------------------------------------------------------------------------------------------ */

/* Whether a stanza may be answered at all: never an error, a result, or a presence that is no request. */
bool mu_answerable(const mu_stanza *st);
/* Answers a stanza by an error of the same kind, from the address it was sent to, unless it may not be answered (error,
 * result, unavailable...). by: NULL for none. MUC_OK or MUC_ERR_NOMEM. */
int mu_reply_error(muc_service *s, const mu_stanza *st, muc_room *room, const mu_verdict *verdict, const char *by);
/* The answer begun by muc_reply() in a handler of MUC_ON_IQ is finished and put into its lane; nothing when none was
 * begun. */
int mu_reply_finish(muc_service *s, const mu_stanza *st, muc_room *room);

/* ---- life (engine.c) -------------------------------------------------------------------------------------------- */

int mu_engine_new(muc_service *s);    /* with the hooks of the service's features */
void mu_engine_close(muc_service *s); /* from now on nothing may be changed */
void mu_engine_free(muc_service *s);
/* The reader of this service (for parsing inside the library). */
mu_reader *mu_engine_reader(muc_service *s);
/* Who sent the stanza that is being dispatched; counted for the caller. */
mu_peer *mu_sender(muc_service *s);
/* Sets it (not counted: the caller holds it as long) and gives the one before. */
mu_peer *mu_swap_sender(muc_service *s, mu_peer *sender);
/* Whether a call that changes something would be refused now. */
bool mu_is_busy(const muc_service *s);
/* Drops what a room has said and the store has not let go: that is no change of the model, and cannot be undone. */
void mu_held_drop(muc_room *room);
/* Whether what a room says waits for the store. */
bool mu_room_is_held(const muc_room *room);
/* The room, gone or not, whose output waits for the store at that address; NULL: nothing waits there. */
muc_room *mu_held_room(muc_service *s, muc_span key);

#endif
