/* directive.h: what `#!` lines do. */
#ifndef SCS_DIRECTIVE_H
#define SCS_DIRECTIVE_H

#include <stddef.h>

#include "text.h"

struct player;

#define MAX_WORDS 16

/** What follows the name of a directive, its ${...} filled in: divided into words, "..." being one. */
typedef struct arguments {
    char *word[MAX_WORDS];
    const char *rest[MAX_WORDS + 1]; /* the line from that word on */
    size_t count;
} arguments;

/** A row of the table of directives. */
typedef struct directive {
    const char *name;
    int before_service; /* it must come before the first step */
    size_t least;       /* words it takes at least */
    /** Does it. 0, or -1 with `why`. */
    int (*play)(struct player *p, const arguments *a, text *why);
} directive;

/** The row of the name that a line starts with, or NULL. */
const directive *directive_find(const char *name, size_t n);
/** Whether the rest of the line can be right: a query that exists. */
int directive_accepts(const directive *d, const char *rest);
/** Plays it. 0, or -1 with `why`. */
int directive_play(struct player *p, const directive *d, const char *rest, text *why);

/* actions.c: what changes something. */
extern const directive directive_actions[]; /* ended by name NULL */

/* query.c: what asks. */
int query_play(struct player *p, const arguments *a, text *why);
int query_exists(const char *name, size_t n);

/* Helpers for rows. */

/** A room's JID: as given, or a localpart with the domain of the service behind it. The caller frees it. */
char *room_jid(struct player *p, const char *word);
/** Splits "name=value" in place; the value, or NULL. */
char *split_setting(char *word);

#endif
