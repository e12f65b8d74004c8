/* occupant_id.c: who is the same, whatever he is called (XEP-0421): HMAC-SHA-256 of room and bare JID, by the service's
 * secret.
 *
 * It becomes part of what a presence holds for all, written once when the presence comes, so that nothing that is
 * shared or kept of it is given up. */
#include <muc/digest.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stdbool.h>
#include <string.h>

#define NS_OCCUPANT_ID "urn:xmpp:occupant-id:0"

/* Hexadecimal digits of so many bytes. */
enum { ID_BYTES = 20 };

/* The name of a user in a room. MUC_OK or MUC_ERR_NOMEM. */
static int name_of(muc_occupant *occupant, char out[2 * ID_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    muc_room *room = muc_occupant_room(occupant);
    muc_service *service = muc_room_service(room);
    const muc_settings *settings = muc_service_settings(service);
    const char *place = muc_room_jid(room), *user = muc_occupant_bare_jid(occupant);
    size_t place_n = strlen(place) + 1;
    int user_n = muc_service_prepare(service, user, NULL, 0);
    /* One that preparation refuses is its own key. */
    bool raw = user_n < 0;
    size_t n = place_n + (raw ? strlen(user) : (size_t)user_n) + 1;
    char *text = user_n == MUC_ERR_NOMEM ? NULL : muc_service_alloc(service, n);
    if (!text)
        return MUC_ERR_NOMEM;
    memcpy(text, place, place_n);
    if (raw)
        memcpy(text + place_n, user, n - place_n);
    else
        (void)muc_service_prepare(service, user, text + place_n, n - place_n);
    uint8_t digest[32];
    muc_hmac_sha256(settings->secret, settings->secret_n, text, n - 1, digest);
    muc_service_release(service, text);
    for (size_t i = 0; i < ID_BYTES; i++) {
        out[2 * i] = digits[digest[i] >> 4];
        out[2 * i + 1] = digits[digest[i] & 15];
    }
    out[2 * ID_BYTES] = '\0';
    return MUC_OK;
}

int muc_occupant_id(muc_occupant *occupant, char out[MUC_ID_SIZE])
{
    const muc_service *service = muc_room_service(muc_occupant_room(occupant));
    out[0] = '\0';
    return muc_service_settings(service)->occupant_ids ? name_of(occupant, out) : MUC_ERR_NOT_FOUND;
}

/* Into presences, and messages to all and to one; not into what is said in a name that is not the sender's. */
static int on_build(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_message_event *message = ev->as.build->message;
    if (!ev->occupant || (message && message->nick))
        return MUC_PASS;
    char id[2 * ID_BYTES + 1];
    int r = name_of(ev->occupant, id);
    muc_xml *out = ev->as.build->out;
    muc_xml_open(out, "occupant-id", NS_OCCUPANT_ID);
    muc_xml_attr(out, "id", id);
    muc_xml_close(out);
    return r;
}

static int on_info(muc_event *ev, void *ud)
{
    (void)ud;
    muc_disco_feature(ev, NS_OCCUPANT_ID);
    return MUC_PASS;
}

static int is_wanted(const muc_settings *settings)
{
    return settings->occupant_ids;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_PAYLOAD_BUILD, NULL, MUC_PRIORITY_DEFAULT, on_build},
    {MUC_ON_MESSAGE_BUILD, NULL, MUC_PRIORITY_DEFAULT, on_build},
    {MUC_ON_PRIVATE_BUILD, NULL, MUC_PRIORITY_DEFAULT, on_build},
    {MUC_ON_DISCO_INFO, "", MUC_PRIORITY_DEFAULT, on_info},
    {.fn = NULL},
};

const muc_feature muc_feature_occupant_id = {.name = "occupant-id", .hooks = hooks, .wanted = is_wanted};
