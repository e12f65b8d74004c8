/* invite.c: a room invites somebody, on its own or for who asks for it (XEP-0045 sections 7.8.2 and 7.9, XEP-0249). */
#include <action/actor.h>
#include <action/invite.h>

#include <string.h>

enum { ID_BYTES = 12, LONGEST_ID = 1024 };

/* ---- whom, and as whom ------------------------------------------------------------------------------------------ */

/* A user of another domain: to invite all of a domain would make all of it members. */
static int check_invitee(muc_service *s, const char *jid)
{
    mu_buf key;
    mu_buf_init(&key, s->heap);
    int r = mu_user_key(s, jid, true, &key);
    const char *at = r ? NULL : strchr(key.p, '@');
    if (!r && (!at || strcmp(at + 1, s->settings.domain) == 0))
        r = MUC_ERR_NOT_FOUND;
    mu_buf_free(&key);
    return r;
}

static int check(muc_room *room, const muc_invitation *i)
{
    muc_service *s = room->service;
    if (!i->to || mu_reason_check(s, i->reason) || mu_reason_check(s, i->thread))
        return MUC_ERR_INVALID;
    return check_invitee(s, i->to);
}

/* Where real JIDs are for moderators only, the invitee is told a nickname, or that the room invites. */
static int name_inviter(muc_room *room, const char *actor, const muc_occupant *occupant, mu_buf *out)
{
    if (actor && muc_room_get_whois(room) < MUC_ROLE_MODERATOR) {
        mu_buf_add(out, actor, strcspn(actor, "/"));
    } else {
        mu_buf_span(out, (muc_span){room->key.p, room->key.n});
        if (actor && occupant) {
            mu_buf_char(out, '/');
            mu_buf_str(out, muc_occupant_nick(occupant));
        }
    }
    return out->failed ? MUC_ERR_NOMEM : MUC_OK;
}

static const char *password_of(muc_room *room)
{
    const muc_option *row = muc_option_find(room->service, "password");
    const char *password = row ? muc_room_get_text(room, row) : "";
    return password[0] ? password : NULL;
}

/* Nobody but the invitee can know it. */
static int make_id(muc_service *s, char out[2 * ID_BYTES + 1])
{
    static const char digits[] = "0123456789abcdef";
    uint8_t bytes[ID_BYTES];
    int r = muc_service_random(s, bytes, sizeof bytes);
    for (size_t i = 0; i < ID_BYTES && !r; i++) {
        out[2 * i] = digits[bytes[i] >> 4];
        out[2 * i + 1] = digits[bytes[i] & 15];
    }
    out[2 * ID_BYTES] = '\0';
    return r;
}

/* ---- what is written -------------------------------------------------------------------------------------------- */

static void write_mediated(muc_xml *x, const muc_room *room, const muc_invite_event *invite)
{
    (void)room;
    muc_xml_open(x, "x", MUC_NS_USER);
    muc_xml_open(x, "invite", NULL);
    muc_xml_attr(x, "from", invite->inviter);
    if (invite->reason && invite->reason[0])
        muc_xml_leaf(x, "reason", invite->reason);
    if (invite->continues) {
        muc_xml_open(x, "continue", NULL);
        muc_xml_attr(x, "thread", invite->thread);
        muc_xml_close(x);
    }
    muc_xml_close(x);
    if (invite->password)
        muc_xml_leaf(x, "password", invite->password);
    muc_xml_close(x);
}

static void write_direct(muc_xml *x, const muc_room *room, const muc_invite_event *invite)
{
    muc_xml_open(x, "x", "jabber:x:conference");
    muc_xml_attr(x, "jid", room->key.p);
    muc_xml_attr(x, "password", invite->password);
    muc_xml_attr(x, "reason", invite->reason && invite->reason[0] ? invite->reason : NULL);
    if (invite->continues) {
        muc_xml_attr(x, "continue", "true");
        muc_xml_attr(x, "thread", invite->thread);
    }
    muc_xml_close(x);
}

/* ---- inviting --------------------------------------------------------------------------------------------------- */

