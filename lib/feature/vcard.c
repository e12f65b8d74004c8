/* vcard.c: the vCard of a room, with its avatar (XEP-0054, XEP-0153, XEP-0486).
 *
 * Kept as an option that no form shows, with the names of its photos beside it: so it is stored, saved and announced as
 * options are, and service discovery tells the names. */
#include <feature/vcard.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/option.h>
#include <muc/room.h>
#include <muc/service.h>
#include <muc/vcard.h>

#include <string.h>

#define NS_VCARD "vcard-temp"

/* As large as an option can be: settings.max_vcard is what bounds it. */
enum { MOST = 16777216, PHOTOS = 16 };
enum { VCARD, HASH };

static const muc_option options[] = {
    [VCARD] = {.name = "vcard", .type = MUC_OPTION_TEXT, .max_length = MOST, .flags = MUC_OPTION_NO_FIELD},
    [HASH] = {.name = "avatar_hash",
              .type = MUC_OPTION_TEXT,
              .label = "Hash of the avatar",
              .max_length = MOST,
              .info_field = "muc#roominfo_avatarhash",
              .flags = MUC_OPTION_NO_FIELD | MUC_OPTION_INFO_WHEN_SET | MUC_OPTION_INFO_WORDS},
    {.name = NULL},
};

/* ---- the names of the photos ------------------------------------------------------------------------------------- */

/* Writes the name of one photo behind the others. MUC_OK, MUC_ERR_INVALID, MUC_ERR_NOMEM. */
static int add_photo(muc_service *s, const xmlNode *binval, char *out, size_t *n)
{
    size_t size = muc_node_copy_text(binval, NULL, 0) + 1;
    char *text = muc_service_alloc(s, size);
    if (!text)
        return MUC_ERR_NOMEM;
    (void)muc_node_copy_text(binval, text, size);
    long bytes = mu_base64_decode(text);
    if (bytes > 0) {
        if (*n)
            out[(*n)++] = ' ';
        mu_sha1_hex((const uint8_t *)text, (size_t)bytes, out + *n);
        *n += MU_SHA1_HEX - 1;
    }
    muc_service_release(s, text);
    return bytes < 0 ? MUC_ERR_INVALID : MUC_OK;
}

static int name_photos(muc_service *s, const xmlNode *vcard, char out[PHOTOS * MU_SHA1_HEX])
{
    size_t n = 0;
    int count = 0;
    const xmlNode *photo = muc_node_child(vcard, "PHOTO", NS_VCARD);
    out[0] = '\0';
    for (; photo; photo = muc_node_next(photo, "PHOTO", NS_VCARD)) {
        const xmlNode *binval = muc_node_child(photo, "BINVAL", NS_VCARD);
        if (!binval)
            continue;
        int r = ++count > PHOTOS ? MUC_ERR_INVALID : add_photo(s, binval, out, &n);
        if (r < 0)
            return r;
    }
    return MUC_OK;
}

/* ---- getting and setting ----------------------------------------------------------------------------------------- */

const char *muc_room_get_vcard(const muc_room *room)
{
    return muc_room_get_text(room, &options[VCARD]);
}

const char *muc_room_get_avatar_hash(const muc_room *room)
{
    return muc_room_get_text(room, &options[HASH]);
}

static int store(muc_room *room, const char *vcard, const char *hash)
{
    const muc_option_value both[] = {{options[VCARD].name, vcard}, {options[HASH].name, hash}};
    return muc_room_set(room, both, 2);
}

int muc_room_set_vcard(muc_room *room, const xmlNode *vcard)
{
    muc_service *s = muc_room_service(room);
    char hash[PHOTOS * MU_SHA1_HEX], *text;
    if (vcard && !muc_node_is(vcard, "vCard", NS_VCARD))
        return MUC_ERR_INVALID;
    if (!vcard || !vcard->children)
        return store(room, "", "");
    int r = name_photos(s, vcard, hash);
    if (!r)
        r = muc_node_bytes(s, vcard, &text);
    if (r < 0)
        return r;
    r = strlen(text) > muc_service_settings(s)->max_vcard ? MUC_ERR_TOO_BIG : store(room, text, hash);
    muc_service_release(s, text);
    return r;
}

/* ---- by stanzas -------------------------------------------------------------------------------------------------- */

static int may_set(const muc_event *ev)
{
    return ev->room && (muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_OWNER ||
                        muc_service_is_admin(ev->service, ev->from));
}

static int set(muc_event *ev)
{
    if (!may_set(ev))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    int r = muc_room_set_vcard(ev->room, muc_node_child(ev->stanza, "vCard", NS_VCARD));
    if (r == MUC_ERR_TOO_BIG)
        return muc_reject(ev, MUC_POLICY_VIOLATION, "this vCard is too large");
    if (r == MUC_ERR_INVALID)
        return muc_reject(ev, MUC_BAD_REQUEST, "this photo is no base64");
    if (r < 0)
        return muc_reject_result(ev, r);
    (void)muc_reply(ev, NULL, NULL);
    return MUC_STOP;
}

static int on_vcard(muc_event *ev, void *ud)
{
    (void)ud;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (muc_event_nick(ev))
        return MUC_PASS;
    if (type && strcmp(type, "set") == 0)
        return set(ev);
    const char *vcard = ev->room ? muc_room_get_vcard(ev->room) : "";
    if (!*vcard)
        return muc_reject_as(ev, MUC_ITEM_NOT_FOUND, MUC_ERROR_CANCEL, NULL);
    muc_reply_bytes(ev, vcard, strlen(vcard));
    return MUC_STOP;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_IQ, "{" NS_VCARD "}vCard", MUC_PRIORITY_DEFAULT, on_vcard},
    {.fn = NULL},
};

static const char *const info[] = {NS_VCARD, NULL};

const muc_feature muc_feature_vcard = {
    .name = "vcard", .hooks = hooks, .options = options, .service_info = info, .room_info = info};
