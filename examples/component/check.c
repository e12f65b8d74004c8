/* check.c: what was given is tried out, value by value, so that each mistake is told with its place.
 *
 * Whether the library takes a number, an option or an address it says itself: a service is made with each alone. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "check.h"
#include "exits.h"
#include "numbers.h"
#include "shared/load.h"

enum { LEASE = 5, LONGEST_LEASE = 3600 }; /* seconds */
enum { QUEUED = 8388608, SENT = 524288, LEAST = 65536, LONGEST_SECRET = 4096 };

/* ---- mistakes --------------------------------------------------------------------------------------------------- */

/* Of the command line or of the file. */
static int wrong(const config_item *item, const char *why)
{
    log_error("%s: %s: %s", item->where, item->value, why);
    return strncmp(item->where, "--", 2) == 0 || strcmp(item->where, "the command line") == 0 ? EXIT_USAGE
                                                                                              : EXIT_CONFIG;
}

static int missing(const struct config *c, const char *what)
{
    log_error("%s", what);
    return c->file.value ? EXIT_CONFIG : EXIT_USAGE;
}

/* ---- what the library says -------------------------------------------------------------------------------------- */

static int64_t no_time(void *ud)
{
    (void)ud;
    return 0;
}

static int some_bytes(uint8_t *bytes, size_t n, void *ud)
{
    (void)ud;
    return getrandom(bytes, n, 0) == (ssize_t)n ? 0 : -1;
}

static int no_room(muc_service *service, const char *jid, void *ud)
{
    (void)service;
    (void)jid;
    (void)ud;
    return MUC_ROOM_UNKNOWN;
}

static int try(const muc_settings *settings, muc_service **out)
{
    muc_callbacks callbacks;
    muc_callbacks_init(&callbacks, sizeof callbacks);
    callbacks.now = no_time;
    callbacks.random = some_bytes;
    callbacks.room_wanted = no_room;
    return muc_service_new(out, settings, &callbacks, NULL, NULL);
}

static int try_only(const muc_settings *settings)
{
    muc_service *service = NULL;
    int r = try(settings, &service);
    muc_service_free(service);
    return r;
}

/* ---- names and values ------------------------------------------------------------------------------------------- */

/* NAME=VALUE becomes two texts, the second behind the first. */
static char *split(const config_item *item)
{
    char *equals = strchr(item->value, '=');
    if (!equals || equals == item->value)
        return NULL;
    *equals = 0;
    return equals + 1;
}

static char *value_of(const config_item *item)
{
    return item->value + strlen(item->value) + 1;
}

static int check_numbers(const struct config *c, const muc_settings *plain)
{
    int r = 0;
    for (size_t i = 0; i < c->settings.count; i++) {
        const config_item *item = &c->settings.item[i];
        muc_settings settings = *plain;
        const char *value = split(item);
        const char *why = value ? numbers_set(&settings, item->value, value) : "it is to be NAME=NUMBER";
        if (!why && try_only(&settings) == MUC_ERR_INVALID)
            why = "the service does not take this number (muc/service.h says what it takes)";
        if (why)
            r = wrong(item, why);
    }
    return r;
}

static int check_options(const struct config *c, const muc_settings *plain, const muc_service *service)
{
    int r = 0;
    for (size_t i = 0; i < c->options.count; i++) {
        const config_item *item = &c->options.item[i];
        muc_settings settings = *plain;
        muc_option_value setting = {NULL, split(item)};
        setting.name = item->value;
        settings.room_defaults = &setting;
        settings.room_default_count = 1;
        if (!setting.value)
            r = wrong(item, "it is to be NAME=VALUE");
        else if (!muc_option_find(service, item->value))
            r = wrong(item, "rooms have no option of that name; muc-scs --options shows those there are");
        else if (try_only(&settings) == MUC_ERR_INVALID)
            r = wrong(item, "the option does not take this value; muc-scs --options shows what it takes");
    }
    return r;
}

static int check_admins(struct config *c, muc_service *service)
{
    int r = 0;
    for (size_t i = 0; i < c->admins.count; i++) {
        config_item *item = &c->admins.item[i];
        char jid[3072], *copy;
        int n = strchr(item->value, '/') ? MUC_ERR_BAD_JID : muc_service_prepare(service, item->value, jid, sizeof jid);
        if (n < 0 || (size_t)n >= sizeof jid) {
            r = wrong(item, "this is no address of a user: name@example.org");
        } else if ((copy = strdup(jid)) != NULL) {
            free(item->value);
            item->value = copy;
        }
    }
    return r;
}

/* ---- the rest --------------------------------------------------------------------------------------------------- */

/* HOST, HOST:PORT, [ADDRESS]:PORT. */
static int check_server(struct config *c)
{
    const char *text = c->server.value ? c->server.value : "localhost", *end, *host = text;
    size_t n;
    if (*text == '[') {
        host = text + 1;
        n = strcspn(host, "]");
        end = host[n] ? host + n + 1 : NULL;
    } else {
        n = strcspn(text, ":");
        end = text + n;
    }
    const char *port = end && *end == ':' ? end + 1 : "5347";
    char *rest;
    long number = strtol(port, &rest, 10);
    if (!n || !end || (*end && *end != ':') || *rest || rest == port || number < 1 || number > 65535)
        return wrong(&c->server, "it is to be HOST:PORT, or [ADDRESS]:PORT");
    c->host = strndup(host, n);
    c->port = strdup(port);
    return c->host && c->port ? 0 : EXIT_SOFTWARE;
}

