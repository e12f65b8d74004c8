/* play.h: what the users do, and what that costs. */
#ifndef LOAD_PLAY_H
#define LOAD_PLAY_H

#include "wire.h"
#include "watch.h"

typedef struct play {
    wire wire;
    const char *rooms, *people; /**< domains */
    size_t users, messages;     /**< in one room, and to it */
    size_t count, inside;       /**< rooms, and how many are in each, for their weight */
    size_t window;              /**< stanzas of ours that are under way at once; 0: all */
    int rounds;                 /**< of one room */
    watch watched[WATCHED];
    size_t watching;
} play;

/** Rounds of: a room is made, everybody enters, everybody talks, the room is destroyed. */
void play_room(play *p);
/** Many rooms are made and left; many are made, and then many enter each. */
void play_weight(play *p);

#endif
