/* subject.c: the subject from the API: what a host or a bot says in the room's name (XEP-0045 section 8.1). */
#include <action/talk.h>
#include <base/text.h>

#include <string.h>

bool mu_is_of_room(const muc_room *room, const char *jid)
{
    size_t n = room->key.n;
    return strncmp(jid, room->key.p, n) == 0 && (jid[n] == '\0' || jid[n] == '/') && mu_xml_valid(jid, strlen(jid));
}

/* The message that says it, as handlers make it. */
static int write_message(muc_room *room, const char *from, const muc_subject *subjects, size_t count, mu_written *w)
{
    muc_xml *x = muc_xml_new(room->service, "message");
    muc_xml_attr(x, "type", "groupchat");
    for (size_t i = 0; i < count; i++) {
        const char *lang = subjects[i].lang;
        muc_xml_open(x, "subject", NULL);
        muc_xml_attr(x, "xml:lang", lang && *lang ? lang : NULL);
        muc_xml_text(x, subjects[i].text);
        muc_xml_close(x);
    }
    const char *slash = strchr(from, '/');
    w->message = (muc_message_event){.subject = subjects[0].text, .nick = slash ? slash + 1 : NULL};
    return mu_written_take(room->service, room, x, from, w);
}

static int say(muc_room *room, const mu_written *w)
{
    bool empty;
    mu_audience *everyone = mu_room_everyone(room, &empty);
    int r = everyone || empty ? mu_say(room, w->packet, everyone, false, false) : MUC_ERR_NOMEM;
    mu_audience_unref(everyone);
    return r;
}

static int set_subjects(muc_room *room, const char *from, const muc_subject *subjects, size_t count)
{
    muc_service *s = room->service;
    const mu_subject *now = &room->live->subject;
    bool plain = count == 1 && !subjects[0].lang;
    if (plain && strcmp(now->text ? now->text : "", subjects[0].text) == 0 && now->from && strcmp(now->from, from) == 0)
        return MUC_OK;
    mu_written w = {.packet = NULL};
    int r = write_message(room, from, subjects, count, &w);
    if (!r && mu_blob_children(w.packet->body).n > s->settings.max_presence)
        r = MUC_ERR_INVALID;
    if (!r)
        r = say(room, &w);
    if (!r)
        r = mu_room_set_subject(room, mu_blob_ref(w.packet->body), subjects[0].text, from, mu_now(s));
    if (r >= 0)
        r = mu_notify(s, MUC_ON_SUBJECT, room, NULL, NULL, NULL, &w.message);
    mu_written_free(s, &w);
    return r < 0 ? r : MUC_CHANGED;
}

static int run_deferred(muc_service *s, const mu_deferred *d)
{
    (void)s;
    return muc_room_set_subject(d->room, d->text[0], d->text[1]);
}

static bool is_writable(const muc_service *s, const char *text)
{
    return text && strlen(text) <= s->settings.max_text && mu_xml_valid(text, strlen(text));
}

int muc_room_set_subject(muc_room *room, const char *from, const char *subject)
{
    muc_service *s = room->service;
    const muc_subject one = {.text = subject ? subject : ""};
    if (!room->present || !is_writable(s, one.text) || (from && !mu_is_of_room(room, from)))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(s, &txn);
    if (r == MUC_QUEUED)
        return mu_defer(s, &(mu_deferred){.run = run_deferred, .room = room, .text = {from, one.text}});
    return r ? r : mu_end(&txn, set_subjects(room, from ? from : room->key.p, &one, 1));
}

/* Each language once: what a client is to show has to be clear. */
static bool are_writable(const muc_service *s, const muc_subject *subjects, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const char *lang = subjects[i].lang ? subjects[i].lang : "";
        if (!is_writable(s, subjects[i].text) || !is_writable(s, lang))
            return false;
        for (size_t k = 0; k < i; k++)
            if (strcmp(lang, subjects[k].lang ? subjects[k].lang : "") == 0)
                return false;
    }
    return count > 0 && count <= s->settings.max_items;
}

int muc_room_set_subjects(muc_room *room, const char *from, const muc_subject *subjects, size_t count)
{
    muc_service *s = room->service;
    if (!room->present || !are_writable(s, subjects, count) || (from && !mu_is_of_room(room, from)))
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    return r ? r : mu_end(&txn, set_subjects(room, from ? from : room->key.p, subjects, count));
}
