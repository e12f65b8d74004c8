/* register_requests.c: registrations that an admin has to approve (XEP-0045 section 9.9).
 *
 * A request is shown to the admins and owners who are in the room, and to each who enters or becomes one as long as it
 * waits; absent ones get no mail from strangers, and those inside no more of one user than they were shown in a while.
 * The answer names the user and the nickname: it counts when exactly that waits.
 *
 * It waits as a record of the room by the bare JID, which has the nickname, and one for each other value that was
 * filled in, by the JID, a slash and a number, which has the field and the value. */
#include <feature/register.h>
#include <muc/affiliation.h>
#include <muc/feature.h>
#include <muc/form.h>
#include <muc/occupant.h>
#include <muc/record.h>
#include <muc/register.h>
#include <muc/room.h>
#include <muc/service.h>

#include <stddef.h>
#include <string.h>

enum { JID_SIZE = 3072, KEY_SIZE = JID_SIZE + 24 };

#define OWNER "register"
/* How often somebody was shown of late: as many marks, until the interval is over. */
#define SHOWN "register-shown"
#define MARKS "|||"
#define JID   "muc#jid"
#define ALLOW "muc#register_allow"

/* ---- as records ------------------------------------------------------------------------------------------------- */

/* The key of value i of a request. */
static const char *value_key(const char *jid, size_t i, char out[KEY_SIZE])
{
    size_t n = strlen(jid);
    memcpy(out, jid, n);
    out[n++] = '/';
    do
        out[n++] = (char)('0' + i % 10);
    while ((i /= 10) > 0);
    out[n] = '\0';
    return out;
}

/* Whether a record is a request, not a value of one. */
static int is_request(const muc_record *record)
{
    return !strchr(record->key, '/');
}

static int find(muc_room *room, const char *jid, muc_record *out)
{
    return strlen(jid) < JID_SIZE && !strchr(jid, '/') && muc_record_find(room, OWNER, jid, out);
}

static int forget(muc_room *room, const char *jid)
{
    char key[KEY_SIZE];
    int r = muc_record_remove(room, OWNER, jid);
    for (size_t i = 0; r == MUC_CHANGED; i++)
        r = muc_record_remove(room, OWNER, value_key(jid, i, key));
    return r < 0 ? r : MUC_OK;
}

/* What was submitted beside the nickname: calls `take` for each value. */
typedef struct values {
    muc_room *room;
    const char *jid;
    int64_t until;
    size_t count;
    int differ; /* from what waits */
} values;

static int each(const muc_form *form, values *v, int (*take)(values *v, const char *var, const char *value))
{
    int r = MUC_OK;
    v->count = 0;
    for (size_t i = 0; i < muc_form_count(form) && r >= 0; i++) {
        const char *var = muc_form_var(form, i);
        if (!var || strcmp(var, MUC_REGISTER_NICK) == 0 || !muc_form_submitted(form, var))
            continue;
        for (size_t k = 0; k < muc_form_value_count(form, var) && r >= 0; k++, v->count++)
            r = take(v, var, muc_form_value(form, var, k));
    }
    return r < 0 ? r : MUC_OK;
}

static int compare(values *v, const char *var, const char *value)
{
    char key[KEY_SIZE];
    muc_record record;
    int same = muc_record_find(v->room, OWNER, value_key(v->jid, v->count, key), &record) &&
               strcmp(record.text[0], var) == 0 && strcmp(record.text[1], value) == 0;
    v->differ |= !same;
    return MUC_OK;
}

static int keep(values *v, const char *var, const char *value)
{
    char key[KEY_SIZE];
    const muc_record record = {.key = value_key(v->jid, v->count, key), .text = {var, value}, .until = v->until};
    return muc_record_set(v->room, OWNER, &record);
}

/* How many records there are of others. */
static size_t count_others(muc_room *room, const char *jid)
{
    size_t cursor = 0, n = 0, length = strlen(jid);
    muc_record record;
    while (muc_record_next(room, OWNER, &cursor, &record))
        n += strncmp(record.key, jid, length) != 0 || (record.key[length] && record.key[length] != '/');
    return n;
}

/* ---- shown to admins -------------------------------------------------------------------------------------------- */

/* Fills in what was asked for. A field or a choice that is no more is left out. */
static int fill(muc_room *room, muc_form *form, const muc_record *request)
{
    char key[KEY_SIZE], former[KEY_SIZE] = "";
    muc_record value;
    int r = muc_form_set(form, MUC_REGISTER_NICK, request->text[0]);
    for (size_t i = 0; r != MUC_ERR_NOMEM; i++) {
        if (!muc_record_find(room, OWNER, value_key(request->key, i, key), &value))
            break;
        int again = strcmp(former, value.text[0]) == 0;
        r = (again ? muc_form_add_value : muc_form_set)(form, value.text[0], value.text[1]);
        size_t n = strlen(value.text[0]);
        memcpy(former, value.text[0], n < KEY_SIZE ? n + 1 : 0);
    }
    return r == MUC_ERR_NOMEM ? r : MUC_OK;
}

