/* command.h: ad-hoc commands (XEP-0050): what somebody may have done by picking it from a list and filling in a form.
 *
 * A command is a row in a table of a feature (feature.h), and is offered by the service, by its rooms, or both. Who may
 * run it finds it in service discovery; anybody else does not, and is told forbidden when he tries.
 *
 * A command with a form takes two requests: the first is answered by the form, the second brings it filled in and has
 * the command run. Nothing is kept in between: the id of the session tells for whom, where, for which command and when
 * it was made, and nobody can make one up. The form is built anew, and who may run the command is asked again. */
#ifndef MUC_COMMAND_H
#define MUC_COMMAND_H

#include <muc/error.h>
#include <muc/form.h>
#include <muc/types.h>
#include <muc/xml.h>

#ifdef __cplusplus
extern "C" {
#endif

/** The namespace of commands, and the node of service discovery that lists them. */
#define MUC_NS_COMMANDS "http://jabber.org/protocol/commands"

/** Offered at the address of the service. */
#define MUC_COMMAND_SERVICE 1u
/** Offered by every room. */
#define MUC_COMMAND_ROOM 2u

/** A command. Static data of the feature; unset members are 0. muc_event is that of the iq, or in `may` of service
 * discovery: room (NULL: the service), occupant, from. */
struct muc_command {
    const char *node;         /**< what it is called in the protocol; of two with one node the first counts */
    const char *name;         /**< for people */
    unsigned where;           /**< MUC_COMMAND_ flags */
    const char *form_type;    /**< FORM_TYPE of its form (XEP-0068); NULL: it has none and is run at once */
    const char *instructions; /**< for those who fill it in, or NULL */
    const muc_field *fields;  /**< its fields, ended by var NULL; or NULL */
    /** Whether who asks may run it there: 1 or 0. May change nothing. NULL: service administrators may. */
    int (*may)(const muc_event *event, const muc_command *command);
    /** Adds to the form, or changes it; or NULL. May change nothing else. MUC_OK, or the result of what went wrong. */
    int (*build)(const muc_event *event, const muc_command *command, muc_form *form);
    /** Does it, as a handler of the serve class, with a form whose required fields have values (NULL: it has none).
     * MUC_STOP: it is answered; MUC_PASS: the answer is that it is done; else as any handler. */
    int (*run)(muc_event *event, const muc_command *command, const muc_form *form);
    void *reserved[4]; /**< NULL: room to grow */
};

/** How grave a note is. */
typedef enum muc_note_type {
    MUC_NOTE_INFO, /**< nothing is wrong */
    MUC_NOTE_WARN, /**< something may be */
    MUC_NOTE_ERROR /**< it did not work */
} muc_note_type;

/** In `run`, after all that it does: starts the answer that the command is completed, `<command/>`, which is still
 * open: write notes and other elements, then return MUC_STOP. */
MUC_EXTERN muc_xml *muc_command_reply(muc_event *event);
/** Writes a note into it: a sentence, and behind a colon what it is about (NULL: nothing). A command that failed says
 * so by a note that is an error; what it did until then stays done. */
MUC_EXTERN void muc_command_note(muc_xml *x, muc_note_type type, const char *text, const char *about);
/** Both, MUC_STOP, for an answer of one note: `return muc_command_done(event, MUC_NOTE_INFO, "Done", NULL);`. */
MUC_EXTERN int muc_command_done(muc_event *event, muc_note_type type, const char *text, const char *about);

#ifdef __cplusplus
}
#endif
#endif
