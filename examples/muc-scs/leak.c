/* leak.c: the search for real JIDs where they must not be; see leak.h.
 *
 * In a run for leaks every client's localpart and resource end in 16 hexadecimal digits that nobody can guess. No
 * escaping changes them, so a stanza holds a real JID, or a part of one, if and only if it holds these digits. */
#include <stdlib.h>
#include <string.h>

#include "leak.h"
#include "player.h"
#include "tree.h"

#define DIGITS 16

char *leak_disguise(const char *part, const char *whole)
{
    uint64_t state = UINT64_C(0xcbf29ce484222325);
    for (const char *p = whole; *p; p++)
        state = (state ^ (unsigned char)*p) * UINT64_C(0x100000001b3);
    text t = {0};
    text_format(&t, "%s%016llx", part, (unsigned long long)random_next(&state));
    return t.p;
}

/* Reckoned here from what the room is and what he is in it, not asked of the library: a fault in its answer must not
 * hide the leaks that it makes. */
static int sees_jids(muc_room *room, const char *jid)
{
    const muc_occupant *occupant = muc_occupant_by_jid(room, jid);
    if (muc_room_get_whois(room) == MUC_ROLE_VISITOR)
        return occupant != NULL;
    return occupant && muc_occupant_role(occupant) == MUC_ROLE_MODERATOR;
}

void leak_look(player *p, leak_view *view)
{
    *view = (leak_view){0};
    muc_room *room = NULL;
    while ((room = muc_room_next(p->host.service, room)) != NULL)
        for (size_t i = 0; i < p->count; i++) {
            const char *jid = p->clients[i].full;
            view->rows = grow(view->rows, (view->count + 1) * sizeof *view->rows);
            view->rows[view->count++] = (struct leak_row){copy(muc_room_jid(room)), i, sees_jids(room, jid),
                                                          muc_affiliation_get(room, jid) >= MUC_AFFILIATION_ADMIN ||
                                                              muc_service_is_admin(p->host.service, jid)};
        }
}

void leak_view_free(leak_view *view)
{
    for (size_t i = 0; i < view->count; i++)
        free(view->rows[i].room);
    free(view->rows);
    *view = (leak_view){0};
}

/* ---- exceptions ------------------------------------------------------------------------------------------------- */

typedef struct finding {
    const client *to;
    const xmlNode *stanza;
    int ranks;          /* the recipient is an admin or owner of the room, or of the service */
    const char *digits; /* what was found */
} finding;

/* Lists that the specification gives to admins and owners (XEP-0045 sections 9 and 10). */
static int is_list_for_rank(const finding *f)
{
    const xmlNode *query = tree_child(f->stanza);
    return f->ranks && strcmp((const char *)f->stanza->name, "iq") == 0 && query &&
           (strcmp(tree_ns(query), MUC_NS_ADMIN) == 0 || strcmp(tree_ns(query), MUC_NS_OWNER) == 0);
}

/* What the recipient wrote himself comes back to him in errors and echoes. */
static int is_own_words(const finding *f)
{
    return strstr(text_string(&f->to->typed), f->digits) != NULL;
}

/* All that is allowed. */
static int (*const exceptions[])(const finding *f) = {is_list_for_rank, is_own_words};

static int is_allowed(const finding *f)
{
    for (size_t i = 0; i < sizeof exceptions / sizeof exceptions[0]; i++)
        if (exceptions[i](f))
            return 1;
    return 0;
}

/* ---- search ----------------------------------------------------------------------------------------------------- */

/* What he may see and what he is, in the room that a stanza comes from. */
static void look_up(const leak_view *view, const char *from, size_t who, int *sees, int *ranks)
{
    size_t n = strcspn(from, "/");
    for (size_t i = 0; i < view->count; i++) {
        const struct leak_row *row = &view->rows[i];
        if (row->client == who && strlen(row->room) == n && strncmp(row->room, from, n) == 0) {
            *sees |= row->sees;
            *ranks |= row->ranks;
        }
    }
}

/* The last 16 characters of a localpart or a resource. */
static char *digits_of(const char *jid, char end)
{
    const char *at = end ? strchr(jid, end) : jid + strlen(jid);
    return at && at - jid >= DIGITS ? copy_n(at - DIGITS, DIGITS) : NULL;
}

static int found(const finding *f, const client *whose, const char *xml, text *why)
{
    const char *at = strstr(xml, f->digits);
    if (!at || is_allowed(f))
        return 0;
    text_format(why, "%s learns who %s is:\n  %.*s\n  >>>%.*s<<<%s", f->to->is->name, whose->is->name, (int)(at - xml),
                xml, DIGITS, at, at + DIGITS);
    return 1;
}

static int is_same_user(const client *a, const client *b)
{
    return strcmp(a->jid, b->jid) == 0;
}

int leak_ends(const char *xml)
{
    int own = strstr(xml, "<status code='110'/>") != NULL;
    return (own && !strstr(xml, "role='moderator'")) || strstr(xml, "<status code='173'/>") != NULL;
}

int leak_check(player *p, const client *to, const leak_view views[2], const char *xml, text *why)
{
    int result = 0, sees = 0;
    xmlDoc *doc = tree_read(xml, strlen(xml));
    finding f = {.to = to, .stanza = tree_first(doc)};
    char *from = f.stanza ? tree_attr(f.stanza, "from") : NULL;
    /* He sees what he may see when the call is over, and what he could see before as long as he has not been told that
     * this has ended; a list is given to who had the rank when he asked. */
    int saw = 0;
    look_up(&views[0], from ? from : "", (size_t)(to - p->clients), &saw, &f.ranks);
    look_up(&views[1], from ? from : "", (size_t)(to - p->clients), &sees, &f.ranks);
    sees = sees || (saw && !to->told);
    for (size_t i = 0; i < p->count && !sees && f.stanza && result == 0; i++) {
        const client *other = &p->clients[i];
        if (is_same_user(other, to))
            continue;
        char *parts[] = {digits_of(other->jid, '@'), digits_of(other->full, 0)};
        for (size_t part = 0; part < 2 && result == 0; part++) {
            f.digits = parts[part];
            if (f.digits && found(&f, other, xml, why))
                result = -1;
        }
        free(parts[0]);
        free(parts[1]);
    }
    free(from);
    xmlFreeDoc(doc);
    return result;
}
