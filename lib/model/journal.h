/* journal.h: what a transaction did to the model, so that it can be undone.
 *
 * Every change of the model writes its inverse first; taking it back is a walk from the end. What a change takes out of
 * the model is not freed but listed, so that it can be put back, and so that pointers to it stay good until the end of
 * the outermost call. Writing an entry is the only step of a change that can fail, and it comes first. */
#ifndef MU_MODEL_JOURNAL_H
#define MU_MODEL_JOURNAL_H

#include <base/map.h>
#include <base/tree.h>
#include <muc/store.h>

/* How an object of the model is freed. */
typedef void mu_free_fn(mu_heap *heap, void *object);
/* How an object drops what it keeps written only to save work. Cannot fail. */
typedef void mu_touch_fn(void *object);

typedef enum mu_op {
    MU_OP_BYTES,       /* memory had another content */
    MU_OP_MAP_ADDED,   /* item was put into map */
    MU_OP_MAP_REMOVED, /* item was taken out of map */
    MU_OP_TREE_ADDED,
    MU_OP_TREE_REMOVED,
    MU_OP_MADE,  /* object is new: free it when undone */
    MU_OP_GONE,  /* object is out of the model: free it when all is over */
    MU_OP_TOUCH, /* object is touched when undone */
    MU_OP_NOTE   /* nothing to undo: something that the store is told */
} mu_op;

/* How many wait for an object and refer to it: it is not freed before. Kept: it is out of the model, and waits for
 * them. */
typedef struct mu_pins {
    unsigned n : 31;
    unsigned kept : 1;
} mu_pins;

/* What a note says: see muc_change_item. */
typedef struct mu_note {
    muc_room *room;
    unsigned part; /* MUC_PART_, or 0 with one of the flags below */
    unsigned flags;
    const void *subject; /* option row, affiliation entry, message, occupant; or as the flag says */
    size_t last;         /* of the first note of a room: where its last one is */
} mu_note;
enum {
    MU_NOTE_NEW = 1,
    MU_NOTE_GONE = 2,
    MU_NOTE_RESTORED = 4,
    MU_NOTE_FORGOTTEN = 16, /* out of memory, not out of the store */
    MU_NOTE_FORMER = 8      /* with MUC_PART_OCCUPANTS: subject is the nickname that somebody had before, a string */
};

enum { MU_JOURNAL_BYTES = 16 };
typedef struct mu_entry {
    mu_op op;
    union {
        struct {
            void *at;
            size_t n;
            unsigned char old[MU_JOURNAL_BYTES];
        } bytes;
        struct {
            mu_map *map;
            mu_key *item;
        } map;
        struct {
            mu_tree *tree;
            mu_tree_node *node;
        } tree;
        struct {
            mu_free_fn *free;
            void *object;
            mu_pins *pins;    /* the object is not freed while there are any; NULL: nothing keeps it */
            const bool *kept; /* MADE: when this is set, the object is its maker's again when undone; or NULL */
        } object;
        struct {
            mu_touch_fn *touch;
            void *object;
        } touch;
        mu_note note;
    } u;
} mu_entry;

typedef struct mu_journal {
    mu_heap *heap;
    mu_entry *entries;
    size_t n, cap;
    mu_entry *graves; /* what is out of the model for good, freed at the end of the outermost call */
    size_t grave_n, grave_cap;
    size_t grave_kept; /* the first of them, pinned when they were looked at last */
    bool unpinned;     /* one of those has lost its last pin */
    size_t made;       /* entries of mu_save_made_pinned(); each has its place among the graves */
} mu_journal;

void mu_journal_init(mu_journal *j, mu_heap *heap);
/* Undoes what is open and frees all graves. */
void mu_journal_free(mu_journal *j);

/* Remembers n <= 16 bytes at `at`, which may then be changed. These return MUC_OK or MUC_ERR_NOMEM. */
int mu_save_bytes(mu_journal *j, void *at, size_t n);
/* Inserts or removes; an insert reserves the place itself. */
int mu_save_map_insert(mu_journal *j, mu_map *map, mu_key *item);
int mu_save_map_remove(mu_journal *j, mu_map *map, mu_key *item);
int mu_save_tree_insert(mu_journal *j, mu_tree *tree, mu_tree_node *node, const char *key, uint32_t weight);
int mu_save_tree_remove(mu_journal *j, mu_tree *tree, mu_tree_node *node);
/* Takes a new object over: on failure it is freed at once. NULL is what an allocation without memory gave: a
 * failure. */
int mu_save_made(mu_journal *j, mu_free_fn *free, void *object);
/* The same for one that others may point to: undone, it is buried as what is gone. kept may be NULL; when it is set
 * then, and when this fails, the object stays with its maker. */
int mu_save_made_pinned(mu_journal *j, mu_free_fn *free, void *object, mu_pins *pins, const bool *kept);
/* Takes an object over that the model does not refer to any more. NULL is fine. */
int mu_save_gone(mu_journal *j, mu_free_fn *free, void *object);
/* The same for one that is still needed while it has pins; they are inside of it, or of what goes with it. */
int mu_save_gone_pinned(mu_journal *j, mu_free_fn *free, void *object, mu_pins *pins);
/* Something waits and refers to it, or does not any more. */
void mu_pin(mu_pins *pins);
void mu_unpin(mu_journal *j, mu_pins *pins);
void mu_room_pin(muc_room *room);
void mu_room_unpin(muc_room *room);
void mu_occupant_pin(muc_occupant *occupant);
void mu_occupant_unpin(muc_occupant *occupant);
/* Touches the object now, before it is changed, and again after the change was undone. */
int mu_save_touch(mu_journal *j, mu_touch_fn *touch, void *object);
/* Touches it only after the change was undone. */
int mu_save_undone(mu_journal *j, mu_touch_fn *touch, void *object);
int mu_save_note(mu_journal *j, muc_room *room, unsigned part, unsigned flags, const void *subject);

/* Undoes everything after the first n entries. */
void mu_journal_undo(mu_journal *j, size_t n);
/* Makes room so that mu_journal_commit() cannot fail. */
int mu_journal_prepare(mu_journal *j);
/* Forgets the entries; what is gone waits in graves. _from: all but the first n. */
void mu_journal_commit(mu_journal *j);
void mu_journal_commit_from(mu_journal *j, size_t n);
/* Frees the graves, less those that are pinned. These are looked at again only when one of them is pinned no more. */
void mu_journal_bury(mu_journal *j);

/* Saves a variable and sets it: SAVE_SET(j, room->locked, 0). For scalars and pointers of at most 16 bytes. */
#define MU_SET(j, lvalue, value)                                                                                       \
    (mu_save_bytes((j), &(lvalue), sizeof(lvalue)) ? MUC_ERR_NOMEM : ((lvalue) = (value), MUC_OK))

#endif
