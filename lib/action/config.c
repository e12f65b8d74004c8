/* config.c: configuring a room (XEP-0045 sections 10.1.2, 10.1.3 and 10.2): asking, applying, announcing.
 *
 * A form and a call of the API go the same way; only where the values come from differs. */
#include <action/config.h>

#include <string.h>

/* ---- asking ----------------------------------------------------------------------------------------------------- */

static int ask(mu_submission *sub, muc_point point, const mu_form_field *f)
{
    muc_config_event config = {.form = &sub->form};
    muc_event event = {.room = sub->room, .from = sub->actor, .as.config = &config};
    if (f) {
        config.var = event.key = f->key.p;
        config.option = f->option;
    }
    int r = mu_fire(sub->room->service, point, &event, NULL);
    return r < 0 ? r : MUC_OK;
}

static int ask_all(mu_submission *sub)
{
    for (size_t i = 0; i < sub->form.n; i++) {
        const mu_form_field *f = sub->form.fields[i];
        int r = f->submitted ? ask(sub, MUC_ON_CONFIG_FIELD, f) : MUC_OK;
        if (r < 0)
            return r;
    }
    return ask(sub, MUC_ON_CONFIG_CHECK, NULL);
}

int mu_submission_run(mu_submission *sub, const char **bad)
{
    sub->form.state = MU_FORM_CHECKING;
    int r = ask_all(sub);
    sub->form.state = MU_FORM_CLOSED;
    if (r == MUC_OK)
        r = mu_submission_collect(sub, bad);
    mu_codes codes = {.n = 0};
    if (r == MUC_OK)
        r = mu_config_apply(sub->room, sub->actor, sub->values, sub->count, &sub->form, &codes);
    return r;
}

/* ---- applying --------------------------------------------------------------------------------------------------- */

/* One application: what it needs to know of the room as it was, and what it did. */
typedef struct applying {
    muc_room *room;
    const char *actor;
    muc_roles broadcast;
    bool all_saw_jids;
    bool absent;                /* those who belong to the room were shown though they are not in it */
    const muc_option **changes; /* ended by NULL */
    size_t count;
    bool unnamed; /* something changed that has no status code of its own */
    mu_codes *codes;
    muc_config_event config;
} applying;

static bool is_on(const muc_option *row, const mu_value *v)
{
    return mu_option_is_text(row) ? v->text && v->text[0] != '\0' : v->number != 0;
}

static int store(applying *a, int index, const mu_value *value)
{
    const muc_option *row = a->room->service->options[index];
    mu_value former = mu_room_value(a->room, index);
    bool was = is_on(row, &former), is = is_on(row, value);
    int r = mu_room_store(a->room, index, value);
    if (r != MUC_CHANGED)
        return r;
    a->changes[a->count++] = row;
    int code = was == is ? 0 : is ? row->code_on : row->code_off;
    if (index == a->room->service->broadcast && mu_absent_are_shown(a->room) != a->absent) {
        code = a->absent ? 103 : 102;
        a->unnamed = a->unnamed || muc_room_get_presence_broadcast(a->room) != a->broadcast;
    }
    if (code == 0 || !mu_codes_add(a->codes, code))
        a->unnamed = true;
    return MUC_OK;
}

static int fire(applying *a, muc_point point)
{
    mu_firing firing = {.codes = a->codes};
    muc_event event = {.room = a->room, .from = a->actor, .as.config = &a->config};
    int r = mu_fire(a->room->service, point, &event, &firing);
    return r < 0 ? r : MUC_OK;
}

int muc_event_changes(const muc_event *event, const muc_option *option)
{
    if (event->point != MUC_ON_CONFIG_SUBMITTED && event->point != MUC_ON_CONFIG_EFFECT)
        return 0;
    for (const muc_option *const *row = event->as.config->changes; *row; row++)
        if (*row == option)
            return 1;
    return 0;
}

static int submitted(applying *a)
{
    size_t before = a->codes->n;
    int r = fire(a, MUC_ON_CONFIG_SUBMITTED);
    if (r < 0)
        return r;
    if (a->config.changed && a->codes->n == before)
        a->unnamed = true;
    if (a->unnamed)
        mu_codes_add(a->codes, 104);
    return mu_send_codes(a->room, a->codes);
}

/* Who is in the room and what he is may change by it; the room may end. */
static int handlers_effects(applying *a)
{
    mu_codes more = {.n = 0};
    a->codes = &more;
    int r = fire(a, MUC_ON_CONFIG_EFFECT);
    return r < 0 || !a->room->present ? r : mu_send_codes(a->room, &more);
}

/* What follows for those inside. Roles are hidden and shown first, so that whoever goes or changes after that is seen
 * by those who saw him come. Real JIDs are told last, to those who are still there and did not know them before. */
static int effects(applying *a)
{
    muc_room *room = a->room;
    muc_occupant **learners = NULL;
    int r = MUC_OK;
    if (muc_room_get_presence_broadcast(room) != a->broadcast)
        r = mu_effect_broadcast(room, a->broadcast);
    if (r == MUC_OK && !a->all_saw_jids && mu_sees_jids(room, MUC_ROLE_VISITOR))
        r = mu_effect_learners(room, &learners);
    if (r == MUC_OK)
        r = handlers_effects(a);
    if (r == MUC_OK && room->present && mu_absent_are_shown(room) && !a->absent)
        r = mu_absent_send(room, NULL);
    if (r == MUC_OK && learners && room->present && mu_sees_jids(room, MUC_ROLE_VISITOR))
        r = mu_effect_whois(room, learners);
    mu_free(room->service->heap, learners);
    return r;
}