static int check_bytes(const config_item *item, size_t standard, size_t *out)
{
    char *end;
    errno = 0;
    unsigned long long n = item->value ? strtoull(item->value, &end, 10) : standard;
    if (item->value && (end == item->value || *end || errno || n < LEAST || n > SIZE_MAX / 2))
        return wrong(item, "it is to be a number of bytes, 65536 at least");
    *out = (size_t)n;
    return 0;
}

static int check_seconds(const config_item *item, int64_t standard, int64_t *milliseconds)
{
    char *end = NULL;
    long n = item->value ? strtol(item->value, &end, 10) : (long)standard;
    if (item->value && (end == item->value || *end || n < 1 || n > LONGEST_LEASE))
        return wrong(item, "it is to be a number of seconds, 1 to 3600");
    *milliseconds = n * 1000;
    return 0;
}

static int check_plain(struct config *c)
{
    int r[] = {0,
               check_server(c),
               check_bytes(&c->max_queued, QUEUED, &c->queued),
               check_bytes(&c->max_sent, SENT, &c->sent),
               check_seconds(&c->lease, LEASE, &c->lease_ms),
               check_seconds(&c->standby, 0, &c->standby_ms),
               0};
    if (c->log_level.value && !log_level_from_name(c->log_level.value, &c->level))
        r[0] = wrong(&c->log_level, "there is no such level: error, warning, info, debug");
    if (!c->secret_file.value)
        r[6] = missing(
            c, "which secret? --secret-file FILE names the file that holds the one of the server's configuration");
    for (size_t i = 0; i < sizeof r / sizeof r[0]; i++)
        if (r[i])
            return r[i];
    return 0;
}

/* Once: what is loaded stays for the life of the program. */
static int check_objects(const struct config *c)
{
    if (loaded_features())
        return 0;
    for (size_t i = 0; i < c->objects.count; i++) {
        const char *why = load_features(c->objects.item[i].value);
        if (why) {
            log_error("%s: there are no features in %s: %s", c->objects.item[i].where, c->objects.item[i].value, why);
            return EXIT_CONFIG;
        }
    }
    return 0;
}

int config_check(struct config *c)
{
    if (!c->domain.value)
        return missing(c, "which domain? It is the first argument of the command line, or `domain = ` in the file");
    int plain = check_plain(c), objects = check_objects(c);
    muc_settings settings;
    muc_settings_init(&settings, sizeof settings);
    settings.extra_features = loaded_features();
    settings.domain = c->domain.value;
    muc_service *service;
    int r = strpbrk(c->domain.value, "@/'\"<>& ") ? MUC_ERR_BAD_JID : try(&settings, &service);
    if (r == MUC_ERR_NOMEM || r == MUC_ERR_HOST)
        return EXIT_SOFTWARE;
    if (r < 0)
        return wrong(&c->domain, "this is no domain: rooms.example.org");
    int numbers = check_numbers(c, &settings), options = check_options(c, &settings, service);
    int admins = check_admins(c, service);
    muc_service_free(service);
    return plain ? plain : objects ? objects : numbers ? numbers : options ? options : admins;
}

/* ---- what it says ----------------------------------------------------------------------------------------------- */

int config_apply(const struct config *c, muc_settings *settings, muc_option_value **defaults)
{
    settings->domain = c->domain.value;
    if (c->name.value)
        settings->name = c->name.value;
    /* What a service that stands alone can say about itself, and what its server says about who has gone. */
    settings->occupant_ids = 1;
    settings->stanza_ids = 1;
    settings->unavailable_is_gone = 1;
    for (size_t i = 0; i < c->settings.count; i++)
        (void)numbers_set(settings, c->settings.item[i].value, value_of(&c->settings.item[i]));
    *defaults = calloc(c->options.count + 1, sizeof **defaults);
    if (!*defaults)
        return -1;
    for (size_t i = 0; i < c->options.count; i++)
        (*defaults)[i] = (muc_option_value){c->options.item[i].value, value_of(&c->options.item[i])};
    settings->room_defaults = *defaults;
    settings->room_default_count = c->options.count;
    return 0;
}

char *config_secret(const struct config *c)
{
    const char *path = c->secret_file.value;
    struct stat st;
    char *secret = calloc(1, LONGEST_SECRET);
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t n = secret && fd >= 0 ? read(fd, secret, LONGEST_SECRET - 1) : -1;
    if (n < 0)
        log_error("%s: the secret cannot be read: %s", path, strerror(errno));
    else if (fstat(fd, &st) == 0 && (st.st_mode & S_IROTH))
        log_warning("%s: everybody on this machine may read the secret; type: chmod o-r %s", path, path);
    if (fd >= 0)
        close(fd);
    while (n > 0 && (secret[n - 1] == '\n' || secret[n - 1] == '\r'))
        secret[--n] = 0;
    if (n > 0 && strcspn(secret, "\r\n") == (size_t)n && n < LONGEST_SECRET - 1)
        return secret;
    if (n >= 0)
        log_error("%s: there is no secret in it: it is to be a line of text", path);
    free(secret);
    return NULL;
}
