/* player.h: a script that is being played: its clients, and what they got. */
#ifndef SCS_PLAYER_H
#define SCS_PLAYER_H

#include "compare.h"
#include "host.h"
#include "leak.h"
#include "script.h"

/** How scripts are played. */
typedef struct options {
    int lenient, leaks, transcript, color, quiet;
    int drop_views; /* the service keeps no presence for those who enter */
    words without;  /* features that the service does not have */
} options;

typedef struct client {
    const script_client *is;
    char *jid, *full;
    int online;
    int told;              /* in this call: that he sees real JIDs no more */
    words inbox;           /* canonical stanzas that were not expected yet */
    words rooms, directed; /* where available presence went to: bare, and as it was addressed */
    text typed;            /* all that was sent */
} client;

typedef struct player {
    const script *script;
    const options *options;
    host host;
    client *clients;
    size_t count;
    captures captures;
    const step *step;
    int result;      /* of the latest call */
    text transcript; /* "line: stanza", one a line */
    text failure;    /* the report; "" as long as all is well */
    int failed_line; /* where; 0: at the end */
} player;

/** Plays a script from beginning to end. The caller frees the player. 0, or -1 with `failure`. */
int player_play(player *p, const script *s, const options *o, mode how);
void player_free(player *p);

/** Makes a call of the library and gives what was sent to the clients. 0, or -1 with `why`: the result was not the
 * one that the step expects, or something is wrong with what was sent. */
int player_call(player *p, host_fn *fn, void *arg, text *why);
/** Fills in ${...}; `escape`: for XML. 0, or -1 with `why`. */
int player_expand(const player *p, const char *in, int escape, text *out, text *why);
/** The client of a script's client, or that a line starts with. */
client *player_client(player *p, const char *line, const char **rest);
/** Hands a stanza of one client to the service, as the mode wants it. */
int player_dispatch(player *p, client *from, const char *xml, size_t n, text *why);

/* steps.c: what clients do. Each 0, or -1 with a report. */
int step_connects(player *p, client *c);
int step_disconnects(player *p, client *c);
int step_sends(player *p, client *c);
int step_receives(player *p, client *c);

#endif
