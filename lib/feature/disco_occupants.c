/* disco_occupants.c: who is in a room, how many they are and what they talk about, told to those who ask by service
 * discovery (XEP-0045 sections 6.5, 14.3 and 16.5.4). */
#include <feature/disco.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/occupant.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>

enum { LIST, COUNT, SUBJECT };
enum { OCCUPANT_JID_SIZE = 3072 }; /* three parts of 1023 bytes, `@`, `/` and NUL */

const muc_option mu_disco_options[] = {
    [LIST] = {.name = "public_list",
              .type = MUC_OPTION_FLAG,
              .field = "public_list",
              .label = "Everybody may ask who is in the room",
              .rank = MUC_RANK_ABOUT + 42},
    [COUNT] = {.name = "public_count",
               .type = MUC_OPTION_FLAG,
               .field = "{urn:libmuc:roomconfig}public_count",
               .label = "Everybody may ask how many are in the room",
               .rank = MUC_RANK_ABOUT + 43,
               .initial = "1"},
    [SUBJECT] = {.name = "public_subject",
                 .type = MUC_OPTION_FLAG,
                 .field = "{urn:libmuc:roomconfig}public_subject",
                 .label = "Everybody may ask for the subject",
                 .rank = MUC_RANK_ABOUT + 44},
    {.name = NULL},
};

/* Those whose presence nobody is shown are on no list. */
void mu_disco_occupants(muc_event *ev, muc_xml *x)
{
    if (!ev->room || !muc_room_get_public_list(ev->room) ||
        muc_affiliation_get(ev->room, ev->from) == MUC_AFFILIATION_OUTCAST)
        return;
    size_t left = muc_service_settings(ev->service)->max_items;
    muc_occupant *o = NULL;
    while (left > 0 && (o = muc_occupant_next(ev->room, o))) {
        char jid[OCCUPANT_JID_SIZE];
        if (!muc_occupant_is_shown(o) || muc_occupant_jid(o, jid, sizeof jid) >= sizeof jid)
            continue;
        left--;
        muc_xml_open(x, "item", NULL);
        muc_xml_attr(x, "jid", jid);
        muc_xml_close(x);
    }
}

int mu_disco_tells_count(const muc_event *ev)
{
    return ev->occupant || muc_room_get_public_count(ev->room);
}

int muc_room_get_public_list(const muc_room *room)
{
    return muc_room_get_number(room, &mu_disco_options[LIST]) != 0;
}

int muc_room_set_public_list(muc_room *room, int on)
{
    return muc_room_set_number(room, &mu_disco_options[LIST], on != 0);
}

int muc_room_get_public_count(const muc_room *room)
{
    return muc_room_get_number(room, &mu_disco_options[COUNT]) != 0;
}

int muc_room_set_public_count(muc_room *room, int on)
{
    return muc_room_set_number(room, &mu_disco_options[COUNT], on != 0);
}

int muc_room_get_public_subject(const muc_room *room)
{
    return muc_room_get_number(room, &mu_disco_options[SUBJECT]) != 0;
}

int muc_room_set_public_subject(muc_room *room, int on)
{
    return muc_room_set_number(room, &mu_disco_options[SUBJECT], on != 0);
}
