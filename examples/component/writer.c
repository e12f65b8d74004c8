/* writer.c: a thread that makes the writes. */
#include "clock.h"
#include "writer.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

typedef enum stage { IDLE, GIVEN, DONE } stage;

struct writer {
    store *store;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t given, done;
    int fd;
    /* Under the mutex. */
    stage stage;
    int stop;
    batch *batch;
    store_result result, leases;
};

static void tell(const writer *w)
{
    const uint64_t one = 1;
    if (write(w->fd, &one, sizeof one) < 0)
        return; /* it is readable already */
}

/* Under the mutex, which is free while the store is busy. */
static void work(writer *w)
{
    pthread_mutex_unlock(&w->mutex);
    store_result result = batch_apply(w->batch, w->store);
    pthread_mutex_lock(&w->mutex);
    w->result = result;
    w->stage = DONE;
    pthread_cond_signal(&w->done);
    tell(w);
}

static int64_t renew(writer *w)
{
    int64_t again = 1000;
    pthread_mutex_unlock(&w->mutex);
    store_result result = w->store->backend->renew(w->store, &again);
    pthread_mutex_lock(&w->mutex);
    if (result == STORE_LOST && w->leases == STORE_OK) {
        w->leases = result;
        tell(w);
    }
    return again;
}

static void *run(void *ud)
{
    writer *w = ud;
    const int leases = w->store->backend->renew != NULL;
    pthread_mutex_lock(&w->mutex);
    struct timespec due = clock_in(leases ? renew(w) : 0);
    while (!w->stop || w->stage == GIVEN) {
        int late = 0;
        if (w->stage == GIVEN)
            work(w);
        else if (leases)
            late = pthread_cond_timedwait(&w->given, &w->mutex, &due) != 0;
        else
            pthread_cond_wait(&w->given, &w->mutex);
        if (late)
            due = clock_in(renew(w));
    }
    pthread_mutex_unlock(&w->mutex);
    return NULL;
}

static int begin(writer *w)
{
    pthread_condattr_t monotonic;
    if (pthread_condattr_init(&monotonic) != 0)
        return -1;
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_mutex_init(&w->mutex, NULL);
    pthread_cond_init(&w->given, &monotonic);
    pthread_cond_init(&w->done, &monotonic);
    pthread_condattr_destroy(&monotonic);
    return pthread_create(&w->thread, NULL, run, w);
}

writer *writer_new(store *s)
{
    writer *w = calloc(1, sizeof *w);
    if (!w)
        return NULL;
    w->store = s;
    w->fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (w->fd >= 0 && begin(w) == 0)
        return w;
    if (w->fd >= 0)
        close(w->fd);
    free(w);
    return NULL;
}

int writer_fd(const writer *w)
{
    return w->fd;
}

void writer_give(writer *w, batch *b)
{
    pthread_mutex_lock(&w->mutex);
    w->batch = b;
    w->stage = GIVEN;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->mutex);
}

int writer_done(writer *w, store_result *result)
{
    uint64_t times;
    pthread_mutex_lock(&w->mutex);
    int done = w->stage == DONE;
    *result = w->result;
    if (done)
        w->stage = IDLE;
    if (read(w->fd, &times, sizeof times) < 0)
        times = 0; /* asked without having been told */
    pthread_mutex_unlock(&w->mutex);
    return done;
}

store_result writer_leases(writer *w)
{
    pthread_mutex_lock(&w->mutex);
    store_result leases = w->leases;
    pthread_mutex_unlock(&w->mutex);
    return leases;
}

void writer_wait(writer *w, int64_t milliseconds)
{
    struct timespec until = clock_in(milliseconds);
    pthread_mutex_lock(&w->mutex);
    while (w->stage == GIVEN && pthread_cond_timedwait(&w->done, &w->mutex, &until) == 0)
        ;
    pthread_mutex_unlock(&w->mutex);
}

void writer_free(writer *w)
{
    if (!w)
        return;
    pthread_mutex_lock(&w->mutex);
    w->stop = 1;
    pthread_cond_signal(&w->given);
    pthread_mutex_unlock(&w->mutex);
    pthread_join(w->thread, NULL);
    pthread_cond_destroy(&w->given);
    pthread_cond_destroy(&w->done);
    pthread_mutex_destroy(&w->mutex);
    close(w->fd);
    free(w);
}