static int build(muc_room *room, const muc_record *request, muc_form **out)
{
    int r = muc_register_form(room, request->key, out);
    if (!r)
        r = fill(room, *out, request);
    const muc_field jid = {.var = JID,
                           .type = MUC_FIELD_JID_SINGLE,
                           .label = "Address",
                           .value = request->key,
                           .before = MUC_REGISTER_NICK};
    const muc_field allow = {
        .var = ALLOW, .type = MUC_FIELD_BOOLEAN, .label = "Allow this person to register with the room?", .value = "0"};
    if (!r)
        r = muc_form_add(*out, &jid);
    return r ? r : muc_form_add(*out, &allow);
}

static int send(const muc_form *form, muc_occupant *to)
{
    muc_xml *x = muc_xml_new(muc_room_service(muc_occupant_room(to)), "message");
    (void)muc_form_write(form, x, "Registration request",
                         "Somebody wants to register with this room. Check the box to allow it; leave it to refuse.");
    int r = muc_occupant_route(to, x);
    return r < 0 ? r : MUC_OK;
}

static size_t times_shown(muc_room *room, const char *jid)
{
    muc_record shown;
    return muc_record_find(room, SHOWN, jid, &shown) ? strlen(shown.text[0]) : 0;
}

static int mark(muc_room *room, const char *jid)
{
    muc_service *service = muc_room_service(room);
    size_t times = times_shown(room, jid), most = strlen(MARKS);
    int64_t seconds = muc_service_settings(service)->register_interval;
    muc_record shown = {.until = muc_service_now(service) + seconds * 1000};
    if (!seconds || times >= most)
        return MUC_OK;
    (void)muc_record_find(room, SHOWN, jid, &shown);
    shown.key = jid;
    shown.text[0] = &MARKS[most - times - 1];
    return muc_record_set(room, SHOWN, &shown);
}

/* To all whom it concerns. */
static int show(muc_room *room, const muc_record *request)
{
    muc_form *form;
    muc_occupant *o = NULL;
    int shown = 0;
    int r = build(room, request, &form);
    while (!r && (o = muc_occupant_next(room, o))) {
        if (muc_occupant_affiliation(o) < MUC_AFFILIATION_ADMIN)
            continue;
        shown = 1;
        r = send(form, o);
    }
    muc_form_free(form);
    return r || !shown ? r : mark(room, request->key);
}

/* All that waits, to one. */
static int show_all(muc_room *room, muc_occupant *to)
{
    size_t cursor = 0;
    muc_record request;
    int r = MUC_OK;
    while (!r && muc_record_next(room, OWNER, &cursor, &request)) {
        if (!is_request(&request))
            continue;
        muc_form *form;
        r = build(room, &request, &form);
        if (!r)
            r = send(form, to);
        muc_form_free(form);
    }
    return r < 0 ? r : MUC_OK;
}

int mu_register_on_entered(muc_event *ev, void *ud)
{
    (void)ud;
    return ev->as.join->affiliation < MUC_AFFILIATION_ADMIN ? MUC_PASS : show_all(ev->room, ev->occupant);
}

/* ---- asked for -------------------------------------------------------------------------------------------------- */

/* Whether exactly that waits already: it is not shown twice. */
static int waits(muc_room *room, const char *jid, const muc_form *form)
{
    char key[KEY_SIZE];
    muc_record request;
    values v = {.room = room, .jid = jid};
    if (!find(room, jid, &request) || strcmp(request.text[0], muc_form_text(form, MUC_REGISTER_NICK)) != 0)
        return 0;
    (void)each(form, &v, compare);
    return !v.differ && !muc_record_find(room, OWNER, value_key(jid, v.count, key), NULL);
}

static int count(values *v, const char *var, const char *value)
{
    (void)v;
    (void)var;
    (void)value;
    return MUC_OK;
}

/* Where too much waits nobody's request gives way to a new one. */
static int put(muc_event *ev, const char *jid, const muc_form *form)
{
    const muc_settings *settings = muc_service_settings(ev->service);
    values v = {.room = ev->room, .jid = jid};
    v.until = muc_service_now(ev->service) + settings->register_timeout * 1000;
    (void)each(form, &v, count);
    if (count_others(ev->room, jid) + 1 + v.count > settings->max_records)
        return MUC_ERR_LIMIT;
    const muc_record request = {.key = jid, .text = {muc_form_text(form, MUC_REGISTER_NICK)}, .until = v.until};
    int r = forget(ev->room, jid);
    if (!r)
        r = muc_record_set(ev->room, OWNER, &request);
    if (r >= 0)
        r = each(form, &v, keep);
    /* A value that no record takes. */
    if (r == MUC_ERR_INVALID)
        r = MUC_ERR_LIMIT;
    return r < 0 ? r : show(ev->room, &request);
}

