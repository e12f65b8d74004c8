/* rooms.h: where the rooms of the service are kept.
 *
 * Rooms come into memory when somebody writes there, and leave it again; what changes is stored before anybody is told.
 * All of it is one object, which gives the service its callbacks. */
#ifndef COMPONENT_ROOMS_H
#define COMPONENT_ROOMS_H

#include <event2/event.h>
#include <muc/muc.h>

struct rooms;

/** What it is made from; the strings stay as long as it. */
struct rooms_config {
    const char *domain; /**< of the service */
    const char *db;     /**< a file, or postgresql://...; NULL: rooms are in memory only, and end with the process */
    const struct store_backend *backend; /**< what `db` is for (store.h); NULL: what it looks like */
    int64_t lease; /**< milliseconds that rooms of a shared database are this process's when it says nothing */
};

/** Opens the store and makes it if there is none. 0; or what the program ends with (exits.h): then a message that says
 * what to do has been logged. */
int rooms_open(struct rooms **out, const struct rooms_config *config, struct event_base *base);
/** What names that last are made from (muc_settings.secret): the same for every start with this store. Valid as long as
 * the object. */
const void *rooms_secret(const struct rooms *rooms, size_t *n);
/** Sets the callbacks and settings that have to do with storing. Their `ud` is a struct component (service.h). */
void rooms_callbacks(struct rooms *rooms, muc_callbacks *callbacks, muc_settings *settings);
/** What it tells the program; members may be NULL. */
typedef struct rooms_events {
    void (*awake)(void *ud);                    /**< everybody who was in a room at the last end is in it again */
    void (*restored)(muc_room *room, void *ud); /**< a shared store: this room is back, with somebody in it */
    void (*orphan)(const char *jid, void *ud);  /**< a shared store: somebody is in it, and no process has it */
    void (*broken)(int status, void *ud);       /**< it cannot go on, and the program should end with that */
    void (*saved)(int status, void *ud);        /**< rooms_drain() is through: 0, or what the program ends with */
} rooms_events;
/** The service that has been made with them. Rooms in which somebody was come back from now on, a few at a time; all
 * others when they are wanted. */
void rooms_attach(struct rooms *rooms, muc_service *service, const rooms_events *events, void *ud);
/** To be called when a batch of stanzas has been dealt with: what changed is put on disk, and who waits for that is
 * told. Negative: it could not be; it is tried again by itself, and has been logged. */
int rooms_commit(struct rooms *rooms);
/** Before the end: saves everything, occupants too. When that is on disk, or half a minute has passed, the event
 * `saved` says so, perhaps before this returns. The loop has to go on until then, with nothing new. */
void rooms_drain(struct rooms *rooms);

/* A store that is shared by several processes; else these do nothing. */

/** Whether the rooms are this process's for certain: 1 or 0. Before stanzas are dealt with, and before some are sent.
 */
int rooms_may_serve(struct rooms *rooms);
int rooms_may_send(const struct rooms *rooms);
/** From now on rooms that somebody is in and no process has are looked for, or are not. */
void rooms_watch(struct rooms *rooms, int on);
/** Saves and gives up all rooms, and waits until that is done: another process goes on with them. 0, or what the
 * program ends with. */
int rooms_leave(struct rooms *rooms);

/** Frees it, after the service has been freed. NULL is fine. */
void rooms_close(struct rooms *rooms);

#endif
