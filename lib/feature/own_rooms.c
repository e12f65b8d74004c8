/* own_rooms.c: who is in a hidden room finds it in the room list, where the service wants that (XEP-0045
 * section 6.3 has it shown to nobody). */
#include <muc/event.h>
#include <muc/feature.h>
#include <muc/property.h>
#include <muc/room.h>
#include <muc/service.h>

#include <string.h>

enum { BARE_JID_SIZE = 2048 }; /* two parts of 1023 bytes, `@` and NUL */

typedef struct listing {
    muc_xml *out;
    size_t left;
} listing;

static int write_hidden(muc_room *room, void *ud)
{
    listing *l = ud;
    const muc_settings *settings = muc_service_settings(muc_room_service(room));
    if (muc_room_get_public(room) || (muc_room_is_locked(room) && !settings->list_locked_rooms))
        return 0;
    const char *name = muc_room_get_name(room);
    muc_xml_open(l->out, "item", NULL);
    muc_xml_attr(l->out, "jid", muc_room_jid(room));
    muc_xml_attr(l->out, "name", *name ? name : NULL);
    muc_xml_close(l->out);
    return --l->left == 0;
}

static int on_items(muc_event *ev, void *ud)
{
    (void)ud;
    char bare[BARE_JID_SIZE];
    size_t n = ev->from ? strcspn(ev->from, "/") : sizeof bare;
    if (ev->room || n >= sizeof bare)
        return MUC_PASS;
    memcpy(bare, ev->from, n);
    bare[n] = '\0';
    listing l = {ev->as.disco->out, muc_service_settings(ev->service)->max_page};
    int r = muc_peer_rooms(ev->service, bare, write_hidden, &l);
    return r == MUC_ERR_NOMEM ? r : MUC_PASS;
}

static int is_wanted(const muc_settings *settings)
{
    return settings->list_own_rooms;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_DISCO_ITEMS, "", MUC_PRIORITY_DEFAULT, on_items},
    {.fn = NULL},
};

const muc_feature muc_feature_own_rooms = {.name = "own-rooms", .hooks = hooks, .wanted = is_wanted};