/* The bare JID as it is compared. */
static int bare_of(muc_event *ev, char out[JID_SIZE])
{
    int n = muc_service_prepare(ev->service, ev->from, out, JID_SIZE);
    if (n < 0 || n >= JID_SIZE)
        return n < 0 ? n : MUC_ERR_BAD_JID;
    out[strcspn(out, "/")] = '\0';
    return MUC_OK;
}

int mu_register_ask(muc_event *ev, const muc_form *form)
{
    char jid[JID_SIZE];
    int r = bare_of(ev, jid);
    if (r || waits(ev->room, jid, form))
        return r;
    return times_shown(ev->room, jid) < strlen(MARKS) ? put(ev, jid, form) : MUC_ERR_LIMIT;
}

int mu_register_withdraw(muc_event *ev)
{
    char jid[JID_SIZE];
    muc_record request;
    if (bare_of(ev, jid) < 0 || !find(ev->room, jid, &request))
        return MUC_ERR_NOT_FOUND;
    return forget(ev->room, jid);
}

/* What he was made otherwise needs no answer any more; who is an admin now is shown what waits. */
int mu_register_on_affiliation(muc_event *ev, void *ud)
{
    (void)ud;
    const muc_affiliation_event *change = ev->as.affiliation;
    muc_record request;
    int r = find(ev->room, change->jid, &request) ? forget(ev->room, change->jid) : MUC_OK;
    if (change->affiliation < MUC_AFFILIATION_ADMIN || change->former >= MUC_AFFILIATION_ADMIN)
        return r;
    muc_occupant *o = NULL;
    size_t cursor = 0;
    /* Looking for him costs more than to see that nothing waits. */
    if (r || !muc_record_next(ev->room, OWNER, &cursor, &request))
        return r;
    while (!r && (o = muc_occupant_next_of(ev->room, change->jid, o)))
        r = show_all(ev->room, o);
    return r;
}

/* ---- answered --------------------------------------------------------------------------------------------------- */

static int decide(muc_event *ev, const muc_form *answer)
{
    const char *jid = muc_form_text(answer, JID);
    muc_record request;
    if (!find(ev->room, jid, &request) || strcmp(request.text[0], muc_form_text(answer, MUC_REGISTER_NICK)) != 0)
        return MUC_OK;
    if (!muc_form_flag(answer, ALLOW))
        return forget(ev->room, jid);
    muc_form *form;
    int r = muc_register_form(ev->room, jid, &form);
    if (!r)
        r = fill(ev->room, form, &request);
    if (!r)
        r = forget(ev->room, jid);
    if (!r)
        r = muc_register_submit(ev->room, ev->from, jid, form);
    muc_form_free(form);
    return r;
}

static int read_answer(muc_event *ev, const xmlNode *x)
{
    static const muc_field fields[] = {
        {.var = JID, .type = MUC_FIELD_JID_SINGLE, .required = 1},
        {.var = MUC_REGISTER_NICK, .type = MUC_FIELD_TEXT_SINGLE, .required = 1},
        {.var = ALLOW, .type = MUC_FIELD_BOOLEAN},
    };
    muc_form *answer;
    int r = muc_form_new(ev->service, MUC_NS_REGISTER, &answer);
    for (size_t i = 0; i < sizeof fields / sizeof *fields && !r; i++)
        r = muc_form_add(answer, &fields[i]);
    if (!r)
        r = muc_form_read(answer, x, NULL);
    int understood = r != MUC_ERR_INVALID;
    if (!r)
        r = decide(ev, answer);
    muc_form_free(answer);
    if (!understood)
        return muc_reject(ev, MUC_BAD_REQUEST, NULL);
    return r < 0 ? muc_reject_result(ev, r) : MUC_STOP;
}

static int is_registration(const xmlNode *x)
{
    const xmlNode *field = muc_node_child(x, "field", MUC_NS_DATA);
    for (; field; field = muc_node_next(field, "field", MUC_NS_DATA)) {
        const char *var = muc_node_attr(field, "var");
        const char *value = muc_node_text(muc_node_child(field, "value", MUC_NS_DATA));
        if (var && value && strcmp(var, "FORM_TYPE") == 0)
            return strcmp(value, MUC_NS_REGISTER) == 0;
    }
    return 0;
}

int mu_register_on_message(muc_event *ev, void *ud)
{
    (void)ud;
    const xmlNode *x = muc_node_child(ev->stanza, "x", MUC_NS_DATA);
    const char *kind = muc_node_attr(ev->stanza, "type"), *type = muc_node_attr(x, "type");
    if (!ev->room || muc_event_nick(ev) || (kind && strcmp(kind, "groupchat") == 0) || !is_registration(x))
        return MUC_PASS;
    if (muc_affiliation_get(ev->room, ev->from) < MUC_AFFILIATION_ADMIN && !muc_service_is_admin(ev->service, ev->from))
        return muc_reject(ev, MUC_FORBIDDEN, NULL);
    return type && strcmp(type, "submit") == 0 ? read_answer(ev, x) : MUC_STOP;
}
