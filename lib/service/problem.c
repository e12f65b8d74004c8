/* problem.c: the arguments of muc_service_new(): which of them makes no sense, by its name. */
#include <service/settings.h>

#include <base/text.h>
#include <muc/feature.h>
#include <string.h>

/* No time is longer than a thousand years, so that none that is reckoned with overflows. */
#define LONGEST (INT64_C(1000) * 366 * 86400)
#define DAY_MS  86400000

/* ---- numbers ---------------------------------------------------------------------------------------------------- */

#define COUNT(member, least, most)                                                                                     \
    {                                                                                                                  \
#member, offsetof(muc_settings, member), least, most                                                           \
    }
static const struct {
    const char *name;
    size_t at, least, most;
} counts[] = {
    COUNT(max_tombstones, 1, SIZE_MAX),   COUNT(max_room_name, 1, SIZE_MAX), COUNT(max_held, 1, SIZE_MAX),
    COUNT(max_stanza, 1, SIZE_MAX),       COUNT(max_depth, 2, SIZE_MAX),     COUNT(max_presence, 1, SIZE_MAX),
    COUNT(max_items, 1, SIZE_MAX),        COUNT(max_page, 1, SIZE_MAX),      COUNT(max_unfetched, 1, SIZE_MAX),
    COUNT(max_sweep, 1, SIZE_MAX),        COUNT(max_rooms, 1, SIZE_MAX),     COUNT(max_occupants, 1, SIZE_MAX),
    COUNT(max_sessions, 1, SIZE_MAX),     COUNT(max_nick, 1, 1023),          COUNT(max_text, 1, SIZE_MAX),
    COUNT(max_affiliations, 1, SIZE_MAX), COUNT(max_records, 1, SIZE_MAX),   COUNT(max_invites, 1, SIZE_MAX),
};

#define TIME(member, most)                                                                                             \
    {                                                                                                                  \
#member, offsetof(muc_settings, member), most                                                                  \
    }
static const struct {
    const char *name;
    size_t at;
    int64_t most;
} times[] = {
    TIME(lock_timeout, LONGEST),
    TIME(tombstone_time, LONGEST),
    TIME(evict_after, LONGEST),
    TIME(pending_timeout, LONGEST),
    TIME(query_timeout, LONGEST),
    TIME(command_timeout, LONGEST),
    TIME(idle_ping, LONGEST),
    TIME(idle_kick, LONGEST),
    TIME(role_memory, LONGEST),
    TIME(invite_lifetime, LONGEST),
    TIME(register_timeout, LONGEST),
    TIME(register_interval, LONGEST),
    TIME(min_message_interval_ms, DAY_MS),
    TIME(min_presence_interval_ms, DAY_MS),
};

static const char *problem_of_numbers(const muc_settings *t)
{
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        size_t value;
        memcpy(&value, (const char *)t + counts[i].at, sizeof value);
        if (value < counts[i].least || value > counts[i].most)
            return counts[i].name;
    }
    for (size_t i = 0; i < sizeof times / sizeof *times; i++) {
        int64_t value;
        memcpy(&value, (const char *)t + times[i].at, sizeof value);
        if (value < 0 || value > times[i].most)
            return times[i].name;
    }
    if (t->pace_burst < 1 || t->pace_burst > 1000)
        return "pace_burst";
    return t->room_creation > MUC_CREATION_ADMINS ? "room_creation" : NULL;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

const char *mu_settings_problem(const muc_settings *t, const muc_callbacks *callbacks)
{
    const char *problem = problem_of_numbers(t);
    if (problem)
        return problem;
    if (!mu_xml_valid(t->name, strlen(t->name)))
        return "name";
    if (t->room_default_count && !t->room_defaults)
        return "room_defaults";
    return t->evict_after > 0 && !callbacks->room_wanted ? "evict_after" : NULL;
}

const char *mu_arguments_take(muc_settings *settings, const muc_settings *given, muc_callbacks *callbacks,
                              const muc_callbacks *given_callbacks)
{
    if (!mu_settings_take(settings, given))
        return "settings";
    muc_callbacks_init(callbacks, sizeof *callbacks);
    if (!given_callbacks || given_callbacks->size < sizeof given_callbacks->size)
        return "callbacks";
    size_t size = given_callbacks->size;
    memcpy(callbacks, given_callbacks, size < sizeof *callbacks ? size : sizeof *callbacks);
    if (!settings->domain)
        return "domain";
    if (!callbacks->now)
        return "now";
    if (!callbacks->random)
        return "random";
    if (settings->secret && (settings->secret_n < 16 || settings->secret_n > 1024))
        return "secret_n";
    if (settings->occupant_ids && !settings->secret)
        return "secret";
    return mu_settings_problem(settings, callbacks);
}

/* ---- options ---------------------------------------------------------------------------------------------------- */

static int64_t no_time(void *ud)
{
    (void)ud;
    return 0;
}

static int no_random(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    memset(bytes, 0, n);
    return 0;
}

/* What the host's own preparation would say is not known here. */
static int keep(muc_prep_part part, muc_prep_purpose purpose, const char *in, char *out, size_t size, void *ud)
{
    (void)part, (void)purpose, (void)ud;
    size_t n = strlen(in);
    if (n >= size)
        return -1;
    memcpy(out, in, n + 1);
    return (int)n;
}

/* What depends on the table of all options is tried on a service that has them. */
static const char *problem_of_options(const muc_settings *t)
{
    muc_callbacks callbacks;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.now = no_time;
    callbacks.random = no_random;
    callbacks.prep = keep;
    muc_settings settings = *t;
    settings.room_default_count = 0;
    settings.evict_after = 0;
    muc_service *service;
    int r = muc_service_new(&service, &settings, &callbacks, NULL, NULL);
    if (r)
        return r == MUC_ERR_INVALID ? "features" : NULL;
    const char *problem = NULL;
    settings.room_default_count = 1;
    for (size_t i = 0; i < t->room_default_count && !problem; i++) {
        settings.room_defaults = &t->room_defaults[i];
        if (muc_service_configure(service, &settings) == MUC_ERR_INVALID)
            problem = settings.room_defaults->name ? settings.room_defaults->name : "room_defaults";
    }
    muc_service_free(service);
    return problem;
}

const char *muc_settings_problem(const muc_settings *settings, const muc_callbacks *callbacks)
{
    muc_settings t;
    muc_callbacks c;
    const char *problem = mu_arguments_take(&t, settings, &c, callbacks);
    return problem ? problem : problem_of_options(&t);
}
