/* leak.h: the search for real JIDs where they must not be. */
#ifndef SCS_LEAK_H
#define SCS_LEAK_H

#include "text.h"

struct player;
struct client;

/** Who could see real JIDs in which room, and who is an admin or owner there. */
typedef struct leak_view {
    struct leak_row {
        char *room;
        size_t client;
        int sees, ranks;
    } * rows;
    size_t count;
} leak_view;

/** A part of a JID with 16 hexadecimal digits behind it that nobody can guess, made from the whole JID. The caller
 * frees it. */
char *leak_disguise(const char *part, const char *whole);
/** Notes who may see what now. */
void leak_look(struct player *p, leak_view *view);
void leak_view_free(leak_view *view);
/** Whether a stanza (canonical) tells its recipient that he sees real JIDs no more. */
int leak_ends(const char *xml);
/** Searches a stanza (canonical) for what its recipient may not know, given the views before and after the call.
 * 0, or -1 with `why`. */
int leak_check(struct player *p, const struct client *to, const leak_view views[2], const char *xml, text *why);

#endif
