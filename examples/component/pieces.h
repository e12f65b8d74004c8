/* pieces.h: a room of the library as pieces of a store, and back. */
#ifndef COMPONENT_PIECES_H
#define COMPONENT_PIECES_H

#include <muc/muc.h>

#include "batch.h"

/** The parts of rooms that are stored when they change. */
#define PIECES_STORED MUC_PART_ALL

/** Writes what changed of a room, which has that place in the batch. 1, or 0: there was nothing to write. */
int pieces_write_change(batch *b, size_t place, muc_room *room, const muc_change *change);
/** Writes the room anew as a whole; whatever the store has of it goes. */
void pieces_write_room(batch *b, size_t place, muc_room *room);
/** Writes what is no change to the library: when it was used, and what occupants have asked one another. */
void pieces_write_rest(batch *b, size_t place, muc_room *room);

/** A snapshot that is put together. */
typedef struct pieces {
    char *xml;
    size_t n, cap;
    int kind; /* of the rows that have been begun; 0: none */
    int asked;
    int whole; /* nothing more is needed */
} pieces;

/** A store_piece_fn; ud: a struct pieces, zero at first. */
int pieces_take(store_kind kind, const char *bytes, size_t n, void *ud);
/** After the last one: xml and n are a snapshot, to be freed. 0, or -1: no memory. */
int pieces_end(pieces *p);

#endif
