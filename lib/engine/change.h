/* change.h: what one transaction changed in one room, as muc_callbacks.room_changed is told. */
#ifndef MU_ENGINE_CHANGE_H
#define MU_ENGINE_CHANGE_H

#include <model/model.h>

/* A view of the notes that the journal holds between two entries; made for the time of the callback. */
struct muc_change {
    const muc_service *service;
    muc_room *room;
    size_t from, to; /* entries of the journal: from <= i < to */
    unsigned parts;  /* those that changed and that settings.store_parts wants */
    bool is_new, is_gone, is_tombstone;
};

/* What the running transaction did to a room, whose first note is there, that the store is to keep from now on, or not.
 * false: nothing that it wants to be told. */
bool mu_change_read(muc_change *change, muc_room *room, size_t first, bool kept);

#endif
