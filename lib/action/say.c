/* say.c: stanzas that hosts and handlers write, sent by a room or by the service; subject and history from the API. */
#include <action/talk.h>

#include <string.h>

void mu_written_free(muc_service *s, mu_written *w)
{
    mu_packet_unref(s->heap, w->packet);
    mu_doc_free(w->doc);
}

/* ` from='..'` and all that follows the name of the stanza, up to its end tag. */
static mu_blob *body_of(muc_service *s, const muc_xml *x, size_t name, size_t end, const char *from,
                        const muc_xml *added)
{
    mu_buf b;
    mu_buf_init(&b, s->heap);
    mu_attr(&b, "from", from);
    mu_buf_add(&b, x->buf.p + name, end - name);
    if (added)
        mu_buf_add(&b, added->buf.p, added->buf.n);
    mu_blob *blob = b.failed ? NULL : mu_blob_new(s->heap, b.p, b.n);
    mu_buf_free(&b);
    return blob;
}

/* A message to all with a body becomes history, unless a handler says otherwise. */
static int keep_it(muc_room *room, mu_written *w)
{
    if (w->st.kind != MU_MESSAGE)
        return MUC_OK;
    const xmlNode *body = muc_node_child(w->st.node, "body", MUC_NS_CLIENT);
    w->message.body = body ? muc_node_text(body) : NULL;
    w->message.keep = body && w->st.type == MU_TYPE_GROUPCHAT && w->all;
    muc_event event = {.room = room, .stanza = w->st.node, .as = {.message = &w->message}};
    int r = mu_fire(room->service, MUC_ON_HISTORY_KEEP, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

/* What handlers add to a message that the room itself sends to all. */
static int ask_builders(muc_room *room, mu_written *w, muc_xml *added)
{
    if (!room || w->st.kind != MU_MESSAGE)
        return MUC_OK;
    muc_build_event build = {.out = added, .message = &w->message};
    muc_event event = {.room = room, .stanza = w->st.node, .as = {.build = &build}};
    int r = mu_fire(room->service, MUC_ON_MESSAGE_BUILD, &event, NULL);
    mu_xml_settle(added);
    return r < 0 ? r : muc_xml_error(added);
}

int mu_written_take(muc_service *s, muc_room *room, muc_xml *x, const char *from, mu_written *w)
{
    if (!x)
        return MUC_ERR_NOMEM;
    /* Also an element without children gets a start and an end tag: the pieces have the same shape always. */
    mu_xml_settle(x);
    size_t end = x->buf.n, name = end ? 1 + strcspn(x->buf.p + 1, " >") : 0;
    bool complete = x->depth == 1;
    muc_xml added;
    mu_xml_init(&added, s->heap, MUC_NS_CLIENT);
    muc_xml_close(x);
    int r = muc_xml_error(x) ? muc_xml_error(x) : complete ? MUC_OK : MUC_ERR_INVALID;
    if (!r)
        r = mu_reader_parse(mu_engine_reader(s), x->buf.p, x->buf.n, &w->doc);
    if (!r && (!mu_stanza_read(&w->st, xmlDocGetRootElement(w->doc)) || w->st.from || w->st.to))
        r = MUC_ERR_INVALID;
    if (!r && room)
        r = keep_it(room, w);
    if (!r)
        r = ask_builders(room, w, &added);
    if (!r) {
        mu_blob *body = body_of(s, x, name, end, from, &added);
        w->packet =
            body ? mu_packet_new(s->heap, (muc_span){x->buf.p, name}, body, (muc_span){x->buf.p + end, x->buf.n - end})
                 : NULL;
        mu_blob_unref(s->heap, body);
        r = w->packet ? MUC_OK : MUC_ERR_NOMEM;
    }
    mu_xml_free(&added);
    muc_xml_free(x);
    return r;
}

/* His sessions, but those that are about to go. */
static void add_to(mu_audience *a, const muc_occupant *o)
{
    for (const muc_session *session = o->first; session; session = session->next)
        if (mu_session_is_listed(session))
            (void)mu_audience_add(a, session->peer);
}

static mu_audience *with_roles(muc_room *room, muc_roles roles)
{
    mu_audience *a = NULL;
    if (roles == MUC_EVERYONE && (mu_room_audience(room, MU_TO_ALL, &a) || a))
        return a;
    a = mu_audience_new(room->service->heap, 0);
    for (muc_occupant *o = a ? room->live->first_occupant : NULL; o; o = o->next)
        if (roles & (1u << o->role))
            add_to(a, o);
    return a;
}

mu_audience *mu_room_picked(muc_room *room, muc_filter_fn *filter, void *ud)
{
    mu_audience *a = mu_audience_new(room->service->heap, 0);
    mu_phase before = mu_phase_set(room->service, MU_PHASE_FIXED);
    for (muc_occupant *o = a ? room->live->first_occupant : NULL; o; o = o->next)
        if (filter(o, ud))
            add_to(a, o);
    (void)mu_phase_set(room->service, before);
    return a;
}

/* A stanza from somewhere in the room to those with the roles whom a filter, if there is one, picks. */
static int broadcast(muc_room *room, muc_xml *stanza, const char *from, muc_roles roles, const muc_broadcast *how)
{
    muc_service *s = room->service;
    mu_txn txn;
    int r = room->present ? mu_begin_send(s, &txn) : MUC_ERR_INVALID;
    if (r) {
        muc_xml_free(stanza);
        return r;
    }
    muc_filter_fn *filter = how ? how->filter : NULL;
    mu_written w = {.all = roles == MUC_EVERYONE && !filter, .message = {.nick = how ? how->nick : NULL}};
    r = mu_written_take(s, room, stanza, from, &w);
    bool keep = w.message.keep && !filter;
    mu_audience *to = r ? NULL : filter ? mu_room_picked(room, filter, how->ud) : with_roles(room, roles);
    if (!r)
        r = to ? mu_say(room, w.packet, to, keep, false) : MUC_ERR_NOMEM;
    muc_event event = {.room = room, .stanza = w.st.node, .as = {.message = &w.message}};
    if (!r && keep)
        r = mu_fire_kept(s, &event, w.packet);
    mu_audience_unref(to);
    mu_written_free(s, &w);
    return mu_end(&txn, r);
}

int muc_room_broadcast(muc_room *room, muc_xml *stanza, muc_roles roles)
{
    return broadcast(room, stanza, room->key.p, roles, NULL);
}

int mu_address_of(const muc_room *room, const char *nick, mu_buf *b)
{
    mu_buf prepared;
    size_t key_at;
    mu_buf_init(&prepared, room->service->heap);
    int r = nick ? mu_nick_prepare(room->service, (muc_span){nick, strlen(nick)}, &prepared, &key_at) : MUC_OK;
    mu_buf_add(b, room->key.p, room->key.n);
    if (!r && nick) {
        mu_buf_char(b, '/');
        mu_buf_str(b, prepared.p);
    }
    mu_buf_free(&prepared);
    return r ? r : b->failed ? MUC_ERR_NOMEM : MUC_OK;
}

int muc_room_broadcast_as(muc_room *room, muc_xml *stanza, const muc_broadcast *how)
{
    mu_buf from;
    mu_buf_init(&from, room->service->heap);
    int r = mu_address_of(room, how->nick, &from);
    if (r)
        muc_xml_free(stanza);
    else
        r = broadcast(room, stanza, from.p, MUC_EVERYONE, how);
    mu_buf_free(&from);
    return r;
}

/* Sends one written stanza to one peer or, when that is NULL, to all sessions of an occupant. */
static int route(muc_service *s, muc_room *room, muc_xml *stanza, const char *from, const char *jid,
                 muc_occupant *occupant)
{
    mu_txn txn;
    int r = mu_begin_send(s, &txn);
    if (r) {
        muc_xml_free(stanza);
        return r;
    }
    mu_written w = {.packet = NULL};
    r = mu_written_take(s, NULL, stanza, from, &w);
    if (!r && jid)
        r = mu_user_check(s, jid);
    if (!r && jid) {
        mu_peer *peer = mu_peer_get(s, jid);
        r = peer ? mu_send(s, MU_LANE_REST, room, w.packet, peer) : MUC_ERR_NOMEM;
        mu_peer_unref(s->heap, peer);
    }
    for (muc_session *session = occupant ? occupant->first : NULL; session && !r; session = session->next)
        r = mu_send(s, MU_LANE_REST, room, w.packet, session->peer);
    mu_written_free(s, &w);
    return mu_end(&txn, r);
}

int muc_room_route(muc_room *room, muc_xml *stanza, const char *to)
{
    if (!room->present || !to || !*to) {
        muc_xml_free(stanza);
        return MUC_ERR_INVALID;
    }
    return route(room->service, room, stanza, room->key.p, to, NULL);
}

int muc_room_route_as(muc_room *room, muc_xml *stanza, const char *nick, const char *to)
{
    mu_buf from;
    mu_buf_init(&from, room->service->heap);
    int r = room->present && to && *to ? mu_address_of(room, nick, &from) : MUC_ERR_INVALID;
    if (r)
        muc_xml_free(stanza);
    else
        r = route(room->service, room, stanza, from.p, to, NULL);
    mu_buf_free(&from);
    return r;
}

int muc_occupant_route(muc_occupant *occupant, muc_xml *stanza)
{
    if (!occupant->present) {
        muc_xml_free(stanza);
        return MUC_ERR_INVALID;
    }
    muc_room *room = occupant->room;
    return route(room->service, room, stanza, room->key.p, NULL, occupant);
}

int muc_service_route(muc_service *s, muc_xml *stanza, const char *to)
{
    if (!to || !*to) {
        muc_xml_free(stanza);
        return MUC_ERR_INVALID;
    }
    return route(s, NULL, stanza, s->settings.domain, to, NULL);
}
