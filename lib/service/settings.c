/* settings.c: the settings of a service: their defaults, taking them, and other ones while it runs. */
#include <service/settings.h>

#include <action/talk.h>
#include <base/text.h>
#include <string.h>

static const muc_settings defaults = {
    .name = "Chatrooms",
    .lock_new_rooms = 1,
    .store_parts = MUC_PART_ALL & ~MUC_PART_OCCUPANTS,
    .max_stanza = 262144,
    .max_depth = 64,
    .max_nick = 1023,
    .max_rooms = 1000000,
    .max_occupants = 20000,
    .max_sessions = 32,
    .max_affiliations = 100000,
    .max_affiliation_data = 4096,
    .max_items = 1000,
    .max_history = 100,
    .max_history_bytes = 262144,
    .max_text = 4096,
    .max_unfetched = 100000,
    .max_held = 100000,
    .max_unknown_rooms = 10000,
    .lock_timeout = 300,
    .role_memory = 2592000,
    .max_room_name = 1023,
    .max_tombstones = 10000,
    .max_pending = 10000,
    .max_pending_bytes = 16777216,
    .max_pending_sender = 16,
    .pending_timeout = 60,
    .max_page = 100,
    .max_presence = 32768,
    .keep_views = 1,
    .max_absent = 1000,
    .max_queries = 64,
    .max_queried = 1000,
    .query_timeout = 60,
    .max_vcard = 131072,
    .max_sweep = 1000,
    .pace_burst = 1,
    .max_records = 100,
    .max_invites = 50,
    .invite_lifetime = 604800,
    .invite_new_members = 1,
    .register_timeout = 604800,
    .command_timeout = 3600,
    .register_interval = 1800,
};

void muc_settings_init(muc_settings *settings, size_t size)
{
    memset(settings, 0, size);
    memcpy(settings, &defaults, size < sizeof(defaults) ? size : sizeof(defaults));
    settings->size = size;
}

bool mu_settings_take(muc_settings *out, const muc_settings *settings)
{
    *out = defaults;
    if (!settings || settings->size < sizeof settings->size)
        return false;
    memcpy(out, settings, settings->size < sizeof *out ? settings->size : sizeof *out);
    if (!out->name)
        out->name = defaults.name;
    return true;
}

/* ---- while it runs ---------------------------------------------------------------------------------------------- */

/* What other parts have made of theirs stays, and what names that last are made from. */
static void keep_fixed(muc_settings *next, const muc_settings *now)
{
    next->domain = now->domain;
    next->features = now->features;
    next->extra_features = now->extra_features;
    next->room_defaults = NULL;
    next->room_default_count = 0;
    next->max_depth = now->max_depth;
    next->max_nick = now->max_nick;
    next->keep_views = now->keep_views;
    next->secret = now->secret;
    next->secret_n = now->secret_n;
    next->occupant_ids = now->occupant_ids;
    next->stanza_ids = now->stanza_ids;
}

/* One option has another default: rooms keep the value that they have. Takes the text. */
static int change_default(muc_service *s, int index, mu_value *value)
{
    mu_value former = s->defaults[index];
    if (mu_value_equal(s->options[index], value, &former))
        return MUC_OK;
    char *text = value->text;
    value->text = NULL;
    if ((text && mu_save_made(&s->journal, mu_free, text)) || mu_save_gone(&s->journal, mu_free, former.text) ||
        MU_SET(&s->journal, s->defaults[index], ((mu_value){value->number, text})))
        return MUC_ERR_NOMEM;
    int r = MUC_OK;
    for (muc_room *room = s->first_room; room && !r; room = room->next)
        r = mu_room_keep_value(room, index, &former);
    return r;
}

static int change_defaults(muc_service *s, const muc_option_value *room_defaults, size_t count)
{
    mu_value *values = mu_zalloc(s->heap, s->option_count * sizeof *values);
    if (!values)
        return MUC_ERR_NOMEM;
    int r = mu_options_defaults(s, room_defaults, count, values);
    for (size_t i = 0; i < s->option_count && !r; i++)
        r = change_default(s, (int)i, &values[i]);
    for (size_t i = 0; i < s->option_count; i++)
        mu_free(s->heap, values[i].text);
    mu_free(s->heap, values);
    return r;
}

/* Rooms hold no more history than they may, and are listed as they may. */
static int fit(muc_service *s)
{
    int r = MUC_OK;
    for (muc_room *room = s->first_room; room && !r; room = room->next) {
        r = mu_history_trim(room, mu_history_limit(room));
        if (!r)
            r = mu_room_relist(room);
    }
    return r;
}

static int change_name(muc_service *s, const char **name)
{
    if (strcmp(*name, s->settings.name) == 0) {
        *name = s->settings.name;
        return MUC_OK;
    }
    char *copy = mu_strdup(s->heap, *name);
    if (mu_save_made(&s->journal, mu_free, copy) ||
        mu_save_gone(&s->journal, mu_free, (void *)(uintptr_t)s->settings.name))
        return MUC_ERR_NOMEM;
    *name = copy;
    return MUC_OK;
}

int muc_service_configure(muc_service *s, const muc_settings *settings)
{
    muc_settings next;
    if (!mu_settings_take(&next, settings) || mu_settings_problem(&next, &s->callbacks))
        return MUC_ERR_INVALID;
    const muc_option_value *room_defaults = next.room_defaults;
    size_t count = next.room_default_count;
    mu_txn txn;
    int r = mu_begin_now(s, &txn);
    if (r)
        return r;
    /* What is changed without the journal could not come back if the transaction around this one is undone. */
    if (!txn.outermost)
        return mu_end(&txn, MUC_ERR_BUSY);
    keep_fixed(&next, &s->settings);
    r = change_name(s, &next.name);
    muc_settings before = s->settings;
    if (!r)
        s->settings = next;
    if (!r && room_defaults)
        r = change_defaults(s, room_defaults, count);
    if (!r)
        r = mu_idle_configure(s);
    if (!r)
        r = fit(s);
    r = mu_end(&txn, r);
    if (r < 0)
        s->settings = before;
    return r;
}
