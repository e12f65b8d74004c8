/* muc.h: everything, and the rules that hold everywhere.
 *
 * libmuc is a multi-user chat service (XEP-0045) as data and behaviour: stanzas go in, stanzas come out, and it does no
 * input or output of its own.
 *
 * Results. An int result is 0 or above when it happened, below 0 when nothing happened. Pointers are NULL for none.
 * error.h says which results all calls have that change something; with each are those of its own.
 *
 * Strings are UTF-8. Going in they end with NUL and are copied; NULL is allowed only where it says so. Coming out they
 * belong to the object they were asked of, as long as it says. JIDs of rooms, and those handed to callbacks, are
 * prepared; they hold no '/' unless they are full.
 *
 * Objects. Rooms, occupants and sessions belong to their service. A pointer stays valid until the event that tells of
 * its end (destroyed, left, session gone) is over; while any call of the library is running nothing is freed, so
 * handlers and walks survive a removal. Drafts, pages and deliveries taken belong to the caller.
 *
 * Transactions. A call that changes something happens completely or not at all: out of memory, a handler that refuses,
 * or one bad item of several leaves everything as it was, and nothing is sent. Output goes out after the state has
 * settled and after the host has stored it.
 *
 * Handlers. What may be called from where is a table in hook.h. Functions that only look may be called everywhere.
 *
 * Structs. muc_settings and muc_callbacks begin with their size and are made by an _init function. Descriptions that a
 * host writes, and entries that the library fills, have room to grow (`reserved`, 0). Events are made by the library
 * and may grow at their end. muc_span, muc_mem, muc_option_value, muc_choice and muc_hook_row stay as they are. Numbers
 * once given stay; until version 1.0 a new SONAME says when that was not so.
 *
 * Threads. One service is used by one thread at a time, from whichever thread. Services share nothing. libxml2 must
 * have been initialised by the host (xmlInitParser()) before a second thread uses it.
 *
 * The clock, random bytes, storage and sockets are the host's. The same calls with the same clock and random bytes give
 * the same bytes out. */
#ifndef MUC_MUC_H
#define MUC_MUC_H

/* The words that all others use. */
#include <muc/types.h>
#include <muc/version.h>
#include <muc/error.h>
#include <muc/xml.h>

/* A service, and what goes out of it. */
#include <muc/service.h>
#include <muc/delivery.h>
#include <muc/stats.h>

/* What is in it, and what can be done with it. */
#include <muc/room.h>
#include <muc/occupant.h>
#include <muc/affiliation.h>
#include <muc/option.h>
#include <muc/property.h>
#include <muc/config.h>
#include <muc/form.h>
#include <muc/invite.h>
#include <muc/voice.h>
#include <muc/register.h>
#include <muc/vcard.h>
#include <muc/tombstone.h>
#include <muc/digest.h>
#include <muc/tell.h>
#include <muc/query.h>
#include <muc/act.h>
#include <muc/rules.h>

/* What you add to it. */
#include <muc/point.h>
#include <muc/event.h>
#include <muc/hook.h>
#include <muc/pending.h>
#include <muc/command.h>
#include <muc/feature.h>
#include <muc/record.h>

/* Keeping it. */
#include <muc/store.h>

#endif