static int notify(const applying *a)
{
    int r = MUC_OK;
    for (size_t i = 0; r == MUC_OK && i < a->count; i++) {
        muc_config_event config = {.option = a->changes[i]};
        r = mu_notify(a->room->service, MUC_ON_OPTION, a->room, NULL, a->actor, a->changes[i]->name, &config);
    }
    return r;
}

int mu_config_apply(muc_room *room, const char *actor, const mu_assignment *values, size_t count, muc_form *form,
                    mu_codes *codes)
{
    applying a = {.room = room, .actor = actor, .codes = codes, .config = {.form = form}};
    a.broadcast = muc_room_get_presence_broadcast(room);
    a.absent = mu_absent_are_shown(room);
    a.all_saw_jids = mu_sees_jids(room, MUC_ROLE_VISITOR);
    a.changes = mu_zalloc(room->service->heap, (count + 1) * sizeof(*a.changes));
    int r = a.changes ? MUC_OK : MUC_ERR_NOMEM;
    for (size_t i = 0; r == MUC_OK && i < count; i++)
        r = store(&a, values[i].index, &values[i].value);
    a.config.changes = a.changes;
    if (r == MUC_OK)
        r = submitted(&a);
    if (r == MUC_OK)
        r = effects(&a);
    if (r == MUC_OK)
        r = notify(&a);
    bool changed = a.count > 0 || a.config.changed;
    mu_free(room->service->heap, a.changes);
    return r < 0 || !changed ? r : MUC_CHANGED;
}

/* ---- announcing ------------------------------------------------------------------------------------------------- */

int mu_send_codes(muc_room *room, const mu_codes *codes)
{
    muc_service *s = room->service;
    if (codes->n == 0)
        return MUC_OK;
    bool empty = false;
    mu_audience *everyone = mu_room_everyone(room, &empty);
    if (!everyone)
        return empty ? MUC_OK : MUC_ERR_NOMEM;
    mu_buf b;
    mu_buf_init(&b, s->heap);
    mu_attr_from(&b, room, NULL);
    mu_buf_str(&b, " type='groupchat'><x xmlns='" MUC_NS_USER "'>");
    mu_add_codes(&b, codes);
    mu_buf_str(&b, "</x></message>");
    mu_packet *packet = b.failed ? NULL : mu_packet_new(s->heap, (muc_span){"<message", 8}, NULL, (muc_span){b.p, b.n});
    int r = packet ? mu_send_all(s, MU_LANE_REST, room, packet, everyone) : MUC_ERR_NOMEM;
    mu_packet_unref(s->heap, packet);
    mu_audience_unref(everyone);
    mu_buf_free(&b);
    return r;
}

/* ---- by a form -------------------------------------------------------------------------------------------------- */

static int write_form(muc_room *room, const char *actor, muc_xml *x)
{
    mu_submission sub;
    int r = mu_submission_begin(&sub, room, actor);
    /* Where nothing is offered there is no form (sections 10.1.1 and 10.2). */
    if (r == MUC_OK && sub.form.n > 0) {
        mu_form_write(&sub.form, x, "Room configuration", "What is left out of the submission stays as it is.");
        r = muc_xml_error(x);
    }
    mu_submission_end(&sub);
    return r;
}

int muc_config_write(muc_room *room, const char *actor, muc_xml *x)
{
    if (!room || !room->present)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin_now(room->service, &txn);
    return r ? r : mu_end(&txn, write_form(room, actor, x));
}

static int submit(mu_submission *sub, const xmlNode *node, const char **bad)
{
    size_t depth = sub->room->service->settings.max_depth;
    const char *type = muc_node_attr(node, "type");
    if (!muc_node_is(node, "x", MUC_NS_DATA) || !type || strcmp(type, "submit") != 0 ||
        mu_element_check(node, depth) < 0)
        return MUC_ERR_INVALID;
    int r = mu_form_read(&sub->form, node, bad);
    if (r == MUC_OK)
        r = mu_submission_run(sub, bad);
    if (r < 0 || !sub->room->present || !muc_room_awaits_config(sub->room))
        return r;
    int unlocked = mu_unlock(sub->room, sub->actor);
    return unlocked < 0 ? unlocked : r;
}

int muc_config_submit(muc_room *room, const char *actor, const xmlNode *submission, const char **bad_field)
{
    if (bad_field)
        *bad_field = "";
    if (!room || !room->present || !submission)
        return MUC_ERR_INVALID;
    muc_service *s = room->service;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    mu_submission sub;
    const char *bad = "";
    r = mu_submission_begin(&sub, room, actor);
    if (r == MUC_OK)
        r = submit(&sub, submission, &bad);
    r = mu_end(&txn, r);
    if (r == MUC_ERR_INVALID && bad_field) {
        mu_buf_reset(&s->scratch);
        mu_buf_str(&s->scratch, bad);
        *bad_field = s->scratch.failed || s->scratch.n == 0 ? "" : s->scratch.p;
    }
    mu_submission_end(&sub);
    return r;
}
