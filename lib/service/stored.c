/* stored.c: windows of the rooms that the host has stored, behind a JID, in the order of JIDs. */
#include <service/stored.h>

#include <string.h>

void mu_rows_init(mu_rows *rows, mu_heap *heap)
{
    *rows = (mu_rows){.heap = heap};
    mu_buf_init(&rows->text, heap);
}

void mu_rows_free(mu_rows *rows)
{
    mu_buf_free(&rows->text);
    mu_free(rows->heap, rows->at);
}

const char *mu_row_jid(const mu_rows *rows, size_t i)
{
    return rows->text.p + rows->at[i];
}

const char *mu_row_name(const mu_rows *rows, size_t i)
{
    const char *jid = mu_row_jid(rows, i);
    return jid + strlen(jid) + 1;
}

int mu_rows_add(mu_rows *rows, const char *jid, const char *name)
{
    if (mu_grow(rows->heap, &rows->at, &rows->cap, rows->n + 1, sizeof *rows->at) < 0)
        return MUC_ERR_NOMEM;
    size_t at = rows->text.n;
    mu_buf_add(&rows->text, jid, strlen(jid) + 1);
    mu_buf_add(&rows->text, name, strlen(name) + 1);
    if (rows->text.failed)
        return MUC_ERR_NOMEM;
    rows->at[rows->n++] = at;
    return MUC_OK;
}

static int take(mu_stored *stored, const char *jid, const char *name)
{
    const char *before = stored->last.n ? stored->last.p : stored->after.n ? stored->after.p : "";
    if (!jid || strcmp(jid, before) <= 0)
        return MUC_ERR_HOST;
    mu_buf_reset(&stored->last);
    mu_buf_str(&stored->last, jid);
    if (stored->last.failed)
        return MUC_ERR_NOMEM;
    stored->got++;
    if (mu_room_by_key(stored->service, jid, strlen(jid)))
        return MUC_OK;
    return mu_rows_add(&stored->window, jid, name ? name : "");
}

/* A muc_stored_room_fn. What is over the number that was asked for comes again. */
static int add_stored(void *list, const char *jid, const char *name)
{
    mu_stored *stored = list;
    if (stored->error == MUC_OK && stored->got < stored->stride)
        stored->error = take(stored, jid, name);
    return stored->error;
}

void mu_stored_init(mu_stored *stored, muc_service *s, const char *after, size_t stride)
{
    *stored = (mu_stored){.service = s, .stride = stride, .end = !s->callbacks.stored_rooms};
    mu_rows_init(&stored->window, s->heap);
    mu_buf_init(&stored->after, s->heap);
    mu_buf_init(&stored->last, s->heap);
    mu_buf_str(&stored->last, after ? after : "");
}

void mu_stored_free(mu_stored *stored)
{
    mu_rows_free(&stored->window);
    mu_buf_free(&stored->after);
    mu_buf_free(&stored->last);
}

/* Asks for the next window. */
static int refill(mu_stored *stored)
{
    muc_service *s = stored->service;
    mu_buf former = stored->after;
    stored->after = stored->last;
    stored->last = former;
    mu_buf_reset(&stored->last);
    mu_buf_reset(&stored->window.text);
    stored->window.n = stored->next = stored->got = 0;
    if (stored->after.failed)
        return MUC_ERR_NOMEM;
    const char *after = stored->after.n ? stored->after.p : NULL;
    int r = s->callbacks.stored_rooms(s, after, stored->stride, add_stored, stored, s->ud);
    if (stored->error < 0)
        return stored->error;
    stored->looked += stored->got;
    stored->end = stored->got < stored->stride;
    return r < 0 ? MUC_ERR_HOST : MUC_OK;
}

int mu_stored_peek(mu_stored *stored, const char **jid)
{
    while (stored->next == stored->window.n) {
        if (stored->end)
            return 0;
        int r = refill(stored);
        if (r < 0)
            return r;
    }
    *jid = mu_row_jid(&stored->window, stored->next);
    return 1;
}
