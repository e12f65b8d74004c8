/* played.h: rooms without a server, with a store that does as it is told (test_rooms.c). */
#ifndef TESTS_COMPONENT_PLAYED_H
#define TESTS_COMPONENT_PLAYED_H

#include <check.h>
#include <component/service.h>
#include <component/store.h>

#define SERVICE "rooms.example.org"
#define TEA     "tea@" SERVICE
#define ANN     "ann@example.org/x"
#define BOB     "bob@example.org/y"

extern store_backend backend;           /* SQLite's, but for some; to be changed before the start */
extern _Atomic store_result load_fails; /* what loading answers instead */
extern struct component program;
extern char sent[1 << 16]; /* what has been sent since the start, a line for each */
extern int over;           /* what the program is to end with */

/* A fixture, in which there are rooms; an end and a new start. */
void played_set_up(void);
void played_tear_down(void);
void played_stop(void);
void played_start(void);
/* The loop, until there is that in what was sent, or for a while: then 0. */
int run_until(const char *text);
void run_a_while(void);
void enter(const char *jid, const char *room, const char *nick);
/* By Ann, in TEA; which she makes, and which stays. */
void say(const char *text);
void make_tea(void);

#endif
