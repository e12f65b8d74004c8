/* voice.c: voice is asked for and given (XEP-0045 sections 7.13 and 8.6). */
#include <action/talk.h>

#include <string.h>

static bool lacks_voice(const muc_occupant *o)
{
    const muc_option *row = muc_option_find(o->room->service, "moderated");
    return o->role == MUC_ROLE_VISITOR && row && muc_room_get_number(o->room, row);
}

/* ---- the form --------------------------------------------------------------------------------------------------- */

static void write_field(muc_xml *x, const char *var, const char *type, const char *label, const char *value)
{
    muc_xml_open(x, "field", NULL);
    muc_xml_attr(x, "var", var);
    muc_xml_attr(x, "type", type);
    muc_xml_attr(x, "label", label);
    muc_xml_leaf(x, "value", value);
    muc_xml_close(x);
}

static mu_packet *form_for_moderators(muc_room *room, const muc_voice_event *voice, const muc_xml *added)
{
    muc_service *s = room->service;
    muc_xml x;
    mu_xml_init(&x, s->heap, MUC_NS_CLIENT);
    mu_attr_from(&x.buf, room, NULL);
    mu_buf_char(&x.buf, '>');
    muc_xml_open(&x, "x", MUC_NS_DATA);
    muc_xml_attr(&x, "type", "form");
    muc_xml_leaf(&x, "title", "Request for voice");
    muc_xml_leaf(&x, "instructions", "A visitor asks to be allowed to speak.");
    write_field(&x, "FORM_TYPE", "hidden", NULL, MUC_NS "#request");
    write_field(&x, "muc#role", "list-single", "Requested role", "participant");
    write_field(&x, "muc#jid", "jid-single", "Address", voice->jid);
    write_field(&x, "muc#roomnick", "text-single", "Nickname", voice->nick);
    write_field(&x, "muc#request_allow", "boolean", "Let this person speak?", "false");
    mu_xml_settle(&x);
    mu_xml_raw(&x, added->buf.p, added->buf.n);
    muc_xml_close(&x);
    mu_blob *body = muc_xml_error(&x) ? NULL : mu_blob_new(s->heap, x.buf.p, x.buf.n);
    mu_packet *packet = body ? mu_message_packet(s, body) : NULL;
    mu_blob_unref(s->heap, body);
    mu_xml_free(&x);
    return packet;
}

/* To moderators alone: it tells a real JID. MUC_ERR_NOT_FOUND: there is none. */
static int send_form(muc_event *event, const muc_xml *added)
{
    muc_room *room = event->room;
    muc_service *s = room->service;
    mu_packet *packet = form_for_moderators(room, event->as.voice, added);
    int r = packet ? MUC_OK : MUC_ERR_NOMEM;
    bool some = false;
    for (muc_occupant *o = room->live->first_occupant; o && !r; o = o->next)
        for (muc_session *to = o->role == MUC_ROLE_MODERATOR ? o->first : NULL; to && !r; to = to->next) {
            some = true;
            r = mu_send(s, MU_LANE_REST, room, packet, to->peer);
        }
    mu_packet_unref(s->heap, packet);
    return r || some ? r : MUC_ERR_NOT_FOUND;
}

static int build_form(muc_event *event)
{
    muc_voice_event *voice = event->as.voice;
    muc_xml added;
    mu_xml_init(&added, event->room->service->heap, MUC_NS_DATA);
    voice->out = &added;
    int r = mu_fire(event->room->service, MUC_ON_VOICE_FORM, event, NULL);
    voice->out = NULL;
    mu_xml_settle(&added);
    if (r >= 0)
        r = added.depth ? MUC_ERR_INVALID : muc_xml_error(&added);
    if (!r && !voice->handled)
        r = send_form(event, &added);
    mu_xml_free(&added);
    return r;
}

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static int request(muc_occupant *o, const xmlNode *stanza)
{
    if (!lacks_voice(o))
        return MUC_ERR_NOT_ALLOWED;
    const char *from = stanza ? muc_node_attr(stanza, "from") : NULL;
    muc_voice_event voice = {.jid = from ? from : muc_session_jid(o->primary), .nick = muc_occupant_nick(o)};
    muc_event event = {.room = o->room, .occupant = o, .stanza = stanza, .from = from, .as = {.voice = &voice}};
    int r = mu_fire(o->room->service, MUC_ON_VOICE_REQUEST, &event, NULL);
    if (r >= 0)
        r = build_form(&event);
    return r < 0 ? r : mu_notify(o->room->service, MUC_ON_VOICE_REQUESTED, o->room, o, from, NULL, &voice);
}

int muc_occupant_request_voice(muc_occupant *occupant, const xmlNode *stanza)
{
    mu_txn txn;
    if (!occupant->present)
        return MUC_ERR_INVALID;
    int r = mu_begin_now(occupant->room->service, &txn);
    return r ? r : mu_end(&txn, request(occupant, stanza));
}

/* ---- answering -------------------------------------------------------------------------------------------------- */

/* What was asked may be long ago: the JID says who it was, whoever has his nickname now. */
static int answer(muc_room *room, const char *actor, const char *full_jid, int allow, const xmlNode *stanza)
{
    muc_occupant *o = muc_occupant_by_jid(room, full_jid);
    if (!o || !lacks_voice(o))
        return MUC_OK;
    muc_voice_event voice = {.jid = full_jid, .nick = muc_occupant_nick(o), .allow = allow != 0};
    muc_event event = {.room = room, .occupant = o, .stanza = stanza, .from = actor, .as = {.voice = &voice}};
    int r = mu_fire(room->service, MUC_ON_VOICE_RESPONSE, &event, NULL);
    if (r < 0 || !voice.allow)
        return r < 0 ? r : MUC_OK;
    return muc_occupant_set_role(o, actor, MUC_ROLE_PARTICIPANT, NULL);
}

int muc_room_answer_voice(muc_room *room, const char *actor, const char *full_jid, int allow, const xmlNode *stanza)
{
    mu_txn txn;
    if (!room->present || !full_jid)
        return MUC_ERR_INVALID;
    int r = mu_begin_now(room->service, &txn);
    return r ? r : mu_end(&txn, answer(room, actor, full_jid, allow, stanza));
}
