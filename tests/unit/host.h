/* host.h: a whole service with a host around it that writes down what it is given, for tests through the public
 * interface. */
#ifndef MU_TESTS_HOST_H
#define MU_TESTS_HOST_H

#include "failing.h"

#include <check.h>
#include <muc/muc.h>

/* What the host was told, a line each: "send <to> <bytes>", "store <room> ...", and what tests add by note(). */
enum { LOG_SIZE = 1 << 18 };

typedef struct host {
    failing memory;
    muc_settings settings;
    muc_callbacks callbacks;
    muc_service *service;
    char log[LOG_SIZE];
    size_t log_n;
    char saved[16384]; /* what save_room() wrote last */
    size_t saved_n;
    int64_t clock;
    int asked;             /* how often for the time */
    int send_answer;       /* of the send callback */
    int change_answer;     /* of room_changed */
    const char *change_of; /* the room that change_answer is for; NULL: every */
    void (*on_send)(const muc_delivery *delivery);
    void (*on_change)(muc_room *room, const muc_change *change);
} host;

/* The host of the running test. */
extern host world;

/* Settings and callbacks, to be changed before host_start(). */
void host_prepare(void);
void host_start(void);
/* Ends the service and fails when memory is left over. */
void host_stop(void);
/* Both with defaults: rooms.example.org, open rooms, room_changed set, the room den with Juliet (owner) and Romeo. */
void host_setup(void);

void note(const char *text);
void forget(void);
/* What is, and is not, in the log; where. */
void said(const char *text);
void unsaid(const char *text);
size_t place(const char *text);
size_t times(const char *text);

int give(const char *xml);
void join(const char *room, const char *jid, const char *nick);
void talk(const char *room, const char *jid, const char *text);
muc_room *room(const char *name);
/* All of a room, as a snapshot in world.saved. */
void save_room(const char *name);
muc_occupant *occupant(const char *room_name, const char *nick);
muc_xml *message(const char *body);

/* The model as text, to be freed; and whether it still is so. */
char *state(void);
void same_state(char *before); /* frees it */

#define SERVICE           "rooms.example.org"
#define DEN               "den@" SERVICE
#define JULIET            "juliet@example.org/balcony"
#define ROMEO             "romeo@example.org/orchard"
#define OK(call)          ck_assert_int_eq((call), MUC_OK)
#define CHANGED(call)     ck_assert_int_eq((call), MUC_CHANGED)
#define GIVES(what, call) ck_assert_int_eq((call), (what))

#endif
