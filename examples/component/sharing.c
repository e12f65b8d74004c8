/* sharing.c: rooms of a store that several processes share: whether they are this one's, and giving them up. */
#include <time.h>

#include "clock.h"
#include "exits.h"
#include "keeping.h"
#include "log.h"

/* Milliseconds that the database is waited for, and between two attempts. */
enum { LEAVE = 10000, PAUSE = 100 };

static int is_overdue(const struct rooms *r)
{
    int64_t until = r->store ? atomic_load(&r->store->until) : 0;
    return until && clock_now() >= until;
}

int rooms_may_send(const struct rooms *r)
{
    return !is_overdue(r);
}

int rooms_may_serve(struct rooms *r)
{
    int overdue = is_overdue(r);
    if (overdue && !r->overdue)
        log_error("the database has not heard of this process for too long: nobody is served until it has");
    else if (!overdue && r->overdue)
        log_info("the lease goes on");
    r->overdue = overdue;
    return !overdue;
}

void rooms_watch(struct rooms *r, int on)
{
    static const struct timeval now = {0, 0};
    if (!r->loader)
        return;
    evtimer_del(r->wake);
    r->watching = on;
    if (on)
        evtimer_add(r->wake, &now);
}

/* What is not written yet is, without the loop: there is no connection that anybody could wait at. */
static int write_all(struct rooms *r)
{
    int64_t end = clock_now() + LEAVE;
    for (int64_t now = clock_now(); (r->writing || r->gathered->count) && !r->broken && now < end; now = clock_now()) {
        keeping_give(r);
        if (r->waiting) {
            struct timespec pause = {0, PAUSE * 1000000};
            nanosleep(&pause, NULL);
            keeping_retry(r);
        }
        writer_wait(r->writer, end - now);
        keeping_done(r);
    }
    if (!r->broken && !r->writing && r->gathered->count == 0)
        return 0;
    log_error("the rooms cannot be given up, since the database does not answer");
    return r->broken ? r->broken : EXIT_IN_USE;
}

int rooms_leave(struct rooms *r)
{
    if (!r->loader)
        return 0;
    rooms_watch(r, 0);
    r->leaving = 1;
    loader_cancel(r->loader);
    loading_done(r);
    for (muc_room *room = muc_room_next(r->service, NULL); room; room = muc_room_next(r->service, room))
        (void)rooms_write_rest(r, room, 1);
    int status = write_all(r);
    for (muc_room *room; (room = muc_room_next(r->service, NULL)) && muc_room_forget(room) == MUC_OK;)
        ;
    r->leaving = 0;
    return status;
}
