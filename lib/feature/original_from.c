/* original_from.c: in rooms where everybody sees real JIDs, messages say from which one they come (XEP-0033 `ofrom`,
 * XEP-0045 section 7.2.13).
 *
 * It stands in the history too, which is forgotten when that ends (history.c), but not beside a subject, which stays.
 */
#include <muc/event.h>
#include <muc/feature.h>
#include <muc/property.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* Not beside what is said in a name that is not the sender's. */
static int on_build(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_message_event *message = ev->as.build->message;
    const char *type = muc_node_attr(ev->stanza, "type");
    if (!ev->occupant || message->nick || message->subject || !type || strcmp(type, "groupchat") != 0 ||
        muc_room_get_whois(ev->room) == MUC_ROLE_MODERATOR)
        return MUC_PASS;
    muc_xml *out = ev->as.build->out;
    muc_xml_open(out, "addresses", "http://jabber.org/protocol/address");
    muc_xml_open(out, "address", NULL);
    muc_xml_attr(out, "type", "ofrom");
    muc_xml_attr(out, "jid", ev->from);
    muc_xml_close(out);
    muc_xml_close(out);
    return MUC_PASS;
}

static int is_wanted(const muc_settings *settings)
{
    return settings->original_from;
}

static const muc_hook_row hooks[] = {
    {MUC_ON_MESSAGE_BUILD, NULL, MUC_PRIORITY_DEFAULT, on_build},
    {.fn = NULL},
};

const muc_feature muc_feature_original_from = {.name = "original-from", .hooks = hooks, .wanted = is_wanted};
