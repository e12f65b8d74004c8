/* loader.c: a thread that reads rooms. */
#include "loader.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"

/* Milliseconds between two attempts. */
enum { PAUSE = 200 };

/* One that was asked for, or has been read. */
typedef struct job {
    struct job *next;
    int64_t due, end;
    int first;
    loaded what;
} job;

struct loader {
    store *store;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t asked, idle;
    int fd;
    int64_t cursor; /* the thread's */
    /* Under the mutex. */
    int stop, cancel, busy;
    job *queue, *done, **queue_end, **done_end;
};

static void append(job ***end, job *one)
{
    one->next = NULL;
    **end = one;
    *end = &one->next;
}

/* ---- reading ----------------------------------------------------------------------------------------------------- */

static int add_name(const char *jid, const char *name, void *ud)
{
    loaded *what = ud;
    (void)name;
    if (what->count < LOADER_NAMES && (what->names[what->count] = strdup(jid)))
        what->count++;
    return 0;
}

static void read_one(loader *l, job *one)
{
    const store_backend *does = l->store->backend;
    loaded *what = &one->what;
    if (what->jid) {
        free(what->p.xml);
        what->p = (pieces){.xml = NULL};
        what->result = does->load(l->store, what->jid, pieces_take, &what->p);
    } else {
        l->cursor = one->first ? 0 : l->cursor;
        what->result = does->occupied(l->store, &l->cursor, LOADER_NAMES, add_name, what);
    }
    snprintf(what->why, sizeof what->why, "%s", l->store->why[STORE_READING]);
}

/* Whether it is tried once more. */
static int again(const loader *l, const job *one)
{
    store_result result = one->what.result;
    return one->what.jid && !l->cancel && !l->stop && (result == STORE_TAKEN || result == STORE_FAILED) &&
           clock_now() < one->end;
}

static void finish(loader *l, job *one)
{
    const uint64_t add = 1;
    append(&l->done_end, one);
    if (write(l->fd, &add, sizeof add) < 0)
        return; /* it is readable already */
}

/* The first one that is due. *wait: milliseconds until there is one. */
static job *take_due(loader *l, int64_t *wait)
{
    int64_t now = clock_now();
    *wait = 60000;
    if (l->cancel)
        return NULL;
    for (job **at = &l->queue; *at; at = &(*at)->next) {
        job *one = *at;
        if (one->due <= now) {
            *at = one->next;
            if (!*at)
                l->queue_end = at;
            return one;
        }
        *wait = one->due - now < *wait ? one->due - now : *wait;
    }
    return NULL;
}

static void wait_for(loader *l, int64_t milliseconds)
{
    struct timespec at = clock_in(milliseconds);
    pthread_cond_timedwait(&l->asked, &l->mutex, &at);
}

static void *run(void *ud)
{
    loader *l = ud;
    pthread_mutex_lock(&l->mutex);
    while (!l->stop) {
        int64_t wait;
        job *one = take_due(l, &wait);
        if (!one) {
            wait_for(l, wait);
            continue;
        }
        l->busy = 1;
        pthread_mutex_unlock(&l->mutex);
        read_one(l, one);
        pthread_mutex_lock(&l->mutex);
        l->busy = 0;
        pthread_cond_signal(&l->idle);
        one->due = clock_now() + PAUSE;
        if (again(l, one))
            append(&l->queue_end, one);
        else
            finish(l, one);
    }
    pthread_mutex_unlock(&l->mutex);
    return NULL;
}

/* ---- interface --------------------------------------------------------------------------------------------------- */

loader *loader_new(store *s)
{
    pthread_condattr_t monotonic;
    loader *l = calloc(1, sizeof *l);
    if (!l)
        return NULL;
    l->store = s;
    l->queue_end = &l->queue;
    l->done_end = &l->done;
    l->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (l->fd >= 0 && pthread_condattr_init(&monotonic) == 0) {
        pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
        pthread_mutex_init(&l->mutex, NULL);
        pthread_cond_init(&l->asked, &monotonic);
        pthread_cond_init(&l->idle, NULL);
        pthread_condattr_destroy(&monotonic);
        if (pthread_create(&l->thread, NULL, run, l) == 0)
            return l;
    }
    if (l->fd >= 0)
        close(l->fd);
    free(l);
    return NULL;
}

int loader_fd(const loader *l)
{
    return l->fd;
}

static int ask(loader *l, job *one)
{
    pthread_mutex_lock(&l->mutex);
    append(&l->queue_end, one);
    pthread_cond_signal(&l->asked);
    pthread_mutex_unlock(&l->mutex);
    return 0;
}

int loader_ask(loader *l, const char *jid, int64_t patience)
{
    job *one = calloc(1, sizeof *one);
    if (!one || !(one->what.jid = strdup(jid))) {
        free(one);
        return -1;
    }
    one->end = clock_now() + patience;
    return ask(l, one);
}

int loader_ask_occupied(loader *l, int first)
{
    job *one = calloc(1, sizeof *one);
    if (!one)
        return -1;
    one->first = first;
    return ask(l, one);
}

int loader_next(loader *l, loaded *out)
{
    uint64_t times;
    pthread_mutex_lock(&l->mutex);
    job *one = l->done;
    if (one) {
        l->done = one->next;
        if (!l->done)
            l->done_end = &l->done;
        *out = one->what;
    } else if (read(l->fd, &times, sizeof times) < 0) {
        times = 0; /* asked without having been told */
    }
    pthread_mutex_unlock(&l->mutex);
    free(one);
    return one != NULL;
}

void loaded_free(loaded *one)
{
    for (size_t i = 0; i < one->count; i++)
        free(one->names[i]);
    free(one->p.xml);
    free(one->jid);
}

void loader_cancel(loader *l)
{
    pthread_mutex_lock(&l->mutex);
    l->cancel = 1;
    while (l->busy)
        pthread_cond_wait(&l->idle, &l->mutex);
    for (job *one = l->queue, *next; one; one = next) {
        next = one->next;
        one->what.result = STORE_FAILED;
        finish(l, one);
    }
    l->queue = NULL;
    l->queue_end = &l->queue;
    l->cancel = 0;
    pthread_mutex_unlock(&l->mutex);
}

static void free_jobs(job *one)
{
    for (job *next; one; one = next) {
        next = one->next;
        loaded_free(&one->what);
        free(one);
    }
}

void loader_free(loader *l)
{
    if (!l)
        return;
    pthread_mutex_lock(&l->mutex);
    l->stop = 1;
    pthread_cond_signal(&l->asked);
    pthread_mutex_unlock(&l->mutex);
    pthread_join(l->thread, NULL);
    pthread_cond_destroy(&l->asked);
    pthread_cond_destroy(&l->idle);
    pthread_mutex_destroy(&l->mutex);
    close(l->fd);
    free_jobs(l->queue);
    free_jobs(l->done);
    free(l);
}
