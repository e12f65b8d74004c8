/* disco_rooms.c: the room list, in pages when it is long (XEP-0045 section 6.3, XEP-0059). */
#include <feature/disco.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

/* A number as a user wrote it; one that is too large is the largest. 1, or 0 when it is none. */
static int read_number(const xmlNode *node, size_t *out)
{
    const char *p = muc_node_text(node);
    if (!p || !*p)
        return 0;
    size_t n = 0;
    for (; *p >= '0' && *p <= '9'; p++) {
        size_t digit = (size_t)(*p - '0');
        n = n > (SIZE_MAX - digit) / 10 ? SIZE_MAX : n * 10 + digit;
    }
    *out = n;
    return *p == '\0';
}

/* Items are named by room JIDs, and what can be none has no place among them; nothing at all is one of the ends.
 * 1, 0, or -1 when it is not text. */
static int read_place(const muc_event *ev, const xmlNode *node, const char **out)
{
    const char *jid = muc_node_text(node);
    if (!jid)
        return -1;
    *out = jid;
    const char *at = strchr(jid, '@');
    return !*jid || (at && strcmp(at + 1, muc_service_domain(ev->service)) == 0);
}

/* Reads what is asked for. 1; 0 when one of the places can be no room's; -1 when it makes no sense. */
static int read_set(const muc_event *ev, const xmlNode *set, muc_room_list_query *q)
{
    const xmlNode *max = muc_node_child(set, "max", MU_NS_RSM);
    const xmlNode *after = muc_node_child(set, "after", MU_NS_RSM);
    const xmlNode *before = muc_node_child(set, "before", MU_NS_RSM);
    const xmlNode *index = muc_node_child(set, "index", MU_NS_RSM);
    size_t asked = q->max;
    if ((after != NULL) + (before != NULL) + (index != NULL) > 1 || (max && !read_number(max, &asked)) ||
        (index && !read_number(index, &q->index)))
        return -1;
    if (asked < q->max)
        q->max = asked;
    q->by_index = index != NULL;
    if (after)
        return read_place(ev, after, &q->after);
    return before ? read_place(ev, before, &q->before) : 1;
}

static void write_set(const muc_room_list *list, muc_xml *x)
{
    char digits[MU_DECIMAL];
    size_t n = muc_room_list_size(list), number;
    muc_xml_open(x, "set", MU_NS_RSM);
    if (n) {
        muc_xml_open(x, "first", NULL);
        if (muc_room_list_index(list, &number))
            muc_xml_attr_number(x, "index", (int64_t)number);
        muc_xml_text(x, muc_room_list_jid(list, 0));
        muc_xml_close(x);
        muc_xml_leaf(x, "last", muc_room_list_jid(list, n - 1));
    }
    if (muc_room_list_count(list, &number))
        muc_xml_leaf(x, "count", mu_decimal(number, digits));
    muc_xml_close(x);
}

/* An empty list is not divided, nor is one that nobody asked to divide and that fits. */
static int is_divided(const muc_room_list *list, int asked)
{
    size_t count;
    if (!muc_room_list_count(list, &count))
        return 1;
    return count > 0 && (asked || count > muc_room_list_size(list));
}

static int write_page(muc_event *ev, const muc_room_list *list, const muc_room_list_query *q, int asked)
{
    muc_xml *x = muc_reply(ev, "query", MU_NS_DISCO_ITEMS);
    for (size_t i = 0; i < muc_room_list_size(list); i++) {
        const char *name = muc_room_list_name(list, i);
        muc_xml_open(x, "item", NULL);
        muc_xml_attr(x, "jid", muc_room_list_jid(list, i));
        muc_xml_attr(x, "name", *name ? name : NULL);
        muc_xml_close(x);
    }
    /* What handlers add has no place in the order: it comes with the first page. */
    if (q->max && !q->after && !q->before && !q->by_index) {
        int known = 1;
        int r = muc_fire_disco(ev, 1, "", x, &known);
        if (r != MUC_PASS)
            return r;
    }
    if (is_divided(list, asked))
        write_set(list, x);
    return MUC_STOP;
}

int mu_disco_rooms(muc_event *ev, const xmlNode *query)
{
    muc_room_list_query q = {.max = muc_service_settings(ev->service)->max_page};
    const xmlNode *set = muc_node_child(query, "set", MU_NS_RSM);
    int r = set ? read_set(ev, set, &q) : 1;
    if (r < 0)
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    if (r == 0)
        return muc_reject(ev, MUC_ITEM_NOT_FOUND, NULL);
    muc_room_list *list;
    r = muc_room_list_new(ev->service, &q, &list);
    /* Too many stored rooms to count them. */
    if (r == MUC_ERR_LIMIT)
        return muc_reject_as(ev, MUC_FEATURE_NOT_IMPLEMENTED, MUC_ERROR_CANCEL, NULL);
    if (r < 0)
        return muc_reject_result(ev, r);
    r = write_page(ev, list, &q, set != NULL);
    muc_room_list_free(list);
    return r;
}
