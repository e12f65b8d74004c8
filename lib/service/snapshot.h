/* snapshot.h: how a saved room looks, and the parts of restoring one.
 *
 *   <room xmlns='urn:libmuc:room:1' jid='...' locked='2026-01-01T00:00:00Z' by-hand='1' used='2026-01-02T00:00:00Z'>
 *     <config><option name='members_only'>1</option>...</config>       values in the words of the form
 *     <affiliations><item jid='...' affiliation='owner' nick='...'>
 *       <reason>...</reason><data key='...'>...</data>...</item>...</affiliations>
 *     <subject from='...' at='...'><message xmlns='jabber:client' ...>...</message></subject>
 *     <history><entry at='...' own-delay='1'><message xmlns='jabber:client' ...>...</message></entry>...</history>
 *     <occupants><occupant nick='...' jid='...' role='...' unseen='1'>
 *       <session jid='...' primary='1' turn='1' heard='...' pinged='...'><presence
 * xmlns='jabber:client'>...</presence></session>...
 *     </occupant>...</occupants>
 *     <records><record owner='...' key='...' until='...'><text>...</text>...</record>...</records>
 *     <asked><iq id='...' from='...' whom='...' nick='...' to='...' own-id='...' due='...'/>...</asked>
 *     <private>...</private>                                    marks of those that may come back, 16 digits each
 *     ...elements of features and of other versions...
 *   </room>
 *
 * or, for a tombstone, jid='...' and nothing but
 *
 *     <destroyed at='...' until='...' jid='...'><reason>...</reason></destroyed>
 *
 * without the white space. The number in the namespace is the version. */
#ifndef MU_SERVICE_SNAPSHOT_H
#define MU_SERVICE_SNAPSHOT_H

#include <model/model.h>

#define MU_NS_ROOM      "urn:libmuc:room:1"
#define MU_XMLNS_CLIENT " xmlns='" MUC_NS_CLIENT "'"

enum {
    MU_SNAPSHOT_DEPTH = 4,         /* elements around the children of a stanza, more than in the stanza itself */
    MU_SNAPSHOT_BYTES = 1073741824 /* of a whole room */
};

/* A room that is being brought back, inside a transaction. */
typedef struct mu_restore {
    muc_service *service;
    muc_room *room;
    mu_buf key, text; /* for addresses; for text: whoever fills one calls nobody who does the same */
    muc_xml x;
} mu_restore;

/* Each takes the element of its name. MUC_OK, MUC_ERR_MALFORMED, MUC_ERR_LIMIT or MUC_ERR_NOMEM. */
int mu_restore_affiliations(mu_restore *r, const xmlNode *affiliations); /* restore_rank.c */
int mu_restore_subject(mu_restore *r, const xmlNode *subject);           /* restore_talk.c */
int mu_restore_history(mu_restore *r, const xmlNode *history);
int mu_restore_private(mu_restore *r, const xmlNode *marks);
int mu_restore_records(mu_restore *r, const xmlNode *records);                   /* restore_record.c */
int mu_restore_occupants(mu_restore *r, const xmlNode *occupants);               /* restore_occupants.c */
int mu_restore_tombstone(mu_restore *r, muc_span key, const xmlNode *destroyed); /* restore_talk.c */

int mu_restore_asked(mu_restore *r, const xmlNode *asked); /* restore_asked.c */

/* Helpers of all of them (restore.c): the time in an attribute; the text of an element, NULL without memory; a nickname
 * prepared into r->key (MUC_ERR_BAD_JID: refused); the number of an option, or `otherwise` where no feature has it. */
bool mu_restore_time(const xmlNode *node, const char *name, int64_t *at);
const char *mu_restore_text(mu_restore *r, const xmlNode *node);
int mu_restore_nick(mu_restore *r, const char *nick, size_t *key_at);
int64_t mu_restore_number(const mu_restore *r, const char *option, int64_t otherwise);

#endif
