/* types.h: the words that every other header uses: objects, spans, roles, affiliations, memory, preparation. */
#ifndef MUC_TYPES_H
#define MUC_TYPES_H

#include <stddef.h>
#include <stdint.h>

/** What the library exports. */
#if defined(__GNUC__)
#define MUC_EXTERN __attribute__((visibility("default")))
#else
#define MUC_EXTERN
#endif

#ifdef __cplusplus
extern "C" {
#endif

/** One MUC domain: its rooms, users and settings. Used by one thread at a time; two services share nothing. */
typedef struct muc_service muc_service;
/** A room: options, affiliations, occupants, subject, history. */
typedef struct muc_room muc_room;
/** A part of the list of public, unlocked rooms, in memory or stored, in the byte order of their JIDs; see room.h. */
typedef struct muc_room_list muc_room_list;
/** A nickname in a room: one role and one or more sessions of one bare JID. */
typedef struct muc_occupant muc_occupant;
/** One full real JID in one room, with its latest presence. */
typedef struct muc_session muc_session;
/** An outgoing stanza and who gets it. */
typedef struct muc_delivery muc_delivery;
/** Something that a hook handler is told about; see event.h. */
typedef struct muc_event muc_event;
/** A data form being built or read; see form.h. */
typedef struct muc_form muc_form;
/** XML being written; see xml.h. */
typedef struct muc_xml muc_xml;
/** A plug-in: hooks and options; see feature.h. */
typedef struct muc_feature muc_feature;
/** Something that may be done by filling in a form; see command.h. */
typedef struct muc_command muc_command;
/** What a call changed in a room; see store.h. */
typedef struct muc_change muc_change;

/** Bytes that belong to somebody else: UTF-8, not NUL-terminated. */
typedef struct muc_span {
    const char *p; /**< the first byte; may be NULL when n is 0 */
    size_t n;      /**< how many */
} muc_span;

/** What an occupant may do during this visit (XEP-0045 section 5.1), least first. */
typedef enum muc_role {
    MUC_ROLE_NONE,        /**< not in the room */
    MUC_ROLE_VISITOR,     /**< hears; in a moderated room says nothing to all */
    MUC_ROLE_PARTICIPANT, /**< speaks */
    MUC_ROLE_MODERATOR    /**< gives and takes voice, kicks, sees real JIDs */
} muc_role;

/** How a bare JID belongs to a room, over visits (XEP-0045 section 5.2), least first. */
typedef enum muc_affiliation {
    MUC_AFFILIATION_OUTCAST = -1, /**< banned */
    MUC_AFFILIATION_NONE,         /**< anybody */
    MUC_AFFILIATION_MEMBER,       /**< may enter when it is members-only */
    MUC_AFFILIATION_ADMIN,        /**< also bans, and makes members and moderators */
    MUC_AFFILIATION_OWNER         /**< also configures and destroys, and makes admins and owners */
} muc_affiliation;

/** Bytes of an identifier with its NUL. */
#define MUC_ID_SIZE 64

/** Sets of roles: 1 << role. */
typedef unsigned muc_roles;
/** Everybody who is in the room. */
#define MUC_EVERYONE ((muc_roles)0xeu)
/** Moderators only. */
#define MUC_MODERATORS ((muc_roles)0x8u)

/** Picks occupants: 1 means this one, 0 not. May change nothing. */
typedef int muc_filter_fn(muc_occupant *occupant, void *ud);

/** Where the library takes its memory (all but that of libxml2's parser, which has its own). `resize` and `release` get
 * what `alloc` gave. All three or none are set; sizes are bytes and never 0. The functions must work as long as any
 * delivery taken from the service is alive. */
typedef struct muc_mem {
    void *ud;                                        /**< for the functions */
    void *(*alloc)(size_t size, void *ud);           /**< like malloc(); NULL when there is none */
    void *(*resize)(void *p, size_t size, void *ud); /**< like realloc(); p is never NULL */
    void (*release)(void *p, void *ud);              /**< like free(); p is never NULL */
} muc_mem;

/** Which part is prepared. */
typedef enum muc_prep_part {
    MUC_PREP_LOCAL,    /**< localpart of a JID (RFC 7622 section 3.3) */
    MUC_PREP_DOMAIN,   /**< domainpart (section 3.2) */
    MUC_PREP_RESOURCE, /**< resourcepart of a real JID (section 3.4) */
    MUC_PREP_NICK      /**< a room nickname: the resourcepart of an occupant JID */
} muc_prep_part;

/** What a part is prepared for. */
typedef enum muc_prep_purpose {
    MUC_PREP_ENFORCE, /**< to be shown and sent (RFC 7622; nicknames by OpaqueString) */
    MUC_PREP_COMPARE  /**< to be compared, never shown (JIDs: as enforced; nicknames by RFC 8266) */
} muc_prep_purpose;

/** Prepares one part of an address. `in` is NUL-terminated UTF-8; the result goes to `out`, at most `size` bytes with
 * its NUL. Returns its length, or -1 to refuse the string. Must give the same result for the same input, for its own
 * result too. */
typedef int muc_prep_fn(muc_prep_part part, muc_prep_purpose purpose, const char *in, char *out, size_t size, void *ud);

/** The word of the specification for a role: "none", "visitor", "participant", "moderator". Never NULL. */
MUC_EXTERN const char *muc_role_name(muc_role role);
/** Finds the role that a word means. Returns 1 and stores it, or 0 for an unknown word or NULL. */
MUC_EXTERN int muc_role_from_name(const char *name, muc_role *out);
/** The word of the specification for an affiliation: "outcast", "none", "member", "admin", "owner". Never NULL. */
MUC_EXTERN const char *muc_affiliation_name(muc_affiliation affiliation);
/** Finds the affiliation that a word means. Returns 1 and stores it, or 0 for an unknown word or NULL. */
MUC_EXTERN int muc_affiliation_from_name(const char *name, muc_affiliation *out);

#ifdef __cplusplus
}
#endif
#endif