/* That he is invited, for as long as he may decline. */
static int remember(muc_event *event, const char *id)
{
    muc_room *room = event->room;
    muc_service *s = room->service;
    const muc_invite_event *invite = event->as.invite;
    const char *asked = event->stanza ? muc_node_attr(event->stanza, "id") : NULL;
    if (!s->settings.invite_lifetime)
        return MUC_OK;
    mu_buf key;
    mu_buf_init(&key, s->heap);
    int r = mu_invite_key(room, invite->invitee, invite->inviter, &key);
    if (!r) {
        muc_record record = {.key = key.p, .until = mu_now(s) + s->settings.invite_lifetime * 1000};
        record.text[MU_INVITE_INVITER] = event->from;
        record.text[MU_INVITE_INVITEE] = invite->invitee;
        record.text[MU_INVITE_ID] = id;
        record.text[MU_INVITE_ASKED] = asked && strlen(asked) <= LONGEST_ID ? asked : NULL;
        /* Where too many are open, the inviter's own make place first. */
        const muc_span inviter = {event->from ? event->from : "", event->from ? strcspn(event->from, "/") : 0};
        r = mu_record_is_legal(MU_INVITES, &record) ? mu_record_set(room, MU_INVITES, &record, &inviter)
                                                    : MUC_ERR_INVALID;
    }
    mu_buf_free(&key);
    return r;
}

static int send_invitation(muc_event *event)
{
    muc_room *room = event->room;
    muc_service *s = room->service;
    muc_invite_event *invite = event->as.invite;
    char id[2 * ID_BYTES + 1];
    int r = mu_fire(s, MUC_ON_PRE_INVITE, event, NULL);
    if (r >= 0)
        r = mu_reason_check(s, invite->reason);
    if (!r)
        r = make_id(s, id);
    mu_letter letter = {.point = MUC_ON_INVITE,
                        .to = invite->invitee,
                        .id = id,
                        .lang = event->stanza ? muc_node_lang(event->stanza) : NULL,
                        .write = invite->direct ? write_direct : write_mediated};
    if (!r)
        r = mu_letter_send(&letter, event);
    if (!r && !invite->direct)
        r = remember(event, id);
    if (!r)
        r = mu_fire(s, MUC_ON_INVITE_EFFECT, event, NULL);
    return r < 0 ? r : mu_notify(s, MUC_ON_INVITED, room, event->occupant, event->from, NULL, invite);
}

static int invite_one(muc_room *room, const char *actor, const muc_invitation *i)
{
    int r = check(room, i);
    if (r || (i->direct && muc_occupant_next_of(room, i->to, NULL)))
        return r;
    muc_occupant *occupant = actor ? muc_occupant_by_jid(room, actor) : NULL;
    if (actor && !occupant)
        occupant = muc_occupant_next_of(room, actor, NULL);
    mu_buf inviter;
    mu_buf_init(&inviter, room->service->heap);
    r = name_inviter(room, actor, occupant, &inviter);
    if (!r) {
        muc_invite_event invite = {.invitee = i->to,
                                   .inviter = inviter.p,
                                   .reason = i->reason,
                                   .password = password_of(room),
                                   .thread = i->continues ? i->thread : NULL,
                                   .continues = i->continues != 0,
                                   .direct = i->direct != 0};
        muc_event event = {
            .room = room, .occupant = occupant, .stanza = i->stanza, .from = actor, .as = {.invite = &invite}};
        r = send_invitation(&event);
    }
    mu_buf_free(&inviter);
    return r;
}

int muc_room_invite(muc_room *room, const char *actor, const muc_invitation *invitations, size_t count)
{
    mu_txn txn;
    if (!room->present || (count && !invitations))
        return MUC_ERR_INVALID;
    int r = mu_begin_now(room->service, &txn);
    if (r)
        return r;
    /* A handler may end the room. */
    for (size_t i = 0; i < count && !r; i++)
        r = room->present ? invite_one(room, actor, &invitations[i]) : MUC_ERR_INVALID;
    return mu_end(&txn, r);
}
