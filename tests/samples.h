/* samples.h: what the samples of lib/doc/ take for granted: a host's own functions, and objects it has at hand. */
#ifndef MU_TESTS_SAMPLES_H
#define MU_TESTS_SAMPLES_H

#include <libxml/parser.h>
#include <muc/muc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

/* Every sample stands for itself: what it defines need not be used. */
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-const-variable"
#pragma GCC diagnostic ignored "-Wunused-variable"

void write_to(void *connection, const muc_span pieces[MUC_PIECES], muc_span to, void *ud);
int db_delete_room(void *db, const char *jid);
int db_write_room(const char *bytes, size_t n, void *db);
void db_begin_row(void *db, const char *room, unsigned part, const char *key);
int db_write_row(const char *bytes, size_t n, void *db);
int db_end_row(void *db, int remove);
void db_keep_latest(void *db, const char *room, unsigned part, size_t n);
const char *db_room(void *db, const char *jid, size_t *n);

int send_all(muc_service *service, const muc_delivery *delivery, void *ud);
void try_again_later(const xmlNode *stanza, void *connection);
void complain(const char *format, ...);
void queue_for(void *connection, char *bytes, size_t n);
void set_timer(int64_t at);
const char *get_bridge(void *bridges, const char *room);
int set_bridge(void *bridges, const char *room, const char *to);
int decide_now(muc_event *ev, void *ud);
void look_up(void *ud, const char *jid, uint64_t token);

extern const muc_feature brevity;

/* For samples that are statements. */
extern muc_service *service;
extern muc_room *room;
extern muc_occupant *occupant;
extern muc_settings settings;
extern muc_callbacks callbacks;
extern const xmlNode *node;
extern void *connection;
extern void *bridges;

#endif
