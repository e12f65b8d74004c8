/* script.h: a conversation script as it was read. */
#ifndef SCS_SCRIPT_H
#define SCS_SCRIPT_H

#include <stddef.h>

#include "text.h"

typedef enum step_kind { STEP_CONNECTS, STEP_DISCONNECTS, STEP_SENDS, STEP_RECEIVES, STEP_DIRECTIVE } step_kind;

typedef struct step {
    step_kind kind;
    int line;
    size_t client;                     /* whose step it is; directives: 0 */
    text body;                         /* stanzas; a directive with what follows it */
    const struct directive *directive; /* directives only */
    char *proves;                      /* requirement IDs, divided by blanks, or NULL */
    int expects_result;                /* whether `result` was given */
    int result;
    int leak_ok;
} step;

typedef struct script_client {
    char *name;
    char *jid;      /* bare */
    char *resource; /* made from the name when the script has none */
} script_client;

typedef struct script {
    char *path;
    script_client *clients;
    size_t client_count;
    step *steps;
    size_t step_count;
    char *needs;    /* the only JID preparation that it can be played with, or NULL */
    int unreadable; /* the file itself */
    text error;     /* what is wrong with it, with file and line; "" when nothing is */
} script;

/** Reads a script. 0, or -1 with `error`. */
int script_read(script *s, const char *path);
void script_free(script *s);
/** The client with the longest name that a line starts with, followed by a blank or the end, or NULL; *rest is
 * what follows. */
const script_client *script_client_at(const script *s, const char *line, const char **rest);

/** The name of a muc_result: "MUC_ERR_BUSY". */
const char *result_name(int result);
/** The result of that name or number; 1 and *out, or 0. */
int result_from_name(const char *name, int *out);

#endif
