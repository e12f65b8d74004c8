/* disco.h: what the files of the disco feature share. */
#ifndef MU_FEATURE_DISCO_H
#define MU_FEATURE_DISCO_H

#include <muc/hook.h>
#include <muc/option.h>

#define MU_NS_DISCO_INFO  "http://jabber.org/protocol/disco#info"
#define MU_NS_DISCO_ITEMS "http://jabber.org/protocol/disco#items"
#define MU_NS_RSM         "http://jabber.org/protocol/rsm"

/* Identity and features of the service or of the room of the event. */
void mu_disco_describe(muc_event *ev, muc_xml *x);
/* What a room says about itself beyond that: the form of XEP-0128. */
void mu_disco_form(muc_event *ev, muc_xml *x);
/* Who is in the room of the event, as far as he who asks may see it; options about that, ended by a name of NULL. */
void mu_disco_occupants(muc_event *ev, muc_xml *x);
int mu_disco_tells_count(const muc_event *ev);
extern const muc_option mu_disco_options[];
/* The room list, or the page of it that the query asks for: what the handler returns. */
int mu_disco_rooms(muc_event *ev, const xmlNode *query);

/* A number in decimal. */
enum { MU_DECIMAL = 24 };
const char *mu_decimal(uint64_t number, char out[MU_DECIMAL]);

#endif
