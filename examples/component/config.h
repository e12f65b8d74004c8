/* config.h: how the program is set up: by its command line and by a file of `name = value` lines, which are one. */
#ifndef COMPONENT_CONFIG_H
#define COMPONENT_CONFIG_H

#include <muc/muc.h>
#include <stddef.h>

#include "log.h"

/** One value and where it was given, for messages: "FILE:LINE" or "--NAME". */
typedef struct config_item {
    char *value, *where;
} config_item;

/** Several of them. */
typedef struct config_list {
    config_item *item;
    size_t count;
} config_list;

/** A configuration. Texts are NULL when they were not given. */
struct config {
    config_item domain, server, secret_file, db, name, file, log_level, lease, standby, max_queued, max_sent;
    config_list admins; /* prepared bare JIDs once it has been checked */
    config_list options, settings, objects;
    int once;
    /* What the texts mean, once it has been checked. */
    char *host, *port;
    log_level level;
    size_t queued, sent;
    int64_t lease_ms, standby_ms; /* standby_ms: 0: it does not stand by */
};

/** config_read(): --help or --version was answered. */
enum { CONFIG_ANSWERED = -1 };

/** Reads command line and file, and checks everything. 0; CONFIG_ANSWERED; else what the program
 * ends with: every mistake has been logged. `out` is to be freed in every case. */
int config_read(struct config *out, char **argv);
/** Fills in what the configuration says of the service. The strings are the configuration's; *defaults is to be freed
 * after the service has been made or configured. 0, or -1: no memory. */
int config_apply(const struct config *c, muc_settings *settings, muc_option_value **defaults);
/** The secret that it names, without line end; to be freed. NULL: it cannot be read, which has been logged. */
char *config_secret(const struct config *c);
/** Frees what is in it. */
void config_free(struct config *c);

#endif
