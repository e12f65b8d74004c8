/* option.h: the options of rooms: a table in which one row is everything there is to know about one of them.
 *
 * A row gives the configuration form its field, tells how a value is read and checked, what it is at first, how it is
 * saved, what service discovery shows and which status codes announce a change. Features bring their rows (feature.h);
 * all of a service's rows are one table, of at most 511. */
#ifndef MUC_OPTION_H
#define MUC_OPTION_H

#include <muc/error.h>
#include <muc/types.h>

#ifdef __cplusplus
extern "C" {
#endif

struct muc_settings;

/** What values an option has. */
typedef enum muc_option_type {
    MUC_OPTION_FLAG,   /**< 0 or 1; a boolean field */
    MUC_OPTION_NUMBER, /**< min to max; a text-single field, a list-single one when the row has choices */
    MUC_OPTION_TEXT,   /**< one line, "" at first unless the row says otherwise; a text-single field */
    MUC_OPTION_SECRET, /**< the same, text-private: shown to owners only */
    MUC_OPTION_CHOICE, /**< one of the choices: its place among them, from 0; a list-single field */
    MUC_OPTION_SET,    /**< any of the choices: bit 1 << place; a list-multi field */
    MUC_OPTION_JIDS    /**< a text: at most 62 JIDs without resources, divided by blanks; a jid-multi field */
} muc_option_type;

/** The name and value of an option in the words of the configuration form. */
typedef struct muc_option_value {
    const char *name;  /**< the option's name ("members_only") or its form field (`muc#roomconfig_membersonly`) */
    const char *value; /**< "1", "20", "anyone"; several of a list divided by commas */
} muc_option_value;

/** One choice of a list. */
typedef struct muc_choice {
    const char *value; /**< what is submitted and saved */
    const char *label; /**< for people; NULL: the value */
    int64_t number;    /**< MUC_OPTION_NUMBER only: what it stands for */
} muc_choice;

/** In the form, but only for service administrators. */
#define MUC_OPTION_ADMIN_ONLY 1u
/** Not in the form: set by the API, saved, shown in service discovery. */
#define MUC_OPTION_NO_FIELD 2u
/** In the extended disco info only while it is not 0 or "". */
#define MUC_OPTION_INFO_WHEN_SET 4u
/** A text whose words, divided by blanks, are the values of a text-multi field of the extended disco info. */
#define MUC_OPTION_INFO_WORDS 8u

/** A row. Static data of the feature; unset members are 0. */
typedef struct muc_option {
    const char *name;     /**< for the API and snapshots: "members_only"; submissions may use it for the field, too */
    muc_option_type type; /**< see above */
    const char *field;    /**< form field: `muc#roomconfig_membersonly`; own ones as "{urn:example}name" (XEP-0068) */
    const char *label;    /**< for people */
    int rank;             /**< place in the form, ascending; see MUC_RANK_ */
    const char *initial;  /**< first value, in the words of the form; NULL: the least number, "" or the first choice */
    int64_t min;          /**< numbers: the least */
    int64_t max;          /**< numbers: the greatest; 0 with min 0: INT32_MAX */
    size_t max_length;    /**< texts, in bytes; 0: settings.max_text */
    const muc_choice *choices; /**< lists, ended by a value of NULL */
    const char *info_field;    /**< field of the room's extended disco info, or NULL */
    const char *info_on;       /**< disco feature while it is not 0 or "", or NULL */
    const char *info_off;      /**< disco feature while it is, or NULL */
    /** A flag with an info_field: what that says of a room, 1 or 0, where it is not the value; or NULL. */
    int (*info)(const muc_room *room);
    int code_on;    /**< status code when it stops being 0 or "" (0: 104) */
    int code_off;   /**< status code when it becomes 0 or "" (0: 104) */
    unsigned flags; /**< MUC_OPTION_ flags */
    /** What the service allows at most, or NULL: of texts the bytes, where 0 is no bound but max_length; of numbers
     * with choices the greatest that the form offers (what is greater is shown as this one). */
    int64_t (*most)(const struct muc_settings *settings);
    void *reserved[3]; /**< NULL: room to grow */
} muc_option;

/* Where the sections of the form begin; rows go in between. */
#define MUC_RANK_ABOUT       100 /**< what the room is about */
#define MUC_RANK_ACCESS      200 /**< who finds it and may enter */
#define MUC_RANK_PERMISSIONS 300 /**< what those inside may do */
#define MUC_RANK_OTHER       400 /**< everything else */

/* ---- looking ----------------------------------------------------------------------------------------------------- */

/** A row of the service's table by name or form field, or NULL. */
MUC_EXTERN const muc_option *muc_option_find(const muc_service *service, const char *name);
/** Rows in the order of the form: NULL starts. */
MUC_EXTERN const muc_option *muc_option_next(const muc_service *service, const muc_option *after);

/** The number of a flag, number, choice or set; 0 for a text or JIDs. A row that is not in the service's table gives
 * its first value. */
MUC_EXTERN int64_t muc_room_get_number(const muc_room *room, const muc_option *option);
/** The text of a text, a secret or JIDs, "" when it is empty or another type. Valid until it changes. */
MUC_EXTERN const char *muc_room_get_text(const muc_room *room, const muc_option *option);
/** Sets one option as the form would, with everything that follows and is announced. MUC_CHANGED, MUC_OK (it was so),
 * MUC_ERR_INVALID (out of bounds, not in the table, wrong type), MUC_ERR_REJECTED (config-check). */
MUC_EXTERN int muc_room_set_number(muc_room *room, const muc_option *option, int64_t value);
/** The same for a text; NULL is "". */
MUC_EXTERN int muc_room_set_text(muc_room *room, const muc_option *option, const char *value);
/** The same by the words of the form, for any type, for several options at once: all or none. The names are those of
 * muc_option_value. */
MUC_EXTERN int muc_room_set(muc_room *room, const muc_option_value *values, size_t count);
/** Writes the value of an option in the words of the form, at most `size` bytes with the NUL; several of a set divided
 * by commas. Returns the length it has, like snprintf. */
MUC_EXTERN size_t muc_room_get(const muc_room *room, const muc_option *option, char *out, size_t size);

#ifdef __cplusplus
}
#endif
#endif
