/* stored.h: the rooms that only the host's store knows, one after the other, for the room list. */
#ifndef MU_SERVICE_STORED_H
#define MU_SERVICE_STORED_H

#include <base/buf.h>
#include <model/model.h>

/* Rows of two strings, JID and name. */
typedef struct mu_rows {
    mu_heap *heap;
    mu_buf text;
    size_t *at; /* where each JID begins; its name follows it */
    size_t n, cap;
} mu_rows;

void mu_rows_init(mu_rows *rows, mu_heap *heap);
void mu_rows_free(mu_rows *rows);
int mu_rows_add(mu_rows *rows, const char *jid, const char *name);
const char *mu_row_jid(const mu_rows *rows, size_t i);
const char *mu_row_name(const mu_rows *rows, size_t i);

/* Stored rooms that are not in memory, a window at a time. */
typedef struct mu_stored {
    muc_service *service;
    mu_rows window;
    size_t next;        /* in the window: whoever takes that row counts on */
    mu_buf after, last; /* asked behind this one; the latest that came */
    size_t stride;      /* how many are asked for at a time */
    size_t got, looked; /* with those in memory: of this window, of all */
    bool end;
    int error;
} mu_stored;

/* Begins behind a JID, NULL: at the first. There are none when the host has no stored_rooms. */
void mu_stored_init(mu_stored *stored, muc_service *s, const char *after, size_t stride);
void mu_stored_free(mu_stored *stored);
/* The next one, the row `next` of the window: 1; 0 when there is none; MUC_ERR_HOST, MUC_ERR_NOMEM. */
int mu_stored_peek(mu_stored *stored, const char **jid);

#endif
