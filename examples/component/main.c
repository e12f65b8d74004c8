/* main.c: muc-component, a multi-user chat service for any XMPP server: signals, and how it ends. */
#include <event2/event.h>
#include <libxml/parser.h>
#include <signal.h>
#include <stdlib.h>

#include "exits.h"
#include "log.h"
#include "service.h"
#include "shared/load.h"

static char **arguments;

/* The second one waits for neither disk nor server; the third one, while the store is being closed, ends it anyhow. */
static void on_stop(evutil_socket_t signal_number, short what, void *ud)
{
    struct component *c = ud;
    (void)what;
    log_info("ending, by signal %d", (int)signal_number);
    if (c->ending)
        component_leave(c);
    else
        component_end(c, EXIT_SAVED);
}

static void on_reload(evutil_socket_t signal_number, short what, void *ud)
{
    struct component *c = ud;
    (void)signal_number;
    (void)what;
    struct config next;
    if (c->ending)
        return;
    if (config_read(&next, arguments) == 0 && component_configure(c, &next) == 0) {
        log_set_level(c->config.level);
        log_info("the configuration has been read again");
    } else {
        log_error("everything stays as it was");
    }
    config_free(&next);
}

static const struct {
    int number;
    event_callback_fn fn;
} signals[] = {{SIGTERM, on_stop}, {SIGINT, on_stop}, {SIGHUP, on_reload}};
enum { SIGNALS = sizeof signals / sizeof signals[0] };

static int run(struct component *c)
{
    struct event *event[SIGNALS] = {NULL};
    int r = component_open(c);
    for (size_t i = 0; r == 0 && i < SIGNALS; i++) {
        event[i] = evsignal_new(c->base, signals[i].number, signals[i].fn, c);
        if (!event[i] || evsignal_add(event[i], NULL) < 0)
            r = EXIT_SOFTWARE;
    }
    if (r == 0) {
        component_start(c);
        event_base_dispatch(c->base);
        r = c->status;
    }
    for (size_t i = 0; i < SIGNALS; i++)
        if (event[i])
            event_free(event[i]);
    component_close(c);
    return r;
}

int main(int argc, char **argv)
{
    struct component c = {.base = NULL};
    (void)argc;
    arguments = argv;
    signal(SIGPIPE, SIG_IGN);
    signal(SIGHUP, SIG_IGN);  /* until it can be dealt with, and at the end */
    signal(SIGXFSZ, SIG_IGN); /* a file that is too large is a full disk */
    xmlInitParser();
    int r = config_read(&c.config, argv);
    if (r == 0) {
        log_set_level(c.config.level);
        c.base = event_base_new();
        r = c.base ? run(&c) : EXIT_SOFTWARE;
        event_base_free(c.base);
    }
    config_free(&c.config);
    unload_features();
    xmlCleanupParser();
    libevent_global_shutdown();
    return r == CONFIG_ANSWERED ? EXIT_SUCCESS : r;
}
