/* option_set.c: options set by the API: the same way as by a form, so the same is checked and announced. */
#include <action/config.h>

#include <base/text.h>
#include <string.h>

/* ---- values ----------------------------------------------------------------------------------------------------- */

/* Options that have the value already are not asked about. */
static bool is_so(const muc_room *room, int index, const mu_value *value)
{
    mu_value now = mu_room_value(room, index);
    return mu_value_equal(room->service->options[index], &now, value);
}

static int set_one(muc_room *room, int index, const mu_value *value)
{
    int r = mu_value_check(room->service, room->service->options[index], value);
    if (r < 0 || is_so(room, index, value))
        return r;
    mu_submission sub;
    const char *bad;
    r = mu_submission_begin(&sub, room, NULL);
    if (r == MUC_OK)
        r = mu_submission_give(&sub, index, value);
    if (r == MUC_OK)
        r = mu_submission_run(&sub, &bad);
    mu_submission_end(&sub);
    return r;
}

static int set_words(muc_room *room, mu_submission *sub, const muc_option_value *setting, bool *news)
{
    muc_service *s = room->service;
    const muc_option *row = setting->name ? muc_option_find(s, setting->name) : NULL;
    if (!row || !setting->value)
        return MUC_ERR_INVALID;
    int index = mu_option_index(s, row);
    mu_value value = {0};
    int r = mu_value_parse(s, row, setting->value, &value);
    if (r < 0)
        return r;
    *news = *news || !is_so(room, index, &value);
    r = mu_submission_give(sub, index, &value);
    mu_free(s->heap, value.text);
    return r;
}

static int set_all(muc_room *room, const muc_option_value *settings, size_t count)
{
    mu_submission sub;
    const char *bad;
    bool news = false;
    int r = mu_submission_begin(&sub, room, NULL);
    for (size_t i = 0; r == MUC_OK && i < count; i++)
        r = set_words(room, &sub, &settings[i], &news);
    if (r == MUC_OK && news)
        r = mu_submission_run(&sub, &bad);
    mu_submission_end(&sub);
    return r;
}

/* ---- later, when called from an apply handler ------------------------------------------------------------------- */

/* Neither can stand in a name or a value. */
enum { AFTER_NAME = 0x1f, AFTER_VALUE = 0x1e };

static int later_one(muc_service *s, const mu_deferred *d)
{
    (void)s;
    const muc_option *row = d->object;
    return d->text[0] ? muc_room_set_text(d->room, row, d->text[0]) : muc_room_set_number(d->room, row, d->number);
}

static int defer_one(muc_room *room, const muc_option *row, int64_t number, const char *text)
{
    mu_deferred d = {.run = later_one, .room = room, .number = number, .text = {text}};
    d.object = (void *)(uintptr_t)row;
    return mu_defer(room->service, &d);
}

/* Cuts the packed settings apart in place. */
static size_t unpack(char *p, muc_option_value *out)
{
    size_t n = 0;
    while (*p) {
        char *value = strchr(p, AFTER_NAME), *end = strchr(p, AFTER_VALUE);
        *value++ = *end++ = '\0';
        out[n++] = (muc_option_value){.name = p, .value = value};
        p = end;
    }
    return n;
}

static int later_all(muc_service *s, const mu_deferred *d)
{
    char *copy = mu_strdup(s->heap, d->text[0]);
    muc_option_value *settings = mu_alloc(s->heap, (size_t)d->number * sizeof *settings);
    int r = MUC_ERR_NOMEM;
    if (copy && settings)
        r = muc_room_set(d->room, settings, unpack(copy, settings));
    mu_free(s->heap, settings);
    mu_free(s->heap, copy);
    return r;
}

static int defer_all(muc_room *room, const muc_option_value *settings, size_t count)
{
    muc_service *s = room->service;
    mu_buf packed;
    mu_buf_init(&packed, s->heap);
    bool valid = true;
    for (size_t i = 0; valid && i < count; i++) {
        const char *name = settings[i].name, *value = settings[i].value;
        valid = name && value && muc_option_find(s, name) && mu_xml_valid(value, strlen(value));
        mu_buf_str(&packed, valid ? name : "");
        mu_buf_char(&packed, AFTER_NAME);
        mu_buf_str(&packed, valid ? value : "");
        mu_buf_char(&packed, AFTER_VALUE);
    }
    mu_deferred d = {.run = later_all, .room = room, .number = (int64_t)count, .text = {packed.p}};
    int r = !valid ? MUC_ERR_INVALID : packed.failed ? MUC_ERR_NOMEM : mu_defer(s, &d);
    mu_buf_free(&packed);
    return r;
}

/* ---- the interface ---------------------------------------------------------------------------------------------- */

static int set_value(muc_room *room, const muc_option *row, const mu_value *value)
{
    int index = room && row ? mu_option_index(room->service, row) : -1;
    if (index < 0)
        return MUC_ERR_INVALID;
    mu_txn txn;
    int r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return defer_one(room, row, value->number, value->text);
    if (r < 0)
        return r;
    return mu_end(&txn, room->present ? set_one(room, index, value) : MUC_ERR_INVALID);
}

int muc_room_set_number(muc_room *room, const muc_option *option, int64_t number)
{
    if (!option || mu_option_is_text(option))
        return MUC_ERR_INVALID;
    mu_value value = {.number = number};
    return set_value(room, option, &value);
}

int muc_room_set_text(muc_room *room, const muc_option *option, const char *text)
{
    if (!option || !mu_option_is_text(option) || (text && !mu_xml_valid(text, strlen(text))))
        return MUC_ERR_INVALID;
    /* The model only reads it. */
    mu_value value = {.text = (char *)(uintptr_t)(text ? text : "")};
    return set_value(room, option, &value);
}

int muc_room_set(muc_room *room, const muc_option_value *settings, size_t count)
{
    if (!room || (!settings && count > 0))
        return MUC_ERR_INVALID;
    if (count == 0)
        return MUC_OK;
    mu_txn txn;
    int r = mu_begin(room->service, &txn);
    if (r == MUC_QUEUED)
        return defer_all(room, settings, count);
    if (r < 0)
        return r;
    return mu_end(&txn, room->present ? set_all(room, settings, count) : MUC_ERR_INVALID);
}

/* ---- the options of the core ------------------------------------------------------------------------------------ */

int muc_room_set_whois(muc_room *room, muc_role least)
{
    if (!room || (least != MUC_ROLE_VISITOR && least != MUC_ROLE_MODERATOR))
        return MUC_ERR_INVALID;
    muc_option_value setting = {room->service->options[room->service->whois]->name,
                                least == MUC_ROLE_VISITOR ? "anyone" : "moderators"};
    return muc_room_set(room, &setting, 1);
}

/* Bit i of the option is role i + 1. */
int muc_room_set_presence_broadcast(muc_room *room, muc_roles roles)
{
    if (!room || (roles & ~MUC_EVERYONE))
        return MUC_ERR_INVALID;
    const muc_option *row = room->service->options[room->service->broadcast];
    int64_t absent = mu_absent_are_shown(room) ? MU_BROADCAST_ABSENT : 0;
    return muc_room_set_number(room, row, (int64_t)(roles >> MUC_ROLE_VISITOR) | absent);
}

int muc_room_set_show_absent(muc_room *room, int on)
{
    if (!room)
        return MUC_ERR_INVALID;
    const muc_option *row = room->service->options[room->service->broadcast];
    int64_t others = muc_room_get_number(room, row) & ~(int64_t)MU_BROADCAST_ABSENT;
    return muc_room_set_number(room, row, others | (on ? MU_BROADCAST_ABSENT : 0));
}
